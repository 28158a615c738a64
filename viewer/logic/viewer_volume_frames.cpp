#include "viewer/viewer_controller.h"

#include "core/log.h"
#include "imaging/volume_load.h"
#include "jobs/jobs.h"

#include <algorithm>

// Where a volume gets its slices from, and what it gives back: a stack that became a volume is in memory once.
namespace yz {

namespace {

constexpr size_t framesKeptAtMost = 24; ///< made from a volume's slices: those on the screen and a few around
constexpr double cachedShare = 0.25;    ///< decoded frames from which on a volume is filled by them

} // namespace

bool ViewerController::loadsWhole(const Stack& stack) const {
    const LoadedSeries* series = m_studies.series(stack.frames.front().image->series);
    if (m_retrieving || !series || series->waiting > 0)
        return false;
    size_t cached = 0;
    for (const FrameRef& frame : stack.frames) {
        // A slow codec: planes that grow slice by slice are better than none for seconds.
        if (frame.image->decodesReduced || m_loader.error(keyOf(frame)) ||
            m_studies.pathOf(frame.image->instance).isEmpty())
            return false;
        cached += m_loader.has(keyOf(frame)) ? 1 : 0;
    }
    return static_cast<double>(cached) < static_cast<double>(stack.frames.size()) * cachedShare;
}

void ViewerController::loadWhole(const StackKey& key, VolumeBuilder& builder) {
    QHash<InstanceUid, QString> paths;
    for (const FrameRef& frame : builder.stack().frames)
        paths.insert(frame.image->instance, m_studies.pathOf(frame.image->instance));
    builder.setLoading(true);
    const CancelToken token = builder.token();
    auto future = jobs::start(
        jobs::Lane::Compute,
        [stack = builder.stack(), source = m_pixels, paths = std::move(paths), token] {
            return loadVolume(
                stack, *source, [&paths](const InstanceUid& instance) { return paths.value(instance); }, 0, token);
        },
        token);
    jobs::whenDone(std::move(future), this, [this, key, token](const Result<std::shared_ptr<Volume>>& volume) {
        const auto found = m_volumes.find(key);
        if (token.isCancelled() || found == m_volumes.end())
            return;
        found->second->setLoading(false);
        if (volume) {
            found->second->adopt(*volume);
            releaseFrames(*found->second);
        } else { // frame by frame it shows what there is, and says which are broken
            qCWarning(logViewer).noquote() << "volume:" << volume.error().toString();
        }
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            if (usesVolume(m_state.viewports[i], key) || m_state.viewports[i].stack == key)
                Q_EMIT viewportChanged(static_cast<int>(i));
        Q_EMIT seriesProgressed(key.series);
        schedulePlan();
    });
}

void ViewerController::releaseFrames(const VolumeBuilder& builder) {
    for (int i = 0; i < static_cast<int>(builder.stack().frames.size()); ++i)
        if (builder.gives(i))
            m_loader.drop(keyOf(builder.stack().frames[static_cast<size_t>(i)]));
}

const VolumeBuilder* ViewerController::giverOf(const FrameKey& key, int& frame) const {
    for (const auto& [stack, builder] : m_volumes) {
        frame = builder->frameIndex(key);
        if (frame >= 0 && builder->gives(frame))
            return builder.get();
    }
    return nullptr;
}

bool ViewerController::hasFrame(const FrameKey& key) const {
    int frame = 0;
    return m_loader.has(key) || giverOf(key, frame) != nullptr;
}

PixelBufferPtr ViewerController::findFrame(const FrameKey& key) {
    if (PixelBufferPtr pixels = m_loader.find(key))
        return pixels;
    int frame = 0;
    const VolumeBuilder* giver = giverOf(key, frame);
    if (!giver)
        return {};
    const auto kept = std::find_if(m_given.begin(), m_given.end(), [&](const auto& own) { return own.first == key; });
    if (kept != m_given.end()) {
        m_given.splice(m_given.begin(), m_given, kept);
        return kept->second;
    }
    PixelBufferPtr pixels = frameOf(giver->volume(), giver->stack(), frame);
    if (pixels) {
        m_given.emplace_front(key, pixels);
        if (m_given.size() > framesKeptAtMost)
            m_given.pop_back();
    }
    return pixels;
}

} // namespace yz
