#include "document/pdf_report_renderer.h"
#include "document/qr_code.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <future>

using namespace yz;

namespace {

QByteArray picture(int shade) {
    QImage image(320, 320, QImage::Format_RGB32);
    image.fill(QColor(shade, shade, shade));
    QPainter painter(&image);
    painter.setPen(Qt::yellow);
    painter.drawEllipse(100, 100, 60, 50);
    painter.end();
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return png;
}

ReportDocument document() {
    ReportDocument d;
    d.report = ReportId("2.1");
    d.version = 2;
    d.state = ReadingState::Approved;
    d.order.patient.id = PatientId("H0012345");
    d.order.patient.name.ideographic = "王^小东";
    d.order.patient.name.alphabetic = "Wang^XiaoDong";
    d.order.patient.sex = Sex::Male;
    d.order.patient.birthDate = QDate(1966, 5, 1);
    d.order.accessionNumber = "CT20260302001";
    d.order.requestingHospital = "青石镇中心卫生院";
    d.order.requestingDepartment = "内科";
    d.order.requestingPhysician = "赵勇";
    d.order.item = "胸部CT平扫";
    d.order.clinicalDiagnosis = "咳嗽、胸痛一周";
    d.order.examTime = QDateTime(QDate(2026, 3, 2), QTime(0, 30), Qt::UTC);
    d.diagnosingHospital = "云岭县人民医院";
    d.createdAt = QDateTime(QDate(2026, 3, 2), QTime(1, 0), Qt::UTC);
    d.content.title = "胸部CT诊断报告";
    d.content.technique = "胸部CT平扫，层厚5 mm，薄层重建1.0 mm，肺窗及纵隔窗观察。";
    d.content.findings =
        "双肺纹理走行自然。\n右肺上叶见一实性结节，大小约12.3mm×8mm，边界清楚，边缘浅分叶。\n气管及各叶段支气管"
        "通畅，管壁未见增厚。\n双肺门结构清晰，纵隔居中，纵隔内未见明显肿大淋巴结。\n心影大小、形态未见异常，主动脉及"
        "冠状动脉走行区未见明显钙化，心包未见积液。\n双侧胸膜未见增厚，双侧胸腔未见积液及积气。";
    d.content.impression = "1. 右肺上叶实性结节，大小约12.3mm×8mm。\n2. 双肺未见其他明显异常。";
    d.content.recommendation = "建议胸部CT增强扫描进一步检查。";
    d.content.positivity = Positivity::Positive;
    d.content.mutualRecognition = true;
    d.content.keyImages = {{{}, {}, 1, "右肺上叶结节 肺窗", 0, 0, picture(60)},
                           {{}, {}, 1, "右肺上叶结节 纵隔窗", 0, 0, picture(110)},
                           {{}, {}, 1, "冠状位", 0, 0, {}}};
    d.content.measurements = {{"m1", "结节长径", 12.3, "mm", {}, {}, 1}, {"m2", "平均CT值", 35, "[hnsf'U]", {}, {}, 1}};
    d.content.criticalValues = {
        {"张力性气胸", d.createdAt, "张伟", "赵勇", d.createdAt.addSecs(300), true, "立即胸腔闭式引流"}};
    d.author = {UserId("u1"), "张伟", "主治医师", "云岭县人民医院", d.createdAt, "张伟 演示", "1A2B3C", true};
    d.reviewer = SignerStatement{UserId("u2"), "李敏",   "副主任医师", "云岭县人民医院", d.createdAt.addSecs(600),
                                 "李敏 演示",  "4D5E6F", true};
    d.srInstance = InstanceUid("2.25.123456789012345678901234567890123456");
    d.isDemo = true;
    return d;
}

QByteArray tool(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished(30000) ? process.readAllStandardOutput() : QByteArray();
}

} // namespace

class RendererTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;

    QString write(const ReportDocument& d, PaperLanguage language = PaperLanguage::Chinese) {
        PdfReportRenderer renderer(language, QTimeZone("Asia/Shanghai"));
        const auto pdf = renderer.renderPdf(d);
        if (!pdf)
            return {};
        // YZ_KEEP_PDF keeps the pages for a look at them.
        const QString folder = qEnvironmentVariable("YZ_KEEP_PDF", m_dir.path());
        const QString path = folder + u'/' + QString::fromLatin1(QTest::currentTestFunction()) + ".pdf";
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(*pdf) != pdf->size())
            return {};
        return path;
    }
    static QString textOf(const QString& path) {
        QString text = QString::fromUtf8(tool("pdftotext", {"-layout", path, "-"}));
        return text;
    }
    static QString flat(QString text) { return text.remove(QRegularExpression("\\s+")); }

