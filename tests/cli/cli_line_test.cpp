#include "cli_runner.h"

#include "session/platform_process.h"

#include "support/shared_data.h"
#include "support/small_study.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QImage>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <cmath>
#include <cstring>

using namespace yz;
using namespace yz::test;

/// The main job through yuanzhen-cli, from the work list to the verified report and its addendum. The steps stand on
/// each other, so that the first one that fails ends the test.
class CliLineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() {
        if (m_broken)
            QSKIP("an earlier step failed");
    }
    void cleanup() { m_broken = m_broken || QTest::currentTestFailed(); }

    void setUpIsRepeatable();
    void worklistNamesTheOrders();
    void claimShowsTheHolder();
    void anotherClaimIsRefused();
    void acquireFetchesOnlyWhatIsMissing();
    void studiesOfTheDesk();
    void renderAFrame();
    void renderPlanes();
    void renderTilted();
    void pixelsAtEachStage();
    void reportIsChecked();
    void authorSigns();
    void deliveredToReview();
    void reviewIsReturned();
    void secondRound();
    void undoAndApproveAgain();
    void published();
    void othersReadTheObjects();
    void verifySaysWhoSigned();
    void resendIsByteIdentical();
    void addendumPointsBack();
    void receivedFilesLieSealed();

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString onPlatform(const QString& platform, const QString& instance) const {
        return path(platform + QStringLiteral("/files/") + kStudy + u'/' + instance + QStringLiteral(".dcm"));
    }
    [[nodiscard]] Reply setUpDesk(const CliDesk& desk, int platformPort, int undoSeconds, const QString& station) const;
    [[nodiscard]] QString answers(const QJsonObject& json) const;

    inline static const QString kStudy = QStringLiteral("2.25.88201");
    inline static const QString kTilted = QStringLiteral("2.25.88202");
    inline static const QString kFindings = QStringLiteral("双肺纹理清晰，未见实变及结节。");

    QTemporaryDir m_folder;
    std::unique_ptr<PlatformProcess> m_platform;
    std::unique_ptr<CliDesk> m_desk;
    int m_eventPort = 0;
    bool m_broken = false;
    QString m_read, m_review;        ///< work items
    QString m_firstSr, m_undoneSr;   ///< version 1; the approval that was taken back
    QString m_sr, m_pdf, m_reportId; ///< the published version
};

namespace {

QByteArray lastLineWith(const QByteArray& text, const char* needle) {
    QByteArray found;
    for (const QByteArray& line : text.split('\n'))
        if (line.contains(needle))
            found = line;
    return found;
}

bool copyFolder(const QString& from, const QString& to) {
    QDirIterator all(from, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QString source = all.next();
        const QString target = to + source.mid(from.size());
        if (!QDir().mkpath(QFileInfo(target).path()) || !QFile::copy(source, target))
            return false;
    }
    return true;
}

/// dsrdump 3.6.7 says this once about every UTF-8 document: its check of string characters knows ASCII and Latin-1.
QString complaintsOf(const ToolRun& run) {
    QString said = run.err;
    said.remove(QStringLiteral("W: The VR checker does not support this Specific Character Set: ISO_IR 192"));
    return said.trimmed();
}

} // namespace

Reply CliLineTest::setUpDesk(const CliDesk& desk, int platformPort, int undoSeconds, const QString& station) const {
    return desk.run({QStringLiteral("setup"), QStringLiteral("--demo"), QStringLiteral("--platform"),
                     QStringLiteral("YZPLATFORM:127.0.0.1:%1").arg(platformPort), QStringLiteral("--event-port"),
                     QString::number(m_eventPort), QStringLiteral("--undo-window"), QString::number(undoSeconds),
                     QStringLiteral("--station"), station});
}

QString CliLineTest::answers(const QJsonObject& json) const {
    static int count = 0;
    const QString file = path(QStringLiteral("answers%1.json").arg(++count));
    return writeJson(file, json) ? file : QString();
}

void CliLineTest::initTestCase() {
    m_broken = true;
    const QString studies = path(QStringLiteral("studies"));
    writeSmallStudy(studies + QStringLiteral("/chest"), kStudy, 12);
    SmallStudyOptions tilted;
    tilted.patientId = QStringLiteral("T2");
    tilted.tiltDeg = 18.5;
    writeSmallStudy(studies + QStringLiteral("/tilted"), kTilted, 8, tilted);
    m_eventPort = freeLoopbackPort();
    m_platform = std::make_unique<PlatformProcess>(PlatformProcess::Options{
        path(QStringLiteral("platform")), studies, QStringLiteral("YUANZHEN"), m_eventPort, 0});
    m_platform->start();
    const Status ready = m_platform->waitUntilReady(30000);
    QVERIFY2(ready, ready ? "" : qPrintable(ready.error().toString()));
    m_desk = std::make_unique<CliDesk>(path(QStringLiteral("desk")));
    m_broken = false;
}

