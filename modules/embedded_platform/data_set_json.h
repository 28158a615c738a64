#pragma once

#include "embedded_platform/data_set.h"

/// Data sets in the DICOM JSON Model (PS3.18 Annex F).
namespace yz::platform {

/// One JSON object; its text must be UTF-8 (toUtf8()). Internal: a value JSON cannot hold.
[[nodiscard]] Result<QByteArray> toJson(DcmDataset& dataSet);

/// The data set of a request: an object, or an array of one. Held against the limits of a data set that comes over
/// DIMSE. InvalidArgument (no JSON, not one data set, a tag or a value that is none), DataSetBroken, LimitExceeded.
/// Data by reference (BulkDataURI) is not fetched: InvalidArgument.
[[nodiscard]] Result<DataSetPtr> dataSetFromJson(const QByteArray& json);

} // namespace yz::platform
