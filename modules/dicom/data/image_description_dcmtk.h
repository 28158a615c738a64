#pragma once

#include "dicom/codec/frame_layout.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "domain/image.h"

namespace yz::dicom {

/// Image Pixel module of a parsed header. NotAnImage, PixelDataMissing, AttributeMissing.
[[nodiscard]] Result<FrameLayout> readFrameLayout(const ParsedHeader& parsed);

/// Everything needed to place, show and measure the frames.
[[nodiscard]] Result<ImageDescription> buildDescription(const ParsedHeader& parsed, const FrameLayout& layout);

} // namespace yz::dicom
