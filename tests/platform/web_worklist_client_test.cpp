#include "fake_web_server.h"
#include "platform/web_worklist_client.h"
#include "support/fake_clock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace yz;
using namespace yz::test;

namespace {

const WorkitemUid kTask(QStringLiteral("1.2.826.0.1.3680043.9.5.1"));
const TransactionUid kOurs(QStringLiteral("1.2.826.0.1.3680043.9.6.1"));
constexpr char kIncorrect[] = "299 x: The Transaction UID is incorrect.";
constexpr char kInconsistent[] = "299 x: The submitted request is inconsistent with the state of the UPS Instance.";

Performer performer() { return {QStringLiteral("=张医生"), QStringLiteral("WS3")}; }

std::vector<ReportReference> output() {
    return {
        {StudyUid(QStringLiteral("1.2.3")),
         SeriesUid(QStringLiteral("1.2.3.4.1")),
         {SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.88.33")), InstanceUid(QStringLiteral("1.2.3.4.1.1"))}}};
}

QJsonObject text(const char* vr, const QString& value) {
    return {{"vr", QLatin1String(vr)}, {"Value", QJsonArray{value}}};
}

QByteArray item(const QString& state, const QString& uid = kTask.value()) {
    QJsonObject json{{"00741000", text("CS", state)}};
    if (!uid.isEmpty())
        json["00080018"] = text("UI", uid);
    return QJsonDocument(QJsonArray{json}).toJson();
}

/// What a server says to each of the three kinds of request a step is made of.
struct Script {
    int change = 200;   ///< PUT state, POST cancelrequest
    QByteArray warning; ///< of it
    QString state;      ///< of the item; empty: it is not there
    int update = 200;   ///< POST workitem
    QByteArray updateWarning;
};

ScriptedAnswer withWarning(int status, const QByteArray& warning) {
    ScriptedAnswer answer;
    answer.status = status;
    if (!warning.isEmpty())
        answer.headers = {{"Warning", warning}};
    return answer;
}

ScriptedAnswer play(const Script& script, const SeenRequest& request) {
    const QByteArray path = request.path.split('?').constFirst();
    if (request.method == "GET")
        return script.state.isEmpty() ? withWarning(404, {}) : jsonAnswer(item(script.state));
    if (path.endsWith("/state") || path.endsWith("/cancelrequest"))
        return withWarning(script.change, script.warning);
    return withWarning(script.update, script.updateWarning);
}

WebNode nodeAt(const FakeWebServer& server) {
    WebNode node;
    node.root = QUrl(QStringLiteral("http://127.0.0.1:%1/rs").arg(server.port()));
    node.plainAllowed = true;
    node.tries = 1;
    node.silenceTimeout = std::chrono::milliseconds(1500);
    return node;
}

QString outcomeOf(const Status& status) { return status ? QStringLiteral("ok") : errorName(status.error().code); }

const QJsonObject bodyOf(const SeenRequest& request) { return QJsonDocument::fromJson(request.body)[0].toObject(); }
QString value(const QJsonObject& json, const char* tag) { return json[QLatin1String(tag)]["Value"][0].toString(); }

} // namespace

class WebWorklistClientTest : public QObject {
    Q_OBJECT

    FakeClock m_clock;
    const CancelToken m_token;

    QString run(const QString& step, WebWorklistClient& client) {
        if (step == u"claim")
            return outcomeOf(client.claim(kTask, kOurs, performer(), m_token));
        if (step == u"output")
            return outcomeOf(client.setOutput(kTask, kOurs, performer(), output(), m_token));
        if (step == u"complete")
            return outcomeOf(client.complete(kTask, kOurs, m_token));
        if (step == u"cancel")
            return outcomeOf(client.cancel(kTask, kOurs, QStringLiteral("图像不全"), m_token));
        return outcomeOf(client.requestCancel(kTask, QStringLiteral("撤回"), m_token));
    }

private Q_SLOTS:
    void theServersWordBecomesOurError_data() {
        QTest::addColumn<QString>("step");
        QTest::addColumn<Script>("script");
        QTest::addColumn<QString>("outcome");
        const auto row = [](const char* step, const char* name, const Script& script, const char* outcome) {
            QTest::newRow(qPrintable(QLatin1String(step) + u' ' + QLatin1String(name)))
                << QString(QLatin1String(step)) << script << QString(QLatin1String(outcome));
        };
        const QString scheduled = QStringLiteral("SCHEDULED");
        const QString progress = QStringLiteral("IN PROGRESS");
        const QString completed = QStringLiteral("COMPLETED");
        const QString canceled = QStringLiteral("CANCELED");

        row("claim", "taken", {200, {}, progress, 200, {}}, "ok");
        row("claim", "taken, performer refused", {200, {}, progress, 400, {}}, "ok");
        row("claim", "ours already", {409, kInconsistent, progress, 200, {}}, "ok");
        row("claim", "ours already, 400", {400, {}, progress, 200, {}}, "ok");
        row("claim", "another's", {409, kInconsistent, progress, 400, kIncorrect}, "TaskClaimedByOther");
        row("claim", "another's, 409 twice", {409, {}, progress, 409, {}}, "TaskClaimedByOther");
        row("claim", "finished", {409, {}, completed, 400, {}}, "TaskClaimedByOther");
        row("claim", "cancelled", {409, {}, canceled, 400, {}}, "TaskClaimedByOther");
        row("claim", "refused though it waits", {400, {}, scheduled, 400, {}}, "PeerError");
        row("claim", "not there", {404, {}, {}, 404, {}}, "TaskGone");
        row("claim", "not there any more", {410, {}, {}, 404, {}}, "TaskGone");
        row("claim", "gone in between", {409, {}, {}, 404, {}}, "TaskGone");
        row("claim", "password", {401, {}, progress, 200, {}}, "CredentialsRefused");
        row("claim", "forbidden", {403, {}, progress, 200, {}}, "AccessForbidden");
        row("claim", "no such service", {405, {}, progress, 200, {}}, "NotSupported");
        row("claim", "media type", {415, {}, progress, 200, {}}, "NotSupported");
        row("claim", "broken", {500, {}, progress, 200, {}}, "PeerError");
        row("claim", "busy", {503, {}, progress, 200, {}}, "ServerBusy");
        row("claim", "proof not to be had", {409, {}, progress, 503, {}}, "ServerBusy");

        row("output", "set", {200, {}, progress, 200, {}}, "ok");
        row("output", "not ours", {200, {}, progress, 400, kIncorrect}, "TaskNotClaimed");
        row("output", "not ours, not said", {200, {}, progress, 400, {}}, "TaskNotClaimed");
        row("output", "nobody's",
            {200, {}, scheduled, 409, "299 x: The target URI did not reference a claimed Workitem."}, "TaskNotClaimed");
        row("output", "finished", {200, {}, completed, 400, kInconsistent}, "TaskStateForbids");
        row("output", "cancelled", {200, {}, canceled, 400, kInconsistent}, "TaskWithdrawn");
        row("output", "not there", {200, {}, {}, 404, {}}, "TaskGone");

        row("complete", "done", {200, {}, progress, 200, {}}, "ok");
        row("complete", "again",
            {200, "299 x: The UPS is already in the requested state of COMPLETED.", completed, 400, {}}, "ok");
        row("complete", "again, said with 409",
            {409, "299 x: The UPS is already in the requested state of COMPLETED.", completed, 400, {}}, "ok");
        row("complete", "not ours", {400, kIncorrect, progress, 400, kIncorrect}, "TaskNotClaimed");
        row("complete", "not ours, not said", {409, {}, progress, 409, {}}, "TaskNotClaimed");
        row("complete", "finished by another", {400, kIncorrect, completed, 400, {}}, "TaskNotClaimed");
        row("complete", "finished", {409, kInconsistent, completed, 400, {}}, "TaskStateForbids");
        row("complete", "cancelled", {409, kInconsistent, canceled, 400, {}}, "TaskWithdrawn");
        row("complete", "ours, but something is missing", {409, kInconsistent, progress, 200, {}}, "TaskStateForbids");
        row("complete", "nobody's", {409, kInconsistent, scheduled, 409, {}}, "TaskNotClaimed");
        row("complete", "not there", {404, {}, {}, 404, {}}, "TaskGone");

        row("cancel", "done", {200, {}, progress, 200, {}}, "ok");
        row("cancel", "again",
            {200, "299 x: The UPS is already in the requested state of CANCELED.", canceled, 400, {}}, "ok");
        row("cancel", "not ours", {400, kIncorrect, progress, 400, kIncorrect}, "TaskNotClaimed");
        row("cancel", "completed", {409, kInconsistent, completed, 400, {}}, "TaskStateForbids");
        row("cancel", "cancelled by another", {400, kIncorrect, canceled, 400, {}}, "TaskNotClaimed");
        row("cancel", "not there", {404, {}, {}, 404, {}}, "TaskGone");

        row("ask", "taken in", {202, {}, progress, 200, {}}, "ok");
        row("ask", "cancelled already", {409, {}, canceled, 200, {}}, "ok");
        row("ask", "cancelled already, said",
            {409, "299 x: The UPS is already in the requested state of CANCELED.", {}, 200, {}}, "ok");
        row("ask", "completed", {409, kInconsistent, completed, 200, {}}, "TaskStateForbids");
        row("ask", "performer refuses", {409, {}, progress, 200, {}}, "TaskStateForbids");
        row("ask", "not there", {404, {}, {}, 200, {}}, "TaskGone");
    }

    void theServersWordBecomesOurError() {
        QFETCH(QString, step);
        QFETCH(Script, script);
        QFETCH(QString, outcome);
        const FakeWebServer server([script](const SeenRequest& request) { return play(script, request); });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        QCOMPARE(run(step, client), outcome);
    }

    /// Each change is carried out and its answer lost: repeated with the same Transaction UID it succeeds.
    void lostAnswers_data() {
        QTest::addColumn<QString>("step");
        for (const char* step : {"claim", "complete", "cancel"})
            QTest::newRow(step) << QString::fromLatin1(step);
    }
    void lostAnswers() {
        QFETCH(QString, step);
        std::atomic<bool> isLost{false};
        QString state = step == u"claim" ? QStringLiteral("SCHEDULED") : QStringLiteral("IN PROGRESS");
        const FakeWebServer server([&](const SeenRequest& request) -> ScriptedAnswer {
            const bool isChange = request.path.contains("/state");
            const QString wanted = isChange ? value(bodyOf(request), "00741000") : QString();
            if (isChange && wanted == state) // made already; a claim is not answered with a warning (11.7.3.2)
                return wanted == u"IN PROGRESS"
                           ? withWarning(409, kInconsistent)
                           : withWarning(200, "299 x: The UPS is already in the requested state of " +
                                                  wanted.toLatin1() + '.');
            if (isChange) {
                state = wanted;
                isLost = true;
                ScriptedAnswer none;
                none.closesAtOnce = true;
                return none;
            }
            if (request.method == "GET")
                return jsonAnswer(item(state));
            return withWarning(state == u"IN PROGRESS" ? 200 : 400, {});
        });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        // The line may be taken up again below us: then the first call has the answer of the repetition already.
        QString outcome = run(step, client);
        QVERIFY(isLost);
        if (outcome != u"ok") {
            QCOMPARE(outcome, QStringLiteral("AssociationAborted"));
            outcome = run(step, client);
        }
        QCOMPARE(outcome, QStringLiteral("ok"));
    }

    void whatGoesOut() {
        const FakeWebServer server([](const SeenRequest& request) {
            return play({200, {}, QStringLiteral("IN PROGRESS"), 200, {}}, request);
        });
        WebNode node = nodeAt(server);
        node.authorization = WebAuthorization::Bearer;
        node.secret = QStringLiteral("secret-token");
        WebWorklistClient client(node, QStringLiteral("DESK 1"), m_clock);
        QCOMPARE(run(QStringLiteral("claim"), client), QStringLiteral("ok"));
        QCOMPARE(run(QStringLiteral("output"), client), QStringLiteral("ok"));
        QCOMPARE(run(QStringLiteral("ask"), client), QStringLiteral("ok"));
        const QList<SeenRequest> seen = server.requests();
        QCOMPARE(seen.size(), 6);
        const QByteArray path = "/rs/workitems/" + kTask.value().toLatin1();

        QCOMPARE(seen[0].method, QByteArray("PUT"));
        QCOMPARE(seen[0].path, QByteArray(path + "/state?requester=DESK%201"));
        QCOMPARE(seen[0].headers["content-type"], QByteArray("application/dicom+json"));
        QCOMPARE(seen[0].headers["authorization"], QByteArray("Bearer secret-token"));
        QCOMPARE(value(bodyOf(seen[0]), "00081195"), kOurs.value());
        QCOMPARE(value(bodyOf(seen[0]), "00741000"), QStringLiteral("IN PROGRESS"));

        QCOMPARE(seen[1].method, QByteArray("GET"));
        QCOMPARE(seen[2].method, QByteArray("POST"));
        QCOMPARE(seen[2].path, QByteArray(path + '?' + kOurs.value().toLatin1()));
        const QJsonObject performed = bodyOf(seen[2])["00741216"]["Value"][0].toObject();
        QCOMPARE(value(bodyOf(seen[2]), "00081195"), kOurs.value());
        QVERIFY(!value(performed, "00404050").isEmpty());
        QCOMPARE(performed["00404035"]["Value"][0]["00404037"]["Value"][0]["Ideographic"].toString(),
                 QStringLiteral("张医生"));
        QCOMPARE(value(performed["00404028"]["Value"][0].toObject(), "00080104"), QStringLiteral("WS3"));

        const QJsonObject finished = bodyOf(seen[4])["00741216"]["Value"][0].toObject();
        const QJsonObject produced = finished["00404033"]["Value"][0].toObject();
        QCOMPARE(value(produced, "0020000E"), QStringLiteral("1.2.3.4.1"));
        QCOMPARE(value(produced["00081199"]["Value"][0].toObject(), "00081155"), QStringLiteral("1.2.3.4.1.1"));

        QCOMPARE(seen[5].path, QByteArray(path + "/cancelrequest?requester=DESK%201"));
        QCOMPARE(value(bodyOf(seen[5]), "00741238"), QStringLiteral("撤回"));
    }

    void queryAsksEachStateAndLeavesOutWhatIsNone() {
        const FakeWebServer server([](const SeenRequest& request) -> ScriptedAnswer {
            if (request.path.contains("IN%20PROGRESS"))
                return withWarning(204, {});
            const QJsonArray items{QJsonDocument::fromJson(item(QStringLiteral("SCHEDULED")))[0].toObject(),
                                   QJsonObject{{"00741000", text("CS", QStringLiteral("SCHEDULED"))}},
                                   QJsonDocument::fromJson(item(QStringLiteral("SCHEDULED")))[0].toObject()};
            return jsonAnswer(QJsonDocument(items).toJson());
        });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        const auto tasks = client.query({{UpsState::Scheduled, UpsState::InProgress}, QStringLiteral("WS3")}, m_token);
        QVERIFY2(tasks.has_value(), qPrintable(tasks ? QString() : tasks.error().toString()));
        QCOMPARE(tasks->size(), size_t(1));
        QCOMPARE(tasks->front().uid, kTask);
        QCOMPARE(server.requests().size(), 2);
        const QByteArray path = server.requests()[0].path;
        QVERIFY(path.startsWith("/rs/workitems?ProcedureStepState=SCHEDULED&"));
        QVERIFY(path.contains("&ScheduledStationNameCodeSequence.CodeValue=WS3"));
        QVERIFY(path.contains("&includefield=00741216"));
    }

    void queryReadsPages() {
        const FakeWebServer server([](const SeenRequest& request) {
            const qsizetype at = request.path.indexOf("&offset=");
            const int offset = at < 0 ? 0 : request.path.mid(at + 8).split('&').first().toInt();
            QJsonArray page;
            for (int i = offset; i < std::min(offset + 1000, 2300); ++i)
                page.append(QJsonObject{{"00080018", text("UI", QStringLiteral("1.2.%1").arg(i + 1))}});
            return jsonAnswer(QJsonDocument(page).toJson());
        });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        const auto tasks = client.query({{UpsState::Scheduled}, {}}, m_token);
        QVERIFY(tasks.has_value());
        QCOMPARE(tasks->size(), size_t(2300));
        QCOMPARE(server.requests().size(), 3);
    }

    /// 206: a server that gives fewer than asked for (11.9.3.1).
    void queryReadsPartialAnswers() {
        const FakeWebServer server([](const SeenRequest& request) {
            const qsizetype at = request.path.indexOf("&offset=");
            const int offset = at < 0 ? 0 : request.path.mid(at + 8).split('&').first().toInt();
            QJsonArray page;
            for (int i = offset; i < std::min(offset + 10, 25); ++i)
                page.append(QJsonObject{{"00080018", text("UI", QStringLiteral("1.2.%1").arg(i + 1))}});
            return jsonAnswer(QJsonDocument(page).toJson(), offset < 20 ? 206 : 200);
        });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        const auto tasks = client.query({{UpsState::Scheduled}, {}}, m_token);
        QVERIFY(tasks.has_value());
        QCOMPARE(tasks->size(), size_t(25));
    }

    void brokenAnswers_data() {
        QTest::addColumn<ScriptedAnswer>("answer");
        QTest::addColumn<QString>("outcome");
        ScriptedAnswer html;
        html.headers = {{"Content-Type", "text/html"}};
        html.body = "<html>portal</html>";
        QTest::newRow("a web page") << html << QStringLiteral("AnswerUnexpected");
        QTest::newRow("no JSON") << jsonAnswer("{\"00080018\":") << QStringLiteral("AnswerUnexpected");
        QTest::newRow("two items") << jsonAnswer("[{},{}]") << QStringLiteral("AnswerUnexpected");
        QTest::newRow("no item") << jsonAnswer("[]") << QStringLiteral("AnswerUnexpected");
        QTest::newRow("numbers") << jsonAnswer("[1,2]") << QStringLiteral("AnswerUnexpected");
        ScriptedAnswer cut = jsonAnswer(item(QStringLiteral("SCHEDULED")));
        cut.cutAfter = 10;
        QTest::newRow("cut off") << cut << QStringLiteral("AnswerCutOff");
        ScriptedAnswer silent;
        silent.isSilent = true;
        QTest::newRow("silent") << silent << QStringLiteral("NetworkTimeout");
        QTest::newRow("gone") << withWarning(410, {}) << QStringLiteral("TaskGone");
        QTest::newRow("redirect") << withWarning(302, {}) << QStringLiteral("AnswerUnexpected");
    }

    void brokenAnswers() {
        QFETCH(ScriptedAnswer, answer);
        QFETCH(QString, outcome);
        const FakeWebServer server([answer](const SeenRequest&) { return answer; });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        const Result<ReadingTask> task = client.get(kTask, m_token);
        QCOMPARE(task ? QStringLiteral("ok") : errorName(task.error().code), outcome);
    }

    /// Odd values do not stop the rest of an item from being read.
    void oddItem() {
        const QByteArray json = R"([{"00080018":{"vr":"UI","Value":["1.2.3"]},"00741000":{"vr":"CS"},
            "00100010":{"vr":"PN","Value":[null]},"00404018":{"vr":"SQ","Value":[3,{}]},"00741216":"text",
            "00404005":{"vr":"DT","Value":["tomorrow"]},"00741204":{"vr":"LO","Value":["胸部CT"]}}])";
        const FakeWebServer server([json](const SeenRequest&) { return jsonAnswer(json); });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        const Result<ReadingTask> task = client.get(WorkitemUid(QStringLiteral("1.2.3")), m_token);
        QVERIFY(task.has_value());
        QCOMPARE(task->order.item, QStringLiteral("胸部CT"));
        QVERIFY(!task->scheduledTime.isValid());
    }

