#pragma once

#include "imaging/reslice.h"

#include <vector>

/// Curved MPR: a surface that follows a path through a volume, laid flat without stretching it.
namespace yz {

/// A smooth line through points (centripetal Catmull-Rom: no loops, no overshoot between near points), at most `stepMm`
/// from one to the next, first and last point included. Fewer than two distinct points: as they are.
[[nodiscard]] std::vector<PatientPoint> splineThrough(const std::vector<PatientPoint>& points, double stepMm);
/// mm along the points.
[[nodiscard]] double lengthAlong(const std::vector<PatientPoint>& points);

/// The surface that the normal of the drawing plane sweeps along the path, flattened ("stretched" curved MPR): a step
/// along the picture's row is a step of the same mm along the surface, a step down is one along the normal. So the path
/// has its true length in the picture, and mm hold along both axes on the surface; the straight distance of two points
/// in the patient is another one.
struct CurvedCut {
    std::vector<PatientPoint> tops;   ///< of each column the centre of its first pixel
    std::vector<PatientVector> sides; ///< of each column the surface's normal, unit: where a slab's samples lie
    PatientVector down;               ///< unit, the same for all
    double pixelMm = 1.0;
    int width = 0, height = 0;
    std::vector<ImagePoint> path; ///< the path in the picture
    double lengthMm = 0.0;        ///< of the path

    [[nodiscard]] PatientPoint at(double x, double y) const; ///< x within the columns
};

/// The cut along a path through `points`, drawn on a plane with that normal: over all of the volume's extent along the
/// normal, head, front or right up. InvalidArgument when the points are fewer than two, or lie behind each other.
[[nodiscard]] Result<CurvedCut> curvedCut(const Volume& volume, const std::vector<PatientPoint>& points,
                                          const PatientVector& normal);

/// Values on the surface as reslice() gives them on a plane; a slab goes to both sides of the surface. Any thread.
[[nodiscard]] PixelBufferPtr resliceCurved(const Volume& volume, const CurvedCut& cut, const Slab& slab = {});

} // namespace yz
