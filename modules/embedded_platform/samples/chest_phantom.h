#pragma once

#include "embedded_platform/samples/grid.h"

#include <vector>

namespace yz::samples {

/// A ball-shaped finding of known size in the chest.
struct Nodule {
    PatientPoint centre;
    double diameterMm = 8;
    float hu = 30;
};

struct ChestFindings {
    std::vector<Nodule> nodules;
    bool rightLowerOpacity = false; ///< a consolidation for the radiograph
};

/// Paints a thorax in HU: x from -180 (patient's right) to 180, y from -130 (front) to 130, z from -150 (diaphragm) to
/// 150.
void paintChest(Grid& grid, const ChestFindings& findings);

} // namespace yz::samples
