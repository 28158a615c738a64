#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/report_target.h"
#include "storage/outbox_store.h"

#include <vector>

namespace yz {

class DeskStore;

/// Brings the outbox rows of kind SendMessage to their targets. The message is written down before the first try and
/// every try sends those bytes; the receiver tells them apart by their ids (MSH-10, If-None-Exist, file name).
/// Blocks; for jobs.
class MessageDelivery {
public:
    MessageDelivery(DeskStore& store, std::vector<ReportTarget> targets)
        : m_store(store), m_targets(std::move(targets)) {}

    /// Returns the receipt. Errors of the clients in exchange/; NotAllowed for a target that is not configured or is
    /// off; InvalidArgument when the report cannot be put into the target's form.
    [[nodiscard]] Result<QString> send(const OutboxItem& item, const CancelToken& token);

    /// The message of an item as it was or will be sent, with the ending of its file name.
    struct Message {
        QByteArray bytes;
        QString suffix;
    };
    [[nodiscard]] Result<Message> message(const OutboxItem& item);

    [[nodiscard]] const std::vector<ReportTarget>& targets() const { return m_targets; }
    [[nodiscard]] const ReportTarget* find(const QString& id) const;

private:
    DeskStore& m_store;
    std::vector<ReportTarget> m_targets;
};

} // namespace yz
