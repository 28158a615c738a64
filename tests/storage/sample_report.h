#pragma once

#include "domain/ports.h"
#include "domain/report.h"
#include "storage/outbox_store.h"

namespace yz::test {

/// A complete signed version with Chinese text, a key image, a measurement and two signatures.
inline SignedReport sampleReport(int version = 1, ReadingState state = ReadingState::Approved,
                                 const QString& report = QStringLiteral("report-1")) {
    SignedReport signedReport;
    ReportDocument& document = signedReport.document;
    const QString stem = u"1.2.3." + QString::number(qHash(report) % 100000) + u'.' + QString::number(version);
    document.report = ReportId(report);
    document.version = version;
    document.state = state;
    document.task = WorkitemUid(QStringLiteral("1.2.3.9"));
    document.order.study = StudyUid(QStringLiteral("1.2.3"));
    document.order.patient.id = PatientId(QStringLiteral("P1"));
    document.order.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东"));
    document.imagePatient = document.order.patient;
    document.content.title = QStringLiteral("胸部CT诊断报告");
    document.content.findings = QStringLiteral("右肺上叶见结节");
    document.content.impression = QStringLiteral("右肺上叶结节");
    KeyImage image;
    image.object = {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2")), InstanceUid(QStringLiteral("1.2.3.4.5"))};
    image.series = SeriesUid(QStringLiteral("1.2.3.4"));
    image.png = QByteArray("\x89PNG\0\1\2", 8);
    document.content.keyImages.push_back(image);
    ReportMeasurement length;
    length.name = QStringLiteral("Length");
    length.value = 12.625;
    length.unit = QStringLiteral("mm");
    document.content.measurements.push_back(length);
    document.createdAt = QDateTime(QDate(2026, 3, 2), QTime(1, 2, 3, 456), Qt::UTC);
    document.author.user = UserId(QStringLiteral("u-author"));
    document.author.name = QStringLiteral("张伟");
    document.author.signedAt = document.createdAt;
    document.srSeries = SeriesUid(stem + u".1");
    document.srInstance = InstanceUid(stem + u".1.1");
    document.pdfSeries = SeriesUid(stem + u".2");
    document.pdfInstance = InstanceUid(stem + u".2.1");
    signedReport.srFile = QByteArray(9000, 's') + QByteArray::number(version);
    signedReport.pdfFile = QByteArray(30000, 'f');
    signedReport.pdf = QByteArray(29000, 'p');
    signedReport.signatures = {{SignatureRecord::Role::Author, "{\"m\":1}", QByteArray(1500, 'a')},
                               {SignatureRecord::Role::Reviewer, "{\"m\":2}", QByteArray(1500, 'r')}};
    return signedReport;
}

inline AuditEntry sampleAudit(const QString& event = QStringLiteral("report.signed")) {
    AuditEntry entry;
    entry.event = event;
    entry.user = UserId(QStringLiteral("u-reviewer"));
    entry.subject = QStringLiteral("1.2.3.1.1");
    entry.details = {{"version", 1}};
    return entry;
}

inline OutboxItem outboxItem(OutboxItem::Kind kind, const InstanceUid& report, const QDateTime& notBefore = {},
                             const QString& study = QStringLiteral("1.2.3")) {
    OutboxItem item;
    item.kind = kind;
    item.study = StudyUid(study);
    item.task = WorkitemUid(study + u".9");
    item.reportInstance = report;
    item.transaction = TransactionUid(study + u".8");
    item.details = {{"reason", QStringLiteral("图像不合格")}};
    item.notBefore = notBefore;
    return item;
}

/// The three rows that go with an approved version.
inline std::vector<OutboxItem> sampleOutbox(const SignedReport& report, const QDateTime& notBefore = {}) {
    const InstanceUid& sr = report.document.srInstance;
    return {outboxItem(OutboxItem::Kind::StoreReport, sr, notBefore), outboxItem(OutboxItem::Kind::SetOutput, sr),
            outboxItem(OutboxItem::Kind::CompleteTask, sr)};
}

} // namespace yz::test
