#include "imaging/axis_tap.h"
#include "imaging/reslice_kernels.h"
#include "imaging/simd_clones.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace yz {
namespace {

YZ_SIMD_CLONES void keepLarger(const std::int16_t* __restrict in, std::int16_t* __restrict out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] = in[i] > out[i] ? in[i] : out[i];
}

YZ_SIMD_CLONES void keepSmaller(const std::int16_t* __restrict in, std::int16_t* __restrict out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] = in[i] < out[i] ? in[i] : out[i];
}

YZ_SIMD_CLONES std::int16_t largestOf(const std::int16_t* run, int count) {
    std::int16_t largest = run[0];
    for (int i = 1; i < count; ++i)
        largest = run[i] > largest ? run[i] : largest;
    return largest;
}

YZ_SIMD_CLONES std::int16_t smallestOf(const std::int16_t* run, int count) {
    std::int16_t smallest = run[0];
    for (int i = 1; i < count; ++i)
        smallest = run[i] < smallest ? run[i] : smallest;
    return smallest;
}

YZ_SIMD_CLONES std::int32_t sumOf(const std::int16_t* run, int count) {
    std::int32_t sum = 0;
    for (int i = 0; i < count; ++i)
        sum += run[i];
    return sum;
}

YZ_SIMD_CLONES void addTo(const std::int16_t* __restrict in, std::int32_t* __restrict sums, int count) {
    for (int i = 0; i < count; ++i)
        sums[i] += in[i];
}

YZ_SIMD_CLONES void blendLines(const std::int16_t* __restrict a, const std::int16_t* __restrict b, float weight,
                               float* __restrict out, int count) {
    for (int i = 0; i < count; ++i) {
        const float low = a[i];
        out[i] = low + (static_cast<float>(b[i]) - low) * weight;
    }
}

YZ_SIMD_CLONES void blendFloats(const float* __restrict a, const float* __restrict b, float weight,
                                float* __restrict out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] = a[i] + (b[i] - a[i]) * weight;
}

YZ_SIMD_CLONES void roundLine(const float* __restrict in, std::int16_t* __restrict out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] = static_cast<std::int16_t>(static_cast<std::int32_t>(in[i] + 32768.5F) - 32768);
}

double component(const VoxelIndex& v, int axis) { return axis == 0 ? v.x : (axis == 1 ? v.y : v.z); }

int sizeOf(const Volume& volume, int axis) {
    return axis == 0 ? volume.columns : (axis == 1 ? volume.rows : volume.slices);
}

std::ptrdiff_t strideOf(const Volume& volume, int axis) {
    if (axis == 0)
        return 1;
    const std::ptrdiff_t row = volume.columns;
    return axis == 1 ? row : row * volume.rows;
}

/// Reads the output line of one (y, k) position.
class LineReader {
public:
    LineReader(const GridCut& cut, int axis)
        : m_voxels(cut.volume->voxels.data()), m_stride(strideOf(*cut.volume, axis)) {
        const double start = component(cut.start, axis);
        const double step = component(cut.across, axis);
        const int size = sizeOf(*cut.volume, axis);
        for (int x = 0; x < cut.width; ++x) {
            const AxisTap tap = axisTap(start + x * step, size);
            if (!tap.isInside()) {
                if (!m_taps.empty())
                    break;
                continue;
            }
            if (m_taps.empty())
                m_first = x;
            m_isWhole = m_isWhole && tap.isWhole();
            m_isRun = m_isRun && tap.isWhole() &&
                      (m_taps.empty() || tap.low == m_taps.front().low + static_cast<int>(m_taps.size()));
            m_taps.push_back(tap);
        }
        m_isRun = m_isRun && m_stride == 1;
        m_a.resize(m_taps.size());
        m_b.resize(m_taps.size());
        m_line.resize(m_taps.size());
    }

