#pragma once

#include "storage/database.h"

#include <vector>

namespace yz {

/// Schema of desk.db. A step that was ever released is never edited: changes are new steps at the end.
[[nodiscard]] const std::vector<Migration>& deskMigrations();

} // namespace yz
