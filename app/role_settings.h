#pragma once

#include "session/settings_controller.h"

#include <QMap>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace yz {

class ProgressLine;

/// Which server does what, with a button that tries it and says in sentences what it answered.
class RoleSettings final : public QWidget {
    Q_OBJECT
public:
    explicit RoleSettings(SettingsController& controller, QWidget* parent = nullptr);
    bool focusFault();
    /// The answer as it is shown, a line each; empty before a test.
    [[nodiscard]] QStringList answer(const QString& role) const;

private:
    struct Card {
        QComboBox* by = nullptr;
        QComboBox* node = nullptr;
        QLabel* fault = nullptr;
        QPushButton* test = nullptr;
        QLabel* step = nullptr;
        ProgressLine* progress = nullptr;
        QWidget* lines = nullptr;
        QVBoxLayout* linesLayout = nullptr;
        QStringList answer;
        QStringList triedWith; ///< an answer to other settings is dropped
    };
    void addCard(QVBoxLayout& layout, const QString& role, const QString& title, const QString& hint,
                 const std::vector<std::pair<QString, int>>& ways);
    void refresh();
    void showRunning(const QString& role, bool isRunning, const QString& step);
    void showAnswer(const RoleCheck& check);
    void clearAnswer(Card& card);

    SettingsController& m_controller;
    QMap<QString, Card> m_cards;
};

} // namespace yz
