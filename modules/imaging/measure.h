#pragma once

#include "core/ids.h"
#include "domain/image.h"
#include "imaging/slab.h"

#include <QJsonObject>
#include <QString>
#include <optional>
#include <vector>

/// Measuring on a frame: geometry in image pixels, results in mm where calibration exists, else in px.
namespace yz {

enum class MeasurementKind {
    Length,
    Angle,
    RectangleRoi,
    EllipseRoi,
    Probe,
    Arrow,
    CobbAngle,
    CardiothoracicRatio,
    FreehandRoi,
    Bidirectional,
    VolumeContour,
    Text,
};

/// A measurement as it is kept: where, on what, which points. Length: 2 points; Angle: 3 (vertex second); box ROI: two
/// opposite corners of the upright box; Probe, Text: 1; Arrow: tip, tail; Cobb angle: two lines of 2; cardiothoracic
/// ratio: the heart's width, then the thorax's; freehand ROI and volume contour: the corners of a closed outline, three
/// or more, the first not repeated; bidirectional: long axis, short axis.
struct Measurement {
    QString id;
    MeasurementKind kind = MeasurementKind::Length;
    QString label;
    SeriesUid series;
    InstanceUid instance;
    SopClassUid sopClass;
    int frame = 0; ///< 0-based
    std::vector<ImagePoint> points;
    /// On an MPR plane there is no instance: the points are patient mm, the directions say how the plane lay.
    std::vector<PatientPoint> patientPoints;
    PatientVector planeRow, planeColumn;
    Slab slab; ///< of the plane: values of its pixels hold for a slab of that kind and thickness only
    FrameOfReferenceUid frameOfReference; ///< of patientPoints
    QString trackingUid;                  ///< the same in every report about it (PS3.16 TID 1410, 112040)
    QString group;                        ///< contours of one volume have the same; empty for other kinds

    bool operator==(const Measurement&) const = default;
};
[[nodiscard]] QJsonObject toJson(const Measurement& measurement);
[[nodiscard]] Measurement measurementFromJson(const QJsonObject& json);

struct MeasuredValue {
    double value = 0.0;
    QString unit; ///< UCUM: "mm", "mm2", "mm3", "deg", "{px}", "{px}2", "[hnsf'U]", "s", "cm/s", "g/ml{SUVbw}", "1"
    Calibration calibration = Calibration::None;
};

/// Points that a kind has when it is complete; of the closed outlines the fewest.
[[nodiscard]] int pointCount(MeasurementKind kind);
/// Two corners span an upright box.
[[nodiscard]] bool isBoxRoi(MeasurementKind kind);
/// An outline of any number of points, closed by itself.
[[nodiscard]] bool isClosedOutline(MeasurementKind kind);
/// Two lines drawn one after the other.
[[nodiscard]] bool isTwoLines(MeasurementKind kind);
[[nodiscard]] QString kindName(MeasurementKind kind); ///< as in JSON: "length", "cobb", ...
[[nodiscard]] std::optional<MeasurementKind> kindOfName(const QString& name);

/// Coordinates as the standard's objects can carry them (SCOORD: single precision, counted from the outer corner of the
/// first pixel, PS3.3 C.18.6), box corners upper left first: what is kept so comes back from a report unchanged.
void roundForStorage(Measurement& measurement);

/// Spacing in force at a point: the (smallest) ultrasound region there - none when its axes are time or velocity, see
/// imaging/ultrasound.h -, else the frame's spacing by the order of imaging/calibration.h, else none, with the pixel's
/// shape (0028,0034) as the ratio of the two (PS3.3 10.7.1.3, C.8.5.5).
[[nodiscard]] PixelSpacing spacingAt(const ImageDescription& image, int frame, ImagePoint point);

[[nodiscard]] MeasuredValue lengthOf(const PixelSpacing& spacing, ImagePoint a, ImagePoint b);
[[nodiscard]] MeasuredValue angleOf(const PixelSpacing& spacing, ImagePoint a, ImagePoint vertex, ImagePoint b);
} // namespace yz
