#include "exchange/mllp_client.h"

#include "exchange/hl7_ack.h"
#include "exchange/tls_settings.h"

#include <QDeadlineTimer>
#include <QSslSocket>

namespace yz::exchange {

namespace {

constexpr char kStart = 0x0b;
constexpr char kEnd = 0x1c;
constexpr qsizetype kLongestAnswer = 256 * 1024;
constexpr int kSliceMs = 100; // how soon a cancelled token is seen

Status connectTo(QSslSocket& socket, const ReportTarget& target, const QDeadlineTimer& deadline) {
    const QUrl& address = target.address;
    const bool isTls = address.scheme() == QLatin1String("mllps");
    if ((!isTls && address.scheme() != QLatin1String("mllp")) || address.host().isEmpty() || address.port() <= 0)
        return fail(ErrorCode::NotAllowed, QStringLiteral("address of target ") + target.id);
    if (!isTls) {
        if (const Status allowed = mayGoPlain(address, target.plainAllowed); !allowed)
            return allowed;
        socket.connectToHost(address.host(), static_cast<quint16>(address.port()));
        if (!socket.waitForConnected(static_cast<int>(deadline.remainingTime())))
            return fail(ErrorCode::PlatformUnreachable, socket.errorString());
        return {};
    }
    const Result<QSslConfiguration> configuration = tlsConfiguration(target.tls);
    if (!configuration)
        return fail(configuration.error());
    socket.setSslConfiguration(*configuration);
    socket.connectToHostEncrypted(address.host(), static_cast<quint16>(address.port()));
    if (socket.waitForEncrypted(static_cast<int>(deadline.remainingTime())))
        return {};
    const bool isTrust =
        !socket.sslHandshakeErrors().isEmpty() || socket.error() == QAbstractSocket::SslHandshakeFailedError;
    return fail(isTrust ? ErrorCode::CertificateUntrusted : ErrorCode::PlatformUnreachable, socket.errorString());
}

/// Takes the next whole frame out of `received`; empty: there is none yet.
QByteArray takeFrame(QByteArray& received) {
    const qsizetype start = received.indexOf(kStart);
    const qsizetype end = start < 0 ? -1 : received.indexOf(kEnd, start);
    if (end < 0)
        return {};
    const QByteArray frame = received.mid(start + 1, end - start - 1);
    received.remove(0, end + 1); // the CR behind it is skipped by the search for the next start
    return frame;
}

Status verdictStatus(const Hl7Ack& ack) {
    const QString detail = ack.error.isEmpty() ? ack.code : QString(ack.code + u' ' + ack.error);
    switch (verdictOn(ack)) {
    case Hl7Verdict::Accepted:
        return {};
    case Hl7Verdict::TryAgain:
        return fail(ErrorCode::PeerOutOfResources, detail);
    case Hl7Verdict::Refused:
        return fail(ErrorCode::PeerRefusedObject, detail);
    }
    return {};
}

} // namespace

Result<QString> MllpClient::send(const QByteArray& message, const QString& controlId, const CancelToken& token) {
    const QDeadlineTimer deadline(m_target.timeout);
    QSslSocket socket;
    if (const Status connected = connectTo(socket, m_target, deadline); !connected)
        return fail(connected.error());
    socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket.write(QByteArray(1, kStart) + message + QByteArray(1, kEnd) + '\r');

    QByteArray received;
    bool isForAnother = false;
    for (;;) {
        for (QByteArray frame = takeFrame(received); !frame.isEmpty(); frame = takeFrame(received)) {
            const Result<Hl7Ack> ack = parseAck(frame);
            if (!ack)
                return fail(ack.error());
            if (ack->controlId != controlId) {
                isForAnother = true;
                continue;
            }
            if (const Status status = verdictStatus(*ack); !status)
                return fail(status.error());
            socket.disconnectFromHost();
            return QString(ack->code + u' ' + ack->controlId);
        }
        if (token.isCancelled())
            return fail(ErrorCode::Cancelled);
        if (received.size() > kLongestAnswer)
            return fail(ErrorCode::PeerError, QStringLiteral("the answer has no end"));
        if (deadline.hasExpired()) {
            if (isForAnother)
                return fail(ErrorCode::PeerError, QStringLiteral("acknowledged another message"));
            return fail(ErrorCode::NetworkTimeout, received.isEmpty() ? QStringLiteral("no acknowledgement")
                                                                      : QStringLiteral("half an acknowledgement"));
        }
        const bool isMore = socket.bytesToWrite() > 0
                                ? socket.waitForBytesWritten(kSliceMs) || socket.bytesAvailable() > 0
                                : socket.waitForReadyRead(kSliceMs);
        received += socket.readAll();
        if (!isMore && socket.state() != QAbstractSocket::ConnectedState && !received.contains(kEnd)) {
            if (isForAnother)
                return fail(ErrorCode::PeerError, QStringLiteral("acknowledged another message"));
            return fail(ErrorCode::PeerError, received.isEmpty() ? QStringLiteral("closed without an acknowledgement")
                                                                 : QStringLiteral("closed within an acknowledgement"));
        }
    }
}

} // namespace yz::exchange
