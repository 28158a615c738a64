#include "exchange/target_probe.h"

#include "exchange/fhir_mapping.h"
#include "exchange/tls_settings.h"

#include <QEventLoop>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslSocket>
#include <QTimer>
#include <algorithm>
#include <memory>

namespace yz::exchange {

namespace {

using std::chrono::milliseconds;

constexpr int kSliceMs = 50;
constexpr int kSettleMs = 300;                        // whoever does not want us closes at once
constexpr qint64 kLongestAnswer = 16LL * 1024 * 1024; // capability statements of real servers have megabytes
constexpr qsizetype kLongestWord = 200;
constexpr int kSyslogPort = 601, kSyslogTlsPort = 6514; // RFC 6587, RFC 5425 4.1

/// Why a wait ended.
enum class End { Done, TimedOut, Cancelled };

/// Runs `loop` until somebody quits it, the time is over or the token is cancelled.
End await(QEventLoop& loop, milliseconds limit, const CancelToken& token) {
    End end = End::Done;
    const auto stop = [&](End why) {
        end = why;
        loop.quit();
    };
    QTimer over, poll;
    over.setSingleShot(true);
    QObject::connect(&over, &QTimer::timeout, &loop, [&] { stop(End::TimedOut); });
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (token.isCancelled())
            stop(End::Cancelled);
    });
    over.start(limit);
    poll.start(kSliceMs);
    loop.exec();
    return end;
}

void noteCertificate(TargetAnswer& answer, const QSslCertificate& certificate) {
    if (certificate.isNull())
        return;
    answer.certificateName = certificate.subjectInfo(QSslCertificate::CommonName).value(0);
    answer.certificateEnds = certificate.expiryDate().toUTC();
}

QString reasonsOf(const QList<QSslError>& errors) {
    QStringList reasons;
    for (const QSslError& error : errors)
        if (!reasons.contains(error.errorString()))
            reasons.append(error.errorString());
    return reasons.join(QStringLiteral("; "));
}

/// A connection that nothing is sent over.
void connectOnly(TargetAnswer& answer, const QUrl& address, int port, bool isTls, const TlsIdentity& identity,
                 milliseconds limit, const CancelToken& token) {
    QSslSocket socket;
    socket.setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    QEventLoop loop;
    QList<QSslError> untrusted;
    bool isUp = false;
    QObject::connect(&socket, &QAbstractSocket::errorOccurred, &loop, &QEventLoop::quit);
    QObject::connect(&socket, &QAbstractSocket::disconnected, &loop, &QEventLoop::quit);
    QObject::connect(&socket, &QSslSocket::sslErrors, &loop, [&](const QList<QSslError>& errors) {
        untrusted = errors;
        noteCertificate(answer, socket.peerCertificate());
    });
    const auto ready = [&] {
        isUp = true;
        loop.quit();
    };
    if (isTls) {
        const Result<QSslConfiguration> configuration = tlsConfiguration(identity);
        if (!configuration) {
            answer.problem = configuration.error();
            return;
        }
        socket.setSslConfiguration(*configuration);
        QObject::connect(&socket, &QSslSocket::encrypted, &loop, ready);
        socket.connectToHostEncrypted(address.host(), static_cast<quint16>(port));
    } else {
        QObject::connect(&socket, &QAbstractSocket::connected, &loop, ready);
        socket.connectToHost(address.host(), static_cast<quint16>(port));
    }
    const End end = await(loop, limit, token);
    const bool wasConnected = socket.state() == QAbstractSocket::ConnectedState;
    if (end == End::Cancelled) {
        answer.problem = Error{ErrorCode::Cancelled, {}};
    } else if (!untrusted.isEmpty()) {
        answer.problem = Error{ErrorCode::ServerCertificateRefused, reasonsOf(untrusted)};
    } else if (end == End::TimedOut) {
        answer.problem = wasConnected ? Error{ErrorCode::NetworkTimeout, QStringLiteral("no TLS handshake")}
                                      : Error{ErrorCode::PlatformUnreachable, QStringLiteral("no connection in time")};
    } else if (!isUp) {
        const bool isHandshake = isTls && (socket.error() == QAbstractSocket::SslHandshakeFailedError ||
                                           socket.error() == QAbstractSocket::RemoteHostClosedError);
        answer.problem =
            Error{isHandshake ? ErrorCode::TlsFailed : ErrorCode::PlatformUnreachable, socket.errorString()};
    }
    if (answer.problem) {
        socket.abort();
        return;
    }
    answer.isEncrypted = socket.isEncrypted();
    noteCertificate(answer, socket.peerCertificate());
    // TLS 1.3 tells a client whose certificate is refused only after its own handshake is done.
    const End settled = await(loop, milliseconds(kSettleMs), token);
    if (settled == End::Cancelled)
        answer.problem = Error{ErrorCode::Cancelled, {}};
    else if (socket.state() != QAbstractSocket::ConnectedState)
        answer.problem = Error{ErrorCode::PeerError, QStringLiteral("it closed the connection at once")};
    socket.abort();
}

