#include "fake_web_server.h"
#include "platform/web_study_client.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

using namespace yz;
using namespace yz::test;

namespace {

const QString kStudy = QStringLiteral("1.2.3");
const QString kSeries = QStringLiteral("1.2.3.1");
const QString kCt = QStringLiteral("1.2.840.10008.5.1.4.1.1.2");

WebNode nodeAt(const FakeWebServer& server) {
    WebNode node;
    node.root = QUrl(QStringLiteral("http://127.0.0.1:%1/dicom-web/").arg(server.port()));
    node.plainAllowed = true;
    node.silenceTimeout = std::chrono::milliseconds(700);
    return node;
}

QString instance(int number) { return QStringLiteral("1.2.3.1.%1").arg(number); }

QByteArray instanceJson(int number) {
    return QStringLiteral(R"({"00080016":{"vr":"UI","Value":["%1"]},"00080018":{"vr":"UI","Value":["%2"]},)"
                          R"("0020000E":{"vr":"UI","Value":["%3"]},"00200013":{"vr":"IS","Value":[%4]},)"
                          R"("00280008":{"vr":"IS","Value":["2"]}})")
        .arg(kCt, instance(number), kSeries)
        .arg(number)
        .toUtf8();
}

/// A server of one series of `count` objects; `onInstance` may answer for an object in another way.
FakeWebServer::Handler seriesOf(int count,
                                std::function<std::optional<ScriptedAnswer>(int number, int time)> onInstance = {}) {
    auto times = std::make_shared<QMap<int, int>>();
    return [count, times, onInstance](const SeenRequest& request) -> ScriptedAnswer {
        const QByteArray path = request.path.split('?').constFirst();
        if (path.endsWith("/instances")) {
            QList<QByteArray> all;
            for (int i = 1; i <= count; ++i)
                all.append(instanceJson(i));
            return jsonAnswer('[' + all.join(',') + ']');
        }
        if (path.endsWith("/series/1.2.3.1")) {
            QList<QByteArray> files;
            for (int i = 1; i <= count; ++i)
                files.append(tinyPart10(kCt, instance(i)));
            return multipartAnswer(files);
        }
        const int number = path.mid(path.lastIndexOf('.') + 1).toInt();
        if (onInstance)
            if (const auto answer = onInstance(number, ++(*times)[number]))
                return *answer;
        return multipartAnswer({tinyPart10(kCt, instance(number))});
    };
}

struct Fetched {
    Status status;
    QStringList instances;
    qint64 bytes = 0;
    RetrieveProgress last;
};

Fetched fetch(StudySource& source, const RetrieveRequest& request, const CancelToken& token = {},
              const std::function<Status(int)>& onObject = {}) {
    Fetched fetched;
    fetched.status = source.retrieve(
        request,
        [&](ReceivedObject&& object) -> Status {
            if (onObject)
                if (const Status said = onObject(int(fetched.instances.size())); !said)
                    return said;
            fetched.instances.append(object.instance.value());
            fetched.bytes += object.file.size();
            return {};
        },
        [&](const RetrieveProgress& progress) { fetched.last = progress; }, token);
    return fetched;
}

RetrieveRequest wholeSeries() { return {StudyUid(kStudy), SeriesUid(kSeries), {}}; }

ScriptedAnswer statusOnly(int status, QList<QPair<QByteArray, QByteArray>> headers = {}) {
    ScriptedAnswer answer;
    answer.status = status;
    answer.headers = std::move(headers);
    answer.body = "<html>no</html>";
    return answer;
}

} // namespace

class WebStudyClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsStudies();
    void pagesAreFollowed();
    void aServerWithoutPagesEndsToo();
    void retrievesInParallel();
    void oneConnectionTakesTheSeriesAtOnce();
    void onlyASlowLineLetsTheServerCompress_data();
    void onlyASlowLineLetsTheServerCompress();
    void onlyWhatIsAskedFor();
    void answersThatAreNoSuccess_data();
    void answersThatAreNoSuccess();
    void busyServerIsAskedAgain();
    void theLineFailsAndComesBack();
    void oneBrokenObjectKeepsNoOtherAway();
    void wrongKindsOfAnswer_data();
    void wrongKindsOfAnswer();
    void tooLarge();
    void silenceTimesOut();
    void cancelledAtOnce();
    void theSinksErrorEndsIt();
    void credentialsAndNothingElse();
    void noRedirectIsFollowed();
    void plainNeedsLeave();
    void connectionsStayOpen();
    void nobodyThere();
};

