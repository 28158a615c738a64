#include "domain/transfer_meter.h"

#include <algorithm>
#include <cmath>

namespace yz {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWindow{10000};
constexpr milliseconds kShortest{500}; // before that a rate is a guess
constexpr milliseconds kBetween{100};
constexpr double kLongestSeconds = 100.0 * 3600;

} // namespace

TransferMeter::TransferMeter(const Clock& clock) : m_clock(clock) { m_samples.push_back({clock.monotonic(), 0}); }

TransferRate TransferMeter::note(int received, int total, qint64 bytes, qint64 arriving) {
    const auto now = m_clock.monotonic();
    const qint64 all = bytes + arriving;
    if (m_samples.size() > 1 && now - m_samples[m_samples.size() - 2].at < kBetween)
        m_samples.back() = {now, all};
    else
        m_samples.push_back({now, all});
    while (m_samples.size() > 2 && now - m_samples[1].at >= kWindow)
        m_samples.pop_front();

    TransferRate rate;
    const Sample& first = m_samples.front();
    const auto time = now - first.at;
    if (time < kShortest)
        return rate;
    // What was on its way when a line broke comes again: it counts once.
    const double seconds = std::chrono::duration<double>(time).count();
    rate.bytesPerSecond = static_cast<qint64>(double(std::max<qint64>(0, all - first.bytes)) / seconds);
    if (received <= 0 || total <= 0 || rate.bytesPerSecond <= 0)
        return rate;
    const double toCome = double(bytes) / received * std::max(0, total - received) - double(arriving);
    const double left = std::max(0.0, toCome) / double(rate.bytesPerSecond);
    if (left <= kLongestSeconds)
        rate.left = std::chrono::seconds(static_cast<qint64>(std::ceil(left)));
    return rate;
}

} // namespace yz
