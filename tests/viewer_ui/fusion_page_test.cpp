#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "viewer/hanging_catalog.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/pet_ct_samples.h"
#include "viewer_ui/viewer_page.h"

#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace yz;
using namespace yz::test;

/// PET over CT by mouse and keyboard; the hot ball's uptake is known.
class FusionPageTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current;
    std::shared_ptr<HangingSamples> m_source;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;

    void open() {
        m_controller->open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 10000));
        QCoreApplication::processEvents();
    }
    void openPair() {
        m_current.series = {m_source->add(PetCt::ctSeries(m_current)), m_source->add(PetCt::petSeries(m_current))};
        open();
        m_controller->setLayout(1, 1);
        m_controller->showStack(0, {SeriesUid(QStringLiteral("1.1.2")), 0});
        QVERIFY(settles(*m_controller, 0));
        viewport(0)->setFocus();
    }
    [[nodiscard]] bool overlayIsComplete(int index) {
        return QTest::qWaitFor(
            [&] {
                const ShownOverlay overlay = m_controller->overlayOn(index, m_controller->shown(index));
                return overlay.image && overlay.filled == overlay.slices;
            },
            60000);
    }
    [[nodiscard]] QWidget* viewport(int index) const {
        return m_page->findChild<QWidget*>(QStringLiteral("viewport%1").arg(index));
    }
    [[nodiscard]] ViewTransform fit(int index, const ShownFrame& shown) const {
        const QWidget* widget = viewport(index);
        return fittedTransform(shown, m_controller->viewport(index)->view, widget->width(), widget->height());
    }
    /// Where a point of the patient lies in the shown image.
    static ImagePoint pixelOf(const ShownFrame& shown, const PatientPoint& point) {
        const FrameDescription& frame = shown.image->frame(shown.frame);
        const PatientVector from = point - frame.plane->position;
        return {from.dot(frame.plane->row) / frame.spacing.columnMm,
                from.dot(frame.plane->column) / frame.spacing.rowMm};
    }
    void scrollTo(int index, double zMm) {
        const Stack* stack = m_controller->studies().stack(m_controller->viewport(index)->stack);
        int nearest = 0;
        for (size_t i = 0; i < stack->frames.size(); ++i)
            if (std::abs(stack->frames[i].description().plane->position.z - zMm) <
                std::abs(stack->frames[static_cast<size_t>(nearest)].description().plane->position.z - zMm))
                nearest = static_cast<int>(i);
        m_controller->scrollTo(index, nearest);
        QVERIFY(settles(*m_controller, index));
    }
    static void drag(QWidget* widget, QPoint from, QPoint to, Qt::MouseButton button,
                     Qt::KeyboardModifiers modifiers = {}) {
        QTest::mousePress(widget, button, modifiers, from);
        for (int step = 1; step <= 4; ++step) { // QTest::mouseMove carries no buttons
            const QPointF at = QPointF(from) + QPointF(to - from) * step / 4.0;
            QMouseEvent move(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, button, modifiers);
            QCoreApplication::sendEvent(widget, &move);
        }
        QTest::mouseRelease(widget, button, modifiers, to);
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
        m_current.description = QStringLiteral("全身PET/CT");
        m_source = std::make_shared<HangingSamples>();
        m_controller = std::make_unique<ViewerController>(m_source, std::vector<HangingProtocol>{});
        m_page = std::make_unique<ViewerPage>(*m_controller, DisplayPath::Cpu);
        m_page->resize(1400, 900);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void theBallHasItsUptake() {
        openPair();
        scrollTo(0, PetCt::hotBall.z);
        QTest::keyClick(viewport(0), Qt::Key_O, Qt::ShiftModifier);
        QVERIFY(m_controller->viewport(0)->fusion);
        QCOMPARE(m_controller->viewport(0)->fusion->overlay.series.value(), QStringLiteral("1.1.3"));
        QVERIFY(overlayIsComplete(0));
        const ShownFrame shown = m_controller->shown(0);
        const ShownOverlay overlay = m_controller->overlayOn(0, shown);
        QVERIFY(overlay.isSuv);
        const auto hot = m_controller->overlayValue(0, shown, pixelOf(shown, PetCt::hotBall));
        QVERIFY(hot && hot->suv);
        QVERIFY2(std::abs(*hot->suv - PetCt::hotSuv) < 0.002, qPrintable(QString::number(*hot->suv, 'f', 5)));
        QCOMPARE(hot->modality, std::round(PetCt::hotSuv * PetCt::becquerelPerSuv));
        const auto body = m_controller->overlayValue(0, shown, pixelOf(shown, {-100, 0, PetCt::hotBall.z}));
        QVERIFY(body && body->suv && std::abs(*body->suv - PetCt::bodySuv) < 0.002);
        // Half the radius out it is still all ball; a voxel beyond the edge it is body.
        for (const double away : {0.5 * PetCt::hotRadiusMm, -0.5 * PetCt::hotRadiusMm}) {
            const auto inside =
                m_controller->overlayValue(0, shown, pixelOf(shown, PetCt::hotBall + PatientPoint{away, 0, 0}));
            QVERIFY(inside && std::abs(*inside->suv - PetCt::hotSuv) < 0.002);
        }
        const auto beyond = m_controller->overlayValue(
            0, shown, pixelOf(shown, PetCt::hotBall + PatientPoint{PetCt::hotRadiusMm + 6.0, 0, 0}));
        QVERIFY(beyond && std::abs(*beyond->suv - PetCt::bodySuv) < 0.002);
        QVERIFY(!m_controller->overlayValue(0, shown, {-5000, 0}));
        keep(QStringLiteral("fusion-axial"));
    }

    void pixelsAreBaseAndPalette() {
        openPair();
        scrollTo(0, PetCt::hotBall.z);
        m_controller->setAnnotationsShown(false);
        m_controller->setWindow(0, 40, 400);
        const ShownFrame shown = m_controller->shown(0);
        const ViewTransform transform = fit(0, shown);
        const auto colourAt = [&](const PatientPoint& point) {
            const ViewPoint at = transform.toView(pixelOf(shown, point));
            return viewport(0)->grab().toImage().pixelColor(static_cast<int>(at.x), static_cast<int>(at.y));
        };
        const PatientPoint body{-100, 0, PetCt::hotBall.z}, air{-180, 0, PetCt::hotBall.z};
        const int grey = colourAt(PetCt::hotBall).red();
        QCOMPARE(grey, int(applyVoi(PetCt::bodyHu, {40, 400, {}}, VoiFunction::Linear)));
        QTest::keyClick(viewport(0), Qt::Key_O, Qt::ShiftModifier);
        QVERIFY(overlayIsComplete(0));
        // SUV 8 is above the window of 0 to 5: the palette's white at half opacity.
        QCOMPARE(m_controller->viewport(0)->fusion->window, (VoiWindow{2.5, 5.0, {}}));
        const int half = (grey * 128 + 255 * 128 + 128) >> 8;
        QCOMPARE(colourAt(PetCt::hotBall), QColor(half, half, half));
        // SUV 1 is a fifth of the window, level 51: hot iron says (102, 0, 0).
        QCOMPARE(colourAt(body),
                 QColor((grey * 128 + 102 * 128 + 128) >> 8, (grey * 128 + 128) >> 8, (grey * 128 + 128) >> 8));
        QCOMPARE(colourAt(air), QColor(0, 0, 0)); // nothing taken up: the base alone
        QTest::keyClick(viewport(0), Qt::Key_P, Qt::ShiftModifier);
        QCOMPARE(m_controller->viewport(0)->fusion->palette, QStringLiteral("pet"));
        // PET palette, level 51: (0, 103, 101) by PS3.6 B.1.2.
        QCOMPARE(colourAt(body), QColor((grey * 128 + 128) >> 8, (grey * 128 + 103 * 128 + 128) >> 8,
                                        (grey * 128 + 101 * 128 + 128) >> 8));
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(viewport(0), Qt::Key_Semicolon);
        QCOMPARE(m_controller->viewport(0)->fusion->opacity, 0.0);
        QCOMPARE(colourAt(PetCt::hotBall), QColor(grey, grey, grey));
        QTest::keyClick(viewport(0), Qt::Key_Apostrophe);
        QCOMPARE(m_controller->viewport(0)->fusion->opacity, 0.1);
        QTest::keyClick(viewport(0), Qt::Key_O, Qt::ShiftModifier);
        QVERIFY(!m_controller->viewport(0)->fusion);
        QCOMPARE(colourAt(PetCt::hotBall), QColor(grey, grey, grey));
    }

    void mouseMovesTheOverlaysWindow() {
        openPair();
        QTest::keyClick(viewport(0), Qt::Key_O, Qt::ShiftModifier);
        QVERIFY(overlayIsComplete(0));
        const VoiWindow base = m_controller->viewport(0)->display.window;
        const VoiWindow before = m_controller->viewport(0)->fusion->window;
        drag(viewport(0), {300, 300}, {400, 300}, Qt::RightButton, Qt::ShiftModifier);
        QVERIFY(m_controller->viewport(0)->fusion->window.width > before.width * 1.2);
        QCOMPARE(m_controller->viewport(0)->display.window, base);
        const VoiWindow over = m_controller->viewport(0)->fusion->window;
        drag(viewport(0), {300, 300}, {400, 300}, Qt::RightButton);
        QCOMPARE(m_controller->viewport(0)->fusion->window, over);
        QVERIFY(m_controller->viewport(0)->display.window.width > base.width);
        QWheelEvent wheel({300, 300}, viewport(0)->mapToGlobal(QPointF(300, 300)), {}, {0, 120}, Qt::NoButton,
                          Qt::ControlModifier | Qt::ShiftModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(viewport(0), &wheel);
        QCOMPARE(m_controller->viewport(0)->fusion->opacity, 0.55);
    }

    void planesOfTheBaseAreFusedToo() {
        openPair();
        QTest::keyClick(viewport(0), Qt::Key_M);
        QVERIFY(m_controller->state().mpr);
        QTest::keyClick(viewport(0), Qt::Key_O, Qt::ShiftModifier);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(m_controller->viewport(i)->fusion);
            QVERIFY(overlayIsComplete(i));
            const ShownFrame shown = m_controller->shown(i);
            const PatientVector normal = shown.plane->normal();
            const PatientPoint onPlane = PetCt::hotBall + normal * (shown.plane->origin - PetCt::hotBall).dot(normal);
            m_controller->setCrosshair(i, pixelOf(shown, onPlane));
        }
        for (int i = 0; i < 3; ++i) {
            const ShownFrame shown = m_controller->shown(i);
            const auto value = m_controller->overlayValue(i, shown, pixelOf(shown, PetCt::hotBall));
            QVERIFY(value && value->suv && std::abs(*value->suv - PetCt::hotSuv) < 0.002);
        }
        keep(QStringLiteral("fusion-mpr"));
    }

    void probeSaysBothValues() {
        openPair();
        scrollTo(0, PetCt::hotBall.z);
        QTest::keyClick(viewport(0), Qt::Key_O, Qt::ShiftModifier);
        QVERIFY(overlayIsComplete(0));
        QTest::keyClick(viewport(0), Qt::Key_P);
        const ShownFrame shown = m_controller->shown(0);
        const ViewPoint at = fit(0, shown).toView(pixelOf(shown, PetCt::hotBall));
        QTest::mouseClick(viewport(0), Qt::LeftButton, {}, {static_cast<int>(at.x), static_cast<int>(at.y)});
        QCOMPARE(m_controller->measurements().all().size(), size_t(1));
        const MeasurementResult result = m_controller->resultOn(m_controller->measurements().all().front(), shown);
        QCOMPARE(result.value.value, double(PetCt::bodyHu));
        const auto over =
            m_controller->overlayValue(0, shown, m_controller->measurements().all().front().points.front());
        QVERIFY(over && std::abs(*over->suv - PetCt::hotSuv) < 0.002);
        keep(QStringLiteral("fusion-probe"));
    }

    void otherFrameOfReferenceIsRefusedWithTheReason() {
        auto pet = PetCt::petSeries(m_current);
        pet.frameOfReference = QStringLiteral("1.77");
        m_current.series = {m_source->add(PetCt::ctSeries(m_current)), m_source->add(pet)};
        open();
        m_controller->setLayout(1, 1);
        m_controller->showStack(0, {SeriesUid(QStringLiteral("1.1.2")), 0});
        QVERIFY(settles(*m_controller, 0));
        const auto candidates = m_controller->fusionCandidates(0);
        const auto found = std::find_if(candidates.begin(), candidates.end(), [](const FusionCandidate& each) {
            return each.key.series.value() == QLatin1String("1.1.3");
        });
        QVERIFY(found != candidates.end());
        QCOMPARE(found->obstacle, FusionObstacle::OtherReference);
        QTest::keyClick(viewport(0), Qt::Key_O, Qt::ShiftModifier);
        m_controller->setFusion(0, found->key);
        QVERIFY(!m_controller->viewport(0)->fusion);
        auto* button = m_page->findChild<QToolButton*>(QStringLiteral("menuFusion"));
        QVERIFY(button);
        Q_EMIT button->menu()->aboutToShow();
        auto* action = button->menu()->findChild<QAction*>(QStringLiteral("fusion-1.1.3-0"));
        QVERIFY(action && !action->isEnabled());
        QVERIFY(action->text().contains(QLatin1String("frames of reference differ")));
    }

    void petWithoutWeightSaysWhyThereIsNoSuv() {
        auto pet = PetCt::petSeries(m_current);
        pet.pet->patientWeightKg.reset();
        m_current.series = {m_source->add(PetCt::ctSeries(m_current)), m_source->add(pet)};
        open();
        m_controller->setLayout(1, 1);
        m_controller->showStack(0, {SeriesUid(QStringLiteral("1.1.2")), 0});
        QVERIFY(settles(*m_controller, 0));
        m_controller->setFusion(0, {SeriesUid(QStringLiteral("1.1.3")), 0});
        QVERIFY(overlayIsComplete(0));
        scrollTo(0, PetCt::hotBall.z);
        const ShownFrame shown = m_controller->shown(0);
        const auto value = m_controller->overlayValue(0, shown, pixelOf(shown, PetCt::hotBall));
        QVERIFY(value && !value->suv && value->suvRefusal);
        QCOMPARE(value->suvRefusal->code, ErrorCode::AttributeMissing);
        QCOMPARE(value->unit, QStringLiteral("BQML"));
        QCOMPARE(value->modality, std::round(PetCt::hotSuv * PetCt::becquerelPerSuv));
        // The window is then the data set's own.
        QCOMPARE(m_controller->viewport(0)->fusion->window, (VoiWindow{10000, 20000, {}}));
        keep(QStringLiteral("fusion-no-suv"));
    }

    void theProtocolShowsCtPetFusedAndMip() {
        HangingCatalog catalog({}, {}, QStringLiteral(":/yz/hanging"));
        m_controller->setProtocols(catalog.protocols());
        m_current.series = {m_source->add(PetCt::ctSeries(m_current)), m_source->add(PetCt::petSeries(m_current))};
        open();
        QCOMPARE(m_controller->state().protocolId, QStringLiteral("pt-ct"));
        QCOMPARE(m_controller->state().viewports.size(), size_t(4));
        QVERIFY(overlayIsComplete(2));
        QVERIFY(settles(*m_controller, 0) && settles(*m_controller, 1) && settles(*m_controller, 3));
        QVERIFY(!m_controller->viewport(0)->fusion && !m_controller->viewport(1)->fusion);
        const ViewportState& mip = *m_controller->viewport(3);
        QCOMPARE(mip.content, ViewportState::Content::Volume);
        QVERIFY(mip.volume.isMip && mip.display.inverted);
        // The MIP's brightest value is the ball's, where the ball projects to from the front.
        const ShownFrame shown = m_controller->shown(3);
        QVERIFY(QTest::qWaitFor([&] { return m_controller->volume(mip.stack)->isComplete(); }, 60000));
        const ShownFrame full = m_controller->shown(3);
        const auto* values = full.pixels->as<std::int16_t>();
        const auto count = static_cast<size_t>(full.pixels->columns) * full.pixels->rows;
        QCOMPARE(int(*std::max_element(values, values + count)),
                 int(std::lround(PetCt::hotSuv * PetCt::becquerelPerSuv)));
        const ImagePoint at = pixelOf(full, PetCt::hotBall);
        QCOMPARE(int(values[static_cast<size_t>(std::lround(at.y)) * full.pixels->columns +
                            static_cast<size_t>(std::lround(at.x))]),
                 int(std::lround(PetCt::hotSuv * PetCt::becquerelPerSuv)));
        QTest::qWait(400);
        keep(QStringLiteral("fusion-protocol"));
        // Turned by hand it follows: what is nearest, the front, goes to the right.
        const PatientVector before = m_controller->viewport(3)->volume.facing.right;
        drag(viewport(3), {150, 200}, {250, 200}, Qt::LeftButton);
        const VolumeFacing after = m_controller->viewport(3)->volume.facing;
        QVERIFY((after.right - before).length() > 0.3);
        QVERIFY(after.right.dot({0, -1, 0}) > 0.3);
        QVERIFY(m_controller->measurements().all().empty());
    }

    void stateSurvivesASave() {
        openPair();
        QTest::keyClick(viewport(0), Qt::Key_O, Qt::ShiftModifier);
        QVERIFY(overlayIsComplete(0));
        m_controller->setFusionOpacity(0, 0.7);
        m_controller->setFusionPalette(0, QStringLiteral("pet-20-step"));
        m_controller->setFusionWindow(0, 4, 8);
        const FusionState made = *m_controller->viewport(0)->fusion;
        const QJsonObject saved = m_controller->saveState();
        open();
        m_controller->restoreState(saved);
        QVERIFY(m_controller->viewport(0)->fusion);
        QCOMPARE(*m_controller->viewport(0)->fusion, made);
    }
};

QTEST_MAIN(FusionPageTest)
#include "fusion_page_test.moc"
