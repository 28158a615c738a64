#include "viewer_ui/viewport_canvas.h"
#include "viewer_ui/volume_picture.h"

#include <QMouseEvent>
#include <QWidget>
#include <algorithm>

// A volume seen from outside: left turns it (unless the tool zooms or pans), right changes its window or moves the
// rendering's curve, middle pans, wheel zooms.
namespace yz {

namespace {

constexpr double halfTurnDeg = 180.0;    ///< of a drag across the viewport
constexpr double shiftHuAcross = 1000.0; ///< of a drag from bottom to top
constexpr std::uint32_t black = 0xff000000u;

} // namespace

bool ViewportCanvas::showsVolume() const {
    const ViewportState* own = m_controller.viewport(m_viewport);
    return own && own->content == ViewportState::Content::Volume;
}

bool ViewportCanvas::updateVolume(int width, int height) {
    const ViewportState& own = *m_controller.viewport(m_viewport);
    m_picture.width = width;
    m_picture.height = height;
    const auto blank = [&](const QString& message) {
        m_message = message;
        m_drawnVoxels.reset();
        m_picture.argb.assign(static_cast<size_t>(width) * static_cast<size_t>(height), black);
        return true;
    };
    const VolumeBuilder* builder = m_shown.plane ? m_controller.volume(own.stack) : nullptr;
    const VolumePreset* preset = m_controller.displayCatalog().rendering(own.volume.rendering);
    if (!builder || !preset)
        return blank(m_shown.error ? QString() : tr("Loading…"));
    if (!builder->isComplete())
        return blank(tr("The volume is drawn when all its slices are there: %1 of %2")
                         .arg(builder->filledCount())
                         .arg(builder->sliceCount()));
    if (!VolumePicture::isPossible())
        return blank(
            tr("Volume rendering needs OpenGL 3.2, which this display does not have. The rotating MIP (Shift+I) "
               "works without."));
    const VolumePtr voxels = m_controller.sharedVolume(own.stack);
    const bool isMoving = m_controller.isVolumeMoving();
    const bool isSame = m_drawnVoxels == voxels && m_drawnVolume == own.volume && m_drawnFit == m_transform &&
                        m_drawnCoarse == isMoving &&
                        m_picture.argb.size() == static_cast<size_t>(width) * static_cast<size_t>(height);
    if (isSame)
        return false;
    if (!m_volumePicture)
        m_volumePicture = std::make_unique<VolumePicture>();
    if (!m_volumePicture->draw(voxels, own.volume, *preset, *m_shown.plane, m_transform, isMoving, m_picture))
        return blank(tr("OpenGL refused to draw the volume. The rotating MIP (Shift+I) works without."));
    m_drawnVoxels = voxels;
    m_drawnVolume = own.volume;
    m_drawnFit = m_transform;
    m_drawnCoarse = isMoving;
    return true;
}

bool ViewportCanvas::pressOnVolume(QMouseEvent* event) {
    const ViewportState& own = *m_controller.viewport(m_viewport);
    if (event->button() == Qt::RightButton) {
        m_drag = own.volume.isMip ? Drag::Window : Drag::Turn;
        return true;
    }
    if (event->button() != Qt::LeftButton)
        return false;
    const ViewerTool tool = m_controller.state().tool;
    m_drag = tool == ViewerTool::Zoom ? Drag::Zoom : tool == ViewerTool::Pan ? Drag::Pan : Drag::Turn;
    return true;
}

bool ViewportCanvas::moveOnVolume(QMouseEvent* event) {
    const QPointF delta = event->position() - m_lastAt;
    m_lastAt = event->position();
    const ViewportState* own = m_controller.viewport(m_viewport);
    if (!own || !m_dragged)
        return true;
    if (event->buttons().testFlag(Qt::RightButton)) {
        m_controller.shiftRendering(m_viewport,
                                    own->volume.shiftHu - delta.y() * shiftHuAcross / std::max(200, m_host->height()));
        return true;
    }
    const double perPixel = halfTurnDeg / std::max(200, std::min(m_host->width(), m_host->height()));
    m_controller.turnVolume(m_viewport, delta.x() * perPixel, delta.y() * perPixel);
    return true;
}

} // namespace yz
