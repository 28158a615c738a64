#include "uikit/format.h"
#include "uikit/person_text.h"
#include "uikit/terms.h"
#include "uikit/translation.h"

#include <QTimeZone>
#include <QtTest>

using namespace yz;

class FormatTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void ages_data();
    void ages();
    void ageOnTheDayOfTheExam();
    void durations_data();
    void durations();
    void timeLeft();
    void times();
    void sexesAndNames();
    void namesInThreeGroups();
    void repairedTextIsSaid();
    void termsInBothLanguages();
};

void FormatTest::initTestCase() { qputenv("TZ", "Asia/Shanghai"); }

void FormatTest::init() { installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("zh_CN"))); }

void FormatTest::ages_data() {
    QTest::addColumn<QString>("dicom");
    QTest::addColumn<QString>("chinese");
    QTest::addColumn<QString>("english");
    QTest::newRow("years") << "045Y"
                           << "45岁"
                           << "45 y";
    QTest::newRow("months") << "013M"
                            << "13个月"
                            << "13 mo";
    QTest::newRow("weeks") << "002W"
                           << "2周"
                           << "2 wk";
    QTest::newRow("days") << "009D"
                          << "9天"
                          << "9 d";
    QTest::newRow("hundred") << "102Y"
                             << "102岁"
                             << "102 y";
    QTest::newRow("empty") << ""
                           << ""
                           << "";
    QTest::newRow("not the form") << "old"
                                  << "old"
                                  << "old";
    QTest::newRow("unknown unit") << "012Q"
                                  << "012Q"
                                  << "012Q";
}

void FormatTest::ages() {
    QFETCH(QString, dicom);
    QTEST(formatAge(dicom), "chinese");
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en")));
    QTEST(formatAge(dicom), "english");
}

void FormatTest::ageOnTheDayOfTheExam() {
    Patient patient;
    patient.birthDate = QDate(1981, 3, 3);
    QCOMPARE(formatAge(patient, QDate(2026, 3, 2)), "44岁");
    QCOMPARE(formatAge(patient, QDate(2026, 3, 3)), "45岁");
    patient.birthDate = QDate();
    patient.age = "061Y";
    QCOMPARE(formatAge(patient, QDate(2026, 3, 2)), "61岁");
}

void FormatTest::durations_data() {
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QString>("chinese");
    QTest::newRow("none") << 0 << "0 分";
    QTest::newRow("seconds") << 59 << "0 分";
    QTest::newRow("minutes") << 12 * 60 + 30 << "12 分";
    QTest::newRow("an hour") << 3600 << "1 时";
    QTest::newRow("hour and minutes") << 65 * 60 << "1 时 5 分";
    QTest::newRow("a day") << 86400 << "1 天";
    QTest::newRow("days") << (2 * 24 + 3) * 3600 << "2 天 3 时";
    QTest::newRow("negative") << -5 << "0 分";
}

void FormatTest::durations() {
    QFETCH(int, seconds);
    QTEST(formatDuration(seconds), "chinese");
}

void FormatTest::timeLeft() {
    const QDateTime now(QDate(2026, 3, 2), QTime(1, 0), Qt::UTC);
    QCOMPARE(formatTimeLeft(now.addSecs(12 * 60 + 5), now), "剩 12 分");
    QCOMPARE(formatTimeLeft(now.addSecs(-65 * 60), now), "超 1 时 5 分");
    QCOMPARE(formatTimeLeft(now, now), "剩 0 分");
    QCOMPARE(formatTimeLeft({}, now), QString());
}

void FormatTest::times() {
    const QDateTime now(QDate(2026, 3, 2), QTime(1, 0), Qt::UTC); // 09:00 in Shanghai
    if (now.toLocalTime().time() != QTime(9, 0))
        QSKIP("this system has no time zone data");
    QCOMPARE(formatDateTime(now), "2026-03-02 09:00");
    QCOMPARE(formatShortTime(now.addSecs(-3600), now), "08:00");
    QCOMPARE(formatShortTime(now.addSecs(-10 * 3600), now), "昨天 23:00");
    QCOMPARE(formatShortTime(now.addDays(-2), now), "02-28 09:00");
    QCOMPARE(formatShortTime(now.addYears(-1), now), "2025-03-02 09:00");
    QCOMPARE(formatShortTime({}, now), QString());
    QCOMPARE(formatDate(QDate(1981, 3, 3)), "1981-03-03");
    QCOMPARE(formatDate({}), QString());
}

