#pragma once

#include "core/clock.h"
#include "embedded_platform/node_store.h"

#include <QByteArray>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace yz::platform {

/// An N-EVENT-REPORT on its way to a peer, with its data set in explicit little endian.
struct OutgoingEvent {
    QString aeTitle;
    QString sopClass;      ///< of the association: UPS Event or Storage Commitment
    QString affectedClass; ///< UPS Push or Storage Commitment
    QString affectedInstance;
    quint16 type = 0;
    QByteArray dataSet;
    std::function<void(bool delivered)> done; ///< called on the sender's thread; may be empty
};

/// Delivers events on associations of our own, in order for each peer; a peer that does not answer is tried again with
/// growing pauses and never holds up the others' queue for longer than one connection attempt.
class EventSender {
public:
    struct Settings {
        QString aeTitle;
        int attempts = 8; ///< then an event is dropped
        std::chrono::milliseconds firstPause{500};
        int timeoutSeconds = 5;
    };
    EventSender(Settings settings, NodeStore& nodes);
    ~EventSender();

    void start();
    void stop();
    void post(OutgoingEvent event);

private:
    struct Queue {
        std::deque<OutgoingEvent> events;
        int failures = 0;
        std::chrono::steady_clock::time_point notBefore;
    };
    void run();
    [[nodiscard]] bool deliver(const std::deque<OutgoingEvent>& batch, size_t& delivered);
    void finish(const QString& aeTitle, size_t delivered, bool isReached);

    Settings m_settings;
    NodeStore& m_nodes;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::map<QString, Queue> m_queues;
    bool m_isStopping = false;
    std::thread m_thread;
};

/// Sends one event on an open association and waits for the answer. False: not accepted.
[[nodiscard]] bool sendEvent(Association& association, const OutgoingEvent& event, int timeoutSeconds);

} // namespace yz::platform
