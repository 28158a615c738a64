#pragma once

#include "core/result.h"

#include <QString>

namespace yz::viewer_text {

/// Why what is shown cannot be kept as a presentation state.
[[nodiscard]] QString captureRefusal(const Error& error);

} // namespace yz::viewer_text
