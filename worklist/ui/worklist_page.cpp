#include "worklist_ui/worklist_page.h"

#include "uikit/banner.h"
#include "uikit/empty_state.h"
#include "uikit/error_text.h"
#include "uikit/fonts.h"
#include "uikit/format.h"
#include "uikit/icon.h"
#include "uikit/person_text.h"
#include "uikit/progress_line.h"
#include "uikit/reason_dialog.h"
#include "uikit/search_field.h"
#include "uikit/terms.h"
#include "worklist_ui/filter_bar.h"
#include "worklist_ui/task_details.h"
#include "worklist_ui/worklist_delegate.h"
#include "worklist_ui/worklist_text_model.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <array>

namespace yz {

namespace {

constexpr int kTickMs = 30000;
constexpr int kFullWidth = 1500;
constexpr int kNarrowWidth = 1400;
/// Widths in px of the columns that do not stretch, in the order of WorklistModel::Column; 0: stretches.
constexpr std::array kWidths{68, 118, 0, 92, 84, 58, 76, 0, 84, 92, 140, 56, 112};

/// Room for the longest word of the language, where the words are known.
int columnWidth(int column) {
    const QFontMetrics metrics(uiFont());
    int wanted = kWidths[static_cast<size_t>(column)];
    const auto fit = [&](int textWidth) { wanted = qMax(wanted, textWidth + 20); };
    if (column == WorklistModel::PriorityColumn)
        for (const Priority priority : {Priority::Routine, Priority::Urgent, Priority::Emergency})
            fit(badgeSize(priorityText(priority), BadgeStyle::Loud).width());
    if (column == WorklistModel::KindColumn)
        for (const TaskKind kind : {TaskKind::Read, TaskKind::Review, TaskKind::SecondLook, TaskKind::Consultation})
            fit(metrics.horizontalAdvance(kindText(kind)));
    if (column == WorklistModel::StateColumn)
        for (const ReadingState state : {ReadingState::Waiting, ReadingState::Reading, ReadingState::Submitted,
                                         ReadingState::Reviewing, ReadingState::Returned})
            fit(badgeSize(stateText(state)).width());
    if (column == WorklistModel::BodyPartColumn)
        fit(metrics.horizontalAdvance(bodyPartText(QStringLiteral("TSPINE"))));
    return wanted;
}

bool isMine(const WorklistRow& row) { return row.holding == Holding::Mine || row.holding == Holding::Provisional; }

} // namespace

WorklistPage::WorklistPage(WorklistController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_texts(new WorklistTextModel(controller.model(), this)),
      m_delegate(new WorklistDelegate(*m_texts, this)), m_filterBar(new FilterBar(this)),
      m_progress(new ProgressLine(this)), m_offline(new Banner(this)), m_notice(new Banner(this)),
      m_summary(new QLabel(this)), m_refresh(new QToolButton(this)), m_table(new QTableView(this)),
      m_empty(new EmptyState(this)), m_stack(new QStackedWidget(this)), m_details(new TaskDetailsWidget(this)) {
    setObjectName(QStringLiteral("worklistPage"));
    m_texts->setNow(m_controller.clock().nowUtc());
    m_summary->setProperty("kind", "small");
    m_summary->setObjectName(QStringLiteral("worklistSummary"));
    m_refresh->setObjectName(QStringLiteral("refreshButton"));
    m_refresh->setIcon(icon(QStringLiteral("refresh")));
    m_refresh->setToolTip(tr("Refresh (R)"));
    m_offline->setObjectName(QStringLiteral("offlineBanner"));
    m_notice->setObjectName(QStringLiteral("noticeBanner"));
    buildTable();

    auto* bar = new QFrame(this);
    bar->setProperty("kind", "bar");
    auto* barLayout = new QHBoxLayout(bar);
    barLayout->setContentsMargins(0, 0, 12, 0);
    barLayout->addWidget(m_filterBar, 1);
    auto* aside = new QVBoxLayout;
    aside->setContentsMargins(0, 10, 0, 8);
    aside->setSpacing(8);
    aside->addWidget(m_refresh, 0, Qt::AlignRight);
    aside->addWidget(m_summary, 0, Qt::AlignRight);
    barLayout->addLayout(aside);

    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    auto* list = new QVBoxLayout;
    list->setSpacing(0);
    list->addWidget(m_offline);
    list->addWidget(m_notice);
    list->addWidget(m_stack, 1);
    auto* line = new QFrame(this);
    line->setFixedWidth(1);
    line->setStyleSheet(QStringLiteral("background: palette(mid);"));
    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addLayout(list, 1);
    middle->addWidget(line);
    middle->addWidget(m_details);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(bar);
    layout->addWidget(m_progress);
    layout->addLayout(middle, 1);

    connectAll();
    updateState();
}

void WorklistPage::buildTable() {
    m_table->setObjectName(QStringLiteral("worklistTable"));
    m_table->setModel(m_texts);
    m_table->setItemDelegate(m_delegate);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setMouseTracking(true);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(WorklistDelegate::kRowHeight);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setFixedHeight(28);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(false);
    for (int column = 0; column < WorklistModel::ColumnCount; ++column) {
        const int width = kWidths[static_cast<size_t>(column)];
        header->setSectionResizeMode(column, width == 0 ? QHeaderView::Stretch : QHeaderView::Fixed);
        if (width != 0) {
            const QString title = m_texts->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
            header->resizeSection(column,
                                  qMax(columnWidth(column), header->fontMetrics().horizontalAdvance(title) + 20));
        }
    }
    m_table->installEventFilter(this);
    m_table->viewport()->installEventFilter(this);
}

void WorklistPage::connectAll() {
    WorklistModel& model = m_controller.model();
    connect(m_filterBar, &FilterBar::filterChanged, this, &WorklistPage::updateFilter);
    connect(&m_filterBar->searchField(), &SearchField::leaveRequested, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_refresh, &QToolButton::clicked, &m_controller, &WorklistController::refresh);
    connect(m_offline, &Banner::actionRequested, &m_controller, &WorklistController::refresh);
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        if (m_controller.model().allRows().empty())
            m_controller.refresh();
        else
            m_filterBar->clear();
    });
    connect(m_table, &QTableView::activated, this, [this] { claimCurrent(true); });
    connect(m_table, &QTableView::entered, this, [this](const QModelIndex& index) {
        m_delegate->setHoveredRow(index.row());
        m_table->viewport()->update();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (const WorklistRow* row = m_texts->rowAt(current.row()); row && current.isValid())
                    m_current = row->task.uid;
                updateDetails();
            });
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int column) {
        WorklistModel& sorted = m_controller.model();
        QHeaderView* header = m_table->horizontalHeader();
        // Third click: back to the default order.
        const bool isSame = sorted.sortColumn() == column;
        if (isSame && sorted.sortOrder() == Qt::DescendingOrder)
            sorted.sort(-1);
        else
            sorted.sort(column, isSame ? Qt::DescendingOrder : Qt::AscendingOrder);
        header->setSortIndicatorShown(sorted.sortColumn() >= 0);
        header->setSortIndicator(sorted.sortColumn(), sorted.sortOrder());
    });
    connect(&model, &QAbstractItemModel::modelReset, this, &WorklistPage::keepSelection);
    connect(&model, &QAbstractItemModel::rowsInserted, this, &WorklistPage::updateEmptyState);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &WorklistPage::updateEmptyState);
    connect(&m_controller, &WorklistController::stateChanged, this, &WorklistPage::updateState);
    connect(&m_controller, &WorklistController::claimed, this, [this](const ReadingTask& task) {
        m_notice->clear();
        if (m_openWhenClaimed == task.uid)
            Q_EMIT openRequested(task);
        m_openWhenClaimed = {};
    });
    connect(&m_controller, &WorklistController::refused, this, &WorklistPage::sayRefused);
    connect(m_details, &TaskDetailsWidget::claimClicked, this, [this] { claimCurrent(true); });
    connect(m_details, &TaskDetailsWidget::viewClicked, this, &WorklistPage::viewCurrent);
    connect(m_details, &TaskDetailsWidget::releaseClicked, this, &WorklistPage::askRelease);
    connect(m_details, &TaskDetailsWidget::rejectClicked, this, &WorklistPage::askReject);
    for (const QKeySequence& keys : {QKeySequence(QKeySequence::Find), QKeySequence(Qt::Key_Slash)}) {
        auto* find = new QShortcut(keys, this);
        find->setContext(Qt::WidgetWithChildrenShortcut);
        connect(find, &QShortcut::activated, this, [this] {
            m_filterBar->searchField().setFocus(Qt::ShortcutFocusReason);
            m_filterBar->searchField().selectAll();
        });
    }
    connect(&m_tick, &QTimer::timeout, this, &WorklistPage::tick);
    m_tick.start(kTickMs);
}

void WorklistPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    tick();
    m_table->setFocus();
}

void WorklistPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // What is said elsewhere gives way first: the part is in the item, the exam time in the details.
    const bool isNarrow = width() < kNarrowWidth;
    m_table->setColumnHidden(WorklistModel::BodyPartColumn, width() < kFullWidth);
    m_table->setColumnHidden(WorklistModel::ExamTimeColumn, isNarrow);
    m_table->horizontalHeader()->resizeSection(WorklistModel::HolderColumn,
                                               isNarrow ? 112 : kWidths[WorklistModel::HolderColumn]);
    m_details->setFixedWidth(isNarrow ? 300 : TaskDetailsWidget::kWidth);
}

void WorklistPage::tick() {
    m_texts->setNow(m_controller.clock().nowUtc());
    updateState();
}

bool WorklistPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isPlain = !(key->modifiers() & ~Qt::KeypadModifier);
        if (isPlain && handleTableKey(key->key()))
            return true;
    }
    if (watched == m_table->viewport() && event->type() == QEvent::Leave) {
        m_delegate->setHoveredRow(-1);
        m_table->viewport()->update();
    }
    return QWidget::eventFilter(watched, event);
}

bool WorklistPage::handleTableKey(int key) {
    switch (key) {
    case Qt::Key_C:
        claimCurrent(false);
        return true;
    case Qt::Key_V:
        viewCurrent();
        return true;
    case Qt::Key_R:
        m_controller.refresh();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        claimCurrent(true);
        return true;
    case Qt::Key_Escape:
        m_filterBar->clear();
        return true;
    default:
        return false;
    }
}

