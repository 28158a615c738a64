#pragma once

#include "storage/database.h"

#include <vector>

namespace yz::platform {

/// Schema of platform.db. Text is UTF-8; times are milliseconds since 1970 UTC; attributes are JSON objects of
/// "GGGGEEEE" -> value as DICOM text.
[[nodiscard]] const std::vector<Migration>& platformMigrations();

} // namespace yz::platform