    [[nodiscard]] int first() const { return m_first; }
    [[nodiscard]] int count() const { return static_cast<int>(m_taps.size()); }

    [[nodiscard]] bool isWhole() const { return m_isWhole; }
    /// Where the voxel of the line's i-th pixel lies, from the line's start; only where isWhole().
    [[nodiscard]] std::ptrdiff_t place(int i) const { return m_taps[static_cast<size_t>(i)].low * m_stride; }

    /// Valid until the next call.
    [[nodiscard]] const std::int16_t* line(const AxisTap& y, std::ptrdiff_t strideY, const AxisTap& k,
                                           std::ptrdiff_t strideK) {
        const std::int16_t* low = m_voxels + y.low * strideY + k.low * strideK;
        if (y.isWhole() && k.isWhole()) {
            if (m_isRun)
                return low + m_taps.front().low;
            if (m_isWhole) {
                for (size_t i = 0; i < m_taps.size(); ++i)
                    m_line[i] = low[m_taps[i].low * m_stride];
                return m_line.data();
            }
            read(low, m_a.data());
        } else if (k.isWhole()) {
            blend(low, m_voxels + y.high * strideY + k.low * strideK, y.weight, m_a.data());
        } else if (y.isWhole()) {
            blend(low, m_voxels + y.low * strideY + k.high * strideK, k.weight, m_a.data());
        } else {
            blend(low, m_voxels + y.high * strideY + k.low * strideK, y.weight, m_a.data());
            m_c.resize(m_taps.size());
            blend(m_voxels + y.low * strideY + k.high * strideK, m_voxels + y.high * strideY + k.high * strideK,
                  y.weight, m_c.data());
            blendFloats(m_a.data(), m_c.data(), k.weight, m_b.data(), count());
            std::swap(m_a, m_b);
        }
        roundLine(m_a.data(), m_line.data(), count());
        return m_line.data();
    }

private:
    void read(const std::int16_t* source, float* out) const {
        for (size_t i = 0; i < m_taps.size(); ++i) {
            const AxisTap& tap = m_taps[i];
            const float low = source[tap.low * m_stride];
            out[i] = low + (static_cast<float>(source[tap.high * m_stride]) - low) * tap.weight;
        }
    }

    void blend(const std::int16_t* a, const std::int16_t* b, float weight, float* out) {
        if (m_isRun) {
            blendLines(a + m_taps.front().low, b + m_taps.front().low, weight, out, count());
            return;
        }
        m_d.resize(m_taps.size());
        read(a, m_d.data());
        m_e.resize(m_taps.size());
        read(b, m_e.data());
        blendFloats(m_d.data(), m_e.data(), weight, out, count());
    }

    const std::int16_t* m_voxels;
    std::ptrdiff_t m_stride;
    int m_first = 0;
    bool m_isWhole = true; ///< every output pixel is a voxel centre along this axis
    bool m_isRun = true;   ///< and they follow each other in memory
    std::vector<AxisTap> m_taps;
    std::vector<float> m_a, m_b, m_c, m_d, m_e;
    std::vector<std::int16_t> m_line;
};

} // namespace

bool isAlongAxes(const GridCut& cut, std::array<int, 3>& axes) {
    const std::array<VoxelIndex, 3> directions{cut.across, cut.down, cut.through};
    const std::array<int, 3> counts{cut.width, cut.height, cut.samples};
    std::array<bool, 3> used{};
    for (size_t i = 0; i < directions.size(); ++i) {
        int dominant = 0;
        for (int axis = 1; axis < 3; ++axis) {
            if (std::abs(component(directions[i], axis)) > std::abs(component(directions[i], dominant)))
                dominant = axis;
        }
        for (int axis = 0; axis < 3; ++axis) {
            // Off by less than what shows over the whole picture.
            if (axis != dominant && std::abs(component(directions[i], axis)) * counts[i] > 1e-5)
                return false;
        }
        if (used[static_cast<size_t>(dominant)])
            return false;
        used[static_cast<size_t>(dominant)] = true;
        axes[i] = dominant;
    }
    return true;
}

