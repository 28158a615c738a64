#include "viewer_ui/outlined_text.h"

#include <QCache>
#include <QFontMetricsF>
#include <QImage>
#include <QPaintDevice>
#include <cmath>

namespace yz {

namespace {

const QColor edge(0, 0, 0, 210);
constexpr double margin = 2.0;         // logical px around a text: its edge, and glyphs that stand over
constexpr int cacheBytes = 8 << 20;    // the texts of a wall of viewports
constexpr double widestKept = 4'000.0; // logical px

void drawSixTimes(QPainter& painter, const QRectF& rect, int flags, const QString& text, const QColor& colour) {
    painter.setPen(edge);
    for (const QPointF& offset : {QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1), QPointF(1, 1)})
        painter.drawText(rect.translated(offset), flags, text);
    painter.setPen(colour);
    painter.drawText(rect, flags, text);
}

struct TextKey {
    QString text;
    QFont font;
    QRgb colour = 0;
    int flags = 0;
    double scale = 1.0; ///< device px per logical px

    bool operator==(const TextKey&) const = default;
};

size_t qHash(const TextKey& key, size_t seed) {
    return qHashMulti(seed, key.text, key.font, key.colour, key.flags, key.scale);
}

/// A text as it stands on the screen.
struct TextPicture {
    QImage image; ///< with the margin on every side
    QSizeF size;  ///< logical px, without it
};

TextPicture pictureOf(const TextKey& key) {
    TextPicture picture;
    const QRectF box = QFontMetricsF(key.font).boundingRect(QRectF(0, 0, 1e6, 1e6), key.flags, key.text);
    picture.size = {std::ceil(box.width()), std::ceil(box.height())};
    if (picture.size.width() > widestKept || picture.size.height() > widestKept)
        return picture;
    const QSizeF whole = (picture.size + QSizeF(2 * margin, 2 * margin)) * key.scale;
    picture.image = QImage(static_cast<int>(std::ceil(whole.width())), static_cast<int>(std::ceil(whole.height())),
                           QImage::Format_ARGB32_Premultiplied);
    picture.image.setDevicePixelRatio(key.scale);
    picture.image.fill(Qt::transparent);
    QPainter painter(&picture.image);
    painter.setFont(key.font);
    drawSixTimes(painter, QRectF({margin, margin}, picture.size), key.flags | Qt::TextDontClip, key.text,
                 QColor::fromRgba(key.colour));
    return picture;
}

} // namespace

void drawOutlined(QPainter& painter, const QRectF& rect, int flags, const QString& text, const QColor& colour) {
    if (text.isEmpty())
        return;
    if ((flags & Qt::TextWordWrap) != 0 || painter.transform().type() > QTransform::TxTranslate) {
        drawSixTimes(painter, rect, flags, text, colour);
        return;
    }
    // Six times shaped, a text takes as long as a slice; nearly all of them are those of the frame before.
    thread_local QCache<TextKey, TextPicture> pictures(cacheBytes);
    const double scale = painter.device()->devicePixelRatioF();
    const int lines = (flags & ~static_cast<int>(Qt::AlignVertical_Mask)) | Qt::AlignTop;
    const TextKey key{text, painter.font(), colour.rgba(), lines, scale};
    TextPicture* picture = pictures.object(key);
    if (!picture) {
        auto made = std::make_unique<TextPicture>(pictureOf(key));
        const auto cost = static_cast<qsizetype>(made->image.sizeInBytes() + 256);
        if (made->image.isNull() || cost > cacheBytes / 8) {
            drawSixTimes(painter, rect, flags, text, colour);
            return;
        }
        picture = made.get();
        pictures.insert(key, made.release(), cost);
    }
    if (picture->size.width() > std::ceil(rect.width()) || picture->size.height() > std::ceil(rect.height() + 1.0)) {
        QString shorter = text;
        if ((flags & Qt::TextSingleLine) != 0)
            shorter = QFontMetricsF(painter.font()).elidedText(text, Qt::ElideRight, rect.width());
        drawSixTimes(painter, rect, flags, shorter, colour); // which clips it
        return;
    }
    const double left = (flags & Qt::AlignRight) != 0     ? rect.right() - picture->size.width()
                        : (flags & Qt::AlignHCenter) != 0 ? rect.center().x() - picture->size.width() / 2.0
                                                          : rect.left();
    const double top = (flags & Qt::AlignBottom) != 0    ? rect.bottom() - picture->size.height()
                       : (flags & Qt::AlignVCenter) != 0 ? rect.center().y() - picture->size.height() / 2.0
                                                         : rect.top();
    const auto onPixel = [scale](double logical) { return std::round(logical * scale) / scale; };
    painter.drawImage(QPointF(onPixel(left - margin), onPixel(top - margin)), picture->image);
}

void drawOutlinedLine(QPainter& painter, const QLineF& line, const QColor& colour, double width) {
    painter.setPen(QPen(edge, width + 1.6));
    painter.drawLine(line);
    painter.setPen(QPen(colour, width));
    painter.drawLine(line);
}

} // namespace yz