void CliLineTest::setUpIsRepeatable() {
    const Reply first = setUpDesk(*m_desk, m_platform->port(), 600, QStringLiteral("DESK1"));
    QVERIFY2(first.exitCode == 0, first.text());
    QCOMPARE(first.object()["users"].toArray().size(), 6);
    const QString key = m_desk->home() + QStringLiteral("/keys/demo-zhangwei.key.pem");
    const QByteArray before = bytesOf(key);
    QVERIFY(before.contains("ENCRYPTED PRIVATE KEY"));
    const Reply again = setUpDesk(*m_desk, m_platform->port(), 600, QStringLiteral("DESK1"));
    QVERIFY2(again.exitCode == 0, again.text());
    QVERIFY(bytesOf(key) == before);
}

void CliLineTest::worklistNamesTheOrders() {
    const Reply reply = m_desk->run({QStringLiteral("worklist")});
    QVERIFY2(reply.exitCode == 0, reply.text());
    QVERIFY2(!reply.object().contains("offline"), reply.text());
    QCOMPARE(reply.object()["tasks"].toArray().size(), 2);
    const QJsonObject task = m_desk->task(kStudy, QStringLiteral("read"));
    m_read = task["workitemUid"].toString();
    QVERIFY2(!m_read.isEmpty(), reply.text());
    QCOMPARE(task["state"].toString(), QStringLiteral("SCHEDULED"));
    const QJsonObject order = task["order"].toObject();
    QCOMPARE(order["modality"].toString(), QStringLiteral("CT"));
    QCOMPARE(order["bodyPart"].toString(), QStringLiteral("CHEST"));
    QCOMPARE(order["requestingHospital"].toString(), QStringLiteral("测试卫生院"));
    QVERIFY2(order["patient"].toObject()["name"].toString().contains(u"测试^患者"), reply.text());
}

void CliLineTest::claimShowsTheHolder() {
    const Reply reply = m_desk->run({QStringLiteral("claim"), m_read}, "zhangwei");
    QVERIFY2(reply.exitCode == 0, reply.text());
    const QJsonObject task = m_desk->task(kStudy, QStringLiteral("read"));
    QCOMPARE(task["state"].toString(), QStringLiteral("IN PROGRESS"));
    QVERIFY2(task["holderName"].toString().contains(u"张伟"), reply.text());
    QCOMPARE(task["holderStation"].toString(), QStringLiteral("DESK1"));
    // Claiming what one holds is no fault.
    QCOMPARE(m_desk->run({QStringLiteral("claim"), m_read}, "zhangwei").exitCode, 0);
}

void CliLineTest::anotherClaimIsRefused() {
    const Reply here = m_desk->run({QStringLiteral("claim"), m_read}, "wangfang");
    QVERIFY2(here.exitCode == 1, here.text());
    QCOMPARE(here.error(), QStringLiteral("TaskClaimedByOther"));
    const CliDesk other(path(QStringLiteral("other desk")));
    QVERIFY(setUpDesk(other, m_platform->port(), 600, QStringLiteral("DESK2")).exitCode == 0);
    const Reply there = other.run({QStringLiteral("claim"), m_read}, "wangfang");
    QVERIFY2(there.exitCode == 1, there.text());
    QCOMPARE(there.error(), QStringLiteral("TaskClaimedByOther"));
    // Nor may a supervisor of quality read, or an administrator.
    for (const char* user : {"zhaomin", "admin"}) {
        const QString free = m_desk->task(kTilted, QStringLiteral("read"))["workitemUid"].toString();
        QCOMPARE(m_desk->run({QStringLiteral("claim"), free}, user).error(), QStringLiteral("RoleForbids"));
    }
}

void CliLineTest::acquireFetchesOnlyWhatIsMissing() {
    const Reply reply = m_desk->run({QStringLiteral("acquire"), m_read});
    QVERIFY2(reply.exitCode == 0, reply.text());
    const QJsonArray series = reply.object()["series"].toArray();
    QCOMPARE(series.size(), 1);
    QCOMPARE(series[0].toObject()["instances"].toArray().size(), 12);
    QCOMPARE(reply.object()["setAside"].toInt(-1), 0);
    QVERIFY2(lastLineWith(reply.err, "\"have\"").contains("\"have\":12,\"total\":12"), reply.text());
    const Reply again = m_desk->run({QStringLiteral("acquire"), m_read});
    QVERIFY2(again.exitCode == 0, again.text());
    QVERIFY2(lastLineWith(again.err, "\"have\"").contains("\"have\":12,\"total\":12,\"bytes\":0"), again.text());
    QCOMPARE(m_desk->run({QStringLiteral("acquire"), QStringLiteral("--study"), kTilted}).exitCode, 0);
}

void CliLineTest::studiesOfTheDesk() {
    const Reply reply = m_desk->run({QStringLiteral("studies")});
    QVERIFY2(reply.exitCode == 0, reply.text());
    QCOMPARE(reply.list().size(), 2);
    for (const QJsonValue& value : reply.list()) {
        const QJsonObject study = value.toObject();
        QVERIFY2(study["complete"].toBool(), reply.text());
        QVERIFY(study["setAside"].toArray().isEmpty());
        QVERIFY(study["patientName"].toString().contains(u"测试^患者"));
    }
}

