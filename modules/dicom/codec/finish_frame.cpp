#include "dicom/codec/frame_layout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace yz::dicom {

namespace {

template <typename T> std::span<T> samplesOf(SampleBytes& data) {
    return {reinterpret_cast<T*>(data.data()), data.size() / sizeof(T)};
}

/// Shifts the stored bits down, drops what is above them and extends the sign.
template <typename U> void normalise(std::span<U> values, int shift, int bits, bool isSigned) {
    constexpr int kWidth = std::numeric_limits<U>::digits;
    if (isSigned) {
        using S = std::make_signed_t<U>;
        const int up = kWidth - bits - shift;
        const int down = kWidth - bits;
        if (up == 0 && down == 0)
            return;
        for (U& value : values)
            value = static_cast<U>(static_cast<S>(static_cast<U>(value << up)) >> down);
        return;
    }
    if (shift == 0 && bits == kWidth)
        return;
    const U mask = bits == kWidth ? std::numeric_limits<U>::max() : static_cast<U>((U{1} << bits) - 1);
    for (U& value : values)
        value = static_cast<U>((value >> shift) & mask);
}

template <typename U> SampleBytes interleaved(SampleBytes& planar) {
    SampleBytes result(planar.size());
    const auto from = samplesOf<U>(planar);
    const auto to = samplesOf<U>(result);
    const size_t pixels = from.size() / 3;
    for (size_t i = 0; i < pixels; ++i) {
        to[3 * i] = from[i];
        to[3 * i + 1] = from[pixels + i];
        to[3 * i + 2] = from[2 * pixels + i];
    }
    return result;
}

template <typename From, typename To> SampleBytes widened(SampleBytes& narrow, bool isSigned) {
    const auto from = samplesOf<From>(narrow);
    SampleBytes result(from.size() * sizeof(To));
    const auto to = samplesOf<To>(result);
    for (size_t i = 0; i < from.size(); ++i)
        to[i] = isSigned ? static_cast<To>(static_cast<std::make_signed_t<From>>(from[i])) : static_cast<To>(from[i]);
    return result;
}

/// PS3.3 C.7.6.3.1.2, full range. Fixed point with 16 fractional bits, rounded.
void ybrToRgb8(std::span<std::uint8_t> v) {
    constexpr int kHalf = 1 << 15;
    const auto clamp = [](int x) { return static_cast<std::uint8_t>(std::clamp(x, 0, 255)); };
    for (size_t i = 0; i + 2 < v.size(); i += 3) {
        const int y = v[i];
        const int cb = v[i + 1] - 128;
        const int cr = v[i + 2] - 128;
        v[i] = clamp(y + ((91881 * cr + kHalf) >> 16));
        v[i + 1] = clamp(y + ((-22554 * cb - 46802 * cr + kHalf) >> 16));
        v[i + 2] = clamp(y + ((116130 * cb + kHalf) >> 16));
    }
}

template <typename U> void ybrToRgb(std::span<U> v, int bits) {
    const double middle = std::ldexp(1.0, bits - 1);
    const double top = std::ldexp(1.0, bits) - 1;
    const auto clamp = [top](double x) { return static_cast<U>(std::clamp(std::round(x), 0.0, top)); };
    for (size_t i = 0; i + 2 < v.size(); i += 3) {
        const double y = v[i];
        const double cb = v[i + 1] - middle;
        const double cr = v[i + 2] - middle;
        v[i] = clamp(y + 1.402 * cr);
        v[i + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
        v[i + 2] = clamp(y + 1.772 * cb);
    }
}

/// PS3.3 C.7.6.3.1.2, YBR_PARTIAL: luminance in 16..235, chroma in 16..240 of 8 bits.
template <typename U> void partialToRgb(std::span<U> v, int bits) {
    const double scale = std::ldexp(1.0, bits - 8);
    const double top = std::ldexp(1.0, bits) - 1;
    const auto clamp = [top](double x) { return static_cast<U>(std::clamp(std::round(x), 0.0, top)); };
    for (size_t i = 0; i + 2 < v.size(); i += 3) {
        const double y = 1.1644 * (v[i] - 16 * scale);
        const double cb = v[i + 1] - 128 * scale;
        const double cr = v[i + 2] - 128 * scale;
        v[i] = clamp(y + 1.5960 * cr);
        v[i + 1] = clamp(y - 0.3917 * cb - 0.8130 * cr);
        v[i + 2] = clamp(y + 2.0173 * cb);
    }
}

template <typename U> void convertColour(SampleBytes& data, ColourModel colour, int bits) {
    if (colour >= ColourModel::YbrPartial && colour <= ColourModel::YbrPartial420) {
        partialToRgb(samplesOf<U>(data), bits);
        return;
    }
    if (colour != ColourModel::YbrFull && colour != ColourModel::YbrFull422)
        return;
    if constexpr (sizeof(U) == 1) {
        if (bits == 8) {
            ybrToRgb8(samplesOf<U>(data));
            return;
        }
    }
    ybrToRgb(samplesOf<U>(data), bits);
}

template <typename U> void finishIntegers(CodedSamples& samples, const FrameLayout& layout) {
    const int bits =
        samples.significantBits > 0 ? std::min(samples.significantBits, layout.bitsStored) : layout.bitsStored;
    // A stream that knows its sign has extended it already; else the sign bit is the top one of its precision.
    const int signBits = samples.isSignedStream ? layout.bitsStored : bits;
    // A codec's precision says where its samples end: those of more bits than Bits Stored lie as High Bit says.
    const bool isAtHighBit = !samples.isShifted || samples.significantBits > layout.highBit;
    const int shift = isAtHighBit ? layout.highBit + 1 - layout.bitsStored : 0;
    const bool isSigned = layout.isSigned && layout.samplesPerPixel == 1;
    normalise(samplesOf<U>(samples.data), shift, isSigned ? signBits : layout.bitsStored, isSigned);
    if (layout.samplesPerPixel == 3) {
        if (samples.isPlanar)
            samples.data = interleaved<U>(samples.data);
        convertColour<U>(samples.data, samples.colour, layout.bitsStored);
    }
}

} // namespace

void normaliseSamples(std::span<std::byte> samples, int bitsAllocated, int highBit, int bitsStored, bool isSigned) {
    const int shift = highBit + 1 - bitsStored;
    const auto apply = [&]<typename U>(U*) {
        normalise(std::span(reinterpret_cast<U*>(samples.data()), samples.size() / sizeof(U)), shift, bitsStored,
                  isSigned);
    };
    if (bitsAllocated == 8)
        apply(static_cast<std::uint8_t*>(nullptr));
    else if (bitsAllocated == 16)
        apply(static_cast<std::uint16_t*>(nullptr));
    else
        apply(static_cast<std::uint32_t*>(nullptr));
}

Result<PixelBufferPtr> finishFrame(CodedSamples&& samples, const FrameLayout& full) {
    const FrameLayout layout = full.reduced(samples.reduction);
    auto buffer = std::make_shared<PixelBuffer>();
    buffer->columns = layout.columns;
    buffer->rows = layout.rows;
    buffer->samplesPerPixel = layout.samplesPerPixel;
    buffer->reduction = samples.reduction;
    buffer->type = layout.samplesPerPixel == 3 && layout.isSigned
                       ? FrameLayout{.bitsAllocated = layout.bitsAllocated}.sampleType()
                       : layout.sampleType();
    const int wanted = bytesPerSample(buffer->type);
    const size_t count = static_cast<size_t>(layout.pixelCount()) * static_cast<size_t>(layout.samplesPerPixel);
    if (samples.data.size() != count * static_cast<size_t>(samples.bytesPerSample))
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("the frame has %1 bytes, %2 expected")
                                                    .arg(samples.data.size())
                                                    .arg(count * static_cast<size_t>(samples.bytesPerSample)));
    if (samples.bytesPerSample > wanted)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("the stream holds wider samples than Bits Allocated"));
    if (layout.kind == SampleKind::Integer) {
        const bool isSigned = layout.isSigned && samples.isSignedStream;
        if (samples.bytesPerSample == 1 && wanted == 2)
            samples.data = widened<std::uint8_t, std::uint16_t>(samples.data, isSigned);
        else if (samples.bytesPerSample == 1 && wanted == 4)
            samples.data = widened<std::uint8_t, std::uint32_t>(samples.data, isSigned);
        else if (samples.bytesPerSample == 2 && wanted == 4)
            samples.data = widened<std::uint16_t, std::uint32_t>(samples.data, isSigned);
        if (wanted == 1)
            finishIntegers<std::uint8_t>(samples, layout);
        else if (wanted == 2)
            finishIntegers<std::uint16_t>(samples, layout);
        else
            finishIntegers<std::uint32_t>(samples, layout);
    }
    buffer->data = std::move(samples.data);
    return PixelBufferPtr(std::move(buffer));
}

} // namespace yz::dicom
