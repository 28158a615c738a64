#include "storage/sqlite_error.h"

#include <QByteArray>
#include <QFile>
#include <cerrno>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace yz {

namespace {

/// Why no file can be made beside the database; 0 when one can. SQLite itself tries again without making it, and keeps
/// the errno of that.
int whyNoNewFile(const QByteArray& database) {
    const QByteArray probe = database + '.' + QByteArray::number(::getpid()) + ".probe";
    const int descriptor = ::open(probe.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return errno;
    ::close(descriptor);
    ::unlink(probe.constData());
    return 0;
}

bool isFullDisk(int number) { return number == ENOSPC || number == EDQUOT; }

/// The errno behind a failure. The connection's own may be that of something SQLite did afterwards; each file keeps the
/// last one of its own.
int errnoOf(sqlite3* handle, int code, const QString& path) {
    const int number = sqlite3_system_errno(handle);
    if (isFullDisk(number) || number == EIO)
        return number;
    if (code == SQLITE_CANTOPEN) {
        const char* const name = sqlite3_db_filename(handle, "main");
        const QByteArray database = name != nullptr && *name != '\0' ? QByteArray(name) : QFile::encodeName(path);
        return database.isEmpty() ? number : whyNoNewFile(database);
    }
    if (code == SQLITE_IOERR)
        for (const int which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
            sqlite3_file* file = nullptr;
            int last = 0;
            if (sqlite3_file_control(handle, "main", which, &file) == SQLITE_OK && file != nullptr &&
                file->pMethods != nullptr &&
                file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &last) == SQLITE_OK && isFullDisk(last))
                return last;
        }
    return number;
}

} // namespace

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
    const bool isFull = isFullDisk(systemErrno);
    switch (extendedCode & 0xff) {
    case SQLITE_FULL:
        return ErrorCode::DiskFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::DatabaseCorrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::DatabaseBusy;
    case SQLITE_CANTOPEN: // no room for the log's name is a full disk too
        return isFull ? ErrorCode::DiskFull : ErrorCode::FileUnreadable;
    case SQLITE_READONLY:
        return ErrorCode::FileUnwritable;
    case SQLITE_IOERR:
        return isFull ? ErrorCode::DiskFull : ErrorCode::DatabaseError;
    default:
        return ErrorCode::DatabaseError;
    }
}

Error sqliteError(sqlite3* handle, int extendedCode, const QString& path) {
    const int systemErrno = handle != nullptr ? errnoOf(handle, extendedCode & 0xff, path) : 0;
    QString detail =
        QStringLiteral("SQLite %1: %2").arg(extendedCode).arg(QString::fromUtf8(sqlite3_errstr(extendedCode)));
    // The handle's message says more, but only where it is about the same error.
    if (handle != nullptr && sqlite3_extended_errcode(handle) == extendedCode)
        detail += u" (" + QString::fromUtf8(sqlite3_errmsg(handle)) + u')';
    return {errorCodeOfSqlite(extendedCode, systemErrno), detail};
}

} // namespace yz
