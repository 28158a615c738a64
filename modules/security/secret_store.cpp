#include "security/secret_store.h"

#include "core/durable_file.h"
#include "security/key_derivation.h"
#include "security/openssl_values.h"

#include <QCborMap>
#include <QCborValue>
#include <QDir>
#include <QFile>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yz {

namespace {

constexpr char kMagic[] = "YZSECRET1";
constexpr qsizetype kMagicBytes = sizeof kMagic - 1;
constexpr qsizetype kKeyBytes = 32;
constexpr qsizetype kNonceBytes = 12;
constexpr qsizetype kTagBytes = 16;
constexpr qint64 kMostBytes = 4 * 1024 * 1024;

using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const uchar* in(const QByteArray& bytes) { return reinterpret_cast<const uchar*>(bytes.constData()); }
uchar* out(QByteArray& bytes) { return reinterpret_cast<uchar*>(bytes.data()); }

QString keyFile(const QString& folder) { return folder + QStringLiteral("/keys/desk.key"); }
/// Not what cannot be looked at, nor a link that leads nowhere just now: nothing is made in its place.
bool isMissing(const QString& path) {
    struct stat status {};
    return ::lstat(QFile::encodeName(path).constData(), &status) != 0 && errno == ENOENT;
}
QString keyFolder(const QString& folder) { return folder + QStringLiteral("/keys"); }

/// Held while a key or the file is read, changed and written: two processes of one desk may start at the same time.
class KeyFolderLock {
public:
    explicit KeyFolderLock(const QString& folder)
        : m_descriptor(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        while (m_descriptor >= 0 && ::flock(m_descriptor, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~KeyFolderLock() {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    KeyFolderLock(const KeyFolderLock&) = delete;
    KeyFolderLock& operator=(const KeyFolderLock&) = delete;

private:
    int m_descriptor;
};

/// A new file that may not last is taken away again, so that nobody relies on it.
Status writePrivately(const QString& path, const QByteArray& bytes) {
    const bool isNew = isMissing(path);
    Status written = writeFileDurably(path, bytes);
    if (!written && isNew)
        QFile::remove(path);
    return written;
}

Result<QByteArray> seal(const QByteArray& key, const QByteArray& plain) {
    const Result<QByteArray> nonce = randomBytes(kNonceBytes);
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

SecretStore::SecretStore(QString folder, QString file, QByteArray machine)
    : m_folder(std::move(folder)), m_file(std::move(file)), m_machine(std::move(machine)) {}

QString SecretStore::filePath() const { return keyFolder(m_folder) + u'/' + m_file; }

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
    if (Status made = makeFolderDurably(keyFolder(m_folder)); !made)
        return made;
    const KeyFolderLock others(keyFolder(m_folder));
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

Result<QMap<QString, QByteArray>> SecretStore::getOrMake(const QString& name, qsizetype bytes,
                                                         const QMap<QString, QByteArray>& beside) {
    const std::lock_guard lock(m_mutex);
    const QString keys = keyFolder(m_folder);
    if (const Status made = makeFolderDurably(keys); !made)
        return fail(made.error());
    const KeyFolderLock others(keys);
    Result<Entries> entries = read();
    if (!entries || entries->contains(name)) {
        // Who made it may have died before its name was safe.
        const Status safe = entries ? makeNamesDurable(keys) : Status();
        return safe ? entries : fail(safe.error());
    }
    const Result<QByteArray> fresh = randomBytes(bytes);
    if (!fresh)
        return fail(fresh.error());
    entries->insert(beside);
    entries->insert(name, *fresh);
    if (const Status written = write(*entries); !written)
        return fail(written.error());
    return entries;
}

Result<QStringList> SecretStore::names() const {
    const std::lock_guard lock(m_mutex);
    const Result<Entries> entries = read();
    if (!entries)
        return fail(entries.error());
    return QStringList(entries->keys());
}

Result<SecretStore::Entries> SecretStore::read() const {
    if (isMissing(filePath()))
        return Entries();
    QFile file(filePath());
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
    return writePrivately(filePath(), *sealed);
}

Result<QByteArray> SecretStore::key(bool make) const {
    QByteArray secret;
    if (!isMissing(keyFile(m_folder))) {
        QFile file(keyFile(m_folder));
        if (!file.open(QIODevice::ReadOnly) || (secret = file.read(kKeyBytes + 1)).size() != kKeyBytes)
            return fail(ErrorCode::KeyUnavailable, QStringLiteral("the desk's key cannot be read"));
    } else if (make &&
               QDir(keyFolder(m_folder)).entryList({QStringLiteral("*.bin")}, QDir::Files | QDir::System).isEmpty()) {
        const Result<QByteArray> fresh = randomBytes(kKeyBytes);
        if (!fresh)
            return fresh;
        if (const Status written = writePrivately(keyFile(m_folder), *fresh); !written)
            return fail(written.error());
        secret = *fresh;
    } else {
        return fail(ErrorCode::KeyUnavailable, QStringLiteral("the desk's key is missing"));
    }
    return deriveBytes(secret, m_machine, kMagic, kKeyBytes);
}

} // namespace yz
