#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <QStringView>
#include <memory>
#include <mutex>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite in three small classes. One connection behind one mutex: a Transaction holds it from begin to end, so any
/// thread may use a Database. WAL, synchronous FULL, foreign keys on.
namespace yz {

/// One numbered forward-only step of a schema: `sql` takes the database from version index to index + 1.
struct Migration {
    const char* name;
    const char* sql;
};

class Statement;

class Database {
public:
    /// Opens or creates the file and brings the schema up to date in one transaction. DatabaseTooNew when the file was
    /// written by a later version, StoreInUse never (several processes may share it), DatabaseCorrupt, DiskFull.
    [[nodiscard]] static Result<std::shared_ptr<Database>> open(const QString& path,
                                                                const std::vector<Migration>& migrations);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] const QString& path() const { return m_path; }
    /// Reads every page and checks the structure. DatabaseCorrupt.
    [[nodiscard]] Status checkIntegrity();

private:
    friend class Transaction;
    explicit Database(QString path) : m_path(std::move(path)) {}

    QString m_path;
    sqlite3* m_handle = nullptr;
    std::recursive_mutex m_mutex;
};

/// A prepared statement inside a transaction. Bind by position from 1; read columns from 0. Errors are kept and come
/// out of `step` or `run`.
class Statement {
public:
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;

    Statement& bind(int index, const QString& value);
    Statement& bind(int index, const QByteArray& value); ///< BLOB
    Statement& bind(int index, qint64 value);
    Statement& bind(int index, int value) { return bind(index, static_cast<qint64>(value)); }
    Statement& bind(int index, double value);
    Statement& bindNull(int index);

    /// True: a row is there; false: done.
    [[nodiscard]] Result<bool> step();
    /// Runs a statement that gives no rows; returns the number of rows changed.
    [[nodiscard]] Result<int> run();

    [[nodiscard]] QString text(int column) const;
    [[nodiscard]] QByteArray blob(int column) const;
    [[nodiscard]] qint64 integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] bool isNull(int column) const;

private:
    friend class Transaction;
    Statement(sqlite3* handle, sqlite3_stmt* statement, int error);
    sqlite3* m_handle;
    sqlite3_stmt* m_statement;
    int m_error;
};

/// BEGIN IMMEDIATE ... COMMIT; rolled back unless committed. Holds the database's mutex.
class Transaction {
public:
    enum class Kind { Write, Read };
    explicit Transaction(Database& database, Kind kind = Kind::Write);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    [[nodiscard]] Statement prepare(QStringView sql);
    [[nodiscard]] Status commit();

private:
    Database& m_database;
    std::unique_lock<std::recursive_mutex> m_lock;
    int m_error = 0;
    bool m_open = false;
};

} // namespace yz
