#include "embedded_platform/samples/radiograph.h"

#include <algorithm>
#include <cmath>

namespace yz::samples {

Radiograph chestRadiograph(const ChestFindings& findings, unsigned seed) {
    // The phantom at 1 mm in the picture plane, 2 mm along the ray.
    Grid grid(380, 122, 330, {-190, -122, -165}, 1.0, 2.0, 1.0);
    paintChest(grid, findings);

    std::vector<float> attenuation(static_cast<size_t>(grid.columns) * grid.slices);
    for (int s = 0; s < grid.slices; ++s)
        for (int r = 0; r < grid.rows; ++r)
            for (int c = 0; c < grid.columns; ++c) {
                const double y = grid.origin.y + r * grid.rowMm;
                if (y > 118) // the CT table is not in a radiograph
                    continue;
                const float hu = grid.slice(s)[static_cast<size_t>(r) * grid.columns + c];
                const float mu = std::max(0.0F, 0.0165F * (1 + hu / 1000)); // 1/mm at about 80 keV
                attenuation[static_cast<size_t>(s) * grid.columns + c] += mu * static_cast<float>(grid.rowMm);
            }

    Radiograph picture;
    picture.columns = 1520;
    picture.rows = 1320;
    picture.pixelMm = 0.25;
    picture.values.resize(static_cast<size_t>(picture.columns) * picture.rows);
    forEachSlice(picture.rows, [&](int row) {
        for (int column = 0; column < picture.columns; ++column) {
            const double gx = std::clamp(column * 0.25, 0.0, grid.columns - 1.001);
            const double gz = std::clamp(grid.slices - 1 - row * 0.25, 0.0, grid.slices - 1.001);
            const int ix = static_cast<int>(gx);
            const int iz = static_cast<int>(gz);
            const float fx = static_cast<float>(gx - ix);
            const float fz = static_cast<float>(gz - iz);
            const auto at = [&](int x, int z) { return attenuation[static_cast<size_t>(z) * grid.columns + x]; };
            const float smooth =
                blend(blend(at(ix, iz), at(ix + 1, iz), fx), blend(at(ix, iz + 1), at(ix + 1, iz + 1), fx), fz);
            const float grain = (hashUnit(column, row, 0, seed) + hashUnit(column, row, 1, seed) - 1) * 0.05F;
            // A detector's logarithm with the film's S-shape: lungs and mediastinum both keep detail.
            const double dense = 1 / (1 + std::exp(-(smooth + grain - 2.15) * 1.9));
            picture.values[static_cast<size_t>(row) * picture.columns + column] =
                static_cast<std::uint16_t>(std::clamp(80 + 3900 * dense, 0.0, 4095.0));
        }
    });
    return picture;
}

} // namespace yz::samples
