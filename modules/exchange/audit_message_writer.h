#pragma once

#include "domain/audit_target.h"
#include "domain/ports.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <span>

/// Audit messages by the schema of PS3.15 A.5.1 from rows of the local audit log.
namespace yz::exchange {

/// A row of the local log.
struct AuditFact {
    qint64 number = 0;
    QDateTime at;
    AuditEntry entry;
    QString userName; ///< as people know them; may be empty
};

/// How an event of ours is called by DICOM (PS3.16 CID 400 and 401). Events that are not in the table go out under
/// their own name with the coding scheme 99YZ.
struct AuditEventRow {
    const char* event;
    const char* code; ///< DCM
    const char* text;
    const char* typeCode; ///< DCM; null: none
    const char* typeText;
    char action; ///< C R U D E
};
[[nodiscard]] std::span<const AuditEventRow> auditEventRows();

[[nodiscard]] QByteArray writeAuditMessage(const AuditFact& fact, const AuditOrigin& origin);

/// RFC 5424: facility authpriv, severity notice; MSGID "DICOM+RFC3881" (PS3.15 A.6); the row number as
/// meta sequenceId, by which a repository knows a message that came twice.
[[nodiscard]] QByteArray syslogMessage(const AuditFact& fact, const AuditOrigin& origin, const QByteArray& xml);

} // namespace yz::exchange
