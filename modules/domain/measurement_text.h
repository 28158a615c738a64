#pragma once

#include <QString>

namespace yz {

/// A measured value as it is written in a report, in every language the same: "12.3 mm", "45.0°", "0.48", "1.25 ml".
/// `ucum`: "mm", "mm2", "mm3", "deg", "{px}", "[hnsf'U]", "g/ml{SUVbw}", "1", ... Volumes from 1000 mm3 on are in ml.
[[nodiscard]] QString measurementText(double value, const QString& ucum);

} // namespace yz
