#include "imaging/volume_convert.h"

#include "imaging/display_chain.h"
#include "imaging/simd_clones.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace yz {
namespace {

/// in[i] + shift, clamped; `outside` where in[i] - padded is at most paddedSpan, without a sign.
struct Shift {
    int shift = 0;
    int padded = 0;
    unsigned paddedSpan = 0;
    std::int16_t outside = 0;
};

template <typename T> [[gnu::always_inline]] inline std::int16_t shifted(const Shift& how, T sample) {
    const int value = std::clamp(static_cast<int>(sample) + how.shift, -32768, 32767);
    const bool isPadding = static_cast<unsigned>(static_cast<int>(sample) - how.padded) <= how.paddedSpan;
    return isPadding ? how.outside : static_cast<std::int16_t>(value);
}

/// The same where nothing can be clamped, in 16 bits: the sign bit is turned over or stays.
struct Flip {
    std::uint16_t flip = 0; ///< 0x8000 takes 32768 off an unsigned value
    std::uint16_t padded = 0, paddedSpan = 0;
    std::uint16_t outside = 0;
};

YZ_SIMD_CLONES void flipInPlace(std::uint16_t flip, std::uint16_t* samples, size_t count) {
    for (size_t i = 0; i < count; ++i)
        samples[i] ^= flip;
}
YZ_SIMD_CLONES void flipPaddedInPlace(Flip how, std::uint16_t* samples, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        const auto away = static_cast<std::uint16_t>(samples[i] - how.padded);
        const auto flipped = static_cast<std::uint16_t>(samples[i] ^ how.flip);
        samples[i] = away <= how.paddedSpan ? how.outside : flipped;
    }
}

// One function a type: clones are made of functions, not of templates.
YZ_SIMD_CLONES void shift(Shift how, const std::uint8_t* in, size_t count, std::int16_t* out) {
    for (size_t i = 0; i < count; ++i)
        out[i] = shifted(how, in[i]);
}
YZ_SIMD_CLONES void shift(Shift how, const std::int8_t* in, size_t count, std::int16_t* out) {
    for (size_t i = 0; i < count; ++i)
        out[i] = shifted(how, in[i]);
}
YZ_SIMD_CLONES void shift(Shift how, const std::uint16_t* in, size_t count, std::int16_t* out) {
    for (size_t i = 0; i < count; ++i)
        out[i] = shifted(how, in[i]);
}
YZ_SIMD_CLONES void shift(Shift how, const std::int16_t* in, size_t count, std::int16_t* out) {
    for (size_t i = 0; i < count; ++i)
        out[i] = shifted(how, in[i]);
}
constexpr int kNoSample = 1 << 20; // beyond every sample of 16 bits

} // namespace

Rescale rescaleOf(const FrameDescription& description) {
    if (description.modalityLut && !description.modalityLut->entries.empty())
        return {};
    return {description.rescaleSlope, description.rescaleIntercept};
}

