#include "dicom/net/retrieval.h"

#include "core/uid.h"
#include "dicom/data/part10_dcmtk.h"
#include "dicom/net/retrieve_request.h"

namespace yz {

namespace {

constexpr int kSuccess = 0x0000;
constexpr int kStoreOutOfResources = 0xA700;
constexpr int kStoreCannotUnderstand = 0xC000;
constexpr std::chrono::milliseconds kCancelLimit{2000};

} // namespace

Retrieval::Retrieval(Association& association, AcceptedContext getContext, RetrievalIntake& intake, CancelToken stop)
    : m_association(association), m_context(std::move(getContext)), m_intake(intake), m_stop(std::move(stop)) {
    m_association.onData = [this](qint64 bytes) { noteArriving(bytes); };
}

Retrieval::~Retrieval() {
    m_association.onData = {};
    settleArriving();
}

Status Retrieval::get(const StudyUid& study, const SeriesUid& series, const std::vector<InstanceUid>& instances) {
    m_failed = 0;
    m_refusedAtOnce = false;
    const Result<DimseMessage> request =
        retrieveRequest(Dimse::CGetRq, m_association, m_context, study, series, instances);
    if (!request)
        return fail(request.error());
    if (const Status sent = m_association.send(*request); !sent)
        return sent;
    return run(*request);
}

Status Retrieval::run(const DimseMessage& request) {
    bool anything = false;
    while (true) {
        Result<DimseMessage> message = m_association.receive(Association::kMaxObjectBytes);
        if (!message) {
            if (message.error().code == ErrorCode::Cancelled)
                stopPeer(request.messageId);
            return fail(message.error());
        }
        if (message->command == Dimse::CStoreRq) {
            anything = true;
            DimseMessage head = *message;
            head.data.clear();
            const std::optional<int> status = take(std::move(*message));
            const Status answered = m_association.respond(head, status.value_or(kStoreOutOfResources));
            if (!status || (!answered && answered.error().code == ErrorCode::Cancelled)) {
                stopPeer(request.messageId);
                return fail(ErrorCode::Cancelled);
            }
            if (!answered)
                return answered;
            continue;
        }
        if (message->command != Dimse::CGetRsp || message->respondedTo != request.messageId)
            return fail(ErrorCode::PeerError, QStringLiteral("unexpected message during C-GET"));
        if (isPending(*message))
            continue;
        m_failed = message->failed.value_or(0);
        Status verdict = retrieveVerdict(*message, QStringLiteral("C-GET"));
        m_refusedAtOnce = !verdict && verdict.error().code != ErrorCode::StudyIncomplete &&
                          verdict.error().code != ErrorCode::Cancelled && !anything;
        return verdict;
    }
}

std::optional<int> Retrieval::take(DimseMessage&& store) {
    settleArriving();
    const AcceptedContext* context = m_association.find(store.context);
    if (context == nullptr || !store.hasData || !isValidUid(store.affectedInstance) ||
        !isValidUid(store.affectedSopClass))
        return kStoreCannotUnderstand;
    if (!m_intake.wants(store.affectedInstance))
        return kSuccess;
    ReceivedObject object{InstanceUid(store.affectedInstance), SopClassUid(store.affectedSopClass), {}};
    const qint64 bytes = store.data.size();
    object.file =
        dicom::part10FromBytes(store.affectedSopClass, store.affectedInstance, context->transferSyntax, store.data);
    store.data.clear();
    if (!m_intake.put(std::move(object), bytes, m_stop) && m_stop.isCancelled())
        return std::nullopt;
    return kSuccess;
}

void Retrieval::noteArriving(qint64 bytes) {
    m_arriving += bytes;
    m_intake.arriving(bytes);
}

void Retrieval::settleArriving() {
    m_intake.arriving(-m_arriving);
    m_arriving = 0;
}

void Retrieval::stopPeer(quint16 messageId) {
    m_association.allowAfterCancel(kCancelLimit);
    DimseMessage cancel;
    cancel.command = Dimse::CCancelRq;
    cancel.context = m_context.id;
    cancel.respondedTo = messageId;
    if (!m_association.send(cancel))
        return m_association.abort();
    while (true) {
        const Result<DimseMessage> message = m_association.receive(Association::kMaxObjectBytes);
        if (!message)
            return m_association.abort(); // too slow, or cut in the middle of an object
        if (message->command == Dimse::CStoreRq) {
            if (!m_association.respond(*message, kStoreOutOfResources))
                return m_association.abort();
        } else if (message->command == Dimse::CGetRsp && !isPending(*message)) {
            return m_association.release();
        }
    }
}

} // namespace yz
