#pragma once

#include "core/points.h"

#include <cstddef>
#include <vector>

/// A block of values in patient space (LPS, mm) that a phantom paints into.
namespace yz::samples {

struct Grid {
    int columns = 0, rows = 0, slices = 0;
    PatientPoint origin; ///< centre of the first voxel
    double columnMm = 1, rowMm = 1, sliceMm = 1;
    std::vector<float> values;

    Grid(int columnCount, int rowCount, int sliceCount, PatientPoint first, double dx, double dy, double dz)
        : columns(columnCount), rows(rowCount), slices(sliceCount), origin(first), columnMm(dx), rowMm(dy), sliceMm(dz),
          values(static_cast<size_t>(columnCount) * rowCount * sliceCount) {}

    [[nodiscard]] PatientPoint at(int column, int row, int slice) const {
        return {origin.x + column * columnMm, origin.y + row * rowMm, origin.z + slice * sliceMm};
    }
    [[nodiscard]] float* slice(int index) { return values.data() + static_cast<size_t>(index) * columns * rows; }
    [[nodiscard]] const float* slice(int index) const {
        return values.data() + static_cast<size_t>(index) * columns * rows;
    }
};

/// Deterministic noise: the same place and seed give the same value on every machine.
[[nodiscard]] float hashUnit(int x, int y, int z, unsigned seed);             ///< [0, 1), per lattice point
[[nodiscard]] float smoothNoise(double x, double y, double z, unsigned seed); ///< [-1, 1], one octave
[[nodiscard]] float layeredNoise(double x, double y, double z, unsigned seed, int octaves); ///< about [-1, 1]

/// 0 outside, 1 inside, a soft edge of `edge` mm around distance 0 (negative inside).
[[nodiscard]] inline float inside(double distance, double edge) {
    if (distance <= -edge)
        return 1.0F;
    if (distance >= edge)
        return 0.0F;
    const double t = (edge - distance) / (2 * edge);
    return static_cast<float>(t * t * (3 - 2 * t));
}
[[nodiscard]] inline float blend(float below, float above, float amount) { return below + (above - below) * amount; }

/// Approximate signed distance to an ellipsoid.
[[nodiscard]] double ellipsoid(const PatientPoint& p, const PatientPoint& centre, const PatientPoint& radii);
/// Signed distance to a tube between two points.
[[nodiscard]] double capsule(const PatientPoint& p, const PatientPoint& a, const PatientPoint& b, double radius);

/// A tube painted into a grid: `core` inside, `shell` in the outer `shellMm`.
struct Tube {
    PatientPoint from, to;
    double fromRadius = 1, toRadius = 1;
    float core = 0, shell = 0;
    double shellMm = 0;
};
void paint(Grid& grid, const Tube& tube, double edge);

/// Adds grain of a standard deviation to every voxel, a little correlated in the plane as a scanner's is.
void addGrain(Grid& grid, float sd, unsigned seed);

/// Runs `work(slice)` for all slices on all cores.
template <typename Work> void forEachSlice(int slices, Work work);

} // namespace yz::samples

#include <thread>

template <typename Work> void yz::samples::forEachSlice(int slices, Work work) {
    const int workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    std::vector<std::thread> threads;
    for (int worker = 0; worker < workers; ++worker)
        threads.emplace_back([=] {
            for (int slice = worker; slice < slices; slice += workers)
                work(slice);
        });
    for (std::thread& thread : threads)
        thread.join();
}
