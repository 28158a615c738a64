#include "imaging/display_chain.h"

#include "imaging/colour_cube.h"
#include "imaging/grey_lut.h"
#include "imaging/picture_scaler.h"
#include "imaging/screen_marks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yz {
namespace {

constexpr std::uint32_t kBlack = 0xff000000u;

bool isComplete(const PixelBuffer& pixels) {
    return pixels.columns > 0 && pixels.rows > 0 && pixels.samplesPerPixel > 0 &&
           pixels.data.size() >= pixels.byteCount();
}

bool isTableGrey(const ImageDescription& image, const PixelBuffer& pixels) {
    return pixels.samplesPerPixel == 1 && image.photometric != Photometric::PaletteColor &&
           bytesPerSample(pixels.type) <= 2;
}

std::uint32_t colourOf(std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
    return kBlack | red << 16 | green << 8 | blue;
}

/// Three samples of one width to 8 bits each.
template <typename T>
void rgbToArgb(const T* samples, int samplesPerPixel, int bitsStored, std::uint32_t flip,
               std::vector<std::uint32_t>& out) {
    const int shift = std::max(std::clamp(bitsStored, 1, static_cast<int>(sizeof(T) * 8)) - 8, 0);
    for (std::uint32_t& pixel : out) {
        const auto channel = [&](int i) { return static_cast<std::uint32_t>(samples[i] >> shift) & 0xffu; };
        pixel = colourOf(channel(0), channel(1), channel(2)) ^ flip;
        samples += samplesPerPixel;
    }
}

template <typename T>
void paletteToArgb(const ImageDescription& image, const T* samples, std::uint32_t flip,
                   std::vector<std::uint32_t>& out) {
    constexpr int kLow = std::numeric_limits<T>::min();
    constexpr int kHigh = std::numeric_limits<T>::max();
    std::vector<std::uint32_t> table(static_cast<size_t>(kHigh - kLow + 1), kBlack);
    const int first = image.paletteRed.firstMapped;
    const int last = first + static_cast<int>(image.paletteRed.entries.size()) - 1;
    const auto entry = [&](int index) {
        const std::uint32_t colour =
            colourOf(paletteByte(image.paletteRed, index), paletteByte(image.paletteGreen, index),
                     paletteByte(image.paletteBlue, index));
        return (image.colours ? toSrgb(*image.colours, colour) : colour) ^ flip;
    };
    for (int index = std::clamp(first, kLow, kHigh); index <= std::clamp(last, kLow, kHigh); ++index)
        table[static_cast<size_t>(index - kLow)] = entry(index);
    const int low = std::clamp(first, kLow, kHigh);
    const int high = std::clamp(last, low, kHigh);
    for (size_t i = 0; i < out.size(); ++i)
        out[i] = table[static_cast<size_t>(std::clamp<int>(samples[i], low, high) - kLow)];
}

/// 32-bit and floating-point grey, value by value: no table covers them.
template <typename T>
void wideGreyToArgb(const ImageDescription& image, int frame, const DisplaySettings& settings, const T* samples,
                    std::vector<std::uint32_t>& out) {
    const GreyMap map(image, frame, settings);
    for (size_t i = 0; i < out.size(); ++i) {
        const double stored = static_cast<double>(samples[i]);
        const bool isShown = std::isfinite(stored) && !isPadding(image, stored);
        out[i] = isShown ? map(stored) : kBlack;
    }
}

template <typename T> void greyToArgb(const GreyLut& lut, const T* samples, std::vector<std::uint32_t>& out) {
    const std::uint32_t* colours = lut.argb.data() + lut.offset;
    for (size_t i = 0; i < out.size(); ++i)
        out[i] = colours[samples[i]];
}

/// True colours whose profile is not the screen's; palettes are converted in their tables.
bool isProfiled(const ImageDescription& image, const PixelBuffer& pixels) {
    return image.colours && pixels.samplesPerPixel >= 3;
}

void finishProfiled(const ImageDescription& image, const DisplaySettings& settings, std::span<std::uint32_t> line) {
    toSrgb(*image.colours, line);
    if (settings.inverted)
        for (std::uint32_t& pixel : line)
            pixel ^= 0x00ffffffu;
}

void renderNativeInto(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                      const DisplaySettings& settings, ScreenPicture& picture) {
    picture.width = std::max(pixels.columns, 0);
    picture.height = std::max(pixels.rows, 0);
    picture.argb.resize(static_cast<size_t>(picture.width) * static_cast<size_t>(picture.height));
    std::vector<std::uint32_t>& out = picture.argb;
    if (!isComplete(pixels)) {
        std::fill(out.begin(), out.end(), kBlack);
        return;
    }
    // Inverting comes after the profile: a negative of what the colours look like.
    const std::uint32_t flip = settings.inverted && !isProfiled(image, pixels) ? 0x00ffffffu : 0u;
    if (pixels.samplesPerPixel >= 3) {
        switch (pixels.type) {
        case SampleType::UInt8:
        case SampleType::Int8:
            return rgbToArgb(pixels.as<std::uint8_t>(), pixels.samplesPerPixel, 8, flip, out);
        case SampleType::UInt16:
        case SampleType::Int16:
            return rgbToArgb(pixels.as<std::uint16_t>(), pixels.samplesPerPixel, image.bitsStored, flip, out);
        default:
            std::fill(out.begin(), out.end(), kBlack);
            return;
        }
    }
    if (pixels.samplesPerPixel != 1) {
        std::fill(out.begin(), out.end(), kBlack);
        return;
    }
    if (image.photometric == Photometric::PaletteColor) {
        switch (pixels.type) {
        case SampleType::UInt8:
            return paletteToArgb(image, pixels.as<std::uint8_t>(), flip, out);
        case SampleType::Int8:
            return paletteToArgb(image, pixels.as<std::int8_t>(), flip, out);
        case SampleType::UInt16:
            return paletteToArgb(image, pixels.as<std::uint16_t>(), flip, out);
        case SampleType::Int16:
            return paletteToArgb(image, pixels.as<std::int16_t>(), flip, out);
        default:
            std::fill(out.begin(), out.end(), kBlack);
            return;
        }
    }
    switch (pixels.type) {
    case SampleType::UInt8:
        return greyToArgb(*greyLut(image, frame, pixels.type, settings), pixels.as<std::uint8_t>(), out);
    case SampleType::Int8:
        return greyToArgb(*greyLut(image, frame, pixels.type, settings), pixels.as<std::int8_t>(), out);
    case SampleType::UInt16:
        return greyToArgb(*greyLut(image, frame, pixels.type, settings), pixels.as<std::uint16_t>(), out);
    case SampleType::Int16:
        return greyToArgb(*greyLut(image, frame, pixels.type, settings), pixels.as<std::int16_t>(), out);
    case SampleType::UInt32:
        return wideGreyToArgb(image, frame, settings, pixels.as<std::uint32_t>(), out);
    case SampleType::Int32:
        return wideGreyToArgb(image, frame, settings, pixels.as<std::int32_t>(), out);
    case SampleType::Float32:
        return wideGreyToArgb(image, frame, settings, pixels.as<float>(), out);
    case SampleType::Float64:
        return wideGreyToArgb(image, frame, settings, pixels.as<double>(), out);
    }
}

/// How many image pixels one of the buffer stands for.
int imagePixelsPerSample(const PixelBuffer& pixels) { return 1 << pixels.reduction; }

/// A buffer is drawn as reduced only when it has the size that its reduction gives the image.
bool isReducedPicture(const ImageDescription& image, const PixelBuffer& pixels) {
    if (pixels.reduction <= 0 || pixels.reduction > 16)
        return false;
    const int factor = imagePixelsPerSample(pixels);
    return pixels.columns == (image.columns + factor - 1) / factor && pixels.rows == (image.rows + factor - 1) / factor;
}

/// out(x, y) = in(y, x), in blocks that stay in the cache.
void transpose(const std::vector<std::uint32_t>& in, int inWidth, int inHeight, std::uint32_t* out) {
    constexpr int kBlock = 32;
    for (int y0 = 0; y0 < inHeight; y0 += kBlock) {
        for (int x0 = 0; x0 < inWidth; x0 += kBlock) {
            const int y1 = std::min(y0 + kBlock, inHeight);
            const int x1 = std::min(x0 + kBlock, inWidth);
            for (int x = x0; x < x1; ++x) {
                std::uint32_t* to = out + static_cast<size_t>(x) * static_cast<size_t>(inHeight);
                for (int y = y0; y < y1; ++y)
                    to[y] = in[static_cast<size_t>(y) * static_cast<size_t>(inWidth) + static_cast<size_t>(x)];
            }
        }
    }
}

/// Fills what the image does not cover.
void fillAround(const ViewAxis& x, const ViewAxis& y, int width, int height, std::uint32_t background,
                std::uint32_t* out) {
    const bool isEmpty = x.isEmpty() || y.isEmpty();
    for (int line = 0; line < height; ++line) {
        std::uint32_t* row = out + static_cast<size_t>(line) * static_cast<size_t>(width);
        if (isEmpty || line < y.first() || line >= y.last()) {
            std::fill_n(row, width, background);
        } else {
            std::fill_n(row, x.first(), background);
            std::fill(row + x.last(), row + width, background);
        }
    }
}

} // namespace

