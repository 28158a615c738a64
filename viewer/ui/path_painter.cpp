#include "viewer_ui/path_painter.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {

const QColor pathColour(0xff, 0xd8, 0x4d);
constexpr double pointMm = 1.1; ///< radius on the screen

double pointRadius(double dpi) { return std::clamp(pointMm * std::clamp(dpi, 60.0, 400.0) / 25.4, 4.0, 16.0); }

} // namespace

double PathPainter::reach(double dpi) { return pointRadius(dpi) * 1.8; }

QPointF PathPainter::toLogical(const PatientPoint& point) const {
    const PatientVector away = point - m_plane.origin;
    const ViewPoint at =
        m_transform.toView({away.dot(m_plane.row) / m_plane.pixelMm, away.dot(m_plane.column) / m_plane.pixelMm});
    return {at.x / m_scale, at.y / m_scale};
}

void PathPainter::draw(QPainter& painter, const DrawnPath& path, double dpi) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    QPolygonF line;
    for (const PatientPoint& point : splineThrough(path.points, m_plane.pixelMm))
        line << toLogical(point);
    for (const QPen& pen : {QPen(QColor(0, 0, 0, 150), 3.0), QPen(pathColour, 1.2)}) {
        painter.setPen(pen);
        painter.drawPolyline(line);
    }
    const double radius = pointRadius(dpi);
    for (const PatientPoint& point : path.points) {
        const bool isHere = std::abs((point - m_plane.origin).dot(m_plane.normal())) <= m_plane.pixelMm;
        painter.setPen(QPen(pathColour, 1.5));
        painter.setBrush(isHere ? QBrush(pathColour) : QBrush(QColor(0, 0, 0, 90)));
        painter.drawEllipse(toLogical(point), radius, radius);
    }
    painter.restore();
}

void PathPainter::drawFlat(QPainter& painter, const CurvedCut& cut, const ViewTransform& transform, double scale) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    QPolygonF line;
    const size_t step = std::max<size_t>(1, cut.path.size() / 1000);
    for (size_t i = 0; i < cut.path.size(); i += step) {
        const ViewPoint at = transform.toView(cut.path[i]);
        line << QPointF(at.x / scale, at.y / scale);
    }
    QColor faint = pathColour;
    faint.setAlpha(120);
    painter.setPen(QPen(faint, 1.0, Qt::DotLine));
    painter.drawPolyline(line);
    painter.restore();
}

} // namespace yz
