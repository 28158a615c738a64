#include "platform/http_exchange.h"

#include "core/bandwidth.h"
#include "core/log.h"

#include <QEventLoop>
#include <QLocale>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QStringList>
#include <QThread>
#include <QTimer>
#include <algorithm>
#include <mutex>
#include <vector>

namespace yz {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kTickMs = 20; // how soon a cancelled token and a silent line are seen
constexpr qint64 kReadAhead = 16LL * 1024 * 1024;
constexpr qint64 kReadAheadLimited = 64LL * 1024; // what is not read yet waits at the server
constexpr std::chrono::seconds kLongestRetryAfter{3600};

bool isSuccess(int status) { return status >= 200 && status < 300; }

std::optional<std::chrono::seconds> retryAfterOf(const QByteArray& header) {
    bool isNumber = false;
    const qint64 seconds = header.trimmed().toLongLong(&isNumber);
    if (isNumber && seconds >= 0)
        return std::min(std::chrono::seconds(seconds), kLongestRetryAfter);
    return std::nullopt; // the form with a date depends on two clocks: our own back-off is as good
}

QDateTime httpDate(const QByteArray& header) {
    const QString text = QString::fromLatin1(header).trimmed();
    QDateTime date = QLocale::c().toDateTime(text, QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'")); // RFC 9110 5.6.7
    date.setTimeSpec(Qt::UTC);
    return date;
}

Error networkError(QNetworkReply::NetworkError error, const QString& text, bool hadHead, const QStringList& tls) {
    if (!tls.isEmpty())
        return {ErrorCode::ServerCertificateRefused, tls.join(QStringLiteral("; "))};
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::ProxyNotFoundError:
        return {ErrorCode::PlatformUnreachable, text};
    case QNetworkReply::SslHandshakeFailedError:
        return {ErrorCode::TlsFailed, text};
    case QNetworkReply::TimeoutError:
        return {ErrorCode::NetworkTimeout, text};
    case QNetworkReply::RemoteHostClosedError:
        return {hadHead ? ErrorCode::AnswerCutOff : ErrorCode::AssociationAborted, text};
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return {ErrorCode::AnswerUnexpected, text};
    default:
        return {hadHead ? ErrorCode::AnswerCutOff : ErrorCode::PlatformUnreachable, text};
    }
}

} // namespace

/// Managers that stand idle, with their open connections, between calls. One belongs to no thread until it is taken.
class HttpExchange::Managers {
public:
    ~Managers() {
        for (std::unique_ptr<QNetworkAccessManager>& manager : m_idle)
            manager->moveToThread(QThread::currentThread());
    }
    std::unique_ptr<QNetworkAccessManager> take() {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_idle.empty()) {
                std::unique_ptr<QNetworkAccessManager> manager = std::move(m_idle.back());
                m_idle.pop_back();
                manager->moveToThread(QThread::currentThread());
                return manager;
            }
        }
        auto manager = std::make_unique<QNetworkAccessManager>();
        manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
        manager->setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
        manager->setAutoDeleteReplies(false);
        return manager;
    }
    void giveBack(std::unique_ptr<QNetworkAccessManager> manager) {
        manager->moveToThread(nullptr);
        const std::lock_guard lock(m_mutex);
        m_idle.push_back(std::move(manager));
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<QNetworkAccessManager>> m_idle;
};

/// One call: the transfers that are on their way, and the loop that waits for them.
class HttpExchange::Run : public QObject {
public:
    Run(const WebNode& node, QNetworkAccessManager& manager, QNetworkRequest base, const std::function<Next()>& next,
        int parallel, CancelToken token)
        : m_node(node), m_manager(manager), m_base(std::move(base)), m_next(next), m_parallel(parallel),
          m_token(std::move(token)) {}

    Status exec() {
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [this] { tick(); });
        timer.start(kTickMs);
        fill();
        if (!isOver())
            m_loop.exec();
        for (Active* active : all()) { // ended early: nothing of them is wanted any more
            active->reply->disconnect(this);
            active->reply->abort();
        }
        m_active.clear();
        return m_outcome;
    }

