#pragma once

#include <QColor>
#include <QPainter>
#include <QString>

namespace yz {

/// Text that can be read over white and over black: a dark edge around it. A single line (Qt::TextSingleLine) that is
/// too long for `rect` ends in an ellipsis; other text is clipped.
void drawOutlined(QPainter& painter, const QRectF& rect, int flags, const QString& text, const QColor& colour);

/// A line that can be seen over white and over black.
void drawOutlinedLine(QPainter& painter, const QLineF& line, const QColor& colour, double width = 1.2);

} // namespace yz
