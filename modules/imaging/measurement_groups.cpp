#include "imaging/measurement_groups.h"

#include <QHash>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace yz {
namespace {

using Shape = MeasuredRegion::Shape;

CodedText coded(const char* value, const char* scheme, const char* meaning) {
    return {QString::fromLatin1(value), QString::fromLatin1(scheme), QString::fromLatin1(meaning)};
}
CodedText own(const char* value, const char* meaning) { return coded(value, "99YUANZHEN", meaning); }

CodedText unitCode(const QString& ucum) {
    static constexpr std::array<std::pair<const char*, const char*>, 14> kMeanings{
        {{"mm", "millimeter"},
         {"mm2", "square millimeter"},
         {"mm3", "cubic millimeter"},
         {"deg", "degree"},
         {"[hnsf'U]", "Hounsfield unit"},
         {"{px}", "pixels"},
         {"{px}2", "square pixels"},
         {"{pixels}", "pixels"},
         {"s", "second"},
         {"cm/s", "centimeter per second"},
         {"cm/s2", "centimeter per square second"},
         {"Hz", "hertz"},
         {"g/ml{SUVbw}", "SUV by body weight"},
         {"1", "no units"}}};
    for (const auto& [value, meaning] : kMeanings)
        if (ucum == QLatin1String(value))
            return coded(value, "UCUM", meaning);
    return {ucum, QStringLiteral("UCUM"), ucum};
}

/// CID 7470 (linear), 7471 (area), 218 and TID 300; our own where the standard has none.
CodedText quantityOf(const Measurement& m, const MeasuredValue& value) {
    const QString& unit = value.unit;
    if (unit == QLatin1String("mm2") || unit == QLatin1String("{px}2"))
        return coded("42798000", "SCT", "Area");
    if (unit == QLatin1String("mm3"))
        return coded("118565006", "SCT", "Volume");
    if (unit == QLatin1String("g/ml{SUVbw}"))
        return coded("126401", "DCM", "SUVbw");
    if (unit == QLatin1String("s"))
        return own("TIME_SPAN", "Time span");
    if (unit == QLatin1String("cm/s"))
        return own("VELOCITY", "Velocity");
    if (unit == QLatin1String("cm/s2"))
        return own("ACCELERATION", "Acceleration");
    if (unit == QLatin1String("Hz"))
        return own("FREQUENCY", "Frequency");
    if (unit == QLatin1String("[hnsf'U]"))
        return coded("112031", "DCM", "Attenuation Coefficient");
    switch (m.kind) {
    case MeasurementKind::Angle:
        return coded("1483009", "SCT", "Angle");
    case MeasurementKind::CobbAngle:
        return own("COBB_ANGLE", "Cobb angle");
    case MeasurementKind::CardiothoracicRatio:
        return own("CTR", "Cardiothoracic ratio");
    case MeasurementKind::Length:
        return coded("410668003", "SCT", "Length");
    default:
        return own("PIXEL_VALUE", "Pixel value");
    }
}

/// Regions of the points [from, to) as a line, an outline, a point.
MeasuredRegion regionOf(const Measurement& m, Shape shape, size_t from, size_t to) {
    MeasuredRegion region;
    region.shape = shape;
    if (m.patientPoints.empty()) {
        region.points.assign(m.points.begin() + static_cast<long>(from), m.points.begin() + static_cast<long>(to));
        region.object = {m.sopClass, m.instance};
        region.frame = m.frame + 1;
    } else {
        region.patientPoints.assign(m.patientPoints.begin() + static_cast<long>(from),
                                    m.patientPoints.begin() + static_cast<long>(to));
        region.frameOfReference = m.frameOfReference;
    }
    return region;
}

/// The outline of a box, the axes of an ellipse: major end points first (PS3.3 C.18.6.1.2).
MeasuredRegion boxRegion(const Measurement& m) {
    MeasuredRegion region = regionOf(m, m.kind == MeasurementKind::EllipseRoi ? Shape::Ellipse : Shape::Polygon, 0, 0);
    const bool isEllipse = m.kind == MeasurementKind::EllipseRoi;
    if (m.patientPoints.empty()) {
        const ImagePoint a = m.points[0], b = m.points[1];
        const ImagePoint middle = (a + b) * 0.5;
        if (isEllipse) {
            region.points = {{a.x, middle.y}, {b.x, middle.y}, {middle.x, a.y}, {middle.x, b.y}};
            if (std::abs(b.y - a.y) > std::abs(b.x - a.x))
                std::rotate(region.points.begin(), region.points.begin() + 2, region.points.end());
        } else {
            region.points = {a, {b.x, a.y}, b, {a.x, b.y}};
        }
        return region;
    }
    const PatientPoint a = m.patientPoints[0], b = m.patientPoints[1];
    const PatientVector across = m.planeRow * (b - a).dot(m.planeRow);
    const PatientVector down = m.planeColumn * (b - a).dot(m.planeColumn);
    if (isEllipse) {
        region.patientPoints = {a + down * 0.5, a + across + down * 0.5, a + across * 0.5, a + across * 0.5 + down};
        if (down.length() > across.length())
            std::rotate(region.patientPoints.begin(), region.patientPoints.begin() + 2, region.patientPoints.end());
    } else {
        region.patientPoints = {a, a + across, b, a + down};
    }
    return region;
}

size_t pointsOf(const Measurement& m) { return m.patientPoints.empty() ? m.points.size() : m.patientPoints.size(); }

MeasuredNumber numberOf(const CodedText& quantity, const MeasuredValue& value, const CodedText& derivation = {}) {
    return {quantity, derivation, value.value, unitCode(value.unit), {}};
}

void addRoiNumbers(const Measurement& m, const MeasurementResult& result, MeasurementGroup& group) {
    group.numbers.push_back(numberOf(quantityOf(m, result.value), result.value));
    if (result.roi && result.roi->pixels > 0) {
        const MeasuredValue unit{0.0, ucumUnit(result.roiUnit), Calibration::None};
        const CodedText quantity = quantityOf(m, unit);
        for (const auto& [value, derivation] : {std::pair{result.roi->mean, coded("373098007", "SCT", "Mean")},
                                                {result.roi->sd, coded("386136009", "SCT", "Standard Deviation")},
                                                {result.roi->min, coded("255605001", "SCT", "Minimum")},
                                                {result.roi->max, coded("56851009", "SCT", "Maximum")}})
            group.numbers.push_back(numberOf(quantity, {value, unit.unit, Calibration::None}, derivation));
    }
    if (result.also.size() >= 2 && result.also[0].unit == QLatin1String("g/ml{SUVbw}")) {
        group.numbers.push_back(
            numberOf(quantityOf(m, result.also[0]), result.also[0], coded("373098007", "SCT", "Mean")));
        group.numbers.push_back(
            numberOf(quantityOf(m, result.also[1]), result.also[1], coded("56851009", "SCT", "Maximum")));
    }
}

MeasurementGroup groupOf(const MeasurementWithResult& given, const CodedText& findingSite) {
    const Measurement& m = given.measurement;
    MeasurementGroup group;
    group.trackingId = given.name;
    group.trackingUid = m.trackingUid;
    group.kind = {kindName(m.kind).toUpper(), QStringLiteral("99YUANZHEN"), kindName(m.kind)};
    group.findingSite = findingSite;
    group.comment = m.label;
    if (!m.patientPoints.empty())
        group.directions = {m.planeRow, m.planeColumn};
    const size_t count = pointsOf(m);
    if (count < static_cast<size_t>(pointCount(m.kind)))
        return group;
    const bool hasValue = !given.result.value.unit.isEmpty();
    if (isBoxRoi(m.kind))
        group.regions = {boxRegion(m)};
    else if (isClosedOutline(m.kind))
        group.regions = {regionOf(m, Shape::Polygon, 0, count)};
    if (!group.regions.empty()) {
        if (hasValue && m.kind != MeasurementKind::VolumeContour)
            addRoiNumbers(m, given.result, group);
        return group;
    }
    std::vector<MeasuredRegion> lines;
    if (isTwoLines(m.kind))
        lines = {regionOf(m, Shape::Polyline, 0, 2), regionOf(m, Shape::Polyline, 2, 4)};
    else
        lines = {regionOf(m, count == 1 ? Shape::Point : Shape::Polyline, 0, count)};
    if (!hasValue) {
        group.regions = lines;
        return group;
    }
    if (m.kind == MeasurementKind::Bidirectional) {
        group.numbers = {numberOf(coded("103339001", "SCT", "Long Axis"), given.result.value),
                         numberOf(coded("103340004", "SCT", "Short Axis"), given.result.also.at(0))};
        group.numbers[0].regions = {lines[0]};
        group.numbers[1].regions = {lines[1]};
        return group;
    }
    group.numbers = {numberOf(quantityOf(m, given.result.value), given.result.value)};
    group.numbers[0].regions = lines;
    if (m.kind == MeasurementKind::CardiothoracicRatio) {
        group.numbers.push_back(numberOf(own("HEART_WIDTH", "Heart width"), given.result.also.at(0)));
        group.numbers.push_back(numberOf(own("THORAX_WIDTH", "Thorax width"), given.result.also.at(1)));
    } else {
        for (const MeasuredValue& also : given.result.also)
            group.numbers.push_back(numberOf(quantityOf(m, also), also));
    }
    return group;
}

// ---- and back

/// The corners [lower, upper] of a box drawn upright in its image, or on its plane.
void boxFrom(const MeasuredRegion& region, Measurement& m) {
    if (!region.points.empty()) {
        ImagePoint low = region.points[0], high = low;
        for (const ImagePoint& p : region.points) {
            low = {std::min(low.x, p.x), std::min(low.y, p.y)};
            high = {std::max(high.x, p.x), std::max(high.y, p.y)};
        }
        m.points = {low, high};
        return;
    }
    const PatientPoint origin = region.patientPoints[0];
    double left = 0, right = 0, top = 0, bottom = 0;
    for (const PatientPoint& p : region.patientPoints) {
        const double x = (p - origin).dot(m.planeRow), y = (p - origin).dot(m.planeColumn);
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    }
    m.patientPoints = {origin + m.planeRow * left + m.planeColumn * top,
                       origin + m.planeRow * right + m.planeColumn * bottom};
}

void placeIn(const MeasuredRegion& region, Measurement& m) {
    m.instance = region.object.instance;
    m.sopClass = region.object.sopClass;
    m.frame = region.patientPoints.empty() ? region.frame - 1 : 0;
    m.frameOfReference = region.frameOfReference;
}

void append(const MeasuredRegion& region, Measurement& m) {
    m.points.insert(m.points.end(), region.points.begin(), region.points.end());
    m.patientPoints.insert(m.patientPoints.end(), region.patientPoints.begin(), region.patientPoints.end());
}

std::vector<std::pair<QString, MeasuredValue>> valuesOf(const MeasurementGroup& group) {
    std::vector<std::pair<QString, MeasuredValue>> values;
    for (const MeasuredNumber& number : group.numbers) {
        QString what = number.quantity.meaning.isEmpty() ? number.quantity.value : number.quantity.meaning;
        if (!number.derivation.isEmpty())
            what += QStringLiteral(", ") + number.derivation.meaning;
        values.emplace_back(what, MeasuredValue{number.value, number.unit.value, Calibration::None});
    }
    return values;
}

std::vector<MeasuredRegion> regionsOf(const MeasurementGroup& group) {
    std::vector<MeasuredRegion> regions = group.regions;
    for (const MeasuredNumber& number : group.numbers)
        for (const MeasuredRegion& region : number.regions)
            if (std::find(regions.begin(), regions.end(), region) == regions.end())
                regions.push_back(region);
    return regions;
}

/// Plane directions of points in space that another maker drew: of the first corner and the one that opens most.
void directionsFrom(Measurement& m) {
    const std::vector<PatientPoint>& points = m.patientPoints;
    if (points.size() < 3)
        return;
    const PatientVector row = (points[1] - points[0]).normalized();
    PatientVector best{};
    for (const PatientPoint& p : points) {
        const PatientVector away = p - points[0];
        const PatientVector square = away - row * away.dot(row);
        if (square.length() > best.length())
            best = square;
    }
    m.planeRow = row;
    m.planeColumn = best.normalized();
}

template <typename Point>
std::vector<Point> ellipseOutline(const Point& a, const Point& b, const Point& c, const Point& d) {
    constexpr int corners = 72;
    const Point middle = (a + b) * 0.5;
    const Point major = (b - a) * 0.5, minor = (d - c) * 0.5;
    std::vector<Point> outline;
    for (int i = 0; i < corners; ++i) {
        const double at = 2.0 * std::numbers::pi * i / corners;
        outline.push_back(middle + major * std::cos(at) + minor * std::sin(at));
    }
    return outline;
}

Measurement foreignShape(const MeasuredRegion& region) {
    Measurement m;
    placeIn(region, m);
    append(region, m);
    const size_t count = pointsOf(m);
    switch (region.shape) {
    case Shape::Point:
    case Shape::MultiPoint:
        m.kind = MeasurementKind::Probe;
        break;
    case Shape::Polyline:
        m.kind = count == 3 ? MeasurementKind::Angle : MeasurementKind::Length;
        break;
    case Shape::Polygon:
        m.kind = MeasurementKind::FreehandRoi;
        break;
    case Shape::Circle: // centre and a point on it
        if (m.points.size() == 2) {
            const double radius = (m.points[1] - m.points[0]).length();
            m.points = {m.points[0] - ImagePoint{radius, radius}, m.points[0] + ImagePoint{radius, radius}};
        }
        m.kind = MeasurementKind::EllipseRoi;
        break;
    case Shape::Ellipse:
        m.kind = MeasurementKind::FreehandRoi;
        if (m.points.size() == 4)
            m.points = ellipseOutline(m.points[0], m.points[1], m.points[2], m.points[3]);
        if (m.patientPoints.size() == 4)
            m.patientPoints =
                ellipseOutline(m.patientPoints[0], m.patientPoints[1], m.patientPoints[2], m.patientPoints[3]);
        break;
    }
    if (region.shape == Shape::Polygon || region.shape == Shape::Ellipse)
        directionsFrom(m);
    return m;
}

void addOwn(const MeasurementGroup& group, MeasurementKind kind, std::vector<ReportedMeasurement>& out) {
    const std::vector<MeasuredRegion> regions = regionsOf(group);
    ReportedMeasurement reported;
    Measurement& m = reported.measurement;
    m.kind = kind;
    m.label = group.comment;
    m.trackingUid = group.trackingUid;
    if (group.directions.size() == 2) {
        m.planeRow = group.directions[0];
        m.planeColumn = group.directions[1];
    }
    reported.name = group.trackingId;
    reported.values = valuesOf(group);
    if (kind == MeasurementKind::VolumeContour) {
        // One measurement an outline; which is which goes with the order.
        m.group = group.trackingUid;
        for (size_t i = 0; i < regions.size(); ++i) {
            ReportedMeasurement outline = reported;
            placeIn(regions[i], outline.measurement);
            append(regions[i], outline.measurement);
            outline.measurement.trackingUid = group.trackingUid + u'.' + QString::number(i + 1);
            out.push_back(std::move(outline));
        }
        return;
    }
    if (regions.empty())
        return;
    placeIn(regions.front(), m);
    if (isBoxRoi(kind)) {
        boxFrom(regions.front(), m);
    } else {
        for (const MeasuredRegion& region : regions)
            append(region, m);
    }
    out.push_back(std::move(reported));
}

} // namespace

