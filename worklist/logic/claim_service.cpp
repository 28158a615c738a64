#include "worklist/claim_service.h"

#include "core/log.h"
#include "domain/cancel_reason.h"
#include "worklist/worklist_row.h"

#include <algorithm>

namespace yz {

namespace {

/// The platform said no: the claim is over.
bool isRefusal(ErrorCode code) {
    return code == ErrorCode::TaskClaimedByOther || code == ErrorCode::TaskGone || code == ErrorCode::TaskWithdrawn ||
           code == ErrorCode::TaskStateForbids;
}

/// The question never reached the platform.
bool wasNotAsked(ErrorCode code) {
    return code == ErrorCode::PlatformUnreachable || code == ErrorCode::AssociationRefused ||
           code == ErrorCode::CalledAeTitleRefused || code == ErrorCode::CallingAeTitleRefused ||
           code == ErrorCode::PresentationContextRefused;
}

bool isHan(const QString& text) {
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.script() == QChar::Script_Han; });
}

Status mayMove(const ReadingTask& task, ReadingState from, ReadingMove move, const User& user, bool selfReviewAllowed,
               const QString& reason) {
    MoveRequest request;
    request.from = from;
    request.move = move;
    request.actor = &user;
    request.actorIsAuthor = isAuthor(task, user);
    request.selfReviewAllowed = selfReviewAllowed;
    request.reason = reason;
    const Result<ReadingState> after = applyMove(request);
    return after ? Status() : Status(fail(after.error()));
}

} // namespace

bool isPlatformAway(ErrorCode code) {
    return wasNotAsked(code) || code == ErrorCode::NetworkTimeout || code == ErrorCode::AssociationAborted;
}

Performer ClaimService::performer(const User& user) const {
    // A Chinese name stands in the ideographic group of the PN.
    return {isHan(user.displayName) ? u'=' + user.displayName : user.displayName, m_deps.stationName};
}

void ClaimService::note(const char* event, const UserId& user, const WorkitemUid& task, const QJsonObject& details) {
    const Status done = m_deps.audit.append({QString::fromLatin1(event), user, task.value(), true, details});
    if (!done)
        qCWarning(logStorage) << "audit entry not written:" << done.error().toString();
}

void ClaimService::refreshCache(const WorkitemUid& task, const CancelToken& token) {
    const Result<ReadingTask> current = m_deps.source.get(task, token);
    if (!current)
        return;
    if (const Status kept = m_deps.tasks.put(*current); !kept)
        qCWarning(logStorage) << "task not cached:" << kept.error().toString();
}

Result<ClaimStore::Claim> ClaimService::claim(const ClaimRequest& request, const CancelToken& token) {
    const ReadingTask& task = request.task;
    const Result<std::optional<ClaimStore::Claim>> found = m_deps.claims.find(task.uid);
    if (!found)
        return fail(found.error());
    const std::optional<ClaimStore::Claim>& existing = *found;
    if (existing && existing->user != request.user.id)
        return fail(ErrorCode::TaskClaimedByOther, QStringLiteral("held by another user of this workstation"));
    if (!existing && task.state == UpsState::InProgress)
        return fail(ErrorCode::TaskClaimedByOther, QStringLiteral("in progress elsewhere"));
    // A claim of ours taken up again is judged as it was when it was first made.
    ReadingTask asFirstSeen = task;
    if (existing)
        asFirstSeen.state = UpsState::Scheduled;
    if (const Status allowed =
            mayMove(task, readingStateOf(asFirstSeen), claimMoveOf(task), request.user, request.selfReviewAllowed, {});
        !allowed)
        return fail(allowed.error());
    if (existing && existing->settled == ClaimStore::Settled::Held)
        return *existing;
    const Result<ClaimStore::Claim> begun =
        m_deps.claims.begin(task.uid, TransactionUid(m_deps.uids.next()), request.user.id);
    if (!begun)
        return fail(begun.error());
    if (begun->user != request.user.id)
        return fail(ErrorCode::TaskClaimedByOther, QStringLiteral("held by another user of this workstation"));
    Result<ClaimStore::Claim> answer = ask(*begun, request.user, request.imagesHere, !existing, token);
    if (answer && answer->settled == ClaimStore::Settled::Held) {
        ReadingTask ours = task;
        ours.state = UpsState::InProgress;
        ours.holderName = performer(request.user).personName;
        ours.holderStation = m_deps.stationName;
        if (const Status kept = m_deps.tasks.put(ours); !kept)
            qCWarning(logStorage) << "task not cached:" << kept.error().toString();
    }
    return answer;
}

Result<ClaimStore::Claim> ClaimService::ask(ClaimStore::Claim claim, const User& user, bool mayWait, bool isFresh,
                                            const CancelToken& token) {
    const Status answer = m_deps.source.claim(claim.task, claim.transaction, performer(user), token);
    if (answer) {
        if (const Status kept = m_deps.claims.markHeld(claim.task); !kept)
            return fail(kept.error());
        claim.settled = ClaimStore::Settled::Held;
        note("task.claimed", user.id, claim.task, {{"transaction", claim.transaction.value()}});
        return claim;
    }
    const ErrorCode code = answer.error().code;
    if (!isRefusal(code) && mayWait)
        return claim;
    if (isRefusal(code)) {
        const Result<Error> lost = lose(claim, answer.error(), token);
        return fail(lost ? *lost : lost.error());
    }
    // A claim asked before may have been heard then, so only a fresh one is dropped when this call did not get through.
    if (isFresh && wasNotAsked(code))
        if (const Status kept = m_deps.claims.markFinished(claim.task); !kept)
            return fail(kept.error());
    return fail(answer.error());
}

