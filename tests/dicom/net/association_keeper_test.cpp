#include "archive_process.h"
#include "dicom/net/association_keeper.h"
#include "dicom/net/report_client.h"
#include "dicom/net/study_client.h"
#include "fake_platform.h"
#include "hostile_scp.h"
#include "sample_objects.h"
#include "support/fault_proxy.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace yz;
using namespace yz::test;
using std::chrono::milliseconds;

namespace {

constexpr int kCount = 5;

QString instanceUid(int i) { return SampleObject().series + u'.' + QString::number(i); }

} // namespace

/// What queries and retrievals share, over a proxy that counts connections, from DCMTK's archive.
class AssociationKeeperTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ArchiveProcess> m_archive;
    const StudyUid m_study{SampleObject().study};

    [[nodiscard]] NetworkSettings through(const FaultProxy& proxy) const {
        NetworkSettings settings = m_archive->settings();
        settings.platform.port = proxy.port();
        settings.acseTimeout = settings.dimseTimeout = std::chrono::seconds(15);
        settings.associations = 1;
        return settings;
    }
    static HostileScp::Object objectOfScp() {
        SampleObject sample;
        sample.instance = instanceUid(1);
        return {sample.series, sample.instance, sample.sopClass, QStringLiteral("1.2.840.10008.1.2.1"),
                dataSetBytes(toSend(sample).file)};
    }
    int foundBy(DicomStudyClient& client) const {
        StudyQuery query;
        query.study = m_study;
        const auto studies = client.findStudies(query, {});
        return studies ? static_cast<int>(studies->size()) : -1;
    }
    int listedBy(DicomStudyClient& client) const {
        const auto records = client.findInstances(m_study, {});
        return records ? static_cast<int>(records->size()) : -1;
    }
    int retrievedBy(DicomStudyClient& client) const {
        int count = 0;
        const Status got = client.retrieve({m_study, {}, {}},
                                           [&](ReceivedObject&&) -> Status {
                                               ++count;
                                               return {};
                                           },
                                           {}, {});
        return got ? count : -1;
    }

    /// The first connection is reset one byte after what that took of it.
    [[nodiscard]] LineRules cutBehind(const std::function<void(DicomStudyClient&)>& ask) const {
        const FaultProxy proxy(m_archive->settings().platform.port);
        DicomStudyClient client(through(proxy));
        ask(client);
        QTest::qWait(50); // the proxy counts behind our back
        LineRules rules;
        rules.faults = [took = proxy.bytesToClient()](int connection) {
            using Kind = LineFault::Kind;
            return connection == 0 ? std::vector<LineFault>{{Kind::Reset, true, took + 1}} : std::vector<LineFault>();
        };
        return rules;
    }

