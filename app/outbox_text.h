#pragma once

#include "storage/outbox_store.h"

#include <QColor>
#include <QString>

namespace yz {

class MessageDelivery;

/// What an outbox item is, in words.
[[nodiscard]] QString outboxWhatText(const OutboxItem& item);
/// The platform, or the title of the target with a mark where the line to it is not encrypted.
[[nodiscard]] QString outboxTargetText(const OutboxItem& item, const MessageDelivery& messages);
[[nodiscard]] QString outboxStateText(OutboxItem::State state);
[[nodiscard]] QColor outboxStateColour(OutboxItem::State state);
/// The last answer: why it was not delivered, or the receipt. A target's trouble is worded for a target.
[[nodiscard]] QString outboxAnswerText(const OutboxItem& item);

} // namespace yz
