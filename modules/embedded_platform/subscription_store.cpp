#include "embedded_platform/subscription_store.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcuid.h>

namespace yz::platform {

namespace {

QString globalUid() { return QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance); }

Result<QStringList> firstColumn(Statement& query) {
    QStringList values;
    for (;;) {
        const Result<bool> more = query.step();
        if (!more)
            return fail(more.error());
        if (!*more)
            return values;
        values.append(query.text(0));
    }
}

} // namespace

Status SubscriptionStore::subscribe(const QString& aeTitle, const QString& workitem, bool deletionLock) {
    Transaction transaction(*m_database);
    Statement insert =
        transaction.prepare(u"INSERT INTO subscriptions (ae_title, workitem, deletion_lock) VALUES (?, ?, ?) "
                            "ON CONFLICT (ae_title, workitem) DO UPDATE SET deletion_lock = excluded.deletion_lock");
    const Result<int> done = insert.bind(1, aeTitle).bind(2, workitem).bind(3, qint64(deletionLock ? 1 : 0)).run();
    return done ? transaction.commit() : fail(done.error());
}

Status SubscriptionStore::unsubscribe(const QString& aeTitle, const QString& workitem) {
    Transaction transaction(*m_database);
    // Leaving the global subscription ends those it stood for (PS3.4 CC.2.3.3.2).
    Statement remove = workitem == globalUid()
                           ? transaction.prepare(u"DELETE FROM subscriptions WHERE ae_title = ?")
                           : transaction.prepare(u"DELETE FROM subscriptions WHERE ae_title = ? AND workitem = ?");
    remove.bind(1, aeTitle);
    if (workitem != globalUid())
        remove.bind(2, workitem);
    const Result<int> done = remove.run();
    return done ? transaction.commit() : fail(done.error());
}

Status SubscriptionStore::suspendGlobal(const QString& aeTitle) {
    Transaction transaction(*m_database);
    Statement keep = transaction.prepare(
        u"INSERT INTO subscriptions (ae_title, workitem, deletion_lock) SELECT ?1, w.uid, s.deletion_lock FROM "
        u"workitems w "
        "JOIN subscriptions s ON s.ae_title = ?1 AND s.workitem = ?2 WHERE w.state IN ('SCHEDULED', 'IN PROGRESS') "
        "ON CONFLICT (ae_title, workitem) DO NOTHING");
    if (const Result<int> done = keep.bind(1, aeTitle).bind(2, globalUid()).run(); !done)
        return fail(done.error());
    Statement remove = transaction.prepare(u"DELETE FROM subscriptions WHERE ae_title = ? AND workitem = ?");
    if (const Result<int> done = remove.bind(1, aeTitle).bind(2, globalUid()).run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Result<QStringList> SubscriptionStore::subscribersOf(const QString& workitem) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query =
        transaction.prepare(u"SELECT DISTINCT ae_title FROM subscriptions WHERE workitem = ? OR workitem = ?");
    query.bind(1, workitem).bind(2, globalUid());
    return firstColumn(query);
}

Result<QStringList> SubscriptionStore::globalSubscribers() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(u"SELECT ae_title FROM subscriptions WHERE workitem = ?");
    query.bind(1, globalUid());
    return firstColumn(query);
}

} // namespace yz::platform
