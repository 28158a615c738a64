#include "fake_server.h"

#include <QFile>
#include <QPointer>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>

namespace yz::test {

FakeServer::FakeServer(Handler handler, std::optional<QSslConfiguration> tls) : m_handler(std::move(handler)) {
    if (tls) {
        auto* server = new QSslServer;
        server->setSslConfiguration(*tls);
        m_server = server;
    } else {
        m_server = new QTcpServer;
    }
    if (m_server->listen(QHostAddress::LocalHost))
        m_port = m_server->serverPort();
    m_server->moveToThread(&m_thread);
    QObject::connect(m_server, &QTcpServer::pendingConnectionAvailable, m_server, [this] { accept(); });
    QObject::connect(&m_thread, &QThread::finished, m_server, &QObject::deleteLater);
    m_thread.start();
}

FakeServer::~FakeServer() {
    m_thread.quit();
    m_thread.wait();
}

int FakeServer::connections() const {
    const std::lock_guard lock(m_mutex);
    return static_cast<int>(m_received.size());
}

std::vector<QByteArray> FakeServer::received() const {
    const std::lock_guard lock(m_mutex);
    return m_received;
}

void FakeServer::setHandler(Handler handler) {
    const std::lock_guard lock(m_mutex);
    m_handler = std::move(handler);
}

void FakeServer::accept() {
    while (QTcpSocket* socket = m_server->nextPendingConnection()) {
        size_t index = 0;
        {
            const std::lock_guard lock(m_mutex);
            index = m_received.size();
            m_received.emplace_back();
        }
        const auto look = [this, socket, index] {
            const std::lock_guard lock(m_mutex);
            m_received[index] += socket->readAll();
            const std::optional<Reply> reply = m_handler(m_received[index], static_cast<int>(index) + 1);
            if (!reply)
                return;
            socket->write(reply->bytes);
            if (reply->close)
                socket->disconnectFromHost();
        };
        QObject::connect(socket, &QTcpSocket::readyRead, socket, look);
        QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        look(); // data, or a handler that speaks first
    }
}

QByteArray HttpRequest::header(const QByteArray& lowerName) const {
    for (const QByteArray& line : headers.split('\n'))
        if (line.startsWith(QByteArray(lowerName + ':')))
            return line.mid(lowerName.size() + 1).trimmed();
    return {};
}

std::optional<HttpRequest> httpRequest(const QByteArray& received) {
    const qsizetype end = received.indexOf("\r\n\r\n");
    if (end < 0)
        return std::nullopt;
    HttpRequest request;
    const QByteArray head = received.left(end);
    const QList<QByteArray> first = head.left(head.indexOf('\r')).split(' ');
    request.method = first.value(0);
    request.target = first.value(1);
    request.headers = head.toLower();
    request.body = received.mid(end + 4);
    if (request.body.size() < request.header("content-length").toLongLong())
        return std::nullopt;
    return request;
}

QByteArray httpAnswer(int status, const QByteArray& body, const QByteArray& type) {
    return "HTTP/1.1 " + QByteArray::number(status) + " X\r\nContent-Type: " + type +
           "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

namespace {

bool openssl(const QString& folder, const QString& arguments) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(QStringLiteral("openssl"), QProcess::splitCommand(arguments));
    return process.waitForFinished(60000) && process.exitCode() == 0;
}

} // namespace

bool makeTestCertificates(const QString& folder) {
    QFile extensions(folder + QStringLiteral("/names.cnf"));
    if (!extensions.open(QIODevice::WriteOnly))
        return false;
    extensions.write("subjectAltName=DNS:localhost\n");
    extensions.close();
    const QString authority = QStringLiteral("req -x509 -newkey rsa:2048 -nodes -keyout %1.key -out %1.pem -days 30 "
                                             "-subj /CN=%1");
    bool ok =
        openssl(folder, authority.arg(QStringLiteral("ca"))) && openssl(folder, authority.arg(QStringLiteral("other")));
    for (const char* name : {"server", "client"}) {
        const QString one = QLatin1String(name);
        ok = ok &&
             openssl(folder,
                     QStringLiteral("req -newkey rsa:2048 -nodes -keyout %1.key -out %1.csr -subj /CN=%1").arg(one)) &&
             openssl(folder, QStringLiteral("x509 -req -in %1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 "
                                            "-extfile names.cnf -out %1.pem")
                                 .arg(one));
    }
    QFile elsewhere(folder + QStringLiteral("/elsewhere.cnf"));
    if (!elsewhere.open(QIODevice::WriteOnly))
        return false;
    elsewhere.write("subjectAltName=DNS:elsewhere.example\n");
    elsewhere.close();
    ok = ok && openssl(folder, QStringLiteral("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial "
                                              "-days 30 -extfile elsewhere.cnf -out elsewhere.pem"));
    // "x509" cannot sign for the past; "ca" can, and wants a folder of its own.
    QFile settings(folder + QStringLiteral("/ca.cnf"));
    QFile index(folder + QStringLiteral("/index.txt"));
    if (!settings.open(QIODevice::WriteOnly) || !index.open(QIODevice::WriteOnly))
        return false;
    settings.write("[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\n"
                   "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n");
    settings.close();
    index.close();
    return ok && openssl(folder, QStringLiteral("ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in "
                                                "server.csr -extfile names.cnf -startdate 20200101000000Z -enddate "
                                                "20210101000000Z -out expired.pem"));
}

QSslConfiguration serverTls(const QString& folder, bool askForClient, const char* certificate) {
    const auto read = [&](const char* name) {
        QFile file(folder + u'/' + QLatin1String(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(read(certificate)));
    tls.setPrivateKey(QSslKey(read("server.key"), QSsl::Rsa));
    tls.setCaCertificates(QSslCertificate::fromData(read("ca.pem")));
    tls.setPeerVerifyMode(askForClient ? QSslSocket::VerifyPeer : QSslSocket::VerifyNone);
    return tls;
}

} // namespace yz::test
