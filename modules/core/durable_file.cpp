#include "core/durable_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

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

Status writeAll(int descriptor, const void* bytes, size_t size) {
    size_t written = 0;
    while (written < size) {
        const ssize_t n = ::write(descriptor, static_cast<const char*>(bytes) + written, size - written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return systemError("write");
        written += static_cast<size_t>(n);
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
    return sync ? makeNamesDurable(above) : Status();
}

Status writeTemporary(const QByteArray& name, const FileContent& content) {
    OpenFile file(::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0)
        return systemError("create");
    const Status written =
        content([&file](const void* bytes, size_t size) { return writeAll(file.get(), bytes, size); });
    if (!written)
        return written;
    if (::fsync(file.get()) != 0)
        return systemError("fsync");
    if (!file.close())
        return systemError("close");
    return {};
}

} // namespace

Status replaceFile(const QString& path, const FileContent& content, bool withName) {
    static std::atomic<unsigned> count{0};
    const QByteArray target = QFile::encodeName(path);
    const QByteArray temporary =
        target + '.' + QByteArray::number(::getpid()) + '.' + QByteArray::number(++count) + ".tmp";
    Status done = writeTemporary(temporary, content);
    if (done && std::rename(temporary.constData(), target.constData()) != 0)
        done = systemError("rename");
    if (!done) {
        ::unlink(temporary.constData());
        return done;
    }
    return withName ? makeNamesDurable(QFileInfo(path).absolutePath()) : Status();
}

Status writeFileDurably(const QString& path, const QByteArray& bytes) {
    return replaceFile(
        path, [&bytes](const FileSink& sink) { return sink(bytes.constData(), static_cast<size_t>(bytes.size())); },
        true);
}

Status makeNamesDurable(const QString& folder) {
    if (const int number = syncFolder(folder); number != 0) {
        errno = number;
        return systemError("fsync of the folder");
    }
    return {};
}

Status makeFolderDurably(const QString& path) {
    return makeFolders(QDir::cleanPath(QFileInfo(path).absoluteFilePath()), true);
}

Status makeFolder(const QString& path) {
    return makeFolders(QDir::cleanPath(QFileInfo(path).absoluteFilePath()), false);
}

} // namespace yz
