#include "imaging/plane_axes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace yz {
namespace {

int pixelsOver(double lengthMm, double pixelMm) {
    return static_cast<int>(std::ceil(std::max(lengthMm, 0.0) / pixelMm - 1e-6)) + 1;
}

} // namespace

SlicePlane standardPlane(const Volume& volume, Orientation orientation, const PatientPoint& through) {
    const PlaneAxes axes = standardAxes(orientation);
    const PlaneExtent across = extentOf(volume, axes.row);
    const PlaneExtent down = extentOf(volume, axes.column);
    SlicePlane plane;
    plane.row = axes.row;
    plane.column = axes.column;
    plane.pixelMm = std::min(voxelMm(volume, axes.row), voxelMm(volume, axes.column));
    const double longest = std::max(across.high - across.low, down.high - down.low);
    plane.pixelMm = std::max(plane.pixelMm, longest / (kLargestPlaneSide - 1));
    plane.width = pixelsOver(across.high - across.low, plane.pixelMm);
    plane.height = pixelsOver(down.high - down.low, plane.pixelMm);
    plane.origin = axes.row * across.low + axes.column * down.low + axes.through * through.dot(axes.through);
    return plane;
}

int planeCount(const Volume& volume, Orientation orientation) {
    const PatientVector through = standardAxes(orientation).through;
    const PlaneExtent extent = extentOf(volume, through);
    return static_cast<int>(std::floor((extent.high - extent.low) / voxelMm(volume, through) + 1e-6)) + 1;
}

SlicePlane planeOfIndex(const Volume& volume, Orientation orientation, int index) {
    const PatientVector through = standardAxes(orientation).through;
    const PlaneExtent extent = extentOf(volume, through);
    const int clamped = std::clamp(index, 0, planeCount(volume, orientation) - 1);
    return standardPlane(volume, orientation, through * (extent.low + clamped * voxelMm(volume, through)));
}

int indexOfPlane(const Volume& volume, Orientation orientation, const PatientPoint& point) {
    const PatientVector through = standardAxes(orientation).through;
    const PlaneExtent extent = extentOf(volume, through);
    const double index = std::round((point.dot(through) - extent.low) / voxelMm(volume, through));
    return static_cast<int>(std::clamp(index, 0.0, static_cast<double>(planeCount(volume, orientation) - 1)));
}

bool intersectionLine(const SlicePlane& plane, const SlicePlane& other, ImagePoint& from, ImagePoint& to) {
    if (plane.width <= 0 || plane.height <= 0)
        return false;
    // Points of this plane on the other one: a x + b y + c = 0 in pixels, a and b in mm per pixel.
    const PatientVector normal = other.normal().normalized();
    const double a = normal.dot(plane.row) * plane.pixelMm;
    const double b = normal.dot(plane.column) * plane.pixelMm;
    const double c = normal.dot(plane.origin - other.origin);
    const double squared = a * a + b * b;
    if (!(squared > 1e-12 * plane.pixelMm * plane.pixelMm))
        return false;
    const ImagePoint foot{-a * c / squared, -b * c / squared};
    const double length = std::sqrt(squared);
    const ImagePoint direction{-b / length, a / length};
    double low = -1e300;
    double high = 1e300;
    const std::array<std::array<double, 3>, 2> sides{
        {{foot.x, direction.x, plane.width - 0.5}, {foot.y, direction.y, plane.height - 0.5}}};
    for (const auto& [at, step, end] : sides) {
        if (std::abs(step) < 1e-12) {
            if (at < -0.5 || at > end)
                return false;
            continue;
        }
        const double t0 = (-0.5 - at) / step;
        const double t1 = (end - at) / step;
        low = std::max(low, std::min(t0, t1));
        high = std::min(high, std::max(t0, t1));
    }
    if (low > high)
        return false;
    from = foot + direction * low;
    to = foot + direction * high;
    return true;
}

QString orientationLetters(const PatientVector& direction) {
    constexpr double kSmallest = 0.05; // about three degrees: less is not worth a letter
    struct Part {
        double size;
        char16_t letter;
    };
    const PatientVector unit = direction.normalized();
    std::array<Part, 3> parts{{{std::abs(unit.x), unit.x < 0 ? u'R' : u'L'},
                               {std::abs(unit.y), unit.y < 0 ? u'A' : u'P'},
                               {std::abs(unit.z), unit.z < 0 ? u'F' : u'H'}}};
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.size > b.size; });
    QString letters;
    for (const Part& part : parts) {
        if (part.size >= kSmallest)
            letters += QChar(part.letter);
    }
    return letters;
}

} // namespace yz
