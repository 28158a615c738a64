#include "viewer/viewer_controller.h"

#include <algorithm>
#include <cmath>

// What the reader does to the cross-hair of a volume: turning it, straightening it, thick slabs.
namespace yz {

void ViewerController::turnCrosshair(int index, double radians) {
    const ViewportState* own = viewport(index);
    if (!own || own->content != ViewportState::Content::Plane || !std::isfinite(radians))
        return;
    const VolumeBuilder* builder = ensureVolume(own->stack);
    if (!builder)
        return;
    MprFrame& cross = crosshair(own->stack, builder->volume());
    // About the point where the lines cross on the screen.
    cross = turned(onGrid(builder->volume(), cross), own->orientation, radians);
    followCrosshair(own->stack);
}

void ViewerController::straightenCrosshair(int index) {
    const ViewportState* own = viewport(index);
    if (!own || own->content != ViewportState::Content::Plane)
        return;
    const VolumeBuilder* builder = ensureVolume(own->stack);
    if (!builder)
        return;
    MprFrame& cross = crosshair(own->stack, builder->volume());
    cross = orthogonalFrame(builder->volume(), cross.centre);
    followCrosshair(own->stack);
}

void ViewerController::setSlab(int index, Slab slab) {
    ViewportState* own = editable(index);
    if (!own || !isCut(own->content))
        return;
    slab.thicknessMm = std::clamp(slab.thicknessMm, 0.0, slabMostMm);
    if (own->slab == slab)
        return;
    touch(index);
    own->slab = slab;
    // The lines of this plane on the others show how thick it is.
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        if (m_state.viewports[i].content == ViewportState::Content::Plane && m_state.viewports[i].stack == own->stack)
            Q_EMIT viewportChanged(static_cast<int>(i));
    Q_EMIT draftChanged();
    Q_EMIT stateChanged();
}

} // namespace yz
