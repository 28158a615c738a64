#include "recorded_disk.h"

#include <QDir>
#include <QFile>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>

namespace yz::test {

namespace {

struct Watch {
    std::mutex mutex;
    std::atomic<bool> on{false}; ///< anything to do at all
    std::string root;            ///< with a slash at its end

    bool recording = false;
    std::vector<DiskOp> ops;
    std::map<std::pair<dev_t, ino_t>, int> nodes;
    int nextNode = 1;

    bool faulty = false;
    int countdown = 0;
    int error = 0;
    bool fromThenOn = false;
    bool syncsOnly = false;
    bool fired = false;
    int calls = 0;
    std::string firedAt;
};

Watch& watch() {
    static Watch w;
    return w;
}

std::string rootOf(const QString& folder) {
    const QString canonical = QDir(folder).canonicalPath();
    if (canonical.isEmpty())
        qFatal("the watched folder must exist");
    return QFile::encodeName(canonical).toStdString() + '/';
}

bool isWatched(const std::string& path) {
    const Watch& w = watch();
    return path.compare(0, w.root.size(), w.root) == 0 || path + '/' == w.root;
}

/// Absolute path of what an open descriptor refers to; empty for pipes and the like.
std::string pathOf(int descriptor) {
    char link[64];
    char target[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t n = ::readlink(link, target, sizeof target);
    return n > 0 && target[0] == '/' ? std::string(target, static_cast<size_t>(n)) : std::string();
}

bool isWatched(int descriptor) { return isWatched(pathOf(descriptor)); }

std::string parentOf(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string nameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

int known(const struct stat& status, const std::string& what) {
    const auto found = watch().nodes.find({status.st_dev, status.st_ino});
    if (found == watch().nodes.end())
        qFatal("a file nobody saw being made: %s", what.c_str());
    return found->second;
}

int nodeOf(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        qFatal("stat %s", path.c_str());
    return known(status, path);
}

int nodeOf(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0)
        qFatal("fstat");
    return known(status, pathOf(descriptor));
}

/// A new file or folder is there.
void noteCreated(DiskOp::Kind kind, const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        qFatal("stat %s", path.c_str());
    DiskOp op;
    op.kind = kind;
    op.node = watch().nextNode++;
    watch().nodes[{status.st_dev, status.st_ino}] = op.node; // numbers of files that are gone come again
    op.folder = nodeOf(parentOf(path));
    op.name = nameOf(path);
    watch().ops.push_back(op);
}

void noteOnNode(DiskOp::Kind kind, int node, int64_t at = 0, const void* bytes = nullptr, size_t size = 0) {
    DiskOp op;
    op.kind = kind;
    op.node = node;
    op.at = at;
    if (size > 0)
        op.bytes = QByteArray(static_cast<const char*>(bytes), static_cast<qsizetype>(size));
    watch().ops.push_back(op);
}

/// The errno this call is to give; 0: none.
int faultOf(const char* call) {
    Watch& w = watch();
    if (!w.faulty || (w.syncsOnly && std::strcmp(call, "sync") != 0))
        return 0;
    ++w.calls;
    --w.countdown;
    if (w.countdown != 0 && !(w.fromThenOn && w.countdown < 0))
        return 0;
    if (!w.fired)
        w.firedAt = call;
    w.fired = true;
    return w.error;
}

template <typename Function> Function* real(const char* name) {
    // Called once a function and name: each caller keeps it.
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

int openWatched(int (*next)(const char*, int, ...), const char* path, int flags, mode_t mode) {
    Watch& w = watch();
    if (!w.on || (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) == 0)
        return next(path, flags, mode);
    const std::lock_guard lock(w.mutex);
    if (!isWatched(std::string(path)))
        return next(path, flags, mode);
    struct stat status {};
    const bool existed = ::stat(path, &status) == 0;
    const bool changes = !existed || (flags & O_TRUNC) != 0;
    if (const int fault = changes && (flags & O_CREAT) != 0 ? faultOf("open") : 0; fault != 0) {
        errno = fault;
        return -1;
    }
    const int descriptor = next(path, flags, mode);
    if (descriptor < 0 || !w.recording)
        return descriptor;
    const int kept = errno;
    if (!existed)
        noteCreated(DiskOp::Kind::CreateFile, path);
    else if ((flags & O_TRUNC) != 0)
        noteOnNode(DiskOp::Kind::Truncate, nodeOf(descriptor));
    errno = kept;
    return descriptor;
}

/// `at` < 0: where the descriptor stands.
template <typename Call>
ssize_t writeWatched(int descriptor, const void* bytes, size_t size, int64_t at, const Call& call) {
    Watch& w = watch();
    if (!w.on)
        return call(size);
    const std::lock_guard lock(w.mutex);
    if (!isWatched(descriptor))
        return call(size);
    if (at < 0)
        at = ::lseek(descriptor, 0, SEEK_CUR);
    const int fault = faultOf("write");
    const ssize_t written = call(fault != 0 ? size / 2 : size); // a torn write leaves half of itself
    const int kept = errno;
    if (w.recording && written > 0)
        noteOnNode(DiskOp::Kind::Write, nodeOf(descriptor), at, bytes, static_cast<size_t>(written));
    errno = fault != 0 ? fault : kept;
    return fault != 0 ? -1 : written;
}

int syncWatched(int descriptor, int (*next)(int)) {
    Watch& w = watch();
    if (!w.on)
        return next(descriptor);
    const std::lock_guard lock(w.mutex);
    if (!isWatched(descriptor))
        return next(descriptor);
    if (const int fault = faultOf("sync"); fault != 0) {
        if (w.recording)
            noteOnNode(DiskOp::Kind::SyncFailed, nodeOf(descriptor));
        errno = fault;
        return -1;
    }
    // The states are made from what was written down, so that nothing need wait for the real disk here.
    if (w.recording)
        noteOnNode(DiskOp::Kind::Sync, nodeOf(descriptor));
    return 0;
}

int truncateWatched(int descriptor, int64_t length, int (*next)(int, off_t)) {
    Watch& w = watch();
    if (!w.on)
        return next(descriptor, length);
    const std::lock_guard lock(w.mutex);
    if (!isWatched(descriptor))
        return next(descriptor, length);
    if (const int fault = faultOf("truncate"); fault != 0) {
        errno = fault;
        return -1;
    }
    const int done = next(descriptor, length);
    if (done == 0 && w.recording)
        noteOnNode(DiskOp::Kind::Truncate, nodeOf(descriptor), length);
    return done;
}

int unlinkWatched(const char* path, int (*next)(const char*)) {
    Watch& w = watch();
    if (!w.on)
        return next(path);
    const std::lock_guard lock(w.mutex);
    if (!isWatched(std::string(path)))
        return next(path);
    struct stat status {};
    const bool existed = ::stat(path, &status) == 0;
    const int done = next(path);
    if (done == 0 && existed && w.recording) {
        DiskOp op;
        op.kind = DiskOp::Kind::Unlink;
        op.node = known(status, path);
        op.folder = nodeOf(parentOf(path));
        op.name = nameOf(path);
        w.ops.push_back(op);
    }
    return done;
}

int renameWatched(const char* from, const char* to, int (*next)(const char*, const char*)) {
    Watch& w = watch();
    if (!w.on)
        return next(from, to);
    const std::lock_guard lock(w.mutex);
    if (!isWatched(std::string(from)) && !isWatched(std::string(to)))
        return next(from, to);
    if (const int fault = faultOf("rename"); fault != 0) {
        errno = fault;
        return -1;
    }
    const int done = next(from, to);
    if (done == 0 && w.recording) {
        DiskOp op;
        op.kind = DiskOp::Kind::Rename;
        op.node = nodeOf(std::string(to));
        op.folder = nodeOf(parentOf(to));
        op.name = nameOf(to);
        op.fromFolder = nodeOf(parentOf(from));
        op.fromName = nameOf(from);
        w.ops.push_back(op);
    }
    return done;
}

int makeFolderWatched(const char* path, mode_t mode, int (*next)(const char*, mode_t)) {
    Watch& w = watch();
    if (!w.on)
        return next(path, mode);
    const std::lock_guard lock(w.mutex);
    if (!isWatched(std::string(path)))
        return next(path, mode);
    struct stat status {};
    if (::stat(path, &status) != 0) // one that is there takes no room
        if (const int fault = faultOf("mkdir"); fault != 0) {
            errno = fault;
            return -1;
        }
    const int done = next(path, mode);
    if (done == 0 && w.recording)
        noteCreated(DiskOp::Kind::CreateFolder, path);
    return done;
}

} // namespace

DiskRecording::DiskRecording(const QString& folder) {
    Watch& w = watch();
    const std::lock_guard lock(w.mutex);
    if (w.recording || w.faulty)
        qFatal("one recording at a time");
    w.root = rootOf(folder);
    w.recording = true;
    w.ops.clear();
    w.nodes.clear();
    w.nextNode = kRootNode + 1;
    struct stat status {};
    ::stat(w.root.c_str(), &status);
    w.nodes[{status.st_dev, status.st_ino}] = kRootNode;
    w.on = true;
}

DiskRecording::~DiskRecording() {
    Watch& w = watch();
    const std::lock_guard lock(w.mutex);
    w.on = false;
    w.recording = false;
}

void DiskRecording::mark(int number) {
    const std::lock_guard lock(watch().mutex);
    noteOnNode(DiskOp::Kind::Mark, number);
}

std::vector<DiskOp> DiskRecording::take() {
    const std::lock_guard lock(watch().mutex);
    return std::move(watch().ops);
}

DiskFault::DiskFault(const QString& folder, int n, int error, Duration duration, Calls calls) {
    Watch& w = watch();
    const std::lock_guard lock(w.mutex);
    if (w.faulty)
        qFatal("one fault at a time");
    if (!w.recording)
        w.root = rootOf(folder);
    w.faulty = true;
    w.countdown = n;
    w.error = error;
    w.fromThenOn = duration == Duration::FromThenOn;
    w.syncsOnly = calls == Calls::Syncs;
    w.fired = false;
    w.calls = 0;
    w.firedAt.clear();
    w.on = true;
}

DiskFault::~DiskFault() {
    Watch& w = watch();
    const std::lock_guard lock(w.mutex);
    w.faulty = false;
    w.on = w.recording;
}

bool DiskFault::fired() const { return watch().fired; }

int DiskFault::calls() const { return watch().calls; }

QString DiskFault::call() const { return QString::fromStdString(watch().firedAt); }

} // namespace yz::test

// The program's own functions of these names are found before the C library's, by its shared libraries too.
using namespace yz::test;

extern "C" {

int open(const char* path, int flags, ...) {
    static const auto next = real<int(const char*, int, ...)>("open");
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return openWatched(next, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    static const auto next = real<int(const char*, int, ...)>("open64");
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return openWatched(next, path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
    static const auto next = real<ssize_t(int, const void*, size_t)>("write");
    return writeWatched(descriptor, bytes, size, -1, [&](size_t n) { return next(descriptor, bytes, n); });
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
    static const auto next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    return writeWatched(descriptor, bytes, size, at, [&](size_t n) { return next(descriptor, bytes, n, at); });
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
    static const auto next = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    return writeWatched(descriptor, bytes, size, at, [&](size_t n) { return next(descriptor, bytes, n, at); });
}

int fsync(int descriptor) {
    static const auto next = real<int(int)>("fsync");
    return syncWatched(descriptor, next);
}

int fdatasync(int descriptor) {
    static const auto next = real<int(int)>("fdatasync");
    return syncWatched(descriptor, next);
}

int ftruncate(int descriptor, off_t length) noexcept {
    static const auto next = real<int(int, off_t)>("ftruncate");
    return truncateWatched(descriptor, length, next);
}

int ftruncate64(int descriptor, off64_t length) noexcept {
    static const auto next = real<int(int, off_t)>("ftruncate64");
    return truncateWatched(descriptor, length, next);
}

int unlink(const char* path) noexcept {
    static const auto next = real<int(const char*)>("unlink");
    return unlinkWatched(path, next);
}

int rename(const char* from, const char* to) noexcept {
    static const auto next = real<int(const char*, const char*)>("rename");
    return renameWatched(from, to, next);
}

int mkdir(const char* path, mode_t mode) noexcept {
    static const auto next = real<int(const char*, mode_t)>("mkdir");
    return makeFolderWatched(path, mode, next);
}

} // extern "C"
