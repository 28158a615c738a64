#include "platform/web_report_client.h"

#include "core/log.h"
#include "core/uid.h"
#include "platform/dicom_json.h"
#include "platform/part10_names.h"
#include "platform/web_query.h"

#include <QUuid>
#include <map>
#include <set>

namespace yz {

namespace {

constexpr int kClassNotSupported = 0x0122;

/// A boundary that occurs in none of the files.
QByteArray boundaryFor(const std::vector<ObjectToSend>& objects) {
    while (true) {
        const QByteArray boundary = "yz" + QUuid::createUuid().toByteArray(QUuid::Id128);
        const bool occurs = std::any_of(objects.begin(), objects.end(),
                                        [&](const ObjectToSend& object) { return object.file.contains(boundary); });
        if (!occurs)
            return boundary;
    }
}

QString hex(int status) { return QStringLiteral("0x%1").arg(status, 4, 16, QLatin1Char('0')); }

/// What the answer says about each object.
Status verdictOf(const QJsonObject& answer, const std::vector<ObjectToSend>& objects, int httpStatus) {
    std::set<QString> stored;
    std::map<QString, int> failed;
    for (const QJsonObject& item : json::items(answer, "00081199")) {
        stored.insert(json::text(item, "00081155"));
        if (const int warning = json::number(item, "00081196"); warning != 0)
            qCWarning(logNet) << "stored with warning" << hex(warning);
    }
    for (const char* sequence : {"00081198", "0008119A"}) // failed ones, and what could not even be named
        for (const QJsonObject& item : json::items(answer, sequence))
            failed[json::text(item, "00081155")] = json::number(item, "00081197");
    std::optional<int> worst;
    int silent = 0;
    for (const ObjectToSend& object : objects) {
        const QString uid = object.object.instance.value();
        if (const auto it = failed.find(uid); it != failed.end())
            worst = worst && *worst != kClassNotSupported ? *worst : it->second;
        else if (!stored.contains(uid))
            ++silent;
    }
    if (worst) {
        const QString detail = QStringLiteral("STOW-RS failure reason ") + hex(*worst);
        if (*worst == kClassNotSupported)
            return fail(ErrorCode::PresentationContextRefused, detail);
        return fail((*worst & 0xFF00) == 0xA700 ? ErrorCode::PeerOutOfResources : ErrorCode::PeerRefusedObject, detail);
    }
    if (silent > 0)
        return fail(ErrorCode::PeerError,
                    QStringLiteral("the answer (HTTP %1) says nothing of %2 objects").arg(httpStatus).arg(silent));
    return {};
}

} // namespace

WebReportClient::WebReportClient(WebNode node) : m_http(std::move(node)) {}

Result<bool> WebReportClient::has(const StudyUid& study, const SeriesUid& series, const InstanceUid& instance,
                                  const CancelToken& token) {
    if (!isValidUid(study.value()) || !isValidUid(series.value()) || !isValidUid(instance.value()))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("study, series and instance must be given"));
    const QString path = QStringLiteral("studies/%1/series/%2/instances?SOPInstanceUID=%3")
                             .arg(study.value(), series.value(), instance.value());
    const Result<std::vector<QJsonObject>> matches = runQido(m_http, path, token);
    if (!matches && matches.error().code == ErrorCode::NotFound)
        return false;
    if (!matches)
        return fail(matches.error());
    return std::any_of(matches->begin(), matches->end(),
                       [&](const QJsonObject& match) { return json::text(match, "00080018") == instance.value(); });
}

Status WebReportClient::store(const std::vector<ObjectToSend>& objects, const CancelToken& token) {
    if (objects.empty())
        return {};
    for (const ObjectToSend& object : objects) {
        const Result<SopReference> names = readPart10Names(object.file);
        if (!names)
            return fail(names.error());
        if (*names != object.object)
            return fail(ErrorCode::InvalidArgument, QStringLiteral("file meta names another object"));
    }
    const QByteArray boundary = boundaryFor(objects);
    HttpRequest request;
    request.method = "POST";
    request.path = QStringLiteral("studies");
    request.headers = {{"Content-Type", "multipart/related; type=\"application/dicom\"; boundary=" + boundary},
                       {"Accept", "application/dicom+json"}};
    for (const ObjectToSend& object : objects)
        request.body += "--" + boundary + "\r\nContent-Type: application/dicom\r\n\r\n" + object.file + "\r\n";
    request.body += "--" + boundary + "--\r\n";
    const Result<HttpAnswer> answer = m_http.send(request, token, true);
    if (!answer)
        return fail(answer.error());
    // 200: all stored, 202: not all or with warnings, 409: none; the body says what became of each.
    if (answer->status != 200 && answer->status != 202 && answer->status != 409)
        return fail(HttpExchange::statusError(*answer));
    const Result<std::vector<QJsonObject>> said = json::dataSets(answer->body);
    if (!said || said->empty())
        return fail(answer->status == 409
                        ? HttpExchange::statusError(*answer)
                        : Error{ErrorCode::AnswerUnexpected, QStringLiteral("STOW-RS answered without a data set")});
    const Status verdict = verdictOf(said->front(), objects, answer->status);
    if (verdict && answer->status == 409)
        return fail(HttpExchange::statusError(*answer));
    return verdict;
}

Result<CommitmentOutcome> WebReportClient::commit(const std::vector<SopReference>&, const TransactionUid&,
                                                  std::chrono::milliseconds, const CancelToken&) {
    return fail(ErrorCode::PresentationContextRefused, QStringLiteral("DICOMweb offers no storage commitment"));
}

} // namespace yz
