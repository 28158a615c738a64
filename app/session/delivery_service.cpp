#include "session/delivery_service.h"

#include "core/log.h"
#include "session/message_delivery.h"
#include "storage/desk_store.h"

#include <QRandomGenerator>
#include <algorithm>
#include <array>
#include <utility>

namespace yz {

namespace {

/// Whatever is sent next meets the same.
constexpr std::array kAway{ErrorCode::PlatformUnreachable,      ErrorCode::AssociationRefused,
                           ErrorCode::CalledAeTitleRefused,     ErrorCode::CallingAeTitleRefused,
                           ErrorCode::AssociationAborted,       ErrorCode::NetworkTimeout,
                           ErrorCode::PeerOutOfResources,       ErrorCode::ServerBusy,
                           ErrorCode::ServerCertificateRefused, ErrorCode::TlsFailed};

bool isAway(ErrorCode code) { return std::find(kAway.begin(), kAway.end(), code) != kAway.end(); }

/// The report itself is fine; the task is not ours.
bool isConflict(ErrorCode code) {
    return code == ErrorCode::TaskClaimedByOther || code == ErrorCode::TaskWithdrawn || code == ErrorCode::TaskGone ||
           code == ErrorCode::TaskNotClaimed || code == ErrorCode::TaskStateForbids;
}

qint64 monotonicMs(const Clock& clock) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic().time_since_epoch()).count();
}

QString performerName(const ReportDocument& document) {
    const SignerStatement& signer = document.reviewer ? *document.reviewer : document.author;
    return personNameFromText(signer.name).toDicom();
}

} // namespace

std::chrono::seconds DeliveryService::backoff(int attempts) {
    return std::min(OutboxStore::kLongestRetry, std::chrono::seconds(5 * (1 << std::clamp(attempts, 0, 7))));
}

bool DeliveryService::isFinal(ErrorCode code) {
    switch (code) {
    case ErrorCode::PeerRefusedObject:
    case ErrorCode::RequestTooLarge:
    case ErrorCode::TaskGone:
    case ErrorCode::TaskClaimedByOther:
    case ErrorCode::TaskStateForbids:
    case ErrorCode::TaskNotClaimed:
    case ErrorCode::TaskWithdrawn:
    case ErrorCode::NotFound:
    case ErrorCode::InvalidArgument:
    case ErrorCode::NotSupported:
        return true;
    default:
        return false;
    }
}

std::chrono::milliseconds DeliveryService::platformPause() const {
    return std::chrono::milliseconds(std::max<qint64>(m_platformPauseEnds.load() - monotonicMs(m_clock), 0));
}

void DeliveryService::endPlatformPause() { m_platformPauseEnds = 0; }

void DeliveryService::notePlatformAway() {
    const double chance = 0.75 + 0.5 * QRandomGenerator::global()->generateDouble();
    const std::chrono::milliseconds pause = backoff(m_platformFailures++);
    m_platformPauseEnds = monotonicMs(m_clock) + static_cast<qint64>(chance * static_cast<double>(pause.count()));
}

Status DeliveryService::notePlatformAnswered() {
    m_platformPauseEnds = 0;
    if (std::exchange(m_platformFailures, 0) == 0)
        return {};
    return m_store.outbox().resumePlatform({kAway.begin(), kAway.end()});
}

Status DeliveryService::noteConflict(const OutboxItem& item, ErrorCode reason, const CancelToken& token) {
    const Result<SignedReport> report = m_store.reports().version(item.reportInstance);
    if (!report)
        return report.error().code == ErrorCode::NotFound ? Status() : fail(report.error());
    const ReportDocument& document = report->document;
    ConflictStore::Conflict conflict;
    conflict.task = item.task;
    conflict.user = document.reviewer ? document.reviewer->user : document.author.user;
    conflict.study = item.study;
    conflict.reason = reason;
    if (const Result<ReadingTask> task = m_worklist.get(item.task, token)) {
        conflict.holderName = task->holderName;
        conflict.holderStation = task->holderStation;
        if (const Status kept = m_store.tasks().put(*task); !kept)
            qCWarning(logSession) << "task not cached:" << kept.error().toString();
    }
    return m_store.conflicts().note(conflict);
}

