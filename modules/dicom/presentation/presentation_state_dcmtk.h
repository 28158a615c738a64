#pragma once

#include "dicom/data/file_meta_dcmtk.h"
#include "domain/presentation_state.h"

namespace yz::dicom {

/// Reads a Grayscale, Colour, Pseudo-Colour or Blending Softcopy Presentation State (PS3.3 A.33.1 to A.33.4).
/// NotSupported for other classes, AttributeMissing without a reference to an image.
[[nodiscard]] Result<PresentationState> readPresentationState(const ParsedHeader& parsed);

} // namespace yz::dicom
