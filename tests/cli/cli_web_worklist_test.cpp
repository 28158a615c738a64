#include "cli_runner.h"

#include "fake_web_server.h"
#include "session/platform_process.h"
#include "support/small_study.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// The main job with the work list over the web: HTTPS with a certificate and a password, images and reports over
/// DIMSE. The platform of the site listens nowhere, so nothing can go to a worklist over DIMSE.
class CliWebWorklistTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() {
        if (m_broken)
            QSKIP("an earlier step failed");
    }
    void cleanup() { m_broken = m_broken || QTest::currentTestFailed(); }

    void withoutThePasswordNothingGoes();
    void theSiteIsChecked();
    void claimAndRelease();
    void anotherDeskOverDimseIsRefused();
    void signedAndPublished();

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] Reply importSite(const CliDesk& desk);
    [[nodiscard]] bool write(const QString& name, const QByteArray& bytes) const;

    const QString kStudy = QStringLiteral("2.25.88301");
    const QString kPassword = QStringLiteral("p@ss 词 word");

    QTemporaryDir m_folder;
    TestCertificates m_certificates;
    QProcess m_platform;
    std::unique_ptr<CliDesk> m_desk;
    int m_port = 0, m_webPort = 0, m_eventPort = 0;
    QString m_read;
    bool m_broken = false;
};

bool CliWebWorklistTest::write(const QString& name, const QByteArray& bytes) const {
    QFile file(path(name));
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

void CliWebWorklistTest::initTestCase() {
    m_certificates = TestCertificates::make(m_folder.path());
    if (m_certificates.serverCertificate.isEmpty())
        QSKIP("no openssl");
    m_broken = true;
    writeSmallStudy(path(QStringLiteral("studies/chest")), kStudy, 6);
    QVERIFY(write(QStringLiteral("server.pem"), m_certificates.serverCertificate));
    QVERIFY(write(QStringLiteral("server.key"), m_certificates.serverKey));
    QVERIFY(write(QStringLiteral("users"), "# who may\nbasic desk:" + kPassword.toUtf8() + "\n"));
    QVERIFY(write(QStringLiteral("password"), kPassword.toUtf8() + '\n'));
    m_eventPort = freeLoopbackPort();
    m_platform.start(QCoreApplication::applicationDirPath() + QStringLiteral("/yuanzhen-platform"),
                     {"--data-dir", path("platform"), "--import", path("studies"), "--settle", "200", "--node",
                      QStringLiteral("YUANZHEN:127.0.0.1:%1").arg(m_eventPort), "--web-port", "0", "--web-certificate",
                      path("server.pem"), "--web-key", path("server.key"), "--web-credentials", path("users")});
    bool isReady = false;
    while (!isReady && (m_platform.canReadLine() || m_platform.waitForReadyRead(30000)))
        while (m_platform.canReadLine()) {
            const QJsonObject event = QJsonDocument::fromJson(m_platform.readLine()).object();
            if (event["event"].toString() == u"listening") {
                m_port = event["port"].toInt();
                m_webPort = event["webPort"].toInt();
            }
            isReady = isReady || event["event"].toString() == u"ready";
        }
    QVERIFY2(isReady && m_webPort > 0, m_platform.readAllStandardError().constData());
    m_desk = std::make_unique<CliDesk>(path(QStringLiteral("desk")));
    const Reply made = m_desk->run({"setup", "--demo", "--platform", "YZPLATFORM:127.0.0.1:1", "--event-port",
                                    QString::number(m_eventPort), "--undo-window", "0", "--station", "DESK1"});
    QVERIFY2(made.exitCode == 0, made.text());
    m_broken = false;
}

Reply CliWebWorklistTest::importSite(const CliDesk& desk) {
    QJsonObject site = desk.run({"site", "show"}).object();
    site["nodes"] = QJsonArray{QJsonObject{{"name", "region"},
                                           {"aeTitle", "YZPLATFORM"},
                                           {"host", "127.0.0.1"},
                                           {"port", m_port},
                                           {"url", QStringLiteral("https://127.0.0.1:%1/dicom-web").arg(m_webPort)},
                                           {"authorization", "basic"},
                                           {"user", "desk"},
                                           {"authorities", QString::fromUtf8(m_certificates.authority)}}};
    site["roles"] = QJsonObject{{"worklist", QJsonObject{{"node", "region"}, {"by", "ups-rs"}}},
                                {"images", QJsonObject{{"node", "region"}, {"by", "c-get"}}},
                                {"reports", QJsonObject{{"node", "region"}, {"by", "c-store"}}}};
    const QString file = path(QStringLiteral("site.json"));
    return writeJson(file, site) ? desk.run({"site", "import", file}) : Reply();
}

void CliWebWorklistTest::withoutThePasswordNothingGoes() {
    const Reply imported = importSite(*m_desk);
    QVERIFY2(imported.exitCode == 0, imported.text());
    const Reply checked = m_desk->run({"site", "check"});
    QCOMPARE(checked.exitCode, 3);
    QCOMPARE(checked.list()[0].toObject()["error"].toString(), QStringLiteral("CredentialsRefused"));
    const Reply kept = m_desk->run({"site", "secret", "region", "--secret-file", path("password")});
    QVERIFY2(kept.exitCode == 0, kept.text());
}

void CliWebWorklistTest::theSiteIsChecked() {
    const Reply checked = m_desk->run({"site", "check"});
    QVERIFY2(checked.exitCode == 0, checked.text());
    const QJsonObject worklist = checked.list()[0].toObject();
    QCOMPARE(worklist["by"].toString(), QStringLiteral("ups-rs"));
    QVERIFY2(worklist["encrypted"].toBool(), checked.text());
    QVERIFY2(std::abs(worklist["clockAheadSeconds"].toInt(99)) <= 2, checked.text());
    QVERIFY2(worklist["asked"].toString().endsWith(QStringLiteral("/dicom-web/workitems?limit=1")), checked.text());
    QVERIFY2(worklist["answered"].toString().startsWith(QStringLiteral("HTTP 200")), checked.text());
    // A file of this site is taken by another desk as it is.
    const QString exported = path(QStringLiteral("exported.json"));
    QCOMPARE(m_desk->run({"site", "export", exported}).exitCode, 0);
    QVERIFY(bytesOf(exported).contains("ups-rs"));
    QVERIFY(!bytesOf(exported).contains(kPassword.toUtf8()));
}

void CliWebWorklistTest::claimAndRelease() {
    m_read = m_desk->task(kStudy, QStringLiteral("read"))["workitemUid"].toString();
    QVERIFY(!m_read.isEmpty());
    const Reply claimed = m_desk->run({"claim", m_read}, "zhangwei");
    QVERIFY2(claimed.exitCode == 0, claimed.text());
    QCOMPARE(m_desk->task(kStudy, QStringLiteral("read"))["holderName"].toString(), QStringLiteral("张伟"));
    const Reply released = m_desk->run({"release", m_read}, "zhangwei");
    QVERIFY2(released.exitCode == 0, released.text());
    // The platform makes the same work wait for somebody else.
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const QJsonObject again = m_desk->task(kStudy, QStringLiteral("read"));
            return !again.isEmpty() && again["workitemUid"].toString() != m_read;
        }(),
        20000);
    m_read = m_desk->task(kStudy, QStringLiteral("read"))["workitemUid"].toString();
    QCOMPARE(m_desk->run({"claim", m_read}, "zhangwei").exitCode, 0);
}

