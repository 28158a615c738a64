#include "dicom_tool.h"
#include "dimse_scu.h"
#include "embedded_platform/data_set.h"
#include "embedded_platform/workitem_data_set.h"
#include "orthanc_process.h"
#include "platform_fixture.h"
#include "postgres_server.h"

#include <dcmtk/dcmdata/dctk.h>

#include <QDir>
#include <QStringEncoder>
#include <QtTest>

using namespace yz;
using namespace yz::test;
using yz::platform::itemOf;
using yz::platform::textOf;

namespace {

QString today() { return QDate::currentDate().toString(QStringLiteral("yyyyMMdd")); }

QByteArray gb18030(const QString& text) {
    QStringEncoder encoder("GB18030");
    return encoder.isValid() ? QByteArray(encoder(text)) : QByteArray();
}

struct OrderFile {
    QByteArray characterSet; ///< what the file says; text is in it (GB18030 or UTF-8)
    QString patientId, accession, studyUid = newUid();
    QString name = QStringLiteral("Zhang^San=张^三");
    QString priority = QStringLiteral("ROUTINE"), item = QStringLiteral("胸部CT平扫");
    QString modality = QStringLiteral("CT");
};

/// A study that modalities would send, one series of `count` images.
struct Sent {
    QString studyUid = newUid(), seriesUid = newUid();
    QString patientId, accession, modality = QStringLiteral("CT");
    QString date = today();
    QString time = QTime::currentTime().toString(QStringLiteral("HHmmss"));
    QString name = QStringLiteral("Zhang^San=张^三");
    QByteArray characterSet = "GB18030";
    QString sopClass;
};

} // namespace

/// An archive with no work list, Debian's Orthanc, watched by two platforms on one PostgreSQL, with the orders on
/// DCMTK's worklist server.
class ArchiveOrthancTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void aStudyBecomesOneTaskWithItsOrder();
    void oneOfTwoDesksGetsIt();
    void moreImagesMakeNoSecondTask();
    void aRestartMakesNoSecondTask();
    void ordersInUtf8ByStudyUid();
    void anOrderOfAnotherPatientIsNotUsed();
    void anUndeclaredWorklistIsRead();
    void reportsAreNotRead();
    void anEarlierStudyIsAPrior();
    void afterTheArchiveWasAway();
    void anArchiveThatCutsItsAnswers();
    void namesThatTheArchiveCannotSay();
    void manyStudies();

private:
    void writeOrder(const OrderFile& order, int number);
    void send(const Sent& study, int count, int from = 1, OrthancProcess* orthanc = nullptr);
    void setUp(PlatformFixture& platform);
    /// The reading tasks of a study, as a desk sees them on a platform.
    std::vector<std::unique_ptr<DcmDataset>> tasksOf(const PlatformFixture& platform, const QString& studyUid);
    std::unique_ptr<DcmDataset> waitForTask(const PlatformFixture& platform, const QString& studyUid);
    /// After several more looks of both platforms.
    void staysOne(const QString& studyUid);

    QTemporaryDir m_folder;
    PostgresServer m_postgres;
    std::unique_ptr<OrthancProcess> m_orthanc;
    QProcess m_worklist, m_bareWorklist;
    quint16 m_worklistPort = 0, m_bareWorklistPort = 0;
    PlatformFixture m_first, m_second;
    Sent m_study;
    int m_orders = 0;
};

