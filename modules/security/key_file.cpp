#include "security/key_file.h"

#include "security/openssl_values.h"

#include <QDir>
#include <algorithm>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

namespace yz {

namespace {

QString pathOf(const QString& folder, const UserId& user, QStringView ending) {
    const QString& id = user.value();
    const bool safe = !id.isEmpty() && !id.startsWith(u'.') && std::all_of(id.begin(), id.end(), [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-' ||
               c == u'_' || c == u'.';
    });
    return safe ? QDir(folder).filePath(u"keys/" + id + ending) : QString();
}

/// The PIN's bytes, wiped when they go out of use.
class PinBytes {
public:
    explicit PinBytes(const QString& pin) : m_bytes(pin.normalized(QString::NormalizationForm_C).toUtf8()) {}
    ~PinBytes() { OPENSSL_cleanse(m_bytes.data(), static_cast<size_t>(m_bytes.size())); }
    PinBytes(const PinBytes&) = delete;
    PinBytes& operator=(const PinBytes&) = delete;
    [[nodiscard]] const char* data() const { return m_bytes.constData(); }
    [[nodiscard]] int size() const { return static_cast<int>(m_bytes.size()); }

private:
    QByteArray m_bytes;
};

} // namespace

QString keyPath(const QString& folder, const UserId& user) { return pathOf(folder, user, u".key.pem"); }

QString certificatePath(const QString& folder, const UserId& user) { return pathOf(folder, user, u".cert.pem"); }

Result<CertificatePtr> loadCertificate(const QString& folder, const UserId& user) {
    const QString path = certificatePath(folder, user);
    QByteArray pem;
    if (path.isEmpty() || !readFile(path, pem))
        return fail(ErrorCode::CertificateMissing, QStringLiteral("no certificate file"));
    Result<std::vector<CertificatePtr>> certificates = certificatesFromPem(pem);
    if (!certificates || certificates->size() != 1)
        return fail(ErrorCode::CertificateMissing, QStringLiteral("the file holds not one certificate"));
    return std::move(certificates->front());
}

Result<PkeyPtr> loadKey(const QString& folder, const UserId& user, const QString& pin) {
    const QString path = keyPath(folder, user);
    QByteArray pem;
    if (path.isEmpty() || !readFile(path, pem))
        return fail(ErrorCode::KeyUnavailable, QStringLiteral("no key file"));
    ERR_clear_error();
    const BioPtr memory = memoryOf(pem);
    const EncryptedKeyPtr encrypted(PEM_read_bio_PKCS8(memory.get(), nullptr, nullptr, nullptr));
    if (!encrypted)
        return fail(opensslError(ErrorCode::KeyUnavailable, "the file holds no encrypted key"));
    const PinBytes secret(pin);
    const KeyInfoPtr info(PKCS8_decrypt(encrypted.get(), secret.data(), secret.size()));
    // A wrong PIN mostly gives bad padding, sometimes garbage that is no key.
    if (!info)
        return fail(opensslError(ErrorCode::PasswordWrong, "PIN"));
    PkeyPtr key(EVP_PKCS82PKEY(info.get()));
    if (!key)
        return fail(opensslError(ErrorCode::KeyUnavailable, "key"));
    return key;
}

Result<QByteArray> encryptKey(EVP_PKEY* key, const QString& pin, int iterations) {
    const KeyInfoPtr info(EVP_PKEY2PKCS8(key));
    const PinBytes secret(pin);
    const EncryptedKeyPtr encrypted(
        info ? PKCS8_encrypt(-1, EVP_aes_256_cbc(), secret.data(), secret.size(), nullptr, 0, iterations, info.get())
             : nullptr);
    const BioPtr memory(BIO_new(BIO_s_mem()));
    if (!encrypted || PEM_write_bio_PKCS8(memory.get(), encrypted.get()) != 1)
        return fail(opensslError(ErrorCode::KeyUnavailable, "key encryption"));
    return bytesOf(memory.get());
}

} // namespace yz
