#include "imaging/volume_load.h"

#include "imaging/volume_convert.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

namespace yz {
namespace {

/// The slice's own memory where the frame's samples are as many and as wide as its voxels and stay in their order.
std::span<std::int16_t> sliceFor(Volume& volume, const FrameRef& frame, int frameIndex) {
    const ImageDescription& image = *frame.image;
    const auto& plane = frame.description().plane;
    const bool isDirect = !volume.isResampled() && !(volume.tiltCorrectedDeg > 0.0) && plane &&
                          plane->column.dot(volume.column) >= 0.0 && image.samplesPerPixel == 1 && !image.isFloat &&
                          bytesPerSample(image.sampleType()) == 2 && image.columns == volume.columns &&
                          image.rows == volume.rows && frameIndex < volume.slices;
    if (!isDirect)
        return {};
    const size_t size = static_cast<size_t>(volume.columns) * static_cast<size_t>(volume.rows);
    return {volume.voxels.data() + static_cast<size_t>(frameIndex) * size, size};
}

Status loadSlice(Volume& volume, const Stack& stack, int frameIndex, PixelSource& source, const QString& path,
                 const CancelToken& token) {
    const FrameRef& frame = stack.frames[static_cast<size_t>(frameIndex)];
    const std::span<std::int16_t> slice = sliceFor(volume, frame, frameIndex);
    Result<PixelBufferPtr> pixels = slice.empty()
                                        ? source.decode(path, frame.frame, token)
                                        : source.decodeInto(path, frame.frame, std::as_writable_bytes(slice), token);
    if (!pixels)
        return fail(pixels.error());
    if (*pixels)
        return fillSlice(volume, stack, frameIndex, **pixels);
    ValueConversion(frame, volume).convertInPlace(slice);
    std::atomic_ref<std::uint8_t>(volume.filled[static_cast<size_t>(frameIndex)]).store(1, std::memory_order_release);
    return {};
}

} // namespace

Result<std::shared_ptr<Volume>> loadVolume(const Stack& stack, PixelSource& source, const PathOfInstance& pathOf,
                                           int threads, const CancelToken& token) {
    Result<std::shared_ptr<Volume>> volume = makeVolume(stack, EmptySlices::Undefined);
    if (!volume)
        return volume;
    std::atomic<size_t> next = 0;
    std::mutex mutex;
    std::optional<Error> problem; // guarded by mutex
    const auto work = [&] {
        for (size_t i = next++; i < stack.frames.size(); i = next++) {
            const Status loaded = token.isCancelled() ? Status(fail(ErrorCode::Cancelled))
                                                      : loadSlice(**volume, stack, static_cast<int>(i), source,
                                                                  pathOf(stack.frames[i].image->instance), token);
            if (loaded)
                continue;
            const std::scoped_lock lock(mutex);
            if (!problem)
                problem = loaded.error();
            next = stack.frames.size(); // the others stop, too
        }
    };
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int count = std::min(threads > 0 ? threads : std::max(cores, 1), static_cast<int>(stack.frames.size()));
    std::vector<std::thread> helpers;
    for (int i = 1; i < count; ++i)
        helpers.emplace_back(work);
    work();
    for (std::thread& helper : helpers)
        helper.join();
    return problem ? Result<std::shared_ptr<Volume>>(fail(*problem)) : volume;
}

bool givesFrame(const Volume& volume, const Stack& stack, int frameIndex) {
    if (frameIndex < 0 || static_cast<size_t>(frameIndex) >= stack.frames.size() || frameIndex >= volume.slices ||
        volume.filled.size() != static_cast<size_t>(volume.slices) ||
        volume.filled[static_cast<size_t>(frameIndex)] == 0)
        return false;
    const FrameRef& frame = stack.frames[static_cast<size_t>(frameIndex)];
    const ImageDescription& image = *frame.image;
    return !volume.isResampled() && !(volume.tiltCorrectedDeg > 0.0) && frame.description().plane &&
           image.samplesPerPixel == 1 && !image.isFloat && bytesPerSample(image.sampleType()) == 2 &&
           image.columns == volume.columns && image.rows == volume.rows &&
           ValueConversion(frame, volume).isReversible();
}

PixelBufferPtr frameOf(const Volume& volume, const Stack& stack, int frameIndex) {
    if (!givesFrame(volume, stack, frameIndex))
        return {};
    const FrameRef& frame = stack.frames[static_cast<size_t>(frameIndex)];
    auto pixels = std::make_shared<PixelBuffer>();
    pixels->columns = frame.image->columns;
    pixels->rows = frame.image->rows;
    pixels->type = frame.image->sampleType();
    pixels->data.resizeForOverwrite(pixels->byteCount());
    const size_t columns = static_cast<size_t>(volume.columns), rows = static_cast<size_t>(volume.rows);
    const std::span<const std::int16_t> slice{volume.voxels.data() + static_cast<size_t>(frameIndex) * columns * rows,
                                              columns * rows};
    const ValueConversion conversion(frame, volume);
    if (frame.description().plane->column.dot(volume.column) >= 0.0) {
        conversion.revert(slice, pixels->data.data());
        return pixels;
    }
    for (size_t y = 0; y < rows; ++y) // the grid has its rows bottom up
        conversion.revert(slice.subspan((rows - 1 - y) * columns, columns),
                          pixels->data.data() + y * columns * sizeof(std::int16_t));
    return pixels;
}

} // namespace yz
