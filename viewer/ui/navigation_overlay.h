#pragma once

#include "viewer/viewer_controller.h"

#include <QSizeF>

class QPainter;

namespace yz {

/// Marks of getting around: the point in space, key images, true size. Drawn over picture and texts.
class NavigationOverlay {
public:
    NavigationOverlay(ViewerController& controller, int viewport) : m_controller(controller), m_viewport(viewport) {}

    void paint(QPainter& painter, QSizeF size, double scale, const ShownFrame& shown,
               const ViewTransform& transform) const;
    /// "Key image: Of Interest - what was written", one line a selection; empty: it is none.
    [[nodiscard]] static QStringList keyImageLines(const ViewerController& controller, const ShownFrame& shown);

private:
    ViewerController& m_controller;
    int m_viewport;
};

} // namespace yz
