#include "platform/web_worklist_client.h"

#include "core/log.h"
#include "core/uid.h"
#include "platform/dicom_json.h"
#include "platform/web_query.h"
#include "platform/workitem_json.h"

#include <QJsonDocument>
#include <algorithm>
#include <set>

namespace yz {

namespace {

constexpr char kGlobalSubscription[] = "1.2.840.10008.5.1.4.34.5";
constexpr char kTransactionUid[] = "00081195";
constexpr char kState[] = "00741000";
constexpr char kReason[] = "00741238";

bool isSuccess(const HttpAnswer& answer) { return answer.status >= 200 && answer.status < 300; }
/// It does not fit the state of the item, or is not ours.
bool isRefused(const HttpAnswer& answer) { return answer.status == 400 || answer.status == 409; }

bool warns(const HttpAnswer& answer, const char* words) { return answer.warning.toLower().contains(words); }
/// "The UPS is already in the requested state of COMPLETED." (11.7.3.2)
bool isAlready(const HttpAnswer& answer, const char* state) {
    return warns(answer, "already in the requested state") && answer.warning.toUpper().contains(state);
}
/// "The Transaction UID is incorrect.", or missing; "The target URI did not reference a claimed Workitem." (11.6.3.2)
bool saysNotOurs(const HttpAnswer& answer) {
    return warns(answer, "transaction uid") || warns(answer, "did not reference a claimed");
}

QString said(const QString& what, const HttpAnswer& answer) {
    return what % QStringLiteral(" answered HTTP ") % QString::number(answer.status);
}

Error errorOf(const HttpAnswer& answer, const QString& what) {
    Error error = HttpExchange::statusError(answer);
    if (error.code == ErrorCode::NotFound)
        error.code = ErrorCode::TaskGone;
    error.detail = what % QStringLiteral(": ") % error.detail;
    return error;
}

Error asTaskError(Error error) {
    if (error.code == ErrorCode::NotFound)
        error.code = ErrorCode::TaskGone;
    return error;
}

Status checkUid(const WorkitemUid& task) {
    return isValidUid(task.value()) ? Status() : fail(ErrorCode::InvalidArgument, QStringLiteral("no work item UID"));
}

} // namespace

WebWorklistClient::WebWorklistClient(WebNode node, QString aeTitle, const Clock& clock)
    : m_http(std::move(node)), m_aeTitle(std::move(aeTitle)), m_clock(clock) {}

// --- reading -----------------------------------------------------------------------------------------------------

Status WebWorklistClient::echo(const CancelToken& token) {
    HttpRequest request;
    request.path = QStringLiteral("workitems?limit=1");
    request.headers = {{"Accept", "application/dicom+json"}};
    const Result<HttpAnswer> answer = m_http.send(request, token);
    return answer ? Status() : fail(answer.error());
}

Result<std::vector<ReadingTask>> WebWorklistClient::query(const WorklistQuery& query, const CancelToken& token) {
    QStringList states;
    for (const UpsState state : query.states)
        states.append(upsStateName(state));
    if (states.isEmpty())
        states.append(QString());
    QString keys;
    for (const QString& tag : workitem_json::returnKeys())
        keys += QStringLiteral("&includefield=") % tag;
    keys += queryKey("ScheduledStationNameCodeSequence.CodeValue", query.scheduledStationName.left(16));
    std::vector<ReadingTask> tasks;
    std::set<QString> seen; // an item may change its state, or its place among the pages, between two answers
    for (const QString& state : std::as_const(states)) {
        const QString path =
            QString(QStringLiteral("workitems?") % QString(queryKey("ProcedureStepState", state) + keys).mid(1));
        const Result<std::vector<QJsonObject>> matches = runQido(m_http, path, token);
        if (!matches)
            return fail(matches.error());
        for (const QJsonObject& match : *matches) {
            Result<ReadingTask> task = workitem_json::task(match);
            if (!task)
                qCWarning(logNet) << "work item left out:" << task.error().toString();
            else if (seen.insert(task->uid.value()).second)
                tasks.push_back(std::move(*task));
        }
    }
    return tasks;
}

Result<QJsonObject> WebWorklistClient::item(const WorkitemUid& task, const CancelToken& token) {
    if (const Status valid = checkUid(task); !valid)
        return fail(valid.error());
    HttpRequest request;
    request.path = QStringLiteral("workitems/") % task.value();
    request.headers = {{"Accept", "application/dicom+json"}};
    const Result<HttpAnswer> answer = m_http.sendPatiently(request, token);
    if (!answer)
        return fail(asTaskError(answer.error()));
    if (!answer->contentType.contains("json"))
        return fail(ErrorCode::AnswerUnexpected, QStringLiteral("the work item was answered with no JSON"));
    const Result<std::vector<QJsonObject>> sets = json::dataSets(answer->body);
    if (!sets)
        return fail(sets.error());
    if (sets->size() != 1)
        return fail(ErrorCode::AnswerUnexpected, QStringLiteral("not one work item in the answer"));
    QJsonObject item = sets->front();
    // It is the key of the request; the answer need not repeat it.
    if (json::text(item, "00080018").isEmpty())
        json::putText(item, "00080018", "UI", task.value());
    return item;
}

Result<ReadingTask> WebWorklistClient::get(const WorkitemUid& task, const CancelToken& token) {
    const Result<QJsonObject> found = item(task, token);
    if (!found)
        return fail(found.error());
    return workitem_json::task(*found);
}

// --- changes -----------------------------------------------------------------------------------------------------

Result<HttpAnswer> WebWorklistClient::change(const QByteArray& method, const QString& path, const QJsonObject& dataSet,
                                             const CancelToken& token) {
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.headers = {{"Content-Type", "application/dicom+json"}, {"Accept", "application/dicom+json"}};
    request.body = QJsonDocument(QJsonArray{dataSet}).toJson(QJsonDocument::Compact);
    return m_http.send(request, token, true);
}

Result<HttpAnswer> WebWorklistClient::update(const WorkitemUid& task, const TransactionUid& transaction,
                                             QJsonObject changes, const CancelToken& token) {
    // In the query as 11.6.1 has it, and in the data set as N-SET has it: servers look in either.
    json::putText(changes, kTransactionUid, "UI", transaction.value());
    return change("POST", QStringLiteral("workitems/") % task.value() % u'?' % transaction.value(), changes, token);
}

Result<HttpAnswer> WebWorklistClient::changeState(const WorkitemUid& task, const TransactionUid& transaction,
                                                  UpsState state, const CancelToken& token) {
    QJsonObject information;
    json::putText(information, kTransactionUid, "UI", transaction.value());
    json::putText(information, kState, "CS", upsStateName(state));
    return change("PUT",
                  QStringLiteral("workitems/") % task.value() % QStringLiteral("/state?requester=") %
                      QString::fromLatin1(QUrl::toPercentEncoding(m_aeTitle)),
                  information, token);
}

/// Why a step after the claim was refused. `mayProve`: it was no update, so one may tell whether the item is ours.
Error WebWorklistClient::refusedStep(const WorkitemUid& task, const TransactionUid& transaction,
                                     const HttpAnswer& answer, const QString& what, bool mayProve,
                                     const CancelToken& token) {
    const QString detail = said(what, answer);
    if (!isRefused(answer))
        return errorOf(answer, what);
    if (saysNotOurs(answer))
        return {ErrorCode::TaskNotClaimed, detail};
    const Result<QJsonObject> found = item(task, token);
    if (!found)
        return found.error();
    UpsState state = UpsState::Scheduled;
    workitem_json::state(*found, state);
    switch (state) {
    case UpsState::Canceled:
        return {ErrorCode::TaskWithdrawn, detail};
    case UpsState::Completed:
        return {ErrorCode::TaskStateForbids, detail};
    case UpsState::Scheduled:
        return {ErrorCode::TaskNotClaimed, detail};
    case UpsState::InProgress:
        break;
    }
    if (!mayProve)
        return {ErrorCode::TaskNotClaimed, detail};
    QJsonObject same;
    workitem_json::putPerformedProcedure(workitem_json::performedProcedure(*found), same);
    const Result<HttpAnswer> proof = update(task, transaction, same, token);
    if (!proof)
        return proof.error();
    return {isSuccess(*proof) ? ErrorCode::TaskStateForbids : ErrorCode::TaskNotClaimed, detail};
}

Status WebWorklistClient::claim(const WorkitemUid& task, const TransactionUid& transaction, const Performer& performer,
                                const CancelToken& token) {
    const QString what = QStringLiteral("change of state to IN PROGRESS");
    if (const Status valid = checkUid(task); !valid)
        return valid;
    const Result<HttpAnswer> claimed = changeState(task, transaction, UpsState::InProgress, token);
    if (!claimed)
        return fail(claimed.error());
    const bool maybeOurs = isRefused(*claimed);
    if (!isSuccess(*claimed) && !maybeOurs)
        return fail(errorOf(*claimed, what));

    const Result<QJsonObject> found = item(task, token);
    UpsState state = UpsState::Scheduled;
    if (maybeOurs) {
        if (!found)
            return fail(found.error());
        if (!workitem_json::state(*found, state) || state == UpsState::Scheduled) // not its state is why
            return fail(ErrorCode::PeerError, said(what, *claimed));
        if (state != UpsState::InProgress) // it was finished by somebody
            return fail(ErrorCode::TaskClaimedByOther, said(what, *claimed));
    }
    ups::PerformedProcedure performed;
    if (found)
        performed = workitem_json::performedProcedure(*found);
    if (!maybeOurs || !performed.start.isValid())
        performed.start = m_clock.nowUtc();
    performed.performer = performer;
    QJsonObject changes;
    workitem_json::putPerformedProcedure(performed, changes);
    const Result<HttpAnswer> set = update(task, transaction, changes, token);
    if (maybeOurs) {
        if (!set)
            return fail(set.error());
        if (isSuccess(*set))
            return {};
        return isRefused(*set) ? fail(ErrorCode::TaskClaimedByOther, said(what, *claimed)) : fail(errorOf(*set, what));
    }
    if (!set || !isSuccess(*set))
        qCWarning(logNet) << "claimed, but the performer could not be set:"
                          << (set ? said(QStringLiteral("update"), *set) : set.error().toString());
    return {};
}

Status WebWorklistClient::setOutput(const WorkitemUid& task, const TransactionUid& transaction,
                                    const Performer& performer, const std::vector<ReportReference>& output,
                                    const CancelToken& token) {
    const Result<QJsonObject> found = item(task, token);
    if (!found)
        return fail(found.error());
    ups::PerformedProcedure performed = workitem_json::performedProcedure(*found);
    UpsState state = UpsState::InProgress;
    workitem_json::state(*found, state);
    const bool there = std::all_of(output.begin(), output.end(), [&](const ReportReference& reference) {
        return std::find(performed.output.begin(), performed.output.end(), reference) != performed.output.end();
    });
    if (state == UpsState::Completed && there) // a repetition after the task was completed
        return {};
    performed.performer = performer;
    performed.output = output;
    if (!performed.start.isValid())
        performed.start = m_clock.nowUtc();
    performed.end = m_clock.nowUtc();
    QJsonObject changes;
    workitem_json::putPerformedProcedure(performed, changes);
    const Result<HttpAnswer> set = update(task, transaction, changes, token);
    if (!set)
        return fail(set.error());
    if (isSuccess(*set))
        return {};
    return fail(refusedStep(task, transaction, *set, QStringLiteral("update of the output"), false, token));
}

Status WebWorklistClient::complete(const WorkitemUid& task, const TransactionUid& transaction,
                                   const CancelToken& token) {
    const Result<QJsonObject> found = item(task, token);
    if (!found)
        return fail(found.error());
    UpsState state = UpsState::Scheduled;
    if (workitem_json::state(*found, state) && state == UpsState::InProgress) {
        ups::PerformedProcedure performed = workitem_json::performedProcedure(*found);
        if (!performed.isFinal()) {
            performed.end = m_clock.nowUtc();
            if (!performed.start.isValid())
                performed.start = performed.end;
            if (performed.performer.stationName.isEmpty())
                performed.performer.stationName = m_aeTitle;
            QJsonObject changes;
            workitem_json::putPerformedProcedure(performed, changes);
            const Result<HttpAnswer> set = update(task, transaction, changes, token);
            if (!set)
                return fail(set.error());
            if (!isSuccess(*set))
                return fail(refusedStep(task, transaction, *set, QStringLiteral("update of the performed procedure"),
                                        false, token));
        }
    }
    const Result<HttpAnswer> changed = changeState(task, transaction, UpsState::Completed, token);
    if (!changed)
        return fail(changed.error());
    if (isSuccess(*changed) || isAlready(*changed, "COMPLETED"))
        return {};
    return fail(refusedStep(task, transaction, *changed, QStringLiteral("change of state to COMPLETED"), true, token));
}

Status WebWorklistClient::cancel(const WorkitemUid& task, const TransactionUid& transaction, const QString& reason,
                                 const CancelToken& token) {
    if (const Status valid = checkUid(task); !valid)
        return valid;
    QJsonObject changes;
    workitem_json::putCancellation(reason, m_clock.nowUtc(), changes);
    const Result<HttpAnswer> set = update(task, transaction, changes, token);
    if (!set)
        return fail(set.error());
    if (!isSuccess(*set)) {
        if (!isRefused(*set))
            return fail(errorOf(*set, QStringLiteral("update of the reason")));
        const Result<QJsonObject> found = item(task, token);
        if (!found)
            return fail(found.error());
        UpsState state = UpsState::Scheduled;
        workitem_json::state(*found, state);
        // A task that is finished already: the change below says whether that is what was wanted.
        if (state != UpsState::Canceled && state != UpsState::Completed)
            return fail(ErrorCode::TaskNotClaimed, said(QStringLiteral("update of the reason"), *set));
    }
    const Result<HttpAnswer> changed = changeState(task, transaction, UpsState::Canceled, token);
    if (!changed)
        return fail(changed.error());
    if (isSuccess(*changed) || isAlready(*changed, "CANCELED"))
        return {};
    return fail(refusedStep(task, transaction, *changed, QStringLiteral("change of state to CANCELED"), true, token));
}

Status WebWorklistClient::requestCancel(const WorkitemUid& task, const QString& reason, const CancelToken& token) {
    const QString what = QStringLiteral("request of cancellation");
    if (const Status valid = checkUid(task); !valid)
        return valid;
    QJsonObject information;
    json::putText(information, kReason, "LT", reason);
    const Result<HttpAnswer> asked =
        change("POST",
               QStringLiteral("workitems/") % task.value() % QStringLiteral("/cancelrequest?requester=") %
                   QString::fromLatin1(QUrl::toPercentEncoding(m_aeTitle)),
               information, token);
    if (!asked)
        return fail(asked.error());
    if (isSuccess(*asked) || isAlready(*asked, "CANCELED"))
        return {};
    if (!isRefused(*asked))
        return fail(errorOf(*asked, what));
    const Result<QJsonObject> found = item(task, token);
    if (!found)
        return fail(found.error());
    UpsState state = UpsState::Scheduled;
    if (workitem_json::state(*found, state) && state == UpsState::Canceled)
        return {};
    return fail(ErrorCode::TaskStateForbids, said(what, *asked));
}

// --- subscription ------------------------------------------------------------------------------------------------

QString WebWorklistClient::subscriberPath() const {
    return QStringLiteral("workitems/") % QLatin1String(kGlobalSubscription) % QStringLiteral("/subscribers/") %
           QString::fromLatin1(QUrl::toPercentEncoding(m_aeTitle));
}

Status WebWorklistClient::subscribe(const CancelToken& token) {
    HttpRequest request;
    request.method = "POST";
    request.path = subscriberPath();
    const Result<HttpAnswer> answer = m_http.send(request, token, true);
    if (!answer)
        return fail(answer.error());
    if (answer->status == 403 || answer->status == 404) // refuses subscriptions; does not know us
        return fail(ErrorCode::NotSupported, said(QStringLiteral("subscription"), *answer));
    if (!isSuccess(*answer))
        return fail(HttpExchange::statusError(*answer));
    if (answer->contentLocation.isEmpty())
        return {};
    if (const Status taken = unsubscribe(token); !taken)
        qCInfo(logNet) << "subscription not taken back:" << taken.error().toString();
    return fail(ErrorCode::NotSupported, QStringLiteral("the server reports events over a WebSocket only"));
}

Status WebWorklistClient::unsubscribe(const CancelToken& token) {
    HttpRequest request;
    request.method = "DELETE";
    request.path = subscriberPath();
    const Result<HttpAnswer> answer = m_http.send(request, token, true);
    if (!answer)
        return fail(answer.error());
    return isSuccess(*answer) || answer->status == 404 ? Status() : fail(HttpExchange::statusError(*answer));
}

} // namespace yz
