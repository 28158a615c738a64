#pragma once

#include "core/result.h"
#include "domain/image.h"

#include <QString>
#include <cstddef>
#include <span>
#include <vector>

namespace yz::dicom {

/// Colour model of the samples as encoded (PS3.3 C.7.6.3.1.2).
enum class ColourModel {
    Monochrome,
    Palette,
    Rgb,
    YbrFull,
    YbrFull422,
    YbrIct,
    YbrRct,
    YbrPartial,
    YbrPartial422,
    YbrPartial420,
    Other
};
enum class SampleKind { Integer, Float, Double };

/// The Image Pixel module: how one frame lies in its bytes.
struct FrameLayout {
    int columns = 0;
    int rows = 0;
    int samplesPerPixel = 1;
    int bitsAllocated = 16;
    int bitsStored = 16;
    int highBit = 15;
    bool isSigned = false;
    bool isPlanar = false;
    SampleKind kind = SampleKind::Integer;
    ColourModel colour = ColourModel::Monochrome;
    int frameCount = 1;

    [[nodiscard]] qint64 pixelCount() const { return qint64(columns) * rows; }
    [[nodiscard]] SampleType sampleType() const;
    /// Bytes of one decoded frame.
    [[nodiscard]] qint64 decodedBytes() const { return pixelCount() * samplesPerPixel * bytesPerSample(sampleType()); }
    /// Bits of one uncompressed frame; frames of one-bit images are packed without gaps.
    [[nodiscard]] qint64 nativeBits() const {
        return pixelCount() * (hasChromaPairs() ? 2 : samplesPerPixel) * bitsAllocated;
    }
    /// Two pixels of a row share their chroma when uncompressed.
    [[nodiscard]] bool hasChromaPairs() const {
        return colour == ColourModel::YbrFull422 || colour == ColourModel::YbrPartial422;
    }
    /// The layout of a frame whose sides were halved.
    [[nodiscard]] FrameLayout reduced(int reduction) const;
};

/// NotSupported for layouts nobody can show, LimitExceeded for frames beyond the limit, AttributeMissing.
[[nodiscard]] Status checkLayout(const FrameLayout& layout, qint64 frameByteLimit);

/// What a decoder gives back: samples in native byte order, not yet masked or converted.
struct CodedSamples {
    SampleBytes data;
    int bytesPerSample = 2;
    int significantBits = 0; ///< precision of the stream; 0: BitsStored counts
    bool isSignedStream = false;
    bool isShifted = true; ///< false: the samples lie at HighBit as in uncompressed data
    bool isPlanar = false;
    ColourModel colour = ColourModel::Monochrome;
    int reduction = 0; ///< how often both sides were halved; the samples are those of layout.reduced(reduction)
};

/// One decoder: the bytes of one frame in, its samples out. PixelDataBroken, NotSupported, LimitExceeded.
using FrameDecoder = Result<CodedSamples> (*)(std::span<const std::byte> encoded, const FrameLayout& layout);
/// The same with up to `reduction` resolutions left out.
using ReducedDecoder = Result<CodedSamples> (*)(std::span<const std::byte> encoded, const FrameLayout& layout,
                                                int reduction);

/// Shifts the stored bits of samples of 8, 16 or 32 bits down, drops what is above them and extends the sign.
void normaliseSamples(std::span<std::byte> samples, int bitsAllocated, int highBit, int bitsStored, bool isSigned);

/// Masks, sign-extends, interleaves and turns YBR into RGB: PixelBuffer's contract.
[[nodiscard]] Result<PixelBufferPtr> finishFrame(CodedSamples&& samples, const FrameLayout& layout);

} // namespace yz::dicom
