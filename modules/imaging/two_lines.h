#pragma once

#include "imaging/measure.h"

#include <array>

/// Measurements made of two lines: a from [0] to [1], b from [2] to [3], in image pixels.
namespace yz {

using TwoLines = std::array<ImagePoint, 4>;

/// Cobb angle: between the two lines wherever they lie, 0 to 90 degrees; the direction in which a line was drawn does
/// not matter. 0 when a line has no length.
[[nodiscard]] MeasuredValue cobbAngleOf(const PixelSpacing& spacing, const TwoLines& lines);

/// Cardiothoracic ratio: length of the first line (heart) over that of the second (thorax), unit "1". A ratio needs no
/// size of a pixel, only its shape. No unit when the second line has no length.
[[nodiscard]] MeasuredValue ratioOf(const PixelSpacing& spacing, const TwoLines& lines);

/// Bidirectional: the end of the short axis that starts at `from`, runs square to the long axis (in mm, not in pixels)
/// and comes nearest to `towards`.
[[nodiscard]] ImagePoint squareEnd(const PixelSpacing& spacing, ImagePoint longA, ImagePoint longB, ImagePoint from,
                                   ImagePoint towards);
/// The lines with the long axis moved to a, b: the short axis keeps its length, its side of the long axis and its place
/// along it, and turns with it.
[[nodiscard]] TwoLines withLongAxis(const PixelSpacing& spacing, const TwoLines& lines, ImagePoint a, ImagePoint b);

} // namespace yz
