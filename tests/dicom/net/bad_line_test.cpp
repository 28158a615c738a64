#include "archive_process.h"
#include "core/bandwidth.h"
#include "dicom/net/event_listener.h"
#include "dicom/net/move_client.h"
#include "dicom/net/report_client.h"
#include "dicom/net/study_client.h"
#include "fake_platform.h"
#include "sample_objects.h"
#include "support/fault_proxy.h"

#include <QElapsedTimer>
#include <QtTest>
#include <map>
#include <mutex>

using namespace yz;
using namespace yz::test;
using std::chrono::milliseconds;

namespace {

constexpr int kCount = 60;
const QString kStudy = QStringLiteral("1.2.826.0.1.3680043.9.1");

QString seriesUid(int i) { return kStudy + (i % 3 == 0 ? QStringLiteral(".2") : QStringLiteral(".1")); }
QString instanceUid(int i) { return seriesUid(i) + u'.' + QString::number(i); }

ObjectToSend object(int i) {
    SampleObject one;
    one.study = kStudy;
    one.series = seriesUid(i);
    one.instance = instanceUid(i);
    one.number = i;
    return toSend(one);
}

/// Notes the pauses and does not wait.
class NotedPauses final : public Pauser {
public:
    bool pause(milliseconds time, const CancelToken& token) override {
        const std::lock_guard lock(m_mutex);
        m_pauses.append(time.count());
        if (onPause)
            onPause(static_cast<int>(m_pauses.size()));
        return !token.isCancelled();
    }
    [[nodiscard]] QList<qint64> pauses() const {
        const std::lock_guard lock(m_mutex);
        return m_pauses;
    }
    std::function<void(int count)> onPause;

private:
    mutable std::mutex m_mutex;
    QList<qint64> m_pauses;
};

struct Fetched {
    Status status;
    std::map<QString, QByteArray> files;
    QStringList order;
    int twice = 0;
    int broken = 0; ///< how often it was told that the line broke
    RetrieveProgress last;
};

Fetched fetch(StudySource& source, const RetrieveRequest& request, const CancelToken& token = {}) {
    Fetched got;
    got.status = source.retrieve(
        request,
        [&](ReceivedObject&& received) -> Status {
            got.twice += got.files.contains(received.instance.value()) ? 1 : 0;
            got.order.append(received.instance.value());
            got.files[received.instance.value()] = received.file;
            return {};
        },
        [&](const RetrieveProgress& progress) {
            got.broken += progress.isBroken && !got.last.isBroken ? 1 : 0;
            got.last = progress;
        },
        token);
    return got;
}

/// Every object of the study once and as it was sent.
void verifyWhole(const Fetched& got) {
    QVERIFY2(got.status, got.status ? "" : qPrintable(got.status.error().toString()));
    QCOMPARE(got.twice, 0);
    QCOMPARE(got.files.size(), size_t(kCount));
    for (int i = 1; i <= kCount; ++i) {
        const auto it = got.files.find(instanceUid(i));
        QVERIFY(it != got.files.end());
        QCOMPARE(dataSetBytes(it->second), dataSetBytes(object(i).file));
    }
    QCOMPARE(got.last.received, kCount);
    QCOMPARE(got.last.total, kCount);
    QVERIFY(got.last.bytes > kCount * 8192LL);
}

const RetrieveRequest kWhole{StudyUid(kStudy), {}, {}};

} // namespace

/// Retrieval by C-GET and C-MOVE from DCMTK's archive over a line that breaks in every way.
class BadLineTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ArchiveProcess> m_archive;
    qint64 m_cleanBytes = 0; ///< what the whole study costs on a good line

    [[nodiscard]] NetworkSettings through(const FaultProxy& proxy) const {
        NetworkSettings settings = m_archive->settings();
        settings.platform.port = proxy.port();
        settings.acseTimeout = settings.dimseTimeout = std::chrono::seconds(15); // a busy machine is no bad line
        settings.pauser = std::make_shared<NotedPauses>();
        return settings;
    }
    /// The list was asked for on a good line; what is retrieved comes over the bad one.
    [[nodiscard]] const RetrieveRequest& listed() const { return m_listed; }
    RetrieveRequest m_listed{StudyUid(kStudy), {}, {}};

