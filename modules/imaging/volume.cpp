#include "imaging/axis_tap.h"
#include "imaging/display_chain.h"
#include "imaging/stack_geometry.h"
#include "imaging/volume_convert.h"
#include "imaging/volume_resample.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace yz {
namespace {

constexpr double kMostVoxels = 2.0e9; ///< also keeps voxel indexes within 32 bits
constexpr double kWholePixel = 1e-3;  ///< a shift this close to whole pixels does not grow the grid

struct StoredRange {
    double low, high;
};

/// Values that may reach the rescale of an image: stored bits, or the entries of its modality LUT.
StoredRange storedRange(const FrameRef& frame) {
    const FrameDescription& description = frame.description();
    if (description.modalityLut && !description.modalityLut->entries.empty()) {
        const auto [low, high] =
            std::minmax_element(description.modalityLut->entries.begin(), description.modalityLut->entries.end());
        return {static_cast<double>(*low), static_cast<double>(*high)};
    }
    const int bits = std::clamp(frame.image->bitsStored, 1, 16);
    const double size = std::ldexp(1.0, bits);
    return frame.image->isSigned ? StoredRange{-size / 2.0, size / 2.0 - 1.0} : StoredRange{0.0, size - 1.0};
}

/// One rescale for the whole grid under which every value fits into 16 signed bits.
Rescale commonRescale(const Stack& stack) {
    const Rescale first = rescaleOf(stack.frames.front().description());
    bool isSame = true;
    double storedHigh = -1e300;
    double low = 1e300;
    double high = -1e300;
    for (const FrameRef& frame : stack.frames) {
        const Rescale own = rescaleOf(frame.description());
        const StoredRange range = storedRange(frame);
        isSame = isSame && isClose(own.slope, first.slope) && isClose(own.intercept, first.intercept);
        storedHigh = std::max(storedHigh, range.high);
        const double a = own.slope * range.low + own.intercept;
        const double b = own.slope * range.high + own.intercept;
        low = std::min({low, a, b});
        high = std::max({high, a, b});
    }
    if (isSame && storedHigh <= 32767.0)
        return first;
    if (isSame)
        return {first.slope, first.intercept + 32768.0 * first.slope};
    const double slope = high > low ? (high - low) / 65535.0 : 1.0;
    return {slope, low + 32768.0 * slope};
}

/// Puts a picture into a slice of the grid at a fractional place.
void placeShifted(const std::vector<std::int16_t>& picture, int columns, int rows, double firstX, double firstY,
                  bool isFlipped, const Volume& volume, std::int16_t* slice) {
    std::vector<AxisTap> xTaps(static_cast<size_t>(volume.columns));
    for (int x = 0; x < volume.columns; ++x)
        xTaps[static_cast<size_t>(x)] = axisTap(x - firstX, columns);
    std::vector<float> line(static_cast<size_t>(columns));
    for (int y = 0; y < volume.rows; ++y) {
        std::int16_t* out = slice + static_cast<size_t>(y) * static_cast<size_t>(volume.columns);
        const AxisTap yTap = axisTap(isFlipped ? firstY - y : y - firstY, rows);
        if (!yTap.isInside()) {
            std::fill_n(out, volume.columns, volume.outside);
            continue;
        }
        const std::int16_t* a = picture.data() + static_cast<size_t>(yTap.low) * static_cast<size_t>(columns);
        const std::int16_t* b = picture.data() + static_cast<size_t>(yTap.high) * static_cast<size_t>(columns);
        for (size_t x = 0; x < line.size(); ++x) {
            const float low = a[x];
            line[x] = low + (static_cast<float>(b[x]) - low) * yTap.weight;
        }
        for (size_t x = 0; x < xTaps.size(); ++x) {
            const AxisTap& tap = xTaps[x];
            if (!tap.isInside()) {
                out[x] = volume.outside;
                continue;
            }
            const float low = line[static_cast<size_t>(tap.low)];
            const float high = line[static_cast<size_t>(tap.high)];
            out[x] = static_cast<std::int16_t>(std::floor(low + (high - low) * tap.weight + 0.5F));
        }
    }
}

bool isHounsfield(const FrameRef& frame) {
    const QString unit = frame.description().rescaleUnit;
    return unit == QLatin1String("HU") || (unit.isEmpty() && frame.image->modality == QLatin1String("CT"));
}

} // namespace

