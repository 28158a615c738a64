#include "viewer_ui/mpr_tools.h"
#include "viewer_ui/path_painter.h"
#include "viewer_ui/viewport_canvas.h"

#include <QLineF>
#include <QMenu>
#include <QWidget>
#include <algorithm>

// The cross-hair of a volume under the mouse: its centre, the rings that turn it, the squares that set slabs.
namespace yz {

MprHandles ViewportCanvas::mprHandles() const {
    return {m_controller.crossLines(m_viewport), m_transform, scale(), QSizeF(m_host->size()),
            static_cast<double>(m_host->physicalDpiX())};
}

bool ViewportCanvas::pressMpr(QPointF logical) {
    if (!m_shown.plane || m_controller.state().tool != ViewerTool::Crosshair)
        return false;
    const MprHandles handles = mprHandles();
    const auto hit = handles.at(logical);
    if (!hit)
        return false;
    m_mprHandle = *hit;
    m_mprGrip = handles.centre() - imageAt(logical);
    if (hit->kind == MprHandle::Kind::Slab) {
        m_mprSlab = handles.lines()[static_cast<size_t>(hit->line)].slab;
        m_mprAway = handles.awayMm(hit->line, logical);
    }
    m_drag = Drag::MprHandle;
    return true;
}

void ViewportCanvas::dragMpr(QPointF logical) {
    switch (m_mprHandle.kind) {
    case MprHandle::Kind::Centre:
        m_controller.setCrosshair(m_viewport, imageAt(logical) + m_mprGrip);
        break;
    case MprHandle::Kind::Turn:
        m_controller.turnCrosshair(m_viewport, mprHandles().angleBetween(m_lastAt, logical));
        break;
    case MprHandle::Kind::Slab: {
        const MprHandles handles = mprHandles();
        if (m_mprHandle.line >= static_cast<int>(handles.lines().size()))
            return;
        const double before = m_mprSlab.isThick() ? m_mprSlab.thicknessMm : 0.0;
        const double thick = std::max(0.0, before + 2.0 * (handles.awayMm(m_mprHandle.line, logical) - m_mprAway));
        // Whole tenths: what the plate says is what is drawn.
        const Slab slab{m_mprSlab.mode == SlabMode::None ? firstSlabMode : m_mprSlab.mode,
                        std::round(thick * 10.0) / 10.0};
        const CrossLine& line = handles.lines()[static_cast<size_t>(m_mprHandle.line)];
        m_controller.setSlab(line.viewport, thick > line.pixelMm ? slab : Slab{}); // less than a voxel is thin
        break;
    }
    }
}

void ViewportCanvas::hoverMpr(QPointF logical) {
    const bool isOver = m_drag == Drag::None && m_shown.plane && m_controller.state().tool == ViewerTool::Crosshair &&
                        mprHandles().at(logical);
    if (isOver)
        m_host->setCursor(Qt::OpenHandCursor);
    else if (m_host->cursor().shape() == Qt::OpenHandCursor)
        m_host->unsetCursor();
}

int ViewportCanvas::pathPointAt(QPointF logical) const {
    const ViewportState* state = m_controller.viewport(m_viewport);
    const DrawnPath* path = state ? m_controller.drawnPath(state->stack) : nullptr;
    if (!path || !m_shown.plane)
        return -1;
    const PathPainter drawn(*m_shown.plane, m_transform, scale());
    const double reach = PathPainter::reach(m_host->physicalDpiX());
    for (size_t i = 0; i < path->points.size(); ++i)
        if (QLineF(drawn.toLogical(path->points[i]), logical).length() <= reach)
            return static_cast<int>(i);
    return -1;
}

bool ViewportCanvas::pressPath(QPointF logical) {
    if (!m_shown.plane || m_controller.state().tool != ViewerTool::CurvedPath)
        return false;
    m_pathPoint = pathPointAt(logical);
    if (m_pathPoint >= 0)
        m_drag = Drag::PathPoint;
    else
        m_controller.addPathPoint(m_viewport, imageAt(logical));
    return true;
}

void ViewportCanvas::openMprMenu(const QPoint& globalPosition) {
    if (!m_shown.plane && !m_shown.curved)
        return;
    auto* menu = new QMenu(m_host);
    menu->setObjectName(QStringLiteral("mprMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillMprMenu(*menu, m_controller);
    menu->popup(globalPosition);
}

} // namespace yz
