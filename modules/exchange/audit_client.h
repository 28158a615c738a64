#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/audit_target.h"

#include <QByteArray>
#include <QDateTime>
#include <vector>

namespace yz::exchange {

/// What a repository shows of itself before anything is sent.
struct AuditAnswer {
    bool isEncrypted = false;
    QString certificateName;   ///< common name of the repository's certificate
    QDateTime certificateEnds; ///< UTC
};

/// Syslog over TLS (RFC 5425): frames counted in octets. Blocks; for jobs.
class AuditClient {
public:
    explicit AuditClient(AuditTarget target) : m_target(std::move(target)) {}

    /// One connection for all messages. The protocol knows no answer: a success is that the repository took all bytes
    /// and still held the connection some time after the last; on any error the whole batch is to be sent again.
    /// PlatformUnreachable, CertificateUntrusted, NotAllowed, NetworkTimeout, PeerError, Cancelled.
    [[nodiscard]] Status send(const std::vector<QByteArray>& messages, const CancelToken& token);
    /// Connects, shakes hands and leaves; nothing is sent. Errors as send().
    [[nodiscard]] Result<AuditAnswer> check(const CancelToken& token);

private:
    AuditTarget m_target;
};

} // namespace yz::exchange
