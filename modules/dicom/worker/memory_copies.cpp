#include "dicom/worker/memory_copies.h"

#include "dicom/worker/received_file.h"

#include <algorithm>

namespace yz::dicom {

std::shared_ptr<MemoryCopies::Entry> MemoryCopies::entryOf(const FileKey& key, qint64 bytes) {
    const std::scoped_lock lock(m_mutex);
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const auto& entry) { return entry->key == key; });
    if (found != m_entries.end()) {
        m_entries.splice(m_entries.begin(), m_entries, found);
        return m_entries.front();
    }
    auto entry = std::make_shared<Entry>();
    entry->key = key;
    entry->bytes = bytes;
    m_entries.push_front(entry);
    m_bytes += bytes;
    // Who still asks a worker about one that goes keeps it until then.
    while (m_entries.size() > 1 && (m_entries.size() > kFiles || m_bytes > kBytes)) {
        m_bytes -= m_entries.back()->bytes;
        m_entries.pop_back();
    }
    return entry;
}

Result<MemoryCopies::Copy> MemoryCopies::of(const FileKey& key, const ByteSource& source) {
    const auto copied = [&source]() -> Result<Copy> {
        Result<ReceivedFile> file = fileOfSource(source);
        return file ? Result<Copy>(std::make_shared<const Descriptor>(std::move(file->descriptor)))
                    : fail(file.error());
    };
    if (key.isEmpty())
        return copied();
    const std::shared_ptr<Entry> entry = entryOf(key, source.size());
    const std::scoped_lock lock(entry->mutex);
    if (!entry->copy) { // one that failed is tried again
        Result<Copy> copy = copied();
        if (!copy)
            return copy;
        entry->copy = std::move(*copy);
    }
    return entry->copy;
}

qint64 MemoryCopies::bytes() const {
    const std::scoped_lock lock(m_mutex);
    return m_bytes;
}

} // namespace yz::dicom
