#include "viewer_ui/outlined_text.h"

namespace yz {

namespace {
const QColor edge(0, 0, 0, 210);
}

void drawOutlined(QPainter& painter, const QRectF& rect, int flags, const QString& text, const QColor& colour) {
    painter.setPen(edge);
    for (const QPointF& offset : {QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1), QPointF(1, 1)})
        painter.drawText(rect.translated(offset), flags, text);
    painter.setPen(colour);
    painter.drawText(rect, flags, text);
}

void drawOutlinedLine(QPainter& painter, const QLineF& line, const QColor& colour, double width) {
    painter.setPen(QPen(edge, width + 1.6));
    painter.drawLine(line);
    painter.setPen(QPen(colour, width));
    painter.drawLine(line);
}

} // namespace yz
