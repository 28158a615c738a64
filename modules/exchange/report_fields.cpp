#include "exchange/report_fields.h"

#include <QCryptographicHash>
#include <QStringList>

namespace yz::exchange {

namespace {

QString isoTime(const QDateTime& time) {
    if (!time.isValid())
        return {};
    const QDateTime local = time.toLocalTime();
    return local.toOffsetFromUtc(local.offsetFromUtc()).toString(Qt::ISODate);
}

QString criticalText(const ReportContent& content) {
    QStringList lines;
    for (const CriticalValue& value : content.criticalValues) {
        QStringList parts{value.item, isoTime(value.foundAt)};
        if (!value.toldTo.isEmpty())
            parts.append(QString(value.toldBy + QStringLiteral(" -> ") + value.toldTo + u' ' + isoTime(value.toldAt)));
        if (!value.handling.isEmpty())
            parts.append(value.handling);
        parts.removeAll(QString());
        lines.append(parts.join(QStringLiteral("; ")));
    }
    return lines.join(u'\n');
}

QString measurementText(const ReportContent& content) {
    QStringList lines;
    for (const ReportMeasurement& measurement : content.measurements)
        lines.append(QStringLiteral("%1: %2 %3")
                         .arg(measurement.name, QString::number(measurement.value, 'g', 8), measurement.unit));
    return lines.join(u'\n');
}

QString wholeText(const ReportContent& content) {
    // The section names are those of WS 445.4 and of the printed report.
    const std::pair<QString, QString> sections[] = {
        {QStringLiteral("检查技术"), content.technique},   {QStringLiteral("对比"), content.comparison},
        {QStringLiteral("影像所见"), content.findings},    {QStringLiteral("测量"), measurementText(content)},
        {QStringLiteral("影像诊断"), content.impression},  {QStringLiteral("建议"), content.recommendation},
        {QStringLiteral("危急值"), criticalText(content)},
    };
    QStringList parts;
    for (const auto& [heading, text] : sections)
        if (!text.trimmed().isEmpty())
            parts.append(QString(heading + QStringLiteral("：\n") + text.trimmed()));
    return parts.join(u'\n');
}

QString predecessor(const ReportDocument& document) {
    return document.predecessors.empty() ? QString() : document.predecessors.front().object.instance.value();
}

constexpr std::pair<Field, const char*> names[] = {
    {Field::Always, "Always"},
    {Field::MessageId, "MessageId"},
    {Field::SendingApplication, "SendingApplication"},
    {Field::SendingFacility, "SendingFacility"},
    {Field::ReceivingApplication, "ReceivingApplication"},
    {Field::ReceivingFacility, "ReceivingFacility"},
    {Field::CharacterSet, "CharacterSet"},
    {Field::ProcessingId, "ProcessingId"},
    {Field::Demo, "Demo"},
    {Field::PatientId, "PatientId"},
    {Field::PatientIdSystem, "PatientIdSystem"},
    {Field::PatientIdIssuer, "PatientIdIssuer"},
    {Field::PatientNationalId, "PatientNationalId"},
    {Field::PatientName, "PatientName"},
    {Field::PatientNamePn, "PatientNamePn"},
    {Field::PatientSex, "PatientSex"},
    {Field::PatientBirthDate, "PatientBirthDate"},
    {Field::AccessionNumber, "AccessionNumber"},
    {Field::OrderIdSystem, "OrderIdSystem"},
    {Field::RequestingHospital, "RequestingHospital"},
    {Field::RequestingDepartment, "RequestingDepartment"},
    {Field::RequestingPhysician, "RequestingPhysician"},
    {Field::ExamItem, "ExamItem"},
    {Field::Modality, "Modality"},
    {Field::BodyPart, "BodyPart"},
    {Field::ExamTime, "ExamTime"},
    {Field::ClinicalDiagnosis, "ClinicalDiagnosis"},
    {Field::History, "History"},
    {Field::StudyUid, "StudyUid"},
    {Field::ReportId, "ReportId"},
    {Field::ReportVersion, "ReportVersion"},
    {Field::SrInstance, "SrInstance"},
    {Field::PdfInstance, "PdfInstance"},
    {Field::PredecessorSr, "PredecessorSr"},
    {Field::ReplacedSr, "ReplacedSr"},
    {Field::AddendedSr, "AddendedSr"},
    {Field::AmendReason, "AmendReason"},
    {Field::Title, "Title"},
    {Field::Technique, "Technique"},
    {Field::Comparison, "Comparison"},
    {Field::Findings, "Findings"},
    {Field::Impression, "Impression"},
    {Field::Recommendation, "Recommendation"},
    {Field::Positivity, "Positivity"},
    {Field::CriticalValues, "CriticalValues"},
    {Field::Measurements, "Measurements"},
    {Field::WholeText, "WholeText"},
    {Field::SignedAt, "SignedAt"},
    {Field::AuthorId, "AuthorId"},
    {Field::AuthorName, "AuthorName"},
    {Field::AuthorSignedAt, "AuthorSignedAt"},
    {Field::ReviewerId, "ReviewerId"},
    {Field::ReviewerName, "ReviewerName"},
    {Field::ReviewerSignedAt, "ReviewerSignedAt"},
    {Field::DiagnosingHospital, "DiagnosingHospital"},
    {Field::Pdf, "Pdf"},
    {Field::PdfSha1, "PdfSha1"},
    {Field::StatusHl7, "StatusHl7"},
    {Field::StatusFhir, "StatusFhir"},
};

} // namespace

QString fieldName(Field field) {
    for (const auto& [known, name] : names)
        if (known == field)
            return QLatin1String(name);
    return {};
}

QString hl7Status(const ReportDocument& document, const ReportTarget& target) {
    if (document.state != ReadingState::Approved)
        return QStringLiteral("P");
    switch (document.kind) {
    case ReportVersionKind::Original:
        return QStringLiteral("F");
    case ReportVersionKind::Correction:
        return QStringLiteral("C");
    case ReportVersionKind::Addendum:
        return target.addendumStatus;
    }
    return {};
}

QString fhirStatus(const ReportDocument& document) {
    if (document.state != ReadingState::Approved)
        return QStringLiteral("preliminary");
    switch (document.kind) {
    case ReportVersionKind::Original:
        return QStringLiteral("final");
    case ReportVersionKind::Correction:
        return QStringLiteral("corrected");
    case ReportVersionKind::Addendum:
        return QStringLiteral("appended");
    }
    return {};
}

QString messageIdFor(const InstanceUid& srInstance, const QString& target) {
    const QByteArray digest =
        QCryptographicHash::hash((srInstance.value() + u'\n' + target).toUtf8(), QCryptographicHash::Sha256);
    return QStringLiteral("YZ") + QString::fromLatin1(digest.toHex().left(18).toUpper());
}

QString valueOf(Field field, const MessageSource& source) {
    const ReportDocument& document = source.document;
    const ReportTarget& target = source.target;
    const Order& order = document.order;
    const Patient& patient = order.patient;
    const ReportContent& content = document.content;
    const SignerStatement* reviewer = document.reviewer ? &*document.reviewer : nullptr;
    const bool isAddendum = document.kind == ReportVersionKind::Addendum;
    switch (field) {
    case Field::Always:
        return QStringLiteral("always");
    case Field::MessageId:
        return source.messageId;
    case Field::SendingApplication:
        return target.sendingApplication;
    case Field::SendingFacility:
        return target.sendingFacility.isEmpty() ? document.diagnosingHospital : target.sendingFacility;
    case Field::ReceivingApplication:
        return target.receivingApplication;
    case Field::ReceivingFacility:
        return target.receivingFacility;
    case Field::CharacterSet:
        return target.characterSet;
    case Field::ProcessingId:
        return document.isDemo ? QStringLiteral("T") : QStringLiteral("P");
    case Field::Demo:
        return document.isDemo ? QStringLiteral("demo") : QString();
    case Field::PatientId:
        return patient.id.value();
    case Field::PatientIdSystem:
        return target.patientIdSystem;
    case Field::PatientIdIssuer:
        return patient.issuerOfId;
    case Field::PatientNationalId:
        return patient.nationalId;
    case Field::PatientName:
        return patient.name.display();
    case Field::PatientNamePn:
        return patient.name.toDicom();
    case Field::PatientSex:
        return toDicom(patient.sex);
    case Field::PatientBirthDate:
        return patient.birthDate.isValid() ? patient.birthDate.toString(Qt::ISODate) : QString();
    case Field::AccessionNumber:
        return order.accessionNumber;
    case Field::OrderIdSystem:
        return target.orderIdSystem;
    case Field::RequestingHospital:
        return order.requestingHospital;
    case Field::RequestingDepartment:
        return order.requestingDepartment;
    case Field::RequestingPhysician:
        return personNameFromText(order.requestingPhysician).display();
    case Field::ExamItem:
        return order.item;
    case Field::Modality:
        return order.modality;
    case Field::BodyPart:
        return order.bodyPart;
    case Field::ExamTime:
        return isoTime(order.examTime);
    case Field::ClinicalDiagnosis:
        return order.clinicalDiagnosis;
    case Field::History:
        return order.history;
    case Field::StudyUid:
        return order.study.value();
    case Field::ReportId:
        return document.report.value();
    case Field::ReportVersion:
        return QString::number(document.version);
    case Field::SrInstance:
        return document.srInstance.value();
    case Field::PdfInstance:
        return document.pdfInstance.value();
    case Field::PredecessorSr:
        return predecessor(document);
    case Field::ReplacedSr:
        return isAddendum ? QString() : predecessor(document);
    case Field::AddendedSr:
        return isAddendum ? predecessor(document) : QString();
    case Field::AmendReason:
        return document.amendReason;
    case Field::Title:
        return content.title.isEmpty() ? order.item : content.title;
    case Field::Technique:
        return content.technique;
    case Field::Comparison:
        return content.comparison;
    case Field::Findings:
        return content.findings;
    case Field::Impression:
        return content.impression;
    case Field::Recommendation:
        return content.recommendation;
    case Field::Positivity:
        return content.positivity == Positivity::Unstated ? QString() : toText(content.positivity);
    case Field::CriticalValues:
        return criticalText(content);
    case Field::Measurements:
        return measurementText(content);
    case Field::WholeText:
        return wholeText(content);
    case Field::SignedAt:
        return isoTime(document.createdAt);
    case Field::AuthorId:
        return document.author.user.value();
    case Field::AuthorName:
        return document.author.name;
    case Field::AuthorSignedAt:
        return isoTime(document.author.signedAt);
    case Field::ReviewerId:
        return reviewer ? reviewer->user.value() : QString();
    case Field::ReviewerName:
        return reviewer ? reviewer->name : QString();
    case Field::ReviewerSignedAt:
        return reviewer ? isoTime(reviewer->signedAt) : QString();
    case Field::DiagnosingHospital:
        return document.diagnosingHospital;
    case Field::Pdf:
        return QString::fromLatin1(source.pdf.toBase64());
    case Field::PdfSha1:
        return source.pdf.isEmpty()
                   ? QString()
                   : QString::fromLatin1(QCryptographicHash::hash(source.pdf, QCryptographicHash::Sha1).toBase64());
    case Field::StatusHl7:
        return hl7Status(document, target);
    case Field::StatusFhir:
        return fhirStatus(document);
    }
    return {};
}

} // namespace yz::exchange