void WorklistPage::claimCurrent(bool thenOpen) {
    const WorklistRow* row = m_controller.model().find(m_current);
    if (!row || m_controller.model().rowOf(m_current) < 0)
        return;
    if (row->isOpen && isMine(*row)) {
        if (thenOpen)
            Q_EMIT openRequested(row->task);
        return;
    }
    if (!row->isOpen) {
        if (thenOpen)
            Q_EMIT viewRequested(row->task);
        return;
    }
    if (const Status allowed = mayClaim(*row, m_controller.user(), m_controller.selfReviewAllowed()); !allowed) {
        sayRefused(row->task, allowed.error());
        return;
    }
    m_openWhenClaimed = thenOpen ? m_current : WorkitemUid();
    m_notice->clear();
    m_controller.claim(m_current);
}

void WorklistPage::viewCurrent() {
    if (const WorklistRow* row = m_controller.model().find(m_current))
        Q_EMIT viewRequested(row->task);
}

void WorklistPage::askRelease() {
    const WorkitemUid task = m_current;
    auto* dialog =
        new ReasonDialog({tr("Give the task back"),
                          tr("It goes back to the list for any reader. Your draft stays on this workstation."),
                          tr("Give back"),
                          {tr("Claimed by mistake"), tr("Needs a colleague of another field"), tr("End of shift")},
                          false,
                          false},
                         this);
    connect(dialog, &ReasonDialog::reasonGiven, this,
            [this, task](const QString& reason) { m_controller.release(task, reason); });
    dialog->open();
}

void WorklistPage::askReject() {
    const WorkitemUid task = m_current;
    auto* dialog =
        new ReasonDialog({tr("Reject the study"),
                          tr("The sending hospital gets the study back with this reason and must examine again."),
                          tr("Reject study"),
                          {tr("Motion artefacts, not readable"), tr("Wrong or incomplete body part"),
                           tr("Images belong to another patient")},
                          true,
                          true},
                         this);
    connect(dialog, &ReasonDialog::reasonGiven, this,
            [this, task](const QString& reason) { m_controller.rejectStudy(task, reason); });
    dialog->open();
}

void WorklistPage::sayRefused(const ReadingTask& task, const Error& error) {
    if (m_openWhenClaimed == task.uid)
        m_openWhenClaimed = {};
    const QString holder = formatPersonName(task.holderName);
    if (error.code == ErrorCode::TaskClaimedByOther && !holder.isEmpty()) {
        m_notice->announce(Tone::Warning,
                           task.holderStation.isEmpty()
                               ? tr("%1 holds the task of %2; nothing was changed. Choose another task.")
                                     .arg(holder, formatPersonName(task.order.patient.name))
                               : tr("%1 at %2 holds the task of %3; nothing was changed. Choose another "
                                    "task.")
                                     .arg(holder, task.holderStation, formatPersonName(task.order.patient.name)));
        return;
    }
    m_notice->announce(Tone::Warning, formatPersonName(task.order.patient.name) + tr(": ") + errorSentence(error));
}