std::vector<MeasurementGroup> groupsOf(const std::vector<MeasurementWithResult>& measurements,
                                       const CodedText& findingSite) {
    std::vector<MeasurementGroup> groups;
    QHash<QString, size_t> volumes;
    for (const MeasurementWithResult& given : measurements) {
        const Measurement& m = given.measurement;
        MeasurementGroup group = groupOf(given, findingSite);
        if (m.kind != MeasurementKind::VolumeContour || m.group.isEmpty()) {
            groups.push_back(std::move(group));
            continue;
        }
        group.trackingUid = m.group;
        if (const auto known = volumes.constFind(m.group); known != volumes.constEnd()) {
            std::vector<MeasuredRegion>& regions = groups[*known].regions;
            regions.insert(regions.end(), group.regions.begin(), group.regions.end());
            continue;
        }
        if (!given.result.also.empty() && given.result.also.back().unit == QLatin1String("mm3"))
            group.numbers = {numberOf(quantityOf(m, given.result.also.back()), given.result.also.back())};
        volumes.insert(m.group, groups.size());
        groups.push_back(std::move(group));
    }
    return groups;
}

std::vector<ReportedMeasurement> reportedMeasurements(const MeasurementReport& report) {
    std::vector<ReportedMeasurement> out;
    for (const MeasurementGroup& group : report.groups) {
        const auto kind =
            group.kind.scheme == QLatin1String("99YUANZHEN") ? kindOfName(group.kind.meaning) : std::nullopt;
        if (kind) {
            addOwn(group, *kind, out);
            continue;
        }
        bool isFirst = true;
        for (const MeasuredRegion& region : regionsOf(group)) {
            ReportedMeasurement reported;
            reported.measurement = foreignShape(region);
            reported.measurement.trackingUid = group.trackingUid;
            if (isFirst) {
                reported.name = !group.finding.meaning.isEmpty() ? group.finding.meaning : group.trackingId;
                reported.values = valuesOf(group);
                isFirst = false;
            }
            out.push_back(std::move(reported));
        }
    }
    return out;
}

} // namespace yz
