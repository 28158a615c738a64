#include "dicom/data/dicom_pixel_source.h"
#include "dicom/report/dicom_report_encoder.h"
#include "sample_report.h"

#include <QCryptographicHash>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;

namespace {

const QByteArray kPdf = "%PDF-1.7\n%odd length\n%%EOF\n.";

/// dsrdump 3.6.7 says this, once, about every UTF-8 document: its check of string characters knows ASCII and Latin-1
/// alone.
const QString kUtf8Remark =
    QStringLiteral("W: The VR checker does not support this Specific Character Set: ISO_IR 192");

/// What a DCMTK tool says about a file: standard output, or an error that starts with "!".
QString toolOutput(const QString& tool, const QStringList& options, const QByteArray& file) {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("object.dcm"));
    QFile out(path);
    if (!out.open(QIODevice::WriteOnly) || out.write(file) != file.size())
        return QStringLiteral("!cannot write");
    out.close();
    QProcess process;
    process.start(tool, options + QStringList{path});
    if (!process.waitForFinished(30000))
        return QStringLiteral("!") + tool + QStringLiteral(" did not run");
    QString errors = QString::fromUtf8(process.readAllStandardError());
    if (tool == u"dsrdump" && errors.trimmed() == kUtf8Remark)
        errors.clear();
    if (process.exitCode() != 0 || !errors.trimmed().isEmpty())
        return QStringLiteral("!") + QString::number(process.exitCode()) + u' ' + errors;
    return QString::fromUtf8(process.readAllStandardOutput());
}

std::vector<SignatureRecord> twoSignatures() {
    return {{SignatureRecord::Role::Author, R"({"a":"甲"})", QByteArray("\x30\x03\x02\x01\x05", 5)},
            {SignatureRecord::Role::Reviewer, R"({"b":22})", QByteArray("\x30\x03\x02\x01\x06\x00", 6)}};
}

} // namespace

class ReportEncoderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dcmtkReadsTheStructuredReport();
    void structuredReportSaysWhatTheDocumentSays();
    void unverifiedAndDemo();
    void correctionPointsBack();
    void sameDocumentSameBytes();
    void dcmtkReadsTheEncapsulatedPdf();
    void incompleteDocumentIsRefused();
    void signaturesComeOutAsTheyWentIn();
    void onlyCanonicalFilesAreSigned();
    void everyFlippedByteIsNoticed();
    void aRedoneDigestDoesNotHideDamage();
    void everyTruncationIsNoticed();
    void identityIsThatOfTheImages();
    void hostileTextDoesNotBreakTheEncoding();

private:
    DicomReportEncoder m_encoder;
};

void ReportEncoderTest::dcmtkReadsTheStructuredReport() {
    const auto file = m_encoder.encodeStructuredReport(test::sampleReport());
    QVERIFY2(file.has_value(), qPrintable(file ? QString() : file.error().toString()));
    const QString dump = toolOutput(QStringLiteral("dcmdump"), {QStringLiteral("--print-all")}, *file);
    QVERIFY2(!dump.startsWith(u'!'), qPrintable(dump));
    const QString tree = toolOutput(QStringLiteral("dsrdump"), {}, *file);
    QVERIFY2(!tree.startsWith(u'!'), qPrintable(tree));
}

