#pragma once

#include "core/result.h"
#include "dicom/data/byte_source.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "dicom/worker/described_image.h"
#include "dicom/worker/worker_protocol.h"
#include "domain/study.h"

#include <QByteArray>
#include <functional>
#include <optional>
#include <vector>

/// Many files for one question to a worker: the desk puts the first bytes of each into one piece of memory without
/// looking at them, the worker answers what those bytes are enough for.
namespace yz::dicom {

/// The first bytes of a file.
struct FileHead {
    FileKey file;
    qint64 fileBytes = 0;
    QByteArray bytes;
};
inline constexpr qint64 kFileHeadBytes = 4096;  ///< what scanHeader reads first
inline constexpr qint64 kImageHeadBytes = 8192; ///< most images have their pixels behind less
inline constexpr qsizetype kHeadsOfABatch = 64;

/// A file's answer: its header and, where it was asked for, its image; nothing where the head does not give it. Such a
/// file is asked for alone.
struct HeadAnswer {
    std::optional<DataSetHeader> header;
    std::optional<DescribedImage> image;
};

/// In the worker: `batch` is a record of FileHeads. DataSetBroken when it is none.
[[nodiscard]] Result<std::vector<HeadAnswer>> scanHeads(const ByteSource& batch);
/// The same with the images. `opened` is given each that was parsed, closed (OpenedImage::closed).
using OpenedSink = std::function<void(const FileKey& file, std::shared_ptr<const OpenedImage> image)>;
[[nodiscard]] Result<std::vector<HeadAnswer>> describeHeads(const ByteSource& batch, const OpenedSink& opened);

} // namespace yz::dicom
