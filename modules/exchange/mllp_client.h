#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/report_target.h"

namespace yz::exchange {

/// HL7 v2 over MLLP, plain or TLS, one connection a message: an answer can then never be taken for that of another
/// message. Blocks; for jobs.
class MllpClient {
public:
    explicit MllpClient(ReportTarget target) : m_target(std::move(target)) {}

    /// Returns the receipt ("AA YZ0123..."). PlatformUnreachable, CertificateUntrusted, NotAllowed: it has not
    /// left. NetworkTimeout, PeerError (half an answer, none, one for another message): it may have
    /// arrived; send the same bytes again, the control id lets the receiver see that. PeerOutOfResources: refused for
    /// now. PeerRefusedObject: for good. Cancelled.
    [[nodiscard]] Result<QString> send(const QByteArray& message, const QString& controlId, const CancelToken& token);

private:
    ReportTarget m_target;
};

} // namespace yz::exchange
