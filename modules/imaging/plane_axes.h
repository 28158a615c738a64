#pragma once

#include "imaging/reslice.h"

#include <algorithm>
#include <cmath>

/// What planes through a volume are made of. Inside the imaging target.
namespace yz {

constexpr int kLargestPlaneSide = 4096; ///< pixels; coarser beyond

struct PlaneAxes {
    PatientVector row, column;
    PatientVector through; ///< direction of increasing plane index
};

/// Reading conventions: axial from the feet, coronal from the front, sagittal from the left; indexes grow to the head,
/// to the back and to the left.
[[nodiscard]] inline PlaneAxes standardAxes(Orientation orientation) {
    switch (orientation) {
    case Orientation::Axial:
        return {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    case Orientation::Coronal:
        return {{1, 0, 0}, {0, 0, -1}, {0, 1, 0}};
    case Orientation::Sagittal:
        return {{0, 1, 0}, {0, 0, -1}, {1, 0, 0}};
    }
    return {};
}

/// Size of a voxel along a direction: the way after which one more voxel is passed.
[[nodiscard]] inline double voxelMm(const Volume& volume, const PatientVector& direction) {
    const VoxelIndex perMm{direction.dot(volume.row) / volume.columnMm, direction.dot(volume.column) / volume.rowMm,
                           direction.dot(volume.slice) / volume.sliceMm};
    return 1.0 / std::max(perMm.length(), 1e-9);
}

struct PlaneExtent {
    double low, high;
};

/// Reach of the voxel centres along a direction.
[[nodiscard]] inline PlaneExtent extentOf(const Volume& volume, const PatientVector& direction) {
    PlaneExtent extent{1e300, -1e300};
    for (int corner = 0; corner < 8; ++corner) {
        const VoxelIndex index{static_cast<double>((corner & 1) ? volume.columns - 1 : 0),
                               static_cast<double>((corner & 2) ? volume.rows - 1 : 0),
                               static_cast<double>((corner & 4) ? volume.slices - 1 : 0)};
        const double at = volume.toPatient(index).dot(direction);
        extent.low = std::min(extent.low, at);
        extent.high = std::max(extent.high, at);
    }
    return extent;
}

} // namespace yz
