#include "dicom_tool.h"
#include "dimse_scu.h"
#include "platform_fixture.h"

#include <dcmtk/dcmdata/dctk.h>

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QProcess>
#include <QtTest>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace yz;
using namespace yz::test;

namespace {

QByteArray pixelDigest(const QString& path) {
    DcmFileFormat file;
    if (file.loadFile(path.toLocal8Bit().constData()).bad())
        return {};
    const Uint16* pixels = nullptr;
    unsigned long count = 0;
    file.getDataset()->findAndGetUint16Array(DCM_PixelData, pixels, &count);
    return QCryptographicHash::hash(QByteArrayView(reinterpret_cast<const char*>(pixels), qsizetype(count) * 2),
                                    QCryptographicHash::Sha256);
}

int openConnection(quint16 port) {
    const int connection = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ? connection : -1;
}

} // namespace

class ArchiveTest final : public QObject {
    Q_OBJECT

    std::unique_ptr<PlatformFixture> m_platform;
    SampleInstance m_sample;

    [[nodiscard]] QString path(const QString& name) const { return m_platform->folder() + u'/' + name; }
    [[nodiscard]] ToolRun storescu(const QStringList& arguments) const {
        return runTool(QStringLiteral("storescu"), QStringList{QStringLiteral("-v")} + m_platform->peer() + arguments);
    }
    [[nodiscard]] ToolRun findscu(const QStringList& keys) const {
        QStringList arguments{QStringLiteral("-S")};
        for (const QString& key : keys)
            arguments << QStringLiteral("-k") << key;
        return runTool(QStringLiteral("findscu"), arguments + m_platform->peer());
    }
    [[nodiscard]] static int matches(const ToolRun& run) {
        return int(run.output.count(QStringLiteral("Find Response: ")));
    }

    /// Three slices of one study on the platform.
    void storeThree() {
        QStringList files;
        for (int i = 1; i <= 3; ++i) {
            m_sample.instanceUid = m_sample.studyUid + u'.' + QString::number(i);
            m_sample.number = i;
            m_sample.fillByte = i;
            files << path(QStringLiteral("s%1.dcm").arg(i));
            writeInstance(files.last(), m_sample);
        }
        const ToolRun stored = storescu(files);
        QCOMPARE(stored.exitCode, 0);
        QCOMPARE(stored.output.count(QStringLiteral("(Success)")), 3);
    }

private Q_SLOTS:
    void initTestCase() {
        if (!hasTools())
            QSKIP("DCMTK's programs are not installed");
    }
    void init() {
        m_platform = std::make_unique<PlatformFixture>();
        m_platform->start();
        m_sample = {};
        m_sample.studyUid = newUid();
        m_sample.studyUid.truncate(50);
        m_sample.seriesUid = m_sample.studyUid + QStringLiteral(".100");
        m_sample.instanceUid = m_sample.studyUid + QStringLiteral(".1");
    }
    void cleanup() { m_platform.reset(); }

    void echoAndTitles() {
        QCOMPARE(runTool(QStringLiteral("echoscu"), m_platform->peer()).exitCode, 0);
        QStringList wrong = m_platform->peer();
        wrong[1] = QStringLiteral("SOMEONE");
        const ToolRun refused = runTool(QStringLiteral("echoscu"), wrong);
        QVERIFY(refused.exitCode != 0);
        QVERIFY2(refused.output.contains(QStringLiteral("Called AE Title Not Recognized")), qPrintable(refused.output));
        m_platform->options.allowedCallers = {QStringLiteral("DESK")};
        m_platform->start();
        const ToolRun stranger = runTool(QStringLiteral("echoscu"), m_platform->peer());
        QVERIFY2(stranger.output.contains(QStringLiteral("Calling AE Title Not Recognized")),
                 qPrintable(stranger.output));
        QCOMPARE(runTool(QStringLiteral("echoscu"), QStringList{"-aet", "DESK"} + m_platform->peer()).exitCode, 0);
    }

    void shutdownRequestDoesNotHurt() {
        // termscu asks DCMTK's own programs to end; here the service is refused.
        runTool(QStringLiteral("termscu"), m_platform->peer());
        QCOMPARE(runTool(QStringLiteral("echoscu"), m_platform->peer()).exitCode, 0);
    }