private Q_SLOTS:
    void initTestCase() {
        if (QStandardPaths::findExecutable("pdftotext").isEmpty())
            QSKIP("poppler-utils are not installed");
    }

    void everythingIsOnThePaper() {
        const QString path = write(document());
        QVERIFY(!path.isEmpty());
        const QString text = flat(textOf(path));
        for (const char* expected : {"云岭县人民医院",
                                     "胸部CT诊断报告",
                                     "青石镇中心卫生院",
                                     "王小东",
                                     "男",
                                     "59岁",
                                     "H0012345",
                                     "CT20260302001",
                                     "2026-03-0208:30",
                                     "2026-03-0209:00",
                                     "胸部CT平扫",
                                     "右肺上叶见一实性结节，大小约12.3mm×8mm",
                                     "影像诊断",
                                     "结果：阳性",
                                     "互认仅限影像，不含诊断结论",
                                     "张力性气胸",
                                     "已复述确认",
                                     "结节长径12.3mm",
                                     "报告医师",
                                     "张伟",
                                     "审核医师",
                                     "李敏",
                                     "1A2B3C",
                                     "4D5E6F",
                                     "第1页",
                                     "不是注册医疗器械",
                                     "演示DEMO非真实签名",
                                     "2.25.123456789012345678901234567890123456"})
            QVERIFY2(text.contains(QString::fromUtf8(expected)), expected);
        QVERIFY(!text.contains("待审核"));
    }

    void everyFontIsEmbedded() {
        const QStringList lines =
            QString::fromUtf8(tool("pdffonts", {write(document())})).split('\n', Qt::SkipEmptyParts);
        QVERIFY(lines.size() > 2);
        const qsizetype column = lines[0].indexOf("emb");
        bool hasChinese = false;
        for (qsizetype i = 2; i < lines.size(); ++i) {
            QVERIFY2(lines[i].mid(column, 3) == "yes", qPrintable(lines[i]));
            hasChinese |= lines[i].contains("CJK");
        }
        QVERIFY(hasChinese);
    }

    void pagesAreA4AndCounted() {
        ReportDocument d = document();
        const QByteArray shortInfo = tool("pdfinfo", {write(d)});
        QVERIFY2(shortInfo.contains("(A4)"), shortInfo.constData());
        QString text;
        for (int i = 1; i <= 120; ++i)
            text += QStringLiteral("第%1条所见：双肺纹理走行自然，未见明显实变、结节及占位，气管及各叶段支气管通畅。\n")
                        .arg(i);
        d.content.findings = text;
        const QString path = write(d);
        const QString info = QString::fromLatin1(tool("pdfinfo", {path}));
        const int pages = QRegularExpression("Pages:\\s+(\\d+)").match(info).captured(1).toInt();
        QVERIFY2(pages >= 4, qPrintable(info));
        const QString all = flat(textOf(path));
        for (int i = 1; i <= 120; ++i)
            QVERIFY2(all.contains(QStringLiteral("第%1条所见").arg(i)), qPrintable(QString::number(i)));
        for (int i = 1; i <= pages; ++i)
            QVERIFY(all.contains(QStringLiteral("第%1页共%2页").arg(i).arg(pages)));
    }

    void anUnreviewedVersionSaysSo() {
        ReportDocument d = document();
        d.reviewer.reset();
        d.isDemo = false;
        const QString text = flat(textOf(write(d)));
        QVERIFY(text.contains("审核医师（待审核）"));
        QVERIFY(text.contains("未审核"));
        QVERIFY(!text.contains("DEMO"));
    }

    void anAmendmentPointsBack() {
        ReportDocument d = document();
        d.kind = ReportVersionKind::Addendum;
        d.amendReason = "补充冠脉所见";
        d.predecessors = {{StudyUid("1"), SeriesUid("2"), {SopClassUid("3"), InstanceUid("2.25.99")}}};
        d.reviewer->user = d.author.user;
        const QString text = flat(textOf(write(d)));
        QVERIFY(text.contains("补充报告"));
        QVERIFY(text.contains("补充冠脉所见") && text.contains("2.25.99"));
        QVERIFY(text.contains("同一医师"));
    }

    void inEnglish() {
        const QString text = textOf(write(document(), PaperLanguage::English));
        for (const char* expected :
             {"Findings", "Impression", "Reviewer", "59 y", "Page 1 of", "not a registered medical"})
            QVERIFY2(text.contains(expected), expected);
    }

    void hostileTextOnlyMakesPaper() {
        ReportDocument d = document();
        d.content.findings = QString(20000, u'长') + "<b>&\x01\u202e" + QString(3000, u'a');
        d.content.keyImages[0].png = "not a png";
        d.order.requestingHospital = QString(400, u'院');
        d.diagnosingHospital = QString(90, u'县');
        const QString path = write(d);
        QVERIFY(!path.isEmpty());
        QVERIFY(tool("pdfinfo", {path}).contains("Pages:"));
        QCOMPARE(flat(textOf(path)).count(u'长') - 1, 20000); // one more in 结节长径
    }

    void rendersOnAnyThread() {
        const ReportDocument d = document();
        PdfReportRenderer renderer;
        const auto job = [&] { return renderer.renderPdf(d)->size(); };
        auto a = std::async(std::launch::async, job), b = std::async(std::launch::async, job);
        QVERIFY(a.get() > 10000 && b.get() > 10000);
    }

    void oneDocumentGivesOneFile() {
        PdfReportRenderer renderer;
        QCOMPARE(*renderer.renderPdf(document()), *renderer.renderPdf(document()));
    }

    void qrCodeHoldsTheUid() {
        const QByteArray text = PdfReportRenderer::qrText(document());
        QCOMPARE(text, QByteArray("YZ1;SR=2.25.123456789012345678901234567890123456;ACC=CT20260302001;V=2"));
        const QrCode code(text);
        QVERIFY(!code.isNull());
        QCOMPARE((code.width() - 17) % 4, 0);
        // Finder patterns stand in three corners.
        for (const QPoint corner : {QPoint(0, 0), QPoint(code.width() - 7, 0), QPoint(0, code.width() - 7)})
            for (int i = 0; i < 7; ++i)
                QVERIFY(code.isDark(corner.x() + i, corner.y()) && code.isDark(corner.x(), corner.y() + i));
        QVERIFY(QrCode(QByteArray(10000, 'x')).isNull());
    }
};

QTEST_MAIN(RendererTest)
#include "renderer_test.moc"
