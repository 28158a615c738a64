#pragma once

#include "imaging/volume.h"

namespace yz {

/// How far from a regular grid a sorted stack is, in the terms of its findings.
struct StackGeometry {
    PatientVector direction;     ///< unit normal, sign chosen so that its dominant component is positive
    double medianMm = 0.0;       ///< median distance between distinct neighbours along the normal
    double stepMm = 0.0;         ///< distance of the regular grid that fits all positions best
    int duplicates = 0;          ///< frames at a position that another frame has
    int missing = 0;             ///< grid positions without a frame
    double firstGapAtMm = 0.0;   ///< position along the normal of the frame before the first gap
    double widestMm = 0.0;       ///< largest distance between distinct neighbours along the normal
    double widestAtMm = 0.0;     ///< position along the normal of the frame before it
    double narrowestMm = 0.0;    ///< smallest one
    std::vector<int> gridIndex;  ///< of each distinct position, on the regular grid, when missing slices are holes
    double deviationMm = 0.0;    ///< largest distance of a frame from the grid along the normal
    double lateralMm = 0.0;      ///< largest distance of a frame from the straight stacking line
    double tiltDeg = 0.0;        ///< angle between the normal and the stacking line
    PatientVector shiftPerSlice; ///< in-plane part of the way from one slice to the next, mm
};

/// Unit normal of a frame with the sign of increasing patient coordinate along its dominant axis.
[[nodiscard]] PatientVector stackingNormal(const PlanePosition& plane);

/// Frames must have planes of one orientation and be sorted along `direction`.
[[nodiscard]] StackGeometry measureStack(const std::vector<FrameRef>& frames, const PatientVector& direction);

/// Whether the slices lie so unevenly (a tenth of the step or more off the grid) or have such holes that a volume has
/// to be interpolated between them.
[[nodiscard]] bool needsResampling(const StackGeometry& geometry);
/// The widest distance across which slices may be interpolated (volumeObstacle); without limit where none has to be.
[[nodiscard]] double widestBridgeMm(const StackGeometry& geometry);

} // namespace yz
