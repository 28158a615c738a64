#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/display_path.h"
#include "viewer_ui/viewport_widget.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// Both ways to the screen show the same pixels.
class GlViewportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { (void)applyTheme(*qApp); }

    void glAndCpuShowTheSamePixels() {
        auto source = std::make_shared<SyntheticSource>();
        StudyRecord current = study("1.1", QDate(2026, 3, 2));
        auto series = ct(current, "1.1.1", 1, 9);
        series.columns = series.rows = 192;
        source->add(series);
        current.series.push_back(source->announced(QStringLiteral("1.1.1")));
        ViewerController controller(source, {});
        controller.open(current);
        QVERIFY(settles(controller, 0));
        QVERIFY(QTest::qWaitFor([&] { return !controller.studies().isReading(); }, 5000));

        GlViewportWidget gl(controller, 0);
        ViewportWidget cpu(controller, 0);
        for (QWidget* widget : {static_cast<QWidget*>(&gl), static_cast<QWidget*>(&cpu)}) {
            widget->resize(403, 377);
            widget->show();
            QVERIFY(QTest::qWaitForWindowExposed(widget));
        }
        for (const int index : {4, 7}) {
            controller.scrollTo(0, index);
            QVERIFY(settles(controller, 0));
            QCoreApplication::processEvents();
            const QImage shown = gl.grabFramebuffer().convertToFormat(QImage::Format_RGB32);
            QVERIFY(gl.isValid());
            const ScreenPicture& expected = gl.canvas()->picture();
            QCOMPARE(shown.size(), QSize(expected.width, expected.height));
            int different = 0, compared = 0;
            for (int y = shown.height() / 3; y < shown.height() * 2 / 3; ++y) // away from the texts
                for (int x = shown.width() / 3; x < shown.width() * 2 / 3; ++x, ++compared)
                    different += (shown.pixel(x, y) & 0xffffff) !=
                                 (expected.argb[static_cast<size_t>(y) * expected.width + x] & 0xffffff);
            QCOMPARE(different, 0);
            QVERIFY(compared > 10000);
            const QImage painted = cpu.grab().toImage();
            QCOMPARE(painted.pixel(200, 190) & 0xffffff, shown.pixel(200, 190) & 0xffffff);
            // Overlays are there too: the identity in the corner.
            int light = 0;
            for (int y = 4; y < 50; ++y)
                for (int x = 6; x < 140; ++x)
                    light += qGray(shown.pixel(x, y)) > 150;
            QVERIFY(light > 100);
        }
        jobs::waitForAll();
    }

    void moveToAnotherWindowKeepsThePicture() {
        auto source = std::make_shared<SyntheticSource>();
        StudyRecord current = study("1.1", QDate(2026, 3, 2));
        const auto series = ct(current, "1.1.1", 1, 3);
        source->add(series);
        current.series.push_back(source->announced(QStringLiteral("1.1.1")));
        ViewerController controller(source, {});
        controller.open(current);
        QVERIFY(settles(controller, 0));
        QWidget first, second;
        auto* gl = new GlViewportWidget(controller, 0, &first);
        gl->resize(300, 300);
        first.resize(320, 320);
        second.resize(320, 320);
        first.show();
        QVERIFY(QTest::qWaitForWindowExposed(&first));
        const QImage before = gl->grabFramebuffer();
        gl->setParent(&second);
        second.show();
        gl->show();
        QVERIFY(QTest::qWaitForWindowExposed(&second));
        const QImage after = gl->grabFramebuffer();
        for (int y = 120; y < 180; ++y)
            for (int x = 120; x < 180; ++x)
                QCOMPARE(after.pixel(x, y), before.pixel(x, y));
        jobs::waitForAll();
    }
};

int main(int argc, char** argv) {
    setDefaultGlFormat();
    QApplication application(argc, argv);
    GlViewportTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "gl_viewport_test.moc"
