#pragma once

#include "embedded_platform/archive_store.h"
#include "embedded_platform/data_set.h"

#include <functional>

namespace yz::platform {

/// Study Root C-FIND (PS3.4 C.6.2) over the index, relational keys included. Thread-safe.
class QueryService {
public:
    explicit QueryService(const ArchiveStore& archive) : m_archive(archive) {}

    /// DIMSE status; calls `found` for each match until it returns false (then Cancel).
    [[nodiscard]] quint16 find(DcmDataset& keys, const QString& aeTitle,
                               const std::function<bool(DcmDataset&)>& found) const;

private:
    const ArchiveStore& m_archive;
};

} // namespace yz::platform
