#pragma once

#include "domain/image.h"

#include <optional>

namespace yz {

/// A picture's place in the patient: its plane, its spacing, its size in pixels.
struct PictureRectangle {
    PlanePosition plane;
    PixelSpacing spacing;
    int columns = 0, rows = 0;
};

struct ReferenceLine {
    ImagePoint from, to;
};

/// Where the picture `other` stands in the picture `on` (a localizer line), in pixels of `on`, cut off at its edges:
/// the line common to the rectangles of both, each with its pixels' whole area. None when they do not meet, or at less
/// than five degrees, where a line says nothing. Both must be of one frame of reference.
[[nodiscard]] std::optional<ReferenceLine> referenceLine(const PictureRectangle& on, const PictureRectangle& other);

} // namespace yz
