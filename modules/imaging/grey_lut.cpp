#include "imaging/grey_lut.h"

#include "imaging/colour_cube.h"
#include "imaging/simd_clones.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace yz {
namespace {

constexpr std::uint32_t kBlack = 0xff000000u;

bool sameLut(const Lut& a, const Lut& b) {
    return a.firstMapped == b.firstMapped && a.bitsPerEntry == b.bitsPerEntry && a.entries == b.entries;
}

bool sameLut(const std::optional<Lut>& a, const std::optional<Lut>& b) {
    return a.has_value() == b.has_value() && (!a || sameLut(*a, *b));
}

std::optional<Lut> chosenVoiLut(const FrameDescription& frame, const DisplaySettings& settings) {
    if (settings.voiLut && *settings.voiLut >= 0 && *settings.voiLut < static_cast<int>(frame.voiLuts.size()))
        return frame.voiLuts[static_cast<size_t>(*settings.voiLut)];
    return std::nullopt;
}

/// Everything the table depends on.
struct Key {
    SampleType type = SampleType::UInt16;
    int bitsStored = 16;
    double slope = 1.0, intercept = 0.0;
    std::optional<Lut> modalityLut, voiLut;
    DisplaySettings settings;
    bool inverse = false;
    std::optional<double> paddingFirst, paddingLast;
    std::optional<Lut> presentationLut;
    Lut red, green, blue; ///< of pseudo-colour only
    std::shared_ptr<const ColourCube> colours;

    [[nodiscard]] bool matches(const ImageDescription& image, const FrameDescription& frame, SampleType wanted,
                               const DisplaySettings& wantedSettings) const {
        if (type != wanted || bitsStored != image.bitsStored || slope != frame.rescaleSlope ||
            intercept != frame.rescaleIntercept || settings != wantedSettings || inverse != isInverse(image) ||
            paddingFirst != image.paddingFirst || paddingLast != image.paddingLast ||
            !sameLut(modalityLut, frame.modalityLut) || !sameLut(presentationLut, image.presentationLut) ||
            colours != image.colours)
            return false;
        if (isPseudoColour(image) ? !sameLut(red, image.paletteRed) || !sameLut(green, image.paletteGreen) ||
                                        !sameLut(blue, image.paletteBlue)
                                  : !red.entries.empty())
            return false;
        return sameLut(voiLut, chosenVoiLut(frame, wantedSettings));
    }
};

/// Equal values of a monotone map lie side by side: it is asked for the ends of each run alone, which makes a new
/// window while the mouse moves cost a twentieth.
void fillRuns(const GreyMap& map, int low, int high, std::uint32_t* out) {
    for (int first = low; first <= high;) {
        const std::uint32_t colour = map(first);
        int last = first, step = 1; // the last that is known to be of this colour
        while (last + step <= high && map(last + step) == colour) {
            last += step;
            step *= 2;
        }
        for (; step > 0; step /= 2)
            if (last + step <= high && map(last + step) == colour)
                last += step;
        std::fill(out + first, out + last + 1, colour);
        first = last + 1;
    }
}

/// The line through the grey entries of a monotone table, when all of the table lies on it.
std::optional<GreyRamp> rampOf(const GreyMap& map, const GreyLut& lut) {
    const auto isGrey = [](std::uint32_t colour) { return colour != kBlack && colour != 0xffffffffu; };
    const auto first = std::find_if(lut.argb.begin(), lut.argb.end(), isGrey);
    if (first == lut.argb.end())
        return std::nullopt;
    const auto last = std::find_if(lut.argb.rbegin(), lut.argb.rend(), isGrey);
    const int low = static_cast<int>(first - lut.argb.begin());
    const int high = static_cast<int>(lut.argb.rend() - last) - 1;
    if (high <= low)
        return std::nullopt;
    const double bottom = map.fraction(low - lut.offset), top = map.fraction(high - lut.offset);
    GreyRamp ramp;
    ramp.first = low;
    ramp.start = static_cast<float>(bottom * 255.0 + 0.5);
    ramp.step = static_cast<float>((top - bottom) * 255.0 / (high - low));
    std::vector<std::int32_t> indexes(lut.argb.size());
    std::iota(indexes.begin(), indexes.end(), 0);
    std::vector<std::uint32_t> drawn(lut.argb.size());
    drawRamp(ramp, indexes.data(), drawn.data(), static_cast<int>(drawn.size()));
    return drawn == lut.argb ? std::optional(ramp) : std::nullopt;
}

GreyLut build(const ImageDescription& image, int frame, SampleType type, const DisplaySettings& settings) {
    GreyLut lut;
    const bool isByte = type == SampleType::UInt8 || type == SampleType::Int8;
    const bool isSigned = type == SampleType::Int8 || type == SampleType::Int16;
    const int size = isByte ? 256 : 65536;
    lut.offset = isSigned ? size / 2 : 0;
    lut.argb.resize(static_cast<size_t>(size));

    const int bits = std::clamp(image.bitsStored, 1, isByte ? 8 : 16);
    const int low = isSigned ? -(1 << (bits - 1)) : 0;
    const int high = low + (1 << bits) - 1;
    const GreyMap map(image, frame, settings);
    if (map.isMonotone()) {
        fillRuns(map, low, high, lut.argb.data() + lut.offset);
    } else {
        for (int stored = low; stored <= high; ++stored)
            lut.argb[static_cast<size_t>(stored + lut.offset)] = map(stored);
    }
    // Values that BitsStored rules out: as their nearest neighbour that it allows.
    std::fill_n(lut.argb.begin(), low + lut.offset, lut.argb[static_cast<size_t>(low + lut.offset)]);
    std::fill(lut.argb.begin() + high + lut.offset + 1, lut.argb.end(),
              lut.argb[static_cast<size_t>(high + lut.offset)]);

    if (image.paddingFirst && std::isfinite(*image.paddingFirst) && std::isfinite(image.paddingLast.value_or(0.0))) {
        const double a = *image.paddingFirst;
        const double b = image.paddingLast.value_or(a);
        const int first = static_cast<int>(std::clamp(std::ceil(std::min(a, b)), -65536.0, 65536.0)) + lut.offset;
        const int last = static_cast<int>(std::clamp(std::floor(std::max(a, b)), -65536.0, 65536.0)) + lut.offset;
        for (int i = std::max(first, 0); i <= std::min(last, size - 1); ++i) {
            lut.paddingIsDark = lut.paddingIsDark && lut.argb[static_cast<size_t>(i)] == kBlack;
            lut.argb[static_cast<size_t>(i)] = kBlack;
        }
    }
    if (map.isMonotone() && !isByte)
        lut.ramp = rampOf(map, lut);
    return lut;
}

} // namespace

