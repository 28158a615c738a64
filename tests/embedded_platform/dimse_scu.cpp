#include "dimse_scu.h"

#include <cstring>
#include <dcmtk/dcmnet/diutil.h>

namespace yz::test {

namespace {

void copyUid(char* target, const QString& uid) { OFStandard::strlcpy(target, uid.toLatin1().constData(), 65); }

} // namespace

QString DimseScu::upsPull() { return QStringLiteral(UID_UnifiedProcedureStepPullSOPClass); }
QString DimseScu::upsPush() { return QStringLiteral(UID_UnifiedProcedureStepPushSOPClass); }
QString DimseScu::upsWatch() { return QStringLiteral(UID_UnifiedProcedureStepWatchSOPClass); }

DimseScu::DimseScu(quint16 port, const QStringList& sopClasses, const QString& callingAeTitle,
                   const QString& calledAeTitle) {
    ASC_initializeNetwork(NET_REQUESTOR, 0, 10, &m_network);
    T_ASC_Parameters* parameters = nullptr;
    ASC_createAssociationParameters(&parameters, ASC_DEFAULTMAXPDU);
    ASC_setAPTitles(parameters, callingAeTitle.toLatin1().constData(), calledAeTitle.toLatin1().constData(), nullptr);
    const QByteArray address = "127.0.0.1:" + QByteArray::number(port);
    ASC_setPresentationAddresses(parameters, "localhost", address.constData());
    const char* syntaxes[] = {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax};
    T_ASC_PresentationContextID id = 1;
    for (const QString& sopClass : sopClasses) {
        ASC_addPresentationContext(parameters, id, sopClass.toLatin1().constData(), syntaxes, 2);
        id = static_cast<T_ASC_PresentationContextID>(id + 2);
    }
    if (ASC_requestAssociation(m_network, parameters, &m_association).bad()) {
        if (m_association != nullptr)
            ASC_destroyAssociation(&m_association);
        m_association = nullptr;
    }
}

DimseScu::~DimseScu() {
    if (m_association != nullptr) {
        ASC_releaseAssociation(m_association);
        ASC_destroyAssociation(&m_association);
    }
    ASC_dropNetwork(&m_network);
}

void DimseScu::abort() {
    ASC_abortAssociation(m_association);
    ASC_destroyAssociation(&m_association);
    m_association = nullptr;
}

DimseScu::Answer DimseScu::exchange(const QString& contextClass, T_DIMSE_Message& request, DcmDataset* dataSet) {
    Answer answer;
    const T_ASC_PresentationContextID id =
        ASC_findAcceptedPresentationContextID(m_association, contextClass.toLatin1().constData());
    if (id == 0 ||
        DIMSE_sendMessageUsingMemoryData(m_association, id, &request, nullptr, dataSet, nullptr, nullptr).bad())
        return answer;
    T_ASC_PresentationContextID responseId = 0;
    T_DIMSE_Message response{};
    DcmDataset* detail = nullptr;
    if (DIMSE_receiveCommand(m_association, DIMSE_NONBLOCKING, 30, &responseId, &response, &detail).bad())
        return answer;
    delete detail;
    T_DIMSE_DataSetType type = DIMSE_DATASET_NULL;
    switch (response.CommandField) {
    case DIMSE_N_ACTION_RSP:
        answer.status = response.msg.NActionRSP.DimseStatus;
        type = response.msg.NActionRSP.DataSetType;
        break;
    case DIMSE_N_GET_RSP:
        answer.status = response.msg.NGetRSP.DimseStatus;
        type = response.msg.NGetRSP.DataSetType;
        break;
    case DIMSE_N_SET_RSP:
        answer.status = response.msg.NSetRSP.DimseStatus;
        type = response.msg.NSetRSP.DataSetType;
        break;
    case DIMSE_N_CREATE_RSP:
        answer.status = response.msg.NCreateRSP.DimseStatus;
        answer.instance = QString::fromLatin1(response.msg.NCreateRSP.AffectedSOPInstanceUID);
        type = response.msg.NCreateRSP.DataSetType;
        break;
    case DIMSE_C_STORE_RSP:
        answer.status = response.msg.CStoreRSP.DimseStatus;
        type = response.msg.CStoreRSP.DataSetType;
        break;
    default:
        break;
    }
    if (type == DIMSE_DATASET_PRESENT) {
        DcmDataset* received = nullptr;
        DIMSE_receiveDataSetInMemory(m_association, DIMSE_NONBLOCKING, 30, &responseId, &received, nullptr, nullptr);
        answer.dataSet.reset(received);
    }
    return answer;
}

DimseScu::Answer DimseScu::action(const QString& contextClass, const QString& sopClass, const QString& instance,
                                  int type, DcmDataset& information) {
    T_DIMSE_Message request{};
    request.CommandField = DIMSE_N_ACTION_RQ;
    T_DIMSE_N_ActionRQ& rq = request.msg.NActionRQ;
    rq.MessageID = m_association->nextMsgID++;
    copyUid(rq.RequestedSOPClassUID, sopClass);
    copyUid(rq.RequestedSOPInstanceUID, instance);
    rq.ActionTypeID = static_cast<DIC_US>(type);
    rq.DataSetType = information.isEmpty() ? DIMSE_DATASET_NULL : DIMSE_DATASET_PRESENT;
    return exchange(contextClass, request, information.isEmpty() ? nullptr : &information);
}

DimseScu::Answer DimseScu::get(const QString& contextClass, const QString& instance,
                               const std::vector<DcmTagKey>& tags) {
    std::vector<DIC_US> list;
    for (const DcmTagKey& tag : tags) {
        list.push_back(tag.getGroup());
        list.push_back(tag.getElement());
    }
    T_DIMSE_Message request{};
    request.CommandField = DIMSE_N_GET_RQ;
    T_DIMSE_N_GetRQ& rq = request.msg.NGetRQ;
    rq.MessageID = m_association->nextMsgID++;
    copyUid(rq.RequestedSOPClassUID, upsPush());
    copyUid(rq.RequestedSOPInstanceUID, instance);
    rq.DataSetType = DIMSE_DATASET_NULL;
    rq.ListCount = static_cast<int>(list.size());
    rq.AttributeIdentifierList = list.empty() ? nullptr : list.data();
    return exchange(contextClass, request, nullptr);
}

DimseScu::Answer DimseScu::set(const QString& contextClass, const QString& instance, DcmDataset& modifications) {
    T_DIMSE_Message request{};
    request.CommandField = DIMSE_N_SET_RQ;
    T_DIMSE_N_SetRQ& rq = request.msg.NSetRQ;
    rq.MessageID = m_association->nextMsgID++;
    copyUid(rq.RequestedSOPClassUID, upsPush());
    copyUid(rq.RequestedSOPInstanceUID, instance);
    rq.DataSetType = DIMSE_DATASET_PRESENT;
    return exchange(contextClass, request, &modifications);
}

DimseScu::Answer DimseScu::create(const QString& contextClass, const QString& instance, DcmDataset& attributes) {
    T_DIMSE_Message request{};
    request.CommandField = DIMSE_N_CREATE_RQ;
    T_DIMSE_N_CreateRQ& rq = request.msg.NCreateRQ;
    rq.MessageID = m_association->nextMsgID++;
    copyUid(rq.AffectedSOPClassUID, upsPush());
    if (!instance.isEmpty()) {
        copyUid(rq.AffectedSOPInstanceUID, instance);
        rq.opts = O_NCREATE_AFFECTEDSOPINSTANCEUID;
    }
    rq.DataSetType = DIMSE_DATASET_PRESENT;
    return exchange(contextClass, request, &attributes);
}

DimseScu::Answer DimseScu::store(DcmDataset& dataSet, const QString& sopClass, const QString& instance) {
    T_DIMSE_Message request{};
    request.CommandField = DIMSE_C_STORE_RQ;
    T_DIMSE_C_StoreRQ& rq = request.msg.CStoreRQ;
    rq.MessageID = m_association->nextMsgID++;
    copyUid(rq.AffectedSOPClassUID, sopClass);
    copyUid(rq.AffectedSOPInstanceUID, instance);
    rq.DataSetType = DIMSE_DATASET_PRESENT;
    return exchange(sopClass, request, &dataSet);
}

std::vector<std::unique_ptr<DcmDataset>> DimseScu::find(const QString& contextClass, DcmDataset& keys) {
    std::vector<std::unique_ptr<DcmDataset>> found;
    T_DIMSE_C_FindRQ request{};
    request.MessageID = m_association->nextMsgID++;
    copyUid(request.AffectedSOPClassUID, contextClass);
    request.DataSetType = DIMSE_DATASET_PRESENT;
    T_DIMSE_C_FindRSP response{};
    DcmDataset* detail = nullptr;
    int count = 0;
    const auto collect = [](void* data, T_DIMSE_C_FindRQ*, int, T_DIMSE_C_FindRSP*, DcmDataset* identifiers) {
        auto* list = static_cast<std::vector<std::unique_ptr<DcmDataset>>*>(data);
        list->emplace_back(static_cast<DcmDataset*>(identifiers->clone()));
    };
    DIMSE_findUser(m_association,
                   ASC_findAcceptedPresentationContextID(m_association, contextClass.toLatin1().constData()), &request,
                   &keys, count, collect, &found, DIMSE_NONBLOCKING, 30, &response, &detail);
    delete detail;
    return found;
}

DimseScu::Event DimseScu::waitForEvent(int seconds) {
    Event event;
    T_ASC_PresentationContextID id = 0;
    T_DIMSE_Message request{};
    DcmDataset* detail = nullptr;
    if (DIMSE_receiveCommand(m_association, DIMSE_NONBLOCKING, seconds, &id, &request, &detail).bad() ||
        request.CommandField != DIMSE_N_EVENT_REPORT_RQ)
        return event;
    delete detail;
    DcmDataset* received = nullptr;
    DIMSE_receiveDataSetInMemory(m_association, DIMSE_NONBLOCKING, seconds, &id, &received, nullptr, nullptr);
    event.dataSet.reset(received);
    const T_DIMSE_N_EventReportRQ& rq = request.msg.NEventReportRQ;
    event.type = rq.EventTypeID;
    T_DIMSE_Message response{};
    response.CommandField = DIMSE_N_EVENT_REPORT_RSP;
    T_DIMSE_N_EventReportRSP& rsp = response.msg.NEventReportRSP;
    rsp.MessageIDBeingRespondedTo = rq.MessageID;
    rsp.DimseStatus = 0;
    rsp.DataSetType = DIMSE_DATASET_NULL;
    rsp.opts = O_NEVENTREPORT_AFFECTEDSOPCLASSUID | O_NEVENTREPORT_AFFECTEDSOPINSTANCEUID | O_NEVENTREPORT_EVENTTYPEID;
    rsp.EventTypeID = rq.EventTypeID;
    OFStandard::strlcpy(rsp.AffectedSOPClassUID, rq.AffectedSOPClassUID, 65);
    OFStandard::strlcpy(rsp.AffectedSOPInstanceUID, rq.AffectedSOPInstanceUID, 65);
    DIMSE_sendMessageUsingMemoryData(m_association, id, &response, nullptr, nullptr, nullptr, nullptr);
    return event;
}

int DimseScu::changeState(const QString& workitem, const char* state, const QString& transactionUid) {
    DcmDataset information;
    if (!transactionUid.isEmpty())
        information.putAndInsertString(DCM_TransactionUID, transactionUid.toLatin1().constData());
    information.putAndInsertString(DCM_ProcedureStepState, state);
    return action(upsPull(), upsPush(), workitem, 1, information).status;
}

} // namespace yz::test
