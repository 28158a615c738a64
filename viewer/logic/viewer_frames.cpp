#include "viewer/viewer_controller.h"

#include <algorithm>

// Frames: what is asked for, in which order, and what of it a viewport shows.
namespace yz {

namespace {

constexpr int framesAhead = 12, framesBehind = 4;
constexpr double cacheShare = 0.9; // of the cache that may be asked for, so that new frames do not push out wanted ones

qint64 bytesOf(const ImageDescription& image) {
    return qint64{image.columns} * image.rows * image.samplesPerPixel * bytesPerSample(image.sampleType());
}

/// How often a first picture is halved; 0: none, the frame itself comes as quickly. A 512 x 512 slice becomes 128 x
/// 128: a ninth of the time (docs/BENCHMARKS.md), enough to find one's way.
int firstReduction(const ImageDescription& image) {
    const int longer = std::max(image.columns, image.rows);
    if (!image.decodesReduced || longer <= 128)
        return 0;
    return longer <= 256 ? 1 : longer <= 1024 ? 2 : 3;
}

} // namespace

ShownFrame ViewerController::shownFrame(ViewportState& viewport) {
    ShownFrame shown;
    const Stack* stack = m_studies.stack(viewport.stack);
    if (!stack || stack->frames.empty()) {
        const LoadedSeries* series = m_studies.series(viewport.stack.series);
        if (series && series->waiting == 0 && !series->refused.empty())
            shown.error = series->refused.front().error;
        return shown;
    }
    shown.count = static_cast<int>(stack->frames.size());
    shown.index = std::clamp(viewport.index, 0, shown.count - 1);
    const FrameRef& ref = stack->frames[static_cast<size_t>(shown.index)];
    shown.image = ref.image;
    shown.frame = ref.frame;
    shown.pixels = findFrame(keyOf(ref));
    if (!shown.pixels) {
        if (const Error* error = m_loader.error(keyOf(ref))) {
            shown.error = *error;
            return shown;
        }
        shown.reduced = m_loader.findReduced(keyOf(ref));
        const int reduction = firstReduction(*ref.image);
        // The newest wish goes first: the first picture before the frame itself.
        if (reduction == 0 || !m_refineTimer.isActive())
            m_loader.wantNow(request(ref));
        if (reduction > 0 && !shown.reduced)
            m_loader.wantNow(request(ref, reduction));
    }
    return shown;
}

void ViewerController::holdRefinement() { m_refineTimer.start(); }

void ViewerController::refine() {
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        if (m_state.viewports[i].content == ViewportState::Content::Stack && !hasFrame(m_state.viewports[i].anchor))
            Q_EMIT viewportChanged(static_cast<int>(i));
}

void ViewerController::setServerPreview(const PreviewPtr& preview) {
    const bool isOpenElse = !m_studies.studies().empty() && (!preview || !m_studies.study(preview->study));
    m_serverPreview = isOpenElse || !preview || !preview->pixels ? nullptr : preview;
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        Q_EMIT viewportChanged(static_cast<int>(i));
}

bool ViewerController::belongsTo(int index, const ShownFrame& frame, const Preview& preview) const {
    const ViewportState& viewport = m_state.viewports[static_cast<size_t>(index)];
    if (viewport.content == ViewportState::Content::Empty)
        return index == 0 && m_studies.studies().empty();
    const LoadedSeries* series = m_studies.series(viewport.stack.series);
    if (viewport.content != ViewportState::Content::Stack || !series || series->study != preview.study ||
        viewport.stack.series != preview.series)
        return false;
    // Before the header of its first image is read a viewport stands nowhere yet.
    return frame.image ? frame.image->instance == preview.instance : frame.count == 0;
}

std::vector<SeriesUid> ViewerController::shownSeries() const {
    std::vector<SeriesUid> series;
    const auto note = [&](const ViewportState& viewport) {
        const SeriesUid& uid = viewport.stack.series;
        if (viewport.content != ViewportState::Content::Empty && !uid.isEmpty() &&
            std::find(series.begin(), series.end(), uid) == series.end())
            series.push_back(uid);
    };
    if (const ViewportState* active = viewport(m_state.active))
        note(*active);
    std::for_each(m_state.viewports.begin(), m_state.viewports.end(), note);
    return series;
}

ShownFrame ViewerController::preview(const StackKey& key) {
    ShownFrame shown;
    const Stack* stack = m_studies.stack(key);
    if (!stack || stack->frames.empty())
        return shown;
    shown.count = static_cast<int>(stack->frames.size());
    shown.index = initialIndex(*stack);
    const FrameRef& ref = stack->frames[static_cast<size_t>(shown.index)];
    shown.image = ref.image;
    shown.frame = ref.frame;
    shown.pixels = findFrame(keyOf(ref));
    if (!shown.pixels) {
        shown.reduced = m_loader.findReduced(keyOf(ref));
        if (const Error* error = m_loader.error(keyOf(ref))) {
            shown.error = *error;
            shown.reduced.reset();
        } else if (!shown.reduced && std::find(m_previews.begin(), m_previews.end(), key) == m_previews.end()) {
            m_previews.push_back(key);
            schedulePlan();
        }
    }
    return shown;
}

FrameRequest ViewerController::request(const FrameRef& frame, int reduction) const {
    return {keyOf(frame), m_studies.pathOf(frame.image->instance), reduction};
}

void ViewerController::onFrameReady(const FrameKey& key, const PixelBufferPtr& pixels) {
    for (auto& [stack, builder] : m_volumes) {
        if (builder->take(key, *pixels)) {
            if (builder->gives(builder->frameIndex(key)))
                m_loader.drop(key);
            for (size_t i = 0; i < m_state.viewports.size(); ++i)
                if (usesVolume(m_state.viewports[i], stack))
                    Q_EMIT viewportChanged(static_cast<int>(i));
        }
    }
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        if (m_state.viewports[i].content == ViewportState::Content::Stack && m_state.viewports[i].anchor == key)
            Q_EMIT viewportChanged(static_cast<int>(i));
    m_progressed.insert(m_studies.seriesOf(key.instance));
    if (!m_progressTimer.isActive())
        m_progressTimer.start();
}

void ViewerController::onFrameFailed(const FrameKey& key) {
    for (auto& [stack, builder] : m_volumes)
        builder->giveUp(key);
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        Q_EMIT viewportChanged(static_cast<int>(i));
    Q_EMIT seriesChanged(m_studies.seriesOf(key.instance));
}

void ViewerController::onReducedReady(const FrameKey& key) {
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        if (m_state.viewports[i].content == ViewportState::Content::Stack && m_state.viewports[i].anchor == key)
            Q_EMIT viewportChanged(static_cast<int>(i));
    m_progressed.insert(m_studies.seriesOf(key.instance));
    if (!m_progressTimer.isActive())
        m_progressTimer.start();
}

void ViewerController::schedulePlan() {
    if (!m_planTimer.isActive())
        m_planTimer.start();
}

void ViewerController::plan() {
    std::vector<FrameRequest> wishes;
    QSet<FrameKey> known;
    qint64 budget = static_cast<qint64>(static_cast<double>(m_loader.cacheBytes()) * cacheShare);
    const auto isGiven = [&](const FrameKey& key) { // or will be, by a volume that is being loaded
        int frame = 0;
        return giverOf(key, frame) != nullptr ||
               std::any_of(m_volumes.begin(), m_volumes.end(), [&](const auto& entry) {
                   return entry.second->isLoading() && entry.second->frameIndex(key) >= 0;
               });
    };
    const auto wish = [&](const FrameRef& ref, bool counted = true) {
        const FrameKey key = keyOf(ref);
        if (known.contains(key) || isGiven(key))
            return true;
        if (counted) {
            budget -= bytesOf(*ref.image);
            if (budget < 0)
                return false;
        }
        known.insert(key);
        wishes.push_back(request(ref));
        return true;
    };
    const auto wishFull = [&](const FrameRef& ref) { return wish(ref); };
    // First pictures have a cache of their own.
    qint64 reducedBudget = static_cast<qint64>(static_cast<double>(m_loader.reducedCacheBytes()) * cacheShare);
    QSet<FrameKey> knownReduced;
    const auto wishReduced = [&](const FrameRef& ref) {
        const int reduction = firstReduction(*ref.image);
        if (reduction == 0 || knownReduced.contains(keyOf(ref)) || isGiven(keyOf(ref)))
            return true;
        reducedBudget -= bytesOf(*ref.image) >> (2 * reduction);
        if (reducedBudget < 0)
            return false;
        knownReduced.insert(keyOf(ref));
        wishes.push_back(request(ref, reduction));
        return true;
    };
    const auto wishAround = [&](const Stack& stack, int center, int direction, int ahead, int behind,
                                const auto& wishOne) {
        const int last = static_cast<int>(stack.frames.size()) - 1;
        for (int distance = 0; distance <= std::max(ahead, behind); ++distance) {
            for (const int way : {direction, -direction}) {
                const int index = center + way * distance;
                if (distance > (way == direction ? ahead : behind) || index < 0 || index > last)
                    continue;
                if (!wishOne(stack.frames[static_cast<size_t>(index)]))
                    return;
            }
        }
    };
    const auto eachShown = [&](const auto& act) {
        for (size_t i = 0; i < m_state.viewports.size(); ++i) {
            const ViewportState& viewport = m_state.viewports[i];
            const Stack* stack = m_studies.stack(viewport.stack);
            if (viewport.content != ViewportState::Content::Empty && stack && !stack->frames.empty())
                act(viewport, *stack, m_directions[i]);
        }
    };
    // What is on the screen asks for itself (wantNow); thumbnails are few and come next.
    for (const StackKey& key : m_previews)
        if (const Stack* stack = m_studies.stack(key); stack && !stack->frames.empty()) {
            const FrameRef& ref = stack->frames[static_cast<size_t>(initialIndex(*stack))];
            if (firstReduction(*ref.image) > 0)
                wishReduced(ref);
            else
                wish(ref);
        }
    // Where a first picture costs a fraction of the frame, the whole stack can be scrolled before it is all there.
    eachShown([&](const ViewportState& viewport, const Stack& stack, int direction) {
        const int all = static_cast<int>(stack.frames.size());
        if (viewport.content == ViewportState::Content::Stack)
            wishAround(stack, viewport.index, direction, all, all, wishReduced);
    });
    eachShown([&](const ViewportState& viewport, const Stack& stack, int direction) {
        if (viewport.content == ViewportState::Content::Stack)
            wishAround(stack, viewport.index, direction, framesAhead, framesBehind, wishFull);
    });
    // A volume keeps its own copy: frames it still needs may pass through the cache.
    const auto wishVolume = [&](const StackKey& key) {
        if (const VolumeBuilder* builder = ensureVolume(key))
            for (const FrameRef& frame : builder->stack().frames)
                if (builder->needs(keyOf(frame)))
                    wish(frame, false);
    };
    eachShown([&](const ViewportState& viewport, const Stack&, int) {
        if (isCut(viewport.content) || viewport.content == ViewportState::Content::Volume)
            wishVolume(viewport.stack);
        if (viewport.fusion)
            wishVolume(viewport.fusion->overlay);
    });
    eachShown([&](const ViewportState& viewport, const Stack& stack, int direction) {
        const int all = static_cast<int>(stack.frames.size());
        if (viewport.content == ViewportState::Content::Stack)
            wishAround(stack, viewport.index, direction, all, all, wishFull);
    });
    for (const LoadedStudy& study : m_studies.studies()) {
        if (study.isPrior)
            continue;
        for (const SeriesUid& uid : study.series)
            if (const LoadedSeries* series = m_studies.series(uid))
                for (const Stack& stack : series->stacks)
                    for (const FrameRef& frame : stack.frames)
                        if (!wish(frame))
                            break;
    }
    m_loader.want(std::move(wishes));
    if (!m_volumes.empty())
        m_fillTimer.start(0);
}

int ViewerController::loadedFrames(const StackKey& key) const {
    const Stack* stack = m_studies.stack(key);
    if (!stack)
        return 0;
    std::array<quint64, 4> now{m_loader.changes(), m_stackChanges, m_volumes.size(), 0};
    for (const auto& [owner, builder] : m_volumes)
        now[3] += static_cast<quint64>(builder->revision());
    const auto [known, isNew] = m_loadedCounts.try_emplace(key);
    if (isNew || known->second.asOf != now)
        known->second = {
            now, static_cast<int>(std::count_if(stack->frames.begin(), stack->frames.end(),
                                                [&](const FrameRef& frame) { return hasFrame(keyOf(frame)); }))};
    return known->second.frames;
}

} // namespace yz
