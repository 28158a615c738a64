#include "dicom_tool.h"
#include "dimse_scu.h"
#include "platform_fixture.h"
#include "support/shared_data.h"

#include "domain/reading_task.h"

#include <dcmtk/dcmdata/dctk.h>

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace yz;
using namespace yz::test;

namespace {

QString text(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    item.findAndGetOFStringArray(tag, value);
    return QString::fromUtf8(value.c_str());
}

void writeFile(const QString& path, const QByteArray& bytes) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray readFile(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QMap<QString, qint64> listing(const QString& folder) {
    QMap<QString, qint64> files;
    QDirIterator all(folder, QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        all.next();
        files.insert(all.filePath(), all.fileInfo().lastModified().toMSecsSinceEpoch() ^ all.fileInfo().size());
    }
    return files;
}

} // namespace

class UploadTest final : public QObject {
    Q_OBJECT

    std::unique_ptr<PlatformFixture> m_platform;
    SampleInstance m_sample;

    [[nodiscard]] QString drop(const QString& name) const { return m_platform->options.watchFolder + u'/' + name; }
    [[nodiscard]] QString aside(const QString& name) const {
        return m_platform->options.dataFolder + QStringLiteral("/set-aside/") + name;
    }
    [[nodiscard]] QJsonObject reasonFor(const QString& name) const {
        const QString path = aside(name + QStringLiteral(".reason.json"));
        [[maybe_unused]] const bool came = QTest::qWaitFor([&] { return QFile::exists(path); });
        return QJsonDocument::fromJson(readFile(path)).object();
    }
    std::unique_ptr<DcmDataset> firstTask() {
        const std::vector<PlatformFixture::Item> items = m_platform->workitems();
        if (items.empty())
            return nullptr;
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        return std::move(scu.get(DimseScu::upsPull(), items[0].uid).dataSet);
    }

private Q_SLOTS:
    void init() {
        m_platform = std::make_unique<PlatformFixture>();
        m_platform->options.watchFolder = m_platform->folder() + QStringLiteral("/upload");
        m_platform->start();
        m_sample = {};
        m_sample.studyUid = newUid().left(44);
        m_sample.seriesUid = m_sample.studyUid + QStringLiteral(".1");
        m_sample.instanceUid = m_sample.studyUid + QStringLiteral(".1.1");
    }
    void cleanup() { m_platform.reset(); }

    void brokenFilesAreSetAsideWithTheReason() {
        const QString whole = m_platform->folder() + QStringLiteral("/whole.dcm");
        writeInstance(whole, m_sample);
        const QByteArray good = readFile(whole);
        writeFile(drop(QStringLiteral("notes.doc")), "this is no DICOM file");
        writeFile(drop(QStringLiteral("sub/short.dcm")), good.left(good.size() - 100));
        SampleInstance nameless = m_sample;
        nameless.studyUid.clear();
        const QString withoutUid = m_platform->folder() + QStringLiteral("/nameless.dcm");
        writeInstance(withoutUid, nameless);
        writeFile(drop(QStringLiteral("nameless.dcm")), readFile(withoutUid));
        writeFile(drop(QStringLiteral("empty.dcm")), {});
        writeFile(drop(QStringLiteral("readme.txt")), "left alone");

        QCOMPARE(reasonFor(QStringLiteral("notes.doc"))["code"].toString(), QStringLiteral("NotDicom"));
        QCOMPARE(reasonFor(QStringLiteral("short.dcm"))["code"].toString(), QStringLiteral("DataSetTruncated"));
        QCOMPARE(reasonFor(QStringLiteral("short.dcm"))["file"].toString(), QStringLiteral("sub/short.dcm"));
        QCOMPARE(reasonFor(QStringLiteral("nameless.dcm"))["code"].toString(), QStringLiteral("AttributeMissing"));
        QCOMPARE(reasonFor(QStringLiteral("empty.dcm"))["code"].toString(), QStringLiteral("NotDicom"));
        QCOMPARE(readFile(aside(QStringLiteral("short.dcm"))), good.left(good.size() - 100));
        QVERIFY(QFile::exists(drop(QStringLiteral("readme.txt"))));
        QVERIFY(m_platform->workitems().empty());
    }