private:
    struct Active {
        HttpTransfer transfer;
        std::unique_ptr<QNetworkReply> reply;
        HttpAnswer head;
        QStringList tlsProblems;
        bool hasHead = false, isFinished = false;
        qint64 bytes = 0;
        steady_clock::time_point lastSign = steady_clock::now();
        Status outcome;
    };

    std::vector<Active*> all() const {
        std::vector<Active*> list;
        for (const std::unique_ptr<Active>& active : m_active)
            list.push_back(active.get());
        return list;
    }

    /// False while the limit of the line is used up.
    [[nodiscard]] bool mayRead() const { return !m_node.limiter || m_node.limiter->wait() == milliseconds(0); }

    /// What had to wait for the limit.
    void resumeReading() {
        for (Active* active : all()) {
            if (active->isFinished || active->reply->bytesAvailable() == 0)
                continue;
            active->lastSign = steady_clock::now(); // it is we who are slow
            if (mayRead() && !take(active))
                finish(active);
        }
    }

    [[nodiscard]] bool isOver() const { return m_active.empty() && (m_isEnd || !m_outcome); }

    void stop(const Status& outcome) {
        if (m_outcome)
            m_outcome = outcome;
        m_isEnd = true;
        m_loop.quit();
    }

    void tick() {
        if (m_token.isCancelled())
            return stop(fail(ErrorCode::Cancelled));
        const auto now = steady_clock::now();
        if (m_node.limiter)
            resumeReading();
        for (Active* active : all()) {
            const milliseconds own = active->transfer.request.silence;
            if (now - active->lastSign <
                (own.count() > 0 ? std::min(own, m_node.silenceTimeout) : m_node.silenceTimeout))
                continue;
            active->outcome = fail(ErrorCode::NetworkTimeout, QStringLiteral("no byte for too long"));
            finish(active);
        }
        fill();
    }

    void fill() {
        while (m_outcome && !m_isEnd && m_active.size() < static_cast<size_t>(m_parallel) &&
               steady_clock::now() >= m_pauseUntil && mayRead()) {
            Next next = m_next();
            if (next.transfer) {
                begin(std::move(*next.transfer));
            } else if (next.isEnd) {
                m_isEnd = true;
            } else {
                m_pauseUntil = steady_clock::now() + std::max(next.pause, milliseconds(kTickMs));
            }
        }
        if (isOver())
            m_loop.quit();
    }

    void begin(HttpTransfer&& transfer) {
        m_active.push_back(std::make_unique<Active>());
        Active* active = m_active.back().get();
        active->transfer = std::move(transfer);
        const HttpRequest& request = active->transfer.request;
        QNetworkRequest network(m_base);
        const QByteArray root = m_node.root.toEncoded(QUrl::StripTrailingSlash | QUrl::RemoveUserInfo);
        network.setUrl(QUrl::fromEncoded(root + '/' + request.path.toUtf8(), QUrl::StrictMode));
        for (const auto& [name, value] : request.headers)
            network.setRawHeader(name, value);
        active->reply.reset(m_manager.sendCustomRequest(network, request.method, request.body));
        QNetworkReply* reply = active->reply.get();
        reply->setReadBufferSize(m_node.limiter ? kReadAheadLimited : kReadAhead);
        connect(reply, &QNetworkReply::uploadProgress, this, [active] { active->lastSign = steady_clock::now(); });
        connect(reply, &QNetworkReply::sslErrors, this, [active](const QList<QSslError>& errors) {
            for (const QSslError& error : errors)
                active->tlsProblems.append(error.errorString());
        });
        connect(reply, &QNetworkReply::readyRead, this, [this, active] {
            if (!mayRead())
                active->lastSign = steady_clock::now();
            else if (!take(active))
                finish(active);
        });
        connect(reply, &QNetworkReply::finished, this, [this, active] {
            if (take(active))
                settle(active);
            finish(active);
        });
    }

    /// What has come so far; false: the transfer is to end, with active->outcome.
    bool take(Active* active) {
        if (active->isFinished)
            return false;
        active->lastSign = steady_clock::now();
        QNetworkReply& reply = *active->reply;
        if (!active->hasHead) {
            HttpAnswer& head = active->head;
            head.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
            if (head.status == 0)
                return true;
            active->hasHead = true;
            head.contentType = reply.rawHeader("Content-Type");
            head.warning = reply.rawHeader("Warning");
            head.contentLocation = reply.rawHeader("Content-Location");
            head.retryAfter = retryAfterOf(reply.rawHeader("Retry-After"));
            head.date = httpDate(reply.rawHeader("Date"));
            if (const QSslCertificate peer = reply.sslConfiguration().peerCertificate(); !peer.isNull()) {
                head.certificateName = peer.subjectInfo(QSslCertificate::CommonName).value(0);
                head.certificateEnds = peer.expiryDate().toUTC();
            }
            if (wantsBody(*active) && active->transfer.onHead)
                if (active->outcome = active->transfer.onHead(head); !active->outcome)
                    return false;
        }
        const QByteArray bytes = reply.readAll();
        if (bytes.isEmpty())
            return true;
        active->bytes += bytes.size();
        if (m_node.limiter)
            m_node.limiter->spend(bytes.size());
        const qint64 most =
            active->transfer.request.maxBytes > 0 ? active->transfer.request.maxBytes : m_node.maxAnswerBytes;
        if (active->bytes > most) {
            active->outcome =
                fail(ErrorCode::LimitExceeded, QStringLiteral("an answer of more than %1 bytes").arg(most));
            return false;
        }
        if (wantsBody(*active) && active->transfer.onBytes)
            active->outcome = active->transfer.onBytes(bytes);
        return active->outcome.has_value();
    }

    [[nodiscard]] static bool wantsBody(const Active& active) {
        return active.transfer.anyStatus || isSuccess(active.head.status);
    }

    /// The reply has ended by itself.
    void settle(Active* active) {
        const QNetworkReply& reply = *active->reply;
        const bool isHttpError = active->hasHead && !isSuccess(active->head.status);
        if (!active->hasHead || (reply.error() != QNetworkReply::NoError && !isHttpError))
            active->outcome = fail(
                networkError(reply.error() == QNetworkReply::NoError ? QNetworkReply::ProtocolFailure : reply.error(),
                             reply.errorString(), active->hasHead, active->tlsProblems));
        else if (isHttpError && !active->transfer.anyStatus)
            active->outcome = fail(statusError(active->head));
    }

    void finish(Active* active) {
        if (active->isFinished)
            return;
        active->isFinished = true;
        active->reply->disconnect(this);
        active->reply->abort();
        m_ended.push_back(std::move(active->reply)); // its own signal may be on the stack
        const Status done =
            active->transfer.onDone ? active->transfer.onDone(active->outcome, active->head) : Status(active->outcome);
        std::erase_if(m_active, [active](const std::unique_ptr<Active>& other) { return other.get() == active; });
        if (!done)
            return stop(done);
        // Not from here: a chain of quick answers would grow the stack.
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_ended.clear();
                fill();
            },
            Qt::QueuedConnection);
    }

    const WebNode& m_node;
    QNetworkAccessManager& m_manager;
    QNetworkRequest m_base;
    const std::function<Next()>& m_next;
    int m_parallel;
    CancelToken m_token;
    QEventLoop m_loop;
    std::vector<std::unique_ptr<Active>> m_active;
    std::vector<std::unique_ptr<QNetworkReply>> m_ended;
    steady_clock::time_point m_pauseUntil{};
    Status m_outcome;
    bool m_isEnd = false;
};

