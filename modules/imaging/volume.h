#pragma once

#include "core/large_allocator.h"
#include "core/result.h"
#include "domain/image.h"

#include <QString>
#include <QStringList>
#include <memory>
#include <mutex>
#include <optional>
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
        SidewaysShift, ///< value: mm that a slice lies off the straight stacking line
        WideGap,       ///< value: mm between two neighbours, at `at` mm: too wide to interpolate across
        Colour,        ///< colour pictures (only from volumeObstacle)
        DeepValues,    ///< value: bits, more than 16 (only from volumeObstacle)
        SteepTilt,     ///< value: degrees, too much to shear out
    };
    Kind kind = Kind::NoPosition;
    double value = 0.0;
    double at = 0.0;
    double least = 0.0, most = 0.0; ///< UnevenSpacing: smallest and largest distance in mm
};

/// One reason why a series became several stacks, with the value this stack has in it.
struct StackSplit {
    enum class By {
        Localizer,          ///< image type LOCALIZER
        FrameOfReference,   ///< text: UID
        StackId,            ///< text: (0020,9056)
        Orientation,        ///< of the slices
        Clip,               ///< one multi-frame instance without positions
        Matrix,             ///< text: columns x rows, spacing
        Component,          ///< text: complex image component
        FrameType,          ///< text: frame or image type
        Segment,            ///< value: segment number
        EchoTime,           ///< value: ms
        EchoNumber,         ///< value
        BValue,             ///< value: s/mm2
        DiffusionDirection, ///< text
        InversionTime,      ///< value: ms
        FlipAngle,          ///< value: degrees
        KiloVolt,           ///< value: kV
        Kernel,             ///< text
        TemporalPosition,   ///< value: its number
        TimeOffset,         ///< value: ms
        CyclePhase,         ///< value: per cent of the cardiac or respiratory cycle
        TriggerTime,        ///< value: ms
        Acquisition,        ///< value: its number
        DimensionIndex,     ///< value: an index of the object's own dimensions
        TimeOrder,          ///< value: rank by time at each place
        InstanceOrder,      ///< value: rank by instance number at each place; nothing else tells the frames apart
        View,               ///< text: side and view of a projection, "R MLO"
    };
    By by = By::Orientation;
    bool hasValue = true; ///< false: the frames of this stack have no value where others have one
    double value = 0.0;
    QString text;
    int index = 1, count = 1; ///< this stack's place among the parts, 1-based
};

/// Frames of one orientation (and one time point) in geometric order.
struct Stack {
    std::vector<FrameRef> frames;
    bool sortedByGeometry = false;
    double sliceDistanceMm = 0.0; ///< median distance along the normal; 0 when not known
    std::vector<GeometryFinding> findings;
    std::vector<StackSplit> splits; ///< empty: the series is one stack
};

/// Splits a series into stacks (localizers apart, frames of reference, stack ids, orientations; then 4D by the frames'
/// dimensions, see StackSplit) and sorts each along its normal, feet to head / right to left / front to
/// back (the patient coordinate of the dominant axis grows with the index). Frames without positions keep
/// instance-number order, single pictures in one stack, each clip in its own. Order of the stacks: placed, localizers,
/// without position.
[[nodiscard]] std::vector<Stack> assembleStacks(std::vector<ImageDescriptionPtr> instances);

/// What keeps a stack from becoming a volume; none: MPR may be offered. The rule:
/// - at least three slices of one orientation (0.1 degrees), one matrix and one spacing, none at another's place, none
///   off the stacking line by more than half a pixel, grey values of at most 16 bits;
/// - slices within 10 % of the slice distance of a regular grid are taken as that grid, a tilt is sheared out;
/// - other distances are made regular by linear interpolation between true neighbours (Volume::isResampled), but never
///   across more than 10 mm or more than one missing slice (2.05 times the median distance), and only while no more
///   than one slice in ten is missing.
[[nodiscard]] std::optional<GeometryFinding> volumeObstacle(const Stack& stack);
/// The same as a Status: VolumeNotPossible, the obstacle in English as its detail.
[[nodiscard]] Status canFormVolume(const Stack& stack);

/// Where a slice of a resampled grid comes from: weight 0 is the frame `low` itself.
struct SliceBlend {
    int low = 0, high = 0; ///< frame indexes of the stack
    float weight = 0.0F;   ///< of `high`
};

using VoxelArray = std::vector<std::int16_t, LargeAllocator<std::int16_t>>;

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
    double tiltCorrectedDeg = 0;          ///< gantry tilt that was sheared out; 0: none
    VoxelArray voxels;                    ///< slice-major, then rows, then columns
    std::vector<std::uint8_t> filled;     ///< per slice, 0 or 1 (bytes, so that threads may set neighbours)
    std::vector<SliceBlend> blends;       ///< per slice when the grid was resampled; empty: slice n is frame n
    std::vector<std::uint8_t> blended;    ///< per slice of a resampled grid: 1 low is in, 2 high is in
    std::shared_ptr<std::mutex> blending; ///< guards the slices of a resampled grid while they fill

    /// Slices were interpolated between true ones: has to be said wherever the volume is shown.
    [[nodiscard]] bool isResampled() const { return !blends.empty(); }
    /// Slices that are no true ones.
    [[nodiscard]] int interpolatedCount() const;

    [[nodiscard]] PatientPoint toPatient(VoxelIndex index) const;
    [[nodiscard]] VoxelIndex toVoxel(PatientPoint point) const;
};
using VolumePtr = std::shared_ptr<const Volume>;

/// The grid of a stack without its voxels: place, size, scale. Errors as makeVolume.
[[nodiscard]] Result<std::shared_ptr<Volume>> planVolume(const Stack& stack);
/// What a grid holds where no frame has come in yet.
enum class EmptySlices {
    Outside,   ///< Volume::outside: can be cut at any time
    Undefined, ///< costs nothing; not to be cut before every slice is filled, or blankMissing()
};
/// Makes the empty grid for a stack; VolumeNotPossible with the reason (as canFormVolume), LimitExceeded when it would
/// not fit into memory. Slice index = frame index of the stack, unless the grid is resampled. Frames whose rescale
/// differs (PET) share one common scale.
[[nodiscard]] Result<std::shared_ptr<Volume>> makeVolume(const Stack& stack, EmptySlices empty = EmptySlices::Outside);
/// Sets the slices without a frame to Volume::outside. Not while others fill.
void blankMissing(Volume& volume);
/// The same for one slice; true when it was empty.
bool blankIfMissing(Volume& volume, int slice);
/// Copies a decoded frame of the stack in (tilt is sheared out here, and the slices between two frames of a resampled
/// grid appear when both are there). Distinct frames may be filled from distinct threads. InvalidArgument when the
/// pixels do not fit the stack's description.
[[nodiscard]] Status fillSlice(Volume& volume, const Stack& stack, int frameIndex, const PixelBuffer& pixels);

} // namespace yz
