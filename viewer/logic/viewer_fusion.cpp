#include "imaging/suv.h"
#include "viewer/viewer_controller.h"

#include <algorithm>
#include <cmath>

// Fusion: which series lies over a viewport's own, and what of it is seen.
namespace yz {

namespace {

constexpr double opacityStep = 0.01;
constexpr double leastWidth = 1e-3;
/// Whole-body FDG is read between these; a brain or a hot lesion is windowed by hand.
constexpr double suvCentre = 2.5, suvWidth = 5.0;

/// How likely a series is meant to lie over another: PET and other functional pictures before anything else.
int likelihood(const QString& base, const QString& overlay) {
    if (overlay == base)
        return 1;
    return overlay == u"PT" ? 4 : overlay == u"NM" ? 3 : 2;
}

} // namespace

bool ViewerController::usesVolume(const ViewportState& viewport, const StackKey& key) {
    const bool isOwn =
        (isCut(viewport.content) || viewport.content == ViewportState::Content::Volume) && viewport.stack == key;
    return isOwn || (viewport.fusion && viewport.fusion->overlay == key);
}

std::vector<FusionCandidate> ViewerController::fusionCandidates(int index) const {
    std::vector<FusionCandidate> candidates;
    const ViewportState* own = viewport(index);
    const Stack* base = own ? m_studies.stack(own->stack) : nullptr;
    if (!base || (own->content != ViewportState::Content::Stack && own->content != ViewportState::Content::Plane))
        return candidates;
    for (const LoadedStudy& study : m_studies.studies())
        for (const SeriesUid& uid : study.series) {
            const LoadedSeries* series = m_studies.series(uid);
            for (size_t i = 0; series && i < series->stacks.size(); ++i) {
                FusionCandidate candidate{{uid, static_cast<int>(i)}, FusionObstacle::None};
                candidate.obstacle =
                    candidate.key == own->stack ? FusionObstacle::SameSeries : fusionObstacle(*base, series->stacks[i]);
                if (series->stacks[i].frames.size() > 1 || candidate.obstacle == FusionObstacle::None)
                    candidates.push_back(candidate);
            }
        }
    return candidates;
}

void ViewerController::editFusion(int index, const std::function<void(FusionState&)>& edit) {
    ViewportState* own = editable(index);
    if (!own || !own->fusion)
        return;
    touch(index);
    edit(*own->fusion);
    const FusionState made = *own->fusion;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& other = m_state.viewports[i];
        const bool together = other.content == ViewportState::Content::Plane && other.content == own->content &&
                              other.stack == own->stack && other.fusion && other.fusion->overlay == made.overlay;
        if (together)
            other.fusion = made;
        if (together || static_cast<int>(i) == index)
            Q_EMIT viewportChanged(static_cast<int>(i));
    }
    Q_EMIT draftChanged();
}

void ViewerController::setFusion(int index, const StackKey& overlay) {
    ViewportState* own = editable(index);
    const Stack* base = own ? m_studies.stack(own->stack) : nullptr;
    const Stack* over = m_studies.stack(overlay);
    if (!base || !over || own->stack == overlay || fusionObstacle(*base, *over) != FusionObstacle::None)
        return;
    FusionState fusion;
    fusion.overlay = overlay;
    if (!m_displayCatalog.palettes().empty())
        fusion.palette = m_displayCatalog.palettes().front().id;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& other = m_state.viewports[i];
        const bool together = other.content == ViewportState::Content::Plane && other.content == own->content &&
                              other.stack == own->stack;
        if (static_cast<int>(i) != index && !together)
            continue;
        other.fusion = fusion;
        other.touched = true;
        m_overlayCuts[i] = {};
        Q_EMIT viewportChanged(static_cast<int>(i));
    }
    (void)ensureVolume(overlay);
    schedulePlan();
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

void ViewerController::clearFusion(int index) {
    const ViewportState* own = viewport(index);
    if (!own || !own->fusion)
        return;
    const ViewportState before = *own;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& other = m_state.viewports[i];
        const bool together = other.content == ViewportState::Content::Plane && other.content == before.content &&
                              other.stack == before.stack;
        if (static_cast<int>(i) != index && !together)
            continue;
        other.fusion.reset();
        other.touched = true;
        m_overlayCuts[i] = {};
        Q_EMIT viewportChanged(static_cast<int>(i));
    }
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

void ViewerController::toggleFusion(int index) {
    const ViewportState* own = viewport(index);
    if (!own)
        return;
    if (own->fusion)
        return clearFusion(index);
    const LoadedSeries* base = m_studies.series(own->stack.series);
    const StackKey* best = nullptr;
    int most = 0;
    const std::vector<FusionCandidate> candidates = fusionCandidates(index);
    for (const FusionCandidate& candidate : candidates) {
        const LoadedSeries* series = m_studies.series(candidate.key.series);
        if (candidate.obstacle != FusionObstacle::None || !series || !base)
            continue;
        const int likely = likelihood(base->record.modality, series->record.modality);
        if (likely > most) {
            most = likely;
            best = &candidate.key;
        }
    }
    if (best)
        setFusion(index, *best);
}

void ViewerController::setFusionPalette(int index, const QString& palette) {
    editFusion(index, [&](FusionState& fusion) { fusion.palette = palette; });
    Q_EMIT stateChanged();
}

