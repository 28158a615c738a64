#include "archive_process.h"
#include "dicom/net/ups_client.h"
#include "fake_platform.h"
#include "support/fake_clock.h"

#include <QtTest>

using namespace yz;
using namespace yz::test;

namespace {

const WorkitemUid kTask(QStringLiteral("1.2.826.0.1.3680043.9.5.1"));
const TransactionUid kOurs(QStringLiteral("1.2.826.0.1.3680043.9.6.1"));
const TransactionUid kTheirs(QStringLiteral("1.2.826.0.1.3680043.9.6.2"));

ReadingTask task(int number = 1, UpsState state = UpsState::Scheduled) {
    ReadingTask task;
    task.uid = WorkitemUid(QStringLiteral("1.2.826.0.1.3680043.9.5.%1").arg(number));
    task.state = state;
    task.order.patient.name = PersonName::fromDicom(QString::fromUtf8("Wang^XiaoDong=王^小东"));
    task.order.item = QString::fromUtf8("胸部CT平扫");
    task.order.study = StudyUid(QStringLiteral("1.2.826.0.1.3680043.9.1"));
    task.scheduledTime = QDateTime(QDate(2026, 3, 2), QTime(1, 0), Qt::UTC);
    return task;
}

Performer performer() { return {QString::fromUtf8("=张医生"), QStringLiteral("WS3")}; }

std::vector<ReportReference> output() {
    return {
        {StudyUid(QStringLiteral("1.2.826.0.1.3680043.9.1")),
         SeriesUid(QStringLiteral("1.2.3.4.1")),
         {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.88.33")), InstanceUid(QStringLiteral("1.2.3.4.1.1"))}}};
}

QString textOf(const Status& status) { return status ? QStringLiteral("ok") : status.error().toString(); }

#define VERIFY_OK(expression)                                                                                          \
    do {                                                                                                               \
        const Status status_ = (expression);                                                                           \
        QVERIFY2(status_.has_value(), qPrintable(textOf(status_)));                                                    \
    } while (false)
#define VERIFY_FAILS(expression, wanted)                                                                               \
    do {                                                                                                               \
        const Status status_ = (expression);                                                                           \
        QVERIFY(!status_.has_value());                                                                                 \
        QVERIFY2(status_.error().code == (wanted), qPrintable(textOf(status_)));                                       \
    } while (false)

} // namespace

class UpsClientTest : public QObject {
    Q_OBJECT

    FakeClock m_clock;

private Q_SLOTS:
    void queriesByState() {
        FakePlatform platform;
        platform.add(task(1));
        platform.add(task(2, UpsState::InProgress));
        platform.add(task(3, UpsState::Completed));
        DicomWorklistClient client(platform.settings(), m_clock);
        const auto all = client.query({}, {});
        QVERIFY2(all.has_value(), qPrintable(all ? QString() : all.error().toString()));
        QCOMPARE(all->size(), size_t(3));
        QVERIFY(all->front() == task(1));
        QCOMPARE(all->front().order.patient.name.display(), QString::fromUtf8("王小东"));
        const auto some = client.query({{UpsState::Scheduled, UpsState::InProgress}, {}}, {});
        QVERIFY(some.has_value());
        QCOMPARE(some->size(), size_t(2));
        QVERIFY(platform.log().first().startsWith(
            QStringLiteral("C-FIND context=1.2.840.10008.5.1.4.34.6.5 class=1.2.840.10008.5.1.4.34.6.5")));
    }

    void theWholeLife() {
        FakePlatform platform;
        platform.add(task());
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_OK(client.echo({}));
        VERIFY_OK(client.claim(kTask, kOurs, performer(), {}));
        QCOMPARE(platform.state(kTask.value()), UpsState::InProgress);
        QCOMPARE(platform.attribute(kTask.value(), QStringLiteral("0074,1216/0040,4035/0040,4037")),
                 QString::fromUtf8("=张医生"));
        const auto held = client.get(kTask, {});
        QVERIFY(held.has_value());
        QCOMPARE(held->state, UpsState::InProgress);
        QCOMPARE(held->holderName, QString::fromUtf8("张医生"));
        QCOMPARE(held->holderStation, QStringLiteral("WS3"));

        m_clock.advance(std::chrono::minutes(10));
        VERIFY_OK(client.setOutput(kTask, kOurs, performer(), output(), {}));
        QCOMPARE(platform.attribute(kTask.value(), QStringLiteral("0074,1216/0040,4033/0008,1199/0008,1155")),
                 QStringLiteral("1.2.3.4.1.1"));
        const QString start = platform.attribute(kTask.value(), QStringLiteral("0074,1216/0040,4050"));
        const QString end = platform.attribute(kTask.value(), QStringLiteral("0074,1216/0040,4051"));
        QVERIFY2(start < end, qPrintable(start % u' ' % end)); // the claim's time is kept
        VERIFY_OK(client.complete(kTask, kOurs, {}));
        QCOMPARE(platform.state(kTask.value()), UpsState::Completed);
        const auto done = client.get(kTask, {});
        QVERIFY(done.has_value());
        QCOMPARE(done->reports, output());

        // Every request named the instance's class, whatever context carried it (PS3.4 CC.3.1).
        for (const QString& line : platform.log())
            QVERIFY2(line.contains(QStringLiteral("class=1.2.840.10008.5.1.4.34.6.1")), qPrintable(line));
        QVERIFY(platform.log().contains(
            QStringLiteral("N-ACTION 1 context=1.2.840.10008.5.1.4.34.6.3 class=1.2.840.10008.5.1.4.34.6.1 instance=") %
            kTask.value()));
    }

    void repeatedRequestsSucceed() {
        FakePlatform platform;
        platform.add(task());
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_OK(client.claim(kTask, kOurs, performer(), {}));
        VERIFY_OK(client.claim(kTask, kOurs, performer(), {})); // the peer says 0xC302, our N-SET says it is ours
        VERIFY_OK(client.setOutput(kTask, kOurs, performer(), output(), {}));
        VERIFY_OK(client.setOutput(kTask, kOurs, performer(), output(), {}));
        VERIFY_OK(client.complete(kTask, kOurs, {}));
        VERIFY_OK(client.complete(kTask, kOurs, {})); // 0xB306
        VERIFY_OK(client.setOutput(kTask, kOurs, performer(), output(), {}));

        platform.add(task(2));
        VERIFY_OK(client.claim(task(2).uid, kOurs, performer(), {}));
        VERIFY_OK(client.cancel(task(2).uid, kOurs, QString::fromUtf8("图像不合格"), {}));
        QCOMPARE(platform.attribute(task(2).uid.value(), QStringLiteral("0074,1002/0074,1238")),
                 QString::fromUtf8("图像不合格"));
        VERIFY_OK(client.cancel(task(2).uid, kOurs, QString::fromUtf8("图像不合格"), {})); // 0xB304
        QCOMPARE(client.get(task(2).uid, {})->reason, QString::fromUtf8("图像不合格"));
    }

    void completingFillsInWhatTheFinalStateNeeds() {
        FakePlatform platform;
        platform.add(task());
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_OK(client.claim(kTask, kOurs, performer(), {}));
        VERIFY_OK(
            client.complete(kTask, kOurs, {})); // without output: the fake platform wants start, end, station and code
        QCOMPARE(platform.state(kTask.value()), UpsState::Completed);
    }

    void theOtherHolderWins() {
        FakePlatform platform;
        platform.add(task());
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_OK(client.claim(kTask, kTheirs, {QStringLiteral("Other"), QStringLiteral("WS9")}, {}));
        VERIFY_FAILS(client.claim(kTask, kOurs, performer(), {}), ErrorCode::TaskClaimedByOther);
        QCOMPARE(platform.attribute(kTask.value(), QStringLiteral("0074,1216/0040,4035/0040,4037")),
                 QStringLiteral("Other"));
        VERIFY_FAILS(client.setOutput(kTask, kOurs, performer(), output(), {}), ErrorCode::TaskNotClaimed);
        VERIFY_FAILS(client.complete(kTask, kOurs, {}), ErrorCode::TaskNotClaimed);
        VERIFY_FAILS(client.cancel(kTask, kOurs, QStringLiteral("x"), {}), ErrorCode::TaskNotClaimed);
        QCOMPARE(platform.state(kTask.value()), UpsState::InProgress);
    }

    void finishedTasksCannotBeClaimed() {
        FakePlatform platform;
        platform.add(task(1, UpsState::Completed));
        platform.add(task(2, UpsState::Canceled));
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_FAILS(client.claim(task(1).uid, kOurs, performer(), {}), ErrorCode::TaskClaimedByOther);
        VERIFY_FAILS(client.claim(task(2).uid, kOurs, performer(), {}), ErrorCode::TaskClaimedByOther);
    }

    void unclaimedTasksCannotBeFinished() {
        FakePlatform platform;
        platform.add(task());
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_FAILS(client.complete(kTask, kOurs, {}), ErrorCode::TaskNotClaimed);
        VERIFY_FAILS(client.cancel(kTask, kOurs, QStringLiteral("x"), {}), ErrorCode::TaskNotClaimed);
        VERIFY_FAILS(client.setOutput(kTask, kOurs, performer(), output(), {}), ErrorCode::TaskNotClaimed);
    }

    void withdrawnTaskIsTold() {
        FakePlatform platform;
        platform.add(task());
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_OK(client.claim(kTask, kOurs, performer(), {}));
        VERIFY_OK(client.cancel(kTask, kOurs, QStringLiteral("withdrawn"), {}));
        VERIFY_FAILS(client.setOutput(kTask, kOurs, performer(), output(), {}), ErrorCode::TaskWithdrawn);
        VERIFY_FAILS(client.complete(kTask, kOurs, {}), ErrorCode::TaskWithdrawn);
    }

    void missingTaskIsGone() {
        FakePlatform platform;
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_FAILS(client.claim(kTask, kOurs, performer(), {}), ErrorCode::TaskGone);
        VERIFY_FAILS(client.setOutput(kTask, kOurs, performer(), output(), {}), ErrorCode::TaskGone);
        VERIFY_FAILS(client.complete(kTask, kOurs, {}), ErrorCode::TaskGone);
        VERIFY_FAILS(client.requestCancel(kTask, QStringLiteral("x"), {}), ErrorCode::TaskGone);
        const auto got = client.get(kTask, {});
        QVERIFY(!got);
        QCOMPARE(got.error().code, ErrorCode::TaskGone);
    }

    void everyFailureCode_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<ErrorCode>("claim");
        QTest::addColumn<ErrorCode>("request");
        using E = ErrorCode;
        QTest::newRow("C300") << 0xC300 << E::TaskClaimedByOther << E::TaskStateForbids;
        QTest::newRow("C301") << 0xC301 << E::TaskNotClaimed << E::TaskNotClaimed;
        QTest::newRow("C303") << 0xC303 << E::TaskStateForbids << E::TaskStateForbids;
        QTest::newRow("C304") << 0xC304 << E::TaskStateForbids << E::TaskStateForbids;
        QTest::newRow("C307") << 0xC307 << E::TaskGone << E::TaskGone;
        QTest::newRow("C308") << 0xC308 << E::InvalidArgument << E::InvalidArgument;
        QTest::newRow("C310") << 0xC310 << E::TaskNotClaimed << E::TaskNotClaimed;
        QTest::newRow("C311") << 0xC311 << E::TaskClaimedByOther << E::TaskStateForbids;
        QTest::newRow("C312") << 0xC312 << E::PeerError << E::PeerError;
        QTest::newRow("C313") << 0xC313 << E::TaskStateForbids << E::TaskStateForbids;
        QTest::newRow("C314") << 0xC314 << E::NotSupported << E::NotSupported;
        QTest::newRow("C315") << 0xC315 << E::NotSupported << E::NotSupported;
        QTest::newRow("0112") << 0x0112 << E::TaskGone << E::TaskGone;
        QTest::newRow("0213") << 0x0213 << E::PeerOutOfResources << E::PeerOutOfResources;
        QTest::newRow("0110") << 0x0110 << E::PeerError << E::PeerError;
    }
    void everyFailureCode() {
        QFETCH(int, status);
        QFETCH(ErrorCode, claim);
        QFETCH(ErrorCode, request);
        FakePlatform platform;
        platform.add(task());
        platform.force(QStringLiteral("N-ACTION"), status);
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_FAILS(client.claim(kTask, kOurs, performer(), {}), claim);
        VERIFY_FAILS(client.requestCancel(kTask, QStringLiteral("x"), {}), request);
        const Status again = client.claim(kTask, kOurs, performer(), {});
        QVERIFY(again.error().detail.contains(QString::number(status, 16).toUpper()));
    }

    void performerThatCannotBeSetDoesNotUndoTheClaim() {
        FakePlatform platform;
        platform.add(task());
        platform.force(QStringLiteral("N-SET"), 0x0110);
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_OK(client.claim(kTask, kOurs, performer(), {}));
        QCOMPARE(platform.state(kTask.value()), UpsState::InProgress);
    }

    void cancelRequestAndSubscription() {
        FakePlatform platform;
        platform.add(task(1, UpsState::InProgress));
        platform.add(task(2, UpsState::Completed));
        DicomWorklistClient client(platform.settings(), m_clock);
        VERIFY_OK(client.requestCancel(kTask, QString::fromUtf8("重复申请"), {}));
        VERIFY_FAILS(client.requestCancel(task(2).uid, QStringLiteral("x"), {}), ErrorCode::TaskStateForbids);
        VERIFY_OK(client.subscribe({}));
        VERIFY_OK(client.unsubscribe({}));
        const QStringList log = platform.log();
        QVERIFY(log.at(2).startsWith(QStringLiteral("N-ACTION 3 context=1.2.840.10008.5.1.4.34.6.2")));
        QVERIFY(log.at(2).endsWith(QStringLiteral("instance=1.2.840.10008.5.1.4.34.5")));
        QVERIFY(log.at(3).startsWith(QStringLiteral("N-ACTION 4 ")));
    }

    void platformThatIsAway() {
        DicomWorklistClient client(settingsFor(freePort(), QStringLiteral("PLATFORM")), m_clock);
        VERIFY_FAILS(client.claim(kTask, kOurs, performer(), {}), ErrorCode::PlatformUnreachable);
        const auto tasks = client.query({}, {});
        QVERIFY(!tasks);
        QCOMPARE(tasks.error().code, ErrorCode::PlatformUnreachable);
    }

    void peerWithoutWorklist() {
        const StoreProcess peer;
        DicomWorklistClient client(peer.settings(), m_clock);
        VERIFY_OK(client.echo({}));
        VERIFY_FAILS(client.subscribe({}), ErrorCode::PresentationContextRefused);
    }

    void cancelledBeforeItStarts() {
        DicomWorklistClient client(settingsFor(freePort(), QStringLiteral("PLATFORM")), m_clock);
        const CancelToken token;
        token.cancel();
        VERIFY_FAILS(client.claim(kTask, kOurs, performer(), token), ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(UpsClientTest)
#include "ups_client_test.moc"
