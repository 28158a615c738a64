#include "jobs/jobs.h"
#include "viewer/viewer_fixture.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace yz;
using namespace yz::test;

class ViewerControllerTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current, m_prior;
    std::shared_ptr<SyntheticSource> m_source;
    std::vector<HangingProtocol> m_protocols;

    void addCurrent(const SyntheticSource::Series& series) {
        m_source->add(series);
        m_current.series.push_back(m_source->announced(series.record.series.value()));
    }
    void addPrior(const SyntheticSource::Series& series) {
        m_source->add(series);
        m_prior.series.push_back(m_source->announced(series.record.series.value()));
    }
    static bool allRead(ViewerController& controller) {
        return QTest::qWaitFor([&] { return !controller.studies().isReading(); }, 5000);
    }

private Q_SLOTS:
    void init() {
        m_current = study("1.1", QDate(2026, 3, 2));
        m_prior = study("1.2", QDate(2025, 6, 1));
        m_source = std::make_shared<SyntheticSource>();
        m_protocols = {protocol(QStringLiteral("ct"), QStringLiteral("CT"),
                                {row({0}), row({0, 1}), row({0, 0, 0}, QStringLiteral("mpr-axial"))})};
        auto& planes = m_protocols[0].stages[2].viewports;
        planes[1].kind = QStringLiteral("mpr-coronal");
        planes[2].kind = QStringLiteral("mpr-sagittal");
    }
    void cleanup() { jobs::waitForAll(); }

    void firstPictureIsTheMiddleOne() {
        addCurrent(ct(m_current, "1.1.1", 1, 21));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(settles(controller, 0));
        const ShownFrame shown = controller.shown(0);
        QVERIFY(shown.pixels);
        QCOMPARE(shown.image->instanceNumber, 11);
        // Its place holds while the rest of the stack is read.
        QVERIFY(allRead(controller));
        QCOMPARE(controller.shown(0).image->instanceNumber, 11);
        QCOMPARE(controller.shown(0).index, 10);
        QCOMPARE(controller.shown(0).count, 21);
        QCOMPARE(controller.state().protocolId, QStringLiteral("ct"));
        // The data set's own window.
        QCOMPARE(controller.viewport(0)->display.window.center, 40.0);
    }

    void placeIsKeptWhileInstancesArriveOutOfOrder() {
        const auto series = ct(m_current, "1.1.1", 1, 30);
        m_source->add(series);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(!controller.shown(0).image);
        controller.addInstance(SyntheticSource::instance(series, 17));
        QVERIFY(settles(controller, 0));
        QCOMPARE(controller.shown(0).image->instanceNumber, 18);
        for (const int number : {29, 3, 18, 0})
            controller.addInstance(SyntheticSource::instance(series, number));
        QVERIFY(allRead(controller));
        QCOMPARE(controller.shown(0).image->instanceNumber, 18);
        QCOMPARE(controller.shown(0).index, 2); // 0 3 [17] 18 29
        controller.scrollBy(0, 1);
        QCOMPARE(controller.shown(0).image->instanceNumber, 19);
        for (int number = 0; number < 30; ++number)
            controller.addInstance(SyntheticSource::instance(series, number));
        QVERIFY(allRead(controller));
        QCOMPARE(controller.shown(0).count, 30);
        QCOMPARE(controller.shown(0).image->instanceNumber, 19);
        QCOMPARE(controller.shown(0).index, 18);
    }

    void visibleFrameIsDecodedBeforeTheRest() {
        addCurrent(ct(m_current, "1.1.1", 1, 60));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(settles(controller, 0));
        QVERIFY(allRead(controller));
        m_source->setDecodeDelayMs(4);
        controller.scrollTo(0, 59);
        const int before = m_source->decodeCount();
        QVERIFY(settles(controller, 0));
        // At most the jobs already under way come before it.
        QVERIFY(m_source->decodeCount() - before <= jobs::pool(jobs::Lane::Decode).maxThreadCount() + 3);
    }

    void brokenFrameSaysSo() {
        auto series = ct(m_current, "1.1.1", 1, 5);
        addCurrent(series);
        m_source->breakPixels(QStringLiteral("1.1.1/2"));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        controller.scrollTo(0, 2);
        QVERIFY(settles(controller, 0));
        QVERIFY(controller.shown(0).error);
        QCOMPARE(controller.shown(0).error->code, ErrorCode::PixelDataBroken);
        jobs::waitForAll();
        m_source->repairPixels(QStringLiteral("1.1.1/2"));
        QVERIFY(controller.shown(0).error); // not asked for again by itself
        controller.retryFrame(0);
        QVERIFY(settles(controller, 0));
        QVERIFY(controller.shown(0).pixels);
        controller.scrollTo(0, 3);
        QVERIFY(settles(controller, 0));
        QVERIFY(controller.shown(0).pixels);
    }

    void brokenHeaderIsCountedNotHidden() {
        addCurrent(ct(m_current, "1.1.1", 1, 4));
        m_source->breakHeader(QStringLiteral("1.1.1/1"));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        const LoadedSeries* series = controller.studies().series(SeriesUid(QStringLiteral("1.1.1")));
        QCOMPARE(series->images.size(), 3u);
        QCOMPARE(series->refused.size(), 1u);
        QCOMPARE(series->refused[0].error.code, ErrorCode::DataSetBroken);
    }

    void seriesOfBrokenFilesSaysSoInItsViewport() {
        addCurrent(ct(m_current, "1.1.1", 1, 2));
        m_source->breakHeader(QStringLiteral("1.1.1/0"));
        m_source->breakHeader(QStringLiteral("1.1.1/1"));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        QCOMPARE(controller.viewport(0)->content, ViewportState::Content::Stack);
        QVERIFY(controller.shown(0).error);
        QCOMPARE(controller.shown(0).error->code, ErrorCode::DataSetBroken);
    }

    void foreignPatientIsKeptOut() {
        addCurrent(ct(m_current, "1.1.1", 1, 4));
        m_source->setForeign(QStringLiteral("1.1.1/3"), somebody("P777", "Li^Na=李^娜"));
        ViewerController controller(m_source, m_protocols);
        QSignalSpy mismatch(&controller, &ViewerController::identityMismatch);
        controller.open(m_current);
        controller.setExpectedPatient(somebody());
        QVERIFY(allRead(controller));
        const LoadedSeries* series = controller.studies().series(SeriesUid(QStringLiteral("1.1.1")));
        QCOMPARE(series->images.size(), 3u);
        QCOMPARE(series->refused[0].error.code, ErrorCode::PatientMismatch);
        QVERIFY(mismatch.count() >= 1);
        QCOMPARE(controller.identityDifferences().size(), 2u); // ID and name
    }

    void identity_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("differences");
        QTest::newRow("same") << "P001"
                              << "Wang^XiaoDong=王^小东" << 0;
        QTest::newRow("Chinese only in the first group") << "P001"
                                                         << "王小东" << 0;
        QTest::newRow("Latin only, other case") << "P001"
                                                << "WANG^XIAODONG" << 0;
        QTest::newRow("other id") << "P002"
                                  << "Wang^XiaoDong=王^小东" << 1;
        QTest::newRow("other Chinese name, same Latin") << "P001"
                                                        << "Wang^XiaoDong=王^晓东" << 1;
        QTest::newRow("other Latin name") << "P001"
                                          << "Wang^XiaoLi" << 1;
        QTest::newRow("both") << "P002"
                              << "李娜" << 2;
        QTest::newRow("order without id") << ""
                                          << "王小东" << 0;
    }
    void identity() {
        QFETCH(QString, id);
        QFETCH(QString, name);
        QFETCH(int, differences);
        addCurrent(ct(m_current, "1.1.1", 1, 1));
        ViewerController controller(m_source, m_protocols);
        QSignalSpy mismatch(&controller, &ViewerController::identityMismatch);
        controller.open(m_current);
        controller.setExpectedPatient(somebody(id.toUtf8().constData(), name.toUtf8().constData()));
        QCOMPARE(static_cast<int>(controller.identityDifferences().size()), differences);
        QCOMPARE(mismatch.count(), differences > 0 ? 1 : 0);
    }

    void priorIsHungAndLinkedByIndex() {
        addCurrent(ct(m_current, "1.1.1", 1, 21));
        auto old = ct(m_prior, "1.2.1", 1, 11);
        old.frameOfReference = QStringLiteral("1.9.2");
        addPrior(old);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current, {m_prior});
        QVERIFY(allRead(controller));
        controller.applyProtocol(QStringLiteral("ct"), 1);
        QCOMPARE(controller.state().viewports.size(), 2u);
        QCOMPARE(controller.viewport(1)->stack.series.value(), QStringLiteral("1.2.1"));
        controller.scrollTo(0, 0);
        QCOMPARE(controller.viewport(1)->index, 0);
        controller.scrollTo(0, 20);
        QCOMPARE(controller.viewport(1)->index, 10);
        controller.setLinked(false);
        controller.scrollTo(0, 4);
        QCOMPARE(controller.viewport(1)->index, 10);
    }

    void missingPriorSaysWhatIsMissing() {
        addCurrent(ct(m_current, "1.1.1", 1, 5));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        controller.applyProtocol(QStringLiteral("ct"), 1);
        QCOMPARE(controller.viewport(1)->content, ViewportState::Content::Empty);
        QCOMPARE(controller.viewport(1)->emptyText, QStringLiteral("prior"));
    }

    void linkIsByPositionInOneFrameOfReference() {
        addCurrent(ct(m_current, "1.1.1", 1, 20)); // 5 mm
        auto thin = ct(m_current, "1.1.2", 2, 50); // 2 mm, same centre
        thin.sliceMm = 2.0;
        addCurrent(thin);
        auto sagittal = ct(m_current, "1.1.3", 3, 30);
        sagittal.orientation = Orientation3::Sagittal;
        addCurrent(sagittal);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        controller.setLayout(1, 3);
        for (int i = 0; i < 3; ++i)
            controller.showStack(i, {SeriesUid(QStringLiteral("1.1.%1").arg(i + 1)), 0});
        const int sagittalIndex = controller.viewport(2)->index;
        controller.scrollTo(0, 12);
        const auto z = [&](int viewport) {
            const ShownFrame shown = controller.shown(viewport);
            return shown.image->frame(shown.frame).plane->position.z;
        };
        QVERIFY(std::abs(z(0) - z(1)) <= 1.0);
        QCOMPARE(controller.viewport(2)->index, sagittalIndex);
    }

    void protocolDoesNotReplaceWhatTheReaderWorksIn() {
        const auto first = ct(m_current, "1.1.5", 5, 6);
        const auto second = ct(m_current, "1.1.1", 1, 6); // would win the tie by its number
        m_source->add(first);
        m_source->add(second);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        for (int i = 0; i < 6; ++i)
            controller.addInstance(SyntheticSource::instance(first, i));
        QVERIFY(settles(controller, 0));
        QVERIFY(allRead(controller));
        controller.scrollTo(0, 4);
        for (int i = 0; i < 6; ++i)
            controller.addInstance(SyntheticSource::instance(second, i));
        QVERIFY(allRead(controller));
        QCOMPARE(controller.viewport(0)->stack.series.value(), QStringLiteral("1.1.5"));
        QCOMPARE(controller.viewport(0)->index, 4);
    }

    void planesFollowTheCrossHair() {
        auto series = ct(m_current, "1.1.1", 1, 40);
        series.columns = series.rows = 96;
        series.sliceMm = 3.0;
        addCurrent(series);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        QVERIFY(controller.mprPossible(0));
        controller.scrollTo(0, 20);
        controller.toggleMpr();
        QVERIFY(controller.state().mpr);
        QCOMPARE(controller.state().viewports.size(), 3u);
        const StackKey key = controller.viewport(0)->stack;
        QVERIFY(QTest::qWaitFor([&] { return controller.volume(key)->filledCount() == 40; }, 5000));
        // To the nodule at (60, 0, 0): every plane then goes through it.
        const ShownFrame axial = controller.shown(0);
        QVERIFY(axial.plane);
        const PatientVector offset = PatientPoint{60, 0, axial.plane->origin.z} - axial.plane->origin;
        controller.setCrosshair(0, {offset.dot(axial.plane->row) / axial.plane->pixelMm,
                                    offset.dot(axial.plane->column) / axial.plane->pixelMm});
        const ShownFrame coronal = controller.shown(1), sagittal = controller.shown(2);
        QVERIFY(std::abs((PatientPoint{60, 0, 0} - coronal.plane->origin).dot(coronal.plane->normal())) <= 2.0);
        QVERIFY(std::abs((PatientPoint{60, 0, 0} - sagittal.plane->origin).dot(sagittal.plane->normal())) <= 2.0);
        const auto valueAt = [](const ShownFrame& shown, PatientPoint point) {
            const PatientVector d = point - shown.plane->origin;
            const auto x = std::lround(d.dot(shown.plane->row) / shown.plane->pixelMm);
            const auto y = std::lround(d.dot(shown.plane->column) / shown.plane->pixelMm);
            const double stored = shown.pixels->as<std::int16_t>()[y * shown.pixels->columns + x];
            return modalityValue(shown.image->frame(0), stored);
        };
        QCOMPARE(valueAt(coronal, {60, 0, 0}), 60.0);
        QCOMPARE(valueAt(sagittal, {60, 0, 0}), 60.0);
        QVERIFY(valueAt(coronal, {100, 0, 0}) < 0);
        // Lines of the other two planes.
        QCOMPARE(controller.crossLines(0).size(), 2u);
        // Scrolling one plane moves the line on the others.
        const CrossLine before = controller.crossLines(1)[0];
        controller.scrollBy(0, 5);
        const CrossLine after = controller.crossLines(1)[0];
        QVERIFY(std::abs(before.from.y - after.from.y) > 1.0);
        controller.toggleMpr();
        QVERIFY(!controller.state().mpr);
        QCOMPARE(controller.shown(0).index, 20);
    }

    void unevenStackRefusesMprWithAReason() {
        auto series = ct(m_current, "1.1.1", 1, 20);
        series.missing = {7, 8};
        addCurrent(series);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        const Stack* stack = controller.studies().stack({SeriesUid(QStringLiteral("1.1.1")), 0});
        QVERIFY(std::any_of(stack->findings.begin(), stack->findings.end(),
                            [](const GeometryFinding& f) { return f.kind == GeometryFinding::Kind::MissingSlices; }));
        QVERIFY(!controller.mprPossible(0));
        controller.toggleMpr();
        QVERIFY(!controller.state().mpr);
    }

    void referenceLinesShowWhereTheOthersStand() {
        addCurrent(ct(m_current, "1.1.1", 1, 21)); // axial, z from -50 to 50 in steps of 5 mm
        auto sagittal = ct(m_current, "1.1.2", 2, 21);
        sagittal.orientation = Orientation3::Sagittal;
        addCurrent(sagittal);
        auto elsewhere = ct(m_current, "1.1.3", 3, 21);
        elsewhere.frameOfReference = QStringLiteral("1.9.2");
        elsewhere.orientation = Orientation3::Sagittal;
        addCurrent(elsewhere);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        controller.setLayout(1, 3);
        for (int i = 0; i < 3; ++i)
            controller.showStack(i, {SeriesUid(QStringLiteral("1.1.%1").arg(i + 1)), 0});
        controller.setActive(0);
        controller.scrollTo(0, 12); // z = 10 mm
        controller.scrollTo(1, 10); // x = 0 mm
        // 64 pixels of 2 mm from z = 63 down: z = 10 is row 26.5; the axial is as wide as the sagittal.
        const auto marks = controller.referenceMarks(1);
        QCOMPARE(marks.size(), 1u);
        QCOMPARE(marks[0].viewport, 0);
        QVERIFY(marks[0].isActive);
        QVERIFY(std::abs(marks[0].from.y - 26.5) < 1e-9 && std::abs(marks[0].to.y - 26.5) < 1e-9);
        QVERIFY(std::abs(std::abs(marks[0].to.x - marks[0].from.x) - 64.0) < 1e-9);
        // The other way round: x = 0 is column 31.5.
        const auto back = controller.referenceMarks(0);
        QCOMPARE(back.size(), 1u);
        QVERIFY(!back[0].isActive);
        QVERIFY(std::abs(back[0].from.x - 31.5) < 1e-9);
        // Another frame of reference has no place here.
        QVERIFY(controller.referenceMarks(2).empty());
        // Scrolling redraws the viewport that shows the line, and only that.
        QSignalSpy redrawn(&controller, &ViewerController::viewportChanged);
        controller.scrollBy(0, 1);
        QVERIFY(std::any_of(redrawn.begin(), redrawn.end(), [](const auto& call) { return call[0].toInt() == 1; }));
        QVERIFY(std::none_of(redrawn.begin(), redrawn.end(), [](const auto& call) { return call[0].toInt() == 2; }));
        QVERIFY(std::abs(controller.referenceMarks(1)[0].from.y - 24.0) < 1e-9);
        controller.setReferenceLinesShown(false);
        QVERIFY(controller.referenceMarks(1).empty());
    }

    void windowIsSharedByThePlanesOfAVolume() {
        addCurrent(ct(m_current, "1.1.1", 1, 20));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        controller.applyProtocol(QStringLiteral("ct"), 2);
        QCOMPARE(controller.viewport(1)->content, ViewportState::Content::Plane);
        controller.setWindow(1, -600, 1500);
        QCOMPARE(controller.viewport(2)->display.window.width, 1500.0);
        controller.applyPreset(0, QStringLiteral("default"));
        QVERIFY(settles(controller, 0)); // the whole volume comes at once
        QVERIFY(controller.viewport(0)->display.window.width != 1500.0);
    }

    void seenMarksCountDistinctFrames() {
        addCurrent(ct(m_current, "1.1.1", 1, 5));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        for (const int index : {0, 1, 1, 0, 2}) {
            controller.scrollTo(0, index);
            QVERIFY(settles(controller, 0));
            controller.markSeen(0);
        }
        const SeenCount seen = controller.seen(SeriesUid(QStringLiteral("1.1.1")));
        QCOMPARE(seen.seen, 3);
        QCOMPARE(seen.total, 5);
    }

    void stateSurvivesARestart() {
        addCurrent(ct(m_current, "1.1.1", 1, 20));
        addCurrent(ct(m_current, "1.1.2", 2, 20));
        QJsonObject saved;
        Measurement length;
        {
            ViewerController controller(m_source, m_protocols);
            controller.open(m_current);
            QVERIFY(allRead(controller));
            controller.setLayout(1, 2);
            controller.showStack(1, {SeriesUid(QStringLiteral("1.1.2")), 0});
            controller.setLinked(false);
            controller.scrollTo(1, 13);
            controller.setWindow(1, -500, 1200);
            controller.rotate(1, 1);
            QVERIFY(settles(controller, 1));
            controller.markSeen(1);
            length.kind = MeasurementKind::Length;
            length.series = SeriesUid(QStringLiteral("1.1.2"));
            length.instance = controller.shown(1).image->instance;
            length.points = {{1, 1}, {11, 1}};
            length.id = controller.measurements().add(length);
            saved = controller.saveState();
        }
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        controller.restoreState(saved);
        QVERIFY(allRead(controller));
        QCOMPARE(controller.state().columns, 2);
        QCOMPARE(controller.state().linked, false);
        QCOMPARE(controller.viewport(1)->stack.series.value(), QStringLiteral("1.1.2"));
        QCOMPARE(controller.shown(1).index, 13);
        QCOMPARE(controller.viewport(1)->display.window.width, 1200.0);
        QCOMPARE(controller.viewport(1)->view.quarterTurns, 1);
        length.trackingUid = controller.measurements().all().at(0).trackingUid;
        QCOMPARE(controller.measurements().all(), std::vector<Measurement>{length});
        QCOMPARE(controller.seen(SeriesUid(QStringLiteral("1.1.2"))).seen, 1);
        QCOMPARE(controller.saveState(), saved);
    }

    void measurementForTheReport() {
        addCurrent(ct(m_current, "1.1.1", 1, 5));
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(allRead(controller));
        QVERIFY(settles(controller, 0));
        Measurement length;
        length.kind = MeasurementKind::Length;
        length.series = SeriesUid(QStringLiteral("1.1.1"));
        length.instance = controller.shown(0).image->instance;
        length.sopClass = controller.shown(0).image->sopClass;
        length.points = {{10, 10}, {13, 14}}; // 5 px of 2 mm
        const QString id = controller.measurements().add(length);
        const auto cited = controller.reportMeasurement(id, QStringLiteral("Length"));
        QVERIFY(cited);
        QCOMPARE(cited->value, 10.0);
        QCOMPARE(cited->unit, QStringLiteral("mm"));
        QCOMPARE(cited->frame, 1);
        QCOMPARE(cited->object.instance.value(), length.instance.value());
        QVERIFY(!controller.reportMeasurement(QStringLiteral("gone"), {}));
    }

    void cineRunsAndStops() {
        auto series = ct(m_current, "1.1.1", 1, 8);
        series.isColourCine = true;
        series.record.modality = QStringLiteral("US");
        addCurrent(series);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(settles(controller, 0));
        QCOMPARE(controller.shown(0).count, 8);
        QCOMPARE(controller.shown(0).index, 0);
        controller.toggleCine();
        QVERIFY(controller.state().cine);
        QVERIFY(QTest::qWaitFor([&] { return controller.shown(0).index >= 3; }, 3000));
        controller.toggleCine();
        const int index = controller.shown(0).index;
        QTest::qWait(120);
        QCOMPARE(controller.shown(0).index, index);
    }

    /// The count that each paint asks for is never an old one.
    void loadedFramesAreCountedAnew() {
        const auto series = ct(m_current, "1.1.1", 1, 12);
        m_source->add(series);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        const StackKey key{series.record.series, 0};
        QCOMPARE(controller.loadedFrames(key), 0);
        for (int i = 0; i < 6; ++i)
            controller.addInstance(SyntheticSource::instance(series, i));
        QTRY_COMPARE(controller.loadedFrames(key), 6);
        for (int i = 6; i < 12; ++i)
            controller.addInstance(SyntheticSource::instance(series, i));
        QTRY_COMPARE(controller.loadedFrames(key), 12);
        controller.setCacheBytes(3LL * 64 * 64 * 2); // the others are dropped
        QCOMPARE(controller.loadedFrames(key), 3);
        controller.close();
        QCOMPARE(controller.loadedFrames(key), 0);
        m_source->setDecodeDelayMs(50);
        controller.setCacheBytes(100 << 20);
        StudyRecord again = m_current;
        again.series = {m_source->announced(QStringLiteral("1.1.1"))};
        controller.open(again);
        QTRY_VERIFY(controller.studies().stack(key) != nullptr);
        QVERIFY(controller.loadedFrames(key) < 12);
        QTRY_COMPARE(controller.loadedFrames(key), 12);
    }

    void framesOfACineStayAsLongAsTheySay() {
        auto series = ct(m_current, "1.1.1", 1, 6);
        series.isColourCine = true;
        series.record.modality = QStringLiteral("US");
        series.frameTimesMs = {20, 20, 400, 20, 20, 20};
        addCurrent(series);
        ViewerController controller(m_source, m_protocols);
        controller.open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return controller.loadedFrames({series.record.series, 0}) == 6; }, 10000));
        QElapsedTimer clock;
        std::vector<qint64> came(6, 0);
        int last = 0;
        connect(&controller, &ViewerController::viewportChanged, this, [&] {
            if (const int index = controller.shown(0).index; index != last)
                came[static_cast<size_t>(last = index)] = clock.elapsed();
        });
        clock.start();
        controller.toggleCine();
        QVERIFY(QTest::qWaitFor([&] { return came[5] > 0; }, 10000));
        controller.toggleCine();
        // On a busy machine a frame may stay longer, never shorter.
        QVERIFY2(came[3] - came[2] >= 390, qPrintable(QString::number(came[3] - came[2])));
        QVERIFY(came[2] - came[1] >= 19 && came[4] - came[3] >= 19);
        QVERIFY(std::min({came[1], came[2] - came[1], came[4] - came[3], came[5] - came[4]}) < 200);
    }
};

QTEST_GUILESS_MAIN(ViewerControllerTest)
#include "viewer_controller_test.moc"