namespace {

Result<QSslKey> keyOf(const QByteArray& pem) {
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec})
        if (QSslKey key(pem, algorithm, QSsl::Pem, QSsl::PrivateKey); !key.isNull())
            return key;
    return fail(ErrorCode::InvalidArgument, QStringLiteral("the private key for TLS cannot be read"));
}

Result<QSslConfiguration> tlsOf(const WebNode& node) {
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater); // BCP 195
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!node.authorities.isEmpty()) {
        const QList<QSslCertificate> authorities = QSslCertificate::fromData(node.authorities, QSsl::Pem);
        if (authorities.isEmpty())
            return fail(ErrorCode::InvalidArgument, QStringLiteral("the authorities' certificates cannot be read"));
        tls.setCaCertificates(authorities);
    }
    if (!node.certificate.isEmpty()) {
        const QList<QSslCertificate> chain = QSslCertificate::fromData(node.certificate, QSsl::Pem);
        const Result<QSslKey> key = keyOf(node.key);
        if (chain.isEmpty())
            return fail(ErrorCode::InvalidArgument, QStringLiteral("our certificate for TLS cannot be read"));
        if (!key)
            return fail(key.error());
        tls.setLocalCertificateChain(chain);
        tls.setPrivateKey(*key);
    }
    return tls;
}

Result<QNetworkRequest> baseRequest(const WebNode& node) {
    const bool isPlain = node.root.scheme() == u"http";
    if (!node.root.isValid() || node.root.host().isEmpty() || (!isPlain && node.root.scheme() != u"https"))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no https address of the server"));
    if (isPlain && !node.plainAllowed)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("http without encryption is not allowed for this node"));
    QNetworkRequest request;
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setRawHeader("User-Agent", "Yuanzhen");
    if (node.authorization == WebAuthorization::Basic) {
        const QByteArray pair = node.user.toUtf8() + ':' + node.secret.toUtf8();
        request.setRawHeader("Authorization", "Basic " + pair.toBase64());
    }
    if (node.authorization == WebAuthorization::Bearer)
        request.setRawHeader("Authorization", "Bearer " + node.secret.toUtf8());
    if (!isPlain) {
        const Result<QSslConfiguration> tls = tlsOf(node);
        if (!tls)
            return fail(tls.error());
        request.setSslConfiguration(*tls);
    }
    return request;
}

} // namespace

