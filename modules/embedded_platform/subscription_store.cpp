#include "embedded_platform/subscription_store.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcuid.h>

namespace yz::platform {

namespace {

QString globalUid() { return QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance); }

} // namespace

Status SubscriptionStore::subscribe(const QString& aeTitle, const QString& workitem, bool deletionLock) {
    const Result<StateAnswer> done = m_database->run(StateQuery{
        QStringLiteral("INSERT INTO subscriptions (ae_title, workitem, deletion_lock) VALUES (?1, ?2, ?3) "
                       "ON CONFLICT (ae_title, workitem) DO UPDATE SET deletion_lock = excluded.deletion_lock"),
        {aeTitle, workitem, qint64(deletionLock ? 1 : 0)},
        {}});
    return done ? Status() : fail(done.error());
}

Status SubscriptionStore::unsubscribe(const QString& aeTitle, const QString& workitem) {
    // Leaving the global subscription ends those it stood for (PS3.4 CC.2.3.3.2).
    const Result<StateAnswer> done = m_database->run(
        workitem == globalUid()
            ? StateQuery{QStringLiteral("DELETE FROM subscriptions WHERE ae_title = ?1"), {aeTitle}, {}}
            : StateQuery{QStringLiteral("DELETE FROM subscriptions WHERE ae_title = ?1 AND workitem = ?2"),
                         {aeTitle, workitem},
                         {}});
    return done ? Status() : fail(done.error());
}

Status SubscriptionStore::suspendGlobal(const QString& aeTitle) {
    const Result<std::vector<StateAnswer>> done = m_database->run(
        {{QStringLiteral("INSERT INTO subscriptions (ae_title, workitem, deletion_lock) "
                         "SELECT ?1, w.uid, s.deletion_lock FROM workitems w "
                         "JOIN subscriptions s ON s.ae_title = ?1 AND s.workitem = ?2 "
                         "WHERE w.state IN ('SCHEDULED', 'IN PROGRESS') ON CONFLICT (ae_title, workitem) DO NOTHING"),
          {aeTitle, globalUid()},
          {}},
         {QStringLiteral("DELETE FROM subscriptions WHERE ae_title = ?1 AND workitem = ?2"),
          {aeTitle, globalUid()},
          {}}});
    return done ? Status() : fail(done.error());
}

Result<QStringList> SubscriptionStore::globalSubscribers() const {
    const Result<StateAnswer> found = m_database->run(
        StateQuery{QStringLiteral("SELECT ae_title FROM subscriptions WHERE workitem = ?1"), {globalUid()}, "t"});
    if (!found)
        return fail(found.error());
    QStringList titles;
    for (size_t row = 0; row < found->rows.size(); ++row)
        titles.append(found->text(row, 0));
    return titles;
}

} // namespace yz::platform
