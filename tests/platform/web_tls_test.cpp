#include "fake_web_server.h"
#include "platform/web_study_client.h"

#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// HTTPS: whom the desk trusts, and how it says who it is. Certificates are made by openssl for this run.
class WebTlsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_certificates = TestCertificates::make(m_folder.path());
        QVERIFY2(!m_certificates.serverCertificate.isEmpty(), "openssl made no certificates");
        QVERIFY(QSslSocket::supportsSsl());
    }

    void trusted() {
        const FakeWebServer server(answer, {m_certificates.serverCertificate, m_certificates.serverKey, {}});
        WebStudyClient client(nodeAt(server, m_certificates.authority));
        const auto found = client.findStudies({}, {});
        QVERIFY2(found, found ? "" : qPrintable(found.error().toString()));
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
        const FakeWebServer server(answer, {certificate, m_certificates.serverKey, {}});
        WebNode node = nodeAt(server, authority);
        node.root.setHost(host);
        node.authorization = WebAuthorization::Bearer;
        node.secret = QStringLiteral("token");
        WebStudyClient client(node);
        const auto found = client.findStudies({}, {});
        QVERIFY(!found);
        QCOMPARE(errorName(found.error().code), QStringLiteral("ServerCertificateRefused"));
        QVERIFY(!found.error().detail.isEmpty());
        QVERIFY(server.requests().isEmpty()); // nothing was said to it, the token least of all
    }

    void mutual() {
        const FakeWebServer server(
            answer, {m_certificates.serverCertificate, m_certificates.serverKey, m_certificates.authority});
        WebNode node = nodeAt(server, m_certificates.authority);
        WebStudyClient nameless(node);
        QVERIFY(!nameless.findStudies({}, {}));
        QVERIFY(server.requests().isEmpty());
        node.certificate = m_certificates.clientCertificate;
        node.key = m_certificates.clientKey;
        WebStudyClient known(node);
        const auto found = known.findStudies({}, {});
        QVERIFY2(found, found ? "" : qPrintable(found.error().toString()));
    }

    void brokenSettings_data() {
        QTest::addColumn<int>("which");
        QTest::newRow("authorities") << 0;
        QTest::newRow("our certificate") << 1;
        QTest::newRow("our key") << 2;
    }
    void brokenSettings() {
        QFETCH(int, which);
        const FakeWebServer server(answer, {m_certificates.serverCertificate, m_certificates.serverKey, {}});
        WebNode node = nodeAt(server, m_certificates.authority);
        node.certificate = m_certificates.clientCertificate;
        node.key = m_certificates.clientKey;
        (which == 0 ? node.authorities : which == 1 ? node.certificate : node.key) = "-----BEGIN nonsense";
        WebStudyClient client(node);
        QCOMPARE(client.findStudies({}, {}).error().code, ErrorCode::InvalidArgument);
    }

    void aServerWithoutTls() {
        const FakeWebServer server(answer);
        WebStudyClient client(nodeAt(server, m_certificates.authority));
        const auto found = client.findStudies({}, {});
        QVERIFY(!found);
        QCOMPARE(errorName(found.error().code), QStringLiteral("TlsFailed"));
        QVERIFY(server.requests().isEmpty());
    }

private:
    static ScriptedAnswer answer(const SeenRequest&) { return jsonAnswer("[]"); }
    static WebNode nodeAt(const FakeWebServer& server, const QByteArray& authority) {
        WebNode node;
        node.root = QUrl(QStringLiteral("https://127.0.0.1:%1/dicom-web").arg(server.port()));
        node.authorities = authority;
        node.tries = 1;
        return node;
    }

    QTemporaryDir m_folder;
    TestCertificates m_certificates;
};

QTEST_GUILESS_MAIN(WebTlsTest)
#include "web_tls_test.moc"
