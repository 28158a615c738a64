#pragma once

#include "core/result.h"
#include "dicom/codec/frame_layout.h"
#include "dicom/codec/transfer_syntax.h"
#include "dicom/data/byte_source.h"
#include "dicom/data/limits.h"

#include <optional>
#include <span>

/// Uncompressed frames that are read without a decoder: a place in the file and what to do with the bits.
namespace yz::dicom {

/// Frames of a file one after the other, little endian, one whole sample of 8, 16 or 32 bits a pixel (PS3.5 8.1.1,
/// 8.2): all that is known about them is numbers, so that they can be said by one process and used by another.
struct PlainFrames {
    qint64 offset = 0; ///< of the first frame in the file
    qint64 frameBytes = 0;
    int frameCount = 1;
    int bitsAllocated = 16;
    int bitsStored = 16;
    int highBit = 15;
    bool isSigned = false;

    bool operator==(const PlainFrames&) const = default;
};

/// None where a frame needs more than that, or where the pixel data does not hold all of them.
[[nodiscard]] std::optional<PlainFrames> plainFrames(const FrameLayout& layout, const TransferSyntax& syntax,
                                                     Encoding encoding, const PixelElement& pixels, qint64 sourceBytes);

/// True when the numbers fit each other and a file of `fileBytes`, whoever says them.
[[nodiscard]] bool arePossible(const PlainFrames& frames, qint64 fileBytes);

/// One frame in the form of PixelBuffer::data. `target` has frameBytes bytes. InvalidArgument, FileUnreadable,
/// DataSetTruncated.
[[nodiscard]] Status readPlainFrame(const ByteSource& source, const PlainFrames& frames, int frame,
                                    std::span<std::byte> target);

} // namespace yz::dicom
