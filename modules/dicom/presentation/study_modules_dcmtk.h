#pragma once

#include "core/result.h"
#include "dicom/data/text_dcmtk.h"
#include "domain/presentation_object.h"

/// Attributes that the objects made about a study share. Inside the dicom target only.
namespace yz::dicom {

/// ReportIncomplete when an identifier or the time is absent.
[[nodiscard]] Status checkOrigin(const ObjectOrigin& origin);
/// Patient, General Study, General Series, General Equipment and SOP Common modules. The study's own values are
/// repeated as its data sets have them.
void putOrigin(DcmItem& item, const ObjectOrigin& origin, const char* sopClass, const char* modality,
               const QString& seriesDescription, int seriesNumber);
/// Referenced Image Sequence: class, instance, frames.
void putReferencedImage(DcmItem& item, const ReferencedFrames& image);
/// Referenced Series Sequence with its images, in the order given.
void putReferencedSeries(DcmItem& item, const std::vector<ReferencedFrames>& images);
/// A new item at the end of a sequence.
[[nodiscard]] DcmItem& addItem(DcmItem& item, const DcmTagKey& sequence);

} // namespace yz::dicom
