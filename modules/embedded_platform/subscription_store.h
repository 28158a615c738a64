#pragma once

#include "embedded_platform/state_database.h"

#include <QStringList>

namespace yz::platform {

/// Who wants to hear of which work item (PS3.4 CC.2.3). The global subscription is one row under its well-known UID.
class SubscriptionStore {
public:
    explicit SubscriptionStore(std::shared_ptr<StateDatabase> database) : m_database(std::move(database)) {}

    [[nodiscard]] Status subscribe(const QString& aeTitle, const QString& workitem, bool deletionLock);
    [[nodiscard]] Status unsubscribe(const QString& aeTitle, const QString& workitem);
    /// No new items, but the existing ones stay subscribed.
    [[nodiscard]] Status suspendGlobal(const QString& aeTitle);
    [[nodiscard]] Result<QStringList> globalSubscribers() const;

private:
    std::shared_ptr<StateDatabase> m_database;
};

} // namespace yz::platform
