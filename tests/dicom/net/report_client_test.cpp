#include "archive_process.h"
#include "dicom/net/event_listener.h"
#include "dicom/net/report_client.h"
#include "fake_platform.h"
#include "sample_objects.h"

#include <QElapsedTimer>
#include <QtTest>
#include <thread>

using namespace yz;
using namespace yz::test;
using std::chrono::milliseconds;

class ReportClientTest : public QObject {
    Q_OBJECT

    static ObjectToSend object(int i = 1) {
        SampleObject sample;
        sample.instance = QStringLiteral("1.2.826.0.1.3680043.9.1.1.%1").arg(i);
        return toSend(sample);
    }
    const TransactionUid m_transaction{QStringLiteral("1.2.826.0.1.3680043.9.7.1")};

private Q_SLOTS:
    void bytesArriveUnchanged() {
        const StoreProcess peer;
        QVERIFY(peer.isRunning());
        SampleObject packed;
        packed.instance = QStringLiteral("1.2.826.0.1.3680043.9.1.1.2");
        packed.jpeg2000 = true;
        const std::vector<ObjectToSend> sent{object(1), toSend(packed)};
        DicomReportClient client(peer.settings(), nullptr);
        const Status stored = client.store(sent, {});
        QVERIFY2(stored.has_value(), qPrintable(stored ? QString() : stored.error().toString()));
        const QList<QByteArray> files = peer.files();
        QCOMPARE(files.size(), 2);
        for (const QByteArray& file : files) {
            const QByteArray uid = valueIn(file, 0x0008, 0x0018);
            const ObjectToSend& original = uid.endsWith(".2") ? sent[1] : sent[0];
            QCOMPARE(dataSetBytes(file), dataSetBytes(original.file));
            QCOMPARE(transferSyntaxOf(file), transferSyntaxOf(original.file));
        }
    }

    void hasAsksTheArchive() {
        const ArchiveProcess archive;
        QVERIFY(archive.isRunning());
        DicomReportClient client(archive.settings(), nullptr);
        const ObjectToSend sent = object(1);
        auto has = client.has(sent.study, sent.series, sent.object.instance, {});
        QVERIFY2(has.has_value(), qPrintable(has ? QString() : has.error().toString()));
        QVERIFY(!*has);
        QVERIFY(client.store({sent}, {}).has_value());
        has = client.has(sent.study, sent.series, sent.object.instance, {});
        QVERIFY(has.has_value() && *has);
        has = client.has(sent.study, sent.series, InstanceUid(QStringLiteral("1.2.3")), {});
        QVERIFY(has.has_value() && !*has);
    }

