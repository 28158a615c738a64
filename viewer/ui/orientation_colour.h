#pragma once

#include "imaging/reslice.h"

#include <QColor>

namespace yz {

/// The colour of a plane's line on the others and of its viewport's edge.
[[nodiscard]] inline QColor orientationColour(Orientation orientation) {
    switch (orientation) {
    case Orientation::Axial:
        return {0xff, 0x7a, 0x6b};
    case Orientation::Coronal:
        return {0x6b, 0xe0, 0x8a};
    case Orientation::Sagittal:
        break;
    }
    return {0x6b, 0xb8, 0xff};
}

} // namespace yz
