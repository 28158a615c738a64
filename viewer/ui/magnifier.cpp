#include "viewer_ui/magnifier.h"

#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {
constexpr double pixelsVisibleFrom = 12.0; // as in the viewport
}

ViewTransform Magnifier::lensTransform(const ViewTransform& transform, ViewPoint at, double side) {
    ViewTransform lens = transform;
    lens.scaleX *= enlargement;
    lens.scaleY *= enlargement;
    lens.offsetX = side * 0.5 + (transform.offsetX - at.x) * enlargement;
    lens.offsetY = side * 0.5 + (transform.offsetY - at.y) * enlargement;
    return lens;
}

void Magnifier::paint(QPainter& painter, const ShownFrame& shown, const DisplaySettings& display,
                      const ViewTransform& transform, QPointF at, double scale) {
    if (!shown.presented || !shown.drawn())
        return;
    const int side = static_cast<int>(std::lround(2.0 * radius * scale));
    m_picture.width = m_picture.height = side;
    const ViewTransform lens = lensTransform(transform, {at.x() * scale, at.y() * scale}, side);
    const bool isEnlarged = shown.pixels && std::min(lens.scaleX, lens.scaleY) >= pixelsVisibleFrom;
    renderFrame(*shown.presented, shown.frame, *shown.drawn(), display, lens,
                isEnlarged ? Interpolation::Nearest : Interpolation::Linear, 0xff000000u, m_picture);
    QImage image(reinterpret_cast<const uchar*>(m_picture.argb.data()), side, side, side * 4, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath circle;
    circle.addEllipse(at, radius, radius);
    painter.setClipPath(circle);
    painter.drawImage(at - QPointF(radius, radius), image);
    painter.setClipping(false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 200), 4.0));
    painter.drawPath(circle);
    painter.setPen(QPen(QColor(0xe8, 0xec, 0xef), 1.6));
    painter.drawPath(circle);
    painter.restore();
}

} // namespace yz
