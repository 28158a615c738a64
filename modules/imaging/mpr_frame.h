#pragma once

#include "imaging/reslice.h"

#include <array>

/// The cross-hair of a volume: three planes square to each other through one point, turned as the reader likes.
namespace yz {

/// Patient mm, LPS. A plane whose normal is the patient's is the standard one of imaging/reslice.h, on the planes of
/// the grid; any other goes exactly through the centre. How the picture lies in a turned plane follows from its normal
/// alone: the shortest turn that takes the standard plane there, so that a plane is found again by what was kept of it.
struct MprFrame {
    PatientPoint centre;
    /// By Orientation: direction of increasing plane index; unit, square to each other.
    std::array<PatientVector, 3> normals{PatientVector{0, 0, 1}, PatientVector{0, 1, 0}, PatientVector{1, 0, 0}};
    /// By Orientation: what the middle of the plane's picture looks at. Stays where it is while the cross-hair is
    /// moved; of the other planes it goes along when they are turned, so that the cross keeps its place on the screen.
    std::array<PatientPoint, 3> looks{};

    [[nodiscard]] const PatientVector& normal(Orientation orientation) const {
        return normals[static_cast<size_t>(orientation)];
    }
    bool operator==(const MprFrame&) const = default;
};

/// The patient's own planes through a point.
[[nodiscard]] MprFrame orthogonalFrame(const Volume& volume, const PatientPoint& centre);
/// Some plane is not the patient's.
[[nodiscard]] bool isOblique(const MprFrame& frame);
[[nodiscard]] bool isOblique(const MprFrame& frame, Orientation orientation);
/// Degrees between the plane and the standard one.
[[nodiscard]] double obliqueAngle(const MprFrame& frame, Orientation orientation);

/// The plane as it is cut: the standard one (planeOfIndex), or one that covers the volume around `looks` with pixels of
/// the grid's finest spacing.
[[nodiscard]] SlicePlane planeOf(const Volume& volume, const MprFrame& frame, Orientation orientation);
/// Planes one voxel apart along the normal, and which of them is nearest to the centre.
[[nodiscard]] int planeCount(const Volume& volume, const MprFrame& frame, Orientation orientation);
[[nodiscard]] int planeIndex(const Volume& volume, const MprFrame& frame, Orientation orientation);
/// The cross-hair on another plane of that orientation; stays within the volume.
[[nodiscard]] MprFrame atIndex(const Volume& volume, const MprFrame& frame, Orientation orientation, int index);

/// The cross-hair where its planes are drawn: a standard plane lies on the grid, up to half a voxel beside the centre.
[[nodiscard]] MprFrame onGrid(const Volume& volume, const MprFrame& frame);

/// The other two planes turned about the normal of `seenIn` through the centre, from its picture's right to its bottom.
[[nodiscard]] MprFrame turned(const MprFrame& frame, Orientation seenIn, double radians);

/// A cross-hair at `point` of which one plane, `orientation`, has the directions given (unit); the picture of that
/// plane lies as near to them as it can.
struct HeldPlane {
    MprFrame frame;
    Orientation orientation = Orientation::Axial;
};
[[nodiscard]] HeldPlane frameHolding(const Volume& volume, const PatientPoint& point, const PatientVector& row,
                                     const PatientVector& column);

} // namespace yz
