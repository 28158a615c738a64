#include "signed_reports.h"

#include "core/patience.h"
#include "session/platform_process.h"
#include "session/site_bandwidth.h"
#include "storage/desk_store.h"
#include "support/fault_proxy.h"
#include "support/small_study.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace yz::test;
using std::chrono::milliseconds;

/// A desk fetches a study from the platform over the lines that townships have: everything is there once, whole, and
/// what is said meanwhile is true.
class SessionBadLineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void lines_data();
    void lines();
    void whatCameIsKeptWhenTheLineIsGone();
    void limitOfTheSite();
    void settingIsKept();

private:
    [[nodiscard]] std::unique_ptr<DeskServices> newDesk(const QString& name, const FaultProxy& proxy,
                                                        const BandwidthPlan& bandwidth = {});
    QTemporaryDir m_folder;
    SystemClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<PlatformProcess> m_platform;
    QMap<QByteArray, int> m_original; ///< what the platform serves, by content
};

namespace {

constexpr int kSlices = 40;
constexpr int kSize = 96;
const QString kStudy = QStringLiteral("2.25.99101");
const CancelToken kNever;

/// Every file below a folder by what it holds from its data set on (the platform writes a header of its own).
QMap<QByteArray, int> contentsOf(const QString& folder, const QByteArray& from) {
    QMap<QByteArray, int> contents;
    QDirIterator all(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        QFile file(all.next());
        const QByteArray bytes = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        const qsizetype at = bytes.indexOf(from);
        ++contents[at < 0 ? bytes : bytes.mid(at)];
    }
    return contents;
}

/// (7FE0,0010) in little endian: what follows is the pixels.
const QByteArray kPixelTag = QByteArray::fromHex("e07f1000");

} // namespace

void SessionBadLineTest::initTestCase() {
    SmallStudyOptions options;
    options.size = kSize;
    writeSmallStudy(m_folder.filePath(QStringLiteral("studies/0")), kStudy, kSlices, options);
    m_original = contentsOf(m_folder.filePath(QStringLiteral("studies/0")), kPixelTag);
    QCOMPARE(m_original.size(), kSlices);
    m_platform = std::make_unique<PlatformProcess>(
        PlatformProcess::Options{m_folder.filePath(QStringLiteral("platform")),
                                 m_folder.filePath(QStringLiteral("studies")), QStringLiteral("YUANZHEN"), 1, 0});
    m_platform->start();
    const Status ready = m_platform->waitUntilReady(30000);
    QVERIFY2(ready, ready ? "" : qPrintable(ready.error().toString()));
}

std::unique_ptr<DeskServices> SessionBadLineTest::newDesk(const QString& name, const FaultProxy& proxy,
                                                          const BandwidthPlan& bandwidth) {
    Site site;
    site.isDemo = true;
    site.platformPort = proxy.port();
    site.eventPort = 0;
    site.bandwidth = bandwidth;
    const QString home = m_folder.filePath(name);
    if (!makeDemoDesk(home, site))
        return nullptr;
    auto desk = DeskServices::open({home, site, false}, m_clock, m_uids);
    return desk ? std::move(*desk) : nullptr;
}

void SessionBadLineTest::lines_data() {
    QTest::addColumn<long long>("bytesPerSecond");
    QTest::addColumn<int>("delayMs");
    QTest::addColumn<long long>("diesEvery");
    // The study has 40 x 18 kB. 2.5 MB/s x 30 s would be 75 MB: the line dies by its bytes, sooner.
    QTest::newRow("good") << 0LL << 0 << 0LL;
    QTest::newRow("20 Mbit/s, 100 ms there and back") << 2'500'000LL << 50 << 0LL;
    QTest::newRow("2 Mbit/s, 300 ms there and back") << 250'000LL << 150 << 0LL;
    QTest::newRow("dies again and again") << 0LL << 0 << 150'000LL;
    QTest::newRow("20 Mbit/s, 100 ms, dies again and again") << 2'500'000LL << 50 << 200'000LL;
}

