#include "imaging/measure.h"
#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "viewer/hanging_capture.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/display_path.h"
#include "viewer_ui/mpr_handles.h"
#include "viewer_ui/mpr_tools.h"
#include "viewer_ui/viewer_page.h"
#include "viewer_ui/viewport_canvas.h"
#include "viewer_ui/viewport_warnings.h"

#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QMouseEvent>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <climits>
#include <cmath>

using namespace yz;
using namespace yz::test;

class MprPageTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;

    void openMpr() {
        auto series = ct(m_current, "1.1.1", 2, 80);
        series.columns = series.rows = 128;
        series.pixelMm = 3.0;
        series.sliceMm = 3.0;
        m_source->add(series);
        m_current.series = {m_source->announced(QStringLiteral("1.1.1"))};
        m_controller->open(m_current, {});
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 10000));
        QVERIFY(settles(*m_controller, 0));
        auto* button = m_page->findChild<QToolButton*>(QStringLiteral("buttonMpr"));
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(m_controller->state().mpr);
        QVERIFY(waitForVolume());
        QCoreApplication::processEvents();
    }
    bool waitForVolume() {
        return QTest::qWaitFor(
            [&] {
                const VolumeBuilder* builder = m_controller->volume(key());
                return builder && builder->filledCount() == builder->sliceCount();
            },
            20000);
    }
    [[nodiscard]] StackKey key() const { return {SeriesUid(QStringLiteral("1.1.1")), 0}; }
    [[nodiscard]] QWidget* viewport(int index) const {
        return m_page->findChild<QWidget*>(QStringLiteral("viewport%1").arg(index));
    }
    [[nodiscard]] MprHandles handles(int index) const {
        QWidget* widget = viewport(index);
        auto* canvas = widget->findChild<ViewportCanvas*>();
        canvas->update(widget->size());
        return {m_controller->crossLines(index), canvas->transform(), 1.0, QSizeF(widget->size()),
                static_cast<double>(widget->physicalDpiX())};
    }
    [[nodiscard]] QPointF handleAt(int index, MprHandle::Kind kind, Orientation line) const {
        const MprHandles own = handles(index);
        for (const MprHandle& handle : own.all())
            if (handle.kind == kind &&
                (handle.line < 0 || own.lines()[static_cast<size_t>(handle.line)].orientation == line))
                return handle.at;
        return {-1, -1};
    }
    [[nodiscard]] QPointF screenOf(int index, const PatientPoint& point) const {
        auto* canvas = viewport(index)->findChild<ViewportCanvas*>();
        const ShownFrame shown = m_controller->shown(index);
        const PatientVector away = point - shown.plane->origin;
        const ViewPoint at = canvas->transform().toView(
            {away.dot(shown.plane->row) / shown.plane->pixelMm, away.dot(shown.plane->column) / shown.plane->pixelMm});
        return {at.x - 0.5, at.y - 0.5};
    }
    static void send(QWidget* widget, QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons held) {
        QMouseEvent event(type, at, widget->mapToGlobal(at), button, held, {});
        QCoreApplication::sendEvent(widget, &event);
    }
    static void drag(QWidget* widget, const std::vector<QPointF>& path) {
        send(widget, QEvent::MouseButtonPress, path.front(), Qt::LeftButton, Qt::LeftButton);
        for (const QPointF& at : path)
            send(widget, QEvent::MouseMove, at, Qt::NoButton, Qt::LeftButton);
        send(widget, QEvent::MouseButtonRelease, path.back(), Qt::LeftButton, Qt::NoButton);
    }
    static std::vector<QPointF> straight(QPointF from, QPointF to) {
        std::vector<QPointF> path;
        for (int i = 0; i <= 10; ++i)
            path.push_back(from + (to - from) * i / 10.0);
        return path;
    }
    /// Along a circle about the cross.
    static std::vector<QPointF> arc(QPointF centre, QPointF from, double degrees) {
        std::vector<QPointF> path;
        const QPointF away = from - centre;
        for (int i = 0; i <= 20; ++i) {
            const double a = degrees * i / 20.0 * M_PI / 180.0;
            path.push_back(centre + QPointF(away.x() * std::cos(a) - away.y() * std::sin(a),
                                            away.x() * std::sin(a) + away.y() * std::cos(a)));
        }
        return path;
    }
    /// Drags a ring of a line in a viewport; screen degrees, clockwise.
    void turn(int index, Orientation line, double degrees) {
        const QPointF ring = handleAt(index, MprHandle::Kind::Turn, line);
        QVERIFY(ring.x() >= 0);
        drag(viewport(index), arc(handleAt(index, MprHandle::Kind::Centre, line), ring, degrees));
    }
    [[nodiscard]] bool warns(int index, const QString& text) const {
        for (const ViewportWarning& warning : viewportWarnings(*m_controller, index, m_controller->shown(index)))
            if (warning.text.contains(text))
                return true;
        return false;
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
        auto alone = protocol(QStringLiteral("ct"), QStringLiteral("CT"), {row({0})});
        m_controller = std::make_unique<ViewerController>(m_source, std::vector<HangingProtocol>{alone});
        m_page = std::make_unique<ViewerPage>(*m_controller, DisplayPath::Cpu);
        m_page->resize(1280, 900);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void dragOfARingTurnsTheOtherPlanes() {
        openMpr();
        const ShownFrame axial = m_controller->shown(0);
        turn(0, Orientation::Coronal, 30.0);
        const MprFrame* frame = m_controller->mprFrame(key());
        QVERIFY(frame);
        // Clockwise on the screen: the patient's left goes to the back.
        const PatientVector sagittal = frame->normal(Orientation::Sagittal);
        const double degrees = std::atan2(sagittal.y, sagittal.x) * 180.0 / M_PI;
        QVERIFY2(std::abs(degrees - 30.0) < 0.2, qPrintable(QString::number(degrees)));
        QCOMPARE(m_controller->shown(0).pixels, axial.pixels); // the picture it was turned in stays
        QVERIFY(!m_controller->shown(0).isOblique);
        for (const int other : {1, 2}) {
            const ShownFrame shown = m_controller->shown(other);
            QVERIFY(shown.isOblique);
            QVERIFY(std::abs(shown.obliqueDeg - 30.0) < 0.2);
            QVERIFY(std::abs((frame->centre - shown.plane->origin).dot(shown.plane->normal())) < 1e-6);
            QVERIFY(warns(other, QStringLiteral("Oblique: 30.")));
        }
        QVERIFY(!warns(0, QStringLiteral("Oblique")));
        // Once more in another picture: double oblique, all three are turned... but the one it is turned in.
        turn(1, Orientation::Axial, -20.0);
        QVERIFY(m_controller->shown(0).isOblique);
        QVERIFY(std::abs(m_controller->shown(0).obliqueDeg - 20.0) < 0.3);
        QVERIFY(warns(0, QStringLiteral("Oblique: ")));
        keep(QStringLiteral("mpr-oblique"));
        // What is on the screen are the phantom's own values at those points.
        for (const int index : {0, 1, 2}) {
            const ShownFrame shown = m_controller->shown(index);
            int compared = 0, close = 0;
            // Every second pixel of 3 mm: every third leaves 1200 of the coronal plane (128 x 80 voxels / 9), too few.
            for (int y = 0; y < shown.plane->height; y += 2) {
                for (int x = 0; x < shown.plane->width; x += 2) {
                    const PatientPoint at = shown.plane->at(x, y);
                    if (std::abs(at.x) > 185 || std::abs(at.y) > 185 || std::abs(at.z) > 115)
                        continue;
                    const int truth = SyntheticSource::hounsfield(at);
                    const double got = shown.pixels->as<std::int16_t>()[y * shown.plane->width + x] - 1024.0;
                    ++compared;
                    close += std::abs(got - truth) < 60.0; // between two voxels of an edge it is anything
                }
            }
            QVERIFY(compared > 2000);
            QVERIFY2(close > compared * 0.8, qPrintable(QStringLiteral("%1 of %2").arg(close).arg(compared)));
        }
        QTest::keyClick(viewport(0), Qt::Key_M, Qt::ShiftModifier);
        for (const int index : {0, 1, 2}) {
            QVERIFY(!m_controller->shown(index).isOblique);
            QVERIFY(!warns(index, QStringLiteral("Oblique")));
        }
        QCOMPARE(m_controller->shown(0).plane->row, (PatientVector{1, 0, 0}));
    }

    void dragOfTheCentreMovesTheCross() {
        openMpr();
        turn(0, Orientation::Coronal, 25.0);
        const PatientPoint before = m_controller->mprFrame(key())->centre;
        const ShownFrame coronal = m_controller->shown(1);
        const QPointF centre = handleAt(1, MprHandle::Kind::Centre, Orientation::Axial);
        // Taken a little beside its middle it does not jump.
        drag(viewport(1), straight(centre + QPointF(3, -2), centre + QPointF(63, 38)));
        const PatientPoint after = m_controller->mprFrame(key())->centre;
        auto* canvas = viewport(1)->findChild<ViewportCanvas*>();
        const double mm = coronal.plane->pixelMm / canvas->transform().scaleX;
        const PatientVector way = coronal.plane->row * (60.0 * mm) + coronal.plane->column * (40.0 * mm);
        QVERIFY((after - before - way).length() < 0.01);
        QCOMPARE(m_controller->shown(1).pixels, coronal.pixels); // within its plane
        // The wheel goes through planes of the turned volume.
        const int index = m_controller->shown(1).index;
        const QPointF at = viewport(1)->rect().center();
        QWheelEvent wheel(at, viewport(1)->mapToGlobal(at), {}, {0, -240}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(viewport(1), &wheel);
        QCOMPARE(m_controller->shown(1).index, index + 2);
        const PatientVector normal = m_controller->mprFrame(key())->normal(Orientation::Coronal);
        const double gone = (m_controller->mprFrame(key())->centre - after).dot(normal);
        QVERIFY2(std::abs(gone - 6.0) < 0.01, qPrintable(QString::number(gone))); // two voxels of 3 mm
    }

    void dragOfASquareSetsTheSlab() {
        openMpr();
        QVERIFY(!m_controller->viewport(1)->slab.isThick());
        const ShownFrame thin = m_controller->shown(1);
        const QPointF square = handleAt(0, MprHandle::Kind::Slab, Orientation::Coronal);
        QVERIFY(square.x() >= 0);
        const QPointF centre = handleAt(0, MprHandle::Kind::Centre, Orientation::Coronal);
        auto* canvas = viewport(0)->findChild<ViewportCanvas*>();
        const double pixelsPerMm = canvas->transform().scaleX / m_controller->shown(0).plane->pixelMm;
        const double sense = square.y() > centre.y() ? 1.0 : -1.0;
        drag(viewport(0), straight(square, square + QPointF(0, sense * 10.0 * pixelsPerMm)));
        const Slab slab = m_controller->viewport(1)->slab;
        QCOMPARE(slab.mode, firstSlabMode);
        QVERIFY2(std::abs(slab.thicknessMm - 20.0) < 0.5, qPrintable(QString::number(slab.thicknessMm)));
        QVERIFY(!m_controller->viewport(0)->slab.isThick());
        const ShownFrame thick = m_controller->shown(1);
        QVERIFY(thick.pixels != thin.pixels);
        QVERIFY(warns(1, QStringLiteral("Slab: Mean of 20")));
        keep(QStringLiteral("mpr-slab-mean"));
        // Dragged shut it is a thin plane again.
        const QPointF wide = handleAt(0, MprHandle::Kind::Slab, Orientation::Coronal);
        drag(viewport(0), straight(wide, centre + QPointF(wide.x() - centre.x(), sense * 2)));
        QVERIFY(!m_controller->viewport(1)->slab.isThick());
        QCOMPARE(m_controller->shown(1).pixels->data, thin.pixels->data);
    }

    void keysAndMenuSetTheSlab() {
        openMpr();
        QWidget* axial = viewport(0);
        QTest::keyClick(axial, Qt::Key_B, Qt::ShiftModifier);
        QCOMPARE(m_controller->viewport(0)->slab, (Slab{SlabMode::Mip, 10.0}));
        // The brightest of the slices of the slab, voxel for voxel.
        const ShownFrame mip = m_controller->shown(0);
        const VolumeBuilder* builder = m_controller->volume(key());
        const Volume& volume = builder->volume();
        const auto z = static_cast<int>(std::lround(volume.toVoxel(mip.plane->at(0, 0)).z));
        for (int y = 10; y < 120; y += 17) {
            for (int x = 10; x < 120; x += 13) {
                int most = -32768;
                for (int k = z - 1; k <= z + 1; ++k)
                    most = std::max<int>(most,
                                         volume.voxels[(static_cast<size_t>(k) * 128 + static_cast<size_t>(y)) * 128 +
                                                       static_cast<size_t>(x)]);
                QCOMPARE(int{mip.pixels->as<std::int16_t>()[y * 128 + x]}, most);
            }
        }
        QTest::keyClick(axial, Qt::Key_Plus, Qt::ShiftModifier);
        QCOMPARE(m_controller->viewport(0)->slab.thicknessMm, 12.0);
        QTest::keyClick(axial, Qt::Key_Minus);
        QTest::keyClick(axial, Qt::Key_Minus);
        QCOMPARE(m_controller->viewport(0)->slab.thicknessMm, 9.0);
        QTest::keyClick(axial, Qt::Key_B, Qt::ShiftModifier);
        QCOMPARE(m_controller->viewport(0)->slab.mode, SlabMode::MinIp);
        QVERIFY(warns(0, QStringLiteral("MinIP")));
        m_controller->setActive(2);
        QMenu menu;
        fillMprMenu(menu, *m_controller);
        auto* twenty = menu.findChild<QAction*>(QStringLiteral("mprThick20"));
        auto* maximum = menu.findChild<QAction*>(QStringLiteral("mprSlabMip"));
        QVERIFY(twenty && maximum);
        maximum->trigger();
        twenty->trigger();
        QCOMPARE(m_controller->viewport(2)->slab, (Slab{SlabMode::Mip, 20.0}));
        keep(QStringLiteral("mpr-slab-mip"));
        for (int i = 0; i < 3; ++i) // on: MIP, MinIP, mean, thin
            QTest::keyClick(viewport(2), Qt::Key_B, Qt::ShiftModifier);
        QVERIFY(!m_controller->viewport(2)->slab.isThick());
        QVERIFY(!warns(2, QStringLiteral("Slab")));
    }

    void stateComesBack() {
        openMpr();
        turn(0, Orientation::Coronal, 30.0);
        turn(2, Orientation::Axial, 15.0);
        m_controller->setSlab(1, {SlabMode::Mip, 12.5});
        const MprFrame frame = *m_controller->mprFrame(key());
        const ShownFrame before = m_controller->shown(1);
        const QJsonObject saved = m_controller->saveState();
        ViewerController again(m_source, {});
        again.open(m_current, {});
        again.restoreState(saved);
        QVERIFY(QTest::qWaitFor([&] { return !again.studies().isReading(); }, 10000));
        QVERIFY(QTest::qWaitFor(
            [&] { return again.shown(1).pixels && again.volume(key()) && again.volume(key())->filledCount() == 80; },
            20000));
        QVERIFY(again.mprFrame(key()));
        for (size_t i = 0; i < 3; ++i)
            QVERIFY((again.mprFrame(key())->normals[i] - frame.normals[i]).length() < 1e-9);
        const ShownFrame after = again.shown(1);
        QCOMPARE(after.slab, (Slab{SlabMode::Mip, 12.5}));
        QVERIFY(after.pixels->data == before.pixels->data);
    }

    void measuredObliqueIsFoundAgain() {
        openMpr();
        // Through the nodule: a ball of 8 mm radius at (60, 0, 0).
        const ShownFrame axial = m_controller->shown(0);
        const PatientVector away = PatientPoint{60, 0, 0} - axial.plane->origin;
        m_controller->scrollBy(0, static_cast<int>(std::lround(away.dot(axial.plane->normal()) / 3.0)));
        viewport(0)->grab();
        drag(viewport(0), straight(handleAt(0, MprHandle::Kind::Centre, Orientation::Coronal),
                                   screenOf(0, {60, 0, m_controller->shown(0).plane->origin.z})));
        turn(0, Orientation::Coronal, 33.0);
        viewport(1)->grab();
        turn(1, Orientation::Axial, 21.0);
        viewport(2)->grab();
        const ShownFrame plane = m_controller->shown(2);
        QVERIFY(plane.isOblique);
        // Its rim on this plane, as the eye finds it.
        const PatientVector diagonal = (plane.plane->row - plane.plane->column).normalized();
        const PatientPoint foot =
            PatientPoint{60, 0, 0} +
            plane.plane->normal() * (plane.plane->origin - PatientPoint{60, 0, 0}).dot(plane.plane->normal());
        QTest::keyClick(viewport(2), Qt::Key_L);
        drag(viewport(2), straight(screenOf(2, foot - diagonal * 8.0), screenOf(2, foot + diagonal * 8.0)));
        QTest::keyClick(viewport(2), Qt::Key_E);
        drag(viewport(2), straight(screenOf(2, foot - plane.plane->row * 4.0 - plane.plane->column * 4.0),
                                   screenOf(2, foot + plane.plane->row * 4.0 + plane.plane->column * 4.0)));
        QCOMPARE(m_controller->measurements().all().size(), 2u);
        const Measurement length = m_controller->measurements().all()[0], roi = m_controller->measurements().all()[1];
        const auto lengthIs = [&] { return m_controller->resultOf(length.id).value.value; };
        QVERIFY2(std::abs(lengthIs() - 16.0) < 0.05, qPrintable(QString::number(lengthIs())));
        QCOMPARE(m_controller->resultOf(length.id).value.unit, QStringLiteral("mm"));
        const MeasurementResult inside = m_controller->resultOf(roi.id);
        QVERIFY(inside.roi && inside.roi->pixels > 4);
        QCOMPARE(inside.roi->mean, 60.0);
        keep(QStringLiteral("mpr-oblique-measured"));
        // Away from it: other planes, MPR left.
        QTest::keyClick(viewport(2), Qt::Key_C);
        QTest::keyClick(viewport(0), Qt::Key_M, Qt::ShiftModifier);
        // Both ends lie within half a voxel of a sagittal plane, 1.7 mm apart in depth: seen there it were 15.9 mm.
        QVERIFY2(std::abs(lengthIs() - 16.0) < 0.05, qPrintable(QString::number(lengthIs())));
        for (const int index : {0, 1, 2})
            QVERIFY(m_controller->measurementsOn(m_controller->shown(index)).empty());
        m_controller->scrollBy(2, 15);
        QVERIFY(m_controller->measurementsOn(m_controller->shown(2)).empty());
        QVERIFY2(std::abs(lengthIs() - 16.0) < 0.05, qPrintable(QString::number(lengthIs())));
        m_controller->toggleMpr();
        QVERIFY(!m_controller->state().mpr);
        QVERIFY(m_controller->showMeasurement(roi.id));
        QVERIFY(m_controller->state().mpr);
        const ShownFrame found = m_controller->shown(m_controller->state().active);
        QVERIFY(found.isOblique);
        QVERIFY(std::abs(std::abs(found.plane->normal().dot(plane.plane->normal())) - 1.0) < 1e-6);
        QCOMPARE(m_controller->measurementsOn(found).size(), 2u);
        QVERIFY(std::abs(lengthIs() - 16.0) < 0.05);
        QCOMPARE(m_controller->resultOf(roi.id).roi->mean, 60.0);
        // It lies on the screen where it was drawn: kept as patient points.
        for (const PatientPoint& point : roi.patientPoints)
            QVERIFY(std::abs((point - found.plane->origin).dot(found.plane->normal())) < 0.01);
    }

    void valuesOfASlabHoldForThatSlab() {
        openMpr();
        m_controller->setSlab(0, {SlabMode::Mip, 20.0});
        viewport(0)->grab();
        QTest::keyClick(viewport(0), Qt::Key_R);
        const QPointF centre = viewport(0)->rect().center();
        drag(viewport(0), straight(centre - QPointF(30, 30), centre + QPointF(30, 30)));
        const QString id = m_controller->measurements().all().front().id;
        const double mean = m_controller->resultOf(id).roi->mean;
        QCOMPARE(m_controller->measurementsOn(m_controller->shown(0)).size(), 1u);
        m_controller->setSlab(0, {});
        // Not shown on other values than it was measured on, and its own stay what they were.
        QVERIFY(m_controller->measurementsOn(m_controller->shown(0)).empty());
        QCOMPARE(m_controller->resultOf(id).roi->mean, mean);
        const QJsonArray json = m_controller->measurements().toJson();
        QCOMPARE(measurementFromJson(json.at(0).toObject()).slab, (Slab{SlabMode::Mip, 20.0}));
        QVERIFY(m_controller->showMeasurement(id));
        QCOMPARE(m_controller->viewport(m_controller->state().active)->slab, (Slab{SlabMode::Mip, 20.0}));
    }

    void pathOfClicksGivesACurvedPicture() {
        openMpr();
        const ShownFrame axial = m_controller->shown(0);
        viewport(0)->grab();
        QTest::keyClick(viewport(0), Qt::Key_Q, Qt::ShiftModifier);
        QCOMPARE(m_controller->state().tool, ViewerTool::CurvedPath);
        // Three points in a straight line, 120 mm from the first to the last.
        const double z = axial.plane->origin.z;
        for (const double x : {-60.0, 10.0, 60.0}) {
            const QPointF at = screenOf(0, {x, 20, z});
            send(viewport(0), QEvent::MouseButtonPress, at, Qt::LeftButton, Qt::LeftButton);
            send(viewport(0), QEvent::MouseButtonRelease, at, Qt::LeftButton, Qt::NoButton);
        }
        QVERIFY(m_controller->drawnPath(key()));
        QCOMPARE(m_controller->drawnPath(key())->points.size(), size_t{3});
        QCOMPARE(m_controller->state().viewports.size(), size_t{3});
        QTest::keyClick(viewport(0), Qt::Key_Return);
        QCOMPARE(m_controller->state().viewports.size(), size_t{4});
        QCOMPARE(m_controller->viewport(3)->content, ViewportState::Content::Curved);
        const ShownFrame flat = m_controller->shown(3);
        QVERIFY(flat.curved && flat.pixels);
        QVERIFY2(std::abs(flat.curved->lengthMm - 120.0) < 0.1, qPrintable(QString::number(flat.curved->lengthMm)));
        QVERIFY(warns(3, QStringLiteral("Curved along a path of 1")));
        // Along a straight path it is the coronal plane's own values.
        int compared = 0, close = 0;
        for (int y = 0; y < flat.curved->height; ++y)
            for (int x = 0; x < flat.curved->width; ++x, ++compared)
                close += std::abs(flat.pixels->as<std::int16_t>()[y * flat.curved->width + x] - 1024.0 -
                                  SyntheticSource::hounsfield(flat.curved->at(x, y))) < 60.0;
        QVERIFY(compared > 1000);
        QVERIFY2(close > compared * 0.8, qPrintable(QStringLiteral("%1 of %2").arg(close).arg(compared)));
        // Nothing is measured on it.
        QCoreApplication::processEvents();
        viewport(3)->grab();
        QTest::keyClick(viewport(3), Qt::Key_L);
        const QPointF middle = viewport(3)->rect().center();
        drag(viewport(3), straight(middle - QPointF(40, 0), middle + QPointF(40, 0)));
        QVERIFY(m_controller->measurements().all().empty());
        // A point that is dragged bends the path, and the picture with it.
        QTest::keyClick(viewport(0), Qt::Key_Q, Qt::ShiftModifier);
        viewport(0)->grab();
        drag(viewport(0), straight(screenOf(0, {10, 20, z}), screenOf(0, {10, -40, z})));
        QCOMPARE(m_controller->drawnPath(key())->points.size(), size_t{3});
        const ShownFrame bent = m_controller->shown(3);
        QVERIFY(bent.curved->lengthMm > 150.0);
        QVERIFY(bent.pixels != flat.pixels);
        keep(QStringLiteral("mpr-curved"));
        ViewerController again(m_source, {});
        again.open(m_current, {});
        again.restoreState(m_controller->saveState());
        QVERIFY(QTest::qWaitFor(
            [&] { return again.shown(3).pixels != nullptr && again.volume(key())->filledCount() == 80; }, 20000));
        QVERIFY(again.shown(3).pixels->data == bent.pixels->data);
        QTest::keyClick(viewport(0), Qt::Key_Escape);
        QVERIFY(!m_controller->drawnPath(key()));
        QCOMPARE(m_controller->state().viewports.size(), size_t{3});
        QCOMPARE(m_controller->viewport(0)->rowSpan, 2);
    }

    void slabOfAProtocolIsHungAndCaptured() {
        auto series = ct(m_current, "1.1.1", 2, 80);
        series.columns = series.rows = 128;
        series.pixelMm = series.sliceMm = 3.0;
        m_source->add(series);
        m_current.series = {m_source->announced(QStringLiteral("1.1.1"))};
        HangingStage stage = yz::test::row({0}, QStringLiteral("mpr-coronal"));
        stage.viewports[0].slab = {SlabMode::MinIp, 12.0};
        m_controller->setProtocols({protocol(QStringLiteral("ct"), QStringLiteral("CT"), {stage})});
        m_controller->open(m_current, {});
        QVERIFY(QTest::qWaitFor([&] { return m_controller->shown(0).pixels != nullptr; }, 20000));
        QVERIFY(waitForVolume());
        const ShownFrame thick = m_controller->shown(0);
        QVERIFY(thick.plane && thick.pixels);
        QCOMPARE(m_controller->viewport(0)->orientation, Orientation::Coronal);
        QCOMPARE(thick.slab, (Slab{SlabMode::MinIp, 12.0}));
        QVERIFY(warns(0, QStringLiteral("Slab: ")));
        // As a protocol again, it is the same.
        const HangingStage captured =
            capturedStage(m_controller->state(), m_controller->hangingInput(), QStringLiteral("row"));
        QCOMPARE(captured.viewports.size(), size_t{1});
        QCOMPARE(captured.viewports[0].kind, QStringLiteral("mpr-coronal"));
        QCOMPARE(captured.viewports[0].slab, (Slab{SlabMode::MinIp, 12.0}));
        m_controller->setSlab(0, {});
        const ShownFrame thin = m_controller->shown(0);
        QVERIFY(thin.pixels && !warns(0, QStringLiteral("Slab: ")));
        // Of each pixel the darkest of the five voxels that 12 mm hold, straight from the phantom.
        int right = 0, darker = 0;
        for (int y = 0; y < thick.plane->height; ++y)
            for (int x = 0; x < thick.plane->width; ++x) {
                const int got = thick.pixels->as<std::int16_t>()[y * thick.plane->width + x];
                int darkest = INT_MAX;
                for (int step = -2; step <= 2; ++step)
                    darkest =
                        std::min(darkest, 1024 + SyntheticSource::hounsfield(thick.plane->at(x, y) +
                                                                             thick.plane->normal() * (3.0 * step)));
                right += got == darkest ? 1 : 0;
                darker += got < thin.pixels->as<std::int16_t>()[y * thin.plane->width + x] ? 1 : 0;
            }
        const int all = thick.plane->width * thick.plane->height;
        QVERIFY2(right > all * 99 / 100, qPrintable(QStringLiteral("%1 of %2").arg(right).arg(all)));
        QVERIFY(darker > all / 4); // the phantom has a grain
    }

    void stackComesOutOfTheVolume() {
        m_controller->setCacheBytes(1); // one frame
        openMpr();
        QTest::keyClick(viewport(0), Qt::Key_M);
        QVERIFY(!m_controller->state().mpr);
        QVERIFY(QTest::qWaitFor([&] { return m_controller->loadedFrames(key()) == 80; }, 20000));
        QVERIFY(m_controller->sharedVolume(key()));
        const int decoded = m_source->decodeCount();
        const auto paths = m_current.series.front().instances;
        for (int i = 0; i < 80; ++i) {
            m_controller->scrollTo(0, i);
            const ShownFrame shown = m_controller->shown(0);
            QVERIFY(shown.pixels);
            const auto record = std::find_if(paths.begin(), paths.end(), [&](const InstanceRecord& own) {
                return own.instance == shown.image->instance;
            });
            QVERIFY(record != paths.end());
            QVERIFY(shown.pixels->data == m_source->pixelsOf(record->path, 0)->data);
            QCOMPARE(m_controller->shown(0).pixels, shown.pixels); // the same picture, not another copy
        }
        QCoreApplication::processEvents();
        QCOMPARE(m_source->decodeCount(), decoded);
    }

    void handlesAreLargeOnAFineScreen() {
        openMpr();
        auto* canvas = viewport(0)->findChild<ViewportCanvas*>();
        const QSizeF size(viewport(0)->size());
        const MprHandles coarse(m_controller->crossLines(0), canvas->transform(), 1.0, size, 92.0);
        const MprHandles fine(m_controller->crossLines(0), canvas->transform(), 1.0, size, 154.0); // 5 MP, 21 inches
        const auto reach = [](const MprHandles& handles) {
            const QPointF at = handles.all().front().at;
            double far = 0.0;
            while (handles.at(at + QPointF(far, far)) && far < 100.0)
                far += 0.25;
            return far * std::sqrt(2.0);
        };
        QVERIFY(reach(coarse) > 9.0);
        QVERIFY(reach(fine) / 154.0 * 25.4 > 2.5); // mm on the glass
        QVERIFY(reach(fine) > reach(coarse) * 1.3);
    }
};

QTEST_MAIN(MprPageTest)
#include "mpr_page_test.moc"
