#pragma once

#include "core/cancel.h"
#include "domain/ports.h"
#include "imaging/volume.h"

#include <functional>

namespace yz {

/// The file of an instance.
using PathOfInstance = std::function<QString(const InstanceUid& instance)>;

/// A whole stack from its files as one volume: every frame is read straight into its slice where it can be. Blocks;
/// `threads` frames at a time, 0: as many as there are cores. The first error ends it: those of makeVolume, of
/// PixelSource::decode and of fillSlice; Cancelled.
[[nodiscard]] Result<std::shared_ptr<Volume>> loadVolume(const Stack& stack, PixelSource& source,
                                                         const PathOfInstance& pathOf, int threads,
                                                         const CancelToken& token);

/// A frame of the stack has its very samples in its filled slice: of 16 bits, neither padded, tilted nor resampled.
[[nodiscard]] bool givesFrame(const Volume& volume, const Stack& stack, int frameIndex);
/// That frame as the codec gave it; null where givesFrame() is false.
[[nodiscard]] PixelBufferPtr frameOf(const Volume& volume, const Stack& stack, int frameIndex);

} // namespace yz
