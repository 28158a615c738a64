#pragma once

#include "domain/image.h"

#include <QString>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// The one documented display chain. Pure; no GL, no Qt GUI. For each pixel, in this order:
///
///   1. padding (PS3.3 C.7.5.1.1.2): a stored value of Pixel Padding Value or Range is black from here on;
///   2. modality (C.11.1): Modality LUT, else stored * slope + intercept, per frame;
///   3. VOI (C.11.2): a VOI LUT, else a window: linear (C.11.2.1.2.1), linear exact (C.11.2.1.3.2), sigmoid
///      (C.11.2.1.3.1); gives a fraction of the output range;
///   4. presentation (C.11.6): the state's Presentation LUT, its input spread over the VOI's range; then its shape,
///      INVERSE or IDENTITY, which repeats what MONOCHROME1 says (C.7.6.3.1.2);
///   5. colour: a palette instead of 2 to 4 (C.7.9), a pseudo-colour state's palette after 3 (PS3.4 N.2.5), RGB as it
///      is; then the ICC profile to sRGB (C.11.15) where one is given that differs;
///   6. scaling to the viewport (8- and 16-bit grey is scaled as stored values, before 2);
///   7. display shutter (C.7.6.11, C.7.6.15), in its presentation value;
///   8. overlay planes (C.9.2), never under the shutter (PS3.4 N.2.3).
///
/// A presentation state changes the description that goes through this chain (imaging/presentation.h), not the chain
/// (PS3.4 N.2). Graphic annotations are drawn over the result by whoever shows it.
namespace yz {

/// What the reader set on top of the data.
struct DisplaySettings {
    VoiWindow window; ///< in modality units (HU, or stored values where there is no rescale)
    VoiFunction function = VoiFunction::Linear;
    std::optional<int> voiLut; ///< index into FrameDescription::voiLuts; overrides the window
    bool inverted = false;     ///< on top of MONOCHROME1 / presentation LUT shape
    bool overlaysShown = true;
    bool shutterShown = true;

    bool operator==(const DisplaySettings&) const = default;
};

/// First usable window of the frame; else its first VOI LUT; else a window from the pixel range without padding (8-bit
/// grey, palette and colour: the full range as it is).
[[nodiscard]] DisplaySettings defaultSettings(const ImageDescription& image, int frame, const PixelBuffer& pixels);

/// Stored value -> modality value (rescale or modality LUT).
[[nodiscard]] double modalityValue(const FrameDescription& frame, double stored);

/// Modality values of a whole frame; for colour and palette the stored samples. Empty when the buffer is incomplete.
[[nodiscard]] std::vector<float> modalityValues(const ImageDescription& image, int frame, const PixelBuffer& pixels);

/// What a window makes of a modality value: 0 (black) to 1 (white).
[[nodiscard]] double voiFraction(double modality, const VoiWindow& window, VoiFunction function);

/// One grey level (0-255, rounded to nearest) of a modality value under a window; the formulas of PS3.3 C.11.2.1.2
/// (linear with c - 0.5 and w - 1) and C.11.2.1.3 (sigmoid, linear exact).
[[nodiscard]] std::uint8_t applyVoi(double modality, const VoiWindow& window, VoiFunction function);

/// A picture ready for the screen: 0xffRRGGBB, rows top to bottom, no padding.
struct ScreenPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint32_t> argb;
};

/// Place of the image in the viewport: view = scale * turned(mirrored(image)) + offset. The mirror (left-right) comes
/// first, then clockwise quarter turns about the image's first pixel, then per view axis the scale and the offset in
/// device px. With an odd number of turns scaleX belongs to the image's rows. View coordinates are corners: the first
/// screen pixel covers (0, 0) to (1, 1), its centre is (0.5, 0.5).
struct ViewTransform {
    double scaleX = 1.0, scaleY = 1.0; ///< device px per image px along the view's axes; differ for non-square pixels
    double offsetX = 0.0, offsetY = 0.0;
    int quarterTurns = 0;
    bool mirrored = false;

    [[nodiscard]] ViewPoint toView(ImagePoint point) const;
    [[nodiscard]] ImagePoint toImage(ViewPoint point) const;
    bool operator==(const ViewTransform&) const = default;
};

/// Fits `columns` x `rows` pixels (with that spacing) into the viewport, centred, aspect kept.
[[nodiscard]] ViewTransform fitTransform(int columns, int rows, const PixelSpacing& spacing, int viewWidth,
                                         int viewHeight, int quarterTurns = 0, bool mirrored = false);

enum class Interpolation { Nearest, Linear };

/// The finished pixels of a viewport: the whole chain and the scaling in one pass (with Linear, area averaging where
/// the picture is shrunk by more than two). `target.width` and `height` say the size wanted; its memory is reused.
/// `transform` places the image's pixels, also where the buffer is one of reduced resolution: the picture then covers
/// the same screen pixels as the full one. `background` fills what the image does not cover, padding is black. Grey of
/// 8 and 16 bits is interpolated as stored values, then windowed; colours, and 32-bit and float data, are finished
/// first, then interpolated. Any thread; incomplete pixel data gives background only.
void renderFrame(const ImageDescription& image, int frame, const PixelBuffer& pixels, const DisplaySettings& settings,
                 const ViewTransform& transform, Interpolation interpolation, std::uint32_t background,
                 ScreenPicture& target);

/// The chain without scaling, one screen pixel an image pixel: thumbnails, key images, `pixels --stage display`.
[[nodiscard]] ScreenPicture renderNative(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                                         const DisplaySettings& settings);

/// Named windows per modality and part with their keys, e.g. CT lung -600/1500.
struct WindowPreset {
    QString id; ///< "ct-lung"; the UI translates it
    QString modality;
    VoiWindow window;
    bool isSuv = false; ///< the window is in SUV by body weight: imaging/suv.h presetWindow()
};
[[nodiscard]] std::span<const WindowPreset> windowPresets();

} // namespace yz
