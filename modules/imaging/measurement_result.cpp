#include "imaging/measurement_result.h"

#include "imaging/display_chain.h"
#include "imaging/polygon.h"
#include "imaging/suv.h"
#include "imaging/two_lines.h"
#include "imaging/ultrasound.h"

#include <cmath>

namespace yz {
namespace {

QString suvUnit() { return QStringLiteral("g/ml{SUVbw}"); }

TwoLines linesOf(const Measurement& m) { return {m.points[0], m.points[1], m.points[2], m.points[3]}; }

/// Length, or what the axes of an ultrasound strip make of it.
void evaluateSpan(const ImageDescription& image, const PixelSpacing& spacing, ImagePoint a, ImagePoint b,
                  MeasurementResult& result) {
    result.value = lengthOf(spacing, a, b);
    if (std::vector<MeasuredValue> span = regionSpan(image, a, b); !span.empty()) {
        result.value = span.front();
        result.also.assign(span.begin() + 1, span.end());
    }
}

void evaluateRoi(const Measurement& m, const ImageDescription& image, int frame, const PixelBufferPtr& pixels,
                 const PixelSpacing& spacing, MeasurementResult& result) {
    if (isClosedOutline(m.kind) && !isSimplePolygon(m.points)) {
        result.problem = MeasurementResult::Problem::CrossesItself;
        return;
    }
    result.value = areaOf(spacing, m.kind, m.points);
    const bool isGrey = image.samplesPerPixel == 1 && image.photometric != Photometric::PaletteColor;
    result.needsPixels = isGrey && !pixels;
    if (!isGrey || !pixels)
        return;
    result.roi = statisticsOf(image, frame, *pixels, m.kind, m.points);
    result.roiUnit = image.frame(frame).rescaleUnit;
    if (const Result<double> factor = suvFactor(image); factor && result.roi->pixels > 0)
        for (const double value : {result.roi->mean, result.roi->max})
            result.also.push_back({value * *factor, suvUnit(), Calibration::None});
}

void evaluateProbe(const Measurement& m, const ImageDescription& image, int frame, const PixelBufferPtr& pixels,
                   const PixelSpacing& spacing, MeasurementResult& result) {
    if (const auto value = regionValueAt(image, m.points[0])) {
        result.value = *value;
        return;
    }
    const bool isGrey = image.samplesPerPixel == 1 && image.photometric != Photometric::PaletteColor;
    result.needsPixels = isGrey && !pixels;
    const auto x = std::lround(m.points[0].x), y = std::lround(m.points[0].y);
    if (!isGrey || !pixels || x < 0 || y < 0 || x >= pixels->columns || y >= pixels->rows)
        return;
    const double stored = storedValue(*pixels, static_cast<size_t>(y) * pixels->columns + static_cast<size_t>(x));
    result.value = {modalityValue(image.frame(frame), stored), ucumUnit(image.frame(frame).rescaleUnit),
                    spacing.calibration};
    if (const Result<double> factor = suvFactor(image))
        result.also.push_back({result.value.value * *factor, suvUnit(), Calibration::None});
}

} // namespace

QString ucumUnit(const QString& rescaleUnit) {
    if (rescaleUnit.isEmpty() || rescaleUnit == QLatin1String("US"))
        return QStringLiteral("1");
    return rescaleUnit == QLatin1String("HU") ? QStringLiteral("[hnsf'U]") : rescaleUnit;
}

MeasurementResult evaluate(const Measurement& m, const ImageDescription& image, int frame,
                           const PixelBufferPtr& given) {
    MeasurementResult result;
    if (static_cast<int>(m.points.size()) < pointCount(m.kind))
        return result;
    // A picture of reduced resolution is for the eye only.
    const PixelBufferPtr pixels = given && given->reduction == 0 ? given : nullptr;
    const PixelSpacing spacing = spacingAt(image, frame, m.points.front());
    switch (m.kind) {
    case MeasurementKind::Length:
        evaluateSpan(image, spacing, m.points[0], m.points[1], result);
        break;
    case MeasurementKind::Angle:
        result.value = angleOf(spacing, m.points[0], m.points[1], m.points[2]);
        break;
    case MeasurementKind::CobbAngle:
        result.value = cobbAngleOf(spacing, linesOf(m));
        break;
    case MeasurementKind::CardiothoracicRatio:
        result.value = ratioOf(spacing, linesOf(m));
        result.also = {lengthOf(spacing, m.points[0], m.points[1]), lengthOf(spacing, m.points[2], m.points[3])};
        break;
    case MeasurementKind::Bidirectional:
        result.value = lengthOf(spacing, m.points[0], m.points[1]);
        result.also = {lengthOf(spacing, m.points[2], m.points[3])};
        break;
    case MeasurementKind::RectangleRoi:
    case MeasurementKind::EllipseRoi:
    case MeasurementKind::FreehandRoi:
    case MeasurementKind::VolumeContour:
        evaluateRoi(m, image, frame, pixels, spacing, result);
        break;
    case MeasurementKind::Probe:
        evaluateProbe(m, image, frame, pixels, spacing, result);
        break;
    case MeasurementKind::Arrow:
    case MeasurementKind::Text:
        break;
    }
    return result;
}

std::optional<Measurement> onPlane(const Measurement& measurement, const SlicePlane& plane, double toleranceMm) {
    constexpr double parallel = 1.0 - 1e-6;
    constexpr double level = 0.01; // mm: what rounding leaves
    if (measurement.patientPoints.empty())
        return std::nullopt;
    const bool hasDirections = measurement.planeRow.length() > 0.5;
    if (hasDirections && isBoxRoi(measurement.kind) &&
        (measurement.planeRow.dot(plane.row) < parallel || measurement.planeColumn.dot(plane.column) < parallel))
        return std::nullopt;
    if (hasDirections && isClosedOutline(measurement.kind) &&
        std::abs(measurement.planeRow.cross(measurement.planeColumn).dot(plane.normal())) < parallel)
        return std::nullopt;
    // A line that goes through the tolerance at a slant would be measured too short here.
    const bool mustBeLevel = hasDirections && !isBoxRoi(measurement.kind) && !isClosedOutline(measurement.kind) &&
                             measurement.kind != MeasurementKind::Arrow;
    const double depth = (measurement.patientPoints.front() - plane.origin).dot(plane.normal());
    Measurement result = measurement;
    result.points.clear();
    for (const PatientPoint& point : measurement.patientPoints) {
        const PatientVector offset = point - plane.origin;
        const double away = offset.dot(plane.normal());
        if (std::abs(away) > toleranceMm || (mustBeLevel && std::abs(away - depth) > level))
            return std::nullopt;
        result.points.push_back({offset.dot(plane.row) / plane.pixelMm, offset.dot(plane.column) / plane.pixelMm});
    }
    return result;
}

Measurement keptOnPlane(Measurement measurement, const SlicePlane& plane, const FrameOfReferenceUid& frameOfReference) {
    measurement.patientPoints.clear();
    for (const ImagePoint& point : measurement.points)
        measurement.patientPoints.push_back(plane.at(point.x, point.y));
    measurement.points.clear();
    measurement.instance = {};
    measurement.sopClass = {};
    measurement.frame = 0;
    measurement.planeRow = plane.row;
    measurement.planeColumn = plane.column;
    measurement.frameOfReference = frameOfReference;
    return measurement;
}

} // namespace yz
