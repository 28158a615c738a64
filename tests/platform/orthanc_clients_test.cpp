#include "dicom/net/event_listener.h"
#include "dicom/net/move_client.h"
#include "dicom/net/report_client.h"
#include "dicom/net/study_client.h"
#include "orthanc_process.h"
#include "platform/web_report_client.h"
#include "platform/web_study_client.h"
#include "sample_objects.h"
#include "support/fault_proxy.h"

#include <QMap>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// Both kinds of clients against Debian's Orthanc: what one stores the other finds and fetches, byte for byte.
class OrthancClientsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (const QString why = OrthancProcess::whyNot(); !why.isEmpty())
            QSKIP(qPrintable(why));
        m_dimse.eventSenders = QStringList{QStringLiteral("ORTHANC")};
        m_dimse.platform.aeTitle = QStringLiteral("ORTHANC");
        m_listener = std::make_unique<EventListener>(m_dimse, [](const WorklistEvent&) {});
        QVERIFY(m_listener->start());
        m_orthanc = std::make_unique<OrthancProcess>(m_listener->port());
        QVERIFY2(m_orthanc->isRunning(), qPrintable(m_orthanc->log()));
        m_dimse.callingAeTitle = QStringLiteral("YUANZHEN");
        m_dimse.platform = {QStringLiteral("ORTHANC"), QStringLiteral("127.0.0.1"), m_orthanc->dicomPort()};
        m_web.root = QUrl(m_orthanc->root());
        m_web.plainAllowed = true;
        m_web.authorization = WebAuthorization::Basic;
        m_web.user = QStringLiteral("desk");
        m_web.secret = OrthancProcess::password();
    }

    void theWrongPasswordIsSaid() {
        WebNode node = m_web;
        node.secret = QStringLiteral("guess");
        WebStudyClient client(node);
        QCOMPARE(client.findStudies({}, {}).error().code, ErrorCode::CredentialsRefused);
        WebReportClient reports(node);
        QCOMPARE(reports.store({object(1)}, {}).error().code, ErrorCode::CredentialsRefused);
    }

    void storedByOneFoundByTheOther() {
        WebReportClient web(m_web);
        DicomReportClient dimse(m_dimse, nullptr);
        std::vector<ObjectToSend> byWeb, byDimse;
        for (int i = 1; i <= 5; ++i) {
            byWeb.push_back(object(i));
            byDimse.push_back(object(i + 5));
        }
        const auto has = [&](ReportSink& sink, int i) {
            const ObjectToSend one = object(i);
            const Result<bool> found = sink.has(one.study, one.series, one.object.instance, {});
            return found ? (*found ? QStringLiteral("yes") : QStringLiteral("no")) : found.error().toString();
        };
        for (ReportSink* sink : {static_cast<ReportSink*>(&web), static_cast<ReportSink*>(&dimse)})
            QCOMPARE(has(*sink, 1), QStringLiteral("no"));
        const Status posted = web.store(byWeb, {});
        QVERIFY2(posted, posted ? "" : qPrintable(posted.error().toString()));
        const Status sent = dimse.store(byDimse, {});
        QVERIFY2(sent, sent ? "" : qPrintable(sent.error().toString()));
        for (ReportSink* sink : {static_cast<ReportSink*>(&web), static_cast<ReportSink*>(&dimse)})
            for (const int i : {1, 5, 6, 10})
                QCOMPARE(has(*sink, i), QStringLiteral("yes"));
        QCOMPARE(has(web, 11), QStringLiteral("no"));
    }

    void fetchedByteForByte_data() {
        QTest::addColumn<int>("connections");
        QTest::newRow("WADO-RS, the series at once") << 1;
        QTest::newRow("WADO-RS, four at a time") << 4;
        QTest::newRow("C-GET") << 0;
        QTest::newRow("C-MOVE") << -1;
    }
    void fetchedByteForByte() {
        QFETCH(int, connections);
        std::unique_ptr<StudySource> source;
        if (connections == -1) {
            source = std::make_unique<DicomMoveClient>(m_dimse, *m_listener);
        } else if (connections == 0) {
            source = std::make_unique<DicomStudyClient>(m_dimse);
        } else {
            WebNode node = m_web;
            node.connections = connections;
            source = std::make_unique<WebStudyClient>(node);
        }
        StudyQuery query;
        query.study = object(1).study;
        const auto studies = source->findStudies(query, {});
        QVERIFY2(studies, studies ? "" : qPrintable(studies.error().toString()));
        QCOMPARE(studies->size(), size_t(1));
        QCOMPARE(studies->front().instanceCount, 10);
        QCOMPARE(studies->front().patient.name.alphabetic, QStringLiteral("Wang^XiaoDong"));
        const auto instances = source->findInstances(query.study, {});
        QVERIFY(instances);
        QCOMPARE(instances->size(), size_t(10));
        QMap<QString, QByteArray> files;
        RetrieveProgress last;
        const Status got = source->retrieve(
            {object(1).study, object(1).series, {}},
            [&](ReceivedObject&& received) -> Status {
                files[received.instance.value()] = received.file;
                return {};
            },
            [&](const RetrieveProgress& progress) { last = progress; }, {});
        QVERIFY2(got, got ? "" : qPrintable(got.error().toString()));
        QCOMPARE(files.size(), 10);
        QCOMPARE(last.received, 10);
        for (int i = 1; i <= 10; ++i) {
            const ObjectToSend sent = object(i);
            const QByteArray file = files.value(sent.object.instance.value());
            QCOMPARE(dataSetBytes(file), dataSetBytes(sent.file));
        }
    }

    void fetchedOverALineThatDies_data() { fetchedByteForByte_data(); }
    void fetchedOverALineThatDies() {
        QFETCH(int, connections);
        if (connections == -1)
            QSKIP("with C-MOVE the objects come over a connection of the archive's own");
        // Ten objects of 8 kB; an association alone costs some of it.
        LineRules rules;
        rules.diesEveryBytes = 30000;
        FaultProxy proxy(connections == 0 ? m_orthanc->dicomPort() : m_orthanc->httpPort());
        std::unique_ptr<StudySource> source;
        if (connections == 0) {
            NetworkSettings settings = m_dimse;
            settings.platform.port = proxy.port();
            settings.retry.firstPause = std::chrono::milliseconds(20);
            source = std::make_unique<DicomStudyClient>(settings);
        } else {
            WebNode node = m_web;
            node.root.setPort(proxy.port());
            node.connections = connections;
            node.retry.firstPause = std::chrono::milliseconds(20);
            source = std::make_unique<WebStudyClient>(node);
        }
        QVERIFY(source->findInstances(object(1).study, {}));
        proxy.setRules(rules);
        QMap<QString, QByteArray> files;
        int taken = 0;
        const Status got = source->retrieve({object(1).study, object(1).series, {}},
                                            [&](ReceivedObject&& received) -> Status {
                                                ++taken;
                                                files[received.instance.value()] = received.file;
                                                return {};
                                            },
                                            {}, {});
        QVERIFY2(got, got ? "" : qPrintable(got.error().toString()));
        QVERIFY(proxy.deaths() >= 1);
        QCOMPARE(taken, 10);
        for (int i = 1; i <= 10; ++i) {
            const ObjectToSend sent = object(i);
            QCOMPARE(dataSetBytes(files.value(sent.object.instance.value())), dataSetBytes(sent.file));
        }
    }

    void moveToNobodyIsSaid() {
        NetworkSettings other = m_dimse;
        other.callingAeTitle = QStringLiteral("TOOL"); // known there, at a port where nobody listens
        DicomMoveClient client(other, *m_listener);
        const auto drop = [](ReceivedObject&&) { return Status(); };
        const Status got = client.retrieve({object(1).study, {}, {}}, drop, {}, {});
        QVERIFY(!got);
        EventListener closed(m_dimse, [](const WorklistEvent&) {});
        DicomMoveClient portless(m_dimse, closed);
        QCOMPARE(portless.retrieve({object(1).study, {}, {}}, drop, {}, {}).error().code, ErrorCode::EventPortTaken);
    }

    /// MEASURED: a second object under a known UID is answered with Success and dropped. So Success alone proves
    /// nothing, and the same bytes again do no harm.
    void theSameUidAgain() {
        WebReportClient web(m_web);
        QVERIFY(web.store({object(1)}, {}));
        SampleObject other;
        other.instance = object(1).object.instance.value();
        other.description = "ANOTHER";
        QVERIFY(web.store({toSend(other)}, {}));
        QByteArray file;
        WebStudyClient client(m_web);
        QVERIFY(client.retrieve({object(1).study, object(1).series, {object(1).object.instance}},
                                [&](ReceivedObject&& received) -> Status {
                                    file = received.file;
                                    return {};
                                },
                                {}, {}));
        QCOMPARE(dataSetBytes(file), dataSetBytes(object(1).file));
    }

    void whatIsNotThere() {
        WebStudyClient client(m_web);
        const auto none = client.findInstances(StudyUid(QStringLiteral("1.2.3.4")), {});
        QVERIFY2(none, none ? "" : qPrintable(none.error().toString()));
        QVERIFY(none->empty());
        const auto drop = [](ReceivedObject&&) { return Status(); };
        QCOMPARE(client.retrieve({StudyUid(QStringLiteral("1.2.3.4")), {}, {}}, drop, {}, {}).error().code,
                 ErrorCode::NotFound);
        RetrieveRequest request{object(1).study, object(1).series, {InstanceUid(QStringLiteral("1.2.3.4"))}};
        QCOMPARE(client.retrieve(request, drop, {}, {}).error().code, ErrorCode::StudyIncomplete);
    }

private:
    static ObjectToSend object(int i) {
        SampleObject sample;
        sample.instance = QStringLiteral("1.2.826.0.1.3680043.9.1.1.%1").arg(i);
        sample.number = i;
        return toSend(sample);
    }

    std::unique_ptr<EventListener> m_listener;
    std::unique_ptr<OrthancProcess> m_orthanc;
    NetworkSettings m_dimse;
    WebNode m_web;
};

QTEST_GUILESS_MAIN(OrthancClientsTest)
#include "orthanc_clients_test.moc"
