#include "outbox_page.h"

#include "outbox_text.h"

#include "jobs/jobs.h"
#include "session/desk_services.h"
#include "session/message_delivery.h"
#include "session/outbox_export.h"
#include "uikit/banner.h"
#include "uikit/error_text.h"
#include "uikit/format.h"
#include "uikit/person_text.h"
#include "uikit/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace yz {

namespace {

using State = OutboxItem::State;

enum Column { kNumber, kReport, kWhat, kTarget, kState, kTries, kSince, kNext, kAnswer, kColumns };

constexpr int kNewest = 1000; // with those, all that is not delivered
constexpr int kTickMs = 2000; // an item is seen here well within five seconds

bool isOpen(State state) { return state != State::Delivered && state != State::Withdrawn; }

void setCell(QTableWidget& table, int row, int column, const QString& text, const QColor& colour) {
    QTableWidgetItem* item = table.item(row, column);
    if (!item) {
        item = new QTableWidgetItem;
        table.setItem(row, column, item);
    }
    if (item->text() != text) {
        item->setText(text);
        item->setToolTip(text);
    }
    item->setForeground(colour);
}

} // namespace

OutboxPage::OutboxPage(DeskServices& services, DeliveryController& delivery, QWidget* parent)
    : QWidget(parent), m_services(services), m_delivery(delivery), m_banner(new Banner), m_summary(new QLabel),
      m_openOnly(new QCheckBox(tr("Only what is not delivered"))), m_target(new QComboBox),
      m_table(new QTableWidget(0, kColumns)), m_retry(new QPushButton(tr("Try again now"))), m_answer(new QLabel),
      m_hold(new QPushButton(tr("Hold back"))), m_export(new QPushButton(tr("Save to a folder…"))) {
    m_openOnly->setObjectName(QStringLiteral("outboxOpenOnly"));
    m_target->setObjectName(QStringLiteral("outboxTarget"));
    m_table->setObjectName(QStringLiteral("outboxPageTable"));
    m_retry->setObjectName(QStringLiteral("outboxRetry"));
    m_hold->setObjectName(QStringLiteral("outboxHold"));
    m_export->setObjectName(QStringLiteral("outboxExport"));
    m_summary->setObjectName(QStringLiteral("outboxSummary"));
    m_summary->setProperty("kind", "heading");
    m_openOnly->setChecked(true);
    m_answer->setObjectName(QStringLiteral("outboxAnswer"));
    m_answer->setWordWrap(true);
    m_answer->setContentsMargins(12, 8, 12, 8);
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);

    m_table->setHorizontalHeaderLabels({tr("No."), tr("Report"), tr("What"), tr("To"), tr("State"), tr("Tries"),
                                        tr("Since"), tr("Next try"), tr("Last answer")});
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(30);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const int widths[kColumns] = {60, 240, 200, 200, 90, 60, 110, 110, 300};
    for (int i = 0; i < kColumns; ++i)
        m_table->setColumnWidth(i, widths[i]);

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 8, 12, 8);
    bar->setSpacing(8);
    bar->addWidget(m_summary);
    bar->addStretch();
    bar->addWidget(m_openOnly);
    bar->addWidget(m_target);
    bar->addWidget(m_retry);
    bar->addWidget(m_hold);
    bar->addWidget(m_export);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_answer);

    connect(m_openOnly, &QCheckBox::toggled, this, &OutboxPage::reload);
    connect(m_target, &QComboBox::currentIndexChanged, this, &OutboxPage::fillTable);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &OutboxPage::updateActions);
    connect(m_retry, &QPushButton::clicked, this, [this] {
        if (const OutboxItem* item = current())
            m_delivery.requeue(item->number, m_user.id);
    });
    connect(m_hold, &QPushButton::clicked, this, [this] {
        if (const OutboxItem* item = current())
            m_delivery.hold(item->number, m_user.id);
    });
    connect(m_export, &QPushButton::clicked, this, [this] {
        const QString folder = QFileDialog::getExistingDirectory(this, tr("Save to a folder"));
        if (!folder.isEmpty())
            exportSelectedTo(folder);
    });
    connect(&m_delivery, &DeliveryController::outboxChanged, this, [this] {
        if (isVisible())
            reload();
    });
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &OutboxPage::reload);
    fillTargets();
    updateActions();
}

void OutboxPage::setUser(const User& user) {
    m_user = user;
    updateActions();
}

void OutboxPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    reload();
    m_tick.start();
}

void OutboxPage::hideEvent(QHideEvent* event) {
    m_tick.stop();
    QWidget::hideEvent(event);
}

void OutboxPage::reload() {
    if (m_isReading) {
        m_readsAgain = true;
        return;
    }
    m_isReading = true;
    jobs::whenDone(jobs::start(jobs::Lane::Storage,
                               [&store = m_services.store(), openOnly = m_openOnly->isChecked(),
                                known = m_content.reports]() -> Result<Content> {
                                   Result<std::vector<OutboxItem>> items =
                                       openOnly ? store.outbox().open() : store.outbox().latest(kNewest);
                                   if (!items)
                                       return fail(items.error());
                                   Content content{std::move(*items), known}; // what a report is about never changes
                                   for (const OutboxItem& item : content.items) {
                                       if (item.reportInstance.isEmpty() ||
                                           content.reports.contains(item.reportInstance))
                                           continue;
                                       if (const Result<Order> order = store.reports().orderOf(item.reportInstance))
                                           content.reports.insert(item.reportInstance,
                                                                  QString(formatMarkedPersonName(order->patient) +
                                                                          QStringLiteral(" · ") + order->item));
                                   }
                                   return content;
                               }),
                   this, [this](const Result<Content>& content) {
                       m_isReading = false;
                       if (content)
                           fill(*content);
                       else
                           m_banner->announce(Tone::Danger, errorSentence(content.error()));
                       if (std::exchange(m_readsAgain, false))
                           reload();
                   });
}

