#include "worklist/desk_fixture.h"

#include <QSignalSpy>
#include <QtTest>
#include <thread>

using namespace yz;
using namespace yz::test;

class WorklistControllerTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refreshShowsAndKeeps();
    void cacheIsShownWhenThePlatformIsAway();
    void comesBackOnline();
    void eventFromAnotherThreadRefreshes();
    void requestsWhileAskingAreAskedOnce();
    void refreshesByItself();
    void stopIsQuiet();
    void claimShowsAtOnce();
    void lostClaimTellsTheHolder();
    void releaseGivesBack();
    void oneMoveAtATime();
    void provisionalClaimShows();
    void otherUserSeesOtherRows();
    void localReportStatesAreShown();
    void outlivesItsJobs();
};

namespace {

const WorkitemUid kHead(QStringLiteral("2.25.101"));

void fill(Desk& desk) { desk.source.putAll(morningTasks(desk.clock.nowUtc())); }

} // namespace

void WorklistControllerTest::refreshShowsAndKeeps() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.refreshed());
    QVERIFY(desk.controller->state().isOnline);
    QVERIFY(!desk.controller->state().lastError);
    QCOMPARE(desk.controller->state().asOf, desk.clock.nowUtc());
    QCOMPARE(desk.model().rowCount(), 21);
    QCOMPARE(desk.store->tasks().all()->tasks.size(), 23u);
}

void WorklistControllerTest::cacheIsShownWhenThePlatformIsAway() {
    Desk desk;
    QVERIFY(desk.store->tasks().replaceAll(morningTasks(desk.clock.nowUtc())));
    const QDateTime asOf = desk.clock.nowUtc();
    desk.clock.advance(std::chrono::hours(2));
    desk.source.queryError = Error{ErrorCode::PlatformUnreachable, {}};
    QVERIFY(desk.refreshed());
    const WorklistState& state = desk.controller->state();
    QVERIFY(!state.isOnline);
    QCOMPARE(state.lastError->code, ErrorCode::PlatformUnreachable);
    QCOMPARE(state.asOf, asOf);
    QCOMPARE(state.offlineSince, desk.clock.nowUtc());
    QCOMPARE(desk.model().rowCount(), 21);
    // The beginning of the outage stays.
    const QDateTime since = state.offlineSince;
    desk.clock.advance(std::chrono::minutes(5));
    QVERIFY(desk.refreshed());
    QCOMPARE(desk.controller->state().offlineSince, since);
}

void WorklistControllerTest::comesBackOnline() {
    Desk desk;
    fill(desk);
    desk.source.queryError = Error{ErrorCode::NetworkTimeout, {}};
    QVERIFY(desk.refreshed());
    QCOMPARE(desk.model().rowCount(), 0);
    desk.source.queryError.reset();
    QVERIFY(desk.refreshed());
    QVERIFY(desk.controller->state().isOnline);
    QVERIFY(!desk.controller->state().offlineSince.isValid());
    QCOMPARE(desk.model().rowCount(), 21);
}

void WorklistControllerTest::eventFromAnotherThreadRefreshes() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.refreshed());
    const int before = desk.source.queries;
    std::thread listener([&] { desk.controller->onEvent({}); });
    listener.join();
    QCOMPARE(desk.source.queries, before); // not in the other thread
    QTRY_COMPARE(desk.source.queries, before + 1);
}

void WorklistControllerTest::requestsWhileAskingAreAskedOnce() {
    Desk desk;
    fill(desk);
    QSemaphore gate;
    desk.source.gate = &gate;
    desk.controller->refresh();
    for (int i = 0; i < 5; ++i)
        desk.controller->refresh();
    QVERIFY(desk.controller->state().isRefreshing);
    gate.release(10);
    QTRY_COMPARE(desk.source.queries, 2); // the one under way, and one for all that came meanwhile
    QTRY_VERIFY(!desk.controller->state().isRefreshing);
    QTest::qWait(50);
    QCOMPARE(desk.source.queries, 2);
}

void WorklistControllerTest::refreshesByItself() {
    Desk desk;
    fill(desk);
    desk.controller->start(std::chrono::milliseconds(40));
    QTRY_VERIFY(desk.source.queries >= 3);
}

void WorklistControllerTest::stopIsQuiet() {
    Desk desk;
    fill(desk);
    desk.controller->start(std::chrono::milliseconds(20));
    QTRY_VERIFY(desk.source.queries >= 1);
    desk.controller->stop();
    jobs::waitForAll();
    QTest::qWait(30);
    const int after = desk.source.queries;
    QTest::qWait(100);
    QCOMPARE(desk.source.queries, after);
    QVERIFY(desk.controller->state().isOnline); // a cancelled question is no outage
}

