#include "security/key_derivation.h"

#include "security/openssl_values.h"

#include <openssl/kdf.h>
#include <openssl/rand.h>

namespace yz {

namespace {
const uchar* in(const QByteArray& bytes) { return reinterpret_cast<const uchar*>(bytes.constData()); }
uchar* out(QByteArray& bytes) { return reinterpret_cast<uchar*>(bytes.data()); }
} // namespace

Result<QByteArray> randomBytes(qsizetype count) {
    QByteArray bytes(count, '\0');
    if (RAND_bytes(out(bytes), static_cast<int>(count)) != 1)
        return fail(opensslError(ErrorCode::Internal, "random bytes"));
    return bytes;
}

Result<QByteArray> deriveBytes(const QByteArray& secret, const QByteArray& salt, const QByteArray& info,
                               qsizetype count) {
    const PkeyContextPtr context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
    QByteArray key(count, '\0');
    auto length = static_cast<size_t>(count);
    if (!context || EVP_PKEY_derive_init(context.get()) <= 0 ||
        EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) <= 0 ||
        EVP_PKEY_CTX_set1_hkdf_salt(context.get(), in(salt), static_cast<int>(salt.size())) <= 0 ||
        EVP_PKEY_CTX_set1_hkdf_key(context.get(), in(secret), static_cast<int>(secret.size())) <= 0 ||
        EVP_PKEY_CTX_add1_hkdf_info(context.get(), in(info), static_cast<int>(info.size())) <= 0 ||
        EVP_PKEY_derive(context.get(), out(key), &length) <= 0)
        return fail(opensslError(ErrorCode::Internal, "key derivation"));
    return key;
}

} // namespace yz
