#include "worklist_ui/task_details.h"

#include "uikit/badge.h"
#include "uikit/error_text.h"
#include "uikit/format.h"
#include "uikit/icon.h"
#include "uikit/person_text.h"
#include "uikit/terms.h"
#include "uikit/theme.h"
#include "worklist_ui/worklist_text_model.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace yz {

/// A heading with a text below it; hidden while there is no text.
class TaskDetailsWidget::Block final : public QWidget {
public:
    Block(const QString& heading, QWidget* parent) : QWidget(parent), m_text(new QLabel(this)) {
        auto* title = new QLabel(heading, this);
        title->setProperty("kind", "section");
        m_text->setWordWrap(true);
        m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(3);
        layout->addWidget(title);
        layout->addWidget(m_text);
    }
    void setText(const QString& text) {
        m_text->setText(text);
        setVisible(!text.isEmpty());
    }
    QLabel& label() { return *m_text; }

private:
    QLabel* m_text;
};

namespace {

enum OrderLine { PatientIdLine, HospitalLine, PhysicianLine, ItemLine, AccessionLine, ExamLine, DueLine, HolderLine };
constexpr int kOrderLines = 8;

QFrame* separator(QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setProperty("kind", "line");
    return line;
}

QString priorsText(const Order& order) {
    QStringList lines;
    for (const StudyReference& prior : order.priors)
        lines.append(QStringList{formatDate(prior.date), prior.modality, prior.description}.join(QStringLiteral("  ")));
    return lines.join(u'\n');
}

} // namespace

TaskDetailsWidget::TaskDetailsWidget(QWidget* parent)
    : QFrame(parent), m_content(new QWidget(this)), m_name(new QLabel(this)), m_person(new QLabel(this)),
      m_priority(new StateBadge(this)), m_state(new StateBadge(this)), m_kind(new StateBadge(this)),
      m_due(new QLabel(this)), m_returned(new QLabel(this)), m_order(new QGridLayout),
      m_diagnosis(new Block(tr("Clinical diagnosis"), this)), m_history(new Block(tr("History"), this)),
      m_quality(new Block(tr("Image quality remarks"), this)), m_priors(new Block(tr("Prior studies"), this)),
      m_refusal(new QLabel(this)), m_claim(new QPushButton(this)), m_view(new QPushButton(tr("View only"), this)),
      m_release(new QPushButton(tr("Give back…"), this)), m_reject(new QPushButton(tr("Reject study…"), this)) {
    setObjectName(QStringLiteral("taskDetails"));
    setFixedWidth(kWidth);
    m_name->setProperty("kind", "title");
    m_name->setObjectName(QStringLiteral("detailsName"));
    m_person->setProperty("kind", "muted");
    m_returned->setWordWrap(true);
    m_returned->setStyleSheet(u"background:" + theme().urgentTint.name() + u"; color:" + theme().urgent.name() +
                              u"; padding:6px 8px; border-radius:4px;");

    auto* body = new QWidget(this);
    auto* inner = new QVBoxLayout(body);
    inner->setContentsMargins(16, 14, 16, 12);
    inner->setSpacing(10);
    inner->addWidget(m_name);
    inner->addWidget(m_person);
    auto* badges = new QHBoxLayout;
    badges->setSpacing(6);
    for (StateBadge* badge : {m_priority, m_kind, m_state})
        badges->addWidget(badge);
    badges->addStretch();
    badges->addWidget(m_due);
    inner->addLayout(badges);
    inner->addWidget(m_returned);
    inner->addWidget(separator(this));
    m_order->setContentsMargins(0, 0, 0, 0);
    m_order->setHorizontalSpacing(12);
    m_order->setVerticalSpacing(5);
    m_order->setColumnStretch(1, 1);
    const QStringList names{tr("Patient ID"), tr("Hospital"), tr("Requested by"), tr("Item"),
                            tr("Accession"),  tr("Examined"), tr("Due"),          tr("Held by")};
    for (int line = 0; line < kOrderLines; ++line) {
        auto* name = new QLabel(names[line], this);
        name->setProperty("kind", "muted");
        auto* value = new QLabel(this);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_order->addWidget(name, line, 0, Qt::AlignTop);
        m_order->addWidget(value, line, 1);
        m_orderValues.push_back(value);
    }
    inner->addLayout(m_order);
    inner->addWidget(separator(this));
    m_quality->label().setProperty("kind", "warning");
    for (Block* block : {m_diagnosis, m_history, m_quality, m_priors})
        inner->addWidget(block);
    inner->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(body);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);

    m_refusal->setProperty("kind", "small");
    m_refusal->setWordWrap(true);
    m_claim->setObjectName(QStringLiteral("claimButton"));
    m_claim->setProperty("kind", "primary");
    m_view->setObjectName(QStringLiteral("viewButton"));
    m_release->setObjectName(QStringLiteral("releaseButton"));
    m_reject->setObjectName(QStringLiteral("rejectButton"));
    m_reject->setProperty("kind", "danger");
    auto* actions = new QVBoxLayout;
    actions->setContentsMargins(16, 10, 16, 14);
    actions->setSpacing(8);
    actions->addWidget(m_refusal);
    actions->addWidget(m_claim);
    auto* secondary = new QHBoxLayout;
    secondary->setSpacing(8);
    for (QPushButton* button : {m_view, m_release, m_reject})
        secondary->addWidget(button, 1);
    actions->addLayout(secondary);
    auto* content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(0);
    content->addWidget(scroll, 1);
    content->addWidget(separator(this));
    content->addLayout(actions);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_content);
    connect(m_claim, &QPushButton::clicked, this, &TaskDetailsWidget::claimClicked);
    connect(m_view, &QPushButton::clicked, this, &TaskDetailsWidget::viewClicked);
    connect(m_release, &QPushButton::clicked, this, &TaskDetailsWidget::releaseClicked);
    connect(m_reject, &QPushButton::clicked, this, &TaskDetailsWidget::rejectClicked);
    clear();
}