/// Window 64/256: grey = HU + 64 (PS3.3 C.11.2.1.2.1), and HU = c + 2r + 3s.
void CliLineTest::renderAFrame() {
    const QString file = path(QStringLiteral("axial.png"));
    const Reply reply = m_desk->run({QStringLiteral("render"), m_read, QStringLiteral("--index"), QStringLiteral("3"),
                                     QStringLiteral("--out"), file});
    QVERIFY2(reply.exitCode == 0, reply.text());
    QCOMPARE(reply.object()["frames"].toInt(), 12);
    const QImage image(file);
    QCOMPARE(image.size(), QSize(32, 32));
    for (const auto& [c, r] : {std::pair{0, 0}, {31, 0}, {0, 31}, {31, 31}, {7, 19}}) {
        const int grey = qGray(image.pixel(c, r));
        QVERIFY2(std::abs(grey - (c + 2 * r + 9 + 64)) <= 1, qPrintable(QString::number(grey)));
    }
    const Reply windowed =
        m_desk->run({QStringLiteral("render"), m_read, QStringLiteral("--index"), QStringLiteral("3"),
                     QStringLiteral("--window"), QStringLiteral("2000,100"), QStringLiteral("--out"), file});
    QVERIFY2(windowed.exitCode == 0, windowed.text());
    QCOMPARE(qGray(QImage(file).pixel(31, 31)), 0);
}

void CliLineTest::renderPlanes() {
    const QString file = path(QStringLiteral("plane.png"));
    for (const QString& plane : {QStringLiteral("axial"), QStringLiteral("coronal"), QStringLiteral("sagittal")}) {
        const Reply reply = m_desk->run(
            {QStringLiteral("render"), m_read, QStringLiteral("--plane"), plane, QStringLiteral("--out"), file});
        QVERIFY2(reply.exitCode == 0, reply.text());
        QCOMPARE(reply.object()["planes"].toInt(), plane == u"axial" ? 12 : 32);
        QCOMPARE(reply.object()["tiltCorrectedDeg"].toDouble(-1), 0.0);
        const QImage image(file);
        QCOMPARE(image.size(), QSize(reply.object()["width"].toInt(), reply.object()["height"].toInt()));
        QCOMPARE(image.width(), 32);
    }
    // Coronal, plane 16: head up, the patient's right on the left; the top row is slice 11, the bottom row slice 0.
    const Reply reply =
        m_desk->run({QStringLiteral("render"), m_read, QStringLiteral("--plane"), QStringLiteral("coronal"),
                     QStringLiteral("--index"), QStringLiteral("16"), QStringLiteral("--out"), file});
    QVERIFY2(reply.exitCode == 0, reply.text());
    const QImage image(file);
    QVERIFY2(image.height() >= 23 && image.height() <= 24, reply.text());
    for (const int c : {0, 9, 31}) {
        const int top = qGray(image.pixel(c, 0));
        const int bottom = qGray(image.pixel(c, image.height() - 1));
        QVERIFY2(std::abs(top - (c + 32 + 33 + 64)) <= 1, qPrintable(QString::number(top)));
        QVERIFY2(std::abs(bottom - (c + 32 + 64)) <= 1, qPrintable(QString::number(bottom)));
        for (int y = 1; y < image.height(); ++y)
            QVERIFY(qGray(image.pixel(c, y)) <= qGray(image.pixel(c, y - 1)));
    }
}

void CliLineTest::renderTilted() {
    const QString file = path(QStringLiteral("tilted.png"));
    const Reply reply =
        m_desk->run({QStringLiteral("render"), QStringLiteral("--study"), kTilted, QStringLiteral("--plane"),
                     QStringLiteral("coronal"), QStringLiteral("--out"), file});
    QVERIFY2(reply.exitCode == 0, reply.text());
    const double tilt = reply.object()["tiltCorrectedDeg"].toDouble();
    QVERIFY2(std::abs(std::abs(tilt) - 18.5) < 0.05, reply.text());
    QVERIFY(!QImage(file).isNull());
}

