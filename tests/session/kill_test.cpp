#include "kill_desk.h"

#include "session/demo_site.h"
#include "session/platform_process.h"

#include "storage/desk_store.h"
#include "support/small_study.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

using namespace yz;
using namespace yz::test;

/// kill -9 at every moment of the line; a new process takes the work to its end. Afterwards the platform has the report
/// once, byte for byte what was signed, the task is done and exactly one review task exists.
class KillTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void workGoesOn_data();
    void workGoesOn();

private:
    int runChild(const QString& study, Moment moment, bool& killed);
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<PlatformProcess> m_platform;
    QString m_home;
    SystemClock m_clock;
    Site m_site;
};

namespace {

QString studyOf(int number) { return QStringLiteral("2.25.7701%1").arg(number); }

} // namespace

void KillTest::initTestCase() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_home = m_folder->filePath(QStringLiteral("desk"));
    QVERIFY(QDir().mkpath(m_home));
    // One small study a moment: twelve slices each.
    const QString studies = m_folder->filePath(QStringLiteral("studies"));
    for (int i = 0; i < kMoments; ++i)
        writeSmallStudy(studies + u'/' + QString::number(i), studyOf(i), 12);

    m_site.isDemo = true;
    m_site.diagnosingHospital = demo::users().front().hospital;
    m_site.eventPort = freeLoopbackPort();
    m_site.commitmentTimeout = std::chrono::milliseconds(4000);
    m_platform = std::make_unique<PlatformProcess>(PlatformProcess::Options{
        m_folder->filePath(QStringLiteral("platform")), studies, m_site.aeTitle, m_site.eventPort, 0});
    m_platform->start();
    const Status ready = m_platform->waitUntilReady(30000);
    QVERIFY2(ready, ready ? "" : qPrintable(ready.error().toString()));
    m_site.platformPort = m_platform->port();
    QVERIFY(m_site.save(m_home + QStringLiteral("/site.json")));
    auto store = DeskStore::open(m_home, m_clock);
    QVERIFY(store);
    const Status prepared = demo::prepare(**store, m_clock);
    QVERIFY2(prepared, prepared ? "" : qPrintable(prepared.error().toString()));
}

int KillTest::runChild(const QString& study, Moment moment, bool& killed) {
    QProcess child;
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(),
                {QStringLiteral("--desk"), m_home, study, QString::number(static_cast<int>(moment))});
    if (!child.waitForFinished(120000)) {
        child.kill();
        child.waitForFinished();
        return -1;
    }
    killed = child.exitStatus() == QProcess::CrashExit && child.exitCode() == SIGKILL;
    return child.exitCode();
}

void KillTest::workGoesOn_data() {
    QTest::addColumn<int>("moment");
    for (int i = 0; i < kMoments; ++i)
        QTest::newRow(momentName(static_cast<Moment>(i))) << i;
}

void KillTest::workGoesOn() {
    QFETCH(int, moment);
    const QString study = studyOf(moment);
    bool killed = false;
    if (moment != 0) {
        runChild(study, static_cast<Moment>(moment), killed);
        QVERIFY2(killed, "the desk did not die at its moment");
    }
    QCOMPARE(runChild(study, Moment::None, killed), 0);
    QVERIFY(!killed);

    RandomUidSource uids;
    const auto opened = DeskServices::open({m_home, m_site, false}, m_clock, uids);
    QVERIFY(opened);
    DeskServices& desk = **opened;
    const CancelToken token;
    const auto latest = desk.store().reports().latestOfStudy(StudyUid(study));
    QVERIFY(latest && *latest);
    QCOMPARE((*latest)->version, 1);
    const Result<SignedReport> kept = desk.store().reports().version((*latest)->srInstance);
    QVERIFY(kept);
    if (static_cast<Moment>(moment) == Moment::WhileTyping)
        QCOMPARE(kept->document.content.findings, QStringLiteral("双肺未见实变。"));

    // Once on the platform, and byte for byte.
    const auto instances = desk.studies().findInstances(StudyUid(study), token);
    QVERIFY(instances);
    int reports = 0;
    for (const InstanceRecord& instance : *instances)
        reports += instance.sopClass == kReportSrClass || instance.sopClass == kReportPdfClass ? 1 : 0;
    QCOMPARE(reports, 2);
    QCOMPARE(static_cast<int>(instances->size()), 12 + 2);
    AcquireService acquire(desk.store(), desk.studies(), desk.pixels());
    const auto fetched = acquire.fetchReportObject(StudyUid(study), (*latest)->srSeries, (*latest)->srInstance, token);
    QVERIFY(fetched);
    const auto ours = desk.encoder().open(kept->srFile);
    const auto theirs = desk.encoder().open(*fetched);
    QVERIFY2(theirs, theirs ? "" : qPrintable(theirs.error().toString()));
    QVERIFY(ours->canonical == theirs->canonical);
    QVERIFY(ours->signatures == theirs->signatures);

    const auto tasks = desk.worklist().query({}, token);
    QVERIFY(tasks);
    int reads = 0;
    int reviews = 0;
    for (const ReadingTask& task : *tasks) {
        if (task.order.study.value() != study)
            continue;
        if (task.kind == TaskKind::Read) {
            ++reads;
            QVERIFY(task.state == UpsState::Completed);
        } else if (task.kind == TaskKind::Review) {
            ++reviews;
        }
    }
    QCOMPARE(reads, 1);
    QCOMPARE(reviews, 1);
    QVERIFY(desk.store().audit().verifyChain());
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"--desk")
        return runDesk(arguments.value(2), arguments.value(3), static_cast<Moment>(arguments.value(4).toInt()));
    KillTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "kill_test.moc"
