#include "imaging/display_chain.h"

#include <algorithm>

namespace yz {
namespace {

/// Quarter turns as 0..3.
int turnsOf(const ViewTransform& transform) { return ((transform.quarterTurns % 4) + 4) % 4; }

double usable(double value) { return value > 0.0 ? value : 1.0; }

} // namespace

ViewPoint ViewTransform::toView(ImagePoint point) const {
    double x = mirrored ? -point.x : point.x;
    double y = point.y;
    for (int i = turnsOf(*this); i > 0; --i) { // clockwise with y down: right goes to down, down goes to left
        const double turned = -y;
        y = x;
        x = turned;
    }
    return {scaleX * x + offsetX, scaleY * y + offsetY};
}

ImagePoint ViewTransform::toImage(ViewPoint point) const {
    double x = (point.x - offsetX) / scaleX;
    double y = (point.y - offsetY) / scaleY;
    for (int i = turnsOf(*this); i > 0; --i) {
        const double turned = y;
        y = -x;
        x = turned;
    }
    return {mirrored ? -x : x, y};
}

ViewTransform fitTransform(int columns, int rows, const PixelSpacing& spacing, int viewWidth, int viewHeight,
                           int quarterTurns, bool mirrored) {
    ViewTransform transform;
    transform.quarterTurns = ((quarterTurns % 4) + 4) % 4;
    transform.mirrored = mirrored;
    double mmX = usable(spacing.columnMm);
    double mmY = usable(spacing.rowMm);
    double pixelsX = std::max(columns, 1);
    double pixelsY = std::max(rows, 1);
    if (transform.quarterTurns % 2 == 1) {
        std::swap(mmX, mmY);
        std::swap(pixelsX, pixelsY);
    }
    const double pixelsPerMm =
        std::min(std::max(viewWidth, 1) / (pixelsX * mmX), std::max(viewHeight, 1) / (pixelsY * mmY));
    transform.scaleX = pixelsPerMm * mmX;
    transform.scaleY = pixelsPerMm * mmY;
    const ViewPoint centre = transform.toView({(columns - 1) / 2.0, (rows - 1) / 2.0});
    transform.offsetX = viewWidth / 2.0 - centre.x;
    transform.offsetY = viewHeight / 2.0 - centre.y;
    return transform;
}

} // namespace yz
