#include "desk_window.h"

#include "conflicts_page.h"
#include "outbox_page.h"
#include "reading_page.h"
#include "reports_page.h"
#include "settings_page.h"

#include "jobs/jobs.h"
#include "session/demo_site.h"
#include "uikit/format.h"
#include "uikit/icon.h"
#include "worklist_ui/login_page.h"
#include "worklist_ui/status_bar_widget.h"
#include "worklist_ui/worklist_page.h"

#include <QButtonGroup>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace yz {

namespace {

constexpr int kNewestReports = 1000; // tasks of the list that older reports belong to are long done

} // namespace

DeskWindow::DeskWindow(DeskServices& services, QWidget* parent)
    : QMainWindow(parent), m_services(services), m_root(new QStackedWidget), m_login(new LoginPage(services.clock())) {
    setWindowTitle(tr("Yuanzhen"));
    setObjectName(QStringLiteral("deskWindow"));
    resize(1600, 950);
    setCentralWidget(m_root);
    m_root->addWidget(m_login);
    if (m_services.site().isDemo)
        m_login->setDemoUsers(demo::users(), QLatin1String(demo::kPassword));

    m_worklist = std::make_unique<WorklistController>(WorklistController::Deps{
        m_services.worklist(), m_services.store().tasks(), m_services.store().claims(), m_services.claims(),
        m_services.clock(),
        [&store = m_services.store()] {
            QHash<WorkitemUid, ReadingState> states;
            // Newest first: what was signed later for a task counts.
            if (const auto reports = store.reports().latest(kNewestReports); reports)
                for (const ReportStore::Summary& summary : *reports)
                    if (!summary.undone && !summary.document.task.isEmpty() && !states.contains(summary.document.task))
                        states.insert(summary.document.task, summary.state);
            return states;
        },
        &m_services.store().studies()});
    m_worklist->setSelfReviewAllowed(m_services.site().selfReviewAllowed);
    m_worklist->setImagesHere([&store = m_services.store()](const ReadingTask& task) {
        const auto completeness = store.studies().completeness(task.order.study);
        return completeness && completeness->isComplete();
    });
    m_delivery = std::make_unique<DeliveryController>(m_services.pipeline());
    m_prefetch = std::make_unique<PrefetchController>(
        PrefetchController::Deps{m_services.store(), m_services.pipeline().acquire, m_services.clock()});
    m_auditRelay = std::make_unique<AuditRelayController>(m_services.auditRelay());
    m_settings = std::make_unique<SettingsController>(
        SettingsController::Deps{m_services.store(), m_services.home(), m_services.clock()});
    m_services.onWorklistEvent([guard = QPointer(m_worklist.get())](const WorklistEvent& event) {
        if (guard)
            guard->onEvent(event);
    });

    buildWorkspace();
    connectWorklist();
    connectDelivery();
    connectPrefetch();
    connectConflicts();
    connect(m_login, &LoginPage::loginRequested, this, &DeskWindow::logIn);
    m_auditRelay->start(); // also of a desk nobody is logged in at
}

DeskWindow::~DeskWindow() {
    m_services.onWorklistEvent({});
    m_worklist->stop();
    m_delivery->stop();
    m_prefetch->stop();
    m_auditRelay->stop();
    jobs::waitForAll();
}

QWidget* DeskWindow::buildNavigation() {
    auto* bar = new QFrame;
    bar->setProperty("kind", "bar");
    bar->setObjectName(QStringLiteral("navigationBar"));
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(4);
    auto* name = new QLabel(tr("Yuanzhen"));
    name->setProperty("kind", "heading");
    layout->addWidget(name);
    layout->addSpacing(20);
    m_tabs = new QButtonGroup(this);
    struct Tab {
        Page page;
        const char* icon;
        QString text;
        const char* object;
        const char* key;
    };
    for (const Tab& tab : {Tab{Page::Worklist, "worklist", tr("Work list"), "tabWorklist", "F2"},
                           Tab{Page::Reading, "image", tr("Reading"), "tabReading", "F3"},
                           Tab{Page::Reports, "report", tr("Reports"), "tabReports", "F4"},
                           Tab{Page::Outbox, "outbox", tr("Outbox"), "tabOutbox", "F6"},
                           Tab{Page::Settings, "settings", tr("Settings"), "tabSettings", "Ctrl+,"}}) {
        auto* button = new QToolButton;
        button->setObjectName(QLatin1String(tab.object));
        button->setText(tab.text);
        button->setIcon(icon(QLatin1String(tab.icon)));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setCheckable(true);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::NoFocus);
        button->setToolTip(tr("%1 (%2)").arg(tab.text, QLatin1String(tab.key)));
        m_tabs->addButton(button, static_cast<int>(tab.page));
        layout->addWidget(button);
        auto* shortcut = new QShortcut(QKeySequence(QLatin1String(tab.key)), this);
        connect(shortcut, &QShortcut::activated, this, [this, page = tab.page] {
            if (!m_user.id.isEmpty())
                showPage(page);
        });
    }
    m_tabs->button(static_cast<int>(Page::Settings))->hide(); // until an administrator is there
    connect(m_tabs, &QButtonGroup::idClicked, this, [this](int id) { showPage(static_cast<Page>(id)); });
    layout->addSpacing(24);
    m_caseLabel = new QLabel;
    m_caseLabel->setProperty("kind", "muted");
    layout->addWidget(m_caseLabel, 1);
    auto* logout = new QToolButton;
    logout->setObjectName(QStringLiteral("logoutButton"));
    logout->setIcon(icon(QStringLiteral("logout")));
    logout->setToolTip(tr("Log out"));
    logout->setAutoRaise(true);
    logout->setFocusPolicy(Qt::NoFocus);
    connect(logout, &QToolButton::clicked, this, &DeskWindow::logOut);
    layout->addWidget(logout);
    return bar;
}

void DeskWindow::buildWorkspace() {
    m_workspace = new QWidget;
    auto* layout = new QVBoxLayout(m_workspace);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildNavigation());
    m_pages = new QStackedWidget;
    m_worklistPage = new WorklistPage(*m_worklist);
    m_readingPage = new ReadingPage(m_services);
    m_reportsPage = new ReportsPage(m_services, *m_delivery);
    m_pages->addWidget(m_worklistPage);
    m_pages->addWidget(m_readingPage);
    m_pages->addWidget(m_reportsPage);
    m_outboxPage = new OutboxPage(m_services, *m_delivery);
    m_pages->addWidget(m_outboxPage);
    m_conflictsPage = new ConflictsPage(m_services);
    m_pages->addWidget(m_conflictsPage);
    m_settingsPage = new SettingsPage(*m_settings);
    m_pages->addWidget(m_settingsPage);
    layout->addWidget(m_pages, 1);
    m_status = new StatusBarWidget(m_services.clock());
    m_status->setDemo(m_services.site().isDemo);
    layout->addWidget(m_status);
    m_root->addWidget(m_workspace);

    connect(m_readingPage, &ReadingPage::finished, this, [this] {
        m_worklist->refresh();
        showPage(Page::Worklist);
    });
    connect(m_readingPage, &ReadingPage::taskChanged, m_worklist.get(), &WorklistController::reload);
    connect(m_readingPage, &ReadingPage::queued, m_delivery.get(), &DeliveryController::wake);
    connect(m_readingPage, &ReadingPage::activity, m_status, &StatusBarWidget::setActivity);
    connect(m_readingPage, &ReadingPage::caseChanged, m_caseLabel, &QLabel::setText);
    connect(m_reportsPage, &ReportsPage::openReportRequested, this, [this](const InstanceUid& instance) {
        showPage(Page::Reading);
        m_readingPage->openReport(instance);
    });
    connect(m_status, &StatusBarWidget::outboxClicked, this, [this] { showPage(Page::Outbox); });
    connect(m_status, &StatusBarWidget::platformClicked, m_worklist.get(), &WorklistController::refresh);
}

void DeskWindow::connectWorklist() {
    connect(m_worklistPage, &WorklistPage::openRequested, this,
            [this](const ReadingTask& task) { openTask(task, true); });
    connect(m_worklistPage, &WorklistPage::viewRequested, this,
            [this](const ReadingTask& task) { openTask(task, false); });
    connect(m_worklist.get(), &WorklistController::stateChanged, this, [this] {
        const WorklistState& state = m_worklist->state();
        m_status->setOnline(state.isOnline, state.offlineSince);
        m_status->setListAsOf(state.asOf);
        if (state.isOnline)
            m_readingPage->platformIsBack();
        if (const WorklistRow* row = m_worklist->model().find(m_readingPage->openTaskUid()))
            m_readingPage->taskSeen(row->task);
    });
}

void DeskWindow::connectDelivery() {
    connect(m_delivery.get(), &DeliveryController::countsChanged, this, [this] {
        m_status->setOutbox(m_delivery->counts().waiting, m_delivery->counts().parked);
        m_status->setOutboxStuck(m_delivery->counts().stuck, m_delivery->counts().stuckSince);
        m_reportsPage->reload();
    });
    connect(m_delivery.get(), &DeliveryController::reportDelivered, this, [this] {
        m_reportsPage->reload();
        m_worklist->refresh();
    });
}

void DeskWindow::connectPrefetch() {
    connect(m_worklist.get(), &WorklistController::stateChanged, this,
            [this] { m_prefetch->setOnline(m_worklist->state().isOnline); });
    connect(m_worklist.get(), &WorklistController::rowsLoaded, this,
            [this] { m_prefetch->setRows(m_worklist->model().allRows()); });
    connect(m_readingPage, &ReadingPage::retrieving, m_prefetch.get(), &PrefetchController::setReaderWaits);
    connect(m_readingPage, &ReadingPage::studiesChanged, m_prefetch.get(),
            [this] { m_prefetch->setInUse(m_readingPage->openStudies()); });
    connect(m_prefetch.get(), &PrefetchController::stateChanged, this, [this] {
        const PrefetchState& state = m_prefetch->state();
        m_status->setAhead(state.here, state.wanted, state.isFull);
    });
    connect(m_prefetch.get(), &PrefetchController::studyFetched, m_worklist.get(), &WorklistController::reload);
}

