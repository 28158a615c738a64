#pragma once

#include "core/points.h"

#include <vector>

/// Closed outlines in image pixels: the corners in order, the first one not repeated at the end.
namespace yz {

/// Area by the sum of cross products, in the unit of the coordinates squared. Only means something for an outline that
/// does not cross itself.
[[nodiscard]] double polygonArea(const std::vector<ImagePoint>& corners);

/// False when two sides that are not neighbours touch or cross, or with fewer than three corners.
[[nodiscard]] bool isSimplePolygon(const std::vector<ImagePoint>& corners);

/// Marks the pixels of row `y` whose centres lie inside or on the outline: marks[x - firstX] for x from firstX on.
/// Inside is what an odd number of sides stands before.
void markRow(const std::vector<ImagePoint>& corners, int y, int firstX, std::vector<char>& marks);

/// The points of a traced line that are needed to stay within `tolerance` pixels of it (Douglas and Peucker), ends
/// kept.
[[nodiscard]] std::vector<ImagePoint> simplifiedTrace(const std::vector<ImagePoint>& trace, double tolerance);

} // namespace yz
