#include "reports_page.h"

#include "outbox_text.h"

#include "jobs/jobs.h"
#include "session/desk_services.h"
#include "session/message_delivery.h"
#include "uikit/badge.h"
#include "uikit/banner.h"
#include "uikit/empty_state.h"
#include "uikit/error_text.h"
#include "uikit/format.h"
#include "uikit/person_text.h"
#include "uikit/terms.h"
#include "uikit/theme.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>
#include <utility>

namespace yz {

namespace {

constexpr int kNewest = 500; // as many versions as a table fills at once without the reader noticing

enum Column { kState, kPatient, kItem, kHospital, kAuthor, kReviewer, kVersion, kSignedAt, kDelivery, kColumns };
enum OutboxColumn { kNumber, kWhat, kOutboxState, kTries, kNext, kAnswer, kOutboxColumns };

QTableWidget* newTable(const QStringList& titles, const char* name) {
    auto* table = new QTableWidget(0, static_cast<int>(titles.size()));
    table->setObjectName(QLatin1String(name));
    table->setHorizontalHeaderLabels(titles);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(30);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return table;
}

void setCell(QTableWidget& table, int row, int column, const QString& text, const QColor& colour = {}) {
    QTableWidgetItem* item = table.item(row, column);
    if (!item) {
        item = new QTableWidgetItem;
        table.setItem(row, column, item);
    }
    if (item->text() != text) {
        item->setText(text);
        item->setToolTip(text);
    }
    item->setForeground(colour.isValid() ? colour : theme().text);
}

} // namespace

ReportsPage::ReportsPage(DeskServices& services, DeliveryController& delivery, QWidget* parent)
    : QWidget(parent), m_services(services), m_delivery(delivery), m_stack(new QStackedWidget), m_empty(new EmptyState),
      m_banner(new Banner), m_find(new QLineEdit), m_note(new QLabel), m_outboxTitle(new QLabel),
      m_open(new QPushButton(tr("Open"))), m_undo(new QPushButton), m_export(new QPushButton(tr("Save PDF…"))),
      m_retry(new QPushButton(tr("Try again now"))) {
    buildTables();
    m_open->setObjectName(QStringLiteral("openReportButton"));
    m_undo->setObjectName(QStringLiteral("undoApprovalButton"));
    m_export->setObjectName(QStringLiteral("exportPdfButton"));
    m_retry->setObjectName(QStringLiteral("retryButton"));
    m_undo->setProperty("kind", "danger");
    m_find->setObjectName(QStringLiteral("reportsFind"));
    m_find->setPlaceholderText(tr("Name, patient ID, accession number, item"));
    m_find->setClearButtonEnabled(true);
    m_find->setFixedWidth(320);
    m_note->setObjectName(QStringLiteral("reportsNote"));
    m_note->setProperty("kind", "muted");

    auto* actions = new QHBoxLayout;
    actions->setContentsMargins(12, 8, 12, 8);
    actions->setSpacing(8);
    actions->addWidget(m_open);
    actions->addWidget(m_export);
    actions->addWidget(m_undo);
    actions->addStretch();
    actions->addWidget(m_note);
    actions->addWidget(m_find);

    auto* reports = new QWidget;
    auto* reportsLayout = new QVBoxLayout(reports);
    reportsLayout->setContentsMargins(0, 0, 0, 0);
    reportsLayout->setSpacing(0);
    reportsLayout->addLayout(actions);
    reportsLayout->addWidget(m_reports, 3);
    auto* outboxBar = new QHBoxLayout;
    outboxBar->setContentsMargins(12, 8, 12, 8);
    m_outboxTitle->setProperty("kind", "heading");
    outboxBar->addWidget(m_outboxTitle);
    outboxBar->addStretch();
    outboxBar->addWidget(m_retry);
    reportsLayout->addLayout(outboxBar);
    reportsLayout->addWidget(m_outbox, 2);

    m_stack->addWidget(m_empty);
    m_stack->addWidget(reports);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    m_empty->setContent(QStringLiteral("report"), tr("No report has been signed here yet"),
                        tr("Signed reports and what the platform said to them appear here."));

    connect(m_reports, &QTableWidget::itemSelectionChanged, this, [this] {
        updateActions();
        fillOutbox();
    });
    connect(m_outbox, &QTableWidget::itemSelectionChanged, this, &ReportsPage::updateActions);
    connect(m_reports, &QTableWidget::cellDoubleClicked, this, [this] { m_open->click(); });
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const ReportStore::Summary* report = current())
            Q_EMIT openReportRequested(report->document.srInstance);
    });
    connect(m_undo, &QPushButton::clicked, this, &ReportsPage::undoApproval);
    connect(m_export, &QPushButton::clicked, this, &ReportsPage::exportPdf);
    connect(m_retry, &QPushButton::clicked, this, [this] {
        const int row = m_outbox->currentRow();
        if (row >= 0)
            m_delivery.requeue(m_outbox->item(row, kNumber)->data(Qt::UserRole).toLongLong());
    });
    m_typing.setSingleShot(true);
    m_typing.setInterval(200);
    connect(m_find, &QLineEdit::textChanged, this, [this] { m_typing.start(); });
    connect(&m_typing, &QTimer::timeout, this, &ReportsPage::reload);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, &ReportsPage::updateActions);
    m_tick.start();
    updateActions();
}

