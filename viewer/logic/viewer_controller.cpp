#include "viewer/viewer_controller.h"

#include "imaging/suv.h"

#include <algorithm>
#include <cmath>

namespace yz {

namespace {

constexpr int planDelayMs = 10;
constexpr int progressIntervalMs = 120;
/// Longer than between two notches of a wheel that is being turned, shorter than a reader waits.
constexpr int refineDelayMs = 80;
constexpr int volumeStillMs = 250; ///< after the last turn of a volume it is drawn in full

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
      m_loader(pixels, defaultCacheBytes), m_presentations(pixels), m_reported(pixels), m_keyImages(pixels) {
    setViewports({ViewportState{}});
    connect(&m_studies, &StudySet::stacksChanged, this, &ViewerController::onStacksChanged);
    connect(&m_reported, &ReportedMeasurementModel::changed, this, [this] {
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            Q_EMIT viewportChanged(static_cast<int>(i));
    });
    connect(&m_keyImages, &KeyImageModel::changed, this, [this] {
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            Q_EMIT viewportChanged(static_cast<int>(i));
        Q_EMIT stateChanged();
    });
    connect(&m_keyImages, &KeyImageModel::marksChanged, this, &ViewerController::draftChanged);
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
    connect(&m_loader, &FrameLoader::reducedReady, this, &ViewerController::onReducedReady);
    connect(&m_measurements, &MeasurementList::changed, this, [this] {
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            Q_EMIT viewportChanged(static_cast<int>(i));
        Q_EMIT draftChanged();
    });
    connect(&m_measurements, &MeasurementList::selectionChanged, this, [this] {
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            Q_EMIT viewportChanged(static_cast<int>(i));
    });
    m_planTimer.setSingleShot(true);
    m_planTimer.setInterval(planDelayMs);
    connect(&m_planTimer, &QTimer::timeout, this, &ViewerController::plan);
    m_cineTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_cineTimer, &QTimer::timeout, this, &ViewerController::cineTick);
    m_fillTimer.setSingleShot(true);
    connect(&m_fillTimer, &QTimer::timeout, this, &ViewerController::fillVolumes);
    m_renewTimer.setSingleShot(true);
    m_renewTimer.setInterval(1500);
    connect(&m_renewTimer, &QTimer::timeout, this, &ViewerController::renewVolumes);
    m_refineTimer.setSingleShot(true);
    m_refineTimer.setInterval(refineDelayMs);
    connect(&m_refineTimer, &QTimer::timeout, this, &ViewerController::refine);
    m_volumeStill.setSingleShot(true);
    m_volumeStill.setInterval(volumeStillMs);
    connect(&m_volumeStill, &QTimer::timeout, this, [this] {
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            if (m_state.viewports[i].content == ViewportState::Content::Volume)
                Q_EMIT viewportChanged(static_cast<int>(i));
    });
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
    m_reported.clear();
    m_keyImages.clear();
    m_handLinks.clear();
    m_volumes.clear();
    m_given.clear();
    m_loadedCounts.clear();
    m_paths.clear();
    m_crosshairs.clear();
    m_grownVolumes.clear();
    m_seen.clear();
    m_seenToRestore.clear();
    m_previews.clear();
    m_serverPreview.reset();
    m_beforeMpr.reset();
    m_trial.reset();
    m_hangingHeld = false;
    m_differences.clear();
    m_hasExpected = false;
    m_progress = {};
    m_retrieving = false;
    m_cineTimer.stop();
    m_refineTimer.stop();
    m_volumeStill.stop();
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
    const PreviewPtr preview = m_serverPreview;
    close();
    if (preview && preview->study == current.study)
        m_serverPreview = preview;
    m_studies.open(current, priors);
    const auto addStates = [this](const StudyRecord& study) {
        for (const SeriesRecord& series : study.series)
            for (const InstanceRecord& instance : series.instances) {
                m_presentations.add(instance);
                m_reported.add(instance);
                m_keyImages.add(instance);
            }
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
    m_reported.add(instance);
    m_keyImages.add(instance);
}

void ViewerController::setRetrieveProgress(const RetrieveProgress& progress, bool running) {
    const bool was = std::exchange(m_retrieving, running);
    m_progress = progress;
    if (was && !running) {
        renewVolumes();
        hang(); // now it is known what the study has
    }
    for (size_t i = 0; was != running && i < m_state.viewports.size(); ++i)
        Q_EMIT viewportChanged(static_cast<int>(i)); // what is missing reads otherwise now
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
    if (!viewport)
        return {};
    if (viewport->content == ViewportState::Content::Empty) {
        ShownFrame empty;
        if (m_serverPreview && belongsTo(index, empty, *m_serverPreview))
            empty.preview = m_serverPreview;
        return empty;
    }
    ShownFrame frame = viewport->content == ViewportState::Content::Plane    ? shownPlane(index)
                       : viewport->content == ViewportState::Content::Volume ? shownVolume(index)
                       : viewport->content == ViewportState::Content::Curved ? shownCurved(index)
                                                                             : shownFrame(*viewport);
    if (m_serverPreview && !frame.drawn() && !frame.error && belongsTo(index, frame, *m_serverPreview)) {
        ShownFrame waiting;
        waiting.preview = m_serverPreview;
        if (frame.image && frame.image->frameCount == 1) { // which of several was drawn nobody says
            waiting.index = frame.index;
            waiting.count = frame.count;
        }
        return waiting;
    }
    if (m_serverPreview && frame.pixels && frame.image && frame.image->instance == m_serverPreview->instance)
        m_serverPreview.reset(); // it has done its work
    applyPresentation(*viewport, frame);
    if (static_cast<size_t>(index) < m_places.size())
        frame.screenPxPerMm = m_places[static_cast<size_t>(index)].pxPerMm;
    frame.commonPxPerMm = commonPxPerMm(index);
    if (frame.drawn())
        settleDisplay(*viewport, frame);
    return frame;
}

void ViewerController::settleDisplay(ViewportState& viewport, const ShownFrame& frame) {
    const InstanceUid from = frame.state ? frame.state->instance : InstanceUid();
    // A draft's state that is not read yet: its window waits with it.
    const bool isAwaited = !viewport.presentation.isEmpty() && !m_presentations.find(viewport.presentation);
    // A state may have a window for each image, or each frame (PS3.3 C.11.8).
    int item = -1;
    if (frame.state)
        for (size_t i = 0; i < frame.state->vois.size() && item < 0; ++i) {
            const ImageReferences& images = frame.state->vois[i].images;
            if (images.empty() || PresentationState::covers(images, frame.image->instance, frame.frame))
                item = static_cast<int>(i);
        }
    const bool isItems = viewport.displayItem == item || viewport.displayIsReaders;
    if (viewport.displayIsSet && ((viewport.displayOf == from && isItems) || isAwaited))
        return;
    viewport.displayOf = from;
    viewport.displayItem = item;
    viewport.displayIsReaders = false;
    const bool inverted = viewport.display.inverted;
    viewport.display = defaultSettings(*frame.presented, frame.frame, *frame.drawn());
    viewport.display.inverted = inverted;
    for (const WindowPreset& preset : windowPresets()) {
        if (preset.id != viewport.presetId)
            continue;
        if (const auto window = presetWindow(preset, *frame.image)) {
            viewport.display.window = *window;
            viewport.display.voiLut.reset();
        }
    }
    // A window that comes from the values waits for all of them.
    viewport.displayIsSet = frame.pixels != nullptr;
}

void ViewerController::onStacksChanged(const SeriesUid& series) {
    ++m_stackChanges;
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
            if (viewport.anchor.instance.isEmpty()) {
                place(viewport, initialIndex(*shown));
                if (!viewport.touched)
                    viewport.view = initialView(viewport); // the picture's own directions are known now
            } else if (series && series->waiting == 0 && !m_retrieving)
                place(viewport, viewport.index);
        }
    }
    Q_EMIT viewportChanged(index);
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

SeenCount ViewerController::seen(const StackKey& key) const {
    SeenCount count;
    const Stack* stack = m_studies.stack(key);
    if (!stack)
        return count;
    count.total = static_cast<int>(stack->frames.size());
    if (const auto marks = m_seen.constFind(key.series); marks != m_seen.constEnd())
        count.seen = static_cast<int>(std::count_if(stack->frames.begin(), stack->frames.end(),
                                                    [&](const FrameRef& ref) { return marks->contains(keyOf(ref)); }));
    return count;
}

void ViewerController::markSeen(int index) {
    const ViewportState* shown = viewport(index);
    if (!shown || shown->content != ViewportState::Content::Stack || shown->anchor.instance.isEmpty() ||
        !hasFrame(shown->anchor))
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

} // namespace yz
