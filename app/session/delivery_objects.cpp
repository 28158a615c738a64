#include "core/log.h"
#include "session/delivery_service.h"
#include "session/presentation_service.h"
#include "storage/desk_store.h"

#include <QFile>

namespace yz {

Status DeliveryService::storeObjects(const OutboxItem& item, const CancelToken& token) {
    const Result<std::vector<ObjectToSend>> objects = objectsOf(item, m_store.vault());
    if (!objects)
        return fail(objects.error());
    // What the platform said it does not keep is sent again, whatever a query finds.
    const bool wasNotKept = item.lastError && item.lastError->code == ErrorCode::CommitmentFailed;
    std::vector<ObjectToSend> toSend;
    std::vector<SopReference> references;
    for (const ObjectToSend& object : *objects) {
        references.push_back(object.object);
        const Result<bool> there =
            wasNotKept ? false : m_sink.has(object.study, object.series, object.object.instance, token);
        if (!there && there.error().code != ErrorCode::PresentationContextRefused)
            return fail(there.error());
        if (!there || !*there)
            toSend.push_back(object);
    }
    if (!toSend.empty())
        if (Status stored = m_sink.store(toSend, token); !stored)
            return stored;
    m_wasReached = true;
    const TransactionUid transaction(m_uids.next());
    if (Status marked = m_store.outbox().markSent(item.number, transaction); !marked)
        return marked;
    const Result<CommitmentOutcome> proof = m_sink.commit(references, transaction, m_commitmentTimeout, token);
    if (!proof && proof.error().code == ErrorCode::PresentationContextRefused) {
        // This platform offers no commitment: its answer to a query is the proof.
        for (const ObjectToSend& object : *objects) {
            const Result<bool> there = m_sink.has(object.study, object.series, object.object.instance, token);
            if (!there)
                return there.error().code == ErrorCode::PresentationContextRefused
                           ? fail(ErrorCode::CommitmentFailed, QStringLiteral("neither commitment nor query"))
                           : fail(there.error());
            if (!*there)
                return fail(ErrorCode::CommitmentFailed, QStringLiteral("stored, but not found by a query"));
        }
        return {};
    }
    if (!proof)
        return fail(proof.error());
    if (!proof->failed.empty() || proof->committed.size() < references.size())
        return fail(ErrorCode::CommitmentFailed,
                    QStringLiteral("%1 of %2 objects not committed").arg(proof->failed.size()).arg(references.size()));
    return {};
}

} // namespace yz
