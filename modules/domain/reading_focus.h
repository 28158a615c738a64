#pragma once

#include "core/ids.h"

#include <mutex>
#include <utility>
#include <vector>

namespace yz {

/// The series that the reader looks at now, the one he works in first: a retrieval that is running brings their
/// objects before the others'. Thread-safe; set by whoever shows the pictures, read by whoever fetches them.
class ReadingFocus {
public:
    void set(std::vector<SeriesUid> series) {
        const std::lock_guard lock(m_mutex);
        m_series = std::move(series);
    }
    [[nodiscard]] std::vector<SeriesUid> series() const {
        const std::lock_guard lock(m_mutex);
        return m_series;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<SeriesUid> m_series;
};

} // namespace yz
