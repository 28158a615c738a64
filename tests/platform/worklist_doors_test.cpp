#include "dicom/net/ups_client.h"
#include "dicom/net/ups_mapping_dcmtk.h"
#include "dicom_tool.h"
#include "dimse_scu.h"
#include "domain/ups_codes.h"
#include "fake_web_server.h"
#include "platform/web_worklist_client.h"
#include "platform_fixture.h"

#include <dcmtk/dcmdata/dctk.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QtTest>
#include <thread>

using namespace yz;
using namespace yz::test;

/// The embedded platform's worklist through both of its doors, DIMSE and HTTP, with the product's clients. Judged by
/// DCMTK where there is something to judge: data sets made by it, JSON written by dcm2json.
namespace {

/// JSON with ' for "
QByteArray quoted(const char* text) { return QByteArray(text).replace('\'', '"'); }

QString outcomeOf(const Status& status) { return status ? QStringLiteral("ok") : errorName(status.error().code); }

Performer performer(const char* name = "=张医生") { return {QString::fromUtf8(name), QStringLiteral("WS3")}; }

ReadingTask fullTask() {
    ReadingTask task;
    task.uid = WorkitemUid(newUid());
    task.kind = TaskKind::SecondLook;
    task.priority = Priority::Emergency;
    Order& order = task.order;
    order.patient.id = PatientId(QStringLiteral("P0001"));
    order.patient.issuerOfId = QStringLiteral("青山镇卫生院");
    order.patient.nationalId = QStringLiteral("110101196504010011");
    order.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东=わん"));
    order.patient.sex = Sex::Male;
    order.patient.birthDate = QDate(1965, 4, 1);
    order.patient.age = QStringLiteral("060Y");
    order.accessionNumber = QStringLiteral("A77");
    order.requestingHospital = QStringLiteral("青山镇卫生院");
    order.requestingDepartment = QStringLiteral("内科");
    order.requestingPhysician = QStringLiteral("李娜");
    order.item = QStringLiteral("胸部CT平扫 \"急\"");
    order.modality = QStringLiteral("CT");
    order.bodyPart = QStringLiteral("CHEST");
    order.clinicalDiagnosis = QStringLiteral("咳嗽待查; 发热");
    order.history = QStringLiteral("咳嗽三周\n吸烟二十年 \\ 20支/日");
    order.imageQualityRemarks = QStringLiteral("呼吸运动伪影");
    order.examTime = QDateTime(QDate(2026, 3, 2), QTime(8, 30, 15, 250), Qt::OffsetFromUTC, 8 * 3600);
    order.study = StudyUid(newUid());
    order.priors = {{StudyUid(newUid()), QStringLiteral("A12"), QDate(2025, 1, 9), QStringLiteral("CR"),
                     QStringLiteral("胸片正位")}};
    task.scheduledTime = QDateTime(QDate(2026, 3, 2), QTime(1, 0, 0, 125), Qt::UTC);
    task.dueTime = QDateTime(QDate(2026, 3, 2), QTime(2, 0), Qt::UTC);
    task.imagesComplete = false;
    task.reason = QStringLiteral("补充描述");
    task.authorName = QStringLiteral("陈医生");
    task.reports = {
        {order.study,
         SeriesUid(QStringLiteral("1.2.3.4.1")),
         {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.88.33")), InstanceUid(QStringLiteral("1.2.3.4.1.1"))}},
        {order.study,
         SeriesUid(QStringLiteral("1.2.3.4.2")),
         {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.104.1")), InstanceUid(QStringLiteral("1.2.3.4.2.1"))}}};
    return task;
}

std::vector<ReportReference> outputOf(const ReadingTask& task) {
    return {{task.order.study,
             SeriesUid(QStringLiteral("1.2.3.9")),
             {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.88.22")), InstanceUid(newUid())}}};
}

} // namespace

class WorklistDoorsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<PlatformFixture> m_platform;
    const SystemClock m_clock;
    const CancelToken m_token;
    std::unique_ptr<WebWorklistClient> m_web;
    std::unique_ptr<DicomWorklistClient> m_dimse;

    [[nodiscard]] WebNode webNode() const {
        WebNode node;
        node.root = QUrl(QStringLiteral("http://127.0.0.1:%1/dicom-web").arg(m_platform->webPort()));
        node.plainAllowed = true;
        return node;
    }

    /// Puts the task into the worklist over DIMSE (N-CREATE).
    void create(const ReadingTask& task) {
        DcmDataset dataSet;
        QVERIFY(ups::toDataset(task, dataSet).has_value());
        DimseScu scu(m_platform->port(), {DimseScu::upsPush()});
        QCOMPARE(scu.create(DimseScu::upsPush(), task.uid.value(), dataSet).status, 0);
    }
    ReadingTask createdTask() {
        const ReadingTask task = fullTask();
        create(task);
        return task;
    }
    QByteArray http(const QByteArray& method, const QString& path, const QByteArray& body = {}, int* status = nullptr,
                    QByteArray* warning = nullptr) {
        HttpExchange exchange(webNode());
        HttpRequest request;
        request.method = method;
        request.path = path;
        request.body = body;
        request.headers = {{"Content-Type", "application/dicom+json"}, {"Accept", "application/dicom+json"}};
        const Result<HttpAnswer> answer = exchange.send(request, m_token, true);
        if (!answer)
            return answer.error().toString().toUtf8();
        if (status != nullptr)
            *status = answer->status;
        if (warning != nullptr)
            *warning = answer->warning;
        return answer->body;
    }

    /// Bytes as they are; the answer until the connection is closed.
    [[nodiscard]] QByteArray raw(const QByteArray& request) const {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_platform->webPort());
        if (!socket.waitForConnected(5000))
            return "no connection";
        socket.write(request);
        QByteArray answer;
        while (socket.waitForReadyRead(10000))
            answer += socket.readAll();
        return answer + socket.readAll();
    }

private Q_SLOTS:
    void init() {
        m_platform = std::make_unique<PlatformFixture>();
        m_platform->options.web = true;
        m_platform->start();
        m_web = std::make_unique<WebWorklistClient>(webNode(), QStringLiteral("DESKWEB"), m_clock);
        NetworkSettings settings;
        settings.callingAeTitle = QStringLiteral("DESKDIMSE");
        settings.platform = {m_platform->options.aeTitle, QStringLiteral("127.0.0.1"), m_platform->port()};
        m_dimse = std::make_unique<DicomWorklistClient>(settings, m_clock);
    }
    void cleanup() {
        m_web.reset();
        m_dimse.reset();
        m_platform.reset();
    }

    void theSameTaskThroughBothDoors() {
        const ReadingTask task = createdTask();
        const auto overDimse = m_dimse->get(task.uid, m_token);
        const auto overWeb = m_web->get(task.uid, m_token);
        QVERIFY2(overDimse.has_value(), qPrintable(overDimse ? QString() : overDimse.error().toString()));
        QVERIFY2(overWeb.has_value(), qPrintable(overWeb ? QString() : overWeb.error().toString()));
        QCOMPARE(toJson(*overWeb), toJson(*overDimse)); // tells the field that differs
        QVERIFY(*overWeb == *overDimse);
        QCOMPARE(toJson(*overWeb), toJson(task));

        // The list gives the same as the item, through each door; held, with everything that is only then there.
        const TransactionUid ours(newUid());
        QCOMPARE(outcomeOf(m_web->claim(task.uid, ours, performer(), m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_web->setOutput(task.uid, ours, performer(), outputOf(task), m_token)),
                 QStringLiteral("ok"));
        const WorklistQuery query{{UpsState::Scheduled, UpsState::InProgress}, {}};
        const auto listWeb = m_web->query(query, m_token);
        const auto listDimse = m_dimse->query(query, m_token);
        QVERIFY(listWeb.has_value() && listDimse.has_value());
        QCOMPARE(listWeb->size(), size_t(1));
        QCOMPARE(toJson(listWeb->front()), toJson(listDimse->front()));
        QCOMPARE(listWeb->front().holderName, QStringLiteral("张医生"));
        QCOMPARE(listWeb->front().holderStation, QStringLiteral("WS3"));
        QCOMPARE(listWeb->front().reports.size(), size_t(3));
        const auto held = m_dimse->get(task.uid, m_token);
        QVERIFY(held.has_value() && *held == listWeb->front());
    }

    /// What the platform sends is what dcm2json makes of the same data set.
    void jsonAsDcmtkWritesIt() {
        if (!hasTools())
            QSKIP("dcmtk is not installed");
        const ReadingTask task = createdTask();
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        const auto dataSet = std::move(scu.get(DimseScu::upsPull(), task.uid.value(), {}).dataSet);
        QVERIFY(dataSet != nullptr);
        const QString path = m_platform->folder() + QStringLiteral("/item.dcm");
        QVERIFY(dataSet->saveFile(QFile::encodeName(path).constData(), EXS_LittleEndianExplicit).good());
        const ToolRun judged = runTool(QStringLiteral("dcm2json"), {QStringLiteral("-f"), path});
        QCOMPARE(judged.exitCode, 0);
        const QJsonObject theirs = QJsonDocument::fromJson(judged.output.toUtf8()).object();
        const QJsonArray ours =
            QJsonDocument::fromJson(http("GET", QStringLiteral("workitems/") + task.uid.value())).array();
        QVERIFY(theirs.size() > 20);
        QCOMPARE(ours.size(), 1);
        QCOMPARE(ours[0].toObject(), theirs);
        QVERIFY(!ours[0].toObject().contains("00081195")); // 11.5.3: the lock stays with its holder
    }

    /// And what comes in as JSON is the data set that DCMTK made the JSON of.
    void jsonThatDcmtkWroteIsTakenIn() {
        if (!hasTools())
            QSKIP("dcmtk is not installed");
        ReadingTask task = fullTask();
        DcmDataset dataSet;
        QVERIFY(ups::toDataset(task, dataSet).has_value());
        dataSet.putAndInsertUint16(DCM_Rows, 512); // kinds of values a work item may hold too
        dataSet.putAndInsertString(DCM_PatientWeight, "72.5");
        const Uint8 bytes[] = {0, 1, 254, 255};
        dataSet.putAndInsertUint8Array(DcmTag(0x0009, 0x1001, EVR_OB), bytes, 4);
        const QString path = m_platform->folder() + QStringLiteral("/new.dcm");
        QVERIFY(dataSet.saveFile(QFile::encodeName(path).constData(), EXS_LittleEndianExplicit).good());
        const ToolRun written = runTool(QStringLiteral("dcm2json"), {QStringLiteral("-f"), path});
        int status = 0;
        http("POST", QStringLiteral("workitems"), written.output.toUtf8(), &status);
        QCOMPARE(status, 201);
        http("POST", QStringLiteral("workitems?") + task.uid.value(), written.output.toUtf8(), &status);
        QCOMPARE(status, 409);
        const auto back = m_dimse->get(task.uid, m_token);
        QVERIFY(back.has_value());
        QCOMPARE(toJson(*back), toJson(task));
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        const auto kept = std::move(scu.get(DimseScu::upsPull(), task.uid.value(), {}).dataSet);
        Uint16 rows = 0;
        QVERIFY(kept->findAndGetUint16(DCM_Rows, rows).good());
        QCOMPARE(rows, Uint16(512));
        OFString weight;
        kept->findAndGetOFString(DCM_PatientWeight, weight);
        QCOMPARE(QByteArray(weight.c_str()), QByteArray("72.5"));
        const Uint8* binary = nullptr;
        unsigned long count = 0;
        QVERIFY(kept->findAndGetUint8Array(DcmTagKey(0x0009, 0x1001), binary, &count).good());
        QCOMPARE(QByteArray(reinterpret_cast<const char*>(binary), qsizetype(count)), QByteArray("\0\1\xFE\xFF", 4));
    }

    void aTaskFromClaimToEnd() {
        const ReadingTask task = createdTask();
        const TransactionUid ours(newUid()), theirs(newUid());
        const auto output = outputOf(task);
        QCOMPARE(outcomeOf(m_web->echo(m_token)), QStringLiteral("ok"));
        // Steps before the claim are nobody's.
        QCOMPARE(outcomeOf(m_web->setOutput(task.uid, ours, performer(), output, m_token)),
                 QStringLiteral("TaskNotClaimed"));
        QCOMPARE(outcomeOf(m_web->complete(task.uid, ours, m_token)), QStringLiteral("TaskNotClaimed"));
        QCOMPARE(outcomeOf(m_web->claim(task.uid, ours, performer(), m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_web->claim(task.uid, ours, performer(), m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_web->claim(task.uid, theirs, performer(), m_token)), QStringLiteral("TaskClaimedByOther"));
        QCOMPARE(outcomeOf(m_web->setOutput(task.uid, theirs, performer(), output, m_token)),
                 QStringLiteral("TaskNotClaimed"));
        QCOMPARE(outcomeOf(m_web->complete(task.uid, theirs, m_token)), QStringLiteral("TaskNotClaimed"));
        QCOMPARE(outcomeOf(m_web->setOutput(task.uid, ours, performer(), output, m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_web->complete(task.uid, ours, m_token)), QStringLiteral("ok"));
        // Repeated, as after an answer that was lost.
        QCOMPARE(outcomeOf(m_web->complete(task.uid, ours, m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_web->setOutput(task.uid, ours, performer(), output, m_token)), QStringLiteral("ok"));
        // Too late.
        QCOMPARE(outcomeOf(m_web->claim(task.uid, theirs, performer(), m_token)), QStringLiteral("TaskClaimedByOther"));
        QCOMPARE(outcomeOf(m_web->setOutput(task.uid, ours, performer(), outputOf(task), m_token)),
                 QStringLiteral("TaskStateForbids"));
        QCOMPARE(outcomeOf(m_web->cancel(task.uid, ours, QStringLiteral("错误"), m_token)),
                 QStringLiteral("TaskStateForbids"));
        QCOMPARE(outcomeOf(m_web->requestCancel(task.uid, QStringLiteral("撤回"), m_token)),
                 QStringLiteral("TaskStateForbids"));
        QCOMPARE(outcomeOf(m_web->claim(WorkitemUid(newUid()), ours, performer(), m_token)),
                 QStringLiteral("TaskGone"));
        const auto done = m_dimse->get(task.uid, m_token);
        QVERIFY(done.has_value());
        QCOMPARE(done->state, UpsState::Completed);
        QVERIFY(std::find(done->reports.begin(), done->reports.end(), output.front()) != done->reports.end());
    }

    /// Each way into each state that forbids a step: both clients say the same.
    void bothClientsSayTheSame_data() {
        QTest::addColumn<QString>("state");
        for (const char* state : {"scheduled", "ours", "another's", "completed", "cancelled", "withdrawn", "gone"})
            QTest::newRow(state) << QString::fromLatin1(state);
    }
    void bothClientsSayTheSame() {
        QFETCH(QString, state);
        const std::vector<
            std::pair<const char*, std::function<Status(WorklistSource&, const ReadingTask&, const TransactionUid&)>>>
            steps{{"claim", [&](auto& source, auto& task,
                                auto& ours) { return source.claim(task.uid, ours, performer(), m_token); }},
                  {"output",
                   [&](auto& source, auto& task, auto& ours) {
                       return source.setOutput(task.uid, ours, performer(), outputOf(task), m_token);
                   }},
                  {"complete",
                   [&](auto& source, auto& task, auto& ours) { return source.complete(task.uid, ours, m_token); }},
                  {"cancel",
                   [&](auto& source, auto& task, auto& ours) {
                       return source.cancel(task.uid, ours, QStringLiteral("图像不全"), m_token);
                   }},
                  {"ask", [&](auto& source, auto& task, auto&) {
                       return source.requestCancel(task.uid, QStringLiteral("撤回"), m_token);
                   }}};
        for (const auto& [name, step] : steps) {
            QStringList said;
            for (WorklistSource* source :
                 {static_cast<WorklistSource*>(m_dimse.get()), static_cast<WorklistSource*>(m_web.get())}) {
                const ReadingTask task = fullTask();
                const TransactionUid ours(newUid()), theirs(newUid());
                if (state != u"gone")
                    create(task);
                if (state == u"ours" || state == u"completed")
                    QVERIFY(m_dimse->claim(task.uid, ours, performer(), m_token).has_value());
                if (state == u"another's")
                    QVERIFY(m_dimse->claim(task.uid, theirs, performer("=王医生"), m_token).has_value());
                if (state == u"completed") {
                    QVERIFY(m_dimse->setOutput(task.uid, ours, performer(), outputOf(task), m_token).has_value());
                    QVERIFY(m_dimse->complete(task.uid, ours, m_token).has_value());
                }
                if (state == u"cancelled") {
                    QVERIFY(m_dimse->claim(task.uid, ours, performer(), m_token).has_value());
                    QVERIFY(m_dimse->cancel(task.uid, ours, QStringLiteral("图像不全"), m_token).has_value());
                }
                if (state == u"withdrawn") // while it waited
                    QVERIFY(m_dimse->requestCancel(task.uid, QStringLiteral("撤回"), m_token).has_value());
                said.append(outcomeOf(step(*source, task, ours)));
            }
            QVERIFY2(said[0] == said[1], qPrintable(QLatin1String(name) + QStringLiteral(": DIMSE ") + said[0] +
                                                    QStringLiteral(", web ") + said[1]));
        }
    }

    /// Many desks at both doors want the same tasks: each goes to exactly one.
    void oneWinnerOfARace() {
        constexpr int kTasks = 12;
        constexpr int kDesks = 6;
        std::vector<ReadingTask> tasks;
        for (int i = 0; i < kTasks; ++i)
            tasks.push_back(createdTask());
        std::vector<std::vector<QString>> said(kDesks, std::vector<QString>(kTasks));
        std::vector<TransactionUid> transactions;
        for (int i = 0; i < kDesks * kTasks; ++i)
            transactions.emplace_back(newUid());
        std::atomic<int> ready{0};
        std::vector<std::thread> desks;
        for (int desk = 0; desk < kDesks; ++desk)
            desks.emplace_back([&, desk] {
                WorklistSource& source = desk % 2 == 0 ? static_cast<WorklistSource&>(*m_dimse) : *m_web;
                ++ready;
                while (ready < kDesks)
                    std::this_thread::yield();
                for (int i = 0; i < kTasks; ++i) {
                    const int at = (i + desk * 2 / kDesks) % kTasks;
                    said[desk][at] =
                        outcomeOf(source.claim(tasks[at].uid, transactions[desk * kTasks + at], performer(), m_token));
                }
            });
        for (std::thread& desk : desks)
            desk.join();
        int overWeb = 0, overDimse = 0;
        for (int i = 0; i < kTasks; ++i) {
            int winners = 0;
            for (int desk = 0; desk < kDesks; ++desk) {
                if (said[desk][i] == u"ok") {
                    ++winners;
                    ++(desk % 2 == 0 ? overDimse : overWeb);
                    // The winner's lock is the one that counts.
                    QCOMPARE(outcomeOf(m_web->setOutput(tasks[i].uid, transactions[desk * kTasks + i], performer(),
                                                        outputOf(tasks[i]), m_token)),
                             QStringLiteral("ok"));
                } else {
                    QCOMPARE(said[desk][i], QStringLiteral("TaskClaimedByOther"));
                }
            }
            QCOMPARE(winners, 1);
        }
        qInfo("of %d tasks %d were won over DIMSE, %d over the web", kTasks, overDimse, overWeb);
    }

    void cancelIsSeenAtTheOtherDoor() {
        const ReadingTask task = createdTask();
        const TransactionUid ours(newUid());
        QCOMPARE(outcomeOf(m_dimse->claim(task.uid, ours, performer(), m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_web->cancel(task.uid, ours, QStringLiteral("图像不全\n请重传"), m_token)),
                 QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_web->cancel(task.uid, ours, QStringLiteral("图像不全"), m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_dimse->cancel(task.uid, ours, QStringLiteral("图像不全"), m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_web->complete(task.uid, ours, m_token)), QStringLiteral("TaskWithdrawn"));
        QCOMPARE(outcomeOf(m_web->requestCancel(task.uid, QStringLiteral("撤回"), m_token)), QStringLiteral("ok"));
        const auto seen = m_dimse->get(task.uid, m_token);
        QVERIFY(seen.has_value());
        QCOMPARE(seen->state, UpsState::Canceled);
        QCOMPARE(seen->reason, QStringLiteral("图像不全\n请重传"));
    }

    void searchByKeys() {
        std::vector<ReadingTask> tasks;
        for (int i = 0; i < 5; ++i) {
            ReadingTask task = fullTask();
            task.order.patient.id = PatientId(QStringLiteral("P%1").arg(i));
            create(task);
            tasks.push_back(task);
        }
        const auto found = [this](const QString& query, int* status = nullptr) {
            const QJsonDocument json =
                QJsonDocument::fromJson(http("GET", QStringLiteral("workitems?") + query, {}, status));
            return json.array();
        };
        QCOMPARE(found(QStringLiteral("PatientID=P3")).size(), 1);
        QCOMPARE(found(QStringLiteral("00100020=P*")).size(), 5);
        QCOMPARE(
            found(QStringLiteral("ReferencedRequestSequence.StudyInstanceUID=") + tasks[2].order.study.value()).size(),
            1);
        QCOMPARE(found(QStringLiteral("PatientName=%E7%8E%8B*")).size(), 5);
        QCOMPARE(found(QStringLiteral("SOPInstanceUID=%1,%2").arg(tasks[0].uid.value(), tasks[4].uid.value())).size(),
                 2);
        QCOMPARE(found(QStringLiteral("ProcedureStepState=SCHEDULED&limit=2")).size(), 2);
        QCOMPARE(found(QStringLiteral("offset=4&limit=2")).size(), 1);
        // 8.3.4.4.1: whether there are more, also where it was the client's limit.
        QByteArray warning;
        int pageStatus = 0;
        http("GET", QStringLiteral("workitems?limit=4"), {}, &pageStatus, &warning);
        QCOMPARE(pageStatus, 200);
        QVERIFY2(warning.contains("additional results that can be requested"), warning);
        http("GET", QStringLiteral("workitems?limit=5"), {}, &pageStatus, &warning);
        QVERIFY2(warning.isEmpty(), warning);
        // fullTask() is due at 2026-03-02 09:00 in China.
        for (const auto& [range, count] :
             {std::pair("20260302085959%2B0800-20260302090001%2B0800", 5), std::pair("20260302090000+0800-", 5),
              std::pair("-20260302085959%2B0800", 0), std::pair("20260301-0700", 5)})
            QVERIFY2(found(QStringLiteral("ScheduledProcedureStepStartDateTime=") + QLatin1String(range)).size() ==
                         count,
                     range);
        // Pages hold every item once.
        QStringList uids;
        for (int i = 0; i < 5; i += 2)
            for (const QJsonValue& each : found(QStringLiteral("limit=2&offset=%1").arg(i)))
                uids.append(each["00080018"]["Value"][0].toString());
        uids.sort();
        QCOMPARE(uids.size(), 5);
        QCOMPARE(uids.removeDuplicates(), 0);
        const QJsonObject bare = found(QStringLiteral("PatientID=P3"))[0].toObject();
        QVERIFY(!bare.contains("001021B0"));
        QVERIFY(found(QStringLiteral("PatientID=P3&includefield=AdditionalPatientHistory"))[0].toObject().contains(
            "001021B0"));
        QVERIFY(found(QStringLiteral("PatientID=P3&includefield=all"))[0].toObject().contains("00404022"));
        int status = 0;
        found(QStringLiteral("ProcedureStepState=COMPLETED"), &status);
        QCOMPARE(status, 204);
        for (const char* wrong : {"limit=-1", "NoSuchKeyword=1", "PatientID.CodeValue=1", "00020010=1", "ffffffff=1"}) {
            found(QLatin1String(wrong), &status);
            QVERIFY2(status == 400, wrong);
        }
    }

    void whatIsNoRequest_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("two") << QByteArray("[{},{}]");
        QTest::newRow("number") << QByteArray("3");
        QTest::newRow("no tag") << quoted("{'PatientName':{'vr':'PN'}}");
        QTest::newRow("meta") << quoted("{'00020010':{'vr':'UI','Value':['1.2']}}");
        QTest::newRow("no VR") << quoted("{'00111001':{'vr':'XX','Value':['1.2']}}");
        QTest::newRow("elsewhere") << quoted("{'00420011':{'vr':'OB','BulkDataURI':'http://127.0.0.1/'}}");
        QTest::newRow("two values in one") << quoted("{'00741204':{'vr':'LO','Value':['a\\\\b']}}");
        QTest::newRow("two names in one") << quoted("{'00100010':{'vr':'PN','Value':[{'Alphabetic':'a\\\\b'}]}}");
        QTest::newRow("two groups in one") << quoted("{'00100010':{'vr':'PN','Value':[{'Alphabetic':'a=b'}]}}");
        QTest::newRow("end of text in a name")
            << quoted("{'00100010':{'vr':'PN','Value':[{'Ideographic':'a\\u0000b'}]}}");
        QTest::newRow("name that is a number") << quoted("{'00100010':{'vr':'PN','Value':[{'Alphabetic':5}]}}");
        QTest::newRow("text for a sequence") << quoted("{'00741002':{'vr':'LO','Value':['50 %']}}");
        QTest::newRow("sequence for a text") << quoted("{'00741204':{'vr':'SQ','Value':[{}]}}");
        QTest::newRow("no number") << quoted("{'00189087':{'vr':'FD','Value':['nan']}}");
        QTest::newRow("endless number") << quoted("{'00189087':{'vr':'FD','Value':['-inf']}}");
        QTest::newRow("longer than its length")
            << quoted("{'00741204':{'vr':'LO','Value':['") + QByteArray(70'000, 'a') + quoted("']}}");
        QTest::newRow("0x") << quoted("{'0x741204':{'vr':'LO','Value':['a']}}");
        QTest::newRow("many items") << quoted("{'00404018':{'vr':'SQ','Value':[{}") +
                                           QByteArray(",{}").repeated(200'000) + "]}}";
        // Each a search through all of the others.
        QByteArray many;
        for (int i = 0; i < 30'000; ++i)
            many += quoted("'0009") + QByteArray::number(0x1000 + i, 16).toUpper() + quoted("':{'vr':'LO'},");
        QTest::newRow("many attributes, many items")
            << "{" + many + quoted("'00404018':{'vr':'SQ','Value':[{}") + QByteArray(",{}").repeated(200'000) + "]}}";
        QTest::newRow("base64") << quoted("{'00420011':{'vr':'OB','InlineBinary':'?'}}");
        QByteArray deep;
        for (int i = 0; i < 40; ++i)
            deep += quoted("{'00404018':{'vr':'SQ','Value':[");
        deep += "{}";
        for (int i = 0; i < 40; ++i)
            deep += "]}}";
        QTest::newRow("deep") << deep;
    }
    void whatIsNoRequest() {
        QFETCH(QByteArray, body);
        const ReadingTask task = createdTask();
        QElapsedTimer timer;
        timer.start();
        for (const QString& path :
             {QStringLiteral("workitems"), QString(QStringLiteral("workitems/") + task.uid.value())}) {
            int status = 0;
            http("POST", path, body, &status);
            QVERIFY2(status == 400 || status == 413, qPrintable(path + QString::number(status)));
        }
        int status = 0;
        http("PUT", QStringLiteral("workitems/%1/state").arg(task.uid.value()), body, &status);
        QVERIFY(status == 400 || status == 413);
        const auto same = m_dimse->get(task.uid, m_token);
        QVERIFY(same.has_value() && *same == task);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    /// An item that JSON cannot hold comes over DIMSE; the others are listed all the same.
    void anItemThatJsonCannotHold_data() {
        QTest::addColumn<QByteArray>("kind");
        for (const char* kind : {"not a number", "infinite", "no UTF-8", "no UTF-8 in a sequence"})
            QTest::newRow(kind) << QByteArray(kind);
    }
    void anItemThatJsonCannotHold() {
        QFETCH(QByteArray, kind);
        const ReadingTask good = createdTask();
        const ReadingTask odd = fullTask();
        DcmDataset dataSet;
        QVERIFY(ups::toDataset(odd, dataSet).has_value());
        DcmItem* request = nullptr;
        QVERIFY(dataSet.findAndGetSequenceItem(DCM_ReferencedRequestSequence, request, 0).good());
        if (kind == "not a number")
            request->putAndInsertFloat64(DCM_DiffusionBValue, std::numeric_limits<double>::quiet_NaN());
        else if (kind == "infinite")
            request->putAndInsertFloat64(DCM_DiffusionBValue, std::numeric_limits<double>::infinity());
        else
            (kind == "no UTF-8" ? &dataSet : request)
                ->putAndInsertString(kind == "no UTF-8" ? DCM_ProcedureStepLabel : DCM_RequestedProcedureDescription,
                                     "CT \xC3\x28 \xFF\xFE");
        DimseScu scu(m_platform->port(), {DimseScu::upsPush()});
        QCOMPARE(scu.create(DimseScu::upsPush(), odd.uid.value(), dataSet).status, 0);
        const auto listed = m_web->query({{UpsState::Scheduled}, {}}, m_token);
        QVERIFY2(listed.has_value(), qPrintable(listed ? QString() : listed.error().toString()));
        QVERIFY(std::ranges::any_of(*listed, [&](const ReadingTask& task) { return task.uid == good.uid; }));
        int status = 0;
        const QByteArray item = http("GET", QStringLiteral("workitems/") + odd.uid.value(), {}, &status);
        QVERIFY(status == 500 || QJsonDocument::fromJson(item).isArray());
    }

    void created() {
        ReadingTask task = fullTask();
        DcmDataset dataSet;
        QVERIFY(ups::toDataset(task, dataSet).has_value());
        const QByteArray body =
            quoted("[{'00741000':{'vr':'CS','Value':['SCHEDULED']},'00741200':{'vr':'CS','Value':['LOW']},"
                   "'00741204':{'vr':'LO','Value':['胸部CT']},'00404005':{'vr':'DT','Value':['20260310']},"
                   "'00404041':{'vr':'CS','Value':['READY']}}]");
        const auto create = [&](const QByteArray& query) {
            const QByteArray answer = raw("POST /dicom-web/workitems" + query +
                                          " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/dicom+json\r\n"
                                          "Content-Length: " +
                                          QByteArray::number(body.size()) + "\r\n\r\n" + body);
            const auto header = [&](const QByteArray& name) {
                const qsizetype at = answer.indexOf(QByteArray("\r\n" + name + ": /dicom-web/workitems/"));
                return at < 0 ? QByteArray() : answer.mid(at + 2).split('\r').constFirst().split('/').constLast();
            };
            return std::tuple(answer.mid(9, 3), header("Location"), header("Content-Location"));
        };
        // 11.4.1, and how older editions name it; 11.4.3: both headers.
        QCOMPARE(create("?1.2.3.1"), std::tuple(QByteArray("201"), QByteArray("1.2.3.1"), QByteArray("1.2.3.1")));
        QCOMPARE(create("?workitem=1.2.3.2"),
                 std::tuple(QByteArray("201"), QByteArray("1.2.3.2"), QByteArray("1.2.3.2")));
        QCOMPARE(create("?AffectedSOPInstanceUID=1.2.3.3"),
                 std::tuple(QByteArray("201"), QByteArray("1.2.3.3"), QByteArray("1.2.3.3")));
        // A parameter we do not know is none of ours (8.3): not a UID by chance.
        const auto [status, location, contentLocation] = create("?_=1764000000");
        QCOMPARE(status, QByteArray("201"));
        QVERIFY2(location.size() > 20, location);
        QCOMPARE(contentLocation, location);
        const QByteArray got = raw("GET /dicom-web/workitems/1.2.3.1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        QVERIFY2(got.contains("\r\nContent-Location: /dicom-web/workitems/1.2.3.1\r\n"), got);
    }

    void wordsOfTheStandard() {
        const ReadingTask task = createdTask();
        const QString path = QStringLiteral("workitems/") + task.uid.value();
        const auto state = [&](const QByteArray& wanted, const QByteArray& transaction, QByteArray& warning) {
            int status = 0;
            http("PUT", path + QStringLiteral("/state"),
                 quoted("[{'00741000':{'vr':'CS','Value':['") + wanted + quoted("']}") +
                     (transaction.isEmpty()
                          ? QByteArray()
                          : quoted(",'00081195':{'vr':'UI','Value':['") + transaction + quoted("']}")) +
                     "}]",
                 &status, &warning);
            return status;
        };
        QByteArray warning;
        QCOMPARE(state("IN PROGRESS", {}, warning), 400);
        QVERIFY(warning.contains("Transaction UID is missing"));
        QCOMPARE(state("IN PROGRESS", "1.2.3", warning), 200);
        QVERIFY(warning.isEmpty());
        QCOMPARE(state("IN PROGRESS", "1.2.4", warning), 409);
        QVERIFY(warning.contains("inconsistent with the state"));
        QCOMPARE(state("COMPLETED", "1.2.4", warning), 400);
        QVERIFY(warning.contains("Transaction UID is incorrect"));
        QCOMPARE(state("COMPLETED", "1.2.3", warning), 409); // nothing performed
        QCOMPARE(state("CANCELLED", "1.2.3", warning), 200);
        QCOMPARE(state("CANCELED", "1.2.3", warning), 200);
        QVERIFY(warning.contains("already in the requested state of CANCELED"));
        int status = 0;
        http("POST", path + QStringLiteral("?1.2.3"), "[{}]", &status, &warning);
        QCOMPARE(status, 400); // 11.6.2
        QVERIFY(warning.contains("inconsistent with the current state of the Workitem"));
        http("POST", path + QStringLiteral("/cancelrequest"), {}, &status, &warning);
        QCOMPARE(status, 202);
        QVERIFY(warning.contains("already in the requested state of CANCELED"));
        http("POST", QStringLiteral("workitems/1.2.840.10008.5.1.4.34.5.1/subscribers/DESK?filter=PatientID=1"), {},
             &status, &warning);
        QCOMPARE(status, 403);
        QVERIFY(warning.contains("Filtered"));
    }

    /// 11.6.1 puts the Transaction UID into the query; the forms that are about are all understood.
    void transactionInTheQuery_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("status");
        for (const char* form : {"?%1", "?transaction=%1", "?transaction-uid=%1", "?transactionUID=%1"})
            QTest::newRow(form) << QString::fromLatin1(form).arg(QStringLiteral("1.2.3")) << 200;
        QTest::newRow("another") << QStringLiteral("?1.2.4") << 400;
        QTest::newRow("none") << QString() << 400;
    }
    void transactionInTheQuery() {
        QFETCH(QString, query);
        QFETCH(int, status);
        const ReadingTask task = createdTask();
        QVERIFY(m_web->claim(task.uid, TransactionUid(QStringLiteral("1.2.3")), performer(), m_token).has_value());
        int said = 0;
        http("POST", QStringLiteral("workitems/") + task.uid.value() + query,
             quoted("[{'00741204':{'vr':'LO','Value':['头颅CT']}}]"), &said);
        QCOMPARE(said, status);
        QCOMPARE(m_dimse->get(task.uid, m_token)->order.item,
                 status == 200 ? QStringLiteral("头颅CT") : task.order.item);
    }

    /// An address we know: its events come as after a subscription over DIMSE.
    void subscription() {
        QCOMPARE(outcomeOf(m_web->subscribe(m_token)), QStringLiteral("NotSupported")); // nobody knows where we are
        m_platform->options.nodes = {{QStringLiteral("DESKWEB"), QStringLiteral("127.0.0.1"), freePort()}};
        m_web.reset();
        m_platform->start();
        WebWorklistClient again(webNode(), QStringLiteral("DESKWEB"), m_clock);
        QCOMPARE(outcomeOf(again.subscribe(m_token)), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(again.unsubscribe(m_token)), QStringLiteral("ok"));
    }

    void settingsThatWouldLeaveTheDoorOpen_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("outcome");
        for (const char* what : {"plain", "no credentials"})
            QTest::newRow(what) << QString::fromLatin1(what) << QStringLiteral("NotAllowed");
        for (const char* what : {"no key", "no certificate", "authority without TLS", "bad line", "empty file"})
            QTest::newRow(what) << QString::fromLatin1(what) << QStringLiteral("InvalidArgument");
        QTest::newRow("no file") << QStringLiteral("no file") << QStringLiteral("FileUnreadable");
        QTest::newRow("port taken") << QStringLiteral("port taken") << QStringLiteral("NotAllowed");
    }
    void settingsThatWouldLeaveTheDoorOpen() {
        QFETCH(QString, what);
        QFETCH(QString, outcome);
        const QString file = m_platform->folder() + QStringLiteral("/file");
        QFile text(file);
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write(what == u"empty file" ? "# nobody\n" : "bearer token\nsomebody\n");
        text.close();
        platform::PlatformOptions options = m_platform->options;
        options.dataFolder += QStringLiteral("2");
        if (what == u"plain" || what == u"no credentials")
            options.bindAddress = QStringLiteral("0.0.0.0");
        options.webPlainAllowed = what == u"no credentials";
        if (what == u"no key")
            options.webCertificate = file;
        if (what == u"no certificate")
            options.webCertificate = options.webKey = file;
        if (what == u"authority without TLS")
            options.webClientAuthority = file;
        if (what == u"bad line" || what == u"empty file")
            options.webCredentials = file;
        if (what == u"no file")
            options.webCredentials = file + u'x';
        if (what == u"port taken")
            options.webPort = m_platform->webPort();
        RandomUidSource uids;
        platform::PlatformServer server(options, m_clock, uids);
        QCOMPARE(outcomeOf(server.start()), outcome);
    }

    void whoMayComeIn() {
        const QByteArray get = "GET /dicom-web/workitems HTTP/1.1\r\nConnection: close\r\n";
        const QByteArray here = "Host: 127.0.0.1\r\n";
        QVERIFY(raw(get + here + "\r\n").startsWith("HTTP/1.1 204"));
        QVERIFY(raw(get + "Host: localhost:8080\r\n\r\n").startsWith("HTTP/1.1 204"));
        // A page in this computer's browser.
        QVERIFY(raw(get + here + "Origin: https://pages.example\r\n\r\n").startsWith("HTTP/1.1 403"));
        QVERIFY(raw(get + "Host: pages.example\r\n\r\n").startsWith("HTTP/1.1 403"));
        const QString users = m_platform->folder() + QStringLiteral("/users");
        QFile text(users);
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write("basic desk:pass word\n\n# a machine\nbearer abc.DEF\n");
        text.close();
        m_platform->options.webCredentials = users;
        m_platform->start();
        const QByteArray refused = raw(get + here + "\r\n");
        QVERIFY(refused.startsWith("HTTP/1.1 401"));
        QVERIFY(refused.contains("WWW-Authenticate: Basic"));
        for (const QByteArray& wrong :
             {QByteArray("Bearer abc.DEF2"), QByteArray("Bearer abc.DE"), QByteArray("Bearer "),
              QByteArray("Basic " + QByteArray("desk:pass").toBase64())})
            QVERIFY2(raw(get + here + "Authorization: " + wrong + "\r\n\r\n").startsWith("HTTP/1.1 401"), wrong);
        for (const QByteArray& right :
             {QByteArray("Bearer abc.DEF"), QByteArray("Basic " + QByteArray("desk:pass word").toBase64())})
            QVERIFY2(raw(get + here + "Authorization: " + right + "\r\n\r\n").startsWith("HTTP/1.1 204"), right);
    }

    void onlyWithACertificate() {
        const TestCertificates made = TestCertificates::make(m_platform->folder());
        if (made.serverCertificate.isEmpty())
            QSKIP("no openssl");
        const auto file = [this](const char* name, const QByteArray& pem) {
            QFile out(m_platform->folder() + u'/' + QLatin1String(name));
            return out.open(QIODevice::WriteOnly) && out.write(pem) == pem.size() ? out.fileName() : QString();
        };
        platform::PlatformOptions& options = m_platform->options;
        options.webCertificate = file("door.pem", made.serverCertificate);
        options.webKey = file("door.key", made.serverKey);
        options.webClientAuthority = file("clients.pem", made.authority);
        m_platform->start();
        WebNode node = webNode();
        node.tries = 1;
        const auto said = [&] {
            return outcomeOf(WebWorklistClient(node, QStringLiteral("DESK"), m_clock).echo(m_token));
        };
        QVERIFY(said() != u"ok"); // no TLS
        node.root.setScheme(QStringLiteral("https"));
        QCOMPARE(said(), QStringLiteral("ServerCertificateRefused")); // we do not know its authority
        node.authorities = made.authority;
        QVERIFY(said() != u"ok"); // it does not know us
        node.certificate = made.clientCertificate;
        node.key = made.clientKey;
        QCOMPARE(said(), QStringLiteral("ok"));
        // A client certificate of somebody else's authority.
        options.webClientAuthority = file("strangers.pem", made.strangerAuthority);
        m_platform->start();
        node.root.setPort(m_platform->webPort());
        QVERIFY(said() != u"ok");
    }

    void bodiesAreBounded() {
        const QByteArray post = "POST /dicom-web/workitems HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                                "Content-Type: application/dicom+json\r\n";
        const QByteArray told = raw(post + "Content-Length: 5000000\r\n\r\n" + QByteArray(5'000'000, ' '));
        QVERIFY2(told.startsWith("HTTP/1.1 413"), told);
        QByteArray chunks;
        for (int i = 0; i < 5; ++i)
            chunks += "F4240\r\n" + QByteArray(1'000'000, ' ') + "\r\n";
        const QByteArray chunked = raw(post + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
        QVERIFY2(chunked.startsWith("HTTP/1.1 413"), chunked);
        const QByteArray form = raw(post + "Content-Length: 2\r\n\r\n[]");
        QVERIFY2(form.startsWith("HTTP/1.1 400"), form);
        QByteArray plain = post;
        plain.replace("application/dicom+json", "text/plain");
        QVERIFY(raw(plain + "Content-Length: 2\r\n\r\n[]").startsWith("HTTP/1.1 415"));
        QVERIFY(m_web->echo(m_token).has_value());
    }

    /// A desk that says nothing, or half a request, keeps nobody else out, and does not hold up the end.
    void peersThatSayNothing() {
        const ReadingTask task = createdTask();
        std::vector<std::unique_ptr<QTcpSocket>> silent;
        for (int i = 0; i < 10; ++i) {
            silent.push_back(std::make_unique<QTcpSocket>());
            silent.back()->connectToHost(QHostAddress::LocalHost, m_platform->webPort());
            QVERIFY(silent.back()->waitForConnected(3000));
            if (i % 2 == 0)
                silent.back()->write("GET /dicom-web/workitems HTTP/1.1\r\nHost: ");
            silent.back()->flush();
        }
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_web->get(task.uid, m_token).has_value());
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
        timer.restart();
        m_platform->stop();
        QVERIFY2(timer.elapsed() < 12000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(WorklistDoorsTest)
#include "worklist_doors_test.moc"