void WebStudyClientTest::findsStudies() {
    const FakeWebServer server([](const SeenRequest&) {
        return jsonAnswer(R"([{"0020000D":{"vr":"UI","Value":["1.2.3"]},"00080050":{"vr":"SH","Value":["A1"]},
            "00080020":{"vr":"DA","Value":["20260102"]},"00080061":{"vr":"CS","Value":["CT","SR"]},
            "00100020":{"vr":"LO","Value":["P1"]},"00100040":{"vr":"CS","Value":["F"]},
            "00100010":{"vr":"PN","Value":[{"Alphabetic":"Wang^XiaoDong","Ideographic":"王^小东"}]},
            "00201206":{"vr":"IS","Value":[3]},"00201208":{"vr":"IS","Value":["40"]}},
            {"0020000D":{"vr":"UI","Value":["1.2.4"]},"00100010":{"vr":"PN","Value":[{"Ideographic":"王^大东小"}]}},
            {"0020000D":{"vr":"UI","Value":["../etc"]}}, {"0020000D":5}])");
    });
    WebStudyClient client(nodeAt(server));
    StudyQuery query;
    query.patientName = QStringLiteral("王小东");
    const auto found = client.findStudies(query, {});
    QVERIFY2(found, found ? "" : qPrintable(found.error().toString()));
    QCOMPARE(found->size(), size_t(1)); // the second name does not fit, the others are no studies
    const StudySummary& study = found->front();
    QCOMPARE(study.reference.accessionNumber, QStringLiteral("A1"));
    QCOMPARE(study.reference.date, QDate(2026, 1, 2));
    QCOMPARE(study.reference.modality, QStringLiteral("CT/SR"));
    QCOMPARE(study.patient.name.ideographic, QStringLiteral("王^小东"));
    QCOMPARE(study.patient.sex, Sex::Female);
    QCOMPARE(study.seriesCount, 3);
    QCOMPARE(study.instanceCount, 40);
    const SeenRequest seen = server.requests().constFirst();
    QVERIFY2(seen.path.startsWith("/dicom-web/studies?"), seen.path.constData());
    QVERIFY2(seen.path.contains("PatientName=*%E7%8E%8B*%E5%B0%8F*%E4%B8%9C*"), seen.path.constData());
    QCOMPARE(seen.headers["accept"], QByteArray("application/dicom+json"));
}

void WebStudyClientTest::pagesAreFollowed() {
    const FakeWebServer server([](const SeenRequest& request) -> ScriptedAnswer {
        const qsizetype at = request.path.indexOf("offset=");
        const int offset = at < 0 ? 0 : request.path.mid(at + 7).toInt();
        QList<QByteArray> all;
        for (int i = offset; i < std::min(offset + 1000, 2345); ++i)
            all.append(instanceJson(i + 1));
        return jsonAnswer('[' + all.join(',') + ']');
    });
    WebStudyClient client(nodeAt(server));
    const auto found = client.findInstances(StudyUid(kStudy), {});
    QVERIFY(found);
    QCOMPARE(found->size(), size_t(2345));
    QCOMPARE(found->back().instance.value(), instance(2345));
    QCOMPARE(found->back().frameCount, 2);
    QCOMPARE(found->back().instanceNumber, 2345);
    QCOMPARE(server.requests().size(), 3);
}

void WebStudyClientTest::aServerWithoutPagesEndsToo() {
    // Knows limit but no offset: always the first thousand.
    const FakeWebServer server([](const SeenRequest&) {
        QList<QByteArray> all;
        for (int i = 0; i < 1000; ++i)
            all.append(instanceJson(i + 1));
        return jsonAnswer('[' + all.join(',') + ']');
    });
    WebStudyClient client(nodeAt(server));
    const auto found = client.findInstances(StudyUid(kStudy), {});
    QVERIFY(found);
    QCOMPARE(found->size(), size_t(1000));
    QCOMPARE(server.requests().size(), 2);
}