    void limitOfAssociations() {
        m_platform->options.maxAssociations = 2;
        m_platform->start();
        const DimseScu first(m_platform->port(), {QStringLiteral(UID_VerificationSOPClass)});
        auto second =
            std::make_unique<DimseScu>(m_platform->port(), QStringList{QStringLiteral(UID_VerificationSOPClass)});
        QVERIFY(first.isOpen() && second->isOpen());
        const ToolRun third = runTool(QStringLiteral("echoscu"), m_platform->peer());
        QVERIFY2(third.output.contains(QStringLiteral("Local Limit Exceeded")), qPrintable(third.output));
        second.reset();
        QVERIFY(QTest::qWaitFor([&] { return runTool(QStringLiteral("echoscu"), m_platform->peer()).exitCode == 0; }));
    }

    void silentConnectionsHoldUpNobody() {
        std::vector<int> silent;
        for (int i = 0; i < 5; ++i)
            silent.push_back(openConnection(m_platform->port()));
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(runTool(QStringLiteral("echoscu"), m_platform->peer()).exitCode, 0);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
        for (const int connection : silent)
            ::close(connection);
    }

    void rubbishOnTheWire() {
        for (const QByteArray& rubbish :
             {QByteArray("GET / HTTP/1.0\r\n\r\n"), QByteArray(5000, '\xff'), QByteArray("\x01\x00\xff\xff\xff\xff", 6),
              QByteArray("\x04\x00\x00\x00\x00\x04", 6)}) {
            const int connection = openConnection(m_platform->port());
            QVERIFY(connection >= 0);
            QCOMPARE(::send(connection, rubbish.constData(), size_t(rubbish.size()), MSG_NOSIGNAL), rubbish.size());
            ::close(connection);
        }
        QCOMPARE(runTool(QStringLiteral("echoscu"), m_platform->peer()).exitCode, 0);
    }

    void storesOnceOnly() {
        const QString file = path(QStringLiteral("a.dcm"));
        writeInstance(file, m_sample);
        QVERIFY(storescu({file}).output.contains(QStringLiteral("(Success)")));
        QVERIFY(storescu({file}).output.contains(QStringLiteral("(Success)")));
        // The same object in another encoding is the same object.
        const QString implicitFile = path(QStringLiteral("implicit.dcm"));
        writeInstance(implicitFile, m_sample, QStringLiteral(UID_LittleEndianImplicitTransferSyntax));
        const ToolRun again = storescu({QStringLiteral("-xi"), implicitFile});
        QVERIFY2(again.output.contains(QStringLiteral("(Success)")), qPrintable(again.output));
        // Another object under the same UID is refused, and nothing of it is kept.
        SampleInstance other = m_sample;
        other.patientId = QStringLiteral("P2");
        writeInstance(path(QStringLiteral("other.dcm")), other);
        const ToolRun refused = storescu({path(QStringLiteral("other.dcm"))});
        QVERIFY2(refused.output.contains(QStringLiteral("0x111"), Qt::CaseInsensitive), qPrintable(refused.output));
        const ToolRun found =
            findscu({"QueryRetrieveLevel=STUDY", "PatientID", "StudyInstanceUID=" + m_sample.studyUid});
        QCOMPARE(matches(found), 1);
        QVERIFY(found.output.contains(QStringLiteral("[P1")));
    }

    void concurrentSendersOfOneObject() {
        const QString file = path(QStringLiteral("a.dcm"));
        writeInstance(file, m_sample);
        std::vector<std::unique_ptr<QProcess>> senders;
        for (int i = 0; i < 6; ++i) {
            senders.push_back(std::make_unique<QProcess>());
            senders.back()->start(QStringLiteral("storescu"),
                                  QStringList{"-v"} + m_platform->peer() + QStringList{file});
        }
        for (const auto& sender : senders) {
            QVERIFY(sender->waitForFinished(30000));
            QCOMPARE(sender->exitCode(), 0);
        }
        QCOMPARE(
            matches(findscu({"QueryRetrieveLevel=IMAGE", "SOPInstanceUID", "StudyInstanceUID=" + m_sample.studyUid})),
            1);
    }

