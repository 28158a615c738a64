#pragma once

#include "domain/report.h"

#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

/// What is looked at before a report may be signed. Pure: text and facts in, findings out.
namespace yz {

enum class CheckCode {
    // Hard: cannot be acknowledged.
    FindingsEmpty,
    ImpressionEmpty,
    WrongPatient, ///< patient id of the pictures is not the order's; no parameters: they would be patient data
    WrongStudy,   ///< study shown is not the order's
    AddendumChangesOriginal, ///< an addendum must keep the published text; parameter: section
    // Acknowledgeable.
    ImagesNotShown,       ///< nothing of the study was on screen
    ImagesUnseen,         ///< not every image of it was
    PatientDetailDiffers, ///< parameter: "name", "sex" or "birthDate"
    PositivityUnstated,
    SideMismatch,           ///< parameters: organ or "", side in the findings, side in the impression
    SexOrganMismatch,       ///< parameter: organ
    MeasurementImplausible, ///< parameter: the number with its unit as written
    MeasurementUnitUnknown, ///< parameter: the number as written
    MeasurementDeleted,     ///< cited, but deleted in the viewer; parameters: name, value
    MeasurementDiffers,     ///< parameters: name, value in the list, value in the text
    NegativeButFindings,    ///< flagged negative, the impression says something; parameter: the phrase
    PositiveButNormal,      ///< flagged positive, the impression only says normal; parameter: the phrase
    PlaceholderLeft,        ///< parameters: section, the placeholder
    CriticalWithoutRecord,  ///< parameter: the phrase
    CriticalRecordOpen,     ///< a critical-value record without who was told or when; parameter: item
};
[[nodiscard]] QString checkCodeName(CheckCode code); ///< stable, "SideMismatch"
bool checkCodeFromName(const QString& name, CheckCode& code);

enum class CheckSeverity { Acknowledgeable, Hard };

struct CheckFinding {
    CheckCode code = CheckCode::FindingsEmpty;
    CheckSeverity severity = CheckSeverity::Acknowledgeable;
    QStringList parameters; ///< as the code says; words of the report, not sentences

    bool operator==(const CheckFinding&) const = default;
    /// Code and parameters: two findings with one key are the same finding, so its acknowledgement holds.
    [[nodiscard]] QString key() const;
};

/// "I have seen it, and it is right because ..."
struct Acknowledgement {
    QString key; ///< CheckFinding::key
    QString reason;

    bool operator==(const Acknowledgement&) const = default;
};

/// The facts a report is checked against.
struct ReportContext {
    Order order;
    Patient shownPatient;                    ///< of the data sets on screen
    StudyUid shownStudy;                     ///< empty: nothing was on screen
    int framesSeen = 0, framesTotal = 0;     ///< of the study; total 0: not counted
    std::vector<QString> measurementIds;     ///< those that exist in the viewer now
    bool measurementsKnown = false;          ///< false: the viewer was not open, citations are not checked
    std::optional<ReportContent> addendumOf; ///< the published content an addendum adds to
};

[[nodiscard]] std::vector<CheckFinding> checkReport(const ReportContent& content, const ReportContext& context);

/// What still stands in the way: hard findings, and the others that have no acknowledgement with a reason.
[[nodiscard]] std::vector<CheckFinding> blockingFindings(const std::vector<CheckFinding>& findings,
                                                         const std::vector<Acknowledgement>& acknowledgements);

} // namespace yz
