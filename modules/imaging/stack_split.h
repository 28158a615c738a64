#pragma once

#include "imaging/volume.h"

namespace yz {

using Frames = std::vector<FrameRef>;

/// Order of frames when nothing but their numbers tells them apart.
[[nodiscard]] bool byInstance(const FrameRef& a, const FrameRef& b);

/// Frames of the same place together, places in order along the normal, frames of one place in order of time.
[[nodiscard]] std::vector<Frames> positionsOf(Frames frames, const PatientVector& normal);

/// Frames that belong together and by what they were told from the rest.
struct SplitPart {
    Frames frames;
    std::vector<StackSplit> splits;
};

/// Takes frames of one orientation apart by their dimensions until no place holds two of them, as far as the data set
/// tells them apart: by a value that is the same all along the stack (echo time, b-value, time point, frame type, ...),
/// else by rank of acquisition time or of instance number where every place holds as many frames. What cannot be told
/// apart stays together.
[[nodiscard]] std::vector<SplitPart> splitByDimensions(Frames frames, const PatientVector& normal);

} // namespace yz
