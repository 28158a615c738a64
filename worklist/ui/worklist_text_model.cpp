#include "worklist_ui/worklist_text_model.h"

#include "domain/cancel_reason.h"
#include "uikit/format.h"
#include "uikit/person_text.h"
#include "uikit/terms.h"

#include <QCoreApplication>
#include <QLocale>

namespace yz {

namespace {

struct WorklistText {
    Q_DECLARE_TR_FUNCTIONS(WorklistText)
};

QString imagesTip(const StudyStore::Completeness& images) {
    if (images.isComplete())
        return WorklistText::tr("All images are on this workstation: it can be read without the platform.");
    if (images.expected > 0)
        return WorklistText::tr("%1 of %2 images are on this workstation.").arg(images.have).arg(images.expected);
    return WorklistText::tr("No images are on this workstation yet.");
}

} // namespace

QString taskStateText(const WorklistRow& row) {
    if (row.task.state == UpsState::Completed)
        return WorklistText::tr("Done");
    if (row.task.isWithdrawn)
        return WorklistText::tr("Withdrawn by the sender");
    if (row.task.state != UpsState::Canceled)
        return stateText(row.state);
    switch (cancelReasonFromText(row.task.reason).move) {
    case ReadingMove::Release:
    case ReadingMove::ReleaseReview:
        return WorklistText::tr("Given back");
    case ReadingMove::Return:
        return stateText(ReadingState::Returned);
    default:
        return stateText(ReadingState::Rejected);
    }
}

QString holderText(const WorklistRow& row) {
    switch (row.holding) {
    case Holding::Mine:
        return WorklistText::tr("Me");
    case Holding::Provisional:
        return WorklistText::tr("Me (not confirmed)");
    case Holding::Nobody:
        if (row.isOpen)
            return {};
        break;
    case Holding::Other:
        break;
    }
    const QString name = formatPersonName(row.task.holderName);
    if (row.task.holderStation.isEmpty())
        return name;
    return name.isEmpty() ? row.task.holderStation : name + u" · " + row.task.holderStation;
}

QString taskReasonText(const ReadingTask& task) { return cancelReasonFromText(task.reason).why; }

WorklistTextModel::WorklistTextModel(WorklistModel& model, QObject* parent)
    : QIdentityProxyModel(parent), m_model(model) {
    setSourceModel(&model);
}

void WorklistTextModel::setNow(const QDateTime& now) {
    m_now = now;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, WorklistModel::DueColumn), index(rowCount() - 1, WorklistModel::DueColumn),
                           {Qt::DisplayRole});
}

QVariant WorklistTextModel::data(const QModelIndex& index, int role) const {
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)
        return QIdentityProxyModel::data(index, role);
    const WorklistRow* row = m_model.rowAt(index.row());
    if (!row)
        return {};
    if (role == Qt::ToolTipRole && index.column() == WorklistModel::DueColumn)
        return WorklistText::tr("Due %1").arg(formatDateTime(row->due));
    if (role == Qt::ToolTipRole && index.column() == WorklistModel::ExamTimeColumn)
        return formatDateTime(row->task.order.examTime);
    if (role == Qt::ToolTipRole && index.column() == WorklistModel::ImagesColumn)
        return imagesTip(row->images);
    if (role == Qt::ToolTipRole && index.column() == WorklistModel::PatientColumn)
        if (const QString tip = personNameToolTip(row->task.order.patient); !tip.isEmpty())
            return tip;
    return textOf(*row, index.column());
}

QString WorklistTextModel::textOf(const WorklistRow& row, int column) const {
    const Order& order = row.task.order;
    switch (column) {
    case WorklistModel::PriorityColumn:
        return priorityText(row.task.priority);
    case WorklistModel::DueColumn:
        return row.isOpen ? formatTimeLeft(row.due, m_now) : QString();
    case WorklistModel::HospitalColumn:
        return order.requestingHospital;
    case WorklistModel::PatientColumn:
        return formatMarkedPersonName(order.patient);
    case WorklistModel::SexAgeColumn:
        return QString(formatSex(order.patient.sex) + u' ' + formatAge(order.patient, row.start.toLocalTime().date()))
            .trimmed();
    case WorklistModel::ModalityColumn:
        return order.modality;
    case WorklistModel::BodyPartColumn:
        return bodyPartText(order.bodyPart);
    case WorklistModel::ItemColumn:
        return order.item;
    case WorklistModel::KindColumn:
        return kindText(row.task.kind);
    case WorklistModel::StateColumn:
        return taskStateText(row);
    case WorklistModel::HolderColumn:
        return holderText(row);
    case WorklistModel::ImagesColumn:
        return row.images.isComplete()    ? WorklistText::tr("All")
               : row.images.percent() > 0 ? QLocale().toString(row.images.percent()) + u" %"
                                          : QStringLiteral("–");
    case WorklistModel::ExamTimeColumn:
        return formatShortTime(order.examTime, m_now);
    default:
        return {};
    }
}

QVariant WorklistTextModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Horizontal && role == Qt::ToolTipRole && section == WorklistModel::ImagesColumn)
        return WorklistText::tr("Images on this workstation");
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QIdentityProxyModel::headerData(section, orientation, role);
    switch (section) {
    case WorklistModel::PriorityColumn:
        return WorklistText::tr("Priority");
    case WorklistModel::DueColumn:
        return WorklistText::tr("Time left");
    case WorklistModel::HospitalColumn:
        return WorklistText::tr("Hospital");
    case WorklistModel::PatientColumn:
        return WorklistText::tr("Name");
    case WorklistModel::SexAgeColumn:
        return WorklistText::tr("Sex, age");
    case WorklistModel::ModalityColumn:
        return WorklistText::tr("Modality");
    case WorklistModel::BodyPartColumn:
        return WorklistText::tr("Part");
    case WorklistModel::ItemColumn:
        return WorklistText::tr("Item");
    case WorklistModel::KindColumn:
        return WorklistText::tr("Kind");
    case WorklistModel::StateColumn:
        return WorklistText::tr("State");
    case WorklistModel::HolderColumn:
        return WorklistText::tr("Held by");
    case WorklistModel::ImagesColumn:
        return WorklistText::tr("Here");
    case WorklistModel::ExamTimeColumn:
        return WorklistText::tr("Examined");
    default:
        return {};
    }
}

} // namespace yz
