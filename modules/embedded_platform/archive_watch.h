#pragma once

#include "core/clock.h"
#include "embedded_platform/archive_reader.h"
#include "embedded_platform/find_range.h"
#include "embedded_platform/order_matching.h"
#include "embedded_platform/query_client.h"
#include "embedded_platform/task_desk.h"
#include "embedded_platform/watch_store.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace yz::platform {

/// Makes reading tasks from the new studies of an archive that has no work list: asks for them from time to time
/// (C-FIND), waits until their number of instances stands still, finds their orders on Modality Worklists, and hands
/// them to the task desk (docs/adr/0010). One of the platforms on a database does it at a time. On a thread of its own.
class ArchiveWatch {
public:
    struct Settings {
        QString aeTitle;                                  ///< the archive's
        std::chrono::milliseconds interval{15'000};       ///< between two looks
        std::chrono::milliseconds settleTime{2000};       ///< and at least two looks
        int days = 3;                                     ///< study dates before today that are new
        std::chrono::hours overlap{12};                   ///< study times a look goes back: delays, clocks, zones
        std::chrono::milliseconds fullInterval{120'000};  ///< between two looks over all those days
        std::chrono::milliseconds orderPatience{120'000}; ///< a task waits for a worklist that is away
        std::chrono::milliseconds lease{30'000};          ///< for which others leave the archive to us
        std::chrono::milliseconds longestPause{std::chrono::minutes(5)}; ///< while it does not answer
    };
    /// `archive` and `orders` are used by the watch alone from now on.
    ArchiveWatch(Settings settings, std::unique_ptr<QueryPort> archive, std::vector<std::unique_ptr<QueryPort>> orders,
                 WatchStore store, TaskDesk& desk, const Clock& clock);
    ~ArchiveWatch();

    void start();
    void stop();

    /// One look, as the thread does it. An error: the archive or the database did not answer; what was done stays done.
    [[nodiscard]] Status look();

private:
    using Rows = std::map<QString, DataSetPtr>; ///< by Study Instance UID

    void run();
    void report(const Status& looked);
    [[nodiscard]] bool isStopping();
    [[nodiscard]] Result<bool> keepTurn();
    [[nodiscard]] Status lookFrom(const QDateTime& from);
    [[nodiscard]] Status collect(const FindRange& range, QDate first, QDate last, Rows& rows);
    [[nodiscard]] Status askForWaiting(Rows& rows);
    [[nodiscard]] Status consider(const QString& uid, DcmDataset& row);
    [[nodiscard]] Status makeTask(const QString& uid, WatchedStudy& known);
    void rememberOrder(const QString& uid, WatchedStudy& known);
    /// False: a worklist is away.
    [[nodiscard]] bool findOrder(const ArchivedStudy& study, const std::vector<ArchivedStudy>& others,
                                 QJsonObject& order);
    void setStudy(const QString& uid, const WatchedStudy& study);
    [[nodiscard]] Status keepStudies();
    [[nodiscard]] qint64 now() const { return m_clock.nowUtc().toMSecsSinceEpoch(); }

    Settings m_settings;
    std::unique_ptr<QueryPort> m_port;
    ArchiveReader m_reader;
    std::vector<std::unique_ptr<QueryPort>> m_orders;
    WatchStore m_store;
    TaskDesk& m_desk;
    const Clock& m_clock;

    // Of the thread that looks.
    std::map<QString, WatchedStudy> m_studies; ///< as in the store, while we have the turn
    std::map<QString, WatchedStudy> m_changed; ///< not written yet
    bool m_hasTurn = false;
    qint64 m_turnEnds = 0;
    qint64 m_lookedAt = 0;    ///< as in the store
    qint64 m_fullLook = 0;    ///< the last one of ours; 0: the next look is one
    bool m_isPartial = false; ///< something was not said in this look
    std::set<size_t> m_away;  ///< worklists that did not answer in this look
    int m_failures = 0;
    bool m_hasWarnedOfNames = false;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_isStopping = false;
    std::thread m_thread;
};

} // namespace yz::platform
