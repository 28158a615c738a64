#pragma once

#include "core/durable_file.h"
#include "core/ids.h"
#include "core/result.h"
#include "storage/vault_file.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace yz {

/// XXH3 of 128 bits: tells a file that changed on the disk from the one that was received, at the speed of memory. It
/// is no protection against somebody who changes both.
[[nodiscard]] QByteArray checksumOf(const QByteArray& file);

/// Received image files: vault/<study>/<instance>.dcm, each sealed (storage/vault_file.h) with a data key of this desk
/// that opens on this machine only (keys/vault.bin, a SecretStore). Cached copies of what the platform has: after a
/// power cut a file may be gone, but what is there is whole, for wrong pixels would not show. Thread-safe; several
/// processes may use one folder.
class FileVault {
public:
    /// `home`: the desk's folder. Without a key (another machine, keys/ lost or changed) everything that needs one is
    /// KeyUnavailable; it is never made anew over one that is there. DiskFull, FileUnwritable: none could be kept.
    [[nodiscard]] static Result<std::unique_ptr<FileVault>> open(const QString& home);

    /// Returns the absolute path. DiskFull, FileUnwritable, KeyUnavailable. Atomic: never a half file under the
    /// final name, and no name under which it lies unsealed.
    [[nodiscard]] Result<QString> put(const StudyUid& study, const InstanceUid& instance, const QByteArray& file) const;
    using FilePtr = std::shared_ptr<const VaultFile>;
    /// FileNotFound, KeyUnavailable; FileUnreadable: changed, cut, put there by somebody else, or the disk does not
    /// give it; Internal: it could not be tried. Nothing of such a file is given away as if it were what was received.
    [[nodiscard]] Result<FilePtr> open(const StudyUid& study, const InstanceUid& instance) const;
    /// By the path that put() returned. InvalidArgument: not a path of this vault.
    [[nodiscard]] Result<FilePtr> openPath(const QString& path) const;
    /// True for a path below the vault's folder, however it is written.
    [[nodiscard]] bool holds(const QString& path) const;
    /// The whole file as it was received. Errors of open().
    [[nodiscard]] Result<QByteArray> read(const StudyUid& study, const InstanceUid& instance) const;
    /// checksumOf() the whole file, read piece by piece. Errors of open().
    [[nodiscard]] Result<QByteArray> checksum(const StudyUid& study, const InstanceUid& instance) const;
    /// Takes one file away; not being there is fine.
    void remove(const StudyUid& study, const InstanceUid& instance) const;

    /// A version that did not seal its files has been here, and they have not all been sealed yet: until then they are
    /// read as they are. Never true of a desk that began with this version.
    [[nodiscard]] bool hasPlainFiles() const { return m_hasPlain; }
    /// Seals them, one after the other, and takes away what an interrupted write of that version left. Returns how many
    /// there were; after success an unsealed file is FileUnreadable, as is one the disk does not give. `isCancelled` is
    /// asked before each: Cancelled, the rest waits for the next time. Errors of put().
    [[nodiscard]] Result<int> sealPlainFiles(const std::function<bool()>& isCancelled);

    /// Empty for a UID that cannot be a file name (put then gives InvalidArgument).
    [[nodiscard]] QString pathOf(const StudyUid& study, const InstanceUid& instance) const;
    [[nodiscard]] qint64 freeBytes() const;
    /// The studies that have a folder here, whatever is in it.
    [[nodiscard]] std::vector<StudyUid> studies() const;
    [[nodiscard]] qint64 bytesOf(const StudyUid& study) const;
    /// When something was last put into its folder or taken out; invalid when there is none.
    [[nodiscard]] QDateTime changedAt(const StudyUid& study) const;
    /// All files of the study. FileUnwritable; not being there is fine.
    [[nodiscard]] Status remove(const StudyUid& study) const;

private:
    FileVault(QString home, Result<QByteArray> key, bool hasPlain);
    [[nodiscard]] Status write(const QString& path, const StudyUid& study, const InstanceUid& instance,
                               const QByteArray& file) const;
    /// True when it was one of that version.
    [[nodiscard]] Result<bool> sealIfPlain(const StudyUid& study, const QString& path) const;

    QString m_home;
    QString m_folder;
    Result<QByteArray> m_key;
    std::atomic<bool> m_hasPlain;
};

} // namespace yz
