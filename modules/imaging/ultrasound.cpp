#include "imaging/ultrasound.h"

#include <cmath>
#include <limits>

namespace yz {
namespace {

/// UCUM name of a physical unit and what a value in it is multiplied by (lengths in mm, as everywhere).
struct Unit {
    const char* name;
    double factor;
};
Unit unitOf(UltrasoundUnit unit) {
    switch (unit) {
    case UltrasoundUnit::Percent:
        return {"%", 1.0};
    case UltrasoundUnit::Decibel:
        return {"dB", 1.0};
    case UltrasoundUnit::Centimetre:
        return {"mm", 10.0};
    case UltrasoundUnit::Second:
        return {"s", 1.0};
    case UltrasoundUnit::Hertz:
        return {"Hz", 1.0};
    case UltrasoundUnit::DecibelPerSecond:
        return {"dB/s", 1.0};
    case UltrasoundUnit::CentimetrePerSecond:
        return {"cm/s", 1.0};
    case UltrasoundUnit::SquareCentimetre:
        return {"cm2", 1.0};
    case UltrasoundUnit::SquareCentimetrePerSecond:
        return {"cm2/s", 1.0};
    case UltrasoundUnit::CubicCentimetre:
        return {"cm3", 1.0};
    case UltrasoundUnit::CubicCentimetrePerSecond:
        return {"cm3/s", 1.0};
    case UltrasoundUnit::Degree:
        return {"deg", 1.0};
    case UltrasoundUnit::None:
        break;
    }
    return {nullptr, 1.0};
}

MeasuredValue valueOf(double value, const char* unit) {
    return {value, QString::fromLatin1(unit), Calibration::UltrasoundRegion};
}

} // namespace

bool isLengthRegion(const UltrasoundRegion& region) { return region.columnMm > 0.0 && region.rowMm > 0.0; }

const UltrasoundRegion* regionAt(const ImageDescription& image, ImagePoint point) {
    const UltrasoundRegion* found = nullptr;
    double foundArea = std::numeric_limits<double>::max();
    for (const UltrasoundRegion& region : image.regions) {
        const bool isInside = point.x >= region.minX - 0.5 && point.x <= region.maxX + 0.5 &&
                              point.y >= region.minY - 0.5 && point.y <= region.maxY + 0.5;
        const double area = (region.maxX - region.minX + 1.0) * (region.maxY - region.minY + 1.0);
        const bool saysSomething =
            isLengthRegion(region) || region.unitX != UltrasoundUnit::None || region.unitY != UltrasoundUnit::None;
        if (isInside && saysSomething && area < foundArea) {
            found = &region;
            foundArea = area;
        }
    }
    return found;
}

std::vector<MeasuredValue> regionSpan(const ImageDescription& image, ImagePoint a, ImagePoint b) {
    const UltrasoundRegion* region = regionAt(image, a);
    if (!region || region != regionAt(image, b) || isLengthRegion(*region))
        return {};
    const Unit x = unitOf(region->unitX), y = unitOf(region->unitY);
    const ImagePoint way = b - a;
    const double alongX = std::abs(way.x * region->deltaX), alongY = std::abs(way.y * region->deltaY);
    const bool hasX = x.name && region->deltaX != 0.0, hasY = y.name && region->deltaY != 0.0;
    std::vector<MeasuredValue> values;
    if (hasX)
        values.push_back(valueOf(alongX * x.factor, x.name));
    if (hasY)
        values.insert(std::abs(way.x) >= std::abs(way.y) ? values.end() : values.begin(),
                      valueOf(alongY * y.factor, y.name));
    if (hasX && hasY && region->unitX == UltrasoundUnit::Second && alongX > 0.0) {
        if (region->unitY == UltrasoundUnit::Centimetre)
            values.push_back(valueOf(alongY / alongX, "cm/s"));
        else if (region->unitY == UltrasoundUnit::CentimetrePerSecond)
            values.push_back(valueOf(alongY / alongX, "cm/s2"));
    }
    return values;
}

std::optional<MeasuredValue> regionValueAt(const ImageDescription& image, ImagePoint point) {
    const UltrasoundRegion* region = regionAt(image, point);
    if (!region || isLengthRegion(*region) || !region->referenceY || region->deltaY == 0.0)
        return std::nullopt;
    const Unit unit = unitOf(region->unitY);
    if (!unit.name)
        return std::nullopt;
    const double value = region->referenceValueY + (point.y - region->minY - *region->referenceY) * region->deltaY;
    return valueOf(value * unit.factor, unit.name);
}

} // namespace yz
