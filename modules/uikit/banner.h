#pragma once

#include "uikit/badge.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QToolButton;

namespace yz {

/// A line above the page's content that says something without stopping the work. Hidden until it has something to say.
class Banner final : public QFrame {
    Q_OBJECT
public:
    explicit Banner(QWidget* parent = nullptr);
    /// `action`: text of a button in the line; empty: none.
    void announce(Tone tone, const QString& text, const QString& action = {});
    void clear();
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void actionRequested();
    void dismissed();

private:
    QLabel* m_icon;
    QLabel* m_text;
    QPushButton* m_action;
    QToolButton* m_close;
};

} // namespace yz
