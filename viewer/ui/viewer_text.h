#pragma once

#include "imaging/display_chain.h"
#include "imaging/reslice.h"
#include "imaging/volume.h"
#include "viewer/measurement_list.h"
#include "viewer/viewer_controller.h"

#include <QString>
#include <QStringList>

/// What the picture side says in words.
namespace yz::viewer_text {

/// A geometry finding as one sentence; empty for findings that say nothing to a reader of this modality.
[[nodiscard]] QString finding(const GeometryFinding& finding, const QString& modality);
/// What a stack is among those of its series: "TE 4.92 ms", "Time 3 of 20". Empty when the series is one stack.
[[nodiscard]] QString splits(const Stack& stack);
/// What must be said about lengths: uncalibrated, detector plane, ... Empty for spacing in the patient.
[[nodiscard]] QString calibration(Calibration calibration, const QString& modality);
[[nodiscard]] QString preset(const QString& id);
[[nodiscard]] QString orientation(Orientation orientation);
/// "Axial", or "Oblique (axial)" where it is turned.
[[nodiscard]] QString plane(const ShownFrame& shown, Orientation orientation);
/// Where the normal of a plane points: "L 0.50, P 0.10, H 0.86".
[[nodiscard]] QString direction(const PatientVector& normal);
[[nodiscard]] QString slab(SlabMode mode);
[[nodiscard]] QString slab(const Slab& slab); ///< with its thickness
[[nodiscard]] QString tool(ViewerTool tool);
[[nodiscard]] QString kind(MeasurementKind kind);
/// What the reader calls it, else its kind.
[[nodiscard]] QString name(const Measurement& measurement);
/// "12.3 mm", "45.0°", "1.25 ml"; empty without a unit.
[[nodiscard]] QString value(const MeasuredValue& value);
/// Lines beside a measurement: value, area, mean and range.
[[nodiscard]] QStringList measurement(const Measurement& measurement, const MeasurementResult& result);
/// One of a structured report: its name, then what was measured, as the report says.
[[nodiscard]] QStringList reported(const ReportedMeasurement& measurement);
/// UCUM as it is read: "[hnsf'U]" -> "HU".
[[nodiscard]] QString unit(const QString& ucum);
/// What is missing in an empty viewport, from HangingSlot::missing and what the protocol calls it. `isArriving`: the
/// examination is not whole yet, what belongs there may come.
[[nodiscard]] QString emptySlot(const QString& code, const QString& label, bool isArriving);
[[nodiscard]] QString stillArriving();
/// Why MPR is not offered: what stands in the way, else the error's sentence.
[[nodiscard]] QString mprRefusal(const Stack* stack, const Error& error);
[[nodiscard]] QString identity(const std::vector<IdentityDifference>& differences);

} // namespace yz::viewer_text
