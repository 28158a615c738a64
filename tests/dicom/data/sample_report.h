#pragma once

#include "domain/report.h"

namespace yz::test {

/// A report with everything a report can have: two doctors, key images, measurements, a critical value.
inline ReportDocument sampleReport() {
    const auto utc = [](int hour, int minute) { return QDateTime(QDate(2026, 3, 2), QTime(hour, minute), Qt::UTC); };
    const SopReference image{SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2")),
                             InstanceUid(QStringLiteral("2.25.1001"))};
    const SopReference enhanced{SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2.1")),
                                InstanceUid(QStringLiteral("2.25.1002"))};
    const SeriesUid series(QStringLiteral("2.25.900"));
    ReportDocument document;
    document.report = ReportId(QStringLiteral("r-1"));
    document.version = 2;
    document.state = ReadingState::Approved;
    document.order.patient.id = PatientId(QStringLiteral("P0001"));
    document.order.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东"));
    document.order.patient.sex = Sex::Male;
    document.order.patient.birthDate = QDate(1970, 5, 6);
    document.imagePatient = document.order.patient;
    document.order.accessionNumber = QStringLiteral("ACC-20260302-01");
    document.order.requestingHospital = QStringLiteral("清河镇卫生院");
    document.order.requestingDepartment = QStringLiteral("内科");
    document.order.requestingPhysician = QStringLiteral("李建国");
    document.order.item = QStringLiteral("胸部CT平扫");
    document.order.modality = QStringLiteral("CT");
    document.order.clinicalDiagnosis = QStringLiteral("咳嗽待查");
    document.order.history = QStringLiteral("咳嗽、咳痰一周。");
    document.order.examTime = utc(0, 30);
    document.order.study = StudyUid(QStringLiteral("2.25.500"));
    document.diagnosingHospital = QStringLiteral("安平县人民医院");
    document.createdAt = utc(1, 0);
    document.author = {UserId(QStringLiteral("u1")),
                       QStringLiteral("张伟"),
                       QStringLiteral("主治医师"),
                       QStringLiteral("安平县人民医院"),
                       utc(1, 5),
                       QStringLiteral("张伟"),
                       QStringLiteral("0a"),
                       false};
    document.reviewer = SignerStatement{UserId(QStringLiteral("u2")),
                                        QStringLiteral("刘芳"),
                                        QStringLiteral("副主任医师"),
                                        QStringLiteral("安平县人民医院"),
                                        utc(1, 20),
                                        QStringLiteral("刘芳"),
                                        QStringLiteral("0b"),
                                        false};
    ReportContent& content = document.content;
    content.title = QStringLiteral("胸部CT诊断报告");
    content.technique = QStringLiteral("螺旋扫描,层厚 5 mm");
    content.comparison = QStringLiteral("与2025-11-01胸部CT比较。");
    content.findings = QStringLiteral("右肺上叶见一结节,大小约 12 mm × 9 mm,边缘毛糙。\n余肺野清晰。");
    content.impression = QStringLiteral("右肺上叶结节,建议增强扫描。");
    content.recommendation = QStringLiteral("建议三个月后复查。");
    content.positivity = Positivity::Positive;
    content.mutualRecognition = true;
    content.criticalValues.push_back({QStringLiteral("张力性气胸"), utc(1, 1), QStringLiteral("张伟"),
                                      QStringLiteral("李建国"), utc(1, 3), true, QStringLiteral("立即处理")});
    content.keyImages.push_back({image, series, 1, QStringLiteral("结节最大层面"), -600, 1500, {}});
    content.keyImages.push_back({enhanced, series, 3, {}, 40, 400, {}});
    content.measurements.push_back(
        {QStringLiteral("m1"), QStringLiteral("Length"), 12.4, QStringLiteral("mm"), image, series, 1});
    content.measurements.push_back({QStringLiteral("m2"), QStringLiteral("结节平均密度"), -34.25,
                                    QStringLiteral("[hnsf'U]"), enhanced, series, 3});
    document.evidence = {image, enhanced};
    document.evidenceSeries = {series, series};
    document.srSeries = SeriesUid(QStringLiteral("2.25.7001"));
    document.srInstance = InstanceUid(QStringLiteral("2.25.7002"));
    document.pdfSeries = SeriesUid(QStringLiteral("2.25.7003"));
    document.pdfInstance = InstanceUid(QStringLiteral("2.25.7004"));
    return document;
}

} // namespace yz::test
