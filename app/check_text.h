#pragma once

#include "session/site_check.h"
#include "uikit/badge.h"

#include <vector>

namespace yz {

/// One sentence of an answer.
struct CheckLine {
    Tone tone = Tone::Neutral;
    QString text;
};
/// What a server answered, for a person who sets a site up: whether it works, the line and its certificate, the clock,
/// the character set, what was accepted. `now`: UTC.
[[nodiscard]] std::vector<CheckLine> checkLines(const RoleCheck& check, const QDateTime& now);
[[nodiscard]] QString checkStepText(CheckStep step);
/// "CT Image Storage"; an unknown UID comes back as it is.
[[nodiscard]] QString sopClassText(const QString& uid);

} // namespace yz
