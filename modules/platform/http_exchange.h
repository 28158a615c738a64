#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "platform/web_node.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QPair>
#include <functional>
#include <memory>
#include <optional>

/// HTTP for the clients of this target, and for whoever speaks JSON over HTTP with a platform. Blocking.
namespace yz {

struct HttpRequest {
    QByteArray method = "GET";
    QString path; ///< below the service root, percent-encoded, with its query ("studies?limit=10")
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;                      ///< for POST and PUT
    qint64 maxBytes = 0;                  ///< of the answer's body; 0: WebNode::maxAnswerBytes
    std::chrono::milliseconds silence{0}; ///< shorter than WebNode::silenceTimeout; 0: that one
};

struct HttpAnswer {
    int status = 0;
    QByteArray contentType; ///< as sent, with its parameters
    QByteArray warning;     ///< the Warning header
    QByteArray contentLocation;
    std::optional<std::chrono::seconds> retryAfter;
    QByteArray body;           ///< empty where it was streamed
    QDateTime date;            ///< the Date header, UTC; invalid when there is none
    QString certificateName;   ///< common name of the server's certificate; empty without TLS
    QDateTime certificateEnds; ///< its last moment, UTC
};

/// One request of a stream of them.
struct HttpTransfer {
    HttpRequest request;
    bool anyStatus = false; ///< onHead and onBytes also for an answer that is no success, and onDone without error
    /// Status 2xx came; an error ends this transfer.
    std::function<Status(const HttpAnswer& head)> onHead;
    /// The body as it comes; an error ends this transfer.
    std::function<Status(const QByteArray& bytes)> onBytes;
    /// Once, at the end, also after an error; `head` is empty where no answer came. What it returns ends the whole run
    /// when it is an error.
    std::function<Status(const Status& outcome, const HttpAnswer& head)> onDone;
};

/// Talks to one server. Thread-safe: each call runs an event loop of its own on the calling thread, which must not be
/// the GUI thread. Connections stay open between calls. Redirects are not followed (credentials would go along), no
/// proxy is used, no cookies are kept.
///
/// Errors: InvalidArgument (no https without leave, broken certificate or key), PlatformUnreachable, NetworkTimeout,
/// ServerCertificateRefused (with the reasons), TlsFailed, AnswerCutOff (a body that ended early), AnswerUnexpected
/// (no HTTP, a redirect, another content type than asked for), LimitExceeded, Cancelled, and for an answer that is no
/// success: CredentialsRefused 401, AccessForbidden 403, NotFound 404 and 410, NotSupported 405/406/415/501,
/// PeerRefusedObject 409, RequestTooLarge 413, ServerBusy 429 and 503, InvalidArgument 400,
/// PeerError the others.
class HttpExchange {
public:
    explicit HttpExchange(WebNode node);
    ~HttpExchange();
    HttpExchange(const HttpExchange&) = delete;
    HttpExchange& operator=(const HttpExchange&) = delete;

    /// One request with its whole answer. An answer that is no success is returned as it is where `anyStatus`, else as
    /// the error it stands for.
    [[nodiscard]] Result<HttpAnswer> send(const HttpRequest& request, const CancelToken& token, bool anyStatus = false);
    /// The same, again after a pause when the line or the server fails; for requests that only read.
    [[nodiscard]] Result<HttpAnswer> sendPatiently(const HttpRequest& request, const CancelToken& token);

    /// What to do next: a transfer, a pause before asking again (nothing is running: it is waited out), or the end.
    struct Next {
        std::optional<HttpTransfer> transfer;
        std::chrono::milliseconds pause{0};
        bool isEnd = false;
    };
    /// Runs what `next` gives, at most `parallel` at a time. All callbacks come on the calling thread.
    [[nodiscard]] Status run(const std::function<Next()>& next, int parallel, const CancelToken& token);

    [[nodiscard]] const WebNode& node() const { return m_node; }

    /// The error an HTTP status stands for; `retryAfter` is said in the detail.
    [[nodiscard]] static Error statusError(const HttpAnswer& answer);
    /// Whether asking again may help.
    [[nodiscard]] static bool mayPass(ErrorCode code);
    /// Whether the line failed, not the server.
    [[nodiscard]] static bool isLineError(ErrorCode code);
    /// Pause before try `tried` + 1: 0.5 s doubled each time, or what the server asked for, at most 30 s.
    [[nodiscard]] static std::chrono::milliseconds backoff(int tried,
                                                           std::optional<std::chrono::seconds> asked = std::nullopt);

private:
    class Run;
    class Managers;

    WebNode m_node;
    std::unique_ptr<Managers> m_managers;
};

} // namespace yz
