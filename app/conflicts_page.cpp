#include "conflicts_page.h"

#include "jobs/jobs.h"
#include "reporting_ui/conflict_view.h"
#include "session/desk_services.h"
#include "uikit/banner.h"
#include "uikit/empty_state.h"
#include "uikit/error_text.h"
#include "uikit/format.h"
#include "uikit/person_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace yz {

ConflictsPage::ConflictsPage(DeskServices& services, QWidget* parent)
    : QWidget(parent), m_services(services), m_stack(new QStackedWidget), m_banner(new Banner), m_list(new QListWidget),
      m_reason(new QLabel), m_view(new ConflictView), m_keep(new QPushButton(tr("Keep mine here, do not send it"))),
      m_open(new QPushButton(tr("View the images"))) {
    setObjectName(QStringLiteral("conflictsPage"));
    m_list->setObjectName(QStringLiteral("conflictList"));
    m_list->setFixedWidth(320);
    m_list->setWordWrap(true);
    m_reason->setObjectName(QStringLiteral("conflictReason"));
    m_reason->setWordWrap(true);
    m_keep->setObjectName(QStringLiteral("conflictKeep"));
    m_open->setObjectName(QStringLiteral("conflictOpen"));

    auto* actions = new QHBoxLayout;
    actions->addWidget(m_open);
    actions->addStretch();
    actions->addWidget(m_keep);
    auto* right = new QVBoxLayout;
    right->setContentsMargins(12, 10, 12, 10);
    right->setSpacing(10);
    right->addWidget(m_reason);
    right->addWidget(m_view, 1);
    right->addLayout(actions);
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_list);
    row->addLayout(right, 1);
    auto* empty = new EmptyState;
    empty->setContent(QStringLiteral("report"), tr("No conflicts"),
                      tr("Text of yours that cannot go out because another doctor reported the same study, or the "
                         "sender took it back, appears here beside the other report."));
    m_stack->addWidget(empty);
    m_stack->addWidget(both);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);

    connect(m_list, &QListWidget::currentRowChanged, this, &ConflictsPage::showCurrent);
    connect(m_keep, &QPushButton::clicked, this, &ConflictsPage::keepHere);
    connect(m_open, &QPushButton::clicked, this, [this] {
        const ConflictService::Case* one = current();
        if (!one)
            return;
        ReadingTask task;
        task.uid = one->conflict.task;
        task.order = one->order;
        Q_EMIT viewRequested(task);
    });
}

void ConflictsPage::setUser(const User& user) {
    m_user = user;
    showCurrent();
}

void ConflictsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    reload();
}

void ConflictsPage::reload() {
    jobs::whenDone(jobs::start(jobs::Lane::Storage, [&service = m_services.conflicts()] { return service.open(); }),
                   this, [this](const Result<std::vector<ConflictService::Case>>& cases) {
                       if (cases)
                           show(*cases);
                       else
                           m_banner->announce(Tone::Danger, errorSentence(cases.error()));
                   });
}

const ConflictService::Case* ConflictsPage::current() const {
    const int row = m_list->currentRow();
    return row >= 0 && row < count() ? &m_cases[static_cast<size_t>(row)] : nullptr;
}

void ConflictsPage::show(const std::vector<ConflictService::Case>& cases) {
    const qint64 selected = current() ? current()->conflict.number : 0;
    m_cases = cases;
    m_list->blockSignals(true);
    m_list->clear();
    int row = 0;
    for (const ConflictService::Case& one : m_cases) {
        const QString patient = one.order.patient.name.display().isEmpty() ? tr("(patient no longer in the list)")
                                                                           : formatPersonName(one.order.patient.name);
        m_list->addItem(
            tr("%1 · %2\n%3")
                .arg(patient, one.order.item, formatShortTime(one.conflict.at, m_services.clock().nowUtc())));
        if (one.conflict.number == selected)
            row = m_list->count() - 1;
    }
    m_list->setCurrentRow(m_cases.empty() ? -1 : row);
    m_list->blockSignals(false);
    m_stack->setCurrentIndex(m_cases.empty() ? 0 : 1);
    showCurrent();
    Q_EMIT countChanged(count());
}

