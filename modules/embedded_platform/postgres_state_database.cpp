#include "embedded_platform/postgres_state_database.h"

#include "core/log.h"
#include "embedded_platform/postgres_connection.h"
#include "embedded_platform/state_schema.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace yz::platform {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr qint64 kSchemaLock = 0x59755a68'656e0001; // "YuZhen": one platform at a time makes tables
constexpr milliseconds kFirstPause{20};
constexpr milliseconds kLongestPause{1000};
constexpr milliseconds kListenTurn{30'000};

Status migrate(PostgresConnection& connection) {
    const std::vector<Migration>& migrations = centerMigrations();
    if (Status made = connection.runScript(
            "SELECT pg_advisory_lock(" + QByteArray::number(kSchemaLock) + // until the connection is closed
            "); CREATE SCHEMA IF NOT EXISTS yuanzhen; "
            "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL); "
            "INSERT INTO schema_version (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)");
        !made)
        return made;
    const Result<std::vector<StateAnswer>> found =
        connection.run({{QStringLiteral("SELECT version FROM schema_version"), {}, "i"}});
    if (!found)
        return fail(found.error());
    const qint64 version = found->front().rows.empty() ? 0 : found->front().integer(0, 0);
    if (version < 0 || version > static_cast<qint64>(migrations.size()))
        return fail(ErrorCode::DatabaseTooNew,
                    QStringLiteral("schema version %1, this program knows %2").arg(version).arg(migrations.size()));
    QByteArray script;
    for (size_t i = static_cast<size_t>(version); i < migrations.size(); ++i)
        script += QByteArray(migrations[i].sql) + ";";
    if (script.isEmpty())
        return {};
    return connection.runScript(script +
                                "UPDATE schema_version SET version = " + QByteArray::number(qint64(migrations.size())));
}

} // namespace

Result<std::shared_ptr<PostgresStateDatabase>> PostgresStateDatabase::open(const Settings& settings,
                                                                           const Clock& clock) {
    const std::shared_ptr<PostgresStateDatabase> database(new PostgresStateDatabase(settings));
    if (Status ready = database->prepare(clock); !ready)
        return fail(ready.error());
    if (settings.listen)
        if (Status listening = database->startListening(); !listening)
            return fail(listening.error());
    return database;
}

PostgresStateDatabase::PostgresStateDatabase(Settings settings) : m_settings(std::move(settings)) {}

PostgresStateDatabase::~PostgresStateDatabase() {
    if (m_thread.joinable()) {
        const quint64 one = 1;
        if (::write(m_wake, &one, sizeof one) < 0)
            qCWarning(logPlatform) << "the listener cannot be woken";
        m_thread.join();
    }
    if (m_wake >= 0)
        ::close(m_wake);
}

Status PostgresStateDatabase::prepare(const Clock& clock) {
    Result<std::unique_ptr<PostgresConnection>> connection =
        PostgresConnection::open(m_settings.url, m_settings.answerLimit);
    if (!connection)
        return fail(connection.error());
    if ((*connection)->isExposed())
        qCWarning(logPlatform) << "the connection to the database is not encrypted (sslmode=verify-full)";
    if (Status migrated = migrate(**connection); !migrated)
        return migrated;
    const qint64 before = clock.nowUtc().toMSecsSinceEpoch();
    const Result<std::vector<StateAnswer>> time =
        (*connection)
            ->run({{QStringLiteral("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::BIGINT"), {}, "i"}});
    if (!time)
        return fail(time.error());
    const qint64 after = clock.nowUtc().toMSecsSinceEpoch();
    m_clockDifferenceMs = time->front().integer(0, 0) - (before + after) / 2;
    return {};
}

