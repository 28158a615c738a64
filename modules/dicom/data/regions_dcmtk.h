#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/image.h"

namespace yz::dicom {

/// Sequence of Ultrasound Regions (PS3.3 C.8.5.5); regions without a place are left out.
[[nodiscard]] std::vector<UltrasoundRegion> readRegions(DcmItem& item);

} // namespace yz::dicom
