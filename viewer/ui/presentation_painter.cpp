#include "viewer_ui/presentation_painter.h"

#include "uikit/fonts.h"
#include "viewer_ui/outlined_text.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace yz {

namespace {

constexpr double reachOfPoint = 5.0;

/// Points of an outline in the units of the object, so that pixels that are not square bend a circle as they should.
std::vector<ImagePoint> roundOutline(ImagePoint centre, ImagePoint a, ImagePoint b) {
    constexpr int steps = 96;
    std::vector<ImagePoint> points;
    for (int i = 0; i <= steps; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / steps;
        const double c = std::cos(angle), s = std::sin(angle);
        points.push_back({centre.x + a.x * c + b.x * s, centre.y + a.y * c + b.y * s});
    }
    return points;
}

std::vector<ImagePoint> outlineOf(const GraphicObject& graphic) {
    const std::vector<ImagePoint>& p = graphic.points;
    switch (graphic.kind) {
    case GraphicObject::Kind::Circle: {
        const double radius = std::hypot(p[1].x - p[0].x, p[1].y - p[0].y);
        return roundOutline(p[0], {radius, 0.0}, {0.0, radius});
    }
    case GraphicObject::Kind::Ellipse:
        return roundOutline({(p[0].x + p[1].x) / 2.0, (p[0].y + p[1].y) / 2.0},
                            {(p[1].x - p[0].x) / 2.0, (p[1].y - p[0].y) / 2.0},
                            {(p[3].x - p[2].x) / 2.0, (p[3].y - p[2].y) / 2.0});
    default:
        return p;
    }
}

/// A smooth line through all points (Catmull-Rom).
QPainterPath curveThrough(const QPolygonF& points) {
    QPainterPath path(points.first());
    const auto at = [&](qsizetype i) { return points[std::clamp<qsizetype>(i, 0, points.size() - 1)]; };
    for (qsizetype i = 0; i + 1 < points.size(); ++i)
        path.cubicTo(at(i) + (at(i + 1) - at(i - 1)) / 6.0, at(i + 1) - (at(i + 2) - at(i)) / 6.0, at(i + 1));
    return path;
}

} // namespace

PresentationPainter::PresentationPainter(const ShownFrame& shown, const ViewTransform& transform, double scale)
    : m_shown(shown), m_transform(transform), m_scale(scale) {
    DisplayedArea whole;
    whole.right = shown.image->columns;
    whole.bottom = shown.image->rows;
    const DisplayedArea* own = shown.state->area(shown.image->instance, shown.frame);
    const DisplayedArea& area = own ? *own : whole;
    const QPointF a = toLogical({std::min(area.left, area.right) - 1.5, std::min(area.top, area.bottom) - 1.5},
                                AnnotationUnits::Pixel);
    const QPointF b = toLogical({std::max(area.left, area.right) - 0.5, std::max(area.top, area.bottom) - 0.5},
                                AnnotationUnits::Pixel);
    m_area = QRectF(a, b).normalized();
}

QPointF PresentationPainter::toLogical(ImagePoint point, AnnotationUnits units) const {
    if (units == AnnotationUnits::Display)
        return m_area.topLeft() + QPointF(point.x * m_area.width(), point.y * m_area.height());
    const ViewPoint view = m_transform.toView(point);
    return {view.x / m_scale, view.y / m_scale};
}

void PresentationPainter::drawGraphic(QPainter& painter, const GraphicObject& graphic, const QColor& colour) const {
    QPolygonF points;
    for (const ImagePoint& point : outlineOf(graphic))
        points << toLogical(point, graphic.units);
    QPainterPath path;
    if (graphic.kind == GraphicObject::Kind::Point)
        path.addEllipse(points.first(), reachOfPoint, reachOfPoint);
    else if (graphic.kind == GraphicObject::Kind::Interpolated)
        path = curveThrough(points);
    else
        path.addPolygon(points);
    painter.setBrush(graphic.isFilled ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.setPen(QPen(QColor(0, 0, 0, 170), 3.0));
    painter.drawPath(path);
    painter.setPen(QPen(colour, 1.4));
    painter.drawPath(path);
}

void PresentationPainter::drawText(QPainter& painter, const TextObject& text, const QColor& colour) const {
    painter.setFont(uiFont(13, QFont::Medium));
    const QRectF needed = QRectF(painter.fontMetrics().boundingRect(QRect(0, 0, 4000, 4000), Qt::AlignLeft, text.text))
                              .adjusted(0, 0, 2, 2);
    QRectF box;
    int flags = Qt::AlignLeft | Qt::AlignTop;
    if (text.hasBox) {
        box = QRectF(toLogical(text.boxTopLeft, text.boxUnits), toLogical(text.boxBottomRight, text.boxUnits))
                  .normalized();
        const QPointF middle = box.center();
        const bool isRight = text.justification == TextObject::Justification::Right;
        const bool isCentre = text.justification == TextObject::Justification::Centre;
        flags = (isRight ? Qt::AlignRight : isCentre ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignTop;
        // A box too small for our type grows; it is never a reason to cut words.
        if (box.width() < needed.width()) {
            const double left = isRight    ? box.right() - needed.width()
                                : isCentre ? middle.x() - needed.width() / 2.0
                                           : box.left();
            box.setLeft(left);
            box.setWidth(needed.width());
        }
        box.setHeight(std::max(box.height(), needed.height()));
    }
    if (text.hasAnchor) {
        const QPointF anchor = toLogical(text.anchor, text.anchorUnits);
        if (!text.hasBox)
            box = needed.translated(anchor + QPointF(6, 6));
        else if (text.anchorIsShown)
            drawOutlinedLine(painter,
                             QLineF(anchor, QPointF(std::clamp(anchor.x(), box.left(), box.right()),
                                                    std::clamp(anchor.y(), box.top(), box.bottom()))),
                             colour);
    }
    drawOutlined(painter, box, flags, text.text, colour);
}

void PresentationPainter::draw(QPainter& painter) const {
    std::vector<const GraphicAnnotation*> annotations;
    for (const GraphicAnnotation& annotation : m_shown.state->annotations)
        if (annotation.images.empty() ||
            PresentationState::covers(annotation.images, m_shown.image->instance, m_shown.frame))
            annotations.push_back(&annotation);
    const auto layerOf = [&](const GraphicAnnotation* annotation) { return m_shown.state->layer(annotation->layer); };
    std::stable_sort(annotations.begin(), annotations.end(), [&](const auto* a, const auto* b) {
        const GraphicLayer *x = layerOf(a), *y = layerOf(b);
        return (x ? x->order : 0) < (y ? y->order : 0);
    });
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const GraphicAnnotation* annotation : annotations) {
        const GraphicLayer* layer = layerOf(annotation);
        const QColor colour = QColor::fromRgb(layer ? layer->colour : 0xffffffffu);
        for (const GraphicObject& graphic : annotation->graphics)
            drawGraphic(painter, graphic, colour);
        for (const TextObject& text : annotation->texts)
            drawText(painter, text, colour);
    }
    painter.restore();
}

} // namespace yz
