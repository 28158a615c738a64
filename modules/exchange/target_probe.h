#pragma once

#include "core/cancel.h"
#include "core/error_codes.h"
#include "core/result.h"
#include "domain/audit_target.h"
#include "domain/report_target.h"

#include <QDateTime>
#include <QStringList>
#include <optional>

namespace yz::exchange {

/// What a receiver shows of itself when it is tried; also what it showed before something went wrong.
struct TargetAnswer {
    std::optional<Error> problem;
    bool isEncrypted = false;
    QString certificateName;   ///< common name; also of one that is not trusted
    QDateTime certificateEnds; ///< UTC
    QDateTime date;            ///< its clock, UTC (HTTP Date); invalid: it did not say
    QString said;              ///< in its own words, a line: "HAPI FHIR Server 6.2, FHIR 4.0.1"
    QStringList offered;       ///< of what a report needs: "transaction", "DiagnosticReport"; "PUT"
    QStringList missing;       ///< of that, what it says it does not do
};

/// Tries a receiver without sending anything that it could take for a report. Blocks, up to the target's time-out; for
/// jobs. Ends within a tenth of a second when the token is cancelled.
///
/// HL7 over MLLP: a connection, with TLS its handshake, and 300 ms in which the receiver does not close it; no byte of
/// HL7, for any message may be kept as one. FHIR: GET [base]/metadata (FHIR R4 3.2.0.1.11); with an Authorization
/// header also a search for a report of an identifier that nobody has, because metadata is open to everybody. A
/// document folder over HTTP: OPTIONS, and HEAD where that is not known. A folder of the file system: whether it may be
/// written to. Audit: as MLLP.
///
/// Problems: PlatformUnreachable, NetworkTimeout, ServerCertificateRefused (detail: why, of each certificate),
/// TlsFailed, NotAllowed (no TLS without leave; a file of ours cannot be used), CredentialsRefused, AccessForbidden,
/// NotFound, AnswerUnexpected (something else listens there, or another version), PresentationContextRefused
/// (`missing`), PeerError, ServerBusy, Cancelled, FileNotFound and FileUnreadable (of a folder).
[[nodiscard]] TargetAnswer probe(const ReportTarget& target, const CancelToken& token);
[[nodiscard]] TargetAnswer probe(const AuditTarget& target, const CancelToken& token);

} // namespace yz::exchange
