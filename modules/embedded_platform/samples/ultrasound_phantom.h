#pragma once

#include <cstdint>
#include <vector>

namespace yz::samples {

/// A colour ultrasound cine of the right upper abdomen: liver, gallbladder with a stone, kidney, a Doppler box on the
/// portal vein; breathing moves it.
struct UltrasoundCine {
    int columns = 640, rows = 480, frames = 0;
    double mmPerPixel = 0.4;
    int regionMinX = 0, regionMinY = 0, regionMaxX = 0, regionMaxY = 0; ///< the calibrated sector
    std::vector<std::uint8_t> rgb;                                      ///< frames x rows x columns x 3
};
[[nodiscard]] UltrasoundCine abdomenCine(int frames);

inline constexpr double kGallstoneMm = 9.0;

} // namespace yz::samples
