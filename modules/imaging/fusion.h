#pragma once

#include "core/result.h"
#include "imaging/display_chain.h"
#include "imaging/palette.h"
#include "imaging/reslice.h"

#include <optional>

/// Two series of one frame of reference in one picture: the base as it is, the other one resampled onto its plane and
/// laid over it in the colours of a palette.
namespace yz {

/// What keeps a series from being laid over another.
enum class FusionObstacle {
    None,
    SameSeries,
    BaseHasNoPlace,  ///< no plane position, or no frame of reference
    OtherReference,  ///< the frames of reference differ: positions cannot be compared
    OverlayNoVolume, ///< volumeObstacle() of the overlay says why
    OverlayColour,   ///< its values are colours already
};
[[nodiscard]] FusionObstacle fusionObstacle(const Stack& base, const Stack& overlay);

/// The plane of a base frame on which an overlay is sampled: square pixels as fine as the base's finer side (at most
/// 1024 along a side), covering all of the frame. None when the frame has no place in the patient.
struct OverlayCut {
    SlicePlane plane;
    int margin = 0; ///< of its pixels before the base's first pixel centre, both ways
};
[[nodiscard]] std::optional<OverlayCut> overlayPlane(const ImageDescription& base, int frame);

/// How the overlay's picture is placed so that it lies over the base's.
[[nodiscard]] ViewTransform overlayTransform(const ViewTransform& base, const PixelSpacing& baseSpacing,
                                             const OverlayCut& overlay);

/// Lays `overlay` (grey levels 0 to 255, of the same size) over `base`: base * (1 - a) + palette[level] * a. `opacity`
/// (0 to 1) is a from level 32 on; below it a falls to nothing at level 0, so that what lies under the overlay's window
/// shows the base alone.
void layOver(ScreenPicture& base, const ScreenPicture& overlay, const ColourPalette& palette, double opacity);

/// Stored value at a point, trilinear and rounded to a whole stored value as reslice() does; none outside the grid.
[[nodiscard]] std::optional<double> storedValueAt(const Volume& volume, const PatientPoint& point);

} // namespace yz
