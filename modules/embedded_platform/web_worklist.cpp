#include "embedded_platform/web_worklist.h"

#include "core/log.h"
#include "embedded_platform/data_set_json.h"
#include "embedded_platform/web_search.h"

#include <dcmtk/dcmdata/dcuid.h>

namespace yz::platform {

using namespace ups_status;

namespace {

constexpr quint16 kChangeStateAction = 1;
constexpr quint16 kRequestCancelAction = 2;
constexpr quint16 kSubscribeAction = 3;
constexpr quint16 kUnsubscribeAction = 4;
constexpr quint16 kSuspendAction = 5;
constexpr char kFilteredSubscription[] = "1.2.840.10008.5.1.4.34.5.1";
constexpr qsizetype kAeTitleLength = 16;

// The words of 11.6.3.2 and 11.7.3.2: clients tell the cases apart by them.
constexpr char kInconsistent[] = "The submitted request is inconsistent with the state of the UPS Instance.";
constexpr char kInconsistentUpdate[] =
    "The submitted request is inconsistent with the current state of the Workitem."; // 11.6.3.2
constexpr char kCompletedAlready[] = "The UPS is already COMPLETED.";                // 11.8.3.2
constexpr char kIsMore[] = "There are additional results that can be requested.";
constexpr char kNotClaimed[] = "The target URI did not reference a claimed Workitem.";
constexpr char kUidMissing[] = "The Transaction UID is missing.";
constexpr char kUidIncorrect[] = "The Transaction UID is incorrect.";
constexpr char kIsCanceledAlready[] = "The UPS is already in the requested state of CANCELED.";
constexpr char kIsCompletedAlready[] = "The UPS is already in the requested state of COMPLETED.";

WebAnswer plain(int status, const QString& warning = {}) { return {status, {}, warning, {}, {}}; }

WebAnswer badRequest(const Error& error) {
    return plain(error.code == ErrorCode::LimitExceeded ? 413 : 400,
                 error.detail.isEmpty() ? errorName(error.code) : error.detail);
}

/// `success`: the HTTP status where the service has done it.
WebAnswer answerOf(const UpsService::Answer& answer, int success, bool hasTransaction = true) {
    switch (answer.status) {
    case kSuccess:
        return plain(success);
    case kAlreadyCanceled:
        return plain(success, QLatin1String(kIsCanceledAlready));
    case kAlreadyCompleted:
        return plain(success, QLatin1String(kIsCompletedAlready));
    case kNoSuchWorkitem:
        return plain(404);
    case kWrongTransactionUid:
        return plain(400, QLatin1String(hasTransaction ? kUidIncorrect : kUidMissing));
    case kMayNoLongerBeUpdated:
    case kAlreadyInProgress:
    case kScheduledOnlyByCreate:
    case kNotInProgress:
        return plain(409, QLatin1String(kInconsistent));
    case kIsCompleted:
        return plain(409, QLatin1String(kCompletedAlready));
    case kFinalStateNotMet:
        return plain(409, QString(QLatin1String(kInconsistent) + u' ' + answer.comment));
    case kDuplicateInstance:
        return plain(409, QStringLiteral("The Workitem exists already."));
    case kReceivingAeUnknown:
        return plain(403, QStringLiteral("The receiving AE title is not known."));
    case kInvalidArgument:
    case kInvalidAttributeValue:
    case kMissingAttribute:
    case kNotScheduledAtCreation:
        return plain(400, answer.comment);
    default:
        return plain(500);
    }
}

QString queryValue(const WebRequest& request, const char* name) {
    for (const auto& [key, value] : request.query)
        if (key.compare(QLatin1String(name), Qt::CaseInsensitive) == 0)
            return value;
    return {};
}

/// 11.6.1 has the bare UID as the query; older editions and some clients give it a name.
QString transactionOf(const WebRequest& request) {
    for (const auto& [key, value] : request.query) {
        if (value.isEmpty() && isUsableUid(key))
            return key;
        QString name = key.toLower();
        name.remove(u'-');
        if (name == u"transaction" || name == u"transactionuid")
            return value;
    }
    return {};
}

/// 11.4.1 has the bare UID as the query too; older editions name it. Other parameters are not ours (8.3).
QString createdUidOf(const WebRequest& request) {
    for (const auto& [key, value] : request.query) {
        if (value.isEmpty() && isUsableUid(key))
            return key;
        const QString name = key.toLower();
        if (name == u"workitem" || name == u"affectedsopinstanceuid")
            return value;
    }
    return {};
}

/// Who asks: shown to the holder of a task that is to be cancelled. Not proof of anything.
QString requesterOf(const WebRequest& request) {
    QString requester = request.path.size() > 3 ? request.path[3] : queryValue(request, "requester");
    requester = requester.trimmed();
    const bool isAeTitle = !requester.isEmpty() && requester.size() <= kAeTitleLength &&
                           std::ranges::all_of(requester, [](QChar c) { return c >= u' ' && c <= u'~' && c != u'\\'; });
    return isAeTitle ? requester : QStringLiteral("UPS-RS");
}

/// A data set is needed and there in a form we read. 415 for others also keeps forms of web pages out.
bool isJson(const WebRequest& request) {
    const QByteArray type = request.contentType.split(';').constFirst().trimmed().toLower();
    return type == "application/dicom+json" || type == "application/json";
}

bool acceptsJson(const QByteArray& accept) {
    if (accept.trimmed().isEmpty())
        return true;
    for (const QByteArray& each : accept.split(',')) {
        const QByteArray type = each.split(';').constFirst().trimmed().toLower();
        if (type == "*/*" || type == "application/*" || type == "application/dicom+json" || type == "application/json")
            return true;
    }
    return false;
}

} // namespace

WebAnswer WebWorklist::answer(const WebRequest& request) {
    const QStringList& path = request.path;
    const qsizetype depth = path.size();
    if (depth == 0 || path[0] != u"workitems" || depth > 5)
        return plain(404);
    if (!acceptsJson(request.accept))
        return plain(406);
    const bool isGet = request.method == "GET";
    const bool isPost = request.method == "POST";
    if (depth == 1)
        return isGet ? search(request) : isPost ? create(request) : plain(405);
    const QString& uid = path[1];
    if (!isUsableUid(uid))
        return plain(400, QStringLiteral("not a UID"));
    if (depth == 2)
        return isGet ? retrieve(uid) : isPost ? update(uid, request) : plain(405);
    if (path[2] == u"state" && depth <= 4)
        return request.method == "PUT" ? changeState(uid, request) : plain(405);
    if (path[2] == u"cancelrequest" && depth <= 4)
        return isPost ? requestCancel(uid, request) : plain(405);
    if (path[2] == u"subscribers" && depth >= 4)
        return subscription(uid, request);
    return plain(404);
}

WebAnswer WebWorklist::search(const WebRequest& request) {
    const Result<WebSearch> search = WebSearch::parse(request.query);
    if (!search)
        return badRequest(search.error());
    QByteArray body;
    int matches = 0;
    int given = 0;
    bool isMore = false;
    const quint16 status = m_ups.find(*search->keys, [&](DcmDataset& match) {
        if (matches++ < search->offset)
            return true;
        if (given == search->limit) {
            isMore = true;
            return false;
        }
        const Result<QByteArray> json = toJson(match);
        if (!json) { // one broken item must not hide the others
            qCWarning(logPlatform).noquote() << "work item left out:" << json.error().toString();
            return true;
        }
        body += (given++ == 0 ? "[" : ",") + *json;
        return true;
    });
    if (status != 0 && !isMore)
        return plain(500);
    if (given == 0)
        return plain(204, search->warning);
    WebAnswer found{200, body + ']', search->warning, {}, {}};
    if (isMore) {                                     // 8.3.4.4.1
        found.status = search->isLimited ? 200 : 206; // by who asks, or by us
        found.warning = QString(QLatin1String(kIsMore) + u' ' + search->warning).trimmed();
    }
    return found;
}

WebAnswer WebWorklist::create(const WebRequest& request) {
    if (!isJson(request))
        return plain(415);
    Result<DataSetPtr> dataSet = dataSetFromJson(request.body);
    if (!dataSet)
        return badRequest(dataSet.error());
    QString uid = textOf(**dataSet, DCM_SOPInstanceUID);
    if (const QString given = createdUidOf(request); !given.isEmpty()) {
        if (!uid.isEmpty() && uid != given)
            return plain(400, QStringLiteral("two different UIDs"));
        uid = given;
    }
    const UpsService::Answer created = m_ups.create(uid, std::move(*dataSet));
    WebAnswer answer = answerOf(created, 201);
    if (answer.status == 201)
        answer.location = answer.contentLocation = QStringLiteral("workitems/") + created.instance; // 11.4.3
    return answer;
}

WebAnswer WebWorklist::retrieve(const QString& uid) {
    const UpsService::Answer found = m_ups.get(uid, {});
    if (found.status != kSuccess || found.dataSet == nullptr)
        return answerOf(found, 500);
    const Result<QByteArray> json = toJson(*found.dataSet);
    if (!json) {
        qCWarning(logPlatform).noquote() << "work item:" << json.error().toString();
        return plain(500);
    }
    return {200, QByteArray('[' + *json + ']'), {}, {}, QStringLiteral("workitems/") + uid}; // 8.4.3
}

WebAnswer WebWorklist::update(const QString& uid, const WebRequest& request) {
    if (!isJson(request))
        return plain(415);
    const Result<DataSetPtr> changes = dataSetFromJson(request.body);
    if (!changes)
        return badRequest(changes.error());
    QString transaction = textOf(**changes, DCM_TransactionUID);
    if (const QString given = transactionOf(request); !given.isEmpty()) {
        if (!transaction.isEmpty() && transaction != given)
            return plain(400, QStringLiteral("The Transaction UID is incorrect: two different ones."));
        transaction = given;
        putText(**changes, DCM_TransactionUID, transaction);
    }
    const UpsService::Answer set = m_ups.set(uid, **changes);
    WebAnswer answer = answerOf(set, 200, !transaction.isEmpty());
    if (set.status == kMayNoLongerBeUpdated)
        answer = plain(400, QLatin1String(kInconsistentUpdate)); // 11.6.2
    if (set.status == kNotInProgress)
        answer.warning = QLatin1String(kNotClaimed);
    return answer;
}

WebAnswer WebWorklist::changeState(const QString& uid, const WebRequest& request) {
    if (!isJson(request))
        return plain(415);
    const Result<DataSetPtr> information = dataSetFromJson(request.body);
    if (!information)
        return badRequest(information.error());
    if (textOf(**information, DCM_ProcedureStepState) == u"CANCELLED") // as 11.7.1.4 spells it
        putText(**information, DCM_ProcedureStepState, upsStateName(UpsState::Canceled));
    const bool hasTransaction = !textOf(**information, DCM_TransactionUID).isEmpty();
    return answerOf(m_ups.action(uid, kChangeStateAction, **information, requesterOf(request)), 200, hasTransaction);
}

WebAnswer WebWorklist::requestCancel(const QString& uid, const WebRequest& request) {
    DcmDataset none;
    if (request.body.isEmpty())
        return answerOf(m_ups.action(uid, kRequestCancelAction, none, requesterOf(request)), 202);
    if (!isJson(request))
        return plain(415);
    const Result<DataSetPtr> information = dataSetFromJson(request.body);
    if (!information)
        return badRequest(information.error());
    return answerOf(m_ups.action(uid, kRequestCancelAction, **information, requesterOf(request)), 202);
}

WebAnswer WebWorklist::subscription(const QString& uid, const WebRequest& request) {
    const bool isSuspension = request.path.size() == 5;
    const bool isSubscription = request.method == "POST" && !isSuspension;
    if (isSuspension ? request.path[4] != u"suspend" : false)
        return plain(404);
    if (request.method != "POST" && (request.method != "DELETE" || isSuspension))
        return plain(405);
    if (uid == QLatin1String(kFilteredSubscription))
        return plain(403, QStringLiteral("Filtered Worklist Subscriptions are not supported."));
    DcmDataset information;
    putText(information, DCM_ReceivingAE, request.path[3]);
    if (isSubscription)
        putText(information, DCM_DeletionLock,
                queryValue(request, "deletionlock") == u"true" ? QStringLiteral("TRUE") : QStringLiteral("FALSE"));
    const quint16 action = isSuspension ? kSuspendAction : isSubscription ? kSubscribeAction : kUnsubscribeAction;
    return answerOf(m_ups.action(uid, action, information, request.path[3]), isSubscription ? 201 : 200);
}

} // namespace yz::platform
