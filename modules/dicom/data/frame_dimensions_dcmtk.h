#pragma once

#include "dicom/data/attributes_dcmtk.h"
#include "domain/image.h"

namespace yz::dicom {

/// The dimensions given by plain attributes (single-frame objects, and what all frames of a multi-frame one share).
[[nodiscard]] FrameDimensions readPlainDimensions(DcmItem& item, const QString& modality);

/// The dimensions given by one functional group item, shared or of a frame, put over those known so far. Reads the
/// attributes that a legacy conversion could not place (PS3.3 C.7.6.16.2.25) as the plain ones they were.
void readGroupDimensions(DcmItem& group, const QString& modality, FrameDimensions& dimensions);

} // namespace yz::dicom
