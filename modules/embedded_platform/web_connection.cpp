#include "embedded_platform/web_connection.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace yz::platform {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTurn{100}; ///< between two looks whether the door closes
constexpr char kHeadEnd[] = "\n\r\n";
constexpr int kHeadEndLength = 3;

} // namespace

WebConnection::WebConnection(int socket, SSL_CTX* tls, const WebPatience& patience, const std::atomic<bool>& isStopping)
    : m_socket(socket), m_tls(tls != nullptr ? SSL_new(tls) : nullptr), m_patience(patience), m_isStopping(isStopping) {
    ::fcntl(m_socket, F_SETFL, ::fcntl(m_socket, F_GETFL) | O_NONBLOCK);
    if (m_tls == nullptr)
        return;
    SSL_set_mode(m_tls.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    BIO* const wire = BIO_new_socket(m_socket, BIO_NOCLOSE);
    SSL_set_bio(m_tls.get(), wire, wire);
}

WebConnection::~WebConnection() {
    ::shutdown(m_socket, SHUT_RDWR);
    ::close(m_socket);
}

bool WebConnection::open() {
    if (m_tls == nullptr)
        return true;
    for (;;) {
        ERR_clear_error();
        const int result = SSL_accept(m_tls.get());
        if (result == 1)
            return true;
        if (!waitForTls(result))
            return false;
    }
}

bool WebConnection::waitForTls(int result) const {
    switch (SSL_get_error(m_tls.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return wait(POLLIN);
    case SSL_ERROR_WANT_WRITE:
        return wait(POLLOUT);
    default:
        return false;
    }
}

bool WebConnection::wait(short events) const {
    const auto begin = steady_clock::now();
    const auto earned = std::chrono::duration_cast<steady_clock::duration>(
        std::chrono::duration<double>(double(m_received + m_sent) / double(m_patience.leastBytesPerSecond)));
    const auto left = m_patience.grace + earned - m_waited;
    auto end = begin + std::min<steady_clock::duration>(left, m_patience.silence);
    bool isReady = false;
    bool mayAnswer = false;
    for (auto now = begin; !isReady && now < end; now = steady_clock::now()) {
        if (m_isStopping && (events & POLLIN) != 0)
            break;
        if (m_isStopping && !std::exchange(mayAnswer, true))
            end = std::min(end, now + m_patience.whenStopping);
        const auto turn = std::min<steady_clock::duration>(kTurn, end - now);
        pollfd one{m_socket, events, 0};
        const int changed = ::poll(&one, 1, int(std::chrono::ceil<milliseconds>(turn).count()));
        if (changed < 0 && errno != EINTR)
            break;
        isReady = changed > 0;
    }
    m_waited += steady_clock::now() - begin;
    return isReady;
}

ssize_t WebConnection::receive() {
    for (;;) {
        ssize_t count = 0;
        bool isWorthWaiting = false;
        if (m_tls != nullptr) {
            ERR_clear_error();
            count = SSL_read(m_tls.get(), m_buffer, int(sizeof m_buffer));
            if (count <= 0 && SSL_get_error(m_tls.get(), int(count)) == SSL_ERROR_ZERO_RETURN)
                return 0;
            isWorthWaiting = count <= 0 && waitForTls(int(count));
        } else {
            count = ::recv(m_socket, m_buffer, sizeof m_buffer, 0);
            if (count == 0)
                return 0;
            isWorthWaiting =
                count < 0 && (errno == EINTR || ((errno == EAGAIN || errno == EWOULDBLOCK) && wait(POLLIN)));
        }
        if (count > 0)
            return count;
        if (!isWorthWaiting)
            return -1;
    }
}

void WebConnection::countHead(char byte) {
    ++m_head;
    if (byte == kHeadEnd[m_lineEnd])
        ++m_lineEnd;
    else
        m_lineEnd = byte == kHeadEnd[0] ? 1 : 0;
}

ssize_t WebConnection::read(char* bytes, size_t size) {
    const bool isInHead = m_lineEnd < kHeadEndLength;
    if (isInHead && m_head >= m_patience.mostHeadBytes)
        return -1;
    if (m_given == m_filled) {
        if (m_received >= m_patience.mostBytes)
            return -1;
        const ssize_t count = receive();
        if (count <= 0)
            return count;
        m_received += count;
        m_given = 0;
        m_filled = size_t(count);
    }
    const size_t count = isInHead ? std::min<size_t>(size, 1) : std::min(size, m_filled - m_given);
    std::copy_n(m_buffer + m_given, count, bytes);
    m_given += count;
    if (isInHead)
        std::for_each_n(bytes, count, [this](char byte) { countHead(byte); });
    else
        m_body += std::int64_t(count);
    return ssize_t(count);
}

ssize_t WebConnection::write(const char* bytes, size_t size) {
    const size_t most = std::min<size_t>(size, INT_MAX);
    if (most == 0)
        return 0;
    for (;;) {
        ssize_t count = 0;
        bool isWorthWaiting = false;
        if (m_tls != nullptr) {
            ERR_clear_error();
            count = SSL_write(m_tls.get(), bytes, int(most));
            isWorthWaiting = count <= 0 && waitForTls(int(count));
        } else {
            count = ::send(m_socket, bytes, most, MSG_NOSIGNAL);
            isWorthWaiting =
                count < 0 && (errno == EINTR || ((errno == EAGAIN || errno == EWOULDBLOCK) && wait(POLLOUT)));
        }
        if (count > 0) {
            m_sent += count;
            return count;
        }
        if (!isWorthWaiting)
            return -1;
    }
}

void WebConnection::finish(std::int64_t bodyBytes) {
    if (m_tls != nullptr) {
        ERR_clear_error();
        SSL_shutdown(m_tls.get()); // says that it is all; the peer's word is not waited for
    }
    ::shutdown(m_socket, SHUT_WR);
    if (bodyBytes >= 0 && m_body >= bodyBytes)
        return;
    const auto end = steady_clock::now() + m_patience.untilItHangsUp;
    while (!m_isStopping && steady_clock::now() < end && m_received < m_patience.mostBytes && wait(POLLIN)) {
        const ssize_t count = ::recv(m_socket, m_buffer, sizeof m_buffer, 0);
        if (count <= 0)
            return;
        m_received += count;
    }
}

void WebConnection::get_remote_ip_and_port(std::string& ip, int& port) const {
    ip.clear();
    port = 0;
}

void WebConnection::get_local_ip_and_port(std::string& ip, int& port) const { get_remote_ip_and_port(ip, port); }

} // namespace yz::platform
