#include "session/conflict_service.h"

#include "reporting/manifest.h"
#include "reporting/report_verifier.h"
#include "session/acquire_service.h"
#include "storage/desk_store.h"

#include <algorithm>

namespace yz {

namespace {

ConflictService::Side sideOf(const ReportDocument& document) {
    ConflictService::Side side;
    side.content = document.content;
    side.name = document.author.name;
    side.isSigned = true;
    side.at = document.reviewer ? document.reviewer->signedAt : document.author.signedAt;
    side.hasReviewer = document.reviewer.has_value();
    if (document.reviewer)
        side.reviewerName = document.reviewer->name;
    return side;
}

} // namespace

Result<ConflictService::Side> ConflictService::oursOf(const ConflictStore::Conflict& conflict) const {
    if (!conflict.srInstance.isEmpty()) {
        const Result<SignedReport> version = m_store.reports().version(conflict.srInstance);
        if (!version)
            return fail(version.error());
        return sideOf(version->document);
    }
    Side side;
    if (const Result<User> user = m_store.users().byId(conflict.user))
        side.name = user->displayName;
    const Result<std::optional<DraftStore::Draft>> draft = m_store.drafts().find(conflict.task, conflict.user);
    if (!draft)
        return fail(draft.error());
    if (*draft) {
        side.content = (*draft)->content;
        side.at = (*draft)->savedAt;
    }
    return side;
}

Result<std::vector<ConflictService::Case>> ConflictService::open() const {
    const Result<std::vector<ConflictStore::Conflict>> conflicts = m_store.conflicts().open();
    if (!conflicts)
        return fail(conflicts.error());
    std::vector<Case> cases;
    for (const ConflictStore::Conflict& conflict : *conflicts) {
        Result<Side> ours = oursOf(conflict);
        if (!ours)
            return fail(ours.error());
        Case one{conflict, {}, std::move(*ours)};
        if (const Result<ReadingTask> task = m_store.tasks().get(conflict.task))
            one.order = task->order;
        else if (const Result<SignedReport> version = m_store.reports().version(conflict.srInstance))
            one.order = version->document.order;
        cases.push_back(std::move(one));
    }
    return cases;
}

Result<std::optional<ConflictService::Side>> ConflictService::theirs(const ConflictStore::Conflict& conflict,
                                                                     const CancelToken& token) {
    const Result<std::vector<InstanceRecord>> objects = m_studies.findInstances(conflict.study, token);
    if (!objects)
        return fail(objects.error());
    std::optional<ReportDocument> newest;
    for (const InstanceRecord& object : *objects) {
        if (object.sopClass != kReportSrClass || object.instance == conflict.srInstance)
            continue;
        // What was signed or reviewed at this desk is no other side.
        if (m_store.reports().version(object.instance))
            continue;
        const Result<QByteArray> file =
            m_acquire.fetchReportObject(conflict.study, object.series, object.instance, token);
        if (!file)
            return fail(file.error());
        const VerificationReport proof = ReportVerifier(m_encoder, m_verifier).verify(*file);
        if (!proof.problems.empty())
            return fail(ErrorCode::SignedContentChanged, verificationCodeName(proof.problems.front().code));
        const Result<SignedReport> report = openReceivedReport(m_encoder, *file, {});
        if (!report)
            return fail(report.error());
        if (!newest || newest->version < report->document.version)
            newest = report->document;
    }
    return newest ? std::optional(sideOf(*newest)) : std::nullopt;
}

Status ConflictService::keepHere(const ConflictStore::Conflict& conflict, const User& user) {
    if (!conflict.srInstance.isEmpty()) {
        const AuditEntry audit{QStringLiteral("report.kept-here"),
                               user.id,
                               conflict.srInstance.value(),
                               true,
                               {{"reason", errorName(conflict.reason)}, {"task", conflict.task.value()}}};
        // A crash may have come between the two.
        if (const Status aside = m_store.reports().setAside(conflict.srInstance, audit);
            !aside && aside.error().code != ErrorCode::NotAllowed)
            return aside;
        const Result<std::vector<OutboxItem>> rows = m_store.outbox().ofReport(conflict.srInstance);
        if (!rows)
            return fail(rows.error());
        const bool isLeaving = std::any_of(rows->begin(), rows->end(), [](const OutboxItem& row) {
            return row.state == OutboxItem::State::Sent || row.state == OutboxItem::State::Queued;
        });
        if (isLeaving)
            return fail(ErrorCode::NotAllowed, QStringLiteral("it is being sent"));
    }
    return m_store.conflicts().close(conflict.number);
}

} // namespace yz
