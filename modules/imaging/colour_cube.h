#pragma once

#include "domain/display.h"

#include <span>

namespace yz {

/// Device colour (0xffRRGGBB) to sRGB by tetrahedral interpolation in the cube.
[[nodiscard]] std::uint32_t toSrgb(const ColourCube& cube, std::uint32_t argb);
void toSrgb(const ColourCube& cube, std::span<std::uint32_t> pixels);

} // namespace yz