void WorklistControllerTest::claimShowsAtOnce() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.refreshed());
    QSignalSpy claimed(desk.controller.get(), &WorklistController::claimed);
    desk.controller->claim(kHead);
    QVERIFY(desk.controller->state().busy.contains(kHead));
    QTRY_COMPARE(claimed.size(), 1);
    QVERIFY(desk.controller->state().busy.isEmpty());
    QTRY_COMPARE(desk.model().find(kHead)->holding, Holding::Mine);
    QCOMPARE(desk.model().find(kHead)->state, ReadingState::Reading);
}

void WorklistControllerTest::lostClaimTellsTheHolder() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.refreshed());
    ReadingTask taken = desk.model().find(kHead)->task;
    taken.state = UpsState::InProgress;
    taken.holderName = "=王^芳";
    taken.holderStation = "DESK2";
    desk.source.put(taken, TransactionUid("9.9"));
    QString holder;
    std::optional<Error> error;
    QObject::connect(desk.controller.get(), &WorklistController::refused, desk.controller.get(),
                     [&](const ReadingTask& task, const Error& why) {
                         holder = task.holderName;
                         error = why;
                     });
    desk.controller->claim(kHead);
    QTRY_VERIFY(error.has_value());
    QCOMPARE(error->code, ErrorCode::TaskClaimedByOther);
    QCOMPARE(holder, "=王^芳");
    QTRY_COMPARE(desk.model().find(kHead)->holding, Holding::Other);
}

void WorklistControllerTest::releaseGivesBack() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.refreshed());
    QSignalSpy claimed(desk.controller.get(), &WorklistController::claimed);
    QSignalSpy released(desk.controller.get(), &WorklistController::released);
    desk.controller->claim(kHead);
    QTRY_COMPARE(claimed.size(), 1);
    desk.controller->release(kHead, {});
    QTRY_COMPARE(released.size(), 1);
    QTRY_COMPARE(desk.model().rowOf(kHead), -1); // cancelled: no longer open
}

void WorklistControllerTest::oneMoveAtATime() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.refreshed());
    QSignalSpy claimed(desk.controller.get(), &WorklistController::claimed);
    desk.controller->claim(kHead);
    desk.controller->claim(kHead);
    desk.controller->claim(WorkitemUid("1.1.1")); // not in the list
    QTRY_COMPARE(claimed.size(), 1);
    QTest::qWait(50);
    QCOMPARE(claimed.size(), 1);
}

void WorklistControllerTest::provisionalClaimShows() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.refreshed());
    desk.controller->setImagesHere([](const ReadingTask&) { return true; });
    desk.source.nextClaim = {{ErrorCode::PlatformUnreachable, {}}, false};
    QSignalSpy claimed(desk.controller.get(), &WorklistController::claimed);
    desk.controller->claim(kHead);
    QTRY_COMPARE(claimed.size(), 1);
    QTRY_COMPARE(desk.model().find(kHead)->holding, Holding::Provisional);
}

void WorklistControllerTest::otherUserSeesOtherRows() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.refreshed());
    desk.controller->claim(kHead);
    QTRY_COMPARE(desk.model().find(kHead)->holding, Holding::Mine);
    desk.controller->setUser(reviewer());
    QTRY_COMPARE(desk.model().find(kHead)->holding, Holding::Other);
}

void WorklistControllerTest::localReportStatesAreShown() {
    Desk desk;
    fill(desk);
    WorklistController controller(
        {desk.source, desk.store->tasks(), desk.store->claims(), *desk.claims, desk.clock, [] {
             return QHash<WorkitemUid, ReadingState>{{kHead, ReadingState::Submitted}};
         }});
    controller.refresh();
    QTRY_VERIFY(controller.model().find(kHead));
    QCOMPARE(controller.model().find(kHead)->state, ReadingState::Submitted);
    jobs::waitForAll();
}

void WorklistControllerTest::outlivesItsJobs() {
    Desk desk;
    fill(desk);
    QSemaphore gate;
    desk.source.gate = &gate;
    auto controller = std::make_unique<WorklistController>(
        WorklistController::Deps{desk.source, desk.store->tasks(), desk.store->claims(), *desk.claims, desk.clock, {}});
    controller->refresh();
    controller.reset(); // while the job waits
    gate.release(5);
    jobs::waitForAll();
    QCoreApplication::processEvents();
    QCOMPARE(desk.source.queries, 1);
}

QTEST_GUILESS_MAIN(WorklistControllerTest)
#include "worklist_controller_test.moc"
