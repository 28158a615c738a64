#include "viewer_ui/volume_picture.h"

#include "viewer_scene/volume_scene.h"
#include "viewer_ui/display_path.h"

#include <QElapsedTimer>
#include <QImage>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>
#include <QOpenGLFunctions>
#include <algorithm>

namespace yz {

namespace {

// A turning volume is drawn within these; else fewer or more rays are cast.
constexpr qint64 longestMs = 110, shortestMs = 45;
constexpr double leastCoarse = 2.0, mostCoarse = 8.0;

QSurfaceFormat modern() {
    QSurfaceFormat format = QSurfaceFormat::defaultFormat();
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    return format;
}

} // namespace

VolumePicture::VolumePicture() = default;

VolumePicture::~VolumePicture() {
    if (m_context && m_context->makeCurrent(m_surface.get())) {
        if (m_scene)
            m_scene->release();
        m_scene.reset();
        m_target.reset();
        m_context->doneCurrent();
    }
}

bool VolumePicture::isPossible() {
    static const bool possible = !rendererName().isEmpty();
    return possible;
}

bool VolumePicture::prepare(QSize size) {
    if (!isPossible())
        return false;
    if (!m_context) {
        m_surface = std::make_unique<QOffscreenSurface>();
        m_surface->setFormat(modern());
        m_surface->create();
        m_context = std::make_unique<QOpenGLContext>();
        m_context->setFormat(modern());
        if (!m_surface->isValid() || !m_context->create()) {
            m_context.reset();
            return false;
        }
    }
    if (!m_context->makeCurrent(m_surface.get()))
        return false;
    if (!m_scene) {
        m_scene = std::make_unique<VolumeScene>(!isSoftwareRenderer(rendererName()));
        m_scene->initialize();
    }
    if (!m_target || m_target->size() != size)
        m_target = std::make_unique<QOpenGLFramebufferObject>(size);
    return m_target->isValid();
}

bool VolumePicture::draw(const VolumePtr& volume, const VolumeView& view, const VolumePreset& preset,
                         const SlicePlane& plane, const ViewTransform& transform, bool isMoving,
                         ScreenPicture& target) {
    const QSize size(std::max(1, target.width), std::max(1, target.height));
    if (!prepare(size))
        return false;
    m_scene->resize(size.width(), size.height());
    m_scene->setVolume(volume);
    m_scene->setPreset(preset, view.shiftHu);
    m_scene->setBox(view.box);
    // Where the middle of the viewport lies, and which way its axes run there (turned by quarters, never mirrored).
    const ImagePoint middle = transform.toImage({size.width() * 0.5, size.height() * 0.5});
    const ImagePoint across = transform.toImage({size.width() * 0.5 + 1.0, size.height() * 0.5}) - middle;
    const ImagePoint down = transform.toImage({size.width() * 0.5, size.height() * 0.5 + 1.0}) - middle;
    const VolumeFacing facing{(plane.row * across.x + plane.column * across.y).normalized(),
                              (plane.row * down.x + plane.column * down.y).normalized()};
    m_scene->setView(facing, plane.at(middle.x, middle.y), plane.pixelMm * across.length());
    QElapsedTimer clock;
    clock.start();
    m_scene->render(m_target->handle(), isMoving ? m_coarseness : 1.0);
    const QImage image = m_target->toImage().convertToFormat(QImage::Format_RGB32);
    if (isMoving && clock.elapsed() > longestMs)
        m_coarseness = std::min(mostCoarse, m_coarseness * 1.5);
    else if (isMoving && clock.elapsed() < shortestMs)
        m_coarseness = std::max(leastCoarse, m_coarseness / 1.25);
    m_context->doneCurrent();
    target.argb.resize(static_cast<size_t>(size.width()) * static_cast<size_t>(size.height()));
    for (int y = 0; y < size.height(); ++y) {
        const auto* line = reinterpret_cast<const std::uint32_t*>(image.constScanLine(y));
        std::copy(line, line + size.width(), target.argb.begin() + static_cast<std::ptrdiff_t>(y) * size.width());
    }
    return true;
}

} // namespace yz
