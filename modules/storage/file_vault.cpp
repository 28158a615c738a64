#include "storage/file_vault.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

namespace yz {

namespace {

/// A file descriptor that closes itself.
class OpenFile {
public:
    explicit OpenFile(int descriptor) : m_descriptor(descriptor) {}
    ~OpenFile() {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int get() const { return m_descriptor; }
    /// Some file systems report a full disk only here.
    [[nodiscard]] bool close() { return ::close(std::exchange(m_descriptor, -1)) == 0; }

private:
    int m_descriptor;
};

tl::unexpected<Error> systemError(const char* what) {
    const int number = errno;
    return fail(number == ENOSPC || number == EDQUOT ? ErrorCode::DiskFull : ErrorCode::FileUnwritable,
                QLatin1String(what) + u": " + QString::fromLocal8Bit(std::strerror(number)));
}

Status writeAll(int descriptor, const QByteArray& bytes) {
    qsizetype written = 0;
    while (written < bytes.size()) {
        const ssize_t n = ::write(descriptor, bytes.constData() + written, static_cast<size_t>(bytes.size() - written));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return systemError("write");
        written += n;
    }
    return {};
}

/// 0 or an errno. A file system that knows no such sync (EINVAL) has nothing to answer for.
int syncFolder(const QString& path) {
    const OpenFile folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0 && ::fsync(folder.get()) == 0)
        return 0;
    return errno == EINVAL ? 0 : errno;
}

Status folderSynced(const QString& path) {
    if (const int number = syncFolder(path); number != 0) {
        errno = number;
        return systemError("fsync of the folder");
    }
    return {};
}

/// Makes `path` (absolute) and what is missing above it.
Status makeFolders(const QString& path, bool sync) {
    const QString above = QFileInfo(path).absolutePath();
    if (QFileInfo(path).isDir()) {
        // One above that we may not read was not made by us.
        if (const int number = sync ? syncFolder(above) : 0; number != 0 && number != EACCES && number != EPERM) {
            errno = number;
            return systemError("fsync of the folder");
        }
        return {};
    }
    if (above != path)
        if (Status made = makeFolders(above, sync); !made)
            return made;
    if (::mkdir(QFile::encodeName(path).constData(), 0777) != 0 && errno != EEXIST)
        return systemError("mkdir");
    return sync ? folderSynced(above) : Status();
}

Status writeTemporary(const QByteArray& name, const QByteArray& bytes) {
    OpenFile file(::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0)
        return systemError("create");
    if (Status written = writeAll(file.get(), bytes); !written)
        return written;
    if (::fsync(file.get()) != 0)
        return systemError("fsync");
    if (!file.close())
        return systemError("close");
    return {};
}

/// The new content appears under `path` as a whole or not at all, after a power cut too. syncName: what was there
/// before does not come back either.
Status replaceFile(const QString& path, const QByteArray& bytes, bool syncName) {
    static std::atomic<unsigned> count{0};
    const QByteArray target = QFile::encodeName(path);
    const QByteArray temporary =
        target + '.' + QByteArray::number(::getpid()) + '.' + QByteArray::number(++count) + ".tmp";
    Status done = writeTemporary(temporary, bytes);
    if (done && std::rename(temporary.constData(), target.constData()) != 0)
        done = systemError("rename");
    if (!done) {
        ::unlink(temporary.constData());
        return done;
    }
    return syncName ? folderSynced(QFileInfo(path).absolutePath()) : Status();
}

/// UIDs come from received data sets and become file names: digits and dots, nothing that names another folder.
bool isFileNameSafe(const QString& uid) {
    return !uid.isEmpty() && uid.size() <= 64 && uid.front() != u'.' &&
           std::all_of(uid.begin(), uid.end(), [](QChar c) { return (c >= u'0' && c <= u'9') || c == u'.'; });
}

} // namespace

QByteArray checksumOf(const QByteArray& file) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(file.constData(), static_cast<size_t>(file.size())));
    return {reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest};
}

Result<QByteArray> checksumOfFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileUnreadable);
    const QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return fail(ErrorCode::FileUnreadable);
    return checksumOf(bytes);
}

Status writeFileDurably(const QString& path, const QByteArray& bytes) { return replaceFile(path, bytes, true); }

Status makeFolderDurably(const QString& path) {
    return makeFolders(QDir::cleanPath(QFileInfo(path).absoluteFilePath()), true);
}

FileVault::FileVault(QString folder) : m_folder(std::move(folder)) {}

Result<QString> FileVault::put(const StudyUid& study, const InstanceUid& instance, const QByteArray& file) const {
    const QString path = pathOf(study, instance);
    if (path.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("UID that cannot be a file name"));
    const QString folder = QFileInfo(path).absolutePath();
    if (const Status made = makeFolders(folder, false); !made)
        return fail(made.error());
    if (const Status done = replaceFile(path, file, false); !done)
        return fail(done.error());
    return path;
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
