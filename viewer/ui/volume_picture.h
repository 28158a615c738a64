#pragma once

#include "viewer/viewer_controller.h"

#include <QSize>
#include <memory>

class QOffscreenSurface;
class QOpenGLContext;
class QOpenGLFramebufferObject;

namespace yz {

class VolumeScene;

/// The rendered picture of a volume viewport, made in an OpenGL context of its own, so that it reaches the screen both
/// ways. GUI thread.
class VolumePicture {
public:
    VolumePicture();
    ~VolumePicture();
    VolumePicture(const VolumePicture&) = delete;
    VolumePicture& operator=(const VolumePicture&) = delete;

    /// Draws a complete volume; false when there is no OpenGL 3.2 here. Coarser while the reader turns it, as coarse as
    /// it takes to follow the hand. `transform` places the picture of `plane`.
    bool draw(const VolumePtr& volume, const VolumeView& view, const VolumePreset& preset, const SlicePlane& plane,
              const ViewTransform& transform, bool isMoving, ScreenPicture& target);
    /// Whether the display can; asks once for all.
    [[nodiscard]] static bool isPossible();

private:
    bool prepare(QSize size);

    std::unique_ptr<QOffscreenSurface> m_surface;
    std::unique_ptr<QOpenGLContext> m_context;
    std::unique_ptr<QOpenGLFramebufferObject> m_target;
    std::unique_ptr<VolumeScene> m_scene;
    double m_coarseness = 4.0;
};

} // namespace yz
