#pragma once

#include "core/clock.h"
#include "core/uid.h"
#include "embedded_platform/platform_schema.h"
#include "embedded_platform/sqlite_state_database.h"
#include "embedded_platform/ups_service.h"
#include "embedded_platform/web_worklist.h"
#include "storage/database.h"

#include <memory>

namespace yz::test {

/// The work items of a platform and their services, without its doors and threads.
struct LocalWorklist {
    LocalWorklist(std::shared_ptr<Database> database, const Clock& clock)
        : local(std::move(database)), state(std::make_shared<platform::SqliteStateDatabase>(local)),
          archive(local, clock), workitems(state, clock), subscriptions(state), nodes(state, {}), sender({}, nodes),
          desk({}, archive, workitems, subscriptions, sender, clock, uids),
          ups({}, workitems, subscriptions, nodes, desk, clock, uids), web(ups) {}

    /// Null: the database could not be made in `folder`.
    static std::unique_ptr<LocalWorklist> make(const QString& folder, const Clock& clock) {
        auto opened = Database::open(folder + QStringLiteral("/platform.db"), platform::platformMigrations());
        return opened ? std::make_unique<LocalWorklist>(*opened, clock) : nullptr;
    }

    std::shared_ptr<Database> local;
    std::shared_ptr<platform::StateDatabase> state;
    platform::ArchiveStore archive;
    platform::WorkitemStore workitems;
    platform::SubscriptionStore subscriptions;
    platform::NodeStore nodes;
    platform::EventSender sender;
    RandomUidSource uids;
    platform::TaskDesk desk;
    platform::UpsService ups;
    platform::WebWorklist web;
};

} // namespace yz::test
