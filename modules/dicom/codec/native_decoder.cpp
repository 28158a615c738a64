#include "dicom/codec/decoders.h"

#include <cstring>

namespace yz::dicom {

namespace {

/// Y1 Y2 Cb Cr for every two pixels of a row (PS3.3 C.7.6.3.1.2, YBR_FULL_422 and YBR_PARTIAL_422): the chroma is
/// shared by both.
template <typename U> SampleBytes from422(std::span<const std::byte> encoded, qint64 pixels) {
    SampleBytes result(static_cast<size_t>(pixels) * 3 * sizeof(U));
    const auto* from = reinterpret_cast<const U*>(encoded.data());
    auto* to = reinterpret_cast<U*>(result.data());
    for (qint64 i = 0; i + 1 < pixels; i += 2, from += 4, to += 6) {
        to[0] = from[0];
        to[3] = from[1];
        to[1] = to[4] = from[2];
        to[2] = to[5] = from[3];
    }
    return result;
}

} // namespace

Result<CodedSamples> decodeNativeLittle(std::span<const std::byte> encoded, const FrameLayout& layout) {
    const qint64 pixels = layout.pixelCount();
    const auto needed = static_cast<size_t>((layout.nativeBits() + 7) / 8);
    if (encoded.size() < needed)
        return fail(ErrorCode::PixelDataBroken,
                    QStringLiteral("the frame has %1 bytes, %2 expected").arg(encoded.size()).arg(needed));
    if (layout.colour == ColourModel::YbrPartial420)
        return fail(ErrorCode::NotSupported, QStringLiteral("uncompressed YBR_PARTIAL_420"));
    CodedSamples samples;
    samples.isShifted = false;
    samples.isPlanar = layout.isPlanar;
    samples.colour = layout.colour;
    if (layout.bitsAllocated == 1) { // first pixel in the lowest bit (PS3.5 8.1.1)
        samples.bytesPerSample = 1;
        samples.data.resize(static_cast<size_t>(pixels));
        for (qint64 i = 0; i < pixels; ++i)
            samples.data[static_cast<size_t>(i)] = (encoded[static_cast<size_t>(i / 8)] >> (i % 8)) & std::byte{1};
        return samples;
    }
    samples.bytesPerSample = layout.bitsAllocated / 8;
    if (layout.hasChromaPairs()) {
        if (layout.columns % 2 != 0 || layout.bitsAllocated > 16)
            return fail(ErrorCode::NotSupported, QStringLiteral("chroma pairs in an odd width or 32 bits"));
        samples.isPlanar = false;
        samples.data = layout.bitsAllocated == 8 ? from422<std::uint8_t>(encoded, pixels)
                                                 : from422<std::uint16_t>(encoded, pixels);
        return samples;
    }
    samples.data.assign(encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(needed));
    return samples;
}

} // namespace yz::dicom
