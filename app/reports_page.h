#pragma once

#include "core/ids.h"
#include "domain/user.h"
#include "session/delivery_controller.h"
#include "storage/report_store.h"

#include <QHash>
#include <QTimer>
#include <QWidget>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace yz {

class Banner;
class DeskServices;
class EmptyState;

/// What happened to each report signed here: its state, the platform's receipt, the outbox with the last answer in
/// words.
class ReportsPage final : public QWidget {
    Q_OBJECT
public:
    ReportsPage(DeskServices& services, DeliveryController& delivery, QWidget* parent = nullptr);
    void setUser(const User& user);
    /// Reads the database again, off the GUI thread; while it is hidden, not before it is shown.
    void reload();

Q_SIGNALS:
    void openReportRequested(const yz::InstanceUid& srInstance); ///< read it, add to it, sign an amendment

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Content {
        std::vector<ReportStore::Summary> reports; ///< newest first
        QHash<InstanceUid, std::vector<OutboxItem>> outbox;
        bool isFound = false; ///< by what is typed
    };
    void buildTables();
    void show(const Content& content);
    void fillReports();
    void fillOutbox();
    void updateActions();
    void undoApproval();
    void exportPdf();
    [[nodiscard]] const ReportStore::Summary* current() const;
    [[nodiscard]] QString deliveryText(const ReportDocument& document) const;
    [[nodiscard]] QDateTime undoUntil(const ReportStore::Summary& report) const;

    DeskServices& m_services;
    DeliveryController& m_delivery;
    User m_user;
    Content m_content;
    QTableWidget* m_reports;
    QTableWidget* m_outbox;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    Banner* m_banner;
    QLineEdit* m_find;
    QLabel* m_note;
    QLabel* m_outboxTitle;
    QPushButton* m_open;
    QPushButton* m_undo;
    QPushButton* m_export;
    QPushButton* m_retry;
    QTimer m_tick;
    QTimer m_typing;
    bool m_isReading = false;
    bool m_readsAgain = false;
};

} // namespace yz
