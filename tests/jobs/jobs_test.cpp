#include "jobs/jobs.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>
#include <atomic>

using namespace yz;

class JobsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resultArrivesOnTheContextsThread() {
        QObject context;
        QThread* deliveredOn = nullptr;
        int value = 0;
        jobs::whenDone(jobs::start(jobs::Lane::Compute, [] { return 42; }), &context, [&](int result) {
            value = result;
            deliveredOn = QThread::currentThread();
        });
        QTRY_COMPARE(value, 42);
        QCOMPARE(deliveredOn, QThread::currentThread());
    }

    void aDeadContextHearsNothing() {
        QSemaphore gate;
        std::atomic<bool> ran{false};
        std::atomic<bool> heard{false};
        auto context = std::make_unique<QObject>();
        jobs::whenDone(jobs::start(jobs::Lane::Compute,
                                   [&] {
                                       gate.acquire();
                                       ran = true;
                                       return 1;
                                   }),
                       context.get(), [&](int) { heard = true; });
        context.reset();
        gate.release();
        jobs::waitForAll();
        QTest::qWait(20);
        QVERIFY(ran);
        QVERIFY(!heard);
    }

    void cancelledBeforeItsTurnNeverRuns() {
        QSemaphore gate;
        auto blocker = jobs::start(jobs::Lane::Delivery, [&] { gate.acquire(); });
        std::atomic<bool> ran{false};
        const CancelToken token;
        auto future = jobs::start(
            jobs::Lane::Delivery,
            [&]() -> Result<int> {
                ran = true;
                return 1;
            },
            token);
        token.cancel();
        gate.release();
        future.waitForFinished();
        blocker.waitForFinished();
        QVERIFY(!ran);
        QVERIFY(!future.result());
        QCOMPARE(future.result().error().code, ErrorCode::Cancelled);
    }

    void deliveryLaneRunsOneAtATimeInOrder() {
        std::atomic<int> running{0};
        std::atomic<int> most{0};
        std::vector<int> order;
        std::vector<QFuture<void>> all;
        for (int i = 0; i < 8; ++i)
            all.push_back(jobs::start(jobs::Lane::Delivery, [&, i] {
                most = std::max(most.load(), ++running);
                order.push_back(i);
                --running;
            }));
        for (auto& future : all)
            future.waitForFinished();
        QCOMPARE(most.load(), 1);
        QCOMPARE(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
    }
};

QTEST_GUILESS_MAIN(JobsTest)
#include "jobs_test.moc"
