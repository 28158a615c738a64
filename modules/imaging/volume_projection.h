#pragma once

#include "imaging/reslice.h"

/// Looking at a whole volume from a direction: the plane through its middle that all of it is projected onto.
namespace yz {

/// Directions on the screen in the patient; unit vectors, at right angles. `right` x `down` looks away from the reader.
struct VolumeFacing {
    PatientVector right{1, 0, 0}, down{0, 0, -1}; ///< from the front, head up

    [[nodiscard]] PatientVector into() const { return right.cross(down); }
    bool operator==(const VolumeFacing& other) const {
        return (right - other.right).length() == 0.0 && (down - other.down).length() == 0.0;
    }
};

enum class VolumeSide { Front, Back, Left, Right, Head, Feet };
/// Seen from a side of the patient; head up, from head and feet the front up.
[[nodiscard]] VolumeFacing facingFrom(VolumeSide side);
/// The volume turned under the reader's hand: `aboutDown` degrees about the vertical of the screen (positive takes what
/// is in front to the right), then `aboutRight` about its horizontal (positive takes it down).
[[nodiscard]] VolumeFacing turned(const VolumeFacing& facing, double aboutDownDeg, double aboutRightDeg);

[[nodiscard]] PatientPoint centreOf(const Volume& volume);
/// The plane through the centre, covering the outline of the volume (and of the volume turned about the body's axis),
/// with pixels of `pixelMm`; a slab of `depthMm` about it holds the whole volume.
struct VolumeProjection {
    SlicePlane plane;
    double depthMm = 0.0;
};
[[nodiscard]] VolumeProjection projectionOf(const Volume& volume, const VolumeFacing& facing, double pixelMm);
/// Pixel size for which a projection takes about `samples` samples of the grid, not finer than its finest spacing.
[[nodiscard]] double projectionPixelMm(const Volume& volume, double samples);

} // namespace yz