void WebStudyClientTest::retrievesInParallel() {
    const FakeWebServer server(seriesOf(40, [](int number, int) {
        ScriptedAnswer answer = multipartAnswer({tinyPart10(kCt, instance(number))});
        answer.msBefore = 30;
        answer.isChunked = number % 2 == 0;
        return answer;
    }));
    WebNode node = nodeAt(server);
    node.connections = 4;
    WebStudyClient client(node);
    const Fetched fetched = fetch(client, wholeSeries());
    QVERIFY2(fetched.status, fetched.status ? "" : qPrintable(fetched.status.error().toString()));
    QCOMPARE(fetched.instances.size(), 40);
    QCOMPARE(QSet<QString>(fetched.instances.begin(), fetched.instances.end()).size(), 40);
    QCOMPARE(fetched.last.received, 40);
    QCOMPARE(fetched.last.total, 40);
    QCOMPARE(fetched.last.bytes, fetched.bytes);
    QCOMPARE(server.mostAtOnce(), 4);
    QVERIFY(server.requests().constLast().headers["accept"].contains("transfer-syntax=*"));
}

void WebStudyClientTest::oneConnectionTakesTheSeriesAtOnce() {
    const FakeWebServer server(seriesOf(7));
    WebNode node = nodeAt(server);
    node.connections = 1;
    WebStudyClient client(node);
    const Fetched fetched = fetch(client, wholeSeries());
    QVERIFY(fetched.status);
    QCOMPARE(fetched.instances.size(), 7);
    QCOMPARE(server.requests().size(), 2); // the list, the series
}

void WebStudyClientTest::onlyASlowLineLetsTheServerCompress_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("delay");
    QTest::addColumn<bool>("isPlain");
    QTest::newRow("32 MB at once") << (32 << 20) << 0 << true;
    QTest::newRow("32 kB after a wait") << (32 << 10) << 100 << false;
}

/// What the first object shows of the line decides for those behind it.
void WebStudyClientTest::onlyASlowLineLetsTheServerCompress() {
    QFETCH(int, size);
    QFETCH(int, delay);
    QFETCH(bool, isPlain);
    const FakeWebServer server(seriesOf(2, [=](int number, int) {
        ScriptedAnswer answer = multipartAnswer({tinyPart10(kCt, instance(number), size)});
        answer.msBefore = delay;
        return answer;
    }));
    WebNode node = nodeAt(server);
    node.connections = 1;
    WebStudyClient client(node);
    RetrieveRequest request = wholeSeries();
    request.instances = {InstanceUid(instance(1)), InstanceUid(instance(2))};
    const Fetched fetched = fetch(client, request);
    QVERIFY2(fetched.status, fetched.status ? "" : qPrintable(fetched.status.error().toString()));
    QCOMPARE(fetched.instances.size(), 2);
    QList<bool> plain;
    for (const SeenRequest& seen : server.requests())
        if (seen.path.contains("/instances/"))
            plain.append(seen.headers.value("accept-encoding") == "identity");
    QCOMPARE(plain, (QList<bool>{false, isPlain}));
}

void WebStudyClientTest::onlyWhatIsAskedFor() {
    // A server that gives the whole series for each object.
    const FakeWebServer server(seriesOf(5, [](int, int) {
        return multipartAnswer({tinyPart10(kCt, instance(1)), tinyPart10(kCt, instance(2)),
                                tinyPart10(kCt, instance(3)), tinyPart10(kCt, QStringLiteral("9.9.9"))});
    }));
    WebStudyClient client(nodeAt(server));
    RetrieveRequest request = wholeSeries();
    request.instances = {InstanceUid(instance(2)), InstanceUid(instance(3))};
    const Fetched fetched = fetch(client, request);
    QVERIFY(fetched.status);
    QCOMPARE(fetched.instances.size(), 2);
    QVERIFY(fetched.instances.contains(instance(2)) && fetched.instances.contains(instance(3)));
}

