#include "storage/sqlite_error.h"

#include <cerrno>
#include <sqlite3.h>

namespace yz {

ErrorCode errorCodeOfSqlite(int extendedCode, int systemErrno) {
    switch (extendedCode) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ErrorCode::AlreadyExists;
    case SQLITE_CONSTRAINT_TRIGGER: // our triggers guard rows that must not change
        return ErrorCode::NotAllowed;
    default:
        break;
    }
    switch (extendedCode & 0xff) {
    case SQLITE_FULL:
        return ErrorCode::DiskFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::DatabaseCorrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::DatabaseBusy;
    case SQLITE_CANTOPEN:
        return ErrorCode::FileUnreadable;
    case SQLITE_READONLY:
        return ErrorCode::FileUnwritable;
    case SQLITE_IOERR:
        return systemErrno == ENOSPC || systemErrno == EDQUOT ? ErrorCode::DiskFull : ErrorCode::DatabaseError;
    default:
        return ErrorCode::DatabaseError;
    }
}

Error sqliteError(sqlite3* handle, int extendedCode) {
    const int systemErrno = handle != nullptr ? sqlite3_system_errno(handle) : 0;
    QString detail =
        QStringLiteral("SQLite %1: %2").arg(extendedCode).arg(QString::fromUtf8(sqlite3_errstr(extendedCode)));
    // The handle's message says more, but only where it is about the same error.
    if (handle != nullptr && sqlite3_extended_errcode(handle) == extendedCode)
        detail += u" (" + QString::fromUtf8(sqlite3_errmsg(handle)) + u')';
    return {errorCodeOfSqlite(extendedCode, systemErrno), detail};
}

} // namespace yz
