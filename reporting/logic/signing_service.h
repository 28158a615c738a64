#pragma once

#include "core/clock.h"
#include "core/uid.h"
#include "domain/ports.h"
#include "domain/user.h"
#include "reporting/check.h"
#include "storage/report_store.h"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace yz {

/// What a site decides.
struct SigningPolicy {
    bool selfReviewAllowed = false;
    std::chrono::seconds undoWindow{600}; ///< between the reviewer's signature and the first delivery; 0: none
    QString diagnosingHospital;           ///< empty: the author's hospital
    /// Systems beside the platform that get each verified version; those with `preliminary` the author's too.
    struct Receiver {
        QString target; ///< id of a ReportTarget
        bool preliminary = false;
    };
    std::vector<Receiver> receivers{};
    /// When the knowledge of revoked certificates at this workstation was made; invalid: there is none. Its age is
    /// noted with each signature: a desk that is long without a line signs on old knowledge. Empty: not noted. Any
    /// thread.
    std::function<QDateTime()> revocationAsOf{};
};

/// A work item of the platform and its lock. Both empty where there is none (an addendum begun at the desk).
struct TaskLock {
    WorkitemUid task;
    TransactionUid transaction;
};

struct SubmitInput {
    TaskLock lock;
    ReportContext context; ///< order, and what was on screen
    std::vector<SopReference> evidence;
    std::vector<SeriesUid> evidenceSeries; ///< same length
    ReportContent content;
    User author;
    QString pin;
    std::vector<Acknowledgement> acknowledgements;
    /// The reader's measurements: an SR of their own (TID 1500) that goes out with the report. Those on images outside
    /// of the evidence (of a prior) stay out.
    std::vector<MeasurementGroup> measurements{};
    /// The returned version this one answers. Without it the store is asked: an unfinished report of the study goes on.
    std::optional<SignedReport> previous;
};

struct ApproveInput {
    TaskLock lock;         ///< of the review work item
    SignedReport received; ///< the author's, as it came (store or openReceivedReport)
    ReportContent content; ///< as the reviewer leaves it, with pictures
    ReportContext context;
    User reviewer;
    QString pin;
    std::vector<Acknowledgement> acknowledgements;
};

struct ReturnInput {
    TaskLock lock;
    SignedReport received;
    User reviewer;
    QString reason;
};

struct AmendInput {
    TaskLock lock; ///< may be empty
    SignedReport published;
    ReportVersionKind kind = ReportVersionKind::Addendum; ///< not Original
    ReportContent content; ///< whole text: an addendum keeps the published one and adds to it
    QString reason;
    ReportContext context;
    User author; ///< of the amendment; a reviewer
    QString pin;
    std::vector<Acknowledgement> acknowledgements;
};

/// The steps that make a report binding. Each blocks (run it in a job, lane Storage) and either happens whole or not at
/// all: the version with its signatures, the audit entry and the outbox rows are one transaction, and nothing leaves
/// the desk before. On any failure the draft is as it was. Thread-safe as its ports are. Errors common to all:
/// ReportIncomplete (checks; the keys are in the detail), RoleForbids, SelfReviewForbidden, TaskStateForbids, those of
/// ReportSigner::sign, of the renderer and the encoder, SignatureInvalid when our own signature does not verify, those
/// of the store (DiskFull, ...).
class SigningService {
public:
    struct Ports {
        ReportRenderer& renderer;
        ReportEncoder& encoder;
        ReportSigner& signer;
        SignatureVerifier& verifier;
    };
    SigningService(Ports ports, ReportStore& store, const Clock& clock, UidSource& uids, SigningPolicy policy);

    /// Author signs: a new version, Submitted. Outbox: StoreReport, SetOutput, CompleteTask.
    [[nodiscard]] Result<SignedReport> submit(const SubmitInput& input);
    /// Another person signs: a new version, Approved, that holds both signatures. The outbox rows wait for the undo
    /// window.
    [[nodiscard]] Result<SignedReport> approve(const ApproveInput& input);
    /// Report goes back with a reason. Outbox: CancelTask of the review.
    [[nodiscard]] Status returnToAuthor(const ReturnInput& input);
    /// UndoWindowClosed when the report has left.
    [[nodiscard]] Status undoApproval(const InstanceUid& srInstance, const User& reviewer);
    /// A correction or addendum to a published report: its author signs, it is Submitted and goes through approve like
    /// any other, pointing back to the published SR.
    [[nodiscard]] Result<SignedReport> amend(const AmendInput& input);
    /// Until when undoApproval works for a version approved at `approvedAt`.
    [[nodiscard]] QDateTime undoDeadline(const QDateTime& approvedAt) const;

    [[nodiscard]] const SigningPolicy& policy() const { return m_policy; }

private:
    [[nodiscard]] Result<SignedReport> sign(ReportDocument document, const std::optional<SignatureRecord>& authorRecord,
                                            const UserId& user, const QString& pin, const QDateTime& at);
    [[nodiscard]] Result<SignerStatement> statementOf(const User& user, const QDateTime& at);
    [[nodiscard]] Result<int> nextVersion(const ReportDocument& after) const;
    [[nodiscard]] Result<ReportReference> referenceTo(const SignedReport& report) const;
    [[nodiscard]] Result<std::optional<SignedReport>> unfinishedReport(const SubmitInput& input) const;
    [[nodiscard]] Result<ReportDocument> provenDocument(const SignedReport& report) const;
    [[nodiscard]] Result<ReadingState> stateOf(const ReportDocument& document, ReadingState unknown) const;
    [[nodiscard]] std::vector<OutboxItem> deliveryRows(const ReportDocument& document, const TaskLock& lock,
                                                       const QDateTime& notBefore) const;
    [[nodiscard]] Status keep(const SignedReport& report, const QString& event, const UserId& user,
                              const std::vector<Acknowledgement>& acknowledgements,
                              const std::vector<OutboxItem>& rows);
    [[nodiscard]] Status keepIfNew(const SignedReport& received);
    void giveUids(ReportDocument& document);
    /// Encodes the measurements and names the object in the document; empty when there are none.
    [[nodiscard]] Result<QByteArray> measurementObject(ReportDocument& document,
                                                       const std::vector<MeasurementGroup>& groups);

    Ports m_ports;
    ReportStore& m_store;
    const Clock& m_clock;
    UidSource& m_uids;
    SigningPolicy m_policy;
};

} // namespace yz
