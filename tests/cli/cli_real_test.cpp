#include "cli_runner.h"

#include "session/platform_process.h"

#include "support/shared_data.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace yz;
using namespace yz::test;

/// The main job through yuanzhen-cli on CT studies of real scanners: a GE head with a tilted gantry (18.5 degrees in
/// its header) and a Philips head of 140 slices.
class CliRealTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void unevenSeriesIsResampledAndSaid();
    void line_data();
    void line();
    void tiltIsCorrectedAndSaid();

private:
    static Reply setUp(const CliDesk& desk, int platformPort, int eventPort);
    void expectPlanes(const CliDesk& desk, const QString& study, double tiltDeg) const;
    QTemporaryDir m_folder;
    std::unique_ptr<PlatformProcess> m_platform;
    std::unique_ptr<CliDesk> m_desk;
};

namespace {

const QString kGe = QStringLiteral("1.2.826.0.1.3680043.9.4245.1760717064491086528325869788156915668");
const QString kPhilips = QStringLiteral("1.3.46.670589.33.1.27492712521914879309.27169771283235650014");

/// Brightest minus darkest grey: a picture of something.
int contrastOf(const QImage& image) {
    int lowest = 255;
    int highest = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            lowest = std::min(lowest, qGray(image.pixel(x, y)));
            highest = std::max(highest, qGray(image.pixel(x, y)));
        }
    return highest - lowest;
}

} // namespace

Reply CliRealTest::setUp(const CliDesk& desk, int platformPort, int eventPort) {
    return desk.run({QStringLiteral("setup"), QStringLiteral("--demo"), QStringLiteral("--platform"),
                     QStringLiteral("YZPLATFORM:127.0.0.1:%1").arg(platformPort), QStringLiteral("--event-port"),
                     QString::number(eventPort), QStringLiteral("--undo-window"), QStringLiteral("0")});
}

void CliRealTest::expectPlanes(const CliDesk& desk, const QString& study, double tiltDeg) const {
    const QString picture = m_folder.filePath(QStringLiteral("plane.png"));
    for (const QString& plane : {QStringLiteral("axial"), QStringLiteral("coronal"), QStringLiteral("sagittal")}) {
        const Reply reply = desk.run({QStringLiteral("render"), QStringLiteral("--study"), study,
                                      QStringLiteral("--plane"), plane, QStringLiteral("--out"), picture});
        QVERIFY2(reply.exitCode == 0, reply.text());
        QVERIFY2(std::abs(std::abs(reply.object()["tiltCorrectedDeg"].toDouble()) - tiltDeg) < 0.1, reply.text());
        const QImage image(picture);
        QCOMPARE(image.size(), QSize(reply.object()["width"].toInt(), reply.object()["height"].toInt()));
        QVERIFY(contrastOf(image) > 100);
    }
    QVERIFY(QFile::remove(picture));
}

void CliRealTest::initTestCase() {
    const QString data = sharedData();
    if (data.isEmpty() || !QDir(data + QStringLiteral("/dcm_qa_ct")).exists())
        QSKIP("no third-party studies");
    const int eventPort = freeLoopbackPort();
    m_platform = std::make_unique<PlatformProcess>(
        PlatformProcess::Options{m_folder.filePath(QStringLiteral("platform")), data + QStringLiteral("/dcm_qa_ct"),
                                 QStringLiteral("YUANZHEN"), eventPort, 0});
    m_platform->start();
    const Status ready = m_platform->waitUntilReady(60000);
    QVERIFY2(ready, ready ? "" : qPrintable(ready.error().toString()));
    m_desk = std::make_unique<CliDesk>(m_folder.filePath(QStringLiteral("desk")));
    const Reply made = setUp(*m_desk, m_platform->port(), eventPort);
    QVERIFY2(made.exitCode == 0, made.text());
}

void CliRealTest::line_data() {
    QTest::addColumn<QString>("study");
    QTest::addColumn<int>("slices");
    QTest::newRow("GE, tilted") << kGe << 28;
    QTest::newRow("Philips") << kPhilips << 140;
}