Result<std::optional<DeliveryOutcome>> DeliveryService::deliverNext(const CancelToken& token, OutboxStore::For whom) {
    Result<std::optional<OutboxItem>> next = m_store.outbox().nextDue(whom);
    if (!next)
        return fail(next.error());
    if (!*next)
        return std::nullopt;
    const OutboxItem& item = **next;
    DeliveryOutcome outcome{item, OutboxItem::State::Delivered, std::nullopt};

    m_wasReached = false;
    const Result<QString> sent = send(item, token);
    if (item.target.isEmpty()) {
        // A commitment that does not come says nothing about the line.
        if (!sent && isAway(sent.error().code) && !m_wasReached)
            notePlatformAway();
        else if (sent || sent.error().code != ErrorCode::Cancelled)
            if (Status noted = notePlatformAnswered(); !noted)
                return fail(noted.error());
    }
    if (sent) {
        if (Status marked = m_store.outbox().markDelivered(item.number, *sent); !marked)
            return fail(marked.error());
        if (Status noted = noteTarget(item, true); !noted)
            return fail(noted.error());
        return outcome;
    }
    outcome.problem = sent.error();
    qCWarning(logSession) << "outbox item" << item.number << outboxKindName(item.kind) << sent.error().toString();
    // A platform that takes no such objects never will: a person should know, and nothing else waits for them.
    const bool isUnwanted =
        item.kind == OutboxItem::Kind::StoreObjects && sent.error().code == ErrorCode::PresentationContextRefused;
    if (isUnwanted || isFinal(sent.error().code)) {
        outcome.state = OutboxItem::State::Parked;
        if (Status marked = m_store.outbox().park(item.number, sent.error()); !marked)
            return fail(marked.error());
        if (isConflict(sent.error().code) && !item.task.isEmpty())
            if (Status noted = noteConflict(item, sent.error().code, token); !noted)
                return fail(noted.error());
        if (Status noted = noteTarget(item, true); !noted)
            return fail(noted.error());
        return outcome;
    }
    outcome.state = OutboxItem::State::Queued;
    const QDateTime again = m_clock.nowUtc().addSecs(backoff(item.attempts).count());
    if (Status marked = m_store.outbox().markRetry(item.number, sent.error(), again); !marked)
        return fail(marked.error());
    if (Status noted = noteTarget(item, false); !noted)
        return fail(noted.error());
    return outcome;
}

Status DeliveryService::noteTarget(const OutboxItem& item, bool answered) {
    if (item.target.isEmpty())
        return {};
    if (answered)
        return m_failures.remove(item.target) > 0 ? m_store.outbox().resumeTarget(item.target) : Status();
    int& failures = m_failures[item.target];
    const QDateTime until = m_clock.nowUtc().addSecs(backoff(failures).count());
    ++failures;
    return m_store.outbox().postponeTarget(item.target, until);
}

Result<QString> DeliveryService::send(const OutboxItem& item, const CancelToken& token) {
    if (item.kind == OutboxItem::Kind::SendMessage) {
        if (!m_messages)
            return fail(ErrorCode::NotAllowed, u"no target " + item.target);
        return m_messages->send(item, token);
    }
    if (const Status sent = sendToPlatform(item, token); !sent)
        return fail(sent.error());
    return QString();
}

Status DeliveryService::sendToPlatform(const OutboxItem& item, const CancelToken& token) {
    switch (item.kind) {
    case OutboxItem::Kind::StoreReport:
        return storeReport(item, token);
    case OutboxItem::Kind::SetOutput: {
        const Result<SignedReport> report = m_store.reports().version(item.reportInstance);
        if (!report)
            return fail(report.error());
        const ReportDocument& document = report->document;
        const std::vector<ReportReference> output{
            {document.order.study, document.srSeries, {kReportSrClass, document.srInstance}},
            {document.order.study, document.pdfSeries, {kReportPdfClass, document.pdfInstance}}};
        return m_worklist.setOutput(item.task, item.transaction, {performerName(document), m_stationName}, output,
                                    token);
    }
    case OutboxItem::Kind::CompleteTask: {
        const Status completed = m_worklist.complete(item.task, item.transaction, token);
        return completed ? finishClaim(item.task) : completed;
    }
    case OutboxItem::Kind::CancelTask: {
        const Status cancelled =
            m_worklist.cancel(item.task, item.transaction, item.details["reason"].toString(), token);
        return cancelled ? finishClaim(item.task) : cancelled;
    }
    case OutboxItem::Kind::StoreObjects:
        return storeObjects(item, token);
    case OutboxItem::Kind::SendMessage:
        break;
    }
    return fail(ErrorCode::Internal, QStringLiteral("unknown outbox item"));
}

Status DeliveryService::finishClaim(const WorkitemUid& task) {
    const Status finished = m_store.claims().markFinished(task);
    // Settling after a restart may have seen the task done on the platform before this row got its turn.
    if (!finished && finished.error().code == ErrorCode::TaskNotClaimed)
        return {};
    return finished;
}

