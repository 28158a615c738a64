#include "dicom/worker/received_file.h"

#include <QFile>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yz::dicom {

Result<ReceivedFile> openReceivedFile(const QString& path) {
    // Without blocking: a pipe under the name of a file would keep this thread for ever.
    ReceivedFile file;
    file.descriptor = Descriptor(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.descriptor.isOpen())
        return fail(errno == ENOENT ? ErrorCode::FileNotFound : ErrorCode::FileUnreadable,
                    QString::fromLocal8Bit(std::strerror(errno)));
    struct stat status {};
    if (::fstat(file.descriptor.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return fail(ErrorCode::FileUnreadable, QStringLiteral("not a regular file"));
    file.bytes = status.st_size;
    file.key = {status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    return file;
}

Result<ReceivedFile> fileOfBytes(const QByteArray& bytes) {
    const auto refused = [] { return fail(ErrorCode::Internal, QString::fromLocal8Bit(std::strerror(errno))); };
    ReceivedFile file;
    file.descriptor = Descriptor(::memfd_create("yuanzhen-object", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file.descriptor.isOpen())
        return refused();
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t written =
            ::write(file.descriptor.number(), bytes.constData() + done, static_cast<size_t>(bytes.size() - done));
        if (written < 0 && errno != EINTR)
            return refused();
        done += std::max<ssize_t>(written, 0);
    }
    if (::fcntl(file.descriptor.number(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
        return refused();
    file.bytes = bytes.size();
    return file;
}

} // namespace yz::dicom
