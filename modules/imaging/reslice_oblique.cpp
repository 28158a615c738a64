#include "imaging/reslice_kernels.h"
#include "imaging/simd_clones.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace yz {
namespace {

constexpr int kTile = 64; ///< pixels of a row drawn at once: short enough for exact float stepping, and for the caches

/// The grid as the inner loops see it.
struct Grid {
    const std::int16_t* voxels;
    std::int32_t strideRow, strideSlice;
    float lastColumn, lastRow, lastSlice;        ///< largest index of each axis
    std::int32_t lowColumn, lowRow, lowSlice;    ///< largest lower neighbour of each axis
    std::int32_t nextColumn, nextRow, nextSlice; ///< way to the upper neighbour, 0 on an axis of one voxel
};

struct Lanes {
    alignas(64) std::int32_t index[kTile];
    alignas(64) float fx[kTile], fy[kTile], fz[kTile];
    alignas(64) std::uint32_t pairs[4][kTile]; ///< two neighbours along a column each: low half, high half
};

struct Start {
    float x, y, z;
};

/// Where each pixel reads, and how far from its lower neighbour.
YZ_SIMD_CLONES void locate(const Grid& grid, Start start, Start step, int count, Lanes& lanes) {
    const Grid g = grid;
    for (int i = 0; i < count; ++i) {
        const float k = static_cast<float>(i);
        const float x = std::min(std::max(start.x + k * step.x, 0.0F), g.lastColumn);
        const float y = std::min(std::max(start.y + k * step.y, 0.0F), g.lastRow);
        const float z = std::min(std::max(start.z + k * step.z, 0.0F), g.lastSlice);
        const std::int32_t ix = std::min(static_cast<std::int32_t>(x), g.lowColumn);
        const std::int32_t iy = std::min(static_cast<std::int32_t>(y), g.lowRow);
        const std::int32_t iz = std::min(static_cast<std::int32_t>(z), g.lowSlice);
        lanes.fx[i] = x - static_cast<float>(ix);
        lanes.fy[i] = y - static_cast<float>(iy);
        lanes.fz[i] = z - static_cast<float>(iz);
        lanes.index[i] = ix + iy * g.strideRow + iz * g.strideSlice;
    }
}

inline std::uint32_t pairAt(const std::int16_t* at) {
    std::uint32_t pair = 0;
    std::memcpy(&pair, at, sizeof pair);
    return pair;
}

void load(const Grid& grid, int count, Lanes& lanes) {
    if (grid.nextColumn == 0) { // one column only: its neighbour is itself
        for (int i = 0; i < count; ++i) {
            const std::int16_t* at = grid.voxels + lanes.index[i];
            const auto twice = [](std::int16_t v) { return static_cast<std::uint16_t>(v) * 0x00010001u; };
            lanes.pairs[0][i] = twice(at[0]);
            lanes.pairs[1][i] = twice(at[grid.nextRow]);
            lanes.pairs[2][i] = twice(at[grid.nextSlice]);
            lanes.pairs[3][i] = twice(at[grid.nextRow + grid.nextSlice]);
        }
        return;
    }
    for (int i = 0; i < count; ++i) {
        const std::int16_t* at = grid.voxels + lanes.index[i];
        lanes.pairs[0][i] = pairAt(at);
        lanes.pairs[1][i] = pairAt(at + grid.nextRow);
        lanes.pairs[2][i] = pairAt(at + grid.nextSlice);
        lanes.pairs[3][i] = pairAt(at + grid.nextRow + grid.nextSlice);
    }
}

inline float alongColumn(std::uint32_t pair, float f) {
    const float low = static_cast<float>(static_cast<std::int32_t>(pair << 16) >> 16);
    const float high = static_cast<float>(static_cast<std::int32_t>(pair) >> 16);
    return low + (high - low) * f;
}

YZ_SIMD_CLONES void interpolate(const Lanes& lanes, int count, std::int16_t* __restrict out) {
    for (int i = 0; i < count; ++i) {
        const float a = alongColumn(lanes.pairs[0][i], lanes.fx[i]);
        const float b = alongColumn(lanes.pairs[1][i], lanes.fx[i]);
        const float c = alongColumn(lanes.pairs[2][i], lanes.fx[i]);
        const float d = alongColumn(lanes.pairs[3][i], lanes.fx[i]);
        const float low = a + (b - a) * lanes.fy[i];
        const float high = c + (d - c) * lanes.fy[i];
        const float value = low + (high - low) * lanes.fz[i];
        out[i] = static_cast<std::int16_t>(static_cast<std::int32_t>(value + 32768.5F) - 32768);
    }
}

/// Narrows [first, last) to the pixels whose index along one axis lies in the grid.
void narrow(double start, double step, int size, int& first, int& last) {
    const double low = -0.5;
    const double high = size - 0.5;
    const auto isInside = [&](int i) {
        const double at = start + i * step;
        return at >= low && at <= high;
    };
    if (std::abs(step) < 1e-12) {
        if (!isInside(first))
            last = first;
        return;
    }
    double a = (low - start) / step;
    double b = (high - start) / step;
    if (a > b)
        std::swap(a, b);
    first = std::max(first, static_cast<int>(std::clamp(std::ceil(a) - 1.0, -1.0, 1e9)));
    last = std::min(last, static_cast<int>(std::clamp(std::floor(b) + 2.0, -1.0, 1e9)));
    while (first < last && !isInside(first))
        ++first;
    while (last > first && !isInside(last - 1))
        --last;
    last = std::max(last, first);
}

Grid gridOf(const Volume& volume) {
    Grid grid{};
    grid.voxels = volume.voxels.data();
    grid.strideRow = volume.columns;
    grid.strideSlice = volume.columns * volume.rows;
    grid.lastColumn = static_cast<float>(volume.columns - 1);
    grid.lastRow = static_cast<float>(volume.rows - 1);
    grid.lastSlice = static_cast<float>(volume.slices - 1);
    grid.lowColumn = std::max(volume.columns - 2, 0);
    grid.lowRow = std::max(volume.rows - 2, 0);
    grid.lowSlice = std::max(volume.slices - 2, 0);
    grid.nextColumn = volume.columns > 1 ? 1 : 0;
    grid.nextRow = volume.rows > 1 ? grid.strideRow : 0;
    grid.nextSlice = volume.slices > 1 ? grid.strideSlice : 0;
    return grid;
}

/// What the samples through a slab leave of each pixel of a tile.
struct Reduction {
    alignas(64) std::int16_t extreme[kTile];
    alignas(64) std::int32_t sum[kTile];
    alignas(64) std::int32_t samples[kTile];

