#include "cli_runner.h"

#include "core/clock.h"
#include "orthanc_process.h"
#include "session/platform_process.h"
#include "storage/desk_store.h"
#include "support/small_study.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <set>

using namespace yz;
using namespace yz::test;

/// The desk's line with Debian's Orthanc for images and reports and our platform for the worklist: images by WADO-RS
/// and by C-GET, the signed report by STOW-RS, the reviewed one by C-STORE. What Orthanc has is asked with DCMTK's
/// findscu.
class CliOrthancTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() {
        if (m_broken)
            QSKIP("an earlier step failed");
    }
    void cleanup() { m_broken = m_broken || QTest::currentTestFailed(); }

    void withoutThePasswordNothingGoes();
    void theSecretIsNowhereInPlain();
    void theSiteIsChecked();
    void imagesByWado();
    void imagesOverDimse_data();
    void imagesOverDimse();
    void reportByStow();
    void reviewByStore();
    void sentAgainChangesNothing();

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] Reply importSite(const CliDesk& desk, const char* images, const char* reports) const;
    [[nodiscard]] Reply setUp(const CliDesk& desk) const;
    void compareFiles(const CliDesk& desk);
    /// SOP Instance UIDs of a class that Orthanc has of the study.
    [[nodiscard]] QSet<QString> onOrthanc(const QString& sopClass) const;

    const QString kStudy = QStringLiteral("1.2.826.0.1.3680043.10.1409.77.1");
    const QString kSr = QStringLiteral("1.2.840.10008.5.1.4.1.1.88.22");
    const QString kPdf = QStringLiteral("1.2.840.10008.5.1.4.1.1.104.1");

    QTemporaryDir m_folder;
    std::unique_ptr<OrthancProcess> m_orthanc;
    std::unique_ptr<PlatformProcess> m_platform;
    std::unique_ptr<CliDesk> m_desk;
    int m_eventPort = 0;
    bool m_broken = false;
    QString m_firstSr;
};

void CliOrthancTest::initTestCase() {
    if (const QString why = OrthancProcess::whyNot(); !why.isEmpty())
        QSKIP(qPrintable(why));
    m_broken = true;
    const QString studies = path(QStringLiteral("studies"));
    writeSmallStudy(studies + QStringLiteral("/chest"), kStudy, 12);
    m_eventPort = freeLoopbackPort();
    m_orthanc = std::make_unique<OrthancProcess>(m_eventPort);
    QVERIFY2(m_orthanc->isRunning(), qPrintable(m_orthanc->log()));
    const ToolRun stored =
        runTool(QStringLiteral("storescu"), {"-aet", "TOOL", "-aec", "ORTHANC", "+sd", "+r", "127.0.0.1",
                                             QString::number(m_orthanc->dicomPort()), studies});
    QVERIFY2(stored.exitCode == 0, qPrintable(stored.err));
    m_platform = std::make_unique<PlatformProcess>(PlatformProcess::Options{
        path(QStringLiteral("platform")), studies, QStringLiteral("YUANZHEN"), m_eventPort, 0});
    m_platform->start();
    const Status ready = m_platform->waitUntilReady(30000);
    QVERIFY2(ready, ready ? "" : qPrintable(ready.error().toString()));
    m_desk = std::make_unique<CliDesk>(path(QStringLiteral("desk")));
    const Reply reply = setUp(*m_desk);
    QVERIFY2(reply.exitCode == 0, reply.text());
    m_broken = false;
}

Reply CliOrthancTest::setUp(const CliDesk& desk) const {
    return desk.run({"setup", "--demo", "--platform", QStringLiteral("YZPLATFORM:127.0.0.1:%1").arg(m_platform->port()),
                     "--event-port", QString::number(m_eventPort), "--undo-window", "0", "--station", "DESK1"});
}

Reply CliOrthancTest::importSite(const CliDesk& desk, const char* images, const char* reports) const {
    QJsonObject site = desk.run({"site", "show"}).object();
    site["nodes"] = QJsonArray{QJsonObject{{"name", "pacs"},
                                           {"aeTitle", "ORTHANC"},
                                           {"host", "127.0.0.1"},
                                           {"port", m_orthanc->dicomPort()},
                                           {"url", m_orthanc->root()},
                                           {"authorization", "basic"},
                                           {"user", "desk"},
                                           {"plainAllowed", true}}};
    site["roles"] = QJsonObject{{"images", QJsonObject{{"node", "pacs"}, {"by", images}}},
                                {"reports", QJsonObject{{"node", "pacs"}, {"by", reports}}}};
    const QString file = path(QStringLiteral("site.json"));
    if (!writeJson(file, site))
        return {};
    return desk.run({"site", "import", file});
}

