#include "imaging/reference_line.h"

#include <array>
#include <cmath>

namespace yz {
namespace {

constexpr double kFlattestSine = 0.0872; ///< five degrees

struct Pixel3 {
    double column, row, heightMm; ///< in the pixels of a picture, and over its plane
};

Pixel3 seenFrom(const PictureRectangle& picture, const PatientPoint& point) {
    const PatientVector away = point - picture.plane.position;
    return {away.dot(picture.plane.row) / picture.spacing.columnMm,
            away.dot(picture.plane.column) / picture.spacing.rowMm, away.dot(picture.plane.normal())};
}

bool isUsable(const PictureRectangle& picture) {
    return picture.columns > 0 && picture.rows > 0 && picture.spacing.columnMm > 0.0 && picture.spacing.rowMm > 0.0;
}

/// Cuts the range of t in which a + t (b - a) lies between low and high.
void narrow(double a, double b, double low, double high, double& t0, double& t1) {
    const double way = b - a;
    if (std::abs(way) < 1e-12) {
        if (a < low || a > high)
            t1 = t0 - 1.0;
        return;
    }
    const double first = (low - a) / way;
    const double second = (high - a) / way;
    t0 = std::max(t0, std::min(first, second));
    t1 = std::min(t1, std::max(first, second));
}

} // namespace

std::optional<ReferenceLine> referenceLine(const PictureRectangle& on, const PictureRectangle& other) {
    if (!isUsable(on) || !isUsable(other) || on.plane.normal().cross(other.plane.normal()).length() < kFlattestSine)
        return std::nullopt;
    // The corners of the other picture, one after the other around it; two of its sides pass through this plane.
    const double right = other.columns - 0.5;
    const double bottom = other.rows - 0.5;
    const std::array<ImagePoint, 4> corners{{{-0.5, -0.5}, {right, -0.5}, {right, bottom}, {-0.5, bottom}}};
    std::array<Pixel3, 4> seen{};
    for (size_t i = 0; i < 4; ++i)
        seen[i] = seenFrom(on, other.plane.position + other.plane.row * (corners[i].x * other.spacing.columnMm) +
                                   other.plane.column * (corners[i].y * other.spacing.rowMm));
    std::array<ImagePoint, 2> ends{};
    size_t found = 0;
    for (size_t i = 0; i < 4 && found < 2; ++i) {
        const Pixel3& a = seen[i];
        const Pixel3& b = seen[(i + 1) % 4];
        if ((a.heightMm < 0.0) == (b.heightMm < 0.0))
            continue;
        const double t = a.heightMm / (a.heightMm - b.heightMm);
        ends[found++] = {a.column + (b.column - a.column) * t, a.row + (b.row - a.row) * t};
    }
    if (found < 2)
        return std::nullopt;
    double t0 = 0.0;
    double t1 = 1.0;
    narrow(ends[0].x, ends[1].x, -0.5, on.columns - 0.5, t0, t1);
    narrow(ends[0].y, ends[1].y, -0.5, on.rows - 0.5, t0, t1);
    if (!(t0 < t1))
        return std::nullopt;
    const ImagePoint way = ends[1] - ends[0];
    return ReferenceLine{ends[0] + way * t0, ends[0] + way * t1};
}

} // namespace yz
