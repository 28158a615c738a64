#pragma once

#include "imaging/measure.h"
#include "viewer/viewer_state.h"

#include <functional>
#include <optional>

namespace yz {

/// What a tool of the left button draws; none: it measures nothing.
[[nodiscard]] std::optional<MeasurementKind> kindOf(ViewerTool tool);

/// A measurement while it is drawn, in pixels of the shown picture: which point follows the pointer, when it is done.
/// Every point may be set by a click of its own or by dragging; an outline is traced by dragging or set corner by
/// corner, and closed on its first corner, by a double click or by the Enter key.
class MeasurementDraft {
public:
    /// Between two points of the picture, in logical pixels on the screen.
    using ScreenDistance = std::function<double(ImagePoint, ImagePoint)>;

    /// Begins with the button pressed at `at`. `base`: kind and place.
    MeasurementDraft(Measurement base, ImagePoint at, const PixelSpacing& spacing, ScreenDistance distance);

    void press(ImagePoint at);
    void move(ImagePoint at, bool isPressed);
    /// True: done, take().
    [[nodiscard]] bool release(ImagePoint at);
    /// True: an outline of three corners or more is done, take().
    [[nodiscard]] bool close();
    /// Takes the last corner of an outline back; false when there is none to take.
    bool dropCorner();

    [[nodiscard]] bool isOutline() const { return isClosedOutline(m_shape.kind); }
    /// With the point that follows the pointer; may have fewer points than the kind has.
    [[nodiscard]] const Measurement& shape() const { return m_shape; }
    [[nodiscard]] Measurement take() { return std::move(m_shape); }

private:
    [[nodiscard]] ImagePoint placed(ImagePoint at) const;
    bool endTrace(ImagePoint at);

    Measurement m_shape;
    PixelSpacing m_spacing;
    ScreenDistance m_distance;
    size_t m_following = 0;   ///< index of the point that follows the pointer
    bool m_isBetween = false; ///< first line is drawn, the second not begun
    bool m_isTracing = false;
    bool m_isClosing = false;
};

} // namespace yz
