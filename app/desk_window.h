#pragma once

#include "domain/user.h"
#include "session/audit_relay.h"
#include "session/delivery_controller.h"
#include "session/desk_services.h"
#include "session/prefetch_controller.h"
#include "session/settings_controller.h"
#include "worklist/worklist_controller.h"

#include <QMainWindow>
#include <memory>

class QButtonGroup;
class QLabel;
class QStackedWidget;
class QToolButton;

namespace yz {

class ConflictsPage;
class LoginPage;
class OutboxPage;
class ReadingPage;
class ReportsPage;
class SettingsPage;
class StatusBarWidget;
class WorklistPage;

/// The desk: log-in, then its pages (work list, reading, reports, outbox, conflicts that the status line leads to; for
/// administrators the settings) over one status line. Composes; decides nothing.
class DeskWindow final : public QMainWindow {
    Q_OBJECT
public:
    /// The services must outlive the window.
    explicit DeskWindow(DeskServices& services, QWidget* parent = nullptr);
    ~DeskWindow() override;

    enum class Page { Worklist, Reading, Reports, Outbox, Conflicts, Settings };
    void showPage(Page page);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildWorkspace();
    QWidget* buildNavigation();
    void connectWorklist();
    void connectDelivery();
    void connectPrefetch();
    void connectConflicts();
    void logIn(const QString& name, const QString& password);
    void enter(const User& user);
    void logOut();
    void checkPlatform();
    void openTask(const ReadingTask& task, bool claimed);

    DeskServices& m_services;
    std::unique_ptr<WorklistController> m_worklist;
    std::unique_ptr<DeliveryController> m_delivery;
    std::unique_ptr<PrefetchController> m_prefetch;
    std::unique_ptr<AuditRelayController> m_auditRelay;
    std::unique_ptr<SettingsController> m_settings;
    User m_user;

    QStackedWidget* m_root;
    LoginPage* m_login;
    QWidget* m_workspace = nullptr;
    QStackedWidget* m_pages = nullptr;
    QButtonGroup* m_tabs = nullptr;
    QLabel* m_caseLabel = nullptr;
    WorklistPage* m_worklistPage = nullptr;
    ReadingPage* m_readingPage = nullptr;
    ReportsPage* m_reportsPage = nullptr;
    OutboxPage* m_outboxPage = nullptr;
    ConflictsPage* m_conflictsPage = nullptr;
    SettingsPage* m_settingsPage = nullptr;
    StatusBarWidget* m_status = nullptr;
};

} // namespace yz
