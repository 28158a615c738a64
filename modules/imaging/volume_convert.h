#pragma once

#include "imaging/volume.h"

#include <cstdint>
#include <span>

/// Stored values of one frame into the scale of a volume. Inside the imaging target.
namespace yz {

/// Slope and intercept that are left to apply; none after a modality LUT.
struct Rescale {
    double slope = 1.0, intercept = 0.0;
};
[[nodiscard]] Rescale rescaleOf(const FrameDescription& description);
[[nodiscard]] bool isClose(double a, double b);
/// Rounded to nearest, clamped.
[[nodiscard]] std::int16_t nearestInt16(double value);

/// What has to happen to a frame's samples; padding becomes Volume::outside. Refers to both until it is gone.
class ValueConversion {
public:
    ValueConversion(const FrameRef& frame, const Volume& volume);

    /// `count` samples from `first` on; `pixels` has one sample of at most 16 bits a pixel.
    void convert(const PixelBuffer& pixels, size_t first, size_t count, std::int16_t* out) const;
    /// The same where the samples lie: 16 bits each, unsigned ones as their bit patterns.
    void convertInPlace(std::span<std::int16_t> samples) const;
    /// Every sample of 16 bits can be told from its voxel: values were moved at most, and there is no padding.
    [[nodiscard]] bool isReversible() const { return m_isShift && m_padding.first > m_padding.last; }
    /// The samples of voxels, 16 bits each, in the form of PixelBuffer::data. Only when isReversible().
    void revert(std::span<const std::int16_t> voxels, std::byte* samples) const;

private:
    /// Samples that become `outside`: none when first > last.
    struct Padding {
        int first = 1, last = 0;
    };
    template <typename T> void convertSamples(const T* in, size_t count, std::int16_t* out) const;

    const FrameDescription& m_description;
    bool m_isSigned;
    bool m_hasLut;
    bool m_isShift;        ///< a whole number is added, nothing else
    bool m_isFlip = false; ///< the same in 16 bits, at most by turning the sign bit over
    std::uint16_t m_flip = 0;
    int m_shift = 0;
    double m_factor, m_offset;
    Padding m_padding;
    std::int16_t m_outside;
};

} // namespace yz
