#pragma once

#include "dicom/codec/frame_layout.h"

/// The decoders behind the table of codec/codec_table.h; one library each.
namespace yz::dicom {

/// Little endian; big-endian words were swapped by the reader, who knows the VR.
[[nodiscard]] Result<CodedSamples> decodeNativeLittle(std::span<const std::byte> encoded, const FrameLayout& layout);
/// One deflate stream (RFC 1951) of the native bytes for each frame (PS3.5 A.4.15). LimitExceeded when it holds more
/// than the frame.
[[nodiscard]] Result<CodedSamples> decodeDeflatedFrame(std::span<const std::byte> encoded, const FrameLayout& layout);
[[nodiscard]] Result<CodedSamples> decodeRle(std::span<const std::byte> encoded, const FrameLayout& layout);
/// Sequential and progressive, 8 and 12 bits.
[[nodiscard]] Result<CodedSamples> decodeJpegLossy(std::span<const std::byte> encoded, const FrameLayout& layout);
/// A stream that no data set describes: 8 bits, grey or colour (JFIF: YBR), at most `mostSide` on a side. The layout is
/// the stream's own. LimitExceeded, NotSupported, PixelDataBroken.
[[nodiscard]] Result<FrameLayout> layoutOfPicture(std::span<const std::byte> jpeg, int mostSide);
/// Process 14, any predictor, 2 to 16 bits.
[[nodiscard]] Result<CodedSamples> decodeJpegLossless(std::span<const std::byte> encoded, const FrameLayout& layout);
/// Any of the two by DCMTK alone: the judge of our own lossless decoder.
[[nodiscard]] Result<CodedSamples> decodeJpegByLibrary(std::span<const std::byte> encoded, const FrameLayout& layout);
[[nodiscard]] Result<CodedSamples> decodeJpegLs(std::span<const std::byte> encoded, const FrameLayout& layout);
/// The same by CharLS alone: the judge of our own.
[[nodiscard]] Result<CodedSamples> decodeJpegLsByLibrary(std::span<const std::byte> encoded, const FrameLayout& layout);
[[nodiscard]] Result<CodedSamples> decodeJpeg2000(std::span<const std::byte> encoded, const FrameLayout& layout);
/// Streams that part 1 can describe. NotSupported for component transforms of ISO 15444-2 Annex J and for a stream
/// whose components are the frames of a volume.
[[nodiscard]] Result<CodedSamples> decodeJpeg2000Part2(std::span<const std::byte> encoded, const FrameLayout& layout);
[[nodiscard]] Result<CodedSamples> decodeHtj2k(std::span<const std::byte> encoded, const FrameLayout& layout);

/// As far as the stream has resolutions to leave out; the samples say how far that was.
[[nodiscard]] Result<CodedSamples> decodeJpeg2000Reduced(std::span<const std::byte> encoded, const FrameLayout& layout,
                                                         int reduction);
[[nodiscard]] Result<CodedSamples> decodeHtj2kReduced(std::span<const std::byte> encoded, const FrameLayout& layout,
                                                      int reduction);

} // namespace yz::dicom
