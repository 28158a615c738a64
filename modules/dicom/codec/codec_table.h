#pragma once

#include "dicom/codec/frame_layout.h"

#include <span>

namespace yz::dicom {

/// One way to encode a frame and who decodes it here. The table is the one place where that is decided; transfer
/// syntaxes name a codec, never a library.
struct Codec {
    const char* name;
    const char* library; ///< Debian's package behind the decoder, or "own"
    const char* reason;  ///< why that one: correctness first, then measured speed (docs/BENCHMARKS.md)
    FrameDecoder decode;
    ReducedDecoder decodeReduced; ///< null: the codec keeps one resolution only
};

enum class CodecId {
    None,
    Native,
    DeflatedFrame,
    Rle,
    JpegLossy,
    JpegLossless,
    JpegLs,
    Jpeg2000,
    Jpeg2000Part2,
    HighThroughput,
};

/// Null for None.
[[nodiscard]] const Codec* codecOf(CodecId id);
[[nodiscard]] std::span<const Codec> allCodecs();

} // namespace yz::dicom