struct HttpReply {
    int status = 0;
    QByteArray body, contentType, allow;
};

/// One request without a body. What is found out about the server goes into `answer`, what went wrong too.
std::optional<HttpReply> ask(TargetAnswer& answer, const ReportTarget& target, const QByteArray& method,
                             const QUrl& url, const CancelToken& token) {
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    if (url.scheme() == u"https") {
        const Result<QSslConfiguration> configuration = tlsConfiguration(target.tls);
        if (!configuration) {
            answer.problem = configuration.error();
            return std::nullopt;
        }
        request.setSslConfiguration(*configuration);
    } else if (const Status allowed = mayGoPlain(url, target.plainAllowed); !allowed) {
        answer.problem = allowed.error();
        return std::nullopt;
    }
    if (!target.authorization.isEmpty())
        request.setRawHeader("Authorization", target.authorization);
    if (method == "GET")
        request.setRawHeader("Accept", "application/fhir+json");

    QNetworkAccessManager network;
    network.setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    QEventLoop loop;
    QList<QSslError> untrusted;
    const std::unique_ptr<QNetworkReply> reply(network.sendCustomRequest(request, method));
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(reply.get(), &QNetworkReply::sslErrors, &loop, [&](const QList<QSslError>& errors) {
        untrusted = errors;
        if (!errors.isEmpty())
            noteCertificate(answer, errors.constFirst().certificate());
        noteCertificate(answer, reply->sslConfiguration().peerCertificate());
    });
    QObject::connect(reply.get(), &QNetworkReply::encrypted, &loop, [&] {
        answer.isEncrypted = true;
        noteCertificate(answer, reply->sslConfiguration().peerCertificate());
    });
    bool isEndless = false;
    QObject::connect(reply.get(), &QNetworkReply::downloadProgress, &loop, [&](qint64 received, qint64) {
        if (received > kLongestAnswer) {
            isEndless = true;
            loop.quit();
        }
    });
    const End end = reply->isFinished() ? End::Done : await(loop, target.timeout, token);
    const QNetworkReply::NetworkError error = reply->error();
    HttpReply got{reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll(),
                  reply->rawHeader("Content-Type"), reply->rawHeader("Allow")};
    if (const QByteArray date = reply->rawHeader("Date"); !date.isEmpty()) {
        answer.date = QLocale::c().toDateTime(QString::fromLatin1(date).trimmed(),
                                              QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'")); // RFC 9110 5.6.7
        answer.date.setTimeSpec(Qt::UTC);
    }
    reply->disconnect();
    reply->abort();
    if (end == End::Cancelled) {
        answer.problem = Error{ErrorCode::Cancelled, {}};
    } else if (!untrusted.isEmpty()) {
        answer.isEncrypted = false;
        answer.problem = Error{ErrorCode::ServerCertificateRefused, reasonsOf(untrusted)};
    } else if (end == End::TimedOut) {
        answer.problem = Error{ErrorCode::NetworkTimeout, QStringLiteral("no answer")};
    } else if (isEndless) {
        answer.problem = Error{ErrorCode::AnswerUnexpected, QStringLiteral("an answer without end")};
    } else if (got.status == 0) {
        const bool isTls = error == QNetworkReply::SslHandshakeFailedError;
        const bool isClosed = error == QNetworkReply::RemoteHostClosedError;
        const bool isOther =
            error == QNetworkReply::ProtocolFailure || error == QNetworkReply::ProtocolInvalidOperationError;
        answer.problem = Error{isTls                 ? ErrorCode::TlsFailed
                               : isClosed || isOther ? ErrorCode::AnswerUnexpected
                                                     : ErrorCode::PlatformUnreachable,
                               reply->errorString()};
    } else {
        return got;
    }
    return std::nullopt;
}

void judge(TargetAnswer& answer, const HttpReply& reply) {
    const QString detail = QStringLiteral("HTTP %1").arg(reply.status);
    if (reply.status >= 200 && reply.status < 300)
        return;
    answer.problem = Error{reply.status == 401 || reply.status == 407   ? ErrorCode::CredentialsRefused
                           : reply.status == 403                        ? ErrorCode::AccessForbidden
                           : reply.status == 404 || reply.status == 410 ? ErrorCode::NotFound
                           : reply.status == 429 || reply.status == 503 ? ErrorCode::ServerBusy
                           : reply.status >= 500                        ? ErrorCode::PeerError
                                                                        : ErrorCode::AnswerUnexpected,
                           detail};
}

QUrl below(const QUrl& base, const QString& path) {
    QUrl url = base;
    url.setPath(QString(base.path() + (base.path().endsWith(u'/') ? QString() : QStringLiteral("/")) + path));
    return url;
}

/// What strangers say is shown to a person: one line, no longer than that.
QString word(const QJsonValue& value) { return value.toString().simplified().left(kLongestWord); }

void readCapabilities(TargetAnswer& answer, const QByteArray& body) {
    const QJsonObject statement = QJsonDocument::fromJson(body).object();
    if (statement[QStringLiteral("resourceType")].toString() != u"CapabilityStatement") {
        answer.problem = Error{ErrorCode::AnswerUnexpected, QStringLiteral("no capability statement")};
        return;
    }
    const QJsonObject software = statement[QStringLiteral("software")].toObject();
    QStringList said;
    const QString name =
        QString(word(software[QStringLiteral("name")]) + u' ' + word(software[QStringLiteral("version")])).trimmed();
    const QString version = word(statement[QStringLiteral("fhirVersion")]);
    if (!name.isEmpty())
        said.append(name);
    said.append(QString(u"FHIR " + (version.isEmpty() ? QStringLiteral("?") : version)));
    answer.said = said.join(QStringLiteral(", "));
    if (!version.startsWith(u"4.0")) {
        answer.problem = Error{ErrorCode::AnswerUnexpected, QString(u"FHIR " + version)};
        return;
    }
    bool hasTransaction = false;
    QStringList creates;
    for (const QJsonValue& rest : statement[QStringLiteral("rest")].toArray()) {
        if (rest[QStringLiteral("mode")].toString() != u"server")
            continue;
        for (const QJsonValue& interaction : rest[QStringLiteral("interaction")].toArray()) {
            const QString code = interaction[QStringLiteral("code")].toString();
            hasTransaction = hasTransaction || code == u"transaction";
        }
        for (const QJsonValue& resource : rest[QStringLiteral("resource")].toArray()) {
            const QJsonArray interactions = resource[QStringLiteral("interaction")].toArray();
            const bool mayCreate =
                std::any_of(interactions.begin(), interactions.end(), [](const QJsonValue& interaction) {
                    return interaction[QStringLiteral("code")].toString() == u"create";
                });
            if (mayCreate && resource[QStringLiteral("conditionalCreate")].toBool())
                creates.append(resource[QStringLiteral("type")].toString());
        }
    }
    const auto need = [&](bool isThere, const QString& what) {
        QStringList& list = isThere ? answer.offered : answer.missing;
        if (!list.contains(what))
            list.append(what);
    };
    need(hasTransaction, QStringLiteral("transaction"));
    for (const FhirEntry& entry : fhirEntries())
        need(creates.contains(QLatin1String(entry.resource)), QLatin1String(entry.resource));
    if (!answer.missing.isEmpty())
        answer.problem = Error{ErrorCode::PresentationContextRefused, answer.missing.join(QStringLiteral(", "))};
}

void probeFhir(TargetAnswer& answer, const ReportTarget& target, const CancelToken& token) {
    const std::optional<HttpReply> metadata =
        ask(answer, target, "GET", below(target.address, QStringLiteral("metadata")), token);
    if (!metadata)
        return;
    judge(answer, *metadata);
    if (!answer.problem)
        readCapabilities(answer, metadata->body);
    if (answer.problem || target.authorization.isEmpty())
        return;
    QUrl search = below(target.address, QStringLiteral("DiagnosticReport"));
    search.setQuery(QStringLiteral("_summary=count&identifier=urn:ietf:rfc:3986%7Curn:yuanzhen:nobody"));
    if (const std::optional<HttpReply> found = ask(answer, target, "GET", search, token))
        judge(answer, *found);
}

void probeFolder(TargetAnswer& answer, const QString& path) {
    const QFileInfo folder(path);
    if (!folder.isDir())
        answer.problem = Error{ErrorCode::FileNotFound, path};
    else if (!folder.isWritable())
        answer.problem = Error{ErrorCode::FileUnreadable, path};
}

void probeDocuments(TargetAnswer& answer, const ReportTarget& target, const CancelToken& token) {
    std::optional<HttpReply> reply = ask(answer, target, "OPTIONS", target.address, token);
    const bool isUnknown = reply && (reply->status == 405 || reply->status == 501 || reply->status == 400);
    if (isUnknown)
        reply = ask(answer, target, "HEAD", target.address, token);
    if (!reply)
        return;
    judge(answer, *reply);
    if (answer.problem)
        return;
    answer.said = QStringLiteral("HTTP %1").arg(reply->status);
    if (isUnknown || reply->allow.isEmpty())
        return;
    const QByteArrayList allowed = reply->allow.toUpper().replace(' ', "").split(',');
    (allowed.contains("PUT") ? answer.offered : answer.missing).append(QStringLiteral("PUT"));
    if (!answer.missing.isEmpty())
        answer.problem = Error{ErrorCode::PresentationContextRefused, QStringLiteral("PUT")};
}

Error badAddress() { return {ErrorCode::NotAllowed, QStringLiteral("address")}; }

} // namespace

