#include "dicom/net/move_client.h"

#include "dicom/net/arrival_board.h"
#include "dicom/net/association.h"
#include "dicom/net/event_listener.h"
#include "dicom/net/query_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>

namespace yz {

namespace {

constexpr int kSuccess = 0x0000;
constexpr int kPending = 0xFF00;
constexpr int kCancelled = 0xFE00;
constexpr int kSomeFailed = 0xB000;
constexpr int kDestinationUnknown = 0xA801;
constexpr qsizetype kUidsPerRequest = 100;
constexpr std::chrono::milliseconds kSlice{20};
constexpr std::chrono::milliseconds kCancelLimit{2000};

/// One retrieval: requests over one association, objects from the board to the sink.
class Move {
public:
    Move(Association& association, AcceptedContext context, QString destination, ArrivalBoard::Expected& expected,
         const StudySource::ObjectSink& sink, const StudySource::ProgressSink& progress, int total)
        : m_association(association), m_context(std::move(context)), m_destination(std::move(destination)),
          m_expected(expected), m_sink(sink), m_progressSink(progress) {
        m_progress.total = total;
    }
    [[nodiscard]] const std::set<QString>& received() const { return m_received; }

    Status ask(const StudyUid& study, const SeriesUid& series, const QStringList& instances) {
        const char* level = !instances.isEmpty() ? "IMAGE" : !series.isEmpty() ? "SERIES" : "STUDY";
        std::vector<QueryKey> keys{{DCM_StudyInstanceUID, study.value()}};
        if (!series.isEmpty())
            keys.push_back({DCM_SeriesInstanceUID, series.value()});
        if (!instances.isEmpty())
            keys.push_back({DCM_SOPInstanceUID, instances.join(u'\\')});
        DcmDataset identifier;
        if (const Status put = putKeys(identifier, level, keys); !put)
            return put;
        DimseMessage request;
        request.command = Dimse::CMoveRq;
        request.affectedSopClass = m_context.abstractSyntax;
        request.moveDestination = m_destination;
        request.withPriority = true;
        request.messageId = m_association.nextMessageId();
        if (const Status set = setDataSet(m_context, identifier, request); !set)
            return set;
        if (const Status sent = m_association.send(request); !sent)
            return sent;
        return await(request.messageId);
    }

private:
    Status await(quint16 messageId) {
        while (true) {
            if (const Status drained = drain(); !drained) {
                stopPeer(messageId);
                return drained;
            }
            const Result<bool> waiting = m_association.waitForMessage(kSlice);
            if (!waiting) {
                stopPeer(messageId);
                return fail(waiting.error());
            }
            if (!*waiting)
                continue;
            const Result<DimseMessage> message = m_association.receive();
            if (!message)
                return fail(message.error());
            if (message->command != Dimse::CMoveRsp || message->respondedTo != messageId)
                return fail(ErrorCode::PeerError, QStringLiteral("unexpected message during C-MOVE"));
            if (message->status == kPending)
                continue;
            // The peer reports after our last C-STORE answer: whatever came is on the board by now.
            if (const Status drained = drain(); !drained)
                return drained;
            return verdict(*message);
        }
    }

    static Status verdict(const DimseMessage& message) {
        switch (message.status) {
        case kSuccess:
            return {};
        case kSomeFailed:
            return fail(ErrorCode::StudyIncomplete,
                        QStringLiteral("%1 objects could not be sent").arg(message.failed.value_or(0)));
        case kCancelled:
            return fail(ErrorCode::Cancelled);
        case kDestinationUnknown:
            return fail(ErrorCode::CallingAeTitleRefused, QStringLiteral("C-MOVE: destination unknown"));
        default:
            return fail(statusError(message.status, QStringLiteral("C-MOVE")));
        }
    }

    Status drain() {
        while (std::optional<ReceivedObject> object = m_expected.take()) {
            const QString instance = object->instance.value();
            if (m_received.contains(instance)) // sent twice
                continue;
            const qint64 bytes = object->file.size();
            if (const Status taken = m_sink(std::move(*object)); !taken)
                return taken;
            m_received.insert(instance);
            m_progress.received = static_cast<int>(m_received.size());
            m_progress.bytes += bytes;
            if (m_progressSink)
                m_progressSink(m_progress);
        }
        return {};
    }

