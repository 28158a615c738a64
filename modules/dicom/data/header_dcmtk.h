#pragma once

#include "core/result.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "domain/study.h"

namespace yz::dicom {

/// The index's view of a parsed header; the path stays empty. AttributeMissing when a UID is absent or no UID.
[[nodiscard]] Result<DataSetHeader> buildHeader(const ParsedHeader& parsed);

} // namespace yz::dicom