void ReportsPage::buildTables() {
    m_reports = newTable({tr("State"), tr("Patient"), tr("Item"), tr("Requesting hospital"), tr("Author"),
                          tr("Reviewer"), tr("Version"), tr("Signed"), tr("Delivery")},
                         "reportsTable");
    m_outbox =
        newTable({tr("No."), tr("What"), tr("State"), tr("Tries"), tr("Next try"), tr("Last answer")}, "outboxTable");
    const int widths[kColumns] = {96, 150, 170, 220, 90, 90, 110, 150, 200};
    for (int i = 0; i < kColumns; ++i)
        m_reports->setColumnWidth(i, widths[i]);
    m_reports->horizontalHeader()->setStretchLastSection(true);
    const int outboxWidths[kOutboxColumns] = {60, 220, 120, 60, 110, 300};
    for (int i = 0; i < kOutboxColumns; ++i)
        m_outbox->setColumnWidth(i, outboxWidths[i]);
    m_outbox->horizontalHeader()->setStretchLastSection(true);
}

void ReportsPage::setUser(const User& user) {
    m_user = user;
    updateActions();
}

void ReportsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    reload();
}

void ReportsPage::reload() {
    if (!isVisible()) // read when it is shown
        return;
    if (m_isReading) {
        m_readsAgain = true;
        return;
    }
    m_isReading = true;
    jobs::whenDone(jobs::start(jobs::Lane::Storage,
                               [&store = m_services.store(), text = m_find->text().trimmed()]() -> Result<Content> {
                                   Result<std::vector<ReportStore::Summary>> reports =
                                       store.reports().latest(kNewest, text);
                                   if (!reports)
                                       return fail(reports.error());
                                   Content content;
                                   content.isFound = !text.isEmpty();
                                   for (const ReportStore::Summary& report : *reports) {
                                       const InstanceUid& instance = report.document.srInstance;
                                       Result<std::vector<OutboxItem>> rows = store.outbox().ofReport(instance);
                                       if (!rows)
                                           return fail(rows.error());
                                       content.outbox.insert(instance, std::move(*rows));
                                   }
                                   content.reports = std::move(*reports);
                                   return content;
                               }),
                   this, [this](const Result<Content>& content) {
                       m_isReading = false;
                       if (content)
                           show(*content);
                       else
                           m_banner->announce(Tone::Danger, errorSentence(content.error()));
                       if (std::exchange(m_readsAgain, false))
                           reload();
                   });
}

void ReportsPage::show(const Content& content) {
    m_content = content;
    m_stack->setCurrentIndex(content.reports.empty() && !content.isFound ? 0 : 1);
    m_note->setText(content.reports.empty()                              ? tr("Nothing found")
                    : static_cast<int>(content.reports.size()) < kNewest ? QString()
                    : content.isFound                                    ? tr("The newest %1 that fit").arg(kNewest)
                                      : tr("The newest %1, and what is not delivered").arg(kNewest));
    fillReports();
    fillOutbox();
    updateActions();
}

