#pragma once

#include "core/result.h"
#include "dicom/data/byte_source.h"
#include "dicom/worker/worker_protocol.h"

#include <QByteArray>
#include <QString>
#include <optional>

namespace yz::dicom {

/// A file as it is handed to a worker: open for reading, with what tells it from others.
struct ReceivedFile {
    Descriptor descriptor; ///< not open where `source` is set
    FileKey key;
    qint64 bytes = 0;
    ByteSourcePtr source =
        nullptr; ///< of a file that lies on the disk in another form: its bytes as they were received
};

/// Opens files that do not lie on the disk as they were received. Thread-safe.
class FileOpener {
public:
    virtual ~FileOpener() = default;
    /// Nothing for a file that is read where it lies. A ReceivedFile with a source; the key is that of the file on the
    /// disk. FileNotFound, FileUnreadable, and its own errors.
    [[nodiscard]] virtual std::optional<Result<ReceivedFile>> open(const QString& path) = 0;
};

/// FileNotFound, FileUnreadable.
[[nodiscard]] Result<ReceivedFile> openReceivedFile(const QString& path);
/// Bytes that are not on disk, in memory that nobody can change any more. Its key is empty.
/// DecoderUnavailable: there is none to be had.
[[nodiscard]] Result<ReceivedFile> fileOfBytes(const QByteArray& bytes);
/// The same of all bytes of a source. The source's errors, DataSetTruncated,
/// DecoderUnavailable.
[[nodiscard]] Result<ReceivedFile> fileOfSource(const ByteSource& source);

} // namespace yz::dicom
