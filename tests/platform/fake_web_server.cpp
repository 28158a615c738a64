#include "fake_web_server.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHostAddress>
#include <QMutex>
#include <QPointer>
#include <QProcess>
#include <QSemaphore>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QThread>
#include <QTimer>
#include <QtEndian>

namespace yz::test {

class FakeWebServer::Server : public QTcpServer {
public:
    Server(Handler handler, const Tls& tls) : m_handler(std::move(handler)), m_tls(tls) {}

    mutable QMutex mutex;
    QList<SeenRequest> seen;
    int most = 0, accepted = 0;

protected:
    void incomingConnection(qintptr descriptor) override {
        QTcpSocket* socket = nullptr;
        if (m_tls.certificate.isEmpty()) {
            socket = new QTcpSocket(this);
            socket->setSocketDescriptor(descriptor);
        } else {
            auto* secure = new QSslSocket(this);
            QSslConfiguration configuration;
            configuration.setProtocol(QSsl::TlsV1_2OrLater);
            configuration.setLocalCertificate(QSslCertificate(m_tls.certificate));
            configuration.setPrivateKey(QSslKey(m_tls.key, QSsl::Rsa));
            configuration.setPeerVerifyMode(m_tls.clientAuthority.isEmpty() ? QSslSocket::VerifyNone
                                                                            : QSslSocket::VerifyPeer);
            if (!m_tls.clientAuthority.isEmpty())
                configuration.setCaCertificates(QSslCertificate::fromData(m_tls.clientAuthority));
            secure->setSslConfiguration(configuration);
            secure->setSocketDescriptor(descriptor);
            secure->startServerEncryption();
            socket = secure;
        }
        {
            const QMutexLocker lock(&mutex);
            ++accepted;
        }
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_buffers.remove(socket);
            socket->deleteLater();
        });
    }

private:
    void read(QTcpSocket* socket) {
        QByteArray& buffer = m_buffers[socket];
        buffer += socket->readAll();
        if (buffer.startsWith('\x16')) { // TLS to a server that speaks none
            socket->write("HTTP/1.1 400 Bad Request\r\n\r\n");
            return socket->disconnectFromHost();
        }
        while (true) {
            const qsizetype end = buffer.indexOf("\r\n\r\n");
            if (end < 0)
                return;
            SeenRequest request;
            const QList<QByteArray> lines = buffer.left(end).split('\n');
            request.method = lines[0].split(' ').value(0);
            request.path = lines[0].split(' ').value(1);
            for (const QByteArray& line : lines.mid(1)) {
                const qsizetype colon = line.indexOf(':');
                request.headers[line.left(colon).trimmed().toLower()] = line.mid(colon + 1).trimmed();
            }
            const qsizetype length = request.headers.value("content-length").toLongLong();
            if (buffer.size() < end + 4 + length)
                return;
            request.body = buffer.mid(end + 4, length);
            buffer.remove(0, end + 4 + length);
            {
                const QMutexLocker lock(&mutex);
                seen.append(request);
                most = std::max(most, ++m_open);
            }
            const ScriptedAnswer answer = m_handler(request);
            QTimer::singleShot(answer.msBefore, socket, [this, socket, answer] { send(socket, answer); });
        }
    }

    void send(QTcpSocket* socket, const ScriptedAnswer& answer) {
        if (answer.isSilent)
            return;
        {
            const QMutexLocker lock(&mutex);
            --m_open;
        }
        if (answer.closesAtOnce)
            return socket->disconnectFromHost();
        if (!answer.raw.isEmpty()) {
            socket->write(answer.raw);
            return socket->disconnectFromHost();
        }
        QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " Said\r\n";
        for (const auto& [name, value] : answer.headers)
            head += name + ": " + value + "\r\n";
        if (answer.isChunked)
            head += "Transfer-Encoding: chunked\r\n";
        else if (answer.status != 204)
            head += "Content-Length: " + QByteArray::number(answer.body.size()) + "\r\n";
        QByteArray body = answer.body;
        if (answer.isChunked) {
            const qsizetype half = body.size() / 2;
            const auto chunk = [](const QByteArray& bytes) {
                return bytes.isEmpty() ? QByteArray() : QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
            };
            body = chunk(body.left(half)) + chunk(body.mid(half)) + "0\r\n\r\n";
        }
        socket->write(head + "\r\n");
        socket->write(answer.cutAfter >= 0 ? body.left(answer.cutAfter) : body);
        if (answer.cutAfter >= 0)
            socket->disconnectFromHost();
    }

    Handler m_handler;
    Tls m_tls;
    QHash<QTcpSocket*, QByteArray> m_buffers;
    int m_open = 0;
};

struct FakeWebServer::Thread {
    QThread thread;
    Server* server = nullptr;
    int port = 0;
};

