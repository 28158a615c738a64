#include "viewer/viewer_controller.h"

#include <algorithm>
#include <cmath>

// Volumes seen from outside: brightest values along the line of sight by the reslice kernel, or rendered by whoever
// draws the viewport.
namespace yz {

namespace {

/// Samples of the grid that one picture may take: while it turns, and when it stands still.
constexpr double coarseSamples = 6e6, fineSamples = 1.2e8;
constexpr double leastKept = 0.02; ///< of the box

} // namespace

void ViewerController::showAsVolume(ViewportState& viewport, const StackKey& key, bool isMip) {
    viewport.content = ViewportState::Content::Volume;
    viewport.stack = key;
    viewport.anchor = {};
    viewport.index = 0;
    viewport.fusion.reset();
    viewport.volume.isMip = isMip;
    if (viewport.volume.rendering.isEmpty() && !m_displayCatalog.renderings().empty())
        viewport.volume.rendering = m_displayCatalog.renderings().front().id;
    (void)ensureVolume(key);
}

void ViewerController::showVolume(int index, bool isMip) {
    ViewportState* own = editable(index);
    const Stack* stack = own ? m_studies.stack(own->stack) : nullptr;
    if (!stack || own->content == ViewportState::Content::Empty || !canFormVolume(*stack))
        return;
    if (m_state.cine)
        toggleCine();
    touch(index);
    m_hangingHeld = true;
    if (own->content != ViewportState::Content::Volume)
        own->view = {};
    showAsVolume(*own, own->stack, isMip);
    m_projections[static_cast<size_t>(index)] = {};
    schedulePlan();
    Q_EMIT layoutChanged();
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

void ViewerController::leaveVolume(int index) {
    const ViewportState* own = viewport(index);
    if (own && own->content == ViewportState::Content::Volume)
        showStack(index, own->stack);
}

void ViewerController::volumeMoved(int index) {
    touch(index);
    m_volumeStill.start();
    Q_EMIT viewportChanged(index);
    Q_EMIT draftChanged();
}

void ViewerController::turnVolume(int index, double aboutDownDeg, double aboutRightDeg) {
    ViewportState* own = editable(index);
    if (!own || own->content != ViewportState::Content::Volume)
        return;
    own->volume.facing = turned(own->volume.facing, aboutDownDeg, aboutRightDeg);
    volumeMoved(index);
}

void ViewerController::faceVolume(int index, VolumeSide side) {
    ViewportState* own = editable(index);
    if (!own || own->content != ViewportState::Content::Volume)
        return;
    own->volume.facing = facingFrom(side);
    volumeMoved(index);
}

void ViewerController::setRendering(int index, const QString& preset) {
    ViewportState* own = editable(index);
    if (!own || own->content != ViewportState::Content::Volume)
        return;
    own->volume.rendering = preset;
    own->volume.shiftHu = 0.0;
    touch(index);
    Q_EMIT viewportChanged(index);
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

void ViewerController::shiftRendering(int index, double shiftHu) {
    ViewportState* own = editable(index);
    if (!own || own->content != ViewportState::Content::Volume)
        return;
    own->volume.shiftHu = std::clamp(shiftHu, -3000.0, 3000.0);
    volumeMoved(index);
}

void ViewerController::clipVolume(int index, const std::array<double, 6>& box) {
    ViewportState* own = editable(index);
    if (!own || own->content != ViewportState::Content::Volume)
        return;
    for (size_t axis = 0; axis < 3; ++axis) {
        const double low = std::clamp(box[2 * axis], 0.0, 1.0 - leastKept);
        own->volume.box[2 * axis] = low;
        own->volume.box[2 * axis + 1] = std::clamp(box[2 * axis + 1], low + leastKept, 1.0);
    }
    volumeMoved(index);
}

VolumePtr ViewerController::sharedVolume(const StackKey& key) const {
    const auto found = m_volumes.find(key);
    if (found == m_volumes.end() || !found->second->isComplete() || !found->second->isDrawable())
        return {};
    return found->second->shared();
}

ShownFrame ViewerController::shownVolume(int index) {
    const ViewportState& viewport = m_state.viewports[static_cast<size_t>(index)];
    ShownFrame shown;
    VolumeBuilder* builder = ensureVolume(viewport.stack);
    if (!builder) {
        const Stack* stack = m_studies.stack(viewport.stack);
        const LoadedSeries* series = m_studies.series(viewport.stack.series);
        const Status possible = stack ? canFormVolume(*stack) : Status();
        if (!possible && series && series->waiting == 0)
            shown.error = possible.error();
        return shown;
    }
    CutProjection& cut = m_projections[static_cast<size_t>(index)];
    const bool isCoarse = m_volumeStill.isActive();
    if (cut.revision == builder->revision() && cut.stack == viewport.stack && cut.view == viewport.volume &&
        cut.isCoarse == isCoarse)
        return cut.frame;
    const Volume& volume = builder->volume();
    const VolumeProjection projection =
        projectionOf(volume, viewport.volume.facing, projectionPixelMm(volume, isCoarse ? coarseSamples : fineSamples));
    shown.image = describePlane(volume, projection.plane, *builder->stack().frames.front().image);
    shown.plane = projection.plane;
    if (viewport.volume.isMip && builder->isDrawable())
        shown.pixels = reslice(builder->volume(), projection.plane, {SlabMode::Mip, projection.depthMm});
    cut = {builder->revision(), viewport.stack, viewport.volume, isCoarse, shown};
    return shown;
}

} // namespace yz