QString TaskDetailsWidget::refusalText(const WorklistRow& row, const Error& error) {
    switch (error.code) {
    case ErrorCode::TaskClaimedByOther: {
        const QString holder = holderText(row);
        return holder.isEmpty() ? tr("Another reader holds this task.") : tr("Held by %1.").arg(holder);
    }
    case ErrorCode::SelfReviewForbidden:
        return tr("You wrote this report: another doctor reviews it.");
    case ErrorCode::RoleForbids:
        return row.task.kind == TaskKind::Review ? tr("Only a reviewing doctor can take this task.")
                                                 : tr("Only a reporting doctor can claim this task.");
    default:
        return errorSentence(error);
    }
}

void TaskDetailsWidget::clear() { m_content->hide(); }

void TaskDetailsWidget::setText(QLabel* label, const QString& text) {
    if (label->text() != text) // a selection in the label survives a refresh
        label->setText(text);
}

void TaskDetailsWidget::showTask(const WorklistRow& row, const QDateTime& now, const Status& mayClaim, bool isBusy) {
    const ReadingTask& task = row.task;
    const Order& order = task.order;
    setText(m_name, formatMarkedPersonName(order.patient));
    m_name->setToolTip(personNameToolTip(order.patient));
    QStringList person{formatSex(order.patient.sex), formatAge(order.patient, row.start.toLocalTime().date())};
    if (order.patient.birthDate.isValid())
        person.append(tr("born %1").arg(formatDate(order.patient.birthDate)));
    person.removeAll(QString());
    setText(m_person, person.join(QStringLiteral("  ·  ")));
    m_priority->setBadge(priorityText(task.priority), toneOf(task.priority), BadgeStyle::Loud);
    m_kind->setBadge(kindText(task.kind), Tone::Neutral);
    m_state->setBadge(isBusy ? tr("asking…") : taskStateText(row),
                      row.isOpen ? (isBusy ? Tone::Info : toneOf(row.state)) : Tone::Neutral);
    setText(m_due, row.isOpen ? formatTimeLeft(row.due, now) : QString());
    const bool isOver = row.isOpen && row.due.isValid() && row.due < now;
    m_due->setStyleSheet(isOver ? u"color:" + theme().emergency.name() + u";" : QString());
    const QString why = taskReasonText(task);
    setText(m_returned, why.isEmpty() ? QString() : tr("Reason: %1").arg(why));
    m_returned->setVisible(!why.isEmpty());

    const auto join = [](const QStringList& parts) {
        QStringList filled = parts;
        filled.removeAll(QString());
        return filled.join(QStringLiteral(" · "));
    };
    setText(m_orderValues[PatientIdLine], order.patient.id.value());
    setText(m_orderValues[HospitalLine], order.requestingHospital);
    setText(m_orderValues[PhysicianLine],
            join({order.requestingDepartment, formatPersonName(order.requestingPhysician)}));
    setText(m_orderValues[ItemLine], join({order.modality, order.item}));
    setText(m_orderValues[AccessionLine], order.accessionNumber);
    setText(m_orderValues[ExamLine], formatDateTime(order.examTime));
    setText(m_orderValues[DueLine], formatDateTime(row.due));
    const QString holder = holderText(row);
    setText(m_orderValues[HolderLine], holder.isEmpty() ? tr("nobody") : holder);
    m_diagnosis->setText(order.clinicalDiagnosis);
    m_history->setText(order.history);
    m_quality->setText(order.imageQualityRemarks);
    m_priors->setText(priorsText(order));

    const bool isMine = row.holding == Holding::Mine || row.holding == Holding::Provisional;
    m_claim->setVisible(row.isOpen);
    m_claim->setEnabled(mayClaim.has_value() && !isBusy);
    m_claim->setIcon(icon(isMine ? QStringLiteral("report") : QStringLiteral("claim"), theme().onFill));
    m_claim->setText(isMine                          ? tr("Go on reading  (Enter)")
                     : task.kind == TaskKind::Review ? tr("Take for review  (Enter)")
                                                     : tr("Claim and read  (Enter)"));
    const bool saysWhy = row.isOpen && !mayClaim.has_value();
    setText(m_refusal, saysWhy ? refusalText(row, mayClaim.error()) : QString());
    m_refusal->setVisible(saysWhy);
    m_release->setVisible(isMine);
    m_reject->setVisible(isMine && task.kind != TaskKind::Review);
    m_release->setEnabled(!isBusy);
    m_reject->setEnabled(!isBusy);
    m_view->setVisible(!isMine);
    m_content->show();
}

} // namespace yz
