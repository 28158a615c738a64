#include "storage/desk_store.h"

#include "sample_report.h"
#include "support/fake_clock.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <cstring>

using namespace yz;

namespace {

SignedReport numbered(const QString& writer, int i) {
    return test::sampleReport(1, ReadingState::Approved, writer + u'-' + QString::number(i));
}

/// The child: commits reports and says each one's number on stdout once the commit has returned.
int commitLoop(const QString& folder, const QString& writer, int first, int count) {
    const test::FakeClock clock;
    const auto desk = DeskStore::open(folder, clock);
    if (!desk)
        return 2;
    for (int i = first; i < first + count; ++i) {
        SignedReport report = numbered(writer, i);
        report.document.srInstance = InstanceUid(QStringLiteral("1.%1.%2").arg(writer).arg(i));
        if (!(*desk)->reports().commit(report, test::sampleAudit(), test::sampleOutbox(report)))
            return 3;
        std::printf("%d\n", i);
        std::fflush(stdout);
    }
    return 0;
}

/// The child on a small file system of its own: fills it up. Exit status 0 when all went as it must.
int fillDisk(const QString& folder) {
    const QString path = folder + u"/durable.bin";
    if (!writeFileDurably(path, "old"))
        return 10;
    const test::FakeClock clock;
    int committed = 0;
    {
        const auto desk = DeskStore::open(folder + u"/desk", clock);
        if (!desk)
            return 11;
        for (;; ++committed) {
            const SignedReport report = numbered(QStringLiteral("7"), committed);
            const auto done = (*desk)->reports().commit(report, test::sampleAudit(), test::sampleOutbox(report));
            if (!done && done.error().code != ErrorCode::DiskFull)
                return 12;
            if (!done)
                break;
        }
        if ((*desk)->reports().all()->size() != size_t(committed) || !(*desk)->audit().verifyChain())
            return 13;
        // Files: the old content stays, nothing half written is left.
        if (writeFileDurably(path, QByteArray(8 << 20, 'x')).error().code != ErrorCode::DiskFull)
            return 14;
        const auto put = (*desk)->vault().put(StudyUid(QStringLiteral("1.2")), InstanceUid(QStringLiteral("1.2.3")),
                                              QByteArray(8 << 20, 'x'));
        if (put || put.error().code != ErrorCode::DiskFull)
            return 15;
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.readAll() != "old")
        return 16;
    QDirIterator walk(folder, {QStringLiteral("*.tmp"), QStringLiteral("*.dcm")}, QDir::Files,
                      QDirIterator::Subdirectories);
    if (walk.hasNext())
        return 17;
    const auto again = DeskStore::open(folder + u"/desk", clock);
    return again && (*again)->reports().all()->size() == size_t(committed) && committed > 5 ? 0 : 18;
}

} // namespace

class CrashTest : public QObject {
    Q_OBJECT

private:
    static void start(QProcess& child, const QString& folder, const QString& writer, int first, int count) {
        child.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--commit-loop"), folder, writer, QString::number(first), QString::number(count)});
    }

private Q_SLOTS:
    void killedProcessLosesNoAcknowledgedCommit() {
        QTemporaryDir parent;
        const QString folder = parent.filePath(QStringLiteral("desk"));
        const test::FakeClock clock;
        int next = 0; // the first number that may be absent
        for (int round = 0; round < 12; ++round) {
            QProcess child;
            start(child, folder, QStringLiteral("7"), next, 100000);
            QVERIFY(child.waitForStarted());
            // Let it come to different places: from before the first commit to some dozens of them.
            QTest::qWait(15 + 23 * round);
            child.kill(); // SIGKILL
            QVERIFY(child.waitForFinished());
            QCOMPARE(child.exitStatus(), QProcess::CrashExit);
            const QList<QByteArray> acknowledged = child.readAllStandardOutput().trimmed().split('\n');
            const auto desk = DeskStore::open(folder, clock).value();
            const auto reports = desk->reports().all().value();
            QSet<QString> present;
            for (const auto& summary : reports)
                present.insert(summary.document.report.value());
            for (const QByteArray& line : acknowledged)
                if (!line.isEmpty())
                    QVERIFY2(present.contains(u"7-" + QString::fromLatin1(line)), line.constData());
            // Whole commits only: three outbox rows and one audit row for each report.
            QCOMPARE(desk->outbox().all()->size(), reports.size() * 3);
            QCOMPARE(desk->audit().latest(1000000)->size(), reports.size());
            QVERIFY(desk->audit().verifyChain());
            next = static_cast<int>(reports.size());
        }
        QVERIFY2(next > 20, qPrintable(QString::number(next))); // the children did come to commit
    }

    void fullFileSystem() {
        QTemporaryDir folder;
        const auto onSmallDisk = [&](const QStringList& command) {
            QProcess child;
            child.start(
                QStringLiteral("unshare"),
                QStringList{QStringLiteral("-rm"), QStringLiteral("sh"), QStringLiteral("-c"),
                            QStringLiteral("mount -t tmpfs -o size=4m tmpfs \"$1\" || exit 99; shift; exec \"$@\""),
                            QStringLiteral("sh"), folder.path()} +
                    command);
            return child.waitForFinished() && child.exitStatus() == QProcess::NormalExit ? child.exitCode() : 98;
        };
        if (onSmallDisk({QStringLiteral("true")}) != 0)
            QSKIP("no file system of our own may be mounted here");
        QCOMPARE(onSmallDisk({QCoreApplication::applicationFilePath(), QStringLiteral("--fill-disk"), folder.path()}),
                 0);
    }

    void twoProcessesOnOneFile() {
        QTemporaryDir parent;
        const QString folder = parent.filePath(QStringLiteral("desk"));
        QProcess a;
        QProcess b;
        start(a, folder, QStringLiteral("1"), 0, 40);
        start(b, folder, QStringLiteral("2"), 0, 40);
        QVERIFY(a.waitForFinished());
        QVERIFY(b.waitForFinished());
        QCOMPARE(a.exitCode(), 0);
        QCOMPARE(b.exitCode(), 0);
        const test::FakeClock clock;
        const auto desk = DeskStore::open(folder, clock).value();
        QCOMPARE(desk->reports().all()->size(), size_t(80));
        QCOMPARE(desk->outbox().all()->size(), size_t(240));
        QVERIFY(desk->audit().verifyChain()); // one chain, though two wrote it
    }
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 6 && std::strcmp(argv[1], "--commit-loop") == 0)
        return commitLoop(QString::fromLocal8Bit(argv[2]), QString::fromLatin1(argv[3]), QByteArray(argv[4]).toInt(),
                          QByteArray(argv[5]).toInt());
    if (argc == 3 && std::strcmp(argv[1], "--fill-disk") == 0)
        return fillDisk(QString::fromLocal8Bit(argv[2]));
    CrashTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "crash_test.moc"