PatientPoint Volume::toPatient(VoxelIndex index) const {
    return origin + row * (index.x * columnMm) + column * (index.y * rowMm) + slice * (index.z * sliceMm);
}

VoxelIndex Volume::toVoxel(PatientPoint point) const {
    const PatientVector away = point - origin;
    return {away.dot(row) / columnMm, away.dot(column) / rowMm, away.dot(slice) / sliceMm};
}

Result<std::shared_ptr<Volume>> planVolume(const Stack& stack) {
    if (const Status possible = canFormVolume(stack); !possible)
        return fail(possible.error());
    const FrameRef& first = stack.frames.front();
    const PlanePosition& plane = *first.description().plane;
    const PatientVector direction = stackingNormal(plane);
    const StackGeometry geometry = measureStack(stack.frames, direction);
    if (!(geometry.stepMm > 0.0))
        return fail(ErrorCode::VolumeNotPossible, QStringLiteral("slices lie at one position"));

    auto volume = std::make_shared<Volume>();
    volume->row = plane.row.normalized();
    volume->column = (plane.column - volume->row * volume->row.dot(plane.column)).normalized();
    volume->columnMm = first.description().spacing.columnMm;
    volume->rowMm = first.description().spacing.rowMm;
    volume->sliceMm = geometry.stepMm;
    volume->slices = static_cast<int>(stack.frames.size());
    if (needsResampling(geometry)) {
        ResampledGrid grid = resampledGrid(stack.frames, geometry);
        volume->sliceMm = grid.stepMm;
        volume->slices = static_cast<int>(grid.blends.size());
        volume->blends = std::move(grid.blends);
        volume->blending = std::make_shared<std::mutex>();
    }
    volume->origin = plane.position;
    if (volume->row.cross(volume->column).dot(direction) < 0.0) {
        volume->origin = volume->origin + volume->column * ((first.image->rows - 1) * volume->rowMm);
        volume->column = volume->column * -1.0;
    }
    volume->slice = volume->row.cross(volume->column);

    double lowX = 0, highX = 0, lowY = 0, highY = 0;
    for (const GeometryFinding& finding : stack.findings) {
        if (finding.kind == GeometryFinding::Kind::GantryTilt)
            volume->tiltCorrectedDeg = finding.value;
    }
    if (volume->tiltCorrectedDeg > 0.0) {
        // The grid grows by the way the slices slide, so that every slice keeps all its pixels.
        for (const FrameRef& frame : stack.frames) {
            const PatientVector away = frame.description().plane->position - plane.position;
            const double x = away.dot(volume->row) / volume->columnMm;
            const double y = away.dot(volume->column) / volume->rowMm;
            lowX = std::min(lowX, std::floor(x + kWholePixel));
            highX = std::max(highX, std::ceil(x - kWholePixel));
            lowY = std::min(lowY, std::floor(y + kWholePixel));
            highY = std::max(highY, std::ceil(y - kWholePixel));
        }
    }
    const double columns = first.image->columns + highX - lowX;
    const double rows = first.image->rows + highY - lowY;
    if (columns * rows * volume->slices > kMostVoxels)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("grid of %1 x %2 x %3 voxels")
                                                  .arg(columns, 0, 'f', 0)
                                                  .arg(rows, 0, 'f', 0)
                                                  .arg(volume->slices));
    volume->columns = static_cast<int>(columns);
    volume->rows = static_cast<int>(rows);
    if (volume->columns <= 0 || volume->rows <= 0)
        return fail(ErrorCode::VolumeNotPossible, QStringLiteral("empty matrix"));
    volume->origin = volume->origin + volume->row * (lowX * volume->columnMm) + volume->column * (lowY * volume->rowMm);

    const Rescale rescale = commonRescale(stack);
    if (rescale.slope == 0.0 || !std::isfinite(rescale.slope) || !std::isfinite(rescale.intercept))
        return fail(ErrorCode::VolumeNotPossible, QStringLiteral("rescale slope is not usable"));
    volume->rescaleSlope = rescale.slope;
    volume->rescaleIntercept = rescale.intercept;
    volume->unit = first.description().rescaleUnit;
    const bool hounsfield = isHounsfield(first);
    if (hounsfield)
        volume->unit = QStringLiteral("HU");
    volume->outside = nearestInt16(((hounsfield ? -1024.0 : 0.0) - rescale.intercept) / rescale.slope);
    volume->frameOfReference = first.image->frameOfReference;
    return volume;
}

