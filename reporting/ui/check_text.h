#pragma once

#include "reporting/check.h"

#include <QString>

namespace yz {

/// One sentence for the reader about a finding of the checks.
[[nodiscard]] QString checkSentence(const CheckFinding& finding);
/// Heading of a section of the report by its key in the content ("findings", "impression", ...).
[[nodiscard]] QString sectionTitle(const QString& key);
/// "mm", "mm²", "HU", "px" from UCUM.
[[nodiscard]] QString unitText(const QString& ucum);

} // namespace yz