QSet<QString> CliOrthancTest::onOrthanc(const QString& sopClass) const {
    const ToolRun found =
        runTool(QStringLiteral("findscu"),
                {"-S", "-aet", "TOOL", "-aec", "ORTHANC", "-k", "QueryRetrieveLevel=IMAGE", "-k",
                 "StudyInstanceUID=" + kStudy, "-k", "SeriesInstanceUID", "-k", "SOPInstanceUID", "-k",
                 "SOPClassUID=" + sopClass, "127.0.0.1", QString::number(m_orthanc->dicomPort())});
    static const QRegularExpression uid(QStringLiteral("\\(0008,0018\\) UI \\[([0-9.]+)"));
    QSet<QString> instances;
    for (auto it = uid.globalMatch(found.out + found.err); it.hasNext();)
        instances.insert(it.next().captured(1));
    return instances;
}

void CliOrthancTest::withoutThePasswordNothingGoes() {
    const Reply imported = importSite(*m_desk, "wado-rs", "stow-rs");
    QVERIFY2(imported.exitCode == 0, imported.text());
    const Reply checked = m_desk->run({"site", "check"});
    QVERIFY2(checked.exitCode == 3, checked.text());
    QCOMPARE(checked.list()[1].toObject()["error"].toString(), QStringLiteral("CredentialsRefused"));
    const Reply refused = m_desk->run({"acquire", "--study", kStudy});
    QCOMPARE(refused.error(), QStringLiteral("CredentialsRefused"));
}

