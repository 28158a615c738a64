#include "storage/conflict_store.h"

#include "storage/row_values.h"

namespace yz {

namespace {

constexpr QStringView columns =
    u"number, task, user, study, reason, holder_name, holder_station, sr_instance, at, closed_at";

ConflictStore::Conflict conflictAt(const Statement& row) {
    ConflictStore::Conflict conflict;
    conflict.number = row.integer(0);
    conflict.task = WorkitemUid(row.text(1));
    conflict.user = UserId(row.text(2));
    conflict.study = StudyUid(row.text(3));
    conflict.reason = errorCodeFromName(row.text(4));
    conflict.holderName = row.text(5);
    conflict.holderStation = row.text(6);
    conflict.srInstance = InstanceUid(row.text(7));
    conflict.at = timeAt(row, 8);
    conflict.closedAt = timeAt(row, 9);
    return conflict;
}

/// The signed version for the task of which something has not left; empty: none.
Result<QString> unsentVersion(Transaction& transaction, const WorkitemUid& task) {
    Statement select = transaction.prepare(
        u"SELECT report_instance FROM outbox WHERE task = ? AND kind IN ('store-report', 'set-output', "
        "'complete-task') AND state NOT IN ('delivered', 'withdrawn') ORDER BY number DESC LIMIT 1");
    const Result<bool> row = select.bind(1, task.value()).step();
    if (!row)
        return fail(row.error());
    return *row ? select.text(0) : QString();
}

/// Ended from here: the platform's word about it is no surprise.
Result<bool> wasGivenBack(Transaction& transaction, const WorkitemUid& task) {
    Statement select =
        transaction.prepare(u"SELECT EXISTS (SELECT 1 FROM outbox WHERE task = ? AND kind = 'cancel-task')");
    const Result<bool> row = select.bind(1, task.value()).step();
    if (!row)
        return fail(row.error());
    return select.integer(0) != 0;
}

Result<bool> hasDraft(Transaction& transaction, const WorkitemUid& task, const UserId& user) {
    Statement select = transaction.prepare(u"SELECT EXISTS (SELECT 1 FROM draft WHERE task = ? AND user = ?)");
    const Result<bool> row = select.bind(1, task.value()).bind(2, user.value()).step();
    if (!row)
        return fail(row.error());
    return select.integer(0) != 0;
}

} // namespace

ConflictStore::ConflictStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Status ConflictStore::note(const Conflict& conflict) {
    Transaction transaction(*m_database);
    const Result<QString> version = unsentVersion(transaction, conflict.task);
    const Result<bool> draft = hasDraft(transaction, conflict.task, conflict.user);
    const Result<bool> givenBack = wasGivenBack(transaction, conflict.task);
    if (!version || !draft || !givenBack)
        return fail(!version ? version.error() : !draft ? draft.error() : givenBack.error());
    if (*givenBack || (version->isEmpty() && !*draft))
        return {};
    Statement upsert = transaction.prepare(
        u"INSERT INTO conflict (task, user, study, reason, holder_name, holder_station, sr_instance, at) VALUES (?, ?, "
        "?, ?, ?, ?, ?, ?) ON CONFLICT (task, user) DO UPDATE SET reason = excluded.reason, holder_name = "
        "excluded.holder_name, holder_station = excluded.holder_station, closed_at = iif(excluded.sr_instance IN ('', "
        "conflict.sr_instance), conflict.closed_at, NULL), sr_instance = iif(excluded.sr_instance = '', "
        "conflict.sr_instance, excluded.sr_instance)");
    upsert.bind(1, conflict.task.value()).bind(2, conflict.user.value()).bind(3, conflict.study.value());
    upsert.bind(4, errorName(conflict.reason)).bind(5, conflict.holderName).bind(6, conflict.holderStation);
    upsert.bind(7, *version);
    bindTime(upsert, 8, m_clock.nowUtc());
    if (const Result<int> done = upsert.run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Result<std::vector<ConflictStore::Conflict>> ConflictStore::open() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select =
        transaction.prepare(QString(u"SELECT " + columns + u" FROM conflict WHERE closed_at IS NULL ORDER BY number"));
    std::vector<Conflict> conflicts;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return conflicts;
        conflicts.push_back(conflictAt(select));
    }
}

Result<std::optional<ConflictStore::Conflict>> ConflictStore::find(const WorkitemUid& task, const UserId& user) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        QString(u"SELECT " + columns + u" FROM conflict WHERE task = ? AND user = ? AND closed_at IS NULL"));
    const Result<bool> row = select.bind(1, task.value()).bind(2, user.value()).step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(conflictAt(select)) : std::nullopt;
}

Status ConflictStore::close(qint64 number) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE conflict SET closed_at = ? WHERE number = ? AND closed_at IS NULL");
    bindTime(update, 1, m_clock.nowUtc());
    const Result<int> changed = update.bind(2, number).run();
    if (!changed)
        return fail(changed.error());
    if (*changed == 0)
        return fail(ErrorCode::NotFound, QStringLiteral("no open conflict %1").arg(number));
    return transaction.commit();
}

} // namespace yz
