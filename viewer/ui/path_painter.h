#pragma once

#include "imaging/curved_cut.h"
#include "imaging/display_chain.h"
#include "viewer/viewer_controller.h"

#include <QPointF>

class QPainter;

namespace yz {

/// The path of a curved MPR on a plane: its line, and its points to be taken hold of; those that lie off the plane are
/// hollow.
class PathPainter {
public:
    PathPainter(const SlicePlane& plane, const ViewTransform& transform, double scale)
        : m_plane(plane), m_transform(transform), m_scale(scale) {}

    [[nodiscard]] QPointF toLogical(const PatientPoint& point) const;
    void draw(QPainter& painter, const DrawnPath& path, double dpi) const;
    /// The path in the picture along it.
    static void drawFlat(QPainter& painter, const CurvedCut& cut, const ViewTransform& transform, double scale);
    /// How near to a point a press takes hold of it, logical pixels.
    [[nodiscard]] static double reach(double dpi);

private:
    const SlicePlane& m_plane;
    const ViewTransform& m_transform;
    double m_scale;
};

} // namespace yz
