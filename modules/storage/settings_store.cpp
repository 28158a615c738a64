#include "storage/settings_store.h"

#include "core/log.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace yz {

SettingsStore::SettingsStore(std::shared_ptr<Database> database) : m_database(std::move(database)) {}

QJsonValue SettingsStore::value(const QString& key, const QJsonValue& fallback) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(u"SELECT value FROM setting WHERE key = ?");
    const Result<bool> row = select.bind(1, key).step();
    if (!row) {
        qCWarning(logStorage) << "setting" << key << "not read:" << row.error().toString();
        return fallback;
    }
    return *row ? QJsonDocument::fromJson(select.text(0).toUtf8()).array().at(0) : fallback;
}

Status SettingsStore::set(const QString& key, const QJsonValue& value) {
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    Transaction transaction(*m_database);
    Statement upsert = transaction.prepare(u"INSERT INTO setting (key, value) VALUES (?, ?) "
                                           "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    if (const Result<int> done = upsert.bind(1, key).bind(2, QString::fromUtf8(json)).run(); !done)
        return fail(done.error());
    return transaction.commit();
}

} // namespace yz
