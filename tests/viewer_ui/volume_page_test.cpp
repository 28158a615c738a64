#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/display_path.h"
#include "viewer_ui/viewer_page.h"
#include "viewer_ui/volume_picture.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QMenu>
#include <QSlider>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace yz;
using namespace yz::test;

/// A volume seen from outside, by mouse and keyboard. Needs OpenGL.
class VolumePageTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;

    void openChest(int slices = 60, int side = 128) {
        auto series = ct(m_current, "1.1.1", 2, slices);
        series.columns = series.rows = side;
        series.pixelMm = 384.0 / side;
        series.sliceMm = 240.0 / slices;
        m_source->add(series);
        m_current.series.push_back(m_source->announced(QStringLiteral("1.1.1")));
        m_controller->open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 10000));
        QVERIFY(settles(*m_controller, 0));
        viewport(0)->setFocus();
    }
    [[nodiscard]] QWidget* viewport(int index) const {
        return m_page->findChild<QWidget*>(QStringLiteral("viewport%1").arg(index));
    }
    /// Waits for the volume and for it to stand still.
    void waitForPicture() {
        QVERIFY(QTest::qWaitFor(
            [&] {
                return m_controller->sharedVolume({SeriesUid(QStringLiteral("1.1.1")), 0}) != nullptr;
            },
            20000));
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->isVolumeMoving(); }, 5000));
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QImage picture() { return viewport(0)->grab().toImage(); }
    /// Share of the middle of the viewport that is not black.
    static double lit(const QImage& image) {
        int count = 0, all = 0;
        for (int y = image.height() / 5; y < image.height() * 4 / 5; ++y)
            for (int x = image.width() / 4; x < image.width() * 3 / 4; ++x, ++all)
                count += qGray(image.pixel(x, y)) > 12;
        return static_cast<double>(count) / all;
    }
    static int different(const QImage& a, const QImage& b) {
        int count = 0;
        for (int y = a.height() / 5; y < a.height() * 4 / 5; ++y)
            for (int x = a.width() / 4; x < a.width() * 3 / 4; ++x)
                count += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > 16;
        return count;
    }
    static void drag(QWidget* widget, QPoint from, QPoint to, Qt::MouseButton button) {
        QTest::mousePress(widget, button, {}, from);
        for (int step = 1; step <= 4; ++step) {
            const QPointF at = QPointF(from) + QPointF(to - from) * step / 4.0;
            QMouseEvent move(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, button, {});
            QCoreApplication::sendEvent(widget, &move);
        }
        QTest::mouseRelease(widget, button, {}, to);
    }
    void keep(const QString& name) {
        const QString folder = qEnvironmentVariable("YZ_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(m_page->grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
    }

private Q_SLOTS:
    void initTestCase() { (void)applyTheme(*qApp); }
    void init() {
        m_current = study("1.1", QDate(2026, 3, 2));
        m_source = std::make_shared<SyntheticSource>();
        m_controller = std::make_unique<ViewerController>(m_source, std::vector<HangingProtocol>{});
        m_page = std::make_unique<ViewerPage>(*m_controller, DisplayPath::Cpu);
        m_page->resize(1100, 760);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void presetsTurnsAndBox() {
        QVERIFY(VolumePicture::isPossible());
        openChest();
        QTest::keyClick(viewport(0), Qt::Key_R, Qt::ShiftModifier);
        QCOMPARE(m_controller->viewport(0)->content, ViewportState::Content::Volume);
        waitForPicture();
        m_controller->setAnnotationsShown(false);
        const QImage bone = picture();
        QVERIFY2(lit(bone) > 0.02, qPrintable(QString::number(lit(bone))));
        std::vector<QImage> presets{bone};
        for (const Qt::Key key : {Qt::Key_2, Qt::Key_3, Qt::Key_4}) {
            QTest::keyClick(viewport(0), key);
            QCoreApplication::processEvents();
            const QImage image = picture();
            QVERIFY(lit(image) > 0.02);
            for (const QImage& other : presets)
                QVERIFY(different(image, other) > 500);
            presets.push_back(image);
        }
        const QImage skin = presets.back();
        QVERIFY(lit(skin) > lit(bone)); // the whole body against its bones
        m_controller->setAnnotationsShown(true);
        keep(QStringLiteral("volume-skin"));
        // Cut away the patient's left: the right half of the screen from the front is empty.
        m_controller->setAnnotationsShown(false);
        auto* button = m_page->findChild<QToolButton*>(QStringLiteral("menuVolume"));
        Q_EMIT button->menu()->aboutToShow();
        auto* fromLeft = button->menu()->findChild<QSlider*>(QStringLiteral("volumeBox1"));
        QVERIFY(fromLeft);
        fromLeft->setValue(50);
        waitForPicture();
        const QImage cut = picture();
        int leftLit = 0, rightLit = 0;
        for (int y = cut.height() / 3; y < cut.height() * 2 / 3; ++y)
            for (int x = cut.width() / 4; x < cut.width() * 3 / 4; ++x)
                (x < cut.width() / 2 - 4   ? leftLit
                 : x > cut.width() / 2 + 4 ? rightLit
                                           : leftLit) += qGray(cut.pixel(x, y)) > 12;
        QVERIFY(leftLit > 5000);
        QCOMPARE(rightLit, 0);
        QTest::keyClick(viewport(0), Qt::Key_0); // everything back
        m_controller->setRendering(0, QStringLiteral("bone"));
        waitForPicture();
        QVERIFY(different(picture(), bone) < 50);
        // Turned by the mouse and by keys.
        drag(viewport(0), {300, 300}, {420, 300}, Qt::LeftButton);
        QVERIFY(m_controller->isVolumeMoving());
        waitForPicture();
        const QImage turned = picture();
        QVERIFY(different(turned, bone) > 500);
        QTest::keyClick(viewport(0), Qt::Key_Home);
        waitForPicture();
        QVERIFY(different(picture(), bone) < 50);
        QTest::keyClick(viewport(0), Qt::Key_PageUp);
        waitForPicture();
        m_controller->setAnnotationsShown(true);
        QCoreApplication::processEvents();
        keep(QStringLiteral("volume-bone-left"));
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(viewport(0), Qt::Key_Down);
        QTest::keyClick(viewport(0), Qt::Key_Right);
        waitForPicture();
        keep(QStringLiteral("volume-bone-oblique"));
        // Zoom by wheel.
        const double zoom = m_controller->viewport(0)->view.zoom;
        QWheelEvent wheel({300, 300}, viewport(0)->mapToGlobal(QPointF(300, 300)), {}, {0, 240}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(viewport(0), &wheel);
        QVERIFY(m_controller->viewport(0)->view.zoom > zoom);
        QTest::keyClick(viewport(0), Qt::Key_R, Qt::ShiftModifier);
        QCOMPARE(m_controller->viewport(0)->content, ViewportState::Content::Stack);
    }

    void theCurveMovesByTheRightButton() {
        openChest();
        QTest::keyClick(viewport(0), Qt::Key_R, Qt::ShiftModifier);
        waitForPicture();
        m_controller->setAnnotationsShown(false);
        const QImage before = picture();
        drag(viewport(0), {300, 300}, {300, 420}, Qt::RightButton);
        QVERIFY(m_controller->viewport(0)->volume.shiftHu < -50.0);
        waitForPicture();
        QVERIFY(lit(picture()) > lit(before) + 0.02); // softer tissue is opaque now
    }

    void itCarriesThePlateAndIsNotMeasured() {
        openChest();
        QTest::keyClick(viewport(0), Qt::Key_R, Qt::ShiftModifier);
        waitForPicture();
        const QImage with = picture();
        int light = 0;
        for (int y = 4; y < 60; ++y)
            for (int x = 6; x < 160; ++x)
                light += qGray(with.pixel(x, y)) > 150;
        QVERIFY2(light > 150, qPrintable(QString::number(light)));
        QTest::keyClick(viewport(0), Qt::Key_L);
        drag(viewport(0), {300, 300}, {420, 340}, Qt::LeftButton);
        QVERIFY(m_controller->measurements().all().empty());
        QVERIFY(!m_page->renderKeyImage().isNull());
    }

    void aTurnIsFastEnoughToFollow() {
        openChest(96, 192);
        QTest::keyClick(viewport(0), Qt::Key_R, Qt::ShiftModifier);
        waitForPicture();
        QElapsedTimer clock;
        std::vector<qint64> times;
        for (int i = 0; i < 12; ++i) {
            m_controller->turnVolume(0, 4.0, 0.0);
            clock.start();
            viewport(0)->repaint();
            times.push_back(clock.elapsed());
        }
        std::sort(times.begin(), times.end());
        qInfo("192 x 192 x 96: turning %lld ms median", static_cast<long long>(times[times.size() / 2]));
        QVERIFY2(times[times.size() / 2] < 1000, qPrintable(QString::number(times[times.size() / 2])));
        waitForPicture();
        clock.start();
        m_controller->setRendering(0, QStringLiteral("vessels"));
        viewport(0)->repaint();
        qInfo("still: %lld ms", static_cast<long long>(clock.elapsed()));
    }
};

int main(int argc, char** argv) {
    setDefaultGlFormat();
    QApplication application(argc, argv);
    VolumePageTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "volume_page_test.moc"
