#include "support/fault_proxy.h"

#include <QElapsedTimer>
#include <QTest>
#include <atomic>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace yz::test;
using std::chrono::milliseconds;

namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
}

/// Byte number n of what the server says.
char letter(long long n) { return static_cast<char>('a' + n % 23); }

/// Answers every connection: reads one line with a number, sends so many bytes and ends. "echo" sends back what comes
/// until its end.
class Server {
public:
    Server() {
        m_listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length);
        ::listen(m_listener, 16);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] {
            while (true) {
                const int socket = ::accept(m_listener, nullptr, nullptr);
                if (m_stop || socket < 0)
                    return;
                m_clients.emplace_back([socket] { serve(socket); });
            }
        });
    }
    ~Server() {
        m_stop = true;
        const int knock = ::socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = loopback(m_port);
        (void)::connect(knock, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        m_thread.join();
        ::close(knock);
        ::close(m_listener);
        for (std::thread& client : m_clients)
            client.join();
    }
    [[nodiscard]] int port() const { return m_port; }

private:
    static void serve(int socket) {
        std::string line;
        char c = 0;
        while (::recv(socket, &c, 1, 0) == 1 && c != '\n')
            line += c;
        if (line == "echo") {
            char buffer[4096];
            for (ssize_t n = ::recv(socket, buffer, sizeof buffer, 0); n > 0;
                 n = ::recv(socket, buffer, sizeof buffer, 0))
                (void)!::send(socket, buffer, static_cast<size_t>(n), MSG_NOSIGNAL);
        } else if (!line.empty()) {
            const long long count = std::stoll(line);
            std::string all(static_cast<size_t>(count), ' ');
            for (long long i = 0; i < count; ++i)
                all[static_cast<size_t>(i)] = letter(i);
            size_t sent = 0;
            while (sent < all.size()) {
                const ssize_t n = ::send(socket, all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
                if (n <= 0)
                    break;
                sent += static_cast<size_t>(n);
            }
        }
        ::close(socket);
    }

    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
    std::vector<std::thread> m_clients;
};

struct Answer {
    long long bytes = 0;
    bool isRight = true; ///< the bytes are those of the server, in order
    int error = 0;       ///< errno; 0: an orderly end
    bool timedOut = false;
};

int connectTo(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket);
        return -1;
    }
    return socket;
}

Answer readAll(int socket, int silenceMs = 5000) {
    Answer answer;
    char buffer[8192];
    while (true) {
        pollfd descriptor{socket, POLLIN, 0};
        if (::poll(&descriptor, 1, silenceMs) == 0) {
            answer.timedOut = true;
            return answer;
        }
        const ssize_t n = ::recv(socket, buffer, sizeof buffer, 0);
        if (n <= 0) {
            answer.error = n < 0 ? errno : 0;
            return answer;
        }
        for (ssize_t i = 0; i < n; ++i)
            answer.isRight = answer.isRight && buffer[i] == letter(answer.bytes + i);
        answer.bytes += n;
    }
}

Answer ask(int port, const std::string& what, int silenceMs = 5000) {
    const int socket = connectTo(port);
    if (socket < 0)
        return {0, true, ECONNREFUSED, false};
    const std::string line = what + "\n";
    (void)!::send(socket, line.data(), line.size(), MSG_NOSIGNAL);
    Answer answer = readAll(socket, silenceMs);
    ::close(socket);
    return answer;
}

LineRules with(LineFault fault) {
    LineRules rules;
    rules.faults = [fault](int connection) {
        return connection == 0 ? std::vector<LineFault>{fault} : std::vector<LineFault>();
    };
    return rules;
}

} // namespace

/// The bad line itself: every fault comes at its byte, and what passes is right.
class FaultProxyTest : public QObject {
    Q_OBJECT

    Server m_server;

private Q_SLOTS:
    void passesEverything() {
        const FaultProxy proxy(m_server.port());
        const Answer answer = ask(proxy.port(), "3000000");
        QCOMPARE(answer.bytes, 3000000LL);
        QVERIFY(answer.isRight);
        QCOMPARE(answer.error, 0);
        QCOMPARE(proxy.bytesToClient(), 3000000LL);
        QCOMPARE(proxy.bytesToServer(), 8LL);
        QCOMPARE(proxy.connections(), 1);
    }

