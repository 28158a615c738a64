#pragma once

#include <QString>

namespace yz {

/// Language of the paper form; a property of the site, not of the user at the desk.
enum class PaperLanguage { Chinese, English };

/// The words of the paper form.
enum class PaperWord {
    Report,           ///< 诊断报告
    CorrectionReport, ///< 更正报告
    AddendumReport,   ///< 补充报告
    Name,
    Sex,
    Male,
    Female,
    OtherSex,
    UnknownSex,
    Age,
    AgeYears, ///< after the number
    AgeMonths,
    AgeWeeks,
    AgeDays,
    PatientNumber,
    Accession,
    RequestingHospital,
    RequestingDepartment,
    RequestingPhysician,
    ExamItem,
    ExamTime,
    ReportTime,
    ClinicalDiagnosis,
    Technique,
    Comparison,
    Findings,
    Impression,
    Recommendation,
    KeyImages,
    KeyImageElsewhere, ///< picture not at hand
    Measurements,
    Result,
    Positive,
    Negative,
    CriticalValues,
    CriticalLine, ///< %1 item, %2 found, %3 told by, %4 told to, %5 told at, %6 read-back, %7 handling
    ReadBackDone,
    ReadBackMissing,
    MutualRecognition,
    Author,
    Reviewer,
    SelfReviewed,
    AwaitsReview,
    SignedAt,
    Certificate, ///< %1 subject, %2 serial
    QrCaption,
    AmendsLine, ///< %1 reason, %2 UID of the report it amends
    PageOf,     ///< %1 of %2
    NotADevice,
    DemoMark,
    NotReviewedMark,
};

[[nodiscard]] QString paperText(PaperWord word, PaperLanguage language);

} // namespace yz
