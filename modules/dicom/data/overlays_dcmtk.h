#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/display.h"

namespace yz::dicom {

/// A plane without data of its own: its bits lie in the pixel data (PS3.3 C.9.2 before 2004, retired but met).
struct EmbeddedPlane {
    int group = 0x6000;
    int bit = 0; ///< of the allocated word
};

/// Overlay planes of a data set, groups 6000 to 60FE (PS3.3 C.9.2). Planes named in `embedded` have no bits yet.
[[nodiscard]] std::vector<OverlayPlane> readOverlays(DcmItem& item, TextDecoder& decoder,
                                                     std::vector<EmbeddedPlane>* embedded = nullptr);

} // namespace yz::dicom
