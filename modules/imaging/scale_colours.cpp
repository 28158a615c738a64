#include "imaging/picture_scaler.h"
#include "imaging/simd_clones.h"

#include <algorithm>
#include <array>

namespace yz {
namespace {

constexpr std::uint32_t kMask = 0x00ff00ffu;
constexpr std::uint32_t kOpaque = 0xff000000u;

/// Two channels at a time with an 8-bit weight of `b`.
inline std::uint32_t blend(std::uint32_t a, std::uint32_t b, std::uint32_t weight) {
    const std::uint32_t rest = 256u - weight;
    const std::uint32_t even = ((a & kMask) * rest + (b & kMask) * weight + 0x00800080u) >> 8 & kMask;
    const std::uint32_t odd = ((a >> 8 & kMask) * rest + (b >> 8 & kMask) * weight + 0x00800080u) & ~kMask;
    return even | odd | kOpaque;
}

YZ_SIMD_CLONES void blendRows(const std::uint32_t* __restrict a, const std::uint32_t* __restrict b,
                              std::uint32_t weight, std::uint32_t* __restrict out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] = blend(a[i], b[i], weight);
}

YZ_SIMD_CLONES void addRow(const std::uint8_t* __restrict row, float weight, float* __restrict sums, int count) {
    for (int i = 0; i < count; ++i)
        sums[i] += static_cast<float>(row[i]) * weight;
}

std::uint32_t* rowOf(const ScreenArea& target, const ViewAxis& x, int y) {
    return target.pixels + static_cast<size_t>(y) * static_cast<size_t>(target.stride) + x.first();
}

const std::uint32_t* rowOf(const ScreenPicture& source, int y) {
    return source.argb.data() + static_cast<size_t>(y) * static_cast<size_t>(source.width);
}

void nearestColours(const ScreenPicture& source, const ViewAxis& x, const ViewAxis& y, ScreenArea target) {
    const std::vector<int> xTable = x.nearest();
    const std::vector<int> yTable = y.nearest();
    for (int line = y.first(); line < y.last(); ++line) {
        const std::uint32_t* row = rowOf(source, yTable[static_cast<size_t>(line - y.first())]);
        std::uint32_t* out = rowOf(target, x, line);
        for (size_t i = 0; i < xTable.size(); ++i)
            out[i] = row[xTable[i]];
    }
}

std::uint32_t byteWeight(float weight) { return static_cast<std::uint32_t>(weight * 256.0F + 0.5F); }

void linearColours(const ScreenPicture& source, const ViewAxis& x, const ViewAxis& y, ScreenArea target) {
    const ViewAxis::Taps xTaps = x.linear();
    const ViewAxis::Taps yTaps = y.linear();
    const size_t width = xTaps.low.size();
    std::vector<std::uint32_t> weights(width);
    std::transform(xTaps.weight.begin(), xTaps.weight.end(), weights.begin(), byteWeight);
    std::array<std::vector<std::uint32_t>, 2> rows{std::vector<std::uint32_t>(width),
                                                   std::vector<std::uint32_t>(width)};
    std::array<int, 2> held{-1, -1};
    const auto scaledRow = [&](int row) -> const std::uint32_t* {
        const size_t slot = static_cast<size_t>(row & 1);
        if (held[slot] != row) {
            held[slot] = row;
            const std::uint32_t* from = rowOf(source, row);
            for (size_t i = 0; i < width; ++i)
                rows[slot][i] = blend(from[xTaps.low[i]], from[xTaps.high[i]], weights[i]);
        }
        return rows[slot].data();
    };
    for (int line = y.first(); line < y.last(); ++line) {
        const size_t k = static_cast<size_t>(line - y.first());
        const std::uint32_t* a = scaledRow(yTaps.low[k]);
        const std::uint32_t* b = scaledRow(yTaps.high[k]);
        blendRows(a, b, byteWeight(yTaps.weight[k]), rowOf(target, x, line), static_cast<int>(width));
    }
}

void averageColours(const ScreenPicture& source, const ViewAxis& x, const ViewAxis& y, ScreenArea target) {
    const std::vector<ViewAxis::Box> xBoxes = x.boxes();
    const std::vector<ViewAxis::Box> yBoxes = y.boxes();
    const int firstColumn = std::min(xBoxes.front().begin, xBoxes.back().begin);
    const int count = std::max(xBoxes.front().end, xBoxes.back().end) - firstColumn;
    std::vector<float> sums(static_cast<size_t>(count) * 4);
    for (int line = y.first(); line < y.last(); ++line) {
        const ViewAxis::Box& yBox = yBoxes[static_cast<size_t>(line - y.first())];
        std::fill(sums.begin(), sums.end(), 0.0F);
        for (int row = yBox.begin; row < yBox.end; ++row) {
            const float weight = row == yBox.begin ? yBox.firstWeight : row == yBox.end - 1 ? yBox.lastWeight : 1.0F;
            addRow(reinterpret_cast<const std::uint8_t*>(rowOf(source, row) + firstColumn), weight, sums.data(),
                   count * 4);
        }
        std::uint32_t* out = rowOf(target, x, line);
        for (size_t i = 0; i < xBoxes.size(); ++i) {
            const ViewAxis::Box& box = xBoxes[i];
            std::array<float, 4> sum{};
            for (int k = box.begin; k < box.end; ++k) {
                const float weight = k == box.begin ? box.firstWeight : k == box.end - 1 ? box.lastWeight : 1.0F;
                for (size_t channel = 0; channel < 4; ++channel)
                    sum[channel] += sums[static_cast<size_t>(k - firstColumn) * 4 + channel] * weight;
            }
            const float scale = box.scale * yBox.scale;
            std::uint32_t colour = 0;
            for (size_t channel = 0; channel < 4; ++channel)
                colour |= static_cast<std::uint32_t>(sum[channel] * scale + 0.5F) << (8 * channel);
            out[i] = colour | kOpaque;
        }
    }
}

} // namespace

void scaleColours(const ScreenPicture& source, const ViewAxis& x, const ViewAxis& y, Interpolation interpolation,
                  ScreenArea target) {
    if (x.isEmpty() || y.isEmpty())
        return;
    if (interpolation == Interpolation::Nearest || (x.isOneToOne() && y.isOneToOne()))
        nearestColours(source, x, y, target);
    else if (x.shrinksByMoreThanTwo() || y.shrinksByMoreThanTwo())
        averageColours(source, x, y, target);
    else
        linearColours(source, x, y, target);
}

} // namespace yz
