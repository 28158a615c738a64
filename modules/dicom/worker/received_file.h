#pragma once

#include "core/result.h"
#include "dicom/worker/worker_protocol.h"

#include <QByteArray>
#include <QString>

namespace yz::dicom {

/// A file as it is handed to a worker: open for reading, with what tells it from others.
struct ReceivedFile {
    Descriptor descriptor;
    FileKey key;
    qint64 bytes = 0;
};

/// FileNotFound, FileUnreadable.
[[nodiscard]] Result<ReceivedFile> openReceivedFile(const QString& path);
/// Bytes that are not on disk, in memory that nobody can change any more. Its key is empty. Internal.
[[nodiscard]] Result<ReceivedFile> fileOfBytes(const QByteArray& bytes);

} // namespace yz::dicom
