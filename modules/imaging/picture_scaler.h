#pragma once

#include "imaging/grey_lut.h"
#include "imaging/view_axis.h"

#include <cstdint>

namespace yz {

/// A rectangle of the screen picture that the image covers.
struct ScreenArea {
    std::uint32_t* pixels; ///< first pixel of the whole picture
    int stride;            ///< pixels per picture row
};

/// Scales grey stored values (8 or 16 bit) on the stored side and looks the result up once per screen pixel.
void scaleGrey(const PixelBuffer& pixels, const GreyLut& lut, const ViewAxis& x, const ViewAxis& y,
               Interpolation interpolation, ScreenArea target);

/// Scales finished colours, each channel for itself.
void scaleColours(const ScreenPicture& source, const ViewAxis& x, const ViewAxis& y, Interpolation interpolation,
                  ScreenArea target);

} // namespace yz
