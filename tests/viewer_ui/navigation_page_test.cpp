#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/magnifier.h"
#include "viewer_ui/screen_calibration.h"
#include "viewer_ui/screen_ruler.h"
#include "viewer_ui/shortcut_page.h"
#include "viewer_ui/viewer_page.h"
#include "viewer_ui/viewport_canvas.h"

#include <QApplication>
#include <QDir>
#include <QInputDialog>
#include <QJsonObject>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QSlider>
#include <QTableWidget>
#include <QTest>
#include <QToolBar>
#include <QToolButton>
#include <QWheelEvent>
#include <cmath>
#include <set>

using namespace yz;
using namespace yz::test;

/// The hand on mouse and keys: lens, sizes, links, key images, states, and keys that a reader has changed.
class NavigationPageTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current, m_prior;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;

    void open(bool withPrior = false) {
        auto series = ct(m_current, "1.1.1", 1, 40);
        series.columns = series.rows = 128;
        series.pixelMm = 3.0;
        m_source->add(series);
        m_current.series.push_back(m_source->announced(QStringLiteral("1.1.1")));
        auto coronal = series;
        coronal.record.series = SeriesUid(QStringLiteral("1.1.2"));
        coronal.record.seriesNumber = 2;
        coronal.orientation = Orientation3::Coronal;
        m_source->add(coronal);
        m_current.series.push_back(m_source->announced(QStringLiteral("1.1.2")));
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
        m_controller->setLayout(1, 2);
        m_controller->showStack(0, {SeriesUid(QStringLiteral("1.1.1")), 0});
        m_controller->showStack(1, {SeriesUid(withPrior ? QStringLiteral("1.2.1") : QStringLiteral("1.1.2")), 0});
        QCoreApplication::processEvents();
        QVERIFY(settles(*m_controller, 0) && settles(*m_controller, 1));
        m_controller->setActive(0);
        viewport(0)->setFocus();
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QWidget* viewport(int index) const {
        return m_page->findChild<QWidget*>(QStringLiteral("viewport%1").arg(index));
    }
    [[nodiscard]] int index(int i) const { return m_controller->viewport(i)->index; }
    [[nodiscard]] ViewTransform transform(int i) {
        const ShownFrame shown = m_controller->shown(i);
        const ViewportState& state = *m_controller->viewport(i);
        const QSize size = m_controller->viewSize(i);
        return adjustedTransform(fittedTransform(shown, state.view, size.width(), size.height()), state.view,
                                 size.width(), size.height());
    }
    static void hover(QWidget* widget, QPointF at) {
        QMouseEvent move(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
        QCoreApplication::sendEvent(widget, &move);
    }
    void keep(const QString& name, QWidget* widget = nullptr) {
        const QString folder = qEnvironmentVariable("YZ_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(
                (widget ? widget : m_page.get())->grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
    }
    /// Chooses the row of an action on the page of keys.
    static bool choose(ShortcutPage& page, const QString& actionText) {
        auto* list = page.findChild<QTableWidget*>(QStringLiteral("shortcutList"));
        for (int row = 0; row < list->rowCount(); ++row)
            if (list->item(row, 0)->text() == actionText && !list->isRowHidden(row)) {
                list->scrollToItem(list->item(row, 0));
                QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                                  list->visualItemRect(list->item(row, 0)).center());
                return true;
            }
        return false;
    }

private Q_SLOTS:
    void initTestCase() { (void)applyTheme(*qApp); }
    void init() {
        m_current = study("1.1", QDate(2026, 3, 2));
        m_prior = study("1.2", QDate(2025, 6, 1));
        m_source = std::make_shared<SyntheticSource>();
        m_controller = std::make_unique<ViewerController>(m_source, std::vector<HangingProtocol>{});
        m_page = std::make_unique<ViewerPage>(*m_controller, DisplayPath::Cpu);
        m_page->resize(1280, 800);
        m_page->show();
        ScreenCalibration::instance().load({});
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void theLensShowsWhatIsUnderTheMouse() {
        open();
        QTest::keyClick(viewport(0), Qt::Key_T); // no texts
        QTest::keyClick(viewport(0), Qt::Key_V);
        QVERIFY(m_controller->state().tool == ViewerTool::Magnifier);
        const QPointF at(QPoint(viewport(0)->width() / 2 + 40, viewport(0)->height() / 2 - 30));
        const QImage without = viewport(0)->grab().toImage();
        hover(viewport(0), at);
        const QImage with = viewport(0)->grab().toImage();
        // The display chain's own picture, enlarged about the point.
        const ShownFrame shown = m_controller->shown(0);
        const int side = static_cast<int>(2.0 * Magnifier::radius);
        ScreenPicture lens{side, side, {}};
        renderFrame(*shown.presented, shown.frame, *shown.pixels, m_controller->viewport(0)->display,
                    Magnifier::lensTransform(transform(0), {at.x(), at.y()}, side), Interpolation::Linear, 0xff000000u,
                    lens);
        int compared = 0, wrong = 0;
        for (int y = -60; y <= 60; ++y)
            for (int x = -60; x <= 60; ++x, ++compared)
                wrong += with.pixel(static_cast<int>(at.x()) + x, static_cast<int>(at.y()) + y) !=
                         lens.argb[static_cast<size_t>((side / 2 + y) * side + side / 2 + x)];
        QVERIFY2(wrong == 0, qPrintable(QStringLiteral("%1 of %2").arg(wrong).arg(compared)));
        QCOMPARE(with.pixel(4, viewport(0)->height() - 4), without.pixel(4, viewport(0)->height() - 4));
        keep(QStringLiteral("lens"));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(viewport(0), &leave);
        QCOMPARE(viewport(0)->grab().toImage(), without);
        QTest::keyClick(viewport(0), Qt::Key_V); // back to the tool before
        QVERIFY(m_controller->state().tool == ViewerTool::Window);
    }

    void aPointIsShownInTheOtherView() {
        open();
        QTest::keyClick(viewport(0), Qt::Key_B);
        QVERIFY(m_controller->state().tool == ViewerTool::SpacePoint);
        const int before = index(1);
        const QPoint at(viewport(0)->width() / 2 + 30, viewport(0)->height() / 2 + 60);
        QTest::mouseClick(viewport(0), Qt::LeftButton, {}, at);
        QVERIFY(index(1) != before); // the coronal stack went to the point
        QVERIFY(settles(*m_controller, 1));
        const auto here = m_controller->spacePointOn(m_controller->shown(0));
        const auto there = m_controller->spacePointOn(m_controller->shown(1));
        QVERIFY(here && there);
        QVERIFY(std::abs(here->x - there->x) < 1e-6); // left and right are the same in both
        const ImagePoint clicked = transform(0).toImage({at.x() + 0.5, at.y() + 0.5});
        QVERIFY(std::abs(clicked.x - here->x) < 1e-6);
        // The mark is painted at that place.
        const ViewPoint mark = transform(1).toView(*there);
        const QImage picture = viewport(1)->grab().toImage();
        int marked = 0;
        for (int d = 6; d < 18; ++d) {
            bool isBlue = false;
            for (int row = -1; row <= 1; ++row) {
                const QColor colour = picture.pixelColor(static_cast<int>(mark.x) + d, static_cast<int>(mark.y) + row);
                isBlue = isBlue || (colour.blue() > colour.red() + 40 && colour.blue() > 120);
            }
            marked += isBlue;
        }
        QVERIFY2(marked >= 6, qPrintable(QString::number(marked)));
        keep(QStringLiteral("space-point"));
    }

    void linkedByKeyAndMenu() {
        open(true);
        QSignalSpy said(m_page.get(), &ViewerPage::notice);
        QTest::keyClick(viewport(0), Qt::Key_Y); // apart
        QVERIFY(!m_controller->state().linked);
        m_controller->scrollTo(0, 20);
        m_controller->scrollTo(1, 12);
        QTest::keyClick(viewport(0), Qt::Key_Y, Qt::ShiftModifier); // link here
        QVERIFY(m_controller->hasHandLinks() && m_controller->state().linked);
        QCOMPARE(said.size(), 1);
        const QPointF middle = viewport(0)->rect().center();
        for (int i = 0; i < 3; ++i) {
            QWheelEvent event(middle, viewport(0)->mapToGlobal(middle), {}, {0, -120}, Qt::NoButton, {},
                              Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(viewport(0), &event);
        }
        QCOMPARE(index(0), 23);
        QCOMPARE(index(1), 15);
        auto* menu = m_page->findChild<QMenu*>(QStringLiteral("menuViewPopup"));
        QVERIFY(menu);
        Q_EMIT menu->aboutToShow();
        auto* forget = menu->findChild<QAction*>(QStringLiteral("view-link.forget"));
        QVERIFY(forget && forget->isEnabled());
        forget->trigger();
        QVERIFY(!m_controller->hasHandLinks());
        QTest::keyClick(viewport(0), Qt::Key_Z, Qt::ShiftModifier);
        QVERIFY(m_controller->state().zoomLinked);
        QWheelEvent zoom(middle, viewport(0)->mapToGlobal(middle), {}, {0, 240}, Qt::NoButton, Qt::ControlModifier,
                         Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(viewport(0), &zoom);
        QVERIFY(m_controller->viewport(0)->view.zoom > 1.2);
        QCOMPARE(m_controller->viewport(1)->view.zoom, m_controller->viewport(0)->view.zoom);
        QTest::keyClick(viewport(0), Qt::Key_W, Qt::ShiftModifier);
        QVERIFY(m_controller->state().windowLinked);
        QTest::keyClick(viewport(0), Qt::Key_2); // a preset
        QCOMPARE(m_controller->viewport(1)->display.window.width, m_controller->viewport(0)->display.window.width);
    }

    void trueSizeAsksForTheRulerFirst() {
        open();
        QTest::keyClick(viewport(0), Qt::Key_S, Qt::ShiftModifier);
        auto* ruler = m_page->findChild<ScreenRuler*>();
        QVERIFY(ruler && ruler->isVisible());
        QVERIFY(m_controller->viewport(0)->view.size == ViewAdjustment::Size::Fit); // not called true before
        auto* slider = ruler->findChild<QSlider*>(QStringLiteral("screenRulerSlider"));
        auto* picture = ruler->findChild<RulerWidget*>();
        QVERIFY(slider && picture);
        slider->setFocus();
        slider->setValue(450); // 4.5 px a mm
        QTest::keyClick(slider, Qt::Key_Right);
        const double pxPerMm = ruler->pxPerMm();
        QVERIFY(pxPerMm > 4.5 && pxPerMm < 4.6);
        // The outline is a card of 85.6 mm at that scale.
        QCOMPARE(picture->cardRect().width(), 85.6 * pxPerMm / ruler->devicePixelRatioF());
        keep(QStringLiteral("ruler"), ruler);
        QSignalSpy measured(m_page.get(), &ViewerPage::screensMeasured);
        QTest::mouseClick(ruler->findChild<QPushButton*>(QStringLiteral("screenRulerOk")), Qt::LeftButton);
        QCOMPARE(measured.size(), 1);
        QVERIFY(m_controller->viewport(0)->view.size == ViewAdjustment::Size::TrueSize);
        QCoreApplication::processEvents();
        (void)viewport(0)->grab();
        // 3 mm pixels: ten of them measure 30 mm on this screen.
        const ViewPoint a = transform(0).toView({50, 64}), b = transform(0).toView({60, 64});
        QVERIFY(std::abs((b.x - a.x) / pxPerMm - 30.0) < 1e-6);
        // Kept for this screen, and found again.
        const QJsonObject kept = ScreenCalibration::instance().toJson();
        ScreenCalibration::instance().load({});
        QCOMPARE(ScreenCalibration::instance().pxPerMm(m_page->screen()), 0.0);
        ScreenCalibration::instance().load(kept);
        QCOMPARE(ScreenCalibration::instance().pxPerMm(m_page->screen()), pxPerMm);
        QTest::keyClick(viewport(0), Qt::Key_F, Qt::ShiftModifier); // one pixel for one
        QCOMPARE(transform(0).scaleX, 1.0);
        QTest::keyClick(viewport(0), Qt::Key_F);
        QVERIFY(transform(0).scaleX != 1.0);
    }

    void noTrueSizeWithoutSpacing() {
        auto cine = ct(m_current, "1.1.1", 1, 5);
        cine.isColourCine = true;
        m_source->add(cine);
        m_current.series.push_back(m_source->announced(QStringLiteral("1.1.1")));
        m_controller->open(m_current);
        QVERIFY(settles(*m_controller, 0));
        viewport(0)->setFocus();
        QSignalSpy said(m_page.get(), &ViewerPage::notice);
        QTest::keyClick(viewport(0), Qt::Key_S, Qt::ShiftModifier);
        QCOMPARE(said.size(), 1);
        QVERIFY(!m_page->findChild<ScreenRuler*>());
        QVERIFY(m_controller->viewport(0)->view.size == ViewAdjustment::Size::Fit);
    }

    void keyImagesAreMarkedFoundAndHandedOver() {
        open();
        m_controller->scrollTo(0, 10);
        QVERIFY(settles(*m_controller, 0));
        QTest::keyClick(viewport(0), Qt::Key_K, Qt::ShiftModifier);
        m_controller->scrollTo(0, 30);
        QVERIFY(settles(*m_controller, 0));
        QSignalSpy report(m_page.get(), &ViewerPage::keyImageRequested);
        QTest::keyClick(viewport(0), Qt::Key_K); // into the report: a key image as well
        QVERIFY(QTest::qWaitFor([&] { return report.size() == 1; }, 5000));
        QCOMPARE(m_controller->keyImages().marks().size(), size_t{2});
        keep(QStringLiteral("key-image"));
        QTest::keyClick(viewport(0), Qt::Key_N);
        QCOMPARE(index(0), 10);
        QTest::keyClick(viewport(0), Qt::Key_N, Qt::ShiftModifier);
        QCOMPARE(index(0), 30);
        QSignalSpy made(m_page.get(), &ViewerPage::keyObjectsMade);
        auto* menu = m_page->findChild<QMenu*>(QStringLiteral("menuPresentationPopup"));
        Q_EMIT menu->aboutToShow();
        menu->findChild<QAction*>(QStringLiteral("keyImagesSave"))->trigger();
        QCOMPARE(made.size(), 1);
        QCOMPARE(made[0][0].value<StudyUid>(), StudyUid(QStringLiteral("1.1")));
        const auto selection = made[0][1].value<KeyObjectSelection>();
        QCOMPARE(selection.items.size(), size_t{2});
        QVERIFY(selection.items[0].image.frames.empty()); // pictures of one frame
        m_controller->keyImages().markSaved();
        Q_EMIT menu->aboutToShow();
        QVERIFY(!menu->findChild<QAction*>(QStringLiteral("keyImagesSave"))->isEnabled());
    }

    void theDisplayIsKeptUnderAName() {
        open();
        QSignalSpy made(m_page.get(), &ViewerPage::presentationMade);
        QTest::keyClick(viewport(0), Qt::Key_I); // inverted
        QTest::keyClick(viewport(0), Qt::Key_G, Qt::ShiftModifier);
        auto* dialog = m_page->findChild<QInputDialog*>(QStringLiteral("presentationName"));
        QVERIFY(dialog && dialog->isVisible() && !dialog->isModal());
        auto* line = dialog->findChild<QLineEdit*>();
        QTest::keyClicks(line, QStringLiteral("nodule"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(made.size(), 1);
        const auto capture = made[0][1].value<PresentationCapture>();
        QCOMPARE(capture.state.description, QStringLiteral("nodule"));
        QCOMPARE(capture.state.presentationLutShape, QStringLiteral("INVERSE"));
        QCOMPARE(capture.images.size(), size_t{40});
    }

    // Keys

    void everyActionOfTheTableDoesSomething() {
        open();
        std::set<QString> keys;
        for (const ViewerAction& action : viewerActions()) {
            QVERIFY2(keys.insert(action.key).second, qPrintable(action.key)); // no key twice
            QVERIFY2(!ShortcutTable::isFixed(QKeySequence(action.key)), qPrintable(action.id));
            QVERIFY2(!action.text.isEmpty(), qPrintable(action.id));
        }
        for (const ViewerAction& action : viewerActions()) {
            if (action.id.startsWith(u"preset.") || action.id == u"layout.protocols" || action.id == u"measure.redo")
                continue; // as many as the modality has; needs a catalogue
            // Taken by the page: an unknown key goes on to the parent.
            const QKeySequence key(action.key);
            QKeyEvent press(QEvent::KeyPress, key[0].key(), key[0].keyboardModifiers());
            QCoreApplication::sendEvent(m_page.get(), &press);
            QVERIFY2(press.isAccepted(), qPrintable(action.id));
            if (action.tool)
                QVERIFY2(m_controller->state().tool == *action.tool, qPrintable(action.id));
        }
    }

    void everyToolIsWithinReachOfTheMouse_data() {
        QTest::addColumn<int>("width");
        for (const int width : {700, 1000, 1280, 2200})
            QTest::newRow(QByteArray::number(width).constData()) << width;
    }
    void everyToolIsWithinReachOfTheMouse() {
        QFETCH(int, width);
        open();
        m_page->resize(width, 800);
        QCoreApplication::processEvents();
        auto* bar = m_page->findChild<QToolBar*>(QStringLiteral("viewerToolBar"));
        auto* more = bar->findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button"));
        QVERIFY(bar && more && !more->icon().isNull());
        bool isCut = false;
        for (QAction* action : bar->actions())
            if (const QWidget* widget = bar->widgetForAction(action); widget && action->isVisible())
                isCut = isCut || !widget->isVisible() || widget->geometry().right() > bar->width();
        QCOMPARE(more->isVisible(), isCut); // what is cut off is behind the arrow
        const auto* menu = bar->findChild<QToolButton*>(QStringLiteral("menuView"));
        QCOMPARE(menu->toolButtonStyle() == Qt::ToolButtonTextBesideIcon, width == 2200);
        QVERIFY(!isCut || width < 1280);
        keep(QStringLiteral("toolbar-%1").arg(width));
    }

    void aKeyIsChangedOnThePageOfKeys() {
        open();
        QTest::keyClick(viewport(0), Qt::Key_F1);
        auto* page = m_page->findChild<ShortcutPage*>();
        QVERIFY(page && page->isVisible() && !page->isModal());
        auto* search = page->findChild<QLineEdit*>(QStringLiteral("shortcutSearch"));
        auto* list = page->findChild<QTableWidget*>(QStringLiteral("shortcutList"));
        QTest::keyClicks(search, QStringLiteral("invert"));
        int visible = 0;
        for (int row = 0; row < list->rowCount(); ++row)
            visible += !list->isRowHidden(row) && !list->item(row, 0)->data(Qt::UserRole).toString().isEmpty();
        QCOMPARE(visible, 1);
        QVERIFY(choose(*page, QStringLiteral("Invert")));
        auto* key = page->findChild<QKeySequenceEdit*>(QStringLiteral("shortcutKey"));
        auto* conflict = page->findChild<QLabel*>(QStringLiteral("shortcutConflict"));
        auto* assign = page->findChild<QPushButton*>(QStringLiteral("shortcutAssign"));
        QVERIFY(!assign->isEnabled());
        key->setKeySequence(QKeySequence(Qt::Key_Up));
        QVERIFY(!assign->isEnabled() && !conflict->text().isEmpty()); // arrows are kept
        key->clear();
        QTest::keyClick(key, Qt::Key_L); // the length tool's
        QTRY_VERIFY2_WITH_TIMEOUT(conflict->text().contains(QStringLiteral("Length")), qPrintable(conflict->text()),
                                  5000); // the field waits a second for more
        keep(QStringLiteral("keys"), page);
        QSignalSpy changed(m_page.get(), &ViewerPage::shortcutsChanged);
        QTest::mouseClick(assign, Qt::LeftButton);
        QCOMPARE(changed.size(), 1);
        QTest::keyClick(viewport(0), Qt::Key_L);
        QVERIFY(m_controller->viewport(0)->display.inverted);
        QVERIFY(m_controller->state().tool == ViewerTool::Window); // and no length
        QTest::keyClick(viewport(0), Qt::Key_I);                   // given away: nothing
        QVERIFY(m_controller->viewport(0)->display.inverted);
        auto* button = m_page->findChild<QToolButton*>(QStringLiteral("buttonInvert"));
        QVERIFY2(button->toolTip().contains(QStringLiteral("(L)")), qPrintable(button->toolTip()));
        auto* length = m_page->findChild<QToolButton*>(QStringLiteral("toolLength"));
        QVERIFY2(!length->toolTip().contains(QStringLiteral("(L)")), qPrintable(length->toolTip()));
        // As shipped again.
        QTest::mouseClick(page->findChild<QPushButton*>(QStringLiteral("shortcutResetAll")), Qt::LeftButton);
        QTest::keyClick(viewport(0), Qt::Key_I);
        QVERIFY(!m_controller->viewport(0)->display.inverted);
        QTest::keyClick(viewport(0), Qt::Key_L);
        QVERIFY(m_controller->state().tool == ViewerTool::Length);
    }

    void noShippedKeyIsOneTheDeskTakes() {
        for (const ViewerAction& action : viewerActions()) {
            const QKeySequence key(action.key, QKeySequence::PortableText);
            QVERIFY2(!ShortcutTable::isFixed(key), qPrintable(action.id + QStringLiteral(": ") + action.key));
        }
    }
    void tablesAreKeptAsWhatWasChanged() {
        ShortcutTable table;
        QVERIFY(table.toJson().isEmpty());
        table.setKey(QStringLiteral("view.invert"), QKeySequence(QStringLiteral("Ctrl+I")));
        table.setKey(QStringLiteral("tool.window"), QKeySequence(QStringLiteral("S"))); // scroll loses it
        QCOMPARE(table.actionOf(QKeySequence(QStringLiteral("S"))), QStringLiteral("tool.window"));
        QVERIFY(table.key(QStringLiteral("tool.scroll")).isEmpty());
        const ShortcutTable back = ShortcutTable::fromJson(table.toJson());
        QVERIFY(back == table);
        table.reset(QStringLiteral("tool.scroll"));
        QCOMPARE(table.key(QStringLiteral("tool.scroll")), QKeySequence(QStringLiteral("S")));
        QVERIFY(table.key(QStringLiteral("tool.window")).isEmpty());
        table.setKey(QStringLiteral("tool.window"), QKeySequence(Qt::Key_F2)); // the desk's own
        QVERIFY(table.key(QStringLiteral("tool.window")).isEmpty());
        // One key twice, an unknown action, a fixed key: not followed.
        const ShortcutTable odd = ShortcutTable::fromJson({{QStringLiteral("view.invert"), QStringLiteral("Y")},
                                                           {QStringLiteral("view.mirror"), QStringLiteral("Y")},
                                                           {QStringLiteral("nothing"), QStringLiteral("X")},
                                                           {QStringLiteral("view.fit"), QStringLiteral("Up")}});
        int holders = 0;
        for (const ViewerAction& action : viewerActions())
            holders += odd.key(action.id) == QKeySequence(QStringLiteral("Y"));
        QCOMPARE(holders, 1);
        QCOMPARE(odd.key(QStringLiteral("view.fit")), QKeySequence(QStringLiteral("F")));
    }
};

QTEST_MAIN(NavigationPageTest)
#include "navigation_page_test.moc"
