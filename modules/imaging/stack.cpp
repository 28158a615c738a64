#include "imaging/stack_geometry.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace yz {
namespace {

constexpr double kGroupDeg = 1.0; ///< frames whose axes differ by more belong to different stacks
constexpr double kMixedDeg = 0.1; ///< within a stack this much is said and forbids a volume
constexpr double kSamePositionMm = 0.005;
constexpr double kUnevenShare = 0.02; ///< of the distance; said from here on
constexpr double kBlockShare = 0.10;  ///< of the distance; no volume from here on
constexpr double kTiltDeg = 0.1;
constexpr double kTiltPixels = 0.1;    ///< shift over the whole stack from which a tilt counts
constexpr double kLateralPixels = 0.5; ///< off the stacking line from which a slice counts as misplaced
constexpr int kFewestSlices = 3;

using Frames = std::vector<FrameRef>;

bool byInstance(const FrameRef& a, const FrameRef& b) {
    if (a.image->instanceNumber != b.image->instanceNumber)
        return a.image->instanceNumber < b.image->instanceNumber;
    if (a.image->instance != b.image->instance)
        return a.image->instance < b.image->instance;
    return a.frame < b.frame;
}

bool byTimeThenInstance(const FrameRef& a, const FrameRef& b) {
    const int timeA = a.description().temporalIndex;
    const int timeB = b.description().temporalIndex;
    return timeA != timeB ? timeA < timeB : byInstance(a, b);
}

double angleDeg(const PatientVector& a, const PatientVector& b) {
    return std::atan2(a.cross(b).length(), a.dot(b)) * 180.0 / 3.14159265358979323846;
}

double orientationDeg(const PlanePosition& a, const PlanePosition& b) {
    return std::max(angleDeg(a.row, b.row), angleDeg(a.column, b.column));
}

bool isUsable(const PlanePosition& plane) {
    const auto isUnit = [](const PatientVector& v) { return std::abs(v.length() - 1.0) < 0.01; };
    const auto isFinite = [](const PatientVector& v) {
        return std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.z);
    };
    return isFinite(plane.position) && isFinite(plane.row) && isFinite(plane.column) && isUnit(plane.row) &&
           isUnit(plane.column) && std::abs(plane.row.dot(plane.column)) < 0.01;
}

bool isLocalizer(const ImageDescription& image) {
    return std::any_of(image.imageType.begin(), image.imageType.end(), [](const QString& value) {
        return value.trimmed().compare(QLatin1String("LOCALIZER"), Qt::CaseInsensitive) == 0;
    });
}

bool isCrossSectional(const ImageDescription& image) {
    return image.modality == QLatin1String("CT") || image.modality == QLatin1String("MR") ||
           image.modality == QLatin1String("PT");
}

double along(const FrameRef& frame, const PatientVector& normal) {
    return frame.description().plane->position.dot(normal);
}

/// Frames of the same position, positions in order along the normal.
std::vector<Frames> positionsOf(Frames frames, const PatientVector& normal) {
    std::stable_sort(frames.begin(), frames.end(),
                     [&](const FrameRef& a, const FrameRef& b) { return along(a, normal) < along(b, normal); });
    std::vector<Frames> positions;
    for (const FrameRef& frame : frames) {
        if (positions.empty() || along(frame, normal) - along(positions.back().front(), normal) >= kSamePositionMm)
            positions.emplace_back();
        positions.back().push_back(frame);
    }
    for (Frames& position : positions)
        std::stable_sort(position.begin(), position.end(), byTimeThenInstance);
    return positions;
}