void CliLineTest::pixelsAtEachStage() {
    const QJsonArray list = m_desk->run({QStringLiteral("studies")}).list();
    const auto fileOf = [&](int slice) {
        for (const QJsonValue& study : list)
            for (const QJsonValue& series : study.toObject()["series"].toArray())
                for (const QJsonValue& instance : series.toObject()["instances"].toArray())
                    if (instance.toObject()["instanceUid"].toString() ==
                        QStringLiteral("%1.1.%2").arg(kStudy).arg(slice + 1))
                        return instance.toObject()["path"].toString();
        return QString();
    };
    const QString raw = path(QStringLiteral("frame.raw"));
    const auto take = [&](const QString& stage, int slice) {
        return m_desk->run(
            {QStringLiteral("pixels"), fileOf(slice), QStringLiteral("--stage"), stage, QStringLiteral("--out"), raw});
    };
    for (const int s : {0, 5, 11}) {
        const Reply stored = take(QStringLiteral("stored"), s);
        QVERIFY2(stored.exitCode == 0, stored.text());
        QCOMPARE(stored.object()["type"].toString(), QStringLiteral("uint16"));
        QCOMPARE(stored.object()["columns"].toInt(), 32);
        const QByteArray values = bytesOf(raw);
        QCOMPARE(values.size(), 32 * 32 * 2);
        for (int i = 0; i < 32 * 32; ++i)
            QCOMPARE(int(qFromLittleEndian<quint16>(values.constData() + 2 * i)), 1024 + i % 32 + 2 * (i / 32) + 3 * s);

        const Reply modality = take(QStringLiteral("modality"), s);
        QVERIFY2(modality.exitCode == 0, modality.text());
        QCOMPARE(modality.object()["type"].toString(), QStringLiteral("float32"));
        const QByteArray units = bytesOf(raw);
        QCOMPARE(units.size(), 32 * 32 * 4);
        for (int i = 0; i < 32 * 32; ++i) {
            float value = 0;
            std::memcpy(&value, units.constData() + 4 * i, 4);
            QCOMPARE(value, static_cast<float>(i % 32 + 2 * (i / 32) + 3 * s));
        }
        const Reply display = take(QStringLiteral("display"), s);
        QVERIFY2(display.exitCode == 0, display.text());
        const QByteArray rgb = bytesOf(raw);
        QCOMPARE(rgb.size(), 32 * 32 * 3);
        for (int i = 0; i < 32 * 32; ++i)
            QVERIFY(std::abs(int(static_cast<uchar>(rgb[3 * i])) - (i % 32 + 2 * (i / 32) + 3 * s + 64)) <= 1);
    }
}

void CliLineTest::reportIsChecked() {
    // What the checks find is said, and keeps the author from signing.
    const Reply bad = m_desk->run({QStringLiteral("report"), m_read, QStringLiteral("--answers"),
                                   answers({{"findings", QString()}, {"impression", QStringLiteral("左肺结节。")}})},
                                  "zhangwei");
    QVERIFY2(bad.exitCode == 0, bad.text());
    QVERIFY2(bad.out.contains("FindingsEmpty"), bad.text());
    const Reply refused = m_desk->run({QStringLiteral("sign"), m_read}, "zhangwei");
    QVERIFY2(refused.exitCode == 1, refused.text());
    QCOMPARE(refused.error(), QStringLiteral("ReportIncomplete"));
    QVERIFY2(refused.detail().contains(u"FindingsEmpty"), refused.text());
    QVERIFY(m_desk->run({QStringLiteral("outbox")}).list().isEmpty());

    // A field of the template writes its sentence and leaves the other ones.
    const QString lowDose = QStringLiteral("低剂量胸部CT平扫，薄层重建1.0 mm。");
    const Reply form = m_desk->run(
        {QStringLiteral("report"), m_read, QStringLiteral("--template"), QStringLiteral("yuanzhen.template.ct-chest")},
        "zhangwei");
    QVERIFY2(form.exitCode == 0, form.text());
    const QString findings = form.object()["content"].toObject()["findings"].toString();
    const Reply filled = m_desk->run({QStringLiteral("report"), m_read, QStringLiteral("--answers"),
                                      answers({{"answers", QJsonObject{{"technique-text", lowDose}}}})},
                                     "zhangwei");
    QVERIFY2(filled.exitCode == 0, filled.text());
    QCOMPARE(filled.object()["content"].toObject()["technique"].toString(), lowDose);
    QCOMPARE(filled.object()["content"].toObject()["findings"].toString(), findings);

    const Reply good = m_desk->run(
        {QStringLiteral("report"), m_read, QStringLiteral("--answers"),
         answers(
             {{"findings", kFindings}, {"impression", QStringLiteral("胸部未见异常。")}, {"positivity", "negative"}})},
        "zhangwei");
    QVERIFY2(good.exitCode == 0, good.text());
    QVERIFY2(good.object()["checks"].toArray().isEmpty(), good.text());
    QCOMPARE(good.object()["content"].toObject()["technique"].toString(), lowDose);
}

void CliLineTest::authorSigns() {
    // Another reader cannot sign what he does not hold.
    QCOMPARE(
        m_desk
            ->run({QStringLiteral("report"), m_read, QStringLiteral("--answers"), answers({{"findings", kFindings}})},
                  "wangfang")
            .exitCode,
        0);
    const Reply other = m_desk->run({QStringLiteral("sign"), m_read}, "wangfang");
    QVERIFY2(other.exitCode == 1, other.text());
    QCOMPARE(other.error(), QStringLiteral("TaskNotClaimed"));

    const Reply reply = m_desk->run({QStringLiteral("sign"), m_read}, "zhangwei");
    QVERIFY2(reply.exitCode == 0, reply.text());
    QCOMPARE(reply.object()["version"].toInt(), 1);
    QCOMPARE(reply.object()["state"].toString(), QStringLiteral("submitted"));
    QCOMPARE(reply.object()["signatures"].toInt(), 1);
    m_firstSr = reply.object()["srInstance"].toString();
    m_reportId = reply.object()["reportId"].toString();
    const Reply twice = m_desk->run({QStringLiteral("sign"), m_read}, "zhangwei");
    QVERIFY2(twice.exitCode == 1, twice.text());
    QCOMPARE(twice.error(), QStringLiteral("ReportAlreadySigned"));
}

