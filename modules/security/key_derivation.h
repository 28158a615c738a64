#pragma once

#include "core/result.h"

#include <QByteArray>

/// Private to security.
namespace yz {

/// From OpenSSL's generator. Internal.
[[nodiscard]] Result<QByteArray> randomBytes(qsizetype count);
/// HKDF with SHA-256 (RFC 5869). Internal.
[[nodiscard]] Result<QByteArray> deriveBytes(const QByteArray& secret, const QByteArray& salt, const QByteArray& info,
                                             qsizetype count);

} // namespace yz
