#pragma once

#include "worklist/worklist_row.h"

#include <QSet>
#include <QStringList>
#include <array>

namespace yz {

inline size_t qHash(ReadingState state, size_t seed = 0) { return ::qHash(static_cast<int>(state), seed); }
inline size_t qHash(TaskKind kind, size_t seed = 0) { return ::qHash(static_cast<int>(kind), seed); }
inline size_t qHash(Priority priority, size_t seed = 0) { return ::qHash(static_cast<int>(priority), seed); }

/// What the reader wants to see; an empty set means "any".
struct WorklistFilter {
    QString text; ///< words, all of which must be found: name, pinyin or its initials, ids, accession, item, hospital
    QSet<QString> modalities;
    QSet<Priority> priorities;
    QSet<ReadingState> states;
    QSet<TaskKind> kinds;
    bool onlyMine = false;
    enum class Scope { Open, Finished, All };
    Scope scope = Scope::Open; ///< finished: completed and cancelled work items

    bool operator==(const WorklistFilter&) const = default;
    [[nodiscard]] bool isEmpty() const { return *this == WorklistFilter(); }
};

/// A filter made ready to look at many rows.
class WorklistMatcher {
public:
    explicit WorklistMatcher(const WorklistFilter& filter);
    [[nodiscard]] bool matches(const WorklistRow& row) const;

private:
    WorklistFilter m_filter;
    QStringList m_words;
};

struct WorklistCounts {
    static constexpr int kStates = 10;
    std::array<int, kStates> byState{}; ///< open tasks, index = ReadingState
    int open = 0;
    int mine = 0;
    int emergencies = 0;
    int overdue = 0;
    int finished = 0;

    bool operator==(const WorklistCounts&) const = default;
    [[nodiscard]] int of(ReadingState state) const { return byState[static_cast<size_t>(state)]; }
};

/// Counts the rows the filter would show if no state, scope and "only mine" were chosen, so that each choice
/// says what it would give.
[[nodiscard]] WorklistCounts worklistCounts(const std::vector<WorklistRowPtr>& rows, WorklistFilter filter,
                                            const QDateTime& now);

} // namespace yz
