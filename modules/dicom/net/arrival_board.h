#pragma once

#include "domain/ports.h"

#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

namespace yz {

/// Objects that arrive by C-STORE because somebody here asked a peer to send them (C-MOVE): handed from the thread that
/// serves the peer to the one that asked. Nothing that was not asked for is taken. Thread-safe.
class ArrivalBoard {
public:
    /// What one request waits for. Ends, with what was not taken, when it is destroyed.
    class Expected {
    public:
        Expected(ArrivalBoard& board, std::set<QString> instances);
        ~Expected();
        Expected(const Expected&) = delete;
        Expected& operator=(const Expected&) = delete;

        /// The next object that came; none: nothing is there now.
        [[nodiscard]] std::optional<ReceivedObject> take();

    private:
        friend class ArrivalBoard;
        ArrivalBoard& m_board;
        const std::set<QString> m_instances;
        std::deque<ReceivedObject> m_arrived;
        qint64 m_bytes = 0;
    };

    /// Called by who received an object. Waits while more than 64 MB lie there untaken, at most a minute. Returns the
    /// C-STORE status: 0 taken, 0x0124 nobody asked for it, 0xA700 the receiver does not keep up.
    [[nodiscard]] int deliver(ReceivedObject&& object);
    [[nodiscard]] bool isExpecting() const;

private:
    [[nodiscard]] Expected* whoWants(const QString& instance) const;

    mutable std::mutex m_mutex;
    std::condition_variable m_taken;
    std::list<Expected*> m_expected;
};

} // namespace yz