void WorklistPage::updateFilter() {
    m_controller.model().setFilter(m_filterBar->filter());
    keepSelection();
    updateState();
}

void WorklistPage::keepSelection() {
    const int row = m_controller.model().rowOf(m_current);
    if (row >= 0 && m_table->currentIndex().row() != row)
        m_table->setCurrentIndex(m_texts->index(row, 0));
    updateEmptyState();
    updateDetails();
}

void WorklistPage::selectTask(const WorkitemUid& task) {
    m_current = task;
    const int row = m_controller.model().rowOf(task);
    if (row >= 0)
        m_table->setCurrentIndex(m_texts->index(row, 0));
    updateDetails();
}

void WorklistPage::updateState() {
    const WorklistState& state = m_controller.state();
    const WorklistModel& model = m_controller.model();
    const QDateTime now = m_controller.clock().nowUtc();
    m_progress->setBusy(state.isRefreshing || !state.busy.isEmpty());
    m_delegate->setBusy(state.busy);
    m_table->viewport()->update();

    QStringList modalities;
    for (const WorklistRowPtr& row : model.allRows())
        if (!row->task.order.modality.isEmpty() && !modalities.contains(row->task.order.modality))
            modalities.append(row->task.order.modality);
    m_filterBar->setModalities(modalities);
    const WorklistCounts counts = worklistCounts(model.allRows(), model.filter(), now);
    m_filterBar->setCounts(counts);
    QStringList summary;
    if (counts.emergencies > 0)
        summary.append(tr("emergencies %1").arg(counts.emergencies));
    if (counts.overdue > 0)
        summary.append(tr("overdue %1").arg(counts.overdue));
    if (state.asOf.isValid())
        summary.append(tr("as of %1").arg(formatShortTime(state.asOf, now)));
    m_summary->setText(summary.join(QStringLiteral("  ·  ")));

    const bool isOffline = !state.isOnline && state.lastError.has_value();
    if (isOffline && !m_saidOffline && !model.allRows().empty())
        m_offline->announce(
            Tone::Warning,
            tr("%1 The list is as of %2.").arg(errorSentence(*state.lastError), formatShortTime(state.asOf, now)),
            tr("Try again"));
    else if (!isOffline)
        m_offline->clear();
    m_saidOffline = isOffline && !model.allRows().empty();
    // Start with the first row, so that the keyboard works at once.
    if (m_current.isEmpty() && model.rowCount() > 0)
        m_table->setCurrentIndex(m_texts->index(0, 0));
    updateEmptyState();
    updateDetails();
}

void WorklistPage::updateEmptyState() {
    const WorklistState& state = m_controller.state();
    const WorklistModel& model = m_controller.model();
    const bool isEmpty = model.rowCount() == 0;
    m_stack->setCurrentIndex(isEmpty ? 1 : 0);
    if (!isEmpty)
        return;
    if (!model.allRows().empty())
        m_empty->setContent(QStringLiteral("filter"), tr("No task matches"),
                            tr("None of the tasks fits the search and the filters chosen."), tr("Clear the filters"));
    else if (!state.isOnline && state.lastError)
        m_empty->setContent(QStringLiteral("offline"), tr("No worklist yet"), errorSentence(*state.lastError),
                            tr("Try again"));
    else if (!state.isOnline)
        m_empty->setContent(QStringLiteral("clock"), tr("Fetching the worklist"),
                            tr("The platform is being asked for the tasks."));
    else
        m_empty->setContent(QStringLiteral("ok"), tr("Nothing to read"),
                            tr("New tasks appear here by themselves as soon as a hospital sends them."));
}

void WorklistPage::updateDetails() {
    const WorklistRow* row = m_controller.model().find(m_current);
    if (!row || m_controller.model().rowCount() == 0) {
        m_details->clear();
        return;
    }
    m_details->showTask(*row, m_texts->now(), mayClaim(*row, m_controller.user(), m_controller.selfReviewAllowed()),
                        m_controller.state().busy.contains(m_current));
}

} // namespace yz
