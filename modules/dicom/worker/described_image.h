#pragma once

#include "dicom/data/plain_frames.h"
#include "domain/image.h"

#include <optional>

namespace yz::dicom {

/// A worker's answer to Describe.
struct DescribedImage {
    ImageDescription image;
    std::optional<PlainFrames> plain; ///< the desk can read the frames itself
};

} // namespace yz::dicom
