#include "storage/outbox_store.h"

#include "storage/row_values.h"

#include <array>
#include <utility>

namespace yz {

namespace {

using Kind = OutboxItem::Kind;
using State = OutboxItem::State;

constexpr std::array kindNames{
    std::pair{Kind::StoreReport, u"store-report"},   std::pair{Kind::SetOutput, u"set-output"},
    std::pair{Kind::CompleteTask, u"complete-task"}, std::pair{Kind::CancelTask, u"cancel-task"},
    std::pair{Kind::StoreObjects, u"store-objects"}, std::pair{Kind::SendMessage, u"send-message"}};
constexpr std::array stateNames{std::pair{State::Queued, u"queued"},       std::pair{State::Sent, u"sent"},
                                std::pair{State::Delivered, u"delivered"}, std::pair{State::Parked, u"parked"},
                                std::pair{State::Withdrawn, u"withdrawn"}, std::pair{State::Held, u"held"}};

template <typename Names, typename Value> QString nameOf(const Names& names, Value value) {
    for (const auto& [known, name] : names)
        if (known == value)
            return QString::fromUtf16(name);
    return {};
}

template <typename Names> auto valueOf(const Names& names, const QString& text) {
    for (const auto& [value, name] : names)
        if (text == QStringView(name))
            return value;
    return names.front().first; // a CHECK of the table keeps other names out
}

constexpr QStringView columns =
    u"number, kind, state, study, task, report_instance, transaction_uid, details, "
    "created_at, not_before, attempts, error_code, error_detail, delivered_at, target, receipt";

/// An item that no earlier open item of its study and target holds back, and whose report the platform has if it is for
/// somebody else. Items without a study wait for nobody.
constexpr QStringView headOfStudy =
    u"state IN ('queued', 'sent') AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.study = outbox.study "
    "AND earlier.target = outbox.target AND outbox.study <> '' AND earlier.number < outbox.number AND earlier.state IN "
    "('queued', 'sent', 'parked', 'held')) AND (target = '' OR NOT EXISTS (SELECT 1 FROM outbox AS stored WHERE "
    "stored.report_instance = outbox.report_instance AND stored.kind = 'store-report' AND stored.state <> "
    "'delivered'))";

OutboxItem itemAt(const Statement& row) {
    OutboxItem item;
    item.number = row.integer(0);
    item.kind = valueOf(kindNames, row.text(1));
    item.state = valueOf(stateNames, row.text(2));
    item.study = StudyUid(row.text(3));
    item.task = WorkitemUid(row.text(4));
    item.reportInstance = InstanceUid(row.text(5));
    item.transaction = TransactionUid(row.text(6));
    item.details = jsonFromText(row.text(7));
    item.createdAt = timeAt(row, 8);
    item.notBefore = timeAt(row, 9);
    item.attempts = static_cast<int>(row.integer(10));
    if (!row.isNull(11))
        item.lastError = Error{errorCodeFromName(row.text(11)), row.text(12)};
    item.deliveredAt = timeAt(row, 13);
    item.target = row.text(14);
    item.receipt = row.text(15);
    return item;
}

Result<std::vector<OutboxItem>> itemsOf(Statement& select) {
    std::vector<OutboxItem> items;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return items;
        items.push_back(itemAt(select));
    }
}

/// Finishes a change of one open item.
Status finish(Transaction& transaction, Statement& update, qint64 number) {
    const Result<int> changed = update.run();
    if (!changed)
        return fail(changed.error());
    if (*changed == 1)
        return transaction.commit();
    Statement select = transaction.prepare(u"SELECT state FROM outbox WHERE number = ?");
    const Result<bool> row = select.bind(1, number).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, QStringLiteral("outbox item %1").arg(number));
    return fail(ErrorCode::NotAllowed, QStringLiteral("outbox item %1 is %2").arg(number).arg(select.text(0)));
}

} // namespace

QString outboxStateName(OutboxItem::State state) { return nameOf(stateNames, state); }

QString outboxKindName(OutboxItem::Kind kind) { return nameOf(kindNames, kind); }

Result<qint64> insertOutboxItem(Transaction& transaction, const OutboxItem& item, const QDateTime& now) {
    Statement insert = transaction.prepare(
        u"INSERT INTO outbox (kind, state, study, task, report_instance, transaction_uid, details, created_at, "
        "not_before, attempts, target) VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, 0, ?) RETURNING number");
    insert.bind(1, outboxKindName(item.kind)).bind(2, item.study.value()).bind(3, item.task.value());
    insert.bind(4, item.reportInstance.value()).bind(5, item.transaction.value()).bind(6, jsonText(item.details));
    bindTime(insert, 7, now);
    bindTime(insert, 8, item.notBefore);
    insert.bind(9, item.target);
    const Result<bool> row = insert.step();
    if (!row)
        return fail(row.error());
    const qint64 number = insert.integer(0);
    if (const Result<bool> done = insert.step(); !done)
        return fail(done.error());
    return number;
}

