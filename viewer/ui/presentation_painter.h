#pragma once

#include "viewer/viewer_controller.h"

#include <QPainter>

namespace yz {

/// Draws the graphic annotations of a presentation state over a viewport, in the order and colour of their layers
/// (PS3.3 C.10.5, C.10.7). Text stays upright however the picture is turned.
class PresentationPainter {
public:
    /// `scale`: device pixels per logical one; the painter is in logical ones.
    PresentationPainter(const ShownFrame& shown, const ViewTransform& transform, double scale);
    void draw(QPainter& painter) const;

private:
    [[nodiscard]] QPointF toLogical(ImagePoint point, AnnotationUnits units) const;
    void drawGraphic(QPainter& painter, const GraphicObject& graphic, const QColor& colour) const;
    void drawText(QPainter& painter, const TextObject& text, const QColor& colour) const;

    const ShownFrame& m_shown;
    ViewTransform m_transform;
    double m_scale;
    QRectF m_area; ///< the displayed area on the screen
};

} // namespace yz
