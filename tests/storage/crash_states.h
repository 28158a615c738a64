#pragma once

#include "recorded_disk.h"

#include <QString>
#include <cstdint>
#include <map>
#include <vector>

namespace yz::test {

/// What a power cut leaves: everything before the last sync of a file or folder is there; of what came after, any part.
struct PowerCut {
    size_t at = 0;      ///< the first `at` operations were begun and returned
    double keep = 1.0;  ///< how much of what was not synced came to the disk all the same
    int sector = 0;     ///< bytes of a sector: a write may come in part, sector by sector; 0: whole writes only
    bool noise = false; ///< sectors under way may hold nonsense
    uint64_t seed = 0;  ///< which part
};

/// A folder as it lies on the disk: relative path -> content; folders end with a slash.
using DiskImage = std::map<std::string, QByteArray>;

/// Replays a recording up to a power cut. By the letter of POSIX: a file's fsync keeps its content but not its name; a
/// name is kept by the fsync of the folder. Operations on a name or a range that were not synced may each come or not,
/// which is what the reordering of writes in caches amounts to.
class CrashStates {
public:
    explicit CrashStates(std::vector<DiskOp> ops);

    [[nodiscard]] const std::vector<DiskOp>& ops() const { return m_ops; }
    /// Number of the last mark before `at`; -1: none.
    [[nodiscard]] int lastMark(size_t at) const;
    [[nodiscard]] DiskImage image(const PowerCut& cut) const;

    static void write(const DiskImage& image, const QString& folder); ///< `folder` is made new

private:
    std::vector<DiskOp> m_ops;
    std::vector<size_t> m_kept; ///< by operation: the cut from which on it is surely there
};

} // namespace yz::test
