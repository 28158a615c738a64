#include "domain/dicom_time.h"
#include "domain/person.h"
#include "domain/reading_task.h"
#include "domain/report.h"

#include <QJsonDocument>
#include <QTest>

using namespace yz;

namespace {

ReadingTask fullTask() {
    ReadingTask task;
    task.uid = WorkitemUid(QStringLiteral("1.2.3"));
    task.kind = TaskKind::Review;
    task.state = UpsState::InProgress;
    task.priority = Priority::Emergency;
    task.order.patient = {PatientId(QStringLiteral("P1")),
                          QStringLiteral("H"),
                          QStringLiteral("330"),
                          PersonName::fromDicom(QStringLiteral("Li^Ming=李^明")),
                          Sex::Female,
                          QDate(1980, 2, 29),
                          QStringLiteral("046Y"),
                          {QStringLiteral("ISO_IR 100"), QStringLiteral("GB18030"), true}};
    task.order.accessionNumber = QStringLiteral("A1");
    task.order.requestingHospital = QStringLiteral("东河镇中心卫生院");
    task.order.requestingDepartment = QStringLiteral("内科");
    task.order.requestingPhysician = QStringLiteral("周敏");
    task.order.item = QStringLiteral("胸部CT平扫");
    task.order.modality = QStringLiteral("CT");
    task.order.bodyPart = QStringLiteral("CHEST");
    task.order.clinicalDiagnosis = QStringLiteral("咳嗽");
    task.order.history = QStringLiteral("3月");
    task.order.imageQualityRemarks = QStringLiteral("呼吸伪影");
    task.order.examTime = QDateTime(QDate(2026, 3, 1), QTime(8, 30, 1, 250), Qt::UTC);
    task.order.study = StudyUid(QStringLiteral("1.2.4"));
    task.order.priors = {{StudyUid(QStringLiteral("1.2.5")), QStringLiteral("A0"), QDate(2025, 1, 2),
                          QStringLiteral("CT"), QStringLiteral("胸部")}};
    task.scheduledTime = task.order.examTime.addSecs(60);
    task.dueTime = task.order.examTime.addSecs(3600);
    task.holderName = QStringLiteral("张伟");
    task.holderStation = QStringLiteral("DESK2");
    task.reason = QStringLiteral("补充描述");
    task.imagesComplete = false;
    task.reports = {{StudyUid(QStringLiteral("1.2.4")),
                     SeriesUid(QStringLiteral("1.9")),
                     {kReportSrClass, InstanceUid(QStringLiteral("1.9.1"))}}};
    task.authorName = QStringLiteral("王芳");
    return task;
}

} // namespace

class DomainTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesInThreeGroups() {
        const PersonName name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东=ワン^シャオドン"));
        QCOMPARE(name.display(), QStringLiteral("王小东"));
        QCOMPARE(name.toDicom(), QStringLiteral("Wang^XiaoDong=王^小东=ワン^シャオドン"));
        QCOMPARE(PersonName::fromDicom(QStringLiteral("DOE^JOHN^^^")).display(), QStringLiteral("DOE JOHN"));
        QCOMPARE(PersonName::fromDicom(QStringLiteral("李^明")).display(), QStringLiteral("李明"));
        QCOMPARE(PersonName::fromDicom(QStringLiteral("=李^明")).toDicom(), QStringLiteral("=李^明"));
        QCOMPARE(personNameFromText(QStringLiteral("张伟")).toDicom(), QStringLiteral("=张伟"));
        QCOMPARE(personNameFromText(QStringLiteral("Smith")).toDicom(), QStringLiteral("Smith"));
        QVERIFY(PersonName::fromDicom(QString()).isEmpty());
    }

    void ages_data() {
        QTest::addColumn<QDate>("birth");
        QTest::addColumn<QString>("age");
        const QDate day(2026, 3, 2);
        Q_UNUSED(day);
        QTest::newRow("adult before birthday") << QDate(1980, 3, 3) << "045Y";
        QTest::newRow("adult on birthday") << QDate(1980, 3, 2) << "046Y";
        QTest::newRow("leap day") << QDate(2000, 2, 29) << "026Y";
        QTest::newRow("two years") << QDate(2024, 2, 20) << "024M";
        QTest::newRow("weeks") << QDate(2026, 2, 10) << "002W";
        QTest::newRow("days") << QDate(2026, 2, 25) << "005D";
        QTest::newRow("newborn") << QDate(2026, 3, 2) << "000D";
        QTest::newRow("born later: as sent") << QDate(2027, 1, 1) << "044Y";
    }
    void ages() {
        QFETCH(QDate, birth);
        QFETCH(QString, age);
        Patient patient;
        patient.birthDate = birth;
        patient.age = QStringLiteral("044Y");
        QCOMPARE(ageOn(patient, QDate(2026, 3, 2)), age);
    }

    /// PS3.5 6.2: what is allowed, what was once (ACR-NEMA), and what is none.
    void timesOfDicom() {
        QCOMPARE(timeFromDicom(QStringLiteral("10")), QTime(10, 0));
        QCOMPARE(timeFromDicom(QStringLiteral("1020")), QTime(10, 20));
        QCOMPARE(timeFromDicom(QStringLiteral("102030.5")), QTime(10, 20, 30, 500));
        QCOMPARE(timeFromDicom(QStringLiteral("102030.123456 ")), QTime(10, 20, 30, 123));
        QCOMPARE(timeFromDicom(QStringLiteral("10:20:30")), QTime(10, 20, 30));
        QCOMPARE(timeFromDicom(QStringLiteral("235960")), QTime(23, 59, 59)); // a leap second
        for (const char* none : {"", " ", "x", "1020xx", "2500", "1060", "102061", "10-20"})
            QVERIFY2(!timeFromDicom(QString::fromLatin1(none)).isValid(), none);
        QCOMPARE(dateFromDicom(QStringLiteral("20260302")), QDate(2026, 3, 2));
        QCOMPARE(dateFromDicom(QStringLiteral("2026.03.02")), QDate(2026, 3, 2));
        QVERIFY(!dateFromDicom(QStringLiteral("20260230")).isValid());
        const auto utc = [](const char* dt) { return dateTimeFromDicom(QString::fromLatin1(dt)); };
        QCOMPARE(utc("20260302103000+0800"), QDateTime(QDate(2026, 3, 2), QTime(2, 30), Qt::UTC));
        QCOMPARE(utc("20260302103000.250000-0130"), QDateTime(QDate(2026, 3, 2), QTime(12, 0, 0, 250), Qt::UTC));
        QCOMPARE(utc("20260302+0800"), QDateTime(QDate(2026, 3, 1), QTime(16, 0), Qt::UTC));
        QCOMPARE(utc("20261231235960+0000"), QDateTime(QDate(2026, 12, 31), QTime(23, 59, 59), Qt::UTC));
        QVERIFY(!utc("").isValid());
        QVERIFY(!utc("103000").isValid());
        const QDateTime now(QDate(2026, 3, 2), QTime(2, 30, 1, 7), Qt::UTC);
        QCOMPARE(dateTimeFromDicom(dateTimeToDicom(now)), now);
    }

    void taskKeepsEveryFieldThroughJson() {
        const ReadingTask task = fullTask();
        const ReadingTask back = readingTaskFromJson(toJson(task));
        QVERIFY(back == task);
        QVERIFY(readingTaskFromJson(toJson(ReadingTask{})) == ReadingTask{});
    }

    void reportKeepsEveryFieldThroughJson() {
        ReportDocument document;
        document.report = ReportId(QStringLiteral("r1"));
        document.version = 3;
        document.kind = ReportVersionKind::Addendum;
        document.state = ReadingState::Approved;
        document.task = WorkitemUid(QStringLiteral("1.2.3"));
        document.order = fullTask().order;
        document.imagePatient = document.order.patient;
        document.imagePatient.name = personNameFromText(QStringLiteral("李鸣"));
        document.content.findings = QStringLiteral("双肺纹理清晰。");
        document.content.positivity = Positivity::Positive;
        document.content.mutualRecognition = true;
        document.content.criticalValues = {{QStringLiteral("气胸"), document.order.examTime, QStringLiteral("张伟"),
                                            QStringLiteral("周敏"), document.order.examTime.addSecs(60), true,
                                            QStringLiteral("已处理")}};
        document.content.keyImages = {{{SopClassUid(QStringLiteral("1.1")), InstanceUid(QStringLiteral("1.7"))},
                                       SeriesUid(QStringLiteral("1.6")),
                                       4,
                                       QStringLiteral("结节"),
                                       40,
                                       400,
                                       QByteArray("\x89PNG\0\1", 6)}};
        document.content.measurements = {{QStringLiteral("m1"),
                                          QStringLiteral("长径"),
                                          8.25,
                                          QStringLiteral("mm"),
                                          {SopClassUid(QStringLiteral("1.1")), InstanceUid(QStringLiteral("1.7"))},
                                          SeriesUid(QStringLiteral("1.6")),
                                          4}};
        document.content.answers = {{"lung", "clear"}};
        document.createdAt = document.order.examTime;
        document.author = {
            UserId(QStringLiteral("u1")), QStringLiteral("张伟"), QStringLiteral("主治医师"), QStringLiteral("县医院"),
            document.order.examTime,      QStringLiteral("CN"),   QStringLiteral("0a"),       true};
        document.reviewer = document.author;
        document.reviewer->user = UserId(QStringLiteral("u2"));
        document.amendReason = QStringLiteral("补充");
        document.evidence = {{SopClassUid(QStringLiteral("1.1")), InstanceUid(QStringLiteral("1.7"))}};
        document.evidenceSeries = {SeriesUid(QStringLiteral("1.6"))};
        document.predecessors = fullTask().reports;
        document.srSeries = SeriesUid(QStringLiteral("2.1"));
        document.srInstance = InstanceUid(QStringLiteral("2.2"));
        document.pdfSeries = SeriesUid(QStringLiteral("2.3"));
        document.pdfInstance = InstanceUid(QStringLiteral("2.4"));
        document.isDemo = true;
        QVERIFY(reportDocumentFromJson(toJson(document)) == document);

        const QJsonObject withoutPictures = toJson(document, false);
        QVERIFY(!QJsonDocument(withoutPictures).toJson().contains("\"png\""));
        QVERIFY(QJsonDocument(withoutPictures).toJson().contains("pngSha256"));
    }

    void targets() {
        QCOMPARE(targetMinutes(Priority::Emergency, QStringLiteral("CT"), QStringLiteral("HEAD")), 30);
        QCOMPARE(targetMinutes(Priority::Emergency, QStringLiteral("CT"), QStringLiteral("CHEST")), 60);
        QCOMPARE(targetMinutes(Priority::Emergency, QStringLiteral("DX"), QStringLiteral("CHEST")), 30);
        QCOMPARE(targetMinutes(Priority::Routine, QStringLiteral("DX"), QString()), 120);
        QCOMPARE(targetMinutes(Priority::Routine, QStringLiteral("MR"), QString()), 240);
    }
};

QTEST_GUILESS_MAIN(DomainTest)
#include "domain_test.moc"