void WebStudyClientTest::answersThatAreNoSuccess_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("requests");
    QTest::newRow("bad request") << 400 << "InvalidArgument" << 1;
    QTest::newRow("who are you") << 401 << "CredentialsRefused" << 1;
    QTest::newRow("forbidden") << 403 << "AccessForbidden" << 1;
    QTest::newRow("conflict") << 409 << "PeerRefusedObject" << 1;
    QTest::newRow("too large") << 413 << "RequestTooLarge" << 1;
    QTest::newRow("server error") << 500 << "PeerError" << 2;
    QTest::newRow("no such method") << 501 << "NotSupported" << 1;
    QTest::newRow("bad gateway") << 502 << "PeerError" << 2;
    QTest::newRow("busy") << 503 << "ServerBusy" << 2;
    QTest::newRow("teapot") << 418 << "AnswerUnexpected" << 1;
}

void WebStudyClientTest::answersThatAreNoSuccess() {
    QFETCH(int, status);
    QFETCH(QString, code);
    QFETCH(int, requests);
    const FakeWebServer server([status](const SeenRequest&) { return statusOnly(status); });
    WebNode node = nodeAt(server);
    node.tries = 2;
    WebStudyClient client(node);
    const auto found = client.findStudies({}, {});
    QVERIFY(!found);
    QCOMPARE(errorName(found.error().code), code);
    QVERIFY2(found.error().detail.contains(QString::number(status)), qPrintable(found.error().detail));
    QCOMPARE(server.requests().size(), requests); // what may pass is asked for again
}

void WebStudyClientTest::busyServerIsAskedAgain() {
    const FakeWebServer server(seriesOf(6, [](int number, int time) -> std::optional<ScriptedAnswer> {
        if (number == 3 && time < 3)
            return statusOnly(time == 1 ? 429 : 503, {{"Retry-After", "1"}});
        return std::nullopt;
    }));
    WebStudyClient client(nodeAt(server));
    QElapsedTimer timer;
    timer.start();
    const Fetched fetched = fetch(client, wholeSeries());
    QVERIFY2(fetched.status, fetched.status ? "" : qPrintable(fetched.status.error().toString()));
    QCOMPARE(fetched.instances.size(), 6);
    QVERIFY(timer.elapsed() >= 2000); // as it asked, twice

    const FakeWebServer never([](const SeenRequest&) { return statusOnly(429, {{"Retry-After", "120"}}); });
    WebNode once = nodeAt(never);
    once.tries = 1;
    WebStudyClient other(once);
    const auto found = other.findStudies({}, {});
    QCOMPARE(found.error().code, ErrorCode::ServerBusy);
    QVERIFY2(found.error().detail.contains(u"120 s"), qPrintable(found.error().detail));
}

void WebStudyClientTest::theLineFailsAndComesBack() {
    const FakeWebServer server(seriesOf(12, [](int number, int time) -> std::optional<ScriptedAnswer> {
        if (time > 1)
            return std::nullopt;
        ScriptedAnswer answer = multipartAnswer({tinyPart10(kCt, instance(number), 5000)});
        switch (number) {
        case 2: // half a body
            answer.cutAfter = 2500;
            return answer;
        case 4: // half a body, of unknown length
            answer.isChunked = true;
            answer.cutAfter = 2500;
            return answer;
        case 6:
            answer.closesAtOnce = true;
            return answer;
        case 8: // the length says whole, the closing boundary is missing
            answer.body.chop(12);
            return answer;
        default:
            return std::nullopt;
        }
    }));
    WebStudyClient client(nodeAt(server));
    const Fetched fetched = fetch(client, wholeSeries());
    QVERIFY2(fetched.status, fetched.status ? "" : qPrintable(fetched.status.error().toString()));
    QCOMPARE(fetched.instances.size(), 12);
    QCOMPARE(QSet<QString>(fetched.instances.begin(), fetched.instances.end()).size(), 12);
}

