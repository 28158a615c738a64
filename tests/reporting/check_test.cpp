#include "reporting/check.h"
#include "reporting/content_diff.h"

#include <QTest>
#include <algorithm>

using namespace yz;

namespace {

ReportContent clean() {
    ReportContent content;
    content.findings = "双肺纹理清晰，右肺上叶见实性结节，大小约12mm×8mm。双侧胸腔未见积液。";
    content.impression = "右肺上叶实性结节。";
    content.positivity = Positivity::Positive;
    return content;
}

ReportContext context() {
    ReportContext c;
    c.order.study = c.shownStudy = StudyUid("1.2.3");
    c.order.patient.id = PatientId("P1");
    c.order.patient.name.ideographic = "王^小东";
    c.order.patient.sex = Sex::Male;
    c.shownPatient = c.order.patient;
    return c;
}

QStringList keys(const ReportContent& content, const ReportContext& c = context()) {
    QStringList out;
    for (const CheckFinding& finding : checkReport(content, c))
        out.append(finding.key());
    return out;
}

bool has(const ReportContent& content, CheckCode code, const ReportContext& c = context()) {
    const auto findings = checkReport(content, c);
    return std::any_of(findings.begin(), findings.end(), [&](const CheckFinding& f) { return f.code == code; });
}

} // namespace

class CheckTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aGoodReportPasses() { QCOMPARE(keys(clean()), QStringList()); }

    void emptySectionsAreHard() {
        ReportContent content = clean();
        content.findings = "  \n";
        content.impression.clear();
        const auto findings = checkReport(content, context());
        QCOMPARE(findings[0].code, CheckCode::FindingsEmpty);
        QCOMPARE(findings[0].severity, CheckSeverity::Hard);
        QCOMPARE(findings[1].code, CheckCode::ImpressionEmpty);
        QCOMPARE(findings[1].severity, CheckSeverity::Hard);
    }

    void wrongPatientAndStudyAreHard() {
        ReportContext c = context();
        c.shownPatient.id = PatientId("P2");
        c.shownStudy = StudyUid("1.2.4");
        const auto findings = checkReport(clean(), c);
        QCOMPARE(findings.size(), 2u);
        QCOMPARE(findings[0].code, CheckCode::WrongPatient);
        QCOMPARE(findings[1].code, CheckCode::WrongStudy);
        QVERIFY(findings[0].severity == CheckSeverity::Hard && findings[1].severity == CheckSeverity::Hard);
        QCOMPARE(blockingFindings(findings, {{findings[0].key(), "r"}, {findings[1].key(), "r"}}).size(), 2u);
    }

    void detailsOfThePatientAreCompared() {
        ReportContext c = context();
        c.shownPatient.name.ideographic = "王^大东";
        c.shownPatient.sex = Sex::Female;
        QCOMPARE(keys(clean(), c), (QStringList{"PatientDetailDiffers|name", "PatientDetailDiffers|sex"}));
        c = context();
        c.order.patient.name = {"WANG^XIAODONG", {}, {}};
        c.shownPatient.name = {"Wang Xiaodong", {}, {}};
        QCOMPARE(keys(clean(), c), QStringList());
    }

    void nothingShown() {
        ReportContext c = context();
        c.shownStudy = {};
        QCOMPARE(keys(clean(), c), QStringList{"ImagesNotShown"});
    }

    void notAllShown() {
        ReportContext c = context();
        c.framesTotal = 140;
        c.framesSeen = 139;
        QCOMPARE(keys(clean(), c), QStringList{"ImagesUnseen"});
        const auto findings = checkReport(clean(), c);
        QVERIFY(findings[0].severity == CheckSeverity::Acknowledgeable);
        c.framesSeen = 3; // the answer given before still holds
        QVERIFY(blockingFindings(checkReport(clean(), c), {{findings[0].key(), "localizer only"}}).empty());
        c.framesSeen = 140;
        QCOMPARE(keys(clean(), c), QStringList());
        c.framesTotal = c.framesSeen = 0; // a desk that does not count
        QCOMPARE(keys(clean(), c), QStringList());
    }

    void sides_data() {
        QTest::addColumn<QString>("findings");
        QTest::addColumn<QString>("impression");
        QTest::addColumn<bool>("mismatch");
        QTest::newRow("swapped") << "左肺上叶见结节。"
                                 << "右肺上叶结节。" << true;
        QTest::newRow("swapped, other lung normal") << "左肺上叶见结节，右肺上叶未见异常。"
                                                    << "右肺上叶结节。" << true;
        QTest::newRow("swapped, both lungs clear") << "双肺纹理清晰。左肺下叶见磨玻璃影。"
                                                   << "右肺下叶磨玻璃影。" << true;
        QTest::newRow("same") << "左肺下叶见结节。"
                              << "左肺下叶结节。" << false;
        QTest::newRow("part and whole") << "右肺上叶见结节。"
                                        << "右肺结节。" << false;
        QTest::newRow("both from each") << "右侧胸腔积液，左侧胸腔积液。"
                                        << "双侧胸腔积液。" << false;
        QTest::newRow("both from one") << "右侧胸腔见积液。"
                                       << "双侧胸腔积液。" << true;
        QTest::newRow("two organs") << "左侧基底节区见血肿，右肾见囊肿。"
                                    << "左侧基底节出血；右肾囊肿。" << false;
        QTest::newRow("two organs, one swapped") << "左侧基底节区见血肿，右肾见囊肿。"
                                                 << "右侧基底节出血；右肾囊肿。" << true;
        QTest::newRow("liver lobes") << "肝右叶见囊肿。"
                                     << "肝左叶囊肿。" << true;
        QTest::newRow("ventricle is no side") << "心影不大，右肺见结节。"
                                              << "左心室增大？右肺结节。" << false;
        QTest::newRow("unchanged counts as described") << "左肺上叶结节较前未见明显变化。"
                                                       << "右肺上叶结节。" << true;
        QTest::newRow("no sides") << "肝内见囊肿。"
                                  << "肝囊肿。" << false;
        QTest::newRow("english") << "A nodule in the left lung."
                                 << "Nodule of the right lung." << true;
    }
    void sides() {
        QFETCH(QString, findings);
        QFETCH(QString, impression);
        ReportContent content = clean();
        content.findings = findings;
        content.impression = impression;
        QTEST(has(content, CheckCode::SideMismatch), "mismatch");
    }

    void sexAndOrgan() {
        ReportContent content = clean();
        content.findings += "子宫大小正常。";
        QCOMPARE(keys(content), QStringList{"SexOrganMismatch|子宫"});
        ReportContext c = context();
        c.order.patient.sex = c.shownPatient.sex = Sex::Female;
        QCOMPARE(keys(content, c), QStringList());
        content.findings += "前列腺未见异常。";
        QCOMPARE(keys(content, c), QStringList{"SexOrganMismatch|前列腺"});
        c.order.patient.sex = c.shownPatient.sex = Sex::Unknown;
        QCOMPARE(keys(content, c), QStringList());
    }

    void magnitudes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("key");
        QTest::newRow("nodule of 25 cm") << "右肺上叶见结节，大小约25cm。"
                                         << ""; // the noun is in the clause before
        QTest::newRow("nodule of 25 cm in one clause") << "右肺上叶见大小约25cm结节。"
                                                       << "MeasurementImplausible|25cm";
        QTest::newRow("nodule 2.5 cm") << "右肺上叶见大小约2.5cm结节。"
                                       << "";
        QTest::newRow("mass 12 x 9 cm") << "右肺上叶见12cm×9cm肿块。"
                                        << "";
        QTest::newRow("metre") << "右肾见1.2m囊肿。"
                               << "MeasurementImplausible|1.2m";
        QTest::newRow("too small") << "右肺见0.1mm结节。"
                                   << "MeasurementImplausible|0.1mm";
        QTest::newRow("no unit") << "右肺见结节，大小约12×8。"
                                 << "MeasurementUnitUnknown|12×8";
        QTest::newRow("no unit, one number") << "右肺结节，直径约12，边界清。"
                                             << "MeasurementUnitUnknown|12";
        QTest::newRow("counts have no unit") << "右肺见3个结节，第5肋骨折。"
                                             << "";
        QTest::newRow("hu") << "右肺结节，CT值约-2000HU。"
                            << "MeasurementImplausible|-2000HU";
        QTest::newRow("hu good") << "右肺结节，CT值约40HU。"
                                 << "";
        QTest::newRow("volume") << "右肺结节，出血量约30ml，面积12mm²。"
                                << "";
    }
    void magnitudes() {
        QFETCH(QString, text);
        QFETCH(QString, key);
        ReportContent content = clean();
        content.findings = text;
        content.impression = text.left(2) + "病变。";
        content.positivity = Positivity::Positive;
        QStringList found = keys(content).filter("Measurement");
        QCOMPARE(found, key.isEmpty() ? QStringList() : QStringList{key});
    }

    void measurements() {
        ReportContent content = clean();
        ReportMeasurement m;
        m.id = "m1";
        m.name = "长径";
        m.value = 12.3;
        m.unit = "mm";
        content.measurements = {m};
        content.findings = "右肺上叶见结节，长径约12.3cm。";
        QCOMPARE(keys(content), QStringList{"MeasurementDiffers|长径|12.3 mm|12.3cm"});
        content.findings = "右肺上叶见结节，长径约1.23cm。";
        QCOMPARE(keys(content), QStringList());
        ReportContext c = context();
        c.measurementsKnown = true;
        QCOMPARE(keys(content, c), QStringList{"MeasurementDeleted|长径|12.3 mm"});
        c.measurementIds = {"m1"};
        QCOMPARE(keys(content, c), QStringList());
    }

    void positivity_data() {
        QTest::addColumn<QString>("impression");
        QTest::addColumn<int>("flag");
        QTest::addColumn<QString>("key");
        const int negative = int(Positivity::Negative), positive = int(Positivity::Positive);
        QTest::newRow("negative, nodule") << "右肺上叶结节。" << negative << "NegativeButFindings|结节";
        QTest::newRow("negative, denied") << "双肺未见结节、肿块及实变。" << negative << "";
        QTest::newRow("negative, not excluded") << "右肺上叶肺癌不除外。" << negative << "NegativeButFindings|癌";
        QTest::newRow("negative, cannot exclude") << "不除外右肺上叶肺癌。" << negative << "NegativeButFindings|癌";
        QTest::newRow("negative, normal") << "心肺膈未见明显异常。" << negative << "";
        QTest::newRow("positive, normal")
            << "心肺膈未见明显异常。" << positive << "PositiveButNormal|心肺膈未见明显异常";
        QTest::newRow("positive, nodule") << "右肺上叶结节。" << positive << "";
        QTest::newRow("unstated") << "右肺上叶结节。" << int(Positivity::Unstated) << "PositivityUnstated";
        QTest::newRow("english") << "No acute fracture of the right lung." << negative << "";
    }
    void positivity() {
        QFETCH(QString, impression);
        QFETCH(int, flag);
        QFETCH(QString, key);
        ReportContent content = clean();
        content.impression = impression;
        content.positivity = static_cast<Positivity>(flag);
        QCOMPARE(keys(content), key.isEmpty() ? QStringList() : QStringList{key});
    }

    void placeholders_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("found");
        QTest::newRow("brackets") << "长径【数值】mm"
                                  << "【数值】";
        QTest::newRow("underscores") << "长径____mm"
                                     << "____";
        QTest::newRow("braces") << "长径{{size}}mm"
                                << "{{size}}";
        QTest::newRow("x") << "长径XXmm"
                           << "";
        QTest::newRow("x alone") << "长径XX"
                                 << "XX";
        QTest::newRow("empty brackets") << "长径（ ）"
                                        << "（ ）";
        QTest::newRow("filled brackets") << "长径（约）"
                                         << "";
        QTest::newRow("product") << "3×4mm"
                                 << "";
    }
    void placeholders() {
        QFETCH(QString, text);
        QFETCH(QString, found);
        ReportContent content = clean();
        content.recommendation = text;
        QCOMPARE(keys(content),
                 found.isEmpty() ? QStringList() : QStringList{"PlaceholderLeft|recommendation|" + found});
    }

    void criticalPhrases() {
        ReportContent content = clean();
        content.findings = "右侧颞部颅骨内板下见梭形高密度影。";
        content.impression = "右侧颞部硬膜外血肿。";
        QCOMPARE(keys(content), QStringList{"CriticalWithoutRecord|硬膜外血肿"});
        CriticalValue value;
        value.item = "硬膜外血肿";
        content.criticalValues = {value};
        QCOMPARE(keys(content), QStringList{"CriticalRecordOpen|硬膜外血肿"});
        content.criticalValues[0].toldTo = "李医生";
        content.criticalValues[0].toldAt = QDateTime(QDate(2026, 3, 2), QTime(9, 0), Qt::UTC);
        content.criticalValues[0].readBack = true;
        QCOMPARE(keys(content), QStringList());
        content.criticalValues.clear();
        content.impression = "未见颅内出血及脑疝，右侧颞部软组织肿胀，陈旧性脑出血。";
        QCOMPARE(keys(content).filter("Critical"), QStringList());
    }

    void anAddendumKeepsThePublishedText() {
        ReportContext c = context();
        c.addendumOf = clean();
        ReportContent content = clean();
        content.findings += "\n补充：右肺下叶另见钙化灶。";
        QCOMPARE(keys(content, c), QStringList());
        content.findings.replace("12mm", "13mm");
        QCOMPARE(keys(content, c), QStringList{"AddendumChangesOriginal|findings"});
        QCOMPARE(checkReport(content, c)[0].severity, CheckSeverity::Hard);
    }

    void acknowledgementsNeedTheSameFindingAndAReason() {
        ReportContent content = clean();
        content.positivity = Positivity::Negative;
        const auto findings = checkReport(content, context());
        QCOMPARE(findings.size(), 1u);
        QCOMPARE(blockingFindings(findings, {{findings[0].key(), " "}}).size(), 1u);
        QCOMPARE(blockingFindings(findings, {{"NegativeButFindings|肿块", "良性"}}).size(), 1u);
        QCOMPARE(blockingFindings(findings, {{findings[0].key(), "良性，随访"}}).size(), 0u);
    }

    void codesHaveNamesBothWays() {
        for (int i = 0; i <= int(CheckCode::CriticalRecordOpen); ++i) {
            CheckCode back{};
            const QString name = checkCodeName(static_cast<CheckCode>(i));
            QVERIFY(!name.isEmpty() && checkCodeFromName(name, back));
            QCOMPARE(int(back), i);
        }
    }

    void differences() {
        using K = DiffSegment::Kind;
        QCOMPARE(diffText("右肺上叶结节12mm。", "左肺上叶结节15mm。"),
                 (std::vector<DiffSegment>{{K::Removed, "右"},
                                           {K::Added, "左"},
                                           {K::Same, "肺上叶结节"},
                                           {K::Removed, "12mm"},
                                           {K::Added, "15mm"},
                                           {K::Same, "。"}}));
        QVERIFY(diffText("", "").empty());
        QCOMPARE(diffText("abc", "abc"), (std::vector<DiffSegment>{{K::Same, "abc"}}));
        // Whatever the texts, the trace holds both of them whole.
        const QString a = "双肺纹理清晰，右肺上叶见结节，大小约12mm×8mm。",
                      b = "右肺上叶尖段结节约12mm，建议复查。双肺清晰。";
        QString before, after;
        for (const DiffSegment& segment : diffText(a, b)) {
            if (segment.kind != K::Added)
                before += segment.text;
            if (segment.kind != K::Removed)
                after += segment.text;
        }
        QCOMPARE(before, a);
        QCOMPARE(after, b);
    }

    void changedSectionsInOrder() {
        ReportContent before = clean(), after = clean();
        after.impression = "右肺上叶结节，建议复查。";
        after.positivity = Positivity::Negative;
        KeyImage image;
        image.png = "abc";
        before.keyImages = {image};
        image.png.clear();
        after.keyImages = {image};
        QStringList names;
        for (const SectionChange& change : changedSections(before, after))
            names.append(change.section);
        QCOMPARE(names, (QStringList{"impression", "positivity"}));
    }
};

QTEST_GUILESS_MAIN(CheckTest)
#include "check_test.moc"
