#include "exchange/document_client.h"

#include "exchange/http_client.h"

namespace yz::exchange {

Result<QString> DocumentClient::put(const QString& name, const QByteArray& document, const CancelToken& token) {
    QUrl url = m_target.address;
    const QString folder = url.path();
    url.setPath(folder + (folder.endsWith(u'/') ? QString() : QStringLiteral("/")) + name);
    HttpClient http(m_target);
    const Result<HttpAnswer> answer = http.request(
        "PUT", url, {{"Content-Type", "application/xml; charset=utf-8"}, {"If-None-Match", "*"}}, document, token);
    if (!answer)
        return fail(answer.error());
    if (answer->status >= 200 && answer->status <= 299)
        return QStringLiteral("%1 %2").arg(answer->status).arg(name);
    if (answer->status != 412)
        return fail(httpError(answer->status));
    const Result<HttpAnswer> there = http.request("GET", url, {{"Accept", "application/xml"}}, {}, token);
    if (!there)
        return fail(there.error());
    if (there->status != 200)
        return fail(httpError(there->status));
    if (there->body != document)
        return fail(ErrorCode::PeerRefusedObject, QStringLiteral("another document has this name"));
    return QString(u"found " + name);
}

} // namespace yz::exchange