void FormatTest::sexesAndNames() {
    QCOMPARE(formatSex(Sex::Male), "男");
    QCOMPARE(formatSex(Sex::Female), "女");
    QCOMPARE(formatSex(Sex::Other), "其他");
    QCOMPARE(formatSex(Sex::Unknown), QString());
    QCOMPARE(formatPersonName("Wang^XiaoDong=王^小东"), "王小东");
    QCOMPARE(formatPersonName("张伟"), "张伟");
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en")));
    QCOMPARE(formatSex(Sex::Male), "M");
}

void FormatTest::namesInThreeGroups() {
    const PersonName name = PersonName::fromDicom("Wang^XiaoDong=王^小东=ワン^シャオドン");
    QCOMPARE(formatPersonName(name), "王小东");
    QCOMPARE(formatAllPersonNames(name), "王小东（Wang XiaoDong，ワン シャオドン）");
    QCOMPARE(formatPersonName(PersonName::fromDicom("Buc^Jérôme")), "Buc Jérôme");
    QCOMPARE(formatAllPersonNames(PersonName::fromDicom("Buc^Jérôme")), "Buc Jérôme");
    QCOMPARE(formatAllPersonNames(PersonName::fromDicom("王^小东=王^小东")), "王小东");
    QCOMPARE(formatAllPersonNames({}), QString());
    QCOMPARE(formatPersonName(PersonName::fromDicom(u"AB\u202Etxt^X"_qs)), "ABtxt X");
    Patient patient;
    patient.name = name;
    QCOMPARE(personNameToolTip(patient), "王小东\nWang XiaoDong\nワン シャオドン");
    patient.name = PersonName::fromDicom("张^伟");
    QCOMPARE(personNameToolTip(patient), QString());
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en")));
    QCOMPARE(formatPersonName(name), "Wang XiaoDong");
    QCOMPARE(formatAllPersonNames(name), "Wang XiaoDong (王小东, ワン シャオドン)");
    QCOMPARE(formatPersonName(PersonName::fromDicom("=王^小东")), "王小东");
}

void FormatTest::repairedTextIsSaid() {
    Patient patient;
    patient.name = PersonName::fromDicom("王^小东");
    QCOMPARE(formatMarkedPersonName(patient), "王小东");
    QCOMPARE(formatTextRepair(patient.textRepair), QString());
    patient.textRepair = {"ISO_IR 100", "GB18030"};
    QCOMPARE(formatMarkedPersonName(patient), "王小东 ※");
    QCOMPARE(formatTextRepair(patient.textRepair), "字符集已修复：ISO_IR 100 → GB18030");
    QCOMPARE(personNameToolTip(patient), "王小东\n※ 字符集已修复：ISO_IR 100 → GB18030");
    QCOMPARE(formatTextRepair({"", "ISO_IR 192", true}), "字符集已修复：未声明 → ISO_IR 192；部分文字无法识别");
    QCOMPARE(formatTextRepair({"ISO_IR 192", "", true}), "部分文字无法按其字符集（ISO_IR 192）识别");
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en")));
    QCOMPARE(formatTextRepair(patient.textRepair), "Character set repaired: ISO_IR 100 → GB18030");
}

void FormatTest::termsInBothLanguages() {
    const QStringList chinese{
        stateText(ReadingState::Waiting),   stateText(ReadingState::Reading),     stateText(ReadingState::Submitted),
        stateText(ReadingState::Reviewing), stateText(ReadingState::Returned),    stateText(ReadingState::Approved),
        stateText(ReadingState::Published), stateText(ReadingState::Withdrawn),   stateText(ReadingState::Rejected),
        priorityText(Priority::Emergency),  priorityText(Priority::Urgent),       priorityText(Priority::Routine),
        kindText(TaskKind::Read),           kindText(TaskKind::SecondLook),       kindText(TaskKind::Consultation),
        roleText(Role::QaSupervisor),       bodyPartText(QStringLiteral("CHEST"))};
    // The words of the workflow, as hospitals use them.
    const QStringList expected{"待诊断", "诊断中", "待审核", "审核中",   "已退回", "已审核", "已发布", "已作废", "退检",
                               "急诊",   "加急",   "普通",   "影像诊断", "复核",   "会诊",   "质控员", "胸部"};
    QCOMPARE(chinese, expected);
    QCOMPARE(bodyPartText(QStringLiteral("TAIL")), "TAIL");
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en")));
    QCOMPARE(stateText(ReadingState::Waiting), "To read");
    QCOMPARE(bodyPartText(QStringLiteral("CHEST")), "Chest");
}

QTEST_GUILESS_MAIN(FormatTest)
#include "format_test.moc"
