#include "dicom/net/ups_client.h"

#include "core/log.h"
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/query_dcmtk.h"
#include "dicom/net/ups_session_dcmtk.h"
#include "domain/ups_codes.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <set>

namespace yz {

namespace {

constexpr int kNoSuchInstance = 0x0112;

bool isSuccess(int status) {
    return status == 0 || status == 0x0001 || status == 0x0107 || (status & 0xFFF0) == 0xB300;
}

bool isFinished(int status) { return status == ups::kMayNoLongerBeUpdated || status == ups::kIsCompleted; }

Error upsError(int status, const QString& what) {
    const QString detail = what % QStringLiteral(" answered ") % statusText(status);
    switch (status) {
    case ups::kNoSuchWorkitem:
    case kNoSuchInstance:
        return {ErrorCode::TaskGone, detail};
    case ups::kAlreadyInProgress:
        return {ErrorCode::TaskClaimedByOther, detail};
    case ups::kWrongTransactionUid:
    case ups::kNotInProgress:
        return {ErrorCode::TaskNotClaimed, detail};
    case ups::kMayNoLongerBeUpdated:
    case ups::kIsCompleted:
    case ups::kScheduledOnlyByCreate:
    case ups::kFinalStateNotMet:
    case ups::kPerformerRefuses:
        return {ErrorCode::TaskStateForbids, detail};
    case ups::kReceivingAeUnknown:
        return {ErrorCode::InvalidArgument, detail};
    case ups::kActionNotAppropriate:
    case ups::kNoEventReports:
        return {ErrorCode::NotSupported, detail};
    case ups::kPerformerUnreachable:
        return {ErrorCode::PeerError, detail};
    default:
        return statusError(status, what);
    }
}

Status finish(UpsSession& session, const Result<int>& status, const QString& what) {
    if (!status)
        return fail(status.error());
    session.association().release();
    if (!isSuccess(*status))
        return fail(upsError(*status, what));
    return {};
}

/// The work item's state, when the platform tells it.
std::optional<UpsState> stateOf(UpsSession& session, const WorkitemUid& task) {
    const Result<UpsSession::GetAnswer> answer = session.get(task);
    UpsState state = UpsState::Scheduled;
    if (!answer || !answer->attributes ||
        !upsStateFromName(getText(*answer->attributes, DCM_ProcedureStepState), state))
        return std::nullopt;
    return state;
}

/// The error of a step after the claim that came too late.
Error finishedError(UpsSession& session, const WorkitemUid& task, int status, const QString& what) {
    Error error = upsError(status, what);
    if (stateOf(session, task) == UpsState::Canceled)
        error.code = ErrorCode::TaskWithdrawn;
    return error;
}

Result<int> putPerformer(UpsSession& session, const WorkitemUid& task, const TransactionUid& transaction,
                         const ups::PerformedProcedure& performed) {
    DcmDataset modifications;
    if (const Status put = ups::putPerformedProcedure(performed, modifications); !put)
        return fail(put.error());
    return session.set(task, transaction, modifications);
}

Status queryState(UpsSession& session, const QString& state, const QString& station, std::set<QString>& seen,
                  std::vector<ReadingTask>& tasks) {
    const Result<AcceptedContext> context = session.association().require(
        {QLatin1String(UID_UnifiedProcedureStepQuerySOPClass), QLatin1String(UID_UnifiedProcedureStepPullSOPClass),
         QLatin1String(UID_UnifiedProcedureStepWatchSOPClass)});
    if (!context)
        return fail(context.error());
    DcmDataset identifier;
    if (const Status put = ups::toQuery(state, station, identifier); !put)
        return put;
    return runFind(session.association(), *context, identifier, [&](DcmDataset& match) -> Status {
        Result<ReadingTask> task = ups::fromDataset(match);
        if (!task)
            qCWarning(logNet) << "work item left out:" << task.error().toString();
        else if (seen.insert(task->uid.value()).second)
            tasks.push_back(std::move(*task));
        return {};
    });
}

} // namespace

DicomWorklistClient::DicomWorklistClient(NetworkSettings settings, const Clock& clock)
    : m_settings(std::move(settings)), m_clock(clock) {}

Status DicomWorklistClient::echo(const CancelToken& token) { return yz::echo(m_settings, token); }

Result<std::vector<ReadingTask>> DicomWorklistClient::query(const WorklistQuery& query, const CancelToken& token) {
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    QStringList states;
    for (const UpsState state : query.states)
        states.append(upsStateName(state));
    if (states.isEmpty())
        states.append(QString());
    std::vector<ReadingTask> tasks;
    std::set<QString> seen;
    for (const QString& state : states)
        if (const Status found = queryState(*session, state, query.scheduledStationName, seen, tasks); !found)
            return fail(found.error());
    session->association().release();
    return tasks;
}

Result<ReadingTask> DicomWorklistClient::get(const WorkitemUid& task, const CancelToken& token) {
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    const Result<UpsSession::GetAnswer> answer = session->get(task);
    if (!answer)
        return fail(answer.error());
    session->association().release();
    if (!isSuccess(answer->status))
        return fail(upsError(answer->status, QStringLiteral("N-GET")));
    if (!answer->attributes)
        return fail(ErrorCode::PeerError, QStringLiteral("N-GET answered without attributes"));
    // SOP Instance UID is the key of the request; the answer need not repeat it.
    if (getText(*answer->attributes, DCM_SOPInstanceUID).isEmpty())
        putText(*answer->attributes, DCM_SOPInstanceUID, task.value());
    return ups::fromDataset(*answer->attributes);
}

Status DicomWorklistClient::claim(const WorkitemUid& task, const TransactionUid& transaction,
                                  const Performer& performer, const CancelToken& token) {
    const QString what = QStringLiteral("N-ACTION IN PROGRESS");
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    const Result<int> claimed = session->changeState(task, transaction, UpsState::InProgress);
    if (!claimed)
        return fail(claimed.error());
    const bool maybeOurs = *claimed == ups::kAlreadyInProgress;
    if (!isSuccess(*claimed) && !maybeOurs) {
        Error error = upsError(*claimed, what);
        if (isFinished(*claimed) || *claimed == ups::kAlreadyCompleted || *claimed == ups::kAlreadyCanceled)
            error.code = ErrorCode::TaskClaimedByOther; // it was finished by somebody
        session->association().release();
        return fail(std::move(error));
    }
    if (*claimed == ups::kAlreadyCompleted || *claimed == ups::kAlreadyCanceled) {
        session->association().release();
        return fail(ErrorCode::TaskClaimedByOther, what % QStringLiteral(" answered ") % statusText(*claimed));
    }

    ups::PerformedProcedure performed;
    if (const Result<UpsSession::GetAnswer> answer = session->get(task); answer && answer->attributes)
        performed = ups::performedProcedure(*answer->attributes);
    if (!maybeOurs || !performed.start.isValid())
        performed.start = m_clock.nowUtc();
    performed.performer = performer;
    const Result<int> set = putPerformer(*session, task, transaction, performed);
    if (maybeOurs) {
        if (!set)
            return fail(set.error());
        session->association().release();
        if (!isSuccess(*set))
            return fail(upsError(ups::kAlreadyInProgress, what));
        return {};
    }
    if (!set || !isSuccess(*set))
        qCWarning(logNet) << "claimed, but the performer could not be set:"
                          << (set ? statusText(*set) : set.error().toString());
    session->association().release();
    return {};
}

Status DicomWorklistClient::setOutput(const WorkitemUid& task, const TransactionUid& transaction,
                                      const Performer& performer, const std::vector<ReportReference>& output,
                                      const CancelToken& token) {
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    const Result<UpsSession::GetAnswer> answer = session->get(task);
    if (!answer)
        return fail(answer.error());
    if (!isSuccess(answer->status)) {
        session->association().release();
        return fail(upsError(answer->status, QStringLiteral("N-GET")));
    }
    ups::PerformedProcedure performed;
    UpsState state = UpsState::InProgress;
    if (answer->attributes) {
        performed = ups::performedProcedure(*answer->attributes);
        upsStateFromName(getText(*answer->attributes, DCM_ProcedureStepState), state);
    }
    const bool there = std::all_of(output.begin(), output.end(), [&](const ReportReference& reference) {
        return std::find(performed.output.begin(), performed.output.end(), reference) != performed.output.end();
    });
    if (state == UpsState::Completed && there) { // a repetition after the task was completed
        session->association().release();
        return {};
    }
    performed.performer = performer;
    performed.output = output;
    if (!performed.start.isValid())
        performed.start = m_clock.nowUtc();
    performed.end = m_clock.nowUtc();
    const Result<int> set = putPerformer(*session, task, transaction, performed);
    if (set && isFinished(*set))
        return fail(finishedError(*session, task, *set, QStringLiteral("N-SET output")));
    return finish(*session, set, QStringLiteral("N-SET output"));
}

Status DicomWorklistClient::complete(const WorkitemUid& task, const TransactionUid& transaction,
                                     const CancelToken& token) {
    const QString what = QStringLiteral("N-ACTION COMPLETED");
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    // The final state needs a performed procedure with start, end, station and code (PS3.4 table CC.2.5-3).
    const Result<UpsSession::GetAnswer> answer = session->get(task);
    if (!answer)
        return fail(answer.error());
    UpsState state = UpsState::Scheduled;
    if (answer->attributes && upsStateFromName(getText(*answer->attributes, DCM_ProcedureStepState), state) &&
        state == UpsState::InProgress) {
        ups::PerformedProcedure performed = ups::performedProcedure(*answer->attributes);
        if (!performed.start.isValid() || !performed.end.isValid() || performed.performer.stationName.isEmpty()) {
            performed.end = m_clock.nowUtc();
            if (!performed.start.isValid())
                performed.start = performed.end;
            if (performed.performer.stationName.isEmpty())
                performed.performer.stationName = m_settings.callingAeTitle;
            const Result<int> set = putPerformer(*session, task, transaction, performed);
            if (!set || !isSuccess(*set))
                return finish(*session, set, QStringLiteral("N-SET performed procedure"));
        }
    }
    const Result<int> changed = session->changeState(task, transaction, UpsState::Completed);
    if (changed && isFinished(*changed))
        return fail(finishedError(*session, task, *changed, what));
    return finish(*session, changed, what);
}

Status DicomWorklistClient::cancel(const WorkitemUid& task, const TransactionUid& transaction, const QString& reason,
                                   const CancelToken& token) {
    const QString what = QStringLiteral("N-ACTION CANCELED");
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    DcmDataset modifications;
    DcmItem* progress = addItem(modifications, DCM_ProcedureStepProgressInformationSequence);
    if (progress == nullptr || !putText(*progress, DCM_ReasonForCancellation, reason) ||
        !putDateTime(*progress, DCM_ProcedureStepCancellationDateTime, m_clock.nowUtc()))
        return fail(ErrorCode::Internal, QStringLiteral("reason refused"));
    const Result<int> set = session->set(task, transaction, modifications);
    // A task that is finished already: the state change below says whether that is what was wanted.
    if (!set || (!isSuccess(*set) && !isFinished(*set)))
        return finish(*session, set, QStringLiteral("N-SET reason"));
    const Result<int> changed = session->changeState(task, transaction, UpsState::Canceled);
    if (changed && isFinished(*changed))
        return fail(finishedError(*session, task, *changed, what));
    return finish(*session, changed, what);
}

Status DicomWorklistClient::requestCancel(const WorkitemUid& task, const QString& reason, const CancelToken& token) {
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    return finish(*session, session->requestCancel(task, reason), QStringLiteral("N-ACTION request cancel"));
}

Status DicomWorklistClient::subscribe(const CancelToken& token) {
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    return finish(*session, session->subscription(ups::kActionSubscribe, m_settings.callingAeTitle),
                  QStringLiteral("N-ACTION subscribe"));
}

Status DicomWorklistClient::unsubscribe(const CancelToken& token) {
    Result<UpsSession> session = UpsSession::open(m_settings, token);
    if (!session)
        return fail(session.error());
    return finish(*session, session->subscription(ups::kActionUnsubscribe, m_settings.callingAeTitle),
                  QStringLiteral("N-ACTION unsubscribe"));
}

} // namespace yz
