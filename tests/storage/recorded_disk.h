#pragma once

#include <QByteArray>
#include <QString>
#include <cstdint>
#include <string>
#include <vector>

/// The file calls of this process, seen from below: whatever SQLite, Qt and the product's own file code ask of the
/// system goes through here (the program's own open, write, rename, fsync … stand before the C library's). They pass on
/// what they are asked, may write it down, and may be told to fail. What is not under the watched folder goes by.
namespace yz::test {

struct DiskOp {
    enum class Kind {
        CreateFile,
        CreateFolder,
        Write,
        Truncate,
        Rename,
        Unlink,
        Sync,       ///< of a file's content, or of a folder's names
        SyncFailed, ///< the system said no: what was written before may be gone for good
        Mark,       ///< put in by the test
    };
    Kind kind = Kind::Mark;
    int node = -1;   ///< file or folder concerned; for Mark the test's number
    int folder = -1; ///< Create, Rename (target), Unlink: whose name is meant
    std::string name;
    int fromFolder = -1; ///< Rename
    std::string fromName;
    int64_t at = 0; ///< Write: offset; Truncate: length
    QByteArray bytes;
};

/// Node 0 is the watched folder itself.
constexpr int kRootNode = 0;

/// While one of these lives, what happens under `folder` (existing, empty) is written down in order. One at a time.
class DiskRecording {
public:
    explicit DiskRecording(const QString& folder);
    ~DiskRecording();
    DiskRecording(const DiskRecording&) = delete;
    DiskRecording& operator=(const DiskRecording&) = delete;

    void mark(int number);
    [[nodiscard]] std::vector<DiskOp> take();
};

/// While one of these lives, the n-th call (from 1) under `folder` that changes or syncs something gives `error`, an
/// errno. A write that fails leaves half of itself behind. One at a time.
class DiskFault {
public:
    enum class Duration { Once, FromThenOn };
    enum class Calls { All, Syncs };
    DiskFault(const QString& folder, int n, int error, Duration duration, Calls calls = Calls::All);
    ~DiskFault();
    DiskFault(const DiskFault&) = delete;
    DiskFault& operator=(const DiskFault&) = delete;

    [[nodiscard]] bool fired() const;
    [[nodiscard]] int calls() const;    ///< counted since it was made
    [[nodiscard]] QString call() const; ///< the name of the first that failed
};

} // namespace yz::test
