#include "dicom/codec/codec_table.h"

#include "dicom/codec/decoders.h"

#include <array>

namespace yz::dicom {

namespace {

// In the order of CodecId, without None.
constexpr std::array<Codec, 9> kCodecs{{
    {"uncompressed", "own", "bytes are the samples; one-bit packing and chroma pairs are a loop", decodeNativeLittle,
     nullptr},
    {"deflated frame", "zlib1g", "the deflate of every system; output is bounded by the frame's size",
     decodeDeflatedFrame, nullptr},
    {"RLE", "own",
     "PackBits is 40 lines and the fastest library decodes it several times slower, GDCM's colour of 16 "
     "and 32 bits is wrong",
     decodeRle, nullptr},
    {"JPEG (DCT)", "libdcmtk17 (its IJG of 8 and 12 bits)",
     "one library for 8 and 12 bits, sequential and progressive; equal to the reference hashes", decodeJpegLossy,
     nullptr},
    {"JPEG lossless", "own for one scan, else libdcmtk17 (its IJG of 8, 12 and 16 bits)",
     "a table look-up a sample is faster than the fastest library, which stays the judge and takes what is unusual or "
     "broken",
     decodeJpegLossless, nullptr},
    {"JPEG-LS", "own for one lossless component, else libcharls2",
     "the next context is ready before it is needed; CharLS stays the judge and takes what is near-lossless, colour or "
     "broken; DCMTK's copy of it must never share a process with it",
     decodeJpegLs, nullptr},
    {"JPEG 2000", "libopenjp2-7", "the only one in Debian; leaves resolutions out", decodeJpeg2000,
     decodeJpeg2000Reduced},
    {"JPEG 2000 part 2", "libopenjp2-7", "streams that part 1 can describe; component transforms of part 2 are refused",
     decodeJpeg2000Part2, decodeJpeg2000Reduced},
    {"HTJ2K", "libopenjph0.9", "1.7 times faster than OpenJPEG on the same stream; leaves resolutions out", decodeHtj2k,
     decodeHtj2kReduced},
}};

} // namespace

const Codec* codecOf(CodecId id) { return id == CodecId::None ? nullptr : &kCodecs[static_cast<size_t>(id) - 1]; }
std::span<const Codec> allCodecs() { return kCodecs; }

} // namespace yz::dicom