    void growingFileIsLeftUntilItIsWhole() {
        const QString whole = m_platform->folder() + QStringLiteral("/whole.dcm");
        m_sample.rows = 4000;
        writeInstance(whole, m_sample);
        const QByteArray bytes = readFile(whole);
        QDir().mkpath(m_platform->options.watchFolder);
        QFile slow(drop(QStringLiteral("slow.dcm")));
        QVERIFY(slow.open(QIODevice::WriteOnly));
        for (qsizetype at = 0; at < bytes.size(); at += bytes.size() / 20 + 1) {
            slow.write(bytes.mid(at, bytes.size() / 20 + 1));
            slow.flush();
            QTest::qWait(30);
        }
        slow.close();
        QVERIFY(m_platform->waitForWorkitems(1));
        QVERIFY(!QFile::exists(aside(QStringLiteral("slow.dcm"))));
        QVERIFY(QTest::qWaitFor([&] { return !QFile::exists(drop(QStringLiteral("slow.dcm"))); }));
    }

    void orderBesideTheFilesWins() {
        Order order;
        order.patient.id = PatientId(QStringLiteral("P1"));
        order.patient.name = PersonName::fromDicom(QStringLiteral("WANG^XIAOMING=王^小明"));
        order.patient.nationalId = QStringLiteral("110101196001020011");
        order.accessionNumber = QStringLiteral("ORD-7");
        order.requestingHospital = QStringLiteral("东河镇卫生院");
        order.requestingDepartment = QStringLiteral("内科");
        order.requestingPhysician = QStringLiteral("周敏");
        order.item = QStringLiteral("胸部CT平扫");
        order.clinicalDiagnosis = QStringLiteral("咳嗽待查");
        order.history = QStringLiteral("反复咳嗽3月");
        order.study = StudyUid(m_sample.studyUid);
        QJsonObject json = toJson(order);
        json["priority"] = priorityName(Priority::Emergency);
        writeFile(drop(QStringLiteral("case/order.json")), QJsonDocument(json).toJson());
        writeInstance(drop(QStringLiteral("case/1.dcm")), m_sample);
        QVERIFY(m_platform->waitForWorkitems(1));
        const auto task = firstTask();
        QCOMPARE(text(*task, DCM_ScheduledProcedureStepPriority), QStringLiteral("HIGH"));
        QCOMPARE(text(*task, DCM_ProcedureStepLabel), QStringLiteral("胸部CT平扫"));
        QCOMPARE(text(*task, DCM_AdmittingDiagnosesDescription), QStringLiteral("咳嗽待查"));
        QCOMPARE(text(*task, DCM_AdditionalPatientHistory), QStringLiteral("反复咳嗽3月"));
        QCOMPARE(text(*task, DCM_Modality), QStringLiteral("CT")); // filled in from the data sets
        DcmItem* request = nullptr;
        QVERIFY(task->findAndGetSequenceItem(DCM_ReferencedRequestSequence, request).good());
        QCOMPARE(text(*request, DCM_AccessionNumber), QStringLiteral("ORD-7"));
        QCOMPARE(text(*request, DCM_InstitutionName), QStringLiteral("东河镇卫生院"));
        QCOMPARE(text(*request, DCM_RequestingService), QStringLiteral("内科"));
        QCOMPARE(text(*request, DCM_RequestingPhysician), QStringLiteral("=周敏"));
        DcmItem* other = nullptr;
        QVERIFY(task->findAndGetSequenceItem(DCM_OtherPatientIDsSequence, other).good());
        QCOMPARE(text(*other, DCM_PatientID), QStringLiteral("110101196001020011"));
        QVERIFY(QTest::qWaitFor([&] { return !QFile::exists(drop(QStringLiteral("case/order.json"))); }));
    }

    void studyNotToBeReadMakesNoTask() {
        writeFile(drop(QStringLiteral("old/order.json")), QByteArray(R"({"wantsReading": false})"));
        writeInstance(drop(QStringLiteral("old/1.dcm")), m_sample);
        QVERIFY(QTest::qWaitFor([&] { return !QFile::exists(drop(QStringLiteral("old/1.dcm"))); }));
        QTest::qWait(800);
        QVERIFY(m_platform->workitems().empty());
    }

