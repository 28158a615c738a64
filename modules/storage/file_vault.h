#pragma once

#include "core/ids.h"
#include "core/result.h"

#include <QByteArray>
#include <QString>

namespace yz {

/// Writes `bytes` so that after success the file survives a power cut: temporary file, fsync, rename, fsync of the
/// folder.
[[nodiscard]] Status writeFileDurably(const QString& path, const QByteArray& bytes);

/// Received image files: vault/<study>/<instance>.dcm. Cached copies of what the platform has, so not fsynced unless
/// asked.
class FileVault {
public:
    explicit FileVault(QString folder);
    /// Returns the absolute path. DiskFull, FileUnwritable. Atomic: never a half file under the final name.
    [[nodiscard]] Result<QString> put(const StudyUid& study, const InstanceUid& instance, const QByteArray& file) const;
    /// Empty for a UID that cannot be a file name (put then gives InvalidArgument).
    [[nodiscard]] QString pathOf(const StudyUid& study, const InstanceUid& instance) const;
    [[nodiscard]] qint64 freeBytes() const;

private:
    QString m_folder;
};

} // namespace yz