YZ_SIMD_CLONES void drawRamp(const GreyRamp& ramp, const std::int32_t* __restrict indexes,
                             std::uint32_t* __restrict out, int count) {
    const int first = ramp.first;
    const float start = ramp.start, step = ramp.step;
    for (int i = 0; i < count; ++i) {
        const float grey = start + static_cast<float>(indexes[i] - first) * step;
        const float held = grey < 0.0F ? 0.0F : grey > 255.0F ? 255.0F : grey;
        out[i] = kBlack | static_cast<std::uint32_t>(static_cast<std::int32_t>(held)) * 0x010101u;
    }
}

double lookUp(const Lut& lut, double input) {
    if (lut.entries.empty())
        return input;
    const double index = std::floor(input + 0.5) - lut.firstMapped;
    const double last = static_cast<double>(lut.entries.size() - 1);
    return lut.entries[static_cast<size_t>(std::isnan(index) ? 0.0 : std::clamp(index, 0.0, last))];
}

bool isPadding(const ImageDescription& image, double stored) {
    if (!image.paddingFirst)
        return false;
    const double a = *image.paddingFirst;
    const double b = image.paddingLast.value_or(a);
    return stored >= std::min(a, b) && stored <= std::max(a, b);
}

std::uint32_t paletteByte(const Lut& lut, int index) {
    if (lut.entries.empty())
        return 0;
    const auto value = static_cast<std::uint32_t>(lookUp(lut, index));
    const int bits = std::clamp(lut.bitsPerEntry, 1, 16);
    return bits > 8 ? (value >> (bits - 8)) & 0xffu : value & 0xffu;
}

bool isPseudoColour(const ImageDescription& image) {
    return image.photometric != Photometric::PaletteColor && image.samplesPerPixel == 1 &&
           !image.paletteRed.entries.empty();
}