void ViewerController::nextFusionPalette(int index) {
    const ViewportState* own = viewport(index);
    const std::vector<ColourPalette>& palettes = m_displayCatalog.palettes();
    if (!own || !own->fusion || palettes.empty())
        return;
    const auto now = std::find_if(palettes.begin(), palettes.end(),
                                  [&](const ColourPalette& each) { return each.id == own->fusion->palette; });
    const auto next = now == palettes.end() ? palettes.begin() : std::next(now);
    setFusionPalette(index, (next == palettes.end() ? palettes.begin() : next)->id);
}

void ViewerController::setFusionOpacity(int index, double opacity) {
    const double rounded = std::round(std::clamp(opacity, 0.0, 1.0) / opacityStep) * opacityStep;
    editFusion(index, [&](FusionState& fusion) { fusion.opacity = rounded; });
}

void ViewerController::setFusionWindow(int index, double center, double width) {
    editFusion(index, [&](FusionState& fusion) {
        fusion.window = {center, std::max(width, leastWidth), {}};
        fusion.windowIsSet = true;
    });
}

void ViewerController::settleFusion(FusionState& fusion, const VolumeBuilder& overlay) {
    if (fusion.windowIsSet)
        return;
    const FrameRef& middle = overlay.stack().frames[overlay.stack().frames.size() / 2];
    if (suvFactor(*middle.image)) {
        fusion.window = {suvCentre, suvWidth, {}};
        fusion.windowIsSet = true;
        return;
    }
    const FrameDescription& frame = middle.description();
    if (!frame.windows.empty()) {
        fusion.window = frame.windows.front();
        fusion.windowIsSet = true;
    } else if (const PixelBufferPtr pixels = m_loader.find(keyOf(middle))) {
        fusion.window = defaultSettings(*middle.image, middle.frame, *pixels).window;
        fusion.windowIsSet = true;
    }
}

ShownOverlay ViewerController::overlayOn(int index, const ShownFrame& shown) {
    ViewportState* own = editable(index);
    if (!own || !own->fusion || !shown.image || own->content == ViewportState::Content::Volume)
        return {};
    ShownOverlay overlay;
    const Stack* base = m_studies.stack(own->stack);
    const Stack* over = m_studies.stack(own->fusion->overlay);
    if (!base || !over)
        return overlay;
    overlay.obstacle = fusionObstacle(*base, *over);
    if (overlay.obstacle != FusionObstacle::None)
        return overlay;
    VolumeBuilder* builder = ensureVolume(own->fusion->overlay);
    if (!builder) {
        overlay.obstacle = FusionObstacle::OverlayNoVolume;
        return overlay;
    }
    settleFusion(*own->fusion, *builder);
    CutOverlay& cut = m_overlayCuts[static_cast<size_t>(index)];
    const bool isSame = cut.revision == builder->revision() && cut.stack == own->fusion->overlay &&
                        cut.base.lock() == shown.image && cut.frame == shown.frame && cut.shown.image;
    if (!isSame) {
        const std::optional<OverlayCut> at = overlayPlane(*shown.image, shown.frame);
        if (!at) {
            overlay.obstacle = FusionObstacle::BaseHasNoPlace;
            return overlay;
        }
        cut = {builder->revision(), own->fusion->overlay, shown.image, shown.frame, {}};
        cut.shown.cut = *at;
        cut.shown.image = describePlane(builder->volume(), at->plane, *builder->stack().frames.front().image);
        if (builder->isDrawable()) // as thick as what lies below
            cut.shown.pixels = reslice(builder->volume(), at->plane, shown.slab);
        const Result<double> factor = suvFactor(*builder->stack().frames.front().image);
        cut.shown.isSuv = factor.has_value();
        cut.shown.shownFactor = factor.value_or(1.0);
        if (!factor && cut.shown.image->modality == u"PT")
            cut.shown.suvRefusal = factor.error();
        cut.shown.filled = builder->filledCount();
        cut.shown.slices = builder->sliceCount();
    }
    overlay = cut.shown;
    const FusionState& fusion = *own->fusion;
    overlay.palette = m_displayCatalog.palette(fusion.palette);
    overlay.opacity = fusion.opacity;
    overlay.display.function = VoiFunction::LinearExact;
    overlay.display.window = {
        fusion.window.center / overlay.shownFactor, fusion.window.width / overlay.shownFactor, {}};
    overlay.display.overlaysShown = overlay.display.shutterShown = false;
    return overlay;
}

std::optional<OverlayValue> ViewerController::overlayValue(int index, const ShownFrame& shown, ImagePoint at) {
    const ShownOverlay overlay = overlayOn(index, shown);
    const VolumeBuilder* builder = overlay.image ? volume(viewport(index)->fusion->overlay) : nullptr;
    if (!builder)
        return std::nullopt;
    const FrameDescription& base = shown.image->frame(shown.frame);
    const PatientPoint point = base.plane->position + base.plane->row * (at.x * base.spacing.columnMm) +
                               base.plane->column * (at.y * base.spacing.rowMm);
    const std::optional<double> stored = storedValueAt(builder->volume(), point);
    if (!stored)
        return std::nullopt;
    OverlayValue value;
    value.modality = modalityValue(overlay.image->frame(0), *stored);
    value.unit = builder->volume().unit;
    if (value.unit.isEmpty() && overlay.image->pet)
        value.unit = overlay.image->pet->units;
    if (overlay.isSuv)
        value.suv = value.modality * overlay.shownFactor;
    value.suvRefusal = overlay.suvRefusal;
    return value;
}

} // namespace yz