HttpExchange::HttpExchange(WebNode node) : m_node(std::move(node)), m_managers(std::make_unique<Managers>()) {}
HttpExchange::~HttpExchange() = default;

Status HttpExchange::run(const std::function<Next()>& next, int parallel, const CancelToken& token) {
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    Result<QNetworkRequest> base = baseRequest(m_node);
    if (!base)
        return fail(base.error());
    std::unique_ptr<QNetworkAccessManager> manager = m_managers->take();
    Status outcome;
    {
        Run run(m_node, *manager, std::move(*base), next, std::clamp(parallel, 1, 6), token);
        outcome = run.exec();
    }
    m_managers->giveBack(std::move(manager));
    return outcome;
}

Result<HttpAnswer> HttpExchange::send(const HttpRequest& request, const CancelToken& token, bool anyStatus) {
    HttpAnswer answer;
    bool isTaken = false;
    const Status done = run(
        [&]() -> Next {
            if (isTaken)
                return {std::nullopt, {}, true};
            isTaken = true;
            HttpTransfer transfer;
            transfer.request = request;
            transfer.anyStatus = anyStatus;
            transfer.onHead = [&](const HttpAnswer& head) -> Status {
                answer = head;
                return {};
            };
            transfer.onBytes = [&](const QByteArray& bytes) -> Status {
                answer.body.append(bytes);
                return {};
            };
            transfer.onDone = [](const Status& outcome, const HttpAnswer&) { return outcome; };
            return {std::move(transfer), {}, false};
        },
        1, token);
    if (!done)
        return fail(done.error());
    return answer;
}

Result<HttpAnswer> HttpExchange::sendPatiently(const HttpRequest& request, const CancelToken& token) {
    for (int tried = 1;; ++tried) {
        const Result<HttpAnswer> answer = send(request, token, true);
        if (answer && isSuccess(answer->status))
            return answer;
        const Error error = answer ? statusError(*answer) : answer.error();
        if (tried >= m_node.tries || !mayPass(error.code))
            return fail(error);
        const auto end = steady_clock::now() + backoff(tried, answer ? answer->retryAfter : std::nullopt);
        while (steady_clock::now() < end) {
            if (token.isCancelled())
                return fail(ErrorCode::Cancelled);
            QThread::msleep(kTickMs);
        }
    }
}

bool HttpExchange::mayPass(ErrorCode code) {
    return isLineError(code) || code == ErrorCode::ServerBusy || code == ErrorCode::PeerError;
}

bool HttpExchange::isLineError(ErrorCode code) {
    switch (code) {
    case ErrorCode::PlatformUnreachable:
    case ErrorCode::NetworkTimeout:
    case ErrorCode::AssociationAborted:
    case ErrorCode::AnswerCutOff:
        return true;
    default:
        return false;
    }
}

milliseconds HttpExchange::backoff(int tried, std::optional<std::chrono::seconds> asked) {
    const milliseconds own(500 * (1 << std::clamp(tried - 1, 0, 7)));
    return std::min(milliseconds(30000), std::max<milliseconds>(own, asked.value_or(std::chrono::seconds(0))));
}

Error HttpExchange::statusError(const HttpAnswer& answer) {
    const QString detail = QStringLiteral("HTTP %1").arg(answer.status);
    switch (answer.status) {
    case 400:
        return {ErrorCode::InvalidArgument, detail};
    case 401:
        return {ErrorCode::CredentialsRefused, detail};
    case 403:
        return {ErrorCode::AccessForbidden, detail};
    case 404:
    case 410:
        return {ErrorCode::NotFound, detail};
    case 405:
    case 406:
    case 415:
    case 501:
        return {ErrorCode::NotSupported, detail};
    case 409:
        return {ErrorCode::PeerRefusedObject, detail};
    case 413:
        return {ErrorCode::RequestTooLarge, detail};
    case 429:
    case 503:
        return {ErrorCode::ServerBusy,
                answer.retryAfter ? detail + QStringLiteral(", again after %1 s").arg(answer.retryAfter->count())
                                  : detail};
    case 507:
        return {ErrorCode::PeerOutOfResources, detail};
    default:
        return {answer.status >= 500 ? ErrorCode::PeerError : ErrorCode::AnswerUnexpected, detail};
    }
}

} // namespace yz
