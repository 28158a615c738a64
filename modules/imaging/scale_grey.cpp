#include "imaging/picture_scaler.h"
#include "imaging/row_pool.h"
#include "imaging/simd_clones.h"

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>

namespace yz {
namespace {

// Samples are read as table positions (stored + offset, never negative), so that rounding is one addition. Floats carry
// 16 bits with 8 more for the fraction exactly.

YZ_SIMD_CLONES void blendRows(const float* __restrict a, const float* __restrict b, float weight,
                              std::int32_t* __restrict out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] = static_cast<std::int32_t>(a[i] + (b[i] - a[i]) * weight + 0.5F);
}

YZ_SIMD_CLONES void addRowUInt16(const std::uint16_t* __restrict row, float weight, float* __restrict sums, int count) {
    for (int i = 0; i < count; ++i)
        sums[i] += static_cast<float>(row[i]) * weight;
}

YZ_SIMD_CLONES void addRowInt16(const std::int16_t* __restrict row, float weight, float* __restrict sums, int count) {
    for (int i = 0; i < count; ++i)
        sums[i] += static_cast<float>(row[i]) * weight;
}

YZ_SIMD_CLONES void addRowUInt8(const std::uint8_t* __restrict row, float weight, float* __restrict sums, int count) {
    for (int i = 0; i < count; ++i)
        sums[i] += static_cast<float>(row[i]) * weight;
}

YZ_SIMD_CLONES void addRowInt8(const std::int8_t* __restrict row, float weight, float* __restrict sums, int count) {
    for (int i = 0; i < count; ++i)
        sums[i] += static_cast<float>(row[i]) * weight;
}

void addRow(const std::uint16_t* row, float weight, float* sums, int count) { addRowUInt16(row, weight, sums, count); }
void addRow(const std::int16_t* row, float weight, float* sums, int count) { addRowInt16(row, weight, sums, count); }
void addRow(const std::uint8_t* row, float weight, float* sums, int count) { addRowUInt8(row, weight, sums, count); }
void addRow(const std::int8_t* row, float weight, float* sums, int count) { addRowInt8(row, weight, sums, count); }

// A sample and its right neighbour in one load: twice as fast as two, and the compiler gathers eight at a time.
static_assert(std::endian::native == std::endian::little);
using SamplePair = std::uint32_t __attribute__((may_alias, aligned(1)));

YZ_SIMD_CLONES void scaleRowUInt16(const std::uint16_t* __restrict from, const int* __restrict low,
                                   const float* __restrict weight, float offset, float* __restrict out, int count) {
    for (int i = 0; i < count; ++i) {
        const std::uint32_t pair = *reinterpret_cast<const SamplePair*>(from + low[i]);
        const float a = static_cast<float>(static_cast<std::int32_t>(pair & 0xffffu));
        const float b = static_cast<float>(static_cast<std::int32_t>(pair >> 16));
        out[i] = a + (b - a) * weight[i] + offset;
    }
}

YZ_SIMD_CLONES void scaleRowInt16(const std::int16_t* __restrict from, const int* __restrict low,
                                  const float* __restrict weight, float offset, float* __restrict out, int count) {
    for (int i = 0; i < count; ++i) {
        const std::uint32_t pair = *reinterpret_cast<const SamplePair*>(from + low[i]);
        const float a = static_cast<float>(static_cast<std::int32_t>(pair << 16) >> 16);
        const float b = static_cast<float>(static_cast<std::int32_t>(pair) >> 16);
        out[i] = a + (b - a) * weight[i] + offset;
    }
}

/// One image row scaled along x; low[i] has a right neighbour unless `isSingle`.
template <typename T>
void scaleRow(const T* __restrict from, const int* __restrict low, const float* __restrict weight, float offset,
              bool isSingle, float* __restrict out, int count) {
    if constexpr (std::is_same_v<T, std::uint16_t>) {
        if (!isSingle)
            return scaleRowUInt16(from, low, weight, offset, out, count);
    } else if constexpr (std::is_same_v<T, std::int16_t>) {
        if (!isSingle)
            return scaleRowInt16(from, low, weight, offset, out, count);
    }
    const std::ptrdiff_t next = isSingle ? 0 : 1;
    for (int i = 0; i < count; ++i) {
        const float a = static_cast<float>(from[low[i]]);
        const float b = static_cast<float>(from[low[i] + next]);
        out[i] = a + (b - a) * weight[i] + offset;
    }
}

YZ_SIMD_CLONES void lookUpRow(const std::int32_t* __restrict index, const std::uint32_t* __restrict lut,
                              std::uint32_t* __restrict out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] = lut[index[i]];
}

std::uint32_t* rowOf(const ScreenArea& target, const ViewAxis& x, int y) {
    return target.pixels + static_cast<size_t>(y) * static_cast<size_t>(target.stride) + x.first();
}

template <typename T>
void nearestGrey(const T* source, int columns, const GreyLut& lut, const ViewAxis& x, const ViewAxis& y,
                 ScreenArea target) {
    const std::vector<int> xTable = x.nearest();
    const std::vector<int> yTable = y.nearest();
    const std::uint32_t* colours = lut.argb.data() + lut.offset;
    for (int line = y.first(); line < y.last(); ++line) {
        const T* row =
            source + static_cast<size_t>(yTable[static_cast<size_t>(line - y.first())]) * static_cast<size_t>(columns);
        std::uint32_t* out = rowOf(target, x, line);
        for (size_t i = 0; i < xTable.size(); ++i)
            out[i] = colours[row[xTable[i]]];
    }
}

