#pragma once

#include "core/result.h"
#include "domain/user.h"

#include <QString>
#include <optional>
#include <span>

/// The states of one reading, the allowed moves, who may make them and what each needs: one pure table (docs:
/// WORKFLOW).
namespace yz {

enum class ReadingState {
    Waiting,   ///< 待诊断
    Reading,   ///< 诊断中
    Submitted, ///< 待审核
    Reviewing, ///< 审核中
    Returned,  ///< 已退回
    Approved,  ///< 已审核, inside the undo window
    Published, ///< 已发布
    Amended,   ///< 更正 / 补充: a newer version points back to this one
    Withdrawn, ///< 作废
    Rejected,  ///< 退检
};

enum class ReadingMove {
    Claim,         ///< Waiting -> Reading, Returned -> Reading
    Release,       ///< Reading -> Waiting
    Submit,        ///< Reading -> Submitted, needs the author's signature
    TakeForReview, ///< Submitted -> Reviewing
    ReleaseReview, ///< Reviewing -> Submitted
    Return,        ///< Reviewing -> Returned, needs a reason
    Approve,       ///< Reviewing -> Approved, needs the reviewer's signature
    UndoApproval,  ///< Approved -> Reviewing, only inside the window
    Publish,       ///< Approved -> Published, by the clock
    Amend,         ///< Published -> Amended, a new version is published in its place
    Withdraw,      ///< Published -> Withdrawn, needs a reason
    RejectStudy,   ///< Reading -> Rejected, needs a reason
};

struct Transition {
    ReadingState from;
    ReadingMove move;
    ReadingState to;
    std::optional<Role> role; ///< the role that may make it; empty: the system's own move
    bool needsReason = false;
    bool needsSignature = false;
    bool notByAuthor = false; ///< refused to the author of the report (self-review)
};

/// Every allowed move; anything not in it is refused.
[[nodiscard]] std::span<const Transition> transitions();

struct MoveRequest {
    ReadingState from;
    ReadingMove move;
    const User* actor = nullptr; ///< null: the system
    bool actorIsAuthor = false;
    bool selfReviewAllowed = false; ///< site setting
    QString reason;
};

/// The state after the move; TaskStateForbids, RoleForbids, SelfReviewForbidden or ReasonRequired when it is not
/// allowed.
[[nodiscard]] Result<ReadingState> applyMove(const MoveRequest& request);

[[nodiscard]] QString stateName(ReadingState state); ///< "waiting", ...: stable, for the database and the CLI
bool stateFromName(const QString& name, ReadingState& state);

/// SR completion and verification of a state (PS3.3 C.17.2); FHIR DiagnosticReport.status.
struct ReportFlags {
    bool complete = false; ///< COMPLETE, else PARTIAL
    bool verified = false; ///< VERIFIED, else UNVERIFIED
    QString fhirStatus;
};
[[nodiscard]] ReportFlags flagsOf(ReadingState state);

} // namespace yz
