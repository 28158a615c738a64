#pragma once

#include "domain/ports.h"

namespace yz {

/// Signs with keys in files:
///   keys/<user id>.key.pem   PKCS#8, encrypted with the PIN
///   keys/<user id>.cert.pem  the doctor's certificate
///   trust/ca.pem             roots and intermediates; trust/crl.pem: revocation lists, when there are any
/// SM2 with SM3, ECDSA and RSA with SHA-256, one path for all (see cms_envelope.h). Holds no key between calls.
/// Thread-safe.
class CmsReportSigner final : public ReportSigner {
public:
    explicit CmsReportSigner(QString folder) : m_folder(std::move(folder)) {}

    /// CertificateMissing.
    Result<CertificateInfo> certificate(const UserId& user) override;
    /// The signing time is `at` in whole seconds.
    Result<QByteArray> sign(const UserId& user, const QString& pin, const QByteArray& bytes,
                            const QDateTime& at) override;

private:
    QString m_folder;
};

} // namespace yz
