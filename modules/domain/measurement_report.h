#pragma once

#include "core/ids.h"
#include "core/points.h"
#include "domain/reading_task.h"

#include <QString>
#include <memory>
#include <vector>

/// The content of an Imaging Measurement Report (PS3.16 TID 1500) as values: what the desk writes and what it reads,
/// its own and other programs'.
namespace yz {

/// A code of PS3.3 8.8.
struct CodedText {
    QString value, scheme, meaning;
    [[nodiscard]] bool isEmpty() const { return value.isEmpty() && meaning.isEmpty(); }
    bool operator==(const CodedText&) const = default;
};

/// One SCOORD or SCOORD3D (PS3.3 C.18.6, C.18.9). In an image the points are image points of this product (the centre
/// of the first pixel is 0, 0: half a pixel less than in the object); in space they are patient mm.
struct MeasuredRegion {
    enum class Shape { Point, MultiPoint, Polyline, Polygon, Circle, Ellipse };
    Shape shape = Shape::Polyline; ///< Polygon: closed, the first corner not repeated
    std::vector<ImagePoint> points;
    SopReference object;
    int frame = 1; ///< 1-based
    std::vector<PatientPoint> patientPoints;
    FrameOfReferenceUid frameOfReference;
    bool operator==(const MeasuredRegion&) const = default;
};

/// One NUM (TID 300).
struct MeasuredNumber {
    CodedText quantity;
    CodedText derivation; ///< mean, maximum, ...; may be empty
    double value = 0.0;
    CodedText unit;
    std::vector<MeasuredRegion> regions; ///< inferred from
    bool operator==(const MeasuredNumber&) const = default;
};

/// One measurement group (TID 1410, 1411, 1501).
struct MeasurementGroup {
    QString trackingId, trackingUid;
    CodedText kind; ///< of this product: what made it
    CodedText finding, findingSite;
    QString comment;
    std::vector<MeasuredRegion>
        regions; ///< of the group itself: the ROI, a volume's outlines, what a comment points at
    std::vector<MeasuredNumber> numbers;
    std::vector<PatientVector> directions; ///< of the plane it was drawn on, row and column; empty on images
    bool operator==(const MeasurementGroup&) const = default;
};

struct MeasurementReport {
    StudyUid study;
    SeriesUid series;
    InstanceUid instance;
    std::vector<MeasurementGroup> groups;
    bool operator==(const MeasurementReport&) const = default;
};
using MeasurementReportPtr = std::shared_ptr<const MeasurementReport>;

/// Comprehensive 3D SR: holds coordinates in images and in space (PS3.3 A.35.13).
inline const SopClassUid kMeasurementSrClass{QStringLiteral("1.2.840.10008.5.1.4.1.1.88.34")};

} // namespace yz