void WebStudyClientTest::oneBrokenObjectKeepsNoOtherAway() {
    const FakeWebServer server(seriesOf(10, [](int number, int) -> std::optional<ScriptedAnswer> {
        if (number == 4)
            return statusOnly(404);
        if (number == 5)
            return statusOnly(500);
        return std::nullopt;
    }));
    WebNode node = nodeAt(server);
    node.tries = 2;
    WebStudyClient client(node);
    const Fetched fetched = fetch(client, wholeSeries());
    QVERIFY(!fetched.status);
    QCOMPARE(fetched.status.error().code, ErrorCode::StudyIncomplete);
    QVERIFY2(fetched.status.error().detail.startsWith(u"2 of 10 "), qPrintable(fetched.status.error().detail));
    QCOMPARE(fetched.instances.size(), 8);
}

void WebStudyClientTest::wrongKindsOfAnswer_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    const QByteArray good = multipart({tinyPart10(kCt, instance(1))}, "B");
    QTest::newRow("a page") << QByteArray("text/html") << QByteArray("<html>Please log in</html>");
    QTest::newRow("no type") << QByteArray() << good;
    QTest::newRow("JSON") << QByteArray("application/dicom+json") << QByteArray("[]");
    QTest::newRow("no boundary") << QByteArray("multipart/related") << good;
    QTest::newRow("another boundary") << QByteArray("multipart/related; boundary=C") << good + QByteArray(20000, ' ');
    QTest::newRow("a part that is no file")
        << QByteArray("multipart/related; boundary=B") << multipart({"not DICOM at all"}, "B");
    QTest::newRow("a part of another type")
        << QByteArray("multipart/related; boundary=B")
        << QByteArray("--B\r\nContent-Type: image/jpeg\r\n\r\n") + tinyPart10(kCt, instance(1)) + "\r\n--B--\r\n";
}

void WebStudyClientTest::wrongKindsOfAnswer() {
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    const FakeWebServer server(seriesOf(1, [&](int, int) {
        ScriptedAnswer answer;
        if (!type.isEmpty())
            answer.headers = {{"Content-Type", type}};
        answer.body = body;
        return answer;
    }));
    WebStudyClient client(nodeAt(server));
    const Fetched fetched = fetch(client, wholeSeries());
    QVERIFY(!fetched.status);
    QCOMPARE(errorName(fetched.status.error().code), QStringLiteral("AnswerUnexpected"));
    QVERIFY(fetched.instances.isEmpty());
}

void WebStudyClientTest::tooLarge() {
    const FakeWebServer server(
        seriesOf(1, [](int, int) { return multipartAnswer({tinyPart10(kCt, instance(1), 3'000'000)}); }));
    WebNode node = nodeAt(server);
    node.maxObjectBytes = 1'000'000;
    WebStudyClient client(node);
    QCOMPARE(fetch(client, wholeSeries()).status.error().code, ErrorCode::LimitExceeded);

    const FakeWebServer talker([](const SeenRequest&) { return jsonAnswer('[' + QByteArray(3'000'000, ' ') + ']'); });
    WebNode small = nodeAt(talker);
    small.maxAnswerBytes = 1'000'000;
    WebStudyClient other(small);
    QCOMPARE(other.findStudies({}, {}).error().code, ErrorCode::LimitExceeded);
}

void WebStudyClientTest::silenceTimesOut() {
    const FakeWebServer server([](const SeenRequest&) {
        ScriptedAnswer answer;
        answer.isSilent = true;
        return answer;
    });
    WebNode node = nodeAt(server);
    node.tries = 1;
    WebStudyClient client(node);
    QElapsedTimer timer;
    timer.start();
    const auto found = client.findStudies({}, {});
    QCOMPARE(found.error().code, ErrorCode::NetworkTimeout);
    QVERIFY(timer.elapsed() >= 600);
}

void WebStudyClientTest::cancelledAtOnce() {
    const FakeWebServer server(seriesOf(50, [](int number, int) {
        ScriptedAnswer answer = multipartAnswer({tinyPart10(kCt, instance(number))});
        answer.msBefore = 50;
        return answer;
    }));
    WebStudyClient client(nodeAt(server));
    const CancelToken token;
    const Fetched fetched = fetch(client, wholeSeries(), token, [&](int count) -> Status {
        if (count == 2)
            token.cancel();
        return {};
    });
    QCOMPARE(fetched.status.error().code, ErrorCode::Cancelled);
    QVERIFY(fetched.instances.size() < 20);
}

