#pragma once

#include "core/result.h"
#include "security/openssl_handles.h"

#include <QByteArray>
#include <QDateTime>
#include <vector>

namespace yz {

/// The one form of CMS the product writes and accepts: SignedData without content (RFC 5652), one SignerInfo by issuer
/// and serial number, signed attributes contentType, messageDigest, signingTime and signingCertificateV2 (CAdES-BES, EN
/// 319 122-1), the signer's chain without the root, nothing unsigned. Built from public parts, so the same parts give
/// the same bytes: a verifier that builds it again and compares has looked at every byte. Private to security.
class CmsEnvelope {
public:
    /// `chain` starts with the signer's certificate.
    [[nodiscard]] static Result<CmsEnvelope> build(const std::vector<CertificatePtr>& chain, const QByteArray& content,
                                                   const QDateTime& signingTime);
    /// What the signer's key signs: the DER of the signed attributes.
    [[nodiscard]] Result<QByteArray> signedBytes() const;
    /// The DER with the signature in place.
    [[nodiscard]] Result<QByteArray> encode(const QByteArray& signature) const;

private:
    explicit CmsEnvelope(CmsPtr cms) : m_cms(std::move(cms)) {}
    [[nodiscard]] CMS_SignerInfo* signer() const;
    CmsPtr m_cms;
};

/// The parts of a received CMS that cannot be built from elsewhere. Nothing is checked yet.
struct CmsParts {
    std::vector<CertificatePtr> certificates; ///< the signer's first
    QDateTime signingTime;
    QByteArray signature;
};
/// SignatureInvalid when it has not one signer with its certificate and a signing time.
[[nodiscard]] Result<CmsParts> takeApart(const QByteArray& der);

} // namespace yz
