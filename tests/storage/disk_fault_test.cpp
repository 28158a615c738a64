#include "recorded_disk.h"
#include "report_life.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cerrno>

using namespace yz;
using namespace yz::test;

/// Every call by which one report's life changes the disk fails once, and fails for good: the step says so with the
/// right code, nothing half is there, and when the fault is gone the same step goes through. In the long mode (see
/// CONTRIBUTING.md) every call fails in every way, else some of them in two of the four.
class DiskFaultTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCallFails_data();
    void everyCallFails();
};

namespace {

void copyFolder(const QString& from, const QString& to) {
    QDir(to).removeRecursively();
    QDir().mkpath(to);
    QDirIterator walk(from, QDir::AllEntries | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString source = walk.next();
        const QString target = to + source.mid(from.size());
        if (walk.fileInfo().isDir())
            QDir().mkpath(target);
        else if (!source.endsWith(u"-shm")) // the shared memory of a process that is gone
            QFile::copy(source, target);
    }
}

/// The same desk in another folder.
void openCopy(LifeDesk& desk, const QString& from, const QString& to, bool open) {
    desk.store.reset();
    copyFolder(from, to);
    desk.home = QDir(to).canonicalPath();
    if (open)
        if (const Status opened = desk.open(); !opened)
            qFatal("%s", qPrintable(opened.error().toString()));
}

QString temporaries(const QString& folder) {
    QDirIterator walk(folder, {QStringLiteral("*.tmp")}, QDir::Files, QDirIterator::Subdirectories);
    return walk.hasNext() ? walk.next() : QString();
}

} // namespace

void DiskFaultTest::everyCallFails_data() {
    QTest::addColumn<int>("error");
    QTest::addColumn<bool>("once");
    QTest::addColumn<int>("stride");
    const int some = qEnvironmentVariableIntValue("YZ_CRASH_STATES") >= 100000 ? 1 : 7;
    QTest::newRow("EIO once") << EIO << true << 1;
    QTest::newRow("EIO from then on") << EIO << false << some;
    QTest::newRow("ENOSPC once") << ENOSPC << true << some;
    QTest::newRow("ENOSPC from then on") << ENOSPC << false << 1;
}

void DiskFaultTest::everyCallFails() {
    QFETCH(const int, error);
    QFETCH(const bool, once);
    QFETCH(const int, stride);
    const auto duration = once ? DiskFault::Duration::Once : DiskFault::Duration::FromThenOn;
    const QTemporaryDir parent(
        (QFile::exists(QStringLiteral("/dev/shm")) ? QStringLiteral("/dev/shm") : QDir::tempPath()) +
        QStringLiteral("/yz-fault-XXXXXX"));
    const QString stage = parent.filePath(QStringLiteral("stage")); // the desk before the step, closed
    QVERIFY(QDir().mkpath(stage));
    int faults = 0;
    QByteArray before;
    for (size_t i = 0; i < reportLife().size(); ++i) {
        const char* const name = reportLife()[i].name;
        const bool opensItself = i == 0 || qstrcmp(name, "morning") == 0;

        // How it goes when nothing fails.
        LifeDesk model;
        openCopy(model, stage, parent.filePath(QStringLiteral("model")), !opensItself);
        QVERIFY2(runStep(model, i), name);
        const Result<QByteArray> after = deskContent(model);
        QVERIFY2(after, name);

        for (int n = 1 + static_cast<int>(i) % stride;; n += stride) {
            LifeDesk desk;
            openCopy(desk, stage, parent.filePath(QStringLiteral("desk")), !opensItself);
            Status done;
            QString call;
            {
                const DiskFault fault(desk.home, n, error, duration);
                done = runStep(desk, i);
                if (!fault.fired())
                    break;
                call = QStringLiteral("%1, call %2 (%3): ").arg(QLatin1String(name)).arg(n).arg(fault.call());
            }
            const auto say = [&](const auto& what) { return (call + what).toUtf8(); };
            ++faults;
            if (!done) {
                const ErrorCode code = done.error().code;
                // SQLite that cannot make a file says only that it cannot open it.
                const bool isNameless = code == ErrorCode::FileUnreadable && call.contains(u"open");
                if (error == ENOSPC)
                    QVERIFY2(code == ErrorCode::DiskFull || (once && isNameless), say(done.error().toString()));
                else
                    QVERIFY2(code == ErrorCode::DatabaseError || code == ErrorCode::FileUnwritable || isNameless ||
                                 (!once && code == ErrorCode::FileUnreadable),
                             say(done.error().toString()));
            }
            // A process that dies now leaves the step done or not done.
            if (i > 0) {
                LifeDesk dead;
                openCopy(dead, desk.home, parent.filePath(QStringLiteral("dead")), true);
                const QString wrong = deskFault(dead);
                QVERIFY2(wrong.isEmpty(), say(wrong));
                const Result<QByteArray> left = deskContent(dead);
                QVERIFY2(left, call.toUtf8());
                QVERIFY2(*left == *after || (!done && *left == before), say(QStringLiteral("a half step is left")));
            }
            // One that lives goes on with what was before, and then does it.
            if (!done && desk.store && !opensItself) {
                const Result<QByteArray> now = deskContent(desk);
                QVERIFY2(now && (*now == before || *now == *after), say(QStringLiteral("half a step is seen")));
            }
            if (!done) {
                done = runStep(desk, i);
                QVERIFY2(done, say(done ? QString() : done.error().toString()));
            }
            Result<QByteArray> now = deskContent(desk);
            QVERIFY2(now && *now == *after, say(QStringLiteral("the step did not come to its end")));
            QVERIFY(desk.open());
            now = deskContent(desk);
            QVERIFY2(now && *now == *after, say(QStringLiteral("the step is gone after a start")));
            const QString wrong = deskFault(desk);
            QVERIFY2(wrong.isEmpty(), say(wrong));
            QVERIFY2(temporaries(desk.home).isEmpty(), say(temporaries(desk.home)));
        }
        before = *after;
        model.store.reset();
        copyFolder(model.home, stage);
    }
    qInfo("%d faults", faults);
    QVERIFY(faults > 400 / stride);
}

QTEST_GUILESS_MAIN(DiskFaultTest)
#include "disk_fault_test.moc"