Status DeliveryService::isStillOurs(const OutboxItem& item, const CancelToken& token) {
    if (item.task.isEmpty()) // an amendment stands for itself
        return {};
    const Result<std::optional<ClaimStore::Claim>> claim = m_store.claims().find(item.task);
    if (!claim)
        return fail(claim.error());
    const Result<std::vector<OutboxItem>> rows = m_store.outbox().ofReport(item.reportInstance);
    if (!rows)
        return fail(rows.error());
    const bool isDone = std::any_of(rows->begin(), rows->end(), [](const OutboxItem& row) {
        return row.kind == OutboxItem::Kind::CompleteTask && row.state == OutboxItem::State::Delivered;
    });
    if (isDone) // published before; the platform lost the object
        return {};
    const Result<ReadingTask> task = m_worklist.get(item.task, token);
    if (!task && task.error().code == ErrorCode::TaskGone) // tidied away, which takes nothing from the report
        return {};
    if (!task)
        return fail(task.error());
    if (task->isWithdrawn || task->state == UpsState::Canceled)
        return fail(ErrorCode::TaskWithdrawn);
    const bool isElsewhere = !task->holderStation.isEmpty() && task->holderStation != m_stationName;
    if (task->state == UpsState::Completed || isElsewhere)
        return fail(ErrorCode::TaskClaimedByOther, task->holderStation);
    // A claim that is still to be settled is asked for again before the next try.
    if (task->state == UpsState::Scheduled)
        return fail(*claim ? ErrorCode::PeerError : ErrorCode::TaskNotClaimed, QStringLiteral("not claimed yet"));
    return {};
}

Status DeliveryService::storeReport(const OutboxItem& item, const CancelToken& token) {
    const Result<SignedReport> report = m_store.reports().version(item.reportInstance);
    if (!report)
        return fail(report.error());
    const ReportDocument& document = report->document;
    const StudyUid& study = document.order.study;
    const SopReference sr{kReportSrClass, document.srInstance};
    const SopReference pdf{kReportPdfClass, document.pdfInstance};

    std::vector<ObjectToSend> objects{{sr, study, document.srSeries, report->srFile},
                                      {pdf, study, document.pdfSeries, report->pdfFile}};
    if (!report->measurementFile.isEmpty())
        objects.push_back({{kMeasurementSrClass, document.measurementInstance},
                           study,
                           document.measurementSeries,
                           report->measurementFile});
    // What the platform said it does not keep is sent again, whatever a query finds.
    const bool wasNotKept = item.lastError && item.lastError->code == ErrorCode::CommitmentFailed;
    std::vector<ObjectToSend> toSend;
    for (const ObjectToSend& object : objects) {
        const Result<bool> there = wasNotKept ? false : m_sink.has(study, object.series, object.object.instance, token);
        // A platform that answers no queries may have it already: the same object again does no harm.
        if (!there && there.error().code != ErrorCode::PresentationContextRefused)
            return fail(there.error());
        if (!there || !*there)
            toSend.push_back(object);
    }
    if (!toSend.empty())
        if (Status ours = isStillOurs(item, token); !ours)
            return ours;
    if (!toSend.empty()) {
        Status stored = m_sink.store(toSend, token);
        const auto isMeasurements = [](const ObjectToSend& object) {
            return object.object.sopClass == kMeasurementSrClass;
        };
        if (!stored && stored.error().code == ErrorCode::PresentationContextRefused &&
            std::any_of(toSend.begin(), toSend.end(), isMeasurements)) {
            // A platform that knows no such objects still gets the signed report.
            qCWarning(logSession) << "the platform takes no measurement reports; the report goes out without";
            std::erase_if(objects, isMeasurements);
            std::erase_if(toSend, isMeasurements);
            stored = toSend.empty() ? Status() : m_sink.store(toSend, token);
        }
        if (!stored)
            return stored;
    }
    std::vector<SopReference> references;
    for (const ObjectToSend& object : objects)
        references.push_back(object.object);

    m_wasReached = true;
    const TransactionUid transaction(m_uids.next());
    if (Status marked = m_store.outbox().markSent(item.number, transaction); !marked)
        return marked;
    const Result<CommitmentOutcome> proof = m_sink.commit(references, transaction, m_commitmentTimeout, token);
    if (!proof && proof.error().code == ErrorCode::PresentationContextRefused) {
        // This platform offers no commitment: its answer to a query is the proof.
        for (const ObjectToSend& object : objects) {
            const Result<bool> there = m_sink.has(study, object.series, object.object.instance, token);
            if (!there)
                return fail(there.error());
            if (!*there)
                return fail(ErrorCode::CommitmentFailed, QStringLiteral("stored, but not found by a query"));
        }
    } else if (!proof) {
        return fail(proof.error());
    } else if (!proof->failed.empty() || proof->committed.size() < references.size()) {
        return fail(ErrorCode::CommitmentFailed,
                    QStringLiteral("%1 of %2 objects not committed").arg(proof->failed.size()).arg(references.size()));
    }

    if (document.state == ReadingState::Approved) {
        const AuditEntry audit{QStringLiteral("report.published"), {}, document.srInstance.value(), true, {}};
        return m_store.reports().markPublished(document.srInstance, audit);
    }
    return {};
}

} // namespace yz
