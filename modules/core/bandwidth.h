#pragma once

#include "core/clock.h"

#include <QTime>
#include <chrono>
#include <mutex>
#include <vector>

namespace yz {

/// A part of the day with a limit of its own: from `from` up to, not including, `to`, local time; over midnight when
/// `to` is not later. The same time twice is the whole day.
struct BandwidthWindow {
    QTime from, to;
    qint64 bytesPerSecond = 0; ///< 0: no limit

    bool operator==(const BandwidthWindow&) const = default;
};

/// How much of the line studies may take.
struct BandwidthPlan {
    qint64 bytesPerSecond = 0;            ///< where no window says another; 0: no limit
    std::vector<BandwidthWindow> windows; ///< the first that fits counts

    bool operator==(const BandwidthPlan&) const = default;
    [[nodiscard]] qint64 limitAt(QTime local) const;
    [[nodiscard]] bool isEmpty() const { return bytesPerSecond == 0 && windows.empty(); }
};

/// A token bucket that whoever shares the line draws from. What was read is spent, also more than is there; the debt is
/// waited out before the next read. A quarter of a second's worth may come in one go. Thread-safe.
class BandwidthLimiter {
public:
    /// `clock` must outlive it.
    BandwidthLimiter(BandwidthPlan plan, const Clock& clock);

    void spend(qint64 bytes);
    /// Until something may be read again, rounded up; 0: now.
    [[nodiscard]] std::chrono::milliseconds wait();
    [[nodiscard]] bool isLimitedNow();

private:
    void refill();

    const BandwidthPlan m_plan;
    const Clock& m_clock;
    std::mutex m_mutex;
    std::chrono::steady_clock::time_point m_filled;
    qint64 m_rate = 0;
    double m_tokens = 0;
};

} // namespace yz
