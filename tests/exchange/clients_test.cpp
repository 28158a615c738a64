#include "fake_server.h"
#include "sample_source.h"

#include "exchange/document_client.h"
#include "exchange/fhir_bundle_writer.h"
#include "exchange/fhir_client.h"
#include "exchange/hl7_ack.h"
#include "exchange/http_client.h"
#include "exchange/mllp_client.h"
#include "exchange/report_message.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace yz::exchange;
using namespace std::chrono_literals;
using test::FakeServer;

namespace {

using Form = ReportTarget::Form;
using Reply = FakeServer::Reply;

const QString kId = QStringLiteral("YZ0123456789ABCDEF01");
const QByteArray kMessage = "MSH|^~\\&|YUANZHEN\rPID|1\r";

QByteArray framed(const QByteArray& message) { return '\x0b' + message + "\x1c\r"; }

QByteArray ack(const QByteArray& code, const QByteArray& id = kId.toLatin1(), const QByteArray& error = {}) {
    QByteArray text = "MSH|^~\\&|HIS|QS|YZ|C|20260302||ACK|9|P|2.5.1\rMSA|" + code + '|' + id + "|\xe7\x8e\x8b\r";
    if (!error.isEmpty())
        text += "ERR||PID^1^3|" + error + "^x^HL70357|E\r";
    return framed(text);
}

/// Answers each whole message.
FakeServer::Handler answering(const QByteArray& answer, bool close = false) {
    return [answer, close](const QByteArray& received, int) -> std::optional<Reply> {
        return received.endsWith("\x1c\r") ? std::optional(Reply{answer, close}) : std::nullopt;
    };
}

Result<QString> sendTo(const FakeServer& server, std::chrono::milliseconds timeout = 5000ms) {
    ReportTarget target = test::exchangeTarget(Form::Hl7Oru, QStringLiteral("mllp://127.0.0.1:%1").arg(server.port()));
    target.timeout = timeout;
    return MllpClient(target).send(kMessage, kId, CancelToken());
}

ErrorCode codeOf(const Result<QString>& result) { return result ? ErrorCode::Internal : result.error().code; }

/// A FHIR server in memory: conditional create of a transaction's entries, search by identifier.
class FhirMemory {
public:
    QMap<QString, QString> placeOf; ///< If-None-Exist -> place
    int created = 0;

    QByteArray take(const QByteArray& body) {
        QJsonArray answers;
        for (const QJsonValue& entry : QJsonDocument::fromJson(body).object()["entry"].toArray()) {
            const QString type = entry["resource"]["resourceType"].toString();
            const QString key = QString(type + u'?' + entry["request"]["ifNoneExist"].toString());
            const bool isNew = !placeOf.contains(key);
            if (isNew)
                placeOf.insert(key, QStringLiteral("%1/%2").arg(type).arg(++created));
            answers.append(QJsonObject{
                {"response", QJsonObject{{"status", isNew ? "201 Created" : "200 OK"},
                                         {"location", QString(placeOf[key] + QStringLiteral("/_history/1"))}}}});
        }
        return QJsonDocument(
                   QJsonObject{{"resourceType", "Bundle"}, {"type", "transaction-response"}, {"entry", answers}})
            .toJson();
    }
    QByteArray find(const QByteArray& target) const {
        QJsonArray entries;
        const QString key = QString::fromLatin1(target.mid(target.indexOf("DiagnosticReport")));
        if (placeOf.contains(key)) {
            const QString value = QUrl::fromPercentEncoding(key.toLatin1()).section(u'|', 1);
            entries.append(
                QJsonObject{{"resource", QJsonObject{{"resourceType", "DiagnosticReport"},
                                                     {"id", placeOf[key].section(u'/', 1)},
                                                     {"identifier", QJsonArray{QJsonObject{{"value", value}}}}}}});
        }
        return QJsonDocument(QJsonObject{{"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", entries}})
            .toJson();
    }
};

} // namespace

class ExchangeClientsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    bool m_hasTls = false;

    [[nodiscard]] QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    [[nodiscard]] QByteArray content(const char* name) const {
        QFile read(file(name));
        return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
    }
    [[nodiscard]] ReportTarget tlsTarget(const FakeServer& server, const char* scheme,
                                         const char* ca = "ca.pem") const {
        const bool isHttp = qstrcmp(scheme, "https") == 0;
        ReportTarget target =
            test::exchangeTarget(isHttp ? Form::FhirBundle : Form::Hl7Oru,
                                 QStringLiteral("%1://localhost:%2").arg(QLatin1String(scheme)).arg(server.port()));
        target.tls.caFile = file(ca);
        target.timeout = 5s;
        return target;
    }

private Q_SLOTS:
    void initTestCase() { m_hasTls = test::makeTestCertificates(m_folder.path()); }

    void acknowledgementsAreJudged_data() {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<Hl7Verdict>("verdict");
        QTest::newRow("AA") << QByteArray("AA") << QByteArray() << Hl7Verdict::Accepted;
        QTest::newRow("CA") << QByteArray("CA") << QByteArray() << Hl7Verdict::Accepted;
        QTest::newRow("AE") << QByteArray("AE") << QByteArray() << Hl7Verdict::Refused;
        QTest::newRow("AE required field missing") << QByteArray("AE") << QByteArray("101") << Hl7Verdict::Refused;
        QTest::newRow("AE record locked") << QByteArray("AE") << QByteArray("206") << Hl7Verdict::TryAgain;
        QTest::newRow("AE internal error") << QByteArray("AE") << QByteArray("207") << Hl7Verdict::TryAgain;
        QTest::newRow("AR") << QByteArray("AR") << QByteArray() << Hl7Verdict::TryAgain;
        QTest::newRow("AR unsupported message") << QByteArray("AR") << QByteArray("200") << Hl7Verdict::Refused;
        QTest::newRow("CE") << QByteArray("CE") << QByteArray() << Hl7Verdict::TryAgain;
        QTest::newRow("CR") << QByteArray("CR") << QByteArray() << Hl7Verdict::Refused;
    }
    void acknowledgementsAreJudged() {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, error);
        QFETCH(Hl7Verdict, verdict);
        const Result<Hl7Ack> parsed = parseAck(ack(code, "X1", error).mid(1));
        QVERIFY(parsed);
        QCOMPARE(parsed->controlId, QStringLiteral("X1"));
        QVERIFY(verdictOn(*parsed) == verdict);
        const FakeServer server(answering(ack(code, kId.toLatin1(), error)));
        const Result<QString> sent = sendTo(server);
        QCOMPARE(sent.has_value(), verdict == Hl7Verdict::Accepted);
        if (verdict != Hl7Verdict::Accepted)
            QCOMPARE(sent.error().code,
                     verdict == Hl7Verdict::Refused ? ErrorCode::PeerRefusedObject : ErrorCode::PeerOutOfResources);
        else
            QCOMPARE(*sent, QString(QString::fromLatin1(code) + u' ' + kId));
    }
    void errorsOfOlderVersionsAreRead() {
        const Result<Hl7Ack> parsed =
            parseAck("MSH|^~\\&|A|B|C|D|1||ACK|1|P|2.3\rMSA|AE|7\rERR|PID^1^3^207&Internal\r");
        QVERIFY(parsed);
        QCOMPARE(parsed->error, QStringLiteral("207"));
        QVERIFY(!parseAck("MSH|^~\\&|A\rMSA|OK|7\r"));
        QVERIFY(!parseAck("hello"));
        QVERIFY(!parseAck({}));
    }

    void theMessageArrivesAsItIs() {
        const FakeServer server(answering(ack("AA")));
        QVERIFY(sendTo(server));
        QCOMPARE(server.received().at(0), framed(kMessage));
    }
    void answersInPieces() {
        const QByteArray whole = ack("AA");
        const FakeServer server([whole](const QByteArray& received, int) -> std::optional<Reply> {
            return received.endsWith("\x1c\r") ? std::optional(Reply{whole.left(30)}) : std::nullopt;
        });
        QCOMPARE(codeOf(sendTo(server, 600ms)), ErrorCode::NetworkTimeout); // half an acknowledgement
        const FakeServer closing(answering(whole.left(30), true));
        QCOMPARE(codeOf(sendTo(closing)), ErrorCode::PeerError);
        const FakeServer noEnd(answering(whole.left(whole.size() - 1)));
        QVERIFY(sendTo(noEnd)); // the last CR may be missing
    }
    void answersForAnotherMessage() {
        const FakeServer wrong(answering(ack("AA", "YZ-OTHER")));
        QCOMPARE(codeOf(sendTo(wrong, 600ms)), ErrorCode::PeerError);
        const FakeServer late(answering(ack("AE", "YZ-OTHER") + ack("AA")));
        QVERIFY(sendTo(late));
        const FakeServer closed(answering(ack("AA", "YZ-OTHER"), true));
        QCOMPARE(codeOf(sendTo(closed)), ErrorCode::PeerError);
    }
    void noAnswer() {
        const FakeServer silent([](const QByteArray&, int) { return std::optional<Reply>(); });
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(codeOf(sendTo(silent, 500ms)), ErrorCode::NetworkTimeout);
        QVERIFY(timer.elapsed() < 5000);
        const FakeServer closing(answering({}, true));
        QCOMPARE(codeOf(sendTo(closing)), ErrorCode::PeerError);
        const FakeServer noise(answering(framed("hello")));
        QCOMPARE(codeOf(sendTo(noise)), ErrorCode::PeerError);
        const FakeServer endless(answering('\x0b' + QByteArray(400000, 'x')));
        QCOMPARE(codeOf(sendTo(endless)), ErrorCode::PeerError);
    }
    void nobodyThere() {
        int port = 0;
        {
            const FakeServer server(answering({}));
            port = server.port();
        }
        const ReportTarget target = test::exchangeTarget(Form::Hl7Oru, QStringLiteral("mllp://127.0.0.1:%1").arg(port));
        QCOMPARE(codeOf(MllpClient(target).send(kMessage, kId, CancelToken())), ErrorCode::PlatformUnreachable);
    }
    void cancelledSoon() {
        const FakeServer silent([](const QByteArray&, int) { return std::optional<Reply>(); });
        const ReportTarget target =
            test::exchangeTarget(Form::Hl7Oru, QStringLiteral("mllp://127.0.0.1:%1").arg(silent.port()));
        CancelToken token;
        token.cancel();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(codeOf(MllpClient(target).send(kMessage, kId, token)), ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 3000);
    }
    void plainOnlyWhereAllowed() {
        ReportTarget target = test::exchangeTarget(Form::Hl7Oru, QStringLiteral("mllp://192.0.2.1:2575"));
        QCOMPARE(codeOf(MllpClient(target).send(kMessage, kId, CancelToken())), ErrorCode::NotAllowed);
        target = test::exchangeTarget(Form::FhirBundle, QStringLiteral("http://192.0.2.1/fhir"));
        QCOMPARE(codeOf(FhirClient(target).send("{}", InstanceUid(QStringLiteral("1.2")), false, CancelToken())),
                 ErrorCode::NotAllowed);
    }

    void overTls() {
        if (!m_hasTls)
            QSKIP("no openssl program");
        const FakeServer server(answering(ack("AA")), test::serverTls(m_folder.path()));
        const Result<QString> sent = MllpClient(tlsTarget(server, "mllps")).send(kMessage, kId, CancelToken());
        QVERIFY2(sent, sent ? "" : qPrintable(sent.error().toString()));
        QCOMPARE(server.received().at(0), framed(kMessage));
    }
    void strangersGetNothing() {
        if (!m_hasTls)
            QSKIP("no openssl program");
        const FakeServer server(answering(ack("AA")), test::serverTls(m_folder.path()));
        QCOMPARE(codeOf(MllpClient(tlsTarget(server, "mllps", "other.pem")).send(kMessage, kId, CancelToken())),
                 ErrorCode::CertificateUntrusted);
        ReportTarget byNumber = tlsTarget(server, "mllps");
        byNumber.address.setHost(QStringLiteral("127.0.0.1")); // not the name in the certificate
        QCOMPARE(codeOf(MllpClient(byNumber).send(kMessage, kId, CancelToken())), ErrorCode::CertificateUntrusted);
        const FakeServer web([](const QByteArray&, int) { return std::optional<Reply>(); },
                             test::serverTls(m_folder.path()));
        QCOMPARE(codeOf(FhirClient(tlsTarget(web, "https", "other.pem"))
                            .send("{}", InstanceUid(QStringLiteral("1.2")), false, CancelToken())),
                 ErrorCode::CertificateUntrusted);
        for (const QByteArray& bytes : server.received())
            QVERIFY(bytes.isEmpty());
        for (const QByteArray& bytes : web.received())
            QVERIFY(bytes.isEmpty());
    }
    void mutualTls() {
        if (!m_hasTls)
            QSKIP("no openssl program");
        const FakeServer server(answering(ack("AA")), test::serverTls(m_folder.path(), true));
        ReportTarget target = tlsTarget(server, "mllps");
        target.timeout = 3s;
        const Result<QString> without = MllpClient(target).send(kMessage, kId, CancelToken());
        QVERIFY(!without);
        target.tls.certificateFile = file("client.pem");
        target.tls.key = content("client.key");
        const Result<QString> with = MllpClient(target).send(kMessage, kId, CancelToken());
        QVERIFY2(with, with ? "" : qPrintable(with.error().toString()));
        target.tls.key = "no key";
        QCOMPARE(codeOf(MllpClient(target).send(kMessage, kId, CancelToken())), ErrorCode::NotAllowed);
    }

    void fhirOnceWhateverHappens() {
        const SignedReport report = test::exchangeReport();
        FhirMemory memory;
        bool losesAnswer = true;
        FakeServer server([&](const QByteArray& received, int) -> std::optional<Reply> {
            const auto request = test::httpRequest(received);
            if (!request)
                return std::nullopt;
            if (request->method == "GET")
                return Reply{test::httpAnswer(200, memory.find(request->target)), true};
            const QByteArray answer = test::httpAnswer(200, memory.take(request->body));
            if (losesAnswer)
                return Reply{answer.left(20), true}; // the server has it, the desk does not know
            return Reply{answer, true};
        });
        const ReportTarget target =
            test::exchangeTarget(Form::FhirBundle, QStringLiteral("http://127.0.0.1:%1/fhir").arg(server.port()));
        const QByteArray bundle = writeReportMessage(report, target, kId).value();
        FhirClient client(target);
        const InstanceUid& sr = report.document.srInstance;
        QCOMPARE(client.find(sr, CancelToken()).value(), QString());
        const Result<QString> first = client.send(bundle, sr, false, CancelToken());
        QVERIFY(!first);
        QCOMPARE(first.error().code, ErrorCode::PeerError);
        QCOMPARE(memory.created, 4);
        const Result<QString> second = client.send(bundle, sr, true, CancelToken());
        QVERIFY2(second, second ? "" : qPrintable(second.error().toString()));
        QCOMPARE(*second, QStringLiteral("found DiagnosticReport/4"));
        // And where the search finds nothing (an index that lags), the conditional create does.
        losesAnswer = false;
        const Result<QString> third = client.send(bundle, sr, false, CancelToken());
        QCOMPARE(third.value(), QStringLiteral("200 DiagnosticReport/4/_history/1"));
        QCOMPARE(memory.created, 4);
    }
    void httpAnswersAreJudged_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<ErrorCode>("code");
        const QByteArray bundle = R"({"resourceType":"Bundle","type":"transaction-response","entry":[]})";
        QTest::newRow("busy") << test::httpAnswer(503) << ErrorCode::PeerOutOfResources;
        QTest::newRow("too many") << test::httpAnswer(429) << ErrorCode::PeerOutOfResources;
        QTest::newRow("broken server") << test::httpAnswer(500) << ErrorCode::PeerOutOfResources;
        QTest::newRow("who are you") << test::httpAnswer(401) << ErrorCode::CertificateUntrusted;
        QTest::newRow("refused") << test::httpAnswer(422) << ErrorCode::PeerRefusedObject;
        QTest::newRow("several matches") << test::httpAnswer(412) << ErrorCode::PeerRefusedObject;
        QTest::newRow("moved") << QByteArray(
                                      "HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
                               << ErrorCode::PeerRefusedObject;
        QTest::newRow("no JSON") << test::httpAnswer(200, "hello") << ErrorCode::PeerError;
        QTest::newRow("no entries") << test::httpAnswer(200, bundle) << ErrorCode::PeerError;
        QTest::newRow("no HTTP") << QByteArray("SSH-2.0-x\r\n") << ErrorCode::PeerError;
        QTest::newRow("half") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{") << ErrorCode::PeerError;
    }
    void httpAnswersAreJudged() {
        QFETCH(QByteArray, answer);
        QFETCH(ErrorCode, code);
        FakeServer server([answer](const QByteArray& received, int) -> std::optional<Reply> {
            return test::httpRequest(received) ? std::optional(Reply{answer, true}) : std::nullopt;
        });
        const ReportTarget target =
            test::exchangeTarget(Form::FhirBundle, QStringLiteral("http://127.0.0.1:%1/fhir").arg(server.port()));
        const SignedReport report = test::exchangeReport();
        const Result<QString> sent = FhirClient(target).send(writeReportMessage(report, target, kId).value(),
                                                             report.document.srInstance, false, CancelToken());
        QCOMPARE(codeOf(sent), code);
    }
    void httpTimesOut() {
        FakeServer silent([](const QByteArray&, int) { return std::optional<Reply>(); });
        ReportTarget target =
            test::exchangeTarget(Form::FhirBundle, QStringLiteral("http://127.0.0.1:%1/").arg(silent.port()));
        target.timeout = 400ms;
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(codeOf(FhirClient(target).send("{}", InstanceUid(QStringLiteral("1")), false, CancelToken())),
                 ErrorCode::NetworkTimeout);
        QVERIFY(timer.elapsed() < 5000);
    }
    void fhirOverTlsWithAToken() {
        if (!m_hasTls)
            QSKIP("no openssl program");
        FhirMemory memory;
        QByteArray said;
        const FakeServer server(
            [&](const QByteArray& received, int) -> std::optional<Reply> {
                const auto request = test::httpRequest(received);
                if (!request)
                    return std::nullopt;
                said = request->header("authorization");
                return Reply{test::httpAnswer(200, memory.take(request->body)), true};
            },
            test::serverTls(m_folder.path()));
        ReportTarget target = tlsTarget(server, "https");
        target.authorization = "Bearer abc";
        const SignedReport report = test::exchangeReport();
        const Result<QString> sent = FhirClient(target).send(writeReportMessage(report, target, kId).value(),
                                                             report.document.srInstance, false, CancelToken());
        QVERIFY2(sent, sent ? "" : qPrintable(sent.error().toString()));
        QCOMPARE(*sent, QStringLiteral("201 DiagnosticReport/4/_history/1"));
        QCOMPARE(said, QByteArray("bearer abc"));
    }

    void documentsAreNeverOverwritten() {
        QMap<QByteArray, QByteArray> documents;
        FakeServer server([&](const QByteArray& received, int) -> std::optional<Reply> {
            const auto request = test::httpRequest(received);
            if (!request)
                return std::nullopt;
            if (request->method == "GET")
                return Reply{test::httpAnswer(200, documents.value(request->target), "application/xml"), true};
            if (request->header("if-none-match") != "*")
                return Reply{test::httpAnswer(428), true};
            if (documents.contains(request->target))
                return Reply{test::httpAnswer(412), true};
            documents.insert(request->target, request->body);
            return Reply{test::httpAnswer(201), true};
        });
        const ReportTarget target =
            test::exchangeTarget(Form::CdaDocument, QStringLiteral("http://127.0.0.1:%1/cda").arg(server.port()));
        DocumentClient client(target);
        const QByteArray document = writeReportMessage(test::exchangeReport(), target, kId).value();
        QCOMPARE(client.put(QStringLiteral("a.xml"), document, CancelToken()).value(), QStringLiteral("201 a.xml"));
        QCOMPARE(documents.value("/cda/a.xml"), document);
        QCOMPARE(client.put(QStringLiteral("a.xml"), document, CancelToken()).value(), QStringLiteral("found a.xml"));
        QCOMPARE(codeOf(client.put(QStringLiteral("a.xml"), document + ' ', CancelToken())),
                 ErrorCode::PeerRefusedObject);
        QCOMPARE(documents.value("/cda/a.xml"), document);
    }
};

QTEST_GUILESS_MAIN(ExchangeClientsTest)
#include "clients_test.moc"
