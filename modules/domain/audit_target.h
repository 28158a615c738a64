#pragma once

#include "domain/report_target.h"

namespace yz {

/// The repository that gets the audit messages of this workstation (PS3.15 A.5 and A.6).
struct AuditTarget {
    QUrl address; ///< syslogs://host:6514 (RFC 5425); syslog:// is without TLS; empty: there is none
    bool plainAllowed = false;
    TlsIdentity tls;
    int perSecond = 50; ///< how fast a backlog is caught up with
    std::chrono::milliseconds timeout{15000};

    bool operator==(const AuditTarget&) const = default;
    [[nodiscard]] static QString keyName() { return QStringLiteral("audit/key"); }
    [[nodiscard]] bool isSet() const { return !address.isEmpty(); }
};

/// Who reports: the same in all messages of a workstation.
struct AuditOrigin {
    QString hospital; ///< AuditEnterpriseSiteID
    QString station;  ///< AuditSourceID
    QString aeTitle;
    QString platformAeTitle; ///< the other end of transfers
    QString hostName;
};

} // namespace yz
