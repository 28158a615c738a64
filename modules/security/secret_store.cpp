#include "security/secret_store.h"

#include "security/openssl_values.h"

#include <QCborMap>
#include <QCborValue>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QSysInfo>
#include <memory>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

namespace yz {

namespace {

constexpr char kMagic[] = "YZSECRET1";
constexpr qsizetype kMagicBytes = sizeof kMagic - 1;
constexpr qsizetype kKeyBytes = 32;
constexpr qsizetype kNonceBytes = 12;
constexpr qsizetype kTagBytes = 16;
constexpr qint64 kMostBytes = 4 * 1024 * 1024;

using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
using PkeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

const uchar* in(const QByteArray& bytes) { return reinterpret_cast<const uchar*>(bytes.constData()); }
uchar* out(QByteArray& bytes) { return reinterpret_cast<uchar*>(bytes.data()); }

QString keyFile(const QString& folder) { return folder + QStringLiteral("/keys/desk.key"); }
QString secretsFile(const QString& folder) { return folder + QStringLiteral("/keys/secrets.bin"); }

Status writePrivately(const QString& path, const QByteArray& bytes) {
    if (!QDir().mkpath(QFileInfo(path).path()))
        return fail(ErrorCode::FileUnwritable, path);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
        file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::FileUnwritable, path);
    return {};
}

Result<QByteArray> random(qsizetype count) {
    QByteArray bytes(count, '\0');
    if (RAND_bytes(out(bytes), static_cast<int>(count)) != 1)
        return fail(opensslError(ErrorCode::Internal, "random bytes"));
    return bytes;
}

Result<QByteArray> derive(const QByteArray& secret, const QByteArray& salt) {
    const PkeyContextPtr context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr), &EVP_PKEY_CTX_free);
    QByteArray key(kKeyBytes, '\0');
    size_t length = static_cast<size_t>(kKeyBytes);
    if (!context || EVP_PKEY_derive_init(context.get()) <= 0 ||
        EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) <= 0 ||
        EVP_PKEY_CTX_set1_hkdf_salt(context.get(), in(salt), static_cast<int>(salt.size())) <= 0 ||
        EVP_PKEY_CTX_set1_hkdf_key(context.get(), in(secret), static_cast<int>(secret.size())) <= 0 ||
        EVP_PKEY_CTX_add1_hkdf_info(context.get(), in(QByteArray(kMagic)), static_cast<int>(kMagicBytes)) <= 0 ||
        EVP_PKEY_derive(context.get(), out(key), &length) <= 0)
        return fail(opensslError(ErrorCode::Internal, "key derivation"));
    return key;
}

Result<QByteArray> seal(const QByteArray& key, const QByteArray& plain) {
    const Result<QByteArray> nonce = random(kNonceBytes);
    if (!nonce)
        return nonce;
    const CipherPtr context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    QByteArray cipher(plain.size(), '\0');
    QByteArray tag(kTagBytes, '\0');
    int length = 0;
    if (!context || EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(key), in(*nonce)) != 1 ||
        EVP_EncryptUpdate(context.get(), nullptr, &length, in(QByteArray(kMagic)), static_cast<int>(kMagicBytes)) !=
            1 ||
        EVP_EncryptUpdate(context.get(), out(cipher), &length, in(plain), static_cast<int>(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(context.get(), out(tag), &length) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes), out(tag)) != 1)
        return fail(opensslError(ErrorCode::Internal, "encryption"));
    QByteArray file(kMagic);
    file += *nonce;
    file += cipher;
    file += tag;
    return file;
}