    void faultsAtTheirByte_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<long long>("at");
        QTest::addColumn<bool>("ends"); // in order
        for (const long long at : {0LL, 1LL, 70001LL}) {
            const auto row = [&](const char* name, LineFault::Kind kind, bool ends) {
                QTest::addRow("%s at %lld", name, at) << static_cast<int>(kind) << at << ends;
            };
            row("close", LineFault::Kind::Close, true);
            row("reset", LineFault::Kind::Reset, false);
            row("half-close", LineFault::Kind::HalfClose, true);
        }
    }
    void faultsAtTheirByte() {
        QFETCH(int, kind);
        QFETCH(long long, at);
        QFETCH(bool, ends);
        const FaultProxy proxy(m_server.port(), with({static_cast<LineFault::Kind>(kind), true, at, {}}));
        const Answer answer = ask(proxy.port(), "500000");
        QVERIFY(answer.isRight);
        QVERIFY(!answer.timedOut);
        if (kind == static_cast<int>(LineFault::Kind::HalfClose))
            QCOMPARE(answer.bytes, at);
        else
            QVERIFY(answer.bytes <= at); // a reset throws away what was not read, a close what was not sent
        QCOMPARE(proxy.bytesToClient(), at);
        if (ends && at < 2)
            QVERIFY(answer.error == 0 || answer.error == ECONNRESET);
        if (!ends)
            QCOMPARE(answer.error, ECONNRESET);
        QCOMPARE(proxy.faultsDone(), 1);
        QCOMPARE(ask(proxy.port(), "500000").bytes, 500000LL); // the next connection is well
    }

    void afterHalfCloseTheOtherWayGoesOn() {
        const FaultProxy proxy(m_server.port(), with({LineFault::Kind::HalfClose, false, 5, {}}));
        const int socket = connectTo(proxy.port()); // "echo\n" passes, then the server sees the end and answers it
        (void)!::send(socket, "echo\nabcdef", 11, MSG_NOSIGNAL);
        const Answer answer = readAll(socket);
        ::close(socket);
        QCOMPARE(answer.bytes, 0LL);
        QCOMPARE(answer.error, 0);
        QCOMPARE(proxy.bytesToServer(), 5LL);
    }

    void aStallIsWaitedOut() {
        const FaultProxy proxy(m_server.port(), with({LineFault::Kind::Stall, true, 1000, milliseconds(300)}));
        QElapsedTimer timer;
        timer.start();
        const Answer answer = ask(proxy.port(), "200000");
        QCOMPARE(answer.bytes, 200000LL);
        QVERIFY(answer.isRight);
        QVERIFY(timer.elapsed() >= 300);
    }

    void silenceNeverEnds() {
        const FaultProxy proxy(m_server.port(), with({LineFault::Kind::Silence, true, 4000, {}}));
        const Answer answer = ask(proxy.port(), "200000", 300);
        QVERIFY(answer.timedOut);
        QCOMPARE(answer.bytes, 4000LL);
    }

    void delayAndRate() {
        LineRules rules;
        rules.delay = milliseconds(100);
        rules.bytesPerSecond = 1'000'000;
        const FaultProxy proxy(m_server.port(), rules);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(ask(proxy.port(), "1").bytes, 1LL);
        QVERIFY2(timer.elapsed() >= 200, "there and back");
        timer.restart();
        const Answer answer = ask(proxy.port(), "500000");
        QCOMPARE(answer.bytes, 500000LL);
        QVERIFY2(timer.elapsed() >= 700, "half a second of line and the way there and back");
    }

    void connectionsShareTheRate() {
        LineRules rules;
        rules.bytesPerSecond = 1'000'000;
        const FaultProxy proxy(m_server.port(), rules);
        QElapsedTimer timer;
        timer.start();
        std::vector<std::thread> clients;
        std::atomic<long long> bytes = 0;
        for (int i = 0; i < 4; ++i)
            clients.emplace_back([&] { bytes += ask(proxy.port(), "150000").bytes; });
        for (std::thread& client : clients)
            client.join();
        QCOMPARE(bytes.load(), 600000LL);
        QVERIFY(timer.elapsed() >= 590);
        QVERIFY(proxy.mostAtOnce() > 1);
    }

    void theLineDiesAfterItsBytes() {
        LineRules rules;
        rules.diesEveryBytes = 100'000;
        const FaultProxy proxy(m_server.port(), rules);
        const Answer first = ask(proxy.port(), "500000");
        QCOMPARE(first.error, ECONNRESET);
        QVERIFY(first.bytes < 500000);
        QVERIFY(first.isRight);
        QTRY_COMPARE(proxy.deaths(), 1);
        QCOMPARE(ask(proxy.port(), "50000").bytes, 50000LL);
    }

    void theLineDiesByTheClock() {
        LineRules rules;
        rules.diesEvery = milliseconds(200);
        rules.deadFor = milliseconds(300);
        const FaultProxy proxy(m_server.port(), rules);
        const int socket = connectTo(proxy.port());
        QVERIFY(socket >= 0);
        const Answer answer = readAll(socket);
        ::close(socket);
        QCOMPARE(answer.error, ECONNRESET);
        QVERIFY(ask(proxy.port(), "1").error != 0); // dead for a while
        QTRY_COMPARE(ask(proxy.port(), "1").bytes, 1LL);
    }

    void downAndUp() {
        FaultProxy proxy(m_server.port());
        proxy.setDown(true);
        QVERIFY(ask(proxy.port(), "10").error != 0);
        proxy.setDown(false);
        QCOMPARE(ask(proxy.port(), "10").bytes, 10LL);
        proxy.setServerPort(1); // nobody there
        QVERIFY(ask(proxy.port(), "10").error != 0);
    }

    void theSameSeedTheSameFaults() {
        const auto one = seededFaults(7, 50, 10000), same = seededFaults(7, 50, 10000),
                   other = seededFaults(8, 50, 10000);
        int faults = 0, differences = 0;
        for (int i = 0; i < 200; ++i) {
            const auto a = one(i), b = same(i), c = other(i);
            QCOMPARE(a.size(), b.size());
            faults += static_cast<int>(a.size());
            if (!a.empty()) {
                QCOMPARE(a.front().atByte, b.front().atByte);
                QVERIFY(a.front().kind == b.front().kind);
                QVERIFY(a.front().atByte >= 0 && a.front().atByte < 10000);
            }
            differences += a.size() != c.size() || (!a.empty() && a.front().atByte != c.front().atByte) ? 1 : 0;
        }
        QVERIFY(faults > 60 && faults < 140);
        QVERIFY(differences > 60);
    }
};

QTEST_GUILESS_MAIN(FaultProxyTest)
#include "fault_proxy_test.moc"
