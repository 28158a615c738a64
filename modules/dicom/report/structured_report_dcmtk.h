#pragma once

#include "core/result.h"
#include "domain/report.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <memory>

namespace yz::dicom {

/// Enhanced SR by TID 2000 as a data set. ReportIncomplete.
[[nodiscard]] Result<std::unique_ptr<DcmDataset>> buildStructuredReport(const ReportDocument& document);
/// Encapsulated PDF (PS3.3 A.45.1) as a data set. ReportIncomplete, InvalidArgument when `pdf` is none.
[[nodiscard]] Result<std::unique_ptr<DcmDataset>> buildEncapsulatedPdf(const ReportDocument& document,
                                                                       const QByteArray& pdf);

} // namespace yz::dicom
