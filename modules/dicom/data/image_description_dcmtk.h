#pragma once

#include "dicom/codec/frame_layout.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/overlays_dcmtk.h"
#include "domain/image.h"

namespace yz::dicom {

/// Image Pixel module of a parsed header. NotAnImage, PixelDataMissing, AttributeMissing.
[[nodiscard]] Result<FrameLayout> readFrameLayout(const ParsedHeader& parsed);

/// Everything needed to place, show and measure the frames. Overlay planes that lie in the pixel data are named in
/// `embedded`; their bits are still to be read.
[[nodiscard]] Result<ImageDescription> buildDescription(const ParsedHeader& parsed, const FrameLayout& layout,
                                                        std::vector<EmbeddedPlane>* embedded = nullptr);

} // namespace yz::dicom
