#include "embedded_platform/samples/pet_phantom.h"

namespace yz::samples {

namespace {

float uptakeOf(float hu) {
    if (hu < -920)
        return 0.0F; // air
    if (hu < -300)
        return 0.5F; // lung
    if (hu < -20)
        return 0.3F;               // fat
    return hu < 160 ? 1.2F : 0.9F; // soft tissue, bone
}

constexpr PatientPoint kHeart{22, -32, -34};
constexpr PatientPoint kHeartRadii{38, 34, 40};

} // namespace

void paintUptake(Grid& grid, const ChestFindings& findings, const HotBall& ball) {
    paintChest(grid, findings);
    forEachSlice(grid.slices, [&](int s) {
        for (int r = 0; r < grid.rows; ++r)
            for (int c = 0; c < grid.columns; ++c) {
                const PatientPoint p = grid.at(c, r, s);
                float& value =
                    grid.slice(s)[static_cast<size_t>(r) * static_cast<size_t>(grid.columns) + static_cast<size_t>(c)];
                value = uptakeOf(value);
                if (value > 0.6F)
                    value = blend(value, 2.6F, inside(ellipsoid(p, kHeart, kHeartRadii), 4));
                if ((p - ball.centre).length() <= ball.diameterMm / 2)
                    value = ball.suv;
            }
    });
}

} // namespace yz::samples