void WebStudyClientTest::theSinksErrorEndsIt() {
    const FakeWebServer server(seriesOf(20));
    WebStudyClient client(nodeAt(server));
    const Fetched fetched = fetch(client, wholeSeries(), {}, [](int count) -> Status {
        return count == 3 ? Status(fail(ErrorCode::DiskFull)) : Status();
    });
    QCOMPARE(fetched.status.error().code, ErrorCode::DiskFull);
    QCOMPARE(fetched.instances.size(), 3);
    QVERIFY(server.requests().size() < 20);
}

void WebStudyClientTest::credentialsAndNothingElse() {
    const FakeWebServer server([](const SeenRequest&) {
        ScriptedAnswer answer = jsonAnswer("[]");
        answer.headers.append(qMakePair(QByteArray("Set-Cookie"), QByteArray("track=1; path=/")));
        return answer;
    });
    WebNode node = nodeAt(server);
    node.authorization = WebAuthorization::Basic;
    node.user = QStringLiteral("工作站");
    node.secret = QStringLiteral("p:w");
    WebStudyClient basic(node);
    QVERIFY(basic.findStudies({}, {}));
    QVERIFY(basic.findStudies({}, {}));
    node.authorization = WebAuthorization::Bearer;
    node.secret = QStringLiteral("ey.token");
    WebStudyClient bearer(node);
    QVERIFY(bearer.findStudies({}, {}));
    const QList<SeenRequest> seen = server.requests();
    QCOMPARE(seen[0].headers["authorization"], "Basic " + QStringLiteral("工作站:p:w").toUtf8().toBase64());
    QCOMPARE(seen[2].headers["authorization"], QByteArray("Bearer ey.token"));
    QVERIFY(!seen[1].headers.contains("cookie"));
}

void WebStudyClientTest::noRedirectIsFollowed() {
    const FakeWebServer elsewhere([](const SeenRequest&) { return jsonAnswer("[]"); });
    const FakeWebServer server([&](const SeenRequest&) {
        return statusOnly(302, {{"Location", "http://127.0.0.1:" + QByteArray::number(elsewhere.port()) + "/"}});
    });
    WebNode node = nodeAt(server);
    node.authorization = WebAuthorization::Bearer;
    node.secret = QStringLiteral("secret");
    WebStudyClient client(node);
    QCOMPARE(client.findStudies({}, {}).error().code, ErrorCode::AnswerUnexpected);
    QVERIFY(elsewhere.requests().isEmpty());
}

void WebStudyClientTest::plainNeedsLeave() {
    const FakeWebServer server([](const SeenRequest&) { return jsonAnswer("[]"); });
    WebNode node = nodeAt(server);
    node.plainAllowed = false;
    WebStudyClient client(node);
    QCOMPARE(client.findStudies({}, {}).error().code, ErrorCode::InvalidArgument);
    QVERIFY(server.requests().isEmpty());
}

void WebStudyClientTest::connectionsStayOpen() {
    const FakeWebServer server([](const SeenRequest&) { return jsonAnswer("[]"); });
    WebStudyClient client(nodeAt(server));
    for (int i = 0; i < 10; ++i)
        QVERIFY(client.findStudies({}, {}));
    QCOMPARE(server.requests().size(), 10);
    QCOMPARE(server.connections(), 1);
    // Another thread goes on with the same connection.
    Status there = fail(ErrorCode::Internal);
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        const auto found = client.findStudies({}, {});
        there = found ? Status() : Status(fail(found.error()));
    }));
    thread->start();
    thread->wait();
    QVERIFY(there);
    QCOMPARE(server.connections(), 1);
}

void WebStudyClientTest::nobodyThere() {
    WebNode node;
    {
        const FakeWebServer gone([](const SeenRequest&) { return jsonAnswer("[]"); });
        node = nodeAt(gone);
    }
    node.tries = 1;
    WebStudyClient client(node);
    QCOMPARE(client.findStudies({}, {}).error().code, ErrorCode::PlatformUnreachable);
}

QTEST_GUILESS_MAIN(WebStudyClientTest)
#include "web_study_client_test.moc"
