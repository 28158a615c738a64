#include "domain/workflow.h"

#include <array>
#include <utility>

namespace yz {

namespace {

using S = ReadingState;
using M = ReadingMove;

constexpr std::array<Transition, 13> kTransitions{{
    {S::Waiting, M::Claim, S::Reading, Role::Reader},
    {S::Returned, M::Claim, S::Reading, Role::Reader},
    {S::Reading, M::Release, S::Waiting, Role::Reader},
    {S::Reading, M::Submit, S::Submitted, Role::Reader, false, true},
    {S::Reading, M::RejectStudy, S::Rejected, Role::Reader, true},
    {S::Submitted, M::TakeForReview, S::Reviewing, Role::Reviewer, false, false, true},
    {S::Reviewing, M::ReleaseReview, S::Submitted, Role::Reviewer},
    {S::Reviewing, M::Return, S::Returned, Role::Reviewer, true},
    {S::Reviewing, M::Approve, S::Approved, Role::Reviewer, false, true, true},
    {S::Approved, M::UndoApproval, S::Reviewing, Role::Reviewer},
    {S::Approved, M::Publish, S::Published, std::nullopt},
    {S::Published, M::Amend, S::Amended, Role::Reviewer, true, true},
    {S::Published, M::Withdraw, S::Withdrawn, Role::Reviewer, true},
}};

constexpr std::array<std::pair<ReadingState, const char*>, 10> kStateNames{{
    {S::Waiting, "waiting"},
    {S::Reading, "reading"},
    {S::Submitted, "submitted"},
    {S::Reviewing, "reviewing"},
    {S::Returned, "returned"},
    {S::Approved, "approved"},
    {S::Published, "published"},
    {S::Amended, "amended"},
    {S::Withdrawn, "withdrawn"},
    {S::Rejected, "rejected"},
}};

} // namespace

std::span<const Transition> transitions() { return kTransitions; }

Result<ReadingState> applyMove(const MoveRequest& request) {
    for (const Transition& t : kTransitions) {
        if (t.from != request.from || t.move != request.move)
            continue;
        if (t.role && !(request.actor && request.actor->has(*t.role)))
            return fail(ErrorCode::RoleForbids, stateName(t.from));
        if (!t.role && request.actor)
            return fail(ErrorCode::RoleForbids, QStringLiteral("the system makes this move by itself"));
        if (t.notByAuthor && request.actorIsAuthor && !request.selfReviewAllowed)
            return fail(ErrorCode::SelfReviewForbidden);
        if (t.needsReason && request.reason.trimmed().isEmpty())
            return fail(ErrorCode::ReasonRequired);
        return t.to;
    }
    return fail(ErrorCode::TaskStateForbids, stateName(request.from));
}

QString stateName(ReadingState state) {
    for (const auto& [value, name] : kStateNames)
        if (value == state)
            return QString::fromLatin1(name);
    return {};
}

bool stateFromName(const QString& text, ReadingState& state) {
    for (const auto& [value, name] : kStateNames)
        if (text == QLatin1String(name)) {
            state = value;
            return true;
        }
    return false;
}

ReportFlags flagsOf(ReadingState state) {
    switch (state) {
    case S::Waiting:
        return {false, false, QStringLiteral("registered")};
    case S::Reading:
    case S::Returned:
        return {false, false, QStringLiteral("partial")};
    case S::Submitted:
    case S::Reviewing:
        return {true, false, QStringLiteral("preliminary")};
    case S::Approved:
        return {true, true, QStringLiteral("preliminary")};
    case S::Published:
        return {true, true, QStringLiteral("final")};
    case S::Amended:
        return {true, true, QStringLiteral("amended")};
    case S::Withdrawn:
        return {true, true, QStringLiteral("entered-in-error")};
    case S::Rejected:
        return {false, false, QStringLiteral("cancelled")};
    }
    return {};
}

} // namespace yz
