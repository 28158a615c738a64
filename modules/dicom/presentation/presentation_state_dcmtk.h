#pragma once

#include "dicom/data/file_meta_dcmtk.h"
#include "domain/presentation_object.h"
#include "domain/presentation_state.h"

namespace yz::dicom {

/// Reads a Grayscale, Colour, Pseudo-Colour or Blending Softcopy Presentation State (PS3.3 A.33.1 to A.33.4).
/// NotSupported for other classes, AttributeMissing without a reference to an image.
[[nodiscard]] Result<PresentationState> readPresentationState(const ParsedHeader& parsed);

/// A Grayscale or Colour Softcopy Presentation State about `images` (PS3.3 A.33.1, A.33.2). Overlay planes and a bitmap
/// shutter of the state are written with their bits; of what lies in the images only the group is named. A colour state
/// says that its values are sRGB. ReportIncomplete, NotSupported (other kinds, a colour table of its own).
[[nodiscard]] Result<std::unique_ptr<DcmDataset>> buildPresentationState(const ObjectOrigin& origin,
                                                                         const PresentationState& state,
                                                                         const std::vector<ReferencedFrames>& images);

} // namespace yz::dicom