QString ConflictsPage::reasonText(const ConflictService::Case& one) const {
    const ConflictStore::Conflict& conflict = one.conflict;
    const QString what = one.ours.isSigned ? tr("Your signed report was not sent and stays on this workstation.")
                                           : tr("Your draft stays on this workstation.");
    switch (conflict.reason) {
    case ErrorCode::TaskWithdrawn:
        return tr("The task was taken back, by the sending hospital or because it came up again as a new task. %1 If "
                  "it "
                  "is in the list again, claim it there: your text is put into the new report.")
            .arg(what);
    case ErrorCode::TaskGone:
        return tr("The task is no longer on the platform. %1").arg(what);
    default:
        break;
    }
    const QString name = PersonName::fromDicom(conflict.holderName).display();
    const QString holder = name.isEmpty()                     ? conflict.holderStation
                           : conflict.holderStation.isEmpty() ? name
                                                              : tr("%1 (%2)").arg(name, conflict.holderStation);
    return holder.isEmpty() ? tr("Another doctor took this task while this workstation had no connection. %1").arg(what)
                            : tr("%1 took this task while this workstation had no connection. %2").arg(holder, what);
}

QString ConflictsPage::sideTitle(const ConflictService::Side& side, bool isOurs) const {
    const QString time = formatDateTime(side.at);
    if (!side.isSigned)
        return tr("Draft of %1, %2").arg(side.name, time);
    const QString names = side.hasReviewer ? tr("%1, reviewed by %2").arg(side.name, side.reviewerName) : side.name;
    return isOurs ? tr("Signed here by %1, %2").arg(names, time) : tr("Report of %1, %2: it stands").arg(names, time);
}

void ConflictsPage::showCurrent() {
    const ConflictService::Case* one = current();
    m_keep->setEnabled(one && one->conflict.user == m_user.id);
    m_keep->setToolTip(one && one->conflict.user != m_user.id ? tr("Only %1 can decide this.").arg(one->ours.name)
                                                              : QString());
    m_open->setEnabled(one && !one->order.study.isEmpty());
    m_token.cancel();
    if (!one) {
        m_reason->clear();
        m_view->clear();
        return;
    }
    m_reason->setText(reasonText(*one));
    m_view->show(sideTitle(one->ours, true), one->ours.content, tr("Fetching the other report…"), std::nullopt);
    m_token = CancelToken();
    jobs::whenDone(jobs::start(
                       jobs::Lane::Network,
                       [&service = m_services.conflicts(), conflict = one->conflict, token = m_token] {
                           return service.theirs(conflict, token);
                       },
                       m_token),
                   this, [this, number = ++m_request](const Result<std::optional<ConflictService::Side>>& theirs) {
                       const ConflictService::Case* shown = current();
                       if (number != m_request || !shown)
                           return;
                       const QString ours = sideTitle(shown->ours, true);
                       if (!theirs)
                           m_view->show(
                               ours, shown->ours.content,
                               tr("The other report cannot be shown now: %1").arg(errorSentence(theirs.error())),
                               std::nullopt);
                       else if (!*theirs)
                           m_view->show(ours, shown->ours.content,
                                        tr("No other report of this study is on the platform yet"), std::nullopt);
                       else
                           m_view->show(ours, shown->ours.content, sideTitle(**theirs, false), (*theirs)->content);
                   });
}

void ConflictsPage::keepHere() {
    const ConflictService::Case* one = current();
    if (!one)
        return;
    jobs::whenDone(jobs::start(jobs::Lane::Storage, [&service = m_services.conflicts(), conflict = one->conflict,
                                                     user = m_user] { return service.keepHere(conflict, user); }),
                   this, [this](const Status& kept) {
                       if (kept) {
                           m_banner->announce(Tone::Ok,
                                              tr("Your text is kept on this workstation and will not be sent. You find "
                                                 "what was signed in the list of reports."));
                           Q_EMIT outboxChanged();
                       } else {
                           m_banner->announce(Tone::Danger, errorSentence(kept.error()));
                       }
                       reload();
                   });
}

} // namespace yz
