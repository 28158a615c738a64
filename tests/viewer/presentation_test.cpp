#include "jobs/jobs.h"
#include "viewer/viewer_fixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// Presentation states on the viewports: offered where they are about the image, on, off, kept in the draft.
class PresentationTest : public QObject {
    Q_OBJECT

private:
    StudyRecord m_current;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;

    static PresentationState state(const char* uid, const char* label, double center) {
        PresentationState state;
        state.instance = InstanceUid(QString::fromLatin1(uid));
        state.label = QString::fromLatin1(label);
        for (int slice = 1; slice <= 5; ++slice) // of nine
            state.images.push_back({InstanceUid(QStringLiteral("1.1.1.%1").arg(slice)), {}});
        state.modality = StateModality{1.0, -1024.0, QStringLiteral("HU"), {}};
        state.vois = {{{}, {{center, 100.0, {}}}, VoiFunction::Linear, {}}};
        return state;
    }
    [[nodiscard]] const ViewportState& viewport() const { return *m_controller->viewport(0); }

private Q_SLOTS:
    void init() {
        m_current = study("1.1", QDate(2026, 3, 2));
        m_source = std::make_shared<SyntheticSource>();
        const auto series = ct(m_current, "1.1.1", 1, 9);
        m_source->add(series);
        m_current.series = {m_source->announced(QStringLiteral("1.1.1"))};
        PresentationState turned = state("1.8.2", "B", 300.0);
        turned.rotationDeg = 90;
        turned.isFlipped = true;
        m_current.series.push_back(m_source->add(turned, m_current.study));
        m_current.series.push_back(m_source->add(state("1.8.1", "A", -500.0), m_current.study));
        m_controller = std::make_unique<ViewerController>(m_source, std::vector<HangingProtocol>{});
        m_controller->open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 5000));
        m_controller->scrollTo(0, 2);
        QVERIFY(settles(*m_controller, 0));
        QVERIFY(QTest::qWaitFor([&] { return m_controller->presentationsOf(0).size() == 2; }, 5000));
    }
    void cleanup() {
        m_controller.reset();
        jobs::waitForAll();
    }

    void offeredWhereTheyAreAbout() {
        const auto states = m_controller->presentationsOf(0);
        QCOMPARE(states[0]->label, QStringLiteral("A"));
        QCOMPARE(states[1]->label, QStringLiteral("B"));
        m_controller->scrollTo(0, 8);
        QVERIFY(settles(*m_controller, 0));
        // Whatever end of the stack comes first: one end is covered, the other is not.
        const bool lastIsCovered = !m_controller->presentationsOf(0).empty();
        m_controller->scrollTo(0, 0);
        QVERIFY(settles(*m_controller, 0));
        QVERIFY(m_controller->presentationsOf(0).empty() == lastIsCovered);
    }
    /// Softcopy VOI LUT items that name images (PS3.3 C.11.8): each image under its own, until the reader windows.
    void everyImageItsOwnWindow() {
        StudyRecord current = study("1.1", QDate(2026, 3, 2));
        const auto series = ct(current, "1.1.1", 1, 9);
        m_source->add(series);
        current.series = {m_source->announced(QStringLiteral("1.1.1"))};
        PresentationState each = state("1.8.3", "C", 0.0);
        each.vois.clear();
        for (int slice = 1; slice <= 5; ++slice)
            each.vois.push_back({{{InstanceUid(QStringLiteral("1.1.1.%1").arg(slice)), {}}},
                                 {{100.0 * slice, 50.0 + slice, {}}},
                                 VoiFunction::Linear,
                                 {}});
        current.series.push_back(m_source->add(each, current.study));
        ViewerController controller(m_source, {});
        controller.open(current);
        QVERIFY(QTest::qWaitFor([&] { return !controller.studies().isReading(); }, 5000));
        const auto showSlice = [&](int slice) {
            int stack = 0, index = 0;
            QVERIFY(controller.studies().locate(SeriesUid(QStringLiteral("1.1.1")),
                                                {InstanceUid(QStringLiteral("1.1.1.%1").arg(slice)), 0}, stack, index));
            controller.scrollTo(0, index);
            QVERIFY(settles(controller, 0));
        };
        showSlice(2);
        QVERIFY(QTest::qWaitFor([&] { return controller.presentationsOf(0).size() == 1; }, 5000));
        controller.setPresentation(0, each.instance);
        for (const int slice : {2, 4, 1, 5}) {
            showSlice(slice);
            QVERIFY(controller.shown(0).state);
            QCOMPARE(controller.viewport(0)->display.window.center, 100.0 * slice);
            QCOMPARE(controller.viewport(0)->display.window.width, 50.0 + slice);
        }
        controller.setWindow(0, 7.0, 77.0);
        showSlice(3);
        QVERIFY(controller.shown(0).state);
        QCOMPARE(controller.viewport(0)->display.window.center, 7.0);
    }
    void onAndOffAgain() {
        const ShownFrame before = m_controller->shown(0);
        QCOMPARE(before.presented, before.image);
        const DisplaySettings plain = viewport().display;
        m_controller->setPresentation(0, InstanceUid(QStringLiteral("1.8.1")));
        ShownFrame shown = m_controller->shown(0);
        QVERIFY(shown.state);
        QCOMPARE(shown.state->label, QStringLiteral("A"));
        QCOMPARE(shown.image, before.image); // what is measured stays
        QVERIFY(shown.presented != shown.image);
        QCOMPARE(viewport().display.window.center, -500.0);
        m_controller->setWindow(0, 10.0, 20.0); // the reader may go on from there
        QCOMPARE(m_controller->shown(0).state->label, QStringLiteral("A"));
        QCOMPARE(viewport().display.window.center, 10.0);

        m_controller->setPresentation(0, InstanceUid());
        shown = m_controller->shown(0);
        QVERIFY(!shown.state);
        QCOMPARE(shown.presented, shown.image);
        QCOMPARE(viewport().display, plain);
        QCOMPARE(viewport().view, ViewAdjustment{});
    }
    void stateTurnsThePictureAndResetKeepsThat() {
        m_controller->setPresentation(0, InstanceUid(QStringLiteral("1.8.2")));
        QCOMPARE(viewport().view.quarterTurns, 3);
        QVERIFY(viewport().view.mirrored);
        m_controller->rotate(0, 1);
        m_controller->reset(0);
        QCOMPARE(viewport().view.quarterTurns, 3);
    }
    void theKeyGoesThroughAll() {
        const auto label = [&] {
            const ShownFrame shown = m_controller->shown(0);
            return shown.state ? shown.state->label : QString();
        };
        m_controller->nextPresentation(0);
        QCOMPARE(label(), QStringLiteral("A"));
        m_controller->nextPresentation(0);
        QCOMPARE(label(), QStringLiteral("B"));
        m_controller->nextPresentation(0);
        QCOMPARE(label(), QString());
    }
    void otherImagesAreShownAsSent() {
        m_controller->setPresentation(0, InstanceUid(QStringLiteral("1.8.1")));
        QVERIFY(m_controller->shown(0).state);
        const int away = m_controller->viewport(0)->index < 4 ? 8 : 0;
        m_controller->scrollTo(0, away);
        QVERIFY(settles(*m_controller, 0));
        const ShownFrame outside = m_controller->shown(0);
        QVERIFY(!outside.state);
        QCOMPARE(outside.presented, outside.image);
        QCOMPARE(viewport().display.window.center, 40.0); // the data set's own, not the state's
        m_controller->scrollTo(0, 2);
        QVERIFY(settles(*m_controller, 0));
        QVERIFY(m_controller->shown(0).state);
        QCOMPARE(viewport().display.window.center, -500.0);
    }
    void draftKeepsIt() {
        m_controller->setPresentation(0, InstanceUid(QStringLiteral("1.8.2")));
        (void)m_controller->shown(0);
        m_controller->setWindow(0, 77.0, 99.0);
        const QJsonObject draft = m_controller->saveState();
        ViewerController again(m_source, {});
        again.open(m_current);
        again.restoreState(draft);
        QVERIFY(QTest::qWaitFor([&] { return settles(again, 0) && again.shown(0).state; }, 5000));
        QCOMPARE(again.shown(0).state->label, QStringLiteral("B"));
        QCOMPARE(again.viewport(0)->view.quarterTurns, 3);
        QCOMPARE(again.viewport(0)->display.window.center, 77.0);
    }
    void displayedAreaFillsTheViewport() {
        PresentationState part = state("1.8.3", "C", 40.0);
        DisplayedArea area;
        area.left = 17;
        area.right = 32;
        area.top = 17;
        area.bottom = 32;
        part.areas = {area};
        InstanceRecord record = m_source->add(part, m_current.study).instances.front();
        m_controller->addInstance(record); // as it arrives during a retrieval
        QVERIFY(QTest::qWaitFor([&] { return m_controller->presentationsOf(0).size() == 3; }, 5000));
        m_controller->setPresentation(0, part.instance);
        const ViewTransform transform = fittedTransform(m_controller->shown(0), viewport().view, 160, 160);
        QCOMPARE(transform.toView({15.5, 15.5}).x, 0.0);
        QCOMPARE(transform.toView({31.5, 31.5}).y, 160.0);
    }
};

QTEST_GUILESS_MAIN(PresentationTest)
#include "presentation_test.moc"
