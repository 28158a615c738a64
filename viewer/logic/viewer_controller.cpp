#include "viewer/viewer_controller.h"

#include <algorithm>
#include <cmath>

namespace yz {

namespace {

constexpr int planDelayMs = 10;
constexpr int progressIntervalMs = 120;
constexpr int framesAhead = 12, framesBehind = 4;
constexpr double cacheShare = 0.9; // of the cache that may be asked for, so that new frames do not push out wanted ones

qint64 bytesOf(const ImageDescription& image) {
    return qint64{image.columns} * image.rows * image.samplesPerPixel * bytesPerSample(image.sampleType());
}

FrameKey keyOf(const FrameRef& frame) { return {frame.image->instance, frame.frame}; }

int initialIndex(const Stack& stack) {
    const bool isCine = stack.frames.front().image->frameCount > 1 && !stack.sortedByGeometry;
    return isCine || stack.frames.size() < 3 ? 0 : static_cast<int>(stack.frames.size() / 2);
}

std::vector<IdentityDifference> compare(const Patient& expected, const Patient& found, bool inPrior) {
    std::vector<IdentityDifference> result;
    Patient expectedId, foundId;
    expectedId.id = expected.id;
    foundId.id = found.id;
    if (!isSamePatient(expectedId, foundId))
        result.push_back({IdentityDifference::Field::Id, expected.id.value(), found.id.value(), inPrior});
    Patient expectedName, foundName;
    expectedName.name = expected.name;
    foundName.name = found.name;
    if (!isSamePatient(expectedName, foundName))
        result.push_back({IdentityDifference::Field::Name, expected.name.display(), found.name.display(), inPrior});
    return result;
}

} // namespace

ViewerController::ViewerController(std::shared_ptr<PixelSource> pixels, std::vector<HangingProtocol> protocols,
                                   QObject* parent)
    : QObject(parent), m_pixels(pixels), m_protocols(std::move(protocols)), m_studies(pixels),
      m_loader(pixels, defaultCacheBytes), m_presentations(pixels) {
    setViewports({ViewportState{}});
    connect(&m_studies, &StudySet::stacksChanged, this, &ViewerController::onStacksChanged);
    connect(&m_presentations, &PresentationStateModel::changed, this, [this] {
        // A draft may name a state that was not read yet.
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            Q_EMIT viewportChanged(static_cast<int>(i));
        Q_EMIT stateChanged();
    });
    connect(&m_studies, &StudySet::seriesAdded, this, [this] { Q_EMIT seriesListChanged(); });
    connect(&m_studies, &StudySet::instanceRefused, this, [this](const SeriesUid& series) {
        checkIdentity();
        Q_EMIT seriesChanged(series);
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            if (m_state.viewports[i].stack.series == series)
                Q_EMIT viewportChanged(static_cast<int>(i));
    });
    connect(&m_studies, &StudySet::allRead, this, [this] {
        hang();
        schedulePlan();
    });
    connect(&m_loader, &FrameLoader::frameReady, this, &ViewerController::onFrameReady);
    connect(&m_loader, &FrameLoader::frameFailed, this, &ViewerController::onFrameFailed);
    connect(&m_measurements, &MeasurementList::changed, this, [this] {
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            Q_EMIT viewportChanged(static_cast<int>(i));
        Q_EMIT draftChanged();
    });
    m_planTimer.setSingleShot(true);
    m_planTimer.setInterval(planDelayMs);
    connect(&m_planTimer, &QTimer::timeout, this, &ViewerController::plan);
    connect(&m_cineTimer, &QTimer::timeout, this, &ViewerController::cineTick);
    m_fillTimer.setSingleShot(true);
    connect(&m_fillTimer, &QTimer::timeout, this, &ViewerController::fillVolumes);
    m_renewTimer.setSingleShot(true);
    m_renewTimer.setInterval(1500);
    connect(&m_renewTimer, &QTimer::timeout, this, &ViewerController::renewVolumes);
    m_progressTimer.setSingleShot(true);
    m_progressTimer.setInterval(progressIntervalMs);
    connect(&m_progressTimer, &QTimer::timeout, this, [this] {
        for (const SeriesUid& series : std::exchange(m_progressed, {}))
            Q_EMIT seriesProgressed(series);
    });
}

ViewerController::~ViewerController() = default;

void ViewerController::close() {
    m_loader.forget();
    m_studies.close();
    m_presentations.clear();
    m_volumes.clear();
    m_crosshairs.clear();
    m_grownVolumes.clear();
    m_seen.clear();
    m_seenToRestore.clear();
    m_previews.clear();
    m_beforeMpr.reset();
    m_hangingHeld = false;
    m_differences.clear();
    m_hasExpected = false;
    m_progress = {};
    m_retrieving = false;
    m_cineTimer.stop();
    m_measurements.load({});
    const ViewerTool tool = m_state.tool;
    m_state = ViewerState{};
    m_state.tool = tool;
    setViewports({ViewportState{}});
    Q_EMIT seriesListChanged();
    Q_EMIT layoutChanged();
    Q_EMIT stateChanged();
}

void ViewerController::open(const StudyRecord& current, const std::vector<StudyRecord>& priors) {
    close();
    m_studies.open(current, priors);
    const auto addStates = [this](const StudyRecord& study) {
        for (const SeriesRecord& series : study.series)
            for (const InstanceRecord& instance : series.instances)
                m_presentations.add(instance);
    };
    addStates(current);
    std::for_each(priors.begin(), priors.end(), addStates);
    Q_EMIT seriesListChanged();
    hang();
    checkIdentity();
}

void ViewerController::addInstance(const InstanceRecord& instance) {
    m_studies.addInstance(instance);
    m_presentations.add(instance);
}

void ViewerController::setRetrieveProgress(const RetrieveProgress& progress, bool running) {
    const bool ended = m_retrieving && !running;
    m_progress = progress;
    m_retrieving = running;
    if (ended)
        renewVolumes();
    Q_EMIT progressChanged();
}

void ViewerController::setCacheBytes(qint64 bytes) { m_loader.setCacheBytes(bytes); }

void ViewerController::setExpectedPatient(const Patient& patient) {
    m_expected = patient;
    m_hasExpected = true;
    checkIdentity();
}

void ViewerController::checkIdentity() {
    std::vector<IdentityDifference> found;
    const auto note = [&](const std::vector<IdentityDifference>& differences) {
        for (const IdentityDifference& difference : differences)
            if (std::find(found.begin(), found.end(), difference) == found.end())
                found.push_back(difference);
    };
    if (m_hasExpected) {
        for (const LoadedStudy& study : m_studies.studies()) {
            note(compare(m_expected, study.record.patient, study.isPrior));
            for (const SeriesUid& uid : study.series)
                if (const LoadedSeries* series = m_studies.series(uid))
                    for (const RefusedInstance& refused : series->refused)
                        if (refused.patient)
                            note(compare(m_expected, *refused.patient, study.isPrior));
        }
    }
    if (found == m_differences)
        return;
    m_differences = std::move(found);
    Q_EMIT stateChanged();
    if (!m_differences.empty())
        Q_EMIT identityMismatch();
}

const ViewportState* ViewerController::viewport(int index) const {
    if (index < 0 || index >= static_cast<int>(m_state.viewports.size()))
        return nullptr;
    return &m_state.viewports[static_cast<size_t>(index)];
}

ViewportState* ViewerController::editable(int index) {
    return const_cast<ViewportState*>(std::as_const(*this).viewport(index));
}

ShownFrame ViewerController::shown(int index) {
    ViewportState* viewport = editable(index);
    if (!viewport || viewport->content == ViewportState::Content::Empty)
        return {};
    ShownFrame frame = viewport->content == ViewportState::Content::Plane ? shownPlane(index) : shownFrame(*viewport);
    applyPresentation(*viewport, frame);
    if (frame.pixels)
        settleDisplay(*viewport, frame);
    return frame;
}

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
    shown.pixels = m_loader.find(keyOf(ref));
    if (!shown.pixels) {
        if (const Error* error = m_loader.error(keyOf(ref)))
            shown.error = *error;
        else
            m_loader.wantNow(request(ref));
    }
    return shown;
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
    shown.pixels = m_loader.find(keyOf(ref));
    if (!shown.pixels) {
        if (const Error* error = m_loader.error(keyOf(ref))) {
            shown.error = *error;
        } else if (std::find(m_previews.begin(), m_previews.end(), key) == m_previews.end()) {
            m_previews.push_back(key);
            schedulePlan();
        }
    }
    return shown;
}

