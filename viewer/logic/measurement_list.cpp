#include "viewer/measurement_list.h"

#include "imaging/display_chain.h"
#include "imaging/suv.h"
#include "imaging/ultrasound.h"

#include <QJsonObject>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {
constexpr size_t undoDepth = 200;
} // namespace

const Measurement* MeasurementList::find(const QString& id) const {
    const auto found = std::find_if(m_items.begin(), m_items.end(), [&](const Measurement& m) { return m.id == id; });
    return found == m_items.end() ? nullptr : &*found;
}

void MeasurementList::remember() {
    m_undo.push_back(m_items);
    if (m_undo.size() > undoDepth)
        m_undo.erase(m_undo.begin());
    m_redo.clear();
}

QString MeasurementList::add(Measurement measurement) {
    remember();
    while (measurement.id.isEmpty() || find(measurement.id))
        measurement.id = QStringLiteral("m%1").arg(m_nextId++);
    const QString id = measurement.id;
    m_items.push_back(std::move(measurement));
    Q_EMIT changed();
    return id;
}

void MeasurementList::change(const Measurement& measurement, bool merge) {
    const auto found =
        std::find_if(m_items.begin(), m_items.end(), [&](const Measurement& m) { return m.id == measurement.id; });
    if (found == m_items.end() || *found == measurement)
        return;
    if (!merge)
        remember();
    *found = measurement;
    Q_EMIT changed();
}

void MeasurementList::remove(const QString& id) {
    if (!find(id))
        return;
    remember();
    std::erase_if(m_items, [&](const Measurement& m) { return m.id == id; });
    Q_EMIT changed();
}

void MeasurementList::removeAll() {
    if (m_items.empty())
        return;
    remember();
    m_items.clear();
    Q_EMIT changed();
}

void MeasurementList::undo() {
    if (m_undo.empty())
        return;
    m_redo.push_back(std::exchange(m_items, std::move(m_undo.back())));
    m_undo.pop_back();
    Q_EMIT changed();
}

void MeasurementList::redo() {
    if (m_redo.empty())
        return;
    m_undo.push_back(std::exchange(m_items, std::move(m_redo.back())));
    m_redo.pop_back();
    Q_EMIT changed();
}

QJsonArray MeasurementList::toJson() const {
    QJsonArray array;
    for (const Measurement& measurement : m_items)
        array.append(yz::toJson(measurement));
    return array;
}

void MeasurementList::load(const QJsonArray& json) {
    m_items.clear();
    m_undo.clear();
    m_redo.clear();
    for (const QJsonValue& value : json)
        m_items.push_back(measurementFromJson(value.toObject()));
    m_nextId = 1;
    Q_EMIT changed();
}

int pointCount(MeasurementKind kind) {
    switch (kind) {
    case MeasurementKind::Angle:
        return 3;
    case MeasurementKind::Probe:
        return 1;
    default:
        return 2;
    }
}

QString ucumUnit(const QString& rescaleUnit) {
    if (rescaleUnit.isEmpty() || rescaleUnit == QLatin1String("US"))
        return QStringLiteral("1");
    return rescaleUnit == QLatin1String("HU") ? QStringLiteral("[hnsf'U]") : rescaleUnit;
}

namespace {

QString suvUnit() { return QStringLiteral("g/ml{SUVbw}"); }

double storedValue(const PixelBuffer& pixels, size_t at) {
    switch (pixels.type) {
    case SampleType::UInt8:
        return pixels.as<std::uint8_t>()[at];
    case SampleType::Int8:
        return pixels.as<std::int8_t>()[at];
    case SampleType::UInt16:
        return pixels.as<std::uint16_t>()[at];
    case SampleType::Int16:
        return pixels.as<std::int16_t>()[at];
    case SampleType::UInt32:
        return pixels.as<std::uint32_t>()[at];
    case SampleType::Int32:
        return pixels.as<std::int32_t>()[at];
    case SampleType::Float32:
        return pixels.as<float>()[at];
    case SampleType::Float64:
        return pixels.as<double>()[at];
    }
    return 0;
}

} // namespace

MeasurementResult evaluate(const Measurement& m, const ImageDescription& image, int frame,
                           const PixelBufferPtr& decoded) {
    // Low-pass values are no stored values.
    const PixelBufferPtr pixels = decoded && decoded->reduction == 0 ? decoded : nullptr;
    MeasurementResult result;
    if (static_cast<int>(m.points.size()) < pointCount(m.kind))
        return result;
    const PixelSpacing spacing = spacingAt(image, frame, m.points.front());
    const bool isGrey = image.samplesPerPixel == 1 && image.photometric != Photometric::PaletteColor;
    switch (m.kind) {
    case MeasurementKind::Length:
        result.value = lengthOf(spacing, m.points[0], m.points[1]);
        if (std::vector<MeasuredValue> span = regionSpan(image, m.points[0], m.points[1]); !span.empty()) {
            result.value = span.front();
            result.also.assign(span.begin() + 1, span.end());
        }
        break;
    case MeasurementKind::Angle:
        result.value = angleOf(spacing, m.points[0], m.points[1], m.points[2]);
        break;
    case MeasurementKind::RectangleRoi:
    case MeasurementKind::EllipseRoi:
        result.value = areaOf(spacing, m.kind, m.points[0], m.points[1]);
        result.needsPixels = isGrey && !pixels;
        if (isGrey && pixels) {
            result.roi = statisticsOf(image, frame, *pixels, m.kind, m.points[0], m.points[1]);
            result.roiUnit = image.frame(frame).rescaleUnit;
            if (const Result<double> factor = suvFactor(image); factor && result.roi->pixels > 0)
                for (const double value : {result.roi->mean, result.roi->max})
                    result.also.push_back({value * *factor, suvUnit(), Calibration::None});
        }
        break;
    case MeasurementKind::Probe: {
        const auto x = std::lround(m.points[0].x), y = std::lround(m.points[0].y);
        result.needsPixels = isGrey && !pixels;
        if (const auto value = regionValueAt(image, m.points[0])) {
            result.needsPixels = false;
            result.value = *value;
            break;
        }
        if (!isGrey || !pixels || x < 0 || y < 0 || x >= pixels->columns || y >= pixels->rows)
            break;
        const double stored = storedValue(*pixels, static_cast<size_t>(y) * pixels->columns + static_cast<size_t>(x));
        result.value.value = modalityValue(image.frame(frame), stored);
        result.value.unit = ucumUnit(image.frame(frame).rescaleUnit);
        result.value.calibration = spacing.calibration;
        if (const Result<double> factor = suvFactor(image))
            result.also.push_back({result.value.value * *factor, suvUnit(), Calibration::None});
        break;
    }
    case MeasurementKind::Arrow:
        break;
    }
    return result;
}

std::optional<Measurement> onPlane(const Measurement& measurement, const SlicePlane& plane, double toleranceMm) {
    if (measurement.patientPoints.empty())
        return std::nullopt;
    Measurement result = measurement;
    result.points.clear();
    for (const PatientPoint& point : measurement.patientPoints) {
        const PatientVector offset = point - plane.origin;
        if (std::abs(offset.dot(plane.normal())) > toleranceMm)
            return std::nullopt;
        result.points.push_back({offset.dot(plane.row) / plane.pixelMm, offset.dot(plane.column) / plane.pixelMm});
    }
    return result;
}

} // namespace yz
