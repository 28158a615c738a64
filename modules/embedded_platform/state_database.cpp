#include "embedded_platform/state_database.h"

namespace yz::platform {

namespace {

template <typename T> T valueAt(const StateAnswer& answer, size_t row, size_t column) {
    const T* value = std::get_if<T>(&answer.rows.at(row).at(column));
    return value != nullptr ? *value : T();
}

} // namespace

QString StateAnswer::text(size_t row, size_t column) const { return valueAt<QString>(*this, row, column); }
QByteArray StateAnswer::bytes(size_t row, size_t column) const { return valueAt<QByteArray>(*this, row, column); }
qint64 StateAnswer::integer(size_t row, size_t column) const { return valueAt<qint64>(*this, row, column); }

Result<StateAnswer> StateDatabase::run(const StateQuery& query) {
    Result<std::vector<StateAnswer>> answers = run(std::vector<StateQuery>{query});
    if (!answers)
        return fail(answers.error());
    return std::move(answers->front());
}

} // namespace yz::platform
