#include "failing_vfs.h"

#include <new>
#include <sqlite3.h>

namespace yz::test {

namespace {

struct Faults {
    bool armed = false;
    int countdown = 0;
    int code = SQLITE_OK;
    bool fromThenOn = false;
    bool mainOnly = false;
    bool fired = false;
    int operations = 0;
};
Faults faults;

struct File {
    sqlite3_file base;
    bool isMain;
    sqlite3_file* real;
};

sqlite3_file* realOf(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }

/// SQLITE_OK, or the fault this operation is to give.
int faultOf(sqlite3_file* file) {
    if (!faults.armed || (faults.mainOnly && !reinterpret_cast<File*>(file)->isMain))
        return SQLITE_OK;
    ++faults.operations;
    --faults.countdown;
    if (faults.countdown != 0 && !(faults.fromThenOn && faults.countdown < 0))
        return SQLITE_OK;
    faults.fired = true;
    return faults.code;
}

int closeFile(sqlite3_file* f) { return realOf(f)->pMethods->xClose(realOf(f)); }
int readFile(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
    return realOf(f)->pMethods->xRead(realOf(f), to, n, at);
}
int writeFile(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
    if (const int fault = faultOf(f); fault != SQLITE_OK) {
        realOf(f)->pMethods->xWrite(realOf(f), from, n / 2, at); // torn: half of it is there
        return fault;
    }
    return realOf(f)->pMethods->xWrite(realOf(f), from, n, at);
}
int truncateFile(sqlite3_file* f, sqlite3_int64 size) {
    const int fault = faultOf(f);
    return fault != SQLITE_OK ? fault : realOf(f)->pMethods->xTruncate(realOf(f), size);
}
int syncFile(sqlite3_file* f, int flags) {
    const int fault = faultOf(f);
    return fault != SQLITE_OK ? fault : realOf(f)->pMethods->xSync(realOf(f), flags);
}
int fileSize(sqlite3_file* f, sqlite3_int64* size) { return realOf(f)->pMethods->xFileSize(realOf(f), size); }
int lockFile(sqlite3_file* f, int level) { return realOf(f)->pMethods->xLock(realOf(f), level); }
int unlockFile(sqlite3_file* f, int level) { return realOf(f)->pMethods->xUnlock(realOf(f), level); }
int checkLock(sqlite3_file* f, int* out) { return realOf(f)->pMethods->xCheckReservedLock(realOf(f), out); }
int fileControl(sqlite3_file* f, int op, void* arg) { return realOf(f)->pMethods->xFileControl(realOf(f), op, arg); }
int sectorSize(sqlite3_file* f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); }
int deviceTraits(sqlite3_file* f) { return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f)); }
int shmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return realOf(f)->pMethods->xShmMap(realOf(f), page, size, extend, out);
}
int shmLock(sqlite3_file* f, int offset, int n, int flags) {
    return realOf(f)->pMethods->xShmLock(realOf(f), offset, n, flags);
}
void shmBarrier(sqlite3_file* f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); }
int shmUnmap(sqlite3_file* f, int remove) { return realOf(f)->pMethods->xShmUnmap(realOf(f), remove); }

const sqlite3_io_methods methods{2,        closeFile,  readFile,  writeFile,   truncateFile, syncFile,     fileSize,
                                 lockFile, unlockFile, checkLock, fileControl, sectorSize,   deviceTraits, shmMap,
                                 shmLock,  shmBarrier, shmUnmap,  nullptr,     nullptr};

sqlite3_vfs* original = nullptr;
sqlite3_vfs vfs;

int openFile(sqlite3_vfs*, const char* name, sqlite3_file* out, int flags, int* outFlags) {
    auto* file = new (out) File{};
    file->real = reinterpret_cast<sqlite3_file*>(file + 1);
    file->isMain = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const int code = original->xOpen(original, name, file->real, flags, outFlags);
    file->base.pMethods = file->real->pMethods != nullptr ? &methods : nullptr;
    return code;
}

} // namespace

FailingVfs::FailingVfs() {
    original = sqlite3_vfs_find(nullptr);
    vfs = *original; // everything but open goes straight to it; its functions do not look at the object
    vfs.zName = "failing";
    vfs.szOsFile = static_cast<int>(sizeof(File)) + original->szOsFile;
    vfs.xOpen = openFile;
    sqlite3_vfs_register(&vfs, 1);
}

FailingVfs::~FailingVfs() {
    disarm();
    sqlite3_vfs_unregister(&vfs);
    sqlite3_vfs_register(original, 1);
}

void FailingVfs::arm(int n, int code, Duration duration, Target target) {
    faults = {true, n, code, duration == Duration::FromThenOn, target == Target::MainDatabase, false, 0};
}

void FailingVfs::disarm() { faults.armed = false; }

bool FailingVfs::fired() const { return faults.fired; }

int FailingVfs::operations() const { return faults.operations; }

} // namespace yz::test
