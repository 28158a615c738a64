#include "imaging/display_chain.h"

#include "imaging/grey_lut.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace yz {
namespace {

/// Calls `visit` with the typed samples of a buffer.
template <typename Visit> void withSamples(const PixelBuffer& pixels, Visit visit) {
    switch (pixels.type) {
    case SampleType::UInt8:
        return visit(pixels.as<std::uint8_t>());
    case SampleType::Int8:
        return visit(pixels.as<std::int8_t>());
    case SampleType::UInt16:
        return visit(pixels.as<std::uint16_t>());
    case SampleType::Int16:
        return visit(pixels.as<std::int16_t>());
    case SampleType::UInt32:
        return visit(pixels.as<std::uint32_t>());
    case SampleType::Int32:
        return visit(pixels.as<std::int32_t>());
    case SampleType::Float32:
        return visit(pixels.as<float>());
    case SampleType::Float64:
        return visit(pixels.as<double>());
    }
}

bool isUsable(const VoiWindow& window) {
    return std::isfinite(window.center) && std::isfinite(window.width) && window.width > 0.0;
}

/// Smallest and largest modality value that is not padding; false when there is none.
bool modalityRange(const ImageDescription& image, const FrameDescription& frame, const PixelBuffer& pixels, double& low,
                   double& high) {
    low = std::numeric_limits<double>::infinity();
    high = -low;
    if (pixels.data.size() < pixels.byteCount())
        return false;
    withSamples(pixels, [&](const auto* samples) {
        const size_t count = pixels.byteCount() / static_cast<size_t>(bytesPerSample(pixels.type));
        for (size_t i = 0; i < count; ++i) {
            const double stored = static_cast<double>(samples[i]);
            if (!std::isfinite(stored) || isPadding(image, stored))
                continue;
            const double value = frame.modalityLut ? lookUp(*frame.modalityLut, stored) : stored;
            low = std::min(low, value);
            high = std::max(high, value);
        }
    });
    if (low > high)
        return false;
    if (!frame.modalityLut) {
        low = modalityValue(frame, low);
        high = modalityValue(frame, high);
        if (low > high)
            std::swap(low, high);
    }
    return true;
}

/// The linear window that maps `low` to black and `high` to white.
VoiWindow windowOfRange(double low, double high) { return {(low + high + 1.0) / 2.0, high - low + 1.0, {}}; }

} // namespace

double modalityValue(const FrameDescription& frame, double stored) {
    if (frame.modalityLut && !frame.modalityLut->entries.empty())
        return lookUp(*frame.modalityLut, stored);
    return frame.rescaleSlope * stored + frame.rescaleIntercept;
}

std::vector<float> modalityValues(const ImageDescription& image, int frame, const PixelBuffer& pixels) {
    std::vector<float> values;
    if (pixels.data.size() < pixels.byteCount())
        return values;
    const FrameDescription& description = image.frame(frame);
    const bool isGrey = pixels.samplesPerPixel == 1 && image.photometric != Photometric::PaletteColor;
    values.resize(pixels.byteCount() / static_cast<size_t>(bytesPerSample(pixels.type)));
    withSamples(pixels, [&](const auto* samples) {
        for (size_t i = 0; i < values.size(); ++i) {
            const double stored = static_cast<double>(samples[i]);
            values[i] = static_cast<float>(isGrey ? modalityValue(description, stored) : stored);
        }
    });
    return values;
}

double voiFraction(double modality, const VoiWindow& window, VoiFunction function) {
    const double c = window.center;
    double y = 0.0;
    switch (function) {
    case VoiFunction::Linear: {
        const double w = std::max(window.width, 1.0); // smaller is not allowed by C.11.2.1.2.1
        if (modality <= c - 0.5 - (w - 1.0) / 2.0)
            return 0.0;
        if (modality > c - 0.5 + (w - 1.0) / 2.0)
            return 1.0;
        y = (modality - (c - 0.5)) / (w - 1.0) + 0.5;
        break;
    }
    case VoiFunction::LinearExact: {
        const double w = std::max(window.width, 0.0);
        if (modality <= c - w / 2.0)
            return 0.0;
        if (modality > c + w / 2.0)
            return 1.0;
        y = (modality - c) / w + 0.5;
        break;
    }
    case VoiFunction::Sigmoid: {
        const double w = std::max(window.width, std::numeric_limits<double>::min());
        y = 1.0 / (1.0 + std::exp(-4.0 * (modality - c) / w));
        break;
    }
    }
    return y > 0.0 ? std::min(y, 1.0) : 0.0; // also not-a-number
}

std::uint8_t applyVoi(double modality, const VoiWindow& window, VoiFunction function) {
    return static_cast<std::uint8_t>(voiFraction(modality, window, function) * 255.0 + 0.5);
}

DisplaySettings defaultSettings(const ImageDescription& image, int frame, const PixelBuffer& pixels) {
    const FrameDescription& description = image.frame(frame);
    DisplaySettings settings;
    settings.function = description.voiFunction;
    for (const VoiWindow& window : description.windows) {
        if (isUsable(window)) {
            settings.window = window;
            return settings;
        }
    }
    // Without a window the bytes of an 8-bit picture are what the sender wants to see.
    settings.function = VoiFunction::Linear;
    double low = 0.0;
    double high = 255.0;
    const bool isPicture = pixels.samplesPerPixel == 3 || image.photometric == Photometric::PaletteColor ||
                           (pixels.type == SampleType::UInt8 && image.bitsStored == 8);
    if (isPicture && !description.modalityLut) {
        if (pixels.samplesPerPixel == 1 && image.photometric != Photometric::PaletteColor) {
            low = modalityValue(description, 0.0);
            high = modalityValue(description, 255.0);
            if (low > high)
                std::swap(low, high);
        }
    } else if (!modalityRange(image, description, pixels, low, high)) {
        low = 0.0;
        high = 255.0;
    }
    const bool isFraction =
        std::abs(high - low) < 16.0 &&
        (pixels.type == SampleType::Float32 || pixels.type == SampleType::Float64 || description.rescaleSlope != 1.0);
    if (isFraction) {
        settings.function = VoiFunction::LinearExact;
        settings.window = {(low + high) / 2.0, std::max(high - low, 1e-9), {}};
    } else {
        settings.window = windowOfRange(low, high);
    }
    if (!description.voiLuts.empty() && !description.voiLuts.front().entries.empty())
        settings.voiLut = 0;
    return settings;
}

std::span<const WindowPreset> windowPresets() {
    static const QString ct = QStringLiteral("CT"), pt = QStringLiteral("PT");
    static const std::array<WindowPreset, 12> presets{{
        {QStringLiteral("ct-brain"), ct, {40, 80, {}}},
        {QStringLiteral("ct-stroke"), ct, {35, 40, {}}},
        {QStringLiteral("ct-bone"), ct, {500, 2000, {}}},
        {QStringLiteral("ct-lung"), ct, {-600, 1500, {}}},
        {QStringLiteral("ct-mediastinum"), ct, {40, 400, {}}},
        {QStringLiteral("ct-abdomen"), ct, {50, 350, {}}},
        {QStringLiteral("ct-liver"), ct, {70, 180, {}}},
        {QStringLiteral("ct-spine"), ct, {50, 300, {}}},
        {QStringLiteral("ct-angio"), ct, {250, 700, {}}},
        {QStringLiteral("pt-suv-5"), pt, {2.5, 5, {}}, true},
        {QStringLiteral("pt-suv-10"), pt, {5, 10, {}}, true},
        {QStringLiteral("pt-suv-20"), pt, {10, 20, {}}, true},
    }};
    return presets;
}

} // namespace yz
