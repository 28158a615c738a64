#pragma once

#include "dicom/codec/frame_layout.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/frame_bytes.h"
#include "domain/image.h"

#include <memory>
#include <optional>

namespace yz::dicom {

/// A file whose header was parsed, ready to give frames. Immutable, thread-safe.
struct OpenedImage {
    ImageDescriptionPtr description;
    FrameLayout layout;
    QString transferSyntax;
    const TransferSyntax* syntax = nullptr; ///< null: unknown
    ByteSourcePtr source;
    std::unique_ptr<FrameBytes> bytes; ///< null when there is no decoder for the syntax

    /// reduction: as PixelSource::decodeReduced.
    [[nodiscard]] Result<PixelBufferPtr> decode(int frame, int reduction = 0) const;
    /// Samples as the decoder gives them, before masking and colour.
    [[nodiscard]] Result<CodedSamples> decodeCoded(int frame, int reduction = 0) const;
};

[[nodiscard]] Result<std::shared_ptr<const OpenedImage>> openImage(ByteSourcePtr source);

} // namespace yz::dicom
