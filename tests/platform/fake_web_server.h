#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>
#include <functional>
#include <memory>

namespace yz::test {

/// One request as the server saw it; header names in lower case.
struct SeenRequest {
    QByteArray method, path;
    QMap<QByteArray, QByteArray> headers;
    QByteArray body;
};

/// What to do with a request.
struct ScriptedAnswer {
    int status = 200;
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;
    bool isChunked = false;
    int cutAfter = -1;         ///< bytes of the body after which the connection is closed
    bool isSilent = false;     ///< nothing at all is answered
    bool closesAtOnce = false; ///< without an answer
    QByteArray raw;            ///< sent as it is instead of everything above
    int msBefore = 0;          ///< waited before the answer
};

/// A small HTTP/1.1 server on a thread of its own, for what real servers do only on bad days. With a certificate it
/// speaks TLS.
class FakeWebServer {
public:
    using Handler = std::function<ScriptedAnswer(const SeenRequest&)>; ///< called on the server's thread

    struct Tls {
        QByteArray certificate, key;
        QByteArray clientAuthority; ///< clients must show a certificate of this one; empty: none asked for
    };
    explicit FakeWebServer(Handler handler, const Tls& tls = {});
    ~FakeWebServer();
    [[nodiscard]] int port() const;
    [[nodiscard]] QList<SeenRequest> requests() const;
    [[nodiscard]] int mostAtOnce() const;  ///< requests that waited for their answer together
    [[nodiscard]] int connections() const; ///< accepted so far

private:
    class Server;
    struct Thread;
    std::unique_ptr<Thread> m_thread;
};

[[nodiscard]] QByteArray multipart(const QList<QByteArray>& files, const QByteArray& boundary);
[[nodiscard]] ScriptedAnswer multipartAnswer(const QList<QByteArray>& files);
[[nodiscard]] ScriptedAnswer jsonAnswer(const QByteArray& json, int status = 200);
/// A Part 10 file with nothing but its file meta information and `padding` bytes behind it.
[[nodiscard]] QByteArray tinyPart10(const QString& sopClass, const QString& instance, int padding = 100);

/// An authority, a server and a client certificate made by openssl for this run. Empty where openssl is missing.
struct TestCertificates {
    QByteArray authority, serverCertificate, serverKey, clientCertificate, clientKey, strangerAuthority;
    QByteArray expiredCertificate; ///< of the server's key and name
    static TestCertificates make(const QString& folder);
};

} // namespace yz::test
