#pragma once

#include "core/clock.h"
#include "domain/reading_task.h"
#include "embedded_platform/data_set.h"

#include <QDateTime>

/// Work items as data sets (PS3.3 B.26, PS3.4 CC.2.5), as the platform's task manager writes and reads them. Text is
/// UTF-8.
namespace yz::platform {

/// Codes of Scheduled Workitem Code Sequence (0040,4018) in the scheme 99YZ.
namespace workitem_code {
inline constexpr char kScheme[] = "99YZ";
inline constexpr char kRead[] = "READ";
inline constexpr char kReview[] = "REVIEW";
inline constexpr char kSecondLook[] = "SECONDLOOK";
inline constexpr char kConsult[] = "CONSULT";
/// In Procedure Step Discontinuation Reason Code Sequence (0074,100E): given back, not refused.
inline constexpr char kRelease[] = "RELEASE";
} // namespace workitem_code

[[nodiscard]] QString workitemCode(TaskKind kind);
[[nodiscard]] QString utcDateTime(const QDateTime& time); ///< DT with "+0000"

/// The scheduled half of a work item.
[[nodiscard]] DataSetPtr workitemDataSet(const ReadingTask& task);

void setState(DcmItem& workitem, UpsState state, const QDateTime& now);
[[nodiscard]] UpsState stateOf(DcmItem& workitem);
[[nodiscard]] QString kindOf(DcmItem& workitem); ///< code value, empty when there is none

struct ReferencedReport {
    QString studyUid, seriesUid, sopClass, sopInstance;
};
/// Objects named in Output Information Sequence (0040,4033) inside the performed procedure or at top level.
[[nodiscard]] std::vector<ReferencedReport> outputOf(DcmItem& workitem);
/// Name of the person who did it: Actual Human Performers (0040,4035) of the performed procedure.
[[nodiscard]] QString performerName(DcmItem& workitem);
[[nodiscard]] QString cancelReason(DcmItem& workitem);
void setCancelReason(DcmItem& workitem, const QString& reason);
[[nodiscard]] bool isRelease(DcmItem& workitem);
[[nodiscard]] QString studyOf(DcmItem& workitem);

/// The archive that has the images of the study: DICOM Retrieval Sequence (0040,E021) of its input. Empty: not said.
void setRetrieveAeTitle(DcmItem& workitem, const QString& aeTitle);
[[nodiscard]] QString retrieveAeTitle(DcmItem& workitem);

/// Replaces Relevant Information Sequence (0040,4022).
void setPriors(DcmItem& workitem, const std::vector<StudyReference>& priors);

/// A new work item with the same order and the same time it is due: nothing of what was performed is taken over.
struct Successor {
    WorkitemUid uid;
    TaskKind kind = TaskKind::Review;
    std::vector<ReferencedReport> reports; ///< into Input Information Sequence
    QString authorName;
    QString scheduledPerformer; ///< Scheduled Human Performers (0040,4034)
    QString reason;
    QDateTime scheduledTime;
};
[[nodiscard]] DataSetPtr successorOf(DcmDataset& workitem, const Successor& successor);

/// Which of the final-state requirements (PS3.4 table CC.2.5-3) is missing; empty when all is there.
[[nodiscard]] QString missingForCompletion(DcmItem& workitem);

} // namespace yz::platform
