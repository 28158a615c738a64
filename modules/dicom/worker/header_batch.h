#pragma once

#include "core/result.h"
#include "dicom/data/byte_source.h"
#include "domain/study.h"

#include <QByteArray>
#include <optional>
#include <vector>

/// Headers of many files for one question to a worker: the desk puts the first bytes of each into one piece of memory
/// without looking at them, the worker answers what those bytes are enough for.
namespace yz::dicom {

/// The first bytes of a file.
struct FileHead {
    qint64 fileBytes = 0;
    QByteArray bytes;
};
inline constexpr qint64 kFileHeadBytes = 4096; ///< what scanHeader reads first
inline constexpr qsizetype kHeadsOfABatch = 64;

/// A file's answer: its header, or nothing where the head does not give one; such a file is asked for alone.
struct HeadAnswer {
    std::optional<DataSetHeader> header;
};

/// In the worker: `batch` is a record of FileHeads. DataSetBroken when it is none.
[[nodiscard]] Result<std::vector<HeadAnswer>> scanHeads(const ByteSource& batch);

} // namespace yz::dicom
