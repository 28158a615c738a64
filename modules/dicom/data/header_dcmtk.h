#pragma once

#include "core/result.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/text_dcmtk.h"
#include "domain/study.h"

namespace yz::dicom {

/// The index's view of a parsed header; the path stays empty. AttributeMissing when a UID is absent or no UID.
[[nodiscard]] Result<DataSetHeader> buildHeader(const ParsedHeader& parsed);
/// Patient module and the identification attributes of a data set.
[[nodiscard]] Patient readPatient(DcmItem& item, TextDecoder& decoder);

} // namespace yz::dicom