void renderFrame(const ImageDescription& image, int frame, const PixelBuffer& pixels, const DisplaySettings& settings,
                 const ViewTransform& transform, Interpolation interpolation, std::uint32_t background,
                 ScreenPicture& target) {
    target.width = std::max(target.width, 0);
    target.height = std::max(target.height, 0);
    target.argb.resize(static_cast<size_t>(target.width) * static_cast<size_t>(target.height));
    if (target.argb.empty())
        return;
    if (!isComplete(pixels)) {
        std::fill(target.argb.begin(), target.argb.end(), background);
        return;
    }

    // A quarter turn is drawn upright into a scratch picture (image rows stay memory rows) and transposed at the end.
    const bool isTurned = transform.quarterTurns % 2 != 0;
    const int width = isTurned ? target.height : target.width;
    const int height = isTurned ? target.width : target.height;
    const ImagePoint origin = transform.toImage({0.5, 0.5});
    const ImagePoint right = transform.toImage({1.5, 0.5}) - origin;
    const ImagePoint down = transform.toImage({0.5, 1.5}) - origin;
    const double stepX = isTurned ? down.x : right.x, stepY = isTurned ? right.y : down.y;
    const bool isReduced = isReducedPicture(image, pixels);
    const ViewAxis x = isReduced ? ViewAxis::reduced(origin.x, stepX, width, image.columns, pixels.reduction)
                                 : ViewAxis(origin.x, stepX, width, pixels.columns);
    const ViewAxis y = isReduced ? ViewAxis::reduced(origin.y, stepY, height, image.rows, pixels.reduction)
                                 : ViewAxis(origin.y, stepY, height, pixels.rows);

    thread_local std::vector<std::uint32_t> turned;
    std::uint32_t* out = target.argb.data();
    if (isTurned) {
        turned.resize(target.argb.size());
        out = turned.data();
    }
    fillAround(x, y, width, height, background, out);

    std::shared_ptr<const GreyLut> lut;
    if (isTableGrey(image, pixels))
        lut = greyLut(image, frame, pixels.type, settings);
    if (lut && (lut->paddingIsDark || interpolation == Interpolation::Nearest)) {
        scaleGrey(pixels, *lut, x, y, interpolation, {out, width});
    } else {
        // Colours, palette indexes, wide values, and padding that would shine through: finished first, then scaled.
        thread_local ScreenPicture native;
        renderNativeInto(image, frame, pixels, settings, native);
        scaleColours(native, x, y, interpolation, {out, width});
        if (isProfiled(image, pixels))
            for (int line = y.first(); line < y.last() && !x.isEmpty(); ++line)
                finishProfiled(image, settings,
                               {out + static_cast<size_t>(line) * static_cast<size_t>(width) + x.first(),
                                static_cast<size_t>(x.last() - x.first())});
    }
    if (const ScreenMarks marks(image, frame, settings); !marks.isEmpty()) {
        marks.draw(ViewAxis(origin.x, stepX, width, image.columns), ViewAxis(origin.y, stepY, height, image.rows),
                   {out, width});
    }
    if (isTurned)
        transpose(turned, width, height, target.argb.data());
}

ScreenPicture renderNative(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                           const DisplaySettings& settings) {
    ScreenPicture picture;
    renderNativeInto(image, frame, pixels, settings, picture);
    if (!isComplete(pixels))
        return picture;
    if (isProfiled(image, pixels))
        finishProfiled(image, settings, picture.argb);
    if (const ScreenMarks marks(image, frame, settings); !marks.isEmpty()) {
        const double factor = isReducedPicture(image, pixels) ? imagePixelsPerSample(pixels) : 1.0;
        marks.draw(ViewAxis(0.0, factor, picture.width, image.columns),
                   ViewAxis(0.0, factor, picture.height, image.rows), {picture.argb.data(), picture.width});
    }
    return picture;
}

} // namespace yz