    void reportsMakeNoTask() {
        m_sample.sopClass = QStringLiteral(UID_EnhancedSRStorage);
        m_sample.modality = QStringLiteral("SR");
        writeInstance(drop(QStringLiteral("report.dcm")), m_sample);
        QVERIFY(QTest::qWaitFor([&] { return !QFile::exists(drop(QStringLiteral("report.dcm"))); }));
        QTest::qWait(800);
        QVERIFY(m_platform->workitems().empty());
    }

    void withdrawalBeforeAndOfUnknown() {
        writeInstance(drop(QStringLiteral("a.dcm")), m_sample);
        QVERIFY(m_platform->waitForWorkitems(1));
        writeFile(drop(QStringLiteral("withdraw/") + m_sample.studyUid), "错误的患者");
        QVERIFY(m_platform->waitForWorkitems(1, QStringLiteral("CANCELED")));
        const auto task = firstTask();
        DcmItem* progress = nullptr;
        QVERIFY(task->findAndGetSequenceItem(DCM_ProcedureStepProgressInformationSequence, progress).good());
        QCOMPARE(text(*progress, DCM_ReasonForCancellation), QStringLiteral("错误的患者"));
        writeFile(drop(QStringLiteral("withdraw/1.2.3.4")), {});
        QCOMPARE(reasonFor(QStringLiteral("1.2.3.4"))["code"].toString(), QStringLiteral("NotFound"));
    }

    void foreignPatientInsideAStudyIsKept() {
        // The desk must see and stop it; the platform delivers what it was given.
        writeInstance(drop(QStringLiteral("a.dcm")), m_sample);
        SampleInstance foreign = m_sample;
        foreign.instanceUid = m_sample.studyUid + QStringLiteral(".1.2");
        foreign.patientId = QStringLiteral("P2");
        writeInstance(drop(QStringLiteral("b.dcm")), foreign);
        QVERIFY(m_platform->waitForWorkitems(1));
        const ToolRun found = runTool(QStringLiteral("findscu"),
                                      QStringList{"-S", "-k", "QueryRetrieveLevel=IMAGE", "-k", "SOPInstanceUID", "-k",
                                                  "StudyInstanceUID=" + m_sample.studyUid} +
                                          m_platform->peer());
        QCOMPARE(found.output.count(QStringLiteral("Find Response: ")), 2);
    }

    void realFolderIsServedAndUntouched() {
        const QString data = sharedData();
        if (data.isEmpty() || !QDir(data + QStringLiteral("/dcm_qa_ct")).exists())
            QSKIP("no third-party studies");
        const QString folder = data + QStringLiteral("/dcm_qa_ct");
        const QMap<QString, qint64> before = listing(folder);
        m_platform->options.importFolders = {folder};
        m_platform->start();
        QVERIFY(m_platform->waitForWorkitems(2));
        QString study;
        for (const PlatformFixture::Item& found : m_platform->workitems())
            study = found.studyUid;
        const QString target = m_platform->folder() + QStringLiteral("/got");
        QDir().mkpath(target);
        const ToolRun got = runTool(
            QStringLiteral("getscu"),
            QStringList{"-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + study} + m_platform->peer(),
            target);
        QCOMPARE(got.exitCode, 0);
        // Every object's data set came over unchanged.
        QMap<QString, QString> sources;
        for (auto it = before.begin(); it != before.end(); ++it) {
            DcmFileFormat file;
            if (file.loadFile(it.key().toLocal8Bit().constData()).good())
                sources.insert(text(*file.getDataset(), DCM_SOPInstanceUID), it.key());
        }
        const QFileInfoList received = QDir(target).entryInfoList(QDir::Files);
        QVERIFY(!received.isEmpty());
        for (const QFileInfo& info : received) {
            DcmFileFormat file;
            QVERIFY(file.loadFile(info.absoluteFilePath().toLocal8Bit().constData()).good());
            DcmFileFormat source;
            const QString uid = text(*file.getDataset(), DCM_SOPInstanceUID);
            QVERIFY(source.loadFile(sources.value(uid).toLocal8Bit().constData()).good());
            QCOMPARE(file.getDataset()->compare(*source.getDataset()), 0);
        }
        QCOMPARE(listing(folder), before);
        // The second start knows them all and makes no second task.
        m_platform->start();
        QTest::qWait(700);
        QCOMPARE(m_platform->workitems().size(), size_t(2));
    }
};

QTEST_GUILESS_MAIN(UploadTest)
#include "upload_test.moc"
