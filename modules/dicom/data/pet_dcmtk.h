#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/display.h"

namespace yz::dicom {

/// PET Series, PET Isotope and PET Image modules (PS3.3 C.8.9.1, C.8.9.2, C.8.9.4) and the private attributes of GE and
/// Philips that their conformance statements document.
///
/// Of an enhanced object (PS3.3 A.56): its corrections (C.8.22.2 Decay Corrected, Attenuation Corrected) and the time
/// that decay is corrected to, its isotope (C.8.22.4), and the units that every frame's values have: those of its Real
/// World Value Mapping (C.7.6.16.2.11) where that maps as the frame's rescale does, else the Rescale Type. No units
/// where frames differ in them.
[[nodiscard]] PetDescription readPet(DcmItem& item);

} // namespace yz::dicom
