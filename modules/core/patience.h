#pragma once

#include "core/cancel.h"

#include <chrono>
#include <memory>
#include <optional>

namespace yz {

/// How often and after what pauses something is tried again over a line that breaks.
struct RetryRules {
    int fruitlessTries = 6; ///< tries in a row that brought nothing at all; then it is given up
    std::chrono::milliseconds firstPause{500};
    std::chrono::milliseconds longestPause{30000};

    bool operator==(const RetryRules&) const = default;
};

/// Waits; injected where a test must not. Thread-safe.
class Pauser {
public:
    virtual ~Pauser() = default;
    /// False when the token was cancelled before the time was over (seen within 20 ms).
    virtual bool pause(std::chrono::milliseconds time, const CancelToken& token) = 0;
};

/// Waits in real time.
[[nodiscard]] std::shared_ptr<Pauser> systemPauser();

/// Counts the tries of one piece of work. A try that brought something, however little, starts the count anew: a line
/// that dies every half minute is slow, not hopeless.
class Patience {
public:
    explicit Patience(const RetryRules& rules) : m_rules(rules) {}

    /// Something came.
    void reward() { m_failed = 0; }
    /// A try has failed: the pause before the next one, doubled each time; none: enough.
    [[nodiscard]] std::optional<std::chrono::milliseconds> afterFailure();

private:
    RetryRules m_rules;
    int m_failed = 0; ///< since something came last
};

} // namespace yz
