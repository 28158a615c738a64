#pragma once

#include <QByteArray>
#include <QSslConfiguration>
#include <QString>
#include <QThread>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

class QTcpServer;

namespace yz::test {

/// A server on loopback that does what the test says, in a thread of its own.
class FakeServer {
public:
    struct Reply {
        QByteArray bytes;
        bool close = false; ///< after the bytes
    };
    /// What to do about everything a connection has sent so far; none: wait for more. Called in the server's thread,
    /// one call at a time; `connection` counts from 1.
    using Handler = std::function<std::optional<Reply>(const QByteArray& received, int connection)>;

    explicit FakeServer(Handler handler, std::optional<QSslConfiguration> tls = {});
    ~FakeServer();

    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] int connections() const;
    /// What each connection has sent, oldest first.
    [[nodiscard]] std::vector<QByteArray> received() const;
    void setHandler(Handler handler);

private:
    void accept();

    mutable std::mutex m_mutex;
    Handler m_handler;
    std::vector<QByteArray> m_received;
    QThread m_thread;
    QTcpServer* m_server = nullptr;
    int m_port = 0;
};

/// One HTTP request out of what was received; none: not whole yet.
struct HttpRequest {
    QByteArray method, target, body;
    QByteArray headers; ///< with the request line, lower case
    [[nodiscard]] QByteArray header(const QByteArray& lowerName) const;
};
[[nodiscard]] std::optional<HttpRequest> httpRequest(const QByteArray& received);
[[nodiscard]] QByteArray httpAnswer(int status, const QByteArray& body = {},
                                    const QByteArray& type = "application/fhir+json");

/// A certificate authority and a certificate for localhost by the openssl program; files in `folder`: ca.pem,
/// server.pem, server.key, client.pem, client.key, other.pem (another authority); elsewhere.pem (of another host) and
/// expired.pem (ended in 2021), both with server.key. False where there is no openssl.
[[nodiscard]] bool makeTestCertificates(const QString& folder);
[[nodiscard]] QSslConfiguration serverTls(const QString& folder, bool askForClient = false,
                                          const char* certificate = "server.pem");

} // namespace yz::test