void ArchiveOrthancTest::initTestCase() {
    if (const QString why = OrthancProcess::whyNot(); !why.isEmpty())
        QSKIP(qPrintable(why));
    if (const QString missing = PostgresServer::missing(); !missing.isEmpty())
        QSKIP(qPrintable(missing));
    if (QStandardPaths::findExecutable(QStringLiteral("wlmscpfs")).isEmpty())
        QSKIP("wlmscpfs is not installed (package dcmtk)");
    QVERIFY(m_postgres.start());
    m_orthanc = std::make_unique<OrthancProcess>(1, true, false, QJsonObject{{"DefaultEncoding", "Utf8"}});
    QVERIFY2(m_orthanc->isRunning(), qPrintable(m_orthanc->log()));
    for (const char* name : {"ORDERS", "BARE"}) {
        QVERIFY(QDir(m_folder.path()).mkpath(QLatin1String(name)));
        QFile lock(m_folder.filePath(QLatin1String(name) + QStringLiteral("/lockfile")));
        QVERIFY(lock.open(QIODevice::WriteOnly));
    }
    m_worklistPort = freePort();
    m_worklist.start(QStringLiteral("wlmscpfs"),
                     {"-q", "-csk", "-dhl", "-dfp", m_folder.path(), QString::number(m_worklistPort)});
    m_bareWorklistPort = freePort();
    m_bareWorklist.start(QStringLiteral("wlmscpfs"),
                         {"-q", "-dhl", "-dfp", m_folder.path(), QString::number(m_bareWorklistPort)});
    QVERIFY(m_worklist.waitForStarted() && m_bareWorklist.waitForStarted());
    const QString database = m_postgres.makeDatabase();
    for (PlatformFixture* platform : {&m_first, &m_second}) {
        platform->options.database = database;
        setUp(*platform);
        platform->start();
    }
}

void ArchiveOrthancTest::cleanupTestCase() {
    m_first.stop();
    m_second.stop();
    for (QProcess* process : {&m_worklist, &m_bareWorklist}) {
        process->kill();
        process->waitForFinished();
    }
}

void ArchiveOrthancTest::setUp(PlatformFixture& platform) {
    platform.options.watchedArchives = {
        {QStringLiteral("ORTHANC"), QStringLiteral("127.0.0.1"), static_cast<quint16>(m_orthanc->dicomPort())}};
    platform.options.orderWorklists = {{QStringLiteral("ORDERS"), QStringLiteral("127.0.0.1"), m_worklistPort},
                                       {QStringLiteral("BARE"), QStringLiteral("127.0.0.1"), m_bareWorklistPort}};
    platform.options.archiveInterval = std::chrono::milliseconds(300);
}

void ArchiveOrthancTest::writeOrder(const OrderFile& order, int number) {
    const QString folder = order.characterSet.isEmpty() ? QStringLiteral("BARE") : QStringLiteral("ORDERS");
    const auto encoded = [&](const QString& text) {
        return order.characterSet == "ISO_IR 192" ? text.toUtf8() : gb18030(text);
    };
    QByteArray dump = "# Dicom-File-Format\n";
    const auto line = [&](const char* tag, const char* vr, const QByteArray& value) {
        dump += QByteArray(tag) + ' ' + vr + " [" + value + "]\n";
    };
    if (!order.characterSet.isEmpty())
        line("(0008,0005)", "CS", order.characterSet);
    line("(0008,0050)", "SH", order.accession.toLatin1());
    line("(0008,0080)", "LO", encoded(QStringLiteral("青山镇卫生院")));
    line("(0008,1080)", "LO", encoded(QStringLiteral("肺部感染？")));
    line("(0010,0010)", "PN", encoded(order.name));
    line("(0010,0020)", "LO", order.patientId.toLatin1());
    line("(0010,0030)", "DA", "19600102");
    line("(0010,0040)", "CS", "M");
    line("(0020,000d)", "UI", order.studyUid.toLatin1());
    line("(0032,1032)", "PN", encoded(QStringLiteral("Li^Si=李^四")));
    line("(0032,1033)", "LO", encoded(QStringLiteral("呼吸内科")));
    line("(0032,1060)", "LO", encoded(order.item));
    dump += "(0040,0100) SQ\n(fffe,e000) -\n";
    line("(0008,0060)", "CS", order.modality.toLatin1());
    line("(0040,0001)", "AE", "CT1");
    line("(0040,0002)", "DA", today().toLatin1());
    line("(0040,0003)", "TM", "080000");
    line("(0040,0007)", "LO", "step");
    line("(0040,0009)", "SH", "S" + QByteArray::number(number));
    dump += "(fffe,e00d) -\n(fffe,e0dd) -\n";
    line("(0040,1001)", "SH", "R" + QByteArray::number(number));
    line("(0040,1003)", "SH", order.priority.toLatin1());
    const QString source = m_folder.filePath(QStringLiteral("order.dump"));
    QFile file(source);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(dump);
    file.close();
    const ToolRun made = runTool(QStringLiteral("dump2dcm"),
                                 {source, m_folder.filePath(QStringLiteral("%1/order%2.wl").arg(folder).arg(number))});
    QVERIFY2(made.exitCode == 0, qPrintable(made.output));
}

