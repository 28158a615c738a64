#include "viewer_scene/slice_scene.h"

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>
#include <QOpenGLFunctions>
#include <QTest>
#include <memory>
#include <random>

using namespace yz;

namespace {

/// Every pixel differs from its neighbours, so that a shift, a blend or a swapped channel shows.
ScreenPicture noise(int width, int height, unsigned seed) {
    std::mt19937 random(seed);
    ScreenPicture picture{width, height, {}};
    picture.argb.resize(static_cast<size_t>(width) * height);
    for (std::uint32_t& pixel : picture.argb)
        pixel = 0xff000000u | (random() & 0xffffffu);
    return picture;
}

int differing(const QImage& image, const ScreenPicture& picture) {
    int count = 0;
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            count += image.pixel(x, y) != picture.argb[static_cast<size_t>(y) * picture.width + x];
    return count;
}

} // namespace

class SliceSceneTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QSurfaceFormat format;
        format.setVersion(3, 2);
        format.setProfile(QSurfaceFormat::CoreProfile);
        format.setDepthBufferSize(24);
        m_surface.setFormat(format);
        m_surface.create();
        m_context.setFormat(format);
        QVERIFY(m_context.create());
        QVERIFY(m_context.makeCurrent(&m_surface));
        m_scene = std::make_unique<SliceScene>();
        m_scene->initialize();
    }
    void cleanupTestCase() {
        m_context.makeCurrent(&m_surface);
        m_scene->release();
        m_scene.reset();
        m_context.doneCurrent();
    }

    void pixelsArriveUnchanged_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("even") << 256 << 128;
        QTest::newRow("odd") << 257 << 131;
        QTest::newRow("tall") << 63 << 411;
        QTest::newRow("viewport") << 1024 << 1024;
    }
    void pixelsArriveUnchanged() {
        QFETCH(int, width);
        QFETCH(int, height);
        QOpenGLFramebufferObject target(width, height, QOpenGLFramebufferObject::CombinedDepthStencil);
        m_scene->resize(width, height);
        // Twice: the second picture must replace the first in the same texture.
        for (unsigned seed = 1; seed <= 2; ++seed) {
            const ScreenPicture picture = noise(width, height, seed);
            m_scene->setPicture(picture);
            m_scene->render(target.handle());
            QCOMPARE(differing(target.toImage().convertToFormat(QImage::Format_ARGB32), picture), 0);
        }
    }

    void foreignStateDoesNotMatter() {
        const ScreenPicture picture = noise(200, 100, 7);
        QOpenGLFramebufferObject target(200, 100, QOpenGLFramebufferObject::CombinedDepthStencil);
        m_scene->resize(200, 100);
        m_scene->setPicture(picture);
        // What a painter may leave behind.
        QOpenGLFunctions* gl = m_context.functions();
        gl->glEnable(GL_BLEND);
        gl->glEnable(GL_SCISSOR_TEST);
        gl->glScissor(0, 0, 10, 10);
        gl->glViewport(0, 0, 5, 5);
        gl->glColorMask(GL_TRUE, GL_FALSE, GL_TRUE, GL_TRUE);
        m_scene->render(target.handle());
        gl->glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
        QCOMPARE(differing(target.toImage().convertToFormat(QImage::Format_ARGB32), picture), 0);
    }

private:
    QOffscreenSurface m_surface;
    QOpenGLContext m_context;
    std::unique_ptr<SliceScene> m_scene;
};

QTEST_MAIN(SliceSceneTest)
#include "slice_scene_test.moc"
