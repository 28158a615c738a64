#pragma once

#include "viewer/viewer_controller.h"

#include <QString>
#include <vector>

namespace yz {

/// Something a reader must know about what a viewport shows.
struct ViewportWarning {
    QString text;
    bool isSevere = false;
};

/// A patient's name read otherwise than its character set says, geometry findings, files left out, why there is no MPR,
/// an incomplete volume.
[[nodiscard]] std::vector<ViewportWarning> viewportWarnings(const ViewerController& controller, int viewport,
                                                            const ShownFrame& shown);

} // namespace yz
