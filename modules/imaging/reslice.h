#pragma once

#include "imaging/slab.h"
#include "imaging/volume.h"

namespace yz {

/// A plane cut through patient space: the output picture's first pixel centre, its directions (unit), mm per pixel.
struct SlicePlane {
    PatientPoint origin;
    PatientVector row;    ///< direction of increasing output x
    PatientVector column; ///< direction of increasing output y
    double pixelMm = 1.0;
    int width = 0, height = 0;

    [[nodiscard]] PatientVector normal() const { return row.cross(column); }
    [[nodiscard]] PatientPoint at(double x, double y) const {
        return origin + row * (x * pixelMm) + column * (y * pixelMm);
    }
    bool operator==(const SlicePlane&) const = default;
};

/// Stored values on the plane, trilinear, signed 16 bit; the grid reaches half a voxel beyond its outer centres,
/// outside it is Volume::outside. A plane on the grid's own slices gets their values unchanged. Uses all cores for
/// large pictures. Any thread. Returns width * height values.
[[nodiscard]] PixelBufferPtr reslice(const Volume& volume, const SlicePlane& plane, const Slab& slab = {});

enum class Orientation { Axial, Coronal, Sagittal };

/// The standard reading plane (axes of the patient) through a point: axial seen from the feet (patient's right on the
/// left of the screen), coronal from the front, sagittal from the left side, head up; covers the volume, pixel size =
/// finest in-plane spacing.
[[nodiscard]] SlicePlane standardPlane(const Volume& volume, Orientation orientation, const PatientPoint& through);

/// Number of distinct planes of that orientation (for scroll bars) and the plane of an index: axial feet to head,
/// coronal front to back, sagittal right to left; one voxel apart, on the slices of the grid where it is aligned.
[[nodiscard]] int planeCount(const Volume& volume, Orientation orientation);
[[nodiscard]] SlicePlane planeOfIndex(const Volume& volume, Orientation orientation, int index);
[[nodiscard]] int indexOfPlane(const Volume& volume, Orientation orientation, const PatientPoint& point);

/// Line where another plane cuts this one, in this plane's pixels, clipped to it; false when parallel or outside.
[[nodiscard]] bool intersectionLine(const SlicePlane& plane, const SlicePlane& other, ImagePoint& from, ImagePoint& to);

/// Letters of a direction in the patient (PS3.3 C.7.6.1.1.1): "L", "RA", ... at most three, leading component first;
/// components under three degrees are left out.
[[nodiscard]] QString orientationLetters(const PatientVector& direction);

} // namespace yz