void ReportEncoderTest::structuredReportSaysWhatTheDocumentSays() {
    const auto file = m_encoder.encodeStructuredReport(test::sampleReport());
    QVERIFY(file.has_value());
    const QString tree =
        toolOutput(QStringLiteral("dsrdump"),
                   QStringList{QStringLiteral("+Pl"), QStringLiteral("+Pu"), QStringLiteral("+Pc")}, *file);
    for (const char* wanted : {"CT Report",
                               "王^小东",
                               "张伟",
                               "刘芳",
                               "清河镇卫生院",
                               "咳嗽待查",
                               "咳嗽、咳痰一周",
                               "胸部CT平扫",
                               "与2025-11-01胸部CT比较",
                               "右肺上叶见一结节",
                               "结节最大层面",
                               "右肺上叶结节,建议增强扫描",
                               "Positive",
                               "建议三个月后复查",
                               "张力性气胸",
                               "12.4",
                               "-34.25",
                               "Hounsfield unit",
                               "结节平均密度",
                               "2.25.1001",
                               "Completion Flag     : COMPLETE",
                               "Verification Flag   : VERIFIED",
                               "不包括诊断结论"})
        QVERIFY2(tree.contains(QString::fromUtf8(wanted)), qPrintable(QString::fromUtf8(wanted) + u'\n' + tree));
    const QString dump = toolOutput(QStringLiteral("dcmdump"), {QStringLiteral("--print-all")}, *file);
    for (const char* wanted : {"[ISO_IR 192]", "[20260302092000+0800]", "=EnhancedSRStorage", "[ACC-20260302-01]",
                               "[2000]", "[DCMR]", "[+0800]", "VerifyingObserverSequence", "AuthorObserverSequence",
                               "ReferencedRequestSequence", "CurrentRequestedProcedureEvidenceSequence",
                               "ReferencedFrameNumber", "[2.25.7001]", "[2.25.7002]", "[2.25.500]", "安平县人民医院"})
        QVERIFY2(dump.contains(QString::fromUtf8(wanted)), qPrintable(QString::fromUtf8(wanted) + u'\n' + dump));
    DicomPixelSource source;
    const auto header = source.readHeader(*file);
    QVERIFY(header.has_value());
    QCOMPARE(header->study.patient.name.ideographic, QStringLiteral("王^小东"));
    QCOMPARE(header->study.patient.birthDate, QDate(1970, 5, 6));
    QCOMPARE(header->series.modality, QStringLiteral("SR"));
    QCOMPARE(header->series.description, QStringLiteral("胸部CT诊断报告"));
    QCOMPARE(header->series.time.toUTC(), QDateTime(QDate(2026, 3, 2), QTime(1, 20), Qt::UTC));
    QCOMPARE(header->instance.sopClass, kReportSrClass);
    QCOMPARE(header->instance.frameCount, 0);
    QVERIFY(!header->textWasRepaired);
}

void ReportEncoderTest::unverifiedAndDemo() {
    ReportDocument document = test::sampleReport();
    document.state = ReadingState::Submitted;
    document.reviewer.reset();
    document.isDemo = true;
    document.content.keyImages.clear();
    document.content.measurements.clear();
    const auto file = m_encoder.encodeStructuredReport(document);
    QVERIFY(file.has_value());
    const QString tree = toolOutput(QStringLiteral("dsrdump"), {}, *file);
    QVERIFY2(tree.contains(u"UNVERIFIED") && tree.contains(u"COMPLETE"), qPrintable(tree));
    QVERIFY(tree.contains(QStringLiteral("演示数据")));
    const auto header = DicomPixelSource().readHeader(*file);
    QVERIFY(header && header->series.description.startsWith(u"[DEMO]"));
    QCOMPARE(header->series.time.toUTC(), document.author.signedAt);
}

void ReportEncoderTest::correctionPointsBack() {
    ReportDocument document = test::sampleReport();
    document.kind = ReportVersionKind::Correction;
    document.amendReason = QStringLiteral("左右描述更正");
    document.predecessors.push_back({document.order.study,
                                     SeriesUid(QStringLiteral("2.25.6001")),
                                     {kReportSrClass, InstanceUid(QStringLiteral("2.25.6002"))}});
    const auto file = m_encoder.encodeStructuredReport(document);
    QVERIFY(file.has_value());
    const QString dump = toolOutput(QStringLiteral("dcmdump"), {QStringLiteral("--print-all")}, *file);
    QVERIFY(dump.contains(u"PredecessorDocumentsSequence") && dump.contains(u"[2.25.6002]"));
    QVERIFY(toolOutput(QStringLiteral("dsrdump"), {}, *file).contains(QStringLiteral("左右描述更正")));
}

