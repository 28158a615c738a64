#include "security/cms_verifier.h"

#include "security/cms_envelope.h"
#include "security/openssl_values.h"
#include "security/signature_algorithm.h"
#include "security/trust_store.h"

#include <algorithm>

namespace yz {

namespace {

Status checkSignature(const CmsParts& parts, const QByteArray& bytes, const QByteArray& cms) {
    const Result<CmsEnvelope> expected = CmsEnvelope::build(parts.certificates, bytes, parts.signingTime);
    if (!expected)
        return fail(ErrorCode::SignatureInvalid, expected.error().detail);
    const Result<QByteArray> encoded = expected->encode(parts.signature);
    if (!encoded || *encoded != cms)
        return fail(ErrorCode::SignatureInvalid, QStringLiteral("another content, or not the form of a signature"));
    const Result<QByteArray> signedBytes = expected->signedBytes();
    if (!signedBytes || !verifyBytes(X509_get0_pubkey(parts.certificates.front().get()), *signedBytes, parts.signature))
        return fail(ErrorCode::SignatureInvalid, QStringLiteral("the signature does not verify"));
    return {};
}

Status checkChain(const CmsParts& parts, const QString& folder) {
    const Result<TrustStore> trust = TrustStore::load(folder);
    if (!trust)
        return fail(trust.error());
    // Only the chain the signer sent: later changes of the bundle must not change what an old signature says.
    const Result<std::vector<CertificatePtr>> chain =
        trust->chainOf(parts.certificates.front().get(), parts.certificates, parts.signingTime);
    if (!chain)
        return fail(chain.error());
    for (const CertificatePtr& sent : parts.certificates) {
        const QByteArray der = derOf(sent.get());
        if (std::none_of(chain->begin(), chain->end(), [&](const CertificatePtr& c) { return derOf(c.get()) == der; }))
            return fail(ErrorCode::SignatureInvalid, QStringLiteral("a certificate that is not of the signer's chain"));
    }
    return {};
}

} // namespace

SignatureVerdict CmsSignatureVerifier::verify(const QByteArray& bytes, const QByteArray& cms) {
    SignatureVerdict verdict;
    const Result<CmsParts> parts = takeApart(cms);
    if (!parts) {
        verdict.problem = parts.error();
        return verdict;
    }
    verdict.signer = infoOf(parts->certificates.front().get());
    verdict.signedAt = parts->signingTime;
    Status sound = checkSignature(*parts, bytes, cms);
    if (sound)
        sound = checkChain(*parts, m_folder);
    if (sound)
        verdict.valid = true;
    else
        verdict.problem = sound.error();
    return verdict;
}

QByteArray CmsSignatureVerifier::digest(const QByteArray& bytes) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_Digest(bytes.constData(), static_cast<size_t>(bytes.size()), hash, &length, EVP_sm3(), nullptr) != 1)
        return {};
    return {reinterpret_cast<const char*>(hash), static_cast<qsizetype>(length)};
}

} // namespace yz
