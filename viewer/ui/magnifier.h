#pragma once

#include "imaging/display_chain.h"
#include "viewer/viewer_controller.h"

#include <QPointF>

class QPainter;

namespace yz {

/// A lens over the picture: what lies under the mouse, larger, through the same display chain.
class Magnifier {
public:
    static constexpr double radius = 120.0; ///< logical px
    static constexpr double enlargement = 2.5;

    /// `at`: the mouse, logical px; `scale`: device px per logical px.
    void paint(QPainter& painter, const ShownFrame& shown, const DisplaySettings& display,
               const ViewTransform& transform, QPointF at, double scale);
    /// The transform inside a lens: the point under its middle is the point under `at`.
    [[nodiscard]] static ViewTransform lensTransform(const ViewTransform& transform, ViewPoint at, double side);

private:
    ScreenPicture m_picture; ///< reused
};

} // namespace yz
