#pragma once

#include "core/durable_file.h"
#include "core/ids.h"
#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <cstddef>
#include <memory>
#include <span>

namespace yz {

/// One received image file as it lies in the vault, opened. On the disk: a head that says the cipher, the length and
/// the salt of the file's key, then the file in chunks of kChunkBytes, each sealed by itself (security/chunk_cipher.h).
/// The head, the study and the instance are part of what every chunk is checked against. Private to the vault: nobody
/// else reads or writes this form. Thread-safe; stays readable when another file takes its name.
class VaultFile {
public:
    static constexpr qint64 kChunkBytes = 32 * 1024; ///< a header is read, and a small frame, without opening much more

    /// What tells this file from others and from itself before it was replaced.
    struct Identity {
        quint64 device = 0;
        quint64 node = 0;
        qint64 bytes = 0;
        qint64 seconds = 0; ///< of the last change
        qint64 nanoseconds = 0;
    };

    /// The whole form of `file` on the disk, piece by piece. Internal, and the sink's errors.
    [[nodiscard]] static Status seal(const QByteArray& file, const QByteArray& dataKey, const StudyUid& study,
                                     const InstanceUid& instance, const FileSink& sink);
    enum class Plain { Refused, Allowed };
    /// plain: whether a file that is not sealed, of a version that did not, is read as it is. FileNotFound;
    /// FileUnreadable: it is no file of this form, was cut, or the disk does not give it. Internal: this process has no
    /// descriptor or memory left; it says nothing of the file.
    [[nodiscard]] static Result<std::shared_ptr<const VaultFile>> open(const QString& path, const QByteArray& dataKey,
                                                                       const StudyUid& study,
                                                                       const InstanceUid& instance, Plain plain);
    /// Looks at the first bytes only. FileNotFound, FileUnreadable, Internal.
    [[nodiscard]] static Result<bool> isSealed(const QString& path);

    ~VaultFile();
    VaultFile(const VaultFile&) = delete;
    VaultFile& operator=(const VaultFile&) = delete;

    /// Of the received file.
    [[nodiscard]] qint64 size() const { return m_size; }
    /// Fills `target` as far as there are bytes; returns how many. After an error `target` is undefined.
    /// FileUnreadable: what lies there is not what was put there, or the disk does not give it.
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const;
    [[nodiscard]] const Identity& identity() const { return m_identity; }

private:
    VaultFile() = default;
    [[nodiscard]] Status readHead(const QByteArray& dataKey, const StudyUid& study, const InstanceUid& instance,
                                  Plain plain);
    [[nodiscard]] Result<size_t> readRaw(qint64 offset, std::span<std::byte> target) const;

    int m_descriptor = -1;
    qint64 m_size = 0;
    bool m_isPlain = false;
    QByteArray m_key;
    QByteArray m_binding;
    Identity m_identity;
};

} // namespace yz
