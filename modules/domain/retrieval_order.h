#pragma once

#include "domain/ports.h"
#include "domain/reading_focus.h"

#include <set>
#include <vector>

namespace yz {

/// Which of the objects still missing comes next: those that RetrieveRequest::first names, then what the reader looks
/// at now, then the rest; within each as they are listed. One thread at a time.
class RetrievalOrder {
public:
    explicit RetrievalOrder(const RetrieveRequest& request);

    /// False: objects simply come as they are listed.
    [[nodiscard]] bool isMoving() const { return m_focus != nullptr; }
    /// Asks where the reader is now.
    void look();
    /// Lower comes sooner.
    [[nodiscard]] int rank(const SeriesUid& series, const InstanceUid& instance) const;
    void arrange(std::vector<InstanceRecord>& missing);

private:
    std::shared_ptr<const ReadingFocus> m_focus;
    std::set<InstanceUid> m_first;
    std::vector<SeriesUid> m_series;
};

} // namespace yz
