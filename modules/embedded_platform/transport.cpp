#include "embedded_platform/transport.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

namespace yz::platform {

namespace {

void enable(int socket, int option) {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, option, &on, sizeof on);
}

} // namespace

QuickConnection::QuickConnection(DcmNativeSocketType socket, Closed closed)
    : DcmTCPConnection(socket), m_socket(socket), m_closed(std::move(closed)) {
    enable(socket, TCP_NODELAY);
    enable(socket, TCP_QUICKACK);
}

QuickConnection::~QuickConnection() { announceClose(); }

ssize_t QuickConnection::read(void* buffer, size_t count) {
    const ssize_t got = DcmTCPConnection::read(buffer, count);
    if (got > 0)
        enable(m_socket, TCP_QUICKACK); // the kernel takes it back by itself
    return got;
}

void QuickConnection::close() {
    announceClose();
    DcmTCPConnection::close();
}

void QuickConnection::closeTransportConnection() {
    announceClose();
    DcmTCPConnection::closeTransportConnection();
}

void QuickConnection::announceClose() {
    if (const Closed closed = std::exchange(m_closed, {}))
        closed(m_socket);
}

DcmTransportConnection* QuickTransport::createConnection(DcmNativeSocketType socket, OFBool useSecureLayer) {
    if (useSecureLayer)
        return nullptr;
    if (m_opened)
        m_opened(socket);
    return new QuickConnection(socket, m_closed); // owned by DCMTK's association
}

} // namespace yz::platform
