#include "viewer_ui/viewer_page.h"

#include "viewer_ui/viewport_grid.h"
#include "viewer_ui/viewport_overlay.h"

#include <QImage>
#include <QPainter>

// Keys of fused viewports and of volumes.
namespace yz {

namespace {

constexpr double opacityStep = 0.1;
constexpr double turnDeg = 10.0, fineTurnDeg = 2.0;

} // namespace

bool ViewerPage::runSceneKey(int key, bool isShifted) {
    const int active = m_controller.state().active;
    const ViewportState* own = m_controller.viewport(active);
    if (!own || own->content == ViewportState::Content::Empty)
        return false;
    const bool isVolume = own->content == ViewportState::Content::Volume;
    if (key == Qt::Key_O && isShifted && !isVolume) {
        m_controller.toggleFusion(active);
        return true;
    }
    if (key == Qt::Key_R && isShifted) {
        if (isVolume && !own->volume.isMip)
            m_controller.leaveVolume(active);
        else
            m_controller.showVolume(active, false);
        return true;
    }
    if (key == Qt::Key_I && isShifted) {
        if (isVolume && own->volume.isMip)
            m_controller.leaveVolume(active);
        else
            m_controller.showVolume(active, true);
        return true;
    }
    if (own->fusion) {
        switch (key) {
        case Qt::Key_P:
            if (!isShifted)
                return false;
            m_controller.nextFusionPalette(active);
            return true;
        case Qt::Key_Semicolon:
        case Qt::Key_Apostrophe:
            m_controller.setFusionOpacity(active, own->fusion->opacity +
                                                      (key == Qt::Key_Semicolon ? -opacityStep : opacityStep));
            return true;
        default:
            return false;
        }
    }
    if (!isVolume)
        return false;
    const double step = isShifted ? fineTurnDeg : turnDeg;
    const auto face = [&](VolumeSide side) {
        m_controller.faceVolume(active, side);
        return true;
    };
    switch (key) {
    case Qt::Key_Left:
        m_controller.turnVolume(active, -step, 0.0);
        return true;
    case Qt::Key_Right:
        m_controller.turnVolume(active, step, 0.0);
        return true;
    case Qt::Key_Up:
        m_controller.turnVolume(active, 0.0, -step);
        return true;
    case Qt::Key_Down:
        m_controller.turnVolume(active, 0.0, step);
        return true;
    case Qt::Key_Home:
        return face(VolumeSide::Front);
    case Qt::Key_End:
        return face(VolumeSide::Back);
    case Qt::Key_PageUp:
        return face(VolumeSide::Left);
    case Qt::Key_PageDown:
        return face(VolumeSide::Right);
    default:
        break;
    }
    if (!own->volume.isMip && key >= Qt::Key_1 && key <= Qt::Key_9) {
        const auto& renderings = m_controller.displayCatalog().renderings();
        const auto number = static_cast<size_t>(key - Qt::Key_1);
        if (number < renderings.size())
            m_controller.setRendering(active, renderings[number].id);
        return true;
    }
    return false;
}

QImage ViewerPage::renderVolumeImage() {
    const int active = m_controller.state().active;
    const ViewportState* own = m_controller.viewport(active);
    const ViewportCanvas* canvas = m_grid->canvas(active);
    if (!own || !canvas || own->content != ViewportState::Content::Volume || own->volume.isMip ||
        !canvas->message().isEmpty())
        return {};
    const ScreenPicture& picture = canvas->picture();
    if (picture.argb.empty())
        return {};
    QImage image = QImage(reinterpret_cast<const uchar*>(picture.argb.data()), picture.width, picture.height,
                          picture.width * 4, QImage::Format_RGB32)
                       .copy();
    QPainter painter(&image);
    const double scale = std::max(1.0, std::max(picture.width, picture.height) / 640.0);
    painter.scale(scale, scale);
    const QRectF area(0, 0, picture.width / scale, picture.height / scale);
    const ShownFrame shown = m_controller.shown(active);
    if (!shown.image)
        return {};
    ViewportOverlay::paintOrientation(painter, area, shown, own->view);
    ViewportOverlay::paintScaleBar(painter, area, scale, shown, canvas->transform());
    return image;
}

} // namespace yz
