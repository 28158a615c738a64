#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "domain/reading_task.h"
#include "storage/database.h"

#include <QDateTime>
#include <optional>
#include <vector>

namespace yz {

/// Work of this workstation that the platform did not take because the task is another reader's, was taken back by the
/// sender or is gone. What was written stays where it is, the draft in DraftStore and the signed version in
/// ReportStore; here is kept that a person must see it.
class ConflictStore {
public:
    ConflictStore(std::shared_ptr<Database> database, const Clock& clock);

    struct Conflict {
        qint64 number = 0;
        WorkitemUid task;
        UserId user; ///< who wrote here
        StudyUid study;
        ErrorCode reason = ErrorCode::TaskClaimedByOther; ///< or TaskWithdrawn, TaskGone, TaskNotClaimed
        QString holderName, holderStation;                ///< who has the task, PN; empty: not known
        InstanceUid srInstance; ///< our signed version that did not leave; empty: a draft only
        QDateTime at, closedAt; ///< closedAt invalid: nobody has seen to it yet

        bool operator==(const Conflict&) const = default;
    };

    /// `number`, `srInstance` and times are its own doing. Nothing is kept where nothing is lost: neither a draft of
    /// `user` nor an undelivered version is here for the task, or it was given back from here. The same one again
    /// replaces what was known of the holder; a closed one stays closed until something new is signed for the task.
    [[nodiscard]] Status note(const Conflict& conflict);
    [[nodiscard]] Result<std::vector<Conflict>> open() const; ///< oldest first
    [[nodiscard]] Result<std::optional<Conflict>> find(const WorkitemUid& task,
                                                       const UserId& user) const; ///< open ones
    /// A person has seen to it. NotFound.
    [[nodiscard]] Status close(qint64 number);

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz
