#pragma once

#include "core/ids.h"
#include "domain/image.h"

#include <QJsonObject>
#include <QString>
#include <vector>

/// Measuring on a frame: geometry in image pixels, results in mm where calibration exists, else in px.
namespace yz {

enum class MeasurementKind { Length, Angle, RectangleRoi, EllipseRoi, Probe, Arrow };

/// A measurement as it is kept: where, on what, which points. Length: 2 points; Angle: 3 (vertex second); ROI: two
/// opposite corners of the upright box; Probe: 1; Arrow: tip, tail.
struct Measurement {
    QString id;
    MeasurementKind kind = MeasurementKind::Length;
    QString label;
    SeriesUid series;
    InstanceUid instance;
    SopClassUid sopClass;
    int frame = 0; ///< 0-based
    std::vector<ImagePoint> points;
    /// On an MPR plane there is no instance: the points are patient mm and `plane...` says the plane.
    std::vector<PatientPoint> patientPoints;

    bool operator==(const Measurement&) const = default;
};
[[nodiscard]] QJsonObject toJson(const Measurement& measurement);
[[nodiscard]] Measurement measurementFromJson(const QJsonObject& json);

struct MeasuredValue {
    double value = 0.0;
    QString unit; ///< UCUM: "mm", "mm2", "deg", "{px}", "{px}2", "[hnsf'U]", "s", "cm/s", "g/ml{SUVbw}", "1"
    Calibration calibration = Calibration::None;
};

struct RoiStatistics {
    double mean = 0, sd = 0, min = 0, max = 0; ///< modality units; sd with n in the denominator
    int pixels = 0;                            ///< pixel centres inside the outline
};

/// Spacing in force at a point: the (smallest) ultrasound region there - none when its axes are time or velocity, see
/// imaging/ultrasound.h -, else the frame's spacing by the order of imaging/calibration.h, else none, with the pixel's
/// shape (0028,0034) as the ratio of the two (PS3.3 10.7.1.3, C.8.5.5).
[[nodiscard]] PixelSpacing spacingAt(const ImageDescription& image, int frame, ImagePoint point);

[[nodiscard]] MeasuredValue lengthOf(const PixelSpacing& spacing, ImagePoint a, ImagePoint b);
[[nodiscard]] MeasuredValue angleOf(const PixelSpacing& spacing, ImagePoint a, ImagePoint vertex, ImagePoint b);
/// The area inside the outline as drawn (a pi/4 of the box for an ellipse), not the sum of its pixels.
[[nodiscard]] MeasuredValue areaOf(const PixelSpacing& spacing, MeasurementKind kind, ImagePoint a, ImagePoint b);
/// The rule for pixels that the outline cuts: a pixel counts wholly when its centre lies inside or on the outline, else
/// not at all (no weights). Padding and not-a-number do not count. The rule works on pixel centres, so that the shape
/// of a pixel does not matter to it; an ellipse is one in pixels and in mm alike. SD has n in the denominator. No
/// pixels for colour.
[[nodiscard]] RoiStatistics statisticsOf(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                                         MeasurementKind kind, ImagePoint a, ImagePoint b);

} // namespace yz
