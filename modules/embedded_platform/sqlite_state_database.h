#pragma once

#include "embedded_platform/state_database.h"
#include "storage/database.h"

#include <mutex>

namespace yz::platform {

/// The platform's own index as the shared state of a center with one platform.
class SqliteStateDatabase final : public StateDatabase {
public:
    explicit SqliteStateDatabase(std::shared_ptr<Database> database) : m_database(std::move(database)) {}

    using StateDatabase::run;
    [[nodiscard]] Result<std::vector<StateAnswer>> run(const std::vector<StateQuery>& queries) override;
    [[nodiscard]] Result<std::vector<StateAnswer>> runAndTell(const std::vector<StateQuery>& queries) override;
    void setListener(std::function<void()> listener) override;

private:
    std::shared_ptr<Database> m_database;
    std::mutex m_mutex;
    std::function<void()> m_listener;
};

} // namespace yz::platform