OutboxStore::OutboxStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Result<qint64> OutboxStore::add(const OutboxItem& item) {
    Transaction transaction(*m_database);
    const Result<qint64> number = insertOutboxItem(transaction, item, m_clock.nowUtc());
    if (!number)
        return number;
    if (const Status done = transaction.commit(); !done)
        return fail(done.error());
    return number;
}

Status OutboxStore::followClock() const {
    const QDateTime now = m_clock.nowUtc();
    // Never tried: it waits from its creation (undo window). Tried: it waits for the next try.
    constexpr QStringView stale = u"state IN ('queued', 'sent') AND not_before IS NOT NULL AND "
                                  "((attempts = 0 AND created_at > ?1) OR (attempts > 0 AND not_before > ?2))";
    {
        Transaction reading(*m_database, Transaction::Kind::Read);
        Statement select = reading.prepare(QString(u"SELECT EXISTS (SELECT 1 FROM outbox WHERE " + stale + u')'));
        bindTime(select, 1, now);
        bindTime(select, 2, now.addSecs(kLongestRetry.count()));
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (select.integer(0) == 0)
            return {};
    }
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(
        QString(u"UPDATE outbox SET not_before = CASE WHEN attempts = 0 THEN ?1 + max(not_before - created_at, 0) "
                "ELSE ?2 END, created_at = min(created_at, ?1) WHERE " +
                stale));
    bindTime(update, 1, now);
    bindTime(update, 2, now.addSecs(kLongestRetry.count()));
    if (const Result<int> done = update.run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Result<std::optional<OutboxItem>> OutboxStore::nextDue(For whom) const {
    if (const Status followed = followClock(); !followed)
        return fail(followed.error());
    Transaction transaction(*m_database, Transaction::Kind::Read);
    const QStringView side = whom == For::Platform  ? u" AND target = ''"
                             : whom == For::Targets ? u" AND target <> ''"
                                                    : u"";
    // One message that a target cannot digest must not keep the others from it: what was tried less goes first.
    Statement select =
        transaction.prepare(QString(u"SELECT " + columns + u" FROM outbox WHERE " + headOfStudy + side +
                                    u" AND (not_before IS NULL OR not_before <= ?) "
                                    "ORDER BY target <> '', iif(target = '', 0, attempts), number LIMIT 1"));
    bindTime(select, 1, m_clock.nowUtc());
    const Result<bool> row = select.step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(itemAt(select)) : std::nullopt;
}

Result<std::optional<QDateTime>> OutboxStore::nextDueTime() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select =
        transaction.prepare(QString(u"SELECT min(coalesce(not_before, created_at)) FROM outbox WHERE " + headOfStudy));
    const Result<bool> row = select.step();
    if (!row)
        return fail(row.error());
    return select.isNull(0) ? std::nullopt : std::optional(timeAt(select, 0));
}

Status OutboxStore::markSent(qint64 number, const TransactionUid& commitment) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(
        u"UPDATE outbox SET state = 'sent', transaction_uid = ?, error_code = NULL, error_detail = NULL "
        "WHERE number = ? AND state IN ('queued', 'sent')");
    update.bind(1, commitment.value()).bind(2, number);
    return finish(transaction, update, number);
}

Status OutboxStore::markDelivered(qint64 number, const QString& receipt) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(
        u"UPDATE outbox SET state = 'delivered', delivered_at = ?, receipt = ?, error_code = NULL, error_detail = NULL "
        "WHERE number = ? AND state IN ('queued', 'sent')");
    bindTime(update, 1, m_clock.nowUtc());
    update.bind(2, receipt).bind(3, number);
    return finish(transaction, update, number);
}

Status OutboxStore::markRetry(qint64 number, const Error& error, const QDateTime& notBefore) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(
        u"UPDATE outbox SET state = 'queued', attempts = attempts + 1, not_before = ?, error_code = ?, "
        "error_detail = ? WHERE number = ? AND state IN ('queued', 'sent')");
    bindTime(update, 1, notBefore);
    update.bind(2, errorName(error.code)).bind(3, error.detail).bind(4, number);
    return finish(transaction, update, number);
}

Status OutboxStore::park(qint64 number, const Error& error) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(
        u"UPDATE outbox SET state = 'parked', attempts = attempts + 1, error_code = ?, error_detail = ? "
        "WHERE number = ? AND state IN ('queued', 'sent')");
    update.bind(1, errorName(error.code)).bind(2, error.detail).bind(3, number);
    return finish(transaction, update, number);
}

