#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/audit_target.h"

#include <QByteArray>
#include <vector>

namespace yz::exchange {

/// Syslog over TLS (RFC 5425): frames counted in octets. Blocks; for jobs.
class AuditClient {
public:
    explicit AuditClient(AuditTarget target) : m_target(std::move(target)) {}

    /// One connection for all messages. The protocol knows no answer: a success is that the repository took all bytes
    /// and still held the connection some time after the last; on any error the whole batch is to be sent again.
    /// PlatformUnreachable, CertificateUntrusted, NotAllowed, NetworkTimeout, PeerError, Cancelled.
    [[nodiscard]] Status send(const std::vector<QByteArray>& messages, const CancelToken& token);

private:
    AuditTarget m_target;
};

} // namespace yz::exchange
