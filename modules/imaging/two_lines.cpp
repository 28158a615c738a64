#include "imaging/two_lines.h"

#include <cmath>
#include <numbers>

namespace yz {
namespace {

/// Where pixels are square: mm, or the shape of a pixel where it has no size.
PixelSpacing shapeOf(const PixelSpacing& spacing) {
    return spacing.rowMm > 0.0 && spacing.columnMm > 0.0 ? spacing : PixelSpacing{};
}
ImagePoint scaled(const PixelSpacing& shape, ImagePoint way) { return {way.x * shape.columnMm, way.y * shape.rowMm}; }
ImagePoint unscaled(const PixelSpacing& shape, ImagePoint way) { return {way.x / shape.columnMm, way.y / shape.rowMm}; }
double dot(ImagePoint a, ImagePoint b) { return a.x * b.x + a.y * b.y; }
double cross(ImagePoint a, ImagePoint b) { return a.x * b.y - a.y * b.x; }

} // namespace

MeasuredValue cobbAngleOf(const PixelSpacing& spacing, const TwoLines& lines) {
    const PixelSpacing shape = shapeOf(spacing);
    const ImagePoint a = scaled(shape, lines[1] - lines[0]), b = scaled(shape, lines[3] - lines[2]);
    const double angle = std::atan2(std::abs(cross(a, b)), std::abs(dot(a, b)));
    return {angle * 180.0 / std::numbers::pi, QStringLiteral("deg"), spacing.calibration};
}

MeasuredValue ratioOf(const PixelSpacing& spacing, const TwoLines& lines) {
    const PixelSpacing shape = shapeOf(spacing);
    const double heart = scaled(shape, lines[1] - lines[0]).length();
    const double thorax = scaled(shape, lines[3] - lines[2]).length();
    if (thorax <= 0.0)
        return {};
    return {heart / thorax, QStringLiteral("1"), Calibration::None};
}

ImagePoint squareEnd(const PixelSpacing& spacing, ImagePoint longA, ImagePoint longB, ImagePoint from,
                     ImagePoint towards) {
    const PixelSpacing shape = shapeOf(spacing);
    const ImagePoint along = scaled(shape, longB - longA);
    const double length = along.length();
    if (length <= 0.0)
        return towards;
    const ImagePoint across{-along.y / length, along.x / length};
    return from + unscaled(shape, across * dot(scaled(shape, towards - from), across));
}

TwoLines withLongAxis(const PixelSpacing& spacing, const TwoLines& lines, ImagePoint a, ImagePoint b) {
    const PixelSpacing shape = shapeOf(spacing);
    const ImagePoint before = scaled(shape, lines[1] - lines[0]), after = scaled(shape, b - a);
    const double lengthBefore = before.length(), lengthAfter = after.length();
    if (lengthBefore <= 0.0 || lengthAfter <= 0.0)
        return {a, b, lines[2], lines[3]};
    TwoLines moved{a, b, {}, {}};
    for (size_t i = 2; i < 4; ++i) {
        const ImagePoint offset = scaled(shape, lines[i] - lines[0]);
        const double along = dot(offset, before) / lengthBefore / lengthBefore; // share of the long axis
        const double side = cross(before, offset) / lengthBefore;               // mm beside it
        const ImagePoint placed{after.x * along - after.y / lengthAfter * side,
                                after.y * along + after.x / lengthAfter * side};
        moved[i] = a + unscaled(shape, placed);
    }
    return moved;
}

} // namespace yz
