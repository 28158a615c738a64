#include "imaging/axis_tap.h"
#include "imaging/display_chain.h"
#include "imaging/stack_geometry.h"
#include "imaging/volume_resample.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

namespace yz {
namespace {

constexpr double kMostVoxels = 2.0e9; ///< also keeps voxel indexes within 32 bits
constexpr double kWholePixel = 1e-3;  ///< a shift this close to whole pixels does not grow the grid

bool isClose(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

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

struct Rescale {
    double slope, intercept;
};

/// What is left to do after a modality LUT: nothing.
Rescale rescaleOf(const FrameDescription& description) {
    if (description.modalityLut && !description.modalityLut->entries.empty())
        return {1.0, 0.0};
    return {description.rescaleSlope, description.rescaleIntercept};
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

std::int16_t toInt16(double value) {
    return static_cast<std::int16_t>(std::clamp(std::floor(value + 0.5), -32768.0, 32767.0));
}

/// Stored values of a frame in the scale of the volume; padding becomes `outside`.
template <typename T>
std::vector<std::int16_t> converted(const FrameRef& frame, const Volume& volume, const T* samples, size_t count) {
    const FrameDescription& description = frame.description();
    const Rescale own = rescaleOf(description);
    const double factor = own.slope / volume.rescaleSlope;
    const double offset = (own.intercept - volume.rescaleIntercept) / volume.rescaleSlope;
    const bool hasLut = description.modalityLut && !description.modalityLut->entries.empty();
    std::vector<std::int16_t> out(count);
    if (!hasLut && isClose(factor, 1.0) && std::abs(offset - std::round(offset)) < 1e-6) {
        const int shift = static_cast<int>(std::round(offset));
        for (size_t i = 0; i < count; ++i)
            out[i] = static_cast<std::int16_t>(std::clamp(static_cast<int>(samples[i]) + shift, -32768, 32767));
    } else {
        for (size_t i = 0; i < count; ++i) {
            const double stored = static_cast<double>(samples[i]);
            const double value = hasLut ? modalityValue(description, stored) : stored;
            out[i] = toInt16(value * factor + offset);
        }
    }
    if (frame.image->paddingFirst) {
        const double a = *frame.image->paddingFirst;
        const double b = frame.image->paddingLast.value_or(a);
        const double low = std::min(a, b);
        const double high = std::max(a, b);
        for (size_t i = 0; i < count; ++i) {
            const double stored = static_cast<double>(samples[i]);
            if (stored >= low && stored <= high)
                out[i] = volume.outside;
        }
    }
    return out;
}

std::vector<std::int16_t> converted(const FrameRef& frame, const Volume& volume, const PixelBuffer& pixels) {
    const size_t count = static_cast<size_t>(pixels.columns) * static_cast<size_t>(pixels.rows);
    switch (pixels.type) {
    case SampleType::UInt8:
        return converted(frame, volume, pixels.as<std::uint8_t>(), count);
    case SampleType::Int8:
        return converted(frame, volume, pixels.as<std::int8_t>(), count);
    case SampleType::UInt16:
        return converted(frame, volume, pixels.as<std::uint16_t>(), count);
    case SampleType::Int16:
        return converted(frame, volume, pixels.as<std::int16_t>(), count);
    default:
        return {};
    }
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
    volume->outside = toInt16(((hounsfield ? -1024.0 : 0.0) - rescale.intercept) / rescale.slope);
    volume->frameOfReference = first.image->frameOfReference;
    return volume;
}

Result<std::shared_ptr<Volume>> makeVolume(const Stack& stack) {
    Result<std::shared_ptr<Volume>> volume = planVolume(stack);
    if (!volume)
        return volume;
    const size_t slices = static_cast<size_t>((*volume)->slices);
    (*volume)->voxels.assign(static_cast<size_t>((*volume)->columns) * static_cast<size_t>((*volume)->rows) * slices,
                             (*volume)->outside);
    (*volume)->filled.assign(slices, 0);
    if ((*volume)->isResampled())
        (*volume)->blended.assign(slices, 0);
    return volume;
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

    const std::vector<std::int16_t> picture = converted(frame, volume, pixels);
    const PlanePosition& plane = *frame.description().plane;
    const bool isFlipped = plane.column.dot(volume.column) < 0.0;
    const size_t size = static_cast<size_t>(volume.columns) * static_cast<size_t>(volume.rows);
    std::vector<std::int16_t> laidOut(volume.isResampled() ? size : 0);
    std::int16_t* slice =
        volume.isResampled() ? laidOut.data() : volume.voxels.data() + static_cast<size_t>(frameIndex) * size;
    if (volume.tiltCorrectedDeg > 0.0) {
        const VoxelIndex first = volume.toVoxel(plane.position);
        placeShifted(picture, pixels.columns, pixels.rows, first.x, first.y, isFlipped, volume, slice);
    } else {
        const size_t columns = static_cast<size_t>(pixels.columns);
        for (int y = 0; y < pixels.rows; ++y) {
            const int source = isFlipped ? pixels.rows - 1 - y : y;
            std::memcpy(slice + static_cast<size_t>(y) * columns,
                        picture.data() + static_cast<size_t>(source) * columns, columns * sizeof(std::int16_t));
        }
    }
    if (volume.isResampled())
        blendIn(volume, frameIndex, laidOut);
    else
        std::atomic_ref<std::uint8_t>(volume.filled[static_cast<size_t>(frameIndex)])
            .store(1, std::memory_order_release);
    return {};
}

} // namespace yz