void ArchiveOrthancTest::send(const Sent& study, int count, int from, OrthancProcess* orthanc) {
    const QTemporaryDir folder;
    for (int i = from; i < from + count; ++i) {
        SampleInstance instance;
        instance.studyUid = study.studyUid;
        instance.seriesUid = study.seriesUid;
        instance.instanceUid = study.studyUid + QStringLiteral(".%1").arg(i);
        instance.patientId = study.patientId;
        instance.patientName = study.characterSet == "GB18030" ? gb18030(study.name) : study.name.toUtf8();
        instance.characterSet = study.characterSet;
        instance.accession = study.accession;
        instance.studyDate = study.date;
        instance.studyTime = study.time;
        instance.modality = study.modality;
        instance.sopClass = study.sopClass;
        instance.number = i;
        writeInstance(folder.filePath(QStringLiteral("%1.dcm").arg(i)), instance);
    }
    const int port = (orthanc != nullptr ? orthanc : m_orthanc.get())->dicomPort();
    const ToolRun sent = runTool(QStringLiteral("storescu"), {"-aet", "TOOL", "-aec", "ORTHANC", "+sd", "127.0.0.1",
                                                              QString::number(port), folder.path()});
    QVERIFY2(sent.exitCode == 0, qPrintable(sent.output));
}

std::vector<std::unique_ptr<DcmDataset>> ArchiveOrthancTest::tasksOf(const PlatformFixture& platform,
                                                                     const QString& studyUid) {
    DimseScu scu(platform.port(), {DimseScu::upsPull()});
    std::vector<std::unique_ptr<DcmDataset>> tasks;
    for (const PlatformFixture::Item& item : platform.workitems()) {
        if (item.studyUid != studyUid)
            continue;
        DimseScu::Answer answer = scu.get(DimseScu::upsPull(), item.uid);
        if (answer.status == 0 && answer.dataSet != nullptr) {
            platform::putText(*answer.dataSet, DCM_SOPInstanceUID, item.uid);
            tasks.push_back(std::move(answer.dataSet));
        }
    }
    return tasks;
}

std::unique_ptr<DcmDataset> ArchiveOrthancTest::waitForTask(const PlatformFixture& platform, const QString& studyUid) {
    std::vector<std::unique_ptr<DcmDataset>> tasks;
    if (!QTest::qWaitFor([&] { return !(tasks = tasksOf(platform, studyUid)).empty(); }, 30000) || tasks.size() != 1)
        return nullptr;
    return std::move(tasks.front());
}

void ArchiveOrthancTest::staysOne(const QString& studyUid) {
    QTest::qWait(2500);
    QCOMPARE(tasksOf(m_first, studyUid).size(), size_t(1));
    QCOMPARE(tasksOf(m_second, studyUid).size(), size_t(1));
}

