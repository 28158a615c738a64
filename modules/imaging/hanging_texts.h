#pragma once

#include "imaging/hanging.h"

/// What a rule looks at. Inside the imaging target only.
namespace yz::hanging {

/// Values of a text attribute of a series; "a|b" is both together.
[[nodiscard]] QStringList textsOf(const HangingSeries& series, const QString& attribute);
/// Values of a text attribute of a study: its own and those of all its series.
[[nodiscard]] QStringList textsOf(const HangingStudy& study, const QString& attribute);
[[nodiscard]] bool holdsText(const HangingRule& rule, const QString& text);
[[nodiscard]] bool holdsNumber(const HangingRule& rule, int number);
[[nodiscard]] bool holdsForSeries(const HangingRule& rule, const HangingSeries& series);

} // namespace yz::hanging
