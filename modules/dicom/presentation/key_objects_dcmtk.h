#pragma once

#include "core/result.h"
#include "domain/presentation_object.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <memory>

namespace yz::dicom {

/// The images a Key Object Selection Document names, whoever wrote it; its content tree is walked as data. NotSupported
/// for other classes, AttributeMissing when it names no image, LimitExceeded for more than 10,000.
[[nodiscard]] Result<KeyObjectSelection> readKeyObjects(DcmItem& dataSet);

/// By TID 2010. Classes and series of the images are the items', of the states those of `presentations`.
/// ReportIncomplete.
[[nodiscard]] Result<std::unique_ptr<DcmDataset>> buildKeyObjects(const ObjectOrigin& origin,
                                                                  const KeyObjectSelection& selection,
                                                                  const std::vector<ReferencedFrames>& presentations);

} // namespace yz::dicom
