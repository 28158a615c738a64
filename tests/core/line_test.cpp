#include "core/bandwidth.h"
#include "core/patience.h"
#include "support/fake_clock.h"

#include <QTest>

using namespace yz;
using namespace yz::test;
using std::chrono::milliseconds;

/// Patience with a broken line, and the limit of how much of it may be taken.
class LineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pausesGrowAndEnd() {
        Patience patience({5, milliseconds(500), milliseconds(1500)});
        QList<qint64> pauses;
        while (const auto pause = patience.afterFailure())
            pauses.append(pause->count());
        QCOMPARE(pauses, (QList<qint64>{500, 1000, 1500, 1500}));
    }

    void whatCameIsARewardForever() {
        Patience patience({2, milliseconds(100), milliseconds(800)});
        for (int i = 0; i < 1000; ++i) {
            QCOMPARE(patience.afterFailure(), std::optional(milliseconds(100)));
            patience.reward();
        }
        QVERIFY(patience.afterFailure());
        QVERIFY(!patience.afterFailure());
    }

    void thePauserSeesTheToken() {
        const CancelToken token;
        token.cancel();
        QVERIFY(!systemPauser()->pause(milliseconds(60000), token));
        QVERIFY(systemPauser()->pause(milliseconds(1), {}));
    }

    void theTimeOfDay_data() {
        QTest::addColumn<QTime>("time");
        QTest::addColumn<qint64>("limit");
        QTest::newRow("before") << QTime(7, 59, 59, 999) << qint64(900);
        QTest::newRow("begins") << QTime(8, 0) << qint64(100);
        QTest::newRow("last moment") << QTime(17, 59, 59, 999) << qint64(100);
        QTest::newRow("ends") << QTime(18, 0) << qint64(900);
        QTest::newRow("over midnight, late") << QTime(23, 0) << qint64(0);
        QTest::newRow("over midnight, early") << QTime(5, 59) << qint64(0);
        QTest::newRow("over midnight, ended") << QTime(6, 0) << qint64(900);
    }
    void theTimeOfDay() {
        QFETCH(QTime, time);
        QFETCH(qint64, limit);
        const BandwidthPlan plan{900, {{QTime(8, 0), QTime(18, 0), 100}, {QTime(22, 0), QTime(6, 0), 0}}};
        QCOMPARE(plan.limitAt(time), limit);
    }

    void theSameTimeTwiceIsTheWholeDay() {
        const BandwidthPlan plan{900, {{QTime(8, 0), QTime(8, 0), 100}}};
        for (int hour = 0; hour < 24; ++hour)
            QCOMPARE(plan.limitAt(QTime(hour, 30)), qint64(100));
    }

    /// Whatever the sizes of the reads: in the long run the rate is kept, to the burst.
    void theRateIsKept_data() {
        QTest::addColumn<qint64>("chunk");
        for (const qint64 chunk : {100, 4096, 131072, 3'000'000})
            QTest::addRow("%lld", static_cast<long long>(chunk)) << chunk;
    }
    void theRateIsKept() {
        QFETCH(qint64, chunk);
        FakeClock clock;
        BandwidthLimiter limiter({1'000'000, {}}, clock);
        qint64 spent = 0;
        qint64 ms = 0;
        while (ms < 10000) {
            const milliseconds wait = limiter.wait();
            if (wait > milliseconds(0)) {
                clock.advance(wait);
                ms += wait.count();
                continue;
            }
            limiter.spend(chunk);
            spent += chunk;
        }
        QVERIFY2(spent >= 10'000'000 && spent <= 10'000'000 + 250'000 + 2 * chunk, qPrintable(QString::number(spent)));
    }

    void idleTimeIsNotSavedUp() {
        FakeClock clock;
        BandwidthLimiter limiter({1000, {}}, clock);
        clock.advance(milliseconds(3600'000));
        limiter.spend(1250);
        QCOMPARE(limiter.wait(), milliseconds(1000)); // a quarter of a second's worth was there
    }

    void theWindowEndsWhileItWaits() {
        FakeClock clock;
        clock.setNowUtc(QDateTime(QDate(2026, 3, 2), QTime(17, 59, 30)).toUTC());
        BandwidthLimiter limiter({0, {{QTime(8, 0), QTime(18, 0), 1000}}}, clock);
        QVERIFY(limiter.isLimitedNow());
        limiter.spend(1'000'000);
        QCOMPARE(limiter.wait(), milliseconds(60000)); // asked again after a minute at the latest
        clock.advance(milliseconds(30000));
        QCOMPARE(limiter.wait(), milliseconds(0));
        QVERIFY(!limiter.isLimitedNow());
        limiter.spend(1'000'000'000);
        QCOMPARE(limiter.wait(), milliseconds(0));
    }
};

QTEST_GUILESS_MAIN(LineTest)
#include "line_test.moc"
