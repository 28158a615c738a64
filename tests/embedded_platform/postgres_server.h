#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace yz::test {

/// A PostgreSQL of the test's own: a fresh cluster in a temporary folder, reached by a socket there, as the user
/// "postgres" when the test is root (the server refuses to be). Ends with the test, also when that is killed.
class PostgresServer {
public:
    PostgresServer();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// Why there is none; empty when the package is installed.
    [[nodiscard]] static QString missing();
    [[nodiscard]] bool start(); ///< the first time, and after a stop
    /// As a crash of the machine would look to its clients: nobody says good-bye.
    void stopAtOnce();
    void suspend(); ///< it keeps its connections and says nothing
    void resume();
    /// A new empty database; its URL.
    [[nodiscard]] QString makeDatabase();
    /// SQL by psql; first column of the rows.
    QStringList sql(const QString& database, const QString& statement) const;
    /// Ends every connection of the platforms (pg_terminate_backend); how many.
    int terminateConnections(const QString& url) const;
    [[nodiscard]] QString log() const;

private:
    [[nodiscard]] bool isAnswering() const;
    void signalAll(int signal) const;

    QTemporaryDir m_folder;
    QProcess m_process;
    int m_databases = 0;
    bool m_isMade = false;
};

} // namespace yz::test
