#pragma once

#include <optional>
#include <vector>

namespace yz {

/// One outline of a volume: where its slice lies along the slices' normal, and its area.
struct ContourSlice {
    double positionMm = 0.0;
    double areaMm2 = 0.0;
};

/// Volume in mm3 of a structure outlined on parallel slices. Each slice stands for half the way to its neighbours in
/// the list, the two outermost ones also for half a slice distance outward: with an outline on every slice that is the
/// sum of areas times the slice distance, and slices left out in between count as if the area ran straight from one
/// outline to the next. Outlines on one slice (within 0.01 mm) add up. None without outlines or slice distance.
[[nodiscard]] std::optional<double> contourVolume(std::vector<ContourSlice> contours, double sliceDistanceMm);

} // namespace yz
