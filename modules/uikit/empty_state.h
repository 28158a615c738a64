#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace yz {

/// What a page shows in place of a list that has nothing: an icon, what is the case, what to do.
class EmptyState final : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(QWidget* parent = nullptr);
    /// `action`: text of the button below; empty: no button.
    void setContent(const QString& iconName, const QString& title, const QString& hint, const QString& action = {});
    [[nodiscard]] QString title() const;

Q_SIGNALS:
    void actionRequested();

private:
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_hint;
    QPushButton* m_action;
};

} // namespace yz
