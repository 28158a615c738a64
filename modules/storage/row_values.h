#pragma once

#include "storage/database.h"

#include <QDateTime>
#include <QJsonObject>
#include <QJsonValue>
#include <optional>

/// How values of the product are written in columns; one place for both directions. Private to storage.
namespace yz {

/// Milliseconds since 1970 UTC; NULL for an invalid time.
void bindTime(Statement& statement, int index, const QDateTime& time);
[[nodiscard]] QDateTime timeAt(const Statement& statement, int column);

[[nodiscard]] QString jsonText(const QJsonObject& object);
[[nodiscard]] QJsonObject jsonFromText(const QString& text);

/// The error of a code name; Internal when a later version wrote a code this one does not know.
[[nodiscard]] ErrorCode errorCodeFromName(const QString& name);

} // namespace yz
