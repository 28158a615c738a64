#include "dicom/codec/decoders.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcerror.h>
#include <dcmtk/dcmdata/dcrledec.h>
#include <dcmtk/dcmdata/dctypes.h>

#include <array>

namespace yz::dicom {

namespace {

constexpr size_t kHeaderBytes = 64; // PS3.5 G.5: count and fifteen offsets

quint32 headerWord(std::span<const std::byte> bytes, size_t index) {
    const auto* p = reinterpret_cast<const uchar*>(bytes.data()) + 4 * index;
    return quint32(p[3]) << 24 | quint32(p[2]) << 16 | quint32(p[1]) << 8 | p[0];
}

} // namespace

/// PS3.5 Annex G: one segment for each byte of a sample, most significant first, sample after sample.
Result<CodedSamples> decodeRle(std::span<const std::byte> encoded, const FrameLayout& layout) {
    if (encoded.size() < kHeaderBytes)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("RLE frame without header"));
    const bool isBitmap = layout.bitsAllocated == 1;
    const size_t bytes = isBitmap ? 1 : static_cast<size_t>(layout.bitsAllocated) / 8;
    const auto samplesPerPixel = static_cast<size_t>(layout.samplesPerPixel);
    const size_t segments = bytes * samplesPerPixel;
    if (headerWord(encoded, 0) != segments)
        return fail(ErrorCode::PixelDataBroken,
                    QStringLiteral("RLE frame of %1 segments, %2 expected").arg(headerWord(encoded, 0)).arg(segments));
    const auto pixels = static_cast<size_t>(layout.pixelCount());
    const size_t segmentPixels = isBitmap ? (pixels + 7) / 8 : pixels;
    CodedSamples samples;
    samples.bytesPerSample = static_cast<int>(bytes);
    samples.isShifted = false;
    samples.colour = layout.colour;
    samples.data.resize(segmentPixels * segments);
    DcmRLEDecoder decoder(segmentPixels);
    for (size_t segment = 0; segment < segments; ++segment) {
        const size_t begin = headerWord(encoded, segment + 1);
        const size_t end = segment + 1 < segments ? headerWord(encoded, segment + 2) : encoded.size();
        if (begin < kHeaderBytes || begin > end || end > encoded.size())
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("RLE segment outside the frame"));
        decoder.clear();
        // Overflow is no error as such: encoders leave a padding byte that reads as the start of another run.
        auto* input = const_cast<std::byte*>(encoded.data() + begin);
        (void)decoder.decompress(input, end - begin);
        if (decoder.size() != segmentPixels)
            return fail(ErrorCode::PixelDataBroken,
                        QStringLiteral("RLE segment of %1 bytes, %2 expected").arg(decoder.size()).arg(segmentPixels));
        const size_t sample = segment / bytes;
        const size_t byte = bytes - 1 - segment % bytes;
        const auto* from = static_cast<const std::byte*>(decoder.getOutputBuffer());
        std::byte* to = samples.data.data() + sample * bytes + byte;
        const size_t step = segments;
        if (step == 1) {
            std::copy_n(from, segmentPixels, to);
            continue;
        }
        for (size_t i = 0; i < segmentPixels; ++i, to += step)
            *to = from[i];
    }
    if (!isBitmap)
        return samples;
    return decodeNativeLittle(samples.data, layout);
}

} // namespace yz::dicom