void ReportEncoderTest::sameDocumentSameBytes() {
    const ReportDocument document = test::sampleReport();
    const auto first = m_encoder.encodeStructuredReport(document);
    const auto firstPdf = m_encoder.encodeEncapsulatedPdf(document, kPdf);
    QTest::qWait(1100); // the clock's second has changed
    const auto second = m_encoder.encodeStructuredReport(document);
    const auto secondPdf = m_encoder.encodeEncapsulatedPdf(document, kPdf);
    QVERIFY(first && second && firstPdf && secondPdf);
    QCOMPARE(*first, *second);
    QCOMPARE(*firstPdf, *secondPdf);
}
void ReportEncoderTest::dcmtkReadsTheEncapsulatedPdf() {
    const auto file = m_encoder.encodeEncapsulatedPdf(test::sampleReport(), kPdf);
    QVERIFY2(file.has_value(), qPrintable(file ? QString() : file.error().toString()));
    const QString dump = toolOutput(QStringLiteral("dcmdump"), {QStringLiteral("--print-all")}, *file);
    QVERIFY2(!dump.startsWith(u'!'), qPrintable(dump));
}
void ReportEncoderTest::incompleteDocumentIsRefused() {
    ReportDocument document = test::sampleReport();
    document.reviewer.reset(); // approved, and nobody approved it
    QCOMPARE(m_encoder.encodeStructuredReport(document).error().code, ErrorCode::ReportIncomplete);
    document = test::sampleReport();
    document.order.study = {};
    QCOMPARE(m_encoder.encodeStructuredReport(document).error().code, ErrorCode::ReportIncomplete);
    document = test::sampleReport();
    document.author.name.clear();
    QCOMPARE(m_encoder.encodeStructuredReport(document).error().code, ErrorCode::ReportIncomplete);
    document = test::sampleReport();
    document.evidenceSeries.pop_back();
    QCOMPARE(m_encoder.encodeStructuredReport(document).error().code, ErrorCode::ReportIncomplete);
    QCOMPARE(m_encoder.encodeEncapsulatedPdf(test::sampleReport(), "no pdf").error().code, ErrorCode::InvalidArgument);
}

void ReportEncoderTest::signaturesComeOutAsTheyWentIn() {
    const ReportDocument document = test::sampleReport();
    for (const bool isPdf : {false, true}) {
        const auto canonical =
            isPdf ? m_encoder.encodeEncapsulatedPdf(document, kPdf) : m_encoder.encodeStructuredReport(document);
        QVERIFY(canonical.has_value());
        QCOMPARE(m_encoder.open(*canonical).error().code, ErrorCode::SignatureMissing);
        const auto file = m_encoder.attachSignatures(*canonical, twoSignatures());
        QVERIFY2(file.has_value(), qPrintable(file ? QString() : file.error().toString()));
        const auto opened = m_encoder.open(*file);
        QVERIFY2(opened.has_value(), qPrintable(opened ? QString() : opened.error().toString()));
        QCOMPARE(opened->canonical, *canonical);
        QVERIFY(opened->signatures == twoSignatures());
        QCOMPARE(opened->object.sopClass, isPdf ? kReportPdfClass : kReportSrClass);
        QCOMPARE(opened->object.instance, isPdf ? document.pdfInstance : document.srInstance);
        QCOMPARE(opened->series, isPdf ? document.pdfSeries : document.srSeries);
        QCOMPARE(opened->study, document.order.study);
        QCOMPARE(opened->pdf, isPdf ? kPdf : QByteArray());
        const QString dump = toolOutput(QStringLiteral("dcmdump"), {}, *file);
        QVERIFY2(!dump.startsWith(u'!') && dump.contains(u"YUANZHEN SIGNATURE 1.0"), qPrintable(dump));
        if (!isPdf) {
            const QString tree = toolOutput(QStringLiteral("dsrdump"), {}, *file);
            QVERIFY2(!tree.startsWith(u'!'), qPrintable(tree));
        }
    }
}