    void hostileObjects() {
        DimseScu scu(m_platform->port(), {QStringLiteral(UID_CTImageStorage)});
        QVERIFY(scu.isOpen());
        DcmDataset noUids;
        noUids.putAndInsertString(DCM_SOPClassUID, UID_CTImageStorage);
        noUids.putAndInsertString(DCM_SOPInstanceUID, "1.2.3");
        QCOMPARE(scu.store(noUids, QStringLiteral(UID_CTImageStorage), QStringLiteral("1.2.3")).status, 0xC000);
        DcmDataset path;
        path.putAndInsertString(DCM_SOPClassUID, UID_CTImageStorage);
        path.putAndInsertString(DCM_SOPInstanceUID, "../../evil");
        path.putAndInsertString(DCM_StudyInstanceUID, "1.2.3");
        path.putAndInsertString(DCM_SeriesInstanceUID, "1.2.3.4");
        QCOMPARE(scu.store(path, QStringLiteral(UID_CTImageStorage), QStringLiteral("../../evil")).status, 0xC000);
        DcmDataset mismatch;
        mismatch.putAndInsertString(DCM_SOPClassUID, UID_CTImageStorage);
        mismatch.putAndInsertString(DCM_SOPInstanceUID, "1.2.3.5");
        mismatch.putAndInsertString(DCM_StudyInstanceUID, "1.2.3");
        mismatch.putAndInsertString(DCM_SeriesInstanceUID, "1.2.3.4");
        QCOMPARE(scu.store(mismatch, QStringLiteral(UID_CTImageStorage), QStringLiteral("1.2.3.6")).status, 0xA900);
        // 100 levels are easy to parse but over the limit.
        DcmDataset deep;
        DcmItem* item = &deep;
        for (int i = 0; i < 100; ++i) {
            DcmItem* next = nullptr;
            QVERIFY(item->findOrCreateSequenceItem(DCM_ContentSequence, next).good());
            item = next;
        }
        item->putAndInsertString(DCM_PatientID, "deep");
        QCOMPARE(scu.store(deep, QStringLiteral(UID_CTImageStorage), QStringLiteral("1.2.3.7")).status, 0xC000);
        // The association is still good.
        DcmFileFormat good;
        writeInstance(this->path(QStringLiteral("good.dcm")), m_sample);
        QVERIFY(good.loadFile(this->path(QStringLiteral("good.dcm")).toLocal8Bit().constData()).good());
        QCOMPARE(scu.store(*good.getDataset(), QStringLiteral(UID_CTImageStorage), m_sample.instanceUid).status, 0);
        QDirIterator files(m_platform->options.dataFolder + QStringLiteral("/files"), QDir::Files,
                           QDirIterator::Subdirectories);
        int count = 0;
        while (files.hasNext()) {
            files.next();
            ++count;
        }
        QCOMPARE(count, 1);
    }

