#pragma once

#include <cstddef>
#include <span>

namespace yz::dicom {

/// What one scan of JPEG-LS holds.
struct JpegLsPicture {
    int columns = 0;
    int rows = 0;
    int precision = 16; ///< bits
};

enum class JpegLsOutcome {
    Decoded,
    Damaged, ///< it ends early or holds a code that T.87 has not: nobody can decode it
    Left,    ///< near-lossless, colour, mapping tables, restarts, more than the picture: for the library to judge
};

/// JPEG-LS lossless (ITU-T T.87) of one component: any precision of 2 to 16 bits, preset thresholds. Fills `target`
/// with one byte a sample for a precision of up to 8 bits, else with two, in native order. The library is not asked
/// about damaged streams: it takes up to 13 s to refuse 3 kB. Never reads or writes outside the spans.
[[nodiscard]] JpegLsOutcome decodeJpegLsScan(std::span<const std::byte> stream, const JpegLsPicture& expected,
                                             std::span<std::byte> target);

} // namespace yz::dicom
