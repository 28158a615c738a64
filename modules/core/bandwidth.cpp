#include "core/bandwidth.h"

#include <algorithm>
#include <cmath>

namespace yz {

namespace {

constexpr double kBurstSeconds = 0.25;

} // namespace

qint64 BandwidthPlan::limitAt(QTime local) const {
    for (const BandwidthWindow& window : windows) {
        const bool fits = window.from < window.to ? local >= window.from && local < window.to
                                                  : local >= window.from || local < window.to;
        if (fits)
            return window.bytesPerSecond;
    }
    return bytesPerSecond;
}

BandwidthLimiter::BandwidthLimiter(BandwidthPlan plan, const Clock& clock)
    : m_plan(std::move(plan)), m_clock(clock), m_filled(clock.monotonic()) {
    m_rate = m_plan.limitAt(m_clock.nowUtc().toLocalTime().time());
    m_tokens = double(m_rate) * kBurstSeconds;
}

void BandwidthLimiter::refill() {
    const auto now = m_clock.monotonic();
    const double seconds = std::chrono::duration<double>(now - m_filled).count();
    m_filled = now;
    m_tokens += seconds * double(m_rate);
    const qint64 rate = m_plan.limitAt(m_clock.nowUtc().toLocalTime().time());
    if (rate == 0 || m_rate == 0) // a debt is owed at the rate it was made at: none stays when the limit ends
        m_tokens = std::max(m_tokens, 0.0);
    m_rate = rate;
    m_tokens = std::min(m_tokens, double(m_rate) * kBurstSeconds);
}

void BandwidthLimiter::spend(qint64 bytes) {
    const std::lock_guard lock(m_mutex);
    refill();
    if (m_rate > 0)
        m_tokens -= double(bytes);
}

std::chrono::milliseconds BandwidthLimiter::wait() {
    const std::lock_guard lock(m_mutex);
    refill();
    if (m_rate == 0 || m_tokens >= 0)
        return std::chrono::milliseconds(0);
    // Not longer than a minute: a window may end meanwhile.
    const double ms = std::min(60000.0, std::ceil(-m_tokens * 1000.0 / double(m_rate)));
    return std::chrono::milliseconds(static_cast<qint64>(ms));
}

bool BandwidthLimiter::isLimitedNow() {
    const std::lock_guard lock(m_mutex);
    refill();
    return m_rate > 0;
}

} // namespace yz
