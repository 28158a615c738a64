#pragma once

#include "embedded_platform/state_database.h"

#include <chrono>

struct pg_conn;

namespace yz::platform {

/// One connection to PostgreSQL. Nothing waits longer than its limit, also where the server keeps the line open and
/// says nothing. One thread at a time.
class PostgresConnection {
public:
    /// `url`: a connection URI or string of libpq; passwords come from it, PGPASSFILE or a service file. DatabaseBusy
    /// when there is no connection, for whatever reason. The server gives a statement up before `answerLimit` is over.
    [[nodiscard]] static Result<std::unique_ptr<PostgresConnection>> open(const QString& url,
                                                                          std::chrono::milliseconds answerLimit);
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    /// All in one transaction and one round trip. DatabaseBusy: worth another try (on another connection if `isLost`).
    [[nodiscard]] Result<std::vector<StateAnswer>> run(const std::vector<StateQuery>& queries);
    /// Statements without parameters, separated by semicolons, in one transaction.
    [[nodiscard]] Status runScript(const QByteArray& script);
    [[nodiscard]] bool isLost() const { return m_isLost; }

    /// After LISTEN: true when notices came, false when none did within the time or `wakeDescriptor` became readable.
    [[nodiscard]] Result<bool> waitForNotice(std::chrono::milliseconds limit, int wakeDescriptor);
    /// Whether the bytes on the line can be read by others: a host that is not this one, and no TLS.
    [[nodiscard]] bool isExposed() const;

private:
    PostgresConnection(pg_conn* connection, std::chrono::milliseconds answerLimit)
        : m_connection(connection), m_answerLimit(answerLimit) {}
    [[nodiscard]] Status send(const std::vector<StateQuery>& queries);
    [[nodiscard]] bool waitForResult(std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] Result<std::vector<StateAnswer>> receive(const std::vector<StateQuery>& queries);
    [[nodiscard]] Error lost();

    pg_conn* m_connection;
    std::chrono::milliseconds m_answerLimit;
    bool m_isLost = false;
};

} // namespace yz::platform