void ViewerController::settleDisplay(ViewportState& viewport, const ShownFrame& frame) {
    const InstanceUid from = frame.state ? frame.state->instance : InstanceUid();
    // A draft's state that is not read yet: its window waits with it.
    const bool isAwaited = !viewport.presentation.isEmpty() && !m_presentations.find(viewport.presentation);
    if (viewport.displayIsSet && (viewport.displayOf == from || isAwaited))
        return;
    viewport.displayOf = from;
    const bool inverted = viewport.display.inverted;
    viewport.display = defaultSettings(*frame.presented, frame.frame, *frame.pixels);
    viewport.display.inverted = inverted;
    for (const WindowPreset& preset : windowPresets()) {
        if (preset.id == viewport.presetId) {
            viewport.display.window = preset.window;
            viewport.display.voiLut.reset();
        }
    }
    viewport.displayIsSet = true;
}

FrameRequest ViewerController::request(const FrameRef& frame) const {
    return {keyOf(frame), m_studies.pathOf(frame.image->instance)};
}

void ViewerController::onStacksChanged(const SeriesUid& series) {
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        if (m_state.viewports[i].stack.series == series)
            reanchor(static_cast<int>(i));
    for (const auto& [key, builder] : m_volumes) {
        if (key.series == series) {
            m_grownVolumes.insert(series);
            if (!m_renewTimer.isActive())
                m_renewTimer.start();
        }
    }
    hang();
    checkIdentity();
    if (!m_seenToRestore.isEmpty())
        restoreSeen();
    Q_EMIT seriesChanged(series);
    schedulePlan();
}

