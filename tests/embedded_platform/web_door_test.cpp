#include "embedded_platform/web_listener.h"
#include "fake_web_server.h"
#include "local_worklist.h"

#include <QElapsedTimer>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>
#include <arpa/inet.h>
#include <sys/socket.h>

using namespace yz;
using namespace yz::platform;
using namespace yz::test;

namespace {

const QByteArray kGet = "GET /dicom-web/workitems HTTP/1.1\r\nHost: 127.0.0.1\r\n";

/// Sends as long as the peer takes it, up to `most` bytes; what it took.
qint64 push(QTcpSocket& socket, const QByteArray& piece, qint64 most) {
    qint64 sent = 0;
    while (sent < most && socket.state() == QAbstractSocket::ConnectedState) {
        if (socket.write(piece) < 0 || !socket.waitForBytesWritten(3000))
            break;
        sent += piece.size();
    }
    return sent;
}

QByteArray answerOn(QTcpSocket& socket, int milliseconds = 5000) {
    QByteArray answer = socket.readAll();
    while (socket.waitForReadyRead(milliseconds))
        answer += socket.readAll();
    return answer + socket.readAll();
}

QByteArray firstLine(const QByteArray& answer) { return answer.split('\r').constFirst(); }

} // namespace

/// The web door of the platform and peers that do what they should not.
class WebDoorTest final : public QObject {
    Q_OBJECT

    const SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LocalWorklist> m_worklist;
    std::unique_ptr<WebListener> m_door;
    WebListener::Settings m_settings;