void drawAlignedBand(const GridCut& cut, const std::array<int, 3>& axes, int band, std::int16_t* out) {
    const Volume& volume = *cut.volume;
    LineReader reader(cut, axes[0]);
    const std::ptrdiff_t strideY = strideOf(volume, axes[1]);
    const std::ptrdiff_t strideK = strideOf(volume, axes[2]);
    std::vector<AxisTap> depths;
    for (int k = 0; k < cut.samples; ++k) {
        const double index =
            component(cut.start, axes[2]) + component(cut.through, axes[2]) * (k - (cut.samples - 1) / 2.0);
        const AxisTap tap = axisTap(index, sizeOf(volume, axes[2]));
        if (tap.isInside())
            depths.push_back(tap);
    }
    std::vector<std::int32_t> sums;
    const int count = reader.count();
    const int deep = static_cast<int>(depths.size());
    const auto meanOf = [&](std::int32_t sum) {
        const float scale = 1.0F / static_cast<float>(deep);
        return static_cast<std::int16_t>(std::floor(static_cast<float>(sum) * scale + 0.5F));
    };
    // Through the grid's rows the samples of a pixel follow each other in memory, in this or the other order.
    bool isRunOfDepths = axes[2] == 0 && deep > 1 && reader.isWhole();
    for (int k = 0; k < deep && isRunOfDepths; ++k) {
        const int way = depths[1].low > depths[0].low ? k : -k;
        isRunOfDepths =
            depths[static_cast<size_t>(k)].isWhole() && depths[static_cast<size_t>(k)].low == depths[0].low + way;
    }
    const int lastRow = std::min((band + 1) * kBandRows, cut.height);
    for (int y = band * kBandRows; y < lastRow; ++y) {
        std::int16_t* row = out + static_cast<size_t>(y) * static_cast<size_t>(cut.width);
        const AxisTap tap =
            axisTap(component(cut.start, axes[1]) + y * component(cut.down, axes[1]), sizeOf(volume, axes[1]));
        if (!tap.isInside() || depths.empty() || count == 0) {
            std::fill_n(row, cut.width, volume.outside);
            continue;
        }
        std::fill_n(row, reader.first(), volume.outside);
        std::fill(row + reader.first() + count, row + cut.width, volume.outside);
        std::int16_t* target = row + reader.first();
        if (isRunOfDepths && tap.isWhole()) {
            const std::int16_t* from =
                volume.voxels.data() + tap.low * strideY + std::min(depths.front().low, depths.back().low);
            for (int i = 0; i < count; ++i) {
                const std::int16_t* run = from + reader.place(i);
                target[i] = cut.mode == SlabMode::Mean    ? meanOf(sumOf(run, deep))
                            : cut.mode == SlabMode::MinIp ? smallestOf(run, deep)
                                                          : largestOf(run, deep);
            }
            continue;
        }
        if (cut.mode == SlabMode::Mean && depths.size() > 1) {
            sums.assign(static_cast<size_t>(count), 0);
            for (const AxisTap& depth : depths)
                addTo(reader.line(tap, strideY, depth, strideK), sums.data(), count);
            for (int i = 0; i < count; ++i)
                target[i] = meanOf(sums[static_cast<size_t>(i)]);
            continue;
        }
        std::memcpy(target, reader.line(tap, strideY, depths.front(), strideK),
                    static_cast<size_t>(count) * sizeof(std::int16_t));
        for (size_t k = 1; k < depths.size(); ++k) {
            const std::int16_t* line = reader.line(tap, strideY, depths[k], strideK);
            if (cut.mode == SlabMode::MinIp)
                keepSmaller(line, target, count);
            else
                keepLarger(line, target, count);
        }
    }
}

} // namespace yz
