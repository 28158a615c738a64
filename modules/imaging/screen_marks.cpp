#include "imaging/screen_marks.h"

#include <algorithm>
#include <cmath>

namespace yz {
namespace {

std::uint32_t* rowOf(const ScreenArea& target, const ViewAxis& x, int y) {
    return target.pixels + static_cast<size_t>(y) * static_cast<size_t>(target.stride) + x.first();
}

/// Hides everything but columns from..to (inclusive, whole pixels).
void keepOnly(double from, double to, std::vector<std::uint8_t>& hidden) {
    const auto size = static_cast<double>(hidden.size());
    const auto first = static_cast<long>(std::clamp(std::ceil(from), 0.0, size));
    const auto last = static_cast<long>(std::clamp(std::floor(to) + 1.0, 0.0, size));
    if (first >= last) {
        std::fill(hidden.begin(), hidden.end(), 1);
        return;
    }
    std::fill(hidden.begin(), hidden.begin() + first, 1);
    std::fill(hidden.begin() + last, hidden.end(), 1);
}

/// A pixel is inside when its centre is (even-odd), or when it lies on an edge of the row's crossing.
void keepPolygon(const std::vector<ImagePoint>& corners, int row, std::vector<std::uint8_t>& hidden) {
    std::vector<double> crossings;
    const double y = row;
    for (size_t i = 0; i < corners.size(); ++i) {
        const ImagePoint& a = corners[i];
        const ImagePoint& b = corners[(i + 1) % corners.size()];
        if ((a.y <= y) != (b.y <= y))
            crossings.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
    }
    std::sort(crossings.begin(), crossings.end());
    std::vector<std::uint8_t> shown(hidden.size(), 0);
    for (size_t i = 0; i + 1 < crossings.size(); i += 2)
        for (double column = std::max(std::ceil(crossings[i]), 0.0);
             column <= crossings[i + 1] && column < static_cast<double>(shown.size()); column += 1.0)
            shown[static_cast<size_t>(column)] = 1;
    // The last edge row of a shape belongs to it as well.
    for (size_t i = 0; i < corners.size(); ++i) {
        const ImagePoint& a = corners[i];
        const ImagePoint& b = corners[(i + 1) % corners.size()];
        if (a.y == y && b.y == y)
            for (double column = std::max(std::ceil(std::min(a.x, b.x)), 0.0);
                 column <= std::max(a.x, b.x) && column < static_cast<double>(shown.size()); column += 1.0)
                shown[static_cast<size_t>(column)] = 1;
    }
    for (size_t i = 0; i < hidden.size(); ++i)
        hidden[i] = hidden[i] | (shown[i] == 0);
}

} // namespace

ScreenMarks::ScreenMarks(const ImageDescription& image, int frame, const DisplaySettings& settings)
    : m_image(image), m_frame(frame) {
    const auto& shutter = image.frame(frame).shutter;
    if (shutter && settings.shutterShown && !shutter->isEmpty())
        m_shutter = &*shutter;
    if (!settings.overlaysShown)
        return;
    for (const OverlayPlane& plane : image.overlays)
        if (const int own = plane.frameOver(frame); plane.bits && own >= 0)
            m_planes.push_back({&plane, own});
}

void ScreenMarks::hiddenInRow(int row, std::vector<std::uint8_t>& hidden) const {
    std::fill(hidden.begin(), hidden.end(), 0);
    if (const auto& shown = m_shutter->rectangle) {
        if (row < shown->top - 1 || row > shown->bottom - 1)
            std::fill(hidden.begin(), hidden.end(), 1);
        else
            keepOnly(shown->left - 1, shown->right - 1, hidden);
    }
    if (const auto& shown = m_shutter->circle) {
        const double dy = row - (shown->row - 1);
        const double square = double(shown->radius) * shown->radius - dy * dy;
        const double half = square < 0.0 ? -1.0 : std::sqrt(square);
        if (half < 0.0)
            std::fill(hidden.begin(), hidden.end(), 1);
        else
            keepOnly(shown->column - 1 - half, shown->column - 1 + half, hidden);
    }
    if (!m_shutter->polygon.empty())
        keepPolygon(m_shutter->polygon, row, hidden);
    if (const auto& bitmap = m_shutter->bitmap; bitmap && bitmap->bits) {
        const int frame = bitmap->frameOver(m_frame);
        for (size_t column = 0; column < hidden.size(); ++column)
            if (bitmap->isSet(frame, static_cast<int>(column) - (bitmap->firstColumn - 1),
                              row - (bitmap->firstRow - 1)))
                hidden[column] = 1;
    }
}

void ScreenMarks::drawShutter(const ViewAxis& x, const ViewAxis& y, ScreenArea target) const {
    const std::vector<int> columns = x.nearest();
    const std::vector<int> rows = y.nearest();
    std::vector<std::uint8_t> hidden(static_cast<size_t>(std::max(m_image.columns, 1)));
    int known = -1;
    for (int line = y.first(); line < y.last(); ++line) {
        const int row = rows[static_cast<size_t>(line - y.first())];
        if (row != known)
            hiddenInRow(row, hidden);
        known = row;
        std::uint32_t* out = rowOf(target, x, line);
        for (size_t i = 0; i < columns.size(); ++i)
            if (hidden[static_cast<size_t>(columns[i])])
                out[i] = m_shutter->colour;
    }
}

void ScreenMarks::drawPlane(const Plane& entry, const ViewAxis& x, const ViewAxis& y, ScreenArea target) const {
    const OverlayPlane& plane = *entry.plane;
    // Boxes hold every image pixel that a screen pixel covers; the nearest one where the picture is not shrunk.
    const std::vector<ViewAxis::Box> xBoxes = x.shrinks() ? x.boxes() : std::vector<ViewAxis::Box>();
    const std::vector<ViewAxis::Box> yBoxes = y.shrinks() ? y.boxes() : std::vector<ViewAxis::Box>();
    const std::vector<int> columns = x.nearest();
    const std::vector<int> rows = y.nearest();
    std::vector<std::uint8_t> set(static_cast<size_t>(std::max(m_image.columns, 1)));
    int knownBegin = -1, knownEnd = -1;
    bool isAnySet = false;
    for (int line = y.first(); line < y.last(); ++line) {
        const auto k = static_cast<size_t>(line - y.first());
        const int begin = yBoxes.empty() ? rows[k] : yBoxes[k].begin;
        const int end = yBoxes.empty() ? rows[k] + 1 : yBoxes[k].end;
        if (begin != knownBegin || end != knownEnd) {
            knownBegin = begin;
            knownEnd = end;
            isAnySet = false;
            std::fill(set.begin(), set.end(), 0);
            for (int row = begin; row < end; ++row) {
                const int own = row - (plane.firstRow - 1);
                const int first = std::max(plane.firstColumn - 1, 0);
                const int last = std::min(plane.firstColumn - 1 + plane.columns, static_cast<int>(set.size()));
                for (int column = first; column < last; ++column)
                    if (plane.isSet(entry.frame, column - (plane.firstColumn - 1), own)) {
                        set[static_cast<size_t>(column)] = 1;
                        isAnySet = true;
                    }
            }
        }
        if (!isAnySet)
            continue;
        std::uint32_t* out = rowOf(target, x, line);
        for (size_t i = 0; i < columns.size(); ++i) {
            const bool isSet = xBoxes.empty() ? set[static_cast<size_t>(columns[i])] != 0
                                              : std::any_of(set.begin() + xBoxes[i].begin, set.begin() + xBoxes[i].end,
                                                            [](auto v) { return v; });
            if (isSet)
                out[i] = plane.colour;
        }
    }
}

void ScreenMarks::draw(const ViewAxis& x, const ViewAxis& y, ScreenArea target) const {
    if (x.isEmpty() || y.isEmpty())
        return;
    if (m_shutter)
        drawShutter(x, y, target);
    for (const Plane& plane : m_planes)
        drawPlane(plane, x, y, target);
}

} // namespace yz