Result<std::unique_ptr<PostgresConnection>> PostgresStateDatabase::take(steady_clock::time_point deadline) {
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_until(lock, deadline, [this] { return m_taken < m_settings.connections; }))
            return fail(ErrorCode::DatabaseBusy, QStringLiteral("all connections to the database are in use"));
        ++m_taken;
        if (!m_idle.empty()) {
            std::unique_ptr<PostgresConnection> idle = std::move(m_idle.back());
            m_idle.pop_back();
            return idle;
        }
    }
    Result<std::unique_ptr<PostgresConnection>> opened =
        PostgresConnection::open(m_settings.url, m_settings.answerLimit);
    if (!opened)
        giveBack(nullptr);
    return opened;
}

void PostgresStateDatabase::giveBack(std::unique_ptr<PostgresConnection> connection) {
    std::vector<std::unique_ptr<PostgresConnection>> suspects;
    {
        const std::scoped_lock lock(m_mutex);
        --m_taken;
        if (connection != nullptr && connection->isLost())
            suspects.swap(m_idle); // most likely the server went, and they are as dead
        else if (connection != nullptr)
            m_idle.push_back(std::move(connection));
    }
    m_changed.notify_one();
}

Result<std::vector<StateAnswer>> PostgresStateDatabase::run(const std::vector<StateQuery>& queries) {
    const auto deadline = steady_clock::now() + m_settings.patience;
    milliseconds pause = kFirstPause;
    for (;;) {
        Result<std::vector<StateAnswer>> answers = std::vector<StateAnswer>();
        bool wasLost = false;
        if (auto connection = take(deadline); connection) {
            answers = (*connection)->run(queries);
            wasLost = (*connection)->isLost();
            giveBack(std::move(*connection));
        } else {
            answers = fail(connection.error());
        }
        if (answers || answers.error().code != ErrorCode::DatabaseBusy)
            return answers;
        if (steady_clock::now() + pause > deadline)
            return answers;
        if (wasLost)
            qCInfo(logPlatform).noquote() << "database:" << answers.error().detail << "- again";
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, kLongestPause);
    }
}

Result<std::vector<StateAnswer>> PostgresStateDatabase::runAndTell(const std::vector<StateQuery>& queries) {
    // Part of the transaction: nobody is told of what was not written.
    std::vector<StateQuery> told = queries;
    told.push_back(
        {QStringLiteral("SELECT pg_notify('yuanzhen_events', '') WHERE EXISTS (SELECT 1 FROM events)"), {}, {}});
    Result<std::vector<StateAnswer>> answers = run(told);
    if (answers)
        answers->pop_back();
    return answers;
}

void PostgresStateDatabase::setListener(std::function<void()> listener) {
    const std::scoped_lock lock(m_listenerMutex);
    m_listener = std::move(listener);
}

void PostgresStateDatabase::tellListener() {
    const std::scoped_lock lock(m_listenerMutex);
    if (m_listener)
        m_listener();
}

Status PostgresStateDatabase::startListening() {
    m_wake = ::eventfd(0, EFD_CLOEXEC);
    if (m_wake < 0)
        return fail(ErrorCode::Internal, QStringLiteral("eventfd"));
    m_thread = std::thread([this] { listen(); });
    return {};
}

void PostgresStateDatabase::listen() {
    milliseconds pause = kFirstPause;
    const auto isEnding = [this](milliseconds limit) {
        pollfd wake{m_wake, POLLIN, 0};
        return ::poll(&wake, 1, static_cast<int>(limit.count())) > 0;
    };
    while (!isEnding(milliseconds(0))) {
        Result<std::unique_ptr<PostgresConnection>> connection =
            PostgresConnection::open(m_settings.url, m_settings.answerLimit);
        if (connection && (*connection)->runScript("LISTEN yuanzhen_events")) {
            pause = kFirstPause;
            tellListener(); // of what came while nobody listened
            for (;;) {
                const Result<bool> notice = (*connection)->waitForNotice(kListenTurn, m_wake);
                if (!notice || isEnding(milliseconds(0)))
                    break;
                if (*notice)
                    tellListener();
            }
        }
        if (isEnding(pause))
            return;
        pause = std::min(pause * 2, kLongestPause);
    }
}

} // namespace yz::platform
