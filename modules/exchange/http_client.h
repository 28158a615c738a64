#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/report_target.h"

#include <QByteArray>
#include <QList>
#include <QPair>

namespace yz::exchange {

struct HttpAnswer {
    int status = 0;
    QByteArray body;
    QByteArray location; ///< header
};

/// One HTTP(S) request, blocking (it runs its own event loop: for job threads, never for the GUI's). Redirections are
/// not followed: patient data goes where it was meant to go.
class HttpClient {
public:
    explicit HttpClient(ReportTarget target) : m_target(std::move(target)) {}

    using Headers = QList<QPair<QByteArray, QByteArray>>;
    /// Any status is an answer. PlatformUnreachable, CertificateUntrusted, NotAllowed: nothing has left.
    /// NetworkTimeout, PeerError (broken off, or an endless answer): it may have arrived. Cancelled.
    [[nodiscard]] Result<HttpAnswer> request(const QByteArray& method, const QUrl& url, const Headers& headers,
                                             const QByteArray& body, const CancelToken& token);

private:
    ReportTarget m_target;
};

/// What a status that is no success means for a delivery: PeerOutOfResources (408, 425, 429, 5xx), CertificateUntrusted
/// (401, 403, 407), else PeerRefusedObject.
[[nodiscard]] Error httpError(int status);

} // namespace yz::exchange
