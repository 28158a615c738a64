#include "dicom_tool.h"
#include "dimse_scu.h"
#include "platform_process.h"

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/oflog/oflog.h>

#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <csignal>
#include <thread>

using namespace yz;
using namespace yz::test;

namespace {

int filesBelow(const QString& folder) {
    int count = 0;
    QDirIterator all(folder, {QStringLiteral("*")}, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        all.next();
        ++count;
    }
    return count;
}

} // namespace

class CrashTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
        if (!hasTools())
            QSKIP("DCMTK's programs are not installed");
    }

    void helpAndBadOptions() {
        const QString program = qEnvironmentVariable("YZ_BIN_DIR") + QStringLiteral("/yuanzhen-platform");
        const ToolRun help = runTool(program, {QStringLiteral("--help")});
        QCOMPARE(help.exitCode, 0);
        for (const char* option : {"--data-dir", "--port", "--watch", "--import", "--node", "--review"})
            QVERIFY2(help.output.contains(QLatin1String(option)), option);
        QCOMPARE(runTool(program, {}).exitCode, 2);
        QTemporaryDir folder;
        QCOMPARE(runTool(program, {"--data-dir", folder.path(), "--port", "70000"}).exitCode, 2);
        QCOMPARE(runTool(program, {"--data-dir", folder.path(), "--node", "nonsense"}).exitCode, 2);
        QCOMPARE(runTool(program, {"--data-dir", folder.path(), "--review", "maybe"}).exitCode, 2);
    }

    void endsOnTerminate() {
        QTemporaryDir folder;
        PlatformProcess platform(folder.path());
        QVERIFY(platform.waitForPort() != 0);
        platform.process().terminate();
        QVERIFY(platform.process().waitForFinished(10000));
        QCOMPARE(platform.process().exitStatus(), QProcess::NormalExit);
        QCOMPARE(platform.process().exitCode(), 0);
    }

    /// Killed at different moments of an upload: what was answered with Success is there, files and index agree.
    void killedWhileStoring() {
        QTemporaryDir folder;
        const QString data = folder.path() + QStringLiteral("/data");
        constexpr int kObjects = 40;
        const QString study = QStringLiteral("2.25.77001");
        QStringList files;
        for (int i = 1; i <= kObjects; ++i) {
            SampleInstance sample;
            sample.studyUid = study;
            sample.seriesUid = study + QStringLiteral(".1");
            sample.instanceUid = QStringLiteral("%1.1.%2").arg(study).arg(i);
            sample.number = i;
            sample.rows = 2000;
            files << folder.filePath(QStringLiteral("%1.dcm").arg(i));
            writeInstance(files.last(), sample);
        }
        QSet<QString> acknowledged;
        for (const int killAfter : {1, 3, 8, 15, 25}) {
            std::atomic<int> answered{0};
            PlatformProcess platform(data);
            const quint16 port = platform.waitForPort();
            QVERIFY(port != 0);
            std::atomic<bool> stop{false};
            std::thread sender([&] {
                DimseScu scu(port, {QStringLiteral(UID_CTImageStorage)});
                for (const QString& path : std::as_const(files)) {
                    if (!scu.isOpen() || stop)
                        return;
                    DcmFileFormat file;
                    file.loadFile(path.toLocal8Bit().constData());
                    OFString uid;
                    file.getDataset()->findAndGetOFString(DCM_SOPInstanceUID, uid);
                    const QString instance = QString::fromLatin1(uid.c_str());
                    const int status =
                        scu.store(*file.getDataset(), QStringLiteral(UID_CTImageStorage), instance).status;
                    if (status != 0)
                        return;
                    acknowledged.insert(instance);
                    ++answered;
                }
            });
            QElapsedTimer patience;
            patience.start();
            while (answered < killAfter && patience.elapsed() < 30000)
                std::this_thread::yield();
            std::this_thread::sleep_for(std::chrono::microseconds(700 * killAfter)); // somewhere inside the next one
            platform.killHard();
            stop = true;
            sender.join();

            PlatformProcess again(data);
            const quint16 newPort = again.waitForPort();
            QVERIFY(newPort != 0);
            const ToolRun found =
                runTool(QStringLiteral("findscu"),
                        {"-S", "-k", "QueryRetrieveLevel=IMAGE", "-k", "SOPInstanceUID", "-k",
                         "StudyInstanceUID=" + study, "-aec", "YZPLATFORM", "127.0.0.1", QString::number(newPort)});
            QSet<QString> indexed;
            const QRegularExpression uid(QStringLiteral("\\(0008,0018\\) UI \\[([0-9.]+)\\]"));
            for (auto it = uid.globalMatch(found.output); it.hasNext();)
                indexed.insert(it.next().captured(1));
            QCOMPARE(found.exitCode, 0);
            const QString missing = (acknowledged - indexed).values().join(u' ');
            QVERIFY2(missing.isEmpty(), qPrintable(missing + u'\n' + found.output));
            QCOMPARE(filesBelow(data + QStringLiteral("/files")), int(indexed.size()));
            const QString got = folder.path() + QStringLiteral("/got%1").arg(killAfter);
            QDir().mkpath(got);
            if (!indexed.isEmpty()) {
                QCOMPARE(runTool(QStringLiteral("getscu"),
                                 {"-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + study, "-aec",
                                  "YZPLATFORM", "127.0.0.1", QString::number(newPort)},
                                 got)
                             .exitCode,
                         0);
            }
            QCOMPARE(filesBelow(got), int(indexed.size())); // every one can be read and sent
        }
        QVERIFY(!acknowledged.isEmpty());
    }

    void claimSurvivesAKill() {
        QTemporaryDir folder;
        SampleInstance sample;
        sample.studyUid = QStringLiteral("2.25.77002");
        sample.seriesUid = QStringLiteral("2.25.77002.1");
        sample.instanceUid = QStringLiteral("2.25.77002.1.1");
        QDir(folder.path()).mkpath(QStringLiteral("in"));
        writeInstance(folder.filePath(QStringLiteral("in/a.dcm")), sample);
        const QStringList import{"--import", folder.filePath(QStringLiteral("in"))};
        const QString transaction = QStringLiteral("2.25.99");
        QString workitem;
        {
            PlatformProcess platform(folder.filePath(QStringLiteral("data")), import);
            const quint16 port = platform.waitForPort();
            QVERIFY(QTest::qWaitFor([&] {
                DimseScu scu(port, {DimseScu::upsPull()});
                DcmDataset keys;
                keys.insertEmptyElement(DCM_SOPInstanceUID);
                const auto found = scu.find(DimseScu::upsPull(), keys);
                if (found.size() != 1)
                    return false;
                OFString uid;
                found[0]->findAndGetOFString(DCM_SOPInstanceUID, uid);
                workitem = QString::fromLatin1(uid.c_str());
                return true;
            }));
            DimseScu scu(port, {DimseScu::upsPull()});
            QCOMPARE(scu.changeState(workitem, "IN PROGRESS", transaction), 0);
            platform.killHard();
        }
        PlatformProcess platform(folder.filePath(QStringLiteral("data")), import);
        DimseScu scu(platform.waitForPort(), {DimseScu::upsPull()});
        QCOMPARE(scu.changeState(workitem, "IN PROGRESS", QStringLiteral("2.25.100")), 0xC302);
        QCOMPARE(scu.changeState(workitem, "IN PROGRESS", transaction), 0);
    }
};

QTEST_GUILESS_MAIN(CrashTest)
#include "crash_test.moc"
