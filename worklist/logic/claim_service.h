#pragma once

#include "core/cancel.h"
#include "core/uid.h"
#include "domain/ports.h"
#include "domain/user.h"
#include "storage/claim_store.h"
#include "storage/conflict_store.h"
#include "storage/task_store.h"
#include "storage/user_store.h"

#include <QString>
#include <functional>
#include <vector>

namespace yz {

struct ClaimRequest {
    ReadingTask task; ///< as last seen
    User user;
    bool selfReviewAllowed = false; ///< site setting
    /// The images are on this workstation: the task may be read before the platform has answered (a provisional claim).
    bool imagesHere = false;
};

/// What became of the claims left over from before.
struct SettleOutcome {
    struct Lost {
        ClaimStore::Claim claim;
        Error reason; ///< TaskClaimedByOther, TaskWithdrawn, TaskGone
    };
    std::vector<ClaimStore::Claim> held;
    std::vector<ClaimStore::Claim> finished; ///< completed on the platform before
    std::vector<Lost> lost;
    std::vector<ClaimStore::Claim> unanswered; ///< still to be settled
    std::optional<Error> away;                 ///< why the platform was asked no further; of a claim in `unanswered`
};

/// Nobody is there, or nobody can be talked to: whatever else is asked now will not be answered either.
[[nodiscard]] bool isPlatformAway(ErrorCode code);

/// Takes tasks and gives them back. The Transaction UID is in the database before the platform is asked, and a claim
/// whose answer was lost is repeated with the same one, so a claim is never held by nobody. Blocking; call from a job.
/// Thread-safe.
class ClaimService {
public:
    struct Deps {
        WorklistSource& source;
        TaskStore& tasks;
        ClaimStore& claims;
        UserStore& users;
        UidSource& uids;
        AuditSink& audit;
        QString stationName;
        ConflictStore* conflicts = nullptr; ///< where lost work is put down for a person to see; null: nowhere
    };
    explicit ClaimService(Deps deps) : m_deps(std::move(deps)) {}

    /// Held: ours. Asked: provisional, only with `imagesHere`. Errors: those of the workflow (RoleForbids,
    /// SelfReviewForbidden, TaskStateForbids) before anything is written; TaskClaimedByOther, TaskGone, TaskWithdrawn:
    /// the platform said no, the claim is finished and the task in TaskStore names the holder; PlatformUnreachable and
    /// its like: nothing was asked; NetworkTimeout, AssociationAborted, PeerError: not known, settleAll() will repeat
    /// it.
    [[nodiscard]] Result<ClaimStore::Claim> claim(const ClaimRequest& request, const CancelToken& token);

    /// Gives the task back so that it comes up again. The reason may be empty.
    [[nodiscard]] Status release(const ReadingTask& task, const User& user, const QString& reason,
                                 const CancelToken& token);
    /// Sends the study back (images unfit); needs a reason.
    [[nodiscard]] Status rejectStudy(const ReadingTask& task, const User& user, const QString& reason,
                                     const CancelToken& token);

    /// At start and when the platform is back: repeats what is unanswered, asks after what is held. A lost claim that
    /// something was written for becomes a conflict. A platform that is away is asked once, not once a claim.
    /// which: only those of them; empty: all.
    using Which = std::function<bool(const ClaimStore::Claim&)>;
    [[nodiscard]] Result<SettleOutcome> settleAll(const CancelToken& token, const Which& which = {});

    [[nodiscard]] const QString& stationName() const { return m_deps.stationName; } ///< said to others beside a claim

private:
    [[nodiscard]] Status giveUp(const ReadingTask& task, const User& user, ReadingMove move, const QString& reason,
                                const CancelToken& token);
    [[nodiscard]] Result<ClaimStore::Claim> ask(ClaimStore::Claim claim, const User& user, bool mayWait, bool isFresh,
                                                const CancelToken& token);
    void settleOne(const ClaimStore::Claim& claim, SettleOutcome& outcome, const CancelToken& token);
    void notAnswered(const ClaimStore::Claim& claim, const Error& error, SettleOutcome& outcome) const;
    /// The claim is over; what was written under it becomes a conflict first, so that a crash loses neither.
    [[nodiscard]] Result<Error> lose(const ClaimStore::Claim& claim, Error reason, const CancelToken& token);
    void refreshCache(const WorkitemUid& task, const CancelToken& token);
    void note(const char* event, const UserId& user, const WorkitemUid& task, const QJsonObject& details = {});
    [[nodiscard]] Performer performer(const User& user) const;

    Deps m_deps;
};

} // namespace yz
