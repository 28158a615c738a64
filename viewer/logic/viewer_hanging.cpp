#include "viewer/viewer_controller.h"

#include <algorithm>

// Layout and contents of the viewports: by protocol until the reader takes over.
namespace yz {

void ViewerController::setViewports(std::vector<ViewportState> viewports) {
    m_state.viewports = std::move(viewports);
    m_cuts.assign(m_state.viewports.size(), {});
    m_overlayCuts.assign(m_state.viewports.size(), {});
    m_projections.assign(m_state.viewports.size(), {});
    m_directions.assign(m_state.viewports.size(), 1);
    m_state.active = std::clamp(m_state.active, 0, std::max(0, static_cast<int>(m_state.viewports.size()) - 1));
}

std::vector<HangingScore> ViewerController::rankedProtocols() const {
    return rankProtocols(m_protocols, hangingInput());
}

HangingInput ViewerController::hangingInput() const {
    HangingInput input = m_studies.hangingInput();
    input.task = m_hangingTask;
    input.screens = m_hangingScreens;
    input.isWhole = !m_retrieving && !m_studies.isReading();
    return input;
}

void ViewerController::setHangingDesk(const QString& task, const std::vector<HangingScreen>& screens) {
    if (m_hangingTask == task && m_hangingScreens == screens)
        return;
    m_hangingTask = task;
    m_hangingScreens = screens;
    hang();
}

void ViewerController::setProtocols(std::vector<HangingProtocol> protocols) {
    m_protocols = std::move(protocols);
    m_trial.reset();
    if (!currentProtocol())
        m_state.protocolId.clear();
    else
        m_state.stage = std::min(m_state.stage, static_cast<int>(currentProtocol()->stages.size()) - 1);
    hang();
    Q_EMIT stateChanged();
}

const HangingProtocol* ViewerController::currentProtocol() const {
    if (m_trial && m_trial->id == m_state.protocolId)
        return &*m_trial;
    const auto found = std::find_if(m_protocols.begin(), m_protocols.end(),
                                    [&](const HangingProtocol& p) { return p.id == m_state.protocolId; });
    return found == m_protocols.end() ? nullptr : &*found;
}

void ViewerController::hang() {
    const HangingInput input = hangingInput();
    if (input.current.series.empty())
        return;
    const HangingProtocol* current = currentProtocol();
    if (m_hangingHeld) {
        // Only slots that had nothing to show are filled as more arrives.
        if (!current || m_state.mpr || m_state.stage >= static_cast<int>(current->stages.size()))
            return;
        bool filled = false;
        for (const HangingSlot& slot : assignSeries(*current, m_state.stage, input)) {
            for (ViewportState& viewport : m_state.viewports) {
                if (slot.series && viewport.content == ViewportState::Content::Empty && !viewport.touched &&
                    viewport.row == slot.viewport.row && viewport.column == slot.viewport.column) {
                    assign(viewport, slot);
                    filled = true;
                }
            }
        }
        if (filled)
            Q_EMIT layoutChanged();
        return;
    }
    const bool anyTouched = std::any_of(m_state.viewports.begin(), m_state.viewports.end(),
                                        [](const ViewportState& viewport) { return viewport.touched; });
    const std::vector<HangingScore> ranked = rankProtocols(m_protocols, input);
    const HangingProtocol* best = !ranked.empty() && ranked.front().matches ? ranked.front().protocol : nullptr;
    if (anyTouched && current)
        best = current;
    if (!best || best->stages.empty()) {
        if (!anyTouched)
            defaultLayout(input);
        return;
    }
    const int stage = best->id == m_state.protocolId ? m_state.stage : 0;
    fillStage(*best, std::clamp(stage, 0, static_cast<int>(best->stages.size()) - 1), input, true);
}

void ViewerController::fillStage(const HangingProtocol& protocol, int stageIndex, const HangingInput& input,
                                 bool keepTouched) {
    const HangingStage& stage = protocol.stages[static_cast<size_t>(stageIndex)];
    const bool sameStage = m_state.protocolId == protocol.id && m_state.stage == stageIndex &&
                           m_state.rows == stage.rows && m_state.columns == stage.columns && !m_state.mpr;
    std::vector<ViewportState> viewports;
    for (const HangingSlot& slot : assignSeries(protocol, stageIndex, input)) {
        ViewportState fresh;
        fresh.row = slot.viewport.row;
        fresh.column = slot.viewport.column;
        fresh.rowSpan = slot.viewport.rowSpan;
        fresh.columnSpan = slot.viewport.columnSpan;
        assign(fresh, slot);
        const auto same = std::find_if(m_state.viewports.begin(), m_state.viewports.end(), [&](const ViewportState& v) {
            return v.row == fresh.row && v.column == fresh.column;
        });
        if (sameStage && same != m_state.viewports.end()) {
            const bool sameContent = same->content == fresh.content && same->stack == fresh.stack &&
                                     same->orientation == fresh.orientation &&
                                     fresh.content != ViewportState::Content::Empty;
            if (sameContent || (keepTouched && same->touched)) {
                // What is to lie over it may have arrived only now.
                const std::optional<FusionState> overlay = same->touched ? std::nullopt : fresh.fusion;
                fresh = *same;
                if (!fresh.fusion)
                    fresh.fusion = overlay;
            }
        }
        viewports.push_back(std::move(fresh));
    }
    const bool changed = !sameStage || viewports != m_state.viewports;
    if (!changed)
        return;
    m_state.protocolId = protocol.id;
    m_state.stage = stageIndex;
    m_state.rows = std::max(1, stage.rows);
    m_state.columns = std::max(1, stage.columns);
    m_state.mpr = false;
    m_beforeMpr.reset();
    m_state.linked = stage.link != QLatin1String("none");
    setViewports(std::move(viewports));
    const auto isEmpty = [](const ViewportState& viewport) {
        return viewport.content == ViewportState::Content::Empty;
    };
    // Keys go to a picture.
    const auto shown = std::find_if_not(m_state.viewports.begin(), m_state.viewports.end(), isEmpty);
    if (shown != m_state.viewports.end() && isEmpty(m_state.viewports[static_cast<size_t>(m_state.active)]))
        m_state.active = static_cast<int>(shown - m_state.viewports.begin());
    schedulePlan();
    Q_EMIT layoutChanged();
    Q_EMIT stateChanged();
}

void ViewerController::assign(ViewportState& viewport, const HangingSlot& slot) {
    viewport.presetId = slot.viewport.preset;
    viewport.display = {};
    viewport.display.inverted = slot.viewport.inverted;
    viewport.displayIsSet = false;
    viewport.anchor = {};
    viewport.index = 0;
    viewport.fusion.reset();
    viewport.label = slot.viewport.label;
    viewport.slab = slot.viewport.slab;
    viewport.facing = slot.viewport.orientation;
    viewport.justify = slot.viewport.justify == QLatin1String("left")    ? -1
                       : slot.viewport.justify == QLatin1String("right") ? 1
                                                                         : 0;
    if (!slot.series) {
        viewport.content = ViewportState::Content::Empty;
        viewport.stack = {};
        viewport.emptyText = slot.missing;
        return;
    }
    const StackKey key{slot.series->series, slot.series->stackIndex};
    viewport.emptyText.clear();
    const bool isMip = slot.viewport.kind == QLatin1String("mip");
    if ((isMip || slot.viewport.kind == QLatin1String("volume")) && slot.series->canFormVolume) {
        viewport.volume = {};
        viewport.volume.rendering = slot.viewport.rendering;
        showAsVolume(viewport, key, isMip);
        return;
    }
    if (slot.overlay) {
        FusionState fusion;
        fusion.overlay = {slot.overlay->series, slot.overlay->stackIndex};
        fusion.palette = m_displayCatalog.palette(slot.viewport.palette).id;
        fusion.opacity = slot.viewport.opacityPercent / 100.0;
        viewport.fusion = fusion;
    }
    viewport.planeWanted = slot.viewport.kind.startsWith(QLatin1String("mpr-"));
    if (viewport.planeWanted && slot.series->canFormVolume) {
        showPlane(viewport, key,
                  slot.viewport.kind == QLatin1String("mpr-coronal")    ? Orientation::Coronal
                  : slot.viewport.kind == QLatin1String("mpr-sagittal") ? Orientation::Sagittal
                                                                        : Orientation::Axial);
        return;
    }
    viewport.content = ViewportState::Content::Stack;
    viewport.stack = key;
    if (const Stack* stack = m_studies.stack(key); stack && !stack->frames.empty()) {
        const bool isCine = stack->frames.front().image->frameCount > 1 && !stack->sortedByGeometry;
        place(viewport, isCine || stack->frames.size() < 3 ? 0 : static_cast<int>(stack->frames.size() / 2));
    }
    viewport.view = initialView(viewport);
}

void ViewerController::defaultLayout(const HangingInput& input) {
    std::vector<const HangingSeries*> shown;
    for (const HangingSeries& series : input.current.series)
        shown.push_back(&series);
    const int count = std::min<int>(4, static_cast<int>(shown.size()));
    const int columns = count > 1 ? 2 : 1, rows = count > 2 ? 2 : 1;
    bool same = m_state.rows == rows && m_state.columns == columns &&
                static_cast<int>(m_state.viewports.size()) == rows * columns;
    for (int i = 0; same && i < count; ++i)
        same = m_state.viewports[static_cast<size_t>(i)].stack.series == shown[static_cast<size_t>(i)]->series;
    if (same)
        return;
    std::vector<ViewportState> viewports(static_cast<size_t>(rows * columns));
    for (int i = 0; i < rows * columns; ++i) {
        ViewportState& viewport = viewports[static_cast<size_t>(i)];
        HangingSlot slot;
        if (i < count)
            slot.series = *shown[static_cast<size_t>(i)];
        assign(viewport, slot);
        viewport.row = i / columns;
        viewport.column = i % columns;
    }
    m_state.rows = rows;
    m_state.columns = columns;
    m_state.protocolId.clear();
    setViewports(std::move(viewports));
    schedulePlan();
    Q_EMIT layoutChanged();
}

void ViewerController::applyProtocol(const QString& id, int stage) {
    const auto found =
        std::find_if(m_protocols.begin(), m_protocols.end(), [&](const HangingProtocol& p) { return p.id == id; });
    const bool isTrial = m_trial && m_trial->id == id && m_state.protocolId == id;
    if (!isTrial && found == m_protocols.end())
        return;
    applyProtocol(isTrial ? *m_trial : *found, stage, isTrial);
}

void ViewerController::tryProtocol(const HangingProtocol& protocol, int stage) {
    m_trial = protocol;
    applyProtocol(*m_trial, stage, true);
}

void ViewerController::applyProtocol(const HangingProtocol& protocol, int stage, bool isTrial) {
    if (stage < 0 || stage >= static_cast<int>(protocol.stages.size()))
        return;
    m_hangingHeld = true;
    m_state.protocolId.clear(); // everything is assigned anew
    fillStage(protocol, stage, hangingInput(), false);
    if (!isTrial)
        m_trial.reset();
    Q_EMIT draftChanged();
}

void ViewerController::nextStage(int direction) {
    const HangingProtocol* protocol = currentProtocol();
    if (!protocol || protocol->stages.empty())
        return;
    const int count = static_cast<int>(protocol->stages.size());
    applyProtocol(protocol->id, ((m_state.stage + direction) % count + count) % count);
}

void ViewerController::setLayout(int rows, int columns) {
    rows = std::clamp(rows, 1, 4);
    columns = std::clamp(columns, 1, 5);
    std::vector<ViewportState> kept;
    // Contents stay in reading order; the active one is never lost.
    std::vector<ViewportState> old = m_state.viewports;
    const int active = m_state.active;
    if (active >= rows * columns && active < static_cast<int>(old.size()))
        std::swap(old[0], old[static_cast<size_t>(active)]);
    std::vector<StackKey> shown;
    for (const ViewportState& viewport : old)
        shown.push_back(viewport.stack);
    const HangingInput input = hangingInput();
    size_t nextSeries = 0;
    for (int i = 0; i < rows * columns; ++i) {
        ViewportState viewport;
        if (i < static_cast<int>(old.size())) {
            viewport = old[static_cast<size_t>(i)];
        } else {
            HangingSlot slot;
            while (nextSeries < input.current.series.size() && !slot.series) {
                const HangingSeries& candidate = input.current.series[nextSeries++];
                const StackKey key{candidate.series, candidate.stackIndex};
                if (std::find(shown.begin(), shown.end(), key) == shown.end())
                    slot.series = candidate;
            }
            assign(viewport, slot);
        }
        viewport.row = i / columns;
        viewport.column = i % columns;
        viewport.rowSpan = viewport.columnSpan = 1;
        kept.push_back(std::move(viewport));
    }
    m_state.rows = rows;
    m_state.columns = columns;
    m_state.mpr = false;
    m_beforeMpr.reset();
    m_hangingHeld = true;
    if (active >= rows * columns)
        m_state.active = 0;
    setViewports(std::move(kept));
    schedulePlan();
    Q_EMIT layoutChanged();
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

void ViewerController::showStack(int index, const StackKey& key) {
    ViewportState* viewport = editable(index);
    const LoadedSeries* series = m_studies.series(key.series);
    if (!viewport || !series)
        return;
    m_hangingHeld = true;
    if (m_state.cine)
        toggleCine();
    ViewportState fresh;
    fresh.row = viewport->row;
    fresh.column = viewport->column;
    fresh.rowSpan = viewport->rowSpan;
    fresh.columnSpan = viewport->columnSpan;
    fresh.touched = true;
    fresh.content = ViewportState::Content::Stack;
    fresh.stack = key;
    *viewport = fresh;
    m_cuts[static_cast<size_t>(index)] = {};
    m_overlayCuts[static_cast<size_t>(index)] = {};
    reanchor(index);
    schedulePlan();
    Q_EMIT layoutChanged();
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

} // namespace yz
