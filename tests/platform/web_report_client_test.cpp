#include "fake_web_server.h"
#include "platform/web_report_client.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace yz;
using namespace yz::test;

namespace {

const QString kSr = QStringLiteral("1.2.840.10008.5.1.4.1.1.88.22");
const QString kPdf = QStringLiteral("1.2.840.10008.5.1.4.1.1.104.1");
const StudyUid kStudy(QStringLiteral("1.2.3"));
const SeriesUid kSeries(QStringLiteral("1.2.3.9"));

WebNode nodeAt(const FakeWebServer& server) {
    WebNode node;
    node.root = QUrl(QStringLiteral("http://127.0.0.1:%1/rs").arg(server.port()));
    node.plainAllowed = true;
    node.tries = 1;
    return node;
}

ObjectToSend object(const QString& sopClass, const QString& uid) {
    return {{SopClassUid(sopClass), InstanceUid(uid)}, kStudy, kSeries, tinyPart10(sopClass, uid, 333)};
}

std::vector<ObjectToSend> report() {
    return {object(kSr, QStringLiteral("1.2.3.9.1")), object(kPdf, QStringLiteral("1.2.3.9.2"))};
}

QJsonObject uid(const char* value) { return {{"vr", "UI"}, {"Value", QJsonArray{QLatin1String(value)}}}; }

QJsonObject stored(const char* instance) { return {{"00081155", uid(instance)}}; }
QJsonObject failed(const char* instance, int reason) {
    return {{"00081155", uid(instance)}, {"00081197", QJsonObject{{"vr", "US"}, {"Value", QJsonArray{reason}}}}};
}

QByteArray answer(const QJsonArray& storedItems, const QJsonArray& failedItems) {
    QJsonObject json;
    if (!storedItems.isEmpty())
        json["00081199"] = QJsonObject{{"vr", "SQ"}, {"Value", storedItems}};
    if (!failedItems.isEmpty())
        json["00081198"] = QJsonObject{{"vr", "SQ"}, {"Value", failedItems}};
    return QJsonDocument(json).toJson();
}

} // namespace

class WebReportClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bytesGoOutAsTheyAre();
    void theServersWordIsRead_data();
    void theServersWordIsRead();
    void refusedAsAWhole_data();
    void refusedAsAWhole();
    void hasAsks();
    void metaMustNameTheObject();
    void noCommitment();
};

void WebReportClientTest::bytesGoOutAsTheyAre() {
    const FakeWebServer server([](const SeenRequest&) {
        return jsonAnswer(answer({stored("1.2.3.9.1"), stored("1.2.3.9.2")}, {}));
    });
    WebReportClient client(nodeAt(server));
    const std::vector<ObjectToSend> objects = report();
    const Status status = client.store(objects, {});
    QVERIFY2(status, status ? "" : qPrintable(status.error().toString()));
    const SeenRequest seen = server.requests().constFirst();
    QCOMPARE(seen.method, QByteArray("POST"));
    QCOMPARE(seen.path, QByteArray("/rs/studies"));
    const QByteArray type = seen.headers["content-type"];
    QVERIFY2(type.startsWith("multipart/related; type=\"application/dicom\"; boundary="), type.constData());
    const QByteArray boundary = type.mid(type.indexOf("boundary=") + 9);
    QCOMPARE(seen.body, multipart({objects[0].file, objects[1].file}, boundary));
}

void WebReportClientTest::theServersWordIsRead_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    const QJsonArray one{stored("1.2.3.9.1")};
    const QJsonArray both{stored("1.2.3.9.1"), stored("1.2.3.9.2")};
    QTest::newRow("both") << 200 << answer(both, {}) << QString();
    QTest::newRow("both, in an array") << 200 << '[' + answer(both, {}) + ']' << QString();
    QTest::newRow("accepted with a warning") << 202 << answer(both, {}) << QString();
    QTest::newRow("Success, but only one is named") << 200 << answer(one, {}) << "PeerError";
    QTest::newRow("Success without a word") << 200 << QByteArray("{}") << "PeerError";
    QTest::newRow("Success with a page") << 200 << QByteArray("<html>") << "AnswerUnexpected";
    QTest::newRow("Success with nothing") << 200 << QByteArray() << "AnswerUnexpected";
    QTest::newRow("no room") << 202 << answer(one, {failed("1.2.3.9.2", 0xA700)}) << "PeerOutOfResources";
    QTest::newRow("refused") << 409 << answer({}, {failed("1.2.3.9.1", 0xC000), failed("1.2.3.9.2", 0xA900)})
                             << "PeerRefusedObject";
    QTest::newRow("class not known") << 202 << answer(one, {failed("1.2.3.9.2", 0x0122)})
                                     << "PresentationContextRefused";
    QTest::newRow("class not known, and refused")
        << 409 << answer({}, {failed("1.2.3.9.1", 0xC000), failed("1.2.3.9.2", 0x0122)}) << "PeerRefusedObject";
    QTest::newRow("conflict without a word") << 409 << QByteArray() << "PeerRefusedObject";
    QTest::newRow("conflict that names all as stored") << 409 << answer(both, {}) << "PeerRefusedObject";
}

