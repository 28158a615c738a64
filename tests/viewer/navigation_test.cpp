#include "jobs/jobs.h"
#include "viewer/presentation_capture.h"
#include "viewer/scroll_acceleration.h"
#include "viewer/viewer_fixture.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

using namespace yz;
using namespace yz::test;

/// Links, the point in space, sizes, key images, and the display kept as a presentation state.
class NavigationTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current, m_prior;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;

    void addSeries(StudyRecord& owner, SyntheticSource::Series series) {
        m_source->add(series);
        owner.series.push_back(m_source->announced(series.record.series.value()));
    }
    void open(const std::vector<StudyRecord>& priors = {}) {
        m_controller->open(m_current, priors);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 5000));
    }
    /// Two viewports of these series.
    void show(const char* first, const char* second) {
        m_controller->setLayout(1, 2);
        m_controller->showStack(0, {SeriesUid(QString::fromLatin1(first)), 0});
        m_controller->showStack(1, {SeriesUid(QString::fromLatin1(second)), 0});
        for (int i = 0; i < 2; ++i) {
            m_controller->setViewSize(i, {400, 400}, 0.0);
            QVERIFY(settles(*m_controller, i));
        }
    }
    [[nodiscard]] int index(int viewport) const { return m_controller->viewport(viewport)->index; }
    [[nodiscard]] double z(int viewport) {
        const ShownFrame shown = m_controller->shown(viewport);
        return shown.image->frame(shown.frame).plane->position.z;
    }
    ScreenPicture draw(int viewport) {
        const ShownFrame shown = m_controller->shown(viewport);
        const ViewportState& state = *m_controller->viewport(viewport);
        const QSize size = m_controller->viewSize(viewport);
        ScreenPicture picture{size.width(), size.height(), {}};
        renderFrame(*shown.presented, shown.frame, *shown.pixels, state.display,
                    adjustedTransform(fittedTransform(shown, state.view, size.width(), size.height()), state.view,
                                      size.width(), size.height()),
                    Interpolation::Linear, 0xff000000u, picture);
        return picture;
    }
    /// Saves what is shown, announces it, shows the image as sent and then under the state.
    PresentationStatePtr saveAndLoad(int viewport) {
        auto capture =
            capturePresentation(*m_controller, viewport, [](const Measurement&) { return QStringLiteral("12 mm"); });
        if (!capture)
            return nullptr;
        capture->state.instance = InstanceUid(QStringLiteral("1.8.77"));
        capture->state.label = QStringLiteral("KEPT");
        const SeriesRecord series = m_source->add(capture->state, m_current.study);
        m_controller->addInstance(series.instances.front());
        if (!QTest::qWaitFor([&] { return m_controller->presentations().find(capture->state.instance) != nullptr; },
                             5000))
            return nullptr;
        m_controller->setPresentation(viewport, capture->state.instance);
        return m_controller->shown(viewport).state;
    }