void CliLineTest::deliveredToReview() {
    const Reply reply = m_desk->run({QStringLiteral("deliver"), QStringLiteral("--wait"), QStringLiteral("20")});
    QVERIFY2(reply.exitCode == 0, reply.text());
    QCOMPARE(reply.object()["pending"].toInt(), 0);
    const QJsonArray outbox = m_desk->run({QStringLiteral("outbox")}).list();
    QCOMPARE(outbox.size(), 3);
    for (const QJsonValue& item : outbox)
        QCOMPARE(item.toObject()["state"].toString(), QStringLiteral("delivered"));
    QVERIFY(m_desk->task(kStudy, QStringLiteral("read")).isEmpty());
    const QJsonObject review = m_desk->task(kStudy, QStringLiteral("review"));
    m_review = review["workitemUid"].toString();
    QVERIFY(!m_review.isEmpty());
    QVERIFY(review["authorName"].toString().contains(u"张伟"));
}

void CliLineTest::reviewIsReturned() {
    const Reply reader = m_desk->run({QStringLiteral("review"), m_review, QStringLiteral("take")}, "zhangwei");
    QVERIFY2(reader.exitCode == 1, reader.text());
    QCOMPARE(reader.error(), QStringLiteral("RoleForbids"));
    const Reply taken = m_desk->run({QStringLiteral("review"), m_review, QStringLiteral("take")}, "chenjun");
    QVERIFY2(taken.exitCode == 0, taken.text());
    QCOMPARE(taken.object()["author"].toString(), QStringLiteral("张伟"));
    QCOMPARE(taken.object()["content"].toObject()["findings"].toString(), kFindings);
    QCOMPARE(m_desk->run({QStringLiteral("review"), m_review, QStringLiteral("take")}, "lina").error(),
             QStringLiteral("TaskClaimedByOther"));

    const Reply silent = m_desk->run({QStringLiteral("review"), m_review, QStringLiteral("return")}, "chenjun");
    QVERIFY2(silent.exitCode == 1, silent.text());
    QCOMPARE(silent.error(), QStringLiteral("ReasonRequired"));
    const QString reason = QStringLiteral("请补充纵隔描述");
    const Reply returned = m_desk->run(
        {QStringLiteral("review"), m_review, QStringLiteral("return"), QStringLiteral("--reason"), reason}, "chenjun");
    QVERIFY2(returned.exitCode == 0, returned.text());
    const Reply sent = m_desk->run({QStringLiteral("deliver"), QStringLiteral("--wait"), QStringLiteral("20")});
    QVERIFY2(sent.exitCode == 0, sent.text());
    QVERIFY(m_desk->task(kStudy, QStringLiteral("review")).isEmpty());
    const QJsonObject again = m_desk->task(kStudy, QStringLiteral("read"));
    QVERIFY(!again["workitemUid"].toString().isEmpty());
    QVERIFY(again["workitemUid"].toString() != m_read);
    QCOMPARE(again["reason"].toString(), reason);
    m_read = again["workitemUid"].toString();
}

void CliLineTest::secondRound() {
    const Reply claimed = m_desk->run({QStringLiteral("claim"), m_read}, "zhangwei");
    QVERIFY2(claimed.exitCode == 0, claimed.text());
    // What was returned is what he goes on with, not an empty form.
    const Reply opened = m_desk->run({QStringLiteral("report"), m_read}, "zhangwei");
    QVERIFY2(opened.exitCode == 0, opened.text());
    QCOMPARE(opened.object()["content"].toObject()["findings"].toString(), kFindings);
    const Reply written =
        m_desk->run({QStringLiteral("report"), m_read, QStringLiteral("--answers"),
                     answers({{"findings", QString(kFindings + QStringLiteral("\n纵隔居中，未见肿大淋巴结。"))}})},
                    "zhangwei");
    QVERIFY2(written.exitCode == 0, written.text());
    const Reply reply = m_desk->run({QStringLiteral("sign"), m_read}, "zhangwei");
    QVERIFY2(reply.exitCode == 0, reply.text());
    QCOMPARE(reply.object()["reportId"].toString(), m_reportId);
    QCOMPARE(reply.object()["version"].toInt(), 2);
    const Reply sent = m_desk->run({QStringLiteral("deliver"), QStringLiteral("--wait"), QStringLiteral("20")});
    QVERIFY2(sent.exitCode == 0, sent.text());
    m_review = m_desk->task(kStudy, QStringLiteral("review"))["workitemUid"].toString();
    QVERIFY(!m_review.isEmpty());
}

