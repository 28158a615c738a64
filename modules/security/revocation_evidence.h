#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QString>

namespace yz {

/// When what this workstation knows of revoked certificates was made: thisUpdate (RFC 5280 5.1.2.4) of the newest list
/// of each authority in trust/crl.pem below `folder`, the oldest of these. Invalid where there are no lists, so that
/// revocation is not checked at all. CertificateUntrusted when the file is there and cannot be read. Any thread.
[[nodiscard]] Result<QDateTime> revocationEvidenceAsOf(const QString& folder);

} // namespace yz
