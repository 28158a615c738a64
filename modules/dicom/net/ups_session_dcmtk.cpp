#include "dicom/net/ups_session_dcmtk.h"

#include "dicom/net/data_set_dcmtk.h"
#include "domain/ups_codes.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

namespace yz {

namespace {

const QString kPush = QLatin1String(UID_UnifiedProcedureStepPushSOPClass);
const QString kPull = QLatin1String(UID_UnifiedProcedureStepPullSOPClass);
const QString kWatch = QLatin1String(UID_UnifiedProcedureStepWatchSOPClass);
const QString kQuery = QLatin1String(UID_UnifiedProcedureStepQuerySOPClass);

Status refused() { return fail(ErrorCode::Internal, QStringLiteral("work item value refused")); }

} // namespace

Result<UpsSession> UpsSession::open(const NetworkSettings& settings, const CancelToken& token) {
    std::vector<ContextProposal> proposals;
    for (const QString& uid : {kPull, kQuery, kWatch, kPush})
        proposals.push_back({uid, messageTransferSyntaxes()});
    Result<std::unique_ptr<Association>> association = Association::open(settings, proposals, token);
    if (!association)
        return fail(association.error());
    return UpsSession(std::move(*association));
}

Result<UpsSession::GetAnswer> UpsSession::get(const WorkitemUid& task) {
    const Result<AcceptedContext> context = m_association->require({kPull, kWatch, kPush});
    if (!context)
        return fail(context.error());
    DimseMessage request;
    request.command = Dimse::NGetRq;
    request.context = context->id;
    request.requestedSopClass = kPush; // the instance's class, whatever was negotiated (PS3.4 CC.3.1)
    request.requestedInstance = task.value();
    const Result<DimseMessage> response = m_association->exchange(std::move(request));
    if (!response)
        return fail(response.error());
    GetAnswer answer;
    answer.status = response->status;
    if (!response->hasData)
        return answer;
    Result<std::unique_ptr<DcmDataset>> attributes = dataSetOf(*m_association, *response);
    if (!attributes)
        return fail(attributes.error());
    answer.attributes = std::move(*attributes);
    return answer;
}

Result<int> UpsSession::set(const WorkitemUid& task, const TransactionUid& transaction, DcmDataset& modifications) {
    const Result<AcceptedContext> context = m_association->require({kPull});
    if (!context)
        return fail(context.error());
    if (!putText(modifications, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192")) ||
        !putText(modifications, DCM_TransactionUID, transaction.value()))
        return fail(refused().error());
    DimseMessage request;
    request.command = Dimse::NSetRq;
    request.requestedSopClass = kPush;
    request.requestedInstance = task.value();
    if (const Status put = setDataSet(*context, modifications, request); !put)
        return fail(put.error());
    const Result<DimseMessage> response = m_association->exchange(std::move(request));
    if (!response)
        return fail(response.error());
    return response->status;
}

Result<int> UpsSession::action(const QStringList& abstractSyntaxes, const QString& instance, int type,
                               DcmDataset& information) {
    const Result<AcceptedContext> context = m_association->require(abstractSyntaxes);
    if (!context)
        return fail(context.error());
    DimseMessage request;
    request.command = Dimse::NActionRq;
    request.requestedSopClass = kPush;
    request.requestedInstance = instance;
    request.actionType = type;
    if (const Status put = setDataSet(*context, information, request); !put)
        return fail(put.error());
    const Result<DimseMessage> response = m_association->exchange(std::move(request));
    if (!response)
        return fail(response.error());
    return response->status;
}

Result<int> UpsSession::changeState(const WorkitemUid& task, const TransactionUid& transaction, UpsState state) {
    DcmDataset information;
    if (!putText(information, DCM_ProcedureStepState, upsStateName(state)) ||
        !putText(information, DCM_TransactionUID, transaction.value()))
        return fail(refused().error());
    return action({kPull}, task.value(), ups::kActionChangeState, information);
}

Result<int> UpsSession::requestCancel(const WorkitemUid& task, const QString& reason) {
    DcmDataset information;
    if (!putText(information, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192")) ||
        !putText(information, DCM_ReasonForCancellation, reason))
        return fail(refused().error());
    return action({kWatch, kPush}, task.value(), ups::kActionRequestCancel, information);
}

Result<int> UpsSession::subscription(int type, const QString& receivingAeTitle) {
    DcmDataset information;
    if (!putText(information, DCM_ReceivingAE, receivingAeTitle))
        return fail(refused().error());
    if (type == ups::kActionSubscribe && !putText(information, DCM_DeletionLock, QStringLiteral("FALSE")))
        return fail(refused().error());
    return action({kWatch}, QLatin1String(UID_UPSGlobalSubscriptionSOPInstance), type, information);
}

} // namespace yz
