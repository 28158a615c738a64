#include "embedded_platform/retrieve_service.h"

#include "core/log.h"
#include "embedded_platform/object_intake.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QSet>

namespace yz::platform {

namespace {

constexpr quint16 kPending = 0xFF00;
constexpr quint16 kCancelled = 0xFE00;
constexpr quint16 kSomeFailed = 0xB000;
constexpr quint16 kAllFailed = 0xA702;
constexpr quint16 kUnknownDestination = 0xA801;
constexpr quint16 kWrongIdentifier = 0xA900;
constexpr quint16 kUnableToProcess = 0xC000;
constexpr int kAnswerTimeoutSeconds = 60;
constexpr int kMostContexts = 120;

bool isPlain(E_TransferSyntax syntax) {
    return syntax == EXS_LittleEndianImplicit || syntax == EXS_LittleEndianExplicit ||
           syntax == EXS_BigEndianExplicit || syntax == EXS_DeflatedLittleEndianExplicit;
}

/// The context to send an instance on: its own syntax, else one it can be re-encoded to.
const Context* contextFor(const Association& target, bool needsRole, const ArchivedInstance& instance) {
    const E_TransferSyntax stored = syntaxFromUid(instance.transferSyntax);
    const Context* other = nullptr;
    for (const Context& context : target.contexts()) {
        if (context.abstractSyntax != instance.sopClass || (needsRole && !context.peerIsProvider))
            continue;
        if (context.syntax == stored)
            return &context;
        if (isPlain(context.syntax) && isPlain(stored))
            other = &context;
    }
    return other;
}

Result<QByteArray> encodedFor(const ArchivedInstance& instance, E_TransferSyntax syntax) {
    Result<QByteArray> bytes = ObjectIntake::readDataSet(instance);
    const E_TransferSyntax stored = syntaxFromUid(instance.transferSyntax);
    if (!bytes || stored == syntax)
        return bytes;
    const Result<DataSetPtr> dataSet = parseDataSet(*bytes, stored);
    if (!dataSet)
        return fail(dataSet.error());
    return encodeDataSet(**dataSet, syntax);
}

std::vector<ProposedContext> contextsFor(const std::vector<ArchivedInstance>& instances) {
    std::vector<ProposedContext> contexts;
    QSet<QString> seen;
    for (const ArchivedInstance& instance : instances) {
        const QString key = instance.sopClass + u' ' + instance.transferSyntax;
        if (seen.contains(key) || static_cast<int>(contexts.size()) >= kMostContexts)
            continue;
        seen.insert(key);
        contexts.push_back({instance.sopClass, {instance.transferSyntax}, false});
        const QString plain = instance.sopClass + QStringLiteral(" plain");
        if (isPlain(syntaxFromUid(instance.transferSyntax)) && !seen.contains(plain)) {
            seen.insert(plain);
            contexts.push_back({instance.sopClass,
                                {QStringLiteral(UID_LittleEndianExplicitTransferSyntax),
                                 QStringLiteral(UID_LittleEndianImplicitTransferSyntax)},
                                false});
        }
    }
    return contexts;
}

QStringList valuesOf(DcmDataset& keys, const DcmTagKey& tag) {
    return textOf(keys, tag).split(u'\\', Qt::SkipEmptyParts);
}

} // namespace

RetrieveService::RetrieveService(const ArchiveStore& archive, NodeStore& nodes, QString aeTitle)
    : m_archive(archive), m_nodes(nodes), m_aeTitle(std::move(aeTitle)) {}

Result<std::vector<ArchivedInstance>> RetrieveService::resolve(DcmDataset& keys, quint16& status) const {
    const QString level = textOf(keys, DCM_QueryRetrieveLevel).trimmed();
    const QStringList studies = valuesOf(keys, DCM_StudyInstanceUID);
    const QStringList series = valuesOf(keys, DCM_SeriesInstanceUID);
    const QStringList instances = valuesOf(keys, DCM_SOPInstanceUID);
    const bool isComplete = (level == u"STUDY" && !studies.isEmpty()) || (level == u"SERIES" && !series.isEmpty()) ||
                            (level == u"IMAGE" && !instances.isEmpty());
    if (!isComplete) {
        status = kWrongIdentifier;
        return fail(ErrorCode::InvalidArgument, QStringLiteral("level or unique keys missing"));
    }
    Result<std::vector<ArchivedInstance>> found = m_archive.select(studies, level == u"STUDY" ? QStringList() : series,
                                                                   level == u"IMAGE" ? instances : QStringList());
    if (!found)
        status = kUnableToProcess;
    return found;
}

void RetrieveService::lookForCancel(Run& run) {
    while (!run.isCancelled && run.requester.isMessageWaiting()) {
        Message message;
        if (run.requester.receive(message, 1) != Association::Event::Message)
            return;
        if (message.command == Command::CCancel && message.id == run.request.id)
            run.isCancelled = true;
    }
}

RetrieveService::Sent RetrieveService::sendOne(Run& run, Association& target, bool isMove,
                                               const ArchivedInstance& instance) {
    const Context* context = contextFor(target, !isMove, instance);
    if (context == nullptr)
        return Sent::Failed;
    const Result<QByteArray> bytes = encodedFor(instance, context->syntax);
    if (!bytes) {
        qCWarning(logPlatform).noquote() << "object not sent:" << bytes.error().toString();
        return Sent::Failed;
    }
    Message store;
    store.context = context->id;
    store.command = Command::CStore;
    store.id = target.nextMessageId();
    if (!isMove && store.id == run.request.id) // one namespace of message IDs on this association
        store.id = target.nextMessageId();
    store.sopClass = instance.sopClass;
    store.sopInstance = instance.instanceUid;
    if (!target.send(store, &*bytes))
        return Sent::Lost;
    for (;;) {
        Message answer;
        if (target.receive(answer, kAnswerTimeoutSeconds) != Association::Event::Message)
            return Sent::Lost;
        if (!isMove && answer.command == Command::CCancel) {
            run.isCancelled = run.isCancelled || answer.id == run.request.id;
            continue;
        }
        if (!answer.isResponse || answer.command != Command::CStore || answer.id != store.id)
            return Sent::Lost;
        if (answer.hasDataSet && !target.receiveDataSet(1024 * 1024))
            return Sent::Lost;
        if (answer.status == 0)
            return Sent::Done;
        return (answer.status & 0xF000) == 0xB000 ? Sent::Warned : Sent::Failed;
    }
}

Status RetrieveService::answerPending(Run& run) {
    Message pending = responseTo(run.request, kPending);
    pending.hasCounts = true;
    pending.counts = run.counts;
    return run.requester.send(pending);
}

Status RetrieveService::answerFinally(Run& run) {
    quint16 status = 0;
    if (run.isCancelled && run.counts.remaining > 0)
        status = kCancelled;
    else if (run.counts.failed > 0 && run.counts.completed + run.counts.warnings == 0)
        status = kAllFailed;
    else if (run.counts.failed > 0 || run.counts.warnings > 0)
        status = kSomeFailed;
    Message last = responseTo(run.request, status);
    last.hasCounts = true;
    last.counts = run.counts;
    if (run.failedInstances.isEmpty())
        return run.requester.send(last);
    DcmDataset failed;
    putText(failed, DCM_FailedSOPInstanceUIDList, run.failedInstances.join(u'\\'));
    return run.requester.send(last, failed);
}

Status RetrieveService::transfer(Run& run, Association& target, bool isMove,
                                 const std::vector<ArchivedInstance>& instances) {
    bool isTargetLost = false;
    for (const ArchivedInstance& instance : instances) {
        lookForCancel(run);
        if (run.isCancelled)
            break;
        const Sent sent = isTargetLost ? Sent::Lost : sendOne(run, target, isMove, instance);
        --run.counts.remaining;
        if (sent == Sent::Lost && !isMove)
            return fail(ErrorCode::AssociationAborted, QStringLiteral("lost during C-GET"));
        isTargetLost = sent == Sent::Lost;
        if (sent == Sent::Done) {
            ++run.counts.completed;
        } else if (sent == Sent::Warned) {
            ++run.counts.warnings;
        } else {
            ++run.counts.failed;
            run.failedInstances.append(instance.instanceUid);
        }
        if (run.counts.remaining > 0)
            if (Status told = answerPending(run); !told)
                return told;
    }
    return answerFinally(run);
}

Status RetrieveService::get(Association& association, const Message& request, DcmDataset& keys) {
    quint16 status = 0;
    const Result<std::vector<ArchivedInstance>> instances = resolve(keys, status);
    if (!instances)
        return association.send(responseTo(request, status, instances.error().detail));
    Run run{association, request, {}, {}, false};
    run.counts.remaining = static_cast<int>(instances->size());
    return transfer(run, association, false, *instances);
}

Status RetrieveService::move(Association& association, const Message& request, DcmDataset& keys) {
    const Result<std::optional<PeerAddress>> node = m_nodes.find(request.moveDestination);
    if (!node)
        return association.send(responseTo(request, kUnableToProcess));
    if (!*node)
        return association.send(responseTo(request, kUnknownDestination, QStringLiteral("move destination unknown")));
    quint16 status = 0;
    const Result<std::vector<ArchivedInstance>> instances = resolve(keys, status);
    if (!instances)
        return association.send(responseTo(request, status, instances.error().detail));
    Run run{association, request, {}, {}, false};
    run.counts.remaining = static_cast<int>(instances->size());
    if (instances->empty())
        return answerFinally(run);
    Result<std::unique_ptr<Association>> target = Association::open(**node, m_aeTitle, contextsFor(*instances), 10);
    if (!target) {
        qCWarning(logPlatform).noquote() << "move destination:" << target.error().toString();
        run.counts = {0, 0, static_cast<int>(instances->size()), 0};
        for (const ArchivedInstance& instance : *instances)
            run.failedInstances.append(instance.instanceUid);
        return answerFinally(run);
    }
    Status done = transfer(run, **target, true, *instances);
    (*target)->release();
    return done;
}

} // namespace yz::platform
