#include "viewer_ui/navigation_overlay.h"

#include "uikit/fonts.h"
#include "viewer_ui/outlined_text.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

namespace yz {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(NavigationOverlay)
};

const QColor keyColour(0xff, 0xd8, 0x4d);
const QColor pointColour(0x7f, 0xe3, 0xff);
constexpr double armLength = 14.0, armGap = 5.0;

QPainterPath star(QPointF centre, double radius) {
    QPainterPath path;
    for (int i = 0; i < 10; ++i) {
        const double r = i % 2 == 0 ? radius : radius * 0.42, angle = (i * 36.0 - 90.0) * M_PI / 180.0;
        const QPointF corner = centre + QPointF(r * std::cos(angle), r * std::sin(angle));
        if (i == 0)
            path.moveTo(corner);
        else
            path.lineTo(corner);
    }
    path.closeSubpath();
    return path;
}

} // namespace

QStringList NavigationOverlay::keyImageLines(const ViewerController& controller, const ShownFrame& shown) {
    QStringList lines;
    if (!shown.image || shown.plane)
        return lines;
    for (const KeyObjectSelectionPtr& selection :
         controller.keyImages().selectionsOf(shown.image->instance, shown.frame)) {
        QString line = Text::tr("Key image: %1").arg(selection->title.meaning);
        if (!selection->description.isEmpty())
            line += QStringLiteral(" · ") + selection->description.simplified();
        if (!lines.contains(line))
            lines << line;
    }
    if (lines.isEmpty() && controller.keyImages().isMarked(shown.image->instance, shown.frame))
        lines << Text::tr("Key image, not saved yet");
    return lines;
}

void NavigationOverlay::paint(QPainter& painter, QSizeF size, double scale, const ShownFrame& shown,
                              const ViewTransform& transform) const {
    if (!shown.image)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (const auto point = m_controller.spacePointOn(shown)) {
        const ViewPoint view = transform.toView(*point);
        const QPointF at(view.x / scale, view.y / scale);
        for (const QPointF& way : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)})
            drawOutlinedLine(painter, QLineF(at + way * armGap, at + way * (armGap + armLength)), pointColour);
    }
    const ViewportState* state = m_controller.viewport(m_viewport);
    QStringList lines = keyImageLines(m_controller, shown);
    const bool isKey = !lines.isEmpty();
    if (state && ViewerController::isTrueSize(shown, state->view))
        lines << Text::tr("True size");
    else if (state && state->view.size == ViewAdjustment::Size::Pixels && state->view.zoom == 1.0)
        lines << Text::tr("1:1 pixel");
    if (!lines.isEmpty() && size.width() > 160) {
        painter.setFont(uiFont(12, QFont::DemiBold));
        const double height = QFontMetricsF(painter.font()).height() + 2.0;
        QRectF line(size.width() * 0.2, 26.0, size.width() * 0.6, height);
        for (qsizetype i = 0; i < lines.size() && line.bottom() < size.height() * 0.4; ++i) {
            const QString text =
                QFontMetricsF(painter.font()).elidedText(lines[i], Qt::ElideRight, line.width() - 24.0);
            drawOutlined(painter, line, static_cast<int>(Qt::AlignCenter) | Qt::TextSingleLine, text, keyColour);
            if (i == 0 && isKey) {
                const double width = QFontMetricsF(painter.font()).horizontalAdvance(text);
                const QPainterPath path = star({line.center().x() - width / 2.0 - 11.0, line.center().y()}, 7.0);
                painter.setPen(QPen(Qt::black, 2.5));
                painter.drawPath(path);
                painter.fillPath(path, keyColour);
            }
            line.translate(0, height);
        }
    }
    painter.restore();
}

} // namespace yz