void CliOrthancTest::theSecretIsNowhereInPlain() {
    const QString file = path(QStringLiteral("password"));
    QFile password(file);
    QVERIFY(password.open(QIODevice::WriteOnly));
    password.write(OrthancProcess::password().toUtf8() + '\n');
    password.close();
    const Reply kept = m_desk->run({"site", "secret", "pacs", "--secret-file", file});
    QVERIFY2(kept.exitCode == 0, kept.text());
    QVERIFY(!kept.out.contains(OrthancProcess::password().toUtf8()));
    const QString exported = m_desk->home() + QStringLiteral("/exported.json");
    QCOMPARE(m_desk->run({"site", "export", exported}).exitCode, 0);
    QVERIFY(bytesOf(exported).contains("ORTHANC"));
    QDirIterator all(m_desk->home(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext())
        QVERIFY2(!bytesOf(all.next()).contains(OrthancProcess::password().toUtf8()), qPrintable(all.filePath()));
}

void CliOrthancTest::theSiteIsChecked() {
    const Reply checked = m_desk->run({"site", "check"});
    QVERIFY2(checked.exitCode == 0, checked.text());
    const QJsonObject worklist = checked.list()[0].toObject();
    QVERIFY2(QJsonDocument(worklist["accepted"].toArray()).toJson().contains("1.2.840.10008.5.1.4.34.6.3"),
             checked.text());
    const QJsonObject images = checked.list()[1].toObject();
    QCOMPARE(images["by"].toString(), QStringLiteral("wado-rs"));
    QVERIFY(!images["encrypted"].toBool());   // and that is said
    if (images.contains("clockAheadSeconds")) // Orthanc need not say what time it is
        QVERIFY2(std::abs(images["clockAheadSeconds"].toInt(99)) <= 2, checked.text());
}

void CliOrthancTest::compareFiles(const CliDesk& desk) {
    QMap<QByteArray, int> pixels; // of the files as they were written; slices differ
    QDirIterator sent(path(QStringLiteral("studies")), {"*"}, QDir::Files, QDirIterator::Subdirectories);
    while (sent.hasNext())
        ++pixels[bytesOf(sent.next()).right(32 * 32 * 2)];
    QCOMPARE(pixels.size(), 12);
    const SystemClock clock;
    const auto store = DeskStore::open(desk.home(), clock);
    QVERIFY(store);
    const FileVault& vault = (*store)->vault();
    for (const StudyUid& study : vault.studies()) {
        const std::set<InstanceUid> instances = (*store)->studies().instancesOf(study).value();
        for (const InstanceUid& instance : instances)
            --pixels[vault.read(study, instance).value().right(32 * 32 * 2)];
    }
    QCOMPARE(pixels.size(), 12);
    for (const int left : std::as_const(pixels))
        QCOMPARE(left, 0);
}

void CliOrthancTest::imagesByWado() {
    const Reply reply = m_desk->run({"acquire", "--study", kStudy});
    QVERIFY2(reply.exitCode == 0, reply.text());
    QCOMPARE(reply.object()["setAside"].toInt(-1), 0);
    compareFiles(*m_desk);
}

void CliOrthancTest::imagesOverDimse_data() {
    QTest::addColumn<QString>("by");
    QTest::newRow("C-GET") << "c-get";
    QTest::newRow("C-MOVE") << "c-move";
}

void CliOrthancTest::imagesOverDimse() {
    QFETCH(QString, by);
    const CliDesk other(path(QStringLiteral("desk by ") + by));
    QCOMPARE(setUp(other).exitCode, 0);
    const Reply imported = importSite(other, by.toLatin1().constData(), "c-store");
    QVERIFY2(imported.exitCode == 0, imported.text());
    const Reply checked = other.run({"site", "check"});
    QVERIFY2(checked.exitCode == 0, checked.text());
    QCOMPARE(checked.list()[1].toObject()["by"].toString(), by);
    const Reply reply = other.run({"acquire", "--study", kStudy});
    QVERIFY2(reply.exitCode == 0, reply.text());
    compareFiles(other);
}

void CliOrthancTest::reportByStow() {
    const QString read = m_desk->task(kStudy, QStringLiteral("read"))["workitemUid"].toString();
    QVERIFY(!read.isEmpty());
    QCOMPARE(m_desk->run({"claim", read}, "zhangwei").exitCode, 0);
    const QString answers = path(QStringLiteral("answers.json"));
    QVERIFY(writeJson(answers, {{"findings", QStringLiteral("双肺纹理清晰，未见实变及结节。")},
                                {"impression", QStringLiteral("胸部未见异常。")},
                                {"positivity", "negative"}}));
    const Reply written = m_desk->run({"report", read, "--answers", answers}, "zhangwei");
    QVERIFY2(written.exitCode == 0, written.text());
    const Reply reply = m_desk->run({"sign", read}, "zhangwei");
    QVERIFY2(reply.exitCode == 0, reply.text());
    m_firstSr = reply.object()["srInstance"].toString();
    const Reply sent = m_desk->run({"deliver", "--wait", "30"});
    QVERIFY2(sent.exitCode == 0, QByteArray(sent.text() + m_desk->run({"outbox"}).out));
    QCOMPARE(onOrthanc(kSr), QSet<QString>{m_firstSr});
    QCOMPARE(onOrthanc(kPdf).size(), 1);
}

void CliOrthancTest::reviewByStore() {
    QCOMPARE(importSite(*m_desk, "c-get", "c-store").exitCode, 0);
    const QString review = m_desk->task(kStudy, QStringLiteral("review"))["workitemUid"].toString();
    QVERIFY(!review.isEmpty());
    const Reply taken = m_desk->run({"review", review, "take"}, "chenjun");
    QVERIFY2(taken.exitCode == 0, taken.text());
    const Reply reply = m_desk->run({"review", review, "approve"}, "chenjun");
    QVERIFY2(reply.exitCode == 0, reply.text());
    const Reply sent = m_desk->run({"deliver", "--wait", "30"});
    QVERIFY2(sent.exitCode == 0, QByteArray(sent.text() + m_desk->run({"outbox"}).out));
    const QSet<QString> both{m_firstSr, reply.object()["srInstance"].toString()};
    QCOMPARE(onOrthanc(kSr), both);
    QCOMPARE(onOrthanc(kPdf).size(), 2);
    const QJsonObject last = m_desk->run({"reports"}).list().last().toObject();
    QCOMPARE(last["state"].toString(), QStringLiteral("published"));
}

void CliOrthancTest::sentAgainChangesNothing() {
    const Reply sent = m_desk->run({"deliver"});
    QVERIFY2(sent.exitCode == 0, sent.text());
    QCOMPARE(onOrthanc(kSr).size(), 2);
    QCOMPARE(onOrthanc(kPdf).size(), 2);
}

QTEST_GUILESS_MAIN(CliOrthancTest)
#include "cli_orthanc_test.moc"
