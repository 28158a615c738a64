#pragma once

#include "domain/ports.h"

namespace yz {

/// Verifies what CmsReportSigner makes, against trust/ca.pem and trust/crl.pem below a folder: at the signing time the
/// chain must have been valid and nothing in it revoked yet. Strict: only the exact form of cms_envelope.h is accepted,
/// so there is no byte of a valid CMS that can be changed. Thread-safe.
class CmsSignatureVerifier final : public SignatureVerifier {
public:
    explicit CmsSignatureVerifier(QString folder) : m_folder(std::move(folder)) {}

    SignatureVerdict verify(const QByteArray& bytes, const QByteArray& cms) override;
    QByteArray digest(const QByteArray& bytes) override;

private:
    QString m_folder;
};

} // namespace yz
