#include "worklist/worklist_filter.h"

#include <algorithm>

namespace yz {

WorklistMatcher::WorklistMatcher(const WorklistFilter& filter)
    : m_filter(filter), m_words(searchForm(filter.text).simplified().split(u' ', Qt::SkipEmptyParts)) {}

bool WorklistMatcher::matches(const WorklistRow& row) const {
    const auto allows = [](const auto& set, const auto& value) { return set.isEmpty() || set.contains(value); };
    if (m_filter.scope != WorklistFilter::Scope::All && row.isOpen != (m_filter.scope == WorklistFilter::Scope::Open))
        return false;
    if (m_filter.onlyMine && row.holding != Holding::Mine && row.holding != Holding::Provisional)
        return false;
    if (!allows(m_filter.priorities, row.task.priority) || !allows(m_filter.states, row.state) ||
        !allows(m_filter.kinds, row.task.kind) || !allows(m_filter.modalities, row.task.order.modality))
        return false;
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return row.haystack.contains(word); });
}

WorklistCounts worklistCounts(const std::vector<WorklistRowPtr>& rows, WorklistFilter filter, const QDateTime& now) {
    filter.states.clear();
    filter.onlyMine = false;
    filter.scope = WorklistFilter::Scope::All;
    const WorklistMatcher matcher(filter);
    WorklistCounts counts;
    for (const WorklistRowPtr& row : rows) {
        if (!matcher.matches(*row))
            continue;
        if (!row->isOpen) {
            ++counts.finished;
            continue;
        }
        ++counts.open;
        ++counts.byState[static_cast<size_t>(row->state)];
        counts.mine += row->holding == Holding::Mine || row->holding == Holding::Provisional ? 1 : 0;
        counts.emergencies += row->task.priority == Priority::Emergency ? 1 : 0;
        counts.overdue += row->due.isValid() && row->due < now ? 1 : 0;
    }
    return counts;
}

} // namespace yz