private Q_SLOTS:
    void initTestCase() {
        m_archive = std::make_unique<ArchiveProcess>();
        if (!m_archive->isRunning())
            QFAIL("dcmqrscp could not be started (package dcmtk)");
        DicomReportClient writer(m_archive->settings(), nullptr);
        std::vector<ObjectToSend> objects;
        for (int i = 1; i <= kCount; ++i) {
            SampleObject object;
            object.instance = instanceUid(i);
            object.number = i;
            objects.push_back(toSend(object));
        }
        QVERIFY(writer.store(objects, {}));
    }
    void cleanupTestCase() { m_archive.reset(); }

    void queriesAndTheObjectsBehindThemShareOne() {
        HostileScp scp; // tells the classes
        scp.serve(m_study.value(), QStringLiteral("P0001"), {objectOfScp()});
        const FaultProxy proxy(scp.settings().platform.port);
        NetworkSettings settings = through(proxy);
        settings.platform.aeTitle = scp.settings().platform.aeTitle;
        DicomStudyClient client(settings);
        QCOMPARE(listedBy(client), 1);
        QCOMPARE(foundBy(client), 1);
        QCOMPARE(retrievedBy(client), 1);
        QCOMPARE(proxy.connections(), 1);
    }

    /// As of DCMTK's archive: nothing is left out.
    void classesThatAreNotTold() {
        const FaultProxy proxy(m_archive->settings().platform.port);
        NetworkSettings settings = through(proxy);
        settings.associations = 2;
        DicomStudyClient client(settings);
        QCOMPARE(listedBy(client), kCount);
        QCOMPARE(foundBy(client), 1);
        QCOMPARE(retrievedBy(client), kCount);
    }

    void classesThatWereNotOfferedComeOverAnother() {
        SampleObject dose;
        dose.study = QStringLiteral("1.2.826.0.1.3680043.9.7");
        dose.series = dose.study + QStringLiteral(".1");
        dose.instance = dose.series + QStringLiteral(".1");
        dose.sopClass = QStringLiteral("1.2.840.10008.5.1.4.1.1.20"); // NM
        DicomReportClient writer(m_archive->settings(), nullptr);
        QVERIFY(writer.store({toSend(dose)}, {}));
        const FaultProxy proxy(m_archive->settings().platform.port);
        DicomStudyClient client(through(proxy));
        int count = 0;
        const Status got = client.retrieve({StudyUid(dose.study), {}, {}},
                                           [&](ReceivedObject&&) -> Status {
                                               ++count;
                                               return {};
                                           },
                                           {}, {});
        QVERIFY2(got, got ? "" : qPrintable(got.error().toString()));
        QCOMPARE(count, 1);
        QCOMPARE(proxy.connections(), 2);
    }

    void oneThatWasClosedMeanwhileIsReplaced() {
        FaultProxy proxy(m_archive->settings().platform.port);
        DicomStudyClient client(through(proxy));
        QCOMPARE(foundBy(client), 1);
        proxy.cut();
        QTest::qWait(50); // the cut is told
        QCOMPARE(foundBy(client), 1);
        QCOMPARE(listedBy(client), kCount);
        QCOMPARE(proxy.connections(), 2);
    }

    /// The peer closes while the next request is on its way.
    void oneThatIsClosedUnderTheNextQuestionIsReplaced() {
        const FaultProxy proxy(m_archive->settings().platform.port,
                               cutBehind([this](DicomStudyClient& client) { foundBy(client); }));
        DicomStudyClient client(through(proxy));
        QCOMPARE(foundBy(client), 1);
        QCOMPARE(listedBy(client), kCount);
        QCOMPARE(proxy.connections(), 2);
    }

    /// As above, under the first object.
    void aRetrievalDoesNotCallThatABreak() {
        const FaultProxy proxy(m_archive->settings().platform.port,
                               cutBehind([this](DicomStudyClient& client) { listedBy(client); }));
        NetworkSettings settings = through(proxy);
        settings.associations = 2; // the first object alone: it is asked for over the one of the queries
        settings.retry = {1, milliseconds(10), milliseconds(10)}; // a break would end it
        DicomStudyClient client(settings);
        QCOMPARE(listedBy(client), kCount);
        QCOMPARE(retrievedBy(client), kCount);
        QCOMPARE(proxy.connections(), 2);
    }

    void aPeerForOneAtATimeIsSoonFreeForOthers() {
        FakePlatform platform;
        NetworkSettings settings = platform.settings();
        settings.acseTimeout = settings.dimseTimeout = std::chrono::seconds(15);
        DicomStudyClient one(settings);
        DicomStudyClient other(settings);
        StudyQuery query;
        query.study = m_study;
        QVERIFY(one.findStudies(query, {}));
        const auto found = other.findStudies(query, {});
        QVERIFY2(found, found ? "" : qPrintable(found.error().toString()));
    }

    void aPeerThatRefusesSoMuchIsAskedForQueriesOnly() {
        HostileScp scp;
        scp.takeContextsUpTo(20);
        scp.serve(m_study.value(), QStringLiteral("P0001"), {objectOfScp()});
        DicomStudyClient client(scp.settings());
        QCOMPARE(listedBy(client), 1);
        QCOMPARE(scp.rejections(), 1);
        QCOMPARE(foundBy(client), 1);
        QTest::qWait(int(AssociationKeeper::kKeepFor.count()) + 200);
        QCOMPARE(foundBy(client), 1);
        QCOMPARE(scp.rejections(), 1); // it is not tried again and again
    }

    void manySeriesAreListedByMoreThanOneOverALongLine() {
        const StudyUid study(QStringLiteral("1.2.826.0.1.3680043.9.8"));
        DicomReportClient writer(m_archive->settings(), nullptr);
        std::vector<ObjectToSend> objects;
        for (int i = 1; i <= 24; ++i) {
            SampleObject object;
            object.study = study.value();
            object.series = study.value() + QStringLiteral(".%1").arg(i % 12 + 1);
            object.instance = object.series + QStringLiteral(".%1").arg(i);
            object.number = i;
            objects.push_back(toSend(object));
        }
        QVERIFY(writer.store(objects, {}));
        const auto namesOf = [](const Result<std::vector<InstanceRecord>>& records) {
            QStringList names;
            for (const InstanceRecord& record : records ? *records : std::vector<InstanceRecord>())
                names << record.series.value() + u' ' + record.instance.value();
            return names;
        };
        const FaultProxy near(m_archive->settings().platform.port);
        NetworkSettings settings = through(near);
        settings.associations = 4;
        const QStringList expected = namesOf(DicomStudyClient(settings).findInstances(study, {}));
        QCOMPARE(expected.size(), 24);

        LineRules rules;
        rules.delay = milliseconds(40);
        const FaultProxy far(m_archive->settings().platform.port, rules);
        settings.platform.port = far.port();
        DicomStudyClient client(settings);
        QCOMPARE(namesOf(client.findInstances(study, {})), expected);
        QVERIFY(far.mostAtOnce() > 1);
        QVERIFY(far.mostAtOnce() <= 4);

        // Helpers that the line fails leave nothing out.
        rules.faults = [](int connection) {
            using Kind = LineFault::Kind;
            return connection > 0 ? std::vector<LineFault>{{Kind::Reset, true, 9000}} : std::vector<LineFault>();
        };
        const FaultProxy bad(m_archive->settings().platform.port, rules);
        settings.platform.port = bad.port();
        DicomStudyClient other(settings);
        QCOMPARE(namesOf(other.findInstances(study, {})), expected);
    }

    /// A peer that takes one association at a time lets nobody else in meanwhile.
    void manySeriesOfAPeerForOneAtATime() {
        HostileScp scp;
        std::vector<HostileScp::Object> objects;
        for (int i = 1; i <= 12; ++i) {
            HostileScp::Object object = objectOfScp();
            object.series = m_study.value() + QStringLiteral(".%1").arg(i + 20);
            object.instance = object.series + QStringLiteral(".1");
            objects.push_back(object);
        }
        scp.serve(m_study.value(), QStringLiteral("P0001"), objects);
        LineRules rules;
        rules.delay = milliseconds(40);
        const FaultProxy proxy(scp.settings().platform.port, rules);
        NetworkSettings settings = through(proxy);
        settings.platform.aeTitle = scp.settings().platform.aeTitle;
        settings.associations = 4;
        DicomStudyClient client(settings);
        QCOMPARE(listedBy(client), 12);
    }

    /// A line that is gone without a word does not hold up who leaves.
    void leavingDoesNotWaitForTheDead() {
        LineRules rules;
        FaultProxy proxy(m_archive->settings().platform.port, rules);
        QElapsedTimer clock;
        {
            DicomStudyClient client(through(proxy));
            QCOMPARE(foundBy(client), 1);
            rules.delay = std::chrono::seconds(60); // nothing comes back in time
            proxy.setRules(rules);
            clock.start();
        }
        QVERIFY2(clock.elapsed() < 10000, qPrintable(QString::number(clock.elapsed()))); // 15 s: that of any request
    }
};

QTEST_GUILESS_MAIN(AssociationKeeperTest)
#include "association_keeper_test.moc"