void ArchiveOrthancTest::aStudyBecomesOneTaskWithItsOrder() {
    m_study.patientId = QStringLiteral("P100");
    m_study.accession = QStringLiteral("A100");
    OrderFile order;
    order.characterSet = "GB18030";
    order.patientId = m_study.patientId;
    order.accession = m_study.accession;
    order.priority = QStringLiteral("STAT");
    writeOrder(order, ++m_orders);
    send(m_study, 4);
    const auto task = waitForTask(m_second, m_study.studyUid);
    QVERIFY(task != nullptr);
    QCOMPARE(textOf(*task, DCM_PatientName), QStringLiteral("Zhang^San=张^三"));
    QCOMPARE(textOf(*task, DCM_PatientID), QStringLiteral("P100"));
    QCOMPARE(textOf(*task, DCM_PatientBirthDate), QStringLiteral("19600102"));
    QCOMPARE(textOf(*task, DCM_ScheduledProcedureStepPriority), QStringLiteral("HIGH"));
    QCOMPARE(textOf(*task, DCM_Modality), QStringLiteral("CT"));
    QCOMPARE(textOf(*task, DCM_BodyPartExamined), QStringLiteral("CHEST"));
    QCOMPARE(textOf(*task, DCM_AdmittingDiagnosesDescription), QStringLiteral("肺部感染？"));
    DcmItem* request = itemOf(*task, DCM_ReferencedRequestSequence);
    QVERIFY(request != nullptr);
    QCOMPARE(textOf(*request, DCM_AccessionNumber), QStringLiteral("A100"));
    QCOMPARE(textOf(*request, DCM_RequestedProcedureDescription), QStringLiteral("胸部CT平扫"));
    QCOMPARE(textOf(*request, DCM_InstitutionName), QStringLiteral("青山镇卫生院"));
    QCOMPARE(textOf(*request, DCM_RequestingService), QStringLiteral("呼吸内科"));
    QVERIFY(textOf(*request, DCM_RequestingPhysician).contains(QStringLiteral("李四")));
    QCOMPARE(platform::retrieveAeTitle(*task), QStringLiteral("ORTHANC"));
    staysOne(m_study.studyUid);
}

void ArchiveOrthancTest::oneOfTwoDesksGetsIt() {
    const auto task = waitForTask(m_first, m_study.studyUid);
    QVERIFY(task != nullptr);
    const QString uid = textOf(*task, DCM_SOPInstanceUID);
    DimseScu one(m_first.port(), {DimseScu::upsPull()}, QStringLiteral("DESK1"));
    DimseScu two(m_second.port(), {DimseScu::upsPull()}, QStringLiteral("DESK2"));
    const int first = one.changeState(uid, "IN PROGRESS", newUid());
    const int second = two.changeState(uid, "IN PROGRESS", newUid());
    QCOMPARE(first, 0);
    QCOMPARE(second, 0xC302); // PS3.4 table CC.2.1-2: already IN PROGRESS
}

void ArchiveOrthancTest::moreImagesMakeNoSecondTask() {
    send(m_study, 3, 5);
    staysOne(m_study.studyUid);
}

void ArchiveOrthancTest::aRestartMakesNoSecondTask() {
    m_first.start();
    m_second.start();
    staysOne(m_study.studyUid);
}

void ArchiveOrthancTest::ordersInUtf8ByStudyUid() {
    Sent study;
    study.patientId = QStringLiteral("P101"); // no accession number
    study.name = QStringLiteral("Ouyang^Qing=欧阳^青");
    study.characterSet = "ISO_IR 192";
    OrderFile order;
    order.characterSet = "ISO_IR 192";
    order.patientId = study.patientId;
    order.accession = QStringLiteral("A101");
    order.studyUid = study.studyUid;
    order.name = study.name;
    order.priority = QStringLiteral("HIGH");
    order.item = QStringLiteral("头颅CT平扫");
    writeOrder(order, ++m_orders);
    send(study, 2);
    const auto task = waitForTask(m_first, study.studyUid);
    QVERIFY(task != nullptr);
    QCOMPARE(textOf(*task, DCM_PatientName), study.name);
    QCOMPARE(textOf(*task, DCM_ScheduledProcedureStepPriority), QStringLiteral("MEDIUM"));
    DcmItem* request = itemOf(*task, DCM_ReferencedRequestSequence);
    QCOMPARE(textOf(*request, DCM_RequestedProcedureDescription), QStringLiteral("头颅CT平扫"));
    QCOMPARE(textOf(*request, DCM_AccessionNumber), QStringLiteral("A101"));
}

