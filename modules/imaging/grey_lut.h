#pragma once

#include "imaging/display_chain.h"

#include <memory>
#include <optional>
#include <vector>

namespace yz {

/// Entry of a look-up table; input below maps to the first, above to the last entry, no table to the input (PS3.3
/// C.11.1).
[[nodiscard]] double lookUp(const Lut& lut, double input);

/// Whether a stored value is padding (0028,0120/0121).
[[nodiscard]] bool isPadding(const ImageDescription& image, double stored);

/// Whether the data itself says that low values are white: the presentation LUT shape where given (it repeats what
/// MONOCHROME1 says, PS3.3 C.11.6, so both together are one inversion), else MONOCHROME1.
[[nodiscard]] bool isInverse(const ImageDescription& image);

/// Entry of a palette channel as 8 bits.
[[nodiscard]] std::uint32_t paletteByte(const Lut& lut, int index);

/// Whether a palette colours what comes out of the VOI stage (pseudo-colour presentation state).
[[nodiscard]] bool isPseudoColour(const ImageDescription& image);

/// Steps 2 to 5 of the chain for one grey frame under some settings: stored value -> 0xffRRGGBB. Padding is not looked
/// at.
class GreyMap {
public:
    GreyMap(const ImageDescription& image, int frame, const DisplaySettings& settings);
    [[nodiscard]] std::uint32_t operator()(double stored) const;
    /// How bright, 0 to 1: what becomes a grey in 256 steps, or a place in the palette.
    [[nodiscard]] double fraction(double stored) const;
    /// Never up and down again: linear all the way, no table in it.
    [[nodiscard]] bool isMonotone() const;

private:
    const ImageDescription& m_image;
    const FrameDescription& m_frame;
    const Lut* m_voiLut = nullptr;
    VoiWindow m_window;
    VoiFunction m_function;
    bool m_inverse;
};

/// A table that is a straight line between black and white: grey = start + (index - first) * step, in [0, 255].
struct GreyRamp {
    int first = 0;
    float start = 0.0F, step = 0.0F;
};
/// indexes -> 0xffRRGGBB by the line: without a table to look into, several times as fast.
void drawRamp(const GreyRamp& ramp, const std::int32_t* indexes, std::uint32_t* out, int count);

/// The chain as a table for 8- and 16-bit data: argb[stored + offset].
struct GreyLut {
    int offset = 0;
    std::vector<std::uint32_t> argb;
    /// Where drawRamp() gives exactly the table, for every entry.
    std::optional<GreyRamp> ramp;
    /// Padding would be black without being told apart, so interpolating across its border does no harm.
    bool paddingIsDark = true;
};

/// The table for these settings; kept per thread for the last few settings.
[[nodiscard]] std::shared_ptr<const GreyLut> greyLut(const ImageDescription& image, int frame, SampleType type,
                                                     const DisplaySettings& settings);

} // namespace yz