const ReportStore::Summary* ReportsPage::current() const {
    const int row = m_reports->currentRow();
    return row >= 0 && row < static_cast<int>(m_content.reports.size()) ? &m_content.reports[static_cast<size_t>(row)]
                                                                        : nullptr;
}

QString ReportsPage::deliveryText(const ReportDocument& document) const {
    const std::vector<OutboxItem> rows = m_content.outbox.value(document.srInstance);
    for (const OutboxItem& item : rows) {
        if (item.kind != OutboxItem::Kind::StoreReport)
            continue;
        switch (item.state) {
        case OutboxItem::State::Delivered:
            return tr("Received by the platform %1").arg(formatDateTime(item.deliveredAt));
        case OutboxItem::State::Sent:
            return tr("Sent, waiting for the platform's commitment");
        case OutboxItem::State::Parked:
            if (item.lastError && item.lastError->code == ErrorCode::TaskClaimedByOther)
                return tr("Not sent: another doctor has this task, see Conflicts");
            if (item.lastError && item.lastError->code == ErrorCode::TaskWithdrawn)
                return tr("Not sent: the task was taken back, see Conflicts");
            return tr("The platform refuses it: see below");
        case OutboxItem::State::Withdrawn:
            return tr("Taken back before it left");
        case OutboxItem::State::Held:
            return tr("Held back by a person: see the outbox");
        case OutboxItem::State::Queued:
            if (item.notBefore > m_services.clock().nowUtc() && item.attempts == 0)
                return tr("Leaves at %1").arg(formatDateTime(item.notBefore));
            return item.attempts > 0 ? tr("Waiting for the platform (%n tries)", nullptr, item.attempts)
                                     : tr("Waiting to be sent");
        }
    }
    return tr("Came from the platform");
}

void ReportsPage::fillReports() {
    const InstanceUid selected = current() ? current()->document.srInstance : InstanceUid();
    m_reports->setRowCount(static_cast<int>(m_content.reports.size()));
    for (int row = 0; row < m_reports->rowCount(); ++row) {
        const ReportStore::Summary& summary = m_content.reports[static_cast<size_t>(row)];
        const ReportDocument& document = summary.document;
        // An approved version shows what became of its report; an author's version stays what it is.
        const ReadingState state = document.state == ReadingState::Approved ? summary.state : document.state;
        const ToneColours colours = coloursOf(toneOf(state));
        setCell(*m_reports, row, kState, summary.undone ? tr("Taken back") : stateText(state), colours.text);
        setCell(*m_reports, row, kPatient, formatMarkedPersonName(document.order.patient));
        setCell(*m_reports, row, kItem, document.order.item);
        setCell(*m_reports, row, kHospital, document.order.requestingHospital);
        setCell(*m_reports, row, kAuthor, document.author.name);
        setCell(*m_reports, row, kReviewer, document.reviewer ? document.reviewer->name : QString());
        const QString kind = document.kind == ReportVersionKind::Addendum     ? tr("Addendum")
                             : document.kind == ReportVersionKind::Correction ? tr("Correction")
                                                                              : QString();
        setCell(*m_reports, row, kVersion,
                kind.isEmpty() ? QString::number(document.version) : tr("%1 · %2").arg(document.version).arg(kind));
        setCell(*m_reports, row, kSignedAt, formatDateTime(document.createdAt));
        setCell(*m_reports, row, kDelivery, deliveryText(document));
        if (document.srInstance == selected)
            m_reports->setCurrentCell(row, 0);
    }
    if (!current() && m_reports->rowCount() > 0)
        m_reports->setCurrentCell(0, 0);
}

