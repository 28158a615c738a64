#pragma once

#include "core/clock.h"

namespace yz::test {

/// A clock that stands still until it is told to move. Starts at 2026-03-02T01:00:00Z.
class FakeClock final : public Clock {
public:
    [[nodiscard]] QDateTime nowUtc() const override { return m_now; }
    [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override { return m_monotonic; }
    void advance(std::chrono::milliseconds by);
    void setNowUtc(const QDateTime& now) { m_now = now; }

private:
    QDateTime m_now{QDate(2026, 3, 2), QTime(1, 0), Qt::UTC};
    std::chrono::steady_clock::time_point m_monotonic{};
};

} // namespace yz::test