Status OutboxStore::requeue(qint64 number) {
    // An item that was never tried keeps its time: it may be inside an undo window.
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE outbox SET state = 'queued', not_before = ? "
                                           "WHERE number = ? AND (state IN ('parked', 'sent') OR attempts > 0) "
                                           "AND state NOT IN ('delivered', 'withdrawn', 'held')");
    bindTime(update, 1, m_clock.nowUtc());
    update.bind(2, number);
    {
        Statement release =
            transaction.prepare(u"UPDATE outbox SET state = 'queued', not_before = CASE WHEN attempts = "
                                "0 THEN not_before ELSE ? END WHERE number = ? AND state = 'held'");
        bindTime(release, 1, m_clock.nowUtc());
        const Result<int> released = release.bind(2, number).run();
        if (!released)
            return fail(released.error());
        if (*released == 1)
            return transaction.commit();
    }
    return finish(transaction, update, number);
}

Status OutboxStore::hold(qint64 number) {
    Transaction transaction(*m_database);
    Statement update =
        transaction.prepare(u"UPDATE outbox SET state = 'held' WHERE number = ? AND state IN ('queued', 'parked')");
    update.bind(1, number);
    return finish(transaction, update, number);
}

Status OutboxStore::postponeTarget(const QString& target, const QDateTime& until) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE outbox SET not_before = ?1 WHERE target = ?2 AND state = 'queued' "
                                           "AND coalesce(not_before, 0) < ?1");
    bindTime(update, 1, until);
    if (const Result<int> done = update.bind(2, target).run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Status OutboxStore::resumeTarget(const QString& target) {
    const QDateTime now = m_clock.nowUtc();
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(
        u"UPDATE outbox SET not_before = ?1 WHERE target = ?2 AND state = 'queued' AND not_before > ?1");
    bindTime(update, 1, now);
    if (const Result<int> done = update.bind(2, target).run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Status OutboxStore::resumePlatform(const std::vector<ErrorCode>& codes) {
    const QDateTime now = m_clock.nowUtc();
    Transaction transaction(*m_database);
    for (const ErrorCode code : codes) {
        Statement update =
            transaction.prepare(u"UPDATE outbox SET not_before = ?1 WHERE target = '' AND state IN ('queued', 'sent') "
                                "AND attempts > 0 AND error_code = ?2 AND not_before > ?1");
        bindTime(update, 1, now);
        if (const Result<int> done = update.bind(2, errorName(code)).run(); !done)
            return fail(done.error());
    }
    return transaction.commit();
}

Result<QByteArray> OutboxStore::keepMessage(qint64 number, const QByteArray& message) {
    Transaction transaction(*m_database);
    {
        Statement insert = transaction.prepare(
            u"INSERT INTO outbox_message (number, bytes) VALUES (?, ?) ON CONFLICT (number) DO NOTHING");
        if (const Result<int> done = insert.bind(1, number).bind(2, message).run(); !done)
            return fail(done.error());
    }
    QByteArray kept;
    {
        Statement select = transaction.prepare(u"SELECT bytes FROM outbox_message WHERE number = ?");
        const Result<bool> row = select.bind(1, number).step();
        if (!row)
            return fail(row.error());
        kept = select.blob(0);
    }
    if (const Status done = transaction.commit(); !done)
        return fail(done.error());
    return kept;
}

Result<std::optional<QByteArray>> OutboxStore::message(qint64 number) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(u"SELECT bytes FROM outbox_message WHERE number = ?");
    const Result<bool> row = select.bind(1, number).step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(select.blob(0)) : std::nullopt;
}

Result<std::vector<OutboxItem>> OutboxStore::all() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(QString(u"SELECT " + columns + u" FROM outbox ORDER BY number"));
    return itemsOf(select);
}

Result<std::vector<OutboxItem>> OutboxStore::open() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(QString(
        u"SELECT " + columns + u" FROM outbox WHERE state IN ('queued', 'sent', 'parked', 'held') ORDER BY number"));
    return itemsOf(select);
}

Result<std::vector<OutboxItem>> OutboxStore::latest(int count) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        QString(u"SELECT " + columns +
                u" FROM outbox WHERE state IN ('queued', 'sent', 'parked', 'held') OR number > "
                u"(SELECT coalesce(max(number), 0) FROM outbox) - ? ORDER BY number"));
    select.bind(1, static_cast<qint64>(count));
    return itemsOf(select);
}

Result<std::vector<OutboxItem>> OutboxStore::ofReport(const InstanceUid& srInstance) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select =
        transaction.prepare(QString(u"SELECT " + columns + u" FROM outbox WHERE report_instance = ? ORDER BY number"));
    select.bind(1, srInstance.value());
    return itemsOf(select);
}

Result<int> OutboxStore::pendingCount() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select =
        transaction.prepare(u"SELECT count(*) FROM outbox WHERE state IN ('queued', 'sent', 'parked', 'held')");
    const Result<bool> row = select.step();
    if (!row)
        return fail(row.error());
    return static_cast<int>(select.integer(0));
}

} // namespace yz
