#pragma once

#include "core/clock.h"

namespace yz::platform {

/// This computer's clock, set to the center's time.
class CenterClock final : public Clock {
public:
    CenterClock(const Clock& clock, qint64 differenceMs) : m_clock(clock), m_differenceMs(differenceMs) {}
    [[nodiscard]] QDateTime nowUtc() const override { return m_clock.nowUtc().addMSecs(m_differenceMs); }
    [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override { return m_clock.monotonic(); }

private:
    const Clock& m_clock;
    qint64 m_differenceMs;
};

} // namespace yz::platform
