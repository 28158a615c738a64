#include "imaging/volume.h"

#include <cmath>

namespace yz {
namespace {

using Kind = GeometryFinding::Kind;

constexpr size_t kFewestSlices = 3;
constexpr int kMostBits = 16;
constexpr double kMostTiltDeg = 45.0;
constexpr double kMissingShare = 0.1; ///< of the slices present

/// Obstacles that are no findings of geometry.
std::optional<GeometryFinding> obstacleOfFrames(const Stack& stack) {
    if (!stack.sortedByGeometry)
        return GeometryFinding{Kind::NoPosition, 0.0, 0.0};
    if (stack.frames.size() < kFewestSlices)
        return GeometryFinding{Kind::TooFewSlices, static_cast<double>(stack.frames.size()), 0.0};
    for (const FrameRef& frame : stack.frames) {
        const ImageDescription& image = *frame.image;
        if (!frame.description().plane)
            return GeometryFinding{Kind::NoPosition, 0.0, 0.0};
        if (image.samplesPerPixel != 1 || image.photometric == Photometric::PaletteColor ||
            image.photometric == Photometric::Rgb)
            return GeometryFinding{Kind::Colour, 0.0, 0.0};
        if (image.bitsAllocated > kMostBits)
            return GeometryFinding{Kind::DeepValues, static_cast<double>(image.bitsAllocated), 0.0};
    }
    return std::nullopt;
}

QString obstacleText(const GeometryFinding& finding) {
    const int count = static_cast<int>(finding.value);
    switch (finding.kind) {
    case Kind::NoPosition:
        return QStringLiteral("frames have no position in the patient");
    case Kind::MissingSlices:
        return QStringLiteral("%1 slices are missing, the first after %2 mm").arg(count).arg(finding.at, 0, 'f', 2);
    case Kind::UnevenSpacing:
        return QStringLiteral("slice distance is uneven: up to %1 mm off").arg(finding.value, 0, 'f', 3);
    case Kind::DuplicatePosition:
        return QStringLiteral("%1 slices lie where another lies").arg(count);
    case Kind::GantryTilt:
    case Kind::SteepTilt:
        return QStringLiteral("tilt of %1 degrees").arg(finding.value, 0, 'f', 1);
    case Kind::MixedMatrix:
        return QStringLiteral("%1 frames differ in matrix or pixel spacing").arg(count);
    case Kind::MixedOrientation:
        return QStringLiteral("slice orientations differ by up to %1 degrees").arg(finding.value, 0, 'f', 2);
    case Kind::TooFewSlices:
        return QStringLiteral("%1 slices are too few, 3 are needed").arg(count);
    case Kind::NoSpacing:
        return QStringLiteral("pixel spacing is not known");
    case Kind::SidewaysShift:
        return QStringLiteral("slices lie up to %1 mm off their line").arg(finding.value, 0, 'f', 2);
    case Kind::WideGap:
        return QStringLiteral("a gap of %1 mm after %2 mm is too wide to interpolate across")
            .arg(finding.value, 0, 'f', 2)
            .arg(finding.at, 0, 'f', 2);
    case Kind::Colour:
        return QStringLiteral("colour pictures");
    case Kind::DeepValues:
        return QStringLiteral("%1-bit values").arg(count);
    }
    return {};
}

} // namespace

std::optional<GeometryFinding> volumeObstacle(const Stack& stack) {
    if (stack.frames.empty())
        return GeometryFinding{Kind::TooFewSlices, 0.0, 0.0};
    for (const GeometryFinding& finding : stack.findings) {
        switch (finding.kind) {
        case Kind::UnevenSpacing: // made regular, unless a gap is too wide
            break;
        case Kind::GantryTilt:
            if (finding.value > kMostTiltDeg)
                return GeometryFinding{Kind::SteepTilt, finding.value, finding.at};
            break;
        case Kind::MissingSlices:
            if (finding.value > std::ceil(kMissingShare * static_cast<double>(stack.frames.size())))
                return finding;
            break;
        default:
            return finding;
        }
    }
    return obstacleOfFrames(stack);
}

Status canFormVolume(const Stack& stack) {
    if (const auto obstacle = volumeObstacle(stack))
        return fail(ErrorCode::VolumeNotPossible, obstacleText(*obstacle));
    return {};
}

} // namespace yz
