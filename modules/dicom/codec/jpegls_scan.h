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

/// JPEG-LS lossless (ITU-T T.87) of one component: any precision of 2 to 16 bits, preset thresholds. Fills `target`
/// with one byte a sample for a precision of up to 8 bits, else with two, in native order. False for anything else -
/// near-lossless, colour, mapping tables, restarts - and for streams that end early, are damaged or hold more than
/// the picture: the library then says what is wrong. Never reads or writes outside the spans.
[[nodiscard]] bool decodeJpegLsScan(std::span<const std::byte> stream, const JpegLsPicture& expected,
                                    std::span<std::byte> target);

} // namespace yz::dicom
