#include "dicom/data/regions_dcmtk.h"

#include <cmath>

namespace yz::dicom {

namespace {

constexpr double kCentimetre = 10.0;

UltrasoundUnit unitOf(int value) {
    return value >= 0 && value <= 12 ? static_cast<UltrasoundUnit>(value) : UltrasoundUnit::None;
}

} // namespace

std::vector<UltrasoundRegion> readRegions(DcmItem& item) {
    std::vector<UltrasoundRegion> regions;
    for (DcmItem* entry : items(item, DCM_SequenceOfUltrasoundRegions)) {
        const auto minX = integer(*entry, DCM_RegionLocationMinX0);
        const auto minY = integer(*entry, DCM_RegionLocationMinY0);
        const auto maxX = integer(*entry, DCM_RegionLocationMaxX1);
        const auto maxY = integer(*entry, DCM_RegionLocationMaxY1);
        if (!minX || !minY || !maxX || !maxY || *maxX < *minX || *maxY < *minY)
            continue;
        UltrasoundRegion region;
        region.minX = *minX;
        region.minY = *minY;
        region.maxX = *maxX;
        region.maxY = *maxY;
        const int format = integer(*entry, DCM_RegionSpatialFormat).value_or(0);
        region.format = format >= 0 && format <= 5 ? static_cast<UltrasoundFormat>(format) : UltrasoundFormat::None;
        region.dataType = integer(*entry, DCM_RegionDataType).value_or(0);
        region.unitX = unitOf(integer(*entry, DCM_PhysicalUnitsXDirection).value_or(0));
        region.unitY = unitOf(integer(*entry, DCM_PhysicalUnitsYDirection).value_or(0));
        region.deltaX = number(*entry, DCM_PhysicalDeltaX).value_or(0.0);
        region.deltaY = number(*entry, DCM_PhysicalDeltaY).value_or(0.0);
        region.referenceX = number(*entry, DCM_ReferencePixelX0);
        region.referenceY = number(*entry, DCM_ReferencePixelY0);
        region.referenceValueX = number(*entry, DCM_ReferencePixelPhysicalValueX).value_or(0.0);
        region.referenceValueY = number(*entry, DCM_ReferencePixelPhysicalValueY).value_or(0.0);
        if (region.unitX == UltrasoundUnit::Centimetre && region.unitY == UltrasoundUnit::Centimetre &&
            region.deltaX != 0.0 && region.deltaY != 0.0) {
            region.columnMm = std::abs(region.deltaX) * kCentimetre;
            region.rowMm = std::abs(region.deltaY) * kCentimetre;
        }
        regions.push_back(region);
    }
    return regions;
}

} // namespace yz::dicom
