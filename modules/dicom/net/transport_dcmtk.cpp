#include "dicom/net/transport_dcmtk.h"

#include "core/bandwidth.h"
#include "dicom/data/prepare.h"

#include <dcmtk/dcmnet/dul.h>
#include <dcmtk/ofstd/ofstd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>

namespace yz {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kSlice{50}; // how soon a cancelled token is seen

void setOption(int socket, int level, int option, int value) {
    // Only speed depends on it: a refusal is no error.
    (void)::setsockopt(socket, level, option, &value, sizeof value);
}

void setFlag(int socket, int option) { setOption(socket, IPPROTO_TCP, option, 1); }

/// A line that is gone without a word is noticed after half a minute; a peer that only takes its time is not cut off.
void keepAlive(int socket) {
    setOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    setOption(socket, IPPROTO_TCP, TCP_KEEPIDLE, 10);
    setOption(socket, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    setOption(socket, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

} // namespace

void prepareSocket(TransportState& state, int socket) {
    state.socket = socket;
    setFlag(socket, TCP_NODELAY);
    setFlag(socket, TCP_QUICKACK);
    keepAlive(socket);
}

QuickTcpConnection::QuickTcpConnection(DcmNativeSocketType socket, std::shared_ptr<TransportState> state)
    : DcmTCPConnection(socket), m_state(std::move(state)) {
    prepareSocket(*m_state, socket);
}

bool waitForSocket(TransportState& state, int socket, short events, milliseconds limit) {
    auto end = steady_clock::now() + limit;
    if (state.deadline)
        end = std::min(end, *state.deadline);
    while (true) {
        if (state.wantsStop()) {
            state.cancelled = true;
            return false;
        }
        const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
        pollfd descriptor{socket, events, 0};
        const int ready = ::poll(&descriptor, 1, static_cast<int>(std::clamp(left, milliseconds(0), kSlice).count()));
        if (ready > 0)
            return true; // an error or a hang-up is told by the read or write that follows
        if (ready < 0 && errno != EINTR)
            return false;
        if (left <= milliseconds(0)) {
            state.timedOut = true;
            return false;
        }
    }
}

OFBool QuickTcpConnection::networkDataAvailable(int timeoutSeconds) {
    return wait(POLLIN, std::chrono::seconds(std::max(0, timeoutSeconds))) ? OFTrue : OFFalse;
}

bool waitForLeave(TransportState& state) {
    if (!state.limiter)
        return true;
    for (milliseconds left = state.limiter->wait(); left > milliseconds(0); left = state.limiter->wait()) {
        if (state.wantsStop() || (state.deadline && steady_clock::now() > *state.deadline)) {
            state.cancelled = state.wantsStop();
            return false;
        }
        std::this_thread::sleep_for(std::min(left, kSlice));
    }
    return true;
}

ssize_t QuickTcpConnection::read(void* buffer, size_t size) {
    if (!waitForLeave(*m_state) || !wait(POLLIN, m_state->ioTimeout)) {
        errno = ETIMEDOUT;
        return -1;
    }
    const ssize_t count = DcmTCPConnection::read(buffer, size);
    setFlag(getSocket(), TCP_QUICKACK); // the kernel drops the mode by itself
    if (m_state->limiter && count > 0)
        m_state->limiter->spend(count);
    return count;
}

ssize_t QuickTcpConnection::write(void* buffer, size_t size) {
    const auto* bytes = static_cast<const char*>(buffer);
    size_t written = 0;
    while (written < size) {
        const ssize_t count = ::send(getSocket(), bytes + written, size - written, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) {
            written += static_cast<size_t>(count);
        } else if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            if (!wait(POLLOUT, m_state->ioTimeout)) {
                errno = ETIMEDOUT;
                return -1;
            }
        } else if (count < 0 && errno != EINTR) {
            return -1;
        }
    }
    return static_cast<ssize_t>(written);
}

DcmTransportConnection* QuickTransportLayer::createConnection(DcmNativeSocketType socket, OFBool useSecureLayer) {
    if (useSecureLayer)
        return nullptr;
    return new QuickTcpConnection(socket, m_state);
}

void initializeDicomNetwork() {
    static std::once_flag once;
    std::call_once(once, [] {
        OFStandard::initializeNetwork();
        dcmDisableGethostbyaddr.set(OFTrue);
        dicom::prepareDicom();
        // The state machine of the upper layer is a static table that is filled by the first network: fill it here,
        // alone.
        int noPort = 0;
        DUL_NETWORKKEY* network = nullptr;
        if (DUL_InitializeNetwork(DUL_AEREQUESTOR, &noPort, 1, DUL_ORDERLITTLEENDIAN, &network).good())
            DUL_DropNetwork(&network);
    });
}

} // namespace yz
