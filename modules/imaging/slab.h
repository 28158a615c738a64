#pragma once

#include <QString>

namespace yz {

enum class SlabMode { None, Mip, MinIp, Mean };

/// Samples lie one voxel apart along the normal, symmetric about the plane, as many as fit into the thickness; those
/// outside the grid do not count.
struct Slab {
    SlabMode mode = SlabMode::None;
    double thicknessMm = 0.0;

    [[nodiscard]] bool isThick() const { return mode != SlabMode::None && thicknessMm > 0.0; }
    bool operator==(const Slab&) const = default;
};

/// As in files: "mip", "minip", "mean"; None is "".
[[nodiscard]] QString slabName(SlabMode mode);
[[nodiscard]] SlabMode slabOfName(const QString& name);

} // namespace yz
