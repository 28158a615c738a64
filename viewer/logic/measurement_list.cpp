#include "viewer/measurement_list.h"

#include <QJsonObject>
#include <algorithm>
#include <utility>

namespace yz {

namespace {
constexpr size_t undoDepth = 200;
} // namespace

const Measurement* MeasurementList::find(const QString& id) const {
    const auto found = std::find_if(m_items.begin(), m_items.end(), [&](const Measurement& m) { return m.id == id; });
    return found == m_items.end() ? nullptr : &*found;
}

void MeasurementList::remember() {
    m_undo.push_back(m_items);
    if (m_undo.size() > undoDepth)
        m_undo.erase(m_undo.begin());
    m_redo.clear();
}

QString MeasurementList::newId() {
    QString id;
    do
        id = QStringLiteral("m%1").arg(m_nextId++);
    while (find(id));
    return id;
}

QString MeasurementList::add(Measurement measurement) {
    remember();
    if (measurement.id.isEmpty() || find(measurement.id))
        measurement.id = newId();
    if (measurement.trackingUid.isEmpty())
        measurement.trackingUid = m_uids.next();
    if (measurement.kind == MeasurementKind::VolumeContour && measurement.group.isEmpty()) {
        const auto sibling = std::find_if(m_items.begin(), m_items.end(), [&](const Measurement& m) {
            return m.group == m_openVolume && !m.group.isEmpty() && m.series == measurement.series &&
                   m.patientPoints.empty() == measurement.patientPoints.empty();
        });
        if (sibling != m_items.end()) {
            measurement.group = sibling->group;
            measurement.label = sibling->label;
        } else {
            measurement.group = m_uids.next();
        }
    }
    const QString id = measurement.id;
    m_items.push_back(std::move(measurement));
    select(id);
    Q_EMIT changed();
    Q_EMIT settled();
    return id;
}

void MeasurementList::change(const Measurement& measurement, bool merge) {
    const auto found =
        std::find_if(m_items.begin(), m_items.end(), [&](const Measurement& m) { return m.id == measurement.id; });
    if (found == m_items.end() || *found == measurement)
        return;
    if (!merge)
        remember();
    *found = measurement;
    Q_EMIT changed();
}

void MeasurementList::settle() { Q_EMIT settled(); }

void MeasurementList::rename(const QString& id, const QString& label) {
    const Measurement* found = find(id);
    const QString text = label.simplified().left(maximumLabel);
    if (!found || found->label == text)
        return;
    remember();
    const QString group = found->group;
    for (Measurement& measurement : m_items) // a volume has one name
        if (measurement.id == id || (!group.isEmpty() && measurement.group == group))
            measurement.label = text;
    Q_EMIT changed();
    Q_EMIT settled();
}

void MeasurementList::select(const QString& id) {
    const Measurement* found = find(id);
    if (found && found->kind == MeasurementKind::VolumeContour)
        m_openVolume = found->group;
    if (m_selected == id)
        return;
    m_selected = id;
    Q_EMIT selectionChanged();
}

QString MeasurementList::neighbour(int direction) const {
    if (m_items.empty())
        return {};
    const auto count = static_cast<int>(m_items.size());
    const auto found =
        std::find_if(m_items.begin(), m_items.end(), [&](const Measurement& m) { return m.id == m_selected; });
    int next = direction > 0 ? 0 : count - 1;
    if (found != m_items.end())
        next = (static_cast<int>(found - m_items.begin()) + direction + count) % count;
    return m_items[static_cast<size_t>(next)].id;
}

void MeasurementList::remove(const QString& id) {
    if (!find(id))
        return;
    remember();
    std::erase_if(m_items, [&](const Measurement& m) { return m.id == id; });
    if (m_selected == id)
        select({});
    Q_EMIT changed();
    Q_EMIT settled();
}

void MeasurementList::removeGroup(const QString& group) {
    const auto isOf = [&](const Measurement& m) { return m.group == group; };
    if (group.isEmpty() || std::none_of(m_items.begin(), m_items.end(), isOf))
        return;
    remember();
    std::erase_if(m_items, isOf);
    if (!find(m_selected))
        select({});
    Q_EMIT changed();
    Q_EMIT settled();
}

void MeasurementList::removeAll() {
    if (m_items.empty())
        return;
    remember();
    m_items.clear();
    select({});
    Q_EMIT changed();
    Q_EMIT settled();
}

void MeasurementList::undo() {
    if (m_undo.empty())
        return;
    m_redo.push_back(std::exchange(m_items, std::move(m_undo.back())));
    m_undo.pop_back();
    Q_EMIT changed();
    Q_EMIT settled();
}

void MeasurementList::redo() {
    if (m_redo.empty())
        return;
    m_undo.push_back(std::exchange(m_items, std::move(m_redo.back())));
    m_redo.pop_back();
    Q_EMIT changed();
    Q_EMIT settled();
}

QJsonArray MeasurementList::toJson() const {
    QJsonArray array;
    for (const Measurement& measurement : m_items)
        array.append(yz::toJson(measurement));
    return array;
}

void MeasurementList::load(const QJsonArray& json) {
    m_items.clear();
    m_undo.clear();
    m_redo.clear();
    for (const QJsonValue& value : json) {
        Measurement measurement = measurementFromJson(value.toObject());
        if (measurement.trackingUid.isEmpty()) // of a draft from before there were any
            measurement.trackingUid = m_uids.next();
        m_items.push_back(std::move(measurement));
    }
    m_nextId = 1;
    m_openVolume.clear();
    select({});
    Q_EMIT changed();
}

} // namespace yz
