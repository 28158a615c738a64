#include "viewer_ui/fusion_picture.h"

namespace yz {

void drawOverlay(const ShownOverlay& overlay, const ShownFrame& shown, const ViewTransform& transform,
                 ScreenPicture& scratch, ScreenPicture& base) {
    if (!overlay.image || !overlay.pixels || !shown.image)
        return;
    scratch.width = base.width;
    scratch.height = base.height;
    renderFrame(*overlay.image, 0, *overlay.pixels, overlay.display,
                overlayTransform(transform, drawnSpacing(*shown.image, shown.frame), overlay.cut),
                Interpolation::Linear, 0xff000000u, scratch);
    layOver(base, scratch, overlay.palette, overlay.opacity);
}

} // namespace yz