void WebReportClientTest::theServersWordIsRead() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    const FakeWebServer server([&](const SeenRequest&) { return jsonAnswer(body, status); });
    WebReportClient client(nodeAt(server));
    const Status said = client.store(report(), {});
    QCOMPARE(said ? QString() : errorName(said.error().code), code);
    QCOMPARE(server.requests().size(), 1); // never twice by itself: the outbox decides
}

void WebReportClientTest::refusedAsAWhole_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::newRow("401") << 401 << "CredentialsRefused";
    QTest::newRow("403") << 403 << "AccessForbidden";
    QTest::newRow("404") << 404 << "NotFound";
    QTest::newRow("413") << 413 << "RequestTooLarge";
    QTest::newRow("429") << 429 << "ServerBusy";
    QTest::newRow("500") << 500 << "PeerError";
    QTest::newRow("503") << 503 << "ServerBusy";
    QTest::newRow("507") << 507 << "PeerOutOfResources";
}

void WebReportClientTest::refusedAsAWhole() {
    QFETCH(int, status);
    QFETCH(QString, code);
    const FakeWebServer server([&](const SeenRequest&) { return jsonAnswer("{}", status); });
    WebReportClient client(nodeAt(server));
    const Status said = client.store(report(), {});
    QVERIFY(!said);
    QCOMPARE(errorName(said.error().code), code);
}

void WebReportClientTest::hasAsks() {
    const FakeWebServer server([](const SeenRequest& request) -> ScriptedAnswer {
        if (request.path.contains("SOPInstanceUID=1.2.3.9.1"))
            return jsonAnswer(R"([{"00080018":{"vr":"UI","Value":["1.2.3.9.1"]}}])");
        if (request.path.contains("SOPInstanceUID=1.2.3.9.3")) // answers with what was not asked for
            return jsonAnswer(R"([{"00080018":{"vr":"UI","Value":["1.2.3.9.1"]}}])");
        if (request.path.contains("SOPInstanceUID=1.2.3.9.4"))
            return jsonAnswer({}, 404);
        if (request.path.contains("SOPInstanceUID=1.2.3.9.5"))
            return jsonAnswer({}, 500);
        return jsonAnswer({}, 204);
    });
    WebReportClient client(nodeAt(server));
    const auto has = [&](const char* instance) {
        return client.has(kStudy, kSeries, InstanceUid(QLatin1String(instance)), {});
    };
    QCOMPARE(has("1.2.3.9.1").value_or(false), true);
    QCOMPARE(has("1.2.3.9.2").value_or(true), false);
    QCOMPARE(has("1.2.3.9.3").value_or(true), false);
    QCOMPARE(has("1.2.3.9.4").value_or(true), false);
    QCOMPARE(has("1.2.3.9.5").error().code, ErrorCode::PeerError);
    QCOMPARE(has("../x").error().code, ErrorCode::InvalidArgument);
}

void WebReportClientTest::metaMustNameTheObject() {
    const FakeWebServer server([](const SeenRequest&) { return jsonAnswer("{}"); });
    WebReportClient client(nodeAt(server));
    std::vector<ObjectToSend> objects = report();
    std::swap(objects[0].file, objects[1].file);
    QCOMPARE(client.store(objects, {}).error().code, ErrorCode::InvalidArgument);
    QVERIFY(server.requests().isEmpty());
}

void WebReportClientTest::noCommitment() {
    const FakeWebServer server([](const SeenRequest&) { return jsonAnswer("{}"); });
    WebReportClient client(nodeAt(server));
    QCOMPARE(client.commit({}, {}, std::chrono::milliseconds(1), {}).error().code,
             ErrorCode::PresentationContextRefused);
}

QTEST_GUILESS_MAIN(WebReportClientTest)
#include "web_report_client_test.moc"
