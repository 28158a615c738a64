#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmsr/dsrcodvl.h>

#include <QString>

/// Codes of the report (PS3.16 TID 2000, CID 7000-7003, in the LOINC and DCM form of the current edition) and the few
/// concepts that only this product has. Inside the dicom target only.
namespace yz::dicom {

struct ReportCode {
    const char* value;
    const char* scheme;
    const char* meaning; ///< UTF-8
    [[nodiscard]] DSRCodedEntryValue entry() const { return {value, scheme, meaning}; }
};

inline constexpr const char* kOwnScheme = "99YUANZHEN";

// CID 7001, headings
inline constexpr ReportCode kRequestSection{"55115-0", "LN", "Request"};
inline constexpr ReportCode kHistorySection{"11329-0", "LN", "History"};
inline constexpr ReportCode kProcedureSection{"55111-9", "LN", "Current Procedure Descriptions"};
inline constexpr ReportCode kPreviousSection{"18834-2", "LN", "Previous Findings"};
inline constexpr ReportCode kFindingsSection{"59776-5", "LN", "Findings"};
inline constexpr ReportCode kImpressionsSection{"19005-8", "LN", "Impressions"};
inline constexpr ReportCode kConclusionsSection{"55110-1", "LN", "Conclusions"};
inline constexpr ReportCode kRecommendationsSection{"18783-1", "LN", "Recommendations"};
inline constexpr ReportCode kCriticalSection{"73568-8", "LN", "Communication of Critical Results"};
inline constexpr ReportCode kKeyImagesSection{"55113-5", "LN", "Key Images"};
inline constexpr ReportCode kAddendumSection{"55107-7", "LN", "Addendum"};
inline constexpr ReportCode kSummarySection{"55112-7", "LN", "Summary"};
// CID 7002, elements
inline constexpr ReportCode kProcedureDescription{"121065", "DCM", "Procedure Description"};
inline constexpr ReportCode kPreviousFinding{"121069", "DCM", "Previous Finding"};
inline constexpr ReportCode kFinding{"121071", "DCM", "Finding"};
inline constexpr ReportCode kImpression{"121073", "DCM", "Impression"};
inline constexpr ReportCode kRecommendation{"121075", "DCM", "Recommendation"};
inline constexpr ReportCode kConclusion{"121077", "DCM", "Conclusion"};
// CID 7003, purposes of reference
inline constexpr ReportCode kBestIllustration{"121080", "DCM", "Best illustration of finding"};
inline constexpr ReportCode kSourceOfMeasurement{"121112", "DCM", "Source of Measurement"};
// TID 1204, 1002, 1005
inline constexpr ReportCode kLanguage{"121049", "DCM", "Language of Content Item and Descendants"};
inline constexpr ReportCode kChinese{"zh-CN", "RFC5646", "Chinese (China)"};
inline constexpr ReportCode kObserverType{"121005", "DCM", "Observer Type"};
inline constexpr ReportCode kPerson{"121006", "DCM", "Person"};
inline constexpr ReportCode kPersonName{"121008", "DCM", "Person Observer Name"};
inline constexpr ReportCode kPersonOrganization{"121009", "DCM", "Person Observer's Organization Name"};
inline constexpr ReportCode kProcedureStudy{"121018", "DCM", "Procedure Study Instance UID"};
inline constexpr ReportCode kAccession{"121022", "DCM", "Accession Number"};
// Coded conclusion
inline constexpr ReportCode kPositive{"10828004", "SCT", "Positive"};
inline constexpr ReportCode kNegative{"260385009", "SCT", "Negative"};
// Measured quantities
inline constexpr ReportCode kLength{"410668003", "SCT", "Length"};
inline constexpr ReportCode kAngle{"1483009", "SCT", "Angle"};
inline constexpr ReportCode kArea{"42798000", "SCT", "Area"};
// Own concepts; code values are SH, 16 characters
inline constexpr ReportCode kClinicalDiagnosis{"CLIN_DIAGNOSIS", kOwnScheme, "Clinical diagnosis"};
inline constexpr ReportCode kRequester{"REQUESTER", kOwnScheme, "Requesting organization"};
inline constexpr ReportCode kImageQuality{"IMAGE_QUALITY", kOwnScheme, "Image quality remarks"};
inline constexpr ReportCode kCriticalValue{"CRITICAL_VALUE", kOwnScheme, "Critical value"};
inline constexpr ReportCode kMutualRecognition{"MUTUAL_RECOG", kOwnScheme, "Mutual recognition of images"};
inline constexpr ReportCode kAmendReason{"AMEND_REASON", kOwnScheme, "Reason of the amendment"};
inline constexpr ReportCode kDemonstration{"DEMONSTRATION", kOwnScheme, "Demonstration data"};

/// CID 7000 by modality.
[[nodiscard]] ReportCode documentTitle(const QString& modality);
/// The coded quantity of a measurement's name; names without a code keep their text under our own scheme.
[[nodiscard]] DSRCodedEntryValue measuredQuantity(const QString& name);
/// UCUM unit with a meaning.
[[nodiscard]] DSRCodedEntryValue unitCode(const QString& ucum);

} // namespace yz::dicom
