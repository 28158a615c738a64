#pragma once

#include "dicom/codec/frame_layout.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/frame_bytes.h"
#include "dicom/data/plain_frames.h"
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
    ByteSourcePtr source;                   ///< the file, or the inflated data set
    std::shared_ptr<FrameBytes> bytes;      ///< null when there is no decoder for the syntax
    std::optional<PlainFrames> plain;       ///< of a file whose frames need no decoder

    /// reduction: as PixelSource::decodeReduced.
    [[nodiscard]] Result<PixelBufferPtr> decode(int frame, int reduction = 0) const;
    /// Samples as the decoder gives them, before masking and colour.
    [[nodiscard]] Result<CodedSamples> decodeCoded(int frame, int reduction = 0) const;
    /// The bytes a decoder is given.
    [[nodiscard]] Result<SampleBytes> encoded(int frame) const;
    /// The same image without its file, to be kept: a kept image holds no file open.
    [[nodiscard]] std::shared_ptr<const OpenedImage> closed() const;
    /// A closed image with its file opened again.
    [[nodiscard]] std::shared_ptr<const OpenedImage> reopened(ByteSourcePtr file) const;
    /// About what it takes in memory, bytes.
    [[nodiscard]] qint64 memoryBytes() const;
};

[[nodiscard]] Result<std::shared_ptr<const OpenedImage>> openImage(ByteSourcePtr source);

} // namespace yz::dicom