    void refusals_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("A700") << 0xA700 << ErrorCode::PeerOutOfResources;
        QTest::newRow("A7FF") << 0xA7FF << ErrorCode::PeerOutOfResources;
        QTest::newRow("A900") << 0xA900 << ErrorCode::PeerRefusedObject;
        QTest::newRow("C000") << 0xC000 << ErrorCode::PeerRefusedObject;
        QTest::newRow("0122") << 0x0122 << ErrorCode::PeerError;
        QTest::newRow("0111") << 0x0111 << ErrorCode::PeerError;
    }
    void refusals() {
        QFETCH(int, status);
        QFETCH(ErrorCode, code);
        FakePlatform platform;
        platform.force(QStringLiteral("C-STORE"), status);
        DicomReportClient client(platform.settings(), nullptr);
        const Status stored = client.store({object(1), object(2)}, {});
        QVERIFY(!stored);
        QCOMPARE(stored.error().code, code);
        QVERIFY(stored.error().detail.contains(QString::number(status, 16).toUpper()));
        QCOMPARE(platform.log().size(), 1); // the second was not tried
    }

    void warningsAreSuccess() {
        FakePlatform platform;
        platform.force(QStringLiteral("C-STORE"), 0xB000);
        DicomReportClient client(platform.settings(), nullptr);
        QVERIFY(client.store({object()}, {}).has_value());
    }

    void unknownClassIsRefused() {
        FakePlatform platform;
        SampleObject sample;
        sample.sopClass = QStringLiteral("1.2.840.10008.5.1.4.1.1.128");
        DicomReportClient client(platform.settings(), nullptr);
        const Status stored = client.store({object(), toSend(sample)}, {});
        QVERIFY(!stored);
        QCOMPARE(stored.error().code, ErrorCode::PresentationContextRefused);
    }

    void brokenFilesAreNotSent() {
        DicomReportClient client(settingsFor(1, QStringLiteral("X")), nullptr);
        ObjectToSend broken = object();
        broken.file.truncate(100);
        QCOMPARE(client.store({broken}, {}).error().code, ErrorCode::NotDicom);
        broken = object();
        broken.file.truncate(180);
        QCOMPARE(client.store({broken}, {}).error().code, ErrorCode::DataSetTruncated);
        broken = object();
        broken.object.instance = InstanceUid(QStringLiteral("1.2.3"));
        QCOMPARE(client.store({broken}, {}).error().code, ErrorCode::InvalidArgument);
    }

    void commitmentOnTheSameAssociation() {
        FakePlatform platform;
        DicomReportClient client(platform.settings(), nullptr);
        const auto outcome = client.commit({object(1).object, object(2).object}, m_transaction, milliseconds(5000), {});
        QVERIFY2(outcome.has_value(), qPrintable(outcome ? QString() : outcome.error().toString()));
        QCOMPARE(outcome->committed.size(), size_t(2));
        QCOMPARE(outcome->committed[0], object(1).object);
        QVERIFY(outcome->failed.empty());
        QVERIFY(platform.log().first().contains(QStringLiteral("instance=1.2.840.10008.1.20.1.1")));
    }

    void commitmentOnAnAssociationOfItsOwn() {
        FakePlatform platform;
        EventListener listener(platform.settings(), {});
        QVERIFY(listener.start().has_value());
        platform.setCommitment(FakePlatform::CommitmentAnswer::OwnAssociation, listener.port(),
                               {object(2).object.instance.value()});
        DicomReportClient client(platform.settings(), &listener.commitments());
        const auto outcome = client.commit({object(1).object, object(2).object}, m_transaction, milliseconds(5000), {});
        QVERIFY2(outcome.has_value(), qPrintable(outcome ? QString() : outcome.error().toString()));
        QCOMPARE(outcome->committed.size(), size_t(1));
        QCOMPARE(outcome->failed.size(), size_t(1));
        QCOMPARE(outcome->failed[0], object(2).object);
    }

    void commitmentThatNeverComes() {
        FakePlatform platform;
        platform.setCommitment(FakePlatform::CommitmentAnswer::Never, 0, {});
        DicomReportClient client(platform.settings(), nullptr);
        QElapsedTimer timer;
        timer.start();
        const auto outcome = client.commit({object().object}, m_transaction, milliseconds(700), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::NetworkTimeout);
        QVERIFY(timer.elapsed() >= 700 && timer.elapsed() < 3000);
    }

    void commitmentIsCancelled() {
        FakePlatform platform;
        platform.setCommitment(FakePlatform::CommitmentAnswer::Never, 0, {});
        DicomReportClient client(platform.settings(), nullptr);
        const CancelToken token;
        std::thread later([&] {
            std::this_thread::sleep_for(milliseconds(300));
            token.cancel();
        });
        const auto outcome = client.commit({object().object}, m_transaction, milliseconds(20000), token);
        later.join();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    }

    void commitmentRefused() {
        FakePlatform platform;
        platform.force(QStringLiteral("N-ACTION"), 0x0213);
        DicomReportClient client(platform.settings(), nullptr);
        const auto outcome = client.commit({object().object}, m_transaction, milliseconds(2000), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::PeerOutOfResources);
    }
};

QTEST_GUILESS_MAIN(ReportClientTest)
#include "report_client_test.moc"