Result<QByteArray> unseal(const QByteArray& key, const QByteArray& file) {
    if (file.size() < kMagicBytes + kNonceBytes + kTagBytes || !file.startsWith(kMagic))
        return fail(ErrorCode::KeyUnavailable, QStringLiteral("the file of secrets is broken"));
    const QByteArray nonce = file.mid(kMagicBytes, kNonceBytes);
    const QByteArray cipher = file.mid(kMagicBytes + kNonceBytes, file.size() - kMagicBytes - kNonceBytes - kTagBytes);
    QByteArray tag = file.right(kTagBytes);
    QByteArray plain(cipher.size(), '\0');
    const CipherPtr context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int length = 0;
    if (!context || EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(key), in(nonce)) != 1 ||
        EVP_DecryptUpdate(context.get(), nullptr, &length, in(QByteArray(kMagic)), static_cast<int>(kMagicBytes)) !=
            1 ||
        EVP_DecryptUpdate(context.get(), out(plain), &length, in(cipher), static_cast<int>(cipher.size())) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), out(tag)) != 1 ||
        EVP_DecryptFinal_ex(context.get(), out(tag), &length) != 1)
        return fail(opensslError(ErrorCode::KeyUnavailable, "the file of secrets does not open with this desk's key"));
    return plain;
}

} // namespace

SecretStore::SecretStore(QString folder) : m_folder(std::move(folder)) {}

Result<QByteArray> SecretStore::get(const QString& name) const {
    const std::lock_guard lock(m_mutex);
    const Result<Entries> entries = read();
    if (!entries)
        return fail(entries.error());
    if (!entries->contains(name))
        return fail(ErrorCode::NotFound, name);
    return entries->value(name);
}

Status SecretStore::set(const QString& name, const QByteArray& value) {
    return set(QMap<QString, QByteArray>{{name, value}});
}

Status SecretStore::set(const QMap<QString, QByteArray>& values) {
    const std::lock_guard lock(m_mutex);
    Result<Entries> entries = read();
    if (!entries)
        return fail(entries.error());
    for (auto it = values.begin(); it != values.end(); ++it)
        if (it.value().isEmpty())
            entries->remove(it.key());
        else
            entries->insert(it.key(), it.value());
    return write(*entries);
}

Result<QStringList> SecretStore::names() const {
    const std::lock_guard lock(m_mutex);
    const Result<Entries> entries = read();
    if (!entries)
        return fail(entries.error());
    return QStringList(entries->keys());
}

Result<SecretStore::Entries> SecretStore::read() const {
    if (!QFileInfo::exists(secretsFile(m_folder)))
        return Entries();
    QFile file(secretsFile(m_folder));
    if (file.size() > kMostBytes || !file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::KeyUnavailable, QStringLiteral("the file of secrets cannot be read"));
    const Result<QByteArray> opener = key(false);
    if (!opener)
        return fail(opener.error());
    const Result<QByteArray> plain = unseal(*opener, file.readAll());
    if (!plain)
        return fail(plain.error());
    Entries entries;
    const QCborMap map = QCborValue::fromCbor(*plain).toMap();
    for (const auto& [name, value] : map)
        entries.insert(name.toString(), value.toByteArray());
    return entries;
}

Status SecretStore::write(const Entries& entries) const {
    QCborMap map;
    for (auto it = entries.begin(); it != entries.end(); ++it)
        map.insert(it.key(), it.value());
    const Result<QByteArray> opener = key(true);
    if (!opener)
        return fail(opener.error());
    const Result<QByteArray> sealed = seal(*opener, QCborValue(map).toCbor());
    if (!sealed)
        return fail(sealed.error());
    return writePrivately(secretsFile(m_folder), *sealed);
}

Result<QByteArray> SecretStore::key(bool make) const {
    QByteArray secret;
    if (QFileInfo::exists(keyFile(m_folder))) {
        QFile file(keyFile(m_folder));
        if (!file.open(QIODevice::ReadOnly) || (secret = file.read(kKeyBytes + 1)).size() != kKeyBytes)
            return fail(ErrorCode::KeyUnavailable, QStringLiteral("the desk's key cannot be read"));
    } else if (make) {
        const Result<QByteArray> fresh = random(kKeyBytes);
        if (!fresh)
            return fresh;
        if (const Status written = writePrivately(keyFile(m_folder), *fresh); !written)
            return fail(written.error());
        secret = *fresh;
    } else {
        return fail(ErrorCode::KeyUnavailable, QStringLiteral("the desk's key is missing"));
    }
    return derive(secret, QSysInfo::machineUniqueId());
}

} // namespace yz
