#include "embedded_platform/watch_store.h"

#include "core/log.h"

#include <QJsonDocument>

namespace yz::platform {

namespace {

QString jsonText(const QJsonObject& object) {
    return object.isEmpty() ? QStringLiteral("")
                            : QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

WatchedStudy::Stage stageOf(qint64 number) {
    switch (number) {
    case 1:
        return WatchedStudy::Stage::Done;
    case 2:
        return WatchedStudy::Stage::NothingToRead;
    default:
        return WatchedStudy::Stage::Arriving;
    }
}

} // namespace

bool WatchedStudy::observe(qint64 count, qint64 now, qint64 settleMs) {
    const bool isNew = seen == 0;
    seen = now;
    if (stage == Stage::Done)
        return false;
    if (isNew || count != instances || now < since) { // the last: a clock was set back
        instances = count;
        since = now;
        stage = Stage::Arriving;
        return false;
    }
    return stage == Stage::Arriving && count > 0 && now - since >= settleMs;
}

WatchStore::WatchStore(std::shared_ptr<StateDatabase> database, const Clock& clock, QString holder)
    : m_database(std::move(database)), m_clock(clock), m_holder(std::move(holder)) {}

Result<bool> WatchStore::takeTurn(const QString& archive, std::chrono::milliseconds lease) {
    const qint64 now = m_clock.nowUtc().toMSecsSinceEpoch();
    // One that ends much later than a turn can last was written before the clock was set back. Not one that ends a
    // little later: the clocks of two platforms are never quite the same.
    const Result<StateAnswer> taken = m_database->run(StateQuery{
        QStringLiteral("INSERT INTO watched_archives (ae_title, holder, until, looked) VALUES (?1, ?2, ?3, 0) "
                       "ON CONFLICT (ae_title) DO UPDATE SET holder = excluded.holder, until = excluded.until "
                       "WHERE watched_archives.holder = excluded.holder OR watched_archives.holder = '' "
                       "OR watched_archives.until < ?4 OR watched_archives.until > ?5"),
        {archive, m_holder, now + lease.count(), now, now + 2 * lease.count()},
        {}});
    if (!taken)
        return fail(taken.error());
    return taken->changed == 1;
}

void WatchStore::leaveTurn(const QString& archive) {
    const Result<StateAnswer> left = m_database->run(
        StateQuery{QStringLiteral("UPDATE watched_archives SET holder = '' WHERE ae_title = ?1 AND holder = ?2"),
                   {archive, m_holder},
                   {}});
    if (!left)
        qCInfo(logPlatform).noquote() << "turn at the archive:" << left.error().toString();
}

Result<qint64> WatchStore::lookedAt(const QString& archive) const {
    const Result<StateAnswer> found = m_database->run(
        StateQuery{QStringLiteral("SELECT looked FROM watched_archives WHERE ae_title = ?1"), {archive}, "i"});
    if (!found)
        return fail(found.error());
    return found->rows.empty() ? qint64(0) : found->integer(0, 0);
}

Status WatchStore::setLookedAt(const QString& archive, qint64 time) {
    const Result<StateAnswer> done = m_database->run(
        StateQuery{QStringLiteral("UPDATE watched_archives SET looked = ?2 WHERE ae_title = ?1"), {archive, time}, {}});
    return done ? Status() : fail(done.error());
}

Result<std::map<QString, WatchedStudy>> WatchStore::studies(const QString& archive) const {
    const Result<StateAnswer> found = m_database->run(
        StateQuery{QStringLiteral("SELECT uid, instances, since, seen, stage, order_json FROM watched_studies "
                                  "WHERE ae_title = ?1"),
                   {archive},
                   "tiiiit"});
    if (!found)
        return fail(found.error());
    std::map<QString, WatchedStudy> studies;
    for (size_t row = 0; row < found->rows.size(); ++row)
        studies[found->text(row, 0)] = {found->integer(row, 1), found->integer(row, 2), found->integer(row, 3),
                                        stageOf(found->integer(row, 4)),
                                        QJsonDocument::fromJson(found->text(row, 5).toUtf8()).object()};
    return studies;
}

Status WatchStore::put(const QString& archive, const std::map<QString, WatchedStudy>& studies) {
    if (studies.empty())
        return {};
    std::vector<StateQuery> queries;
    for (const auto& [uid, study] : studies)
        // A task that was made stays made, whoever writes late.
        queries.push_back(
            {QStringLiteral("INSERT INTO watched_studies (ae_title, uid, instances, since, seen, stage, order_json) "
                            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (ae_title, uid) DO UPDATE SET "
                            "instances = excluded.instances, since = excluded.since, seen = excluded.seen, "
                            "stage = excluded.stage, order_json = excluded.order_json "
                            "WHERE watched_studies.stage <> 1 OR excluded.stage = 1"),
             {archive, uid, study.instances, study.since, study.seen, qint64(study.stage), jsonText(study.order)},
             {}});
    const Result<std::vector<StateAnswer>> done = m_database->run(queries);
    return done ? Status() : fail(done.error());
}

Status WatchStore::forget(const QString& archive, const QString& study) {
    const Result<StateAnswer> done = m_database->run(
        StateQuery{QStringLiteral("DELETE FROM watched_studies WHERE ae_title = ?1 AND uid = ?2 AND stage <> 1"),
                   {archive, study},
                   {}});
    return done ? Status() : fail(done.error());
}

Status WatchStore::forgetUnseen(const QString& archive, qint64 since) {
    const Result<StateAnswer> done = m_database->run(
        StateQuery{QStringLiteral("DELETE FROM watched_studies WHERE ae_title = ?1 AND seen < ?2 AND stage <> 0"),
                   {archive, since},
                   {}});
    return done ? Status() : fail(done.error());
}

} // namespace yz::platform
