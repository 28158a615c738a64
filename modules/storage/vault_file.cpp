#include "storage/vault_file.h"

#include "security/chunk_cipher.h"

#include <QFile>
#include <QtEndian>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace yz {

namespace {

// Head: mark, cipher, seven zeros, length (little endian), salt.
constexpr char kMark[] = "YZVAULT1";
constexpr qsizetype kMarkBytes = sizeof kMark - 1;
constexpr char kAes256Gcm = 1;
constexpr qsizetype kLengthAt = kMarkBytes + 8;
constexpr qsizetype kSaltAt = kLengthAt + 8;
constexpr qsizetype kHeadBytes = kSaltAt + ChunkCipher::kSaltBytes;
constexpr qint64 kTagBytes = ChunkCipher::kTagBytes;
constexpr qint64 kSealedChunkBytes = VaultFile::kChunkBytes + kTagBytes;
constexpr qint64 kMostBytes = VaultFile::kChunkBytes * std::numeric_limits<quint32>::max();

/// An empty file has one empty chunk: its end can be told as well.
qint64 chunksOf(qint64 size) {
    return std::max<qint64>(1, (size + VaultFile::kChunkBytes - 1) / VaultFile::kChunkBytes);
}
qint64 bytesOnDisk(qint64 size) { return kHeadBytes + size + chunksOf(size) * kTagBytes; }

QByteArray headOf(qint64 size, const QByteArray& salt) {
    QByteArray head(kMark, kMarkBytes);
    head += kAes256Gcm;
    head += QByteArray(7, '\0');
    head.resize(kSaltAt);
    qToLittleEndian(size, head.data() + kLengthAt);
    return head + salt;
}

/// UIDs have no zero bytes.
QByteArray bindingOf(const QByteArray& head, const StudyUid& study, const InstanceUid& instance) {
    return head + study.value().toLatin1() + '\0' + instance.value().toLatin1();
}

tl::unexpected<Error> damaged(const char* what) { return fail(ErrorCode::FileUnreadable, QString::fromLatin1(what)); }

/// What is wrong with the file, or only with this process at this moment: a file that does not open counts as damaged.
tl::unexpected<Error> unreadable() {
    const bool isOurs = errno == EMFILE || errno == ENFILE || errno == ENOMEM;
    return fail(errno == ENOENT ? ErrorCode::FileNotFound
                : isOurs        ? ErrorCode::Internal
                                : ErrorCode::FileUnreadable,
                QString::fromLocal8Bit(std::strerror(errno)));
}

} // namespace

Status VaultFile::seal(const QByteArray& file, const QByteArray& dataKey, const StudyUid& study,
                       const InstanceUid& instance, const FileSink& sink) {
    if (file.size() > kMostBytes)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("a file for the vault"));
    const Result<QByteArray> salt = ChunkCipher::makeSalt();
    if (!salt)
        return fail(salt.error());
    const Result<QByteArray> key = ChunkCipher::fileKey(dataKey, *salt);
    if (!key)
        return fail(key.error());
    const QByteArray head = headOf(file.size(), *salt);
    if (Status written = sink(head.constData(), static_cast<size_t>(head.size())); !written)
        return written;
    ChunkCipher cipher(ChunkCipher::Use::Seal, *key, bindingOf(head, study, instance));
    const std::span plain = std::as_bytes(std::span(file.constData(), static_cast<size_t>(file.size())));
    std::vector<std::byte> sealed(static_cast<size_t>(kSealedChunkBytes));
    const qint64 chunks = chunksOf(file.size());
    for (qint64 i = 0; i < chunks; ++i) {
        const std::span rest = plain.subspan(static_cast<size_t>(i * kChunkBytes));
        const std::span chunk = rest.first(std::min(rest.size(), static_cast<size_t>(kChunkBytes)));
        const std::span out = std::span(sealed).first(chunk.size() + static_cast<size_t>(kTagBytes));
        if (Status done = cipher.seal(static_cast<quint32>(i), i == chunks - 1, chunk, out); !done)
            return done;
        if (Status written = sink(out.data(), out.size()); !written)
            return written;
    }
    return {};
}