void CliRealTest::line() {
    QFETCH(QString, study);
    QFETCH(int, slices);
    const QString read = m_desk->task(study, QStringLiteral("read"))["workitemUid"].toString();
    QVERIFY(!read.isEmpty());
    QCOMPARE(m_desk->run({QStringLiteral("claim"), read}, "zhangwei").exitCode, 0);
    const Reply acquired = m_desk->run({QStringLiteral("acquire"), read});
    QVERIFY2(acquired.exitCode == 0, acquired.text());
    int images = 0;
    for (const QJsonValue& series : acquired.object()["series"].toArray())
        images += static_cast<int>(series.toObject()["instances"].toArray().size());
    QCOMPARE(images, slices);
    QCOMPARE(acquired.object()["setAside"].toInt(-1), 0);

    const QString picture = m_folder.filePath(QStringLiteral("picture.png"));
    const Reply axial = m_desk->run({QStringLiteral("render"), read, QStringLiteral("--out"), picture});
    QVERIFY2(axial.exitCode == 0, axial.text());
    QCOMPARE(QImage(picture).size(), QSize(512, 512));
    QVERIFY(contrastOf(QImage(picture)) > 100);
    if (study == kPhilips)
        expectPlanes(*m_desk, study, 0);

    const QString answers = m_folder.filePath(QStringLiteral("answers.json"));
    QVERIFY(writeJson(answers, {{"findings", QStringLiteral("脑实质未见异常密度影，中线结构居中。")},
                                {"impression", QStringLiteral("头颅CT平扫未见异常。")},
                                {"positivity", "negative"}}));
    const Reply report =
        m_desk->run({QStringLiteral("report"), read, QStringLiteral("--answers"), answers}, "zhangwei");
    QVERIFY2(report.exitCode == 0 && report.object()["checks"].toArray().isEmpty(), report.text());
    const Reply signedReport = m_desk->run({QStringLiteral("sign"), read}, "zhangwei");
    QVERIFY2(signedReport.exitCode == 0, signedReport.text());
    const QStringList deliver{QStringLiteral("deliver"), QStringLiteral("--wait"), QStringLiteral("20")};
    QCOMPARE(m_desk->run(deliver).exitCode, 0);
    const QString review = m_desk->task(study, QStringLiteral("review"))["workitemUid"].toString();
    QVERIFY(!review.isEmpty());
    const Reply approved = m_desk->run({QStringLiteral("review"), review, QStringLiteral("approve")}, "chenjun");
    QVERIFY2(approved.exitCode == 0, approved.text());
    QCOMPARE(m_desk->run(deliver).exitCode, 0);

    const QString sr = approved.object()["srInstance"].toString();
    QJsonObject last;
    for (const QJsonValue& version : m_desk->run({QStringLiteral("reports")}).list())
        if (version.toObject()["srInstance"].toString() == sr)
            last = version.toObject();
    QCOMPARE(last["state"].toString(), QStringLiteral("published"));
    QVERIFY(last.contains("receipt"));
    const Reply exported = m_desk->run({QStringLiteral("export"), sr, QStringLiteral("--out"), m_folder.path()});
    QVERIFY2(exported.exitCode == 0, exported.text());
    const Reply proof = m_desk->run(
        {QStringLiteral("verify"), exported.object()["sr"].toString(), exported.object()["pdfObject"].toString()});
    QVERIFY2(proof.exitCode == 0, proof.text());
    const ToolRun dump =
        runTool(QStringLiteral("dsrdump"), {QStringLiteral("+Pl"), exported.object()["sr"].toString()});
    QCOMPARE(dump.exitCode, 0);
    QVERIFY2(dump.out.contains(u"头颅CT平扫未见异常。"), qPrintable(dump.out));
}

/// Tilted and with two slice distances: no plane is cut from it, the reason has its numbers, its frames are drawn.
void CliRealTest::unevenSeriesIsResampledAndSaid() {
    QCOMPARE(m_desk->run({QStringLiteral("acquire"), QStringLiteral("--study"), kGe}).exitCode, 0);
    const QString picture = m_folder.filePath(QStringLiteral("plane.png"));
    const Reply plane =
        m_desk->run({QStringLiteral("render"), QStringLiteral("--study"), kGe, QStringLiteral("--plane"),
                     QStringLiteral("coronal"), QStringLiteral("--out"), picture});
    QVERIFY2(plane.exitCode == 0, plane.text());
    QCOMPARE(plane.object()["resampled"], QJsonValue(true));
    QVERIFY(std::abs(plane.object()["tiltCorrectedDeg"].toDouble() - 18.5) < 0.01);
    QVERIFY(contrastOf(QImage(picture)) > 100);
    const Reply frame =
        m_desk->run({QStringLiteral("render"), QStringLiteral("--study"), kGe, QStringLiteral("--out"), picture});
    QVERIFY2(frame.exitCode == 0, frame.text());
    QVERIFY(contrastOf(QImage(picture)) > 100);
}

/// Its upper half is regular: the tilt is sheared out and said.
void CliRealTest::tiltIsCorrectedAndSaid() {
    const QString upper = m_folder.filePath(QStringLiteral("upper"));
    QVERIFY(QDir().mkpath(upper));
    for (int i = 15; i <= 28; ++i)
        QVERIFY(QFile::copy(sharedData() + QStringLiteral("/dcm_qa_ct/In/GE/%1.dcm").arg(i),
                            upper + QStringLiteral("/%1.dcm").arg(i)));
    const int eventPort = freeLoopbackPort();
    PlatformProcess platform(PlatformProcess::Options{m_folder.filePath(QStringLiteral("platform 2")), upper,
                                                      QStringLiteral("YUANZHEN"), eventPort, 0});
    platform.start();
    QVERIFY(platform.waitUntilReady(60000));
    const CliDesk desk(m_folder.filePath(QStringLiteral("desk 2")));
    QCOMPARE(setUp(desk, platform.port(), eventPort).exitCode, 0);
    const Reply acquired = desk.run({QStringLiteral("acquire"), QStringLiteral("--study"), kGe});
    QVERIFY2(acquired.exitCode == 0, acquired.text());
    expectPlanes(desk, kGe, 18.5);
}

QTEST_GUILESS_MAIN(CliRealTest)
#include "cli_real_test.moc"
