#include "domain/transfer_meter.h"
#include "support/fake_clock.h"

#include <QTest>

using namespace yz;
using namespace yz::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

class TransferMeterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void steady() {
        FakeClock clock;
        TransferMeter meter(clock);
        TransferRate rate;
        for (int i = 1; i <= 40; ++i) { // an object of 500 kB every half second, of 100
            clock.advance(milliseconds(500));
            rate = meter.note(i, 100, i * 500'000LL, 0);
        }
        QCOMPARE(rate.bytesPerSecond, 1'000'000LL);
        QCOMPARE(rate.left, std::optional(seconds(30)));
    }

    void nothingIsGuessed() {
        FakeClock clock;
        TransferMeter meter(clock);
        QCOMPARE(meter.note(0, 100, 0, 0), TransferRate());
        clock.advance(milliseconds(100));
        QCOMPARE(meter.note(1, 100, 500'000, 0), TransferRate()); // too early
        clock.advance(milliseconds(900));
        QCOMPARE(meter.note(1, 0, 500'000, 0).left, std::optional<seconds>()); // of how many?
        QCOMPARE(meter.note(0, 5, 0, 500'000).left, std::optional<seconds>()); // how large is one?
    }

    /// The rate is the last ten seconds', not the whole transfer's.
    void followsTheLine() {
        FakeClock clock;
        TransferMeter meter(clock);
        qint64 bytes = 0;
        for (int i = 0; i < 100; ++i) {
            clock.advance(milliseconds(200));
            bytes += 400'000;
            static_cast<void>(meter.note(i, 1000, bytes, 0));
        }
        TransferRate rate;
        for (int i = 0; i < 60; ++i) {
            clock.advance(milliseconds(200));
            bytes += 20'000;
            rate = meter.note(100 + i, 1000, bytes, 0);
        }
        QCOMPARE(rate.bytesPerSecond, 100'000LL);
        for (int i = 0; i < 60; ++i) { // the line is dead
            clock.advance(milliseconds(200));
            rate = meter.note(160, 1000, bytes, 0);
        }
        QCOMPARE(rate.bytesPerSecond, 0LL);
        QCOMPARE(rate.left, std::optional<seconds>());
    }

    /// One large object over a slow line: the bytes on their way count.
    void arriving() {
        FakeClock clock;
        TransferMeter meter(clock);
        clock.advance(milliseconds(1000));
        static_cast<void>(meter.note(1, 2, 1'000'000, 0));
        clock.advance(milliseconds(1000));
        const TransferRate rate = meter.note(1, 2, 1'000'000, 500'000);
        QCOMPARE(rate.bytesPerSecond, 750'000LL);
        QCOMPARE(rate.left, std::optional(seconds(1))); // 0.67 s
        clock.advance(milliseconds(1000));              // the line broke: half an object comes again
        QVERIFY(meter.note(1, 2, 1'000'000, 0).bytesPerSecond >= 0);
    }
};

QTEST_GUILESS_MAIN(TransferMeterTest)
#include "transfer_meter_test.moc"
