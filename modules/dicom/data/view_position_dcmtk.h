#pragma once

#include "dicom/data/attributes_dcmtk.h"

namespace yz::dicom {

/// View of a projection: View Position (0018,5101), else the abbreviation of the view coded in (0054,0220) for
/// mammography (PS3.16 CID 4014), "MLO"; empty when neither says it.
[[nodiscard]] QString viewPosition(DcmItem& item);

} // namespace yz::dicom
