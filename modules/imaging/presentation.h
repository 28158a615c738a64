#pragma once

#include "core/result.h"
#include "domain/presentation_state.h"
#include "imaging/display_chain.h"

namespace yz {

/// The image as a presentation state wants it seen: the same description with the state's modality transformation (or
/// none, when it has none), VOI, presentation LUT or shape, palette, colours, shutter and active overlays in the place
/// of its own (PS3.4 N.2: what the state leaves out is the identity, the image's own attributes do not count). It goes
/// through the same chain. For display only: values are measured on the image itself.
/// NotFound when the state is not about the image, NotSupported for blending.
[[nodiscard]] Result<ImageDescriptionPtr> presentedBy(const ImageDescription& image, const PresentationState& state);

/// The state's spatial transformation as the viewport says it: mirror first, then clockwise quarter turns.
struct PresentedTurn {
    int quarterTurns = 0;
    bool mirrored = false;
};
[[nodiscard]] PresentedTurn presentedTurn(const PresentationState& state);

/// Fits a displayed area into the viewport (true size counts as fitted: what a screen pixel measures is not known
/// here).
[[nodiscard]] ViewTransform areaTransform(const DisplayedArea& area, const PixelSpacing& spacing, int viewWidth,
                                          int viewHeight, int quarterTurns = 0, bool mirrored = false);
/// Spacing to draw with under a displayed area: its own where it gives one, else `own`.
[[nodiscard]] PixelSpacing areaSpacing(const DisplayedArea& area, const PixelSpacing& own);

} // namespace yz
