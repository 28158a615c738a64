#pragma once

#include <QByteArray>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace yz::test {

/// A socket that listens on 127.0.0.1; the system completes connections, nobody accepts them unless told.
class ListeningSocket {
public:
    ListeningSocket() : m_socket(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        ::bind(m_socket, reinterpret_cast<sockaddr*>(&address), length);
        ::listen(m_socket, 4);
        ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
    }
    ~ListeningSocket() {
        ::shutdown(m_socket, SHUT_RDWR);
        ::close(m_socket);
    }
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] int socket() const { return m_socket; }

private:
    int m_socket;
    int m_port = 0;
};

/// A client of the wire's level.
class RawClient {
public:
    explicit RawClient(int port) : m_socket(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<uint16_t>(port));
        m_connected = ::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawClient() { ::close(m_socket); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    [[nodiscard]] bool isConnected() const { return m_connected; }
    void send(const QByteArray& bytes) const {
        (void)!::send(m_socket, bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL);
    }
    /// What comes within the time; empty when nothing does or the peer closed.
    [[nodiscard]] QByteArray receive(int milliseconds) const {
        pollfd descriptor{m_socket, POLLIN, 0};
        if (::poll(&descriptor, 1, milliseconds) <= 0)
            return {};
        QByteArray buffer(65536, '\0');
        const ssize_t count = ::recv(m_socket, buffer.data(), size_t(buffer.size()), 0);
        return buffer.left(count > 0 ? count : 0);
    }

private:
    int m_socket;
    bool m_connected = false;
};

} // namespace yz::test
