#include "viewer_ui/measurement_painter.h"

#include "uikit/fonts.h"
#include "viewer/measurement_edit.h"
#include "viewer_ui/outlined_text.h"
#include "viewer_ui/viewer_text.h"

#include <QPainterPath>
#include <QPainterPathStroker>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {

constexpr double reachPx = 8.0;
constexpr size_t cornersShownAtMost = 40; ///< more handles than that would hide a traced outline unless it is selected
const QColor lineColour(0xff, 0xd8, 0x4d);
const QColor selectedColour(0x7f, 0xe3, 0xff);
const QColor reportedColour(0x8f, 0xe3, 0x9a);

QPolygonF pointsOf(const Measurement& m, const MeasurementPainter& painter) {
    QPolygonF points;
    for (const ImagePoint& point : m.points)
        points << painter.toLogical(point);
    return points;
}

QPainterPath shapeOf(const Measurement& m, const QPolygonF& points) {
    QPainterPath path;
    switch (m.kind) {
    case MeasurementKind::Length:
    case MeasurementKind::Angle:
        path.addPolygon(points);
        break;
    case MeasurementKind::CobbAngle:
    case MeasurementKind::CardiothoracicRatio:
    case MeasurementKind::Bidirectional:
        for (qsizetype i = 0; i + 1 < points.size(); i += 2) {
            path.moveTo(points[i]);
            path.lineTo(points[i + 1]);
        }
        break;
    case MeasurementKind::FreehandRoi:
    case MeasurementKind::VolumeContour:
        path.addPolygon(points);
        if (points.size() > 2)
            path.closeSubpath();
        break;
    case MeasurementKind::Text:
        break; // the words are the shape
    case MeasurementKind::RectangleRoi:
        if (points.size() > 1)
            path.addRect(QRectF(points[0], points[1]).normalized());
        break;
    case MeasurementKind::EllipseRoi:
        if (points.size() > 1)
            path.addEllipse(QRectF(points[0], points[1]).normalized());
        break;
    case MeasurementKind::Probe:
        if (!points.isEmpty()) {
            const QPointF p = points[0];
            path.moveTo(p + QPointF(-7, 0));
            path.lineTo(p + QPointF(-2, 0));
            path.moveTo(p + QPointF(2, 0));
            path.lineTo(p + QPointF(7, 0));
            path.moveTo(p + QPointF(0, -7));
            path.lineTo(p + QPointF(0, -2));
            path.moveTo(p + QPointF(0, 2));
            path.lineTo(p + QPointF(0, 7));
        }
        break;
    case MeasurementKind::Arrow:
        if (points.size() > 1) {
            const QLineF shaft(points[0], points[1]);
            path.moveTo(points[1]);
            path.lineTo(points[0]);
            if (shaft.length() > 1) {
                for (const double turn : {24.0, -24.0}) {
                    QLineF barb = shaft;
                    barb.setAngle(shaft.angle() + turn);
                    barb.setLength(std::min(14.0, shaft.length()));
                    path.moveTo(points[0]);
                    path.lineTo(barb.p2());
                }
            }
        }
        break;
    }
    return path;
}

/// From the middle of one line to the middle of the other: says that they belong together.
QPainterPath bridgeOf(const Measurement& m, const QPolygonF& points) {
    QPainterPath path;
    if (m.kind == MeasurementKind::CobbAngle && points.size() == 4) {
        path.moveTo((points[0] + points[1]) / 2.0);
        path.lineTo((points[2] + points[3]) / 2.0);
    }
    return path;
}

QFont textFont() { return uiFont(13, QFont::Medium); }

QRectF textBox(const QPointF& at, const QString& text) {
    QRectF box = QFontMetricsF(textFont()).boundingRect(QRectF(0, 0, 600, 200), Qt::AlignLeft, text);
    box.moveTo(at + QPointF(6, -box.height() / 2.0));
    return box;
}

} // namespace

QPointF MeasurementPainter::toLogical(ImagePoint point) const {
    const ViewPoint view = m_transform.toView(point);
    return {view.x / m_scale, view.y / m_scale};
}

