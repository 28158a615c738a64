#include "security/cms_report_signer.h"

#include "security/cms_envelope.h"
#include "security/key_file.h"
#include "security/openssl_values.h"
#include "security/signature_algorithm.h"
#include "security/trust_store.h"

namespace yz {

Result<CertificateInfo> CmsReportSigner::certificate(const UserId& user) {
    const Result<CertificatePtr> certificate = loadCertificate(m_folder, user);
    if (!certificate)
        return fail(certificate.error());
    return infoOf(certificate->get());
}

Result<QByteArray> CmsReportSigner::sign(const UserId& user, const QString& pin, const QByteArray& bytes,
                                         const QDateTime& at) {
    const Result<CertificatePtr> certificate = loadCertificate(m_folder, user);
    if (!certificate)
        return fail(certificate.error());
    const Result<TrustStore> trust = TrustStore::load(m_folder);
    if (!trust)
        return fail(trust.error());
    const Result<std::vector<CertificatePtr>> chain = trust->chainOf(certificate->get(), trust->intermediates(), at);
    if (!chain)
        return fail(chain.error());
    const Result<PkeyPtr> key = loadKey(m_folder, user, pin);
    if (!key)
        return fail(key.error());
    EVP_PKEY* publicKey = X509_get0_pubkey(certificate->get());
    if (EVP_PKEY_eq(key->get(), publicKey) != 1)
        return fail(opensslError(ErrorCode::KeyDoesNotMatchCertificate, "key and certificate"));

    const Result<CmsEnvelope> envelope = CmsEnvelope::build(*chain, bytes, at);
    if (!envelope)
        return fail(envelope.error());
    const Result<QByteArray> toSign = envelope->signedBytes();
    if (!toSign)
        return fail(toSign.error());
    const Result<QByteArray> signature = signBytes(key->get(), *toSign);
    if (!signature)
        return fail(signature.error());
    // A faulty signature must not leave the house.
    if (!verifyBytes(publicKey, *toSign, *signature))
        return fail(ErrorCode::KeyUnavailable, QStringLiteral("the key gave a signature that does not verify"));
    return envelope->encode(*signature);
}

} // namespace yz
