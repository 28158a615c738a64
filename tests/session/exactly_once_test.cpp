#include "exactly_once_desk.h"

#include "dicom/net/study_client.h"
#include "sample_objects.h"
#include "session/platform_process.h"
#include "session/site_adapters.h"
#include "signed_reports.h"
#include "storage/desk_store.h"
#include "support/fault_proxy.h"
#include "support/small_study.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <random>

using namespace yz;
using namespace yz::test;

/// Many reports over a line that breaks, while desk and platform are killed again and again: each is on the platform
/// once, byte for byte, and what is not there yet is seen in the outbox.
/// YZ_EXACTLY_ONCE: how many (default 120, in the long run 10000); YZ_EXACTLY_ONCE_SEED: another course of events.
class ExactlyOnceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyReportOnce();

private:
    void startPlatform();
    void startDesk(QProcess& desk) const;
    void readLines(QProcess& desk);
    void verifyOutbox();
    void verifyPlatform();

    QTemporaryDir m_folder;
    QString m_home;
    Site m_site;
    QDateTime m_since = QDateTime::currentDateTimeUtc();
    int m_count = 120;
    int m_platformPort = 0;
    std::unique_ptr<PlatformProcess> m_platform;
    std::set<int> m_committed;
    qint64 m_slowestLook = 0;
};

namespace {

int numberFrom(const char* variable, int otherwise) {
    bool isNumber = false;
    const int value = qEnvironmentVariableIntValue(variable, &isNumber);
    return isNumber ? value : otherwise;
}

} // namespace

void ExactlyOnceTest::initTestCase() {
    m_count = numberFrom("YZ_EXACTLY_ONCE", m_count);
    writeSmallStudy(m_folder.filePath(QStringLiteral("studies/0")), QStringLiteral("2.25.66101"), 2);
    m_home = m_folder.filePath(QStringLiteral("desk"));
    m_site.isDemo = true;
    m_site.eventPort = freeLoopbackPort();
    m_site.commitmentTimeout = std::chrono::milliseconds(2000);
    startPlatform();
    QVERIFY(m_platformPort > 0);
}

void ExactlyOnceTest::startPlatform() {
    m_platform = std::make_unique<PlatformProcess>(PlatformProcess::Options{
        m_folder.filePath(QStringLiteral("platform")), m_folder.filePath(QStringLiteral("studies")), m_site.aeTitle,
        m_site.eventPort, m_platformPort});
    m_platform->start();
    const Status ready = m_platform->waitUntilReady(30000);
    QVERIFY2(ready, ready ? "" : qPrintable(ready.error().toString()));
    m_platformPort = m_platform->port();
}

void ExactlyOnceTest::startDesk(QProcess& desk) const {
    desk.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    desk.start(QCoreApplication::applicationFilePath(),
               {QStringLiteral("--desk"), m_home, QString::number(m_count), m_since.toString(Qt::ISODateWithMs)});
}

void ExactlyOnceTest::readLines(QProcess& desk) {
    while (desk.canReadLine()) {
        const QList<QByteArray> words = desk.readLine().trimmed().split(' ');
        if (words.constFirst() == "C")
            QVERIFY2(m_committed.insert(words.value(1).toInt()).second, "a report was signed twice");
    }
}

/// After a death: what was acknowledged is there, and delivered or seen as waiting.
void ExactlyOnceTest::verifyOutbox() {
    QElapsedTimer timer;
    timer.start();
    const HurriedClock clock(m_since);
    const auto store = DeskStore::open(m_home, clock);
    QVERIFY2(store, store ? "" : qPrintable(store.error().toString()));
    const auto items = (*store)->outbox().all();
    QVERIFY(items);
    QMap<QString, OutboxItem::State> states;
    for (const OutboxItem& item : *items) {
        QVERIFY(!states.contains(item.reportInstance.value())); // one row a report
        states[item.reportInstance.value()] = item.state;
        QVERIFY(item.state != OutboxItem::State::Parked && item.state != OutboxItem::State::Withdrawn);
    }
    for (const int number : m_committed)
        QVERIFY(states.contains(QStringLiteral("1.2.826.0.1.3680043.9.77.%1.88.1").arg(number)));
    m_slowestLook = std::max(m_slowestLook, timer.elapsed());
}

void ExactlyOnceTest::verifyPlatform() {
    Site direct = m_site;
    direct.platformPort = m_platformPort;
    DicomStudyClient client(networkOf(direct));
    const auto studies = client.findStudies({}, {});
    QVERIFY2(studies, studies ? "" : qPrintable(studies.error().toString()));
    QCOMPARE(static_cast<int>(studies->size()), m_count + 1); // and the one with pictures
    int objects = 0;
    for (const StudySummary& study : *studies)
        objects += study.instanceCount;
    QCOMPARE(objects, 2 * m_count + 2); // nothing twice under another name
    for (int number = 1; number <= m_count; ++number) {
        const SignedReport report = numberedReport(number);
        QMap<QString, QByteArray> files;
        int came = 0;
        const Status got = client.retrieve({report.document.order.study, {}, {}},
                                           [&](ReceivedObject&& object) -> Status {
                                               ++came;
                                               files[object.instance.value()] = object.file;
                                               return {};
                                           },
                                           {}, {});
        QVERIFY2(got, got ? "" : qPrintable(got.error().toString()));
        QCOMPARE(came, 2);
        QCOMPARE(dataSetBytes(files.value(report.document.srInstance.value())), dataSetBytes(report.srFile));
        QCOMPARE(dataSetBytes(files.value(report.document.pdfInstance.value())), dataSetBytes(report.pdfFile));
    }
}

