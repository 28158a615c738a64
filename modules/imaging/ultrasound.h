#pragma once

#include "domain/image.h"
#include "imaging/measure.h"

#include <optional>
#include <vector>

/// Ultrasound regions (PS3.3 C.8.5.5): a screen holds a B-mode picture, an M-mode strip, a Doppler spectrum side by
/// side, each with axes of its own.
namespace yz {

/// The (smallest) region with units that a point lies in; null outside of all.
[[nodiscard]] const UltrasoundRegion* regionAt(const ImageDescription& image, ImagePoint point);

/// True where both axes are lengths: a picture to be measured in mm.
[[nodiscard]] bool isLengthRegion(const UltrasoundRegion& region);

/// What lies between two points of a region whose axes are no lengths: along each axis (time in s, depth in mm,
/// velocity in cm/s, frequency in Hz ...), then the slope where it means something (M-mode: cm/s, spectrum: cm/s2). The
/// first value is the one of the axis along which the points lie further apart on the screen. Units are UCUM. Empty
/// without such a region, when the points lie in different regions, or when an axis has no unit.
[[nodiscard]] std::vector<MeasuredValue> regionSpan(const ImageDescription& image, ImagePoint a, ImagePoint b);

/// The value that the vertical axis of a spectrum or M-mode strip gives a point, counted from the reference pixel: a
/// velocity, a depth. None where the region does not say.
[[nodiscard]] std::optional<MeasuredValue> regionValueAt(const ImageDescription& image, ImagePoint point);

} // namespace yz
