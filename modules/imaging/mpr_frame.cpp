#include "imaging/mpr_frame.h"

#include "imaging/plane_axes.h"

#include <numbers>

namespace yz {
namespace {

constexpr double kSameDirection = 1e-7; ///< of unit vectors: what rounding leaves of a turn there and back
constexpr std::array kOrientations{Orientation::Axial, Orientation::Coronal, Orientation::Sagittal};

size_t at(Orientation orientation) { return static_cast<size_t>(orientation); }

/// Rodrigues' formula; `axis` unit.
PatientVector turnedAbout(const PatientVector& axis, double radians, const PatientVector& v) {
    const double c = std::cos(radians);
    return v * c + axis.cross(v) * std::sin(radians) + axis * (axis.dot(v) * (1.0 - c));
}

/// The shortest turn from `from` to `to` (unit both) applied to v. Half a turn goes about `spare`.
PatientVector carried(const PatientVector& from, const PatientVector& to, const PatientVector& spare,
                      const PatientVector& v) {
    const double cosine = from.dot(to);
    if (cosine < -1.0 + 1e-9)
        return turnedAbout(spare, std::numbers::pi, v);
    const PatientVector axis = from.cross(to);
    const PatientVector once = axis.cross(v);
    return v + once + axis.cross(once) * (1.0 / (1.0 + cosine));
}

PlaneAxes axesOf(const MprFrame& frame, Orientation orientation) {
    const PlaneAxes standard = standardAxes(orientation);
    const PatientVector& normal = frame.normal(orientation);
    if (!isOblique(frame, orientation))
        return standard;
    return {carried(standard.through, normal, standard.row, standard.row).normalized(),
            carried(standard.through, normal, standard.row, standard.column).normalized(), normal};
}

double finestMm(const Volume& volume) { return std::min({volume.columnMm, volume.rowMm, volume.sliceMm}); }

PatientPoint middleOf(const Volume& volume) {
    return volume.toPatient({(volume.columns - 1) * 0.5, (volume.rows - 1) * 0.5, (volume.slices - 1) * 0.5});
}

/// Square to `kept` and to each other again: what the many small turns of a drag leave would add up.
void straighten(MprFrame& frame, Orientation kept) {
    PatientVector& axial = frame.normals[at(Orientation::Axial)];
    PatientVector& coronal = frame.normals[at(Orientation::Coronal)];
    PatientVector& sagittal = frame.normals[at(Orientation::Sagittal)];
    const auto without = [](const PatientVector& v, const PatientVector& unit) {
        return (v - unit * unit.dot(v)).normalized();
    };
    switch (kept) { // sagittal = coronal x axial, and round
    case Orientation::Axial:
        coronal = without(coronal, axial);
        sagittal = coronal.cross(axial);
        break;
    case Orientation::Coronal:
        axial = without(axial, coronal);
        sagittal = coronal.cross(axial);
        break;
    case Orientation::Sagittal:
        axial = without(axial, sagittal);
        coronal = axial.cross(sagittal);
        break;
    }
}

} // namespace

MprFrame orthogonalFrame(const Volume& volume, const PatientPoint& centre) {
    MprFrame frame;
    frame.centre = centre;
    frame.looks.fill(middleOf(volume));
    return frame;
}

bool isOblique(const MprFrame& frame, Orientation orientation) {
    return (frame.normal(orientation) - standardAxes(orientation).through).length() > kSameDirection;
}

bool isOblique(const MprFrame& frame) {
    return std::any_of(kOrientations.begin(), kOrientations.end(), [&](Orientation o) { return isOblique(frame, o); });
}

double obliqueAngle(const MprFrame& frame, Orientation orientation) {
    const PatientVector through = standardAxes(orientation).through;
    const PatientVector& normal = frame.normal(orientation);
    // The sine and the cosine: the arc cosine alone is blunt near 0.
    return std::atan2(through.cross(normal).length(), through.dot(normal)) * 180.0 / std::numbers::pi;
}

SlicePlane planeOf(const Volume& volume, const MprFrame& frame, Orientation orientation) {
    if (!isOblique(frame, orientation))
        return planeOfIndex(volume, orientation, indexOfPlane(volume, orientation, frame.centre));
    const PlaneAxes axes = axesOf(frame, orientation);
    const PatientPoint& look = frame.looks[at(orientation)];
    const PatientPoint middle = look + axes.through * (frame.centre - look).dot(axes.through);
    const auto reach = [&](const PatientVector& direction) {
        const PlaneExtent extent = extentOf(volume, direction);
        const double own = middle.dot(direction);
        return std::max({extent.high - own, own - extent.low, 0.0});
    };
    const double across = reach(axes.row), down = reach(axes.column);
    SlicePlane plane;
    plane.row = axes.row;
    plane.column = axes.column;
    plane.pixelMm = std::max(finestMm(volume), 2.0 * std::max(across, down) / (kLargestPlaneSide - 3));
    const auto half = [&](double mm) { return static_cast<int>(std::ceil(mm / plane.pixelMm - 1e-6)); };
    plane.width = 2 * half(across) + 1;
    plane.height = 2 * half(down) + 1;
    plane.origin = middle - axes.row * (half(across) * plane.pixelMm) - axes.column * (half(down) * plane.pixelMm);
    return plane;
}

int planeCount(const Volume& volume, const MprFrame& frame, Orientation orientation) {
    if (!isOblique(frame, orientation))
        return planeCount(volume, orientation);
    const PatientVector& normal = frame.normal(orientation);
    const PlaneExtent extent = extentOf(volume, normal);
    return static_cast<int>(std::floor((extent.high - extent.low) / voxelMm(volume, normal) + 1e-6)) + 1;
}

int planeIndex(const Volume& volume, const MprFrame& frame, Orientation orientation) {
    if (!isOblique(frame, orientation))
        return indexOfPlane(volume, orientation, frame.centre);
    const PatientVector& normal = frame.normal(orientation);
    const double index = (frame.centre.dot(normal) - extentOf(volume, normal).low) / voxelMm(volume, normal);
    return std::clamp(static_cast<int>(std::lround(std::clamp(index, -1e6, 1e6))), 0,
                      planeCount(volume, frame, orientation) - 1);
}

MprFrame atIndex(const Volume& volume, const MprFrame& frame, Orientation orientation, int index) {
    MprFrame moved = frame;
    const int wanted = std::clamp(index, 0, planeCount(volume, frame, orientation) - 1);
    const PatientVector& normal = frame.normal(orientation);
    const PlaneExtent extent = extentOf(volume, normal);
    const double step = voxelMm(volume, normal);
    const double own = frame.centre.dot(normal);
    // A turned plane keeps its place between the planes of the grid; a standard one lies on them.
    const double target =
        isOblique(frame, orientation)
            ? std::clamp(own + (wanted - planeIndex(volume, frame, orientation)) * step, extent.low, extent.high)
            : extent.low + wanted * step;
    moved.centre = frame.centre + normal * (target - own);
    return moved;
}

MprFrame onGrid(const Volume& volume, const MprFrame& frame) {
    MprFrame result = frame;
    for (const Orientation orientation : kOrientations)
        if (!isOblique(frame, orientation))
            result.centre = atIndex(volume, result, orientation, planeIndex(volume, result, orientation)).centre;
    return result;
}

MprFrame turned(const MprFrame& frame, Orientation seenIn, double radians) {
    const PlaneAxes seen = axesOf(frame, seenIn);
    const PatientVector axis = seen.row.cross(seen.column);
    MprFrame result = frame;
    for (const Orientation orientation : kOrientations)
        if (orientation != seenIn)
            result.normals[at(orientation)] = turnedAbout(axis, radians, frame.normal(orientation));
    straighten(result, seenIn);
    for (const Orientation orientation : kOrientations) {
        if (orientation == seenIn)
            continue;
        const PlaneAxes before = axesOf(frame, orientation), after = axesOf(result, orientation);
        const PatientVector away = frame.looks[at(orientation)] - frame.centre;
        result.looks[at(orientation)] =
            frame.centre + after.row * away.dot(before.row) + after.column * away.dot(before.column);
    }
    return result;
}

HeldPlane frameHolding(const Volume& volume, const PatientPoint& point, const PatientVector& row,
                       const PatientVector& column) {
    HeldPlane best;
    double match = -1e9;
    for (const Orientation orientation : kOrientations) {
        const PlaneAxes standard = standardAxes(orientation);
        const double sense = standard.row.cross(standard.column).dot(standard.through); // sagittal looks the other way
        const PatientVector normal = (row.cross(column) * sense).normalized();
        MprFrame frame = orthogonalFrame(volume, point);
        for (const Orientation other : kOrientations)
            frame.normals[at(other)] =
                carried(standard.through, normal, standard.row, standardAxes(other).through).normalized();
        frame.normals[at(orientation)] = normal;
        straighten(frame, orientation);
        const PlaneAxes axes = axesOf(frame, orientation);
        // Of two that hold it alike the one that is turned less.
        const double own = axes.row.dot(row) + axes.column.dot(column) - 1e-4 * obliqueAngle(frame, orientation);
        if (own > match) {
            match = own;
            best = {frame, orientation};
        }
    }
    return best;
}

} // namespace yz