void ExactlyOnceTest::everyReportOnce() {
    const unsigned seed = static_cast<unsigned>(numberFrom("YZ_EXACTLY_ONCE_SEED", 20261122));
    std::mt19937 random(seed);
    LineRules rules;
    rules.faults = seededFaults(seed, 12, 20'000);
    FaultProxy proxy(m_platformPort, rules);
    m_site.platformPort = proxy.port();
    QVERIFY(makeDemoDesk(m_home, m_site));

    const int desksToKill = 8 + m_count / 40;
    const int platformsToKill = 5 + m_count / 60;
    const long long total = m_count * 17'500LL; // bytes of all reports on their way to the platform
    // The next death comes after so many bytes: at any place of a delivery.
    const auto after = [&](int deaths) {
        return static_cast<long long>(random() % static_cast<unsigned>(2 * total / deaths));
    };
    long long deskDies = after(desksToKill);
    long long platformDies = after(platformsToKill);
    int desksKilled = 0, platformsKilled = 0, desks = 0;
    QElapsedTimer timer;
    timer.start();
    bool isDone = false;
    while (!isDone) {
        QVERIFY2(timer.elapsed() < 60000 + m_count * 5000LL, "it does not get on");
        QProcess desk;
        startDesk(desk);
        ++desks;
        QVERIFY(desk.waitForStarted(10000));
        while (desk.state() != QProcess::NotRunning) {
            static_cast<void>(desk.waitForReadyRead(5));
            readLines(desk);
            if (platformsKilled < platformsToKill && proxy.bytesToServer() >= platformDies) {
                ::kill(static_cast<pid_t>(m_platform->processId()), SIGKILL);
                ++platformsKilled;
                platformDies = proxy.bytesToServer() + after(platformsToKill);
                startPlatform();
                QVERIFY(!QTest::currentTestFailed());
            }
            if (desksKilled < desksToKill && proxy.bytesToServer() >= deskDies) {
                ::kill(static_cast<pid_t>(desk.processId()), SIGKILL);
                ++desksKilled;
                deskDies = proxy.bytesToServer() + after(desksToKill);
                break;
            }
        }
        QVERIFY(desk.state() == QProcess::NotRunning || desk.waitForFinished(20000));
        readLines(desk);
        isDone = desk.exitStatus() == QProcess::NormalExit;
        if (isDone)
            QCOMPARE(desk.exitCode(), 0);
        verifyOutbox();
        if (QTest::currentTestFailed())
            return;
    }
    const qint64 deliveredMs = timer.elapsed();
    QVERIFY2(desksKilled >= 5 && platformsKilled >= 3, "nobody died: this proves nothing");
    // A desk may die between signing and saying so.
    QVERIFY(static_cast<int>(m_committed.size()) >= m_count - desksKilled);
    QVERIFY2(m_slowestLook < 5000, qPrintable(QString::number(m_slowestLook)));

    // The desk knows each as published once.
    {
        const HurriedClock clock(m_since);
        const auto store = DeskStore::open(m_home, clock);
        QVERIFY(store);
        const auto reports = (*store)->reports().all();
        QVERIFY(reports);
        QCOMPARE(static_cast<int>(reports->size()), m_count);
        for (const ReportStore::Summary& summary : *reports)
            QVERIFY(summary.state == ReadingState::Published);
        QCOMPARE((*store)->outbox().pendingCount().value(), 0);
        QMap<QString, int> published;
        const auto audit = (*store)->audit().latest(10 * m_count + 1000);
        QVERIFY(audit);
        for (const AuditStore::Row& row : *audit)
            if (row.entry.event == u"report.published")
                ++published[row.entry.subject];
        QCOMPARE(static_cast<int>(published.size()), m_count);
        for (const int times : std::as_const(published))
            QCOMPARE(times, 1);
        QVERIFY((*store)->audit().verifyChain());
    }
    verifyPlatform();
    qInfo(
        "%d reports, seed %u: %d desks of which %d were killed, platform killed %d times, %d faults of the line on %d "
        "connections, %lld ms, slowest look at the outbox %lld ms",
        m_count, seed, desks, desksKilled, platformsKilled, proxy.faultsDone(), proxy.connections(), deliveredMs,
        m_slowestLook);
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"--desk")
        return runDeliveringDesk(arguments.value(2), arguments.value(3).toInt(),
                                 QDateTime::fromString(arguments.value(4), Qt::ISODateWithMs));
    qputenv("QTEST_FUNCTION_TIMEOUT", "86400000"); // the long mode takes its time
    ExactlyOnceTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "exactly_once_test.moc"
