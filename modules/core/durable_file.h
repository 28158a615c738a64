#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <functional>

/// Files and folders that are there as a whole or not at all, a power cut included. Files are the owner's alone
/// (0600). Errors: DiskFull, FileUnwritable. Thread-safe.
namespace yz {

/// Writes `bytes` so that after success the file survives a power cut: temporary file, fsync, rename, fsync of the
/// folder.
[[nodiscard]] Status writeFileDurably(const QString& path, const QByteArray& bytes);

/// Takes a piece of the new content; its error is passed on.
using FileSink = std::function<Status(const void* bytes, size_t size)>;
/// The new content, piece by piece; an error leaves the file as it was.
using FileContent = std::function<Status(const FileSink& sink)>;
/// The new content appears under `path` as a whole or not at all. Without `withName` a power cut just after success may
/// bring back what was there before.
[[nodiscard]] Status replaceFile(const QString& path, const FileContent& content, bool withName);

/// Makes the folder and those above it that are missing; after success their names survive a power cut. A folder that
/// is there already is made sure of as well: who made it may have died before.
[[nodiscard]] Status makeFolderDurably(const QString& path);
/// The same without waiting for the disk.
[[nodiscard]] Status makeFolder(const QString& path);

/// The names in the folder survive a power cut.
[[nodiscard]] Status makeNamesDurable(const QString& folder);

} // namespace yz
