#include "dicom/net/report_client.h"

#include "core/log.h"
#include "dicom/net/association.h"
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/event_report.h"
#include "dicom/net/part10_head.h"
#include "dicom/net/query_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>

namespace yz {

namespace {

constexpr int kRequestCommitment = 1; // PS3.4 J.3.2
constexpr std::chrono::milliseconds kSlice{100};

bool isWarning(int status) { return (status & 0xF000) == 0xB000; }

Result<std::vector<Part10Head>> readHeads(const std::vector<ObjectToSend>& objects) {
    std::vector<Part10Head> heads;
    for (const ObjectToSend& object : objects) {
        Result<Part10Head> head = readPart10Head(object.file);
        if (!head)
            return fail(head.error());
        if (head->object != object.object)
            return fail(ErrorCode::InvalidArgument, QStringLiteral("file meta names another object"));
        heads.push_back(std::move(*head));
    }
    return heads;
}

Status putReferences(DcmDataset& dataset, const std::vector<SopReference>& objects, const TransactionUid& transaction) {
    bool ok = putText(dataset, DCM_TransactionUID, transaction.value());
    for (const SopReference& object : objects) {
        DcmItem* item = ok ? addItem(dataset, DCM_ReferencedSOPSequence) : nullptr;
        ok = item != nullptr && putText(*item, DCM_ReferencedSOPClassUID, object.sopClass.value()) &&
             putText(*item, DCM_ReferencedSOPInstanceUID, object.instance.value());
    }
    if (!ok)
        return fail(ErrorCode::Internal, QStringLiteral("commitment request refused"));
    return {};
}

/// For what the peer may not take. Some refuse the whole association when they want none of its contexts, and do not
/// say why; with one that every peer takes (PS3.4 Annex A) the answer is about the service or the object.
Result<std::unique_ptr<Association>> openFor(const NetworkSettings& settings, std::vector<ContextProposal> proposals,
                                             const CancelToken& token) {
    proposals.push_back({QLatin1String(UID_VerificationSOPClass), messageTransferSyntaxes()});
    return Association::open(settings, proposals, token);
}

Result<std::unique_ptr<Association>> openFor(const NetworkSettings& settings, const char* service,
                                             const CancelToken& token) {
    return openFor(settings, {ContextProposal{QLatin1String(service), messageTransferSyntaxes()}}, token);
}

} // namespace

DicomReportClient::DicomReportClient(NetworkSettings settings, const CommitmentBoard* commitments)
    : m_settings(std::move(settings)), m_commitments(commitments) {}

Result<bool> DicomReportClient::has(const StudyUid& study, const SeriesUid& series, const InstanceUid& instance,
                                    const CancelToken& token) {
    auto association = openFor(m_settings, UID_FINDStudyRootQueryRetrieveInformationModel, token);
    if (!association)
        return fail(association.error());
    const Result<AcceptedContext> context =
        (*association)->require({QLatin1String(UID_FINDStudyRootQueryRetrieveInformationModel)});
    if (!context)
        return fail(context.error());
    DcmDataset identifier;
    if (const Status put = putKeys(identifier, "IMAGE",
                                   {{DCM_StudyInstanceUID, study.value()},
                                    {DCM_SeriesInstanceUID, series.value()},
                                    {DCM_SOPInstanceUID, instance.value()}});
        !put)
        return fail(put.error());
    bool found = false;
    const Status asked = runFind(**association, *context, identifier, [&](DcmDataset& match) -> Status {
        found = found || getText(match, DCM_SOPInstanceUID) == instance.value();
        return {};
    });
    // A query that could not be done (0xCxxx, 0xA9xx) is no word against the object.
    if (!asked)
        return asked.error().code == ErrorCode::PeerRefusedObject ? fail(ErrorCode::PeerError, asked.error().detail)
                                                                  : fail(asked.error());
    (*association)->release();
    return found;
}

Status DicomReportClient::store(const std::vector<ObjectToSend>& objects, const CancelToken& token) {
    const Result<std::vector<Part10Head>> heads = readHeads(objects);
    if (!heads)
        return fail(heads.error());
    if (heads->empty())
        return {};
    std::vector<ContextProposal> proposals;
    for (const Part10Head& head : *heads) {
        const ContextProposal proposal{head.object.sopClass.value(), {head.transferSyntax}};
        const bool known = std::any_of(proposals.begin(), proposals.end(), [&](const ContextProposal& other) {
            return other.abstractSyntax == proposal.abstractSyntax &&
                   other.transferSyntaxes == proposal.transferSyntaxes;
        });
        if (!known)
            proposals.push_back(proposal);
    }
    auto association = openFor(m_settings, std::move(proposals), token);
    if (!association)
        return fail(association.error());
    // All or nothing, as far as it is known beforehand: an SR without its PDF is half a report.
    for (const Part10Head& head : *heads)
        if ((*association)->find(head.object.sopClass.value(), head.transferSyntax) == nullptr)
            return fail(ErrorCode::PresentationContextRefused, head.object.sopClass.value());
    for (size_t i = 0; i < objects.size(); ++i) {
        const Part10Head& head = (*heads)[i];
        const AcceptedContext* context = (*association)->find(head.object.sopClass.value(), head.transferSyntax);
        DimseMessage request;
        request.command = Dimse::CStoreRq;
        request.context = context->id;
        request.affectedSopClass = head.object.sopClass.value();
        request.affectedInstance = head.object.instance.value();
        request.withPriority = true;
        request.hasData = true;
        request.data = objects[i].file.mid(head.dataSetAt);
        const Result<DimseMessage> response = (*association)->exchange(std::move(request));
        if (!response)
            return fail(response.error());
        if (response->status != 0 && !isWarning(response->status))
            return fail(statusError(response->status, QStringLiteral("C-STORE")));
        if (response->status != 0)
            qCWarning(logNet) << "stored with warning" << statusText(response->status);
    }
    (*association)->release();
    return {};
}

Result<CommitmentOutcome> DicomReportClient::commit(const std::vector<SopReference>& objects,
                                                    const TransactionUid& transaction,
                                                    std::chrono::milliseconds timeout, const CancelToken& token) {
    if (objects.empty() || transaction.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("nothing to commit or no transaction"));
    const auto end = std::chrono::steady_clock::now() + timeout;
    auto opened = openFor(m_settings, UID_StorageCommitmentPushModelSOPClass, token);
    if (!opened)
        return fail(opened.error());
    Association& association = **opened;
    const Result<AcceptedContext> context =
        association.require({QLatin1String(UID_StorageCommitmentPushModelSOPClass)});
    if (!context)
        return fail(context.error());
    CommitmentBoard here; // what comes back on this association
    association.onRequest = [&](const DimseMessage& message) {
        constexpr int kUnrecognizedOperation = 0x0211;
        return message.command == Dimse::NEventReportRq ? handleEventReport(association, message, &here, {})
                                                        : kUnrecognizedOperation;
    };

    DcmDataset information;
    if (const Status put = putReferences(information, objects, transaction); !put)
        return fail(put.error());
    DimseMessage request;
    request.command = Dimse::NActionRq;
    request.requestedSopClass = QLatin1String(UID_StorageCommitmentPushModelSOPClass);
    request.requestedInstance = QLatin1String(UID_StorageCommitmentPushModelSOPInstance);
    request.actionType = kRequestCommitment;
    if (const Status set = setDataSet(*context, information, request); !set)
        return fail(set.error());
    const Result<DimseMessage> response = association.exchange(std::move(request));
    if (!response)
        return fail(response.error());
    if (response->status != 0)
        return fail(statusError(response->status, QStringLiteral("N-ACTION storage commitment")));

    bool open = true; // a peer that answers on another association may release this one
    while (true) {
        if (std::optional<CommitmentOutcome> outcome = here.find(transaction)) {
            association.release();
            return *outcome;
        }
        if (m_commitments != nullptr)
            if (std::optional<CommitmentOutcome> outcome = m_commitments->find(transaction)) {
                association.release();
                return *outcome;
            }
        if (token.isCancelled())
            return fail(ErrorCode::Cancelled);
        if (std::chrono::steady_clock::now() >= end)
            return fail(ErrorCode::NetworkTimeout, QStringLiteral("no storage commitment result in time"));
        if (!open) {
            if (m_commitments == nullptr)
                return fail(ErrorCode::AssociationAborted, QStringLiteral("closed before the commitment result came"));
            (void)m_commitments->wait(transaction, kSlice, token);
            continue;
        }
        const Result<bool> waiting = association.waitForMessage(kSlice);
        if (!waiting)
            return fail(waiting.error());
        if (!*waiting)
            continue;
        const Result<DimseMessage> message = association.receive();
        if (!message) {
            if (message.error().code == ErrorCode::Cancelled)
                return fail(message.error());
            open = false;
        } else if (!message->isResponse()) {
            if (const Status answered = association.respond(*message, association.onRequest(*message)); !answered)
                open = false;
        }
    }
}

} // namespace yz
