#include "support/fault_proxy.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <random>
#include <string>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace yz::test {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kChunk = 16 * 1024;
constexpr size_t kQueued = 256 * 1024; // on top of what is under way: what a router would hold

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
}

void quick(int socket) {
    const int on = 1;
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)::fcntl(socket, F_SETFL, O_NONBLOCK);
}

void closeHard(int& socket) {
    if (socket < 0)
        return;
    const linger hard{1, 0};
    (void)::setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    ::close(socket);
    socket = -1;
}

void closeSoft(int& socket) {
    if (socket >= 0)
        ::close(socket);
    socket = -1;
}

struct Packet {
    steady_clock::time_point due;
    std::string bytes;
    size_t sent = 0;
};

/// One direction of a connection.
struct Way {
    std::deque<Packet> queue;
    size_t queued = 0;
    long long passed = 0; ///< given to the receiver
    bool sawEnd = false;  ///< the sender has ended
    bool isEnded = false; ///< the receiver was told
    steady_clock::time_point stalledUntil{};
};

struct Connection {
    int sockets[2]{-1, -1}; ///< client, server
    Way ways[2];            ///< to the client, to the server
    std::vector<LineFault> faults;
    bool isSilent = false;
    bool isConnected = false;
    [[nodiscard]] bool isOver() const { return sockets[0] < 0 || sockets[1] < 0; }
};

} // namespace

std::function<std::vector<LineFault>(int connection)> seededFaults(unsigned seed, int share, long long withinBytes) {
    return [seed, share, withinBytes](int connection) -> std::vector<LineFault> {
        // Each connection draws for itself: who came before it changes nothing.
        std::mt19937 random(seed * 1000003U + static_cast<unsigned>(connection));
        if (static_cast<int>(random() % 100) >= share)
            return {};
        constexpr LineFault::Kind kKinds[] = {LineFault::Kind::Close, LineFault::Kind::Reset,
                                              LineFault::Kind::HalfClose, LineFault::Kind::Stall};
        LineFault fault;
        fault.kind = kKinds[random() % std::size(kKinds)];
        fault.atByte = static_cast<long long>(random() % static_cast<unsigned long>(withinBytes));
        fault.toClient = random() % 2 == 0;
        fault.time = milliseconds(random() % 200);
        return {fault};
    };
}

class FaultProxy::Line {
public:
    Line(int serverPort, LineRules rules) : m_serverPort(serverPort), m_rules(std::move(rules)) {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length);
        ::listen(m_listener, 64);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
        (void)::fcntl(m_listener, F_SETFL, O_NONBLOCK);
        m_wake = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        m_lastDeath = steady_clock::now();
        m_thread = std::thread([this] { run(); });
    }
    ~Line() {
        m_stop = true;
        wake();
        m_thread.join();
        ::close(m_listener);
        ::close(m_wake);
    }

    void setRules(LineRules rules) {
        const std::lock_guard lock(m_mutex);
        m_rules = std::move(rules);
        m_lastDeath = steady_clock::now();
        m_deadUntil = {};
        m_sinceDeath = 0;
        wake();
    }
    void cut() {
        m_cut = true;
        wake();
    }
    void setDown(bool isDown) {
        m_isDown = isDown;
        if (isDown)
            cut();
    }

    std::atomic<int> m_serverPort;
    int m_port = 0;
    std::atomic<int> m_accepted = 0, m_most = 0, m_deaths = 0, m_faults = 0;
    std::atomic<long long> m_bytes[2]{0, 0};