void CliLineTest::undoAndApproveAgain() {
    QCOMPARE(m_desk->run({QStringLiteral("review"), m_review, QStringLiteral("take")}, "chenjun").exitCode, 0);
    const QStringList approve{QStringLiteral("review"), m_review, QStringLiteral("approve"), QStringLiteral("--edit"),
                              answers({{"impression", QStringLiteral("胸部CT平扫未见异常。")}})};
    const Reply first = m_desk->run(approve, "chenjun");
    QVERIFY2(first.exitCode == 0, first.text());
    QCOMPARE(first.object()["state"].toString(), QStringLiteral("approved"));
    QCOMPARE(first.object()["signatures"].toInt(), 2);
    QVERIFY(!first.object()["undoUntil"].toString().isEmpty());
    m_undoneSr = first.object()["srInstance"].toString();

    // Inside the window nothing leaves.
    const Reply early = m_desk->run({QStringLiteral("deliver")});
    QVERIFY2(early.exitCode == 3, early.text());
    QCOMPARE(early.object()["pending"].toInt(), 3);
    const Reply undone = m_desk->run({QStringLiteral("undo"), m_undoneSr}, "chenjun");
    QVERIFY2(undone.exitCode == 0, undone.text());
    QCOMPARE(m_desk->run({QStringLiteral("deliver")}).exitCode, 0);
    QVERIFY(!QFileInfo::exists(onPlatform(QStringLiteral("platform"), m_undoneSr)));

    QCOMPARE(setUpDesk(*m_desk, m_platform->port(), 0, QStringLiteral("DESK1")).exitCode, 0);
    const Reply again = m_desk->run(approve, "chenjun");
    QVERIFY2(again.exitCode == 0, again.text());
    m_sr = again.object()["srInstance"].toString();
    m_pdf = again.object()["pdfInstance"].toString();
    QVERIFY(m_sr != m_undoneSr);
    QVERIFY(again.object()["version"].toInt() > first.object()["version"].toInt());
    // The desk as a power cut now would leave it.
    QVERIFY(copyFolder(m_desk->home(), path(QStringLiteral("cut desk"))));
    QVERIFY(copyFolder(m_desk->home(), path(QStringLiteral("cut desk 2"))));
}

void CliLineTest::published() {
    const Reply sent = m_desk->run({QStringLiteral("deliver"), QStringLiteral("--wait"), QStringLiteral("20")});
    QVERIFY2(sent.exitCode == 0, sent.text());
    const QJsonArray versions = m_desk->run({QStringLiteral("reports")}).list();
    QCOMPARE(versions.size(), 4);
    const QJsonObject last = versions.last().toObject();
    QCOMPARE(last["srInstance"].toString(), m_sr);
    QCOMPARE(last["state"].toString(), QStringLiteral("published"));
    QCOMPARE(last["author"].toString(), QStringLiteral("张伟"));
    QCOMPARE(last["reviewer"].toString(), QStringLiteral("陈军"));
    const QJsonObject receipt = last["receipt"].toObject();
    QVERIFY(QDateTime::fromString(receipt["at"].toString(), Qt::ISODateWithMs).isValid());
    QVERIFY(receipt["commitment"].toString().startsWith(u"2.25."));
    QVERIFY(versions[2].toObject()["undone"].toBool());
    QVERIFY(!versions[2].toObject().contains("receipt"));
    const Reply late = m_desk->run({QStringLiteral("undo"), m_sr}, "chenjun");
    QVERIFY2(late.exitCode == 1, late.text());
    QCOMPARE(late.error(), QStringLiteral("UndoWindowClosed"));
    // Everything is done; no task of the study is left.
    QVERIFY(m_desk->task(kStudy, QStringLiteral("read")).isEmpty());
    QVERIFY(m_desk->task(kStudy, QStringLiteral("review")).isEmpty());
}

void CliLineTest::othersReadTheObjects() {
    const Reply exported = m_desk->run({QStringLiteral("export"), m_sr, QStringLiteral("--out"), m_folder.path()});
    QVERIFY2(exported.exitCode == 0, exported.text());
    const QString sr = exported.object()["sr"].toString();
    const QString pdfObject = exported.object()["pdfObject"].toString();
    for (const QString& file :
         {sr, pdfObject, onPlatform(QStringLiteral("platform"), m_sr), onPlatform(QStringLiteral("platform"), m_pdf)}) {
        const ToolRun dump = runTool(QStringLiteral("dcmdump"), {file});
        QCOMPARE(dump.exitCode, 0);
        QCOMPARE(complaintsOf(dump), QString());
    }
    for (const QString& file : {sr, onPlatform(QStringLiteral("platform"), m_sr)}) {
        const ToolRun dump = runTool(QStringLiteral("dsrdump"), {QStringLiteral("+Pl"), file});
        QCOMPARE(dump.exitCode, 0);
        QCOMPARE(complaintsOf(dump), QString());
        QVERIFY2(dump.out.contains(kFindings), qPrintable(dump.out));
        QVERIFY2(dump.out.contains(u"胸部CT平扫未见异常。"), qPrintable(dump.out));
        QVERIFY2(dump.out.contains(u"VERIFIED"), qPrintable(dump.out));
    }
    QString text = runTool(QStringLiteral("pdftotext"), {exported.object()["pdf"].toString(), QStringLiteral("-")}).out;
    text.remove(QRegularExpression(QStringLiteral("\\s")));
    for (const QString& said : {kFindings, QStringLiteral("胸部CT平扫未见异常。"), QStringLiteral("张伟"),
                                QStringLiteral("陈军"), QStringLiteral("测试卫生院"), QStringLiteral("青川县人民医院")})
        QVERIFY2(text.contains(said), qPrintable(said + u": " + text));
}

