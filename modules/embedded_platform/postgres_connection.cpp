#include "embedded_platform/postgres_connection.h"

#include <QtEndian>
#include <array>
#include <libpq-fe.h>
#include <optional>
#include <poll.h>

namespace yz::platform {

namespace {

using std::chrono::steady_clock;

constexpr Oid kInt8 = 20;
constexpr Oid kText = 25;
constexpr Oid kBytea = 17;

using ResultPtr = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// "?3" is SQLite's way, "$3" PostgreSQL's. There is no other question mark in our SQL.
QByteArray withDollars(const QString& sql) { return QString(sql).replace(u'?', u'$').toUtf8(); }

struct Parameters {
    std::vector<Oid> types;
    std::vector<QByteArray> bytes;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
};

Parameters parametersOf(const StateQuery& query) {
    Parameters parameters;
    for (const StateValue& value : query.values) {
        if (const auto* text = std::get_if<QString>(&value)) {
            parameters.types.push_back(kText);
            parameters.bytes.push_back(QString(*text).remove(QChar(0)).toUtf8()); // PostgreSQL's text has no NUL
        } else if (const auto* data = std::get_if<QByteArray>(&value)) {
            parameters.types.push_back(kBytea);
            parameters.bytes.push_back(*data);
        } else if (const auto* integer = std::get_if<qint64>(&value)) {
            QByteArray bigEndian(8, 0);
            qToBigEndian(*integer, bigEndian.data());
            parameters.types.push_back(kInt8);
            parameters.bytes.push_back(bigEndian);
        } else {
            parameters.types.push_back(kText);
            parameters.bytes.emplace_back();
        }
    }
    for (size_t i = 0; i < query.values.size(); ++i) {
        const bool isNull = std::holds_alternative<std::monostate>(query.values[i]);
        parameters.values.push_back(isNull ? nullptr : parameters.bytes[i].constData());
        parameters.lengths.push_back(static_cast<int>(parameters.bytes[i].size()));
        parameters.formats.push_back(1);
    }
    return parameters;
}

StateValue columnValue(PGresult* result, int row, int column, char type) {
    if (PQgetisnull(result, row, column) != 0)
        return {};
    const char* bytes = PQgetvalue(result, row, column);
    const int length = PQgetlength(result, row, column);
    if (type == 't')
        return QString::fromUtf8(bytes, length);
    if (type == 'b')
        return QByteArray(bytes, length);
    return length == 8 ? qFromBigEndian<qint64>(bytes) : qint64(0);
}

Result<StateAnswer> answerOf(PGresult* result, const StateQuery& query) {
    StateAnswer answer;
    answer.changed = QByteArray(PQcmdTuples(result)).toInt();
    if (query.columns.isEmpty())
        return answer;
    if (PQnfields(result) < query.columns.size())
        return fail(ErrorCode::DatabaseError, QStringLiteral("fewer columns than expected"));
    for (int i = 0; i < PQntuples(result); ++i) {
        std::vector<StateValue> row;
        for (int column = 0; column < query.columns.size(); ++column)
            row.push_back(columnValue(result, i, column, query.columns[column]));
        answer.rows.push_back(std::move(row));
    }
    return answer;
}

/// Message without the DETAIL line, which may hold values.
Error errorOf(const PGresult* result) {
    const QByteArray state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const QString message = QString::fromUtf8(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    ErrorCode code = ErrorCode::DatabaseError;
    if (state.startsWith("08") || state.startsWith("57") || state.startsWith("40") || state == "55P03" ||
        state == "25006" || state == "53300")
        code = ErrorCode::DatabaseBusy;
    else if (state == "23505")
        code = ErrorCode::AlreadyExists;
    else if (state == "53100")
        code = ErrorCode::DiskFull;
    else if (state.startsWith("XX"))
        code = ErrorCode::DatabaseCorrupt;
    return {code, QLatin1String(state) + u": " + message};
}

/// The server ends, or became a standby nobody may write to: another connection may do better.
bool endsConnection(const PGresult* result) {
    const QByteArray state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state.startsWith("08") || state.startsWith("57P") || state == "25006";
}

} // namespace

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const QString& url,
                                                                     std::chrono::milliseconds answerLimit) {
    const QByteArray text = url.toUtf8();
    const QByteArray sessionOptions = "-c statement_timeout=" + QByteArray::number(qint64(answerLimit.count() * 3 / 4));
    // What stands before dbname may be overridden by the URL, what stands after it may not. Messages in English: they
    // are looked at above.
    const std::array<const char*, 9> keys{"application_name",
                                          "connect_timeout",
                                          "keepalives_idle",
                                          "tcp_user_timeout",
                                          "keepalives_interval",
                                          "dbname",
                                          "client_encoding",
                                          "options",
                                          nullptr};
    const std::array<const char*, 9> values{
        "yuanzhen-platform", "5", "10", "15000", "5", text.constData(), "UTF8", sessionOptions.constData(), nullptr};
    std::unique_ptr<PostgresConnection> connection(
        new PostgresConnection(PQconnectdbParams(keys.data(), values.data(), 1), answerLimit));
    if (PQstatus(connection->m_connection) != CONNECTION_OK) {
        // Refused for good or only for now: libpq says it in words alone, so whoever asks decides how long to try.
        return fail(ErrorCode::DatabaseBusy, QString::fromUtf8(PQerrorMessage(connection->m_connection)).simplified());
    }
    PQsetNoticeProcessor(
        connection->m_connection, [](void*, const char*) {}, nullptr);
    // An acknowledged claim is on the server's disk, whatever its default says.
    if (Status prepared = connection->runScript(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';"
            "SET search_path TO yuanzhen");
        !prepared)
        return fail(prepared.error());
    PQsetnonblocking(connection->m_connection, 1);
    return connection;
}

PostgresConnection::~PostgresConnection() { PQfinish(m_connection); }

Error PostgresConnection::lost() {
    m_isLost = true;
    return {ErrorCode::DatabaseBusy, QStringLiteral("connection to the database lost")};
}

bool PostgresConnection::waitForResult(steady_clock::time_point deadline) {
    for (;;) {
        const int unsent = PQflush(m_connection);
        if (unsent < 0)
            return false;
        if (unsent == 0 && PQisBusy(m_connection) == 0)
            return true;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
        if (left.count() <= 0)
            return false;
        pollfd line{PQsocket(m_connection), static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0};
        const int ready = ::poll(&line, 1, static_cast<int>(left.count()));
        if (ready < 0 && errno != EINTR)
            return false;
        if (ready > 0 && PQconsumeInput(m_connection) == 0)
            return false;
    }
}

Status PostgresConnection::send(const std::vector<StateQuery>& queries) {
    if (PQenterPipelineMode(m_connection) == 0)
        return fail(lost());
    for (const StateQuery& query : queries) {
        const Parameters parameters = parametersOf(query);
        if (PQsendQueryParams(m_connection, withDollars(query.sql).constData(),
                              static_cast<int>(parameters.values.size()), parameters.types.data(),
                              parameters.values.data(), parameters.lengths.data(), parameters.formats.data(), 1) == 0)
            return fail(lost());
    }
    // Everything up to here is one transaction of the server's.
    return PQpipelineSync(m_connection) == 1 ? Status() : Status(fail(lost()));
}

Result<std::vector<StateAnswer>> PostgresConnection::receive(const std::vector<StateQuery>& queries) {
    const auto deadline = steady_clock::now() + m_answerLimit;
    std::vector<StateAnswer> answers;
    std::optional<Error> error;
    for (;;) {
        if (!waitForResult(deadline))
            return fail(lost());
        const ResultPtr result(PQgetResult(m_connection), &PQclear);
        if (result == nullptr) { // the end of one statement
            if (PQstatus(m_connection) != CONNECTION_OK)
                return fail(lost());
            continue;
        }
        switch (PQresultStatus(result.get())) {
        case PGRES_PIPELINE_SYNC:
            if (PQexitPipelineMode(m_connection) == 0)
                return fail(lost());
            if (error)
                return fail(*error);
            return answers;
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK: {
            if (answers.size() >= queries.size())
                return fail(lost());
            Result<StateAnswer> answer = answerOf(result.get(), queries[answers.size()]);
            if (answer)
                answers.push_back(std::move(*answer));
            else
                error = answer.error();
            break;
        }
        case PGRES_PIPELINE_ABORTED:
            break;
        default:
            if (!error)
                error = errorOf(result.get());
            if (endsConnection(result.get()) || PQstatus(m_connection) != CONNECTION_OK)
                return fail(lost());
        }
    }
}

Result<std::vector<StateAnswer>> PostgresConnection::run(const std::vector<StateQuery>& queries) {
    if (Status sent = send(queries); !sent)
        return fail(sent.error());
    return receive(queries);
}

Status PostgresConnection::runScript(const QByteArray& script) {
    const ResultPtr result(PQexec(m_connection, script.constData()), &PQclear);
    if (PQstatus(m_connection) != CONNECTION_OK)
        return fail(lost());
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return {};
    return fail(errorOf(result.get()));
}

Result<bool> PostgresConnection::waitForNotice(std::chrono::milliseconds limit, int wakeDescriptor) {
    std::array<pollfd, 2> lines{pollfd{PQsocket(m_connection), POLLIN, 0}, pollfd{wakeDescriptor, POLLIN, 0}};
    const int ready = ::poll(lines.data(), lines.size(), static_cast<int>(limit.count()));
    if (ready <= 0 || lines[0].revents == 0)
        return false;
    if (PQconsumeInput(m_connection) == 0 || PQstatus(m_connection) != CONNECTION_OK)
        return fail(lost());
    bool hasCome = false;
    while (PGnotify* notice = PQnotifies(m_connection)) {
        PQfreemem(notice);
        hasCome = true;
    }
    return hasCome;
}

bool PostgresConnection::isExposed() const {
    const QByteArray host = PQhost(m_connection);
    return !host.startsWith('/') && host != "localhost" && !host.startsWith("127.") && host != "::1" &&
           PQsslInUse(m_connection) == 0;
}

} // namespace yz::platform