Result<Error> ClaimService::lose(const ClaimStore::Claim& claim, Error reason, const CancelToken& token) {
    refreshCache(claim.task, token);
    ConflictStore::Conflict conflict;
    conflict.task = claim.task;
    conflict.user = claim.user;
    if (const Result<ReadingTask> seen = m_deps.tasks.get(claim.task)) {
        conflict.study = seen->order.study;
        conflict.holderName = seen->holderName;
        conflict.holderStation = seen->holderStation;
        // The platform says only that the task is finished; it may have been taken back and not read by another.
        if (reason.code == ErrorCode::TaskClaimedByOther && seen->state == UpsState::Canceled)
            reason.code = ErrorCode::TaskWithdrawn;
    }
    conflict.reason = reason.code;
    if (m_deps.conflicts)
        if (const Status kept = m_deps.conflicts->note(conflict); !kept)
            return fail(kept.error());
    if (const Status kept = m_deps.claims.markFinished(claim.task); !kept)
        return fail(kept.error());
    note("task.claim-lost", claim.user, claim.task, {{"reason", errorName(reason.code)}});
    return reason;
}

Status ClaimService::release(const ReadingTask& task, const User& user, const QString& reason,
                             const CancelToken& token) {
    const bool isReview = task.kind == TaskKind::Review;
    return giveUp(task, user, isReview ? ReadingMove::ReleaseReview : ReadingMove::Release, reason, token);
}

Status ClaimService::rejectStudy(const ReadingTask& task, const User& user, const QString& reason,
                                 const CancelToken& token) {
    return giveUp(task, user, ReadingMove::RejectStudy, reason, token);
}

Status ClaimService::giveUp(const ReadingTask& task, const User& user, ReadingMove move, const QString& reason,
                            const CancelToken& token) {
    const Result<std::optional<ClaimStore::Claim>> found = m_deps.claims.find(task.uid);
    if (!found)
        return fail(found.error());
    if (!*found)
        return fail(ErrorCode::TaskNotClaimed, task.uid.value());
    const ClaimStore::Claim& claim = **found;
    if (claim.user != user.id)
        return fail(ErrorCode::TaskClaimedByOther, QStringLiteral("held by another user of this workstation"));
    const ReadingState from = task.kind == TaskKind::Review ? ReadingState::Reviewing : ReadingState::Reading;
    if (const Status allowed = mayMove(task, from, move, user, true, reason); !allowed)
        return allowed;
    const Status answer = m_deps.source.cancel(task.uid, claim.transaction, toText({move, reason.trimmed()}), token);
    // A claim the platform never had, or has no more, is over as well.
    const bool isOver = answer || isRefusal(answer.error().code) || answer.error().code == ErrorCode::TaskNotClaimed;
    if (!isOver)
        return answer;
    if (const Status kept = m_deps.claims.markFinished(task.uid); !kept)
        return kept;
    refreshCache(task.uid, token);
    const bool wasProvisional = claim.settled == ClaimStore::Settled::Asked;
    if (!answer && !wasProvisional)
        return answer;
    note(move == ReadingMove::RejectStudy ? "study.rejected" : "task.released", user.id, task.uid,
         {{"reason", reason.trimmed()}});
    return {};
}

Result<SettleOutcome> ClaimService::settleAll(const CancelToken& token, const Which& which) {
    const Result<std::vector<ClaimStore::Claim>> open = m_deps.claims.unfinished();
    if (!open)
        return fail(open.error());
    SettleOutcome outcome;
    for (const ClaimStore::Claim& claim : *open) {
        if (token.isCancelled())
            return fail(ErrorCode::Cancelled);
        if (which && !which(claim))
            continue;
        if (outcome.away)
            outcome.unanswered.push_back(claim);
        else
            settleOne(claim, outcome, token);
    }
    return outcome;
}

void ClaimService::notAnswered(const ClaimStore::Claim& claim, const Error& error, SettleOutcome& outcome) const {
    outcome.unanswered.push_back(claim);
    if (isPlatformAway(error.code))
        outcome.away = error;
}

void ClaimService::settleOne(const ClaimStore::Claim& claim, SettleOutcome& outcome, const CancelToken& token) {
    const auto loseIt = [&](const Error& reason) {
        if (const Result<Error> lost = lose(claim, reason, token))
            outcome.lost.push_back({claim, *lost});
        else
            outcome.unanswered.push_back(claim);
    };
    if (claim.settled == ClaimStore::Settled::Asked) {
        const Result<User> user = m_deps.users.byId(claim.user);
        if (!user)
            return loseIt(user.error());
        const Result<ClaimStore::Claim> answer = ask(claim, *user, false, false, token);
        if (answer)
            outcome.held.push_back(*answer);
        else if (isRefusal(answer.error().code))
            outcome.lost.push_back({claim, answer.error()});
        else
            notAnswered(claim, answer.error(), outcome);
        return;
    }
    const Result<ReadingTask> current = m_deps.source.get(claim.task, token);
    if (!current) {
        if (current.error().code == ErrorCode::TaskGone)
            loseIt(current.error());
        else
            notAnswered(claim, current.error(), outcome);
        return;
    }
    // A claim whose lease ran out may be another's by now, and that one may have finished already.
    const bool isElsewhere = !current->holderStation.isEmpty() && current->holderStation != m_deps.stationName;
    if (current->state == UpsState::Canceled)
        return loseIt({ErrorCode::TaskWithdrawn, {}});
    if (isElsewhere && current->state != UpsState::Scheduled)
        return loseIt({ErrorCode::TaskClaimedByOther, {}});
    if (current->state == UpsState::Completed) {
        if (m_deps.claims.markFinished(claim.task))
            outcome.finished.push_back(claim);
        else
            outcome.unanswered.push_back(claim);
        return;
    }
    outcome.held.push_back(claim);
}

} // namespace yz