void DeskWindow::connectConflicts() {
    connect(m_worklist.get(), &WorklistController::cameBack, m_delivery.get(), &DeliveryController::platformIsBack);
    connect(m_worklist.get(), &WorklistController::claimsLost, this,
            [this](const std::vector<SettleOutcome::Lost>& lost) {
                for (const SettleOutcome::Lost& one : lost)
                    if (const WorklistRow* row = m_worklist->model().find(one.claim.task))
                        m_readingPage->claimLost(row->task, one.reason);
                m_conflictsPage->reload();
            });
    connect(m_delivery.get(), &DeliveryController::itemFailed, this,
            [this](const OutboxItem&, const Error&, bool parked) {
                if (parked)
                    m_conflictsPage->reload();
            });
    connect(m_readingPage, &ReadingPage::taskChanged, m_conflictsPage, &ConflictsPage::reload);
    connect(m_conflictsPage, &ConflictsPage::countChanged, m_status, &StatusBarWidget::setConflicts);
    connect(m_conflictsPage, &ConflictsPage::outboxChanged, m_delivery.get(), &DeliveryController::wake);
    connect(m_conflictsPage, &ConflictsPage::viewRequested, this,
            [this](const ReadingTask& task) { openTask(task, false); });
    connect(m_status, &StatusBarWidget::conflictsClicked, this, [this] { showPage(Page::Conflicts); });
}

void DeskWindow::openTask(const ReadingTask& task, bool claimed) {
    showPage(Page::Reading);
    m_readingPage->openTask(task, claimed);
}

void DeskWindow::showPage(Page page) {
    if (page == Page::Settings && !m_settings->mayChange())
        return;
    m_pages->setCurrentIndex(static_cast<int>(page));
    if (QAbstractButton* tab = m_tabs->button(static_cast<int>(page))) {
        tab->setChecked(true);
    } else if (QAbstractButton* checked = m_tabs->checkedButton()) { // a page without a tab
        m_tabs->setExclusive(false);
        checked->setChecked(false);
        m_tabs->setExclusive(true);
    }
    if (page == Page::Reports)
        m_reportsPage->reload();
    m_pages->currentWidget()->setFocus();
}

void DeskWindow::logIn(const QString& name, const QString& password) {
    m_login->setChecking(true);
    jobs::whenDone(jobs::start(jobs::Lane::Compute,
                               [&services = m_services, name, password]() -> Result<User> {
                                   return services.login().logIn(name, password);
                               }),
                   this, [this, name](const Result<User>& user) {
                       m_login->setChecking(false);
                       if (user) {
                           enter(*user);
                           return;
                       }
                       const auto credentials = m_services.store().users().byLoginName(name);
                       m_login->showFailure(user.error(), credentials ? credentials->lockedUntil : QDateTime());
                   });
}

void DeskWindow::enter(const User& user) {
    m_user = user;
    m_login->reset();
    m_status->setUser(user);
    m_worklist->setUser(user);
    m_readingPage->setUser(user);
    m_reportsPage->setUser(user);
    m_outboxPage->setUser(user);
    m_conflictsPage->setUser(user);
    m_conflictsPage->reload();
    m_settings->setUser(user);
    m_tabs->button(static_cast<int>(Page::Settings))->setVisible(m_settings->mayChange());
    if (m_settings->mayChange())
        m_settings->load();
    m_root->setCurrentWidget(m_workspace);
    showPage(Page::Worklist);
    m_worklist->start(m_services.site().refreshInterval);
    m_delivery->start();
    m_prefetch->start();
    checkPlatform();
}

void DeskWindow::checkPlatform() {
    // What was asked for before a crash is settled first; then events are subscribed to. Neither holds the desk up.
    jobs::whenDone(jobs::start(jobs::Lane::Network,
                               [&deps = m_services.pipeline()] {
                                   const CancelToken token;
                                   const Result<SettleOutcome> settled = pipeline::resume(deps, token);
                                   return deps.worklist.subscribe(token).has_value() && settled.has_value();
                               }),
                   this, [this](bool) { m_worklist->refresh(); });
}

void DeskWindow::logOut() {
    if (m_user.id.isEmpty() || !m_readingPage->leave())
        return;
    m_services.login().logOut(m_user);
    m_worklist->stop();
    m_prefetch->stop();
    m_user = {};
    m_status->setUser(m_user);
    m_settings->setUser(m_user);
    m_root->setCurrentWidget(m_login);
}

void DeskWindow::closeEvent(QCloseEvent* event) {
    if (!m_readingPage->leave()) {
        event->ignore();
        return;
    }
    if (!m_user.id.isEmpty())
        m_services.login().logOut(m_user);
    QMainWindow::closeEvent(event);
}

} // namespace yz