void CliLineTest::verifySaysWhoSigned() {
    const QString sr = path(QStringLiteral("report-sr.dcm"));
    const QString pdf = path(QStringLiteral("report-pdf.dcm"));
    const Reply reply = m_desk->run({QStringLiteral("verify"), sr, pdf});
    QVERIFY2(reply.exitCode == 0, reply.text());
    const QJsonObject json = reply.object();
    QVERIFY2(json["ok"].toBool() && json["pdfChecked"].toBool(), reply.text());
    QCOMPARE(json["structuredReportUid"].toString(), m_sr);
    const QJsonArray signatures = json["signatures"].toArray();
    QCOMPARE(signatures.size(), 2);
    QCOMPARE(signatures[0].toObject()["name"].toString(), QStringLiteral("张伟"));
    QCOMPARE(signatures[1].toObject()["name"].toString(), QStringLiteral("陈军"));
    for (const QJsonValue& signature : signatures) {
        QVERIFY(signature.toObject()["valid"].toBool());
        QCOMPARE(signature.toObject()["certificate"].toObject()["keyAlgorithm"].toString(), QStringLiteral("SM2"));
        QVERIFY(signature.toObject()["demo"].toBool());
    }
    QCOMPARE(json["reviewerChanges"].toArray().size(), 1);

    const QString changed = path(QStringLiteral("changed.dcm"));
    QByteArray bytes = bytesOf(sr);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    QFile file(changed);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    const Reply refused = m_desk->run({QStringLiteral("verify"), changed, pdf});
    QVERIFY2(refused.exitCode == 3, refused.text());
    QVERIFY2(!refused.object()["ok"].toBool(true) && !refused.object()["problems"].toArray().isEmpty(), refused.text());
    // Another authority's folder: the same files, nobody to trust.
    const Reply stranger =
        m_desk->run({QStringLiteral("verify"), sr, pdf, QStringLiteral("--trust"), path(QStringLiteral("other desk"))});
    QVERIFY2(stranger.exitCode == 3, stranger.text());
}

void CliLineTest::resendIsByteIdentical() {
    const QString platform = QStringLiteral("platform");
    const QByteArray sr = bytesOf(onPlatform(platform, m_sr));
    const QByteArray pdf = bytesOf(onPlatform(platform, m_pdf));
    QVERIFY(!sr.isEmpty() && !pdf.isEmpty());
    const auto countOnPlatform = [&] {
        return QDir(QFileInfo(onPlatform(platform, m_sr)).path()).entryList(QDir::Files).size();
    };
    const qsizetype before = countOnPlatform();
    // To the platform that has it: nothing new, and the receipt all the same.
    const CliDesk cut(path(QStringLiteral("cut desk")));
    const Reply again = cut.run({QStringLiteral("deliver"), QStringLiteral("--wait"), QStringLiteral("20")});
    QVERIFY2(again.exitCode == 0, again.text());
    QCOMPARE(countOnPlatform(), before);
    QVERIFY(bytesOf(onPlatform(platform, m_sr)) == sr);
    QVERIFY(cut.run({QStringLiteral("reports")}).list().last().toObject().contains("receipt"));

    // To one that does not: the same bytes. It never had the task, so the report is all it takes.
    PlatformProcess fresh({path(QStringLiteral("platform 2")), path(QStringLiteral("studies")),
                           QStringLiteral("YUANZHEN"), m_eventPort, 0});
    fresh.start();
    QVERIFY(fresh.waitUntilReady(30000));
    const CliDesk second(path(QStringLiteral("cut desk 2")));
    QCOMPARE(setUpDesk(second, fresh.port(), 0, QStringLiteral("DESK1")).exitCode, 0);
    const Reply sent = second.run({QStringLiteral("deliver")});
    QVERIFY2(sent.exitCode == 3, sent.text());
    const QJsonArray items = sent.object()["items"].toArray();
    QCOMPARE(items.first().toObject()["kind"].toString(), QStringLiteral("store-report"));
    QCOMPARE(items.first().toObject()["state"].toString(), QStringLiteral("delivered"));
    QCOMPARE(items.last().toObject()["problem"].toObject()["error"].toString(), QStringLiteral("TaskGone"));
    QVERIFY(bytesOf(onPlatform(QStringLiteral("platform 2"), m_sr)) == sr);
    QVERIFY(bytesOf(onPlatform(QStringLiteral("platform 2"), m_pdf)) == pdf);
}

