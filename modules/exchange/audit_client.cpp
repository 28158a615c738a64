#include "exchange/audit_client.h"

#include "exchange/tls_settings.h"

#include <QDeadlineTimer>
#include <QSslSocket>

namespace yz::exchange {

namespace {

constexpr int kSliceMs = 100;
constexpr int kSettleMs = 300; // a repository that closes on us does so at once
constexpr int kTlsPort = 6514; // RFC 5425 4.1

Status connectTo(QSslSocket& socket, const AuditTarget& target) {
    const QUrl& address = target.address;
    const int limit = static_cast<int>(target.timeout.count());
    if (address.scheme() == QLatin1String("syslog")) {
        if (const Status allowed = mayGoPlain(address, target.plainAllowed); !allowed)
            return allowed;
        socket.connectToHost(address.host(), static_cast<quint16>(address.port(601)));
        return socket.waitForConnected(limit) ? Status()
                                              : Status(fail(ErrorCode::PlatformUnreachable, socket.errorString()));
    }
    if (address.scheme() != QLatin1String("syslogs") || address.host().isEmpty())
        return fail(ErrorCode::NotAllowed, QStringLiteral("address of the audit repository"));
    const Result<QSslConfiguration> configuration = tlsConfiguration(target.tls);
    if (!configuration)
        return fail(configuration.error());
    socket.setSslConfiguration(*configuration);
    socket.connectToHostEncrypted(address.host(), static_cast<quint16>(address.port(kTlsPort)));
    if (socket.waitForEncrypted(limit))
        return {};
    const bool isTrust =
        !socket.sslHandshakeErrors().isEmpty() || socket.error() == QAbstractSocket::SslHandshakeFailedError;
    return fail(isTrust ? ErrorCode::CertificateUntrusted : ErrorCode::PlatformUnreachable, socket.errorString());
}

} // namespace

Status AuditClient::send(const std::vector<QByteArray>& messages, const CancelToken& token) {
    QSslSocket socket;
    if (const Status connected = connectTo(socket, m_target); !connected)
        return connected;
    for (const QByteArray& message : messages)
        socket.write(QByteArray(QByteArray::number(message.size()) + ' ' + message)); // RFC 5425 4.3
    QDeadlineTimer deadline(m_target.timeout);
    qint64 left = socket.bytesToWrite() + socket.encryptedBytesToWrite();
    while (left > 0) {
        if (token.isCancelled())
            return fail(ErrorCode::Cancelled);
        if (deadline.hasExpired())
            return fail(ErrorCode::NetworkTimeout, QStringLiteral("the audit repository does not read"));
        if (!socket.waitForBytesWritten(kSliceMs) && socket.state() != QAbstractSocket::ConnectedState)
            return fail(ErrorCode::PeerError, QStringLiteral("the audit repository closed the connection"));
        const qint64 now = socket.bytesToWrite() + socket.encryptedBytesToWrite();
        if (now < left)
            deadline.setRemainingTime(m_target.timeout);
        left = now;
    }
    socket.waitForDisconnected(kSettleMs);
    if (socket.state() != QAbstractSocket::ConnectedState)
        return fail(ErrorCode::PeerError, QStringLiteral("the audit repository closed the connection"));
    socket.disconnectFromHost();
    if (socket.state() != QAbstractSocket::UnconnectedState)
        socket.waitForDisconnected(kSettleMs);
    return {};
}

} // namespace yz::exchange
