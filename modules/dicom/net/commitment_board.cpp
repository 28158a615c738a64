#include "dicom/net/commitment_board.h"

#include <algorithm>

namespace yz {

namespace {
constexpr size_t kKept = 256;
constexpr std::chrono::milliseconds kSlice{50};
} // namespace

void CommitmentBoard::put(const TransactionUid& transaction, CommitmentOutcome outcome) {
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_entries, [&](const Entry& entry) { return entry.transaction == transaction; });
        m_entries.push_back({transaction, std::move(outcome)});
        if (m_entries.size() > kKept)
            m_entries.pop_front();
    }
    m_arrived.notify_all();
}

std::optional<CommitmentOutcome> CommitmentBoard::findLocked(const TransactionUid& transaction) const {
    const auto it = std::find_if(m_entries.begin(), m_entries.end(),
                                 [&](const Entry& entry) { return entry.transaction == transaction; });
    if (it == m_entries.end())
        return std::nullopt;
    return it->outcome;
}

std::optional<CommitmentOutcome> CommitmentBoard::find(const TransactionUid& transaction) const {
    const std::lock_guard lock(m_mutex);
    return findLocked(transaction);
}

std::optional<CommitmentOutcome> CommitmentBoard::wait(const TransactionUid& transaction,
                                                       std::chrono::milliseconds limit,
                                                       const CancelToken& token) const {
    const auto end = std::chrono::steady_clock::now() + limit;
    std::unique_lock lock(m_mutex);
    while (true) {
        if (std::optional<CommitmentOutcome> outcome = findLocked(transaction))
            return outcome;
        const auto now = std::chrono::steady_clock::now();
        if (token.isCancelled() || now >= end)
            return std::nullopt;
        m_arrived.wait_until(lock, std::min(end, now + kSlice));
    }
}

} // namespace yz