TargetAnswer probe(const ReportTarget& target, const CancelToken& token) {
    TargetAnswer answer;
    const QUrl& address = target.address;
    const QString scheme = address.scheme();
    const bool isWeb = scheme == u"http" || scheme == u"https";
    if (target.form == ReportTarget::Form::CdaDocument && address.isLocalFile()) {
        probeFolder(answer, address.toLocalFile());
        return answer;
    }
    const bool isMllp = target.form == ReportTarget::Form::Hl7Oru;
    if (address.host().isEmpty() || (isMllp ? !scheme.startsWith(u"mllp") || address.port() < 1 : !isWeb)) {
        answer.problem = badAddress();
        return answer;
    }
    switch (target.form) {
    case ReportTarget::Form::Hl7Oru:
        if (const Status allowed = scheme == u"mllps" ? Status() : mayGoPlain(address, target.plainAllowed); !allowed)
            answer.problem = allowed.error();
        else
            connectOnly(answer, address, address.port(), scheme == u"mllps", target.tls, target.timeout, token);
        break;
    case ReportTarget::Form::FhirBundle:
        probeFhir(answer, target, token);
        break;
    case ReportTarget::Form::CdaDocument:
        probeDocuments(answer, target, token);
        break;
    }
    return answer;
}

TargetAnswer probe(const AuditTarget& target, const CancelToken& token) {
    TargetAnswer answer;
    const QUrl& address = target.address;
    const bool isTls = address.scheme() == u"syslogs";
    if (address.host().isEmpty() || (!isTls && address.scheme() != u"syslog"))
        answer.problem = badAddress();
    else if (const Status allowed = isTls ? Status() : mayGoPlain(address, target.plainAllowed); !allowed)
        answer.problem = allowed.error();
    else
        connectOnly(answer, address, address.port(isTls ? kSyslogTlsPort : kSyslogPort), isTls, target.tls,
                    target.timeout, token);
    return answer;
}

} // namespace yz::exchange
