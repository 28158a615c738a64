#pragma once

#include "dicom/codec/frame_layout.h"

/// The decoders behind the table of codec/transfer_syntax.h; one library each.
namespace yz::dicom {

/// Little endian; big-endian words were swapped by the reader, who knows the VR.
[[nodiscard]] Result<CodedSamples> decodeNativeLittle(std::span<const std::byte> encoded, const FrameLayout& layout);
[[nodiscard]] Result<CodedSamples> decodeRle(std::span<const std::byte> encoded, const FrameLayout& layout);
/// Baseline and extended, 8 and 12 bits.
[[nodiscard]] Result<CodedSamples> decodeJpegLossy(std::span<const std::byte> encoded, const FrameLayout& layout);
/// Process 14, any predictor, 2 to 16 bits.
[[nodiscard]] Result<CodedSamples> decodeJpegLossless(std::span<const std::byte> encoded, const FrameLayout& layout);
[[nodiscard]] Result<CodedSamples> decodeJpegLs(std::span<const std::byte> encoded, const FrameLayout& layout);
[[nodiscard]] Result<CodedSamples> decodeJpeg2000(std::span<const std::byte> encoded, const FrameLayout& layout);
[[nodiscard]] Result<CodedSamples> decodeHtj2k(std::span<const std::byte> encoded, const FrameLayout& layout);

} // namespace yz::dicom
