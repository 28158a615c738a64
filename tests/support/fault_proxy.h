#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace yz::test {

/// What happens to one connection of a FaultProxy.
struct LineFault {
    enum class Kind {
        Close,     ///< both sides are closed in order
        Reset,     ///< both sides are cut with RST
        HalfClose, ///< the receiver of this direction sees the end; the other direction goes on
        Stall,     ///< nothing passes in this direction for `time`, then all of it
        Silence,   ///< nothing passes any more in either direction until one side gives up
    };
    Kind kind = Kind::Close;
    bool toClient = true; ///< direction whose bytes are counted
    long long atByte = 0; ///< after so many bytes of this connection have passed in that direction; 0: at once
    std::chrono::milliseconds time{0};
};

/// How the line is, for all connections together.
struct LineRules {
    long long bytesPerSecond = 0;       ///< each direction; 0: as fast as it goes
    std::chrono::milliseconds delay{0}; ///< one way
    /// Bytes to the clients after which every connection is reset, again and again; 0: never. The way to let a line die
    /// "every 30 s" without a clock: its rate times thirty.
    long long diesEveryBytes = 0;
    std::chrono::milliseconds diesEvery{0}; ///< the same by the clock; 0: never
    std::chrono::milliseconds deadFor{0};   ///< how long new connections are reset after that
    /// What happens to connection number n (from 0). Called on the proxy's thread.
    std::function<std::vector<LineFault>(int connection)> faults = {};
};

/// Faults drawn from a seed: of `share` percent of the connections, one each, within the first `withinBytes` to the
/// client. The same seed gives the same faults.
[[nodiscard]] std::function<std::vector<LineFault>(int connection)> seededFaults(unsigned seed, int share,
                                                                                 long long withinBytes);

/// A TCP proxy on 127.0.0.1 between a client and a server on this machine, on a thread of its own: a bad line.
class FaultProxy {
public:
    /// `serverPort` may be changed later (a server that came back elsewhere).
    explicit FaultProxy(int serverPort, LineRules rules = {});
    ~FaultProxy();
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    [[nodiscard]] int port() const;
    void setServerPort(int port);
    void setRules(LineRules rules); ///< for what passes from now on; faults for connections made from now on
    void cut();                     ///< every connection is reset now
    void setDown(bool isDown);      ///< cut, and new ones are reset as well

    [[nodiscard]] int connections() const;         ///< accepted so far
    [[nodiscard]] int mostAtOnce() const;          ///< open at the same time
    [[nodiscard]] int deaths() const;              ///< of the line (diesEveryBytes, diesEvery)
    [[nodiscard]] int faultsDone() const;          ///< of connections
    [[nodiscard]] long long bytesToClient() const; ///< passed on
    [[nodiscard]] long long bytesToServer() const;

private:
    class Line;
    std::unique_ptr<Line> m_line;
};

} // namespace yz::test
