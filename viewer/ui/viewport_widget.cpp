#include "viewer_ui/viewport_widget.h"

#include "viewer_scene/slice_scene.h"

#include <QOpenGLContext>
#include <QPaintEvent>
#include <QPainter>

namespace yz {

namespace {

void nameViewport(QWidget* widget, int viewport) {
    widget->setObjectName(QStringLiteral("viewport%1").arg(viewport));
    widget->setAccessibleName(ViewportCanvas::tr("Viewport %1").arg(viewport + 1));
    widget->setMinimumSize(96, 96);
}

} // namespace

ViewportWidget::ViewportWidget(ViewerController& controller, int viewport, QWidget* parent) : QWidget(parent) {
    m_canvas = new ViewportCanvas(controller, viewport, this);
    nameViewport(this, viewport);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void ViewportWidget::paintEvent(QPaintEvent*) {
    const qreal ratio = devicePixelRatioF();
    m_canvas->update((QSizeF(size()) * ratio).toSize());
    const ScreenPicture& picture = m_canvas->picture();
    // A view of the buffer, no copy.
    QImage image(reinterpret_cast<const uchar*>(picture.argb.data()), picture.width, picture.height, picture.width * 4,
                 QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    QPainter painter(this);
    painter.drawImage(QPointF(0, 0), image);
    m_canvas->paintOverlay(painter);
}

bool ViewportWidget::event(QEvent* event) { return (m_canvas && m_canvas->handle(event)) || QWidget::event(event); }

GlViewportWidget::GlViewportWidget(ViewerController& controller, int viewport, QWidget* parent)
    : QOpenGLWidget(parent), m_scene(std::make_unique<SliceScene>()) {
    m_canvas = new ViewportCanvas(controller, viewport, this);
    nameViewport(this, viewport);
}

GlViewportWidget::~GlViewportWidget() {
    releaseScene();
    if (context()) // it goes after this object's members have gone
        disconnect(context(), nullptr, this, nullptr);
}

void GlViewportWidget::releaseScene() {
    if (!context())
        return;
    makeCurrent();
    m_scene->release();
    doneCurrent();
    m_sceneIsNew = true;
}

void GlViewportWidget::initializeGL() {
    // A widget that moves to another window gets a new context.
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &GlViewportWidget::releaseScene);
    m_scene->initialize();
    m_sceneIsNew = true;
}

void GlViewportWidget::paintGL() {
    const QSize pixels = (QSizeF(size()) * devicePixelRatioF()).toSize();
    if (m_canvas->update(pixels) || m_sceneIsNew)
        m_scene->setPicture(m_canvas->picture());
    m_sceneIsNew = false;
    m_scene->resize(pixels.width(), pixels.height());
    m_scene->render(defaultFramebufferObject());
    QPainter painter(this);
    m_canvas->paintOverlay(painter);
}

bool GlViewportWidget::event(QEvent* event) {
    return (m_canvas && m_canvas->handle(event)) || QOpenGLWidget::event(event);
}

QWidget* makeViewport(DisplayPath path, ViewerController& controller, int viewport, QWidget* parent,
                      ViewportCanvas*& canvas) {
    if (path == DisplayPath::Gl) {
        auto* widget = new GlViewportWidget(controller, viewport, parent);
        canvas = widget->canvas();
        return widget;
    }
    auto* widget = new ViewportWidget(controller, viewport, parent);
    canvas = widget->canvas();
    return widget;
}

} // namespace yz
