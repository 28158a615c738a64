#pragma once

#include "imaging/reslice.h"

#include <array>
#include <cstdint>

namespace yz {

/// A cut in terms of voxel indexes: value of output pixel (x, y) is the reduction over samples k of the grid at
/// start + across * x + down * y + through * (k - (samples - 1) / 2).
struct GridCut {
    const Volume* volume = nullptr;
    VoxelIndex start, across, down, through;
    int samples = 1;
    SlabMode mode = SlabMode::None;
    int width = 0, height = 0;
};

constexpr int kBandRows = 16; ///< rows that one call draws

/// True when the three directions of the cut run along the axes of the grid; `axes` says which (0 column, 1 row, 2
/// slice).
[[nodiscard]] bool isAlongAxes(const GridCut& cut, std::array<int, 3>& axes);

/// Draw rows [band * kBandRows, ...) of the cut. Any thread; bands are independent.
void drawAlignedBand(const GridCut& cut, const std::array<int, 3>& axes, int band, std::int16_t* out);
void drawObliqueBand(const GridCut& cut, int band, std::int16_t* out);

} // namespace yz
