#include "storage/file_vault.h"

#include "security/chunk_cipher.h"
#include "security/secret_store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>
#include <algorithm>
#include <span>
#include <xxhash.h>

namespace yz {

namespace {

const QString kKeyFile = QStringLiteral("vault.bin"); ///< a file of its own: settings never write over it
const QString kKeyName = QStringLiteral("data");
const QString kPlainName = QStringLiteral("plain");
const QString kSuffix = QStringLiteral("dcm");

QByteArray canonical(const XXH128_hash_t& hash) {
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, hash);
    return {reinterpret_cast<const char*>(bytes.digest), sizeof bytes.digest};
}

/// UIDs come from received data sets and become file names: digits and dots, nothing that names another folder.
bool isFileNameSafe(const QString& uid) {
    return !uid.isEmpty() && uid.size() <= 64 && uid.front() != u'.' &&
           std::all_of(uid.begin(), uid.end(), [](QChar c) { return (c >= u'0' && c <= u'9') || c == u'.'; });
}

} // namespace

QByteArray checksumOf(const QByteArray& file) {
    return canonical(XXH3_128bits(file.constData(), static_cast<size_t>(file.size())));
}

FileVault::FileVault(QString home, Result<QByteArray> key, bool hasPlain)
    : m_home(std::move(home)), m_folder(QDir(m_home).absoluteFilePath(QStringLiteral("vault"))), m_key(std::move(key)),
      m_hasPlain(hasPlain) {}

Result<std::unique_ptr<FileVault>> FileVault::open(const QString& home) {
    // Files that lie there before there is a key come from a version that did not seal them.
    QMap<QString, QByteArray> beside;
    if (!QDir(home + QStringLiteral("/vault")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty())
        beside.insert(kPlainName, "1");
    const auto kept = SecretStore(home, kKeyFile).getOrMake(kKeyName, ChunkCipher::kKeyBytes, beside);
    if (!kept && kept.error().code != ErrorCode::KeyUnavailable)
        return fail(kept.error());
    Result<QByteArray> key = fail(ErrorCode::KeyUnavailable, kept ? QString() : kept.error().detail);
    if (kept)
        key = kept->value(kKeyName);
    return std::unique_ptr<FileVault>(new FileVault(home, std::move(key), kept && kept->contains(kPlainName)));
}

Status FileVault::write(const QString& path, const StudyUid& study, const InstanceUid& instance,
                        const QByteArray& file) const {
    return replaceFile(
        path, [&](const FileSink& sink) { return VaultFile::seal(file, *m_key, study, instance, sink); }, false);
}

Result<QString> FileVault::put(const StudyUid& study, const InstanceUid& instance, const QByteArray& file) const {
    const QString path = pathOf(study, instance);
    if (path.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("UID that cannot be a file name"));
    if (!m_key)
        return fail(m_key.error());
    if (const Status made = makeFolder(QFileInfo(path).absolutePath()); !made)
        return fail(made.error());
    if (const Status done = write(path, study, instance, file); !done)
        return fail(done.error());
    return path;
}

Result<FileVault::FilePtr> FileVault::open(const StudyUid& study, const InstanceUid& instance) const {
    const QString path = pathOf(study, instance);
    if (path.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("UID that cannot be a file name"));
    if (!m_key)
        return fail(m_key.error());
    return VaultFile::open(path, *m_key, study, instance,
                           m_hasPlain ? VaultFile::Plain::Allowed : VaultFile::Plain::Refused);
}

Result<FileVault::FilePtr> FileVault::openPath(const QString& path) const {
    const QFileInfo file(path);
    if (!holds(path) || file.suffix() != kSuffix)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("not a file of the vault"));
    return open(StudyUid(file.dir().dirName()), InstanceUid(file.completeBaseName()));
}

bool FileVault::holds(const QString& path) const {
    const auto isBelow = [](const QString& file, const QString& folder) {
        return !folder.isEmpty() && file.startsWith(QString(folder + u'/'));
    };
    if (isBelow(QDir::cleanPath(path), m_folder))
        return true;
    // The home by another name, a link for one.
    return isBelow(QFileInfo(path).canonicalFilePath(), QDir(m_folder).canonicalPath());
}

Result<QByteArray> FileVault::read(const StudyUid& study, const InstanceUid& instance) const {
    const Result<FilePtr> file = open(study, instance);
    if (!file)
        return fail(file.error());
    QByteArray bytes(static_cast<qsizetype>((*file)->size()), Qt::Uninitialized);
    const Result<size_t> got =
        (*file)->read(0, std::as_writable_bytes(std::span(bytes.data(), static_cast<size_t>(bytes.size()))));
    if (!got)
        return fail(got.error());
    if (*got != static_cast<size_t>(bytes.size()))
        return fail(ErrorCode::FileUnreadable, QStringLiteral("the file became shorter"));
    return bytes;
}

