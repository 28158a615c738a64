#pragma once

#include "dicom/net/arrival_board.h"
#include "dicom/net/commitment_board.h"
#include "dicom/net/node.h"
#include "domain/ports.h"

#include <functional>
#include <memory>

namespace yz {

/// Where the platform reports: worklist events (UPS) and storage commitment results arrive here as N-EVENT-REPORT, and
/// objects that a C-MOVE asked for as C-STORE; C-ECHO is answered. A service with threads of its own: one waits for
/// peers, one serves each association (at most 16).
///
/// Only peers that call us by our AE title and are the platform or one of NetworkSettings::eventSenders are let in.
class EventListener {
public:
    /// Called on a thread of the listener; must not block and must not call stop().
    using EventHandler = std::function<void(const WorklistEvent&)>;

    EventListener(NetworkSettings settings, EventHandler onEvent);
    ~EventListener();
    EventListener(const EventListener&) = delete;
    EventListener& operator=(const EventListener&) = delete;

    /// Opens NetworkSettings::eventPort (0: any free one). EventPortTaken when another has it, NotAllowed when the
    /// system forbids it.
    Status start();
    /// Ends all associations and joins the threads. Called by the destructor.
    void stop();
    /// The port that is open; 0 before start().
    [[nodiscard]] int port() const;
    /// Results of storage commitment that arrived here.
    [[nodiscard]] CommitmentBoard& commitments();
    /// Where C-MOVE leaves its objects. While nobody expects any, no storage class is accepted.
    [[nodiscard]] ArrivalBoard& arrivals();

private:
    class Server;
    std::unique_ptr<Server> m_server;
};

} // namespace yz
