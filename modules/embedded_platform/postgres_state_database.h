#pragma once

#include "core/clock.h"
#include "embedded_platform/state_database.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace yz::platform {

class PostgresConnection;

/// The center's database. Keeps a few connections and makes new ones when they are lost; a server that restarts is
/// waited for.
class PostgresStateDatabase final : public StateDatabase {
public:
    struct Settings {
        QString url;
        int connections = 8;
        std::chrono::milliseconds patience{10'000};   ///< how long one call waits for the server to come back
        std::chrono::milliseconds answerLimit{6'000}; ///< a connection that says nothing for so long is given up
        bool listen = true;                           ///< false: as if no notice ever came
    };
    /// Creates or updates the tables. DatabaseBusy when there is no connection (not waited for here), DatabaseTooNew,
    /// DatabaseError.
    [[nodiscard]] static Result<std::shared_ptr<PostgresStateDatabase>> open(const Settings& settings,
                                                                             const Clock& clock);
    ~PostgresStateDatabase() override;

    using StateDatabase::run;
    [[nodiscard]] Result<std::vector<StateAnswer>> run(const std::vector<StateQuery>& queries) override;
    [[nodiscard]] Result<std::vector<StateAnswer>> runAndTell(const std::vector<StateQuery>& queries) override;
    void setListener(std::function<void()> listener) override;
    [[nodiscard]] qint64 clockDifferenceMs() const override { return m_clockDifferenceMs; }

private:
    explicit PostgresStateDatabase(Settings settings);
    [[nodiscard]] Status prepare(const Clock& clock);
    [[nodiscard]] Status startListening();
    void listen();
    void tellListener();
    [[nodiscard]] Result<std::unique_ptr<PostgresConnection>> take(std::chrono::steady_clock::time_point deadline);
    void giveBack(std::unique_ptr<PostgresConnection> connection);

    Settings m_settings;
    qint64 m_clockDifferenceMs = 0;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<PostgresConnection>> m_idle;
    int m_taken = 0;

    std::mutex m_listenerMutex;
    std::function<void()> m_listener;
    int m_wake = -1; ///< eventfd that ends the listening thread
    std::thread m_thread;
};

} // namespace yz::platform