void SessionBadLineTest::lines() {
    QFETCH(long long, bytesPerSecond);
    QFETCH(int, delayMs);
    QFETCH(long long, diesEvery);
    FaultProxy proxy(m_platform->port());
    const QString name = QStringLiteral("desk-") + QString::fromLatin1(QTest::currentDataTag()).remove(u'/');
    const auto desk = newDesk(name, proxy);
    QVERIFY(desk);
    LineRules rules;
    rules.bytesPerSecond = bytesPerSecond;
    rules.delay = milliseconds(delayMs);
    proxy.setRules(rules);
    QMap<QString, int> indexed;
    QList<AcquireProgress> told;
    QElapsedTimer timer;
    timer.start();
    bool isDying = false;
    const auto record = pipeline::acquireStudy(
        StudyUid(kStudy), [&](const DataSetHeader& header) { ++indexed[header.instance.instance.value()]; },
        [&](const AcquireProgress& progress) {
            told.append(progress);
            if (!isDying && diesEvery > 0) { // the list is there: from now on it dies
                isDying = true;
                rules.diesEveryBytes = diesEvery;
                proxy.setRules(rules);
            }
        },
        desk->pipeline(), kNever);
    const qint64 ms = timer.elapsed();
    QVERIFY2(record, record ? "" : qPrintable(record.error().toString()));
    if (diesEvery > 0)
        QVERIFY2(proxy.deaths() >= 2, qPrintable(QString::number(proxy.deaths())));

    // Once each in the index and in the vault, whole, and nothing besides.
    QCOMPARE(indexed.size(), kSlices);
    for (const int times : std::as_const(indexed))
        QCOMPARE(times, 1);
    QCOMPARE(record->series.size(), size_t(1));
    QCOMPARE(record->series.front().instances.size(), size_t(kSlices));
    const auto completeness = desk->store().studies().completeness(StudyUid(kStudy));
    QVERIFY(completeness && completeness->isComplete());
    QMap<QByteArray, int> kept;
    for (const InstanceRecord& instance : record->series.front().instances) {
        const QByteArray bytes = desk->store().vault().read(StudyUid(kStudy), instance.instance).value();
        ++kept[bytes.mid(bytes.indexOf(kPixelTag))];
    }
    QCOMPARE(kept, m_original);

    // What was told: never back, to the end; the first picture is the middle one.
    for (qsizetype i = 1; i < told.size(); ++i)
        QVERIFY(told[i].have >= told[i - 1].have);
    QCOMPARE(told.constLast().have, kSlices);
    QCOMPARE(told.constLast().total, kSlices);
    if (bytesPerSecond > 0 && diesEvery == 0) {
        const double seconds = double(proxy.bytesToClient()) / double(bytesPerSecond);
        QVERIFY2(ms >= seconds * 1000 * 0.9, "the line is not faster than it is");
        const AcquireProgress& late = told.at(told.size() - 2);
        QVERIFY2(late.rate.bytesPerSecond < bytesPerSecond * 3 / 2,
                 qPrintable(QString::number(late.rate.bytesPerSecond)));
        if (bytesPerSecond == 250'000) {
            QVERIFY(late.rate.bytesPerSecond > bytesPerSecond / 4);
            const AcquireProgress& half = *std::find_if(told.cbegin(), told.cend(),
                                                        [](const AcquireProgress& p) { return p.have >= kSlices / 2; });
            QVERIFY(half.rate.left && half.rate.left->count() >= 1 && half.rate.left->count() <= 10);
        }
    }
    qInfo("%s: %lld ms, %lld bytes, %d connections", QTest::currentDataTag(), ms, proxy.bytesToClient(),
          proxy.connections());
}