void ArchiveOrthancTest::anOrderOfAnotherPatientIsNotUsed() {
    Sent study;
    study.patientId = QStringLiteral("P102");
    study.accession = QStringLiteral("A102");
    study.name = QStringLiteral("Qian^Wu=钱^五");
    OrderFile order;
    order.characterSet = "GB18030";
    order.patientId = QStringLiteral("P999");
    order.accession = study.accession;
    order.studyUid = study.studyUid;
    order.priority = QStringLiteral("STAT");
    writeOrder(order, ++m_orders);
    send(study, 2);
    const auto task = waitForTask(m_first, study.studyUid);
    QVERIFY(task != nullptr);
    QCOMPARE(textOf(*task, DCM_PatientName), study.name);
    QCOMPARE(textOf(*task, DCM_PatientID), QStringLiteral("P102"));
    QCOMPARE(textOf(*task, DCM_ScheduledProcedureStepPriority), QStringLiteral("LOW"));
    QVERIFY(!textOf(*itemOf(*task, DCM_ReferencedRequestSequence), DCM_InstitutionName).contains(u'青'));
}

void ArchiveOrthancTest::anUndeclaredWorklistIsRead() {
    Sent study;
    study.patientId = QStringLiteral("P103");
    study.accession = QStringLiteral("A103");
    OrderFile order; // GB18030, and nobody says so
    order.patientId = study.patientId;
    order.accession = study.accession;
    writeOrder(order, ++m_orders);
    send(study, 2);
    const auto task = waitForTask(m_first, study.studyUid);
    QVERIFY(task != nullptr);
    QCOMPARE(textOf(*itemOf(*task, DCM_ReferencedRequestSequence), DCM_InstitutionName),
             QStringLiteral("青山镇卫生院"));
}

void ArchiveOrthancTest::reportsAreNotRead() {
    Sent study;
    study.patientId = QStringLiteral("P104");
    study.modality = QStringLiteral("SR");
    study.sopClass = QStringLiteral(UID_EnhancedSRStorage);
    send(study, 1);
    QTest::qWait(2500);
    QVERIFY(tasksOf(m_first, study.studyUid).empty());
    study.modality = QStringLiteral("CT"); // and then images come
    study.sopClass.clear();
    study.seriesUid = newUid();
    send(study, 2, 2);
    QVERIFY(waitForTask(m_first, study.studyUid) != nullptr);
}

void ArchiveOrthancTest::anEarlierStudyIsAPrior() {
    Sent old;
    old.patientId = QStringLiteral("P105");
    old.accession = QStringLiteral("A104");
    old.date = QStringLiteral("20240301");
    send(old, 2);
    Sent study = old;
    study.studyUid = newUid();
    study.seriesUid = newUid();
    study.accession = QStringLiteral("A105");
    study.date = today();
    send(study, 2);
    const auto task = waitForTask(m_first, study.studyUid);
    QVERIFY(task != nullptr);
    DcmItem* prior = itemOf(*task, DCM_RETIRED_RelevantInformationSequence);
    QVERIFY(prior != nullptr);
    QCOMPARE(textOf(*prior, DCM_StudyInstanceUID), old.studyUid);
    QCOMPARE(textOf(*prior, DCM_Modality), QStringLiteral("CT"));
    QVERIFY(tasksOf(m_first, old.studyUid).empty()); // two years old: it came along, it is not to be read
}

void ArchiveOrthancTest::afterTheArchiveWasAway() {
    m_orthanc->stop();
    QTest::qWait(1500);
    QVERIFY(!m_first.workitems().empty()); // desks work on
    m_orthanc->start();
    QVERIFY(m_orthanc->isRunning());
    Sent study;
    study.patientId = QStringLiteral("P106");
    send(study, 2);
    QVERIFY(waitForTask(m_second, study.studyUid) != nullptr);
    staysOne(study.studyUid);
    staysOne(m_study.studyUid);
}

void ArchiveOrthancTest::anArchiveThatCutsItsAnswers() {
    OrthancProcess small(1, false, false, {{"LimitFindResults", 3}});
    QVERIFY2(small.isRunning(), qPrintable(small.log()));
    QSet<QString> sent;
    for (int i = 0; i < 7; ++i) {
        Sent study;
        study.patientId = QStringLiteral("L%1").arg(i);
        study.date = QDate::currentDate().addDays(-(i % 3)).toString(QStringLiteral("yyyyMMdd"));
        send(study, 1, 1, &small);
        sent.insert(study.studyUid);
    }
    PlatformFixture platform;
    setUp(platform);
    platform.options.watchedArchives.front().port = static_cast<quint16>(small.dicomPort());
    platform.options.orderWorklists.clear();
    platform.start();
    QVERIFY(platform.waitForWorkitems(7));
    QSet<QString> found;
    for (const PlatformFixture::Item& item : platform.workitems())
        found.insert(item.studyUid);
    QCOMPARE(found, sent);
}

