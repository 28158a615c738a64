#include "dicom/worker/received_file.h"

#include <QFile>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

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

namespace {

constexpr qint64 kPieceBytes = 256 * 1024;

/// Never an answer of a decoder: who asks can tell that nothing was learned of the object.
tl::unexpected<Error> refused() {
    return fail(ErrorCode::DecoderUnavailable, QString::fromLocal8Bit(std::strerror(errno)));
}

/// Memory under a descriptor, to be filled and then sealed.
class MemoryFile {
public:
    MemoryFile() : m_descriptor(::memfd_create("yuanzhen-object", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {}
    Status append(const void* bytes, size_t size) {
        if (!m_descriptor.isOpen())
            return refused();
        for (size_t done = 0; done < size;) {
            const ssize_t written = ::write(m_descriptor.number(), static_cast<const char*>(bytes) + done, size - done);
            if (written < 0 && errno != EINTR)
                return refused();
            done += static_cast<size_t>(std::max<ssize_t>(written, 0));
        }
        m_bytes += static_cast<qint64>(size);
        return {};
    }
    Result<ReceivedFile> sealed() {
        if (!m_descriptor.isOpen() ||
            ::fcntl(m_descriptor.number(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
            return refused();
        return ReceivedFile{std::move(m_descriptor), {}, m_bytes, nullptr};
    }

private:
    Descriptor m_descriptor;
    qint64 m_bytes = 0;
};

} // namespace

Result<ReceivedFile> fileOfBytes(const QByteArray& bytes) {
    MemoryFile file;
    if (const Status written = file.append(bytes.constData(), static_cast<size_t>(bytes.size())); !written)
        return fail(written.error());
    return file.sealed();
}

Result<ReceivedFile> fileOfSource(const ByteSource& source) {
    MemoryFile file;
    std::vector<std::byte> piece(static_cast<size_t>(std::min(kPieceBytes, std::max<qint64>(source.size(), 1))));
    for (qint64 offset = 0; offset < source.size();) {
        const auto wanted = static_cast<size_t>(std::min<qint64>(source.size() - offset, std::ssize(piece)));
        const Result<size_t> got = source.read(offset, std::span(piece).first(wanted));
        if (!got)
            return fail(got.error());
        if (*got != wanted)
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("the file became shorter"));
        if (const Status written = file.append(piece.data(), wanted); !written)
            return fail(written.error());
        offset += static_cast<qint64>(wanted);
    }
    return file.sealed();
}

} // namespace yz::dicom
