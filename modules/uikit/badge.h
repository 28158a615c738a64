#pragma once

#include "domain/reading_task.h"
#include "domain/workflow.h"

#include <QColor>
#include <QString>
#include <QWidget>

class QPainter;

namespace yz {

/// What a colour says.
enum class Tone { Neutral, Info, Ok, Warning, Danger };

struct ToneColours {
    QColor text; ///< on `tint` and on the page's backgrounds
    QColor tint; ///< quiet background
    QColor fill; ///< loud background; Theme::onFill on it
};
[[nodiscard]] ToneColours coloursOf(Tone tone);
/// Name of the icon that says the same (uikit/icon.h).
[[nodiscard]] QString iconOf(Tone tone);
[[nodiscard]] Tone toneOf(ReadingState state);
[[nodiscard]] Tone toneOf(Priority priority);

enum class BadgeStyle { Quiet, Loud };

/// Paints a pill with text, left-aligned and vertically centred in `cell`; used by table delegates.
void drawBadge(QPainter& painter, const QRect& cell, const QString& text, Tone tone, BadgeStyle style);
[[nodiscard]] QSize badgeSize(const QString& text, BadgeStyle style = BadgeStyle::Quiet);

/// The same pill as a widget.
class StateBadge final : public QWidget {
    Q_OBJECT
public:
    explicit StateBadge(QWidget* parent = nullptr);
    void setBadge(const QString& text, Tone tone, BadgeStyle style = BadgeStyle::Quiet);
    [[nodiscard]] const QString& text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Tone m_tone = Tone::Neutral;
    BadgeStyle m_style = BadgeStyle::Quiet;
};

} // namespace yz
