#pragma once

#include "imaging/volume.h"

#include <QJsonArray>
#include <QJsonObject>

/// Geometry in the CLI's JSON: millimetres in the patient's LPS frame, degrees.
namespace yz::cli {

[[nodiscard]] QString findingName(GeometryFinding::Kind kind); ///< stable: "missingSlices"
[[nodiscard]] QString splitName(StackSplit::By by);            ///< stable: "echoTime"
[[nodiscard]] QJsonArray toJson(const PatientVector& vector);
[[nodiscard]] QJsonObject toJson(const GeometryFinding& finding);
[[nodiscard]] QJsonObject toJson(const StackSplit& split);
/// Size, spacing, place and what was done to get there.
[[nodiscard]] QJsonObject gridJson(const Volume& volume);
/// A stack with its findings and its volume, or why there is none.
[[nodiscard]] QJsonObject toJson(const Stack& stack);

} // namespace yz::cli
