#pragma once

#include "session/settings_controller.h"

#include <QHash>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace yz {

class ProgressLine;

/// A button that tries one receiver at a time, and its answer in sentences. Answers stay while others are looked at,
/// until what was tried is changed.
class CheckPanel final : public QWidget {
    Q_OBJECT
public:
    CheckPanel(SettingsController& controller, const QString& hint, QWidget* parent = nullptr);

    /// What is tried, and all that it is tried with: an answer to other settings is dropped. No role: no button.
    void show(const QString& role, const QString& settings);
    /// The answer as it is shown, a line each; empty before a test.
    [[nodiscard]] QStringList answer() const { return m_shown; }

private:
    struct Known {
        QString settings;
        std::optional<RoleCheck> check; ///< none: it is on its way, or was cancelled
        bool wasCancelled = false;
    };
    void refresh();

    SettingsController& m_controller;
    QString m_role, m_settings;
    QHash<QString, Known> m_known;
    QString m_step;
    QStringList m_shown;
    QPushButton* m_test;
    QLabel* m_stepLabel;
    ProgressLine* m_progress;
    QVBoxLayout* m_lines;
};

} // namespace yz
