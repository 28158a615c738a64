#include "embedded_platform/samples/grid.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace yz::samples {

float hashUnit(int x, int y, int z, unsigned seed) {
    std::uint32_t h = static_cast<std::uint32_t>(x) * 0x8da6b343U ^ static_cast<std::uint32_t>(y) * 0xd8163841U ^
                      static_cast<std::uint32_t>(z) * 0xcb1ab31fU ^ seed * 0x9e3779b9U;
    h ^= h >> 15;
    h *= 0x2c1b3c6dU;
    h ^= h >> 12;
    h *= 0x297a2d39U;
    h ^= h >> 15;
    return static_cast<float>(h >> 8) * (1.0F / 16777216.0F);
}

float smoothNoise(double x, double y, double z, unsigned seed) {
    const int ix = static_cast<int>(std::floor(x));
    const int iy = static_cast<int>(std::floor(y));
    const int iz = static_cast<int>(std::floor(z));
    const auto ease = [](double t) { return static_cast<float>(t * t * (3 - 2 * t)); };
    const float fx = ease(x - ix);
    const float fy = ease(y - iy);
    const float fz = ease(z - iz);
    float corner[2][2];
    for (int j = 0; j < 2; ++j)
        for (int k = 0; k < 2; ++k) {
            const float a = hashUnit(ix, iy + j, iz + k, seed);
            const float b = hashUnit(ix + 1, iy + j, iz + k, seed);
            corner[j][k] = blend(a, b, fx);
        }
    const float low = blend(corner[0][0], corner[1][0], fy);
    const float high = blend(corner[0][1], corner[1][1], fy);
    return blend(low, high, fz) * 2 - 1;
}

float layeredNoise(double x, double y, double z, unsigned seed, int octaves) {
    float sum = 0;
    float amplitude = 0.6F;
    double scale = 1;
    for (int i = 0; i < octaves; ++i) {
        sum += amplitude * smoothNoise(x * scale, y * scale, z * scale, seed + static_cast<unsigned>(i));
        amplitude *= 0.5F;
        scale *= 2.03;
    }
    return sum;
}

double ellipsoid(const PatientPoint& p, const PatientPoint& centre, const PatientPoint& radii) {
    const PatientPoint d = p - centre;
    const PatientPoint unit{d.x / radii.x, d.y / radii.y, d.z / radii.z};
    const double k0 = unit.length();
    const PatientPoint gradient{unit.x / radii.x, unit.y / radii.y, unit.z / radii.z};
    const double k1 = gradient.length();
    return k1 > 1e-9 ? k0 * (k0 - 1) / k1 : -std::min({radii.x, radii.y, radii.z});
}

double capsule(const PatientPoint& p, const PatientPoint& a, const PatientPoint& b, double radius) {
    const PatientPoint ab = b - a;
    const double length2 = ab.dot(ab);
    const double t = length2 > 0 ? std::clamp((p - a).dot(ab) / length2, 0.0, 1.0) : 0.0;
    return (p - (a + ab * t)).length() - radius;
}

void paint(Grid& grid, const Tube& tube, double edge) {
    const double reach = std::max(tube.fromRadius, tube.toRadius) + edge;
    const auto range = [](double a, double b, double extra, double first, double step, int count, int& low, int& high) {
        low = std::max(0, static_cast<int>(std::floor((std::min(a, b) - extra - first) / step)));
        high = std::min(count - 1, static_cast<int>(std::ceil((std::max(a, b) + extra - first) / step)));
    };
    int c0, c1, r0, r1, s0, s1;
    range(tube.from.x, tube.to.x, reach, grid.origin.x, grid.columnMm, grid.columns, c0, c1);
    range(tube.from.y, tube.to.y, reach, grid.origin.y, grid.rowMm, grid.rows, r0, r1);
    range(tube.from.z, tube.to.z, reach, grid.origin.z, grid.sliceMm, grid.slices, s0, s1);
    const PatientPoint axis = tube.to - tube.from;
    const double length2 = axis.dot(axis);
    for (int s = s0; s <= s1; ++s)
        for (int r = r0; r <= r1; ++r)
            for (int c = c0; c <= c1; ++c) {
                const PatientPoint p = grid.at(c, r, s);
                const double t = length2 > 0 ? std::clamp((p - tube.from).dot(axis) / length2, 0.0, 1.0) : 0.0;
                const double radius = tube.fromRadius + (tube.toRadius - tube.fromRadius) * t;
                const double distance = (p - (tube.from + axis * t)).length() - radius;
                const float amount = inside(distance, edge);
                if (amount <= 0)
                    continue;
                const float value =
                    tube.shellMm > 0 ? blend(tube.shell, tube.core, inside(distance + tube.shellMm, edge)) : tube.core;
                float& voxel = grid.slice(s)[static_cast<size_t>(r) * grid.columns + c];
                voxel = blend(voxel, value, amount);
            }
}

void addGrain(Grid& grid, float sd, unsigned seed) {
    forEachSlice(grid.slices, [&grid, sd, seed](int s) {
        const int n = grid.columns;
        std::vector<float> white(static_cast<size_t>(n) * grid.rows);
        for (int r = 0; r < grid.rows; ++r)
            for (int c = 0; c < n; ++c) {
                // The sum of four uniform numbers is near enough to a normal one.
                float sum = -2;
                for (unsigned k = 0; k < 4; ++k)
                    sum += hashUnit(c, r, s, seed * 4 + k);
                white[static_cast<size_t>(r) * n + c] = sum * 1.732F;
            }
        float* out = grid.slice(s);
        for (int r = 0; r < grid.rows; ++r)
            for (int c = 0; c < n; ++c) {
                const size_t i = static_cast<size_t>(r) * n + c;
                const float left = white[c > 0 ? i - 1 : i];
                const float above = white[r > 0 ? i - static_cast<size_t>(n) : i];
                out[i] += sd * (white[i] + 0.6F * left + 0.6F * above) / 1.311F;
            }
    });
}

} // namespace yz::samples