VaultFile::~VaultFile() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<std::shared_ptr<const VaultFile>> VaultFile::open(const QString& path, const QByteArray& dataKey,
                                                         const StudyUid& study, const InstanceUid& instance,
                                                         Plain plain) {
    std::shared_ptr<VaultFile> file(new VaultFile);
    // Without blocking: a pipe under the name of a file would keep this thread for ever.
    file->m_descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file->m_descriptor < 0)
        return unreadable();
    struct stat status {};
    if (::fstat(file->m_descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return fail(ErrorCode::FileUnreadable, QStringLiteral("not a regular file"));
    file->m_identity = {status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    if (const Status read = file->readHead(dataKey, study, instance, plain); !read)
        return fail(read.error());
    return file;
}

Status VaultFile::readHead(const QByteArray& dataKey, const StudyUid& study, const InstanceUid& instance, Plain plain) {
    QByteArray head(kHeadBytes, '\0');
    const Result<size_t> got =
        readRaw(0, std::as_writable_bytes(std::span(head.data(), static_cast<size_t>(head.size()))));
    if (!got)
        return fail(got.error());
    if (!head.startsWith(kMark) && plain == Plain::Allowed) {
        std::array<char, 4> mark{}; // PS3.10 7.1
        const Result<size_t> part10 = readRaw(128, std::as_writable_bytes(std::span(mark)));
        if (!part10 || *part10 != mark.size() || std::memcmp(mark.data(), "DICM", mark.size()) != 0)
            return damaged("not a file of the vault");
        m_isPlain = true;
        m_size = m_identity.bytes;
        return {};
    }
    if (*got != static_cast<size_t>(kHeadBytes) || !head.startsWith(kMark) || head.at(kMarkBytes) != kAes256Gcm)
        return damaged("not a file of the vault");
    m_size = qFromLittleEndian<qint64>(head.constData() + kLengthAt);
    if (m_size < 0 || m_size > kMostBytes || m_identity.bytes != bytesOnDisk(m_size))
        return damaged("the file is not as long as it was");
    const Result<QByteArray> key = ChunkCipher::fileKey(dataKey, head.mid(kSaltAt));
    if (!key)
        return fail(key.error());
    m_key = *key;
    m_binding = bindingOf(head, study, instance);
    return {};
}

Result<bool> VaultFile::isSealed(const QString& path) {
    VaultFile file;
    file.m_descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file.m_descriptor < 0)
        return unreadable();
    std::array<std::byte, kMarkBytes> mark{};
    const Result<size_t> got = file.readRaw(0, mark);
    if (!got)
        return fail(got.error());
    return *got == mark.size() && std::memcmp(mark.data(), kMark, mark.size()) == 0;
}

Result<size_t> VaultFile::readRaw(qint64 offset, std::span<std::byte> target) const {
    size_t done = 0;
    while (done < target.size()) {
        const ssize_t got = ::pread(m_descriptor, target.data() + done, target.size() - done,
                                    static_cast<off_t>(offset) + static_cast<off_t>(done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return unreadable();
        if (got == 0)
            break;
        done += static_cast<size_t>(got);
    }
    return done;
}

Result<size_t> VaultFile::read(qint64 offset, std::span<std::byte> target) const {
    if (offset < 0)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("an offset"));
    if (m_isPlain)
        return readRaw(offset, target);
    const qint64 end = std::min(m_size, offset + static_cast<qint64>(target.size()));
    if (offset > m_size || (offset == m_size && m_size > 0))
        return size_t{0};
    ChunkCipher cipher(ChunkCipher::Use::Open, m_key, m_binding);
    std::array<std::byte, static_cast<size_t>(kSealedChunkBytes)> sealed; // NOLINT: filled before it is read
    const qint64 chunks = chunksOf(m_size);
    size_t done = 0;
    for (qint64 i = offset / kChunkBytes; i < chunks && (i * kChunkBytes < end || m_size == 0); ++i) {
        const qint64 begin = i * kChunkBytes;
        const qint64 length = std::min(kChunkBytes, m_size - begin);
        const std::span<std::byte> chunk = std::span(sealed).first(static_cast<size_t>(length + kTagBytes));
        const Result<size_t> got = readRaw(kHeadBytes + i * kSealedChunkBytes, chunk);
        if (!got)
            return got;
        if (*got != chunk.size())
            return damaged("the file became shorter");
        const qint64 from = std::max(offset, begin);
        const auto count = static_cast<size_t>(std::max<qint64>(0, std::min(end, begin + length) - from));
        if (const Status opened = cipher.open(static_cast<quint32>(i), i == chunks - 1, chunk,
                                              static_cast<size_t>(from - begin), target.subspan(done, count));
            !opened)
            return fail(opened.error());
        done += count;
    }
    return done;
}

} // namespace yz