/// Orthanc as it comes answers in Latin 1 and leaves out what that lacks.
void ArchiveOrthancTest::namesThatTheArchiveCannotSay() {
    OrthancProcess latin(1, false);
    QVERIFY2(latin.isRunning(), qPrintable(latin.log()));
    Sent study;
    study.patientId = QStringLiteral("P200");
    send(study, 1, 1, &latin);
    Sent chinese;
    chinese.patientId = QStringLiteral("P201");
    chinese.name = QStringLiteral("张三");
    send(chinese, 1, 1, &latin);
    PlatformFixture platform;
    setUp(platform);
    platform.options.watchedArchives.front().port = static_cast<quint16>(latin.dicomPort());
    platform.options.orderWorklists.clear();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("names that lack characters")));
    platform.start();
    QVERIFY(platform.waitForWorkitems(2));
    QCOMPARE(textOf(*waitForTask(platform, study.studyUid), DCM_PatientName), QStringLiteral("Zhang^San"));
    const auto task = waitForTask(platform, chinese.studyUid);
    QCOMPARE(textOf(*task, DCM_PatientName), QString()); // nothing rather than half
    QCOMPARE(textOf(*task, DCM_PatientID), QStringLiteral("P201"));
}

/// The first look over an archive that has many new studies, and what a later one costs. YZ_CENTER_FULL=1: 1,000.
void ArchiveOrthancTest::manyStudies() {
    const int count = qEnvironmentVariableIntValue("YZ_CENTER_FULL") != 0 ? 1000 : 150;
    OrthancProcess large(1, false, false, {{"LimitFindResults", 100}, {"DefaultEncoding", "Utf8"}});
    QVERIFY2(large.isRunning(), qPrintable(large.log()));
    const QTemporaryDir folder;
    for (int i = 0; i < count; ++i) {
        SampleInstance instance;
        instance.studyUid = QStringLiteral("1.2.77.%1").arg(i + 1);
        instance.seriesUid = instance.studyUid + QStringLiteral(".1");
        instance.instanceUid = instance.studyUid + QStringLiteral(".1.1");
        instance.patientId = QStringLiteral("M%1").arg(i / 2); // everybody came twice
        instance.studyDate = QDate::currentDate().addDays(-(i % 3)).toString(QStringLiteral("yyyyMMdd"));
        instance.studyTime = QTime(0, 0).addSecs(i * 86'400 / count).toString(QStringLiteral("HHmmss"));
        writeInstance(folder.filePath(QString::number(i)), instance);
    }
    QProcess sending;
    sending.start(QStringLiteral("storescu"), {"-aet", "TOOL", "-aec", "ORTHANC", "+sd", "127.0.0.1",
                                               QString::number(large.dicomPort()), folder.path()});
    QVERIFY(sending.waitForFinished(240'000));
    QCOMPARE(sending.exitCode(), 0);
    PlatformFixture platform;
    setUp(platform);
    platform.options.watchedArchives.front().port = static_cast<quint16>(large.dicomPort());
    platform.options.orderWorklists.clear();
    QElapsedTimer time;
    time.start();
    platform.start();
    const auto tasks = [&] { return static_cast<int>(platform.workitems().size()); };
    int made = 0;
    while (made < count && time.elapsed() < 240'000) {
        QTest::qWait(1000); // to list them costs as well
        made = tasks();
    }
    QCOMPARE(made, count);
    qInfo("%d studies became tasks in %.1f s", count, static_cast<double>(time.elapsed()) / 1000);
    QTest::qWait(2000);
    QCOMPARE(tasks(), count);
}

QTEST_GUILESS_MAIN(ArchiveOrthancTest)
#include "archive_orthanc_test.moc"
