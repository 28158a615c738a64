#include "imaging/volume_resample.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace yz {
namespace {

constexpr double kFinestShare = 0.25;  ///< of the median distance
constexpr double kOnFrameShare = 1e-3; ///< of the step: this near a frame a slice is that frame
constexpr std::uint8_t kLowIsIn = 1;
constexpr std::uint8_t kHighIsIn = 2;

/// Frames follow the positions of the grid: holes between them are interpolated.
ResampledGrid withHolesFilled(const StackGeometry& geometry) {
    ResampledGrid grid;
    grid.stepMm = geometry.stepMm;
    for (size_t frame = 0; frame < geometry.gridIndex.size(); ++frame) {
        const int low = static_cast<int>(frame);
        grid.blends.push_back({low, low, 0.0F});
        if (frame + 1 == geometry.gridIndex.size())
            break;
        const int steps = geometry.gridIndex[frame + 1] - geometry.gridIndex[frame];
        for (int step = 1; step < steps; ++step)
            grid.blends.push_back({low, low + 1, static_cast<float>(step) / static_cast<float>(steps)});
    }
    return grid;
}

} // namespace

ResampledGrid resampledGrid(const std::vector<FrameRef>& frames, const StackGeometry& geometry) {
    constexpr double kGridShare = 0.10;
    if (geometry.deviationMm <= kGridShare * geometry.stepMm)
        return withHolesFilled(geometry);
    std::vector<double> at;
    for (const FrameRef& frame : frames)
        at.push_back(frame.description().plane->position.dot(geometry.direction));
    const double length = at.back() - at.front();
    const double finest = std::max(geometry.narrowestMm, kFinestShare * geometry.medianMm);
    const double steps = std::max(std::ceil(length / finest - 1e-6), 1.0);
    ResampledGrid grid;
    grid.stepMm = length / steps;
    size_t low = 0;
    for (int slice = 0; slice <= static_cast<int>(steps); ++slice) {
        const double here = at.front() + slice * grid.stepMm;
        while (low + 2 < at.size() && at[low + 1] <= here)
            ++low;
        const double weight = std::clamp((here - at[low]) / (at[low + 1] - at[low]), 0.0, 1.0);
        const int frame = static_cast<int>(low);
        const double tolerance = kOnFrameShare * grid.stepMm / (at[low + 1] - at[low]);
        if (weight <= tolerance)
            grid.blends.push_back({frame, frame, 0.0F});
        else if (weight >= 1.0 - tolerance)
            grid.blends.push_back({frame + 1, frame + 1, 0.0F});
        else
            grid.blends.push_back({frame, frame + 1, static_cast<float>(weight)});
    }
    return grid;
}

void blendIn(Volume& volume, int frameIndex, const std::vector<std::int16_t>& picture) {
    const size_t size = static_cast<size_t>(volume.columns) * static_cast<size_t>(volume.rows);
    const std::scoped_lock lock(*volume.blending);
    for (size_t slice = 0; slice < volume.blends.size(); ++slice) {
        const SliceBlend& blend = volume.blends[slice];
        std::uint8_t& parts = volume.blended[slice];
        std::int16_t* out = volume.voxels.data() + slice * size;
        const bool isLow = blend.low == frameIndex;
        if (!isLow && blend.high != frameIndex)
            continue;
        if (blend.low == blend.high) {
            std::copy(picture.begin(), picture.end(), out);
            parts = kLowIsIn | kHighIsIn;
        } else if (parts == 0) { // the first of the two waits in the slice itself
            std::copy(picture.begin(), picture.end(), out);
            parts = isLow ? kLowIsIn : kHighIsIn;
            continue;
        } else if (parts == (isLow ? kHighIsIn : kLowIsIn)) {
            const float own = isLow ? 1.0F - blend.weight : blend.weight;
            for (size_t i = 0; i < size; ++i) {
                const float there = out[i];
                out[i] = static_cast<std::int16_t>(
                    std::floor(there + (static_cast<float>(picture[i]) - there) * own + 0.5F));
            }
            parts = kLowIsIn | kHighIsIn;
        } else {
            continue; // this frame again
        }
        std::atomic_ref<std::uint8_t>(volume.filled[slice]).store(1, std::memory_order_release);
    }
}

int Volume::interpolatedCount() const {
    return static_cast<int>(
        std::count_if(blends.begin(), blends.end(), [](const SliceBlend& blend) { return blend.low != blend.high; }));
}

} // namespace yz
