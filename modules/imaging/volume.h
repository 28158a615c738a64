#pragma once

#include "core/result.h"
#include "domain/image.h"

#include <QString>
#include <QStringList>
#include <memory>
#include <vector>

/// Series geometry: which frames form a stack, in which order, and whether they form a volume.
namespace yz {

/// One frame of one instance.
struct FrameRef {
    ImageDescriptionPtr image;
    int frame = 0;
    [[nodiscard]] const FrameDescription& description() const { return image->frame(frame); }
};

/// What is wrong with a stack, said in words and numbers on the viewport.
struct GeometryFinding {
    enum class Kind {
        NoPosition,        ///< no plane position: frames in instance order
        MissingSlices,     ///< value: how many, at `at` mm along the normal
        UnevenSpacing,     ///< value: largest deviation in mm
        DuplicatePosition, ///< value: how many
        GantryTilt,        ///< value: degrees between slice normal and stacking direction
        MixedMatrix,       ///< different rows/columns or spacing
        MixedOrientation,
        TooFewSlices,
        NoSpacing,
    };
    Kind kind = Kind::NoPosition;
    double value = 0.0;
    double at = 0.0;
};

/// Frames of one orientation (and one time point) in geometric order.
struct Stack {
    std::vector<FrameRef> frames;
    bool sortedByGeometry = false;
    double sliceDistanceMm = 0.0; ///< median distance along the normal; 0 when not known
    std::vector<GeometryFinding> findings;
};

/// Splits a series into stacks (orientation groups, localizers apart, 4D by temporal position or by rank where every
/// position has the same number of frames) and sorts each along its normal, feet to head / right to left / front to
/// back (the patient coordinate of the dominant axis grows with the index). Frames without positions keep
/// instance-number order, single pictures in one stack, each clip in its own. Order of the stacks: placed, localizers,
/// without position.
[[nodiscard]] std::vector<Stack> assembleStacks(std::vector<ImageDescriptionPtr> instances);

/// Whether MPR may be offered, and if not, why (VolumeNotPossible, detail of the first blocking finding): fewer than
/// three slices, missing or duplicate slices, mixed matrix or orientation, distances more than 10 % of the slice
/// distance off the regular grid, no position or spacing, colour or more than 16 bits. A tilt does not block: it is
/// sheared out.
[[nodiscard]] Status canFormVolume(const Stack& stack);

/// Regular 16-bit grid in patient space, shared and immutable once filled. Values are stored values of one common
/// rescale (slope and intercept below give modality values). Frames may still be missing while it loads: see `filled`.
class Volume {
public:
    int columns = 0, rows = 0, slices = 0;
    PatientPoint origin; ///< centre of voxel (0,0,0), mm LPS
    PatientVector row, column,
        slice; ///< unit vectors of increasing column, row and slice index; right-handed after deskew
               ///< (rows are stored bottom up where the stack order would make it left-handed)
    double columnMm = 1, rowMm = 1, sliceMm = 1;
    double rescaleSlope = 1, rescaleIntercept = 0;
    QString unit;
    std::int16_t outside =
        -1024; ///< stored value of air (CT) or of modality value 0: outside the grid, and for padding
    FrameOfReferenceUid frameOfReference;
    double tiltCorrectedDeg = 0;      ///< gantry tilt that was sheared out; 0: none
    std::vector<std::int16_t> voxels; ///< slice-major, then rows, then columns
    std::vector<std::uint8_t> filled; ///< per slice, 0 or 1 (bytes, so that threads may set neighbours)

    [[nodiscard]] PatientPoint toPatient(VoxelIndex index) const;
    [[nodiscard]] VoxelIndex toVoxel(PatientPoint point) const;
};
using VolumePtr = std::shared_ptr<const Volume>;

/// Makes the empty grid for a stack; VolumeNotPossible with the reason (as canFormVolume), LimitExceeded when it would
/// not fit into memory. Slice index = frame index of the stack. Frames whose rescale differs (PET) share one common
/// scale.
[[nodiscard]] Result<std::shared_ptr<Volume>> makeVolume(const Stack& stack);
/// Copies a decoded frame in (tilt is sheared out here). Distinct slices may be filled from distinct threads.
/// InvalidArgument when the pixels do not fit the stack's description.
[[nodiscard]] Status fillSlice(Volume& volume, const Stack& stack, int sliceIndex, const PixelBuffer& pixels);

} // namespace yz
