#include "imaging/stack_geometry.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace yz {
namespace {

constexpr double kSamePositionMm = 0.005;
constexpr double kGridShare = 0.10;    ///< of the step; slices this near the grid are taken as on it
constexpr double kWidestBridgeMm = 10; ///< a larger lesion could lie unseen in between
constexpr double kWidestSteps = 2.05;  ///< one missing slice

/// Least-squares slope of `values` over `at`, and the value at 0.
void fitLine(const std::vector<double>& at, const std::vector<double>& values, double& start, double& slope) {
    const double n = static_cast<double>(at.size());
    double sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
    for (size_t i = 0; i < at.size(); ++i) {
        sumX += at[i];
        sumY += values[i];
        sumXX += at[i] * at[i];
        sumXY += at[i] * values[i];
    }
    const double denominator = n * sumXX - sumX * sumX;
    slope = denominator > 0.0 ? (n * sumXY - sumX * sumY) / denominator : 0.0;
    start = n > 0.0 ? (sumY - slope * sumX) / n : 0.0;
}

} // namespace

PatientVector stackingNormal(const PlanePosition& plane) {
    const PatientVector normal = plane.normal().normalized();
    const double ax = std::abs(normal.x);
    const double ay = std::abs(normal.y);
    const double az = std::abs(normal.z);
    const double dominant = az >= ax && az >= ay ? normal.z : (ax >= ay ? normal.x : normal.y);
    return dominant < 0.0 ? normal * -1.0 : normal;
}

StackGeometry measureStack(const std::vector<FrameRef>& frames, const PatientVector& direction) {
    StackGeometry geometry;
    geometry.direction = direction;
    std::vector<PatientPoint> points;
    for (const FrameRef& frame : frames) {
        const PatientPoint point = frame.description().plane->position;
        if (!points.empty() && std::abs((point - points.back()).dot(direction)) < kSamePositionMm)
            ++geometry.duplicates;
        else
            points.push_back(point);
    }
    if (points.size() < 2)
        return geometry;

    std::vector<double> distances;
    for (size_t i = 1; i < points.size(); ++i)
        distances.push_back((points[i] - points[i - 1]).dot(direction));
    std::vector<double> ordered = distances;
    std::nth_element(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(ordered.size() / 2), ordered.end());
    geometry.medianMm = ordered[ordered.size() / 2];
    geometry.narrowestMm = *std::min_element(distances.begin(), distances.end());
    const auto widest = std::max_element(distances.begin(), distances.end());
    geometry.widestMm = *widest;
    geometry.widestAtMm = points[static_cast<size_t>(widest - distances.begin())].dot(direction);

    // A distance near a multiple of the median is a gap. Where gaps are common the series was not acquired at one
    // distance at all (a head at 2.5 mm below and 5 mm above the tentorium), which is uneven, not incomplete.
    int gaps = 0;
    for (const double distance : distances) {
        if (distance > 1.5 * geometry.medianMm)
            ++gaps;
    }
    const bool gapsAreHoles = 4 * gaps <= static_cast<int>(distances.size());
    std::vector<double> index{0.0};
    for (size_t i = 0; i < distances.size(); ++i) {
        double steps = 1.0;
        if (gapsAreHoles && distances[i] > 1.5 * geometry.medianMm) {
            steps = std::round(distances[i] / geometry.medianMm);
            if (geometry.missing == 0)
                geometry.firstGapAtMm = points[i].dot(direction);
            geometry.missing += static_cast<int>(std::min(steps, 1e6)) - 1;
        }
        index.push_back(index.back() + steps);
    }

    std::vector<double> along, xs, ys, zs;
    for (const PatientPoint& point : points) {
        along.push_back(point.dot(direction));
        xs.push_back(point.x);
        ys.push_back(point.y);
        zs.push_back(point.z);
    }
    for (const double at : index)
        geometry.gridIndex.push_back(static_cast<int>(std::min(at, 1e9)));
    double start = 0.0;
    fitLine(index, along, start, geometry.stepMm);
    for (size_t i = 0; i < along.size(); ++i)
        geometry.deviationMm =
            std::max(geometry.deviationMm, std::abs(along[i] - (start + index[i] * geometry.stepMm)));

    // The stacking line as a function of the way along the normal, so that uneven distances do not bend it.
    PatientPoint origin;
    PatientVector perMm;
    fitLine(along, xs, origin.x, perMm.x);
    fitLine(along, ys, origin.y, perMm.y);
    fitLine(along, zs, origin.z, perMm.z);
    const PatientVector sideways = perMm - direction * perMm.dot(direction);
    geometry.shiftPerSlice = sideways * geometry.stepMm;
    geometry.tiltDeg = std::atan(sideways.length()) * 180.0 / std::numbers::pi;
    for (size_t i = 0; i < points.size(); ++i) {
        const PatientVector residual = points[i] - (origin + perMm * along[i]);
        const PatientVector lateral = residual - direction * residual.dot(direction);
        geometry.lateralMm = std::max(geometry.lateralMm, lateral.length());
    }
    return geometry;
}

bool needsResampling(const StackGeometry& geometry) {
    return geometry.missing > 0 || geometry.deviationMm > kGridShare * geometry.stepMm;
}

double widestBridgeMm(const StackGeometry& geometry) {
    return needsResampling(geometry) ? std::min(kWidestBridgeMm, kWidestSteps * geometry.medianMm)
                                     : std::numeric_limits<double>::infinity();
}

} // namespace yz
