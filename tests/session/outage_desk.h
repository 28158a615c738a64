#pragma once

#include "session/conflict_service.h"
#include "session/desk_services.h"

#include <QMap>
#include <atomic>
#include <mutex>

/// Two desks and a platform in one process on clocks that the test moves: days without a line in seconds.
namespace yz::test {

/// What time it is for everybody. Real time goes on in it.
class SimulatedTime {
public:
    void advance(std::chrono::milliseconds by) { m_ahead += by.count(); }
    [[nodiscard]] qint64 aheadMs() const { return m_ahead.load(); }

private:
    std::atomic<qint64> m_ahead{0};
};

/// A clock on somebody's wall: it may be set wrong, its seconds are as long as everybody's.
class WallClock final : public Clock {
public:
    explicit WallClock(const SimulatedTime& time) : m_time(time) {}
    [[nodiscard]] QDateTime nowUtc() const override {
        return QDateTime::currentDateTimeUtc().addMSecs(m_time.aheadMs() + m_wrongBy.load());
    }
    [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
        return std::chrono::steady_clock::now() + std::chrono::milliseconds(m_time.aheadMs());
    }
    void setWrong(std::chrono::milliseconds by) { m_wrongBy = by.count(); }

private:
    const SimulatedTime& m_time;
    std::atomic<qint64> m_wrongBy{0};
};

/// What a desk asked of the platform, and what came of it.
struct LineLog {
    std::mutex mutex;
    std::atomic<bool> isByItself = false; ///< the desk tries now, not its reader
    std::vector<qint64> failedAtMs;       ///< calls of the desk itself that nobody answered, monotonic
    QMap<QString, int> stored;            ///< times an instance was accepted
    QMap<QString, QStringList> inOrder;   ///< SR instances by study, as they were accepted
    std::atomic<int> underWay{0};
    std::atomic<int> mostUnderWay{0};
};

/// A desk with its services, and the ways to the platform watched.
class OutageDesk {
public:
    OutageDesk(const QString& home, Site site, const SimulatedTime& time);
    ~OutageDesk();

    WallClock clock;
    RandomUidSource uids;
    LineLog line;
    std::unique_ptr<DeskServices> services;

    [[nodiscard]] DeskStore& store() { return services->store(); }
    [[nodiscard]] pipeline::Deps& deps();
    [[nodiscard]] ConflictService& conflicts();

    /// Everything in the list comes ahead of the reader.
    [[nodiscard]] Status prefetch(const User& reader);
    /// List, claim, draft; the pictures are here.
    [[nodiscard]] Result<ReadingTask> begin(const QString& study, const User& reader, const QString& findings);
    [[nodiscard]] Result<SignedReport> sign(const ReadingTask& task, const User& reader);
    /// The task of a study as the desk last saw it.
    [[nodiscard]] std::optional<ReadingTask> seen(const QString& study, TaskKind kind);
    /// Until nothing but refused and held items waits. Rounds as the desk makes them.
    [[nodiscard]] bool drain(std::chrono::seconds limit);
    [[nodiscard]] int count(OutboxItem::State state);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace yz::test
