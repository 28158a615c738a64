#include "imaging/colour_cube.h"

#include <algorithm>

namespace yz {
namespace {

bool isWhole(const ColourCube& cube) {
    const auto size = static_cast<size_t>(std::max(cube.size, 0));
    return size >= 2 && cube.entries.size() == size * size * size;
}

/// Six tetrahedra per cell, all with the grey axis as an edge: neutral colours stay on one line.
std::uint32_t lookUpCube(const ColourCube& cube, std::uint32_t argb) {
    const auto size = static_cast<size_t>(cube.size);
    struct Axis {
        size_t stride;
        float part;
    };
    size_t base = 0;
    std::array<Axis, 3> axes{};
    for (size_t channel = 0; channel < 3; ++channel) {
        const std::uint32_t value = argb >> (16 - 8 * channel) & 0xffu;
        const float at = static_cast<float>(value) * static_cast<float>(size - 1) / 255.0F;
        const size_t cell = std::min(static_cast<size_t>(at), size - 2);
        const size_t stride = channel == 0 ? size * size : channel == 1 ? size : 1;
        base += cell * stride;
        axes[channel] = {stride, at - static_cast<float>(cell)};
    }
    std::sort(axes.begin(), axes.end(), [](const Axis& a, const Axis& b) { return a.part > b.part; });
    const auto& e0 = cube.entries[base];
    const auto& e1 = cube.entries[base + axes[0].stride];
    const auto& e2 = cube.entries[base + axes[0].stride + axes[1].stride];
    const auto& e3 = cube.entries[base + axes[0].stride + axes[1].stride + axes[2].stride];
    std::uint32_t result = 0xff000000u;
    for (size_t channel = 0; channel < 3; ++channel) {
        const float value = e0[channel] * (1.0F - axes[0].part) + e1[channel] * (axes[0].part - axes[1].part) +
                            e2[channel] * (axes[1].part - axes[2].part) + e3[channel] * axes[2].part;
        result |= static_cast<std::uint32_t>(value / 257.0F + 0.5F) << (16 - 8 * channel);
    }
    return result;
}

} // namespace

std::uint32_t toSrgb(const ColourCube& cube, std::uint32_t argb) {
    return isWhole(cube) ? lookUpCube(cube, argb) : argb;
}

void toSrgb(const ColourCube& cube, std::span<std::uint32_t> pixels) {
    if (!isWhole(cube))
        return;
    // Neighbours are often equal: flat areas cost one look-up.
    std::uint32_t last = 0, converted = 0;
    for (std::uint32_t& pixel : pixels) {
        if (pixel != last) {
            last = pixel;
            converted = lookUpCube(cube, pixel);
        }
        pixel = converted;
    }
}

} // namespace yz
