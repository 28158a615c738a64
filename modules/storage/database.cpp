#include "storage/database.h"

#include "core/durable_file.h"
#include "core/log.h"
#include "storage/sqlite_error.h"

#include <QFileInfo>
#include <chrono>
#include <sqlite3.h>
#include <thread>

namespace yz {

namespace {

constexpr int busyTimeoutMs = 5000;

Status execute(sqlite3* handle, const char* sql) {
    const int code = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(sqliteError(handle, code));
    return {};
}

/// First column of the first row; empty text when there is no row.
Result<QString> readText(sqlite3* handle, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr);
    QString value;
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
            value = QString::fromUtf8(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        const Error error = sqliteError(handle, code);
        sqlite3_finalize(statement);
        return fail(error);
    }
    sqlite3_finalize(statement);
    return value;
}

/// The busy handler is not called while two openers switch a new file to WAL, so this waits by itself.
Status switchToWal(sqlite3* handle) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(busyTimeoutMs);
    for (;;) {
        const Result<QString> mode = readText(handle, "PRAGMA journal_mode = WAL");
        if (mode && *mode == u"wal")
            return {};
        if (mode)
            return fail(ErrorCode::DatabaseError, u"journal mode stays " + *mode);
        if (mode.error().code != ErrorCode::DatabaseBusy || std::chrono::steady_clock::now() > deadline)
            return fail(mode.error());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

Result<int> schemaVersion(sqlite3* handle) {
    return readText(handle, "PRAGMA user_version").map([](const QString& text) { return text.toInt(); });
}

Status checkVersion(int version, size_t known) {
    if (version < 0 || version > static_cast<int>(known))
        return fail(ErrorCode::DatabaseTooNew,
                    QStringLiteral("schema version %1, this program knows %2").arg(version).arg(known));
    return {};
}

Status applyMigrations(sqlite3* handle, const std::vector<Migration>& migrations) {
    // Read again under the write lock: another process may have been faster.
    const Result<int> version = schemaVersion(handle);
    if (!version)
        return fail(version.error());
    if (Status known = checkVersion(*version, migrations.size()); !known)
        return known;
    for (size_t i = static_cast<size_t>(*version); i < migrations.size(); ++i) {
        if (Status done = execute(handle, migrations[i].sql); !done)
            return fail(done.error().code, QStringLiteral("migration %1 (%2): %3")
                                               .arg(i + 1)
                                               .arg(QLatin1String(migrations[i].name), done.error().detail));
    }
    if (const Result<QString> orphan = readText(handle, "PRAGMA foreign_key_check"); !orphan)
        return fail(orphan.error());
    else if (!orphan->isEmpty())
        return fail(ErrorCode::DatabaseCorrupt, u"migration leaves rows without their parent in " + *orphan);
    return execute(handle,
                   QByteArray("PRAGMA user_version = " + QByteArray::number(qint64(migrations.size()))).constData());
}

Status migrate(sqlite3* handle, const std::vector<Migration>& migrations) {
    const Result<int> version = schemaVersion(handle);
    if (!version)
        return fail(version.error());
    if (Status known = checkVersion(*version, migrations.size()); !known)
        return known;
    if (*version == static_cast<int>(migrations.size()))
        return {};
    if (Status begun = execute(handle, "BEGIN IMMEDIATE"); !begun)
        return begun;
    Status done = applyMigrations(handle, migrations);
    if (done)
        done = execute(handle, "COMMIT");
    if (!done && sqlite3_get_autocommit(handle) == 0)
        sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
}

} // namespace

Result<std::shared_ptr<Database>> Database::open(const QString& path, const std::vector<Migration>& migrations) {
    const std::shared_ptr<Database> database(new Database(path));
    const int code = sqlite3_open_v2(path.toUtf8().constData(), &database->m_handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
    sqlite3* handle = database->m_handle;
    if (code != SQLITE_OK)
        return fail(sqliteError(handle, handle != nullptr ? sqlite3_extended_errcode(handle) : code, path));
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, busyTimeoutMs);

    // temp_store: sorters must not spill patient data to files beside the database. recursive_triggers: REPLACE runs
    // the delete triggers, so that it cannot go round a guard.
    Status ready = execute(handle, "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
                                   "PRAGMA cell_size_check = ON; PRAGMA recursive_triggers = ON");
    // Versions first: a file of a later program stays untouched.
    if (ready)
        ready = schemaVersion(handle).and_then(
            [&](int version) -> Status { return checkVersion(version, migrations.size()); });
    if (ready)
        ready = switchToWal(handle);
    if (ready)
        ready = execute(handle, "PRAGMA synchronous = FULL");
    if (ready)
        ready = migrate(handle, migrations);
    if (ready)
        ready = execute(handle, "PRAGMA foreign_keys = ON");
    // The names of the file and of its log: SQLite asks for their sync once and does not look at the answer.
    if (ready)
        ready = makeNamesDurable(QFileInfo(path).absolutePath());
    if (!ready)
        return fail(ready.error());
    return database;
}

Database::~Database() { sqlite3_close_v2(m_handle); }

Status Database::checkIntegrity() {
    const std::unique_lock lock(m_mutex);
    const Result<QString> verdict = readText(m_handle, "PRAGMA quick_check(1)");
    if (!verdict)
        return fail(verdict.error());
    if (*verdict != u"ok")
        return fail(ErrorCode::DatabaseCorrupt, *verdict);
    return {};
}

Statement::Statement(sqlite3* handle, sqlite3_stmt* statement, int error)
    : m_handle(handle), m_statement(statement), m_error(error) {}

Statement::Statement(Statement&& other) noexcept
    : m_handle(other.m_handle), m_statement(other.m_statement), m_error(other.m_error) {
    other.m_statement = nullptr;
}

Statement::~Statement() { sqlite3_finalize(m_statement); }

Statement& Statement::bind(int index, const QString& value) {
    if (m_error == SQLITE_OK)
        m_error = sqlite3_bind_text16(m_statement, index, value.utf16(), static_cast<int>(value.size() * 2),
                                      SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bind(int index, const QByteArray& value) {
    if (m_error == SQLITE_OK)
        m_error = sqlite3_bind_blob64(m_statement, index, value.constData(), static_cast<sqlite3_uint64>(value.size()),
                                      SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bind(int index, qint64 value) {
    if (m_error == SQLITE_OK)
        m_error = sqlite3_bind_int64(m_statement, index, value);
    return *this;
}

Statement& Statement::bind(int index, double value) {
    if (m_error == SQLITE_OK)
        m_error = sqlite3_bind_double(m_statement, index, value);
    return *this;
}

Statement& Statement::bindNull(int index) {
    if (m_error == SQLITE_OK)
        m_error = sqlite3_bind_null(m_statement, index);
    return *this;
}

Result<bool> Statement::step() {
    if (m_error != SQLITE_OK)
        return fail(sqliteError(m_handle, m_error));
    // After an error SQLite may have rolled the transaction back on its own; nothing may then run outside one.
    if (sqlite3_get_autocommit(m_handle) != 0)
        return fail(ErrorCode::DatabaseError, QStringLiteral("statement outside a transaction"));
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(m_statement); // may be bound and run again
        return false;
    }
    const Error error = sqliteError(m_handle, code);
    sqlite3_reset(m_statement);
    return fail(error);
}

Result<int> Statement::run() {
    for (;;) {
        const Result<bool> row = step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return sqlite3_changes(m_handle);
    }
}

QString Statement::text(int column) const {
    const void* utf16 = sqlite3_column_text16(m_statement, column);
    return QString(static_cast<const QChar*>(utf16), sqlite3_column_bytes16(m_statement, column) / 2);
}

QByteArray Statement::blob(int column) const {
    const void* bytes = sqlite3_column_blob(m_statement, column);
    return {static_cast<const char*>(bytes), sqlite3_column_bytes(m_statement, column)};
}

qint64 Statement::integer(int column) const { return sqlite3_column_int64(m_statement, column); }

double Statement::real(int column) const { return sqlite3_column_double(m_statement, column); }

bool Statement::isNull(int column) const { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }

Transaction::Transaction(Database& database, Kind kind) : m_database(database), m_lock(database.m_mutex) {
    m_error =
        sqlite3_exec(m_database.m_handle, kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN", nullptr, nullptr, nullptr);
    m_open = m_error == SQLITE_OK;
}

Transaction::~Transaction() {
    if (!m_open || sqlite3_get_autocommit(m_database.m_handle) != 0)
        return;
    const int code = sqlite3_exec(m_database.m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        qCWarning(logStorage) << "rollback:" << sqliteError(m_database.m_handle, code).detail;
}

Statement Transaction::prepare(QStringView sql) {
    sqlite3* handle = m_database.m_handle;
    if (!m_open)
        return {handle, nullptr, m_error != SQLITE_OK ? m_error : SQLITE_MISUSE};
    const QByteArray utf8 = sql.toUtf8();
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(handle, utf8.constData(), static_cast<int>(utf8.size()), &statement, nullptr);
    return {handle, statement, code};
}

Status Transaction::commit() {
    sqlite3* handle = m_database.m_handle;
    if (!m_open)
        return fail(sqliteError(handle, m_error != SQLITE_OK ? m_error : SQLITE_MISUSE));
    const int code = sqlite3_exec(handle, "COMMIT", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        const Error error = sqliteError(handle, code);
        if (sqlite3_get_autocommit(handle) == 0)
            sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
        m_open = false;
        m_error = code;
        return fail(error);
    }
    m_open = false;
    m_error = SQLITE_OK;
    return {};
}

} // namespace yz