bool isInverse(const ImageDescription& image) {
    const QString shape = image.presentationLutShape.trimmed();
    if (!shape.isEmpty())
        return shape.compare(QLatin1String("INVERSE"), Qt::CaseInsensitive) == 0;
    return image.photometric == Photometric::Monochrome1;
}

GreyMap::GreyMap(const ImageDescription& image, int frame, const DisplaySettings& settings)
    : m_image(image), m_frame(image.frame(frame)), m_window(settings.window), m_function(settings.function),
      m_inverse(isInverse(image) != settings.inverted) {
    if (settings.voiLut && *settings.voiLut >= 0 && *settings.voiLut < static_cast<int>(m_frame.voiLuts.size()))
        m_voiLut = &m_frame.voiLuts[static_cast<size_t>(*settings.voiLut)];
    if (m_voiLut && m_voiLut->entries.empty())
        m_voiLut = nullptr;
}

bool GreyMap::isMonotone() const {
    return !m_voiLut && m_function != VoiFunction::Sigmoid && !isPseudoColour(m_image) &&
           std::isfinite(m_frame.rescaleSlope) && std::isfinite(m_frame.rescaleIntercept) &&
           !(m_frame.modalityLut && !m_frame.modalityLut->entries.empty()) &&
           !(m_image.presentationLut && !m_image.presentationLut->entries.empty());
}

double GreyMap::fraction(double stored) const {
    const double modality = modalityValue(m_frame, stored);
    const auto topOf = [](const Lut& lut) {
        return static_cast<double>((1u << std::clamp(lut.bitsPerEntry, 1, 16)) - 1u);
    };
    double y = m_voiLut ? std::min(lookUp(*m_voiLut, modality) / topOf(*m_voiLut), 1.0)
                        : voiFraction(modality, m_window, m_function);
    if (const auto& lut = m_image.presentationLut; lut && !lut->entries.empty()) {
        const auto index = static_cast<size_t>(y * static_cast<double>(lut->entries.size() - 1) + 0.5);
        y = std::min(lut->entries[index] / topOf(*lut), 1.0);
    }
    return m_inverse ? 1.0 - y : y;
}

std::uint32_t GreyMap::operator()(double stored) const {
    const double y = fraction(stored);
    if (isPseudoColour(m_image)) {
        const auto channel = [&](const Lut& lut) {
            return paletteByte(lut, lut.firstMapped +
                                        static_cast<int>(y * static_cast<double>(lut.entries.size() - 1) + 0.5));
        };
        const std::uint32_t colour = kBlack | channel(m_image.paletteRed) << 16 | channel(m_image.paletteGreen) << 8 |
                                     channel(m_image.paletteBlue);
        return m_image.colours ? toSrgb(*m_image.colours, colour) : colour;
    }
    return kBlack | static_cast<std::uint32_t>(y * 255.0 + 0.5) * 0x010101u;
}

std::shared_ptr<const GreyLut> greyLut(const ImageDescription& image, int frame, SampleType type,
                                       const DisplaySettings& settings) {
    struct Entry {
        Key key;
        std::shared_ptr<const GreyLut> lut;
    };
    // Enough for a wall of viewports with a window each; 256 KiB an entry.
    thread_local std::array<Entry, 8> cache;
    thread_local size_t next = 0;
    const FrameDescription& description = image.frame(frame);
    for (const Entry& entry : cache) {
        if (entry.lut && entry.key.matches(image, description, type, settings))
            return entry.lut;
    }
    Entry& entry = cache[next];
    next = (next + 1) % cache.size();
    entry.key = Key{type,
                    image.bitsStored,
                    description.rescaleSlope,
                    description.rescaleIntercept,
                    description.modalityLut,
                    chosenVoiLut(description, settings),
                    settings,
                    isInverse(image),
                    image.paddingFirst,
                    image.paddingLast,
                    image.presentationLut,
                    isPseudoColour(image) ? image.paletteRed : Lut{},
                    isPseudoColour(image) ? image.paletteGreen : Lut{},
                    isPseudoColour(image) ? image.paletteBlue : Lut{},
                    image.colours};
    entry.lut = std::make_shared<GreyLut>(build(image, frame, type, settings));
    return entry.lut;
}

} // namespace yz
