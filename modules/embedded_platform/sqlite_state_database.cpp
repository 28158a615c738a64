#include "embedded_platform/sqlite_state_database.h"

namespace yz::platform {

namespace {

void bindValue(Statement& statement, int index, const StateValue& value) {
    if (const auto* text = std::get_if<QString>(&value))
        statement.bind(index, *text);
    else if (const auto* bytes = std::get_if<QByteArray>(&value))
        statement.bind(index, *bytes);
    else if (const auto* integer = std::get_if<qint64>(&value))
        statement.bind(index, *integer);
    else
        statement.bindNull(index);
}

StateValue columnValue(const Statement& row, int column, char type) {
    if (row.isNull(column))
        return {};
    if (type == 't')
        return row.text(column);
    if (type == 'b')
        return row.blob(column);
    return row.integer(column);
}

Result<StateAnswer> runOne(Transaction& transaction, const StateQuery& query) {
    Statement statement = transaction.prepare(query.sql);
    for (size_t i = 0; i < query.values.size(); ++i)
        bindValue(statement, static_cast<int>(i) + 1, query.values[i]);
    StateAnswer answer;
    if (query.columns.isEmpty()) {
        const Result<int> changed = statement.run();
        if (!changed)
            return fail(changed.error());
        answer.changed = *changed;
        return answer;
    }
    for (;;) {
        const Result<bool> more = statement.step();
        if (!more)
            return fail(more.error());
        if (!*more)
            return answer;
        std::vector<StateValue> row;
        for (int column = 0; column < query.columns.size(); ++column)
            row.push_back(columnValue(statement, column, query.columns[column]));
        answer.rows.push_back(std::move(row));
    }
}

bool isReading(const std::vector<StateQuery>& queries) {
    return queries.size() == 1 && queries.front().sql.startsWith(u"SELECT ");
}

} // namespace

Result<std::vector<StateAnswer>> SqliteStateDatabase::run(const std::vector<StateQuery>& queries) {
    Transaction transaction(*m_database, isReading(queries) ? Transaction::Kind::Read : Transaction::Kind::Write);
    std::vector<StateAnswer> answers;
    for (const StateQuery& query : queries) {
        Result<StateAnswer> answer = runOne(transaction, query);
        if (!answer)
            return fail(answer.error());
        answers.push_back(std::move(*answer));
    }
    if (Status committed = transaction.commit(); !committed)
        return fail(committed.error());
    return answers;
}

Result<std::vector<StateAnswer>> SqliteStateDatabase::runAndTell(const std::vector<StateQuery>& queries) {
    Result<std::vector<StateAnswer>> answers = run(queries);
    const std::scoped_lock lock(m_mutex);
    if (answers && m_listener)
        m_listener();
    return answers;
}

void SqliteStateDatabase::setListener(std::function<void()> listener) {
    const std::scoped_lock lock(m_mutex);
    m_listener = std::move(listener);
}

} // namespace yz::platform
