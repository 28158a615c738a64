#include "core/clock.h"

namespace yz {

QDateTime SystemClock::nowUtc() const { return QDateTime::currentDateTimeUtc(); }

std::chrono::steady_clock::time_point SystemClock::monotonic() const { return std::chrono::steady_clock::now(); }

} // namespace yz
