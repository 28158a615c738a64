#pragma once

#include "core/result.h"
#include "domain/report_target.h"

#include <QSslConfiguration>

namespace yz::exchange {

/// TLS 1.2 or later, the server's certificate checked against the authorities of `identity` and the host name.
/// NotAllowed when one of its files cannot be used.
[[nodiscard]] Result<QSslConfiguration> tlsConfiguration(const TlsIdentity& identity);

/// Patient data goes in the clear only to this machine, or where the administrator said so (NotAllowed).
[[nodiscard]] Status mayGoPlain(const QUrl& address, bool plainAllowed);

} // namespace yz::exchange