bool isClose(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

std::int16_t nearestInt16(double value) {
    return static_cast<std::int16_t>(std::clamp(std::floor(value + 0.5), -32768.0, 32767.0));
}

ValueConversion::ValueConversion(const FrameRef& frame, const Volume& volume)
    : m_description(frame.description()), m_isSigned(frame.image->isSigned),
      m_hasLut(m_description.modalityLut && !m_description.modalityLut->entries.empty()), m_outside(volume.outside) {
    const Rescale own = rescaleOf(m_description);
    m_factor = own.slope / volume.rescaleSlope;
    m_offset = (own.intercept - volume.rescaleIntercept) / volume.rescaleSlope;
    m_isShift = !m_hasLut && isClose(m_factor, 1.0) && std::abs(m_offset - std::round(m_offset)) < 1e-6 &&
                std::abs(m_offset) < 1e6;
    if (m_isShift)
        m_shift = static_cast<int>(std::round(m_offset));
    // Samples keep to Bits Stored (PixelBuffer), so that those of 15 bits or with a sign fit as they are.
    const bool fits = m_isSigned || frame.image->bitsStored < 16;
    m_isFlip = m_isShift && ((m_shift == 0 && fits) || (m_shift == -32768 && !m_isSigned));
    m_flip = m_isFlip && m_shift != 0 ? 0x8000 : 0;
    if (frame.image->paddingFirst) {
        const double a = *frame.image->paddingFirst;
        const double b = frame.image->paddingLast.value_or(a);
        m_padding.first = static_cast<int>(std::ceil(std::clamp(std::min(a, b), -1.0 * kNoSample, 1.0 * kNoSample)));
        m_padding.last = static_cast<int>(std::floor(std::clamp(std::max(a, b), -1.0 * kNoSample, 1.0 * kNoSample)));
        m_padding.first = std::max(m_padding.first, m_isSigned ? -32768 : 0);
        m_padding.last = std::min(m_padding.last, m_isSigned ? 32767 : 65535);
    }
}

template <typename T> void ValueConversion::convertSamples(const T* in, size_t count, std::int16_t* out) const {
    const bool hasPadding = m_padding.first <= m_padding.last;
    if (m_isShift) {
        const Shift how{m_shift, hasPadding ? m_padding.first : kNoSample,
                        hasPadding ? static_cast<unsigned>(m_padding.last - m_padding.first) : 0U, m_outside};
        shift(how, in, count, out);
        return;
    }
    for (size_t i = 0; i < count; ++i) {
        const int sample = in[i];
        const double stored = sample;
        const double value = m_hasLut ? modalityValue(m_description, stored) : stored;
        out[i] = hasPadding && sample >= m_padding.first && sample <= m_padding.last
                     ? m_outside
                     : nearestInt16(value * m_factor + m_offset);
    }
}

void ValueConversion::convert(const PixelBuffer& pixels, size_t first, size_t count, std::int16_t* out) const {
    switch (pixels.type) {
    case SampleType::UInt8:
        convertSamples(pixels.as<std::uint8_t>() + first, count, out);
        break;
    case SampleType::Int8:
        convertSamples(pixels.as<std::int8_t>() + first, count, out);
        break;
    case SampleType::UInt16:
    case SampleType::Int16:
        if (m_isFlip) {
            std::memcpy(out, pixels.as<std::int16_t>() + first, count * sizeof(std::int16_t));
            convertInPlace({out, count});
        } else if (pixels.type == SampleType::Int16) {
            convertSamples(pixels.as<std::int16_t>() + first, count, out);
        } else {
            convertSamples(pixels.as<std::uint16_t>() + first, count, out);
        }
        break;
    default:
        break;
    }
}

void ValueConversion::convertInPlace(std::span<std::int16_t> samples) const {
    auto* const bits = reinterpret_cast<std::uint16_t*>(samples.data());
    const bool hasPadding = m_padding.first <= m_padding.last;
    if (m_isFlip && hasPadding) {
        const Flip how{m_flip, static_cast<std::uint16_t>(m_padding.first),
                       static_cast<std::uint16_t>(m_padding.last - m_padding.first),
                       static_cast<std::uint16_t>(m_outside)};
        flipPaddedInPlace(how, bits, samples.size());
    } else if (m_isFlip) {
        if (m_flip != 0)
            flipInPlace(m_flip, bits, samples.size());
    } else if (m_isSigned) {
        convertSamples(samples.data(), samples.size(), samples.data());
    } else {
        convertSamples(bits, samples.size(), samples.data());
    }
}

void ValueConversion::revert(std::span<const std::int16_t> voxels, std::byte* samples) const {
    auto* const out = reinterpret_cast<std::uint16_t*>(samples);
    const auto back = static_cast<std::uint16_t>(m_shift); // in 16 bits the way back is the same for both signs
    for (size_t i = 0; i < voxels.size(); ++i)
        out[i] = static_cast<std::uint16_t>(static_cast<std::uint16_t>(voxels[i]) - back);
}

} // namespace yz
