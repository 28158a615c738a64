#include "viewer/viewer_state.h"

#include <algorithm>

namespace yz {

ViewTransform adjustedTransform(const ViewTransform& fit, const ViewAdjustment& view, int viewWidth, int viewHeight) {
    ViewTransform result = fit;
    const double side = std::min(viewWidth, viewHeight);
    const double centerX = viewWidth * 0.5, centerY = viewHeight * 0.5;
    result.scaleX *= view.zoom;
    result.scaleY *= view.zoom;
    result.offsetX = centerX + (fit.offsetX - centerX) * view.zoom + view.panX * side;
    result.offsetY = centerY + (fit.offsetY - centerY) * view.zoom + view.panY * side;
    return result;
}

ViewAdjustment zoomedAt(const ViewAdjustment& view, double factor, ViewPoint fixed, int viewWidth, int viewHeight) {
    ViewAdjustment result = view;
    const double side = std::max(1, std::min(viewWidth, viewHeight));
    result.zoom = std::clamp(view.zoom * factor, 0.1, 40.0);
    const double ratio = result.zoom / view.zoom;
    const double fromCenterX = fixed.x - viewWidth * 0.5, fromCenterY = fixed.y - viewHeight * 0.5;
    result.panX = (fromCenterX - (fromCenterX - view.panX * side) * ratio) / side;
    result.panY = (fromCenterY - (fromCenterY - view.panY * side) * ratio) / side;
    return result;
}

PixelSpacing drawnSpacing(const ImageDescription& image, int frame) {
    const PixelSpacing& spacing = image.frame(frame).spacing;
    if (spacing.calibration != Calibration::None && spacing.rowMm > 0.0 && spacing.columnMm > 0.0)
        return spacing;
    if (image.pixelAspectRows > 0.0 && image.pixelAspectColumns > 0.0)
        return {image.pixelAspectRows, image.pixelAspectColumns, Calibration::None};
    return {};
}

namespace {

QString opposite(const QString& letters) {
    QString result = letters;
    for (QChar& c : result) {
        switch (c.unicode()) {
        case u'L':
            c = u'R';
            break;
        case u'R':
            c = u'L';
            break;
        case u'A':
            c = u'P';
            break;
        case u'P':
            c = u'A';
            break;
        case u'H':
            c = u'F';
            break;
        case u'F':
            c = u'H';
            break;
        default:
            break;
        }
    }
    return result;
}

} // namespace

EdgeLetters edgeLetters(const ImageDescription& image, int frame, const ViewAdjustment& view) {
    QString right, bottom;
    if (const auto& plane = image.frame(frame).plane) {
        right = orientationLetters(plane->row);
        bottom = orientationLetters(plane->column);
    } else {
        right = image.patientOrientation.section(u'\\', 0, 0).trimmed();
        bottom = image.patientOrientation.section(u'\\', 1, 1).trimmed();
    }
    EdgeLetters edges{opposite(bottom), right, bottom, opposite(right)};
    if (view.mirrored)
        std::swap(edges.left, edges.right);
    for (int turn = 0; turn < (view.quarterTurns % 4 + 4) % 4; ++turn)
        edges = EdgeLetters{edges.left, edges.top, edges.right, edges.bottom};
    return edges;
}

} // namespace yz