private:
    void wake() {
        const uint64_t one = 1;
        (void)!::write(m_wake, &one, sizeof one);
    }

    void run() {
        while (!m_stop) {
            const milliseconds sleep = step();
            std::vector<pollfd> polled{{m_listener, POLLIN, 0}, {m_wake, POLLIN, 0}};
            for (const auto& connection : m_connections)
                for (int side = 0; side < 2; ++side) {
                    // A socket nothing is wanted of is left out: its hang-up would end every wait.
                    const short events = eventsOf(*connection, side);
                    polled.push_back({events == 0 ? -1 : connection->sockets[side], events, 0});
                }
            (void)::poll(polled.data(), polled.size(), static_cast<int>(sleep.count()));
            uint64_t ignored = 0;
            (void)!::read(m_wake, &ignored, sizeof ignored);
        }
        for (const auto& connection : m_connections)
            for (int& socket : connection->sockets)
                closeHard(socket);
    }

    [[nodiscard]] static short eventsOf(const Connection& connection, int side) {
        if (connection.isSilent)
            return 0;
        const Way& from = connection.ways[1 - side]; // what this side sends
        const Way& to = connection.ways[side];       // what this side receives
        short events = 0;
        if (!from.sawEnd && from.queued < kQueued)
            events |= POLLIN;
        if ((side == 1 && !connection.isConnected) ||
            (!to.queue.empty() && to.queue.front().due <= steady_clock::now() &&
             to.stalledUntil <= steady_clock::now()))
            events |= POLLOUT;
        return events;
    }

    /// One round over everything; how long nothing will be due by the clock.
    milliseconds step() {
        const std::lock_guard lock(m_mutex);
        const auto now = steady_clock::now();
        const bool isTime = m_rules.diesEvery > milliseconds(0) && now - m_lastDeath >= m_rules.diesEvery;
        const bool isEnough = m_rules.diesEveryBytes > 0 && m_sinceDeath >= m_rules.diesEveryBytes;
        if (isTime || isEnough)
            die(now);
        if (m_cut.exchange(false))
            for (const auto& connection : m_connections)
                for (int& socket : connection->sockets)
                    closeHard(socket);
        accept(now);
        auto next = now + milliseconds(200);
        if (m_rules.diesEvery > milliseconds(0))
            next = std::min(next, m_lastDeath + m_rules.diesEvery);
        for (const auto& connection : m_connections)
            serve(*connection, now, next);
        std::erase_if(m_connections, [](const std::unique_ptr<Connection>& connection) {
            if (!connection->isOver())
                return false;
            for (int& socket : connection->sockets)
                closeSoft(socket);
            return true;
        });
        return std::clamp(std::chrono::ceil<milliseconds>(next - steady_clock::now()), milliseconds(0),
                          milliseconds(200));
    }

    void die(steady_clock::time_point now) {
        ++m_deaths;
        m_sinceDeath = 0;
        m_deadUntil = now + m_rules.deadFor;
        m_lastDeath = m_deadUntil; // its next life begins there
        for (const auto& connection : m_connections)
            for (int& socket : connection->sockets)
                closeHard(socket);
    }

    void accept(steady_clock::time_point now) {
        while (true) {
            int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0)
                return;
            const int number = m_accepted++;
            if (m_isDown || now < m_deadUntil) {
                closeHard(client);
                continue;
            }
            quick(client);
            auto connection = std::make_unique<Connection>();
            connection->sockets[0] = client;
            connection->sockets[1] = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            quick(connection->sockets[1]);
            const sockaddr_in address = loopback(m_serverPort);
            (void)::connect(connection->sockets[1], reinterpret_cast<const sockaddr*>(&address), sizeof address);
            if (m_rules.faults)
                connection->faults = m_rules.faults(number);
            m_connections.push_back(std::move(connection));
            m_most = std::max<int>(m_most, static_cast<int>(m_connections.size()));
        }
    }

    void serve(Connection& connection, steady_clock::time_point now, steady_clock::time_point& next) {
        if (connection.isSilent)
            return endIfGivenUp(connection, next, now);
        if (connection.isOver())
            return;
        for (int side = 0; side < 2; ++side)
            takeIn(connection, side, now);
        for (int side = 0; side < 2 && !connection.isOver() && !connection.isSilent; ++side)
            giveOut(connection, side, now, next);
        const bool isDone = connection.ways[0].isEnded && connection.ways[1].isEnded;
        if (isDone)
            for (int& socket : connection.sockets)
                closeSoft(socket);
    }

    static void endIfGivenUp(Connection& connection, steady_clock::time_point& next, steady_clock::time_point now) {
        next = std::min(next, now + milliseconds(20));
        for (const int socket : connection.sockets) {
            pollfd ended{socket, POLLRDHUP, 0};
            if (::poll(&ended, 1, 0) > 0)
                for (int& each : connection.sockets)
                    closeHard(each);
        }
    }

    void takeIn(Connection& connection, int side, steady_clock::time_point now) {
        Way& way = connection.ways[1 - side];
        char buffer[kChunk];
        if (way.sawEnd || way.queued >= kQueued || connection.isOver())
            return;
        const ssize_t count = ::recv(connection.sockets[side], buffer, sizeof buffer, 0);
        if (count > 0) {
            if (side == 1)
                connection.isConnected = true;
            steady_clock::time_point& busy = m_busy[1 - side];
            busy = std::max(busy, now);
            if (m_rules.bytesPerSecond > 0)
                busy += microseconds(count * 1000000LL / m_rules.bytesPerSecond);
            way.queue.push_back({busy + m_rules.delay, std::string(buffer, static_cast<size_t>(count)), 0});
            way.queued += static_cast<size_t>(count);
        } else if (count == 0) {
            way.sawEnd = true;
        } else if (errno == ECONNREFUSED || errno == ECONNRESET) {
            for (int& socket : connection.sockets)
                closeHard(socket);
        }
    }

    void giveOut(Connection& connection, int side, steady_clock::time_point now, steady_clock::time_point& next) {
        Way& way = connection.ways[side];
        while (!connection.isOver() && !connection.isSilent) {
            const LineFault* fault = faultAhead(connection, side);
            if (fault != nullptr && way.passed >= fault->atByte) {
                apply(connection, side, *fault, now);
                continue;
            }
            if (way.stalledUntil > now) {
                next = std::min(next, way.stalledUntil);
                return;
            }
            if (way.queue.empty())
                break;
            Packet& packet = way.queue.front();
            if (packet.due > now) {
                next = std::min(next, packet.due);
                return;
            }
            size_t most = packet.bytes.size() - packet.sent;
            if (fault != nullptr)
                most = std::min(most, static_cast<size_t>(fault->atByte - way.passed));
            const ssize_t count =
                ::send(connection.sockets[side], packet.bytes.data() + packet.sent, most, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0) {
                if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOTCONN)
                    for (int& socket : connection.sockets)
                        closeHard(socket);
                return;
            }
            packet.sent += static_cast<size_t>(count);
            way.queued -= static_cast<size_t>(count);
            way.passed += count;
            m_bytes[side] += count;
            if (side == 0)
                m_sinceDeath += count;
            if (packet.sent == packet.bytes.size())
                way.queue.pop_front();
        }
        if (way.sawEnd && way.queue.empty() && !way.isEnded && !connection.isOver()) {
            ::shutdown(connection.sockets[side], SHUT_WR);
            way.isEnded = true;
        }
    }

    [[nodiscard]] static const LineFault* faultAhead(const Connection& connection, int side) {
        const LineFault* first = nullptr;
        for (const LineFault& fault : connection.faults)
            if (fault.toClient == (side == 0) && (first == nullptr || fault.atByte < first->atByte))
                first = &fault;
        return first;
    }

    void apply(Connection& connection, int side, const LineFault& which, steady_clock::time_point now) {
        const LineFault fault = which;
        std::erase_if(connection.faults, [&](const LineFault& other) { return &other == &which; });
        ++m_faults;
        Way& way = connection.ways[side];
        switch (fault.kind) {
        case LineFault::Kind::Close:
            for (int& socket : connection.sockets)
                closeSoft(socket);
            return;
        case LineFault::Kind::Reset:
            for (int& socket : connection.sockets)
                closeHard(socket);
            return;
        case LineFault::Kind::HalfClose:
            way.queue.clear();
            way.queued = 0;
            way.sawEnd = way.isEnded = true;
            ::shutdown(connection.sockets[side], SHUT_WR);
            return;
        case LineFault::Kind::Stall:
            way.stalledUntil = now + fault.time;
            return;
        case LineFault::Kind::Silence:
            connection.isSilent = true;
            return;
        }
    }

    std::mutex m_mutex;
    LineRules m_rules;
    int m_listener = -1, m_wake = -1;
    std::vector<std::unique_ptr<Connection>> m_connections;
    steady_clock::time_point m_busy[2]{}, m_lastDeath{}, m_deadUntil{};
    long long m_sinceDeath = 0;
    std::atomic<bool> m_stop = false, m_cut = false, m_isDown = false;
    std::thread m_thread;
};

FaultProxy::FaultProxy(int serverPort, LineRules rules)
    : m_line(std::make_unique<Line>(serverPort, std::move(rules))) {}
FaultProxy::~FaultProxy() = default;

int FaultProxy::port() const { return m_line->m_port; }
void FaultProxy::setServerPort(int port) { m_line->m_serverPort = port; }
void FaultProxy::setRules(LineRules rules) { m_line->setRules(std::move(rules)); }
void FaultProxy::cut() { m_line->cut(); }
void FaultProxy::setDown(bool isDown) { m_line->setDown(isDown); }
int FaultProxy::connections() const { return m_line->m_accepted; }
int FaultProxy::mostAtOnce() const { return m_line->m_most; }
int FaultProxy::deaths() const { return m_line->m_deaths; }
int FaultProxy::faultsDone() const { return m_line->m_faults; }
long long FaultProxy::bytesToClient() const { return m_line->m_bytes[0]; }
long long FaultProxy::bytesToServer() const { return m_line->m_bytes[1]; }

} // namespace yz::test
