#include "imaging/picture_scaler.h"
#include "imaging/simd_clones.h"

#include <array>

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

void lookUpRow(const std::int32_t* __restrict index, const std::uint32_t* __restrict lut, std::uint32_t* __restrict out,
               int count) {
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
    const ViewAxis::Taps xTaps = x.linear();
    const ViewAxis::Taps yTaps = y.linear();
    const int width = x.last() - x.first();
    const float offset = static_cast<float>(lut.offset);
    const std::ptrdiff_t next = columns > 1 ? 1 : 0;
    // The last two image rows, already scaled along x; a row lives in the slot of its parity.
    std::array<std::vector<float>, 2> rows{std::vector<float>(static_cast<size_t>(width)),
                                           std::vector<float>(static_cast<size_t>(width))};
    std::array<int, 2> held{-1, -1};
    const auto scaledRow = [&](int row) -> const float* {
        std::vector<float>& out = rows[static_cast<size_t>(row & 1)];
        if (held[static_cast<size_t>(row & 1)] == row)
            return out.data();
        held[static_cast<size_t>(row & 1)] = row;
        const T* __restrict from = source + static_cast<size_t>(row) * static_cast<size_t>(columns);
        const int* __restrict low = xTaps.low.data();
        const float* __restrict weight = xTaps.weight.data();
        float* __restrict to = out.data();
        for (int i = 0; i < width; ++i) {
            const T* pair = from + low[i];
            const float a = static_cast<float>(pair[0]);
            const float b = static_cast<float>(pair[next]);
            to[i] = a + (b - a) * weight[i] + offset;
        }
        return out.data();
    };
    std::vector<std::int32_t> index(static_cast<size_t>(width));
    for (int line = y.first(); line < y.last(); ++line) {
        const size_t k = static_cast<size_t>(line - y.first());
        const float* a = scaledRow(yTaps.low[k]);
        const float* b = scaledRow(yTaps.high[k]);
        blendRows(a, b, yTaps.weight[k], index.data(), width);
        lookUpRow(index.data(), lut.argb.data(), rowOf(target, x, line), width);
    }
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
