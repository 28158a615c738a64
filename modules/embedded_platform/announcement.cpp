#include "embedded_platform/announcement.h"

#include "core/log.h"
#include "embedded_platform/workitem_data_set.h"

namespace yz::platform {

namespace {

void add(Workitem& item, EventType type, const Result<QByteArray>& dataSet) {
    if (dataSet)
        item.announcements.push_back({type, *dataSet});
    else
        qCWarning(logPlatform).noquote() << "event could not be made:" << dataSet.error().toString();
}

void add(Workitem& item, EventType type, DcmDataset& information) {
    putText(information, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    add(item, type, encodeDataSet(information, EXS_LittleEndianExplicit));
}

} // namespace

Result<QByteArray> stateReport(Workitem& item) {
    DcmDataset information;
    putText(information, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    putText(information, DCM_ProcedureStepState, upsStateName(item.state));
    putText(information, DCM_InputReadinessState, textOf(*item.dataSet, DCM_InputReadinessState));
    if (const QString reason = cancelReason(*item.dataSet); !reason.isEmpty())
        putText(information, DCM_ReasonForCancellation, reason);
    return encodeDataSet(information, EXS_LittleEndianExplicit);
}

void announceState(Workitem& item) { add(item, kStateReport, stateReport(item)); }

void announceProgress(Workitem& item) {
    DcmDataset information;
    DcmElement* progress = nullptr;
    if (item.dataSet->findAndGetElement(DCM_ProcedureStepProgressInformationSequence, progress).good() &&
        progress != nullptr)
        information.insert(static_cast<DcmElement*>(progress->clone()), OFTrue);
    add(item, kProgressReport, information);
}

void announceCancelRequest(Workitem& item, const QString& requester, const QString& reason) {
    DcmDataset information;
    if (!requester.isEmpty())
        putText(information, DCM_RequestingAE, requester);
    if (!reason.isEmpty())
        putText(information, DCM_ReasonForCancellation, reason);
    add(item, kCancelRequested, information);
}

void announceAssignment(Workitem& item) {
    DcmItem* person = itemOf(*item.dataSet, DCM_ScheduledHumanPerformersSequence);
    if (person == nullptr)
        return;
    DcmDataset information;
    DcmItem& assigned = addItem(information, DCM_ScheduledHumanPerformersSequence);
    putText(assigned, DCM_HumanPerformerName, textOf(*person, DCM_HumanPerformerName));
    add(item, kAssigned, information);
}

} // namespace yz::platform
