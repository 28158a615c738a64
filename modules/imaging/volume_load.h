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

} // namespace yz