void addMatrixFindings(Stack& stack) {
    const ImageDescription& first = *stack.frames.front().image;
    const PixelSpacing& spacing = stack.frames.front().description().spacing;
    int differing = 0;
    bool hasSpacing = true;
    for (const FrameRef& frame : stack.frames) {
        const PixelSpacing& own = frame.description().spacing;
        const bool isSame = frame.image->columns == first.columns && frame.image->rows == first.rows &&
                            std::abs(own.rowMm - spacing.rowMm) <= 0.001 * spacing.rowMm &&
                            std::abs(own.columnMm - spacing.columnMm) <= 0.001 * spacing.columnMm;
        differing += isSame ? 0 : 1;
        hasSpacing = hasSpacing && own.calibration != Calibration::None && own.rowMm > 0.0 && own.columnMm > 0.0;
    }
    if (differing > 0)
        stack.findings.push_back({GeometryFinding::Kind::MixedMatrix, static_cast<double>(differing), 0.0});
    if (!hasSpacing)
        stack.findings.push_back({GeometryFinding::Kind::NoSpacing, 0.0, 0.0});
}

/// Sorted frames of one orientation: distances, gaps, tilt.
void addGeometryFindings(Stack& stack, const PatientVector& normal) {
    using Kind = GeometryFinding::Kind;
    double mixed = 0.0;
    for (const FrameRef& frame : stack.frames)
        mixed = std::max(mixed, orientationDeg(*frame.description().plane, *stack.frames.front().description().plane));
    if (mixed > kMixedDeg)
        stack.findings.push_back({Kind::MixedOrientation, mixed, 0.0});
    addMatrixFindings(stack);

    const StackGeometry geometry = measureStack(stack.frames, normal);
    stack.sliceDistanceMm = geometry.medianMm;
    const int distinct = static_cast<int>(stack.frames.size()) - geometry.duplicates;
    if (geometry.duplicates > 0)
        stack.findings.push_back({Kind::DuplicatePosition, static_cast<double>(geometry.duplicates), 0.0});
    if (geometry.missing > 0)
        stack.findings.push_back({Kind::MissingSlices, static_cast<double>(geometry.missing), geometry.firstGapAtMm});
    if (distinct >= kFewestSlices) {
        const PixelSpacing& spacing = stack.frames.front().description().spacing;
        const double pixelMm = std::min(spacing.rowMm, spacing.columnMm);
        double deviation = geometry.deviationMm;
        if (geometry.lateralMm > kLateralPixels * pixelMm)
            deviation = std::max(deviation, geometry.lateralMm);
        if (deviation > std::max(kUnevenShare * geometry.medianMm, 0.01))
            stack.findings.push_back({Kind::UnevenSpacing, deviation, 0.0});
        const double shift = geometry.shiftPerSlice.length() * (distinct - 1 + geometry.missing);
        if (geometry.tiltDeg > kTiltDeg && shift > kTiltPixels * pixelMm)
            stack.findings.push_back({Kind::GantryTilt, geometry.tiltDeg, 0.0});
    } else {
        stack.findings.push_back({Kind::TooFewSlices, static_cast<double>(distinct), 0.0});
    }
}

Stack sortedStack(const std::vector<Frames>& positions, const PatientVector& normal) {
    Stack stack;
    for (const Frames& position : positions)
        stack.frames.insert(stack.frames.end(), position.begin(), position.end());
    stack.sortedByGeometry = true;
    addGeometryFindings(stack, normal);
    return stack;
}

