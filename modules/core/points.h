#pragma once

#include <array>
#include <cmath>

namespace yz {

/// Three doubles with the arithmetic of a vector space; the tag says the frame and keeps frames from mixing.
template <typename Tag> struct Triple {
    double x = 0.0;
    double y = 0.0;
    double z = 0.0;

    bool operator==(const Triple&) const = default;
    Triple operator+(const Triple& o) const { return {x + o.x, y + o.y, z + o.z}; }
    Triple operator-(const Triple& o) const { return {x - o.x, y - o.y, z - o.z}; }
    Triple operator*(double s) const { return {x * s, y * s, z * s}; }
    [[nodiscard]] double dot(const Triple& o) const { return x * o.x + y * o.y + z * o.z; }
    [[nodiscard]] Triple cross(const Triple& o) const {
        return {y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x};
    }
    [[nodiscard]] double length() const { return std::sqrt(dot(*this)); }
    [[nodiscard]] Triple normalized() const {
        const double n = length();
        return n > 0.0 ? *this * (1.0 / n) : Triple{};
    }
};

/// Patient coordinates in mm, LPS (x to the patient's left, y to posterior, z to the head), PS3.3 C.7.6.2.1.1. Points
/// and directions of that frame share the type; a direction has length 1 where a name says so.
using PatientPoint = Triple<struct PatientFrame>;
using PatientVector = PatientPoint;

/// Continuous voxel index (column, row, slice) of a volume; voxel centres are at whole numbers.
using VoxelIndex = Triple<struct VoxelFrame>;

template <typename Tag> struct Pair {
    double x = 0.0;
    double y = 0.0;

    bool operator==(const Pair&) const = default;
    Pair operator+(const Pair& o) const { return {x + o.x, y + o.y}; }
    Pair operator-(const Pair& o) const { return {x - o.x, y - o.y}; }
    Pair operator*(double s) const { return {x * s, y * s}; }
    [[nodiscard]] double length() const { return std::hypot(x, y); }
};

/// Image coordinates in pixels: x along a row (column index), y down a column (row index); the centre of the first
/// pixel is (0, 0), its area reaches from -0.5 to +0.5.
using ImagePoint = Pair<struct ImageFrame>;

/// Viewport coordinates in device pixels, origin top left.
using ViewPoint = Pair<struct ViewFrame>;

} // namespace yz
