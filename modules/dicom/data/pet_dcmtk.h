#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/display.h"

namespace yz::dicom {

/// PET Series, PET Isotope and PET Image modules (PS3.3 C.8.9.1, C.8.9.2, C.8.9.4) and the private attributes of GE and
/// Philips that their conformance statements document.
[[nodiscard]] PetDescription readPet(DcmItem& item);

} // namespace yz::dicom
