#pragma once

#include "core/result.h"
#include "storage/database.h"

#include <QStringList>

namespace yz::platform {

/// Who wants to hear of which work item (PS3.4 CC.2.3). The global subscription is one row under its well-known UID.
class SubscriptionStore {
public:
    explicit SubscriptionStore(std::shared_ptr<Database> database) : m_database(std::move(database)) {}

    [[nodiscard]] Status subscribe(const QString& aeTitle, const QString& workitem, bool deletionLock);
    [[nodiscard]] Status unsubscribe(const QString& aeTitle, const QString& workitem);
    /// No new items, but the existing ones stay subscribed.
    [[nodiscard]] Status suspendGlobal(const QString& aeTitle);
    /// AE titles subscribed to the item or globally.
    [[nodiscard]] Result<QStringList> subscribersOf(const QString& workitem) const;
    [[nodiscard]] Result<QStringList> globalSubscribers() const;

private:
    std::shared_ptr<Database> m_database;
};

} // namespace yz::platform
