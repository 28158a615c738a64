#pragma once

#include "dicom/data/file_meta_dcmtk.h"
#include "domain/hanging_object.h"

#include <memory>

namespace yz::dicom {

/// Reads a Hanging Protocol object (PS3.3 A.44). NotSupported for other classes, AttributeMissing without display sets,
/// LimitExceeded.
[[nodiscard]] Result<HangingObject> readHangingObject(const ParsedHeader& parsed);

/// The data set of an object. InvalidArgument when a value does not fit its attribute.
[[nodiscard]] Result<std::unique_ptr<DcmDataset>> buildHangingObject(const HangingObject& object);

} // namespace yz::dicom
