#include "archive_process.h"
#include "dicom/net/report_client.h"
#include "dicom/net/storage_contexts.h"
#include "dicom/net/study_client.h"
#include "fake_platform.h"
#include "sample_objects.h"

#include <QtTest>
#include <algorithm>
#include <map>

using namespace yz;
using namespace yz::test;

namespace {

QString instanceUid(int i) { return QStringLiteral("1.2.826.0.1.3680043.9.1.1.%1").arg(i); }

struct Collected {
    std::map<QString, QByteArray> files;
    [[nodiscard]] StudySource::ObjectSink sink() {
        return [this](ReceivedObject&& object) -> Status {
            files[object.instance.value()] = object.file;
            return {};
        };
    }
};

QString textOf(const Status& status) { return status ? QStringLiteral("ok") : status.error().toString(); }

} // namespace

class StudyClientTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ArchiveProcess> m_archive;
    const StudyUid m_study{SampleObject().study};
    const SeriesUid m_series{SampleObject().series};
    static constexpr int kCount = 150;

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
            object.patientName = "Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE4\xB8\x9C";
            objects.push_back(toSend(object));
        }
        SampleObject packed;
        packed.series = QStringLiteral("1.2.826.0.1.3680043.9.1.2");
        packed.instance = QStringLiteral("1.2.826.0.1.3680043.9.1.2.1");
        packed.jpeg2000 = true;
        packed.patientName = "Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE4\xB8\x9C";
        objects.push_back(toSend(packed));
        SampleObject gb;
        gb.study = QStringLiteral("1.2.826.0.1.3680043.9.2");
        gb.series = QStringLiteral("1.2.826.0.1.3680043.9.2.1");
        gb.instance = QStringLiteral("1.2.826.0.1.3680043.9.2.1.1");
        gb.characterSet = "GB18030";
        gb.patientName = "Li^Na=\xC0\xEE^\xC4\xC8";                  // 李^娜
        gb.description = "\xD0\xD8\xB2\xBF\x43\x54\xC6\xBD\xC9\xA8"; // 胸部CT平扫
        objects.push_back(toSend(gb));
        const Status stored = writer.store(objects, {});
        QVERIFY2(stored.has_value(), qPrintable(textOf(stored)));
    }
    void cleanupTestCase() { m_archive.reset(); }

    void studiesAreFoundWithChineseNames() {
        DicomStudyClient client(m_archive->settings());
        StudyQuery query;
        query.study = m_study;
        const auto utf8 = client.findStudies(query, {});
        QVERIFY2(utf8.has_value(), qPrintable(utf8 ? QString() : utf8.error().toString()));
        QCOMPARE(utf8->size(), size_t(1));
        QCOMPARE(utf8->front().patient.name.display(), QString::fromUtf8("王小东"));
        QCOMPARE(utf8->front().patient.id.value(), QStringLiteral("P0001"));
        QCOMPARE(utf8->front().patient.birthDate, QDate(1965, 4, 1));
        QCOMPARE(utf8->front().patient.sex, Sex::Male);
        QCOMPARE(utf8->front().reference.accessionNumber, QStringLiteral("A77"));
        QCOMPARE(utf8->front().reference.date, QDate(2026, 3, 2));

        query.study = StudyUid(QStringLiteral("1.2.826.0.1.3680043.9.2"));
        const auto gb = client.findStudies(query, {});
        QVERIFY(gb.has_value());
        QCOMPARE(gb->size(), size_t(1));
        QCOMPARE(gb->front().patient.name.display(), QString::fromUtf8("李娜"));
        QCOMPARE(gb->front().reference.description, QString::fromUtf8("胸部CT平扫"));

        StudyQuery nobody;
        nobody.patient = PatientId(QStringLiteral("NOBODY"));
        const auto none = client.findStudies(nobody, {});
        QVERIFY(none.has_value());
        QVERIFY(none->empty());
    }

    void chineseKeysMatch_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QStringList>("found");
        const QString wang = QString::fromUtf8("王小东");
        const QString li = QString::fromUtf8("李娜");
        QTest::newRow("UTF-8 stored") << wang << QStringList{wang};
        QTest::newRow("GB18030 stored") << li << QStringList{li};
        QTest::newRow("a surname") << QString::fromUtf8("李") << QStringList{li};
        QTest::newRow("given name") << QString::fromUtf8("小东") << QStringList{wang};
        QTest::newRow("with a wildcard") << QString::fromUtf8("*=李*") << QStringList{li};
        QTest::newRow("alphabetic") << QStringLiteral("Li^Na*") << QStringList{li};
        QTest::newRow("nobody") << QString::fromUtf8("赵") << QStringList{};
        QTest::newRow("characters apart") << QString::fromUtf8("王东") << QStringList{};
    }
    void chineseKeysMatch() {
        QFETCH(QString, typed);
        QFETCH(QStringList, found);
        DicomStudyClient client(m_archive->settings());
        StudyQuery query;
        query.patientName = typed;
        const auto studies = client.findStudies(query, {});
        QVERIFY2(studies.has_value(), qPrintable(studies ? QString() : studies.error().toString()));
        QStringList names;
        for (const StudySummary& study : *studies)
            names << study.patient.name.display();
        QCOMPARE(names, found);
    }

    void archivesThatCompareBytesAreAskedInGb18030Too() {
        FakePlatform platform;
        SampleObject gb;
        gb.characterSet = "ISO_IR 100"; // as old devices label it
        gb.patientName = "Li^Na=\xC0\xEE^\xC4\xC8";
        platform.serve({part10(gb)}, FakePlatform::End::Success);
        DicomStudyClient client(platform.settings());
        StudyQuery query;
        query.patientName = QString::fromUtf8("李娜");
        const auto studies = client.findStudies(query, {});
        QVERIFY2(studies.has_value(), qPrintable(studies ? QString() : studies.error().toString()));
        QCOMPARE(studies->size(), size_t(1));
        QCOMPARE(studies->front().patient.name.ideographic, QString::fromUtf8("李^娜"));
        QCOMPARE(studies->front().patient.textRepair,
                 (TextRepair{QStringLiteral("ISO_IR 100"), QStringLiteral("GB18030")}));
        QCOMPARE(platform.log().filter(QStringLiteral("C-FIND")).size(), 2);
        query.patientName = QStringLiteral("Li*");
        QCOMPARE(client.findStudies(query, {})->size(), size_t(1));
        QCOMPARE(platform.log().filter(QStringLiteral("C-FIND")).size(), 3); // ASCII is asked for once
    }

    void instancesAreListed() {
        DicomStudyClient client(m_archive->settings());
        const auto records = client.findInstances(m_study, {});
        QVERIFY2(records.has_value(), qPrintable(records ? QString() : records.error().toString()));
        QCOMPARE(int(records->size()), kCount + 1);
        const auto it = std::find_if(records->begin(), records->end(),
                                     [](const InstanceRecord& r) { return r.instance.value() == instanceUid(7); });
        QVERIFY(it != records->end());
        QCOMPARE(it->series, m_series);
        QCOMPARE(it->instanceNumber, 7);
        QVERIFY(it->sopClass.isEmpty()); // this archive does not tell it: the retrieval must do without

        FakePlatform platform;
        platform.serve(files(2), FakePlatform::End::Success);
        DicomStudyClient other(platform.settings());
        const auto told = other.findInstances(m_study, {});
        QVERIFY(told.has_value());
        QCOMPARE(told->size(), size_t(2));
        QCOMPARE(told->front().sopClass.value(), SampleObject().sopClass);
    }

    void wholeStudyComesInItsOwnSyntaxes() {
        DicomStudyClient client(m_archive->settings());
        Collected got;
        std::vector<RetrieveProgress> progress;
        const Status status = client.retrieve({m_study, {}, {}}, got.sink(),
                                              [&](const RetrieveProgress& p) { progress.push_back(p); }, {});
        QVERIFY2(status.has_value(), qPrintable(textOf(status)));
        QCOMPARE(int(got.files.size()), kCount + 1);
        QVERIFY(int(progress.size()) >= kCount + 1);
        QCOMPARE(progress.back().received, kCount + 1);
        QCOMPARE(progress.back().total, kCount + 1);
        QVERIFY(progress.back().bytes > qint64(kCount) * 64 * 64 * 2);

        SampleObject plain;
        plain.instance = instanceUid(3);
        plain.number = 3;
        plain.patientName = "Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE4\xB8\x9C";
        QCOMPARE(dataSetBytes(got.files.at(instanceUid(3))), dataSetBytes(part10(plain)));
        const QByteArray packed = got.files.at(QStringLiteral("1.2.826.0.1.3680043.9.1.2.1"));
        QCOMPARE(transferSyntaxOf(packed), QStringLiteral("1.2.840.10008.1.2.4.90"));
        QCOMPARE(valueIn(packed, 0x0008, 0x0018), QByteArray("1.2.826.0.1.3680043.9.1.2.1"));
    }

    void oneSeries() {
        DicomStudyClient client(m_archive->settings());
        Collected got;
        const Status status =
            client.retrieve({m_study, SeriesUid(QStringLiteral("1.2.826.0.1.3680043.9.1.2")), {}}, got.sink(), {}, {});
        QVERIFY2(status.has_value(), qPrintable(textOf(status)));
        QCOMPARE(got.files.size(), size_t(1));
    }

    void cancelledRetrievalIsResumedWithWhatIsMissing() {
        DicomStudyClient client(m_archive->settings());
        Collected got;
        const CancelToken token;
        const Status cancelled = client.retrieve(
            {m_study, m_series, {}},
            [&](ReceivedObject&& object) -> Status {
                got.files[object.instance.value()] = object.file;
                if (got.files.size() == 20)
                    token.cancel();
                return {};
            },
            {}, token);
        QVERIFY(!cancelled);
        QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
        QVERIFY(int(got.files.size()) >= 20 && int(got.files.size()) < kCount);

        std::vector<InstanceUid> missing;
        for (int i = 1; i <= kCount; ++i)
            if (!got.files.contains(instanceUid(i)))
                missing.emplace_back(instanceUid(i));
        QVERIFY(missing.size() > 100); // more than one group
        Collected rest;
        const Status resumed = client.retrieve({m_study, m_series, missing}, rest.sink(), {}, {});
        QVERIFY2(resumed.has_value(), qPrintable(textOf(resumed)));
        QCOMPARE(rest.files.size(), missing.size());
        for (const InstanceUid& uid : missing)
            QVERIFY(rest.files.contains(uid.value()));
    }

    void sinkErrorEndsTheRetrieval() {
        DicomStudyClient client(m_archive->settings());
        int taken = 0;
        const Status status = client.retrieve({m_study, m_series, {}},
                                              [&](ReceivedObject&&) -> Status {
                                                  if (++taken == 5)
                                                      return fail(ErrorCode::DiskFull, QStringLiteral("no space"));
                                                  return {};
                                              },
                                              {}, {});
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::DiskFull);
        QCOMPARE(taken, 5);
    }

    void unknownStudy() {
        DicomStudyClient client(m_archive->settings());
        Collected got;
        const Status status = client.retrieve({StudyUid(QStringLiteral("1.2.3.4")), {}, {}}, got.sink(), {}, {});
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::NotFound);
    }

    void missingInstanceIsIncomplete() {
        DicomStudyClient client(m_archive->settings());
        Collected got;
        const Status status = client.retrieve(
            {m_study, m_series, {InstanceUid(instanceUid(1)), InstanceUid(QStringLiteral("1.2.3.4.5"))}}, got.sink(),
            {}, {});
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::StudyIncomplete);
        QCOMPARE(got.files.size(), size_t(1));
    }

    void contextsFitAnAssociation() {
        const auto common = storageContexts({});
        QVERIFY(common.size() > 100 && common.size() <= 127);
        std::vector<SopClassUid> many;
        for (int i = 0; i < 300; ++i)
            many.emplace_back(QStringLiteral("1.2.3.%1").arg(i));
        QCOMPARE(storageContexts(many).size(), size_t(127));
        const auto one = storageContexts({SopClassUid(SampleObject().sopClass), SopClassUid(SampleObject().sopClass)});
        QStringList syntaxes;
        for (const ContextProposal& proposal : one) {
            QVERIFY(proposal.scpRole);
            QVERIFY(!proposal.transferSyntaxes.isEmpty());
            syntaxes += proposal.transferSyntaxes;
        }
        QCOMPARE(syntaxes.removeDuplicates(), 0);
        // Nothing is lost when contexts are few.
        QStringList shared;
        for (const ContextProposal& proposal : common)
            if (proposal.abstractSyntax == SampleObject().sopClass)
                shared += proposal.transferSyntaxes;
        shared.sort();
        syntaxes.sort();
        QCOMPARE(shared, syntaxes);
    }

    // --- peers that misbehave -------------------------------------------------------------------------------------

    /// What is asked for is here: how the peer takes its leave is no loss.
    void abortAfterEverything() {
        FakePlatform platform;
        platform.serve(files(3), FakePlatform::End::Abort);
        DicomStudyClient client(platform.settings());
        Collected got;
        const Status status = client.retrieve({m_study, m_series, {}}, got.sink(), {}, {});
        QVERIFY2(status, qPrintable(textOf(status)));
        QCOMPARE(got.files.size(), size_t(3));
    }

    /// One object never comes: the others are kept, and it is not tried for ever.
    void abortInTheMiddle() {
        FakePlatform platform;
        platform.serve(files(3), FakePlatform::End::Abort);
        NetworkSettings settings = platform.settings();
        settings.retry = {3, std::chrono::milliseconds(10), std::chrono::milliseconds(20)};
        DicomStudyClient client(settings);
        Collected got;
        const Status status = client.retrieve(
            {m_study, m_series, {InstanceUid(instanceUid(2)), InstanceUid(QStringLiteral("1.2.3.4.5"))}}, got.sink(),
            {}, {});
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::AssociationAborted);
        QCOMPARE(got.files.size(), size_t(1)); // what came stays
        // Once over the association of the query, which may have been closed anyway, then as often as told.
        QCOMPARE(platform.log().filter(QStringLiteral("C-GET")).size(), 4);
    }

    void silenceInTheMiddle() {
        FakePlatform platform;
        platform.serve(files(2), FakePlatform::End::Silence);
        NetworkSettings settings = platform.settings();
        settings.dimseTimeout = settings.acseTimeout = std::chrono::seconds(1);
        settings.retry = {2, std::chrono::milliseconds(10), std::chrono::milliseconds(20)};
        DicomStudyClient client(settings);
        Collected got;
        const Status status = client.retrieve(
            {m_study, m_series, {InstanceUid(instanceUid(2)), InstanceUid(QStringLiteral("1.2.3.4.5"))}}, got.sink(),
            {}, {});
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::NetworkTimeout);
        QCOMPARE(got.files.size(), size_t(1));
    }

    void failedSubOperations() {
        FakePlatform platform;
        platform.serve(files(2), FakePlatform::End::SomeFailed);
        DicomStudyClient client(platform.settings());
        Collected got;
        const Status status = client.retrieve({m_study, m_series, {}}, got.sink(), {}, {});
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::StudyIncomplete);
        QVERIFY2(status.error().detail.contains(u'3'), qPrintable(status.error().detail));
        QCOMPARE(got.files.size(), size_t(2));
    }

    void finalStatus_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("out of resources") << 0xA702 << ErrorCode::PeerOutOfResources;
        QTest::newRow("identifier") << 0xA900 << ErrorCode::PeerRefusedObject;
        QTest::newRow("unable") << 0xC001 << ErrorCode::PeerRefusedObject;
        QTest::newRow("not supported") << 0x0122 << ErrorCode::PeerError;
    }
    void finalStatus() {
        QFETCH(int, status);
        QFETCH(ErrorCode, code);
        FakePlatform platform;
        platform.serve(files(1), FakePlatform::End::Success);
        platform.force(QStringLiteral("C-GET"), status);
        DicomStudyClient client(platform.settings());
        Collected got;
        const Status ended = client.retrieve({m_study, m_series, {}}, got.sink(), {}, {});
        QVERIFY(!ended);
        QCOMPARE(ended.error().code, code);
    }

    void refusedInstanceLevelFallsBackToTheSeries() {
        FakePlatform platform;
        platform.serve(files(4), FakePlatform::End::Success);
        platform.force(QStringLiteral("C-GET IMAGE"), 0xA900);
        DicomStudyClient client(platform.settings());
        Collected got;
        const Status status = client.retrieve(
            {m_study, m_series, {InstanceUid(instanceUid(2)), InstanceUid(instanceUid(4))}}, got.sink(), {}, {});
        QVERIFY2(status.has_value(), qPrintable(textOf(status)));
        QCOMPARE(got.files.size(), size_t(2)); // the unwanted two are not handed on
        QVERIFY(got.files.contains(instanceUid(2)) && got.files.contains(instanceUid(4)));
        QCOMPARE(platform.log().filter(QStringLiteral("C-GET SERIES")).size(), 1);
    }

    void argumentsAreChecked() {
        DicomStudyClient client(settingsFor(1, QStringLiteral("X")));
        Collected got;
        QCOMPARE(client.retrieve({}, got.sink(), {}, {}).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(client.retrieve({m_study, {}, {InstanceUid(instanceUid(1))}}, got.sink(), {}, {}).error().code,
                 ErrorCode::InvalidArgument);
        QCOMPARE(client.findInstances({}, {}).error().code, ErrorCode::InvalidArgument);
    }

private:
    static QList<QByteArray> files(int count) {
        QList<QByteArray> list;
        for (int i = 1; i <= count; ++i) {
            SampleObject object;
            object.instance = instanceUid(i);
            object.number = i;
            list.append(part10(object));
        }
        return list;
    }
};

QTEST_GUILESS_MAIN(StudyClientTest)
#include "study_client_test.moc"
