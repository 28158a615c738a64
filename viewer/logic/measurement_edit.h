#pragma once

#include "imaging/measure.h"

#include <vector>

/// Changing a measurement by its handles, points in pixels of the shown picture.
namespace yz {

/// Where a measurement can be gripped: its points; of a box its four corners.
[[nodiscard]] std::vector<ImagePoint> handlesOf(const Measurement& measurement);
/// The measurement with that handle moved: the opposite corner of a box stays, the axes of a bidirectional measurement
/// stay square to each other.
[[nodiscard]] Measurement withHandleAt(const Measurement& measurement, int handle, ImagePoint to,
                                       const PixelSpacing& spacing);
[[nodiscard]] Measurement movedBy(const Measurement& measurement, ImagePoint way);

} // namespace yz
