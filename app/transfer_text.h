#pragma once

#include "session/acquire_service.h"

#include <QString>

namespace yz {

/// What is said while a study comes: images, bytes, rate, time left, and that the line broke.
[[nodiscard]] QString transferText(const AcquireProgress& progress);

} // namespace yz
