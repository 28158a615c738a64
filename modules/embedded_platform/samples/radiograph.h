#pragma once

#include "embedded_platform/samples/chest_phantom.h"

#include <cstdint>
#include <vector>

namespace yz::samples {

struct Radiograph {
    int columns = 0, rows = 0;
    double pixelMm = 0;
    std::vector<std::uint16_t> values; ///< 12 bit, bright where the patient is dense (MONOCHROME2)
};

/// A frontal chest radiograph of the phantom: X-rays from the back to the detector in front (PA), Beer-Lambert along
/// parallel rays, logarithm, as a detector delivers it. The patient's right is on the left of the picture.
[[nodiscard]] Radiograph chestRadiograph(const ChestFindings& findings, unsigned seed);

} // namespace yz::samples