    void deepNestingOnTheWire() {
        // 20,000 levels crash DCMTK's parser; 3,000 in a command set would be parsed by its DIMSE layer.
        QByteArray deep;
        const QByteArray level = QByteArray::fromHex("400030a7ffffffff"
                                                     "feff00e0ffffffff");
        for (int i = 0; i < 20000; ++i)
            deep += level;
        const auto open = [&] {
            return platform::Association::open(
                {m_platform->options.aeTitle, QStringLiteral("127.0.0.1"), m_platform->port()}, QStringLiteral("EVIL"),
                {{QStringLiteral(UID_CTImageStorage), {QStringLiteral(UID_LittleEndianImplicitTransferSyntax)}, false}},
                5);
        };
        auto association = open();
        QVERIFY(association);
        platform::Message store;
        store.context = 1;
        store.command = platform::Command::CStore;
        store.id = 1;
        store.sopClass = QStringLiteral(UID_CTImageStorage);
        store.sopInstance = QStringLiteral("1.2.3");
        QVERIFY((*association)->send(store, &deep));
        platform::Message answer;
        QCOMPARE(int((*association)->receive(answer, 10)), int(platform::Association::Event::Message));
        QCOMPARE(answer.status, quint16(0xC000));
        (*association)->release();

        T_ASC_Network* network = nullptr;
        ASC_initializeNetwork(NET_REQUESTOR, 0, 5, &network);
        T_ASC_Parameters* parameters = nullptr;
        ASC_createAssociationParameters(&parameters, ASC_DEFAULTMAXPDU);
        ASC_setAPTitles(parameters, "EVIL", "YZPLATFORM", nullptr);
        const QByteArray address = "127.0.0.1:" + QByteArray::number(m_platform->port());
        ASC_setPresentationAddresses(parameters, "localhost", address.constData());
        const char* syntax[] = {UID_LittleEndianImplicitTransferSyntax};
        ASC_addPresentationContext(parameters, 1, UID_VerificationSOPClass, syntax, 1);
        T_ASC_Association* raw = nullptr;
        QVERIFY(ASC_requestAssociation(network, parameters, &raw).good());
        QByteArray command = deep.first(level.size() * 3000);
        for (qsizetype at = 0; at < command.size(); at += 8000) {
            DUL_PDV fragment{};
            fragment.data = command.data() + at;
            fragment.fragmentLength = static_cast<unsigned long>(qMin<qsizetype>(8000, command.size() - at));
            fragment.presentationContextID = 1;
            fragment.pdvType = DUL_COMMANDPDV;
            fragment.lastPDV = at + 8000 >= command.size() ? OFTrue : OFFalse;
            DUL_PDVLIST list{};
            list.count = 1;
            list.pdv = &fragment;
            DUL_WritePDVs(&raw->DULassociation, &list);
        }
        ASC_dropAssociation(raw);
        ASC_destroyAssociation(&raw);
        ASC_dropNetwork(&network);
        QCOMPARE(runTool(QStringLiteral("echoscu"), m_platform->peer()).exitCode, 0);
    }

    void queriesOfAllLevels() {
        storeThree();
        const QString study = "StudyInstanceUID=" + m_sample.studyUid;
        const ToolRun studies =
            findscu({"QueryRetrieveLevel=STUDY", study, "ModalitiesInStudy", "NumberOfStudyRelatedInstances",
                     "StudyDate=20260201-20260331", "PatientName=test^*"});
        QCOMPARE(matches(studies), 1);
        QVERIFY(studies.output.contains(QStringLiteral("[3")));
        QVERIFY(studies.output.contains(QStringLiteral("[ISO_IR 192]")));
        QCOMPARE(matches(findscu({"QueryRetrieveLevel=STUDY", study, "StudyDate=20260302-"})), 0);
        QCOMPARE(matches(findscu({"QueryRetrieveLevel=STUDY", study, "AccessionNumber=A?"})), 1);
        QCOMPARE(matches(findscu({"QueryRetrieveLevel=STUDY", study, "AccessionNumber=B?"})), 0);
        QCOMPARE(matches(findscu({"QueryRetrieveLevel=STUDY", study, "ModalitiesInStudy=MR"})), 0);
        QCOMPARE(matches(findscu({"QueryRetrieveLevel=SERIES", study, "SeriesInstanceUID", "Modality=CT"})), 1);
        // Relational: images by the study alone.
        const ToolRun images =
            findscu({"QueryRetrieveLevel=IMAGE", study, "SOPInstanceUID", "InstanceNumber", "SeriesInstanceUID"});
        QCOMPARE(matches(images), 3);
        QCOMPARE(matches(findscu({"QueryRetrieveLevel=IMAGE", study, "InstanceNumber=2", "SOPInstanceUID"})), 1);
        QVERIFY(findscu({"QueryRetrieveLevel=PLANET", study})
                    .output.contains(QStringLiteral("0xa900"), Qt::CaseInsensitive) ||
                matches(findscu({"QueryRetrieveLevel=PLANET", study})) == 0);
    }

