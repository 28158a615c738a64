#include "imaging/contour_volume.h"
#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/display_path.h"
#include "viewer_ui/histogram_widget.h"
#include "viewer_ui/viewer_page.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>
#include <cmath>

using namespace yz;
using namespace yz::test;

/// Every measuring tool by input events on a phantom of known shape: pixels twice as wide as high (3 x 1.5 mm), slices
/// 6 mm apart; a ball of 60 HU and 8 mm radius about (60, 0, 0). On the stack, and on the axial plane of the volume.
class MeasureToolsPageTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;

    void open(bool onMpr) {
        auto series = ct(m_current, "1.1.1", 2, 41);
        series.columns = 128;
        series.rows = 256;
        series.pixelMm = 3.0;
        series.rowMm = 1.5;
        series.sliceMm = 6.0;
        m_source->add(series);
        m_current.series.push_back(m_source->announced(QStringLiteral("1.1.1")));
        m_controller->open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 10000));
        m_controller->scrollTo(0, 20); // z = 0
        QVERIFY(settles(*m_controller, 0));
        if (onMpr) {
            QTest::keyClick(viewport(), Qt::Key_M);
            const StackKey key = m_controller->viewport(0)->stack;
            QVERIFY(QTest::qWaitFor([&] { return m_controller->volume(key)->filledCount() == 41; }, 10000));
            QVERIFY(m_controller->shown(0).plane);
        }
        m_controller->setActive(0);
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QWidget* viewport(int index = 0) const {
        return m_page->findChild<QWidget*>(QStringLiteral("viewport%1").arg(index));
    }
    /// Patient mm on the slice that viewport 0 shows -> position in the widget, to a fraction of a pixel.
    [[nodiscard]] QPointF at(double x, double y) const {
        const ShownFrame shown = m_controller->shown(0);
        const PlanePosition plane = *shown.image->frame(shown.frame).plane;
        const PixelSpacing spacing = shown.image->frame(shown.frame).spacing;
        const PatientVector way = PatientPoint{x, y, plane.position.z} - plane.position;
        const ImagePoint pixel{way.dot(plane.row) / spacing.columnMm, way.dot(plane.column) / spacing.rowMm};
        QWidget* widget = viewport();
        const ViewAdjustment& view = m_controller->viewport(0)->view;
        const ViewPoint screen = adjustedTransform(fittedTransform(shown, view, widget->width(), widget->height()),
                                                   view, widget->width(), widget->height())
                                     .toView(pixel);
        return {screen.x - 0.5, screen.y - 0.5};
    }
    void send(QEvent::Type type, QPointF position, Qt::MouseButton button, Qt::MouseButtons buttons) const {
        QMouseEvent event(type, position, viewport()->mapToGlobal(position), button, buttons, {});
        QCoreApplication::sendEvent(viewport(), &event);
    }
    void press(QPointF p) const { send(QEvent::MouseButtonPress, p, Qt::LeftButton, Qt::LeftButton); }
    void move(QPointF p, bool isPressed = true) const {
        send(QEvent::MouseMove, p, Qt::NoButton, isPressed ? Qt::LeftButton : Qt::NoButton);
    }
    void release(QPointF p) const { send(QEvent::MouseButtonRelease, p, Qt::LeftButton, Qt::NoButton); }
    void clickAt(QPointF p) const {
        move(p, false);
        press(p);
        release(p);
    }
    void dragTo(QPointF from, QPointF to) const {
        press(from);
        for (int step = 1; step <= 8; ++step)
            move(from + (to - from) * step / 8.0);
        release(to);
    }
    void trace(const std::vector<QPointF>& way) const {
        press(way.front());
        for (size_t i = 1; i < way.size(); ++i)
            for (int step = 1; step <= 12; ++step)
                move(way[i - 1] + (way[i] - way[i - 1]) * step / 12.0);
        release(way.back());
    }
    [[nodiscard]] const Measurement& last() const { return m_controller->measurements().all().back(); }
    [[nodiscard]] MeasurementResult lastResult() const { return m_controller->resultOf(last().id); }
    static bool isNear(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }
    void onBoth() {
        QTest::addColumn<bool>("onMpr");
        QTest::newRow("stack") << false;
        QTest::newRow("MPR") << true;
    }
    void openRow() {
        QFETCH(bool, onMpr);
        open(onMpr);
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
        m_page->resize(1280, 860);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void lengthAndAngle_data() { onBoth(); }
    void lengthAndAngle() {
        openRow();
        QTest::keyClick(viewport(), Qt::Key_L);
        dragTo(at(-90, -40), at(30, 50)); // 120 and 90 mm: 150
        QCOMPARE(lastResult().value.unit, QStringLiteral("mm"));
        QVERIFY(isNear(lastResult().value.value, 150.0, 0.01));
        QTest::keyClick(viewport(), Qt::Key_A);
        clickAt(at(40, 10));
        clickAt(at(-20, 10));
        clickAt(at(10, 40)); // 30 right, 30 down of the vertex
        QVERIFY(isNear(lastResult().value.value, 45.0, 0.01));
        QCOMPARE(m_controller->measurements().all().size(), 2u);
        // A handle: the last point of the angle to (-20, 70): 90 degrees.
        dragTo(at(10, 40), at(-20, 70));
        QVERIFY(isNear(lastResult().value.value, 90.0, 0.01));
    }
    void cobbAndCardiothoracicRatio_data() { onBoth(); }
    void cobbAndCardiothoracicRatio() {
        openRow();
        QTest::keyClick(viewport(), Qt::Key_A, Qt::ShiftModifier);
        QCOMPARE(m_controller->state().tool, ViewerTool::CobbAngle);
        dragTo(at(-60, -40), at(60, -40));
        QVERIFY(m_controller->measurements().all().empty());
        dragTo(at(-50, 60), at(50, 60 - 100 * std::tan(M_PI / 6)));
        QCOMPARE(last().kind, MeasurementKind::CobbAngle);
        QVERIFY(isNear(lastResult().value.value, 30.0, 0.01));

        QTest::keyClick(viewport(), Qt::Key_C, Qt::ShiftModifier);
        clickAt(at(-45, 70)); // by clicks too
        clickAt(at(75, 70));
        dragTo(at(-120, 90), at(120, 90));
        QCOMPARE(last().kind, MeasurementKind::CardiothoracicRatio);
        QVERIFY(isNear(lastResult().value.value, 0.5, 1e-4));
        QVERIFY(isNear(lastResult().also[1].value, 240.0, 0.01));
        keep(QStringLiteral("cobb-ctr"));
    }
    void regionsOfInterest_data() { onBoth(); }
    void regionsOfInterest() {
        openRow();
        QTest::keyClick(viewport(), Qt::Key_R);
        dragTo(at(56, -4), at(64, 4));
        QVERIFY(isNear(lastResult().value.value, 64.0, 0.05));
        QVERIFY(lastResult().roi);
        QCOMPARE(lastResult().roi->mean, 60.0);
        QCOMPARE(lastResult().roi->sd, 0.0);
        // By the corner that was never set by hand.
        dragTo(at(64, -4), at(80, -20));
        QVERIFY(isNear(lastResult().value.value, 24.0 * 24.0, 0.1));

        QTest::keyClick(viewport(), Qt::Key_E);
        dragTo(at(-120, -30), at(-80, 0));
        QVERIFY(isNear(lastResult().value.value, M_PI * 20.0 * 15.0, 0.3));

        // Traced: a triangle of 40 x 30 mm.
        QTest::keyClick(viewport(), Qt::Key_E, Qt::ShiftModifier);
        trace({at(-20, 0), at(20, 0), at(-20, 30), at(-20, 0.5)});
        QCOMPARE(last().kind, MeasurementKind::FreehandRoi);
        QVERIFY2(isNear(lastResult().value.value, 600.0, 6.0), qPrintable(QString::number(lastResult().value.value)));
        QVERIFY(last().points.size() + last().patientPoints.size() < 8); // straight sides need no points in between
        // Corner by corner, closed by a double click.
        m_controller->measurements().select({});
        const size_t before = m_controller->measurements().all().size();
        clickAt(at(-60, 50));
        clickAt(at(-20, 50));
        clickAt(at(0, 90)); // one too many
        QTest::keyClick(viewport(), Qt::Key_Backspace);
        clickAt(at(-20, 80));
        clickAt(at(-60, 80));
        QCOMPARE(m_controller->measurements().all().size(), before);
        send(QEvent::MouseButtonDblClick, at(-60, 80), Qt::LeftButton, Qt::LeftButton);
        release(at(-60, 80));
        QCOMPARE(m_controller->measurements().all().size(), before + 1);
        QVERIFY(isNear(lastResult().value.value, 1200.0, 0.5));
        // Closed on its first corner.
        clickAt(at(20, 50));
        clickAt(at(60, 50));
        clickAt(at(60, 80));
        clickAt(at(20, 50));
        QCOMPARE(m_controller->measurements().all().size(), before + 2);
        QVERIFY(isNear(lastResult().value.value, 600.0, 0.5));

        QTest::keyClick(viewport(), Qt::Key_P);
        clickAt(at(62, -3));
        QCOMPARE(lastResult().value.value, 60.0);
        QCOMPARE(lastResult().value.unit, QStringLiteral("[hnsf'U]"));
        keep(QStringLiteral("rois"));
    }
    void bidirectionalStaysSquare_data() { onBoth(); }
    void bidirectionalStaysSquare() {
        openRow();
        QTest::keyClick(viewport(), Qt::Key_L, Qt::ShiftModifier);
        dragTo(at(-40, -30), at(40, 30)); // 100 mm
        dragTo(at(0, 0), at(-20, 40));    // (-20, 40) along (-3, 4) / 5: 44 mm
        QCOMPARE(last().kind, MeasurementKind::Bidirectional);
        QVERIFY(isNear(lastResult().value.value, 100.0, 0.01));
        QVERIFY(isNear(lastResult().also.at(0).value, 44.0, 0.01));
        dragTo(at(40, 30), at(60, -30)); // the long axis now lies level
        QVERIFY(isNear(lastResult().value.value, 100.0, 0.01));
        QVERIFY(isNear(lastResult().also.at(0).value, 44.0, 0.01));
        const std::vector<ImagePoint> points = m_controller->placed(last().id)->measurement.points;
        QVERIFY(isNear(points[2].x, points[3].x, 1e-3));
    }
    void arrowAndText_data() { onBoth(); }
    void arrowAndText() {
        openRow();
        QTest::keyClick(viewport(), Qt::Key_D);
        dragTo(at(60, 0), at(100, -40));
        QCOMPARE(last().kind, MeasurementKind::Arrow);
        QTest::keyClick(viewport(), Qt::Key_F7);
        auto* label = viewport()->findChild<QLineEdit*>(QStringLiteral("measurementLabel"));
        QVERIFY(label);
        QTest::keyClicks(label, QStringLiteral("nodule"));
        QTest::keyClick(label, Qt::Key_Return);
        QCOMPARE(last().label, QStringLiteral("nodule"));

        QTest::keyClick(viewport(), Qt::Key_D, Qt::ShiftModifier);
        clickAt(at(-60, 20));
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        label = viewport()->findChild<QLineEdit*>(QStringLiteral("measurementLabel"));
        QVERIFY(label);
        label->setText(QStringLiteral("随访"));
        QTest::keyClick(label, Qt::Key_Return);
        QCOMPARE(last().kind, MeasurementKind::Text);
        QCOMPARE(last().label, QStringLiteral("随访"));
        keep(QStringLiteral("text"));
        // A text without words is none.
        clickAt(at(-60, 60));
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        label = viewport()->findChild<QLineEdit*>(QStringLiteral("measurementLabel"));
        QVERIFY(label);
        QTest::keyClick(label, Qt::Key_Return);
        QCOMPARE(m_controller->measurements().all().size(), 2u);
    }
    void volumeByContours_data() { onBoth(); }
    void volumeByContours() {
        QFETCH(bool, onMpr);
        open(onMpr);
        QTest::keyClick(viewport(), Qt::Key_V, Qt::ShiftModifier);
        // Squares of 20, 30 and 20 mm on three neighbouring slices, 6 mm apart: (400 + 900 + 400) * 6.
        const int start = m_controller->shown(0).index;
        for (int slice = -1; slice <= 1; ++slice) {
            m_controller->scrollTo(0, start + slice);
            QVERIFY(settles(*m_controller, 0));
            const double half = slice == 0 ? 15 : 10;
            trace({at(-half, -half), at(half, -half), at(half, half), at(-half, half), at(-half, -half + 0.3)});
        }
        QCOMPARE(m_controller->measurements().all().size(), 3u);
        QCOMPARE(m_controller->measurements().all()[0].group, last().group);
        QVERIFY(!last().group.isEmpty());
        const double volume = *m_controller->volumeOfGroup(last().group);
        QVERIFY2(isNear(volume, 1700.0 * 6.0, 150.0), qPrintable(QString::number(volume)));
        const MeasurementResult result = lastResult();
        QCOMPARE(result.also.back().unit, QStringLiteral("mm3"));
        const auto cited = m_controller->reportMeasurement(last().id, QStringLiteral("Volume"));
        QVERIFY(cited);
        QCOMPARE(cited->unit, QStringLiteral("mm3"));
        QCOMPARE(cited->value, volume);
        // Escape: the next outline is another volume.
        QTest::keyClick(viewport(), Qt::Key_Escape);
        trace({at(60, 60), at(80, 60), at(80, 80), at(60, 80), at(60, 60.3)});
        QVERIFY(last().group != m_controller->measurements().all()[0].group);
    }
    void ultrasoundTimeAndVelocity() {
        SyntheticSource::Series series;
        series.study = m_current;
        series.record.series = SeriesUid(QStringLiteral("1.1.7"));
        series.record.modality = QStringLiteral("US");
        series.columns = 300;
        series.rows = 200;
        series.slices = 3;
        series.isColourCine = true;
        UltrasoundRegion spectrum;
        spectrum.minX = 0;
        spectrum.minY = 100;
        spectrum.maxX = 299;
        spectrum.maxY = 199;
        spectrum.format = UltrasoundFormat::Spectral;
        spectrum.unitX = UltrasoundUnit::Second;
        spectrum.unitY = UltrasoundUnit::CentimetrePerSecond;
        spectrum.deltaX = 0.01;
        spectrum.deltaY = -2.0; // up is faster
        spectrum.referenceY = 90.0;
        series.regions = {spectrum, {0, 0, 299, 99, 0.2, 0.4}};
        m_source->add(series);
        m_current.series.push_back(m_source->announced(QStringLiteral("1.1.7")));
        m_controller->open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 10000));
        QVERIFY(settles(*m_controller, 0));
        QCoreApplication::processEvents();
        const auto pixel = [&](double x, double y) {
            const ShownFrame shown = m_controller->shown(0);
            QWidget* widget = viewport();
            const ViewPoint screen =
                fittedTransform(shown, m_controller->viewport(0)->view, widget->width(), widget->height())
                    .toView({x, y});
            return QPointF(screen.x - 0.5, screen.y - 0.5);
        };
        QTest::keyClick(viewport(), Qt::Key_L);
        dragTo(pixel(50, 180), pixel(130, 140)); // 0.8 s, 80 cm/s
        MeasurementResult result = lastResult();
        QCOMPARE(result.value.unit, QStringLiteral("s"));
        QVERIFY(isNear(result.value.value, 0.8, 1e-4));
        QCOMPARE(result.also.at(0).unit, QStringLiteral("cm/s"));
        QVERIFY(isNear(std::abs(result.also.at(0).value), 80.0, 1e-2));
        QTest::keyClick(viewport(), Qt::Key_P);
        clickAt(pixel(200, 130)); // 60 px above the base line: 120 cm/s
        QCOMPARE(lastResult().value.unit, QStringLiteral("cm/s"));
        QVERIFY(isNear(lastResult().value.value, 120.0, 0.1));
        QTest::keyClick(viewport(), Qt::Key_L);
        dragTo(pixel(20, 20), pixel(50, 60)); // in the picture: 6 and 16 mm
        QVERIFY(isNear(lastResult().value.value, std::hypot(6.0, 16.0), 0.01));
    }
    void listJumpsNamesAndDeletes() {
        open(false);
        QTest::keyClick(viewport(), Qt::Key_R);
        dragTo(at(50, -10), at(70, 10));
        const QString first = last().id;
        m_controller->scrollTo(0, 30);
        QVERIFY(settles(*m_controller, 0));
        QTest::keyClick(viewport(), Qt::Key_L);
        dragTo(at(-50, 0), at(50, 0));
        const QString second = last().id;
        QTest::keyClick(viewport(), Qt::Key_J);
        auto* tree = m_page->findChild<QTreeWidget*>(QStringLiteral("measurementTree"));
        QVERIFY(tree && tree->isVisible());
        QTRY_COMPARE(tree->topLevelItemCount(), 2);
        const auto clickRow = [&](int row) {
            QTest::mouseClick(tree->viewport(), Qt::LeftButton, {},
                              tree->visualItemRect(tree->topLevelItem(row)).center());
        };
        clickRow(0);
        QCOMPARE(m_controller->viewport(0)->index, 20);
        QCOMPARE(m_controller->measurements().selected(), first);
        auto* histogram = m_page->findChild<HistogramWidget*>(QStringLiteral("roiHistogram"));
        QTRY_VERIFY(histogram->isVisible());
        int pixels = 0;
        for (const int count : histogram->histogram().counts)
            pixels += count;
        QCOMPARE(pixels, m_controller->resultOf(first).roi->pixels);
        keep(QStringLiteral("list"));
        // A name by typing over it.
        QTRY_VERIFY(tree->currentItem());
        tree->setFocus();
        tree->editItem(tree->topLevelItem(0), 0);
        auto* editor = tree->viewport()->findChild<QLineEdit*>();
        QVERIFY(editor);
        editor->setText(QStringLiteral("右肺结节"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(m_controller->measurements().find(first)->label, QStringLiteral("右肺结节"));
        // From the keyboard: next one, its number into the report.
        QTest::keyClick(viewport(), Qt::Key_U);
        QCOMPARE(m_controller->measurements().selected(), second);
        QCOMPARE(m_controller->viewport(0)->index, 30);
        QSignalSpy cited(m_page.get(), &ViewerPage::measurementToReport);
        QTest::keyClick(viewport(), Qt::Key_Q);
        QCOMPARE(cited.count(), 1);
        QCOMPARE(cited[0][0].value<ReportMeasurement>().id, second);
        QVERIFY(isNear(cited[0][0].value<ReportMeasurement>().value, 100.0, 0.01));
        QTest::keyClick(viewport(), Qt::Key_Delete);
        QCOMPARE(m_controller->measurements().all().size(), 1u);
        QTest::keyClick(viewport(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(m_controller->measurements().all().size(), 2u);
        QTest::keyClick(viewport(), Qt::Key_Y, Qt::ControlModifier);
        QCOMPARE(m_controller->measurements().all().size(), 1u);
        QTRY_COMPARE(tree->topLevelItemCount(), 1);
    }
    void planeMeasurementIsFoundAgain() {
        open(true);
        QTest::keyClick(viewport(), Qt::Key_L);
        dragTo(at(-60, 10), at(60, 10));
        const QString id = last().id;
        QTest::keyClick(viewport(), Qt::Key_M); // back to the stack
        QVERIFY(!m_controller->state().mpr);
        QVERIFY(m_controller->measurementsOn(m_controller->shown(0)).empty());
        QVERIFY(m_controller->showMeasurement(id));
        QVERIFY(m_controller->state().mpr);
        const int active = m_controller->state().active;
        QCOMPARE(m_controller->measurementsOn(m_controller->shown(active)).size(), 1u);
    }
    void measurementsOfReportsAreShown() {
        // As another program reports them: a circle in an image, a line in space; and one of the reader's own.
        MeasurementReport report;
        report.series = SeriesUid(QStringLiteral("1.1.88"));
        report.instance = InstanceUid(QStringLiteral("1.1.88.1"));
        MeasurementGroup circle;
        circle.trackingId = QStringLiteral("T1");
        circle.trackingUid = QStringLiteral("2.25.1");
        circle.finding = {QStringLiteral("1"), QStringLiteral("X"), QStringLiteral("Nodule")};
        circle.regions = {{MeasuredRegion::Shape::Circle,
                           {{20, 60}, {30, 60}},
                           {{}, InstanceUid(QStringLiteral("1.1.1.21"))},
                           1,
                           {},
                           {}}};
        circle.numbers = {{{{}, {}, QStringLiteral("Area")}, {}, 3.5, {QStringLiteral("cm2"), {}, {}}, {}}};
        MeasurementGroup line;
        line.trackingUid = QStringLiteral("2.25.2");
        line.numbers = {{{{}, {}, QStringLiteral("Length")}, {}, 60.0, {QStringLiteral("mm"), {}, {}}, {}}};
        line.numbers[0].regions = {{MeasuredRegion::Shape::Polyline,
                                    {},
                                    {},
                                    1,
                                    {{-30, 20, 0}, {30, 20, 0}},
                                    FrameOfReferenceUid(QStringLiteral("1.9.1"))}};
        report.groups = {circle, line};
        m_current.series.push_back(m_source->add(report, m_current.study));
        open(false);
        const InstanceUid here = m_controller->shown(0).image->instance;
        QTRY_VERIFY(!m_controller->reportedOn(m_controller->shown(0)).empty());
        const auto onThis = m_controller->reportedOn(m_controller->shown(0));
        if (here.value() == QLatin1String("1.1.1.21"))
            QCOMPARE(onThis.size(), 2u);
        // The line in space: 60 mm of 3 mm columns.
        QVERIFY(std::any_of(onThis.begin(), onThis.end(), [](const ReportedMeasurement& reported) {
            const std::vector<ImagePoint>& p = reported.measurement.points;
            return p.size() == 2 && isNear(p[1].x - p[0].x, 20.0, 1e-6);
        }));
        const auto greenPixels = [&] {
            const QImage image = viewport()->grab().toImage();
            int count = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x) {
                    const QColor c = image.pixelColor(x, y);
                    count += c.green() > 180 && c.red() < 170 && c.blue() < 180;
                }
            return count;
        };
        QVERIFY(greenPixels() > 60);
        keep(QStringLiteral("reported"));
        m_controller->setAnnotationsShown(false);
        QVERIFY(greenPixels() < 10);
        m_controller->setAnnotationsShown(true);
        m_controller->scrollTo(0, 30);
        QVERIFY(settles(*m_controller, 0));
        QVERIFY(m_controller->reportedOn(m_controller->shown(0)).empty());
        // The reader's own, come back from the platform, are not drawn twice.
        m_controller->scrollTo(0, 20);
        Measurement own;
        own.trackingUid = QStringLiteral("2.25.2");
        own.points = {{1, 1}, {2, 2}};
        m_controller->measurements().add(own);
        for (const ReportedMeasurement& reported : m_controller->reportedOn(m_controller->shown(0)))
            QVERIFY(reported.measurement.trackingUid != QLatin1String("2.25.2"));
    }
    void savedTheMomentItIsMadeAndOpenedAgain() {
        open(false);
        QSignalSpy settled(&m_controller->measurements(), &MeasurementList::settled);
        QTest::keyClick(viewport(), Qt::Key_L);
        dragTo(at(-60, 10), at(60, 10));
        QCOMPARE(settled.count(), 1);
        dragTo(at(60, 10), at(70, 10)); // many moves, one change to store
        QCOMPARE(settled.count(), 2);
        QTest::keyClick(viewport(), Qt::Key_E, Qt::ShiftModifier);
        trace({at(-20, 40), at(20, 40), at(-20, 70), at(-20, 40.5)});
        const std::vector<Measurement> made = m_controller->measurements().all();
        const QJsonObject saved = m_controller->saveState();
        ViewerController again(m_source, {});
        again.open(m_current);
        again.restoreState(saved);
        QCOMPARE(again.measurements().all(), made);
        QVERIFY(QTest::qWaitFor([&] { return !again.studies().isReading(); }, 10000));
        QVERIFY(QTest::qWaitFor([&] { return !again.resultOf(made[1].id).needsPixels; }, 5000));
        QCOMPARE(again.resultOf(made[0].id).value.value, m_controller->resultOf(made[0].id).value.value);
        QCOMPARE(*again.resultOf(made[1].id).roi, *m_controller->resultOf(made[1].id).roi);
    }
};

QTEST_MAIN(MeasureToolsPageTest)
#include "measure_tools_page_test.moc"
