#include "jobs/jobs.h"
#include "viewer/viewer_fixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// First pictures of reduced resolution: shown while the frame is decoded, never taken for it.
class ReducedPictureTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current;
    std::shared_ptr<SyntheticSource> m_source;
    std::vector<HangingProtocol> m_protocols;

    SyntheticSource::Series wavelet(int slices, int side = 512) {
        auto series = ct(m_current, "1.1.1", 1, slices);
        series.columns = series.rows = side;
        series.pixelMm = 0.5;
        series.decodesReduced = true;
        return series;
    }
    void add(const SyntheticSource::Series& series) {
        m_source->add(series);
        m_current.series = {m_source->announced(QStringLiteral("1.1.1"))};
    }
    static bool isReduced(ViewerController& controller) {
        return QTest::qWaitFor([&] { return controller.shown(0).reduced != nullptr; }, 5000);
    }
    static bool isFull(ViewerController& controller) {
        return QTest::qWaitFor([&] { return controller.shown(0).pixels != nullptr; }, 5000);
    }

private Q_SLOTS:
    void init() {
        m_current = study("1.1", QDate(2026, 3, 2));
        m_source = std::make_shared<SyntheticSource>();
        m_protocols = {protocol(QStringLiteral("ct"), QStringLiteral("CT"), {row({0})})};
    }
    void cleanup() {
        m_source->setDecodeDelayMs(0);
        jobs::waitForAll();
    }

    void comesFirstAndIsReplaced() {
        add(wavelet(1));
        m_source->setDecodeDelayMs(250);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(isReduced(controller));
        const ShownFrame first = controller.shown(0);
        QVERIFY(!first.pixels);
        QVERIFY(!first.error);
        QCOMPARE(first.drawn(), first.reduced);
        QCOMPARE(first.reduced->reduction, 2);
        QCOMPARE(first.reduced->columns, 128);
        // Drawn under the data set's own window.
        QCOMPARE(controller.viewport(0)->display.window.center, 40.0);
        QCOMPARE(controller.viewport(0)->display.window.width, 400.0);
        QVERIFY(isFull(controller));
        const ShownFrame full = controller.shown(0);
        QVERIFY(!full.reduced);
        QCOMPARE(full.pixels->reduction, 0);
        QCOMPARE(full.drawn(), full.pixels);
        QCOMPARE(full.image, first.image); // one description, one place on the screen
        QVERIFY(fittedTransform(first, {}, 700, 500) == fittedTransform(full, {}, 700, 500));
    }

    /// What asks for stored values gets none; what is geometry is in the full image's pixels and millimetres.
    void isNotMeasured() {
        add(wavelet(1));
        m_source->setDecodeDelayMs(400);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(isReduced(controller));
        const ShownFrame first = controller.shown(0);
        Measurement probe;
        probe.kind = MeasurementKind::Probe;
        probe.series = first.image->series;
        probe.instance = first.image->instance;
        probe.points = {{60, 100}}; // inside the small buffer too
        Measurement length = probe, roi = probe;
        length.kind = MeasurementKind::Length;
        length.points = {{10, 20}, {10, 220}};
        roi.kind = MeasurementKind::RectangleRoi;
        roi.points = {{10, 20}, {60, 70}};
        for (const PixelBufferPtr& pixels : {first.pixels, first.reduced}) {
            const MeasurementResult value = evaluate(probe, *first.image, 0, pixels);
            QVERIFY(value.needsPixels);
            QVERIFY(value.value.unit.isEmpty());
            const MeasurementResult area = evaluate(roi, *first.image, 0, pixels);
            QVERIFY(area.needsPixels);
            QVERIFY(!area.roi);
            QCOMPARE(area.value.value, 25.0 * 25.0); // mm2
            QCOMPARE(evaluate(length, *first.image, 0, pixels).value.value, 100.0);
        }
        const QString id = controller.measurements().add(probe);
        QVERIFY(!controller.reportMeasurement(id, QStringLiteral("CT value")));
        QSignalSpy seen(&controller, &ViewerController::seenChanged);
        controller.markSeen(0);
        QCOMPARE(seen.count(), 0);
        QCOMPARE(controller.loadedFrames({SeriesUid(QStringLiteral("1.1.1")), 0}), 0);

        QVERIFY(isFull(controller));
        QVERIFY(controller.reportMeasurement(id, QStringLiteral("CT value")));
        controller.markSeen(0);
        QCOMPARE(seen.count(), 1);
    }

    void wholeSeriesIsThereBeforeItsFrames() {
        constexpr int slices = 40;
        add(wavelet(slices));
        m_source->setDecodeDelayMs(60);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !controller.studies().isReading(); }, 5000));
        QVERIFY(QTest::qWaitFor(
            [&] {
                (void)controller.shown(0);
                return m_source->reducedCount() >= slices;
            },
            8000));
        // The visible frame and what a handful of cores had begun.
        QVERIFY2(m_source->decodeCount() <= 8, qPrintable(QString::number(m_source->decodeCount())));
        jobs::waitForAll();
        QTest::qWait(1); // their results
        for (int i = 0; i < slices; ++i) {
            controller.scrollTo(0, i);
            const ShownFrame shown = controller.shown(0);
            QCOMPARE(shown.index, i);
            QVERIFY2(shown.drawn(), qPrintable(QString::number(i)));
        }
        // Each is made once.
        QCOMPARE(m_source->reducedCount(), slices);
    }

    void refinesWhenTheReaderStops() {
        constexpr int slices = 60;
        add(wavelet(slices, 256));
        ViewerController controller(m_source, m_protocols);
        controller.setCacheBytes(6 * 256 * 256 * 2); // prefetching cannot have them all
        controller.open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !controller.studies().isReading(); }, 5000));
        QVERIFY(isFull(controller));
        QTest::qWait(100);
        m_source->setDecodeDelayMs(20);
        controller.scrollTo(0, 0);
        QVERIFY(!controller.shown(0).pixels);
        QTest::qWait(20);
        QSignalSpy changed(&controller, &ViewerController::viewportChanged);
        // The viewport is told to ask for the frame itself; nobody touches it.
        QVERIFY(QTest::qWaitFor([&] { return changed.count() > 0; }, 2000));
        QVERIFY(isFull(controller));
        QVERIFY(!controller.shown(0).reduced);
    }

    void brokenFrameIsAnErrorNotAPicture() {
        add(wavelet(1));
        m_source->breakPixels(QStringLiteral("1.1.1/0"));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(settles(controller, 0));
        QTest::qWait(100); // the first picture is there by now
        const ShownFrame shown = controller.shown(0);
        QVERIFY(shown.error);
        QCOMPARE(shown.error->code, ErrorCode::PixelDataBroken);
        QVERIFY(!shown.drawn());
    }

    void withoutAFirstPictureTheFrameComesAlone() {
        auto series = wavelet(3);
        add(series);
        for (int i = 0; i < 3; ++i)
            m_source->breakReduced(QStringLiteral("1.1.1/%1").arg(i));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !controller.studies().isReading(); }, 5000));
        for (int i = 0; i < 3; ++i) {
            controller.scrollTo(0, i);
            QVERIFY(isFull(controller));
        }
        QVERIFY(QTest::qWaitFor(
            [&] {
                return controller.loadedFrames({SeriesUid(QStringLiteral("1.1.1")), 0}) == 3;
            },
            5000));
        QVERIFY(m_source->reducedCount() <= 3); // not tried again and again
    }

    void windowOfTheValuesWaitsForAllOfThem() {
        auto series = wavelet(1);
        series.hasWindow = false;
        add(series);
        m_source->setDecodeDelayMs(200);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(isReduced(controller));
        QVERIFY(!controller.viewport(0)->displayIsSet);
        QVERIFY(controller.viewport(0)->display.window.width > 1.0); // something to see it by
        QVERIFY(isFull(controller));
        const ShownFrame full = controller.shown(0);
        QVERIFY(controller.viewport(0)->displayIsSet);
        QVERIFY(controller.viewport(0)->display.window == defaultSettings(*full.image, 0, *full.pixels).window);
    }

    void volumeIsMadeOfFrames() {
        add(wavelet(8, 256));
        m_source->setDecodeDelayMs(30);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !controller.studies().isReading(); }, 5000));
        QVERIFY(isReduced(controller));
        controller.toggleMpr();
        QVERIFY(controller.state().mpr);
        const StackKey key{SeriesUid(QStringLiteral("1.1.1")), 0};
        QVERIFY(QTest::qWaitFor([&] { return controller.volume(key)->filledCount() == 8; }, 8000));
        QCOMPARE(controller.volume(key)->failedCount(), 0);
        const ShownFrame plane = controller.shown(0);
        QVERIFY(plane.pixels);
        QVERIFY(!plane.reduced);
        QCOMPARE(plane.pixels->reduction, 0);
    }

    void previewTakesWhatIsCheap() {
        add(wavelet(5));
        m_source->setDecodeDelayMs(300);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !controller.studies().isReading(); }, 5000));
        const StackKey key{SeriesUid(QStringLiteral("1.1.1")), 0};
        QVERIFY(QTest::qWaitFor([&] { return controller.preview(key).drawn() != nullptr; }, 5000));
        QVERIFY(controller.preview(key).reduced);
    }

    void closingDropsThem() {
        add(wavelet(30));
        m_source->setDecodeDelayMs(1000); // longer than a busy machine looks away
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(isReduced(controller));
        m_source->setDecodeDelayMs(20);
        controller.close();
        jobs::waitForAll();
        QCoreApplication::processEvents();
        QVERIFY(!controller.shown(0).drawn());
        controller.open(m_current);
        QVERIFY(isReduced(controller) || isFull(controller));
    }
};

QTEST_GUILESS_MAIN(ReducedPictureTest)
#include "reduced_picture_test.moc"
