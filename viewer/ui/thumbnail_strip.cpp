#include "viewer_ui/thumbnail_strip.h"

#include "uikit/fonts.h"
#include "uikit/format.h"
#include "uikit/theme.h"
#include "viewer_ui/viewer_text.h"
#include "viewer_ui/viewport_canvas.h"

#include <QDrag>
#include <QGuiApplication>
#include <QLabel>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QStyleHints>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

namespace yz {

namespace {
constexpr int tileHeight = 78, pictureSide = 68, stripWidth = 196;
} // namespace

ThumbnailTile::ThumbnailTile(ViewerController& controller, const StackKey& key, int number, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_key(key) {
    setObjectName(QStringLiteral("thumbnail%1").arg(number));
    setCursor(Qt::PointingHandCursor);
    setFixedHeight(tileHeight);
    refresh();
}

QSize ThumbnailTile::sizeHint() const { return {stripWidth - 20, tileHeight}; }

bool ThumbnailTile::isShown() const {
    const auto& viewports = m_controller.state().viewports;
    return std::any_of(viewports.begin(), viewports.end(), [&](const ViewportState& viewport) {
        return viewport.content != ViewportState::Content::Empty && viewport.stack == m_key;
    });
}

void ThumbnailTile::refresh() {
    const LoadedSeries* series = m_controller.studies().series(m_key.series);
    if (series) {
        setAccessibleName(series->record.description);
        setToolTip(series->record.description);
    }
    update();
}

void ThumbnailTile::renderPicture() {
    const ShownFrame frame = m_controller.preview(m_key);
    if (!frame.drawn() || frame.drawn().get() == m_drawn)
        return;
    m_drawn = frame.drawn().get();
    const int side = static_cast<int>(pictureSide * devicePixelRatioF());
    ScreenPicture picture{side, side, {}};
    renderFrame(
        *frame.image, frame.frame, *frame.drawn(), defaultSettings(*frame.image, frame.frame, *frame.drawn()),
        fitTransform(frame.image->columns, frame.image->rows, drawnSpacing(*frame.image, frame.frame), side, side),
        Interpolation::Linear, 0xff000000u, picture);
    m_picture =
        QImage(reinterpret_cast<const uchar*>(picture.argb.data()), side, side, side * 4, QImage::Format_RGB32).copy();
    m_picture.setDevicePixelRatio(devicePixelRatioF());
}

void ThumbnailTile::paintEvent(QPaintEvent*) {
    renderPicture();
    const Theme& colours = theme();
    const LoadedSeries* series = m_controller.studies().series(m_key.series);
    const Stack* stack = m_controller.studies().stack(m_key);
    QPainter painter(this);
    const bool shown = isShown();
    painter.fillRect(rect(), shown ? colours.selection : colours.surface);
    if (shown)
        painter.fillRect(QRect(0, 0, 2, height()), colours.accent);
    const QRect pictureRect(6, (height() - pictureSide) / 2, pictureSide, pictureSide);
    painter.fillRect(pictureRect, colours.viewport);
    if (!m_picture.isNull())
        painter.drawImage(pictureRect.topLeft(), m_picture);
    if (!series)
        return;
    const int textLeft = pictureRect.right() + 8;
    const QRect text(textLeft, 5, width() - textLeft - 4, height() - 18);
    QString title = series->record.description;
    if (title.isEmpty())
        title = series->record.modality;
    if (series->record.seriesNumber > 0)
        title = QString::number(series->record.seriesNumber) + QStringLiteral(" ") + title;
    if (const QString part = stack ? viewer_text::splits(*stack) : QString(); !part.isEmpty())
        title += QStringLiteral(" (") + part + QStringLiteral(")");
    else if (series->stacks.size() > 1)
        title += QStringLiteral(" (%1/%2)").arg(m_key.stack + 1).arg(series->stacks.size());
    painter.setFont(uiFont(kSmallPx));
    painter.setPen(colours.text);
    painter.drawText(QRect(text.left(), text.top(), text.width(), 34), Qt::AlignLeft | Qt::TextWordWrap, title);

    const int announced = std::max(series->announcedFrames(), stack ? static_cast<int>(stack->frames.size()) : 0);
    const int total = series->stacks.size() > 1 && stack ? static_cast<int>(stack->frames.size()) : announced;
    const SeenCount seen = m_controller.seen(m_key);
    const bool allSeen = seen.total > 0 && seen.seen >= seen.total && series->waiting == 0;
    painter.setPen(colours.muted);
    painter.drawText(QRect(text.left(), height() - 39, text.width(), 16), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("%n image(s)", nullptr, total));
    painter.setPen(allSeen ? colours.ok : colours.muted);
    if (seen.seen > 0)
        painter.drawText(QRect(text.left(), height() - 24, text.width(), 16), Qt::AlignLeft | Qt::AlignVCenter,
                         allSeen ? tr("all seen") : tr("seen %1 of %2").arg(seen.seen).arg(seen.total));
    const int there = m_controller.loadedFrames(m_key);
    if (total > 0 && there < total) {
        const QRect track(textLeft, height() - 5, width() - textLeft - 6, 2);
        painter.fillRect(track, colours.border);
        painter.fillRect(QRect(track.left(), track.top(), track.width() * there / total, 2), colours.accent);
    }
    if (!series->refused.empty()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.emergency);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.drawEllipse(QPointF(width() - 8, 9), 3.5, 3.5);
    }
}

void ThumbnailTile::mousePressEvent(QMouseEvent* event) { m_pressedAt = event->pos(); }

void ThumbnailTile::mouseMoveEvent(QMouseEvent* event) {
    if (!(event->buttons() & Qt::LeftButton) ||
        (event->pos() - m_pressedAt).manhattanLength() < QGuiApplication::styleHints()->startDragDistance())
        return;
    auto* mime = new QMimeData;
    mime->setData(QLatin1String(stackMimeType),
                  QString(m_key.series.value() + u'/' + QString::number(m_key.stack)).toUtf8());
    auto* drag = new QDrag(this);
    drag->setMimeData(mime);
    if (!m_picture.isNull())
        drag->setPixmap(QPixmap::fromImage(m_picture));
    drag->exec(Qt::CopyAction);
}

void ThumbnailTile::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        Q_EMIT chosen(m_key);
}

ThumbnailStrip::ThumbnailStrip(ViewerController& controller, QWidget* parent)
    : QScrollArea(parent), m_controller(controller), m_content(new QWidget), m_layout(new QVBoxLayout(m_content)) {
    setObjectName(QStringLiteral("thumbnailStrip"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidgetResizable(true);
    setFixedWidth(stripWidth);
    setFocusPolicy(Qt::NoFocus);
    m_layout->setContentsMargins(4, 4, 4, 4);
    m_layout->setSpacing(3);
    QPalette colours = palette();
    colours.setColor(QPalette::Window, theme().window);
    m_content->setPalette(colours);
    m_content->setAutoFillBackground(true);
    setWidget(m_content);
    connect(&controller, &ViewerController::seriesListChanged, this, &ThumbnailStrip::scheduleRebuild);
    connect(&controller, &ViewerController::seriesChanged, this, [this](const SeriesUid& series) {
        if (stacksInOrder().size() != m_tiles.size())
            scheduleRebuild();
        refresh(series);
    });
    connect(&controller, &ViewerController::seriesProgressed, this, &ThumbnailStrip::refresh);
    connect(&controller, &ViewerController::seenChanged, this, &ThumbnailStrip::refresh);
    connect(&controller, &ViewerController::layoutChanged, this, [this] {
        for (ThumbnailTile* tile : m_tiles)
            tile->update();
    });
    rebuild();
}

void ThumbnailStrip::refresh(const SeriesUid& series) {
    for (ThumbnailTile* tile : m_tiles)
        if (tile->key().series == series)
            tile->refresh();
}

std::vector<StackKey> ThumbnailStrip::stacksInOrder() const {
    std::vector<StackKey> keys;
    for (const LoadedStudy& study : m_controller.studies().studies()) {
        std::vector<SeriesUid> order = study.series;
        std::stable_sort(order.begin(), order.end(), [&](const SeriesUid& a, const SeriesUid& b) {
            return m_controller.studies().series(a)->record.seriesNumber <
                   m_controller.studies().series(b)->record.seriesNumber;
        });
        for (const SeriesUid& uid : order) {
            const LoadedSeries* series = m_controller.studies().series(uid);
            // Reports and presentation states of the study are no pictures.
            if (series->announcedFrames() == 0 && series->stacks.empty())
                continue;
            for (int stack = 0; stack < std::max(1, static_cast<int>(series->stacks.size())); ++stack)
                keys.push_back({uid, stack});
        }
    }
    return keys;
}

void ThumbnailStrip::scheduleRebuild() {
    if (m_rebuildPending)
        return;
    m_rebuildPending = true;
    QTimer::singleShot(0, this, &ThumbnailStrip::rebuild);
}

void ThumbnailStrip::rebuild() {
    m_rebuildPending = false;
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    m_tiles.clear();
    StudyUid section;
    for (const StackKey& key : stacksInOrder()) {
        const LoadedSeries* series = m_controller.studies().series(key.series);
        const LoadedStudy* study = m_controller.studies().study(series->study);
        if (m_tiles.empty() || series->study != section) {
            section = series->study;
            const QString date = formatDate(study->record.time.date());
            auto* heading =
                new QLabel(study->isPrior ? tr("PRIOR %1").arg(date) : tr("Current %1").arg(date), m_content);
            heading->setFont(uiFont(kSmallPx, QFont::DemiBold));
            QPalette colours = heading->palette();
            colours.setColor(QPalette::WindowText, study->isPrior ? QColor(0xd9, 0xa6, 0xff) : theme().accent);
            heading->setPalette(colours);
            heading->setContentsMargins(4, m_tiles.empty() ? 2 : 10, 4, 2);
            m_layout->addWidget(heading);
        }
        auto* tile = new ThumbnailTile(m_controller, key, static_cast<int>(m_tiles.size()), m_content);
        connect(tile, &ThumbnailTile::chosen, this,
                [this](const StackKey& chosen) { m_controller.showStack(m_controller.state().active, chosen); });
        m_layout->addWidget(tile);
        m_tiles.push_back(tile);
    }
    m_layout->addStretch(1);
}

} // namespace yz