    void chineseQueries_data() {
        QTest::addColumn<QByteArray>("storedSet");
        QTest::addColumn<QByteArray>("storedName");
        const QByteArray gb = "WANG^XIAOMING=" + QByteArray::fromHex("cdf55ed0a1c3f7");
        QTest::newRow("GB18030") << QByteArray("GB18030") << gb;
        QTest::newRow("UTF-8") << QByteArray("ISO_IR 192") << QStringLiteral("WANG^XIAOMING=王^小明").toUtf8();
        QTest::newRow("unlabelled") << QByteArray() << gb;
    }
    void chineseQueries() {
        QFETCH(QByteArray, storedSet);
        QFETCH(QByteArray, storedName);
        m_sample.characterSet = storedSet;
        m_sample.patientName = storedName;
        writeInstance(path(QStringLiteral("cn.dcm")), m_sample);
        QVERIFY(storescu({path(QStringLiteral("cn.dcm"))}).output.contains(QStringLiteral("(Success)")));
        struct Key {
            const char* set;
            QByteArray name;
            bool found;
        };
        const QByteArray gbWang = QByteArray::fromHex("cdf5");
        const QByteArray utf8Wang = QStringLiteral("王").toUtf8();
        for (const Key& key : {Key{"ISO_IR 192", utf8Wang + "*", true}, Key{"GB18030", gbWang + "*", true},
                               Key{nullptr, gbWang + "*", true}, Key{nullptr, utf8Wang + "*", true},
                               Key{"ISO_IR 192", QStringLiteral("*小明").toUtf8(), true},
                               Key{"ISO_IR 192", QStringLiteral("李*").toUtf8(), false}}) {
            DimseScu scu(m_platform->port(), {QStringLiteral(UID_FINDStudyRootQueryRetrieveInformationModel)});
            DcmDataset keys;
            if (key.set != nullptr)
                keys.putAndInsertString(DCM_SpecificCharacterSet, key.set);
            keys.putAndInsertString(DCM_QueryRetrieveLevel, "STUDY");
            keys.putAndInsertString(DCM_PatientName, key.name.constData());
            const auto found = scu.find(QStringLiteral(UID_FINDStudyRootQueryRetrieveInformationModel), keys);
            QCOMPARE(found.size(), key.found ? size_t(1) : size_t(0));
            if (key.found) {
                OFString name;
                found[0]->findAndGetOFStringArray(DCM_PatientName, name);
                QCOMPARE(QString::fromUtf8(name.c_str()), QStringLiteral("WANG^XIAOMING=王^小明"));
            }
        }
    }

    void getByStudySeriesAndImage() {
        storeThree();
        const auto got = [&](const QStringList& keys) {
            const QString folder = path(QStringLiteral("got"));
            QDir(folder).removeRecursively();
            QDir().mkpath(folder);
            QStringList arguments{"-S", "-v"};
            for (const QString& key : keys)
                arguments << QStringLiteral("-k") << key;
            runTool(QStringLiteral("getscu"), arguments + m_platform->peer(), folder);
            return QDir(folder).entryInfoList(QDir::Files, QDir::Name);
        };
        const QString study = "StudyInstanceUID=" + m_sample.studyUid;
        const QFileInfoList whole = got({"QueryRetrieveLevel=STUDY", study});
        QCOMPARE(whole.size(), 3);
        QSet<QByteArray> sent;
        QSet<QByteArray> received;
        for (int i = 1; i <= 3; ++i)
            sent.insert(pixelDigest(path(QStringLiteral("s%1.dcm").arg(i))));
        for (const QFileInfo& file : whole)
            received.insert(pixelDigest(file.absoluteFilePath()));
        QCOMPARE(received, sent);
        QCOMPARE(got({"QueryRetrieveLevel=SERIES", study, "SeriesInstanceUID=" + m_sample.seriesUid}).size(), 3);
        QCOMPARE(got({"QueryRetrieveLevel=IMAGE", study, "SeriesInstanceUID=" + m_sample.seriesUid,
                      "SOPInstanceUID=" + m_sample.studyUid + ".1\\" + m_sample.studyUid + ".3"})
                     .size(),
                 2);
        QCOMPARE(got({"QueryRetrieveLevel=IMAGE", study}).size(), 0);
    }

