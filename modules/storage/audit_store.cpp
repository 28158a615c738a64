#include "storage/audit_store.h"

#include "storage/row_values.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QIODevice>
#include <algorithm>

namespace yz {

namespace {

/// Fields with their lengths, so that no two different rows give the same bytes.
QByteArray rowHash(qint64 number, qint64 atMs, const QString& event, const QString& user, const QString& subject,
                   bool success, const QString& details, const QByteArray& previous) {
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_6_0);
    stream << number << atMs << event.toUtf8() << user.toUtf8() << subject.toUtf8() << success << details.toUtf8()
           << previous;
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

Result<bool> tailIsThere(Transaction& transaction, qint64 last) {
    // The sequence remembers the highest number ever given: rows cut off at the end leave it behind.
    Statement sequence = transaction.prepare(u"SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
    const Result<bool> row = sequence.step();
    if (!row)
        return fail(row.error());
    return (*row ? sequence.integer(0) : 0) == last;
}

Result<std::vector<AuditStore::Row>> rowsOf(Statement& select) {
    std::vector<AuditStore::Row> rows;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return rows;
        rows.push_back({select.integer(0), timeAt(select, 1),
                        AuditEntry{select.text(2), UserId(select.text(3)), select.text(4), select.integer(5) != 0,
                                   jsonFromText(select.text(6))}});
    }
}

} // namespace

Status insertAuditEntry(Transaction& transaction, const AuditEntry& entry, const QDateTime& now) {
    qint64 number = 1;
    QByteArray previous;
    {
        Statement last = transaction.prepare(u"SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1");
        const Result<bool> row = last.step();
        if (!row)
            return fail(row.error());
        if (*row) {
            number = last.integer(0) + 1;
            previous = last.blob(1);
        }
    }
    const QString details = jsonText(entry.details);
    Statement insert = transaction.prepare(u"INSERT INTO audit (number, at, event, user, subject, success, details, "
                                           "previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, number).bind(2, now.toMSecsSinceEpoch()).bind(3, entry.event).bind(4, entry.user.value());
    insert.bind(5, entry.subject).bind(6, int(entry.success)).bind(7, details).bind(8, previous);
    insert.bind(9, rowHash(number, now.toMSecsSinceEpoch(), entry.event, entry.user.value(), entry.subject,
                           entry.success, details, previous));
    if (const Result<int> done = insert.run(); !done)
        return fail(done.error());
    return {};
}

AuditStore::AuditStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Status AuditStore::append(const AuditEntry& entry) {
    Transaction transaction(*m_database);
    if (Status done = insertAuditEntry(transaction, entry, m_clock.nowUtc()); !done)
        return done;
    return transaction.commit();
}

Result<std::vector<AuditStore::Row>> AuditStore::latest(int count) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        u"SELECT number, at, event, user, subject, success, details FROM audit ORDER BY number DESC LIMIT ?");
    select.bind(1, std::max(count, 0));
    return rowsOf(select);
}

Result<std::vector<AuditStore::Row>> AuditStore::after(qint64 number, int count) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(u"SELECT number, at, event, user, subject, success, details FROM audit "
                                           "WHERE number > ? ORDER BY number LIMIT ?");
    select.bind(1, number).bind(2, std::max(count, 0));
    return rowsOf(select);
}

Status AuditStore::verifyChain() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        u"SELECT number, at, event, user, subject, success, details, previous, hash FROM audit ORDER BY number");
    qint64 expected = 1;
    QByteArray previous;
    for (;; ++expected) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const qint64 number = select.integer(0);
        const QByteArray hash = rowHash(number, select.integer(1), select.text(2), select.text(3), select.text(4),
                                        select.integer(5) != 0, select.text(6), select.blob(7));
        if (number != expected || select.blob(7) != previous || select.blob(8) != hash)
            return fail(ErrorCode::DatabaseCorrupt, QStringLiteral("audit row %1").arg(expected));
        previous = hash;
    }
    const Result<bool> whole = tailIsThere(transaction, expected - 1);
    if (!whole)
        return fail(whole.error());
    if (!*whole)
        return fail(ErrorCode::DatabaseCorrupt, QStringLiteral("audit row %1").arg(expected));
    return {};
}

} // namespace yz