    void stopPeer(quint16 messageId) {
        m_association.allowAfterCancel(kCancelLimit);
        DimseMessage cancel;
        cancel.command = Dimse::CCancelRq;
        cancel.context = m_context.id;
        cancel.respondedTo = messageId;
        if (m_association.send(cancel))
            while (const Result<DimseMessage> message = m_association.receive()) {
                while (m_expected.take()) // a peer that waits for its answer cannot read the cancel
                    ;
                if (message->command == Dimse::CMoveRsp && message->status != kPending)
                    return m_association.release();
            }
        m_association.abort();
    }

    Association& m_association;
    AcceptedContext m_context;
    QString m_destination;
    ArrivalBoard::Expected& m_expected;
    const StudySource::ObjectSink& m_sink;
    const StudySource::ProgressSink& m_progressSink;
    std::set<QString> m_received;
    RetrieveProgress m_progress;
};

} // namespace

DicomMoveClient::DicomMoveClient(NetworkSettings settings, EventListener& listener)
    : m_settings(settings), m_listener(listener), m_find(std::move(settings)) {}

Result<std::vector<StudySummary>> DicomMoveClient::findStudies(const StudyQuery& query, const CancelToken& token) {
    return m_find.findStudies(query, token);
}

Result<std::vector<InstanceRecord>> DicomMoveClient::findInstances(const StudyUid& study, const CancelToken& token) {
    return m_find.findInstances(study, token);
}

Status DicomMoveClient::retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                                 const CancelToken& token) {
    if (request.study.isEmpty() || (!request.instances.empty() && request.series.isEmpty()))
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("study, and series for single instances, must be given"));
    if (m_listener.port() == 0)
        return fail(ErrorCode::EventPortTaken, QStringLiteral("no port on which C-MOVE could deliver"));
    std::set<QString> wanted;
    QStringList named;
    for (const InstanceUid& instance : request.instances) {
        wanted.insert(instance.value());
        named.append(instance.value());
    }
    if (wanted.empty()) {
        const Result<std::vector<InstanceRecord>> known = m_find.findInstances(request.study, token);
        if (!known)
            return fail(known.error());
        for (const InstanceRecord& record : *known)
            if (request.series.isEmpty() || record.series == request.series)
                wanted.insert(record.instance.value());
    }
    if (wanted.empty())
        return fail(ErrorCode::NotFound, QStringLiteral("the archive has no such study or series"));

    ArrivalBoard::Expected expected(m_listener.arrivals(), wanted);
    const auto association = Association::open(
        m_settings, {{QLatin1String(UID_MOVEStudyRootQueryRetrieveInformationModel), messageTransferSyntaxes()}},
        token);
    if (!association)
        return fail(association.error());
    const Result<AcceptedContext> context =
        (*association)->require({QLatin1String(UID_MOVEStudyRootQueryRetrieveInformationModel)});
    if (!context)
        return fail(context.error());
    Move move(**association, *context, m_settings.callingAeTitle, expected, sink, progress,
              static_cast<int>(wanted.size()));
    std::optional<Error> incomplete;
    qsizetype at = 0;
    do {
        const Status asked = move.ask(request.study, request.series, named.mid(at, kUidsPerRequest));
        if (!asked && asked.error().code != ErrorCode::StudyIncomplete)
            return asked;
        if (!asked)
            incomplete = asked.error();
        at += kUidsPerRequest;
    } while (at < named.size());
    (*association)->release();
    const auto lost =
        std::count_if(wanted.begin(), wanted.end(), [&](const QString& uid) { return !move.received().contains(uid); });
    if (lost > 0)
        return fail(ErrorCode::StudyIncomplete,
                    QStringLiteral("%1 of %2 objects did not come").arg(lost).arg(wanted.size()) +
                        (incomplete ? QStringLiteral(": ") + incomplete->detail : QString()));
    return {};
}

} // namespace yz
