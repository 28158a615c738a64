#pragma once

#include <algorithm>
#include <cmath>

namespace yz {

/// Linear reading of one axis of a grid at a fractional index; the outer half voxels repeat the last one.
struct AxisTap {
    int low = -1, high = -1; ///< -1: outside
    float weight = 0.0F;     ///< of `high`
    [[nodiscard]] bool isInside() const { return low >= 0; }
    [[nodiscard]] bool isWhole() const { return low == high; }
};

[[nodiscard]] inline AxisTap axisTap(double index, int size) {
    constexpr double kWhole = 1e-4; // indexes this close to a voxel centre are read without interpolation
    if (!(index >= -0.5 && index <= size - 0.5))
        return {};
    const double rounded = std::round(index);
    if (std::abs(index - rounded) < kWhole || index < 0.0 || index > size - 1) {
        const int whole = std::clamp(static_cast<int>(rounded), 0, size - 1);
        return {whole, whole, 0.0F};
    }
    const int low = std::min(static_cast<int>(index), std::max(size - 2, 0));
    return {low, std::min(low + 1, size - 1), static_cast<float>(index - low)};
}

} // namespace yz
