#pragma once

#include "core/clock.h"
#include "domain/report.h"

/// A desk in a process of its own that signs reports and delivers them until it is killed.
namespace yz::test {

/// A clock that runs fifty times as fast from a moment on: nobody waits out the pauses between tries.
class HurriedClock final : public Clock {
public:
    explicit HurriedClock(const QDateTime& since) : m_since(since) {}
    [[nodiscard]] QDateTime nowUtc() const override {
        return m_since.addMSecs(m_since.msecsTo(QDateTime::currentDateTimeUtc()) * 50);
    }
    [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
        return std::chrono::steady_clock::now();
    }

private:
    QDateTime m_since;
};

/// Report `number` as any desk would have signed it: the same bytes every time.
[[nodiscard]] SignedReport numberedReport(int number);

/// Commits the reports up to `count` that are not in the store yet, and delivers all. Says "C number" on standard
/// output once a report is committed. Returns 0 when nothing is left.
[[nodiscard]] int runDeliveringDesk(const QString& home, int count, const QDateTime& since);

} // namespace yz::test
