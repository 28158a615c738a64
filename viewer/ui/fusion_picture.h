#pragma once

#include "viewer/viewer_controller.h"

namespace yz {

/// Lays what lies over a viewport's picture over its finished pixels. `base` was drawn with `transform`; `scratch` is
/// reused.
void drawOverlay(const ShownOverlay& overlay, const ShownFrame& shown, const ViewTransform& transform,
                 ScreenPicture& scratch, ScreenPicture& base);

} // namespace yz
