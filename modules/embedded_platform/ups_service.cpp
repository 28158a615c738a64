#include "embedded_platform/ups_service.h"

#include "core/log.h"
#include "embedded_platform/announcement.h"
#include "embedded_platform/matching.h"
#include "embedded_platform/workitem_data_set.h"

#include <dcmtk/dcmdata/dcuid.h>

namespace yz::platform {

using namespace ups_status;

namespace {

enum ActionType : quint16 {
    kChangeState = 1,
    kRequestCancel = 2,
    kSubscribe = 3,
    kUnsubscribe = 4,
    kSuspendGlobal = 5
};

UpsService::Answer answer(quint16 status, const QString& comment = {}) { return {status, comment, {}, nullptr}; }

UpsService::Answer failure(const Error& error) {
    if (error.code == ErrorCode::NotFound)
        return answer(kNoSuchWorkitem, QStringLiteral("no such work item"));
    qCWarning(logPlatform).noquote() << "work item:" << error.toString();
    return answer(kProcessingFailure);
}

/// What a state change does to an item, by table PS3.4 CC.1.1-2; Success means that `next` is to be set.
quint16 verdictOn(const Workitem& item, UpsState next, const QString& transactionUid, bool leaseIsOver) {
    if (next == UpsState::Scheduled)
        return kScheduledOnlyByCreate;
    if (transactionUid.isEmpty())
        return kWrongTransactionUid;
    const bool isHolder = item.transactionUid == transactionUid;
    if (next == UpsState::InProgress) {
        switch (item.state) {
        case UpsState::Scheduled:
            return kSuccess;
        case UpsState::InProgress:
            // The same claim again: the answer to the first one was lost.
            return isHolder || leaseIsOver ? kSuccess : kAlreadyInProgress;
        default:
            return kMayNoLongerBeUpdated;
        }
    }
    switch (item.state) {
    case UpsState::Scheduled:
        return kNotInProgress;
    case UpsState::InProgress:
        return isHolder ? kSuccess : kWrongTransactionUid;
    case UpsState::Completed:
        if (!isHolder)
            return kWrongTransactionUid;
        return next == UpsState::Completed ? kAlreadyCompleted : kMayNoLongerBeUpdated;
    case UpsState::Canceled:
        if (!item.transactionUid.isEmpty() && !isHolder)
            return kWrongTransactionUid;
        return next == UpsState::Canceled ? kAlreadyCanceled : kMayNoLongerBeUpdated;
    }
    return kProcessingFailure;
}

/// Attributes only the platform writes.
bool isGuarded(const DcmTagKey& tag) {
    return tag == DCM_SOPClassUID || tag == DCM_SOPInstanceUID || tag == DCM_TransactionUID ||
           tag == DCM_SpecificCharacterSet || tag == DCM_ScheduledProcedureStepModificationDateTime ||
           tag.getElement() == 0;
}

void applyModifications(DcmDataset& workitem, DcmDataset& modifications) {
    DcmObject* object = nullptr;
    while ((object = modifications.nextInContainer(object)) != nullptr)
        if (!isGuarded(object->getTag().getXTag()))
            workitem.insert(static_cast<DcmElement*>(object->clone()), OFTrue); // a sequence replaces the whole one
}

void copyCancelInformation(DcmDataset& workitem, DcmDataset& information) {
    if (const QString reason = textOf(information, DCM_ReasonForCancellation); !reason.isEmpty())
        setCancelReason(workitem, reason);
}

} // namespace

UpsService::UpsService(Settings settings, WorkitemStore& workitems, SubscriptionStore& subscriptions, NodeStore& nodes,
                       TaskDesk& desk, const Clock& clock, UidSource& uids)
    : m_settings(settings), m_workitems(workitems), m_subscriptions(subscriptions), m_nodes(nodes), m_desk(desk),
      m_clock(clock), m_uids(uids) {}

UpsService::Answer UpsService::create(const QString& uid, DataSetPtr attributes) {
    toUtf8(attributes);
    if (textOf(*attributes, DCM_ProcedureStepState) != u"SCHEDULED")
        return answer(kNotScheduledAtCreation, QStringLiteral("state must be SCHEDULED"));
    if (!textOf(*attributes, DCM_TransactionUID).isEmpty())
        return answer(kInvalidAttributeValue, QStringLiteral("Transaction UID must be empty"));
    for (const DcmTagKey& tag : {DCM_ScheduledProcedureStepPriority, DCM_ProcedureStepLabel,
                                 DCM_ScheduledProcedureStepStartDateTime, DCM_InputReadinessState})
        if (textOf(*attributes, tag).isEmpty())
            return answer(kMissingAttribute, QString::fromLatin1(DcmTag(tag).getTagName()));
    const QString chosen = uid.isEmpty() ? m_uids.next() : uid;
    if (!isUsableUid(chosen))
        return answer(kInvalidArgument, QStringLiteral("SOP Instance UID"));
    attributes->findAndDeleteElement(DCM_TransactionUID);
    attributes->putAndInsertString(DCM_SOPClassUID, UID_UnifiedProcedureStepPushSOPClass);
    putText(*attributes, DCM_SOPInstanceUID, chosen);
    putText(*attributes, DCM_ScheduledProcedureStepModificationDateTime, utcDateTime(m_clock.nowUtc()));
    Workitem item = newWorkitem(std::move(attributes));
    announceState(item);
    if (Status added = m_workitems.add(item); !added)
        return added.error().code == ErrorCode::AlreadyExists ? answer(kDuplicateInstance) : failure(added.error());
    Answer created = answer(kSuccess);
    created.instance = chosen;
    return created;
}

UpsService::Answer UpsService::get(const QString& uid, const std::vector<DcmTagKey>& attributes) {
    Result<std::optional<Workitem>> item = m_workitems.get(uid);
    if (!item)
        return failure(item.error());
    if (!*item)
        return answer(kNoSuchWorkitem, QStringLiteral("no such work item"));
    Answer found = answer(kSuccess);
    if (attributes.empty()) {
        found.dataSet = std::move((*item)->dataSet);
        return found;
    }
    DcmDataset keys;
    for (const DcmTagKey& tag : attributes)
        if (tag != DCM_TransactionUID)
            keys.insertEmptyElement(DcmTag(tag));
    found.dataSet = std::make_unique<DcmDataset>();
    copyRequested(keys, *(*item)->dataSet, *found.dataSet);
    putText(*found.dataSet, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    return found;
}

UpsService::Answer UpsService::set(const QString& uid, DcmDataset& modifications) {
    DataSetPtr wanted = copyOf(modifications);
    toUtf8(wanted);
    const QString transactionUid = textOf(*wanted, DCM_TransactionUID);
    quint16 refused = kSuccess;
    Result<Workitem> changed = m_workitems.modify(uid, [&](Workitem& item) -> Status {
        const QString state = textOf(*wanted, DCM_ProcedureStepState);
        if (item.state == UpsState::Completed || item.state == UpsState::Canceled)
            refused = kMayNoLongerBeUpdated;
        else if (item.state == UpsState::Scheduled && !transactionUid.isEmpty())
            refused = kNotInProgress;
        else if (item.state == UpsState::InProgress && transactionUid != item.transactionUid)
            refused = kWrongTransactionUid;
        else if (!state.isEmpty() && state != upsStateName(item.state))
            refused = kInvalidAttributeValue;
        if (refused != kSuccess)
            return fail(ErrorCode::NotAllowed, QStringLiteral("refused"));
        applyModifications(*item.dataSet, *wanted);
        setState(*item.dataSet, item.state, m_clock.nowUtc());
        if (wanted->tagExists(DCM_ProcedureStepProgressInformationSequence))
            announceProgress(item);
        return {};
    });
    if (refused != kSuccess)
        return answer(refused);
    if (!changed)
        return failure(changed.error());
    return answer(kSuccess);
}

UpsService::Answer UpsService::action(const QString& uid, quint16 type, DcmDataset& information,
                                      const QString& callingAeTitle) {
    DataSetPtr wanted = copyOf(information);
    toUtf8(wanted);
    switch (type) {
    case kChangeState:
        return changeState(uid, *wanted, callingAeTitle);
    case kRequestCancel:
        return requestCancel(uid, *wanted, callingAeTitle);
    case kSubscribe:
    case kUnsubscribe:
    case kSuspendGlobal:
        return subscribe(uid, type, *wanted);
    default:
        return answer(kNoSuchAction, QStringLiteral("action type %1").arg(type));
    }
}

UpsService::Answer UpsService::changeState(const QString& uid, DcmDataset& information, const QString& holder) {
    const QString transactionUid = textOf(information, DCM_TransactionUID);
    UpsState next = UpsState::Scheduled;
    if (!upsStateFromName(textOf(information, DCM_ProcedureStepState), next))
        return answer(kInvalidArgument, QStringLiteral("Procedure Step State"));
    quint16 verdict = kSuccess;
    QString comment;
    bool isRepeat = false;
    Result<Workitem> changed = m_workitems.modify(uid, [&](Workitem& item) -> Status {
        const QDateTime now = m_clock.nowUtc();
        // Claimed later than now: the clock was set back, and a lease lasts no longer for it.
        const bool wasSetBack = item.claimedAt.isValid() && item.claimedAt > now;
        if (wasSetBack)
            item.claimedAt = now;
        const bool leaseIsOver = item.claimedAt.isValid() && item.claimedAt.secsTo(now) > m_settings.lease.count();
        verdict = verdictOn(item, next, transactionUid, leaseIsOver);
        if (verdict == kSuccess && next == UpsState::Completed) {
            if (const QString missing = missingForCompletion(*item.dataSet); !missing.isEmpty()) {
                verdict = kFinalStateNotMet;
                comment = u"missing: " + missing;
            }
        }
        if (verdict != kSuccess)
            return wasSetBack ? Status() : fail(ErrorCode::NotAllowed, QStringLiteral("refused"));
        isRepeat = item.state == next && item.transactionUid == transactionUid;
        if (isRepeat)
            return {};
        if (next == UpsState::InProgress) {
            if (item.state == UpsState::InProgress) { // taken over: what the former holder did is void
                item.dataSet->findAndDeleteElement(DCM_UnifiedProcedureStepPerformedProcedureSequence);
                item.dataSet->insertEmptyElement(DCM_UnifiedProcedureStepPerformedProcedureSequence);
            }
            item.transactionUid = transactionUid;
            item.holder = holder;
            item.claimedAt = now;
        } else {
            copyCancelInformation(*item.dataSet, information);
            item.needsFollowUp = true;
        }
        item.state = next;
        setState(*item.dataSet, next, now);
        announceState(item);
        return {};
    });
    if (verdict != kSuccess)
        return answer(verdict, comment);
    if (!changed)
        return failure(changed.error());
    if (isRepeat)
        return answer(kSuccess);
    if (changed->needsFollowUp)
        if (Status followed = m_desk.workFinished(*changed); !followed)
            qCWarning(logPlatform).noquote() << "follow-up:" << followed.error().toString();
    return answer(kSuccess);
}

UpsService::Answer UpsService::requestCancel(const QString& uid, DcmDataset& information,
                                             const QString& callingAeTitle) {
    quint16 verdict = kSuccess;
    Result<Workitem> changed = m_workitems.modify(uid, [&](Workitem& item) -> Status {
        const bool isHeld = item.state == UpsState::InProgress;
        if (item.state == UpsState::Completed)
            verdict = kIsCompleted;
        else if (item.state == UpsState::Canceled)
            verdict = kAlreadyCanceled;
        if (verdict != kSuccess)
            return fail(ErrorCode::NotAllowed, QStringLiteral("refused"));
        if (isHeld) { // its holder decides
            announceCancelRequest(item, callingAeTitle, textOf(information, DCM_ReasonForCancellation));
            return {};
        }
        item.state = UpsState::Canceled;
        copyCancelInformation(*item.dataSet, information);
        setState(*item.dataSet, UpsState::Canceled, m_clock.nowUtc());
        announceState(item);
        return {};
    });
    if (verdict != kSuccess)
        return answer(verdict);
    if (!changed)
        return failure(changed.error());
    return answer(kSuccess);
}

UpsService::Answer UpsService::subscribe(const QString& uid, quint16 type, DcmDataset& information) {
    const QString aeTitle = textOf(information, DCM_ReceivingAE).trimmed();
    const bool isGlobal = uid == QLatin1String(UID_UPSGlobalSubscriptionSOPInstance);
    if (type == kSuspendGlobal && !isGlobal)
        return answer(kInvalidArgument, QStringLiteral("not the global subscription"));
    const Result<std::optional<PeerAddress>> node = m_nodes.find(aeTitle);
    if (!node)
        return failure(node.error());
    if (!*node)
        return answer(kReceivingAeUnknown, QStringLiteral("receiving AE title unknown"));
    Result<std::optional<Workitem>> item = std::optional<Workitem>();
    if (!isGlobal) {
        item = m_workitems.get(uid);
        if (!item)
            return failure(item.error());
        if (!*item)
            return answer(kNoSuchWorkitem, QStringLiteral("no such work item"));
    }
    Status done;
    if (type == kSubscribe)
        done = m_subscriptions.subscribe(aeTitle, uid, textOf(information, DCM_DeletionLock) == u"TRUE");
    else
        done =
            type == kUnsubscribe ? m_subscriptions.unsubscribe(aeTitle, uid) : m_subscriptions.suspendGlobal(aeTitle);
    if (!done)
        return failure(done.error());
    if (type == kSubscribe && *item)
        m_desk.announceStateTo(aeTitle, **item); // the state at the beginning (PS3.4 CC.2.3.3)
    return answer(kSuccess);
}

quint16 UpsService::find(DcmDataset& keys, const std::function<bool(DcmDataset&)>& found) {
    DataSetPtr wanted = copyOf(keys);
    toUtf8(wanted);
    const QStringList states = textOf(*wanted, DCM_ProcedureStepState).split(u'\\', Qt::SkipEmptyParts);
    wanted->findAndDeleteElement(DCM_TransactionUID);
    const bool isPattern = states.join(QString()).contains(u'*') || states.join(QString()).contains(u'?');
    bool isStopped = false;
    const Status read = m_workitems.each(isPattern ? QStringList() : states, [&](Workitem& item) {
        if (!dataSetMatches(*wanted, *item.dataSet))
            return true;
        DcmDataset match;
        copyRequested(*wanted, *item.dataSet, match);
        match.putAndInsertString(DCM_SOPClassUID, UID_UnifiedProcedureStepPushSOPClass);
        putText(match, DCM_SOPInstanceUID, item.uid);
        putText(match, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
        isStopped = !found(match);
        return !isStopped;
    });
    if (!read)
        return 0xC000;
    return isStopped ? 0xFE00 : 0;
}

} // namespace yz::platform
