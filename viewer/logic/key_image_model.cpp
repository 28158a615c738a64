#include "viewer/key_image_model.h"

#include "core/log.h"
#include "jobs/jobs.h"

#include <QJsonObject>
#include <algorithm>

namespace yz {

namespace {

constexpr int readPriority = 43; // after the structured reports

QJsonArray jsonOf(const std::vector<KeyObjectSelection::Item>& items) {
    QJsonArray array;
    for (const KeyObjectSelection::Item& item : items)
        array.append(QJsonObject{{QStringLiteral("series"), item.image.series.value()},
                                 {QStringLiteral("class"), item.image.object.sopClass.value()},
                                 {QStringLiteral("instance"), item.image.object.instance.value()},
                                 {QStringLiteral("frame"), item.image.frames.empty() ? 0 : item.image.frames.front()},
                                 {QStringLiteral("presentation"), item.presentation.value()}});
    return array;
}

std::vector<KeyObjectSelection::Item> itemsOf(const QJsonArray& array) {
    std::vector<KeyObjectSelection::Item> items;
    for (const QJsonValue& value : array)
        items.push_back({{SeriesUid(value[u"series"].toString()),
                          {SopClassUid(value[u"class"].toString()), InstanceUid(value[u"instance"].toString())},
                          {std::max(0, value[u"frame"].toInt())}},
                         InstanceUid(value[u"presentation"].toString())});
    return items;
}

} // namespace

KeyImageModel::KeyImageModel(const std::shared_ptr<PixelSource>& source, QObject* parent)
    : QObject(parent), m_source(std::dynamic_pointer_cast<KeyObjectSource>(source)) {}

KeyImageModel::~KeyImageModel() { m_token.cancel(); }

void KeyImageModel::clear() {
    m_token.cancel();
    m_token = CancelToken();
    m_selections.clear();
    m_marks.clear();
    m_saved.clear();
    m_known.clear();
}

void KeyImageModel::add(const InstanceRecord& instance) {
    if (!m_source || instance.sopClass != kKeyObjectClass || m_known.contains(instance.instance))
        return;
    m_known.insert(instance.instance);
    const CancelToken token = m_token;
    auto future = jobs::start(
        jobs::Lane::Decode,
        [source = m_source, path = instance.path, token]() -> Result<KeyObjectSelectionPtr> {
            if (token.isCancelled())
                return fail(ErrorCode::Cancelled);
            return source->keyObjects(path);
        },
        token, readPriority);
    jobs::whenDone(std::move(future), this, [this, token](const Result<KeyObjectSelectionPtr>& selection) {
        if (token.isCancelled())
            return;
        if (!selection) {
            qCWarning(logViewer).noquote() << "key object selection not shown:" << selection.error().toString();
            return;
        }
        m_selections.push_back(*selection);
        std::stable_sort(
            m_selections.begin(), m_selections.end(),
            [](const KeyObjectSelectionPtr& a, const KeyObjectSelectionPtr& b) { return a->created < b->created; });
        Q_EMIT changed();
    });
}

std::vector<KeyObjectSelectionPtr> KeyImageModel::selectionsOf(const InstanceUid& image, int frame) const {
    std::vector<KeyObjectSelectionPtr> found;
    for (const KeyObjectSelectionPtr& selection : m_selections)
        if (selection->covers(image, frame))
            found.push_back(selection);
    return found;
}

bool KeyImageModel::isMarked(const InstanceUid& image, int frame) const {
    return std::any_of(m_marks.begin(), m_marks.end(), [&](const KeyObjectSelection::Item& item) {
        return item.image.object.instance == image && item.image.frames.front() == frame;
    });
}

void KeyImageModel::mark(const KeyObjectSelection::Item& item, bool marked) {
    const int frame = item.image.frames.empty() ? 0 : item.image.frames.front();
    if (isMarked(item.image.object.instance, frame) == marked)
        return;
    if (marked) {
        m_marks.push_back(item);
        m_marks.back().image.frames = {frame};
    } else {
        std::erase_if(m_marks, [&](const KeyObjectSelection::Item& some) {
            return some.image.object.instance == item.image.object.instance && some.image.frames.front() == frame;
        });
    }
    Q_EMIT marksChanged();
    Q_EMIT changed();
}

void KeyImageModel::markSaved() {
    m_saved = m_marks;
    Q_EMIT marksChanged();
}

QJsonObject KeyImageModel::toJson() const {
    return {{QStringLiteral("marks"), jsonOf(m_marks)}, {QStringLiteral("saved"), jsonOf(m_saved)}};
}

void KeyImageModel::load(const QJsonObject& json) {
    m_marks = itemsOf(json[u"marks"].toArray());
    m_saved = itemsOf(json[u"saved"].toArray());
    Q_EMIT changed();
}

} // namespace yz