void OutboxPage::fill(const Content& content) {
    m_content = content;
    fillTargets();
    fillTable();
    updateSummary();
    Q_EMIT shown(m_table->rowCount());
}

void OutboxPage::fillTargets() {
    // Also targets that are no longer set up but still have items.
    std::vector<std::pair<QString, QString>> entries{{QStringLiteral("*"), tr("All receivers")},
                                                     {QString(), tr("Platform")}};
    for (const ReportTarget& target : m_services.messages().targets())
        entries.emplace_back(target.id, target.shownTitle());
    for (const OutboxItem& item : m_content.items)
        if (std::none_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == item.target; }))
            entries.emplace_back(item.target, outboxTargetText(item, m_services.messages()));
    if (static_cast<int>(entries.size()) == m_target->count())
        return;
    const QString selected = m_target->count() > 0 ? m_target->currentData().toString() : QStringLiteral("*");
    const QSignalBlocker quiet(m_target);
    m_target->clear();
    for (const auto& [id, title] : entries)
        m_target->addItem(title, id);
    m_target->setCurrentIndex(std::max(0, m_target->findData(selected)));
}

bool OutboxPage::isStuck(const OutboxItem& item) const {
    return isStuckItem(item, m_services.clock().nowUtc(), m_services.site().outboxAlarm);
}

void OutboxPage::fillTable() {
    const qint64 selected = current() ? current()->number : 0;
    const QString target = m_target->currentData().toString();
    m_rows.clear();
    for (size_t i = m_content.items.size(); i-- > 0;) { // newest first
        const OutboxItem& item = m_content.items[i];
        if ((!m_openOnly->isChecked() || isOpen(item.state)) && (target == u"*" || target == item.target))
            m_rows.push_back(i);
    }
    const QSignalBlocker quiet(m_table);
    m_table->setRowCount(static_cast<int>(m_rows.size()));
    m_table->setCurrentCell(-1, -1);
    const QDateTime now = m_services.clock().nowUtc();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const OutboxItem& item = m_content.items[m_rows[static_cast<size_t>(row)]];
        const QColor text = theme().text;
        setCell(*m_table, row, kNumber, QString::number(item.number), text);
        setCell(*m_table, row, kReport, m_content.reports.value(item.reportInstance, tr("–")), text);
        setCell(*m_table, row, kWhat, outboxWhatText(item), text);
        setCell(*m_table, row, kTarget, outboxTargetText(item, m_services.messages()), text);
        setCell(*m_table, row, kState, outboxStateText(item.state), outboxStateColour(item.state));
        setCell(*m_table, row, kTries, QString::number(item.attempts), text);
        setCell(*m_table, row, kSince, formatShortTime(item.createdAt, now), isStuck(item) ? theme().emergency : text);
        setCell(*m_table, row, kNext,
                item.state == State::Delivered                            ? formatShortTime(item.deliveredAt, now)
                : item.state == State::Queued && item.notBefore.isValid() ? formatShortTime(item.notBefore, now)
                                                                          : QString(),
                text);
        setCell(*m_table, row, kAnswer, outboxAnswerText(item), text);
        if (item.number == selected)
            m_table->setCurrentCell(row, 0);
    }
    updateActions();
}

void OutboxPage::updateSummary() {
    int waiting = 0, refused = 0, stuck = 0;
    for (const OutboxItem& item : m_content.items) {
        waiting += isOpen(item.state) ? 1 : 0;
        refused += item.state == State::Parked ? 1 : 0;
        stuck += isStuck(item) ? 1 : 0;
    }
    m_summary->setText(
        waiting == 0 ? tr("Everything is delivered")
        : stuck > 0
            ? tr("%1 not delivered, of them refused %2, waiting too long %3").arg(waiting).arg(refused).arg(stuck)
            : tr("%1 not delivered, of them refused %2").arg(waiting).arg(refused));
}

const OutboxItem* OutboxPage::current() const {
    const int row = m_table->currentRow();
    return row >= 0 && row < static_cast<int>(m_rows.size()) ? &m_content.items[m_rows[static_cast<size_t>(row)]]
                                                             : nullptr;
}

void OutboxPage::updateActions() {
    const OutboxItem* item = current();
    const bool wasTried = item && item->attempts > 0;
    const QString answer = item ? outboxAnswerText(*item) : QString(); // whole: a column cuts it
    m_answer->setText(answer);
    m_answer->setVisible(!answer.isEmpty());
    m_retry->setEnabled(item && (item->state == State::Parked || item->state == State::Held ||
                                 item->state == State::Sent || (item->state == State::Queued && wasTried)));
    m_retry->setText(item && item->state == State::Held ? tr("Let it go") : tr("Try again now"));
    m_hold->setEnabled(item && (item->state == State::Queued || item->state == State::Parked));
    m_export->setEnabled(item &&
                         (item->kind == OutboxItem::Kind::SendMessage || item->kind == OutboxItem::Kind::StoreReport));
}

void OutboxPage::exportSelectedTo(const QString& folder) {
    const OutboxItem* item = current();
    if (!item)
        return;
    jobs::whenDone(jobs::start(jobs::Lane::Storage,
                               [&services = m_services, one = *item, folder, user = m_user.id] {
                                   return exportOutboxItem(services.store(), services.messages(), one, folder, user);
                               }),
                   this, [this](const Result<QStringList>& names) {
                       if (names)
                           m_banner->announce(Tone::Ok, tr("Saved: %1").arg(names->join(QStringLiteral(", "))));
                       else
                           m_banner->announce(Tone::Danger, errorSentence(names.error()));
                   });
}

} // namespace yz
