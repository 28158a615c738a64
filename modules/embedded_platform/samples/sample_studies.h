#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QString>
#include <functional>

/// The studies of the demo: generated, never photographed; invented people. Pixels and UIDs are the same everywhere,
/// only dates follow `reference`, so that waiting times look right.
namespace yz::samples {

using SampleProgress = std::function<void(const QString& what, int done, int total)>;

/// Writes one folder a study: Part 10 files and order.json. chest CT (160 slices, nodules of 8.0 and 14.0 mm), head CT
/// with a bleed (emergency), brain MR (T1, T2, FLAIR), chest DX with a prior of nine months before, abdominal colour US
/// cine, PET/CT of the chest (a ball of 28 mm and SUV 8.00 by body weight at 82, 34, -24).
[[nodiscard]] Status writeSampleStudies(const QString& folder, const QDateTime& reference,
                                        const SampleProgress& progress = {});

} // namespace yz::samples
