#pragma once

#include "core/clock.h"
#include "embedded_platform/archive_store.h"
#include "embedded_platform/event_sender.h"
#include "storage/database.h"

#include <QJsonArray>

namespace yz::platform {

/// Storage Commitment Push Model (PS3.4 Annex J). A request is kept in the index until its report was taken by the
/// requester, so a restart in between loses nothing. Thread-safe.
class CommitmentService {
public:
    CommitmentService(std::shared_ptr<Database> database, ArchiveStore& archive, NodeStore& nodes, EventSender& sender,
                      const Clock& clock);

    /// Writes the request down. InvalidArgument when the action information lacks what it must have.
    [[nodiscard]] Result<QString> accept(DcmItem& actionInformation, const QString& aeTitle);
    /// Checks every object and sends the report: to the requester's node where it is known, else on `association`.
    void settle(const QString& transactionUid, const QString& aeTitle, Association* association);
    /// What a former run left, and what could not be delivered yet.
    void settlePending();

private:
    [[nodiscard]] Result<OutgoingEvent> reportOn(const QString& transactionUid, const QString& aeTitle);
    void forget(const QString& transactionUid, const QString& aeTitle);

    std::shared_ptr<Database> m_database;
    ArchiveStore& m_archive;
    NodeStore& m_nodes;
    EventSender& m_sender;
    const Clock& m_clock;
};

} // namespace yz::platform