void CliWebWorklistTest::anotherDeskOverDimseIsRefused() {
    const CliDesk other(path(QStringLiteral("other desk")));
    const Reply made =
        other.run({"setup", "--demo", "--platform", QStringLiteral("YZPLATFORM:127.0.0.1:%1").arg(m_port),
                   "--event-port", "0", "--undo-window", "0", "--station", "DESK2"});
    QVERIFY2(made.exitCode == 0, made.text());
    const QJsonObject seen = other.task(kStudy, QStringLiteral("read"));
    QCOMPARE(seen["holderName"].toString(), QStringLiteral("张伟"));
    QCOMPARE(seen["holderStation"].toString(), QStringLiteral("DESK1"));
    QCOMPARE(other.run({"claim", m_read}, "wangfang").error(), QStringLiteral("TaskClaimedByOther"));
}

void CliWebWorklistTest::signedAndPublished() {
    const Reply acquired = m_desk->run({"acquire", m_read});
    QVERIFY2(acquired.exitCode == 0, acquired.text());
    const QString answers = path(QStringLiteral("answers.json"));
    QVERIFY(writeJson(answers, {{"findings", QStringLiteral("双肺纹理清晰，未见实变及结节。")},
                                {"impression", QStringLiteral("胸部CT平扫未见异常。")},
                                {"positivity", "negative"}}));
    const Reply report = m_desk->run({"report", m_read, "--answers", answers}, "zhangwei");
    QVERIFY2(report.exitCode == 0, report.text());
    const Reply signedReport = m_desk->run({"sign", m_read}, "zhangwei");
    QVERIFY2(signedReport.exitCode == 0, signedReport.text());
    const Reply delivered = m_desk->run({"deliver", "--wait", "20"});
    QVERIFY2(delivered.exitCode == 0, delivered.text());
    const QString review = m_desk->task(kStudy, QStringLiteral("review"))["workitemUid"].toString();
    QVERIFY(!review.isEmpty());
    const Reply approved = m_desk->run({"review", review, "approve"}, "chenjun");
    QVERIFY2(approved.exitCode == 0, approved.text());
    QCOMPARE(m_desk->run({"deliver", "--wait", "20"}).exitCode, 0);
    QJsonObject last;
    for (const QJsonValue& version : m_desk->run({"reports"}).list())
        if (version.toObject()["srInstance"].toString() == approved.object()["srInstance"].toString())
            last = version.toObject();
    QCOMPARE(last["state"].toString(), QStringLiteral("published"));
    QVERIFY(last.contains("receipt"));
    QVERIFY(m_desk->task(kStudy, QStringLiteral("review")).isEmpty()); // done
    m_platform.terminate();
    QVERIFY(m_platform.waitForFinished(15000));
    QCOMPARE(m_platform.exitCode(), 0);
}

QTEST_GUILESS_MAIN(CliWebWorklistTest)
#include "cli_web_worklist_test.moc"
