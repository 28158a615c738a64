#pragma once

#include "imaging/hanging.h"
#include "imaging/hanging_dicom.h"

#include <QString>
#include <QStringList>

/// What the parts of hanging protocols are called.
namespace yz::hanging_text {

[[nodiscard]] QString attribute(const QString& name); ///< also joined ones: "body part or description"
[[nodiscard]] QString op(const QString& name);
[[nodiscard]] QString kind(const QString& name);
[[nodiscard]] QString link(const QString& name);
[[nodiscard]] QString rule(const HangingRule& rule); ///< "modality is CT"
/// Why a protocol fits or not, one line a rule.
[[nodiscard]] QStringList reasons(const HangingScore& score);
[[nodiscard]] QString loss(const HangingLoss& loss);

} // namespace yz::hanging_text
