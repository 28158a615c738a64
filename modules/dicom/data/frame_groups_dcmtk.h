#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/image.h"

namespace yz::dicom {

/// What the readers below need to know about the image as a whole.
struct FrameContext {
    QString modality;
    QString sopClass;
    int frameCount = 1;
    bool isSigned = false;
};

/// One FrameDescription per frame from the functional groups (PS3.3 C.7.6.16), or one for all from the plain
/// attributes.
[[nodiscard]] std::vector<FrameDescription> readFrames(DcmItem& item, const FrameContext& context,
                                                       TextDecoder& decoder);

/// Rescale slope, intercept and type; what is absent stays as it is.
void readModality(DcmItem& item, FrameDescription& frame);
/// Windows, VOI LUT function and VOI LUTs (PS3.3 C.11.2).
void readVoi(DcmItem& item, FrameDescription& frame, TextDecoder& decoder, bool isSignedInput);

/// PS3.3 10.7.1.3: what a spacing in a projection image may be called.
[[nodiscard]] PixelSpacing readPlainSpacing(DcmItem& item, const FrameContext& context);

} // namespace yz::dicom
