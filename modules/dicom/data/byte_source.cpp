#include "dicom/data/byte_source.h"

#include <QFile>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yz::dicom {

namespace {

class FileSource final : public ByteSource {
public:
    FileSource(int descriptor, qint64 size) : m_descriptor(descriptor), m_size(size) {}
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    ~FileSource() override { ::close(m_descriptor); }

    [[nodiscard]] qint64 size() const override { return m_size; }
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const override {
        size_t done = 0;
        while (done < target.size()) {
            const ssize_t got = ::pread(m_descriptor, target.data() + done, target.size() - done,
                                        static_cast<off_t>(offset) + static_cast<off_t>(done));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return fail(ErrorCode::FileUnreadable, QString::fromLocal8Bit(std::strerror(errno)));
            if (got == 0)
                break;
            done += static_cast<size_t>(got);
        }
        return done;
    }

private:
    int m_descriptor;
    qint64 m_size;
};

class HeadSource final : public ByteSource {
public:
    explicit HeadSource(ByteSourcePtr source) : m_source(std::move(source)) {
        const auto got = m_source->read(0, m_head);
        m_filled = got ? *got : 0;
    }
    [[nodiscard]] qint64 size() const override { return m_source->size(); }
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const override {
        const auto filled = static_cast<qint64>(m_filled);
        const bool isShort = m_filled < m_head.size(); // the whole file is here
        if (offset < 0 || offset > filled || (!isShort && target.size() > m_filled - static_cast<size_t>(offset)))
            return m_source->read(offset, target);
        const size_t count = std::min(target.size(), m_filled - static_cast<size_t>(offset));
        std::memcpy(target.data(), m_head.data() + offset, count);
        return count;
    }

    [[nodiscard]] std::span<const std::byte> head() const override { return {m_head.data(), m_filled}; }

private:
    ByteSourcePtr m_source;
    std::array<std::byte, 4096> m_head; ///< the meta header, and as much as the walk over a data set reads first
    size_t m_filled = 0;
};

class MemorySource final : public ByteSource {
public:
    explicit MemorySource(QByteArray bytes) : m_bytes(std::move(bytes)) {}
    [[nodiscard]] qint64 size() const override { return m_bytes.size(); }
    [[nodiscard]] qint64 memoryBytes() const override { return m_bytes.size(); }
    [[nodiscard]] std::span<const std::byte> head() const override {
        return std::as_bytes(std::span(m_bytes.constData(), static_cast<size_t>(m_bytes.size())));
    }
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const override {
        if (offset < 0 || offset >= m_bytes.size())
            return size_t{0};
        const size_t count = std::min(target.size(), static_cast<size_t>(m_bytes.size() - offset));
        std::memcpy(target.data(), m_bytes.constData() + offset, count);
        return count;
    }

private:
    QByteArray m_bytes;
};

} // namespace

Result<ByteSourcePtr> openFileSource(const QString& path) {
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(errno == ENOENT ? ErrorCode::FileNotFound : ErrorCode::FileUnreadable,
                    QString::fromLocal8Bit(std::strerror(errno)));
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return fail(ErrorCode::FileUnreadable, QStringLiteral("not a regular file"));
    }
    return std::make_shared<const FileSource>(descriptor, static_cast<qint64>(status.st_size));
}

ByteSourcePtr descriptorSource(int descriptor, qint64 size) {
    return std::make_shared<const FileSource>(descriptor, size);
}

ByteSourcePtr memorySource(QByteArray bytes) { return std::make_shared<const MemorySource>(std::move(bytes)); }

ByteSourcePtr withHeadInMemory(ByteSourcePtr source) {
    return source->memoryBytes() > 0 ? source : std::make_shared<const HeadSource>(std::move(source));
}

Result<QByteArray> readExactly(const ByteSource& source, qint64 offset, qint64 length) {
    if (offset < 0 || length < 0 || offset > source.size() || length > source.size() - offset)
        return fail(ErrorCode::DataSetTruncated, QStringLiteral("fewer bytes than declared"));
    QByteArray bytes(static_cast<qsizetype>(length), Qt::Uninitialized);
    const auto got = source.read(offset, std::as_writable_bytes(std::span(bytes.data(), static_cast<size_t>(length))));
    if (!got)
        return fail(got.error());
    if (*got != static_cast<size_t>(length))
        return fail(ErrorCode::DataSetTruncated, QStringLiteral("fewer bytes than declared"));
    return bytes;
}

} // namespace yz::dicom
