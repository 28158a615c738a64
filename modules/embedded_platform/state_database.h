#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

/// The state that the platforms of one center share, behind one small port: SQLite for a platform alone, PostgreSQL for
/// several side by side (docs/adr/0008). Everything asked of it is written in the SQL both speak.
namespace yz::platform {

/// NULL, TEXT, BLOB/BYTEA, INTEGER/BIGINT.
using StateValue = std::variant<std::monostate, QString, QByteArray, qint64>;

/// One statement with its parameters ?1, ?2, ...
struct StateQuery {
    QString sql;
    std::vector<StateValue> values;
    QByteArray columns; ///< types of the result's columns in order: t text, b bytes, i integer; empty: no rows
};

struct StateAnswer {
    int changed = 0; ///< rows written
    std::vector<std::vector<StateValue>> rows;

    [[nodiscard]] QString text(size_t row, size_t column) const;
    [[nodiscard]] QByteArray bytes(size_t row, size_t column) const;
    [[nodiscard]] qint64 integer(size_t row, size_t column) const;
};

/// Thread-safe.
class StateDatabase {
public:
    virtual ~StateDatabase() = default;

    /// All statements in one transaction, or none. Where the answer was lost with the connection they are run AGAIN, so
    /// each must bear that: conditional on what it changes, or the same when repeated. DatabaseBusy when the database
    /// cannot be had in time (whether the statements ran is then unknown), DatabaseError for what will not get better.
    [[nodiscard]] virtual Result<std::vector<StateAnswer>> run(const std::vector<StateQuery>& queries) = 0;
    [[nodiscard]] Result<StateAnswer> run(const StateQuery& query);

    /// As `run`, and tells every platform on this database (this one too) that there are new events once it is done.
    [[nodiscard]] virtual Result<std::vector<StateAnswer>> runAndTell(const std::vector<StateQuery>& queries) = 0;
    /// Called on any thread after somebody told. A notice may be lost with a connection: whoever listens looks from
    /// time to time all the same. Set once, before there is traffic; an empty one ends it, and none is running after
    /// that.
    virtual void setListener(std::function<void()> listener) = 0;

    /// The center's time minus this computer's, measured when the database was opened: leases are counted in one time
    /// whichever platform looks. Zero where there is no center.
    [[nodiscard]] virtual qint64 clockDifferenceMs() const { return 0; }
};

} // namespace yz::platform