Result<QByteArray> FileVault::checksum(const StudyUid& study, const InstanceUid& instance) const {
    const Result<FilePtr> file = open(study, instance);
    if (!file)
        return fail(file.error());
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
    if (!state || XXH3_128bits_reset(state.get()) != XXH_OK)
        return fail(ErrorCode::Internal, QStringLiteral("checksum"));
    std::vector<std::byte> piece(static_cast<size_t>(8 * VaultFile::kChunkBytes));
    qint64 offset = 0;
    do {
        const Result<size_t> got = (*file)->read(offset, piece);
        if (!got)
            return fail(got.error());
        if (*got == 0 && offset < (*file)->size())
            return fail(ErrorCode::FileUnreadable, QStringLiteral("the file became shorter"));
        XXH3_128bits_update(state.get(), piece.data(), *got);
        offset += static_cast<qint64>(*got);
    } while (offset < (*file)->size());
    return canonical(XXH3_128bits_digest(state.get()));
}

void FileVault::remove(const StudyUid& study, const InstanceUid& instance) const {
    if (const QString path = pathOf(study, instance); !path.isEmpty())
        QFile::remove(path);
}

Result<bool> FileVault::sealIfPlain(const StudyUid& study, const QString& path) const {
    const Result<bool> isSealed = VaultFile::isSealed(path);
    if (!isSealed) // one the disk does not give is found on use, and keeps no other open
        return isSealed.error().code == ErrorCode::Internal ? fail(isSealed.error()) : Result<bool>(false);
    if (*isSealed)
        return false;
    const InstanceUid instance(QFileInfo(path).completeBaseName());
    if (QFileInfo(path).suffix() != kSuffix || !isFileNameSafe(instance.value())) {
        if (QFileInfo(path).size() == 0) // somebody writes it now: a sealed file begins with its mark
            return false;
        QFile::remove(path); // what an interrupted write left
        return true;
    }
    const Result<QByteArray> file = read(study, instance);
    if (!file && file.error().code != ErrorCode::FileUnreadable)
        return file.error().code == ErrorCode::FileNotFound ? Result<bool>(false) : fail(file.error());
    if (!file)
        return true; // neither of that version nor of this: found on use
    // Not made anew where somebody has just taken the study away.
    if (const Status written = write(path, study, instance, *file); !written)
        return QFileInfo::exists(path) ? fail(written.error()) : Result<bool>(false);
    return true;
}

Result<int> FileVault::sealPlainFiles(const std::function<bool()>& isCancelled) {
    if (!m_hasPlain)
        return 0;
    int sealed = 0;
    for (const StudyUid& study : studies())
        for (const QFileInfo& file : QDir(QDir(m_folder).filePath(study.value())).entryInfoList(QDir::Files)) {
            if (isCancelled && isCancelled())
                return fail(ErrorCode::Cancelled);
            const Result<bool> done = sealIfPlain(study, file.absoluteFilePath());
            if (!done)
                return fail(done.error());
            sealed += *done ? 1 : 0;
        }
    SecretStore secrets(m_home, kKeyFile);
    if (const Status noted = secrets.set(kPlainName, {}); !noted)
        return fail(noted.error());
    m_hasPlain = false;
    return sealed;
}

QString FileVault::pathOf(const StudyUid& study, const InstanceUid& instance) const {
    if (!isFileNameSafe(study.value()) || !isFileNameSafe(instance.value()))
        return {};
    return QDir(m_folder).absoluteFilePath(study.value() + u'/' + instance.value() + u".dcm");
}

std::vector<StudyUid> FileVault::studies() const {
    std::vector<StudyUid> studies;
    for (const QString& name : QDir(m_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks))
        if (isFileNameSafe(name))
            studies.emplace_back(name);
    return studies;
}

qint64 FileVault::bytesOf(const StudyUid& study) const {
    if (!isFileNameSafe(study.value()))
        return 0;
    qint64 sum = 0;
    for (const QFileInfo& file : QDir(QDir(m_folder).filePath(study.value())).entryInfoList(QDir::Files))
        sum += file.size();
    return sum;
}

QDateTime FileVault::changedAt(const StudyUid& study) const {
    const QFileInfo folder(QDir(m_folder).filePath(study.value()));
    return isFileNameSafe(study.value()) && folder.isDir() ? folder.lastModified().toUTC() : QDateTime();
}

Status FileVault::remove(const StudyUid& study) const {
    if (!isFileNameSafe(study.value()))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("UID that cannot be a file name"));
    QDir folder(QDir(m_folder).filePath(study.value()));
    return !folder.exists() || folder.removeRecursively() ? Status() : Status(fail(ErrorCode::FileUnwritable));
}

qint64 FileVault::freeBytes() const {
    QDir folder(m_folder);
    while (!folder.exists() && folder.cdUp()) {
    }
    return QStorageInfo(folder).bytesAvailable();
}

} // namespace yz
