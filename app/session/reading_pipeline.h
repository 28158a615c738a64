#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/ports.h"
#include "imaging/hanging.h"
#include "imaging/volume.h"
#include "reporting/signing_service.h"
#include "session/acquire_service.h"
#include "session/delivery_service.h"
#include "session/site.h"
#include "storage/desk_store.h"
#include "worklist/claim_service.h"

#include <limits>
#include <optional>
#include <vector>

/// The main job, step by step, as the desk and the CLI run it: a study enters at acquireStudy, a signed report leaves
/// at deliverDue. Each step blocks, knows no window and no next step; several in a row are ordinary code inside one
/// job.
namespace yz::pipeline {

/// What the steps work with; everything outlives them.
struct Deps {
    const Site& site;
    const Clock& clock;
    DeskStore& store;
    WorklistSource& worklist;
    PixelSource& pixels;
    ReportEncoder& encoder;
    SignatureVerifier& verifier;
    ClaimService& claims;
    AcquireService& acquire;
    SigningService& signing;
    DeliveryService& delivery;
};

// 1. The list
// ------------------------------------------------------------------------------------------------------------

struct Worklist {
    std::vector<ReadingTask> tasks;
    QDateTime asOf;               ///< when the platform last said so
    std::optional<Error> offline; ///< why this is the cached list
};
[[nodiscard]] Result<Worklist> refreshWorklist(Deps& deps, const CancelToken& token);

// 2. The claim
// -----------------------------------------------------------------------------------------------------------

/// The Transaction UID is in the database before the platform is asked. Returns the task as the platform has it now.
[[nodiscard]] Result<ReadingTask> claimTask(const WorkitemUid& task, const User& user, Deps& deps,
                                            const CancelToken& token);

// 3. The pictures
// --------------------------------------------------------------------------------------------------------

[[nodiscard]] Result<StudyRecord> acquireStudy(const StudyUid& study, const AcquireService::InstanceSink& onInstance,
                                               const AcquireService::ProgressSink& onProgress, Deps& deps,
                                               const CancelToken& token, const ReaderWishes& wishes = {});

// 4. What they are
// -------------------------------------------------------------------------------------------------------

struct IndexedSeries {
    SeriesRecord record;
    std::vector<Stack> stacks;
};
struct IndexedStudy {
    StudyRecord record;
    std::vector<IndexedSeries> series;
    std::vector<StudyStore::SetAside> unreadable; ///< instances whose description could not be read, with the reason
};
[[nodiscard]] Result<IndexedStudy> indexStudy(const StudyUid& study, Deps& deps, const CancelToken& token);

// 5. Where they hang (pure)
// ----------------------------------------------------------------------------------------------

[[nodiscard]] HangingStudy hangingStudy(const IndexedStudy& study);

// 6. Their pixels
// --------------------------------------------------------------------------------------------------------

/// A stack as one volume; VolumeNotPossible with the reason.
[[nodiscard]] Result<VolumePtr> loadVolume(const Stack& stack, const StudyRecord& study, Deps& deps,
                                           const CancelToken& token);

/// What the author of a returned report goes on with: his last version of it, pictures included; or what he wrote under
/// another task of the study that he lost. None: the report of this study begins anew.
[[nodiscard]] Result<std::optional<ReportContent>> returnedContent(const ReadingTask& task, const User& author,
                                                                   Deps& deps);

// 7.-9. The author signs: finalize, sign and commit are one step, because nothing may be kept between them
// ----------------

struct SubmitRequest {
    ReadingTask task;
    ReportContent content;
    ReportContext context;
    User author;
    QString pin;
    std::vector<Acknowledgement> acknowledgements;
    std::vector<MeasurementGroup> measurements{}; ///< see SubmitInput
};
[[nodiscard]] Result<SignedReport> submitReport(const SubmitRequest& request, Deps& deps);

// 10. The reviewer
// -------------------------------------------------------------------------------------------------------

/// Claims a review task, brings the author's report and proves its signature; the report is kept on this workstation.
struct ReviewCase {
    ReadingTask task;
    SignedReport report;
};
[[nodiscard]] Result<ReviewCase> takeForReview(const WorkitemUid& task, const User& reviewer, Deps& deps,
                                               const CancelToken& token);

struct ApproveRequest {
    ReviewCase review;
    ReportContent content;
    ReportContext context;
    User reviewer;
    QString pin;
    std::vector<Acknowledgement> acknowledgements;
};
[[nodiscard]] Result<SignedReport> approveReport(const ApproveRequest& request, Deps& deps);
[[nodiscard]] Status returnReport(const ReviewCase& review, const User& reviewer, const QString& reason, Deps& deps);

// 11. Out
// ----------------------------------------------------------------------------------------------------------------

/// Sends everything that is due now, in order and one after the other; stops at the first item the platform cannot take
/// at the moment. A platform that did not answer lately is left alone (DeliveryService::platformPause), and claims made
/// without it are settled first. atMost: items tried of the platform, and of the others, so that a long queue shows how
/// far it is.
[[nodiscard]] Result<std::vector<DeliveryOutcome>> deliverDue(Deps& deps, const CancelToken& token,
                                                              int atMost = std::numeric_limits<int>::max());

/// The platform's proof that it has a version.
struct Receipt {
    InstanceUid srInstance;
    QDateTime at;
    TransactionUid commitment;
};
[[nodiscard]] Result<std::optional<Receipt>> receiptOf(const InstanceUid& srInstance, Deps& deps);

// After a crash
// ----------------------------------------------------------------------------------------------------------

/// Repeats claims whose answer was lost. Drafts, signed versions and the outbox need nothing: they are in the database.
[[nodiscard]] Result<SettleOutcome> resume(Deps& deps, const CancelToken& token);

/// Every image of a study in the form the report cites it.
void citeEvidence(const StudyRecord& study, std::vector<SopReference>& objects, std::vector<SeriesUid>& series);

} // namespace yz::pipeline
