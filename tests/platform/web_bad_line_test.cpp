#include "core/bandwidth.h"
#include "fake_web_server.h"
#include "platform/web_study_client.h"
#include "support/fault_proxy.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

using namespace yz;
using namespace yz::test;
using std::chrono::milliseconds;

namespace {

const QString kStudy = QStringLiteral("1.2.3");
const QString kSeries = QStringLiteral("1.2.3.1");
const QString kCt = QStringLiteral("1.2.840.10008.5.1.4.1.1.2");
constexpr int kCount = 60;
constexpr int kBytes = 20000;

QString instance(int number) { return QStringLiteral("1.2.3.1.%1").arg(number); }
QByteArray fileOf(int number) { return tinyPart10(kCt, instance(number), kBytes + number); }

QByteArray instanceJson(int number) {
    return QStringLiteral(R"({"00080016":{"vr":"UI","Value":["%1"]},"00080018":{"vr":"UI","Value":["%2"]},)"
                          R"("0020000E":{"vr":"UI","Value":["%3"]},"00200013":{"vr":"IS","Value":[%4]}})")
        .arg(kCt, instance(number), kSeries)
        .arg(number)
        .toUtf8();
}

ScriptedAnswer answerTo(const SeenRequest& request) {
    const QByteArray path = request.path.split('?').constFirst();
    QList<QByteArray> all;
    if (path.endsWith("/instances")) {
        for (int i = 1; i <= kCount; ++i)
            all.append(instanceJson(i));
        return jsonAnswer('[' + all.join(',') + ']');
    }
    if (path.endsWith("/series/1.2.3.1")) {
        for (int i = 1; i <= kCount; ++i)
            all.append(fileOf(i));
        return multipartAnswer(all);
    }
    return multipartAnswer({fileOf(path.mid(path.lastIndexOf('.') + 1).toInt())});
}

struct Fetched {
    Status status;
    QStringList instances;
    bool isRight = true;
    int broken = 0;
    RetrieveProgress last;
};

Fetched fetch(StudySource& source, const CancelToken& token = {}) {
    Fetched got;
    got.status = source.retrieve(
        {StudyUid(kStudy), SeriesUid(kSeries), {}},
        [&](ReceivedObject&& object) -> Status {
            const QString name = object.instance.value();
            got.instances.append(name);
            got.isRight = got.isRight && object.file == fileOf(name.mid(name.lastIndexOf(u'.') + 1).toInt());
            return {};
        },
        [&](const RetrieveProgress& progress) {
            got.broken += progress.isBroken && !got.last.isBroken ? 1 : 0;
            got.last = progress;
        },
        token);
    return got;
}

void verifyWhole(const Fetched& got) {
    QVERIFY2(got.status, got.status ? "" : qPrintable(got.status.error().toString()));
    QCOMPARE(got.instances.size(), kCount);
    QCOMPARE(QSet<QString>(got.instances.begin(), got.instances.end()).size(), kCount);
    QVERIFY(got.isRight);
    QCOMPARE(got.last.received, kCount);
    QCOMPARE(got.last.arriving, 0LL);
}

WebNode nodeAt(const FaultProxy& proxy, int connections) {
    WebNode node;
    node.root = QUrl(QStringLiteral("http://127.0.0.1:%1/dicom-web/").arg(proxy.port()));
    node.plainAllowed = true;
    node.connections = connections;
    node.silenceTimeout = milliseconds(600);
    node.retry.firstPause = milliseconds(20);
    node.retry.longestPause = milliseconds(100);
    return node;
}

} // namespace

/// WADO-RS over a line that breaks in every way.
class WebBadLineTest : public QObject {
    Q_OBJECT

    FakeWebServer m_server{answerTo};

    /// The list comes over a good line; the objects over the bad one.
    static Fetched fetchOver(FaultProxy& proxy, WebNode node, const LineRules& rules) {
        WebStudyClient client(std::move(node));
        const auto list = client.findInstances(StudyUid(kStudy), {});
        if (!list)
            return {fail(list.error()), {}, false, 0, {}};
        proxy.cut(); // the list's connection is not kept for the objects
        proxy.setRules(rules);
        return fetch(client);
    }

private Q_SLOTS:
    void aLineThatDiesAgainAndAgain_data() {
        QTest::addColumn<int>("connections");
        QTest::newRow("one answer") << 1;
        QTest::newRow("four") << 4;
    }
    void aLineThatDiesAgainAndAgain() {
        QFETCH(int, connections);
        FaultProxy proxy(m_server.port());
        LineRules rules;
        rules.diesEveryBytes = kCount * kBytes / 8;
        const Fetched got = fetchOver(proxy, nodeAt(proxy, connections), rules);
        verifyWhole(got);
        QVERIFY2(proxy.deaths() >= 7, qPrintable(QString::number(proxy.deaths())));
        QVERIFY2(proxy.bytesToClient() < kCount * kBytes * 2LL, qPrintable(QString::number(proxy.bytesToClient())));
    }