void SessionBadLineTest::whatCameIsKeptWhenTheLineIsGone() {
    LineRules rules;
    rules.diesEveryBytes = 400'000; // of 750 kB
    rules.deadFor = std::chrono::hours(1);
    FaultProxy proxy(m_platform->port(), rules);
    const auto desk = newDesk(QStringLiteral("desk-gone"), proxy);
    QVERIFY(desk);
    const CancelToken token;
    bool wasTold = false;
    const auto broken = pipeline::acquireStudy(
        StudyUid(kStudy), {},
        [&](const AcquireProgress& progress) {
            wasTold = wasTold || progress.isBroken;
            if (wasTold && progress.have >= 12) // a reader closes the case while it is tried again
                token.cancel();
        },
        desk->pipeline(), token);
    QVERIFY(!broken);
    QCOMPARE(broken.error().code, ErrorCode::Cancelled);
    const auto have = desk->store().studies().instancesOf(StudyUid(kStudy));
    QVERIFY(have && have->size() >= 12 && have->size() < size_t(kSlices));
    const std::set<InstanceUid> before = *have;
    proxy.setRules({});
    const long long bytes = proxy.bytesToClient();
    std::set<InstanceUid> now;
    const auto rest = pipeline::acquireStudy(
        StudyUid(kStudy), [&](const DataSetHeader& header) { now.insert(header.instance.instance); }, {},
        desk->pipeline(), kNever);
    QVERIFY2(rest, rest ? "" : qPrintable(rest.error().toString()));
    for (const InstanceUid& instance : before)
        QVERIFY(!now.contains(instance)); // nothing is fetched twice
    QCOMPARE(before.size() + now.size(), size_t(kSlices));
    QVERIFY(proxy.bytesToClient() - bytes < (kSlices - 12) * 20'000LL + 30'000);
}

void SessionBadLineTest::limitOfTheSite() {
    const FaultProxy proxy(m_platform->port());
    const BandwidthPlan plan{0, {{QTime(0, 0), QTime(0, 0), 300'000}}}; // the whole day
    const auto desk = newDesk(QStringLiteral("desk-limit"), proxy, plan);
    QVERIFY(desk);
    QElapsedTimer timer;
    timer.start();
    const auto record = pipeline::acquireStudy(StudyUid(kStudy), {}, {}, desk->pipeline(), kNever);
    QVERIFY2(record, record ? "" : qPrintable(record.error().toString()));
    QVERIFY2(timer.elapsed() >= 1800, qPrintable(QString::number(timer.elapsed()))); // 750 kB
}

void SessionBadLineTest::settingIsKept() {
    Site site;
    site.bandwidth = {1'250'000, {{QTime(8, 0), QTime(18, 30), 250'000}, {QTime(22, 0), QTime(6, 0), 0}}};
    const QString path = m_folder.filePath(QStringLiteral("site.json"));
    QVERIFY(site.save(path));
    const auto loaded = Site::load(path);
    QVERIFY(loaded);
    QCOMPARE(*loaded, site);
    const auto wrong = [](const char* json) {
        const auto plan = bandwidthFromJson(QJsonDocument::fromJson(json).object());
        return plan ? QString() : plan.error().detail;
    };
    QCOMPARE(wrong(R"({"kbitPerSecond": -1})"), QStringLiteral("bandwidth"));
    QCOMPARE(wrong(R"({"windows": [{"from": "08:00", "to": "25:00", "kbitPerSecond": 1}]})"),
             QStringLiteral("bandwidth.windows[0]"));
    QCOMPARE(wrong(R"({"windows": [{"from": "08:00", "to": "09:00", "kbitPerSecond": 1}, {"from": "8"}]})"),
             QStringLiteral("bandwidth.windows[1]"));
    QVERIFY(bandwidthFromJson(QJsonValue(QJsonValue::Undefined))->isEmpty());
    QVERIFY(!bandwidthFromJson(5));
}

QTEST_GUILESS_MAIN(SessionBadLineTest)
#include "bad_line_test.moc"
