#pragma once

#include "command.h"

#include "imaging/presentation.h"

#include <optional>

namespace yz::cli {

/// --window, --state, --no-overlays, --no-shutter: what the reader sets on top of the data.
struct DisplayOptions {
    std::optional<VoiWindow> window;
    PresentationStatePtr state;
    bool overlays = true;
    bool shutter = true;
};

[[nodiscard]] std::vector<Option> displayOptionList();
/// InvalidArgument, or what is wrong with the state's file.
[[nodiscard]] Result<DisplayOptions> displayOptions(const Arguments& arguments, PixelSource& source);

/// A frame through the whole chain, one picture pixel an image pixel. With a state: in its displayed area, turned and
/// flipped as it says, unless `asStored`; NotFound when it is not about the frame.
[[nodiscard]] Result<ScreenPicture> drawFrame(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                                              const DisplayOptions& options, bool asStored = false);

/// Label, kind, and the annotations that belong on a frame: those are drawn by a viewport, not into the pixels.
[[nodiscard]] QJsonObject toJson(const PresentationState& state, const InstanceUid& image, int frame);

} // namespace yz::cli
