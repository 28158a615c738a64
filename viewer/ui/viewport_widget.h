#pragma once

#include "viewer_ui/display_path.h"
#include "viewer_ui/viewport_canvas.h"

#include <QOpenGLWidget>
#include <QWidget>
#include <memory>

namespace yz {

class SliceScene;

/// A viewport painted on the CPU.
class ViewportWidget final : public QWidget {
    Q_OBJECT

public:
    ViewportWidget(ViewerController& controller, int viewport, QWidget* parent = nullptr);
    [[nodiscard]] ViewportCanvas* canvas() const { return m_canvas; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    ViewportCanvas* m_canvas = nullptr; ///< the event of its own arrival comes before it
};

/// The same pixels shown through OpenGL, overlays by QPainter on top.
class GlViewportWidget final : public QOpenGLWidget {
    Q_OBJECT

public:
    GlViewportWidget(ViewerController& controller, int viewport, QWidget* parent = nullptr);
    ~GlViewportWidget() override;
    [[nodiscard]] ViewportCanvas* canvas() const { return m_canvas; }

protected:
    void initializeGL() override;
    void paintGL() override;
    bool event(QEvent* event) override;

private:
    void releaseScene();

    ViewportCanvas* m_canvas = nullptr; ///< the event of its own arrival comes before it
    std::unique_ptr<SliceScene> m_scene;
    bool m_sceneIsNew = true;
};

/// A viewport of the kind the path asks for; `canvas` is its canvas, owned by it.
[[nodiscard]] QWidget* makeViewport(DisplayPath path, ViewerController& controller, int viewport, QWidget* parent,
                                    ViewportCanvas*& canvas);

} // namespace yz