/// One orientation, one frame of reference. Time points and echoes show as several frames at each position: by temporal
/// index where that tells them apart, else by rank of the instance number.
void addPlaneStacks(Frames frames, std::vector<Stack>& stacks) {
    const PatientVector normal = stackingNormal(*frames.front().description().plane);
    const std::vector<Frames> positions = positionsOf(frames, normal);
    if (positions.size() == 1) { // a cine of one slice, or a single slice
        Stack stack;
        stack.frames = positions.front();
        stack.sortedByGeometry = stack.frames.size() == 1;
        stack.findings.push_back({GeometryFinding::Kind::TooFewSlices, 1.0, 0.0});
        addMatrixFindings(stack);
        stacks.push_back(std::move(stack));
        return;
    }
    const size_t most = std::max_element(positions.begin(), positions.end(), [](const Frames& a, const Frames& b) {
                            return a.size() < b.size();
                        })->size();
    if (most == 1) {
        stacks.push_back(sortedStack(positions, normal));
        return;
    }
    std::map<int, Frames> times;
    for (const FrameRef& frame : frames)
        times[frame.description().temporalIndex].push_back(frame);
    if (times.size() > 1 && times.size() < frames.size()) {
        for (auto& [time, members] : times) {
            // Frames of one time point and one position are told apart by their order (echoes).
            const std::vector<Frames> own = positionsOf(members, normal);
            const bool isEven = own.size() > 1 && std::all_of(own.begin(), own.end(), [&](const Frames& position) {
                                    return position.size() == own.front().size();
                                });
            for (size_t rank = 0; isEven && rank < own.front().size(); ++rank) {
                std::vector<Frames> one;
                for (const Frames& position : own)
                    one.push_back({position[rank]});
                stacks.push_back(sortedStack(one, normal));
            }
            if (!isEven)
                stacks.push_back(sortedStack(own, normal));
        }
        return;
    }
    const bool isEven = std::all_of(positions.begin(), positions.end(),
                                    [&](const Frames& position) { return position.size() == most; });
    if (!isEven) {
        stacks.push_back(sortedStack(positions, normal));
        return;
    }
    for (size_t rank = 0; rank < most; ++rank) {
        std::vector<Frames> one;
        for (const Frames& position : positions)
            one.push_back({position[rank]});
        stacks.push_back(sortedStack(one, normal));
    }
}

/// Frames that have no place in the patient: clips apart, single pictures together.
void addUnplacedStacks(Frames frames, std::vector<Stack>& stacks) {
    std::stable_sort(frames.begin(), frames.end(), byInstance);
    Stack pictures;
    std::vector<Stack> clips;
    const ImageDescription* clip = nullptr;
    for (const FrameRef& frame : frames) {
        if (frame.image->frameCount <= 1) {
            pictures.frames.push_back(frame);
            continue;
        }
        if (clip != frame.image.get()) {
            clip = frame.image.get();
            clips.emplace_back();
        }
        clips.back().frames.push_back(frame);
    }
    if (!pictures.frames.empty())
        clips.insert(clips.begin(), std::move(pictures));
    for (Stack& stack : clips) {
        if (isCrossSectional(*stack.frames.front().image))
            stack.findings.push_back({GeometryFinding::Kind::NoPosition, 0.0, 0.0});
        stacks.push_back(std::move(stack));
    }
}

/// Frames that share localizer flag, frame of reference, stack id and orientation.
struct OrientationGroup {
    bool isLocalizer = false;
    FrameOfReferenceUid frameOfReference;
    QString stackId;
    PlanePosition plane;
    Frames frames;

    [[nodiscard]] bool takes(const FrameRef& frame, bool localizer) const {
        const FrameDescription& description = frame.description();
        return isLocalizer == localizer && frameOfReference == frame.image->frameOfReference &&
               stackId == description.stackId && orientationDeg(plane, *description.plane) <= kGroupDeg;
    }
};

QString findingText(const GeometryFinding& finding, double distance) {
    using Kind = GeometryFinding::Kind;
    switch (finding.kind) {
    case Kind::NoPosition:
        return QStringLiteral("frames have no position in the patient");
    case Kind::MissingSlices:
        return QStringLiteral("%1 slices are missing, the first after %2 mm")
            .arg(static_cast<int>(finding.value))
            .arg(finding.at, 0, 'f', 2);
    case Kind::UnevenSpacing:
        return QStringLiteral("slice distance is uneven: %1 mm off at a distance of %2 mm")
            .arg(finding.value, 0, 'f', 3)
            .arg(distance, 0, 'f', 3);
    case Kind::DuplicatePosition:
        return QStringLiteral("%1 slices lie where another lies").arg(static_cast<int>(finding.value));
    case Kind::GantryTilt:
        return QStringLiteral("tilt of %1 degrees").arg(finding.value, 0, 'f', 2);
    case Kind::MixedMatrix:
        return QStringLiteral("%1 frames differ in matrix or pixel spacing").arg(static_cast<int>(finding.value));
    case Kind::MixedOrientation:
        return QStringLiteral("slice orientations differ by up to %1 degrees").arg(finding.value, 0, 'f', 2);
    case Kind::TooFewSlices:
        return QStringLiteral("%1 slices are too few, 3 are needed").arg(static_cast<int>(finding.value));
    case Kind::NoSpacing:
        return QStringLiteral("pixel spacing is not known");
    }
    return {};
}

} // namespace