    void open() {
        m_door = std::make_unique<WebListener>(m_settings, m_worklist->web);
        const Status opened = m_door->start();
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().toString()));
    }
    std::unique_ptr<QTcpSocket> connection() {
        auto socket = std::make_unique<QTcpSocket>();
        socket->connectToHost(QHostAddress::LocalHost, m_door->port());
        return socket->waitForConnected(3000) ? std::move(socket) : nullptr;
    }
    QByteArray ask(const QByteArray& request) {
        const auto socket = connection();
        if (socket == nullptr)
            return "no connection";
        socket->write(request);
        return answerOn(*socket);
    }
    QString written(const char* name, const QByteArray& bytes) {
        QFile file(m_folder->filePath(QLatin1String(name)));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_worklist = LocalWorklist::make(m_folder->path(), m_clock);
        QVERIFY(m_worklist != nullptr);
        m_settings = {};
    }
    void cleanup() {
        m_door.reset();
        m_worklist.reset();
    }

    /// Never silent for long, never done: all threads, and more peers in the queue.
    void peersThatDripKeepNobodyOut() {
        m_settings.threads = 2;
        m_settings.silence = std::chrono::milliseconds(800);
        m_settings.grace = std::chrono::milliseconds(1500);
        open();
        std::vector<std::unique_ptr<QTcpSocket>> slow;
        for (int i = 0; i < 4; ++i) {
            slow.push_back(connection());
            QVERIFY(slow.back() != nullptr);
            slow.back()->write(i % 2 == 0 ? "G" : "GET / HTTP/1.1\r\nX: ");
        }
        const auto honest = connection();
        honest->write(kGet + "\r\n");
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 15000 && honest->bytesAvailable() == 0) {
            for (const auto& socket : slow) {
                if (socket->state() == QAbstractSocket::ConnectedState)
                    socket->write("x");
                socket->flush();
            }
            honest->waitForReadyRead(200);
        }
        QCOMPARE(firstLine(answerOn(*honest)), QByteArray("HTTP/1.1 204 No Content"));
        QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
    }

    void peersThatDripDoNotHoldUpTheEnd() {
        open();
        std::atomic<bool> isOver{false};
        std::thread peers([&] {
            std::vector<std::unique_ptr<QTcpSocket>> slow;
            for (int i = 0; i < 20; ++i)
                slow.push_back(connection());
            while (!isOver) {
                for (const auto& socket : slow)
                    if (socket != nullptr && socket->state() == QAbstractSocket::ConnectedState) {
                        socket->write("G");
                        socket->flush();
                    }
                QThread::msleep(100);
            }
        });
        QTest::qWait(500);
        QElapsedTimer timer;
        timer.start();
        m_door->stop();
        const qint64 took = timer.elapsed();
        isOver = true;
        peers.join();
        QVERIFY2(took < 3000, qPrintable(QString::number(took)));
    }

    /// Nobody has to know a password to fill the memory.
    void headsAreBounded_data() {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("piece");
        QTest::newRow("request line") << QByteArray("GET /") << QByteArray(65536, 'a');
        QTest::newRow("header line") << QByteArray(kGet + "X: ") << QByteArray(65536, 'a');
        QTest::newRow("header lines") << kGet << QByteArray("A: b\r\n").repeated(10000);
        QTest::newRow("lines without their end") << kGet << QByteArray("A: b\n").repeated(10000);
    }
    void headsAreBounded() {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, piece);
        open();
        const auto socket = connection();
        socket->write(head);
        // What the system keeps on both sides of the line is some of it.
        const qint64 taken = push(*socket, piece, 40'000'000);
        QVERIFY2(taken < 20'000'000, qPrintable(QString::number(taken)));
        QVERIFY(ask(kGet + "\r\n").startsWith("HTTP/1.1 204"));
    }

    void nothingIsReadOfWhoMayNotComeIn_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<bool>("isKnown");
        for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "PRI", "OPTIONS"})
            QTest::newRow(method) << QByteArray(method) << QByteArray("HTTP/1.1 401") << false;
        for (const char* method : {"PATCH", "PRI", "OPTIONS", "TRACE"})
            QTest::newRow(qPrintable(QLatin1String(method) + QStringLiteral(", known")))
                << QByteArray(method) << QByteArray("HTTP/1.1 405") << true;
    }
    void nothingIsReadOfWhoMayNotComeIn() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, status);
        QFETCH(bool, isKnown);
        m_settings.authorizations = {"Bearer right"};
        open();
        const auto socket = connection();
        socket->write(method + " /dicom-web/workitems HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                      (isKnown ? "right" : "wrong") + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        const QByteArray chunk = "10000\r\n" + QByteArray(65536, 'b') + "\r\n";
        const qint64 taken = push(*socket, chunk, 60'000'000);
        QVERIFY2(taken < 40'000'000, qPrintable(QString::number(taken)));
        // It is told why, although it had not ended.
        QVERIFY2(answerOn(*socket).startsWith(status), method);
    }

    /// An answer is not lost because the peer was still speaking: a connection closed on unread bytes is reset.
    void whoIsRefusedHearsWhy() {
        m_settings.authorizations = {"Bearer right"};
        open();
        for (int i = 0; i < 10; ++i) {
            const auto socket = connection();
            socket->write("POST /dicom-web/workitems HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3000000\r\n\r\n");
            socket->write(QByteArray(3'000'000, ' '));
            QTest::qWait(20);
            QVERIFY2(answerOn(*socket).startsWith("HTTP/1.1 401"), qPrintable(QString::number(i)));
        }
    }

    void formsAreNotRead() {
        open();
        const QByteArray answer = ask("POST /dicom-web/workitems HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
                                      "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n");
        QCOMPARE(firstLine(answer), QByteArray("HTTP/1.1 415 Unsupported Media Type"));
    }

    /// The parts of an answer could be asked for a thousand times each.
    void rangesAreNotGiven() {
        open();
        const UpsService::Answer made = m_worklist->ups.create({}, [] {
            auto item = std::make_unique<DcmDataset>();
            for (const auto& [tag, text] :
                 {std::pair(DCM_ProcedureStepState, "SCHEDULED"), std::pair(DCM_ScheduledProcedureStepPriority, "LOW"),
                  std::pair(DCM_ProcedureStepLabel, "CT"),
                  std::pair(DCM_ScheduledProcedureStepStartDateTime, "20260310"),
                  std::pair(DCM_InputReadinessState, "READY")})
                putText(*item, tag, QLatin1String(text));
            return item;
        }());
        QCOMPARE(made.status, ups_status::kSuccess);
        const QByteArray whole = ask(kGet + "\r\n");
        const QByteArray parts = ask(kGet + "Range: bytes=0-" + QByteArray(",0-").repeated(1000) + "\r\n\r\n");
        const auto body = [](const QByteArray& answer) { return answer.mid(answer.indexOf("\r\n\r\n")); };
        QCOMPARE(firstLine(parts), QByteArray("HTTP/1.1 200 OK"));
        QCOMPARE(body(parts), body(whole));
    }

    /// What accept(2) says may be the network's fault or the system's; the door does not stay closed for it.
    void theDoorOpensAgain() {
        open();
        QVERIFY(ask(kGet + "\r\n").startsWith("HTTP/1.1 204"));
        int listening = -1;
        for (int i = 3; i < 1024 && listening < 0; ++i) {
            sockaddr_in address{};
            socklen_t length = sizeof address;
            int accepts = 0;
            socklen_t size = sizeof accepts;
            if (::getsockname(i, reinterpret_cast<sockaddr*>(&address), &length) == 0 &&
                ntohs(address.sin_port) == m_door->port() &&
                ::getsockopt(i, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0 && accepts != 0)
                listening = i;
        }
        QVERIFY(listening > 0);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("opened again")));
        ::shutdown(listening, SHUT_RDWR);
        QTRY_VERIFY_WITH_TIMEOUT(ask(kGet + "\r\n").startsWith("HTTP/1.1 204"), 10000);
        QElapsedTimer timer;
        timer.start();
        m_door->stop();
        QVERIFY(timer.elapsed() < 3000);
    }

    void theSchemeInAnyCase() {
        m_settings.authorizations = {"Bearer abc.DEF", "Basic ZGVzazpwYXNz"};
        open();
        for (const char* right : {"bearer abc.DEF", "BEARER  abc.DEF", "basic ZGVzazpwYXNz"})
            QVERIFY2(ask(kGet + "Authorization: " + right + "\r\n\r\n").startsWith("HTTP/1.1 204"), right);
        for (const char* wrong : {"bearer abc.def", "Bearerabc.DEF", "abc.DEF", "basic zGVzazpwYXNz"})
            QVERIFY2(ask(kGet + "Authorization: " + wrong + "\r\n\r\n").startsWith("HTTP/1.1 401"), wrong);
    }

    /// A door that knows its peers by certificate is asked by its name, and by peers that come back with a ticket.
    void certificatesNamesAndTickets_data() {
        QTest::addColumn<int>("protocol");
        QTest::newRow("TLS 1.2") << int(QSsl::TlsV1_2);
        QTest::newRow("TLS 1.3") << int(QSsl::TlsV1_3);
    }
    void certificatesNamesAndTickets() {
        QFETCH(int, protocol);
        const TestCertificates made = TestCertificates::make(m_folder->path());
        if (made.serverCertificate.isEmpty())
            QSKIP("no openssl");
        m_settings.certificateFile = written("door.pem", made.serverCertificate);
        m_settings.keyFile = written("door.key", made.serverKey);
        m_settings.clientAuthorityFile = written("clients.pem", made.authority);
        open();
        QSslConfiguration config;
        config.setProtocol(static_cast<QSsl::SslProtocol>(protocol));
        config.setCaCertificates(QSslCertificate::fromData(made.authority));
        config.setLocalCertificate(QSslCertificate(made.clientCertificate));
        config.setPrivateKey(QSslKey(made.clientKey, QSsl::Rsa));
        config.setSslOption(QSsl::SslOptionDisableSessionTickets, false);
        config.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
        for (int i = 0; i < 3; ++i) {
            QSslSocket socket;
            socket.setSslConfiguration(config);
            socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), m_door->port());
            QVERIFY2(socket.waitForEncrypted(5000), qPrintable(QString::number(i) + socket.errorString()));
            socket.write("GET /dicom-web/workitems HTTP/1.1\r\nHost: platform.county.example:8443\r\n\r\n");
            QCOMPARE(firstLine(answerOn(socket)), QByteArray("HTTP/1.1 204 No Content"));
            config.setSessionTicket(socket.sslConfiguration().sessionTicket());
            QVERIFY(!config.sessionTicket().isEmpty());
        }
        // But not a page in a browser that has the certificate.
        QSslSocket page;
        page.setSslConfiguration(config);
        page.connectToHostEncrypted(QStringLiteral("127.0.0.1"), m_door->port());
        QVERIFY(page.waitForEncrypted(5000));
        page.write(kGet + "Origin: https://pages.example\r\n\r\n");
        QCOMPARE(firstLine(answerOn(page)), QByteArray("HTTP/1.1 403 Forbidden"));
    }
};

QTEST_GUILESS_MAIN(WebDoorTest)
#include "web_door_test.moc"
