#include "viewer/presentation_state_model.h"

#include "core/log.h"
#include "imaging/presentation.h"
#include "jobs/jobs.h"

#include <algorithm>

namespace yz {

namespace {

constexpr int readPriority = 45; // after the current study's pictures, before the prior's
constexpr qsizetype keptPresented = 2048;

bool isPresentationState(const SopClassUid& sopClass) {
    // Grayscale, colour and pseudo-colour softcopy presentation states (PS3.4 B.5).
    static const QSet<QString> classes{QStringLiteral("1.2.840.10008.5.1.4.1.1.11.1"),
                                       QStringLiteral("1.2.840.10008.5.1.4.1.1.11.2"),
                                       QStringLiteral("1.2.840.10008.5.1.4.1.1.11.3")};
    return classes.contains(sopClass.value());
}

} // namespace

PresentationStateModel::PresentationStateModel(std::shared_ptr<PixelSource> source, QObject* parent)
    : QObject(parent), m_source(std::move(source)) {}

PresentationStateModel::~PresentationStateModel() { m_token.cancel(); }

void PresentationStateModel::clear() {
    m_token.cancel();
    m_token = CancelToken();
    m_states.clear();
    m_known.clear();
    m_presented.clear();
}

void PresentationStateModel::add(const InstanceRecord& instance) {
    if (!isPresentationState(instance.sopClass) || m_known.contains(instance.instance))
        return;
    m_known.insert(instance.instance);
    const CancelToken token = m_token;
    auto future = jobs::start(
        jobs::Lane::Decode,
        [source = m_source, path = instance.path, token]() -> Result<PresentationStatePtr> {
            if (token.isCancelled())
                return fail(ErrorCode::Cancelled);
            return source->presentationState(path);
        },
        token, readPriority);
    jobs::whenDone(std::move(future), this, [this, token](const Result<PresentationStatePtr>& state) {
        if (token.isCancelled())
            return;
        if (!state) {
            qCWarning(logViewer).noquote() << "presentation state not offered:" << state.error().toString();
            return;
        }
        m_states.push_back(*state);
        std::stable_sort(
            m_states.begin(), m_states.end(),
            [](const PresentationStatePtr& a, const PresentationStatePtr& b) { return a->label < b->label; });
        Q_EMIT changed();
    });
}

PresentationStatePtr PresentationStateModel::find(const InstanceUid& uid) const {
    const auto found = std::find_if(m_states.begin(), m_states.end(),
                                    [&](const PresentationStatePtr& state) { return state->instance == uid; });
    return found == m_states.end() ? nullptr : *found;
}

std::vector<PresentationStatePtr> PresentationStateModel::statesOf(const InstanceUid& image, int frame) const {
    std::vector<PresentationStatePtr> states;
    for (const PresentationStatePtr& state : m_states)
        if (state->covers(image, frame))
            states.push_back(state);
    return states;
}

ImageDescriptionPtr PresentationStateModel::presented(const ImageDescriptionPtr& image,
                                                      const PresentationState& state) {
    const auto key = std::pair(state.instance, image->instance);
    const auto known = m_presented.constFind(key);
    if (known != m_presented.constEnd() && known->image.lock() == image)
        return known->result;
    const Result<ImageDescriptionPtr> made = presentedBy(*image, state);
    if (!made) {
        qCWarning(logViewer).noquote() << "presentation state not applied:" << made.error().toString();
        return image;
    }
    if (m_presented.size() >= keptPresented)
        m_presented.clear();
    m_presented.insert(key, {image, *made});
    return *made;
}

} // namespace yz