template <typename T>
void linearGrey(const T* source, int columns, const GreyLut& lut, const ViewAxis& x, const ViewAxis& y,
                ScreenArea target) {
    constexpr int kBandPixels = 1 << 17; // what is worth a thread
    const ViewAxis::Taps xTaps = x.linear();
    const ViewAxis::Taps yTaps = y.linear();
    const int width = x.last() - x.first();
    const int height = y.last() - y.first();
    const float offset = static_cast<float>(lut.offset);
    const auto drawBand = [&](int first, int last) {
        // The last two image rows, already scaled along x; a row lives in the slot of its parity.
        std::array<std::vector<float>, 2> rows{std::vector<float>(static_cast<size_t>(width)),
                                               std::vector<float>(static_cast<size_t>(width))};
        std::array<int, 2> held{-1, -1};
        const auto scaledRow = [&](int row) -> const float* {
            const size_t slot = static_cast<size_t>(row & 1);
            if (held[slot] != row) {
                held[slot] = row;
                scaleRow(source + static_cast<size_t>(row) * static_cast<size_t>(columns), xTaps.low.data(),
                         xTaps.weight.data(), offset, columns < 2, rows[slot].data(), width);
            }
            return rows[slot].data();
        };
        std::vector<std::int32_t> index(static_cast<size_t>(width));
        for (int line = first; line < last; ++line) {
            const size_t k = static_cast<size_t>(line);
            const float* a = scaledRow(yTaps.low[k]);
            const float* b = scaledRow(yTaps.high[k]);
            blendRows(a, b, yTaps.weight[k], index.data(), width);
            std::uint32_t* const out = rowOf(target, x, y.first() + line);
            if (lut.ramp)
                drawRamp(*lut.ramp, index.data(), out, width);
            else
                lookUpRow(index.data(), lut.argb.data(), out, width);
        }
    };
    const int bandLines = std::max(16, kBandPixels / std::max(1, width));
    const int bands = (height + bandLines - 1) / bandLines;
    if (bands < 2)
        drawBand(0, height);
    else
        RowPool::shared().run(bands,
                              [&](int band) { drawBand(band * bandLines, std::min(height, (band + 1) * bandLines)); });
}

template <typename T>
void averageGrey(const T* source, int columns, const GreyLut& lut, const ViewAxis& x, const ViewAxis& y,
                 ScreenArea target) {
    const std::vector<ViewAxis::Box> xBoxes = x.boxes();
    const std::vector<ViewAxis::Box> yBoxes = y.boxes();
    const int firstColumn = std::min(xBoxes.front().begin, xBoxes.back().begin);
    const int count = std::max(xBoxes.front().end, xBoxes.back().end) - firstColumn;
    const float offset = static_cast<float>(lut.offset) + 0.5F;
    std::vector<float> sums(static_cast<size_t>(count));
    for (int line = y.first(); line < y.last(); ++line) {
        const ViewAxis::Box& yBox = yBoxes[static_cast<size_t>(line - y.first())];
        std::fill(sums.begin(), sums.end(), 0.0F);
        for (int row = yBox.begin; row < yBox.end; ++row) {
            const float weight = row == yBox.begin ? yBox.firstWeight : row == yBox.end - 1 ? yBox.lastWeight : 1.0F;
            addRow(source + static_cast<size_t>(row) * static_cast<size_t>(columns) + firstColumn, weight, sums.data(),
                   count);
        }
        std::uint32_t* out = rowOf(target, x, line);
        for (size_t i = 0; i < xBoxes.size(); ++i) {
            const ViewAxis::Box& box = xBoxes[i];
            const float* from = sums.data() + (box.begin - firstColumn);
            const int length = box.end - box.begin;
            float sum = from[0] * box.firstWeight;
            for (int k = 1; k < length - 1; ++k)
                sum += from[k];
            if (length > 1)
                sum += from[length - 1] * box.lastWeight;
            out[i] = lut.argb[static_cast<size_t>(sum * box.scale * yBox.scale + offset)];
        }
    }
}

template <typename T>
void scaleTyped(const PixelBuffer& pixels, const GreyLut& lut, const ViewAxis& x, const ViewAxis& y,
                Interpolation interpolation, ScreenArea target) {
    const T* source = pixels.as<T>();
    if (interpolation == Interpolation::Nearest || (x.isOneToOne() && y.isOneToOne()))
        nearestGrey(source, pixels.columns, lut, x, y, target);
    else if (x.shrinksByMoreThanTwo() || y.shrinksByMoreThanTwo())
        averageGrey(source, pixels.columns, lut, x, y, target);
    else
        linearGrey(source, pixels.columns, lut, x, y, target);
}

} // namespace

void scaleGrey(const PixelBuffer& pixels, const GreyLut& lut, const ViewAxis& x, const ViewAxis& y,
               Interpolation interpolation, ScreenArea target) {
    if (x.isEmpty() || y.isEmpty())
        return;
    switch (pixels.type) {
    case SampleType::UInt8:
        return scaleTyped<std::uint8_t>(pixels, lut, x, y, interpolation, target);
    case SampleType::Int8:
        return scaleTyped<std::int8_t>(pixels, lut, x, y, interpolation, target);
    case SampleType::UInt16:
        return scaleTyped<std::uint16_t>(pixels, lut, x, y, interpolation, target);
    case SampleType::Int16:
        return scaleTyped<std::int16_t>(pixels, lut, x, y, interpolation, target);
    default:
        return;
    }
}

} // namespace yz
