#pragma once

#include "core/result.h"
#include "security/openssl_handles.h"

#include <QByteArray>

/// SM2 with SM3, ECDSA and RSA (PKCS#1 v1.5) with SHA-256 behind one face. Private to security.
namespace yz {

/// True for the keys the product signs with: SM2, EC P-256 or stronger, RSA of 2048 bits or more.
[[nodiscard]] bool isSupported(EVP_PKEY* key);
[[nodiscard]] bool isSm2(EVP_PKEY* key);
[[nodiscard]] const EVP_MD* digestFor(EVP_PKEY* key); ///< SM3 or SHA-256

/// The signer's identifier that goes into an SM2 signature (GM/T 0009-2012 10: 1234567812345678). OpenSSL's own default
/// is the empty one, so it is set on every certificate with an SM2 signature before that signature is looked at.
void setDistinguishingId(X509* certificate);

/// A context ready to sign with the key and its digest; its key context lives as long as it. Null when OpenSSL refuses.
struct SigningContext {
    PkeyContextPtr key; // outlives the digest context, which only points to it
    DigestContextPtr digest;
};
[[nodiscard]] SigningContext signingContext(EVP_PKEY* privateKey);

[[nodiscard]] Result<QByteArray> signBytes(EVP_PKEY* privateKey, const QByteArray& bytes);
[[nodiscard]] bool verifyBytes(EVP_PKEY* publicKey, const QByteArray& bytes, const QByteArray& signature);

} // namespace yz