private Q_SLOTS:
    void init() {
        m_current = study("1.1", QDate(2026, 3, 2));
        m_prior = study("1.2", QDate(2025, 6, 1));
        m_source = std::make_shared<SyntheticSource>();
        m_controller = std::make_unique<ViewerController>(m_source, std::vector<HangingProtocol>{});
    }
    void cleanup() {
        m_controller.reset();
        jobs::waitForAll();
    }

    // Links

    void linkedByHandAcrossFramesOfReference() {
        addSeries(m_current, ct(m_current, "1.1.1", 1, 40)); // 5 mm apart
        auto thin = ct(m_current, "1.1.2", 2, 80);
        thin.sliceMm = 2.5;
        addSeries(m_current, thin);
        auto old = ct(m_prior, "1.2.1", 1, 30);
        old.frameOfReference = QStringLiteral("1.9.2");
        addSeries(m_prior, old);
        open({m_prior});
        show("1.1.1", "1.2.1");
        // Another examination: the same organ lies 35 mm lower.
        m_controller->setLinked(false);
        m_controller->scrollTo(0, 20);
        m_controller->scrollTo(1, 10);
        const double shift = z(1) - z(0);
        QVERIFY(m_controller->linkHere(0));
        QVERIFY(m_controller->state().linked);
        m_controller->scrollBy(0, 4);
        QVERIFY(std::abs(z(1) - z(0) - shift) < 0.01);
        QVERIFY(index(1) != 10);
        // From the other side as well.
        m_controller->scrollTo(1, 8);
        QVERIFY(std::abs(z(1) - z(0) - shift) < 0.01);
        // The link is the frames', not the series': it survives a change of series.
        m_controller->showStack(0, {SeriesUid(QStringLiteral("1.1.2")), 0});
        QVERIFY(settles(*m_controller, 0));
        m_controller->scrollTo(0, 50);
        QVERIFY2(std::abs(z(1) - z(0) - shift) <= 2.51, qPrintable(QString::number(z(1) - z(0) - shift)));
        m_controller->scrollTo(0, 40);
        QVERIFY(std::abs(z(1) - z(0) - shift) <= 2.51);
        // And a restart.
        const QJsonObject kept = m_controller->saveState();
        m_controller->forgetHandLinks();
        QVERIFY(!m_controller->hasHandLinks());
        m_controller->restoreState(kept);
        QVERIFY(m_controller->hasHandLinks());
        QVERIFY(settles(*m_controller, 0) && settles(*m_controller, 1));
        m_controller->scrollTo(0, 46);
        QVERIFY(std::abs(z(1) - z(0) - shift) <= 2.51);
    }
    void withoutPlacesTheFramesCount() {
        auto a = ct(m_current, "1.1.1", 1, 30);
        a.hasPosition = false;
        addSeries(m_current, a);
        auto b = ct(m_current, "1.1.2", 2, 60);
        b.hasPosition = false;
        b.frameOfReference.clear();
        addSeries(m_current, b);
        open();
        show("1.1.1", "1.1.2");
        m_controller->setLinked(false);
        m_controller->scrollTo(0, 10);
        m_controller->scrollTo(1, 17);
        QVERIFY(m_controller->linkHere(0));
        m_controller->scrollTo(0, 15);
        QCOMPARE(index(1), 22);
        m_controller->scrollTo(1, 12);
        QCOMPARE(index(0), 5);
    }
    void nothingToLinkInOneFrameOfReference() {
        addSeries(m_current, ct(m_current, "1.1.1", 1));
        addSeries(m_current, ct(m_current, "1.1.2", 2));
        open();
        show("1.1.1", "1.1.2");
        QVERIFY(!m_controller->linkHere(0)); // they go together by position anyway
        m_controller->scrollTo(0, 4);
        QCOMPARE(z(1), z(0));
    }
    void windowAndZoomFollow() {
        addSeries(m_current, ct(m_current, "1.1.1", 1));
        addSeries(m_current, ct(m_current, "1.1.2", 2));
        open();
        show("1.1.1", "1.1.2");
        m_controller->setWindow(0, 100.0, 300.0);
        QCOMPARE(m_controller->viewport(1)->display.window.center, 40.0); // not linked: its own
        m_controller->setWindowLinked(true);
        m_controller->setWindow(0, -600.0, 1500.0);
        QCOMPARE(m_controller->viewport(1)->display.window.center, -600.0);
        QCOMPARE(m_controller->viewport(1)->display.window.width, 1500.0);
        m_controller->setZoomLinked(true);
        m_controller->zoomBy(0, 2.0, {200, 200}, 400, 400);
        m_controller->panBy(0, 0.1, -0.2);
        QCOMPARE(m_controller->viewport(1)->view.zoom, 2.0);
        QCOMPARE(m_controller->viewport(1)->view.panY, m_controller->viewport(0)->view.panY);
        // A change of series does not end the link.
        m_controller->showStack(1, {SeriesUid(QStringLiteral("1.1.1")), 0});
        QVERIFY(settles(*m_controller, 1));
        m_controller->setWindow(0, 40.0, 80.0);
        QCOMPARE(m_controller->viewport(1)->display.window.width, 80.0);
    }

    // The point in space

    void aPointIsFoundInEveryViewportOfTheFrame() {
        addSeries(m_current, ct(m_current, "1.1.1", 1, 40));
        auto coronal = ct(m_current, "1.1.2", 2, 30);
        coronal.orientation = Orientation3::Coronal;
        addSeries(m_current, coronal);
        open();
        show("1.1.1", "1.1.2");
        m_controller->scrollTo(0, 25);
        // A pixel of the axial slice, as the patient's coordinates say it.
        const ImagePoint at{40.0, 20.0};
        const FrameDescription frame = m_controller->shown(0).image->frame(0);
        const PatientPoint wanted = frame.plane->position + frame.plane->row * (at.x * frame.spacing.columnMm) +
                                    frame.plane->column * (at.y * frame.spacing.rowMm);
        QVERIFY(m_controller->setSpacePoint(0, at));
        QVERIFY(settles(*m_controller, 1));
        const ShownFrame there = m_controller->shown(1);
        const PlanePosition plane = *there.image->frame(there.frame).plane;
        QVERIFY(std::abs((plane.position - wanted).dot(plane.normal())) <= 2.51); // slices are 5 mm apart
        const auto mark = m_controller->spacePointOn(there);
        QVERIFY(mark);
        const PatientPoint back = plane.position + plane.row * (mark->x * 2.0) + plane.column * (mark->y * 2.0);
        QVERIFY(std::abs(back.x - wanted.x) < 1e-6 && std::abs(back.z - wanted.z) < 1e-6);
        QVERIFY(std::abs(m_controller->spacePointOn(m_controller->shown(0))->x - 40.0) < 1e-6);
        m_controller->scrollBy(1, 3); // another slice does not hold the point
        QVERIFY(settles(*m_controller, 1));
        QVERIFY(!m_controller->spacePointOn(m_controller->shown(1)));
        m_controller->clearSpacePoint();
        QVERIFY(!m_controller->spacePointOn(m_controller->shown(0)));
    }

    // Sizes

    void sizesOnTheScreen() {
        auto series = ct(m_current, "1.1.1", 1, 5);
        series.rowMm = 4.0; // pixels twice as high as wide (2 mm)
        addSeries(m_current, series);
        open();
        m_controller->setViewSize(0, {500, 700}, 4.0);
        QVERIFY(settles(*m_controller, 0));
        const auto transform = [&] {
            return fittedTransform(m_controller->shown(0), m_controller->viewport(0)->view, 500, 700);
        };
        m_controller->setScale(0, ViewAdjustment::Size::TrueSize);
        QCOMPARE(transform().scaleX, 8.0); // 2 mm at 4 px a mm
        QCOMPARE(transform().scaleY, 16.0);
        QVERIFY(ViewerController::isTrueSize(m_controller->shown(0), m_controller->viewport(0)->view));
        const ViewPoint centre = transform().toView({31.5, 31.5}); // stays in the middle
        QCOMPARE(centre.x, 250.0);
        QCOMPARE(centre.y, 350.0);
        m_controller->setViewSize(0, {900, 300}, 4.0); // a resize does not change it
        QCOMPARE(fittedTransform(m_controller->shown(0), m_controller->viewport(0)->view, 900, 300).scaleX, 8.0);
        m_controller->setViewSize(0, {500, 700}, 4.0);
        m_controller->rotate(0, 1);
        QCOMPARE(transform().scaleX, 16.0);
        m_controller->setScale(0, ViewAdjustment::Size::Pixels);
        QCOMPARE(std::min(transform().scaleX, transform().scaleY), 1.0);
        m_controller->setScale(0, ViewAdjustment::Size::TrueSize);
        m_controller->zoomBy(0, 1.5, {0, 0}, 500, 700);
        QVERIFY(!ViewerController::isTrueSize(m_controller->shown(0), m_controller->viewport(0)->view));
        m_controller->fit(0);
        QVERIFY(m_controller->viewport(0)->view.size == ViewAdjustment::Size::Fit);
        // Nobody has measured this screen: it is not called true.
        m_controller->setViewSize(0, {500, 700}, 0.0);
        m_controller->setScale(0, ViewAdjustment::Size::TrueSize);
        QVERIFY(!ViewerController::isTrueSize(m_controller->shown(0), m_controller->viewport(0)->view));
    }
    void mammogramsOfOneStudyShareAScale() {
        for (const int number : {1, 2}) {
            auto view = ct(m_current, number == 1 ? "1.1.1" : "1.1.2", number, 1);
            view.record.modality = QStringLiteral("MG");
            view.isProjection = true;
            view.columns = number == 1 ? 48 : 60;
            view.rows = number == 1 ? 64 : 80; // the second breast is larger
            view.pixelMm = number == 1 ? 2.0 : 2.5;
            addSeries(m_current, view);
        }
        open();
        show("1.1.1", "1.1.2");
        const auto pxPerMm = [&](int i, double pixelMm) {
            return fittedTransform(m_controller->shown(i), m_controller->viewport(i)->view, 400, 400).scaleX / pixelMm;
        };
        QVERIFY(std::abs(pxPerMm(0, 2.0) - pxPerMm(1, 2.5)) < 1e-9);
        QVERIFY(std::abs(pxPerMm(1, 2.5) - 400.0 / (80 * 2.5)) < 1e-9); // the larger one fills its viewport
        m_controller->setLayout(1, 1);                                  // alone, it is fitted by itself
        QVERIFY(std::abs(pxPerMm(0, 2.0) - 400.0 / (64 * 2.0)) < 1e-9);
    }
    void accelerationCountsOnlyWhileTheWheelIsTurnedFast() {
        ScrollAcceleration scroll;
        for (int i = 0; i < 20; ++i)
            QCOMPARE(scroll.steps(1, static_cast<std::uint64_t>(1000 + i * 200), 2000), 1); // slowly: one by one
        int all = 0, most = 0;
        for (int i = 0; i < 30; ++i) {
            const int steps = scroll.steps(1, static_cast<std::uint64_t>(9000 + i * 20), 2000);
            QVERIFY(steps >= most); // never slower while it goes on
            most = steps;
            all += steps;
        }
        QVERIFY2(most > 8 && all > 120, qPrintable(QStringLiteral("%1 %2").arg(most).arg(all)));
        QCOMPARE(scroll.steps(-1, 9620, 2000), -1); // the other way begins anew
        ScrollAcceleration small;
        for (int i = 0; i < 30; ++i)
            QCOMPARE(small.steps(1, static_cast<std::uint64_t>(9000 + i * 20), 40), 1); // nothing to skip in 40 slices
        ScrollAcceleration untimed;
        for (int i = 0; i < 30; ++i)
            QCOMPARE(untimed.steps(-1, 0, 2000), -1);
    }

    // Key images

    void foreignSelectionsMarkTheirImages() {
        addSeries(m_current, ct(m_current, "1.1.1", 1, 20));
        KeyObjectSelection selection;
        selection.series = SeriesUid(QStringLiteral("1.1.90"));
        selection.instance = InstanceUid(QStringLiteral("1.1.90.1"));
        selection.description = QStringLiteral("结节");
        for (const int number : {3, 8})
            selection.items.push_back({{SeriesUid(QStringLiteral("1.1.1")),
                                        {{}, InstanceUid(QStringLiteral("1.1.1.%1").arg(number + 1))},
                                        {}},
                                       {}});
        m_current.series.push_back(m_source->add(selection, m_current.study));
        open();
        QVERIFY(settles(*m_controller, 0));
        QVERIFY(QTest::qWaitFor([&] { return m_controller->keyImages().selections().size() == 1; }, 5000));
        m_controller->scrollTo(0, 0);
        std::vector<int> found;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(m_controller->showKeyImage(1));
            found.push_back(index(0));
            const auto all = m_controller->keyImages().selectionsOf(m_controller->viewport(0)->anchor.instance, 0);
            QCOMPARE(all.size(), size_t{1});
            QCOMPARE(all[0]->description, QStringLiteral("结节"));
        }
        QVERIFY(found[0] != found[1]);
        QCOMPARE(found[2], found[0]); // round and round
        QVERIFY(m_controller->showKeyImage(-1));
        QCOMPARE(index(0), found[1]);
    }
    void ownMarksAreKept() {
        addSeries(m_current, ct(m_current, "1.1.1", 1, 20));
        open();
        QVERIFY(settles(*m_controller, 0));
        QVERIFY(!m_controller->showKeyImage(1));
        m_controller->scrollTo(0, 7);
        QVERIFY(settles(*m_controller, 0));
        QSignalSpy draft(m_controller.get(), &ViewerController::draftChanged);
        QVERIFY(m_controller->markKeyImage(0, true));
        QVERIFY(!draft.isEmpty());
        QVERIFY(m_controller->markKeyImage(0, false)); // again: still marked
        QCOMPARE(m_controller->keyImages().marks().size(), size_t{1});
        QVERIFY(m_controller->keyImages().hasUnsaved());
        const QJsonObject kept = m_controller->saveState();
        m_controller->keyImages().markSaved();
        QVERIFY(!m_controller->keyImages().hasUnsaved());
        open();
        QVERIFY(m_controller->keyImages().marks().empty());
        m_controller->restoreState(kept);
        QCOMPARE(m_controller->keyImages().marks().size(), size_t{1});
        QVERIFY(m_controller->keyImages().hasUnsaved());
        m_controller->scrollTo(0, 0);
        QVERIFY(m_controller->showKeyImage(1));
        QCOMPARE(index(0), 7);
        QVERIFY(settles(*m_controller, 0));
        QVERIFY(m_controller->markKeyImage(0, true));
        QVERIFY(m_controller->keyImages().marks().empty());
    }

    // The display as a presentation state

    void aKeptDisplayLooksTheSame_data() {
        QTest::addColumn<int>("turns");
        QTest::addColumn<bool>("mirrored");
        QTest::addColumn<bool>("inverted");
        QTest::addColumn<double>("zoom");
        QTest::newRow("window") << 0 << false << false << 1.0;
        QTest::newRow("turned") << 1 << false << true << 1.0;
        QTest::newRow("turned and mirrored") << 3 << true << false << 1.0;
        QTest::newRow("mirrored") << 0 << true << true << 1.0;
        QTest::newRow("zoomed") << 2 << true << false << 2.0;
    }
    void aKeptDisplayLooksTheSame() {
        QFETCH(int, turns);
        QFETCH(bool, mirrored);
        QFETCH(bool, inverted);
        QFETCH(double, zoom);
        addSeries(m_current, ct(m_current, "1.1.1", 1, 9));
        open();
        m_controller->setViewSize(0, {384, 384}, 0.0); // 64 pixels of 6: whole ones at every zoom tried
        QVERIFY(settles(*m_controller, 0));
        m_controller->setWindow(0, -420.5, 1234.25);
        if (mirrored)
            m_controller->mirror(0);
        m_controller->rotate(0, turns);
        if (inverted)
            m_controller->invert(0);
        if (zoom != 1.0) {
            m_controller->zoomBy(0, zoom, {192, 192}, 384, 384);
            m_controller->panBy(0, 60.0 / 384.0, -36.0 / 384.0);
        }
        const ScreenPicture before = draw(0);
        QVERIFY(saveAndLoad(0));
        QCOMPARE(m_controller->viewport(0)->view.zoom, 1.0); // what was zoomed in is the state's area now
        const ScreenPicture after = draw(0);
        int different = 0;
        for (size_t i = 0; i < before.argb.size(); ++i)
            different += before.argb[i] != after.argb[i];
        // A pixel of the area stands for a pixel of the viewport's edge: only the frame around may differ.
        QVERIFY2(different <= (zoom == 1.0 ? 0 : 4 * 384 * 6), qPrintable(QString::number(different)));
        if (zoom == 1.0)
            QCOMPARE(different, 0);
        for (int y = 8; y < 376; ++y)
            for (int x = 8; x < 376; ++x)
                QCOMPARE(after.argb[static_cast<size_t>(y * 384 + x)], before.argb[static_cast<size_t>(y * 384 + x)]);
        // The window is the whole stack's.
        m_controller->scrollTo(0, 1);
        QVERIFY(settles(*m_controller, 0));
        QVERIFY(m_controller->shown(0).state);
    }
    void measurementsGoAlongAsGraphics() {
        addSeries(m_current, ct(m_current, "1.1.1", 1, 9));
        open();
        m_controller->setViewSize(0, {400, 400}, 0.0);
        QVERIFY(settles(*m_controller, 0));
        const ShownFrame shown = m_controller->shown(0);
        const auto add = [&](MeasurementKind kind, std::vector<ImagePoint> points) {
            Measurement m;
            m.kind = kind;
            m.series = shown.image->series;
            m.instance = shown.image->instance;
            m.sopClass = shown.image->sopClass;
            m.points = std::move(points);
            m_controller->measurements().add(m);
        };
        add(MeasurementKind::Length, {{10, 10}, {30, 25}});
        add(MeasurementKind::EllipseRoi, {{20, 30}, {30, 60}});
        add(MeasurementKind::FreehandRoi, {{1, 1}, {5, 1}, {5, 5}});
        const PresentationStatePtr state = saveAndLoad(0);
        QVERIFY(state);
        QCOMPARE(state->annotations.size(), size_t{3});
        QCOMPARE(state->layers.size(), size_t{1});
        QCOMPARE(state->layers[0].name, QStringLiteral("MEASUREMENTS"));
        QCOMPARE(state->annotations[0].graphics[0].points.size(), size_t{2});
        QCOMPARE(state->annotations[0].texts[0].text, QStringLiteral("12 mm"));
        QVERIFY(state->annotations[0].images[0].covers(shown.image->instance, 0));
        const GraphicObject& ellipse = state->annotations[1].graphics[0];
        QVERIFY(ellipse.kind == GraphicObject::Kind::Ellipse); // the longer axis first
        QCOMPARE(ellipse.points[0].y, 30.0);
        QCOMPARE(ellipse.points[1].y, 60.0);
        const std::vector<ImagePoint>& outline = state->annotations[2].graphics[0].points;
        QCOMPARE(outline.size(), size_t{4}); // closed
        QCOMPARE(outline.front().x, outline.back().x);
    }
    void onlyImagesThatAreShownAlikeAreNamed() {
        addSeries(m_current, ct(m_current, "1.1.1", 1, 9));
        open();
        m_controller->setViewSize(0, {400, 400}, 0.0);
        QVERIFY(settles(*m_controller, 0));
        const auto capture = capturePresentation(*m_controller, 0, [](const Measurement&) -> QString { return {}; });
        QVERIFY(capture);
        QCOMPARE(capture->images.size(), size_t{9});
        QVERIFY(capture->images[0].frames.empty());
        QCOMPARE(capture->state.modality->intercept, -1024.0);
        // Planes are no images of the study.
        m_controller->toggleMpr();
        QVERIFY(QTest::qWaitFor([&] { return m_controller->shown(0).plane && m_controller->shown(0).pixels; }, 5000));
        QCOMPARE(capturePresentation(*m_controller, 0, [](const Measurement&) -> QString { return {}; }).error().code,
                 ErrorCode::NotSupported);
    }
    void trueSizeIsSaidInTheState() {
        addSeries(m_current, ct(m_current, "1.1.1", 1, 3));
        open();
        m_controller->setViewSize(0, {600, 600}, 4.0);
        QVERIFY(settles(*m_controller, 0));
        m_controller->setScale(0, ViewAdjustment::Size::TrueSize);
        const double scale = fittedTransform(m_controller->shown(0), m_controller->viewport(0)->view, 600, 600).scaleX;
        const PresentationStatePtr state = saveAndLoad(0);
        QVERIFY(state);
        QVERIFY(state->areas[0].size == DisplayedArea::Size::TrueSize);
        QVERIFY(m_controller->viewport(0)->view.size == ViewAdjustment::Size::Fit); // it is the state's wish now
        QCOMPARE(fittedTransform(m_controller->shown(0), m_controller->viewport(0)->view, 600, 600).scaleX, scale);
        QVERIFY(ViewerController::isTrueSize(m_controller->shown(0), m_controller->viewport(0)->view));
        m_controller->setViewSize(0, {600, 600}, 5.0); // another screen
        QCOMPARE(fittedTransform(m_controller->shown(0), m_controller->viewport(0)->view, 600, 600).scaleX,
                 scale * 5.0 / 4.0);
    }
};

QTEST_GUILESS_MAIN(NavigationTest)
#include "navigation_test.moc"
