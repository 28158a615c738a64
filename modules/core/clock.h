#pragma once

#include <QDateTime>
#include <chrono>

namespace yz {

/// Source of time; injected. Thread-safe. Wall time is UTC with milliseconds; intervals are measured on the monotonic
/// one.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual QDateTime nowUtc() const = 0;
    [[nodiscard]] virtual std::chrono::steady_clock::time_point monotonic() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] QDateTime nowUtc() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override;
};

} // namespace yz
