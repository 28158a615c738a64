#pragma once

#include "storage/database.h"

#include <QJsonValue>

namespace yz {

/// Settings of this workstation, key -> JSON value.
class SettingsStore {
public:
    explicit SettingsStore(std::shared_ptr<Database> database);
    [[nodiscard]] QJsonValue value(const QString& key, const QJsonValue& fallback = {}) const;
    [[nodiscard]] Status set(const QString& key, const QJsonValue& value);

private:
    std::shared_ptr<Database> m_database;
};

} // namespace yz
