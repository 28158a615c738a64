#pragma once

#include "core/result.h"
#include "embedded_platform/web_worklist.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <chrono>
#include <memory>

namespace yz::platform {

/// HTTP/1.1 on one TCP port, in front of the worklist (cpp-httplib, docs/adr/0011). One request per connection: a
/// connection that is kept open would keep one of the few threads, and a body that was refused unread could not be told
/// from the next request. What a peer may take up of time and room is bounded by WebConnection.
class WebListener {
public:
    struct Settings {
        QString bindAddress = QStringLiteral("127.0.0.1"); ///< IPv4
        quint16 port = 0;                                  ///< 0: chosen by the system
        QString certificateFile, keyFile;                  ///< PEM, with the chain; empty: no TLS
        QString clientAuthorityFile; ///< PEM: who must have signed the client's certificate; empty: none is asked for
        bool plainAllowed = false;   ///< without TLS on an address that is not this computer's own
        QList<QByteArray> authorizations; ///< accepted values of the Authorization header; empty: everybody
        int threads = 16;
        int waiting = 64; ///< connections that wait for a thread; more wait in the system's queue
        qint64 mostBodyBytes = 4LL * 1024 * 1024;
        std::chrono::milliseconds silence{5'000}; ///< see WebPatience
        std::chrono::milliseconds grace{10'000};
    };
    /// Below this path lie the resources.
    static constexpr char kRoot[] = "/dicom-web";

    /// `worklist` must outlive this object.
    WebListener(Settings settings, WebWorklist& worklist);
    ~WebListener();

    /// InvalidArgument: a certificate or key that cannot be used; NotAllowed: the port is taken, or the line would be
    /// open (without TLS or without credentials beyond this computer).
    [[nodiscard]] Status start();
    /// Takes no more requests; what was asked for completely is done and answered, within seconds.
    void stop();
    [[nodiscard]] quint16 port() const;

private:
    struct Server;
    std::unique_ptr<Server> m_server;
};

/// The credentials of a file: a line each, "bearer TOKEN" or "basic USER:PASSWORD"; empty lines and those with # do not
/// count. As values of the Authorization header. FileUnreadable, InvalidArgument (with the line's number).
[[nodiscard]] Result<QList<QByteArray>> readWebCredentials(const QString& path);

} // namespace yz::platform
