#include "fake_server.h"
#include "sample_source.h"

#include "exchange/fhir_mapping.h"
#include "exchange/target_probe.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <thread>

using namespace yz;
using namespace yz::exchange;
using namespace std::chrono_literals;
using test::FakeServer;

namespace {

using Form = ReportTarget::Form;
using Reply = FakeServer::Reply;

ReportTarget targetAt(Form form, const QString& scheme, int port, const QString& path = {}) {
    ReportTarget target =
        test::exchangeTarget(form, QStringLiteral("%1://localhost:%2%3").arg(scheme).arg(port).arg(path));
    target.timeout = 3000ms;
    return target;
}

std::optional<Reply> silent(const QByteArray&, int) { return std::nullopt; }

/// A FHIR server that says what it can; everything else is 404.
class Capabilities {
public:
    QByteArray version = "4.0.1";
    QByteArray leftOut; ///< a resource it does not create conditionally
    bool hasTransaction = true;
    int reportsStatus = 200; ///< of a search for reports
    FakeServer::Handler handler() {
        return [this](const QByteArray& received, int) -> std::optional<Reply> {
            const std::optional<test::HttpRequest> request = test::httpRequest(received);
            if (!request)
                return std::nullopt;
            if (request->target.startsWith("/fhir/DiagnosticReport?"))
                return Reply{test::httpAnswer(reportsStatus, R"({"resourceType":"Bundle","total":0})"), true};
            if (request->target != "/fhir/metadata")
                return Reply{test::httpAnswer(404), true};
            QByteArray resources;
            for (const FhirEntry& entry : fhirEntries())
                if (entry.resource != leftOut)
                    resources += QByteArray(resources.isEmpty() ? "" : ",") + R"({"type":")" + entry.resource +
                                 R"(","interaction":[{"code":"create"}],"conditionalCreate":true})";
            return Reply{test::httpAnswer(200, R"({"resourceType":"CapabilityStatement","fhirVersion":")" + version +
                                                   R"(","software":{"name":"Muster","version":"6.2"},)" +
                                                   R"("rest":[{"mode":"server","interaction":[)" +
                                                   (hasTransaction ? R"({"code":"transaction"})" : "") +
                                                   R"(],"resource":[)" + resources + "]}]}"),
                         true};
        };
    }
};

/// What was sent to a server altogether.
QByteArray sentTo(const FakeServer& server) {
    QByteArray all;
    for (const QByteArray& each : server.received())
        all += each;
    return all;
}

ErrorCode codeOf(const TargetAnswer& answer) { return answer.problem ? answer.problem->code : ErrorCode::Internal; }

} // namespace