void ReportsPage::fillOutbox() {
    const ReportStore::Summary* report = current();
    const std::vector<OutboxItem> items =
        report ? m_content.outbox.value(report->document.srInstance) : std::vector<OutboxItem>();
    m_outboxTitle->setText(tr("Outbox of this version"));
    m_outbox->setRowCount(static_cast<int>(items.size()));
    for (int row = 0; row < m_outbox->rowCount(); ++row) {
        const OutboxItem& item = items[static_cast<size_t>(row)];
        setCell(*m_outbox, row, kNumber, QString::number(item.number));
        m_outbox->item(row, kNumber)->setData(Qt::UserRole, item.number);
        m_outbox->item(row, kNumber)->setData(Qt::UserRole + 1, static_cast<int>(item.state));
        setCell(*m_outbox, row, kWhat,
                item.target.isEmpty()
                    ? outboxWhatText(item)
                    : tr("%1: %2").arg(outboxWhatText(item), outboxTargetText(item, m_services.messages())));
        setCell(*m_outbox, row, kOutboxState, outboxStateText(item.state), outboxStateColour(item.state));
        setCell(*m_outbox, row, kTries, QString::number(item.attempts));
        const bool waits = item.state == OutboxItem::State::Queued;
        setCell(*m_outbox, row, kNext,
                waits ? formatShortTime(item.notBefore, m_services.clock().nowUtc()) : QString());
        setCell(*m_outbox, row, kAnswer, outboxAnswerText(item));
    }
}

QDateTime ReportsPage::undoUntil(const ReportStore::Summary& report) const {
    if (report.undone || report.state != ReadingState::Approved || report.document.state != ReadingState::Approved ||
        !report.document.reviewer || report.document.reviewer->user != m_user.id)
        return {};
    return m_services.signing().undoDeadline(report.document.reviewer->signedAt);
}

void ReportsPage::updateActions() {
    const ReportStore::Summary* report = current();
    m_open->setEnabled(report);
    m_export->setEnabled(report);
    const QDateTime until = report ? undoUntil(*report) : QDateTime();
    const qint64 left = until.isValid() ? m_services.clock().nowUtc().secsTo(until) : 0;
    m_undo->setVisible(left > 0);
    if (left > 0)
        m_undo->setText(tr("Take the approval back (%1 left)")
                            .arg(QStringLiteral("%1:%2").arg(left / 60).arg(left % 60, 2, 10, QChar(u'0'))));
    const int row = m_outbox->currentRow();
    const auto state =
        row >= 0 && m_outbox->item(row, kNumber)
            ? static_cast<OutboxItem::State>(m_outbox->item(row, kNumber)->data(Qt::UserRole + 1).toInt())
            : OutboxItem::State::Delivered;
    m_retry->setEnabled(state == OutboxItem::State::Parked || state == OutboxItem::State::Held ||
                        state == OutboxItem::State::Queued || state == OutboxItem::State::Sent);
}

void ReportsPage::undoApproval() {
    const ReportStore::Summary* report = current();
    if (!report)
        return;
    jobs::whenDone(
        jobs::start(jobs::Lane::Storage, [&signing = m_services.signing(), instance = report->document.srInstance,
                                          user = m_user] { return signing.undoApproval(instance, user); }),
        this, [this](const Status& status) {
            if (status)
                m_banner->announce(Tone::Ok, tr("The approval was taken back; the report is in review again and "
                                                "nothing was sent."));
            else
                m_banner->announce(Tone::Danger, errorSentence(status.error()));
            reload();
        });
}

void ReportsPage::exportPdf() {
    const ReportStore::Summary* report = current();
    if (!report)
        return;
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save PDF"), tr("report-%1.pdf").arg(report->document.order.accessionNumber), tr("PDF (*.pdf)"));
    if (path.isEmpty())
        return;
    jobs::whenDone(jobs::start(jobs::Lane::Storage,
                               [&store = m_services.store(), instance = report->document.srInstance, path]() -> Status {
                                   const Result<SignedReport> version = store.reports().version(instance);
                                   return version ? writeFileDurably(path, version->pdf) : fail(version.error());
                               }),
                   this, [this, path](const Status& status) {
                       if (status)
                           m_banner->announce(Tone::Ok, tr("The PDF was saved as %1.").arg(path));
                       else
                           m_banner->announce(Tone::Danger, errorSentence(status.error()));
                   });
}

} // namespace yz
