#include "domain/retrieval_order.h"

#include <algorithm>

namespace yz {

RetrievalOrder::RetrievalOrder(const RetrieveRequest& request) : m_focus(request.focus) {
    const size_t first = std::min(request.first, request.listed.size());
    for (size_t i = 0; i < first; ++i)
        m_first.insert(request.listed[i].instance);
}

void RetrievalOrder::look() {
    if (m_focus)
        m_series = m_focus->series();
}

int RetrievalOrder::rank(const SeriesUid& series, const InstanceUid& instance) const {
    if (m_first.contains(instance))
        return -1;
    return static_cast<int>(std::find(m_series.begin(), m_series.end(), series) - m_series.begin());
}

void RetrievalOrder::arrange(std::vector<InstanceRecord>& missing) {
    if (!isMoving())
        return;
    look();
    std::stable_sort(missing.begin(), missing.end(), [this](const InstanceRecord& a, const InstanceRecord& b) {
        return rank(a.series, a.instance) < rank(b.series, b.instance);
    });
}

} // namespace yz
