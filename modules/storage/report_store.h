#pragma once

#include "core/clock.h"
#include "domain/report.h"
#include "storage/audit_store.h"
#include "storage/database.h"
#include "storage/outbox_store.h"

#include <optional>
#include <vector>

namespace yz {

/// Signed versions of reports. A version never changes once written; what happens to it (undone, published) is its
/// state.
class ReportStore {
public:
    ReportStore(std::shared_ptr<Database> database, const Clock& clock);

    /// ONE transaction: the version with SR, PDF and signatures, the audit entry, the outbox rows, and the state of the
    /// report. ReportAlreadySigned when the SR instance or (report, version) exists, ReportVersionConflict when a later
    /// version exists. Returns the outbox numbers.
    [[nodiscard]] Result<std::vector<qint64>> commit(const SignedReport& report, const AuditEntry& audit,
                                                     const std::vector<OutboxItem>& outbox);
    /// A report received from the platform (the author's, on the reviewer's desk); no outbox. The same one again is
    /// fine; SignedContentChanged when the SR instance is known with other bytes, ReportVersionConflict when (report,
    /// version) is known as another instance.
    [[nodiscard]] Status keepReceived(const SignedReport& report);

    /// What a version is about, without its files. NotFound.
    [[nodiscard]] Result<Order> orderOf(const InstanceUid& srInstance) const;
    [[nodiscard]] Result<SignedReport> version(const InstanceUid& srInstance) const; ///< NotFound
    [[nodiscard]] Result<std::vector<ReportDocument>>
    versions(const ReportId& report) const; ///< oldest first, undone ones too
    /// Latest version of the report of a study that was not undone, if any.
    [[nodiscard]] Result<std::optional<ReportDocument>> latestOfStudy(const StudyUid& study) const;
    [[nodiscard]] Result<ReadingState> state(const ReportId& report) const; ///< NotFound
    /// Approved -> Reviewing inside the window: the queued rows of the version are withdrawn, the version is marked
    /// undone, one transaction. UndoWindowClosed when a row has left or its first row is due already, TaskStateForbids
    /// when the report is not Approved by this version.
    [[nodiscard]] Status undoApproval(const InstanceUid& srInstance, const AuditEntry& audit);
    /// A version that the platform will not take, because another reader's report stands, is kept here for good: what
    /// of it still waits is withdrawn and, where nothing of it has left, it counts as taken back; one transaction.
    /// NotAllowed when it is published, taken back already or just being sent.
    [[nodiscard]] Status setAside(const InstanceUid& srInstance, const AuditEntry& audit);
    /// Approved -> Published when the platform has proven it has the objects. Again is fine. TaskStateForbids.
    [[nodiscard]] Status markPublished(const InstanceUid& srInstance, const AuditEntry& audit);
    /// State changes that come with no version (returned, withdrawn, rejected), with their audit entry and outbox rows.
    /// A report without a version yet is made known with the study of the first outbox row; NotFound when there is
    /// none.
    [[nodiscard]] Status setState(const ReportId& report, ReadingState state, const AuditEntry& audit,
                                  const std::vector<OutboxItem>& outbox);
    struct Summary {
        ReportDocument document; ///< without pictures
        ReadingState state;      ///< the report's for its latest version; Amended for a published one that was replaced
        bool undone = false;
    };
    /// Every version, in the order they were written.
    [[nodiscard]] Result<std::vector<Summary>> all() const;
    /// The newest `count` versions and, of older ones, those with an outbox row that is still open; newest first. With a
    /// text: the newest `count` of all that have it in the patient's name or ID, the accession number or the item.
    [[nodiscard]] Result<std::vector<Summary>> latest(int count, const QString& text = {}) const;

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz
