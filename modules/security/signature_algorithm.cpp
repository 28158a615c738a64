#include "security/signature_algorithm.h"

#include "security/openssl_values.h"

#include <openssl/err.h>

namespace yz {

namespace {

constexpr char distinguishingId[] = "1234567812345678";
constexpr int distinguishingIdLength = sizeof distinguishingId - 1;

const unsigned char* data(const QByteArray& bytes) { return reinterpret_cast<const unsigned char*>(bytes.constData()); }

SigningContext contextFor(EVP_PKEY* key) {
    SigningContext context{PkeyContextPtr(EVP_PKEY_CTX_new(key, nullptr)), DigestContextPtr(EVP_MD_CTX_new())};
    if (!context.key || !context.digest)
        return {};
    if (isSm2(key) && EVP_PKEY_CTX_set1_id(context.key.get(), distinguishingId, distinguishingIdLength) <= 0)
        return {};
    EVP_MD_CTX_set_pkey_ctx(context.digest.get(), context.key.get());
    return context;
}

} // namespace

bool isSm2(EVP_PKEY* key) { return EVP_PKEY_is_a(key, "SM2") == 1; }

bool isSupported(EVP_PKEY* key) {
    if (key == nullptr)
        return false;
    if (isSm2(key))
        return true;
    if (EVP_PKEY_is_a(key, "EC") == 1)
        return EVP_PKEY_get_security_bits(key) >= 128;
    return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= 2048;
}

const EVP_MD* digestFor(EVP_PKEY* key) { return isSm2(key) ? EVP_sm3() : EVP_sha256(); }

void setDistinguishingId(X509* certificate) {
    if (X509_get_signature_nid(certificate) != NID_SM2_with_SM3)
        return; // another algorithm would refuse to verify with it
    ASN1_OCTET_STRING* id = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(id, reinterpret_cast<const unsigned char*>(distinguishingId), distinguishingIdLength);
    X509_set0_distinguishing_id(certificate, id);
}

SigningContext signingContext(EVP_PKEY* privateKey) {
    SigningContext context = contextFor(privateKey);
    if (!context.digest ||
        EVP_DigestSignInit(context.digest.get(), nullptr, digestFor(privateKey), nullptr, privateKey) <= 0)
        return {};
    return context;
}

Result<QByteArray> signBytes(EVP_PKEY* privateKey, const QByteArray& bytes) {
    const SigningContext context = signingContext(privateKey);
    size_t length = 0;
    const auto size = static_cast<size_t>(bytes.size());
    if (!context.digest || EVP_DigestSign(context.digest.get(), nullptr, &length, data(bytes), size) <= 0)
        return fail(opensslError(ErrorCode::KeyUnavailable, "signing"));
    QByteArray signature(static_cast<qsizetype>(length), '\0');
    if (EVP_DigestSign(context.digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, data(bytes),
                       size) <= 0)
        return fail(opensslError(ErrorCode::KeyUnavailable, "signing"));
    signature.truncate(static_cast<qsizetype>(length));
    return signature;
}

bool verifyBytes(EVP_PKEY* publicKey, const QByteArray& bytes, const QByteArray& signature) {
    const SigningContext context = contextFor(publicKey);
    const bool valid =
        context.digest &&
        EVP_DigestVerifyInit(context.digest.get(), nullptr, digestFor(publicKey), nullptr, publicKey) > 0 &&
        EVP_DigestVerify(context.digest.get(), data(signature), static_cast<size_t>(signature.size()), data(bytes),
                         static_cast<size_t>(bytes.size())) == 1;
    ERR_clear_error();
    return valid;
}

} // namespace yz
