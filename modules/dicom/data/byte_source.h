#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <cstddef>
#include <memory>
#include <span>

namespace yz::dicom {

/// Bytes that can be read at any place: a file or memory. Thread-safe.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    [[nodiscard]] virtual qint64 size() const = 0;
    /// Fills `target` as far as there are bytes; returns how many. FileUnreadable.
    [[nodiscard]] virtual Result<size_t> read(qint64 offset, std::span<std::byte> target) const = 0;
    /// The first bytes, as far as they lie in memory: to be looked at without copying, while the source lives.
    [[nodiscard]] virtual std::span<const std::byte> head() const { return {}; }
    /// Bytes this source holds in memory.
    [[nodiscard]] virtual qint64 memoryBytes() const { return 0; }
};
using ByteSourcePtr = std::shared_ptr<const ByteSource>;

/// Keeps the file open, so that it stays readable when another file takes its name. FileNotFound, FileUnreadable.
[[nodiscard]] Result<ByteSourcePtr> openFileSource(const QString& path);
/// A file opened by somebody else; owns the descriptor.
[[nodiscard]] ByteSourcePtr descriptorSource(int descriptor, qint64 size);
[[nodiscard]] ByteSourcePtr memorySource(QByteArray bytes);

/// A file whose first bytes are read at once, for who reads many small pieces of them.
[[nodiscard]] ByteSourcePtr withHeadInMemory(ByteSourcePtr source);

/// Exactly `length` bytes; DataSetTruncated when there are fewer.
[[nodiscard]] Result<QByteArray> readExactly(const ByteSource& source, qint64 offset, qint64 length);

} // namespace yz::dicom
