#pragma once

#include "storage/database.h"

#include <vector>

namespace yz::platform {

/// The shared tables on PostgreSQL, the same as in platform_schema; they lie in the schema "yuanzhen". A step that was
/// ever released is never edited.
[[nodiscard]] const std::vector<Migration>& centerMigrations();

} // namespace yz::platform
