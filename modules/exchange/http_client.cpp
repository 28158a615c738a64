#include "exchange/http_client.h"

#include "exchange/tls_settings.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>
#include <memory>

namespace yz::exchange {

namespace {

constexpr qint64 kLongestAnswer = 16 * 1024 * 1024;

Result<QNetworkRequest> requestFor(const ReportTarget& target, const QUrl& url) {
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    if (url.scheme() == QLatin1String("https")) {
        const Result<QSslConfiguration> configuration = tlsConfiguration(target.tls);
        if (!configuration)
            return fail(configuration.error());
        request.setSslConfiguration(*configuration);
    } else if (url.scheme() == QLatin1String("http")) {
        if (const Status allowed = mayGoPlain(url, target.plainAllowed); !allowed)
            return fail(allowed.error());
    } else {
        return fail(ErrorCode::NotAllowed, QStringLiteral("address of target ") + target.id);
    }
    if (!target.authorization.isEmpty())
        request.setRawHeader("Authorization", target.authorization);
    return request;
}

ErrorCode codeOf(QNetworkReply::NetworkError error) {
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyNotFoundError:
        return ErrorCode::PlatformUnreachable;
    case QNetworkReply::SslHandshakeFailedError:
        return ErrorCode::CertificateUntrusted;
    case QNetworkReply::TimeoutError:
        return ErrorCode::NetworkTimeout;
    default:
        return ErrorCode::PeerError;
    }
}

} // namespace

Result<HttpAnswer> HttpClient::request(const QByteArray& method, const QUrl& url, const Headers& headers,
                                       const QByteArray& body, const CancelToken& token) {
    Result<QNetworkRequest> request = requestFor(m_target, url);
    if (!request)
        return fail(request.error());
    for (const auto& [name, value] : headers)
        request->setRawHeader(name, value);

    QNetworkAccessManager network;
    QEventLoop loop;
    QTimer limit;
    QTimer poll;
    enum class End { Answered, TimedOut, Cancelled, TooLong } end = End::Answered;
    const std::unique_ptr<QNetworkReply> reply(network.sendCustomRequest(*request, method, body));
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    const auto stop = [&](End why) {
        end = why;
        reply->abort();
    };
    QObject::connect(&limit, &QTimer::timeout, &loop, [&] { stop(End::TimedOut); });
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (token.isCancelled())
            stop(End::Cancelled);
    });
    QObject::connect(reply.get(), &QNetworkReply::downloadProgress, &loop, [&](qint64 received, qint64) {
        if (received > kLongestAnswer)
            stop(End::TooLong);
    });
    limit.setSingleShot(true);
    limit.start(m_target.timeout);
    poll.start(100);
    if (!reply->isFinished())
        loop.exec();

    switch (end) {
    case End::TimedOut:
        return fail(ErrorCode::NetworkTimeout, QStringLiteral("no answer"));
    case End::Cancelled:
        return fail(ErrorCode::Cancelled);
    case End::TooLong:
        return fail(ErrorCode::PeerError, QStringLiteral("the answer is too long"));
    case End::Answered:
        break;
    }
    HttpAnswer answer;
    answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const bool isBroken = reply->error() == QNetworkReply::RemoteHostClosedError ||
                          reply->error() == QNetworkReply::ProtocolFailure || answer.status == 0;
    if (isBroken && reply->error() != QNetworkReply::NoError)
        return fail(codeOf(reply->error()), QStringLiteral("network error %1").arg(reply->error()));
    answer.body = reply->readAll();
    answer.location = reply->rawHeader("Location");
    return answer;
}

Error httpError(int status) {
    const QString detail = QStringLiteral("HTTP %1").arg(status);
    if (status == 401 || status == 403 || status == 407)
        return {ErrorCode::CertificateUntrusted, detail};
    if (status == 408 || status == 425 || status == 429 || status >= 500)
        return {ErrorCode::PeerOutOfResources, detail};
    return {ErrorCode::PeerRefusedObject, detail};
}

} // namespace yz::exchange