std::vector<Stack> assembleStacks(std::vector<ImageDescriptionPtr> instances) {
    Frames unplaced;
    std::vector<OrientationGroup> groups;
    for (const ImageDescriptionPtr& image : instances) {
        if (!image)
            continue;
        const bool localizer = isLocalizer(*image);
        const int described = image->frames.size() > 1 ? static_cast<int>(image->frames.size()) : image->frameCount;
        for (int i = 0; i < std::min(std::max(image->frameCount, 1), std::max(described, 1)); ++i) {
            const FrameRef frame{image, i};
            const FrameDescription& description = frame.description();
            if (!description.plane || !isUsable(*description.plane)) {
                unplaced.push_back(frame);
                continue;
            }
            auto group = std::find_if(groups.begin(), groups.end(),
                                      [&](const OrientationGroup& g) { return g.takes(frame, localizer); });
            if (group == groups.end())
                group = groups.insert(
                    groups.end(), {localizer, image->frameOfReference, description.stackId, *description.plane, {}});
            group->frames.push_back(frame);
        }
    }

    std::vector<Stack> stacks;
    size_t placed = 0;
    for (const OrientationGroup& group : groups)
        placed += group.frames.size();
    if (groups.size() > 3 && placed < 3 * groups.size()) {
        // A turn around an axis (rotating projections, radial slices): one sequence in the order it was made.
        Stack stack;
        for (const OrientationGroup& group : groups)
            stack.frames.insert(stack.frames.end(), group.frames.begin(), group.frames.end());
        std::stable_sort(stack.frames.begin(), stack.frames.end(), byInstance);
        double widest = 0.0;
        for (const FrameRef& frame : stack.frames)
            widest =
                std::max(widest, orientationDeg(*frame.description().plane, *stack.frames.front().description().plane));
        stack.findings.push_back({GeometryFinding::Kind::MixedOrientation, widest, 0.0});
        stacks.push_back(std::move(stack));
    } else {
        std::stable_sort(groups.begin(), groups.end(), [](const OrientationGroup& a, const OrientationGroup& b) {
            return a.isLocalizer < b.isLocalizer;
        });
        for (const OrientationGroup& group : groups)
            addPlaneStacks(group.frames, stacks);
    }
    if (!unplaced.empty())
        addUnplacedStacks(std::move(unplaced), stacks);
    return stacks;
}

Status canFormVolume(const Stack& stack) {
    using Kind = GeometryFinding::Kind;
    const auto refuse = [](const QString& reason) { return fail(ErrorCode::VolumeNotPossible, reason); };
    if (stack.frames.empty())
        return refuse(QStringLiteral("no frames"));
    for (const GeometryFinding& finding : stack.findings) {
        const bool isHarmless =
            finding.kind == Kind::GantryTilt ||
            (finding.kind == Kind::UnevenSpacing && finding.value <= kBlockShare * stack.sliceDistanceMm);
        if (!isHarmless)
            return refuse(findingText(finding, stack.sliceDistanceMm));
    }
    if (!stack.sortedByGeometry)
        return refuse(findingText({Kind::NoPosition, 0.0, 0.0}, 0.0));
    if (stack.frames.size() < static_cast<size_t>(kFewestSlices))
        return refuse(findingText({Kind::TooFewSlices, static_cast<double>(stack.frames.size()), 0.0}, 0.0));
    for (const FrameRef& frame : stack.frames) {
        const ImageDescription& image = *frame.image;
        if (!frame.description().plane)
            return refuse(findingText({Kind::NoPosition, 0.0, 0.0}, 0.0));
        if (image.samplesPerPixel != 1 || image.photometric == Photometric::PaletteColor ||
            image.photometric == Photometric::Rgb)
            return refuse(QStringLiteral("colour pictures"));
        if (image.bitsAllocated > 16)
            return refuse(QStringLiteral("%1-bit values").arg(image.bitsAllocated));
    }
    return {};
}

} // namespace yz
