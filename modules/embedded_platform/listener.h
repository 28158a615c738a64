#pragma once

#include "core/result.h"
#include "embedded_platform/association.h"

#include <QSet>
#include <QStringList>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace yz::platform {

/// Accepts associations on one TCP port, a thread for each. Threads take turns in waiting: the one that waits hands the
/// turn on as soon as a connection is accepted, so a peer that connects and then says nothing holds up nobody else.
class Listener {
public:
    struct Settings {
        QString bindAddress = QStringLiteral("127.0.0.1"); ///< IPv4
        quint16 port = 0;                                  ///< 0: chosen by the system
        QString aeTitle;
        QStringList allowedCallers; ///< empty: everybody
        int maxAssociations = 32;   ///< more are rejected as transient, local limit exceeded (PS3.8 9.3.4)
    };
    /// Accepts or refuses the proposed presentation contexts.
    using Negotiate = std::function<void(T_ASC_Parameters*)>;
    /// Serves one association to its end.
    using Serve = std::function<void(Association&)>;

    Listener(Settings settings, Negotiate negotiate, Serve serve);
    ~Listener();

    [[nodiscard]] Status start();
    /// Cuts what is open and waits for the threads.
    void stop();
    [[nodiscard]] quint16 port() const { return m_port; }

private:
    void startThread();
    void takeTurn();
    void receive(T_ASC_Network* network);
    void answer(T_ASC_Association* association, T_ASC_Network* network);
    [[nodiscard]] bool waitForConnection();
    void reap();

    Settings m_settings;
    Negotiate m_negotiate;
    Serve m_serve;
    int m_socket = -1;
    quint16 m_port = 0;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isStopping = false;
    int m_serving = 0;
    std::list<std::thread> m_threads;
    std::list<std::thread::id> m_finished;
    QSet<int> m_openSockets;
};

} // namespace yz::platform
