#pragma once

#include "core/ids.h"
#include "domain/user.h"
#include "session/delivery_controller.h"
#include "storage/outbox_store.h"

#include <QHash>
#include <QTimer>
#include <QWidget>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace yz {

class Banner;
class DeskServices;

/// Everything that leaves this workstation: each item of the outbox with where it goes, its state, tries and the last
/// answer in words; a person may try it again, hold it back or save what it carries.
class OutboxPage final : public QWidget {
    Q_OBJECT
public:
    OutboxPage(DeskServices& services, DeliveryController& delivery, QWidget* parent = nullptr);
    void setUser(const User& user);
    /// Reads the database again, off the GUI thread.
    void reload();
    /// Saves what the selected item carries; the button asks for the folder.
    void exportSelectedTo(const QString& folder);

Q_SIGNALS:
    void shown(int rows); ///< after a reload

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Content {
        std::vector<OutboxItem> items;
        QHash<InstanceUid, QString> reports; ///< who and what a report is about
    };
    void fill(const Content& content);
    void fillTargets();
    void fillTable();
    void updateActions();
    void updateSummary();
    [[nodiscard]] bool isStuck(const OutboxItem& item) const;
    [[nodiscard]] const OutboxItem* current() const;

    DeskServices& m_services;
    DeliveryController& m_delivery;
    User m_user;
    Content m_content;
    std::vector<size_t> m_rows; ///< row -> index of m_content.items
    Banner* m_banner;
    QLabel* m_summary;
    QCheckBox* m_openOnly;
    QComboBox* m_target;
    QTableWidget* m_table;
    QPushButton* m_retry;
    QLabel* m_answer;
    QPushButton* m_hold;
    QPushButton* m_export;
    QTimer m_tick;
    bool m_isReading = false;
    bool m_readsAgain = false;
};

} // namespace yz
