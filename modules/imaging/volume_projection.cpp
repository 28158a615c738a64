#include "imaging/volume_projection.h"

#include <algorithm>
#include <cmath>

namespace yz {
namespace {

constexpr double kRadians = 3.14159265358979323846 / 180.0;

double finestMm(const Volume& volume) { return std::min({volume.columnMm, volume.rowMm, volume.sliceMm}); }

/// Half the reach of the volume along a direction, its outer voxels' edges included.
double halfExtent(const Volume& volume, const PatientVector& direction) {
    return 0.5 * (std::abs(direction.dot(volume.column)) * volume.rows * volume.rowMm +
                  std::abs(direction.dot(volume.row)) * volume.columns * volume.columnMm +
                  std::abs(direction.dot(volume.slice)) * volume.slices * volume.sliceMm);
}

} // namespace

VolumeFacing facingFrom(VolumeSide side) {
    switch (side) {
    case VolumeSide::Front:
        break;
    case VolumeSide::Back:
        return {{-1, 0, 0}, {0, 0, -1}};
    case VolumeSide::Left:
        return {{0, 1, 0}, {0, 0, -1}};
    case VolumeSide::Right:
        return {{0, -1, 0}, {0, 0, -1}};
    case VolumeSide::Head:
        return {{-1, 0, 0}, {0, 1, 0}};
    case VolumeSide::Feet:
        return {{1, 0, 0}, {0, 1, 0}};
    }
    return {};
}

VolumeFacing turned(const VolumeFacing& facing, double aboutDownDeg, double aboutRightDeg) {
    const PatientVector into = facing.into();
    const double a = aboutDownDeg * kRadians, b = aboutRightDeg * kRadians;
    // What is nearest, -into, moves with the hand: towards the new right and the new down.
    PatientVector right = facing.right * std::cos(a) - into * std::sin(a);
    const PatientVector awayThen = right.cross(facing.down);
    PatientVector down = facing.down * std::cos(b) - awayThen * std::sin(b);
    right = right.normalized();
    down = (down - right * down.dot(right)).normalized();
    return {right, down};
}

PatientPoint centreOf(const Volume& volume) {
    return volume.toPatient({(volume.columns - 1) * 0.5, (volume.rows - 1) * 0.5, (volume.slices - 1) * 0.5});
}

VolumeProjection projectionOf(const Volume& volume, const VolumeFacing& facing, double pixelMm) {
    VolumeProjection projection;
    SlicePlane& plane = projection.plane;
    plane.row = facing.right;
    plane.column = facing.down;
    plane.pixelMm = pixelMm;
    // Room for a whole turn about the body's axis, so that the fitted picture keeps its size while it turns.
    const double halfWidth = std::max(halfExtent(volume, facing.right),
                                      std::hypot(halfExtent(volume, {1, 0, 0}), halfExtent(volume, {0, 1, 0})));
    const double halfHeight = std::max(halfExtent(volume, facing.down), halfExtent(volume, {0, 0, 1}));
    plane.width = std::max(1, static_cast<int>(std::ceil(2.0 * halfWidth / pixelMm - 1e-6)));
    plane.height = std::max(1, static_cast<int>(std::ceil(2.0 * halfHeight / pixelMm - 1e-6)));
    plane.origin = centreOf(volume) - facing.right * ((plane.width - 1) * 0.5 * pixelMm) -
                   facing.down * ((plane.height - 1) * 0.5 * pixelMm);
    projection.depthMm = 2.0 * halfExtent(volume, facing.into());
    return projection;
}

double projectionPixelMm(const Volume& volume, double samples) {
    // Worst case: the diagonal on every side of the screen.
    const double diagonal = std::hypot(volume.columns * volume.columnMm, volume.rows * volume.rowMm) +
                            0.25 * volume.slices * volume.sliceMm;
    const double height = std::max(volume.slices * volume.sliceMm, volume.rows * volume.rowMm);
    const double depth = diagonal / finestMm(volume);
    const double coarse = std::sqrt(diagonal * height * depth / std::max(samples, 1.0));
    return std::max(finestMm(volume), coarse);
}

} // namespace yz
