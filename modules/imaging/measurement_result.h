#pragma once

#include "imaging/measure.h"
#include "imaging/reslice.h"
#include "imaging/roi_statistics.h"

#include <optional>
#include <vector>

namespace yz {

/// What a measurement says on the picture it lies on.
struct MeasurementResult {
    enum class Problem { None, CrossesItself };

    MeasuredValue value;              ///< length, angle, ratio, long axis or area; of a probe the modality value
    std::optional<RoiStatistics> roi; ///< of a ROI on grey pixels
    QString roiUnit;                  ///< "HU" or empty
    /// Beside the value: SUV, the other axis and the slope of an ultrasound strip, the short axis, both widths of a
    /// ratio, of a volume's outline the volume.
    std::vector<MeasuredValue> also;
    bool needsPixels = false; ///< pixels are not there yet, value parts of them are missing
    Problem problem = Problem::None;
};

/// Values of a measurement whose points are in pixels of that frame. `pixels` may be null: what needs them stays out.
[[nodiscard]] MeasurementResult evaluate(const Measurement& measurement, const ImageDescription& image, int frame,
                                         const PixelBufferPtr& pixels);

/// The same measurement with `points` in pixels of the plane when all its patient points lie within `toleranceMm` of
/// it; an outline only on a plane of its own directions (a line is the same line on any plane that holds it).
[[nodiscard]] std::optional<Measurement> onPlane(const Measurement& measurement, const SlicePlane& plane,
                                                 double toleranceMm);
/// The measurement as it is kept when it was made on a plane: patient points, directions, no instance.
[[nodiscard]] Measurement keptOnPlane(Measurement measurement, const SlicePlane& plane,
                                      const FrameOfReferenceUid& frameOfReference);

/// "HU" of DICOM as UCUM "[hnsf'U]"; empty as "1".
[[nodiscard]] QString ucumUnit(const QString& rescaleUnit);

} // namespace yz
