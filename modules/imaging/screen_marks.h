#pragma once

#include "imaging/display_chain.h"
#include "imaging/picture_scaler.h"

namespace yz {

/// The last steps of the chain on finished pixels: the display shutter, then the overlay planes. Both lie on the
/// image's pixels, so that no interpolation softens their edge; where the picture is shrunk, an overlay's thin lines
/// stay.
class ScreenMarks {
public:
    ScreenMarks(const ImageDescription& image, int frame, const DisplaySettings& settings);
    [[nodiscard]] bool isEmpty() const { return !m_shutter && m_planes.empty(); }
    /// Axes read the full image's pixels (not those of a reduced buffer).
    void draw(const ViewAxis& x, const ViewAxis& y, ScreenArea target) const;

private:
    struct Plane {
        const OverlayPlane* plane;
        int frame;
    };
    void drawShutter(const ViewAxis& x, const ViewAxis& y, ScreenArea target) const;
    void drawPlane(const Plane& plane, const ViewAxis& x, const ViewAxis& y, ScreenArea target) const;
    /// Pixels of an image row that the shutter hides.
    void hiddenInRow(int row, std::vector<std::uint8_t>& hidden) const;

    const ImageDescription& m_image;
    int m_frame;
    const DisplayShutter* m_shutter = nullptr;
    std::vector<Plane> m_planes;
};

} // namespace yz
