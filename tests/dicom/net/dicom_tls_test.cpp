#include "fake_web_server.h"

#include "dicom/net/association.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <thread>

using namespace yz;
using namespace yz::test;

namespace {

constexpr char kVerification[] = "1.2.840.10008.1.1";

int freePort() {
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost);
    return probe.serverPort();
}

} // namespace

/// DICOM over TLS against DCMTK's storescp: whom the desk trusts, how it says who it is, and that nothing is said in
/// the clear where TLS was asked for. Certificates are made by openssl for this run.
class DicomTlsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    TestCertificates m_certificates;

    QString keep(const char* name, const QByteArray& bytes) const {
        const QString path = m_folder.filePath(QLatin1String(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return {};
        return path;
    }
    static bool listens(int port) {
        for (int i = 0; i < 200; ++i) {
            QTcpSocket probe;
            probe.connectToHost(QStringLiteral("127.0.0.1"), static_cast<quint16>(port));
            if (probe.waitForConnected(200))
                return true;
            QTest::qWait(50);
        }
        return false;
    }
    /// Starts storescp and waits until it listens; returns its port.
    int serve(QProcess& process, const QStringList& arguments) const {
        const int port = freePort();
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral("storescp"), QStringList(arguments) << QString::number(port));
        if (!process.waitForStarted())
            return 0;
        return listens(port) ? port : 0;
    }
    [[nodiscard]] QStringList tlsArguments(const QByteArray& certificate, const QStringList& more) const {
        return QStringList{QStringLiteral("+tls"), keep("server.key", m_certificates.serverKey),
                           keep("server.pem", certificate), QStringLiteral("+cf"),
                           keep("ca.pem", m_certificates.authority)} +
               more;
    }
    [[nodiscard]] NetworkSettings settingsAt(int port) const {
        NetworkSettings settings;
        settings.platform = {QStringLiteral("STORESCP"), QStringLiteral("127.0.0.1"), port};
        settings.acseTimeout = std::chrono::seconds(10);
        settings.tls = DicomTls{m_certificates.authority, {}, {}};
        return settings;
    }
    static Error problemOf(const Status& status) { return status ? Error{} : status.error(); }

private Q_SLOTS:
    void initTestCase() {
        if (QStandardPaths::findExecutable(QStringLiteral("storescp")).isEmpty())
            QSKIP("no storescp (package dcmtk)");
        m_certificates = TestCertificates::make(m_folder.path());
        QVERIFY2(!m_certificates.serverCertificate.isEmpty(), "openssl made no certificates");
    }

    void trusted() {
        QProcess server;
        const int port = serve(server, tlsArguments(m_certificates.serverCertificate, {QStringLiteral("-ic")}));
        QVERIFY(port > 0);
        const Status answered = echo(settingsAt(port), {});
        QVERIFY2(answered, qPrintable(problemOf(answered).toString()));
        auto association =
            Association::open(settingsAt(port), {{QLatin1String(kVerification), messageTransferSyntaxes()}}, {});
        QVERIFY(association);
        const LineFacts line = (*association)->line();
        QVERIFY(line.isEncrypted);
        QVERIFY(!line.certificateName.isEmpty());
        QVERIFY(line.certificateEnds > QDateTime::currentDateTimeUtc());
        (*association)->release();
        server.kill();
        server.waitForFinished();
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("certificate");
        QTest::addColumn<QByteArray>("authority");
        QTest::addColumn<QString>("host");
        const TestCertificates& c = m_certificates;
        QTest::newRow("another authority") << c.serverCertificate << c.strangerAuthority << "127.0.0.1";
        QTest::newRow("the system's authorities") << c.serverCertificate << QByteArray() << "127.0.0.1";
        QTest::newRow("expired") << c.expiredCertificate << c.authority << "127.0.0.1";
        QTest::newRow("another name") << c.serverCertificate << c.authority << "localhost";
    }
    void refused() {
        QFETCH(QByteArray, certificate);
        QFETCH(QByteArray, authority);
        QFETCH(QString, host);
        QProcess server;
        const int port = serve(server, tlsArguments(certificate, {QStringLiteral("-ic")}));
        QVERIFY(port > 0);
        NetworkSettings settings = settingsAt(port);
        settings.platform.host = host;
        settings.tls->authorities = authority;
        const Status answered = echo(settings, {});
        QVERIFY(!answered);
        QCOMPARE(errorName(answered.error().code), QStringLiteral("ServerCertificateRefused"));
        QVERIFY(!answered.error().detail.isEmpty());
        server.kill();
        server.waitForFinished();
    }

    void bothShowACertificate() {
        QProcess server;
        const int port = serve(server, tlsArguments(m_certificates.serverCertificate, {QStringLiteral("-rc")}));
        QVERIFY(port > 0);
        NetworkSettings settings = settingsAt(port);
        QVERIFY(!echo(settings, {})); // the server wants one
        settings.tls->certificate = m_certificates.clientCertificate;
        settings.tls->key = m_certificates.clientKey;
        const Status answered = echo(settings, {});
        QVERIFY2(answered, qPrintable(problemOf(answered).toString()));
        server.kill();
        server.waitForFinished();
    }

    void neverInTheClear() {
        // A server without TLS hears no word of DICOM from a desk that wants TLS...
        QTcpServer plain;
        QVERIFY(plain.listen(QHostAddress::LocalHost));
        QByteArray heard;
        Status answered;
        std::thread desk([&, settings = settingsAt(plain.serverPort())] { answered = echo(settings, {}); });
        QVERIFY(plain.waitForNewConnection(10000));
        QTcpSocket* socket = plain.nextPendingConnection();
        QVERIFY(socket->waitForReadyRead(10000));
        heard = socket->readAll();
        socket->write("\x03\x00\x00\x00\x00\x04\x00\x01\x01\x07", 10); // A-ASSOCIATE-RJ
        socket->waitForBytesWritten(2000);
        desk.join();
        QVERIFY(heard.startsWith('\x16')); // a TLS handshake record
        QVERIFY(!heard.contains("YUANZHEN"));
        QVERIFY(!answered);
        QCOMPARE(errorName(answered.error().code), QStringLiteral("TlsFailed"));
        // ... and a server with TLS takes none that comes without.
        QProcess server;
        const int port = serve(server, tlsArguments(m_certificates.serverCertificate, {QStringLiteral("-ic")}));
        QVERIFY(port > 0);
        NetworkSettings settings = settingsAt(port);
        settings.tls.reset();
        settings.acseTimeout = std::chrono::seconds(3);
        QVERIFY(!echo(settings, {}));
        server.kill();
        server.waitForFinished();
    }

    void anOldServerIsRefused() {
        const int port = freePort();
        QProcess server; // TLS 1.1 at most
        server.start(QStringLiteral("openssl"),
                     {QStringLiteral("s_server"), QStringLiteral("-accept"), QString::number(port),
                      QStringLiteral("-key"), keep("server.key", m_certificates.serverKey), QStringLiteral("-cert"),
                      keep("server.pem", m_certificates.serverCertificate), QStringLiteral("-tls1_1"),
                      QStringLiteral("-cipher"), QStringLiteral("ALL:@SECLEVEL=0")});
        QVERIFY(server.waitForStarted());
        QVERIFY(listens(port));
        const Status answered = echo(settingsAt(port), {});
        QVERIFY(!answered);
        QCOMPARE(errorName(answered.error().code), QStringLiteral("TlsFailed"));
        server.kill();
        server.waitForFinished();
    }

    void cancelledInTheHandshake() {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        const CancelToken token;
        QElapsedTimer timer;
        timer.start();
        std::thread later([token] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            token.cancel();
        });
        const Status answered = echo(settingsAt(silent.serverPort()), token);
        later.join();
        QVERIFY(!answered);
        QCOMPARE(errorName(answered.error().code), QStringLiteral("Cancelled"));
        QVERIFY(timer.elapsed() < 5000);
    }

    void brokenSettings_data() {
        QTest::addColumn<int>("which");
        QTest::newRow("authorities") << 0;
        QTest::newRow("our certificate") << 1;
        QTest::newRow("our key") << 2;
    }
    void brokenSettings() {
        QFETCH(int, which);
        NetworkSettings settings = settingsAt(1);
        settings.tls->certificate = m_certificates.clientCertificate;
        settings.tls->key = m_certificates.clientKey;
        (which == 0   ? settings.tls->authorities
         : which == 1 ? settings.tls->certificate
                      : settings.tls->key) = "-----BEGIN nonsense";
        QCOMPARE(echo(settings, {}).error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(DicomTlsTest)
#include "dicom_tls_test.moc"
