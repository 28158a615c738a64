#pragma once

#include "core/cancel.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace yz {

class Association;

/// Associations between two operations, so that the second pays neither for opening one (two round trips) nor for the
/// release of the one before (one). Nobody else's turn is taken for long: what is not used again soon is released, on a
/// thread of the keeper's own. Thread-safe. The destructor waits for at most kReleaseLimit, however many peers do not
/// answer.
class AssociationKeeper {
public:
    static constexpr std::chrono::milliseconds kKeepFor{1000};
    static constexpr std::chrono::milliseconds kReleaseLimit{2000};

    AssociationKeeper() = default;
    ~AssociationKeeper();
    AssociationKeeper(const AssociationKeeper&) = delete;
    AssociationKeeper& operator=(const AssociationKeeper&) = delete;

    /// For whoever takes it next. Only what was not broken by its last operation.
    void keep(std::unique_ptr<Association> association);
    /// Is released without the caller waiting.
    void letGo(std::unique_ptr<Association> association);
    /// One that is still open, for an operation with that token; null when there is none.
    [[nodiscard]] std::unique_ptr<Association> take(const CancelToken& token);

private:
    struct Kept {
        std::unique_ptr<Association> association;
        std::chrono::steady_clock::time_point until; ///< may be taken; then it is released
    };

    void add(std::unique_ptr<Association> association, std::chrono::steady_clock::time_point until);
    void releaseWhatIsDue();

    std::mutex m_mutex; ///< of all below
    std::condition_variable m_changed;
    std::vector<Kept> m_kept;
    std::thread m_thread;                                       ///< begins with the first association
    std::optional<std::chrono::steady_clock::time_point> m_end; ///< set by the destructor
};

} // namespace yz
