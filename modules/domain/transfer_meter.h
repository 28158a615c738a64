#pragma once

#include "core/clock.h"

#include <chrono>
#include <deque>
#include <optional>

namespace yz {

/// How fast something comes and how long it will still take.
struct TransferRate {
    qint64 bytesPerSecond = 0;                ///< of the last ten seconds
    std::optional<std::chrono::seconds> left; ///< rounded up; none: cannot be said (yet)

    bool operator==(const TransferRate&) const = default;
};

/// Measures one transfer whose size in bytes is not known beforehand: what is left is reckoned from the mean size of
/// the objects that came. One thread.
class TransferMeter {
public:
    /// `clock` must outlive it.
    explicit TransferMeter(const Clock& clock);

    /// `received` of `total` objects are here with `bytes` in this transfer, `arriving` of the next ones. `total` 0:
    /// not known. Objects that were here before it began are in neither number.
    TransferRate note(int received, int total, qint64 bytes, qint64 arriving);

private:
    struct Sample {
        std::chrono::steady_clock::time_point at;
        qint64 bytes;
    };

    const Clock& m_clock;
    std::deque<Sample> m_samples;
};

} // namespace yz
