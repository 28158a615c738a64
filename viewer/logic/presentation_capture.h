#pragma once

#include "core/result.h"
#include "domain/presentation_object.h"
#include "imaging/measure.h"

#include <functional>
#include <vector>

namespace yz {

class ViewerController;

/// What a viewport shows, as a presentation state about the images it shows so.
struct PresentationCapture {
    PresentationState state; ///< without identity
    std::vector<ReferencedFrames> images;
};

/// Window or table, inversion, turn and mirror, displayed area, shutter, overlays that are shown and the measurements
/// as graphics (PS3.3 A.33.1, A.33.2; layer MEASUREMENTS). The state is about every image of the stack that is shown in
/// the same way: of the same size, with the same modality transformation and shutter. Of a state that is on, its own
/// tables, planes and annotations go along. `words` are the text beside a measurement.
/// NotSupported: a plane, or colours by a profile of the image; NotFound: no pixels are shown.
[[nodiscard]] Result<PresentationCapture> capturePresentation(ViewerController& controller, int viewport,
                                                              const std::function<QString(const Measurement&)>& words);

} // namespace yz
