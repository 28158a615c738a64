#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace yz::dicom {

/// What one scan of process 14 holds.
struct LosslessPicture {
    int columns = 0;
    int rows = 0;
    int components = 1;
    int precision = 16; ///< bits
};

/// JPEG lossless with Huffman coding (ISO 10918-1 Annex H): one scan of all components, none of them subsampled, any
/// predictor, point transform and restart intervals of whole lines. Fills `target` with one byte a sample for a
/// precision of up to 8 bits, else with two, in native order. False for anything else, streams that end early or are
/// damaged included: the library then says what is wrong. Never reads or writes outside the spans.
[[nodiscard]] bool decodeLosslessScan(std::span<const std::byte> stream, const LosslessPicture& expected,
                                      std::span<std::byte> target);

} // namespace yz::dicom
