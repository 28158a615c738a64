#include "imaging/reslice.h"

#include "imaging/reslice_kernels.h"
#include "imaging/row_pool.h"

#include <algorithm>
#include <cmath>

namespace yz {
namespace {

constexpr int kPoolPixels = 64 * 1024; ///< below this waking threads costs more than it saves
constexpr int kMostSamples = 4096;

/// Direction in mm as a step of voxel indexes.
VoxelIndex toSteps(const Volume& volume, const PatientVector& direction) {
    return {direction.dot(volume.row) / volume.columnMm, direction.dot(volume.column) / volume.rowMm,
            direction.dot(volume.slice) / volume.sliceMm};
}

} // namespace

PixelBufferPtr reslice(const Volume& volume, const SlicePlane& plane, const Slab& slab) {
    auto picture = std::make_shared<PixelBuffer>();
    picture->columns = std::max(plane.width, 0);
    picture->rows = std::max(plane.height, 0);
    picture->type = SampleType::Int16;
    picture->data.resizeForOverwrite(picture->byteCount());
    if (picture->data.empty())
        return picture;
    auto* out = reinterpret_cast<std::int16_t*>(picture->data.data());

    GridCut cut;
    cut.volume = &volume;
    cut.width = plane.width;
    cut.height = plane.height;
    cut.start = volume.toVoxel(plane.origin);
    cut.across = toSteps(volume, plane.row * plane.pixelMm);
    cut.down = toSteps(volume, plane.column * plane.pixelMm);
    const VoxelIndex perMm = toSteps(volume, plane.normal().normalized());
    // One sample a voxel along the normal, symmetric about the plane: along a grid axis these are the slices
    // themselves.
    const double stepMm = 1.0 / std::max(perMm.length(), 1e-9);
    cut.through = perMm * stepMm;
    if (slab.mode != SlabMode::None && slab.thicknessMm > 0.0) {
        cut.mode = slab.mode;
        const double each = std::floor(slab.thicknessMm / 2.0 / stepMm + 1e-6);
        cut.samples = 2 * static_cast<int>(std::min(each, static_cast<double>(kMostSamples / 2))) + 1;
    }

    const size_t needed =
        static_cast<size_t>(volume.columns) * static_cast<size_t>(volume.rows) * static_cast<size_t>(volume.slices);
    const bool isDrawable = needed > 0 && volume.voxels.size() >= needed && std::isfinite(cut.start.length()) &&
                            std::isfinite(cut.across.length()) && std::isfinite(cut.down.length());
    if (!isDrawable) {
        std::fill_n(out, static_cast<size_t>(plane.width) * static_cast<size_t>(plane.height), volume.outside);
        return picture;
    }
    std::array<int, 3> axes{};
    const bool isAligned = isAlongAxes(cut, axes);
    const int bands = (cut.height + kBandRows - 1) / kBandRows;
    const auto drawBand = [&](int band) {
        if (isAligned)
            drawAlignedBand(cut, axes, band, out);
        else
            drawObliqueBand(cut, band, out);
    };
    // Copying rows is over before a thread wakes up; a row gathered across the grid's rows misses the cache each time.
    const double cost = !isAligned ? 1.0 : axes[0] == 0 ? 0.25 : 4.0;
    const double work = static_cast<double>(cut.width) * cut.height * cut.samples * cost;
    if (work > kPoolPixels) {
        RowPool::shared().run(bands, drawBand);
    } else {
        for (int band = 0; band < bands; ++band)
            drawBand(band);
    }
    return picture;
}

} // namespace yz
