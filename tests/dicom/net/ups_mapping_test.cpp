#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/ups_mapping_dcmtk.h"
#include "domain/ups_codes.h"

#include <dcmtk/dcmdata/dcpath.h>
#include <dcmtk/dcmdata/dctk.h>

#include <QRandomGenerator>
#include <QtTest>

using namespace yz;

namespace {

ReadingTask fullTask() {
    ReadingTask task;
    task.uid = WorkitemUid(QStringLiteral("1.2.826.0.1.3680043.9.5.1"));
    task.kind = TaskKind::Review;
    task.state = UpsState::InProgress;
    task.isWithdrawn = true;
    task.priority = Priority::Emergency;
    Order& order = task.order;
    order.patient.id = PatientId(QStringLiteral("P0001"));
    order.patient.issuerOfId = QString::fromUtf8("青山镇卫生院");
    order.patient.nationalId = QStringLiteral("110101196504010011");
    order.patient.name = PersonName::fromDicom(QString::fromUtf8("Wang^XiaoDong=王^小东"));
    order.patient.sex = Sex::Male;
    order.patient.birthDate = QDate(1965, 4, 1);
    order.patient.age = QStringLiteral("060Y");
    order.accessionNumber = QStringLiteral("A77");
    order.requestingHospital = QString::fromUtf8("青山镇卫生院");
    order.requestingDepartment = QString::fromUtf8("内科");
    order.requestingPhysician = QString::fromUtf8("李娜");
    order.item = QString::fromUtf8("胸部CT平扫");
    order.modality = QStringLiteral("CT");
    order.bodyPart = QStringLiteral("CHEST");
    order.clinicalDiagnosis = QString::fromUtf8("咳嗽待查");
    order.history = QString::fromUtf8("咳嗽三周\n吸烟二十年");
    order.imageQualityRemarks = QString::fromUtf8("呼吸运动伪影");
    order.examTime = QDateTime(QDate(2026, 3, 2), QTime(8, 30, 15, 250), Qt::OffsetFromUTC, 8 * 3600);
    order.study = StudyUid(QStringLiteral("1.2.826.0.1.3680043.9.1"));
    order.priors = {{StudyUid(QStringLiteral("1.2.826.0.1.3680043.9.0")), QStringLiteral("A12"), QDate(2025, 1, 9),
                     QStringLiteral("CR"), QString::fromUtf8("胸片正位")}};
    task.scheduledTime = QDateTime(QDate(2026, 3, 2), QTime(1, 0, 0, 125), Qt::UTC);
    task.dueTime = QDateTime(QDate(2026, 3, 2), QTime(2, 0), Qt::UTC);
    task.holderName = QString::fromUtf8("张医生");
    task.holderStation = QString::fromUtf8("县医院影像科三号诊断工作站");
    task.reason = QString::fromUtf8("补充描述");
    task.imagesComplete = false;
    task.authorName = QString::fromUtf8("陈医生");
    const StudyUid study(QStringLiteral("1.2.826.0.1.3680043.9.1"));
    task.reports = {
        {study,
         SeriesUid(QStringLiteral("1.2.3.4.1")),
         {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.88.33")), InstanceUid(QStringLiteral("1.2.3.4.1.1"))}},
        {study,
         SeriesUid(QStringLiteral("1.2.3.4.2")),
         {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.104.1")), InstanceUid(QStringLiteral("1.2.3.4.2.1"))}}};
    return task;
}

} // namespace

class UpsMappingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFieldComesBack() {
        const ReadingTask task = fullTask();
        DcmDataset dataset;
        QVERIFY(ups::toDataset(task, dataset).has_value());
        for (const bool explicitVr : {true, false}) {
            const auto bytes = encodeDataSet(dataset, explicitVr);
            QVERIFY(bytes.has_value());
            const auto parsed = parseDataSet(*bytes, explicitVr);
            QVERIFY2(parsed.has_value(), qPrintable(parsed ? QString() : parsed.error().toString()));
            const auto back = ups::fromDataset(**parsed);
            QVERIFY(back.has_value());
            QCOMPARE(toJson(*back), toJson(task)); // tells the field that differs
            QVERIFY(*back == task);
        }
    }

    void everyCodeComesBack() {
        for (const TaskKind kind : {TaskKind::Read, TaskKind::Review, TaskKind::SecondLook, TaskKind::Consultation})
            for (const UpsState state :
                 {UpsState::Scheduled, UpsState::InProgress, UpsState::Completed, UpsState::Canceled})
                for (const Priority priority : {Priority::Routine, Priority::Urgent, Priority::Emergency}) {
                    ReadingTask task;
                    task.uid = WorkitemUid(QStringLiteral("1.2.3"));
                    task.kind = kind;
                    task.state = state;
                    task.priority = priority;
                    DcmDataset dataset;
                    QVERIFY(ups::toDataset(task, dataset).has_value());
                    const auto back = ups::fromDataset(dataset);
                    QVERIFY(back.has_value() && *back == task);
                }
    }

    void attributesAreWhereTheTableSays() {
        DcmDataset dataset;
        QVERIFY(ups::toDataset(fullTask(), dataset).has_value());
        const auto value = [&](const char* path) {
            OFString text;
            DcmPathProcessor processor;
            OFList<DcmPath*> found;
            if (processor.findOrCreatePath(&dataset, path, OFFalse).bad())
                return QString();
            processor.getResults(found);
            auto* element = dynamic_cast<DcmElement*>(found.front()->back()->m_obj);
            element->getOFStringArray(text);
            return QString::fromUtf8(text.c_str());
        };
        QCOMPARE(value("SOPClassUID"), QStringLiteral("1.2.840.10008.5.1.4.34.6.1"));
        QCOMPARE(value("SpecificCharacterSet"), QStringLiteral("ISO_IR 192"));
        QCOMPARE(value("ScheduledWorkitemCodeSequence[0].CodeValue"), QStringLiteral("REVIEW"));
        QCOMPARE(value("ScheduledWorkitemCodeSequence[0].CodingSchemeDesignator"), QStringLiteral("99YZ"));
        QCOMPARE(value("ScheduledProcedureStepPriority"), QStringLiteral("HIGH"));
        QCOMPARE(value("ProcedureStepState"), QStringLiteral("IN PROGRESS"));
        QCOMPARE(value("ScheduledProcedureStepStartDateTime"), QStringLiteral("20260302010000.125000+0000"));
        QCOMPARE(value("(0040,A370)[0].StudyInstanceUID"), QStringLiteral("1.2.826.0.1.3680043.9.1"));
        QCOMPARE(value("(0040,A370)[0].AccessionNumber"), QStringLiteral("A77"));
        QCOMPARE(value("(0040,A370)[0].RequestingService"), QString::fromUtf8("内科"));
        QCOMPARE(value("(0040,A370)[0].InstitutionName"), QString::fromUtf8("青山镇卫生院"));
        QCOMPARE(value("(0074,1216)[0].(0040,4035)[0].(0040,4037)"), QString::fromUtf8("=张医生"));
        QCOMPARE(value("(0074,1216)[0].(0040,4028)[0].CodeMeaning"), QString::fromUtf8("县医院影像科三号诊断工作站"));
        QCOMPARE(value("(0040,4021)[1].(0008,1199)[0].ReferencedSOPInstanceUID"), QStringLiteral("1.2.3.4.1.1"));
        QCOMPARE(value("StudyTime"), QStringLiteral("083015.250"));
        QCOMPARE(value("TimezoneOffsetFromUTC"), QStringLiteral("+0800"));
    }

    void aForeignPlatformsAnswer() {
        // What another vendor sends: DCM codes, GB18030, several diagnoses, keys at the top level, local times with a
        // zone.
        DcmDataset dataset;
        dataset.putAndInsertString(DCM_SpecificCharacterSet, "GB18030");
        dataset.putAndInsertString(DCM_SOPInstanceUID, "1.2.3");
        dataset.putAndInsertString(DCM_PatientName, "LI NA=\xC0\xEE^\xC4\xC8");
        dataset.putAndInsertString(DCM_AccessionNumber, "B1");
        dataset.putAndInsertString(DCM_StudyInstanceUID, "1.2.3.9");
        dataset.putAndInsertString(DCM_AdmittingDiagnosesDescription,
                                   "\xB7\xCE\xD1\xD7\\\xB7\xA2\xC8\xC8"); // 肺炎\发热
        dataset.putAndInsertString(DCM_RequestedProcedureDescription, "\xCD\xB7\xC2\xAD"
                                                                      "CT"); // 头颅CT
        dataset.putAndInsertString(DCM_ScheduledProcedureStepStartDateTime, "20260302093000+0800");
        dataset.putAndInsertString(DCM_ReasonForCancellation, "\xD6\xD8\xB8\xB4");
        DcmItem* code = nullptr;
        dataset.findOrCreateSequenceItem(DCM_ScheduledWorkitemCodeSequence, code, -2);
        code->putAndInsertString(DCM_CodeValue, "110007");
        code->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
        convertTextToUtf8(dataset);
        const auto task = ups::fromDataset(dataset);
        QVERIFY(task.has_value());
        QCOMPARE(task->kind, TaskKind::Review);
        QCOMPARE(task->order.patient.name.display(), QString::fromUtf8("李娜"));
        QCOMPARE(task->order.accessionNumber, QStringLiteral("B1"));
        QCOMPARE(task->order.study.value(), QStringLiteral("1.2.3.9"));
        QCOMPARE(task->order.clinicalDiagnosis, QString::fromUtf8("肺炎; 发热"));
        QCOMPARE(task->order.item, QString::fromUtf8("头颅CT"));
        QCOMPARE(task->scheduledTime, QDateTime(QDate(2026, 3, 2), QTime(1, 30), Qt::UTC));
        QCOMPARE(task->reason, QString::fromUtf8("重复"));
        QVERIFY(task->imagesComplete);
        QVERIFY(!task->dueTime.isValid());
        QVERIFY(task->reports.empty());
    }

    void outputsAreReportsButImagesAreNot() {
        DcmDataset dataset;
        ReadingTask task;
        task.uid = WorkitemUid(QStringLiteral("1.2.3"));
        QVERIFY(ups::toDataset(task, dataset).has_value());
        ups::PerformedProcedure performed;
        performed.start = QDateTime(QDate(2026, 3, 2), QTime(1, 0), Qt::UTC);
        performed.end = performed.start.addSecs(600);
        performed.performer = {QString::fromUtf8("=张医生"), QStringLiteral("WS3")};
        performed.kind = TaskKind::Read;
        performed.output = fullTask().reports;
        performed.output.push_back(
            {StudyUid(QStringLiteral("1.2")),
             SeriesUid(QStringLiteral("1.2.1")),
             {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2")), InstanceUid(QStringLiteral("1.2.1.1"))}});
        QVERIFY(ups::putPerformedProcedure(performed, dataset).has_value());
        const auto back = ups::fromDataset(dataset);
        QVERIFY(back.has_value());
        QCOMPARE(back->reports.size(), size_t(2));
        QCOMPARE(back->holderName, QString::fromUtf8("张医生"));
        const ups::PerformedProcedure read = ups::performedProcedure(dataset);
        QCOMPARE(read.start, performed.start);
        QCOMPARE(read.end, performed.end);
        QCOMPARE(read.performer.stationName, QStringLiteral("WS3"));
        QCOMPARE(read.output.size(), size_t(3));
    }

    void damagedBytesNeverCrash() {
        DcmDataset dataset;
        QVERIFY(ups::toDataset(fullTask(), dataset).has_value());
        QRandomGenerator random(20260302);
        int parsedCount = 0;
        for (const bool explicitVr : {true, false}) {
            const QByteArray good = *encodeDataSet(dataset, explicitVr);
            for (int round = 0; round < 3000; ++round) {
                QByteArray bytes = good;
                for (int k = 0, n = 1 + random.bounded(6); k < n; ++k)
                    bytes[random.bounded(int(bytes.size()))] = char(random.bounded(256));
                if (random.bounded(4) == 0)
                    bytes.truncate(random.bounded(int(bytes.size())));
                const auto parsed = parseDataSet(bytes, explicitVr);
                if (!parsed)
                    continue;
                ++parsedCount;
                const auto task = ups::fromDataset(**parsed);
                QVERIFY(task.has_value() || task.error().code == ErrorCode::AttributeMissing);
            }
        }
        QVERIFY(parsedCount > 500); // the check is no wall
    }

    void impossibleStructuresAreRefused_data() {
        QTest::addColumn<QByteArray>("bytes");
        QByteArray nested;
        for (int i = 0; i < 200; ++i)
            nested += QByteArray("\x08\x00\x40\x11SQ\x00\x00\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF", 20);
        QTest::newRow("nested") << nested;
        QTest::newRow("huge length") << QByteArray("\x10\x00\xB0\x21UT\x00\x00\xFE\xFF\xFF\xFFxx", 14);
        QTest::newRow("cut") << QByteArray("\x10\x00\x10\x00PN\x08\x00"
                                           "AB",
                                           10);
        QTest::newRow("open sequence") << QByteArray("\x08\x00\x40\x11SQ\x00\x00\xFF\xFF\xFF\xFF", 12);
    }
    void impossibleStructuresAreRefused() {
        QFETCH(QByteArray, bytes);
        QVERIFY(!parseDataSet(bytes, true));
    }

    void linesHoldNoBackslash() {
        ReadingTask task;
        task.uid = WorkitemUid(QStringLiteral("1.2.3"));
        task.order.requestingDepartment = QStringLiteral("A\\B\nC");
        DcmDataset dataset;
        QVERIFY(ups::toDataset(task, dataset).has_value());
        QCOMPARE(ups::fromDataset(dataset)->order.requestingDepartment, QStringLiteral("A/B C"));
    }

    void withoutUidThereIsNoTask() {
        DcmDataset dataset;
        QCOMPARE(ups::fromDataset(dataset).error().code, ErrorCode::AttributeMissing);
        QCOMPARE(ups::toDataset(ReadingTask(), dataset).error().code, ErrorCode::InvalidArgument);
    }

    void queryAsksForEverything() {
        DcmDataset query;
        QVERIFY(ups::toQuery(QStringLiteral("SCHEDULED"), QStringLiteral("WS3"), query).has_value());
        OFString value;
        query.findAndGetOFString(DCM_ProcedureStepState, value);
        QCOMPARE(value.c_str(), "SCHEDULED");
        DcmItem* station = nullptr;
        QVERIFY(query.findAndGetSequenceItem(DCM_ScheduledStationNameCodeSequence, station).good());
        station->findAndGetOFString(DCM_CodeValue, value);
        QCOMPARE(value.c_str(), "WS3");
        // Every attribute a full task is written with is a return key, but for those inside sequences.
        DcmDataset task;
        QVERIFY(ups::toDataset(fullTask(), task).has_value());
        for (unsigned long i = 0; i < task.card(); ++i)
            QVERIFY2(query.tagExists(task.getElement(i)->getTag()), task.getElement(i)->getTag().toString().c_str());
    }
};

QTEST_GUILESS_MAIN(UpsMappingTest)
#include "ups_mapping_test.moc"