void CliLineTest::addendumPointsBack() {
    const QString added = QStringLiteral("补充：右侧第3肋骨陈旧性改变。");
    const QString findings = kFindings + QStringLiteral("\n纵隔居中，未见肿大淋巴结。\n") + added;
    const QString text = answers({{"findings", findings}});
    const QStringList amend{QStringLiteral("amend"), m_sr, QStringLiteral("--text"), text};
    const Reply silent = m_desk->run(amend, "chenjun");
    QVERIFY2(silent.exitCode == 1, silent.text());
    QCOMPARE(silent.error(), QStringLiteral("ReasonRequired"));
    const Reply amended =
        m_desk->run(amend + QStringList{QStringLiteral("--reason"), QStringLiteral("临床补充病史")}, "chenjun");
    QVERIFY2(amended.exitCode == 0, amended.text());
    QCOMPARE(amended.object()["reportId"].toString(), m_reportId);
    const QString addendum = amended.object()["srInstance"].toString();
    const Reply self = m_desk->run({QStringLiteral("approve-amendment"), addendum}, "chenjun");
    QVERIFY2(self.exitCode == 1, self.text());
    QCOMPARE(self.error(), QStringLiteral("SelfReviewForbidden"));
    const Reply approved = m_desk->run({QStringLiteral("approve-amendment"), addendum}, "lina");
    QVERIFY2(approved.exitCode == 0, approved.text());
    const QString sr = approved.object()["srInstance"].toString();
    const Reply sent = m_desk->run({QStringLiteral("deliver"), QStringLiteral("--wait"), QStringLiteral("20")});
    QVERIFY2(sent.exitCode == 0, sent.text());

    const QJsonArray versions = m_desk->run({QStringLiteral("reports")}).list();
    QCOMPARE(versions.last().toObject()["srInstance"].toString(), sr);
    QCOMPARE(versions.last().toObject()["state"].toString(), QStringLiteral("published"));
    QVERIFY(versions.last().toObject().contains("receipt"));
    QCOMPARE(versions[3].toObject()["srInstance"].toString(), m_sr);
    QCOMPARE(versions[3].toObject()["state"].toString(), QStringLiteral("amended"));

    const QString file = onPlatform(QStringLiteral("platform"), sr);
    const ToolRun dump = runTool(QStringLiteral("dsrdump"), {QStringLiteral("+Pl"), file});
    QCOMPARE(dump.exitCode, 0);
    QCOMPARE(complaintsOf(dump), QString());
    QVERIFY2(dump.out.contains(added), qPrintable(dump.out));
    QVERIFY2(dump.out.contains(u"Predecessor Docs"), qPrintable(dump.out));
    const QString tags =
        runTool(QStringLiteral("dcmdump"), {QStringLiteral("+P"), QStringLiteral("0040,a360"), file}).out;
    QVERIFY2(tags.contains(m_sr), qPrintable(tags));

    const Reply exported = m_desk->run({QStringLiteral("export"), sr, QStringLiteral("--out"), m_folder.path()});
    const Reply proof = m_desk->run(
        {QStringLiteral("verify"), exported.object()["sr"].toString(), exported.object()["pdfObject"].toString()});
    QVERIFY2(proof.exitCode == 0, proof.text());
    // The published one is what it was.
    QVERIFY(m_desk->run({QStringLiteral("export"), m_sr, QStringLiteral("--out"), m_folder.path()}).exitCode == 0);
    QCOMPARE(m_desk
                 ->run({QStringLiteral("verify"), path(QStringLiteral("report-sr.dcm")),
                        path(QStringLiteral("report-pdf.dcm"))})
                 .exitCode,
             0);
}

/// After all of it: what was received for reading lies on the desk's disk, and none of it open.
void CliLineTest::receivedFilesLieSealed() {
    int sealed = 0;
    QDirIterator here(m_desk->home() + QStringLiteral("/vault"), QDir::Files | QDir::Hidden,
                      QDirIterator::Subdirectories);
    while (here.hasNext()) {
        const QByteArray bytes = bytesOf(here.next());
        QVERIFY2(!bytes.contains("DICM") && !bytes.contains("Ceshi^Huanzhe") &&
                     !bytes.contains(QStringLiteral("患者").toUtf8()),
                 qPrintable(here.fileName()));
        ++sealed;
    }
    QVERIFY2(sealed >= 12, qPrintable(QString::number(sealed)));
    // On the platform the same names can be read.
    int open = 0;
    QDirIterator there(path(QStringLiteral("platform/files")), QDir::Files, QDirIterator::Subdirectories);
    while (there.hasNext())
        open += bytesOf(there.next()).contains("Ceshi^Huanzhe") ? 1 : 0;
    QVERIFY(open > 0);
}

QTEST_GUILESS_MAIN(CliLineTest)
#include "cli_line_test.moc"
