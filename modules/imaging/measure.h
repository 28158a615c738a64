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
    QString unit; ///< UCUM: "mm", "mm2", "deg", "{px}", "{px}2", "[hnsf'U]", "1"
    Calibration calibration = Calibration::None;
};

struct RoiStatistics {
    double mean = 0, sd = 0, min = 0, max = 0; ///< modality units; sd with n in the denominator
    int pixels = 0;                            ///< pixel centres inside the outline
};

/// Spacing in force at a point: the (smallest) ultrasound region there, else the frame's spacing, which holds
/// PixelSpacing, else ImagerPixelSpacing with or without magnification, else none (PS3.3 10.7.1.3, C.8.5.5).
[[nodiscard]] PixelSpacing spacingAt(const ImageDescription& image, int frame, ImagePoint point);

[[nodiscard]] MeasuredValue lengthOf(const PixelSpacing& spacing, ImagePoint a, ImagePoint b);
[[nodiscard]] MeasuredValue angleOf(const PixelSpacing& spacing, ImagePoint a, ImagePoint vertex, ImagePoint b);
[[nodiscard]] MeasuredValue areaOf(const PixelSpacing& spacing, MeasurementKind kind, ImagePoint a, ImagePoint b);
/// A pixel belongs to an ROI when its centre lies inside or on the outline; padding does not count. No pixels for
/// colour.
[[nodiscard]] RoiStatistics statisticsOf(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                                         MeasurementKind kind, ImagePoint a, ImagePoint b);

} // namespace yz
