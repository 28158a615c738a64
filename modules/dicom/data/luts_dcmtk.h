#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/image.h"

namespace yz::dicom {

/// An item of Modality LUT Sequence or VOI LUT Sequence (PS3.3 C.11.1, C.11.2). None when descriptor and data disagree.
[[nodiscard]] std::optional<Lut> readLut(DcmItem& item, TextDecoder& decoder, bool isSignedInput);

/// One channel of a palette, plain or segmented (PS3.3 C.7.6.3.1.5, C.7.9.2). Empty entries when absent or broken.
struct PaletteTags {
    DcmTagKey descriptor, data, segmented;
};
[[nodiscard]] Lut readPalette(DcmItem& item, const PaletteTags& tags, bool isSignedInput);

} // namespace yz::dicom
