#pragma once

#include "core/result.h"
#include "domain/measurement_report.h"
#include "domain/report.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <memory>

namespace yz::dicom {

/// A Comprehensive 3D SR by TID 1500: an outline becomes a planar ROI (TID 1410), the outlines of a volume a volumetric
/// one (TID 1411), everything else a group of measurements (TID 1501) whose numbers name their coordinates. Patient,
/// order and times are the report's; the UIDs are those of `measurements`. ReportIncomplete.
[[nodiscard]] Result<std::unique_ptr<DcmDataset>> buildMeasurementReport(const ReportDocument& document,
                                                                         const MeasurementReport& measurements);

/// The measurement groups of a report, whoever wrote it: found by their concept, in whatever place of the tree, with
/// coordinates at the group or at its numbers. NotSupported when the object is no SR with such groups, LimitExceeded
/// for more than 4096 groups or a million points.
[[nodiscard]] Result<MeasurementReport> readMeasurementReport(DcmItem& dataSet);

} // namespace yz::dicom
