#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/ports.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace yz {

/// Results of storage commitment by transaction, put by whoever receives the N-EVENT-REPORT and taken by who asked.
/// Keeps the latest 256. Thread-safe.
class CommitmentBoard {
public:
    void put(const TransactionUid& transaction, CommitmentOutcome outcome);
    [[nodiscard]] std::optional<CommitmentOutcome> find(const TransactionUid& transaction) const;
    /// Blocks until the result is there, `limit` is over or the token is cancelled; empty in the last two cases.
    std::optional<CommitmentOutcome> wait(const TransactionUid& transaction, std::chrono::milliseconds limit,
                                          const CancelToken& token) const;

private:
    struct Entry {
        TransactionUid transaction;
        CommitmentOutcome outcome;
    };
    [[nodiscard]] std::optional<CommitmentOutcome> findLocked(const TransactionUid& transaction) const;

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_arrived;
    std::deque<Entry> m_entries;
};

} // namespace yz
