#include "session/site_settings.h"

#include "core/log.h"
#include "security/secret_store.h"
#include "session/prefetch_service.h"
#include "storage/desk_store.h"

#include <QFile>
#include <QJsonArray>

namespace yz {

namespace {

constexpr qint64 kMostBytes = 4 << 20; // of a site file

Result<QByteArray> contentOf(const QString& path) {
    QFile file(path);
    if (!file.exists())
        return fail(ErrorCode::FileNotFound, path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kMostBytes)
        return fail(ErrorCode::FileUnreadable, path);
    return file.readAll();
}

} // namespace

Result<SiteSettings::Loaded> SiteSettings::load() const {
    const Result<QByteArray> bytes = contentOf(path());
    if (!bytes)
        return fail(bytes.error());
    SiteReading reading = readSite(*bytes);
    Loaded loaded;
    loaded.faults = reading.faults;
    QStringList names;
    if (const Result<QStringList> kept = SecretStore(m_home).names(); kept)
        names = *kept;
    else
        loaded.noSecrets = kept.error();
    loaded.draft =
        draftOf(reading.site, prefetchPolicy(m_store), [&](const QString& name) { return names.contains(name); });
    return loaded;
}

Result<SiteSettings::Import> SiteSettings::import(const QString& path, const SiteDraft& current) const {
    const Result<QByteArray> bytes = contentOf(path);
    if (!bytes)
        return fail(bytes.error());
    const SiteReading reading = readSite(*bytes);
    if (!reading.faults.isEmpty())
        return Import{current, reading.faults};
    const QStringList names = SecretStore(m_home).names().value_or(QStringList());
    Import import{draftOf(reading.site, current.prefetch, [&](const QString& name) { return names.contains(name); }),
                  {}};
    for (TargetEdit& edit : import.draft.targets)
        edit.isNew = std::none_of(current.targets.begin(), current.targets.end(), [&](const TargetEdit& known) {
            return !known.isNew && known.target.id == edit.target.id;
        });
    return import;
}

Status SiteSettings::exportTo(const QString& path, const SiteDraft& draft) const {
    const Site site = siteOf(draft);
    if (const SiteFaults faults = faultsOf(site); !faults.isEmpty())
        return fail(ErrorCode::InvalidArgument, faults.list().front().key);
    return site.save(path);
}

Result<SiteSettings::Saved> SiteSettings::save(const SiteDraft& draft, const SiteDraft& before,
                                               const User& user) const {
    if (!user.has(Role::Administrator))
        return fail(ErrorCode::RoleForbids, QStringLiteral("settings"));
    Saved saved;
    saved.faults = faultsOf(draft, m_clock.nowUtc());
    saved.faults.add(fileFaultsOf(draft, m_clock.nowUtc()));
    if (!saved.faults.isEmpty())
        return saved;
    const Result<QByteArray> bytes = contentOf(path());
    if (!bytes)
        return fail(bytes.error());
    if (readSite(*bytes).site != siteOf(before)) {
        saved.wasChangedBefore = true;
        return saved;
    }
    SecretStore secrets(m_home);
    const SecretReader kept = [&](const QString& name) { return secrets.get(name); };
    const Result<SecretChanges> changes = secretChanges(draft, before, kept);
    if (!changes)
        return fail(changes.error());
    const QStringList keys = changedKeys(draft, before);
    if (keys.isEmpty()) {
        saved.isDone = true;
        return saved;
    }
    // What is changed is written down first; of the secrets only that they changed.
    if (const Status noted = m_store.audit().append({QStringLiteral("settings.changed"),
                                                     user.id,
                                                     {},
                                                     true,
                                                     QJsonObject{{"keys", QJsonArray::fromStringList(keys)}}});
        !noted)
        return fail(noted.error());
    SecretChanges old; // to go back
    for (auto it = changes->begin(); it != changes->end(); ++it)
        old.insert(it.key(), secrets.get(it.key()).value_or(QByteArray()));
    if (!changes->isEmpty())
        if (const Status set = secrets.set(*changes); !set)
            return fail(set.error());
    const auto goBack = [&](const Error& error) {
        if (!changes->isEmpty())
            if (const Status back = secrets.set(old); !back)
                qCWarning(logSession) << "secrets after a failed save:" << back.error().toString();
        return fail(error);
    };
    const Site site = siteOf(draft);
    const bool isSiteNew = site != siteOf(before);
    if (isSiteNew)
        if (const Status written = site.save(path()); !written)
            return goBack(written.error());
    if (draft.prefetch != before.prefetch)
        if (const Status set = setPrefetchPolicy(m_store, draft.prefetch); !set) {
            if (isSiteNew)
                if (const Status back = writeFileDurably(path(), *bytes); !back)
                    qCWarning(logSession) << "site after a failed save:" << back.error().toString();
            return goBack(set.error());
        }
    saved.isDone = true;
    saved.needsRestart = isSiteNew || !changes->isEmpty();
    return saved;
}

} // namespace yz