void MeasurementPainter::draw(QPainter& painter, const Measurement& m, const MeasurementResult& result, bool selected,
                              const QRectF& bounds, const QStringList& also) const {
    const QPolygonF points = pointsOf(m, *this);
    if (points.isEmpty())
        return;
    const QColor colour = selected ? selectedColour : lineColour;
    const QPainterPath path = shapeOf(m, points);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 200), 3.2));
    painter.drawPath(path);
    painter.setPen(QPen(colour, 1.5));
    painter.drawPath(path);
    if (const QPainterPath bridge = bridgeOf(m, points); !bridge.isEmpty()) {
        painter.setPen(QPen(QColor(0, 0, 0, 160), 2.4));
        painter.drawPath(bridge);
        painter.setPen(QPen(colour, 1.0, Qt::DashLine));
        painter.drawPath(bridge);
    }
    if (m.kind != MeasurementKind::Probe && (selected || m.points.size() <= cornersShownAtMost)) {
        painter.setBrush(selected ? QBrush(selectedColour) : QBrush(QColor(0, 0, 0, 120)));
        painter.setPen(QPen(colour, 1.2));
        const double radius = selected ? 4.0 : isClosedOutline(m.kind) ? 2.0 : 3.0;
        for (const ImagePoint& handle : selected ? handlesOf(m) : m.points)
            painter.drawEllipse(toLogical(handle), radius, radius);
    }
    if (m.kind == MeasurementKind::Text) {
        painter.setFont(textFont());
        const QRectF box = textBox(points[0], m.label);
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(0, 0, 0, 130));
        painter.drawRoundedRect(box.adjusted(-4, -2, 4, 2), 3, 3);
        drawOutlined(painter, box, Qt::AlignLeft | Qt::AlignTop, m.label, colour);
        painter.restore();
        return;
    }
    const QStringList lines = viewer_text::measurement(m, result) + also;
    drawLines(painter, points, lines, colour, bounds);
    painter.restore();
}

void MeasurementPainter::drawLines(QPainter& painter, const QPolygonF& points, const QStringList& lines,
                                   const QColor& colour, const QRectF& bounds) const {
    if (lines.isEmpty() || points.isEmpty())
        return;
    painter.setFont(textFont());
    const QString text = lines.join(u'\n');
    QRectF box = painter.fontMetrics().boundingRect(QRect(0, 0, 600, 200), Qt::AlignLeft, text);
    // Beside the rightmost point, inside the viewport.
    const auto rightmost =
        *std::max_element(points.begin(), points.end(), [](QPointF a, QPointF b) { return a.x() < b.x(); });
    box.moveTo(rightmost + QPointF(10, 6));
    if (box.right() > bounds.right() - 4)
        box.moveRight(std::max(bounds.left() + box.width(), bounds.right() - 4));
    if (box.bottom() > bounds.bottom() - 4)
        box.moveBottom(bounds.bottom() - 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, 130));
    painter.drawRoundedRect(box.adjusted(-4, -2, 4, 2), 3, 3);
    drawOutlined(painter, box, Qt::AlignLeft | Qt::AlignTop, text, colour);
}

void MeasurementPainter::drawReported(QPainter& painter, const Measurement& m, const QStringList& lines,
                                      const QRectF& bounds) const {
    const QPolygonF points = pointsOf(m, *this);
    if (points.isEmpty())
        return;
    const QPainterPath path = shapeOf(m, points);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 200), 3.0));
    painter.drawPath(path);
    painter.setPen(QPen(reportedColour, 1.5, Qt::DashLine));
    painter.drawPath(path);
    drawLines(painter, points, lines, reportedColour, bounds);
    painter.restore();
}

int MeasurementPainter::handleAt(const Measurement& m, QPointF position) const {
    int best = -1;
    double nearest = reachPx;
    const std::vector<ImagePoint> handles = handlesOf(m);
    for (size_t i = 0; i < handles.size(); ++i) {
        const double distance = QLineF(toLogical(handles[i]), position).length();
        if (distance <= nearest) {
            nearest = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

bool MeasurementPainter::isOn(const Measurement& m, QPointF position) const {
    if (m.kind == MeasurementKind::Text && !m.points.empty() &&
        textBox(toLogical(m.points[0]), m.label).contains(position))
        return true;
    QPainterPathStroker stroker;
    stroker.setWidth(reachPx);
    return handleAt(m, position) >= 0 || stroker.createStroke(shapeOf(m, pointsOf(m, *this))).contains(position);
}

} // namespace yz
