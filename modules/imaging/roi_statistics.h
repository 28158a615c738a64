#pragma once

#include "imaging/measure.h"

#include <vector>

/// Areas and pixel values inside an outline.
namespace yz {

struct RoiStatistics {
    double mean = 0, sd = 0, min = 0, max = 0; ///< modality units; sd with n in the denominator
    int pixels = 0;                            ///< pixel centres inside the outline
    bool operator==(const RoiStatistics&) const = default;
};

/// The area inside the outline as drawn (a pi/4 of the box for an ellipse), not the sum of its pixels.
[[nodiscard]] MeasuredValue areaOf(const PixelSpacing& spacing, MeasurementKind kind,
                                   const std::vector<ImagePoint>& points);
[[nodiscard]] MeasuredValue areaOf(const PixelSpacing& spacing, MeasurementKind kind, ImagePoint a, ImagePoint b);

/// The rule for pixels that the outline cuts: a pixel counts wholly when its centre lies inside or on the outline, else
/// not at all (no weights). Padding and not-a-number do not count. The rule works on pixel centres, so that the shape
/// of a pixel does not matter to it; an ellipse is one in pixels and in mm alike. SD has n in the denominator. No
/// pixels for colour.
[[nodiscard]] RoiStatistics statisticsOf(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                                         MeasurementKind kind, const std::vector<ImagePoint>& points);
[[nodiscard]] RoiStatistics statisticsOf(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                                         MeasurementKind kind, ImagePoint a, ImagePoint b);

/// How often which values occur inside the outline, by the same rule. Bin i holds values from first + i * width up to,
/// not including, the next; the last one holds the largest value too.
struct RoiHistogram {
    double first = 0.0, width = 1.0;
    std::vector<int> counts; ///< empty: no pixels
};
/// At most `bins` of them; whole numbers get bins of whole numbers.
[[nodiscard]] RoiHistogram histogramOf(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                                       MeasurementKind kind, const std::vector<ImagePoint>& points, int bins = 64);

/// The stored value of a pixel.
[[nodiscard]] double storedValue(const PixelBuffer& pixels, size_t index);

} // namespace yz