    void clear(SlabMode mode) {
        std::fill(std::begin(extreme), std::end(extreme),
                  static_cast<std::int16_t>(mode == SlabMode::MinIp ? 32767 : -32768));
        std::fill(std::begin(sum), std::end(sum), 0);
        std::fill(std::begin(samples), std::end(samples), 0);
    }
};

YZ_SIMD_CLONES void reduce(const std::int16_t* __restrict values, int first, int count, SlabMode mode,
                           Reduction& reduction) {
    std::int32_t* __restrict samples = reduction.samples + first;
    for (int i = 0; i < count; ++i)
        ++samples[i];
    std::int16_t* __restrict extreme = reduction.extreme + first;
    if (mode == SlabMode::MinIp) {
        for (int i = 0; i < count; ++i)
            extreme[i] = values[i] < extreme[i] ? values[i] : extreme[i];
    } else if (mode == SlabMode::Mean) {
        std::int32_t* __restrict sum = reduction.sum + first;
        for (int i = 0; i < count; ++i)
            sum[i] += values[i];
    } else {
        for (int i = 0; i < count; ++i)
            extreme[i] = values[i] > extreme[i] ? values[i] : extreme[i];
    }
}

} // namespace

void drawObliqueBand(const GridCut& cut, int band, std::int16_t* out) {
    const Volume& volume = *cut.volume;
    const Grid grid = gridOf(volume);
    const Start step{static_cast<float>(cut.across.x), static_cast<float>(cut.across.y),
                     static_cast<float>(cut.across.z)};
    const int firstRow = band * kBandRows;
    const int rows = std::min(kBandRows, cut.height - firstRow);
    Lanes lanes;
    alignas(64) std::array<std::int16_t, kTile> values;
    std::vector<Reduction> tile(cut.samples > 1 ? static_cast<size_t>(rows) : 0);

    // One tile after the other, all samples of a tile together: neighbours through the slab share cache lines.
    for (int x0 = 0; x0 < cut.width; x0 += kTile) {
        const int x1 = std::min(x0 + kTile, cut.width);
        for (Reduction& reduction : tile)
            reduction.clear(cut.mode);
        for (int k = 0; k < cut.samples; ++k) {
            const VoxelIndex depth = cut.start + cut.through * (k - (cut.samples - 1) / 2.0);
            for (int y = 0; y < rows; ++y) {
                const VoxelIndex line = depth + cut.down * (firstRow + y);
                int first = x0;
                int last = x1;
                narrow(line.x, cut.across.x, volume.columns, first, last);
                narrow(line.y, cut.across.y, volume.rows, first, last);
                narrow(line.z, cut.across.z, volume.slices, first, last);
                const int count = last - first;
                if (count > 0) {
                    const VoxelIndex from = line + cut.across * first;
                    locate(grid, {static_cast<float>(from.x), static_cast<float>(from.y), static_cast<float>(from.z)},
                           step, count, lanes);
                    load(grid, count, lanes);
                }
                std::int16_t* row = out + static_cast<size_t>(firstRow + y) * static_cast<size_t>(cut.width);
                if (cut.samples > 1) {
                    if (count > 0) {
                        interpolate(lanes, count, values.data());
                        reduce(values.data(), first - x0, count, cut.mode, tile[static_cast<size_t>(y)]);
                    }
                } else if (count > 0) {
                    std::fill(row + x0, row + first, volume.outside);
                    interpolate(lanes, count, row + first);
                    std::fill(row + last, row + x1, volume.outside);
                } else {
                    std::fill(row + x0, row + x1, volume.outside);
                }
            }
        }
        for (size_t y = 0; y < tile.size(); ++y) {
            std::int16_t* row = out + (static_cast<size_t>(firstRow) + y) * static_cast<size_t>(cut.width) + x0;
            const Reduction& reduction = tile[y];
            for (int i = 0; i < x1 - x0; ++i) {
                if (reduction.samples[i] == 0)
                    row[i] = volume.outside;
                else if (cut.mode == SlabMode::Mean)
                    row[i] = static_cast<std::int16_t>(
                        std::floor(static_cast<double>(reduction.sum[i]) / reduction.samples[i] + 0.5));
                else
                    row[i] = reduction.extreme[i];
            }
        }
    }
}

} // namespace yz