Result<std::shared_ptr<Volume>> makeVolume(const Stack& stack, EmptySlices empty) {
    Result<std::shared_ptr<Volume>> volume = planVolume(stack);
    if (!volume)
        return volume;
    const size_t slices = static_cast<size_t>((*volume)->slices);
    (*volume)->voxels.resize(static_cast<size_t>((*volume)->columns) * static_cast<size_t>((*volume)->rows) * slices);
    (*volume)->filled.assign(slices, 0);
    if ((*volume)->isResampled())
        (*volume)->blended.assign(slices, 0);
    if (empty == EmptySlices::Outside)
        blankMissing(**volume);
    return volume;
}

void blankMissing(Volume& volume) {
    for (int slice = 0; slice < static_cast<int>(volume.filled.size()); ++slice)
        (void)blankIfMissing(volume, slice);
}

bool blankIfMissing(Volume& volume, int slice) {
    const auto at = static_cast<size_t>(slice);
    // The first of two frames waits in a slice between them until the other comes: that is not empty.
    if (volume.filled[at] != 0 || (volume.isResampled() && volume.blended[at] != 0))
        return false;
    const size_t size = static_cast<size_t>(volume.columns) * static_cast<size_t>(volume.rows);
    std::fill_n(volume.voxels.data() + at * size, size, volume.outside);
    return true;
}

Status fillSlice(Volume& volume, const Stack& stack, int frameIndex, const PixelBuffer& pixels) {
    if (frameIndex < 0 || static_cast<size_t>(frameIndex) >= stack.frames.size() ||
        (!volume.isResampled() && stack.frames.size() != static_cast<size_t>(volume.slices)))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("frame %1 of %2").arg(frameIndex).arg(volume.slices));
    const FrameRef& frame = stack.frames[static_cast<size_t>(frameIndex)];
    const ImageDescription& image = *frame.image;
    if (pixels.samplesPerPixel != 1 || bytesPerSample(pixels.type) > 2 || pixels.columns != image.columns ||
        pixels.rows != image.rows || pixels.data.size() < pixels.byteCount() || pixels.columns > volume.columns ||
        pixels.rows > volume.rows)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("pixels do not fit slice %1").arg(frameIndex));

    const PlanePosition& plane = *frame.description().plane;
    const bool isFlipped = plane.column.dot(volume.column) < 0.0;
    const bool isTilted = volume.tiltCorrectedDeg > 0.0;
    const size_t size = static_cast<size_t>(volume.columns) * static_cast<size_t>(volume.rows);
    const size_t columns = static_cast<size_t>(pixels.columns);
    const ValueConversion conversion(frame, volume);
    std::vector<std::int16_t> laidOut(volume.isResampled() ? size : 0);
    std::int16_t* slice =
        volume.isResampled() ? laidOut.data() : volume.voxels.data() + static_cast<size_t>(frameIndex) * size;
    if (isTilted) {
        std::vector<std::int16_t> picture(columns * static_cast<size_t>(pixels.rows));
        conversion.convert(pixels, 0, picture.size(), picture.data());
        const VoxelIndex first = volume.toVoxel(plane.position);
        placeShifted(picture, pixels.columns, pixels.rows, first.x, first.y, isFlipped, volume, slice);
    } else if (isFlipped) {
        for (size_t y = 0; y < static_cast<size_t>(pixels.rows); ++y)
            conversion.convert(pixels, (static_cast<size_t>(pixels.rows) - 1 - y) * columns, columns,
                               slice + y * columns);
    } else {
        conversion.convert(pixels, 0, columns * static_cast<size_t>(pixels.rows), slice);
    }
    if (volume.isResampled())
        blendIn(volume, frameIndex, laidOut);
    else
        std::atomic_ref<std::uint8_t>(volume.filled[static_cast<size_t>(frameIndex)])
            .store(1, std::memory_order_release);
    return {};
}

} // namespace yz
