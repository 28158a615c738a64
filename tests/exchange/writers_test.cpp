#include "sample_source.h"

#include "exchange/cda_mapping.h"
#include "exchange/cda_writer.h"
#include "exchange/fhir_bundle_writer.h"
#include "exchange/fhir_mapping.h"
#include "exchange/oru_mapping.h"
#include "exchange/oru_writer.h"
#include "exchange/report_message.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace yz;
using namespace yz::exchange;

namespace {

using Form = ReportTarget::Form;
using Kind = ReportVersionKind;

QByteArray written(const SignedReport& report, const ReportTarget& target) {
    const Result<QByteArray> bytes =
        writeReportMessage(report, target, messageIdFor(report.document.srInstance, target.id));
    if (!bytes)
        qWarning() << bytes.error().toString();
    return bytes.value_or(QByteArray());
}

QString testFolder() { return qEnvironmentVariable("YZ_SOURCE_DIR") + QStringLiteral("/tests/exchange/"); }

/// Runs a judge on a file; empty where the judge is not installed.
QByteArray judged(const QString& program, const QStringList& arguments) {
    if (QStandardPaths::findExecutable(program).isEmpty())
        return {};
    QProcess judge;
    judge.start(program, arguments);
    if (!judge.waitForFinished(60000) || judge.exitStatus() != QProcess::NormalExit || judge.exitCode() == 77)
        return {};
    const QByteArray said = judge.readAllStandardOutput();
    return judge.exitCode() == 0 && !said.isEmpty() ? said : "failed: " + judge.readAllStandardError() + said;
}

QString saved(const QTemporaryDir& folder, const QString& name, const QByteArray& bytes) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return {};
    return file.fileName();
}

QJsonObject resourceOf(const QJsonObject& bundle, const QString& type) {
    for (const QJsonValue& entry : bundle["entry"].toArray())
        if (entry["resource"]["resourceType"].toString() == type)
            return entry["resource"].toObject();
    return {};
}

/// Text of the first element with this path of local names.
QStringList textsAt(const QByteArray& xml, const QString& wanted) {
    QXmlStreamReader reader(xml);
    QStringList path;
    QStringList found;
    while (!reader.atEnd()) {
        const auto token = reader.readNext();
        if (token == QXmlStreamReader::StartElement) {
            path.append(reader.name().toString());
            if (path.join(u'/') == wanted)
                found.append(QString());
        } else if (token == QXmlStreamReader::EndElement) {
            path.removeLast();
        } else if (token == QXmlStreamReader::Characters && path.join(u'/') == wanted) {
            found.last() += reader.text();
        }
    }
    return reader.hasError() ? QStringList{reader.errorString()} : found;
}

} // namespace

class ExchangeWritersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("TZ", "Asia/Shanghai"); }

    void hl7EscapesGoBothWays_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("escaped");
        QTest::newRow("delimiters") << QStringLiteral("a|b^c&d~e\\f")
                                    << QStringLiteral("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f");
        QTest::newRow("lines") << QStringLiteral("一\n二") << QStringLiteral("一\\.br\\二");
        QTest::newRow("nothing") << QStringLiteral("右肺") << QStringLiteral("右肺");
    }
    void hl7EscapesGoBothWays() {
        QFETCH(QString, text);
        QFETCH(QString, escaped);
        QCOMPARE(escapedHl7(text), escaped);
        QCOMPARE(unescapedHl7(escaped), text);
    }
    void controlCharactersCannotBreakAMessage() {
        QCOMPARE(escapedHl7(QStringLiteral("a\x0b\x1c\rMSH|b\r\nc")), QStringLiteral("a\\.br\\MSH\\F\\b\\.br\\c"));
    }

    void messageIdsAreFixedAndFit() {
        const InstanceUid sr(QStringLiteral("2.25.1"));
        const QString id = messageIdFor(sr, QStringLiteral("his"));
        QCOMPARE(id.size(), 20);
        QCOMPARE(messageIdFor(sr, QStringLiteral("his")), id);
        QVERIFY(messageIdFor(sr, QStringLiteral("region")) != id);
        QVERIFY(messageIdFor(InstanceUid(QStringLiteral("2.25.11")), QStringLiteral("his")) != id);
    }

    void theSameReportGivesTheSameBytes() {
        for (Form form : {Form::Hl7Oru, Form::FhirBundle, Form::CdaDocument}) {
            const ReportTarget target = test::exchangeTarget(form);
            const QByteArray first = written(test::exchangeReport(), target);
            QVERIFY(!first.isEmpty());
            QCOMPARE(written(test::exchangeReport(), target), first);
        }
    }

    void statusCodes_data() {
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<ReadingState>("state");
        QTest::addColumn<QString>("hl7");
        QTest::addColumn<QString>("fhir");
        QTest::newRow("author's") << Kind::Original << ReadingState::Submitted << "P"
                                  << "preliminary";
        QTest::newRow("approved") << Kind::Original << ReadingState::Approved << "F"
                                  << "final";
        QTest::newRow("corrected") << Kind::Correction << ReadingState::Approved << "C"
                                   << "corrected";
        QTest::newRow("correction not approved") << Kind::Correction << ReadingState::Submitted << "P"
                                                 << "preliminary";
        QTest::newRow("addendum") << Kind::Addendum << ReadingState::Approved << "C"
                                  << "appended";
    }
    void statusCodes() {
        QFETCH(Kind, kind);
        QFETCH(ReadingState, state);
        QFETCH(QString, hl7);
        QFETCH(QString, fhir);
        const SignedReport report = test::exchangeReport(kind, state);
        const QList<QByteArray> lines = written(report, test::exchangeTarget(Form::Hl7Oru)).split('\r');
        int observations = 0;
        for (const QByteArray& line : lines) {
            if (line.startsWith("OBR"))
                QCOMPARE(line.split('|').value(25), hl7.toLatin1());
            if (line.startsWith("OBX")) {
                ++observations;
                QCOMPARE(line.split('|').value(11), hl7.toLatin1());
            }
        }
        QVERIFY(observations > 5);
        const QJsonObject bundle =
            QJsonDocument::fromJson(written(report, test::exchangeTarget(Form::FhirBundle))).object();
        QCOMPARE(resourceOf(bundle, QStringLiteral("DiagnosticReport"))["status"].toString(), fhir);
    }
    void addendumStatusIsTheReceivers() {
        ReportTarget target = test::exchangeTarget(Form::Hl7Oru);
        target.addendumStatus = QStringLiteral("A");
        QCOMPARE(hl7Status(test::exchangeReport(Kind::Addendum).document, target), QStringLiteral("A"));
        QCOMPARE(hl7Status(test::exchangeReport(Kind::Correction).document, target), QStringLiteral("C"));
    }

    void hl7ByAnIndependentParser_data() {
        QTest::addColumn<QString>("characterSet");
        QTest::addColumn<QString>("codec");
        QTest::newRow("UTF-8") << "UNICODE UTF-8"
                               << "utf-8";
        QTest::newRow("GB18030") << "GB 18030-2000"
                                 << "gb18030";
    }
    void hl7ByAnIndependentParser() {
        QFETCH(QString, characterSet);
        QFETCH(QString, codec);
        const SignedReport report = test::exchangeReport(Kind::Correction);
        ReportTarget target = test::exchangeTarget(Form::Hl7Oru);
        target.characterSet = characterSet;
        const QTemporaryDir folder;
        const QString path = saved(folder, QStringLiteral("m.hl7"), written(report, target));
        const QByteArray said =
            judged(QStringLiteral("/usr/bin/python3"), {testFolder() + QStringLiteral("judge_hl7.py"), path, codec});
        if (said.isEmpty())
            QSKIP("python3-hl7 is not installed");
        const QJsonObject message = QJsonDocument::fromJson(said).object();
        QVERIFY2(!message.isEmpty(), said.constData());
        QCOMPARE(message["type"].toString(), QStringLiteral("ORU^R01^ORU_R01"));
        QCOMPARE(message["charset"].toString(), characterSet);
        QCOMPARE(message["control"].toString(), messageIdFor(report.document.srInstance, target.id));
        QCOMPARE(message["patient"].toString(), QStringLiteral("P-0001"));
        QCOMPARE(message["family"].toString(), QStringLiteral("王"));
        QCOMPARE(message["given"].toString(), QStringLiteral("小东"));
        QCOMPARE(message["nameCode"].toString(), QStringLiteral("I"));
        QCOMPARE(message["alphabetic"].toString(), QStringLiteral("Wang"));
        QCOMPARE(message["birth"].toString(), QStringLiteral("19700517"));
        QCOMPARE(message["accession"].toString(), QStringLiteral("A2026&1"));
        QCOMPARE(message["item"].toString(), QStringLiteral("胸部CT平扫"));
        QCOMPARE(message["status"].toString(), QStringLiteral("C"));
        QCOMPARE(message["signed"].toString(), QStringLiteral("20260302100304+0800"));
        QCOMPARE(message["reviewer"].toString(), QStringLiteral("刘芳"));
        QCOMPARE(message["notes"].toArray().size(), 1);
        QCOMPARE(message["notes"].toArray().first().toString(), QStringLiteral("左右写反"));
        bool sawFindings = false, sawPdf = false;
        for (const QJsonValue& obx : message["obx"].toArray()) {
            if (obx["code"].toString() == QLatin1String("59776-5")) {
                sawFindings = true;
                // python-hl7 turns \.br\ into CR.
                QCOMPARE(obx["value"].toString().replace(u'\r', u'\n'), report.document.content.findings);
            }
            if (obx["type"].toString() == QLatin1String("ED")) {
                sawPdf = true;
                QVERIFY(obx["raw"].toString().startsWith(QStringLiteral("^application^pdf^Base64^")));
                QCOMPARE(QByteArray::fromBase64(obx["raw"].toString().section(u'^', 4).toLatin1()), report.pdf);
            }
        }
        QVERIFY(sawFindings && sawPdf);
        QCOMPARE(message["segments"].toArray().first().toString(), QStringLiteral("MSH"));
    }
    void textThatDoesNotFitIsRefused() {
        ReportTarget target = test::exchangeTarget(Form::Hl7Oru);
        target.characterSet = QStringLiteral("8859/1");
        const SignedReport report = test::exchangeReport();
        const Result<QByteArray> bytes = writeReportMessage(report, target, QStringLiteral("x"));
        QVERIFY(!bytes);
        QCOMPARE(bytes.error().code, ErrorCode::InvalidArgument);
    }
    void whoIsMeantIsNeverLeftOut() {
        for (Form form : {Form::Hl7Oru, Form::FhirBundle, Form::CdaDocument}) {
            SignedReport report = test::exchangeReport();
            report.document.order.patient.id = {};
            QVERIFY(!writeReportMessage(report, test::exchangeTarget(form), QStringLiteral("x")));
        }
        ReportTarget target = test::exchangeTarget(Form::FhirBundle);
        target.patientIdSystem.clear();
        QVERIFY(!writeReportMessage(test::exchangeReport(), target, QStringLiteral("x")));
    }
    void demonstrationsSaySo() {
        SignedReport report = test::exchangeReport();
        report.document.isDemo = true;
        QCOMPARE(written(report, test::exchangeTarget(Form::Hl7Oru)).split('|').value(10), QByteArray("T"));
        QVERIFY(written(report, test::exchangeTarget(Form::FhirBundle)).contains("HTEST"));
        QVERIFY(written(report, test::exchangeTarget(Form::CdaDocument)).contains("演示"));
    }

    void fhirConditionalCreates() {
        const SignedReport report = test::exchangeReport(Kind::Addendum);
        const QJsonObject bundle =
            QJsonDocument::fromJson(written(report, test::exchangeTarget(Form::FhirBundle))).object();
        QCOMPARE(bundle["type"].toString(), QStringLiteral("transaction"));
        QMap<QString, QString> urls;
        for (const QJsonValue& entry : bundle["entry"].toArray()) {
            QCOMPARE(entry["request"]["method"].toString(), QStringLiteral("POST"));
            QVERIFY(!entry["request"]["ifNoneExist"].toString().isEmpty());
            urls.insert(entry["resource"]["resourceType"].toString(), entry["fullUrl"].toString());
        }
        QCOMPARE(urls.size(), 4);
        const QJsonObject diagnostic = resourceOf(bundle, QStringLiteral("DiagnosticReport"));
        QCOMPARE(diagnostic["subject"]["reference"].toString(), urls.value(QStringLiteral("Patient")));
        QCOMPARE(diagnostic["basedOn"][0]["reference"].toString(), urls.value(QStringLiteral("ServiceRequest")));
        QCOMPARE(diagnostic["imagingStudy"][0]["reference"].toString(), urls.value(QStringLiteral("ImagingStudy")));
        QCOMPARE(diagnostic["extension"][0]["url"].toString(),
                 QStringLiteral("http://hl7.org/fhir/StructureDefinition/diagnosticReport-addendumOf"));
        QCOMPARE(diagnostic["extension"][0]["valueReference"]["identifier"]["value"].toString(),
                 QStringLiteral("urn:oid:2.25.150"));
        QCOMPARE(QByteArray::fromBase64(diagnostic["presentedForm"][0]["data"].toString().toLatin1()), report.pdf);
        QCOMPARE(diagnostic["issued"].toString(), QStringLiteral("2026-03-02T10:03:04+08:00"));
        // Two townships may give the same number to two people.
        SignedReport other = report;
        other.document.order.patient.issuerOfId = QStringLiteral("白云镇卫生院");
        const QJsonObject second =
            QJsonDocument::fromJson(written(other, test::exchangeTarget(Form::FhirBundle))).object();
        QVERIFY(bundle["entry"][0]["request"]["ifNoneExist"] != second["entry"][0]["request"]["ifNoneExist"]);
    }
    void fhirByAnIndependentValidator() {
        for (Kind kind : {Kind::Original, Kind::Correction, Kind::Addendum}) {
            const SignedReport report = test::exchangeReport(kind);
            const QTemporaryDir folder;
            const QString path =
                saved(folder, QStringLiteral("b.json"), written(report, test::exchangeTarget(Form::FhirBundle)));
            const QByteArray said =
                judged(QStringLiteral("node"), {testFolder() + QStringLiteral("judge_fhir.js"), path});
            if (said.isEmpty())
                QSKIP("the npm package fhir is not installed (NODE_PATH)");
            const QJsonObject verdict = QJsonDocument::fromJson(said).object();
            QVERIFY2(!verdict.isEmpty(), said.constData());
            for (const QJsonValue& message : verdict["messages"].toArray())
                QVERIFY2(message["severity"].toString() != QLatin1String("error") &&
                             message["severity"].toString() != QLatin1String("fatal"),
                         qPrintable(message["text"].toString()));
            QCOMPARE(verdict["conclusion"].toString(), report.document.content.impression);
            QCOMPARE(verdict["status"].toString(), fhirStatus(report.document));
        }
    }

    void cdaCarriesTheReport() {
        const SignedReport report = test::exchangeReport(Kind::Correction);
        const QByteArray xml = written(report, test::exchangeTarget(Form::CdaDocument));
        QCOMPARE(textsAt(xml, QStringLiteral("ClinicalDocument/recordTarget/patientRole/patient/name")),
                 QStringList{QStringLiteral("王小东")});
        QCOMPARE(textsAt(xml, QStringLiteral("ClinicalDocument/legalAuthenticator/assignedEntity/assignedPerson/name")),
                 QStringList{QStringLiteral("刘芳")});
        const QStringList values = textsAt(xml, QStringLiteral("ClinicalDocument/component/structuredBody/component/"
                                                               "section/entry/observation/value"));
        QVERIFY(values.contains(report.document.content.findings));
        QVERIFY(values.contains(report.document.content.impression));
        const QStringList media = textsAt(xml, QStringLiteral("ClinicalDocument/component/structuredBody/component/"
                                                              "section/entry/observationMedia/value"));
        QCOMPARE(media.size(), 1);
        QCOMPARE(QByteArray::fromBase64(media.first().toLatin1()), report.pdf);
        QVERIFY(xml.contains("typeCode=\"RPLC\""));
        QVERIFY(written(test::exchangeReport(Kind::Addendum), test::exchangeTarget(Form::CdaDocument))
                    .contains("typeCode=\"APND\""));
        QVERIFY(!written(test::exchangeReport(Kind::Original, ReadingState::Submitted),
                         test::exchangeTarget(Form::CdaDocument))
                     .contains("legalAuthenticator"));
    }
    void cdaByAnIndependentParser() {
        // libxml2 here, the CDA schema too where YZ_CDA_XSD names CDA.xsd of the normative edition.
        const QTemporaryDir folder;
        for (Kind kind : {Kind::Original, Kind::Correction, Kind::Addendum}) {
            const QString path = saved(folder, QStringLiteral("d.xml"),
                                       written(test::exchangeReport(kind), test::exchangeTarget(Form::CdaDocument)));
            QStringList arguments{QStringLiteral("--noout"), QStringLiteral("--nonet")};
            const QString schema = qEnvironmentVariable("YZ_CDA_XSD");
            if (!schema.isEmpty())
                arguments += {QStringLiteral("--schema"), schema};
            if (QStandardPaths::findExecutable(QStringLiteral("xmllint")).isEmpty())
                QSKIP("xmllint is not installed");
            QProcess judge;
            judge.start(QStringLiteral("xmllint"), arguments + QStringList{path});
            QVERIFY(judge.waitForFinished());
            QVERIFY2(judge.exitCode() == 0, judge.readAllStandardError().constData());
            judge.start(QStringLiteral("xmllint"),
                        {QStringLiteral("--xpath"),
                         QStringLiteral("string(//*[local-name()='patient']/*[local-name()='name'])"), path});
            QVERIFY(judge.waitForFinished());
            QCOMPARE(QString::fromUtf8(judge.readAllStandardOutput().trimmed()), QStringLiteral("王小东"));
        }
    }

    void everyRowIsInTheGuide() {
        QFile guide(qEnvironmentVariable("YZ_SOURCE_DIR") + QStringLiteral("/docs/EXCHANGE.md"));
        QVERIFY(guide.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(guide.readAll());
        for (const QString& line : mappingLines())
            QVERIFY2(text.contains(line), qPrintable(line));
    }

public:
    /// The three tables as lines of the guide; `--tables` prints them.
    static QStringList mappingLines() {
        QStringList lines;
        const auto source = [](Field field, const char* literal) -> QString {
            if (!literal)
                return fieldName(field);
            const QString fixed = QStringLiteral("\"%1\"").arg(QString::fromUtf8(literal));
            return field == Field::Always ? fixed : QString(fixed + QStringLiteral(" if ") + fieldName(field));
        };
        for (const OruRow& row : oruRows()) {
            QString place = QStringLiteral("%1-%2").arg(QLatin1String(row.segment)).arg(row.field);
            if (row.component > 0)
                place += QStringLiteral(".%1").arg(row.component);
            if (row.sub > 0)
                place += QStringLiteral(".%1").arg(row.sub);
            lines.append(QStringLiteral("| %1 | %2 |").arg(place, source(row.source, row.literal)));
        }
        for (const OruObservation& row : oruObservations())
            lines.append(QStringLiteral("| OBX %1 %2 (%3) | %4 |")
                             .arg(QLatin1String(row.valueType), QLatin1String(row.code), QLatin1String(row.system),
                                  fieldName(row.source)));
        for (const FhirRow& row : fhirRows())
            lines.append(
                QStringLiteral("| %1.%2 | %3 |")
                    .arg(QLatin1String(row.resource), QLatin1String(row.path), source(row.source, row.literal)));
        for (const CdaRow& row : cdaRows())
            lines.append(QStringLiteral("| %1 | %2 |").arg(QLatin1String(row.path), source(row.source, row.literal)));
        return lines;
    }
};

int main(int argc, char** argv) {
    if (argc > 1 && qstrcmp(argv[1], "--tables") == 0) {
        for (const QString& line : ExchangeWritersTest::mappingLines())
            printf("%s\n", qPrintable(line));
        return 0;
    }
    QCoreApplication app(argc, argv);
    ExchangeWritersTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "writers_test.moc"
