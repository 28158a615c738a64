#pragma once

#include "core/result.h"
#include "security/openssl_handles.h"

#include <QDateTime>
#include <QString>
#include <vector>

namespace yz {

/// The trusted certification authorities and their revocation lists: trust/ca.pem (roots and intermediates) and
/// trust/crl.pem (optional). Private to security. Not shared between threads; loading is cheap.
class TrustStore {
public:
    /// CertificateUntrusted when ca.pem is absent or broken.
    [[nodiscard]] static Result<TrustStore> load(const QString& folder);

    /// The chain from the certificate up to and without its root, valid at a time. Only self-signed certificates of
    /// ca.pem are anchors. CertificateExpired, CertificateNotYetValid, CertificateRevoked (on or before `at`),
    /// CertificateUntrusted.
    [[nodiscard]] Result<std::vector<CertificatePtr>>
    chainOf(X509* certificate, const std::vector<CertificatePtr>& intermediates, const QDateTime& at) const;
    /// Those of ca.pem.
    [[nodiscard]] const std::vector<CertificatePtr>& intermediates() const { return m_intermediates; }

private:
    StorePtr m_store;
    std::vector<CertificatePtr> m_intermediates;
};

} // namespace yz
