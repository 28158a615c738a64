#pragma once

#include "session/settings_controller.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace yz {

class CertificateField;
class SecretField;
class SettingsForm;

/// The servers of the site: the platform and the others, a table and a form for the one that is chosen.
class NodeSettings final : public QWidget {
    Q_OBJECT
public:
    explicit NodeSettings(SettingsController& controller, QWidget* parent = nullptr);
    /// Chooses the first server that is wrong and puts the cursor into its field.
    bool focusFault();

private:
    void buildPlatformForm();
    void buildNodeForm();
    void buildTls();
    void refresh();
    void fillTable();
    void fillForm();
    /// Index of the chosen node; -1: the platform.
    [[nodiscard]] int current() const;
    void editNode(const std::function<void(NodeEdit& edit)>& change);

    SettingsController& m_controller;
    QTableWidget* m_table;
    QPushButton* m_add;
    QPushButton* m_remove;
    QStackedWidget* m_forms;
    SettingsForm* m_platform;
    SettingsForm* m_node;
    SecretField* m_secret = nullptr;
    SecretField* m_key = nullptr;
    CertificateField* m_authorities = nullptr;
    CertificateField* m_certificate = nullptr;
};

} // namespace yz
