#include "viewer_ui/mpr_handles.h"

#include "viewer_ui/orientation_colour.h"

#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {

constexpr double ringMm = 1.8, reachFactor = 1.7; ///< radius drawn; what may be missed by, of it
constexpr double smallestRing = 6.0, largestRing = 24.0;
constexpr double turnAt = 0.34, slabAt = 0.2; ///< of the viewport's smaller side, from the centre

} // namespace

MprHandles::MprHandles(std::vector<CrossLine> lines, const ViewTransform& transform, double scale, QSizeF size,
                       double dpi)
    : m_lines(std::move(lines)), m_transform(transform), m_scale(scale), m_size(size),
      m_radius(std::clamp(ringMm * std::clamp(dpi, 60.0, 400.0) / 25.4, smallestRing, largestRing)) {
    if (m_lines.empty())
        return;
    m_centre = m_lines.front().cross;
    if (m_lines.size() > 1) { // where the two lines meet
        const CrossLine &a = m_lines[0], &b = m_lines[1];
        const double across = a.direction.x * b.direction.y - a.direction.y * b.direction.x;
        const ImagePoint way = b.from - a.from;
        if (std::abs(across) > 1e-9)
            m_centre = a.from + a.direction * ((way.x * b.direction.y - way.y * b.direction.x) / across);
    }
    m_handles.push_back({MprHandle::Kind::Centre, toLogical(m_centre), -1});
    for (int line = 0; line < static_cast<int>(m_lines.size()); ++line)
        place(line);
}

QPointF MprHandles::toLogical(ImagePoint point) const {
    const ViewPoint view = m_transform.toView(point);
    return {view.x / m_scale, view.y / m_scale};
}

ImagePoint MprHandles::toImage(QPointF logical) const {
    return m_transform.toImage({logical.x() * m_scale, logical.y() * m_scale});
}

void MprHandles::place(int index) {
    const CrossLine& line = m_lines[static_cast<size_t>(index)];
    const QPointF centre = toLogical(m_centre);
    const QPointF ahead = toLogical(m_centre + line.direction) - centre;
    const double perPixel = std::hypot(ahead.x(), ahead.y()); // logical pixels of one of the picture
    if (perPixel <= 0.0)
        return;
    const QPointF way = ahead / perPixel;
    const double side = std::min(m_size.width(), m_size.height());
    const QRectF inner = QRectF({}, m_size).adjusted(m_radius, m_radius, -m_radius, -m_radius);
    const auto inside = [&](QPointF from, QPointF direction, double wanted) -> std::optional<QPointF> {
        // Pulled in where the line leaves the viewport; away from the centre it must stay clear of its handle.
        for (double distance = wanted; distance >= m_radius * 4.0; distance -= m_radius)
            if (const QPointF at = from + direction * distance; inner.contains(at))
                return at;
        return std::nullopt;
    };
    for (const double sense : {1.0, -1.0})
        if (const auto at = inside(centre, way * sense, side * turnAt))
            m_handles.push_back({MprHandle::Kind::Turn, *at, index});
    const double half = line.slab.isThick() ? line.slab.thicknessMm * 0.5 / line.pixelMm * perPixel : 0.0;
    const QPointF across(-way.y(), way.x());
    for (const double along : {1.0, -1.0}) {
        const auto foot = inside(centre, way * along, side * slabAt);
        if (!foot)
            continue;
        for (const double sense : {1.0, -1.0})
            m_handles.push_back(
                {MprHandle::Kind::Slab, *foot + across * (sense * std::max(half, m_radius * 1.4)), index});
        break; // one end is enough
    }
}

std::optional<MprHandle> MprHandles::at(QPointF logical) const {
    std::optional<MprHandle> best;
    double nearest = m_radius * reachFactor;
    for (const MprHandle& handle : m_handles) {
        const double distance = QLineF(handle.at, logical).length();
        if (distance > nearest)
            continue;
        nearest = distance;
        best = handle;
        if (handle.kind == MprHandle::Kind::Centre)
            break;
    }
    return best;
}

double MprHandles::angleBetween(QPointF from, QPointF to) const {
    const ImagePoint a = toImage(from) - m_centre, b = toImage(to) - m_centre;
    return std::atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y);
}

double MprHandles::awayMm(int line, QPointF logical) const {
    const CrossLine& own = m_lines[static_cast<size_t>(line)];
    const ImagePoint away = toImage(logical) - m_centre;
    return std::abs(away.x * own.direction.y - away.y * own.direction.x) * own.pixelMm;
}

void MprHandles::draw(QPainter& painter, bool withHandles) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const QPointF centre = toLogical(m_centre);
    for (const CrossLine& line : m_lines) {
        QColor colour = orientationColour(line.orientation);
        colour.setAlpha(190);
        const QPointF from = toLogical(line.from), to = toLogical(line.to);
        const double length = QLineF(from, to).length();
        if (length <= 0.0)
            continue;
        const QPointF way = (to - from) / length;
        // Along the pixels a line is sharper without, and much quicker.
        painter.setRenderHint(QPainter::Antialiasing, std::min(std::abs(way.x()), std::abs(way.y())) * length > 0.5);
        // What is under the cross stays to be seen.
        const double gap = withHandles ? m_radius * 1.6 : 0.0;
        const double at = QPointF::dotProduct(centre - from, way);
        painter.setPen(QPen(colour, 1.0));
        if (at > gap)
            painter.drawLine(QLineF(from, from + way * std::min(length, at - gap)));
        if (at + gap < length)
            painter.drawLine(QLineF(from + way * std::max(0.0, at + gap), to));
        if (line.slab.isThick()) {
            const ImagePoint half =
                ImagePoint{-line.direction.y, line.direction.x} * (line.slab.thicknessMm * 0.5 / line.pixelMm);
            painter.setPen(QPen(colour, 1.0, Qt::DashLine));
            for (const ImagePoint& edge : {half, half * -1.0})
                painter.drawLine(QLineF(toLogical(line.from + edge), toLogical(line.to + edge)));
        }
    }
    if (withHandles) {
        painter.setRenderHint(QPainter::Antialiasing, true);
        for (const MprHandle& handle : m_handles) {
            const QColor colour = handle.line < 0
                                      ? QColor(0xe8, 0xec, 0xef)
                                      : orientationColour(m_lines[static_cast<size_t>(handle.line)].orientation);
            // A dark rim: to be seen on bone and on air.
            for (const bool isRim : {true, false}) {
                painter.setPen(isRim ? QPen(QColor(0, 0, 0, 170), 4.0) : QPen(colour, 2.0));
                painter.setBrush(isRim || handle.kind == MprHandle::Kind::Centre ? QBrush(Qt::NoBrush)
                                                                                 : QBrush(QColor(0, 0, 0, 90)));
                const double r = handle.kind == MprHandle::Kind::Slab ? m_radius * 0.62 : m_radius;
                if (handle.kind == MprHandle::Kind::Slab)
                    painter.drawRect(QRectF(handle.at.x() - r, handle.at.y() - r, 2 * r, 2 * r));
                else
                    painter.drawEllipse(handle.at, r, r);
            }
        }
    }
    painter.restore();
}

} // namespace yz
