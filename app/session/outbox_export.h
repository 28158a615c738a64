#pragma once

#include "core/result.h"
#include "storage/outbox_store.h"

#include <QStringList>

namespace yz {

class DeskStore;
class MessageDelivery;

/// Writes what an outbox item carries into a folder, for a person who brings it to the receiver by hand: the message of
/// a target, or SR and PDF of the report. Returns the file names. Kept in the audit log as `user`'s doing. NotSupported
/// for an item that carries nothing (moves of a work item).
[[nodiscard]] Result<QStringList> exportOutboxItem(DeskStore& store, MessageDelivery& messages, const OutboxItem& item,
                                                   const QString& folder, const UserId& user);

} // namespace yz
