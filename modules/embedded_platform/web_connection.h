#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <httplib.h>
#include <memory>
#include <openssl/ssl.h>
#include <poll.h>

namespace yz::platform {

/// What one peer may take up. Only the time counts that is spent waiting for it.
struct WebPatience {
    std::chrono::milliseconds silence{5'000}; ///< without a byte
    /// For a whole request or answer, and as much more as it takes at the least rate: who sends a byte every few
    /// seconds would else keep its thread for good.
    std::chrono::milliseconds grace{10'000};
    std::int64_t leastBytesPerSecond = 8 * 1024;
    std::int64_t mostHeadBytes = 32 * 1024;          ///< request line and header
    std::int64_t mostBytes = 16LL * 1024 * 1024;     ///< of a request; the rest of what is refused is read no further
    std::chrono::milliseconds whenStopping{2'000};   ///< for an answer that is under way
    std::chrono::milliseconds untilItHangsUp{2'000}; ///< who was refused before it had said everything
};

/// One accepted connection of the web door, plain or TLS, as httplib reads and writes it. httplib's own has no bound on
/// the length of a line nor on the time of a request. One thread; `isStopping` may be set by another.
class WebConnection final : public httplib::Stream {
public:
    /// Takes the socket over. `tls` null: plain.
    WebConnection(int socket, SSL_CTX* tls, const WebPatience& patience, const std::atomic<bool>& isStopping);
    ~WebConnection() override; ///< closes it

    [[nodiscard]] bool open(); ///< the TLS handshake
    /// Ends it so that the answer arrives: what the peer has sent and nobody read would make the system reset the
    /// connection and the peer lose what it has not read yet. `bodyBytes`: what was announced, -1 for chunks.
    void finish(std::int64_t bodyBytes);

    [[nodiscard]] bool is_readable() const override { return m_given < m_filled || wait(POLLIN); }
    [[nodiscard]] bool is_writable() const override { return wait(POLLOUT); }
    /// -1: silent or slow for too long, too much, or broken; 0: the peer has ended.
    ssize_t read(char* bytes, size_t size) override;
    ssize_t write(const char* bytes, size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override; ///< not told: nobody asks for them
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    [[nodiscard]] socket_t socket() const override { return m_socket; }

private:
    [[nodiscard]] bool wait(short events) const;
    [[nodiscard]] bool waitForTls(int result) const;
    [[nodiscard]] ssize_t receive();
    void countHead(char byte);

    struct FreeTls {
        void operator()(SSL* tls) const { SSL_free(tls); }
    };
    int m_socket;
    std::unique_ptr<SSL, FreeTls> m_tls;
    const WebPatience& m_patience;
    const std::atomic<bool>& m_isStopping;

    char m_buffer[16 * 1024];
    size_t m_given = 0, m_filled = 0; ///< of the buffer
    std::int64_t m_received = 0, m_sent = 0;
    std::int64_t m_head = 0, m_body = 0; ///< handed out
    int m_lineEnd = 0;                   ///< how much of the end of the header was there just now
    mutable std::chrono::steady_clock::duration m_waited{};
};

} // namespace yz::platform
