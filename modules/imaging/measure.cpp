#include "imaging/measure.h"

#include "imaging/ultrasound.h"

#include <QJsonArray>
#include <QJsonValue>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace yz {
namespace {

struct KindName {
    MeasurementKind kind;
    QLatin1String name;
};
constexpr std::array<KindName, 12> kKinds{{{MeasurementKind::Length, QLatin1String("length")},
                                           {MeasurementKind::Angle, QLatin1String("angle")},
                                           {MeasurementKind::RectangleRoi, QLatin1String("rectangle")},
                                           {MeasurementKind::EllipseRoi, QLatin1String("ellipse")},
                                           {MeasurementKind::Probe, QLatin1String("probe")},
                                           {MeasurementKind::Arrow, QLatin1String("arrow")},
                                           {MeasurementKind::CobbAngle, QLatin1String("cobb")},
                                           {MeasurementKind::CardiothoracicRatio, QLatin1String("cardiothoracic")},
                                           {MeasurementKind::FreehandRoi, QLatin1String("freehand")},
                                           {MeasurementKind::Bidirectional, QLatin1String("bidirectional")},
                                           {MeasurementKind::VolumeContour, QLatin1String("contour")},
                                           {MeasurementKind::Text, QLatin1String("text")}}};

bool isCalibrated(const PixelSpacing& spacing) {
    return spacing.calibration != Calibration::None && spacing.rowMm > 0.0 && spacing.columnMm > 0.0;
}

/// What one pixel is worth: mm where calibrated, else 1.
PixelSpacing effective(const PixelSpacing& spacing) { return isCalibrated(spacing) ? spacing : PixelSpacing{}; }

/// To single precision. volatile: gcc 12 vectorises a plain double -> float -> double away (from -O2).
double rounded(double x) {
    volatile float single = static_cast<float>(x);
    return static_cast<double>(single);
}
double storedPixel(double x) { return rounded(x + 0.5) - 0.5; }
double storedMm(double x) { return rounded(x); }

QJsonArray toArray(const PatientVector& v) { return {v.x, v.y, v.z}; }
PatientVector vectorOf(const QJsonValue& value) {
    const QJsonArray array = value.toArray();
    return {array.at(0).toDouble(), array.at(1).toDouble(), array.at(2).toDouble()};
}

} // namespace

int pointCount(MeasurementKind kind) {
    switch (kind) {
    case MeasurementKind::Angle:
    case MeasurementKind::FreehandRoi:
    case MeasurementKind::VolumeContour:
        return 3;
    case MeasurementKind::Probe:
    case MeasurementKind::Text:
        return 1;
    case MeasurementKind::CobbAngle:
    case MeasurementKind::CardiothoracicRatio:
    case MeasurementKind::Bidirectional:
        return 4;
    default:
        return 2;
    }
}

bool isBoxRoi(MeasurementKind kind) {
    return kind == MeasurementKind::RectangleRoi || kind == MeasurementKind::EllipseRoi;
}

bool isClosedOutline(MeasurementKind kind) {
    return kind == MeasurementKind::FreehandRoi || kind == MeasurementKind::VolumeContour;
}

bool isTwoLines(MeasurementKind kind) { return pointCount(kind) == 4; }

QString kindName(MeasurementKind kind) {
    for (const KindName& entry : kKinds)
        if (entry.kind == kind)
            return entry.name;
    return {};
}

std::optional<MeasurementKind> kindOfName(const QString& name) {
    for (const KindName& entry : kKinds)
        if (entry.name == name)
            return entry.kind;
    return std::nullopt;
}

void roundForStorage(Measurement& measurement) {
    if (isBoxRoi(measurement.kind) && measurement.points.size() == 2) {
        ImagePoint &a = measurement.points[0], &b = measurement.points[1];
        const ImagePoint low{std::min(a.x, b.x), std::min(a.y, b.y)};
        b = {std::max(a.x, b.x), std::max(a.y, b.y)};
        a = low;
    }
    for (ImagePoint& point : measurement.points)
        point = {storedPixel(point.x), storedPixel(point.y)};
    for (PatientPoint& point : measurement.patientPoints)
        point = {storedMm(point.x), storedMm(point.y), storedMm(point.z)};
}

