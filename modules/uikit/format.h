#pragma once

#include "domain/person.h"

#include <QDate>
#include <QDateTime>
#include <QString>

/// Values as text for the person at the desk, in the language of the desk. Times come in UTC and are shown in local
/// time.
namespace yz {

[[nodiscard]] QString formatDate(QDate date);                ///< 2026-03-02; empty when invalid
[[nodiscard]] QString formatDateTime(const QDateTime& time); ///< 2026-03-02 09:15
/// Short form beside a known now: "09:15" today, "昨天 21:03", "03-01 08:20" in the same year, else the full form.
[[nodiscard]] QString formatShortTime(const QDateTime& time, const QDateTime& now);

/// "45岁", "13个月", "2周", "9天" from the DICOM form ("045Y"); another form comes back as it is.
[[nodiscard]] QString formatAge(const QString& dicomAge);
/// Age on the day of the examination.
[[nodiscard]] QString formatAge(const Patient& patient, QDate day);
[[nodiscard]] QString formatSex(Sex sex); ///< "男", "女", "其他"; empty when unknown

/// "12 分", "1 时 5 分", "2 天 3 时"; whole minutes, rounded down, never negative.
[[nodiscard]] QString formatDuration(qint64 seconds);
/// "剩 12 分" before the due time, "超 1 时 5 分" after it; empty without a due time.
[[nodiscard]] QString formatTimeLeft(const QDateTime& due, const QDateTime& now);
[[nodiscard]] QString formatBytes(qint64 bytes);

} // namespace yz
