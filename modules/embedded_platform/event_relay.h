#pragma once

#include "core/clock.h"
#include "embedded_platform/event_sender.h"
#include "embedded_platform/node_store.h"
#include "embedded_platform/state_database.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace yz::platform {

/// Takes events out of the shared state to their receivers: those of changes made here, and those that another platform
/// of the center wrote for a receiver only we know the address of, or was killed before it delivered. A receiver has
/// one relay at a time (a lease), so its events stay in order. Delivered at least once: after a kill an event may come
/// again.
class EventRelay {
public:
    struct Settings {
        QString holder;                                         ///< names this platform among those on the database
        std::chrono::milliseconds lookInterval{1000};           ///< when no notice comes
        std::chrono::milliseconds turn{10'000};                 ///< a lease
        std::chrono::milliseconds keep = std::chrono::hours(1); ///< for a receiver nobody can reach
    };
    EventRelay(Settings settings, std::shared_ptr<StateDatabase> database, NodeStore& nodes, EventSender& sender,
               const Clock& clock);
    ~EventRelay();

    void start();
    void stop();

private:
    void run();
    void look();
    void post(const QString& aeTitle);
    [[nodiscard]] bool hasTurn(const QString& aeTitle);
    void forgetDelivered();
    void forgetOld();
    void finished(qint64 id);
    void wake();

    Settings m_settings;
    std::shared_ptr<StateDatabase> m_database;
    NodeStore& m_nodes;
    EventSender& m_sender;
    const Clock& m_clock;

    std::map<QString, std::chrono::steady_clock::time_point> m_turns; ///< the relay's thread only
    std::set<qint64> m_posted;                                        ///< the relay's thread only

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<qint64> m_finished;
    bool m_isAwake = true;
    bool m_isStopping = false;
    std::thread m_thread;
};

} // namespace yz::platform
