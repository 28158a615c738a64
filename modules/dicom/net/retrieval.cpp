#include "dicom/net/retrieval.h"

#include "core/uid.h"
#include "dicom/data/part10_dcmtk.h"
#include "dicom/net/query_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>

namespace yz {

namespace {

constexpr int kSuccess = 0x0000;
constexpr int kPending = 0xFF00;
constexpr int kCancelled = 0xFE00;
constexpr int kSomeFailed = 0xB000;
constexpr int kStoreOutOfResources = 0xA700;
constexpr int kStoreCannotUnderstand = 0xC000;
constexpr std::chrono::milliseconds kCancelLimit{2000};

} // namespace

Retrieval::Retrieval(const StudySource::ObjectSink& sink, const StudySource::ProgressSink& progress)
    : m_sink(sink), m_progressSink(progress) {}

void Retrieval::setAssociation(Association& association, AcceptedContext getContext) {
    m_association = &association;
    m_context = std::move(getContext);
}

Status Retrieval::get(const StudyUid& study, const SeriesUid& series, const std::vector<InstanceUid>& instances) {
    QStringList uids;
    for (const InstanceUid& instance : instances)
        uids.append(instance.value());
    const char* level = !uids.isEmpty() ? "IMAGE" : !series.isEmpty() ? "SERIES" : "STUDY";
    std::vector<QueryKey> keys{{DCM_StudyInstanceUID, study.value()}};
    if (!series.isEmpty())
        keys.push_back({DCM_SeriesInstanceUID, series.value()});
    if (!uids.isEmpty())
        keys.push_back({DCM_SOPInstanceUID, uids.join(u'\\')});
    DcmDataset identifier;
    if (const Status put = putKeys(identifier, level, keys); !put)
        return put;

    DimseMessage request;
    request.command = Dimse::CGetRq;
    request.affectedSopClass = m_context.abstractSyntax;
    request.withPriority = true;
    request.messageId = m_association->nextMessageId();
    if (const Status set = setDataSet(m_context, identifier, request); !set)
        return set;
    m_refusedAtOnce = false;
    if (const Status sent = m_association->send(request); !sent)
        return sent;
    return run(request);
}

Status Retrieval::run(const DimseMessage& request) {
    bool anything = false;
    while (true) {
        Result<DimseMessage> message = m_association->receive(Association::kMaxObjectBytes);
        if (!message) {
            if (message.error().code == ErrorCode::Cancelled)
                stopPeer(request.messageId);
            return fail(message.error());
        }
        if (message->command == Dimse::CStoreRq) {
            anything = true;
            DimseMessage head = *message;
            head.data.clear();
            Status taken;
            const int status = take(std::move(*message), taken);
            if (const Status answered = m_association->respond(head, status); !answered) {
                if (answered.error().code == ErrorCode::Cancelled)
                    stopPeer(request.messageId);
                return taken ? answered : taken;
            }
            if (!taken) {
                stopPeer(request.messageId);
                return taken;
            }
            continue;
        }
        if (message->command != Dimse::CGetRsp || message->respondedTo != request.messageId)
            return fail(ErrorCode::PeerError, QStringLiteral("unexpected message during C-GET"));
        if (message->status == kPending)
            continue;

        m_failed += message->failed.value_or(0);
        switch (message->status) {
        case kSuccess:
            return {};
        case kSomeFailed:
            return fail(ErrorCode::StudyIncomplete,
                        QStringLiteral("%1 objects could not be sent").arg(message->failed.value_or(0)));
        case kCancelled:
            return fail(ErrorCode::Cancelled);
        default:
            m_refusedAtOnce = !anything;
            return fail(statusError(message->status, QStringLiteral("C-GET")));
        }
    }
}

int Retrieval::take(DimseMessage&& store, Status& sinkStatus) {
    const AcceptedContext* context = m_association->find(store.context);
    if (context == nullptr || !store.hasData || !isValidUid(store.affectedInstance) ||
        !isValidUid(store.affectedSopClass))
        return kStoreCannotUnderstand;
    if (m_received.contains(store.affectedInstance) ||
        (!m_wanted.empty() && !m_wanted.contains(store.affectedInstance)))
        return kSuccess;

    ReceivedObject object{InstanceUid(store.affectedInstance), SopClassUid(store.affectedSopClass), {}};
    const qint64 bytes = store.data.size();
    object.file =
        dicom::part10FromBytes(store.affectedSopClass, store.affectedInstance, context->transferSyntax, store.data);
    store.data.clear();
    sinkStatus = m_sink(std::move(object));
    if (!sinkStatus)
        return kStoreOutOfResources;
    m_received.insert(store.affectedInstance);
    m_progress.received = static_cast<int>(m_received.size());
    m_progress.bytes += bytes;
    if (m_progressSink)
        m_progressSink(m_progress);
    return kSuccess;
}

void Retrieval::stopPeer(quint16 messageId) {
    m_association->allowAfterCancel(kCancelLimit);
    DimseMessage cancel;
    cancel.command = Dimse::CCancelRq;
    cancel.context = m_context.id;
    cancel.respondedTo = messageId;
    if (!m_association->send(cancel))
        return m_association->abort();
    while (true) {
        const Result<DimseMessage> message = m_association->receive(Association::kMaxObjectBytes);
        if (!message)
            return m_association->abort(); // too slow, or cut in the middle of an object
        if (message->command == Dimse::CStoreRq) {
            if (!m_association->respond(*message, kStoreOutOfResources))
                return m_association->abort();
        } else if (message->command == Dimse::CGetRsp && message->status != kPending) {
            return m_association->release();
        }
    }
}

} // namespace yz
