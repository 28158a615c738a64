#pragma once

#include "domain/report.h"
#include "domain/report_target.h"

#include <QByteArray>
#include <QString>

/// What a report says, field by field, so that a mapping is a table of (place in the target, field, form).
namespace yz::exchange {

/// Everything a message is made from. Pure values: the same source gives the same bytes.
struct MessageSource {
    const ReportDocument& document;
    const QByteArray& pdf;
    const ReportTarget& target;
    QString messageId; ///< chosen at signing; HL7 MSH-10, the id of the bundle
};

enum class Field {
    Always, ///< not empty: the row's literal is written in any case
    MessageId,
    SendingApplication,
    SendingFacility,
    ReceivingApplication,
    ReceivingFacility,
    CharacterSet,
    ProcessingId, ///< P, or T for a report made with demo users
    Demo,         ///< empty unless the report is a demonstration
    PatientId,
    PatientIdSystem,
    PatientIdIssuer,
    PatientNationalId,
    PatientName, ///< as people read it
    PatientNamePn,
    PatientSex, ///< M, F, O or empty
    PatientBirthDate,
    AccessionNumber,
    OrderIdSystem,
    RequestingHospital,
    RequestingDepartment,
    RequestingPhysician,
    ExamItem,
    Modality,
    BodyPart,
    ExamTime,
    ClinicalDiagnosis,
    History,
    StudyUid,
    ReportId,
    ReportVersion,
    SrInstance,
    PdfInstance,
    PredecessorSr, ///< the version before, if any
    ReplacedSr,    ///< the same, unless this version is an addendum
    AddendedSr,    ///< the same, only if it is one
    AmendReason,
    Title,
    Technique,
    Comparison,
    Findings,
    Impression,
    Recommendation,
    Positivity, ///< "positive", "negative" or empty
    CriticalValues,
    Measurements,
    WholeText, ///< all sections with their headings
    SignedAt,  ///< of this version
    AuthorId,
    AuthorName,
    AuthorSignedAt,
    ReviewerId,
    ReviewerName,
    ReviewerSignedAt,
    DiagnosingHospital,
    Pdf,       ///< base64
    PdfSha1,   ///< base64, as FHIR's Attachment.hash wants it
    StatusHl7, ///< table 0123 and 0085: P, F, C
    StatusFhir,
};

/// The field in the form in which it is easiest to turn into any target's: times as ISO 8601 with offset, dates as ISO,
/// names as people read them. Empty: the report does not say.
[[nodiscard]] QString valueOf(Field field, const MessageSource& source);
/// Stable name for documents and tests ("PatientId").
[[nodiscard]] QString fieldName(Field field);

/// P preliminary, F final, C corrected (tables 0085, 0123); an addendum as the target wants it.
[[nodiscard]] QString hl7Status(const ReportDocument& document, const ReportTarget& target);
/// preliminary, final, corrected, appended (FHIR R4 diagnostic-report-status; the last two are kinds of "amended").
[[nodiscard]] QString fhirStatus(const ReportDocument& document);

/// The id of the message that carries `srInstance` to `target`: 20 characters (MSH-10 of v2.5.1 holds no more), the
/// same at every call.
[[nodiscard]] QString messageIdFor(const InstanceUid& srInstance, const QString& target);

} // namespace yz::exchange