    void everyFault_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("connections");
        const std::pair<const char*, LineFault::Kind> kinds[] = {{"close", LineFault::Kind::Close},
                                                                 {"reset", LineFault::Kind::Reset},
                                                                 {"half-close", LineFault::Kind::HalfClose},
                                                                 {"stall", LineFault::Kind::Stall},
                                                                 {"silence", LineFault::Kind::Silence}};
        for (const auto& [name, kind] : kinds)
            for (const int connections : {1, 4})
                QTest::addRow("%s, %d", name, connections) << static_cast<int>(kind) << connections;
    }
    void everyFault() {
        QFETCH(int, kind);
        QFETCH(int, connections);
        FaultProxy proxy(m_server.port());
        LineRules rules;
        rules.faults = [&](int connection) -> std::vector<LineFault> {
            if (connection > 4)
                return {};
            return {{static_cast<LineFault::Kind>(kind), true, 17LL + connection * 31'007LL, milliseconds(150)}};
        };
        verifyWhole(fetchOver(proxy, nodeAt(proxy, connections), rules));
        QVERIFY(proxy.faultsDone() >= 1);
    }

    void randomFaults_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 5; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void randomFaults() {
        QFETCH(unsigned, seed);
        FaultProxy proxy(m_server.port());
        LineRules rules;
        rules.faults = seededFaults(seed, 70, kCount * kBytes / 6);
        WebNode node = nodeAt(proxy, 4);
        node.retry.fruitlessTries = 12;
        verifyWhole(fetchOver(proxy, node, rules));
    }

    void givenUp() {
        FaultProxy proxy(m_server.port());
        WebNode node = nodeAt(proxy, 4);
        node.retry = {4, milliseconds(50), milliseconds(200)};
        LineRules rules;
        rules.diesEveryBytes = kCount * kBytes / 3;
        rules.deadFor = std::chrono::hours(1);
        QElapsedTimer timer;
        timer.start();
        const Fetched got = fetchOver(proxy, node, rules);
        QVERIFY(!got.status);
        QVERIFY(got.status.error().code != ErrorCode::Cancelled);
        QVERIFY(got.instances.size() >= 10 && got.instances.size() < kCount);
        QVERIFY(got.isRight);
        QVERIFY(got.broken > 0);
        QVERIFY(timer.elapsed() >= 50 + 100 + 200);
        // No storm on a line that is down: four requests a pause (of which Qt makes ten connections each), not one for
        // every object that is missing.
        QVERIFY2(proxy.connections() < 400, qPrintable(QString::number(proxy.connections())));
    }

    void theLimitIsKept() {
        const SystemClock clock;
        FaultProxy proxy(m_server.port());
        WebNode node = nodeAt(proxy, 4);
        node.limiter = std::make_shared<BandwidthLimiter>(BandwidthPlan{kCount * kBytes / 2, {}}, clock);
        QElapsedTimer timer;
        timer.start();
        verifyWhole(fetchOver(proxy, node, {}));
        QVERIFY2(timer.elapsed() >= 1500, qPrintable(QString::number(timer.elapsed())));
        QVERIFY2(timer.elapsed() < 6000, qPrintable(QString::number(timer.elapsed())));
    }

    void severalHelpOnALineWithDelay() {
        LineRules rules;
        rules.delay = milliseconds(25);
        FaultProxy proxy(m_server.port());
        QElapsedTimer timer;
        timer.start();
        verifyWhole(fetchOver(proxy, nodeAt(proxy, 6), rules));
        QVERIFY2(timer.elapsed() < kCount * 50 * 2 / 3, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(proxy.mostAtOnce() >= 6);
    }
};

QTEST_GUILESS_MAIN(WebBadLineTest)
#include "web_bad_line_test.moc"
