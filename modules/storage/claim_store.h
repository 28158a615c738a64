#pragma once

#include "core/clock.h"
#include "domain/reading_task.h"
#include "domain/workflow.h"
#include "storage/database.h"

#include <QDateTime>
#include <optional>
#include <vector>

namespace yz {

/// What this workstation holds. A claim is written before the platform is asked, so that after a crash the Transaction
/// UID is still ours (PS3.4 CC.2.1).
class ClaimStore {
public:
    ClaimStore(std::shared_ptr<Database> database, const Clock& clock);

    enum class Settled {
        Asked,    ///< written, the platform's answer is not known: repeat the claim with the same UID
        Held,     ///< the platform said yes
        Finished, ///< completed, cancelled or lost: kept for the record
    };
    struct Claim {
        WorkitemUid task;
        TransactionUid transaction;
        UserId user;
        Settled settled = Settled::Asked;
        QDateTime at;
    };

    /// Asked; when an unfinished claim of the task exists it is returned instead of a new one (same Transaction UID).
    [[nodiscard]] Result<Claim> begin(const WorkitemUid& task, const TransactionUid& fresh, const UserId& user);
    [[nodiscard]] Status markHeld(const WorkitemUid& task);
    [[nodiscard]] Status markFinished(const WorkitemUid& task);
    [[nodiscard]] Result<std::optional<Claim>> find(const WorkitemUid& task) const; ///< unfinished only
    [[nodiscard]] Result<std::vector<Claim>> unfinished() const;

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz
