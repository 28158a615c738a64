#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/display.h"

namespace yz::dicom {

/// Display Shutter and Bitmap Display Shutter modules (PS3.3 C.7.6.11, C.7.6.15) of a data set or of a Frame Display
/// Shutter item. A bitmap's plane has only its group. None when the item has no shutter.
[[nodiscard]] std::optional<DisplayShutter> readShutter(DcmItem& item);

/// 0xffRRGGBB of a P-value (0-65535).
[[nodiscard]] std::uint32_t greyOfPValue(int value);

} // namespace yz::dicom
