#pragma once

#include "core/result.h"
#include "dicom/net/node.h"
#include "dicom/net/transport_dcmtk.h"

namespace yz {

/// TLS under an association (PS3.15 B.9, BCP 195: TLS 1.2 and 1.3, no older one): DCMTK's profile, waits that end when
/// the token is cancelled. The server's certificate is always checked, its name against `host` too; what was wrong with
/// it is told by the state (tlsProblem). InvalidArgument: authorities, certificate or key that cannot be used.
[[nodiscard]] Result<std::unique_ptr<DcmTransportLayer>> makeTlsLayer(const DicomTls& tls, const QString& host,
                                                                      std::shared_ptr<TransportState> state);

} // namespace yz
