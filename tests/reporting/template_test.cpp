#include "reporting/check.h"
#include "reporting/mrrt_reader.h"
#include "reporting/template_catalog.h"
#include "support/shared_data.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;

namespace {

QByteArray page(const QByteArray& body, const QByteArray& attributes = {}) {
    return "<!DOCTYPE html><html><head><title>T</title><meta charset=\"UTF-8\"/>"
           "<meta name=\"dcterms.title\" content=\"T\"/><meta name=\"dcterms.identifier\" content=\"1.2.3\"/>"
           "<script type=\"text/xml\"><template_attributes>" +
           attributes + "<coded_content></coded_content></template_attributes></script></head><body>" + body +
           "</body></html>";
}

ReportTemplate shipped(const char* id) {
    static const TemplateCatalog catalog = TemplateCatalog::load({TemplateCatalog::shippedFolder()});
    const ReportTemplate* found = catalog.find(QString::fromLatin1(id));
    return found ? *found : ReportTemplate();
}

} // namespace

class TemplateTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void connectathonTemplatesAreRead_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("plain") << "CTChestAbdomen.html";
        QTest::newRow("lower case scheme") << "CTChestAbdomen-schemeIsInLowerCase.html";
    }
    void connectathonTemplatesAreRead() {
        QFETCH(QString, file);
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        const auto read = MrrtReader::readFile(test::sharedData() + "/openmrs-mrrt/" + file);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().toString()));
        QCOMPARE(read->title, "CT Chest-Abdomen");
        QCOMPARE(read->id, "1.3.6.1.4.1.21367.13.199.1015");
        QCOMPARE(read->modalities, QStringList{"CT"});
        QCOMPARE(read->bodyParts, (QStringList{"ABDOMEN", "CHEST"}));
        QCOMPARE(read->sections.size(), 1u);
        QCOMPARE(read->sections[0].title, "The Only Section");
        QCOMPARE(compose(*read, {}).findings, "This is the CT Chest-Abdomen report template");
    }

    void faultyConnectathonTemplatesAreRefusedForTheirFault_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("reason");
        QTest::newRow("coded content") << "multipleCodedContent"
                                       << "line 32: more than one coded_content";
        QTest::newRow("body") << "noBodyElement"
                              << "one body element";
        QTest::newRow("dublin core") << "noMetaElementDenotingDublinCoreAttributes"
                                     << "no Dublin Core";
        QTest::newRow("script") << "noScriptElement"
                                << "no script element";
        QTest::newRow("attributes") << "noTemplateAttributesElement"
                                    << "no template_attributes element";
        QTest::newRow("title") << "noTitleElement"
                               << "one title element";
        QTest::newRow("term") << "termElementShouldHaveOneCodeElement"
                              << "line 22: term has 0 code elements";
    }
    void faultyConnectathonTemplatesAreRefusedForTheirFault() {
        QFETCH(QString, file);
        QFETCH(QString, reason);
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        const auto read =
            MrrtReader::readFile(test::sharedData() + "/openmrs-mrrt/invalidMrrtReportTemplate-" + file + ".html");
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::TemplateBroken);
        QVERIFY2(read.error().detail.contains(reason), qPrintable(read.error().detail));
        QVERIFY2(read.error().detail.startsWith("line "), qPrintable(read.error().detail));
    }

    void clinicTemplatesWithoutTheIslandAreRefusedAndNeverCrash() {
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        const QString root = test::sharedData() + "/radreport-templates/templates";
        QStringList files;
        for (const char* each : {"CT/lungenembolie", "CT/schaedel-nativ", "Roentgen/Thorax/thorax-standard"})
            files.append(root + "/" + each + "/template.html");
        for (const QString& file : files) {
            const auto read = MrrtReader::readFile(file);
            QVERIFY2(!read && read.error().detail.contains("no script element"), qPrintable(file));
        }
    }

    void clinicTemplatesAreReadOnceTheyHaveTheIsland() {
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        QFile file(test::sharedData() + "/radreport-templates/templates/CT/lungenembolie/template.html");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray html = file.readAll();
        html.replace("</head>", "<script type=\"text/xml\"><template_attributes><coded_content/></template_attributes>"
                                "</script></head>");
        const auto read = MrrtReader::read(html);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().toString()));
        const TemplateField* bolus = read->field("bolus");
        QVERIFY(bolus);
        QCOMPARE(bolus->options.size(), 3u);
        QCOMPARE(read->field("rv_dia")->kind, FieldKind::Number);
        QCOMPARE(read->field("le_nachweis")->options.size(), 3u); // radio group
        QVERIFY(compose(*read, {{"bolus", bolus->options[1].value}}).findings.contains("suboptimaler Bolus"));
    }

    void fieldsOfEveryKind() {
        const auto read = MrrtReader::read(page(
            "<section id='s' data-section-name='Findings'>"
            "<p><label for='a'>Text</label><input type='text' id='a' value='x'/></p>"
            "<p><label for='b'>Size</label><input type='number' id='b' value='1.5' data-field-units='mm'/></p>"
            "<p><label for='c'>One</label><select id='c'><option value='v1'>L1</option>"
            "<option value='v2' selected='selected'>L2</option></select></p>"
            "<p><label><input type='checkbox' id='d' checked='checked'/>ticked</label></p>"
            "<p><label for='e'>Many</label><select id='e' multiple='multiple'><option>m1</option><option>m2</option>"
            "</select></p><p><textarea id='f'>long\ntext</textarea></p>"
            "<p><input type='date' id='g'/></p></section>"));
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().toString()));
        QCOMPARE(read->field("a")->kind, FieldKind::Text);
        QCOMPARE(read->field("b")->unit, "mm");
        QCOMPARE(read->field("c")->defaultValue, "v2");
        QCOMPARE(read->field("d")->kind, FieldKind::CheckBox);
        QCOMPARE(read->field("e")->kind, FieldKind::MultipleChoice);
        QCOMPARE(read->field("f")->defaultValue, "long\ntext");
        QCOMPARE(read->field("g")->kind, FieldKind::Date);
        QJsonObject answers = defaultAnswers(*read);
        answers["e"] = QJsonArray{"m1", "m2"};
        QCOMPARE(compose(*read, answers).findings, "Text：x\nSize：1.5mm\nOne：v2\nticked\nMany：m1、m2\nlong\ntext");
    }

    void codedContentReachesSectionsAndOptions() {
        QByteArray html = page("<section id='X1' data-section-name='Whatever'><p><select id='f'>"
                               "<option id='O1' value='v'>v</option></select></p></section>");
        html.replace(
            "<coded_content></coded_content>",
            "<coded_content><entry ORIGTXT='X1'><term><code meaning='Impression' value='19005-8' scheme='LN'/>"
            "</term></entry><entry ORIGTXT='O1'><term><code meaning='m' value='42' scheme='SCT'/></term></entry>"
            "</coded_content>");
        const auto read = MrrtReader::read(html);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().toString()));
        QCOMPARE(read->sections[0].target, ReportSection::Impression);
        QCOMPARE(read->sections[0].fields[0].options[0].code.value, "42");
    }

    void faultsInTheBodyAreNamed_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no id") << QByteArray("<section><input type='text'/></section>") << "neither id nor name";
        QTest::newRow("twice") << QByteArray("<section><input id='a'/><input id='a'/></section>") << "two fields";
        QTest::newRow("no option") << QByteArray("<section><select id='a'></select></section>") << "no option";
        QTest::newRow("number") << QByteArray("<section><input type='number' id='a' value='x'/></section>")
                                << "not a number";
        QTest::newRow("nothing") << QByteArray("") << "neither text nor fields";
        QTest::newRow("deep") << QByteArray("<section>") + QByteArray("<span>").repeated(200) + "x"
                              << "nested too deeply";
    }
    void faultsInTheBodyAreNamed() {
        QFETCH(QByteArray, body);
        QFETCH(QString, reason);
        const auto read = MrrtReader::read(page(body));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::TemplateBroken);
        QVERIFY2(read.error().detail.contains(reason), qPrintable(read.error().detail));
    }

    void brokenBytesAreRefused() {
        QVERIFY(!MrrtReader::read(QByteArray()));
        QVERIFY(!MrrtReader::read("\xff\xfe<html>"));
        const QByteArray whole = page("<section><p>x</p></section>");
        QVERIFY(MrrtReader::read(whole).has_value());
        for (qsizetype size = 0; size < whole.size() - 40; ++size)
            (void)MrrtReader::read(whole.left(size)); // must return, whatever it says
        QByteArray ill = whole;
        ill.replace("<coded_content>", "<coded_content><a>");
        const auto read = MrrtReader::read(ill);
        QVERIFY(!read && read.error().detail.contains("not well-formed"));
    }

    void everyShippedTemplateIsCleanByDefault() {
        const TemplateCatalog catalog = TemplateCatalog::load({TemplateCatalog::shippedFolder()});
        for (const auto& broken : catalog.broken())
            QFAIL(qPrintable(broken.file + " " + broken.error.toString()));
        QCOMPARE(catalog.templates().size(), 6u);
        for (const ReportTemplate& each : catalog.templates()) {
            ReportContent content;
            startFromTemplate(content, each);
            QVERIFY2(!content.findings.isEmpty() && !content.impression.isEmpty(), qPrintable(each.id));
            QCOMPARE(content.positivity, Positivity::Negative);
            ReportContext context;
            context.shownStudy = context.order.study = StudyUid("1.2");
            const auto findings = checkReport(content, context);
            QVERIFY2(findings.empty(), qPrintable(each.id + u" " + (findings.empty() ? QString() : findings[0].key())));
        }
    }

    /// Every abnormal choice alone gives a positive report whose impression names it, with no complaint about sides.
    void everyChoiceOfTheShippedTemplatesHangsTogether() {
        const TemplateCatalog catalog = TemplateCatalog::load({TemplateCatalog::shippedFolder()});
        int tried = 0;
        for (const ReportTemplate& each : catalog.templates())
            for (const TemplateSection& section : each.sections)
                for (const TemplateField& field : section.fields)
                    for (const FieldOption& option : field.options) {
                        if (option.impression.isEmpty())
                            continue;
                        ReportContent content;
                        startFromTemplate(content, each);
                        QJsonObject answers = content.answers;
                        answers[field.id] = option.value;
                        QVERIFY(applyAnswers(content, each, answers).isEmpty());
                        QCOMPARE(content.impression, option.impression);
                        QVERIFY(content.findings.contains(option.value));
                        ReportContext context;
                        context.shownStudy = context.order.study = StudyUid("1.2");
                        for (const CheckFinding& finding : checkReport(content, context))
                            QVERIFY2(finding.code == CheckCode::CriticalWithoutRecord ||
                                         finding.code == CheckCode::PlaceholderLeft,
                                     qPrintable(each.id + " " + option.label + " " + finding.key()));
                        ++tried;
                    }
        QVERIFY(tried > 50);
    }

    void answersComposeIntoAReport() {
        const ReportTemplate chest = shipped("yuanzhen.template.ct-chest");
        ReportContent content;
        startFromTemplate(content, chest);
        QJsonObject answers = content.answers;
        answers["lung"] = "双肺纹理走行自然。";
        answers["nodule-lobe"] = "右肺上叶";
        answers["nodule-type"] = "实性";
        answers["nodule-long"] = 12.3;
        answers["nodule-short"] = 8;
        answers["nodule-margin"] = "清楚";
        answers["nodule-edge"] = "浅分叶";
        QVERIFY(applyAnswers(content, chest, answers).isEmpty());
        QVERIFY2(
            content.findings.startsWith(
                "双肺纹理走行自然。\n右肺上叶见一实性结节，大小约12.3mm×8mm，边界清楚，边缘浅分叶。\n气管及各叶段"),
            qPrintable(content.findings));
        QCOMPARE(content.impression, "右肺上叶实性结节，大小约12.3mm×8mm。");
        QCOMPARE(content.positivity, Positivity::Positive);
        answers["heart"] = chest.field("heart")->options[1].value;
        (void)applyAnswers(content, chest, answers);
        QCOMPARE(content.impression, "1. 右肺上叶实性结节，大小约12.3mm×8mm。\n2. 主动脉及冠状动脉硬化。");
    }

    void aHalfFilledLineShowsWhatIsMissing() {
        const ReportTemplate chest = shipped("yuanzhen.template.ct-chest");
        QJsonObject answers = defaultAnswers(chest);
        answers["nodule-lobe"] = "左肺下叶";
        const QString findings = compose(chest, answers).findings;
        QVERIFY2(findings.contains("左肺下叶见一【结节密度】结节，大小约【长径】"), qPrintable(findings));
    }

    void whatWasTypedByHandIsNeverOverwritten() {
        const ReportTemplate chest = shipped("yuanzhen.template.ct-chest");
        ReportContent content;
        startFromTemplate(content, chest);
        content.findings.replace("心影大小、形态未见异常", "心影略饱满");
        content.findings += "\n另见右侧锁骨术后改变。";
        QJsonObject answers = content.answers;
        answers["lung"] = chest.field("lung")->options[3].value;
        answers["heart"] = chest.field("heart")->options[1].value; // its paragraph was edited: must not vanish
        const QStringList left = applyAnswers(content, chest, answers);
        QCOMPARE(left.size(), 1);
        QVERIFY(content.findings.contains("心影略饱满"));
        QVERIFY(content.findings.contains("主动脉壁及冠状动脉走行区见钙化灶"));
        QVERIFY(content.findings.endsWith("另见右侧锁骨术后改变。"));
        QVERIFY(!content.findings.contains("双肺纹理清晰"));
        QVERIFY(content.findings.startsWith("右肺下叶见斑片状"));
    }

    void catalogChoosesByModalityAndPart_data() {
        QTest::addColumn<QString>("modality");
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("id");
        QTest::newRow("ct chest") << "CT"
                                  << "CHEST"
                                  << "yuanzhen.template.ct-chest";
        QTest::newRow("ct head") << "CT"
                                 << "HEAD"
                                 << "yuanzhen.template.ct-head";
        QTest::newRow("mr brain") << "MR"
                                  << "BRAIN"
                                  << "yuanzhen.template.mr-brain";
        QTest::newRow("dr chest") << "DX"
                                  << "CHEST"
                                  << "yuanzhen.template.dr-chest";
        QTest::newRow("cr chest") << "CR"
                                  << "CHEST"
                                  << "yuanzhen.template.dr-chest";
        QTest::newRow("us") << "US"
                            << "ABDOMEN"
                            << "yuanzhen.template.us-abdomen";
        QTest::newRow("ct knee") << "CT"
                                 << "KNEE"
                                 << "yuanzhen.template.general";
        QTest::newRow("nothing known") << ""
                                       << ""
                                       << "yuanzhen.template.general";
    }
    void catalogChoosesByModalityAndPart() {
        QFETCH(QString, modality);
        QFETCH(QString, part);
        const TemplateCatalog catalog = TemplateCatalog::load({TemplateCatalog::shippedFolder()});
        const ReportTemplate* best = catalog.bestFor(modality, part);
        QVERIFY(best);
        QTEST(best->id, "id");
    }

    void siteTemplatesReplaceAndFaultsAreListed() {
        const QTemporaryDir dir;
        QFile good(dir.filePath("mine.html"));
        QVERIFY(good.open(QIODevice::WriteOnly));
        QByteArray html = page("<section><p>x</p></section>");
        html.replace("1.2.3", "yuanzhen.template.general");
        good.write(html);
        good.close();
        QFile bad(dir.filePath("bad.html"));
        QVERIFY(bad.open(QIODevice::WriteOnly));
        bad.write("<html></html>");
        bad.close();
        const TemplateCatalog catalog = TemplateCatalog::load({TemplateCatalog::shippedFolder(), dir.path()});
        QCOMPARE(catalog.templates().size(), 6u);
        QCOMPARE(catalog.find("yuanzhen.template.general")->title, "T");
        QCOMPARE(catalog.broken().size(), 1u);
        QVERIFY(catalog.broken()[0].file.endsWith("bad.html"));
    }
};

QTEST_GUILESS_MAIN(TemplateTest)
#include "template_test.moc"
