#include "imaging/measure.h"
#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/display_path.h"
#include "viewer_ui/viewer_page.h"
#include "viewer_ui/viewer_text.h"
#include "viewer_ui/viewport_warnings.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QMenu>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace yz;
using namespace yz::test;

class ViewerPageTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current, m_prior;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;

    void openChest(bool withPrior = false, int slices = 40, int side = 128, bool decodesReduced = false) {
        auto series = ct(m_current, "1.1.1", 2, slices);
        series.decodesReduced = decodesReduced;
        series.columns = series.rows = side;
        series.pixelMm = 384.0 / side;
        series.sliceMm = 240.0 / slices;
        m_source->add(series);
        m_current.series.push_back(m_source->announced(QStringLiteral("1.1.1")));
        std::vector<StudyRecord> priors;
        if (withPrior) {
            auto old = series;
            old.study = m_prior;
            old.record.series = SeriesUid(QStringLiteral("1.2.1"));
            old.frameOfReference = QStringLiteral("1.9.2");
            m_source->add(old);
            m_prior.series.push_back(m_source->announced(QStringLiteral("1.2.1")));
            priors.push_back(m_prior);
        }
        m_controller->open(m_current, priors);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 10000));
        QVERIFY(settles(*m_controller, 0));
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QWidget* viewport(int index) const {
        return m_page->findChild<QWidget*>(QStringLiteral("viewport%1").arg(index));
    }
    void click(const char* objectName) {
        auto* button = m_page->findChild<QToolButton*>(QLatin1String(objectName));
        QVERIFY2(button, objectName);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    static void drag(QWidget* widget, QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton) {
        QTest::mousePress(widget, button, {}, from);
        for (int step = 1; step <= 4; ++step) { // QTest::mouseMove carries no buttons
            const QPointF at = QPointF(from) + QPointF(to - from) * step / 4.0;
            QMouseEvent move(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, button, {});
            QCoreApplication::sendEvent(widget, &move);
        }
        QTest::mouseRelease(widget, button, {}, to);
    }
    static void wheel(QWidget* widget, int delta, Qt::KeyboardModifiers modifiers = {}) {
        const QPointF at = widget->rect().center();
        QWheelEvent event(at, widget->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(widget, &event);
    }
    /// Pictures for a person to look at.
    void keep(const QString& name) {
        const QString folder = qEnvironmentVariable("YZ_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(m_page->grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
    }

private Q_SLOTS:
    void initTestCase() { (void)applyTheme(*qApp); }
    void init() {
        m_current = study("1.1", QDate(2026, 3, 2));
        m_prior = study("1.2", QDate(2025, 6, 1));
        m_source = std::make_shared<SyntheticSource>();
        auto compare = protocol(QStringLiteral("ct"), QStringLiteral("CT"), {row({0}), row({0, 1})});
        m_controller = std::make_unique<ViewerController>(m_source, std::vector<HangingProtocol>{compare});
        m_page = std::make_unique<ViewerPage>(*m_controller, DisplayPath::Cpu);
        m_page->resize(1280, 860);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void pixelsOnScreenAreTheDisplayChains() {
        openChest();
        m_controller->setAnnotationsShown(false);
        QWidget* widget = viewport(0);
        const QImage grabbed = widget->grab().toImage();
        const ShownFrame shown = m_controller->shown(0);
        ScreenPicture expected{widget->width(), widget->height(), {}};
        renderFrame(*shown.image, shown.frame, *shown.pixels, m_controller->viewport(0)->display,
                    fitTransform(shown.image->columns, shown.image->rows, drawnSpacing(*shown.image, 0), expected.width,
                                 expected.height),
                    Interpolation::Linear, 0xff000000u, expected);
        int compared = 0;
        for (int y = expected.height / 3; y < expected.height * 2 / 3; ++y) // away from the texts
            for (int x = expected.width / 3; x < expected.width * 2 / 3; ++x, ++compared)
                QCOMPARE(grabbed.pixel(x, y), expected.argb[static_cast<size_t>(y) * expected.width + x]);
        QVERIFY(compared > 10000);
    }

    void identityIsOnEveryViewportAndCannotBeSwitchedOff() {
        openChest(true);
        m_controller->applyProtocol(QStringLiteral("ct"), 1);
        QCoreApplication::processEvents();
        for (int i = 0; i < 2; ++i) {
            for (const bool annotations : {true, false}) {
                m_controller->setAnnotationsShown(annotations);
                const QImage with = viewport(i)->grab().toImage();
                // Light text pixels in the upper left corner, where the picture is air.
                int light = 0;
                for (int y = 4; y < 60; ++y)
                    for (int x = 6; x < 160; ++x)
                        light += qGray(with.pixel(x, y)) > 150;
                QVERIFY2(light > 150, qPrintable(QString::number(light)));
            }
        }
        keep(QStringLiteral("prior"));
    }

    void presentationStateOnTheViewport() {
        PresentationState state;
        state.instance = InstanceUid(QStringLiteral("1.8.1"));
        state.label = QStringLiteral("ARROWS");
        for (int slice = 1; slice <= 40; ++slice)
            state.images.push_back({InstanceUid(QStringLiteral("1.1.1.%1").arg(slice)), {}});
        state.modality = StateModality{1.0, -1024.0, QStringLiteral("HU"), {}};
        state.vois = {{{}, {{-500.0, 100.0, {}}}, VoiFunction::Linear, {}}};
        state.layers = {{QStringLiteral("MARKS"), 1, 0xffff0000u, {}}};
        GraphicAnnotation annotation;
        annotation.layer = QStringLiteral("MARKS");
        annotation.graphics = {
            {GraphicObject::Kind::Polyline, AnnotationUnits::Pixel, {{20, 64}, {100, 64}}, false},
            {GraphicObject::Kind::Polyline, AnnotationUnits::Display, {{0.4, 0.25}, {0.6, 0.25}}, false}};
        TextObject text;
        text.text = QStringLiteral("箭头");
        text.hasAnchor = true;
        text.anchor = {60, 80};
        annotation.texts = {text};
        state.annotations = {annotation};
        m_current.series.push_back(m_source->add(state, m_current.study));
        openChest();
        QVERIFY(QTest::qWaitFor([&] { return m_controller->presentationsOf(0).size() == 1; }, 5000));
        QWidget* widget = viewport(0);
        const auto redAt = [&](ImagePoint point) {
            const ViewTransform transform = fittedTransform(m_controller->shown(0), m_controller->viewport(0)->view,
                                                            widget->width(), widget->height());
            const ViewPoint at = transform.toView(point);
            const QColor colour(widget->grab().toImage().pixel(static_cast<int>(at.x), static_cast<int>(at.y)));
            return colour.red() > 150 && colour.green() < 90;
        };
        QVERIFY(!redAt({30, 64}));
        QTest::keyClick(m_page.get(), Qt::Key_G);
        QCoreApplication::processEvents();
        QVERIFY(m_controller->shown(0).state);
        QVERIFY(redAt({30, 64}));
        QVERIFY(redAt({64, 31.5})); // a quarter down the displayed area, the whole image
        QVERIFY(!redAt({30, 70}));
        keep(QStringLiteral("presentation"));
        QTest::keyClick(m_page.get(), Qt::Key_O);
        QVERIFY(!m_controller->state().overlaysShown);
        QVERIFY(!redAt({30, 64}));
        click("buttonOverlays");
        QVERIFY(redAt({30, 64}));

        auto* menu = m_page->findChild<QMenu*>(QStringLiteral("menuPresentationPopup"));
        QVERIFY(menu);
        Q_EMIT menu->aboutToShow();
        const QList<QAction*> actions = menu->actions();
        QCOMPARE(actions.size(), 5); // as sent, the state; behind a line what keeps the display and the key images
        QVERIFY(actions[1]->isChecked() && actions[2]->isSeparator());
        actions[0]->trigger(); // as sent
        QVERIFY(!m_controller->shown(0).state);
        QVERIFY(!redAt({30, 64}));
    }

    void wheelKeysAndButtons() {
        openChest();
        QWidget* widget = viewport(0);
        const int start = m_controller->viewport(0)->index;
        wheel(widget, -120);
        QCOMPARE(m_controller->viewport(0)->index, start + 1);
        wheel(widget, -60);
        wheel(widget, -60); // a touch pad's halves
        QCOMPARE(m_controller->viewport(0)->index, start + 2);
        wheel(widget, 120, Qt::ControlModifier);
        QVERIFY(m_controller->viewport(0)->view.zoom > 1.05);
        QCOMPARE(m_controller->viewport(0)->index, start + 2);
        QTest::keyClick(widget, Qt::Key_Up);
        QCOMPARE(m_controller->viewport(0)->index, start + 1);
        QTest::keyClick(widget, Qt::Key_PageDown);
        QCOMPARE(m_controller->viewport(0)->index, start + 6);
        QTest::keyClick(widget, Qt::Key_Home);
        QCOMPARE(m_controller->viewport(0)->index, 0);
        QTest::keyClick(widget, Qt::Key_F);
        QCOMPARE(m_controller->viewport(0)->view.zoom, 1.0);
        QTest::keyClick(widget, Qt::Key_I);
        QVERIFY(m_controller->viewport(0)->display.inverted);
        QTest::keyClick(widget, Qt::Key_2); // first named CT window
        QVERIFY(!m_controller->viewport(0)->presetId.isEmpty());
        QTest::keyClick(widget, Qt::Key_0);
        QVERIFY(!m_controller->viewport(0)->display.inverted);
        click("toolLength");
        QCOMPARE(m_controller->state().tool, ViewerTool::Length);
        QTest::keyClick(widget, Qt::Key_W);
        QCOMPARE(m_controller->state().tool, ViewerTool::Window);
        QVERIFY(m_page->findChild<QToolButton*>(QStringLiteral("toolWindow"))->isChecked());
        QVERIFY(!m_page->findChild<QToolButton*>(QStringLiteral("toolLength"))->isChecked());
    }

    void mouseChangesWindowZoomAndPan() {
        openChest();
        QWidget* widget = viewport(0);
        const VoiWindow before = m_controller->viewport(0)->display.window;
        const QPoint center = widget->rect().center();
        drag(widget, center, center + QPoint(60, 0));
        QVERIFY(m_controller->viewport(0)->display.window.width > before.width * 1.2);
        QCOMPARE(m_controller->viewport(0)->display.window.center, before.center);
        drag(widget, center, center + QPoint(0, 40), Qt::RightButton);
        QVERIFY(m_controller->viewport(0)->display.window.center > before.center);
        drag(widget, center, center + QPoint(30, 0), Qt::MiddleButton);
        QVERIFY(std::abs(m_controller->viewport(0)->view.panX * std::min(widget->width(), widget->height()) - 30) <
                0.5);
    }

    void lengthIsDrawnMovedAndUndone() {
        openChest();
        QWidget* widget = viewport(0);
        click("toolLength");
        const QPoint a(300, 400), b(500, 400);
        drag(widget, a, b);
        QCOMPARE(m_controller->measurements().all().size(), 1u);
        const ShownFrame shown = m_controller->shown(0);
        const auto lengthNow = [&] {
            const Measurement m = m_controller->measurements().all().front();
            return evaluate(m, *shown.image, shown.frame, shown.pixels).value.value;
        };
        // The picture is fitted: 384 mm over the shorter side.
        const double mmPerPx = 384.0 / std::min(widget->width(), widget->height());
        QVERIFY(std::abs(lengthNow() - 200 * mmPerPx) < 0.01);
        QCOMPARE(m_controller->measurements().all().front().instance.value(), shown.image->instance.value());
        drag(widget, b, b + QPoint(50, 0)); // its handle
        QCOMPARE(m_controller->measurements().all().size(), 1u);
        QVERIFY(std::abs(lengthNow() - 250 * mmPerPx) < 0.01);
        drag(widget, QPoint(400, 400), QPoint(400, 450)); // its body: moved whole
        QVERIFY(std::abs(lengthNow() - 250 * mmPerPx) < 0.01);
        QTest::keyClick(widget, Qt::Key_Z, Qt::ControlModifier);
        QTest::keyClick(widget, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(std::abs(lengthNow() - 200 * mmPerPx) < 0.01);
        // Only on its own frame.
        wheel(widget, -120);
        QVERIFY(m_controller->measurementsOn(m_controller->shown(0)).empty());
        wheel(widget, 120);
        // Into the report.
        QSignalSpy cited(m_page.get(), &ViewerPage::measurementToReport);
        QTest::mouseClick(widget, Qt::RightButton, {}, QPoint(400, 400));
        QWidget* menu = nullptr;
        QVERIFY(QTest::qWaitFor([&] { return (menu = QApplication::activePopupWidget()) != nullptr; }, 2000));
        for (QAction* action : menu->actions())
            if (action->objectName() == QLatin1String("measurementToReport"))
                action->trigger();
        menu->close();
        QCOMPARE(cited.count(), 1);
        QCOMPARE(cited[0][0].value<ReportMeasurement>().unit, QStringLiteral("mm"));
        QTest::keyClick(widget, Qt::Key_Delete);
        QVERIFY(m_controller->measurements().all().empty());
    }

    void angleByThreeClicksAndEscape() {
        openChest();
        QWidget* widget = viewport(0);
        QTest::keyClick(widget, Qt::Key_A);
        QTest::mouseClick(widget, Qt::LeftButton, {}, QPoint(300, 300));
        QTest::mouseClick(widget, Qt::LeftButton, {}, QPoint(400, 300));
        QVERIFY(m_controller->measurements().all().empty());
        QTest::mouseClick(widget, Qt::LeftButton, {}, QPoint(400, 400));
        QCOMPARE(m_controller->measurements().all().size(), 1u);
        const ShownFrame shown = m_controller->shown(0);
        const MeasurementResult angle =
            evaluate(m_controller->measurements().all().front(), *shown.image, shown.frame, shown.pixels);
        QVERIFY(std::abs(angle.value.value - 90.0) < 0.01);
        QTest::mouseClick(widget, Qt::LeftButton, {}, QPoint(500, 500));
        QTest::keyClick(widget, Qt::Key_Escape);
        QTest::mouseClick(widget, Qt::LeftButton, {}, QPoint(600, 300));
        QTest::keyClick(widget, Qt::Key_Escape);
        QCOMPARE(m_controller->measurements().all().size(), 1u);
    }

    void roiReadsTheNodule() {
        openChest(false, 41);
        m_controller->scrollTo(0, 20); // z = 0
        QVERIFY(settles(*m_controller, 0));
        QWidget* widget = viewport(0);
        QCoreApplication::processEvents();
        const double pxPerMm = std::min(widget->width(), widget->height()) / 384.0;
        const QPointF nodule = QPointF(widget->width() * 0.5 + 60 * pxPerMm, widget->height() * 0.5);
        QTest::keyClick(widget, Qt::Key_E);
        const QPointF reach(4 * pxPerMm, 4 * pxPerMm);
        drag(widget, (nodule - reach).toPoint(), (nodule + reach).toPoint());
        const ShownFrame shown = m_controller->shown(0);
        const MeasurementResult roi =
            evaluate(m_controller->measurements().all().front(), *shown.image, shown.frame, shown.pixels);
        QVERIFY(roi.roi);
        QCOMPARE(roi.roi->mean, 60.0);
        QCOMPARE(roi.roi->sd, 0.0);
        QVERIFY(std::abs(roi.value.value - M_PI * 16.0) < 3.0);
        keep(QStringLiteral("roi"));
    }

    void measurementOnAPlaneOfTheVolume() {
        openChest();
        click("buttonMpr");
        QVERIFY(m_controller->state().mpr);
        const StackKey key = m_controller->viewport(0)->stack;
        QVERIFY(QTest::qWaitFor([&] { return m_controller->volume(key)->filledCount() == 40; }, 10000));
        QCoreApplication::processEvents();
        QWidget* coronal = viewport(1);
        QTest::keyClick(coronal, Qt::Key_L);
        const QPoint center = coronal->rect().center();
        drag(coronal, center - QPoint(80, 0), center + QPoint(80, 0));
        QCOMPARE(m_controller->measurements().all().size(), 1u);
        const Measurement m = m_controller->measurements().all().front();
        QCOMPARE(m.patientPoints.size(), 2u);
        QVERIFY(m.points.empty());
        QCOMPARE(m.patientPoints[0].y, m.patientPoints[1].y); // in the coronal plane
        QVERIFY(std::abs(m.patientPoints[0].z - m.patientPoints[1].z) < 1e-6);
        QCOMPARE(m_controller->measurementsOn(m_controller->shown(1)).size(), 1u);
        const auto cited = m_controller->reportMeasurement(m.id, QStringLiteral("Length"));
        QVERIFY(cited);
        QVERIFY(std::abs(cited->value - (m.patientPoints[1] - m.patientPoints[0]).length()) < 0.01);
        QVERIFY(!cited->object.instance.isEmpty());
        QTest::keyClick(coronal, Qt::Key_C);
        keep(QStringLiteral("mpr"));
        click("buttonMpr");
        QCOMPARE(m_controller->state().viewports.size(), 1u);
    }

    void thumbnailsShowAndAssign() {
        auto second = ct(m_current, "1.1.2", 3, 6);
        second.orientation = Orientation3::Coronal;
        second.record.description = QStringLiteral("冠状位重建 B70f");
        m_source->add(second);
        m_current.series.push_back(m_source->announced(QStringLiteral("1.1.2")));
        openChest(true);
        QVERIFY(QTest::qWaitFor([&] { return m_page->findChild<QWidget*>(QStringLiteral("thumbnail2")); }, 3000));
        // By series number, the prior last.
        QTest::mouseClick(m_page->findChild<QWidget*>(QStringLiteral("thumbnail1")), Qt::LeftButton);
        QCOMPARE(m_controller->viewport(0)->stack.series.value(), QStringLiteral("1.1.2"));
        QTest::mouseClick(m_page->findChild<QWidget*>(QStringLiteral("thumbnail2")), Qt::LeftButton);
        QCOMPARE(m_controller->viewport(0)->stack.series.value(), QStringLiteral("1.2.1"));
    }

    void mismatchRaisesTheBanner() {
        openChest();
        QWidget* banner = m_page->findChild<QWidget*>(QStringLiteral("identityBanner"));
        QVERIFY(banner && !banner->isVisible());
        QSignalSpy mismatch(m_page.get(), &ViewerPage::identityMismatch);
        m_page->setExpectedPatient(somebody("P009", "李娜"));
        QCOMPARE(mismatch.count(), 1);
        QVERIFY(mismatch[0][0].toString().contains(QStringLiteral("P009")));
        QVERIFY(mismatch[0][0].toString().contains(QStringLiteral("王小东")));
        QVERIFY(banner->isVisible());
        keep(QStringLiteral("mismatch"));
        m_page->setExpectedPatient(somebody());
        QVERIFY(!banner->isVisible());
    }

    void brokenFrameIsNotSilentlyBlack() {
        m_source->breakPixels(QStringLiteral("1.1.1/20"));
        openChest();
        m_controller->scrollTo(0, 20);
        QVERIFY(settles(*m_controller, 0));
        const QImage image = viewport(0)->grab().toImage();
        const QPoint center = image.rect().center();
        int lit = 0;
        for (int y = center.y() - 40; y < center.y() + 40; ++y)
            for (int x = center.x() - 200; x < center.x() + 200; ++x)
                lit += qRed(image.pixel(x, y)) > 150;
        QVERIFY(lit > 100);
        keep(QStringLiteral("broken"));
    }

    void keyImageIsTheFrameWithItsAnnotations() {
        openChest();
        m_controller->setWindow(0, -600, 1500);
        QWidget* widget = viewport(0);
        QTest::keyClick(widget, Qt::Key_L);
        drag(widget, QPoint(300, 400), QPoint(500, 400));
        QSignalSpy captured(m_page.get(), &ViewerPage::keyImageRequested);
        QTest::keyClick(widget, Qt::Key_K);
        QVERIFY(captured.wait(5000));
        const auto key = captured[0][0].value<KeyImage>();
        const ShownFrame shown = m_controller->shown(0);
        QCOMPARE(key.object.instance.value(), shown.image->instance.value());
        QCOMPARE(key.frame, 1);
        QCOMPARE(key.windowWidth, 1500.0);
        const QImage image = QImage::fromData(key.png, "PNG");
        QCOMPARE(image.size(), QSize(768, 768)); // 128 px, whole multiple
        int yellow = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const QRgb pixel = image.pixel(x, y);
                yellow += qRed(pixel) > 200 && qGreen(pixel) > 160 && qBlue(pixel) < 120;
            }
        QVERIFY(yellow > 200);
        const QString folder = qEnvironmentVariable("YZ_PICTURES");
        if (!folder.isEmpty())
            image.save(QDir(folder).filePath(QStringLiteral("key-image.png")));
    }

    void reducedPictureIsMarkedAndNeitherMeasuredNorKept() {
        openChest(false, 1, 512, true);
        const QImage full = viewport(0)->grab().toImage();
        m_source->setDecodeDelayMs(2500);
        m_controller->open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return m_controller->shown(0).reduced != nullptr; }, 3000));
        QWidget* widget = viewport(0);
        keep(QStringLiteral("reduced"));
        const QImage reduced = widget->grab().toImage();
        // The plate is amber, whatever else is switched off.
        m_controller->setAnnotationsShown(false);
        const QImage bare = widget->grab().toImage();
        m_controller->setAnnotationsShown(true);
        const auto amberOf = [](const QImage& image) {
            int count = 0;
            for (int y = image.height() * 3 / 4; y < image.height() * 9 / 10; ++y)
                for (int x = image.width() / 4; x < image.width() * 3 / 4; ++x) {
                    const QRgb pixel = image.pixel(x, y);
                    count += qRed(pixel) > 230 && qGreen(pixel) > 170 && qBlue(pixel) < 130;
                }
            return count;
        };
        QVERIFY(amberOf(bare) > 300);
        QVERIFY(amberOf(reduced) > 300);
        QCOMPARE(amberOf(full), 0);
        // Same place, same grey: only detail differs.
        double off = 0;
        int count = 0;
        for (int y = 200; y < reduced.height() * 3 / 5; y += 3)
            for (int x = 200; x < reduced.width() * 3 / 5; x += 3, ++count)
                off += std::abs(qRed(reduced.pixel(x, y)) - qRed(full.pixel(x, y)));
        QVERIFY2(off / count < 12.0, qPrintable(QString::number(off / count)));

        QTest::keyClick(widget, Qt::Key_L);
        drag(widget, QPoint(300, 400), QPoint(500, 400));
        QVERIFY(m_controller->measurements().all().empty());
        QVERIFY(m_page->renderKeyImage().isNull());
        QSignalSpy captured(m_page.get(), &ViewerPage::keyImageRequested);
        QTest::keyClick(widget, Qt::Key_K);
        QVERIFY(!captured.wait(200));
        QVERIFY(m_controller->shown(0).reduced); // all this time

        QVERIFY(settles(*m_controller, 0));
        QVERIFY(m_controller->shown(0).pixels);
        QCoreApplication::processEvents();
        QCOMPARE(amberOf(widget->grab().toImage()), 0);
        drag(widget, QPoint(300, 400), QPoint(500, 400));
        QCOMPARE(m_controller->measurements().all().size(), 1u);
        QTest::keyClick(widget, Qt::Key_K);
        QVERIFY(captured.wait(5000));
    }

    void scrollPaintsEveryImage() {
        openChest(false, 40, 512);
        m_page->resize(1240, 1100);
        QCoreApplication::processEvents();
        QWidget* widget = viewport(0);
        QVERIFY(widget->width() >= 1000 && widget->height() >= 1000);
        QVERIFY(
            QTest::qWaitFor([&] { return m_controller->loadedFrames(m_controller->viewport(0)->stack) == 40; }, 20000));
        m_controller->scrollTo(0, 0);
        QPixmap target(widget->size());
        QList<qint64> waits;
        QImage before;
        for (int i = 1; i < 40; ++i) {
            QElapsedTimer clock;
            clock.start();
            m_controller->scrollTo(0, i);
            widget->render(&target);
            waits << clock.nsecsElapsed();
            const QImage shown = target.toImage();
            QVERIFY2(shown != before, qPrintable(QString::number(i)));
            before = shown;
        }
        std::sort(waits.begin(), waits.end());
        qInfo("scroll to painted pixels, %dx%d: median %.1f ms", widget->width(), widget->height(),
              waits[waits.size() / 2] / 1e6);
        keep(QStringLiteral("chest"));
    }

    void denseLayoutStaysReadable() {
        for (int number = 2; number <= 6; ++number) {
            const QByteArray uid = QByteArrayLiteral("1.1.") + QByteArray::number(number);
            auto series = ct(m_current, uid.constData(), number, 12);
            series.orientation = number % 2 ? Orientation3::Coronal : Orientation3::Axial;
            series.columns = series.rows = 96;
            series.pixelMm = 4;
            series.sliceMm = 10;
            if (number == 4)
                series.missing = {5, 6};
            if (number == 6) {
                series.isProjection = true;
                series.slices = 1;
                series.record.modality = QStringLiteral("DX");
            }
            series.record.description = QStringLiteral("胸部 薄层重建 %1 很长的序列描述 Thin Recon B70f").arg(number);
            m_source->add(series);
            m_current.series.push_back(m_source->announced(series.record.series.value()));
        }
        openChest(true);
        m_controller->setLayout(2, 3);
        QCOMPARE(m_page->findChildren<QWidget*>(QRegularExpression(QStringLiteral("^viewport\\d$"))).size(), 6);
        for (int i = 0; i < 6; ++i)
            QVERIFY(settles(*m_controller, i));
        // What is wrong with a stack is said on its own viewport only.
        for (int i = 0; i < 6; ++i) {
            const auto warnings = viewportWarnings(*m_controller, i, m_controller->shown(i));
            const bool isGappy = m_controller->viewport(i)->stack.series.value() == QLatin1String("1.1.4");
            QCOMPARE(!warnings.empty(), isGappy);
        }
        QTest::qWait(600);
        keep(QStringLiteral("dense"));
    }

    /// While images arrive a gap is no finding, and an empty viewport no verdict.
    void gapsAreToldWhenAllIsHere() {
        auto series = ct(m_current, "1.1.2", 2, 12);
        series.columns = series.rows = 96;
        series.pixelMm = 4;
        series.sliceMm = 10;
        series.missing = {5, 6};
        m_source->add(series);
        m_current.series = {m_source->announced(QStringLiteral("1.1.2"))};
        openChest(true);
        QVERIFY(settles(*m_controller, 0));
        const auto texts = [this] {
            QStringList all;
            for (const ViewportWarning& warning : viewportWarnings(*m_controller, 0, m_controller->shown(0)))
                all << warning.text;
            return all.join(u'|');
        };
        QVERIFY2(texts().contains(QStringLiteral("2 slice(s) missing")), qPrintable(texts()));
        m_controller->setRetrieveProgress({10, 12, 1000}, true);
        QCOMPARE(texts(), QStringLiteral("Images are still arriving"));
        m_controller->setRetrieveProgress({10, 12, 1000}, false); // it broke off: now it counts
        QVERIFY2(texts().contains(QStringLiteral("2 slice(s) missing")), qPrintable(texts()));
        QCOMPARE(viewer_text::emptySlot(QStringLiteral("volume"), {}, true), viewer_text::stillArriving());
        QVERIFY(viewer_text::emptySlot(QStringLiteral("volume"), {}, false) != viewer_text::stillArriving());
        QVERIFY(viewer_text::emptySlot(QStringLiteral("prior"), {}, true) != viewer_text::stillArriving());
    }

    void repairedNameIsSaidOnItsViewport() {
        Patient repaired = somebody();
        repaired.textRepair = {QStringLiteral("ISO_IR 100"), QStringLiteral("GB18030")};
        for (int i = 0; i < 40; ++i)
            m_source->setForeign(QStringLiteral("1.1.1/%1").arg(i), repaired);
        openChest();
        QVERIFY(settles(*m_controller, 0));
        const auto warnings = viewportWarnings(*m_controller, 0, m_controller->shown(0));
        QCOMPARE(warnings.size(), 1u);
        QVERIFY2(warnings.front().text.contains(QStringLiteral("ISO_IR 100 → GB18030")),
                 qPrintable(warnings.front().text));
        QVERIFY(!warnings.front().isSevere);
    }

    void softwareRenderersAreToldApart() {
        QVERIFY(isSoftwareRenderer(QStringLiteral("llvmpipe (LLVM 15.0.6, 256 bits)")));
        QVERIFY(isSoftwareRenderer(QStringLiteral("ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device))")));
        QVERIFY(isSoftwareRenderer({}));
        QVERIFY(!isSoftwareRenderer(QStringLiteral("Mesa Intel(R) UHD Graphics 630 (CFL GT2)")));
        QVERIFY(!isSoftwareRenderer(QStringLiteral("NVIDIA GeForce RTX 3060/PCIe/SSE2")));
        QCOMPARE(chooseDisplayPath(QStringLiteral("gl")), DisplayPath::Gl);
        QCOMPARE(chooseDisplayPath(), DisplayPath::Cpu); // the offscreen platform has no GL
    }
};

QTEST_MAIN(ViewerPageTest)
#include "viewer_page_test.moc"
