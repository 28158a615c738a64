#include "session/reading_pipeline.h"

#include "core/log.h"
#include "imaging/volume_load.h"
#include "reporting/manifest.h"
#include "reporting/report_verifier.h"

#include <algorithm>
#include <map>
#include <set>

namespace yz::pipeline {

namespace {

/// The task as the platform has it now, or as last seen when the platform is away.
Result<ReadingTask> taskAsSeen(const WorkitemUid& uid, Deps& deps, const CancelToken& token) {
    Result<ReadingTask> task = deps.worklist.get(uid, token);
    if (task || task.error().code == ErrorCode::TaskGone || task.error().code == ErrorCode::Cancelled)
        return task;
    Result<ReadingTask> cached = deps.store.tasks().get(uid);
    return cached ? cached : task;
}

} // namespace

Result<Worklist> refreshWorklist(Deps& deps, const CancelToken& token) {
    WorklistQuery query;
    query.states = {UpsState::Scheduled, UpsState::InProgress};
    Result<std::vector<ReadingTask>> fresh = deps.worklist.query(query, token);
    if (fresh) {
        if (Status kept = deps.store.tasks().replaceAll(*fresh); !kept)
            return fail(kept.error());
        return Worklist{std::move(*fresh), deps.clock.nowUtc(), std::nullopt};
    }
    Result<TaskStore::Snapshot> cached = deps.store.tasks().all();
    if (!cached)
        return fail(cached.error());
    return Worklist{std::move(cached->tasks), cached->asOf, fresh.error()};
}

Result<ReadingTask> claimTask(const WorkitemUid& uid, const User& user, Deps& deps, const CancelToken& token) {
    Result<ReadingTask> task = taskAsSeen(uid, deps, token);
    if (!task)
        return task;
    const Result<StudyStore::Completeness> pictures = deps.store.studies().completeness(task->order.study);
    const ClaimRequest request{*task, user, deps.site.selfReviewAllowed, pictures && pictures->isComplete()};
    if (const Result<ClaimStore::Claim> claim = deps.claims.claim(request, token); !claim)
        return fail(claim.error());
    return taskAsSeen(uid, deps, token);
}

Result<StudyRecord> acquireStudy(const StudyUid& study, const AcquireService::InstanceSink& onInstance,
                                 const AcquireService::ProgressSink& onProgress, Deps& deps, const CancelToken& token,
                                 const ReaderWishes& wishes) {
    return deps.acquire.acquire(study, onInstance, onProgress, token, wishes);
}

Result<IndexedStudy> indexStudy(const StudyUid& uid, Deps& deps, const CancelToken& token) {
    Result<StudyRecord> record = deps.store.studies().study(uid);
    if (!record)
        return fail(record.error());
    IndexedStudy study{*record, {}, {}};
    for (const SeriesRecord& series : record->series) {
        std::vector<const InstanceRecord*> withFrames;
        QStringList paths;
        for (const InstanceRecord& instance : series.instances) {
            if (instance.frameCount == 0)
                continue;
            withFrames.push_back(&instance);
            paths.append(instance.path);
        }
        const std::vector<DescribedFile> files = deps.pixels.describeFiles(paths, token);
        if (token.isCancelled())
            return fail(ErrorCode::Cancelled);
        std::vector<ImageDescriptionPtr> images;
        for (size_t i = 0; i < files.size(); ++i) {
            if (files[i].image)
                images.push_back(*files[i].image);
            else
                study.unreadable.push_back({withFrames[i]->instance, files[i].image.error()});
        }
        if (!images.empty())
            study.series.push_back({series, assembleStacks(std::move(images))});
    }
    return study;
}

HangingStudy hangingStudy(const IndexedStudy& study) {
    HangingStudy result;
    result.study = study.record.study;
    result.date = study.record.time.date();
    result.description = study.record.description;
    for (const IndexedSeries& series : study.series) {
        for (size_t i = 0; i < series.stacks.size(); ++i) {
            const Stack& stack = series.stacks[i];
            if (stack.frames.empty())
                continue;
            const FrameRef& middle = stack.frames[stack.frames.size() / 2];
            HangingSeries entry;
            entry.series = series.record.series;
            entry.modality = series.record.modality;
            entry.description = series.record.description;
            entry.bodyPart = series.record.bodyPart;
            entry.laterality = series.record.laterality;
            entry.viewPosition = series.record.viewPosition;
            entry.imageType = middle.image->imageType;
            entry.stackIndex = static_cast<int>(i);
            entry.frameCount = static_cast<int>(stack.frames.size());
            entry.canFormVolume = canFormVolume(stack).has_value();
            entry.plane = middle.description().plane;
            entry.seriesNumber = series.record.seriesNumber;
            if (result.modality.isEmpty())
                result.modality = entry.modality;
            if (result.bodyPart.isEmpty())
                result.bodyPart = entry.bodyPart;
            result.series.push_back(std::move(entry));
        }
    }
    return result;
}

Result<VolumePtr> loadVolume(const Stack& stack, const StudyRecord& study, Deps& deps, const CancelToken& token) {
    std::map<InstanceUid, QString> paths;
    for (const SeriesRecord& series : study.series)
        for (const InstanceRecord& instance : series.instances)
            paths[instance.instance] = instance.path;
    const auto pathOf = [&paths](const InstanceUid& instance) {
        const auto found = paths.find(instance);
        return found == paths.end() ? QString() : found->second;
    };
    Result<std::shared_ptr<Volume>> volume = loadVolume(stack, deps.pixels, pathOf, 0, token);
    if (!volume)
        return fail(volume.error());
    return VolumePtr(std::move(*volume));
}

namespace {

/// What the author wrote under another task of this study that he lost; none: nothing.
Result<std::optional<ReportContent>> contentOfLostTask(const ReadingTask& task, const User& author, Deps& deps) {
    const Result<std::vector<ConflictStore::Conflict>> conflicts = deps.store.conflicts().open();
    if (!conflicts)
        return fail(conflicts.error());
    for (auto conflict = conflicts->rbegin(); conflict != conflicts->rend(); ++conflict) {
        if (conflict->study != task.order.study || conflict->user != author.id || conflict->task == task.uid)
            continue;
        const Result<std::optional<DraftStore::Draft>> draft = deps.store.drafts().find(conflict->task, author.id);
        if (!draft)
            return fail(draft.error());
        if (*draft)
            return (*draft)->content;
    }
    return std::nullopt;
}

/// A report is signed anew under another task of the study: what could not leave under the lost one must not stand in
/// its way, and is kept here.
Status keepLostVersions(const ReadingTask& task, const User& author, Deps& deps) {
    const Result<std::vector<ConflictStore::Conflict>> conflicts = deps.store.conflicts().open();
    if (!conflicts)
        return fail(conflicts.error());
    for (const ConflictStore::Conflict& conflict : *conflicts) {
        if (conflict.study != task.order.study || conflict.user != author.id || conflict.task == task.uid)
            continue;
        if (!conflict.srInstance.isEmpty()) {
            const AuditEntry audit{QStringLiteral("report.kept-here"),
                                   author.id,
                                   conflict.srInstance.value(),
                                   true,
                                   {{"reason", errorName(conflict.reason)}, {"task", conflict.task.value()}}};
            if (Status aside = deps.store.reports().setAside(conflict.srInstance, audit);
                !aside && aside.error().code != ErrorCode::NotAllowed) // set aside already, or on its way
                return aside;
        }
        if (Status closed = deps.store.conflicts().close(conflict.number); !closed)
            return closed;
    }
    return {};
}

} // namespace

Result<std::optional<ReportContent>> returnedContent(const ReadingTask& task, const User& author, Deps& deps) {
    const Result<std::optional<ReportDocument>> latest = deps.store.reports().latestOfStudy(task.order.study);
    if (!latest)
        return fail(latest.error());
    if (!*latest || (*latest)->author.user != author.id)
        return contentOfLostTask(task, author, deps);
    const Result<ReadingState> state = deps.store.reports().state((*latest)->report);
    if (!state)
        return fail(state.error());
    // The return itself may be known to the reviewer's desk alone: here the report then still waits for him.
    if (*state != ReadingState::Submitted && *state != ReadingState::Returned)
        return std::nullopt;
    return (*latest)->content;
}

void citeEvidence(const StudyRecord& study, std::vector<SopReference>& objects, std::vector<SeriesUid>& seriesOf) {
    for (const SeriesRecord& series : study.series) {
        for (const InstanceRecord& instance : series.instances) {
            objects.push_back({instance.sopClass, instance.instance});
            seriesOf.push_back(series.series);
        }
    }
}

namespace {

/// A report on a study that the sender took back must not be signed, let alone leave.
Status notWithdrawn(const WorkitemUid& task, Deps& deps) {
    const Result<ReadingTask> seen = deps.store.tasks().get(task);
    return seen && seen->isWithdrawn ? Status(fail(ErrorCode::TaskWithdrawn)) : Status();
}

} // namespace

Result<SignedReport> submitReport(const SubmitRequest& request, Deps& deps) {
    const Result<std::optional<ClaimStore::Claim>> claim = deps.store.claims().find(request.task.uid);
    if (!claim)
        return fail(claim.error());
    if (!*claim || (*claim)->user != request.author.id)
        return fail(ErrorCode::TaskNotClaimed, request.task.uid.value());
    if (Status open = notWithdrawn(request.task.uid, deps); !open)
        return fail(open.error());
    const Result<StudyRecord> study = deps.store.studies().study(request.task.order.study);
    if (!study)
        return fail(study.error());
    if (Status kept = keepLostVersions(request.task, request.author, deps); !kept)
        return fail(kept.error());

    SubmitInput input;
    input.lock = {request.task.uid, (*claim)->transaction};
    input.context = request.context;
    citeEvidence(*study, input.evidence, input.evidenceSeries);
    input.content = request.content;
    input.author = request.author;
    input.pin = request.pin;
    input.acknowledgements = request.acknowledgements;
    input.measurements = request.measurements;
    return deps.signing.submit(input);
}

Result<ReviewCase> takeForReview(const WorkitemUid& uid, const User& reviewer, Deps& deps, const CancelToken& token) {
    Result<ReadingTask> task = taskAsSeen(uid, deps, token);
    if (!task)
        return fail(task.error());
    if (task->kind != TaskKind::Review)
        return fail(ErrorCode::TaskStateForbids, QStringLiteral("not a review task"));
    const auto sr = std::find_if(task->reports.begin(), task->reports.end(), [](const ReportReference& reference) {
        return reference.object.sopClass == kReportSrClass;
    });
    if (sr == task->reports.end())
        return fail(ErrorCode::NotFound, QStringLiteral("the review task names no report"));

    const Result<SignedReport> own = deps.store.reports().version(sr->object.instance);
    const ClaimRequest request{*task, reviewer, deps.site.selfReviewAllowed, own.has_value()};
    if (const Result<ClaimStore::Claim> claim = deps.claims.claim(request, token); !claim)
        return fail(claim.error());
    Result<ReadingTask> held = taskAsSeen(uid, deps, token);
    if (!held)
        return fail(held.error());
    held->reports = task->reports;

    // Written at this desk: everything is here, key pictures included.
    if (own)
        return ReviewCase{std::move(*held), *own};

    const Result<QByteArray> srFile = deps.acquire.fetchReportObject(sr->study, sr->series, sr->object.instance, token);
    if (!srFile)
        return fail(srFile.error());
    const auto pdf = std::find_if(task->reports.begin(), task->reports.end(), [](const ReportReference& reference) {
        return reference.object.sopClass == kReportPdfClass;
    });
    QByteArray pdfFile;
    if (pdf != task->reports.end()) {
        Result<QByteArray> fetched =
            deps.acquire.fetchReportObject(pdf->study, pdf->series, pdf->object.instance, token);
        if (!fetched)
            return fail(fetched.error());
        pdfFile = std::move(*fetched);
    }
    const VerificationReport proof = ReportVerifier(deps.encoder, deps.verifier).verify(*srFile, pdfFile);
    // Only the author has signed yet, so the reviewer's missing signature is no fault here.
    for (const VerificationProblem& problem : proof.problems)
        if (problem.code != VerificationCode::SignatureMissing)
            return fail(ErrorCode::SignedContentChanged, verificationCodeName(problem.code));
    Result<SignedReport> report = openReceivedReport(deps.encoder, *srFile, pdfFile);
    if (!report)
        return fail(report.error());
    if (Status kept = deps.store.reports().keepReceived(*report); !kept)
        return fail(kept.error());
    return ReviewCase{std::move(*held), std::move(*report)};
}

Result<SignedReport> approveReport(const ApproveRequest& request, Deps& deps) {
    const Result<std::optional<ClaimStore::Claim>> claim = deps.store.claims().find(request.review.task.uid);
    if (!claim)
        return fail(claim.error());
    if (!*claim || (*claim)->user != request.reviewer.id)
        return fail(ErrorCode::TaskNotClaimed, request.review.task.uid.value());
    if (Status open = notWithdrawn(request.review.task.uid, deps); !open)
        return fail(open.error());
    ApproveInput input;
    input.lock = {request.review.task.uid, (*claim)->transaction};
    input.received = request.review.report;
    input.content = request.content;
    input.context = request.context;
    input.reviewer = request.reviewer;
    input.pin = request.pin;
    input.acknowledgements = request.acknowledgements;
    return deps.signing.approve(input);
}

Status returnReport(const ReviewCase& review, const User& reviewer, const QString& reason, Deps& deps) {
    const Result<std::optional<ClaimStore::Claim>> claim = deps.store.claims().find(review.task.uid);
    if (!claim)
        return fail(claim.error());
    if (!*claim || (*claim)->user != reviewer.id)
        return fail(ErrorCode::TaskNotClaimed, review.task.uid.value());
    return deps.signing.returnToAuthor({{review.task.uid, (*claim)->transaction}, review.report, reviewer, reason});
}

namespace {

/// A claim made while the platform was away is made good before its report is sent: without it the report is not ours
/// to send. False: the platform is still away.
Result<bool> settleWhatIsSigned(Deps& deps, const CancelToken& token) {
    const Result<std::vector<ClaimStore::Claim>> claims = deps.store.claims().unfinished();
    if (!claims)
        return fail(claims.error());
    const auto isProvisional = [](const ClaimStore::Claim& claim) {
        return claim.settled == ClaimStore::Settled::Asked;
    };
    if (std::none_of(claims->begin(), claims->end(), isProvisional))
        return true;
    const Result<std::vector<OutboxItem>> rows = deps.store.outbox().open();
    if (!rows)
        return fail(rows.error());
    std::set<WorkitemUid> isSigned;
    for (const OutboxItem& row : *rows)
        if (row.state == OutboxItem::State::Queued || row.state == OutboxItem::State::Sent)
            isSigned.insert(row.task);
    const Result<SettleOutcome> settled = deps.claims.settleAll(
        token, [&](const ClaimStore::Claim& claim) { return isProvisional(claim) && isSigned.contains(claim.task); });
    if (!settled)
        return fail(settled.error());
    return !settled->away;
}

} // namespace

Result<std::vector<DeliveryOutcome>> deliverDue(Deps& deps, const CancelToken& token, int atMost) {
    std::vector<DeliveryOutcome> outcomes;
    const auto tryNext = [&](OutboxStore::For whom) -> Result<bool> {
        Result<std::optional<DeliveryOutcome>> outcome = deps.delivery.deliverNext(token, whom);
        if (!outcome)
            return fail(outcome.error());
        if (!*outcome)
            return false;
        const bool isStuck = (*outcome)->state == OutboxItem::State::Queued && whom == OutboxStore::For::Platform;
        outcomes.push_back(std::move(**outcome));
        return !isStuck;
    };
    const auto goesOn = [&](size_t before) {
        return !token.isCancelled() && outcomes.size() - before < static_cast<size_t>(atMost);
    };

    const Result<std::optional<OutboxItem>> next = deps.store.outbox().nextDue(OutboxStore::For::Platform);
    if (!next)
        return fail(next.error());
    if (*next && deps.delivery.platformPause().count() == 0) {
        const Result<bool> isThere = settleWhatIsSigned(deps, token);
        if (!isThere)
            return fail(isThere.error());
        if (!*isThere)
            deps.delivery.notePlatformAway();
        for (bool isOpen = *isThere; isOpen && goesOn(0);) {
            const Result<bool> more = tryNext(OutboxStore::For::Platform);
            if (!more)
                return fail(more.error());
            isOpen = *more;
        }
    }
    // A platform that does not answer holds up nobody but itself, and the same is true of every other target: the
    // delivery service postpones those as a whole.
    const size_t before = outcomes.size();
    for (bool isOpen = true; isOpen && goesOn(before);) {
        const Result<bool> more = tryNext(OutboxStore::For::Targets);
        if (!more)
            return fail(more.error());
        isOpen = *more;
    }
    return outcomes;
}

Result<std::optional<Receipt>> receiptOf(const InstanceUid& srInstance, Deps& deps) {
    const Result<std::vector<OutboxItem>> items = deps.store.outbox().ofReport(srInstance);
    if (!items)
        return fail(items.error());
    for (const OutboxItem& item : *items)
        if (item.kind == OutboxItem::Kind::StoreReport && item.state == OutboxItem::State::Delivered)
            return Receipt{srInstance, item.deliveredAt, item.transaction};
    return std::nullopt;
}

Result<SettleOutcome> resume(Deps& deps, const CancelToken& token) { return deps.claims.settleAll(token); }

} // namespace yz::pipeline
