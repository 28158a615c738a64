#include "session/prefetch_service.h"

#include "core/log.h"
#include "storage/desk_store.h"

#include <map>

namespace yz {

namespace {

const QString kPolicyKey = QStringLiteral("prefetch");
/// A folder without rows: a removal that a crash cut short, unless the first object of a study is just being written.
constexpr qint64 kOrphanSeconds = 3600;

bool isSettled(ReadingState state) {
    return state == ReadingState::Published || state == ReadingState::Amended || state == ReadingState::Withdrawn;
}

} // namespace

PrefetchPolicy prefetchPolicy(DeskStore& store) {
    const Result<PrefetchPolicy> policy = prefetchPolicyFromJson(store.settings().value(kPolicyKey).toObject());
    if (policy)
        return *policy;
    qCWarning(logSession) << "prefetch policy:" << policy.error().toString();
    return {};
}

Status setPrefetchPolicy(DeskStore& store, const PrefetchPolicy& policy) {
    return store.settings().set(kPolicyKey, toJson(policy));
}

Result<std::vector<WorklistRowPtr>> PrefetchService::rows(const UserId& user) const {
    const Result<TaskStore::Snapshot> tasks = m_store.tasks().all();
    if (!tasks)
        return fail(tasks.error());
    const Result<std::vector<ClaimStore::Claim>> claims = m_store.claims().unfinished();
    if (!claims)
        return fail(claims.error());
    QHash<WorkitemUid, LocalTask> local;
    for (const ClaimStore::Claim& claim : *claims)
        local[claim.task].claim = claim;
    std::vector<WorklistRowPtr> rows;
    for (const ReadingTask& task : tasks->tasks)
        rows.push_back(makeRow(task, local.value(task.uid), user));
    return rows;
}

Result<std::set<StudyUid>> PrefetchService::needed(const Request& request) const {
    DeskStore& store = m_store;
    std::set<StudyUid> needed = request.inUse;
    needed.insert(request.order.begin(), request.order.end());
    const auto tasks = store.tasks().all();
    const auto claims = store.claims().unfinished();
    const auto drafts = store.drafts().all();
    const auto outbox = store.outbox().open();
    const auto reports = store.reports().all();
    if (!tasks || !claims || !drafts || !outbox || !reports)
        return fail(!tasks    ? tasks.error()
                    : !claims ? claims.error()
                    : !drafts ? drafts.error()
                    : !outbox ? outbox.error()
                              : reports.error());
    std::map<WorkitemUid, StudyUid> studyOf;
    for (const ReadingTask& task : tasks->tasks) {
        studyOf[task.uid] = task.order.study;
        if (task.state == UpsState::Scheduled || task.state == UpsState::InProgress)
            needed.insert(task.order.study);
    }
    for (const ClaimStore::Claim& claim : *claims)
        needed.insert(studyOf[claim.task]);
    std::map<WorkitemUid, bool> isWritten; // signed for this task: its draft is history
    for (const ReportStore::Summary& report : *reports) {
        if (!report.undone && !isSettled(report.state))
            needed.insert(report.document.order.study);
        isWritten[report.document.task] = !report.undone;
    }
    for (const DraftStore::Draft& draft : *drafts)
        if (!isWritten[draft.task])
            needed.insert(studyOf[draft.task]);
    const auto conflicts = store.conflicts().open(); // to be compared with the pictures at hand
    if (!conflicts)
        return fail(conflicts.error());
    for (const ConflictStore::Conflict& conflict : *conflicts)
        needed.insert(conflict.study);
    for (const OutboxItem& item : *outbox)
        needed.insert(item.study);
    return needed;
}

Result<RoomPlan> PrefetchService::makeRoom(const Request& request) {
    DeskStore& store = m_store;
    const auto kept = store.studies().kept();
    const auto keepers = needed(request);
    if (!kept || !keepers)
        return fail(!kept ? kept.error() : keepers.error());
    const QDateTime now = m_clock.nowUtc();
    std::vector<KeptStudy> studies;
    std::set<StudyUid> known;
    for (const StudyStore::Kept& study : *kept) {
        known.insert(study.study);
        studies.push_back({study.study, study.lastUsed, store.vault().bytesOf(study.study)});
    }
    for (const StudyUid& folder : store.vault().studies())
        if (!known.contains(folder) && store.vault().changedAt(folder).secsTo(now) > kOrphanSeconds)
            if (const Status removed = store.vault().remove(folder); !removed)
                return fail(removed.error());
    RoomPlan plan = planRoom(std::move(studies), *keepers, store.vault().freeBytes(), request.policy, now);
    for (const StudyUid& study : plan.goes) {
        // Rows first: a study that is listed is there.
        if (const Status forgotten = store.studies().remove(study); !forgotten)
            return fail(forgotten.error());
        if (const Status removed = store.vault().remove(study); !removed)
            return fail(removed.error());
    }
    return plan;
}

Result<PrefetchService::Outcome> PrefetchService::step(const Request& request,
                                                       const AcquireService::ProgressSink& onProgress,
                                                       const CancelToken& token) {
    Result<RoomPlan> room = makeRoom(request);
    if (!room)
        return fail(room.error());
    Outcome outcome;
    outcome.wanted = static_cast<int>(request.order.size());
    outcome.isFull = room->isFull;
    outcome.removed = std::move(room->goes);
    std::optional<StudyUid> next;
    for (const StudyUid& study : request.order) {
        const auto completeness = m_store.studies().completeness(study);
        if (!completeness)
            return fail(completeness.error());
        if (completeness->isComplete())
            ++outcome.here;
        else if (!next && !request.notBefore.contains(study))
            next = study;
    }
    if (!next || outcome.isFull)
        return outcome;
    outcome.fetched = next;
    if (const Result<StudyRecord> fetched = m_acquire.acquire(*next, {}, onProgress, token))
        ++outcome.here;
    else
        outcome.problem = fetched.error();
    return outcome;
}

} // namespace yz
