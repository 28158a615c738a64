#include "dicom/codec/decoders.h"

#include <limits>
#include <zlib.h>

namespace yz::dicom {

namespace {

enum class Inflated { Whole, Short, TooLong, Broken };

/// Fills `target`; a byte more is asked for to see whether the stream ends there.
Inflated inflateInto(std::span<const std::byte> encoded, SampleBytes& target, int windowBits) {
    z_stream stream{};
    if (inflateInit2(&stream, windowBits) != Z_OK)
        return Inflated::Broken;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(encoded.data()));
    stream.avail_in = static_cast<uInt>(encoded.size());
    stream.next_out = reinterpret_cast<Bytef*>(target.data());
    stream.avail_out = static_cast<uInt>(target.size());
    int state = inflate(&stream, Z_FINISH);
    const bool isFull = stream.avail_out == 0;
    bool isLonger = false;
    if (isFull && state != Z_STREAM_END) {
        Bytef extra[2] = {}; // frames of an odd length may have been padded before they were deflated
        stream.next_out = extra;
        stream.avail_out = sizeof extra;
        state = inflate(&stream, Z_FINISH);
        isLonger = stream.avail_out == 0;
    }
    inflateEnd(&stream);
    if (isLonger)
        return Inflated::TooLong;
    if (state == Z_DATA_ERROR || state == Z_NEED_DICT || state == Z_MEM_ERROR || state == Z_STREAM_ERROR)
        return Inflated::Broken;
    return isFull ? Inflated::Whole : Inflated::Short;
}

} // namespace

Result<CodedSamples> decodeDeflatedFrame(std::span<const std::byte> encoded, const FrameLayout& layout) {
    const qint64 needed = (layout.nativeBits() + 7) / 8;
    if (encoded.size() > std::numeric_limits<uInt>::max() || needed > std::numeric_limits<uInt>::max())
        return fail(ErrorCode::LimitExceeded, QStringLiteral("deflated frame larger than 4 GiB"));
    SampleBytes native(static_cast<size_t>(needed));
    Inflated outcome = inflateInto(encoded, native, -MAX_WBITS);
    if (outcome == Inflated::Broken) // some writers put a zlib header in front
        outcome = inflateInto(encoded, native, MAX_WBITS);
    if (outcome == Inflated::TooLong)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("the deflated frame holds more than its size allows"));
    if (outcome == Inflated::Short)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("the deflated frame ends early"));
    if (outcome == Inflated::Broken)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("the deflated frame is damaged"));
    return decodeNativeLittle(native, layout);
}

} // namespace yz::dicom
