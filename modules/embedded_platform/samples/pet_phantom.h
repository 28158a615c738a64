#pragma once

#include "embedded_platform/samples/chest_phantom.h"

namespace yz::samples {

/// A ball of known uptake.
struct HotBall {
    PatientPoint centre;
    double diameterMm = 20;
    float suv = 8;
};

/// Paints SUV by body weight of the thorax that paintChest() draws: lung, fat, bone and soft tissue take up what they
/// do an hour after FDG, the heart more, the ball what it says all through.
void paintUptake(Grid& grid, const ChestFindings& findings, const HotBall& ball);

} // namespace yz::samples