/// The test button of a receiver: what it finds out, and that nothing it sends could be taken for a report.
class ProbeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_hasCertificates = test::makeTestCertificates(m_folder.path()); }

    void mllpSendsNothing() {
        const FakeServer server(silent); // as receivers are that wait for a message
        const TargetAnswer answer = probe(targetAt(Form::Hl7Oru, "mllp", server.port()), CancelToken());
        QVERIFY2(!answer.problem, answer.problem ? qPrintable(answer.problem->toString()) : "");
        QVERIFY(!answer.isEncrypted);
        QCOMPARE(server.connections(), 1);
        QCOMPARE(sentTo(server), QByteArray());
    }

    void tls_data() {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("authority");
        QTest::addColumn<QString>("reason"); // of the refusal
        QTest::newRow("good") << "server.pem"
                              << "ca.pem"
                              << "";
        QTest::newRow("expired") << "expired.pem"
                                 << "ca.pem"
                                 << "expired";
        QTest::newRow("of another host") << "elsewhere.pem"
                                         << "ca.pem"
                                         << "host name";
        QTest::newRow("of another authority") << "server.pem"
                                              << "other.pem"
                                              << "";
    }

    /// The same of all four: receivers differ in what is said over the line, not in whom they must be.
    void tls() {
        QFETCH(QString, certificate);
        QFETCH(QString, authority);
        QFETCH(QString, reason);
        if (!m_hasCertificates)
            QSKIP("no openssl");
        const bool isGood = certificate == u"server.pem" && authority == u"ca.pem";
        Capabilities capabilities;
        const QByteArray file = certificate.toLatin1();
        const FakeServer web(capabilities.handler(), test::serverTls(m_folder.path(), false, file.constData()));
        const FakeServer bare(silent, test::serverTls(m_folder.path(), false, file.constData()));
        const TlsIdentity identity{m_folder.filePath(authority), {}, {}};
        ReportTarget hl7 = targetAt(Form::Hl7Oru, "mllps", bare.port());
        ReportTarget fhir = targetAt(Form::FhirBundle, "https", web.port(), "/fhir");
        AuditTarget audit;
        audit.address = QUrl(QStringLiteral("syslogs://localhost:%1").arg(bare.port()));
        hl7.tls = fhir.tls = audit.tls = identity;
        audit.timeout = 3000ms;
        for (const TargetAnswer& answer :
             {probe(hl7, CancelToken()), probe(fhir, CancelToken()), probe(audit, CancelToken())}) {
            // Shown in either case: who sets the site up sees whose certificate it is and when it ends.
            QCOMPARE(answer.certificateName, QStringLiteral("server"));
            QVERIFY(answer.certificateEnds.isValid());
            QCOMPARE(answer.isEncrypted, isGood);
            if (isGood) {
                QVERIFY2(!answer.problem, answer.problem ? qPrintable(answer.problem->toString()) : "");
                const qint64 days = QDateTime::currentDateTimeUtc().daysTo(answer.certificateEnds);
                QVERIFY2(days >= 29 && days <= 30, qPrintable(QString::number(days)));
            } else {
                QCOMPARE(codeOf(answer), ErrorCode::ServerCertificateRefused);
                QVERIFY2(answer.problem->detail.contains(reason), qPrintable(answer.problem->detail));
            }
            if (certificate == u"expired.pem")
                QCOMPARE(answer.certificateEnds.date(), QDate(2021, 1, 1));
        }
        QCOMPARE(sentTo(bare), QByteArray());
        if (!isGood)
            QCOMPARE(sentTo(web), QByteArray());
    }

    void ownCertificateIsAskedFor() {
        if (!m_hasCertificates)
            QSKIP("no openssl");
        const FakeServer server(silent, test::serverTls(m_folder.path(), true));
        ReportTarget target = targetAt(Form::Hl7Oru, "mllps", server.port());
        target.tls.caFile = m_folder.filePath(QStringLiteral("ca.pem"));
        QVERIFY(probe(target, CancelToken()).problem); // without: TLS 1.3 says so only afterwards
        target.tls.certificateFile = m_folder.filePath(QStringLiteral("client.pem"));
        QFile key(m_folder.filePath(QStringLiteral("client.key")));
        QVERIFY(key.open(QIODevice::ReadOnly));
        target.tls.key = key.readAll();
        const TargetAnswer answer = probe(target, CancelToken());
        QVERIFY2(!answer.problem, answer.problem ? qPrintable(answer.problem->toString()) : "");
    }

    void nobodyThere_data() { forms(); }
    void nobodyThere() {
        QFETCH(int, form);
        QFETCH(QString, scheme);
        int port = 0;
        {
            QTcpServer taken;
            QVERIFY(taken.listen(QHostAddress::LocalHost));
            port = taken.serverPort();
        }
        QElapsedTimer timer;
        timer.start();
        const TargetAnswer answer = probe(targetAt(static_cast<Form>(form), scheme, port, "/fhir"), CancelToken());
        QCOMPARE(codeOf(answer), ErrorCode::PlatformUnreachable);
        QVERIFY(timer.elapsed() < 2500);
    }

    void closesAtOnce() {
        const FakeServer server([](const QByteArray&, int) { return std::optional(Reply{{}, true}); });
        QCOMPARE(codeOf(probe(targetAt(Form::Hl7Oru, "mllp", server.port()), CancelToken())), ErrorCode::PeerError);
        QVERIFY(probe(targetAt(Form::FhirBundle, "http", server.port(), "/fhir"), CancelToken()).problem);
    }

    void silence_data() {
        QTest::addColumn<int>("form");
        QTest::addColumn<QString>("scheme");
        QTest::newRow("a handshake that does not come") << static_cast<int>(Form::Hl7Oru) << "mllps";
        QTest::newRow("an answer that does not come") << static_cast<int>(Form::FhirBundle) << "http";
        QTest::newRow("documents") << static_cast<int>(Form::CdaDocument) << "http";
    }
    void silence() {
        QFETCH(int, form);
        QFETCH(QString, scheme);
        const FakeServer server(silent);
        ReportTarget target = targetAt(static_cast<Form>(form), scheme, server.port(), "/fhir");
        target.timeout = 600ms;
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(codeOf(probe(target, CancelToken())), ErrorCode::NetworkTimeout);
        QVERIFY(timer.elapsed() >= 500);
        // Nobody has to wait for that.
        target.timeout = 60000ms;
        const CancelToken token;
        std::thread impatient([token] {
            std::this_thread::sleep_for(300ms);
            token.cancel();
        });
        timer.restart();
        const TargetAnswer answer = probe(target, token);
        impatient.join();
        QCOMPARE(codeOf(answer), ErrorCode::Cancelled);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    void fhirSaysWhatItCan() {
        Capabilities capabilities;
        const FakeServer server(capabilities.handler());
        const TargetAnswer answer = probe(targetAt(Form::FhirBundle, "http", server.port(), "/fhir"), CancelToken());
        QVERIFY2(!answer.problem, answer.problem ? qPrintable(answer.problem->toString()) : "");
        QCOMPARE(answer.said, QStringLiteral("Muster 6.2, FHIR 4.0.1"));
        QVERIFY(answer.offered.contains(QStringLiteral("transaction")));
        QVERIFY(answer.offered.contains(QStringLiteral("DiagnosticReport")));
        QVERIFY(answer.missing.isEmpty());
        QCOMPARE(server.received().size(), size_t(1));
        QVERIFY(server.received()[0].startsWith("GET /fhir/metadata HTTP/1.1\r\n"));
    }

    void fhirThatLacksSomething_data() {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("leftOut");
        QTest::addColumn<bool>("hasTransaction");
        QTest::addColumn<QString>("missing");
        QTest::newRow("another version") << QByteArray("5.0.0") << QByteArray() << true << "";
        QTest::newRow("DSTU2") << QByteArray("1.0.2") << QByteArray() << true << "";
        QTest::newRow("no reports") << QByteArray("4.0.1") << QByteArray("DiagnosticReport") << true
                                    << "DiagnosticReport";
        QTest::newRow("no transactions") << QByteArray("4.0.1") << QByteArray() << false << "transaction";
    }
    void fhirThatLacksSomething() {
        QFETCH(QByteArray, version);
        QFETCH(QByteArray, leftOut);
        QFETCH(bool, hasTransaction);
        QFETCH(QString, missing);
        Capabilities capabilities;
        capabilities.version = version;
        capabilities.leftOut = leftOut;
        capabilities.hasTransaction = hasTransaction;
        const FakeServer server(capabilities.handler());
        const TargetAnswer answer = probe(targetAt(Form::FhirBundle, "http", server.port(), "/fhir"), CancelToken());
        QCOMPARE(codeOf(answer),
                 missing.isEmpty() ? ErrorCode::AnswerUnexpected : ErrorCode::PresentationContextRefused);
        QCOMPARE(answer.missing.join(u','), missing);
        QVERIFY(answer.said.contains(QString::fromLatin1(version)));
    }

    /// Metadata is open to everybody: whether we are let in shows a search that finds nothing.
    void fhirAndWhoWeAre() {
        Capabilities capabilities;
        const FakeServer server(capabilities.handler());
        ReportTarget target = targetAt(Form::FhirBundle, "http", server.port(), "/fhir");
        target.authorization = "Bearer abc";
        QVERIFY(!probe(target, CancelToken()).problem);
        QCOMPARE(server.received().size(), size_t(2));
        for (const QByteArray& received : server.received()) {
            QVERIFY(received.startsWith("GET "));
            QVERIFY(received.toLower().contains("authorization: bearer abc"));
        }
        QVERIFY(server.received()[1].contains("_summary=count"));
        capabilities.reportsStatus = 401;
        QCOMPARE(codeOf(probe(target, CancelToken())), ErrorCode::CredentialsRefused);
        capabilities.reportsStatus = 403;
        QCOMPARE(codeOf(probe(target, CancelToken())), ErrorCode::AccessForbidden);
    }

    void noFhirThere_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("code");
        QTest::newRow("another page") << test::httpAnswer(200, "<html>", "text/html")
                                      << static_cast<int>(ErrorCode::AnswerUnexpected);
        QTest::newRow("not found") << test::httpAnswer(404) << static_cast<int>(ErrorCode::NotFound);
        QTest::newRow("moved") << test::httpAnswer(302) << static_cast<int>(ErrorCode::AnswerUnexpected);
        QTest::newRow("busy") << test::httpAnswer(503) << static_cast<int>(ErrorCode::ServerBusy);
        QTest::newRow("broken") << test::httpAnswer(500) << static_cast<int>(ErrorCode::PeerError);
        QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n")
                                 << static_cast<int>(ErrorCode::AnswerUnexpected);
    }
    void noFhirThere() {
        QFETCH(QByteArray, answer);
        QFETCH(int, code);
        const FakeServer server([&](const QByteArray& received, int) -> std::optional<Reply> {
            return received.contains("\r\n\r\n") ? std::optional(Reply{answer, true}) : std::nullopt;
        });
        QCOMPARE(
            static_cast<int>(codeOf(probe(targetAt(Form::FhirBundle, "http", server.port(), "/fhir"), CancelToken()))),
            code);
    }

    void documents_data() {
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<int>("code");
        const int good = static_cast<int>(ErrorCode::Internal);
        const auto allow = [](const QByteArray& methods) -> QByteArray {
            return "HTTP/1.1 200 OK\r\nAllow: " + methods + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        };
        QTest::newRow("takes documents") << QByteArray(allow("OPTIONS, GET, HEAD, PUT")) << QByteArray() << good;
        QTest::newRow("takes none") << QByteArray(allow("OPTIONS, GET, HEAD")) << QByteArray()
                                    << static_cast<int>(ErrorCode::PresentationContextRefused);
        QTest::newRow("does not say") << test::httpAnswer(204) << QByteArray() << good;
        QTest::newRow("OPTIONS not known") << test::httpAnswer(405) << test::httpAnswer(200) << good;
        QTest::newRow("no such folder") << test::httpAnswer(405) << test::httpAnswer(404)
                                        << static_cast<int>(ErrorCode::NotFound);
        QTest::newRow("not let in") << test::httpAnswer(401) << QByteArray()
                                    << static_cast<int>(ErrorCode::CredentialsRefused);
    }
    void documents() {
        QFETCH(QByteArray, options);
        QFETCH(QByteArray, head);
        QFETCH(int, code);
        const FakeServer server([&](const QByteArray& received, int) -> std::optional<Reply> {
            if (!received.contains("\r\n\r\n"))
                return std::nullopt;
            return Reply{received.startsWith("OPTIONS ") ? options : head, true};
        });
        const TargetAnswer answer =
            probe(targetAt(Form::CdaDocument, "http", server.port(), "/reports/"), CancelToken());
        QCOMPARE(static_cast<int>(codeOf(answer)), code);
        for (const QByteArray& received : server.received()) // nothing is put there
            QVERIFY(received.startsWith("OPTIONS /reports/") || received.startsWith("HEAD /reports/"));
    }

    void folder() {
        ReportTarget target = test::exchangeTarget(Form::CdaDocument);
        target.address = QUrl::fromLocalFile(m_folder.filePath(QStringLiteral("nowhere")));
        QCOMPARE(codeOf(probe(target, CancelToken())), ErrorCode::FileNotFound);
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("out")));
        target.address = QUrl::fromLocalFile(m_folder.filePath(QStringLiteral("out")));
        QVERIFY(!probe(target, CancelToken()).problem);
        QVERIFY(QDir(m_folder.filePath(QStringLiteral("out"))).isEmpty());
    }

    void notInTheClear() {
        ReportTarget target = test::exchangeTarget(Form::Hl7Oru, QStringLiteral("mllp://his.example:2575"));
        QCOMPARE(codeOf(probe(target, CancelToken())), ErrorCode::NotAllowed);
        target = test::exchangeTarget(Form::FhirBundle, QStringLiteral("http://his.example/fhir"));
        QCOMPARE(codeOf(probe(target, CancelToken())), ErrorCode::NotAllowed);
        target = test::exchangeTarget(Form::FhirBundle, QStringLiteral("mllp://localhost:1"));
        QCOMPARE(codeOf(probe(target, CancelToken())), ErrorCode::NotAllowed);
    }

private:
    static void forms() {
        QTest::addColumn<int>("form");
        QTest::addColumn<QString>("scheme");
        QTest::newRow("MLLP") << static_cast<int>(Form::Hl7Oru) << "mllp";
        QTest::newRow("MLLPS") << static_cast<int>(Form::Hl7Oru) << "mllps";
        QTest::newRow("FHIR") << static_cast<int>(Form::FhirBundle) << "http";
        QTest::newRow("documents") << static_cast<int>(Form::CdaDocument) << "http";
    }
    QTemporaryDir m_folder;
    bool m_hasCertificates = false;
};

QTEST_GUILESS_MAIN(ProbeTest)
#include "probe_test.moc"
