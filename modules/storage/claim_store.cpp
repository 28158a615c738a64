#include "storage/claim_store.h"

#include "storage/row_values.h"

namespace yz {

namespace {

ClaimStore::Claim claimAt(const Statement& row) {
    const QString settled = row.text(3);
    return {WorkitemUid(row.text(0)), TransactionUid(row.text(1)), UserId(row.text(2)),
            settled == u"asked"  ? ClaimStore::Settled::Asked
            : settled == u"held" ? ClaimStore::Settled::Held
                                 : ClaimStore::Settled::Finished,
            timeAt(row, 4)};
}

Result<std::optional<ClaimStore::Claim>> findUnfinished(Transaction& transaction, const WorkitemUid& task) {
    Statement select = transaction.prepare(u"SELECT task, transaction_uid, user, settled, at FROM claim "
                                           "WHERE task = ? AND settled <> 'finished'");
    const Result<bool> row = select.bind(1, task.value()).step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(claimAt(select)) : std::nullopt;
}

Status settle(Database& database, const WorkitemUid& task, const QString& settled) {
    Transaction transaction(database);
    Statement update = transaction.prepare(u"UPDATE claim SET settled = ? WHERE task = ? AND settled <> 'finished'");
    const Result<int> changed = update.bind(1, settled).bind(2, task.value()).run();
    if (!changed)
        return fail(changed.error());
    if (*changed == 0)
        return fail(ErrorCode::TaskNotClaimed, u"no claim of task " + task.value());
    return transaction.commit();
}

} // namespace

ClaimStore::ClaimStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Result<ClaimStore::Claim> ClaimStore::begin(const WorkitemUid& task, const TransactionUid& fresh, const UserId& user) {
    Transaction transaction(*m_database);
    Result<std::optional<Claim>> existing = findUnfinished(transaction, task);
    if (!existing)
        return fail(existing.error());
    if (*existing)
        return **existing;
    const Claim claim{task, fresh, user, Settled::Asked, m_clock.nowUtc()};
    Statement insert = transaction.prepare(
        u"INSERT INTO claim (task, transaction_uid, user, settled, at) VALUES (?, ?, ?, 'asked', ?)");
    insert.bind(1, task.value()).bind(2, fresh.value()).bind(3, user.value());
    bindTime(insert, 4, claim.at);
    if (const Result<int> done = insert.run(); !done)
        return fail(done.error());
    if (const Status done = transaction.commit(); !done)
        return fail(done.error());
    return claim;
}

Status ClaimStore::markHeld(const WorkitemUid& task) { return settle(*m_database, task, QStringLiteral("held")); }

Status ClaimStore::markFinished(const WorkitemUid& task) {
    return settle(*m_database, task, QStringLiteral("finished"));
}

Result<std::optional<ClaimStore::Claim>> ClaimStore::find(const WorkitemUid& task) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    return findUnfinished(transaction, task);
}

Result<std::vector<ClaimStore::Claim>> ClaimStore::unfinished() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(u"SELECT task, transaction_uid, user, settled, at FROM claim "
                                           "WHERE settled <> 'finished' ORDER BY number");
    std::vector<Claim> claims;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return claims;
        claims.push_back(claimAt(select));
    }
}

} // namespace yz
