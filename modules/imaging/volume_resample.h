#pragma once

#include "imaging/stack_geometry.h"

namespace yz {

/// How the slices of a grid come from sorted frames (without duplicates) that do not lie on one.
struct ResampledGrid {
    double stepMm = 0.0;
    std::vector<SliceBlend> blends; ///< one per slice; the first slice lies at the first frame
};

/// Where slices are missing from an otherwise regular stack, the true slices stay what they are and only the missing
/// ones are interpolated. Uneven distances are cut into steps of the smallest of them, but not finer than a quarter of
/// the median; first and last frame stay true slices.
[[nodiscard]] ResampledGrid resampledGrid(const std::vector<FrameRef>& frames, const StackGeometry& geometry);

/// Brings the picture of one frame, laid out as the slices are, into the slices it takes part in. Any thread.
void blendIn(Volume& volume, int frameIndex, const std::vector<std::int16_t>& picture);

} // namespace yz
