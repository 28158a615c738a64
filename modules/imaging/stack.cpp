#include "imaging/stack_geometry.h"
#include "imaging/stack_split.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace yz {
namespace {

constexpr double kGroupDeg = 1.0;     ///< frames whose axes differ by more belong to different stacks
constexpr double kMixedDeg = 0.1;     ///< within a stack this much is said and forbids a volume
constexpr double kUnevenShare = 0.02; ///< of the distance; said from here on
constexpr double kTiltDeg = 0.1;
constexpr double kTiltPixels = 0.1;    ///< shift over the whole stack from which a tilt counts
constexpr double kLateralPixels = 0.5; ///< off the stacking line from which a slice counts as misplaced
constexpr int kFewestSlices = 3;

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
        if (geometry.deviationMm > std::max(kUnevenShare * geometry.medianMm, 0.01))
            stack.findings.push_back(
                {Kind::UnevenSpacing, geometry.deviationMm, 0.0, geometry.narrowestMm, geometry.widestMm});
        if (geometry.lateralMm > kLateralPixels * pixelMm)
            stack.findings.push_back({Kind::SidewaysShift, geometry.lateralMm, 0.0});
        if (geometry.widestMm > widestBridgeMm(geometry))
            stack.findings.push_back({Kind::WideGap, geometry.widestMm, geometry.widestAtMm});
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

/// One orientation, one frame of reference.
void addPlaneStacks(const Frames& frames, const std::vector<StackSplit>& splits, std::vector<Stack>& stacks) {
    const PatientVector normal = stackingNormal(*frames.front().description().plane);
    for (SplitPart& part : splitByDimensions(frames, normal)) {
        const std::vector<Frames> positions = positionsOf(part.frames, normal);
        Stack stack;
        if (positions.size() == 1) { // a cine of one slice, or a single slice
            stack.frames = positions.front();
            stack.sortedByGeometry = stack.frames.size() == 1;
            stack.findings.push_back({GeometryFinding::Kind::TooFewSlices, 1.0, 0.0});
            addMatrixFindings(stack);
        } else {
            stack = sortedStack(positions, normal);
        }
        stack.splits = splits;
        stack.splits.insert(stack.splits.end(), part.splits.begin(), part.splits.end());
        stacks.push_back(std::move(stack));
    }
}

/// Side and view of a radiograph, "R MLO"; empty for other pictures and where it is not said.
QString viewOf(const ImageDescription& image) {
    static const QStringList kRadiographs{QStringLiteral("CR"), QStringLiteral("DR"), QStringLiteral("DX"),
                                          QStringLiteral("MG")};
    if (!kRadiographs.contains(image.modality.trimmed().toUpper()))
        return {};
    return QString(image.laterality.trimmed() + u' ' + image.viewPosition.trimmed()).trimmed().toUpper();
}

/// Single pictures, those of one view together, views in order of appearance.
std::vector<Stack> byView(Frames frames) {
    std::vector<Stack> stacks;
    QStringList views;
    for (FrameRef& frame : frames) {
        const QString view = viewOf(*frame.image);
        if (!views.contains(view)) {
            views << view;
            stacks.emplace_back();
        }
        stacks[static_cast<size_t>(views.indexOf(view))].frames.push_back(std::move(frame));
    }
    if (stacks.size() > 1)
        for (qsizetype i = 0; i < views.size(); ++i)
            stacks[static_cast<size_t>(i)].splits.push_back({StackSplit::By::View, !views[i].isEmpty(), 0.0, views[i],
                                                             static_cast<int>(i) + 1, static_cast<int>(views.size())});
    return stacks;
}

/// Frames that have no place in the patient: clips apart, single pictures of one view together.
void addUnplacedStacks(Frames frames, std::vector<Stack>& stacks) {
    std::stable_sort(frames.begin(), frames.end(), byInstance);
    Frames pictures;
    std::vector<Stack> clips;
    const ImageDescription* clip = nullptr;
    for (const FrameRef& frame : frames) {
        if (frame.image->frameCount <= 1) {
            pictures.push_back(frame);
            continue;
        }
        if (clip != frame.image.get()) {
            clip = frame.image.get();
            clips.emplace_back();
        }
        clips.back().frames.push_back(frame);
    }
    const size_t clipCount = clips.size();
    std::vector<Stack> views = byView(std::move(pictures));
    const size_t viewCount = views.size();
    clips.insert(clips.begin(), std::make_move_iterator(views.begin()), std::make_move_iterator(views.end()));
    int index = 0;
    for (Stack& stack : clips) {
        if (isCrossSectional(*stack.frames.front().image))
            stack.findings.push_back({GeometryFinding::Kind::NoPosition, 0.0, 0.0});
        ++index;
        if (clips.size() > 1 && clipCount > 0 && (viewCount <= 1 || index > static_cast<int>(viewCount)))
            stack.splits.push_back({StackSplit::By::Clip, true, 0.0, {}, index, static_cast<int>(clips.size())});
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

/// How a group differs from the others of its series.
std::vector<StackSplit> splitsOf(const OrientationGroup& group, const std::vector<OrientationGroup>& groups) {
    using By = StackSplit::By;
    std::vector<StackSplit> splits;
    if (group.isLocalizer && std::any_of(groups.begin(), groups.end(), [](const auto& g) { return !g.isLocalizer; }))
        splits.push_back({By::Localizer, true, 0.0, {}, 1, 1});
    std::vector<const OrientationGroup*> alike;
    for (const OrientationGroup& other : groups)
        if (other.isLocalizer == group.isLocalizer)
            alike.push_back(&other);
    // Distinct values in order of appearance; narrows `alike` to those that share this group's.
    const auto narrow = [&](By by, const QString& own, const std::function<QString(const OrientationGroup&)>& valueOf) {
        QStringList values;
        for (const OrientationGroup* other : alike)
            if (const QString value = valueOf(*other); !values.contains(value))
                values.append(value);
        if (values.size() > 1)
            splits.push_back({by, !own.isEmpty(), 0.0, own, static_cast<int>(values.indexOf(own)) + 1,
                              static_cast<int>(values.size())});
        std::erase_if(alike, [&](const OrientationGroup* other) { return valueOf(*other) != own; });
    };
    narrow(By::FrameOfReference, group.frameOfReference.value(),
           [](const OrientationGroup& g) { return g.frameOfReference.value(); });
    narrow(By::StackId, group.stackId, [](const OrientationGroup& g) { return g.stackId; });
    if (alike.size() > 1)
        splits.push_back({By::Orientation,
                          true,
                          0.0,
                          {},
                          static_cast<int>(std::find(alike.begin(), alike.end(), &group) - alike.begin()) + 1,
                          static_cast<int>(alike.size())});
    return splits;
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
            addPlaneStacks(group.frames, splitsOf(group, groups), stacks);
    }
    if (!unplaced.empty())
        addUnplacedStacks(std::move(unplaced), stacks);
    return stacks;
}

} // namespace yz
