#include "uikit/icon.h"

#include "uikit/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace yz {

namespace {

QByteArray sourceOf(const QString& name) {
    QFile file(u":/yz/icons/" + name + u".svg");
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QPixmap rendered(const QString& name, QSize devicePixels, const QColor& colour) {
    const QString key = u"yz-icon/" + name + u'/' + colour.name(QColor::HexArgb) + u'/' +
                        QString::number(devicePixels.width()) + u'x' + QString::number(devicePixels.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray svg = sourceOf(name);
    if (svg.isEmpty())
        return {};
    svg.replace("currentColor", colour.name().toLatin1());
    QSvgRenderer renderer(svg);
    pixmap = QPixmap(devicePixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const int side = qMin(devicePixels.width(), devicePixels.height());
    renderer.render(&painter,
                    QRectF((devicePixels.width() - side) / 2.0, (devicePixels.height() - side) / 2.0, side, side));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

struct Colours {
    QColor normal, checked, disabled;
};

class LineIconEngine final : public QIconEngine {
public:
    LineIconEngine(QString name, const Colours& colours) : m_name(std::move(name)), m_colours(colours) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, rendered(m_name, rect.size() * ratio, colour(mode, state)));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        return rendered(m_name, size, colour(mode, state));
    }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal /*scale*/) override {
        return rendered(m_name, size, colour(mode, state));
    }
    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override { return size; }
    QString iconName() override { return m_name; }
    [[nodiscard]] QIconEngine* clone() const override { return new LineIconEngine(*this); } // Qt takes it

private:
    [[nodiscard]] const QColor& colour(QIcon::Mode mode, QIcon::State state) const {
        if (mode == QIcon::Disabled)
            return m_colours.disabled;
        return state == QIcon::On ? m_colours.checked : m_colours.normal;
    }
    QString m_name;
    Colours m_colours;
};

QIcon make(const QString& name, const Colours& colours) {
    if (!QFile::exists(u":/yz/icons/" + name + u".svg"))
        return {};
    return QIcon(new LineIconEngine(name, colours)); // QIcon takes it
}

} // namespace

QIcon icon(const QString& name) {
    const Theme& t = theme();
    return make(name, {t.text, t.accent, t.outline});
}

QIcon icon(const QString& name, const QColor& colour) { return make(name, {colour, colour, theme().outline}); }

QPixmap iconPixmap(const QString& name, int px, const QColor& colour, qreal devicePixelRatio) {
    QPixmap pixmap = rendered(name, QSize(px, px) * devicePixelRatio, colour);
    if (!pixmap.isNull())
        pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

} // namespace yz
