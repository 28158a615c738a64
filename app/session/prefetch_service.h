#pragma once

#include "core/clock.h"
#include "session/acquire_service.h"
#include "session/prefetch_plan.h"

namespace yz {

class DeskStore;

/// The workstation's policy; the default where none is set or what is set is wrong.
[[nodiscard]] PrefetchPolicy prefetchPolicy(DeskStore& store);
[[nodiscard]] Status setPrefetchPolicy(DeskStore& store, const PrefetchPolicy& policy);

/// Fetches studies ahead of the reader and makes room for them. Blocking; any one thread at a time.
class PrefetchService {
public:
    PrefetchService(DeskStore& store, AcquireService& acquire, const Clock& clock)
        : m_store(store), m_acquire(acquire), m_clock(clock) {}

    [[nodiscard]] PrefetchPolicy policy() const { return prefetchPolicy(m_store); }
    [[nodiscard]] Status setPolicy(const PrefetchPolicy& policy) { return setPrefetchPolicy(m_store, policy); }

    /// Rows of the list as this workstation knows it, for `user`.
    [[nodiscard]] Result<std::vector<WorklistRowPtr>> rows(const UserId& user) const;

    struct Request {
        std::vector<StudyUid> order;  ///< prefetchOrder()
        std::set<StudyUid> inUse;     ///< on the reading page
        std::set<StudyUid> notBefore; ///< failed lately: passed over
        PrefetchPolicy policy;
    };
    struct Outcome {
        int wanted = 0;      ///< studies of the order
        int here = 0;        ///< of them complete on this workstation
        bool isFull = false; ///< no room although all that may go is gone
        std::vector<StudyUid> removed;
        std::optional<StudyUid> fetched; ///< the one tried in this step; none: nothing is left to fetch
        std::optional<Error> problem;    ///< of that one
    };
    /// Makes room, then fetches the first of the order that is missing.
    [[nodiscard]] Result<Outcome> step(const Request& request, const AcquireService::ProgressSink& onProgress,
                                       const CancelToken& token);

private:
    [[nodiscard]] Result<std::set<StudyUid>> needed(const Request& request) const;
    [[nodiscard]] Result<RoomPlan> makeRoom(const Request& request);

    DeskStore& m_store;
    AcquireService& m_acquire;
    const Clock& m_clock;
};

} // namespace yz
