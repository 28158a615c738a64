#pragma once

#include "core/result.h"

struct sqlite3;

namespace yz {

/// Our code for an extended result code of SQLite. `systemErrno` tells a full disk from other I/O errors.
[[nodiscard]] ErrorCode errorCodeOfSqlite(int extendedCode, int systemErrno);

/// The error of the last call on the handle, with SQLite's message (which names tables and columns, never values).
/// path: of the database, where the handle may not know it yet.
[[nodiscard]] Error sqliteError(sqlite3* handle, int extendedCode, const QString& path = {});

} // namespace yz
