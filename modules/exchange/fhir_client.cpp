#include "exchange/fhir_client.h"

#include "exchange/fhir_bundle_writer.h"
#include "exchange/http_client.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace yz::exchange {

namespace {

const QByteArray kFhirJson = "application/fhir+json; charset=utf-8";

QUrl within(const QUrl& base, const QString& path, const QByteArray& query = {}) {
    QUrl url = base;
    QString whole = base.path();
    if (!path.isEmpty())
        whole += (whole.endsWith(u'/') ? QString() : QStringLiteral("/")) + path;
    url.setPath(whole);
    if (!query.isEmpty())
        url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
    return url;
}

Result<QJsonObject> bundleOf(const QByteArray& body, const QString& type) {
    const QJsonObject bundle = QJsonDocument::fromJson(body).object();
    if (bundle[QStringLiteral("resourceType")].toString() != QLatin1String("Bundle") ||
        bundle[QStringLiteral("type")].toString() != type)
        return fail(ErrorCode::PeerError, u"no bundle of type " + type);
    return bundle;
}

/// A place without the server's own address, kept short.
QString placeOf(QString location) {
    const qsizetype at = location.lastIndexOf(QStringLiteral("DiagnosticReport/"));
    location = at < 0 ? QString() : location.mid(at);
    return location.left(200);
}

} // namespace

Result<QString> FhirClient::find(const InstanceUid& srInstance, const CancelToken& token) {
    HttpClient http(m_target);
    const Result<HttpAnswer> answer =
        http.request("GET", within(m_target.address, QStringLiteral("DiagnosticReport"), fhirReportQuery(srInstance)),
                     {{"Accept", kFhirJson}, {"Cache-Control", "no-cache"}}, {}, token);
    if (!answer)
        return fail(answer.error());
    if (answer->status != 200)
        return fail(httpError(answer->status));
    const Result<QJsonObject> bundle = bundleOf(answer->body, QStringLiteral("searchset"));
    if (!bundle)
        return fail(bundle.error());
    for (const QJsonValue& entry : (*bundle)[QStringLiteral("entry")].toArray()) {
        const QJsonObject resource = entry[QStringLiteral("resource")].toObject();
        const QString id = resource[QStringLiteral("id")].toString();
        if (resource[QStringLiteral("resourceType")].toString() != QLatin1String("DiagnosticReport") || id.isEmpty())
            continue;
        // A server that does not know the search parameter gives back everything it has.
        for (const QJsonValue& identifier : resource[QStringLiteral("identifier")].toArray())
            if (identifier[QStringLiteral("value")].toString() == QString(u"urn:oid:" + srInstance.value()))
                return placeOf(QString(u"DiagnosticReport/" + id));
    }
    return QString();
}

Result<QString> FhirClient::send(const QByteArray& bundle, const InstanceUid& srInstance, bool mayBeThere,
                                 const CancelToken& token) {
    if (mayBeThere) {
        const Result<QString> place = find(srInstance, token);
        if (!place)
            return place;
        if (!place->isEmpty())
            return QString(u"found " + *place);
    }
    HttpClient http(m_target);
    const Result<HttpAnswer> answer = http.request("POST", within(m_target.address, {}),
                                                   {{"Content-Type", kFhirJson}, {"Accept", kFhirJson}}, bundle, token);
    if (!answer)
        return fail(answer.error());
    if (answer->status < 200 || answer->status > 299)
        return fail(httpError(answer->status));
    const Result<QJsonObject> response = bundleOf(answer->body, QStringLiteral("transaction-response"));
    if (!response)
        return fail(response.error());
    const QJsonArray asked = QJsonDocument::fromJson(bundle).object()[QStringLiteral("entry")].toArray();
    const QJsonArray done = (*response)[QStringLiteral("entry")].toArray();
    if (asked.isEmpty() || done.size() != asked.size())
        return fail(ErrorCode::PeerError,
                    QStringLiteral("%1 answers for %2 entries").arg(done.size()).arg(asked.size()));
    QString receipt;
    for (const QJsonValue& entry : done) {
        const QJsonObject one = entry[QStringLiteral("response")].toObject();
        const QString status = one[QStringLiteral("status")].toString().left(3);
        if (!status.startsWith(u'2'))
            return fail(ErrorCode::PeerError, u"an entry was answered " + status);
        if (const QString place = placeOf(one[QStringLiteral("location")].toString()); !place.isEmpty())
            receipt = status + u' ' + place;
    }
    if (receipt.isEmpty()) // 200 for a resource that was there need not say where
        receipt = QStringLiteral("200 DiagnosticReport");
    return receipt;
}

} // namespace yz::exchange
