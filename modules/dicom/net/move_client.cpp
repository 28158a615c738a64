#include "dicom/net/move_client.h"

#include "dicom/net/arrival_board.h"
#include "dicom/net/association.h"
#include "dicom/net/event_listener.h"
#include "dicom/net/retrieve_request.h"
#include "domain/retrieval_order.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <set>

namespace yz {

namespace {

constexpr std::chrono::milliseconds kSlice{20};
constexpr size_t kUidsWhileReading = 32; // the reader may go to another series meanwhile
constexpr std::chrono::milliseconds kCancelLimit{2000};

const QString& moveModel() {
    static const QString uid = QLatin1String(UID_MOVEStudyRootQueryRetrieveInformationModel);
    return uid;
}

/// One retrieval: requests over one association after the other, objects from the board to the sink.
class Move {
public:
    Move(const NetworkSettings& settings, const RetrieveRequest& request, ArrivalBoard::Expected& expected,
         const StudySource::ObjectSink& sink, const StudySource::ProgressSink& progress, int total)
        : m_settings(settings), m_order(request), m_expected(expected), m_sink(sink), m_progressSink(progress) {
        m_progress.total = total;
    }
    [[nodiscard]] const std::set<QString>& received() const { return m_received; }
    /// What the archive said last about objects it could not send.
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }

    /// `objects`: what is asked for; `isWhole`: in one request for the study or `series`.
    Status run(const StudyUid& study, const SeriesUid& series, std::vector<InstanceRecord> objects, bool isWhole,
               const CancelToken& token) {
        const auto association = Association::open(m_settings, {{moveModel(), messageTransferSyntaxes()}}, token);
        if (!association)
            return fail(association.error());
        const Result<AcceptedContext> context = (*association)->require({moveModel()});
        if (!context)
            return fail(context.error());
        m_association = association->get();
        m_context = *context;
        Status asked;
        while (asked && !objects.empty()) {
            m_order.arrange(objects);
            const std::vector<InstanceUid> group =
                sameSeries(objects, m_order.isMoving() ? kUidsWhileReading : kUidsPerRequest);
            asked = isWhole ? ask(study, series, {}) : ask(study, objects.front().series, group);
            if (!asked && asked.error().code == ErrorCode::StudyIncomplete) {
                m_problem = asked.error();
                asked = Status();
            }
            objects.erase(objects.begin(), isWhole ? objects.end() : objects.begin() + std::ptrdiff_t(group.size()));
        }
        if (asked)
            (*association)->release();
        m_association = nullptr;
        return asked;
    }

    void tellBroken() {
        m_progress.isBroken = true;
        if (m_progressSink)
            m_progressSink(m_progress);
        m_progress.isBroken = false;
    }

private:
    Status ask(const StudyUid& study, const SeriesUid& series, const std::vector<InstanceUid>& instances) {
        Result<DimseMessage> request =
            retrieveRequest(Dimse::CMoveRq, *m_association, m_context, study, series, instances);
        if (!request)
            return fail(request.error());
        request->moveDestination = m_settings.callingAeTitle;
        if (const Status sent = m_association->send(*request); !sent)
            return sent;
        return await(request->messageId);
    }

