#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/presentation_object.h"
#include "domain/presentation_state.h"

namespace yz::dicom {

/// Referenced Image Sequence of an item: instances with their frames.
[[nodiscard]] ImageReferences readImageReferences(DcmItem& item);
/// Graphic Layer module (PS3.3 C.10.7).
[[nodiscard]] std::vector<GraphicLayer> readLayers(DcmItem& item, TextDecoder& decoder);
/// Graphic Annotation module (PS3.3 C.10.5).
[[nodiscard]] std::vector<GraphicAnnotation> readAnnotations(DcmItem& item, TextDecoder& decoder);

/// The same modules written. `images` gives class and series of what annotations name.
void writeLayers(DcmItem& item, const std::vector<GraphicLayer>& layers);
void writeAnnotations(DcmItem& item, const std::vector<GraphicAnnotation>& annotations,
                      const std::vector<ReferencedFrames>& images);

} // namespace yz::dicom
