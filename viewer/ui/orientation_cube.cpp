#include "viewer_ui/orientation_cube.h"

#include "uikit/fonts.h"

#include <QPainter>
#include <QTransform>

namespace yz {

void drawOrientationCube(QPainter& painter, const QRectF& area, const VolumeFacing& facing) {
    struct Face {
        const char* letter;
        PatientVector out, right; ///< outwards, and where the letter's line runs
    };
    static const Face faces[] = {{"A", {0, -1, 0}, {1, 0, 0}}, {"P", {0, 1, 0}, {-1, 0, 0}},
                                 {"L", {1, 0, 0}, {0, 1, 0}},  {"R", {-1, 0, 0}, {0, -1, 0}},
                                 {"H", {0, 0, 1}, {1, 0, 0}},  {"F", {0, 0, -1}, {1, 0, 0}}};
    const PatientVector into = facing.into();
    const double half = std::min(area.width(), area.height()) / 3.6;
    const auto onScreen = [&](const PatientVector& p) {
        return area.center() + QPointF(p.dot(facing.right), p.dot(facing.down)) * half;
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Face& face : faces) {
        const double towards = -face.out.dot(into);
        if (towards <= 0.02)
            continue;
        const PatientVector down = face.right.cross(face.out);
        const QPolygonF outline{{onScreen(face.out - face.right - down), onScreen(face.out + face.right - down),
                                 onScreen(face.out + face.right + down), onScreen(face.out - face.right + down)}};
        const int shade = static_cast<int>(60 + 90 * towards);
        painter.setPen(QPen(QColor(200, 215, 225), 1));
        painter.setBrush(QColor(shade / 3, shade / 2, shade, 200));
        painter.drawPolygon(outline);
        QTransform place;
        const QRectF unit(0, 0, 40, 40);
        if (!QTransform::quadToQuad(QPolygonF{{unit.topLeft(), unit.topRight(), unit.bottomRight(), unit.bottomLeft()}},
                                    outline, place))
            continue;
        painter.save();
        painter.setTransform(place, true);
        painter.setFont(uiFont(24, QFont::DemiBold));
        painter.setPen(QColor(255, 255, 255, static_cast<int>(80 + 170 * towards)));
        painter.drawText(unit, Qt::AlignCenter, QLatin1String(face.letter));
        painter.restore();
    }
    painter.restore();
}

} // namespace yz
