#pragma once

#include "dicom/data/byte_source.h"
#include "dicom/worker/worker_protocol.h"

#include <list>
#include <map>
#include <memory>
#include <mutex>

namespace yz::dicom {

/// Files that a worker could not read where they lie (FileOpener), whole, in memory that nobody can change any more.
/// The ones asked for last are kept, at most kFiles of at most kBytes together, but always the last one: the frames of
/// one file are asked for one by one. Thread-safe.
class MemoryCopies {
public:
    static constexpr size_t kFiles = 64;
    static constexpr qint64 kBytes = 64LL << 20;

    using Copy = std::shared_ptr<const Descriptor>;
    /// Copies `source`, unless the file under `key` is here. An empty key is never kept. The source's errors,
    /// DataSetTruncated, DecoderUnavailable.
    [[nodiscard]] Result<Copy> of(const FileKey& key, const ByteSource& source);
    /// What is kept.
    [[nodiscard]] qint64 bytes() const;

private:
    struct Entry {
        FileKey key;
        qint64 bytes = 0;
        std::mutex mutex; ///< held while it is copied
        Copy copy;
    };
    [[nodiscard]] std::shared_ptr<Entry> entryOf(const FileKey& key, qint64 bytes);

    mutable std::mutex m_mutex;
    std::list<std::shared_ptr<Entry>> m_entries; ///< used last first
    qint64 m_bytes = 0;
};

} // namespace yz::dicom
