#pragma once

#include "core/clock.h"
#include "domain/report.h"
#include "storage/audit_store.h"
#include "storage/database.h"
#include "storage/outbox_store.h"

#include <optional>
#include <vector>

namespace yz {

/// Signed versions of reports. A version never changes once written; what happens to it (undone, published) is its state.
class ReportStore {
public:
    ReportStore(std::shared_ptr<Database> database, const Clock& clock);

    /// ONE transaction: the version with SR, PDF and signatures, the audit entry, the outbox rows, and the state of the
    /// report. ReportAlreadySigned when the SR instance or (report, version) exists. Returns the outbox numbers.
    [[nodiscard]] Result<std::vector<qint64>> commit(const SignedReport& report, const AuditEntry& audit,
                                                     const std::vector<OutboxItem>& outbox);
    /// A report received from the platform (the author's, on the reviewer's desk); no outbox. The same one again is fine.
    [[nodiscard]] Status keepReceived(const SignedReport& report);

    [[nodiscard]] Result<SignedReport> version(const InstanceUid& srInstance) const; ///< NotFound
    [[nodiscard]] Result<std::vector<ReportDocument>> versions(const ReportId& report) const; ///< oldest first
    /// Latest version of the report of a study, if any.
    [[nodiscard]] Result<std::optional<ReportDocument>> latestOfStudy(const StudyUid& study) const;
    [[nodiscard]] Result<ReadingState> state(const ReportId& report) const;
    /// Approved -> Reviewing inside the window: the queued rows of the version are withdrawn, the version is marked undone,
    /// one transaction. UndoWindowClosed when a row has left already.
    [[nodiscard]] Status undoApproval(const InstanceUid& srInstance, const AuditEntry& audit);
    /// Approved -> Published when the platform has proven it has the objects.
    [[nodiscard]] Status markPublished(const InstanceUid& srInstance, const AuditEntry& audit);
    /// State changes that come with no version (returned, withdrawn), with their audit entry and outbox rows.
    [[nodiscard]] Status setState(const ReportId& report, ReadingState state, const AuditEntry& audit,
                                  const std::vector<OutboxItem>& outbox);
    struct Summary {
        ReportDocument document; ///< without pictures
        ReadingState state;
        bool undone = false;
    };
    [[nodiscard]] Result<std::vector<Summary>> all() const;

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz
