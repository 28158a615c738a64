#pragma once

#include "core/ids.h"
#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <vector>

namespace yz {

/// Writes `bytes` so that after success the file survives a power cut: temporary file, fsync, rename, fsync of the
/// folder.
[[nodiscard]] Status writeFileDurably(const QString& path, const QByteArray& bytes);

/// Makes the folder and those above it that are missing; after success their names survive a power cut. A folder that
/// is there already is made sure of as well: who made it may have died before.
[[nodiscard]] Status makeFolderDurably(const QString& path);

/// XXH3 of 128 bits: tells a file that changed on the disk from the one that was received, at the speed of memory. It
/// is no protection against somebody who changes both.
[[nodiscard]] QByteArray checksumOf(const QByteArray& file);
/// Of a file on the disk. FileUnreadable.
[[nodiscard]] Result<QByteArray> checksumOfFile(const QString& path);

/// Received image files: vault/<study>/<instance>.dcm. Cached copies of what the platform has: after a power cut a file
/// may be gone, but what is there is whole, for wrong pixels would not show.
class FileVault {
public:
    explicit FileVault(QString folder);
    /// Returns the absolute path. DiskFull, FileUnwritable. Atomic: never a half file under the final name.
    [[nodiscard]] Result<QString> put(const StudyUid& study, const InstanceUid& instance, const QByteArray& file) const;
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
    QString m_folder;
};

} // namespace yz
