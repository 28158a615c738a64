#include "imaging/polygon.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace yz {
namespace {

constexpr double edgeTolerancePx = 1e-9; ///< a centre on a slanting side is not lost to rounding

double turn(ImagePoint a, ImagePoint b, ImagePoint c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

bool isWithin(ImagePoint a, ImagePoint b, ImagePoint p) {
    return std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= p.y &&
           p.y <= std::max(a.y, b.y);
}

bool touch(ImagePoint a, ImagePoint b, ImagePoint c, ImagePoint d) {
    const double c1 = turn(a, b, c), c2 = turn(a, b, d), c3 = turn(c, d, a), c4 = turn(c, d, b);
    if (((c1 > 0) != (c2 > 0)) && ((c3 > 0) != (c4 > 0)) && c1 != 0 && c2 != 0 && c3 != 0 && c4 != 0)
        return true;
    return (c1 == 0 && isWithin(a, b, c)) || (c2 == 0 && isWithin(a, b, d)) || (c3 == 0 && isWithin(c, d, a)) ||
           (c4 == 0 && isWithin(c, d, b));
}

double distanceToLine(ImagePoint p, ImagePoint a, ImagePoint b) {
    const ImagePoint along = b - a;
    const double length = along.length();
    if (length == 0.0)
        return (p - a).length();
    const double at = std::clamp(((p.x - a.x) * along.x + (p.y - a.y) * along.y) / (length * length), 0.0, 1.0);
    return (p - (a + along * at)).length();
}

} // namespace

double polygonArea(const std::vector<ImagePoint>& corners) {
    double twice = 0.0;
    for (size_t i = 0; i < corners.size(); ++i) {
        // From the first corner, so that outlines far from the origin keep their digits.
        const ImagePoint a = corners[i] - corners[0], b = corners[(i + 1) % corners.size()] - corners[0];
        twice += a.x * b.y - a.y * b.x;
    }
    return std::abs(twice) / 2.0;
}

bool isSimplePolygon(const std::vector<ImagePoint>& corners) {
    const size_t count = corners.size();
    if (count < 3)
        return false;
    for (size_t i = 0; i < count; ++i)
        for (size_t j = i + 2; j < count; ++j) {
            if (i == 0 && j == count - 1)
                continue; // neighbours across the end
            if (touch(corners[i], corners[i + 1], corners[j], corners[(j + 1) % count]))
                return false;
        }
    return true;
}

void markRow(const std::vector<ImagePoint>& corners, int y, int firstX, std::vector<char>& marks) {
    const auto mark = [&](double from, double to) {
        const double last = firstX + static_cast<double>(marks.size()) - 1.0;
        const double low = std::max(std::ceil(from - edgeTolerancePx), static_cast<double>(firstX));
        const double high = std::min(std::floor(to + edgeTolerancePx), last);
        for (double x = low; x <= high; x += 1.0)
            marks[static_cast<size_t>(x - firstX)] = 1;
    };
    // A corner on the row counts once for sides above it and once for sides below it: both counts together take in the
    // outline's topmost and bottommost rows.
    std::vector<double> above, below;
    for (size_t i = 0; i < corners.size(); ++i) {
        const ImagePoint a = corners[i], b = corners[(i + 1) % corners.size()];
        const double low = std::min(a.y, b.y), high = std::max(a.y, b.y);
        if (a.y == b.y) {
            if (a.y == y)
                mark(std::min(a.x, b.x), std::max(a.x, b.x));
            continue;
        }
        const double x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
        if (low <= y && y < high)
            below.push_back(x);
        if (low < y && y <= high)
            above.push_back(x);
    }
    for (std::vector<double>* crossings : {&above, &below}) {
        std::sort(crossings->begin(), crossings->end());
        for (size_t i = 0; i + 1 < crossings->size(); i += 2)
            mark((*crossings)[i], (*crossings)[i + 1]);
    }
}

std::vector<ImagePoint> simplifiedTrace(const std::vector<ImagePoint>& trace, double tolerance) {
    if (trace.size() < 3)
        return trace;
    std::vector<char> kept(trace.size(), 0);
    kept.front() = kept.back() = 1;
    std::vector<std::pair<size_t, size_t>> open{{0, trace.size() - 1}};
    while (!open.empty()) {
        const auto [from, to] = open.back();
        open.pop_back();
        size_t farthest = from;
        double most = tolerance;
        for (size_t i = from + 1; i < to; ++i) {
            const double away = distanceToLine(trace[i], trace[from], trace[to]);
            if (away > most) {
                most = away;
                farthest = i;
            }
        }
        if (farthest == from)
            continue;
        kept[farthest] = 1;
        open.emplace_back(from, farthest);
        open.emplace_back(farthest, to);
    }
    std::vector<ImagePoint> result;
    for (size_t i = 0; i < trace.size(); ++i)
        if (kept[i])
            result.push_back(trace[i]);
    return result;
}

} // namespace yz
