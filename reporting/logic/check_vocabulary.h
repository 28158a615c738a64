#pragma once

#include <QStringList>

/// The words the checks look for, Chinese and English.
namespace yz::vocabulary {

[[nodiscard]] const QStringList& pairedOrgans(); ///< organs and regions that have a left and a right one
[[nodiscard]] const QStringList& femaleOrgans();
[[nodiscard]] const QStringList& maleOrgans();
[[nodiscard]] const QStringList& abnormalities();   ///< what makes a report positive
[[nodiscard]] const QStringList& criticalPhrases(); ///< 危急值

/// Largest size in mm that a thing of this name is believed at.
struct SizeLimit {
    const char* word; ///< UTF-8
    double largestMm;
};
[[nodiscard]] double largestBelievableMm(const QString& clause);

} // namespace yz::vocabulary
