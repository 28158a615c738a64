#include "worklist/worklist_row.h"

#include "domain/cancel_reason.h"

#include <QStringList>

namespace yz {

namespace {

bool isReview(const ReadingTask& task) { return task.kind == TaskKind::Review; }

/// A report signed here is ahead of the platform until the outbox has run.
bool isAhead(const ReadingTask& task, ReadingState reportState) {
    switch (reportState) {
    case ReadingState::Submitted:
    case ReadingState::Rejected:
        return !isReview(task);
    case ReadingState::Returned:
    case ReadingState::Approved:
    case ReadingState::Published:
    case ReadingState::Amended:
    case ReadingState::Withdrawn:
        return isReview(task);
    case ReadingState::Waiting:
    case ReadingState::Reading:
    case ReadingState::Reviewing:
        break;
    }
    return false;
}

/// "Wang^XiaoDong" gives "wangxiaodong" and the initials "wxd".
QString pinyinForms(const QString& alphabetic) {
    QString joined, initials;
    const bool hasLower = alphabetic.toUpper() != alphabetic;
    bool isFirst = true;
    for (const QChar c : alphabetic) {
        if (!c.isLetterOrNumber()) {
            isFirst = true;
            continue;
        }
        if (isFirst || (hasLower && c.isUpper()))
            initials += c;
        joined += c;
        isFirst = false;
    }
    return joined + u' ' + initials;
}

QString haystackOf(const ReadingTask& task) {
    const Order& order = task.order;
    const QStringList parts{order.patient.name.display(),
                            order.patient.name.alphabetic,
                            pinyinForms(order.patient.name.alphabetic),
                            order.patient.id.value(),
                            order.patient.nationalId,
                            order.accessionNumber,
                            order.item,
                            order.requestingHospital,
                            order.requestingDepartment,
                            order.requestingPhysician,
                            order.modality,
                            PersonName::fromDicom(task.holderName).display()};
    return searchForm(parts.join(u'\n'));
}

} // namespace

QString searchForm(const QString& text) { return text.normalized(QString::NormalizationForm_KC).toLower(); }

ReadingState readingStateOf(const ReadingTask& task) {
    switch (task.state) {
    case UpsState::Scheduled:
        if (isReview(task))
            return ReadingState::Submitted;
        if (task.reason.isEmpty() || cancelReasonFromText(task.reason).move == ReadingMove::Release)
            return ReadingState::Waiting;
        return ReadingState::Returned;
    case UpsState::InProgress:
        return isReview(task) ? ReadingState::Reviewing : ReadingState::Reading;
    case UpsState::Completed:
        return isReview(task) ? ReadingState::Approved : ReadingState::Submitted;
    case UpsState::Canceled:
        return isReview(task) ? ReadingState::Returned : ReadingState::Rejected;
    }
    return ReadingState::Waiting;
}

ReadingMove claimMoveOf(const ReadingTask& task) {
    return isReview(task) ? ReadingMove::TakeForReview : ReadingMove::Claim;
}

bool isAuthor(const ReadingTask& task, const User& user) {
    const QString author = PersonName::fromDicom(task.authorName).display();
    return !author.isEmpty() && author == PersonName::fromDicom(user.displayName).display();
}

Status mayClaim(const WorklistRow& row, const User& user, bool selfReviewAllowed) {
    const bool isOurs = row.holding == Holding::Mine || row.holding == Holding::Provisional;
    if (!isOurs && (row.holding == Holding::Other || row.task.state == UpsState::InProgress))
        return fail(ErrorCode::TaskClaimedByOther);
    MoveRequest request;
    request.from = readingStateOf(row.task);
    if (isOurs) // taken up again: judged as at the first claim
        request.from = row.task.kind == TaskKind::Review ? ReadingState::Submitted : ReadingState::Waiting;
    else if (!row.isOpen)
        return fail(ErrorCode::TaskStateForbids, stateName(row.state));
    request.move = claimMoveOf(row.task);
    request.actor = &user;
    request.actorIsAuthor = isAuthor(row.task, user);
    request.selfReviewAllowed = selfReviewAllowed;
    const Result<ReadingState> after = applyMove(request);
    return after ? Status() : Status(fail(after.error()));
}

WorklistRowPtr makeRow(const ReadingTask& task, const LocalTask& local, const UserId& me) {
    auto row = std::make_shared<WorklistRow>();
    row->task = task;
    row->state = readingStateOf(task);
    row->isOpen = task.state == UpsState::Scheduled || task.state == UpsState::InProgress;
    if (local.claim && row->isOpen) {
        const bool isMine = local.claim->user == me;
        const bool isHeld = local.claim->settled == ClaimStore::Settled::Held;
        row->holding = !isMine ? Holding::Other : isHeld ? Holding::Mine : Holding::Provisional;
        row->state = task.kind == TaskKind::Review ? ReadingState::Reviewing : ReadingState::Reading;
    } else if (task.state == UpsState::InProgress) {
        row->holding = Holding::Other;
    }
    if (local.reportState && isAhead(task, *local.reportState))
        row->state = *local.reportState;
    row->start = task.order.examTime.isValid() ? task.order.examTime : task.scheduledTime;
    row->due = task.dueTime;
    if (!row->due.isValid() && row->start.isValid())
        row->due = row->start.addSecs(60LL * targetMinutes(task.priority, task.order.modality, task.order.bodyPart));
    row->images = local.images;
    row->haystack = haystackOf(task);
    return row;
}

} // namespace yz
