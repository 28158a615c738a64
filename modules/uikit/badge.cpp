#include "uikit/badge.h"

#include "uikit/fonts.h"
#include "uikit/theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace yz {

namespace {

constexpr int kPadding = 7;
constexpr int kHeight = 20;

QFont badgeFont(BadgeStyle style) { return uiFont(kSmallPx, style == BadgeStyle::Loud ? QFont::Bold : QFont::Normal); }

} // namespace

ToneColours coloursOf(Tone tone) {
    const Theme& t = theme();
    switch (tone) {
    case Tone::Info:
        return {t.accent, t.infoTint, t.accentFill};
    case Tone::Ok:
        return {t.ok, t.okTint, t.okFill};
    case Tone::Warning:
        return {t.urgent, t.urgentTint, t.urgentFill};
    case Tone::Danger:
        return {t.emergency, t.emergencyTint, t.emergencyFill};
    case Tone::Neutral:
        break;
    }
    return {t.muted, t.raised, t.border};
}

QString iconOf(Tone tone) {
    switch (tone) {
    case Tone::Ok:
        return QStringLiteral("ok");
    case Tone::Warning:
        return QStringLiteral("warning");
    case Tone::Danger:
        return QStringLiteral("error");
    case Tone::Neutral:
    case Tone::Info:
        break;
    }
    return QStringLiteral("info");
}

Tone toneOf(ReadingState state) {
    switch (state) {
    case ReadingState::Reading:
    case ReadingState::Reviewing:
        return Tone::Info;
    case ReadingState::Returned:
    case ReadingState::Amended:
        return Tone::Warning;
    case ReadingState::Approved:
    case ReadingState::Published:
        return Tone::Ok;
    case ReadingState::Withdrawn:
    case ReadingState::Rejected:
        return Tone::Danger;
    case ReadingState::Waiting:
    case ReadingState::Submitted:
        break;
    }
    return Tone::Neutral;
}

Tone toneOf(Priority priority) {
    switch (priority) {
    case Priority::Emergency:
        return Tone::Danger;
    case Priority::Urgent:
        return Tone::Warning;
    case Priority::Routine:
        break;
    }
    return Tone::Neutral;
}

QSize badgeSize(const QString& text, BadgeStyle style) {
    return {QFontMetrics(badgeFont(style)).horizontalAdvance(text) + 2 * kPadding, kHeight};
}

void drawBadge(QPainter& painter, const QRect& cell, const QString& text, Tone tone, BadgeStyle style) {
    const ToneColours colours = coloursOf(tone);
    if (tone == Tone::Neutral)
        style = BadgeStyle::Quiet;
    const bool isLoud = style == BadgeStyle::Loud;
    QRect pill(cell.topLeft(), badgeSize(text, style));
    pill.setWidth(qMin(pill.width(), cell.width()));
    pill.moveTop(cell.top() + (cell.height() - pill.height()) / 2);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isLoud ? colours.fill : colours.tint);
    painter.drawRoundedRect(pill, 3, 3);
    const QFont font = badgeFont(style);
    painter.setFont(font);
    painter.setPen(isLoud ? theme().onFill : colours.text);
    painter.drawText(pill, Qt::AlignCenter,
                     QFontMetrics(font).elidedText(text, Qt::ElideRight, pill.width() - kPadding + 1));
    painter.restore();
}

StateBadge::StateBadge(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed); }

void StateBadge::setBadge(const QString& text, Tone tone, BadgeStyle style) {
    m_text = text;
    m_tone = tone;
    m_style = tone == Tone::Neutral ? BadgeStyle::Quiet : style;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize StateBadge::sizeHint() const { return m_text.isEmpty() ? QSize(0, kHeight) : badgeSize(m_text, m_style); }

void StateBadge::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    if (!m_text.isEmpty())
        drawBadge(painter, rect(), m_text, m_tone, m_style);
}

} // namespace yz