void ReportEncoderTest::onlyCanonicalFilesAreSigned() {
    const auto canonical = m_encoder.encodeStructuredReport(test::sampleReport());
    QVERIFY(canonical.has_value());
    QCOMPARE(m_encoder.attachSignatures(*canonical, {}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(m_encoder.attachSignatures(*canonical + QByteArray(2, '\0'), twoSignatures()).error().code,
             ErrorCode::InvalidArgument);
    QByteArray preamble = *canonical;
    preamble[5] = 'x';
    QCOMPARE(m_encoder.attachSignatures(preamble, twoSignatures()).error().code, ErrorCode::InvalidArgument);
    const auto once = m_encoder.attachSignatures(*canonical, twoSignatures());
    QVERIFY(once.has_value());
    QCOMPARE(m_encoder.attachSignatures(*once, twoSignatures()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(m_encoder.open(*once + QByteArray(2, '\0')).error().code, ErrorCode::SignedContentChanged);
}

void ReportEncoderTest::everyFlippedByteIsNoticed() {
    const auto canonical = m_encoder.encodeStructuredReport(test::sampleReport());
    QVERIFY(canonical.has_value());
    const auto file = m_encoder.attachSignatures(*canonical, twoSignatures());
    QVERIFY(file && m_encoder.open(*file));
    // The name of the program that wrote the file is the archive's to change.
    const QByteArray writer = "2.25.276190613406254711190733414420894377461";
    const qsizetype name = file->indexOf(writer);
    QVERIFY(name > 0);
    for (qsizetype i = 0; i < file->size(); i = i + 1 == name ? name + writer.size() : i + 1)
        for (const int mask : {0x01, 0xFF}) {
            QByteArray damaged = *file;
            damaged[i] = static_cast<char>(damaged[i] ^ mask);
            const auto opened = m_encoder.open(damaged);
            QVERIFY2(!opened.has_value(), qPrintable(QStringLiteral("byte %1").arg(i)));
            QCOMPARE(opened.error().code, ErrorCode::SignedContentChanged);
        }
}

void ReportEncoderTest::aRedoneDigestDoesNotHideDamage() {
    const auto canonical = m_encoder.encodeStructuredReport(test::sampleReport());
    const auto file = m_encoder.attachSignatures(*canonical, twoSignatures());
    QVERIFY(file.has_value());
    constexpr qsizetype kDigest = 32;
    int opened = 0;
    // Someone who knows the format changes a byte and computes the digest anew. Outside of values nothing may be
    // changed; a changed value comes out changed, and then the CMS no longer fits it.
    for (qsizetype i = 0; i < file->size() - kDigest; i += 11) {
        QByteArray damaged = file->chopped(kDigest);
        damaged[i] = static_cast<char>(damaged[i] ^ 0x01);
        damaged.append(QCryptographicHash::hash(damaged, QCryptographicHash::Sha256));
        const auto result = m_encoder.open(damaged);
        if (!result)
            continue;
        ++opened;
        QVERIFY(i >= 132);
        QVERIFY(result->canonical != *canonical || result->signatures != twoSignatures());
        QCOMPARE(*m_encoder.attachSignatures(result->canonical, result->signatures), damaged);
    }
    QVERIFY(opened > 0 && opened < file->size() / 11);
}

void ReportEncoderTest::everyTruncationIsNoticed() {
    const auto canonical = m_encoder.encodeStructuredReport(test::sampleReport());
    const auto file = m_encoder.attachSignatures(*canonical, twoSignatures());
    QVERIFY(file.has_value());
    for (qsizetype size = 0; size < file->size(); size += 5)
        QVERIFY(!m_encoder.open(file->left(size)).has_value());
}

void ReportEncoderTest::identityIsThatOfTheImages() {
    ReportDocument document = test::sampleReport();
    document.order.patient.id = PatientId(QStringLiteral("OTHER"));
    auto header = DicomPixelSource().readHeader(*m_encoder.encodeStructuredReport(document));
    QVERIFY(header.has_value());
    QCOMPARE(header->study.patient.id.value(), QStringLiteral("P0001"));
    header = DicomPixelSource().readHeader(*m_encoder.encodeEncapsulatedPdf(document, kPdf));
    QVERIFY(header.has_value());
    QCOMPARE(header->study.patient.id.value(), QStringLiteral("P0001"));
}

void ReportEncoderTest::hostileTextDoesNotBreakTheEncoding() {
    ReportDocument document = test::sampleReport();
    document.content.title = QStringLiteral("a\\b\nc").repeated(40);
    document.content.findings = QStringLiteral("\\ ^ = \x1B$)A \u0001 \U0001F600\r\n").repeated(2000);
    document.content.measurements[0].name = QStringLiteral("很长的名称\\").repeated(30);
    document.content.measurements[0].value = -1.0 / 3.0 * 1e-7;
    document.order.accessionNumber = QStringLiteral("ACCESSION-NUMBER-TOO-LONG-FOR-SH");
    document.author.hospital = QStringLiteral("医院\\").repeated(60);
    const auto file = m_encoder.encodeStructuredReport(document);
    QVERIFY2(file.has_value(), qPrintable(file ? QString() : file.error().toString()));
    const QString tree = toolOutput(QStringLiteral("dsrdump"), {}, *file);
    QVERIFY2(!tree.startsWith(u'!'), qPrintable(tree.left(500)));
    QVERIFY(m_encoder.attachSignatures(*file, twoSignatures()).has_value());
}

QTEST_GUILESS_MAIN(ReportEncoderTest)
#include "report_encoder_test.moc"
