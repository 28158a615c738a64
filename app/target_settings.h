#pragma once

#include "session/settings_controller.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace yz {

class CheckPanel;
class SecretField;
class SettingsForm;

/// Systems that get the reports in a standard's form, and the repository of audit messages.
class TargetSettings final : public QWidget {
    Q_OBJECT
public:
    explicit TargetSettings(SettingsController& controller, QWidget* parent = nullptr);
    bool focusFault();

private:
    void buildTargetForm();
    void buildAuditForm();
    void refresh();
    void fillTable();
    void fillForm();
    void fillTarget(int index);
    void fillAudit();
    /// Index of the chosen target; the audit repository comes after the last.
    [[nodiscard]] int current() const;
    void editTarget(const std::function<void(TargetEdit& edit)>& change);

    SettingsController& m_controller;
    QTableWidget* m_table;
    QPushButton* m_add;
    QPushButton* m_remove;
    QStackedWidget* m_forms;
    SettingsForm* m_target;
    SettingsForm* m_audit;
    SecretField* m_secret = nullptr;
    SecretField* m_key = nullptr;
    SecretField* m_auditKey = nullptr;
    CheckPanel* m_targetCheck = nullptr;
    CheckPanel* m_auditCheck = nullptr;
};

} // namespace yz