    Status await(quint16 messageId) {
        while (true) {
            if (const Status drained = drain(); !drained) {
                stopPeer(messageId);
                return drained;
            }
            const Result<bool> waiting = m_association->waitForMessage(kSlice);
            if (!waiting) {
                stopPeer(messageId);
                return fail(waiting.error());
            }
            if (!*waiting)
                continue;
            const Result<DimseMessage> message = m_association->receive();
            if (!message)
                return fail(message.error());
            if (message->command != Dimse::CMoveRsp || message->respondedTo != messageId)
                return fail(ErrorCode::PeerError, QStringLiteral("unexpected message during C-MOVE"));
            if (isPending(*message))
                continue;
            // The peer reports after our last C-STORE answer: whatever came is on the board by now.
            if (const Status drained = drain(); !drained)
                return drained;
            return retrieveVerdict(*message, QStringLiteral("C-MOVE"));
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
        m_association->allowAfterCancel(kCancelLimit);
        DimseMessage cancel;
        cancel.command = Dimse::CCancelRq;
        cancel.context = m_context.id;
        cancel.respondedTo = messageId;
        if (m_association->send(cancel))
            while (const Result<DimseMessage> message = m_association->receive()) {
                while (m_expected.take()) // a peer that waits for its answer cannot read the cancel
                    ;
                if (message->command == Dimse::CMoveRsp && !isPending(*message))
                    return m_association->release();
            }
        m_association->abort();
    }

    const NetworkSettings& m_settings;
    RetrievalOrder m_order;
    Association* m_association = nullptr; ///< while run() asks
    AcceptedContext m_context;
    ArrivalBoard::Expected& m_expected;
    const StudySource::ObjectSink& m_sink;
    const StudySource::ProgressSink& m_progressSink;
    std::set<QString> m_received;
    std::optional<Error> m_problem;
    RetrieveProgress m_progress;
};

} // namespace

DicomMoveClient::DicomMoveClient(NetworkSettings settings, EventListener& listener)
    : m_settings(settings), m_listener(listener), m_find(std::move(settings), DicomStudyClient::Use::QueryOnly) {}

Result<std::vector<StudySummary>> DicomMoveClient::findStudies(const StudyQuery& query, const CancelToken& token) {
    return m_find.findStudies(query, token);
}

Result<std::vector<InstanceRecord>> DicomMoveClient::findInstances(const StudyUid& study, const CancelToken& token) {
    return m_find.findInstances(study, token);
}

Status DicomMoveClient::retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                                 const CancelToken& token) {
    if (const Status checked = checkRequest(request); !checked)
        return checked;
    if (m_listener.port() == 0)
        return fail(ErrorCode::EventPortTaken, QStringLiteral("no port on which C-MOVE could deliver"));
    std::vector<InstanceRecord> known;
    if (!namesObjects(request)) {
        Result<std::vector<InstanceRecord>> found = m_find.findInstances(request.study, token);
        if (!found)
            return fail(found.error());
        known = std::move(*found);
    }
    std::vector<InstanceRecord> missing = wantedObjects(request, known);
    if (missing.empty())
        return fail(ErrorCode::NotFound, QStringLiteral("the archive has no such study or series"));
    std::set<QString> wanted;
    for (const InstanceRecord& object : missing)
        wanted.insert(object.instance.value());

    ArrivalBoard::Expected expected(m_listener.arrivals(), wanted);
    Move move(m_settings, request, expected, sink, progress, static_cast<int>(wanted.size()));
    Patience patience(m_settings.retry);
    const std::shared_ptr<Pauser> pauser = m_settings.pauser ? m_settings.pauser : systemPauser();
    bool isWhole = !namesObjects(request);
    size_t seen = 0;
    while (true) {
        const Status ran = move.run(request.study, request.series, missing, isWhole, token);
        std::erase_if(missing,
                      [&](const InstanceRecord& object) { return move.received().contains(object.instance.value()); });
        if (!ran && !isLineError(ran.error().code))
            return ran;
        if (missing.empty())
            break;
        // The way back may have broken, which the archive calls failed objects: once more as long as that helps.
        if (ran && (!move.problem() || move.received().size() == seen))
            break;
        if (move.received().size() > seen)
            patience.reward();
        seen = move.received().size();
        isWhole = isWhole && seen == 0;
        if (ran)
            continue;
        const std::optional<std::chrono::milliseconds> pause = patience.afterFailure();
        if (!pause)
            return ran;
        move.tellBroken();
        if (!pauser->pause(*pause, token))
            return fail(ErrorCode::Cancelled);
    }
    if (!missing.empty())
        return fail(ErrorCode::StudyIncomplete,
                    QStringLiteral("%1 of %2 objects did not come").arg(missing.size()).arg(wanted.size()) +
                        (move.problem() ? QStringLiteral(": ") + move.problem()->detail : QString()));
    return {};
}

} // namespace yz
