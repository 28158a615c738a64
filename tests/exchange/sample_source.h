#pragma once

#include "domain/report.h"
#include "domain/report_target.h"

namespace yz::test {

/// A report with Chinese text, every delimiter of HL7, markup and a rare character that needs four bytes everywhere.
inline SignedReport exchangeReport(ReportVersionKind kind = ReportVersionKind::Original,
                                   ReadingState state = ReadingState::Approved) {
    SignedReport report;
    ReportDocument& document = report.document;
    document.report = ReportId(QStringLiteral("2.25.100"));
    document.version = kind == ReportVersionKind::Original ? 2 : 4;
    document.kind = kind;
    document.state = state;
    Order& order = document.order;
    order.study = StudyUid(QStringLiteral("1.2.156.7.1"));
    order.patient.id = PatientId(QStringLiteral("P-0001"));
    order.patient.issuerOfId = QStringLiteral("青山镇卫生院");
    order.patient.nationalId = QStringLiteral("11010519491231002X");
    order.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东"));
    order.patient.sex = Sex::Female;
    order.patient.birthDate = QDate(1970, 5, 17);
    order.accessionNumber = QStringLiteral("A2026&1");
    order.requestingHospital = QStringLiteral("青山镇卫生院");
    order.requestingDepartment = QStringLiteral("内科");
    order.requestingPhysician = QStringLiteral("李医生");
    order.item = QStringLiteral("胸部CT平扫");
    order.modality = QStringLiteral("CT");
    order.bodyPart = QStringLiteral("CHEST");
    order.clinicalDiagnosis = QStringLiteral("肺炎?");
    order.history = QStringLiteral("咳嗽3天");
    order.examTime = QDateTime(QDate(2026, 3, 2), QTime(1, 0, 0), Qt::UTC);
    ReportContent& content = document.content;
    content.title = QStringLiteral("胸部CT诊断报告");
    content.technique = QStringLiteral("平扫, 层厚1 mm");
    content.findings = QStringLiteral("右肺上叶见结节，直径<8 mm | 边缘^毛糙 & \"分叶\"~\\\n纵隔淋巴结不大；𠂉");
    content.impression = QStringLiteral("右肺上叶结节，建议复查");
    content.recommendation = QStringLiteral("3个月后复查");
    content.positivity = Positivity::Positive;
    content.measurements = {{QStringLiteral("m1"), QStringLiteral("长径"), 7.5, QStringLiteral("mm"), {}, {}, 1}};
    document.diagnosingHospital = QStringLiteral("县人民医院");
    document.createdAt = QDateTime(QDate(2026, 3, 2), QTime(2, 3, 4), Qt::UTC);
    document.author = {
        UserId(QStringLiteral("u1")), QStringLiteral("张伟"), {}, {}, document.createdAt.addSecs(-600), {}, {}, false};
    if (state == ReadingState::Approved)
        document.reviewer = SignerStatement{
            UserId(QStringLiteral("u2")), QStringLiteral("刘芳"), {}, {}, document.createdAt, {}, {}, false};
    document.srInstance = InstanceUid(QStringLiteral("2.25.200"));
    document.pdfInstance = InstanceUid(QStringLiteral("2.25.201"));
    if (kind != ReportVersionKind::Original) {
        document.amendReason = QStringLiteral("左右写反");
        document.predecessors = {{order.study,
                                  SeriesUid(QStringLiteral("2.25.90")),
                                  {kReportSrClass, InstanceUid(QStringLiteral("2.25.150"))}}};
    }
    report.pdf = QByteArray("%PDF-1.7\n") + QByteArray::fromHex("00ff0b1c0d7c5e");
    return report;
}

inline ReportTarget exchangeTarget(ReportTarget::Form form, const QString& address = {}) {
    ReportTarget target;
    target.id = QStringLiteral("his");
    target.form = form;
    target.address = QUrl(address);
    target.receivingApplication = QStringLiteral("HIS");
    target.receivingFacility = QStringLiteral("青山镇卫生院");
    const bool isFhir = form == ReportTarget::Form::FhirBundle;
    target.patientIdSystem = isFhir ? QStringLiteral("http://region.example/patients") : QStringLiteral("2.16.156.1.1");
    target.orderIdSystem = isFhir ? QStringLiteral("http://region.example/orders") : QStringLiteral("2.16.156.1.2");
    return target;
}

} // namespace yz::test