    void aUidThatIsNoneIsNotSent() {
        const FakeWebServer server([](const SeenRequest&) { return withWarning(200, {}); });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        QCOMPARE(outcomeOf(client.claim(WorkitemUid(QStringLiteral("../studies")), kOurs, performer(), m_token)),
                 QStringLiteral("InvalidArgument"));
        QVERIFY(server.requests().isEmpty());
    }

    void subscription_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("channel");
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<int>("requests");
        QTest::newRow("by DIMSE") << 201 << QByteArray() << QStringLiteral("ok") << 1;
        QTest::newRow("by WebSocket") << 201 << QByteArray("wss://x/rs/subscribers/DESK1")
                                      << QStringLiteral("NotSupported") << 2;
        QTest::newRow("forbidden") << 403 << QByteArray() << QStringLiteral("NotSupported") << 1;
        QTest::newRow("not offered") << 404 << QByteArray() << QStringLiteral("NotSupported") << 1;
        QTest::newRow("password") << 401 << QByteArray() << QStringLiteral("CredentialsRefused") << 1;
    }

    void subscription() {
        QFETCH(int, status);
        QFETCH(QByteArray, channel);
        QFETCH(QString, outcome);
        QFETCH(int, requests);
        const FakeWebServer server([=](const SeenRequest& request) {
            ScriptedAnswer answer = withWarning(request.method == "DELETE" ? 200 : status, {});
            if (!channel.isEmpty())
                answer.headers.append({"Content-Location", channel});
            return answer;
        });
        WebWorklistClient client(nodeAt(server), QStringLiteral("DESK1"), m_clock);
        QCOMPARE(outcomeOf(client.subscribe(m_token)), outcome);
        QCOMPARE(server.requests().size(), requests);
        QCOMPARE(server.requests()[0].path, QByteArray("/rs/workitems/1.2.840.10008.5.1.4.34.5/subscribers/DESK1"));
        if (requests == 2)
            QCOMPARE(server.requests()[1].method, QByteArray("DELETE"));
    }
};

QTEST_GUILESS_MAIN(WebWorklistClientTest)
#include "web_worklist_client_test.moc"