    void movesToKnownNode() {
        storeThree();
        const quint16 port = freePort();
        const QString folder = path(QStringLiteral("moved"));
        QDir().mkpath(folder);
        QProcess receiver;
        receiver.start(QStringLiteral("storescp"), {"-od", folder, QString::number(port)});
        QVERIFY(receiver.waitForStarted());
        QVERIFY(QTest::qWaitFor([&] {
            const int probe = openConnection(port);
            if (probe >= 0)
                ::close(probe);
            return probe >= 0;
        }));
        const QStringList request{
            "-S", "-v", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + m_sample.studyUid};
        const ToolRun unknown =
            runTool(QStringLiteral("movescu"), request + QStringList{"-aem", "RECEIVER"} + m_platform->peer());
        QVERIFY2(unknown.output.contains(QStringLiteral("0xa801"), Qt::CaseInsensitive) ||
                     unknown.output.contains(QStringLiteral("MoveDestinationUnknown")),
                 qPrintable(unknown.output));
        m_platform->options.nodes = {{QStringLiteral("RECEIVER"), QStringLiteral("127.0.0.1"), port}};
        m_platform->start();
        const ToolRun moved =
            runTool(QStringLiteral("movescu"), request + QStringList{"-aem", "RECEIVER"} + m_platform->peer());
        QCOMPARE(moved.exitCode, 0);
        QCOMPARE(QDir(folder).entryList(QDir::Files).size(), 3);
        receiver.kill();
        receiver.waitForFinished();
        const ToolRun dead =
            runTool(QStringLiteral("movescu"), request + QStringList{"-aem", "RECEIVER"} + m_platform->peer());
        QVERIFY2(dead.output.contains(QStringLiteral("0xa702"), Qt::CaseInsensitive) ||
                     dead.output.contains(QStringLiteral("Refused")),
                 qPrintable(dead.output));
    }

    void cancelStopsARetrieval() {
        storeThree();
        DimseScu scu(m_platform->port(), {QStringLiteral(UID_FINDStudyRootQueryRetrieveInformationModel)});
        // More matches than fit into one go: cancel after the first.
        for (int i = 0; i < 40; ++i) {
            SampleInstance more = m_sample;
            more.instanceUid = m_sample.studyUid + ".50" + QString::number(i);
            writeInstance(path(QStringLiteral("m%1.dcm").arg(i)), more);
        }
        QStringList files;
        for (int i = 0; i < 40; ++i)
            files << path(QStringLiteral("m%1.dcm").arg(i));
        QCOMPARE(storescu(files).exitCode, 0);
        const ToolRun cancelled = runTool(QStringLiteral("findscu"),
                                          QStringList{"-S", "--cancel", "1", "-k", "QueryRetrieveLevel=IMAGE", "-k",
                                                      "SOPInstanceUID", "-k", "StudyInstanceUID=" + m_sample.studyUid} +
                                              m_platform->peer());
        QCOMPARE(cancelled.exitCode, 0);
        QVERIFY(matches(cancelled) <= 43);
        QCOMPARE(runTool(QStringLiteral("echoscu"), m_platform->peer()).exitCode, 0);
    }

    void restartKeepsEverything() {
        storeThree();
        QVERIFY(m_platform->waitForWorkitems(1));
        const QString before = m_platform->workitems().at(0).uid;
        m_platform->start();
        QCOMPARE(
            matches(findscu({"QueryRetrieveLevel=IMAGE", "SOPInstanceUID", "StudyInstanceUID=" + m_sample.studyUid})),
            3);
        QVERIFY(m_platform->waitForWorkitems(1));
        QCOMPARE(m_platform->workitems().at(0).uid, before);
        QTest::qWait(500); // a settled study does not become a task again
        QCOMPARE(m_platform->workitems().size(), size_t(1));
    }

    void secondPlatformOnOneFolderIsRefused() {
        SystemClock clock;
        RandomUidSource uids;
        platform::PlatformServer second(m_platform->options, clock, uids);
        const Status started = second.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::StoreInUse);
    }
};

QTEST_GUILESS_MAIN(ArchiveTest)
#include "archive_test.moc"
