#pragma once

#include <QDate>
#include <QDateTime>
#include <QString>
#include <QTime>

/// The values of DA, TM and DT (PS3.5 6.2).
namespace yz {

[[nodiscard]] QDate dateFromDicom(const QString& da); ///< invalid when it is none
[[nodiscard]] QTime timeFromDicom(const QString& tm); ///< invalid when it is none
/// In UTC (without a zone: this computer's); invalid when there is no date.
[[nodiscard]] QDateTime dateTimeFromDicom(const QString& dt);
/// UTC with "+0000", microseconds; empty for an invalid time.
[[nodiscard]] QString dateTimeToDicom(const QDateTime& time);

} // namespace yz
