#include "dicom/net/event_report.h"

#include "dicom/net/data_set_dcmtk.h"
#include "domain/ups_codes.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

namespace yz {

namespace {

constexpr int kSuccess = 0x0000;
constexpr int kInvalidArgument = 0x0115;
constexpr int kNoSuchEventType = 0x0113;
constexpr int kNoSuchSopClass = 0x0118;

std::vector<SopReference> references(DcmDataset& dataset, const DcmTagKey& sequence) {
    std::vector<SopReference> list;
    for (DcmItem* item : itemsOf(dataset, sequence))
        list.push_back({SopClassUid(getText(*item, DCM_ReferencedSOPClassUID)),
                        InstanceUid(getText(*item, DCM_ReferencedSOPInstanceUID))});
    return list;
}

int takeCommitment(DcmDataset& dataset, CommitmentBoard* board) {
    const TransactionUid transaction(getText(dataset, DCM_TransactionUID));
    if (transaction.isEmpty())
        return kInvalidArgument;
    if (board != nullptr)
        board->put(transaction,
                   {references(dataset, DCM_ReferencedSOPSequence), references(dataset, DCM_FailedSOPSequence)});
    return kSuccess;
}

int takeWorklistEvent(int type, const QString& workitem, DcmDataset& dataset, const WorklistEventHandler& handler) {
    WorklistEvent event;
    event.task = WorkitemUid(workitem);
    event.reason = getText(dataset, DCM_ReasonForCancellation);
    const bool hasState = upsStateFromName(getText(dataset, DCM_ProcedureStepState), event.state);
    switch (type) {
    case ups::kEventStateReport:
        if (!hasState)
            return kInvalidArgument;
        // A work item is reported as SCHEDULED once, when it comes into being (PS3.4 CC.2.4.3).
        event.kind =
            event.state == UpsState::Scheduled ? WorklistEvent::Kind::NewTask : WorklistEvent::Kind::StateChanged;
        break;
    case ups::kEventCancelRequested:
        event.kind = WorklistEvent::Kind::CancelRequested;
        if (!hasState)
            event.state = UpsState::InProgress;
        break;
    case ups::kEventAssigned:
        event.kind = WorklistEvent::Kind::Assigned;
        break;
    case ups::kEventProgress:
    case ups::kEventScpStatus:
        return kSuccess; // nothing here depends on them
    default:
        return kNoSuchEventType;
    }
    if (handler)
        handler(event);
    return kSuccess;
}

bool isWorklistClass(const QString& uid) {
    return uid == QLatin1String(UID_UnifiedProcedureStepPushSOPClass) ||
           uid == QLatin1String(UID_UnifiedProcedureStepEventSOPClass) ||
           uid == QLatin1String(UID_UnifiedProcedureStepWatchSOPClass) ||
           uid == QLatin1String(UID_UnifiedProcedureStepPullSOPClass);
}

} // namespace

int handleEventReport(const Association& association, const DimseMessage& message, CommitmentBoard* board,
                      const WorklistEventHandler& handler) {
    const bool commitment = message.affectedSopClass == QLatin1String(UID_StorageCommitmentPushModelSOPClass);
    if (!commitment && !isWorklistClass(message.affectedSopClass))
        return kNoSuchSopClass;
    if (!message.eventType)
        return kNoSuchEventType;
    const Result<std::unique_ptr<DcmDataset>> dataset = dataSetOf(association, message);
    if (!dataset)
        return kInvalidArgument;
    return commitment ? takeCommitment(**dataset, board)
                      : takeWorklistEvent(*message.eventType, message.affectedInstance, **dataset, handler);
}

} // namespace yz
