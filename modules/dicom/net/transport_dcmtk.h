#pragma once

#include "core/cancel.h"
#include "core/result.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>

#include <QDateTime>
#include <QString>
#include <chrono>
#include <memory>
#include <optional>

namespace yz {

class BandwidthLimiter;

/// What the socket of an association was told and what it saw. Used by one thread; only the token is set from others.
struct TransportState {
    CancelToken token;
    bool ignoreCancel = false; ///< true while a cancelled operation is being ended politely
    std::optional<std::chrono::steady_clock::time_point>
        deadline;                               ///< of the whole phase, on top of each wait's own limit
    std::chrono::milliseconds ioTimeout{60000}; ///< one read of a PDU that has begun, one write
    std::shared_ptr<BandwidthLimiter> limiter;  ///< reads draw on it; null: no limit
    int socket = -1;
    bool timedOut = false;
    bool cancelled = false;

    std::chrono::milliseconds handshakeTimeout{15000}; ///< silence during that of TLS
    bool isEncrypted = false;
    QString certificateName;         ///< of the peer
    QDateTime certificateEnds;       ///< UTC
    std::optional<Error> tlsProblem; ///< why there is no TLS, where that is the reason

    [[nodiscard]] bool wantsStop() const { return !ignoreCancel && token.isCancelled(); }
};

/// Waits in slices until the socket is ready, the token is cancelled or the time is over; the last two are noted in the
/// state. True also for a socket that hung up: the read or write that follows tells.
[[nodiscard]] bool waitForSocket(TransportState& state, int socket, short events, std::chrono::milliseconds limit);
/// Until the limit of the line lets something through; false: cancelled, or the time of the phase is over.
[[nodiscard]] bool waitForLeave(TransportState& state);
/// Nagle's algorithm off, acknowledgements at once; the state knows the socket.
void prepareSocket(TransportState& state, int socket);

/// TCP with Nagle's algorithm off and acknowledgements sent at once (PDUs are small and answered one by one: with
/// either of the two on, each object costs 40 ms), waits that end when the token is cancelled, and writes that time
/// out.
class QuickTcpConnection final : public DcmTCPConnection {
public:
    QuickTcpConnection(DcmNativeSocketType socket, std::shared_ptr<TransportState> state);
    ssize_t read(void* buffer, size_t size) override;
    ssize_t write(void* buffer, size_t size) override;
    OFBool networkDataAvailable(int timeoutSeconds) override;

private:
    bool wait(short events, std::chrono::milliseconds limit) {
        return waitForSocket(*m_state, static_cast<int>(getSocket()), events, limit);
    }

    std::shared_ptr<TransportState> m_state;
};

class QuickTransportLayer final : public DcmTransportLayer {
public:
    explicit QuickTransportLayer(std::shared_ptr<TransportState> state) : m_state(std::move(state)) {}
    DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool useSecureLayer) override;
    /// The next connection's state; used by an acceptor, whose connections each have one.
    void setState(std::shared_ptr<TransportState> state) { m_state = std::move(state); }

private:
    std::shared_ptr<TransportState> m_state;
};

/// Once per process, before DCMTK's network is used.
void initializeDicomNetwork();

} // namespace yz
