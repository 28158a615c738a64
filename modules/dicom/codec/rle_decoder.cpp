#include "dicom/codec/decoders.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace yz::dicom {

namespace {

constexpr size_t kHeaderBytes = 64; // PS3.5 G.5: count and fifteen offsets
constexpr size_t kLongestRun = 128;

quint32 headerWord(std::span<const std::byte> bytes, size_t index) {
    const auto* p = reinterpret_cast<const uchar*>(bytes.data()) + 4 * index;
    return quint32(p[3]) << 24 | quint32(p[2]) << 16 | quint32(p[1]) << 8 | p[0];
}

/// PS3.5 G.3.2. Returns how many bytes were filled. What comes after the last one is no error: encoders leave a padding
/// byte that reads as the start of another run.
size_t unpack(const uchar* in, const uchar* inEnd, uchar* const out, const size_t size) {
    constexpr size_t kBlock = 16;
    uchar* to = out;
    uchar* const end = out + size;
    // Away from both ends, runs are copied in whole blocks; the bytes beyond a run are overwritten by the next ones.
    while (static_cast<size_t>(inEnd - in) > kLongestRun && static_cast<size_t>(end - to) >= kLongestRun) {
        const uchar control = *in++;
        if (control < 128) {
            const size_t count = size_t{control} + 1;
            for (size_t done = 0; done < count; done += kBlock)
                std::memcpy(to + done, in + done, kBlock);
            in += count;
            to += count;
        } else if (control > 128) {
            const size_t count = 257 - size_t{control};
            std::array<uchar, kBlock> block;
            block.fill(*in++);
            for (size_t done = 0; done < count; done += kBlock)
                std::memcpy(to + done, block.data(), kBlock);
            to += count;
        }
    }
    while (in < inEnd && to < end) {
        const uchar control = *in++;
        const auto room = static_cast<size_t>(end - to);
        const auto left = static_cast<size_t>(inEnd - in);
        if (control < 128) {
            const size_t count = std::min({size_t{control} + 1, room, left});
            std::memcpy(to, in, count);
            in += count;
            to += count;
        } else if (control > 128 && left > 0) {
            const size_t count = std::min(257 - size_t{control}, room);
            std::memset(to, *in++, count);
            to += count;
        }
    }
    return static_cast<size_t>(to - out);
}

/// Planes of one byte each, in the order they shall have in memory.
template <size_t kPlanes> void interleave(const uchar* planes, size_t pixels, std::byte* target) {
    auto* to = reinterpret_cast<uchar*>(target);
    for (size_t i = 0; i < pixels; ++i)
        for (size_t plane = 0; plane < kPlanes; ++plane)
            to[i * kPlanes + plane] = planes[plane * pixels + i];
}

void interleave(const uchar* planes, size_t count, size_t pixels, std::byte* target) {
    switch (count) {
    case 2:
        return interleave<2>(planes, pixels, target);
    case 3:
        return interleave<3>(planes, pixels, target);
    case 4:
        return interleave<4>(planes, pixels, target);
    case 6:
        return interleave<6>(planes, pixels, target);
    default:
        return interleave<12>(planes, pixels, target);
    }
}

} // namespace

/// PS3.5 Annex G: one segment for each byte of a sample, most significant first, sample after sample.
Result<CodedSamples> decodeRle(std::span<const std::byte> encoded, const FrameLayout& layout) {
    if (encoded.size() < kHeaderBytes)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("RLE frame without header"));
    const bool isBitmap = layout.bitsAllocated == 1;
    const size_t bytes = isBitmap ? 1 : static_cast<size_t>(layout.bitsAllocated) / 8;
    const size_t segments = bytes * static_cast<size_t>(layout.samplesPerPixel);
    if (headerWord(encoded, 0) != segments)
        return fail(ErrorCode::PixelDataBroken,
                    QStringLiteral("RLE frame of %1 segments, %2 expected").arg(headerWord(encoded, 0)).arg(segments));
    const auto pixels = static_cast<size_t>(layout.pixelCount());
    const size_t segmentPixels = isBitmap ? (pixels + 7) / 8 : pixels;
    constexpr size_t kMostPerByte = kLongestRun / 2; // a run of 128 takes two bytes
    if (segmentPixels * segments / kMostPerByte > encoded.size())
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("RLE frame shorter than its pixels can be packed"));
    CodedSamples samples;
    samples.bytesPerSample = static_cast<int>(bytes);
    samples.isShifted = false;
    samples.colour = layout.colour;
    samples.data.resize(segmentPixels * segments);
    const bool isOnePlane = segments == 1;
    const auto planes = isOnePlane ? nullptr : std::make_unique_for_overwrite<uchar[]>(segmentPixels * segments);
    const auto* source = reinterpret_cast<const uchar*>(encoded.data());
    for (size_t segment = 0; segment < segments; ++segment) {
        const size_t begin = headerWord(encoded, segment + 1);
        const size_t end = segment + 1 < segments ? headerWord(encoded, segment + 2) : encoded.size();
        if (begin < kHeaderBytes || begin > end || end > encoded.size())
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("RLE segment outside the frame"));
        const size_t sample = segment / bytes;
        const size_t byte = bytes - 1 - segment % bytes;
        uchar* target = isOnePlane ? reinterpret_cast<uchar*>(samples.data.data())
                                   : planes.get() + (sample * bytes + byte) * segmentPixels;
        const size_t filled = unpack(source + begin, source + end, target, segmentPixels);
        if (filled != segmentPixels)
            return fail(ErrorCode::PixelDataBroken,
                        QStringLiteral("RLE segment of %1 bytes, %2 expected").arg(filled).arg(segmentPixels));
    }
    if (!isOnePlane)
        interleave(planes.get(), segments, segmentPixels, samples.data.data());
    return isBitmap ? decodeNativeLittle(samples.data, layout) : Result<CodedSamples>(std::move(samples));
}

} // namespace yz::dicom