FakeWebServer::FakeWebServer(Handler handler, const Tls& tls) : m_thread(std::make_unique<Thread>()) {
    m_thread->server = new Server(std::move(handler), tls);
    m_thread->server->moveToThread(&m_thread->thread);
    m_thread->thread.start();
    QMetaObject::invokeMethod(
        m_thread->server,
        [this] {
            m_thread->server->listen(QHostAddress::LocalHost);
            m_thread->port = m_thread->server->serverPort();
        },
        Qt::BlockingQueuedConnection);
}

FakeWebServer::~FakeWebServer() {
    QMetaObject::invokeMethod(
        m_thread->server, [this] { delete m_thread->server; }, Qt::BlockingQueuedConnection);
    m_thread->thread.quit();
    m_thread->thread.wait();
}

int FakeWebServer::port() const { return m_thread->port; }

QList<SeenRequest> FakeWebServer::requests() const {
    const QMutexLocker lock(&m_thread->server->mutex);
    return m_thread->server->seen;
}

int FakeWebServer::mostAtOnce() const {
    const QMutexLocker lock(&m_thread->server->mutex);
    return m_thread->server->most;
}

int FakeWebServer::connections() const {
    const QMutexLocker lock(&m_thread->server->mutex);
    return m_thread->server->accepted;
}

QByteArray multipart(const QList<QByteArray>& files, const QByteArray& boundary) {
    QByteArray body;
    for (const QByteArray& file : files)
        body += "--" + boundary + "\r\nContent-Type: application/dicom\r\n\r\n" + file + "\r\n";
    return body + "--" + boundary + "--\r\n";
}

ScriptedAnswer multipartAnswer(const QList<QByteArray>& files) {
    ScriptedAnswer answer;
    answer.headers = {{"Content-Type", "multipart/related; type=\"application/dicom\"; boundary=\"0a-b_c\""}};
    answer.body = multipart(files, "0a-b_c");
    return answer;
}

ScriptedAnswer jsonAnswer(const QByteArray& json, int status) {
    ScriptedAnswer answer;
    answer.status = status;
    answer.headers = {{"Content-Type", "application/dicom+json"}};
    answer.body = json;
    return answer;
}

QByteArray tinyPart10(const QString& sopClass, const QString& instance, int padding) {
    const auto element = [](quint16 number, const char* vr, QByteArray value) -> QByteArray {
        if (value.size() % 2 != 0)
            value += '\0';
        QByteArray bytes(8, '\0');
        qToLittleEndian<quint16>(0x0002, bytes.data());
        qToLittleEndian<quint16>(number, bytes.data() + 2);
        bytes[4] = vr[0];
        bytes[5] = vr[1];
        qToLittleEndian<quint16>(quint16(value.size()), bytes.data() + 6);
        return bytes + value;
    };
    const QByteArray rest = element(0x0002, "UI", sopClass.toLatin1()) + element(0x0003, "UI", instance.toLatin1()) +
                            element(0x0010, "UI", "1.2.840.10008.1.2.1");
    QByteArray length(4, '\0');
    qToLittleEndian<quint32>(quint32(rest.size()), length.data());
    return QByteArray(128, '\0') + "DICM" + element(0x0000, "UL", length) + rest + QByteArray(padding, 'x');
}

TestCertificates TestCertificates::make(const QString& folder) {
    const auto run = [&](const QStringList& arguments) {
        QProcess openssl;
        openssl.setWorkingDirectory(folder);
        openssl.start(QStringLiteral("openssl"), arguments);
        return openssl.waitForFinished(60000) && openssl.exitCode() == 0;
    };
    const auto bytes = [&](const char* name) {
        QFile file(QDir(folder).filePath(QLatin1String(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QFile extensions(QDir(folder).filePath(QStringLiteral("server.ext")));
    if (!extensions.open(QIODevice::WriteOnly))
        return {};
    extensions.write("subjectAltName=IP:127.0.0.1\n");
    extensions.close();
    const auto authority = [&](const QString& name) {
        return run({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=" + name, "-keyout",
                    name + ".key", "-out", name + ".pem"});
    };
    const auto certificate = [&](const QString& name, const QString& days) {
        return (QFile::exists(QDir(folder).filePath(name + ".key")) ||
                run({"req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=" + name, "-keyout", name + ".key", "-out",
                     name + ".csr"})) &&
               run({"x509", "-req", "-in", name + ".csr", "-CA", "authority.pem", "-CAkey", "authority.key",
                    "-CAcreateserial", "-days", days, "-extfile", "server.ext", "-out", name + days + ".pem"});
    };
    if (!authority(QStringLiteral("authority")) || !authority(QStringLiteral("stranger")) ||
        !certificate(QStringLiteral("server"), QStringLiteral("2")) ||
        !certificate(QStringLiteral("server"), QStringLiteral("-1")) ||
        !certificate(QStringLiteral("client"), QStringLiteral("2")))
        return {};
    return {bytes("authority.pem"), bytes("server2.pem"),  bytes("server.key"),  bytes("client2.pem"),
            bytes("client.key"),    bytes("stranger.pem"), bytes("server-1.pem")};
}

} // namespace yz::test
