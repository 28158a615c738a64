#pragma once

#include "core/result.h"
#include "dicom/data/limits.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <memory>

namespace yz::dicom {

/// Where the data set of a file starts and how it is written.
struct FileMeta {
    qint64 dataSetOffset = 0;
    QString transferSyntax; ///< as declared; guessed from the first element where the file has no meta header
    Encoding encoding = Encoding::ExplicitLittle;
    bool isDeflated = false;
};

/// Preamble and group 0002, or a bare data set. NotDicom, DataSetTruncated.
[[nodiscard]] Result<FileMeta> readFileMeta(const ByteSource& source);

/// A header as parsed: everything before the pixel data.
struct ParsedHeader {
    FileMeta meta;
    ByteSourcePtr source; ///< what offsets of the outline count in: the file, or the inflated data set
    DataSetOutline outline;
    std::unique_ptr<DcmDataset> dataSet;
};

/// Checks limits, then parses up to the pixel data.
[[nodiscard]] Result<ParsedHeader> parseHeader(ByteSourcePtr source, const DataSetLimits& limits = {});

} // namespace yz::dicom
