#include "imaging/measure.h"

#include "imaging/display_chain.h"
#include "imaging/grey_lut.h"
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
constexpr std::array<KindName, 6> kKinds{{{MeasurementKind::Length, QLatin1String("length")},
                                          {MeasurementKind::Angle, QLatin1String("angle")},
                                          {MeasurementKind::RectangleRoi, QLatin1String("rectangle")},
                                          {MeasurementKind::EllipseRoi, QLatin1String("ellipse")},
                                          {MeasurementKind::Probe, QLatin1String("probe")},
                                          {MeasurementKind::Arrow, QLatin1String("arrow")}}};

bool isCalibrated(const PixelSpacing& spacing) {
    return spacing.calibration != Calibration::None && spacing.rowMm > 0.0 && spacing.columnMm > 0.0;
}

/// What one pixel is worth: mm where calibrated, else 1.
PixelSpacing effective(const PixelSpacing& spacing) { return isCalibrated(spacing) ? spacing : PixelSpacing{}; }

double sampleAt(const PixelBuffer& pixels, size_t index) {
    switch (pixels.type) {
    case SampleType::UInt8:
        return pixels.as<std::uint8_t>()[index];
    case SampleType::Int8:
        return pixels.as<std::int8_t>()[index];
    case SampleType::UInt16:
        return pixels.as<std::uint16_t>()[index];
    case SampleType::Int16:
        return pixels.as<std::int16_t>()[index];
    case SampleType::UInt32:
        return pixels.as<std::uint32_t>()[index];
    case SampleType::Int32:
        return pixels.as<std::int32_t>()[index];
    case SampleType::Float32:
        return static_cast<double>(pixels.as<float>()[index]);
    case SampleType::Float64:
        return pixels.as<double>()[index];
    }
    return 0.0;
}

} // namespace

QJsonObject toJson(const Measurement& measurement) {
    QJsonObject json;
    json[QLatin1String("id")] = measurement.id;
    for (const KindName& entry : kKinds) {
        if (entry.kind == measurement.kind)
            json[QLatin1String("kind")] = entry.name;
    }
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
    return json;
}

Measurement measurementFromJson(const QJsonObject& json) {
    Measurement measurement;
    measurement.id = json[QLatin1String("id")].toString();
    const QString kind = json[QLatin1String("kind")].toString();
    for (const KindName& entry : kKinds) {
        if (kind == entry.name)
            measurement.kind = entry.kind;
    }
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

MeasuredValue areaOf(const PixelSpacing& spacing, MeasurementKind kind, ImagePoint a, ImagePoint b) {
    const PixelSpacing pixel = effective(spacing);
    double area = std::abs((b.x - a.x) * pixel.columnMm * (b.y - a.y) * pixel.rowMm);
    if (kind == MeasurementKind::EllipseRoi)
        area *= std::numbers::pi / 4.0;
    return {area, isCalibrated(spacing) ? QStringLiteral("mm2") : QStringLiteral("{px}2"), pixel.calibration};
}

RoiStatistics statisticsOf(const ImageDescription& image, int frame, const PixelBuffer& pixels, MeasurementKind kind,
                           ImagePoint a, ImagePoint b) {
    RoiStatistics statistics;
    if (pixels.samplesPerPixel != 1 || image.photometric == Photometric::PaletteColor ||
        pixels.data.size() < pixels.byteCount())
        return statistics;
    const FrameDescription& description = image.frame(frame);
    const double left = std::min(a.x, b.x);
    const double right = std::max(a.x, b.x);
    const double top = std::min(a.y, b.y);
    const double bottom = std::max(a.y, b.y);
    const double centreX = (left + right) / 2.0;
    const double centreY = (top + bottom) / 2.0;
    const double radiusX = (right - left) / 2.0;
    const double radiusY = (bottom - top) / 2.0;
    const auto isInside = [&](int x, int y) {
        if (kind != MeasurementKind::EllipseRoi)
            return true;
        const double dx = radiusX > 0.0 ? (x - centreX) / radiusX : 0.0;
        const double dy = radiusY > 0.0 ? (y - centreY) / radiusY : 0.0;
        return dx * dx + dy * dy <= 1.0 + 1e-12;
    };
    const auto firstIndex = [](double from, int size) {
        return static_cast<int>(std::clamp(std::ceil(from), 0.0, static_cast<double>(size)));
    };
    const auto lastIndex = [](double to, int size) {
        return static_cast<int>(std::clamp(std::floor(to), -1.0, static_cast<double>(size - 1)));
    };
    statistics.min = std::numeric_limits<double>::infinity();
    statistics.max = -statistics.min;
    // Welford: large offsets with small spread stay exact.
    double squares = 0.0;
    const int lastY = lastIndex(bottom, pixels.rows);
    const int lastX = lastIndex(right, pixels.columns);
    for (int y = firstIndex(top, pixels.rows); y <= lastY; ++y) {
        for (int x = firstIndex(left, pixels.columns); x <= lastX; ++x) {
            if (!isInside(x, y))
                continue;
            const double stored =
                sampleAt(pixels, static_cast<size_t>(y) * static_cast<size_t>(pixels.columns) + static_cast<size_t>(x));
            if (isPadding(image, stored) || std::isnan(stored))
                continue;
            const double value = modalityValue(description, stored);
            ++statistics.pixels;
            const double away = value - statistics.mean;
            statistics.mean += away / statistics.pixels;
            squares += away * (value - statistics.mean);
            statistics.min = std::min(statistics.min, value);
            statistics.max = std::max(statistics.max, value);
        }
    }
    if (statistics.pixels == 0)
        return {};
    statistics.sd = std::sqrt(squares / statistics.pixels);
    return statistics;
}

} // namespace yz