void ViewerController::place(ViewportState& viewport, int index) {
    const Stack* stack = m_studies.stack(viewport.stack);
    if (!stack || stack->frames.empty()) {
        viewport.index = 0;
        return;
    }
    viewport.index = std::clamp(index, 0, static_cast<int>(stack->frames.size()) - 1);
    viewport.anchor = keyOf(stack->frames[static_cast<size_t>(viewport.index)]);
}

void ViewerController::reanchor(int index) {
    ViewportState& viewport = m_state.viewports[static_cast<size_t>(index)];
    if (viewport.content == ViewportState::Content::Stack) {
        int stack = 0, frame = 0;
        const LoadedSeries* series = m_studies.series(viewport.stack.series);
        if (m_studies.locate(viewport.stack.series, viewport.anchor, stack, frame)) {
            viewport.stack.stack = stack;
            viewport.index = frame;
        } else if (const Stack* shown = m_studies.stack(viewport.stack); shown && !shown->frames.empty()) {
            if (viewport.anchor.instance.isEmpty())
                place(viewport, initialIndex(*shown));
            else if (series && series->waiting == 0 && !m_retrieving)
                place(viewport, viewport.index);
        }
    }
    Q_EMIT viewportChanged(index);
}

void ViewerController::onFrameReady(const FrameKey& key, const PixelBufferPtr& pixels) {
    for (auto& [stack, builder] : m_volumes) {
        if (builder->take(key, *pixels)) {
            for (size_t i = 0; i < m_state.viewports.size(); ++i)
                if (m_state.viewports[i].content == ViewportState::Content::Plane &&
                    m_state.viewports[i].stack == stack)
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

void ViewerController::schedulePlan() {
    if (!m_planTimer.isActive())
        m_planTimer.start();
}

void ViewerController::plan() {
    std::vector<FrameRequest> wishes;
    QSet<FrameKey> known;
    qint64 budget = static_cast<qint64>(static_cast<double>(m_loader.cacheBytes()) * cacheShare);
    const auto wish = [&](const FrameRef& ref, bool counted = true) {
        const FrameKey key = keyOf(ref);
        if (known.contains(key))
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
    const auto wishAround = [&](const Stack& stack, int center, int direction, int ahead, int behind) {
        const int last = static_cast<int>(stack.frames.size()) - 1;
        for (int distance = 0; distance <= std::max(ahead, behind); ++distance) {
            for (const int way : {direction, -direction}) {
                const int index = center + way * distance;
                if (distance > (way == direction ? ahead : behind) || index < 0 || index > last)
                    continue;
                if (!wish(stack.frames[static_cast<size_t>(index)]))
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
        if (const Stack* stack = m_studies.stack(key); stack && !stack->frames.empty())
            wish(stack->frames[static_cast<size_t>(initialIndex(*stack))]);
    eachShown([&](const ViewportState& viewport, const Stack& stack, int direction) {
        if (viewport.content == ViewportState::Content::Stack)
            wishAround(stack, viewport.index, direction, framesAhead, framesBehind);
    });
    // A volume keeps its own copy: frames it still needs may pass through the cache.
    eachShown([&](const ViewportState& viewport, const Stack& stack, int) {
        if (viewport.content != ViewportState::Content::Plane)
            return;
        if (const VolumeBuilder* builder = ensureVolume(viewport.stack))
            for (const FrameRef& frame : stack.frames)
                if (builder->needs(keyOf(frame)))
                    wish(frame, false);
    });
    eachShown([&](const ViewportState& viewport, const Stack& stack, int direction) {
        const int all = static_cast<int>(stack.frames.size());
        if (viewport.content == ViewportState::Content::Stack)
            wishAround(stack, viewport.index, direction, all, all);
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
    return static_cast<int>(std::count_if(stack->frames.begin(), stack->frames.end(),
                                          [&](const FrameRef& frame) { return m_loader.has(keyOf(frame)); }));
}

SeenCount ViewerController::seen(const SeriesUid& uid) const {
    SeenCount count;
    if (const LoadedSeries* series = m_studies.series(uid))
        for (const Stack& stack : series->stacks)
            count.total += static_cast<int>(stack.frames.size());
    const auto marks = m_seen.constFind(uid);
    count.seen = marks == m_seen.constEnd() ? 0 : static_cast<int>(marks->size());
    return count;
}

void ViewerController::markSeen(int index) {
    const ViewportState* shown = viewport(index);
    if (!shown || shown->content != ViewportState::Content::Stack || shown->anchor.instance.isEmpty() ||
        !m_loader.has(shown->anchor))
        return;
    QSet<FrameKey>& marks = m_seen[shown->stack.series];
    if (marks.contains(shown->anchor))
        return;
    marks.insert(shown->anchor);
    Q_EMIT seenChanged(shown->stack.series);
    Q_EMIT draftChanged();
}

void ViewerController::retryFrame(int index) {
    const ViewportState* shown = viewport(index);
    if (!shown)
        return;
    m_loader.forgetError(shown->anchor);
    Q_EMIT viewportChanged(index);
}

std::vector<Measurement> ViewerController::measurementsOn(const ShownFrame& shown) const {
    std::vector<Measurement> result;
    if (!shown.image)
        return result;
    for (const Measurement& measurement : m_measurements.all()) {
        if (shown.plane) {
            if (measurement.series == shown.image->series)
                if (const auto onThis = onPlane(measurement, *shown.plane, shown.plane->pixelMm * 0.5))
                    result.push_back(*onThis);
        } else if (measurement.instance == shown.image->instance && measurement.frame == shown.frame &&
                   measurement.patientPoints.empty()) {
            result.push_back(measurement);
        }
    }
    return result;
}

} // namespace yz