private Q_SLOTS:
    void initTestCase() {
        m_archive = std::make_unique<ArchiveProcess>();
        if (!m_archive->isRunning())
            QFAIL("dcmqrscp could not be started (package dcmtk)");
        DicomReportClient writer(m_archive->settings(), nullptr);
        std::vector<ObjectToSend> objects;
        for (int i = 1; i <= kCount; ++i)
            objects.push_back(object(i));
        QVERIFY(writer.store(objects, {}));
        const auto records = DicomStudyClient(m_archive->settings()).findInstances(StudyUid(kStudy), {});
        QVERIFY(records);
        m_listed.listed = *records;
        const FaultProxy proxy(m_archive->settings().platform.port);
        DicomStudyClient client(through(proxy));
        const Fetched got = fetch(client, listed());
        verifyWhole(got);
        QCOMPARE(got.broken, 0);
        m_cleanBytes = proxy.bytesToClient();
        QVERIFY(m_cleanBytes > kCount * 8192);
    }
    void cleanupTestCase() { m_archive.reset(); }

    void aLineThatDiesAgainAndAgain_data() {
        QTest::addColumn<int>("associations");
        QTest::newRow("one association") << 1;
        QTest::newRow("four") << 4;
    }
    void aLineThatDiesAgainAndAgain() {
        QFETCH(int, associations);
        LineRules rules;
        rules.diesEveryBytes = m_cleanBytes / 6;
        const FaultProxy proxy(m_archive->settings().platform.port, rules);
        NetworkSettings settings = through(proxy);
        settings.associations = associations;
        DicomStudyClient client(settings);
        const Fetched got = fetch(client, listed());
        verifyWhole(got);
        QVERIFY2(proxy.deaths() >= 5, qPrintable(QString::number(proxy.deaths())));
        QVERIFY(got.broken > 0);
        // Only what was on its way is sent again, and the handshakes.
        QVERIFY2(proxy.bytesToClient() < m_cleanBytes * 2, qPrintable(QString::number(proxy.bytesToClient())));
    }

    void everyFault_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("toClient");
        QTest::addColumn<int>("associations");
        const std::pair<const char*, LineFault::Kind> kinds[] = {{"close", LineFault::Kind::Close},
                                                                 {"reset", LineFault::Kind::Reset},
                                                                 {"half-close", LineFault::Kind::HalfClose},
                                                                 {"stall", LineFault::Kind::Stall},
                                                                 {"silence", LineFault::Kind::Silence}};
        for (const auto& [name, kind] : kinds)
            for (const bool toClient : {true, false})
                for (const int associations : {toClient ? 4 : 1})
                    QTest::addRow("%s to the %s, %d", name, toClient ? "client" : "server", associations)
                        << static_cast<int>(kind) << toClient << associations;
    }
    void everyFault() {
        QFETCH(int, kind);
        QFETCH(bool, toClient);
        QFETCH(int, associations);
        LineRules rules;
        rules.faults = [&](int connection) -> std::vector<LineFault> {
            if (connection >= 3)
                return {};
            // Somewhere in the association request, in the first objects, and further on.
            const long long at = toClient ? 150LL + connection * 25'021LL : 90LL + connection * 1'507LL;
            return {{static_cast<LineFault::Kind>(kind), toClient, at, milliseconds(150)}};
        };
        const FaultProxy proxy(m_archive->settings().platform.port, rules);
        NetworkSettings settings = through(proxy);
        settings.associations = associations;
        settings.acseTimeout = settings.dimseTimeout = std::chrono::seconds(1);
        DicomStudyClient client(settings);
        const Fetched got = fetch(client, listed());
        verifyWhole(got);
        QVERIFY(proxy.faultsDone() >= 1);
    }

    /// Faults drawn from seeds; the result is the same whatever they are.
    void randomFaults_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 5; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void randomFaults() {
        QFETCH(unsigned, seed);
        LineRules rules;
        rules.faults = seededFaults(seed, 70, m_cleanBytes / 4);
        const FaultProxy proxy(m_archive->settings().platform.port, rules);
        NetworkSettings settings = through(proxy);
        settings.acseTimeout = settings.dimseTimeout = std::chrono::seconds(1);
        settings.retry.fruitlessTries = 12;
        DicomStudyClient client(settings);
        verifyWhole(fetch(client, listed()));
    }

    /// A line that is gone for good is given up after pauses that grow; what came stays.
    void givenUp() {
        FaultProxy proxy(m_archive->settings().platform.port);
        NetworkSettings settings = through(proxy);
        settings.associations = 1;
        settings.retry = {5, milliseconds(500), milliseconds(3000)};
        const auto pauses = std::make_shared<NotedPauses>();
        pauses->onPause = [&](int) { proxy.setDown(true); };
        settings.pauser = pauses;
        LineRules rules;
        rules.faults = [this](int) {
            return std::vector<LineFault>{{LineFault::Kind::Reset, true, m_cleanBytes / 3, {}}};
        };
        proxy.setRules(rules);
        DicomStudyClient client(settings);
        const Fetched got = fetch(client, listed());
        QVERIFY(!got.status);
        QVERIFY2(got.status.error().code == ErrorCode::PlatformUnreachable ||
                     got.status.error().code == ErrorCode::AssociationAborted,
                 qPrintable(got.status.error().toString()));
        QVERIFY(got.files.size() > 10 && got.files.size() < kCount);
        QCOMPARE(pauses->pauses(), (QList<qint64>{500, 1000, 2000, 3000}));
    }

    void cancelledInAPause() {
        FaultProxy proxy(m_archive->settings().platform.port);
        const CancelToken token;
        NetworkSettings settings = through(proxy);
        settings.retry.firstPause = milliseconds(60000);
        settings.pauser = nullptr; // really waits
        proxy.setDown(true);
        DicomStudyClient client(settings);
        const RetrieveRequest request = listed();
        QElapsedTimer timer;
        timer.start();
        std::thread later([&] {
            QThread::msleep(300);
            token.cancel();
        });
        const Fetched got = fetch(client, request, token);
        later.join();
        QCOMPARE(got.status.error().code, ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 5000);
    }

    /// MEASURED: on a line with delay one association waits for each object's answer.
    void severalHelpOnALineWithDelay() {
        LineRules rules;
        rules.delay = milliseconds(25);
        qint64 ms[2]{};
        for (const int associations : {1, 4}) {
            const FaultProxy proxy(m_archive->settings().platform.port, rules);
            NetworkSettings settings = through(proxy);
            settings.associations = associations;
            DicomStudyClient client(settings);
            const RetrieveRequest request = listed();
            QElapsedTimer timer;
            timer.start();
            verifyWhole(fetch(client, request));
            ms[associations == 1 ? 0 : 1] = timer.elapsed();
            QCOMPARE(proxy.mostAtOnce(), associations);
        }
        QVERIFY2(ms[0] >= kCount * 50, qPrintable(QString::number(ms[0])));
        QVERIFY2(ms[1] < ms[0] / 2, qPrintable(QStringLiteral("%1 ms, %2 ms").arg(ms[0]).arg(ms[1])));
    }

    void theFirstWantedComesFirst() {
        const FaultProxy proxy(m_archive->settings().platform.port);
        DicomStudyClient client(through(proxy));
        RetrieveRequest request = listed();
        std::swap(request.listed.front(), request.listed[47]);
        const QString first = request.listed.front().instance.value();
        const Fetched got = fetch(client, request);
        verifyWhole(got);
        // Four associations start at the same time: among the first answers, whichever is the quickest.
        QVERIFY2(got.order.indexOf(first) < 12, qPrintable(QString::number(got.order.indexOf(first))));
    }

    /// A peer that serves one association at a time keeps nothing back.
    void moreThanThePeerTakes() {
        FakePlatform platform;
        QList<QByteArray> files;
        for (int i = 1; i <= kCount; ++i)
            files.append(object(i).file);
        platform.serve(files, FakePlatform::End::Success);
        NetworkSettings settings = platform.settings();
        settings.acseTimeout = std::chrono::seconds(2);
        settings.associations = 4;
        DicomStudyClient client(settings);
        RetrieveRequest request{StudyUid(kStudy), {}, {}};
        for (int i = 1; i <= kCount; ++i)
            request.listed.push_back(
                {StudyUid(kStudy), SeriesUid(seriesUid(i)), InstanceUid(instanceUid(i)), {}, {}, 0, 0, {}});
        QElapsedTimer timer;
        timer.start();
        verifyWhole(fetch(client, request));
        QVERIFY2(timer.elapsed() < 15000, qPrintable(QString::number(timer.elapsed())));
    }

    void theLimitIsKept() {
        const SystemClock clock;
        const FaultProxy proxy(m_archive->settings().platform.port);
        NetworkSettings settings = through(proxy);
        settings.limiter = std::make_shared<BandwidthLimiter>(BandwidthPlan{m_cleanBytes / 2, {}}, clock);
        DicomStudyClient client(settings);
        QElapsedTimer timer;
        timer.start();
        verifyWhole(fetch(client, listed()));
        // Two seconds' worth, of which a quarter of a second may come in one go.
        QVERIFY2(timer.elapsed() >= 1600, qPrintable(QString::number(timer.elapsed())));
    }

    void moveGoesOn() {
        NetworkSettings settings = m_archive->settings();
        settings.eventSenders = QStringList{QStringLiteral("ARCHIVE")};
        EventListener listener(settings, [](const WorklistEvent&) {});
        QVERIFY(listener.start());
        ArchiveProcess archive(listener.port());
        QVERIFY(archive.isRunning());
        DicomReportClient writer(archive.settings(), nullptr);
        std::vector<ObjectToSend> objects;
        for (int i = 1; i <= kCount; ++i)
            objects.push_back(object(i));
        QVERIFY(writer.store(objects, {}));
        const int port = archive.settings().platform.port;
        LineRules rules;
        // The archive's words are few: it is cut off while it sends.
        rules.faults = [](int connection) {
            return connection < 4 ? std::vector<LineFault>{{LineFault::Kind::Reset, true, 400 + connection * 900LL, {}}}
                                  : std::vector<LineFault>();
        };
        const FaultProxy proxy(port, rules);
        settings = archive.settings();
        settings.platform.port = proxy.port();
        settings.pauser = std::make_shared<NotedPauses>();
        DicomMoveClient client(settings, listener);
        DicomStudyClient list(archive.settings());
        RetrieveRequest request{StudyUid(kStudy), {}, {}};
        const auto records = list.findInstances(StudyUid(kStudy), {});
        QVERIFY(records);
        request.listed = *records;
        const Fetched got = fetch(client, request);
        QVERIFY2(got.status, got.status ? "" : qPrintable(got.status.error().toString()));
        QCOMPARE(got.twice, 0);
        QCOMPARE(got.files.size(), size_t(kCount));
        QVERIFY(proxy.faultsDone() >= 1);
        QVERIFY(got.broken >= 1);
    }
};

QTEST_GUILESS_MAIN(BadLineTest)
#include "bad_line_test.moc"
