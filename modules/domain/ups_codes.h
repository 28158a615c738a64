#pragma once

#include "domain/reading_task.h"

#include <QString>

/// The words and numbers both ends of the worklist agree on (PS3.4 Annex CC). The platform side uses the same values.
namespace yz::ups {

/// Local coding scheme of Scheduled/Performed Workitem Code (0040,4018)/(0040,4019) and of station codes
/// (0040,4025)/(0040,4028).
inline constexpr char kCodingScheme[] = "99YZ";
inline constexpr char kCodeRead[] = "READ";
inline constexpr char kCodeReview[] = "REVIEW";
inline constexpr char kCodeSecondLook[] = "SECONDLOOK";
inline constexpr char kCodeConsult[] = "CONSULT";

/// Issuer of the item of Other Patient IDs Sequence (0010,1002) that carries the identity card or insurance number.
inline constexpr char kNationalIdIssuer[] = "NATIONAL";

// N-ACTION types (PS3.4 CC.2.1, CC.2.2, CC.2.3)
inline constexpr int kActionChangeState = 1;
inline constexpr int kActionRequestCancel = 2;
inline constexpr int kActionSubscribe = 3;
inline constexpr int kActionUnsubscribe = 4;

// N-EVENT-REPORT types (PS3.4 CC.2.4)
inline constexpr int kEventStateReport = 1;
inline constexpr int kEventCancelRequested = 2;
inline constexpr int kEventProgress = 3;
inline constexpr int kEventScpStatus = 4;
inline constexpr int kEventAssigned = 5;

// Status codes of the service (PS3.4 CC.2)
inline constexpr int kAlreadyCanceled = 0xB304;  ///< warning: the request was already carried out
inline constexpr int kAlreadyCompleted = 0xB306; ///< warning: the request was already carried out
inline constexpr int kMayNoLongerBeUpdated = 0xC300;
inline constexpr int kWrongTransactionUid = 0xC301;
inline constexpr int kAlreadyInProgress = 0xC302;
inline constexpr int kScheduledOnlyByCreate = 0xC303;
inline constexpr int kFinalStateNotMet = 0xC304;
inline constexpr int kNoSuchWorkitem = 0xC307;
inline constexpr int kReceivingAeUnknown = 0xC308;
inline constexpr int kNotInProgress = 0xC310;
inline constexpr int kIsCompleted = 0xC311;
inline constexpr int kPerformerUnreachable = 0xC312;
inline constexpr int kPerformerRefuses = 0xC313;
inline constexpr int kActionNotAppropriate = 0xC314;
inline constexpr int kNoEventReports = 0xC315;

/// Code value of a kind of task.
[[nodiscard]] QString workitemCode(TaskKind kind);
[[nodiscard]] QString workitemMeaning(TaskKind kind); ///< code meaning, English
/// The kind of a code; DCM 110005 Interpretation and 110007 Report Verification are understood too.
[[nodiscard]] bool kindFromWorkitemCode(const QString& scheme, const QString& value, TaskKind& kind);

/// (0074,1200): Emergency HIGH, Urgent MEDIUM, Routine LOW.
[[nodiscard]] QString priorityTerm(Priority priority);
[[nodiscard]] Priority priorityFromTerm(const QString& term);

/// SR documents and encapsulated documents: they share the prefixes of PS3.6 Annex A.
[[nodiscard]] bool isReportClass(const SopClassUid& sopClass);

} // namespace yz::ups