QJsonObject toJson(const Measurement& measurement) {
    QJsonObject json;
    json[QLatin1String("id")] = measurement.id;
    json[QLatin1String("kind")] = kindName(measurement.kind);
    json[QLatin1String("label")] = measurement.label;
    json[QLatin1String("series")] = measurement.series.value();
    json[QLatin1String("instance")] = measurement.instance.value();
    json[QLatin1String("sopClass")] = measurement.sopClass.value();
    json[QLatin1String("frame")] = measurement.frame;
    QJsonArray points;
    for (const ImagePoint& point : measurement.points)
        points.append(QJsonArray{point.x, point.y});
    json[QLatin1String("points")] = points;
    QJsonArray patientPoints;
    for (const PatientPoint& point : measurement.patientPoints)
        patientPoints.append(QJsonArray{point.x, point.y, point.z});
    json[QLatin1String("patientPoints")] = patientPoints;
    if (!measurement.patientPoints.empty()) {
        json[QLatin1String("planeRow")] = toArray(measurement.planeRow);
        json[QLatin1String("planeColumn")] = toArray(measurement.planeColumn);
        json[QLatin1String("frameOfReference")] = measurement.frameOfReference.value();
    }
    if (measurement.slab.isThick()) {
        json[QLatin1String("slab")] = slabName(measurement.slab.mode);
        json[QLatin1String("slabMm")] = measurement.slab.thicknessMm;
    }
    json[QLatin1String("trackingUid")] = measurement.trackingUid;
    if (!measurement.group.isEmpty())
        json[QLatin1String("group")] = measurement.group;
    return json;
}

Measurement measurementFromJson(const QJsonObject& json) {
    Measurement measurement;
    measurement.id = json[QLatin1String("id")].toString();
    measurement.kind = kindOfName(json[QLatin1String("kind")].toString()).value_or(MeasurementKind::Length);
    measurement.label = json[QLatin1String("label")].toString();
    measurement.series = SeriesUid(json[QLatin1String("series")].toString());
    measurement.instance = InstanceUid(json[QLatin1String("instance")].toString());
    measurement.sopClass = SopClassUid(json[QLatin1String("sopClass")].toString());
    measurement.frame = json[QLatin1String("frame")].toInt();
    const QJsonArray points = json[QLatin1String("points")].toArray();
    for (const QJsonValue value : points) {
        const QJsonArray point = value.toArray();
        measurement.points.push_back({point.at(0).toDouble(), point.at(1).toDouble()});
    }
    const QJsonArray patientPoints = json[QLatin1String("patientPoints")].toArray();
    for (const QJsonValue value : patientPoints) {
        const QJsonArray point = value.toArray();
        measurement.patientPoints.push_back({point.at(0).toDouble(), point.at(1).toDouble(), point.at(2).toDouble()});
    }
    measurement.planeRow = vectorOf(json[QLatin1String("planeRow")]);
    measurement.planeColumn = vectorOf(json[QLatin1String("planeColumn")]);
    measurement.frameOfReference = FrameOfReferenceUid(json[QLatin1String("frameOfReference")].toString());
    measurement.slab = {slabOfName(json[QLatin1String("slab")].toString()), json[QLatin1String("slabMm")].toDouble()};
    measurement.trackingUid = json[QLatin1String("trackingUid")].toString();
    measurement.group = json[QLatin1String("group")].toString();
    return measurement;
}

PixelSpacing spacingAt(const ImageDescription& image, int frame, ImagePoint point) {
    // Regions may lie inside each other (a trace over a B-mode picture): the smallest one counts, and one whose axes
    // are no lengths takes the point out of the picture around it.
    if (const UltrasoundRegion* region = regionAt(image, point))
        return isLengthRegion(*region) ? PixelSpacing{region->rowMm, region->columnMm, Calibration::UltrasoundRegion}
                                       : PixelSpacing{};
    const PixelSpacing& spacing = image.frame(frame).spacing;
    if (isCalibrated(spacing))
        return spacing;
    const bool hasAspect = image.pixelAspectRows > 0.0 && image.pixelAspectColumns > 0.0;
    return hasAspect ? PixelSpacing{image.pixelAspectRows / image.pixelAspectColumns, 1.0, Calibration::None}
                     : PixelSpacing{};
}

MeasuredValue lengthOf(const PixelSpacing& spacing, ImagePoint a, ImagePoint b) {
    const PixelSpacing pixel = effective(spacing);
    const ImagePoint way = b - a;
    return {std::hypot(way.x * pixel.columnMm, way.y * pixel.rowMm),
            isCalibrated(spacing) ? QStringLiteral("mm") : QStringLiteral("{px}"), pixel.calibration};
}

MeasuredValue angleOf(const PixelSpacing& spacing, ImagePoint a, ImagePoint vertex, ImagePoint b) {
    // Without a size a pixel still has a shape (0028,0034), and angles need no more.
    const PixelSpacing pixel = spacing.rowMm > 0.0 && spacing.columnMm > 0.0 ? spacing : PixelSpacing{};
    const auto scaled = [&](ImagePoint point) {
        const ImagePoint way = point - vertex;
        return ImagePoint{way.x * pixel.columnMm, way.y * pixel.rowMm};
    };
    const ImagePoint u = scaled(a);
    const ImagePoint v = scaled(b);
    const double angle = std::atan2(std::abs(u.x * v.y - u.y * v.x), u.x * v.x + u.y * v.y);
    return {angle * 180.0 / std::numbers::pi, QStringLiteral("deg"), pixel.calibration};
}

} // namespace yz
