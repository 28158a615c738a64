#include "signed_reports.h"

#include "session/demo_site.h"
#include "session/platform_process.h"
#include "storage/desk_store.h"

#include "support/small_study.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <sys/wait.h>
#include <thread>

using namespace yz;
using namespace yz::test;

/// A platform that is away, refuses, takes tasks back, gives them to others or dies: the right code is said, nothing is
/// lost and nothing is half-published.
class BadPlatformTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nobodyListens();
    void claimedWithoutThePlatform();
    void anotherReaderWon();
    void wrongCalledAeTitle();
    void unknownCallingAeTitle();
    void notADicomPeer();
    void anotherReadersClaim();
    void withdrawnBeforeSending();
    void withdrawnAndNoticed();
    void withdrawnInReview();
    void killedInADelivery_data();
    void killedInADelivery();
    void eventPortTaken();

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    /// A desk with a folder of its own on the platform at `port`.
    [[nodiscard]] std::unique_ptr<DeskServices> newDesk(const QString& name, Site site);
    [[nodiscard]] Site siteAt(int port) const;
    [[nodiscard]] static int reportsOnPlatform(DeskServices& desk, const QString& study);
    void withdraw(const QString& study);

    QTemporaryDir m_folder;
    SystemClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<PlatformProcess> m_platform;
    int m_eventPort = 0;
};

namespace {

const CancelToken kNever;

QString studyOf(int number) { return QStringLiteral("2.25.88301%1").arg(number, 2, 10, QChar(u'0')); }

QByteArray said(const Error& error) { return error.toString().toUtf8(); }
template <typename T> QByteArray said(const Result<T>& result) {
    return result ? QByteArray("no error") : said(result.error());
}

int count(DeskServices& desk, OutboxItem::State state) {
    const auto items = desk.store().outbox().all();
    return items ? static_cast<int>(std::count_if(items->begin(), items->end(),
                                                  [&](const OutboxItem& item) { return item.state == state; }))
                 : -1;
}

/// A person presses "try again" on everything.
void retryAll(DeskServices& desk) {
    if (const auto items = desk.store().outbox().all(); items)
        for (const OutboxItem& item : *items)
            static_cast<void>(desk.store().outbox().requeue(item.number).has_value());
}

/// Delivers until nothing waits, at most 20 s.
bool deliverAll(DeskServices& desk) {
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 20000) {
        if (!pipeline::deliverDue(desk.pipeline(), kNever))
            return false;
        const auto pending = desk.store().outbox().pendingCount();
        if (pending && *pending == 0)
            return true;
        QTest::qWait(100);
        retryAll(desk);
    }
    return false;
}

std::optional<ReadingTask> taskOf(DeskServices& desk, const QString& study, TaskKind kind) {
    const auto tasks = desk.worklist().query({}, kNever);
    std::optional<ReadingTask> found;
    if (tasks)
        for (const ReadingTask& task : *tasks)
            if (task.order.study.value() == study && task.kind == kind)
                found = task;
    return found;
}

} // namespace

void BadPlatformTest::initTestCase() {
    for (int i = 0; i < 12; ++i)
        writeSmallStudy(path(QStringLiteral("studies/%1").arg(i)), studyOf(i), 4);
    m_eventPort = freeLoopbackPort();
    m_platform = std::make_unique<PlatformProcess>(PlatformProcess::Options{
        path(QStringLiteral("platform")), path(QStringLiteral("studies")), QStringLiteral("YUANZHEN"), m_eventPort, 0});
    m_platform->start();
    const Status ready = m_platform->waitUntilReady(30000);
    QVERIFY2(ready, said(ready));
}

Site BadPlatformTest::siteAt(int port) const {
    Site site;
    site.isDemo = true;
    site.diagnosingHospital = demo::users().front().hospital;
    site.undoWindow = std::chrono::seconds(0);
    site.commitmentTimeout = std::chrono::milliseconds(5000);
    site.platformPort = port;
    site.eventPort = m_eventPort;
    return site;
}

std::unique_ptr<DeskServices> BadPlatformTest::newDesk(const QString& name, Site site) {
    const Status made = makeDemoDesk(path(name), site);
    if (!made)
        qFatal("desk: %s", said(made).constData());
    auto opened = DeskServices::open({path(name), std::move(site), false}, m_clock, m_uids);
    if (!opened)
        qFatal("desk: %s", said(opened).constData());
    return std::move(*opened);
}

int BadPlatformTest::reportsOnPlatform(DeskServices& desk, const QString& study) {
    const auto instances = desk.studies().findInstances(StudyUid(study), kNever);
    if (!instances)
        return -1;
    return static_cast<int>(std::count_if(instances->begin(), instances->end(), [](const InstanceRecord& instance) {
        return instance.sopClass == kReportSrClass || instance.sopClass == kReportPdfClass;
    }));
}

void BadPlatformTest::withdraw(const QString& study) {
    const QString folder = m_platform->watchedFolder() + QStringLiteral("/withdraw");
    QVERIFY(QDir().mkpath(folder));
    QFile file(folder + u'/' + study);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QStringLiteral("患者信息有误").toUtf8());
    file.close();
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(folder + u'/' + study), 10000);
}

/// The platform goes away for a while: the list is the last one, what is here is read and signed, and all of it arrives
/// when the platform is back.
void BadPlatformTest::nobodyListens() {
    const int eventPort = freeLoopbackPort();
    PlatformProcess::Options options{path(QStringLiteral("leaving")), path(QStringLiteral("studies")),
                                     QStringLiteral("YUANZHEN"), eventPort, 0};
    auto platform = std::make_unique<PlatformProcess>(options);
    platform->start();
    QVERIFY(platform->waitUntilReady(30000));
    options.port = platform->port();
    Site site = siteAt(options.port);
    site.eventPort = eventPort;
    const auto desk = newDesk(QStringLiteral("desk a"), site);
    const User reader = demoUser("zhangwei");
    const auto task = openTask(*desk, studyOf(0), reader);
    QVERIFY2(task, said(task));
    platform.reset();

    const auto list = pipeline::refreshWorklist(desk->pipeline(), kNever);
    QVERIFY2(list, said(list));
    QVERIFY(list->offline);
    QVERIFY2(list->offline->code == ErrorCode::PlatformUnreachable, said(*list->offline));
    QCOMPARE(list->tasks.size(), size_t(12));
    QVERIFY(list->asOf.isValid() && list->asOf <= m_clock.nowUtc());
    const auto held = std::find_if(list->tasks.begin(), list->tasks.end(),
                                   [&](const ReadingTask& one) { return one.uid == task->uid; });
    QVERIFY(held != list->tasks.end());
    QCOMPARE(held->state, UpsState::InProgress);

    QVERIFY(pipeline::acquireStudy(StudyUid(studyOf(0)), {}, {}, desk->pipeline(), kNever));
    const auto missing = pipeline::acquireStudy(StudyUid(studyOf(1)), {}, {}, desk->pipeline(), kNever);
    QVERIFY2(!missing && missing.error().code == ErrorCode::PlatformUnreachable, said(missing));

    const auto report = pipeline::submitReport(requestFor(*desk, *task, reader), desk->pipeline());
    QVERIFY2(report, said(report));
    const auto outcomes = pipeline::deliverDue(desk->pipeline(), kNever);
    QVERIFY2(outcomes, said(outcomes));
    QCOMPARE(outcomes->size(), size_t(1));
    QCOMPARE(outcomes->front().state, OutboxItem::State::Queued);
    QVERIFY(outcomes->front().problem && outcomes->front().problem->code == ErrorCode::PlatformUnreachable);
    QCOMPARE(count(*desk, OutboxItem::State::Queued), 3);

    platform = std::make_unique<PlatformProcess>(options);
    platform->start();
    QVERIFY(platform->waitUntilReady(30000));
    retryAll(*desk);
    QVERIFY(deliverAll(*desk));
    QCOMPARE(reportsOnPlatform(*desk, studyOf(0)), 2);
    QVERIFY(taskOf(*desk, studyOf(0), TaskKind::Review));
}

/// The claim, too, may be made while the platform is away, if the pictures are here; it is made good before the report
/// goes out.
void BadPlatformTest::claimedWithoutThePlatform() {
    const auto desk = newDesk(QStringLiteral("desk b"), siteAt(m_platform->port()));
    const User reader = demoUser("zhangwei");
    QVERIFY(pipeline::refreshWorklist(desk->pipeline(), kNever));
    QVERIFY(pipeline::acquireStudy(StudyUid(studyOf(1)), {}, {}, desk->pipeline(), kNever));
    const auto task = taskOf(*desk, studyOf(1), TaskKind::Read);
    QVERIFY(task);

    // The same workstation with a platform that is not there.
    const QString home = desk->home();
    auto offline = DeskServices::open({home, siteAt(freeLoopbackPort()), false}, m_clock, m_uids);
    QVERIFY(offline);
    // Without the pictures there is nothing to read, and no claim.
    const auto absent = taskOf(*desk, studyOf(2), TaskKind::Read);
    QVERIFY(absent);
    const auto refused = pipeline::claimTask(absent->uid, reader, (*offline)->pipeline(), kNever);
    QVERIFY2(!refused && refused.error().code == ErrorCode::PlatformUnreachable, said(refused));
    QVERIFY(!*desk->store().claims().find(absent->uid));
    const auto provisional = pipeline::claimTask(task->uid, reader, (*offline)->pipeline(), kNever);
    QVERIFY2(provisional, said(provisional));
    QVERIFY((*desk->store().claims().find(task->uid))->settled == ClaimStore::Settled::Asked);
    QVERIFY((*offline)->store().drafts().save(task->uid, reader.id, plainContent(), {}));
    const auto report = pipeline::submitReport(requestFor(**offline, *provisional, reader), (*offline)->pipeline());
    QVERIFY2(report, said(report));
    offline->reset();

    QVERIFY(deliverAll(*desk));
    QCOMPARE(count(*desk, OutboxItem::State::Parked), 0);
    QCOMPARE(reportsOnPlatform(*desk, studyOf(1)), 2);
    QCOMPARE(taskOf(*desk, studyOf(1), TaskKind::Read)->state, UpsState::Completed);
    QVERIFY(taskOf(*desk, studyOf(1), TaskKind::Review));
}

/// As before, but another reader took the task meanwhile: his report wins, ours is kept here and does not go out.
void BadPlatformTest::anotherReaderWon() {
    Site elsewhere = siteAt(m_platform->port());
    elsewhere.stationName = QStringLiteral("DESK2");
    const auto other = newDesk(QStringLiteral("desk d"), elsewhere); // first, so that the receipts come to it
    const auto desk = newDesk(QStringLiteral("desk c"), siteAt(m_platform->port()));
    const User reader = demoUser("zhangwei");
    QVERIFY(pipeline::refreshWorklist(desk->pipeline(), kNever));
    QVERIFY(pipeline::acquireStudy(StudyUid(studyOf(2)), {}, {}, desk->pipeline(), kNever));
    const auto task = taskOf(*desk, studyOf(2), TaskKind::Read);
    QVERIFY(task);
    Result<SignedReport> report = fail(ErrorCode::Internal);
    {
        auto offline = DeskServices::open({desk->home(), siteAt(freeLoopbackPort()), false}, m_clock, m_uids);
        QVERIFY(offline);
        QVERIFY(pipeline::claimTask(task->uid, reader, (*offline)->pipeline(), kNever));
        QVERIFY((*offline)->store().drafts().save(task->uid, reader.id, plainContent(), {}));
        report = pipeline::submitReport(requestFor(**offline, *task, reader), (*offline)->pipeline());
        QVERIFY2(report, said(report));
    }
    const auto won = openTask(*other, studyOf(2), demoUser("wangfang"));
    QVERIFY2(won, said(won));

    const auto outcomes = pipeline::deliverDue(desk->pipeline(), kNever);
    QVERIFY2(outcomes, said(outcomes));
    QCOMPARE(outcomes->size(), size_t(1));
    QCOMPARE(outcomes->front().state, OutboxItem::State::Parked);
    QVERIFY2(outcomes->front().problem->code == ErrorCode::TaskClaimedByOther, said(*outcomes->front().problem));
    QCOMPARE(reportsOnPlatform(*desk, studyOf(2)), 0);
    QVERIFY(desk->store().reports().version(report->document.srInstance));

    // The other one finishes, a measurement with the report; ours stays where it is.
    pipeline::SubmitRequest theirs = requestFor(*other, *won, demoUser("wangfang"));
    const auto read = other->store().studies().study(StudyUid(studyOf(2)));
    QVERIFY(read);
    MeasurementGroup length;
    length.trackingId = QStringLiteral("结节");
    length.trackingUid = QStringLiteral("2.25.4711");
    length.numbers = {{{QStringLiteral("410668003"), QStringLiteral("SCT"), QStringLiteral("Length")},
                       {},
                       12.5,
                       {QStringLiteral("mm"), QStringLiteral("UCUM"), QStringLiteral("millimeter")},
                       {}}};
    const InstanceRecord& measured = read->series.front().instances.front();
    length.numbers[0].regions = {{MeasuredRegion::Shape::Polyline,
                                  {{1.5, 2.5}, {26.5, 2.5}},
                                  {measured.sopClass, measured.instance},
                                  1,
                                  {},
                                  {}}};
    theirs.measurements = {length};
    const auto sent = pipeline::submitReport(theirs, other->pipeline());
    QVERIFY2(sent, said(sent));
    QVERIFY(deliverAll(*other));
    const auto delivered = other->studies().findInstances(StudyUid(studyOf(2)), kNever);
    QVERIFY(delivered && std::any_of(delivered->begin(), delivered->end(), [&](const InstanceRecord& instance) {
                return instance.sopClass == kMeasurementSrClass &&
                       instance.instance == sent->document.measurementInstance;
            }));
    retryAll(*desk);
    const auto again = pipeline::deliverDue(desk->pipeline(), kNever);
    QVERIFY2(again && !again->empty() && again->front().state == OutboxItem::State::Parked, said(again));
    QCOMPARE(reportsOnPlatform(*desk, studyOf(2)), 2);
    QVERIFY(desk->store().drafts().find(task->uid, reader.id)->has_value());
}

void BadPlatformTest::wrongCalledAeTitle() {
    Site site = siteAt(m_platform->port());
    site.platformAeTitle = QStringLiteral("SOMEBODY");
    const auto desk = newDesk(QStringLiteral("desk e"), site);
    const auto list = pipeline::refreshWorklist(desk->pipeline(), kNever);
    QVERIFY2(list, said(list));
    QVERIFY(list->offline);
    QVERIFY2(list->offline->code == ErrorCode::CalledAeTitleRefused, said(*list->offline));
    const auto acquired = pipeline::acquireStudy(StudyUid(studyOf(0)), {}, {}, desk->pipeline(), kNever);
    QVERIFY2(!acquired && acquired.error().code == ErrorCode::CalledAeTitleRefused, said(acquired));
    const auto claimed =
        pipeline::claimTask(WorkitemUid(QStringLiteral("2.25.1")), demoUser("zhangwei"), desk->pipeline(), kNever);
    QVERIFY2(!claimed && claimed.error().code == ErrorCode::CalledAeTitleRefused, said(claimed));
    QVERIFY(desk->store().claims().unfinished()->empty());
}

void BadPlatformTest::unknownCallingAeTitle() {
    QProcess strict;
    strict.start(QCoreApplication::applicationDirPath() + QStringLiteral("/yuanzhen-platform"),
                 {QStringLiteral("--data-dir"), path(QStringLiteral("strict")), QStringLiteral("--allow"),
                  QStringLiteral("KNOWN")});
    QVERIFY(strict.waitForReadyRead(30000));
    const int port = QJsonDocument::fromJson(strict.readLine()).object()["port"].toInt();
    QVERIFY(port > 0);
    const auto desk = newDesk(QStringLiteral("desk f"), siteAt(port));
    const auto list = pipeline::refreshWorklist(desk->pipeline(), kNever);
    QVERIFY(list && list->offline);
    QVERIFY2(list->offline->code == ErrorCode::CallingAeTitleRefused, said(*list->offline));
    QCOMPARE(desk->worklist().echo(kNever).error().code, ErrorCode::CallingAeTitleRefused);
    strict.terminate();
    QVERIFY(strict.waitForFinished(10000));
}

/// Peers that take the connection and then close it, or talk about something else.
void BadPlatformTest::notADicomPeer() {
    const QByteArray broken = QByteArray::fromHex("0200ffffffff") + QByteArray(64, '\xff');
    for (const QByteArray& answer : {QByteArray(), QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n"), broken}) {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, &server, [&] {
            QTcpSocket* socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket, answer] {
                socket->readAll();
                socket->write(answer);
                socket->disconnectFromHost();
            });
        });
        const auto desk = newDesk(QStringLiteral("peer %1").arg(server.serverPort()), siteAt(server.serverPort()));
        std::optional<Error> offline;
        std::thread caller([&] {
            const auto list = pipeline::refreshWorklist(desk->pipeline(), kNever);
            offline = list ? list->offline : list.error();
        });
        QElapsedTimer timer;
        timer.start();
        while (!offline && timer.elapsed() < 30000)
            QTest::qWait(20);
        caller.join();
        QVERIFY(offline);
        QVERIFY2(offline->code == ErrorCode::AssociationAborted || offline->code == ErrorCode::AssociationRefused ||
                     offline->code == ErrorCode::PlatformUnreachable,
                 said(*offline));
        QVERIFY2(timer.elapsed() < 10000, "a peer that is none held the desk up");
    }
}

void BadPlatformTest::anotherReadersClaim() {
    const auto desk = newDesk(QStringLiteral("desk g"), siteAt(m_platform->port()));
    Site elsewhere = siteAt(m_platform->port());
    elsewhere.stationName = QStringLiteral("DESK2");
    const auto other = newDesk(QStringLiteral("desk h"), elsewhere);
    // Our list is older than the other one's claim.
    QVERIFY(pipeline::refreshWorklist(desk->pipeline(), kNever));
    const auto theirs = openTask(*other, studyOf(3), demoUser("wangfang"));
    QVERIFY2(theirs, said(theirs));
    const auto claimed = pipeline::claimTask(theirs->uid, demoUser("zhangwei"), desk->pipeline(), kNever);
    QVERIFY2(!claimed && claimed.error().code == ErrorCode::TaskClaimedByOther, said(claimed));
    QVERIFY(desk->store().claims().unfinished()->empty());
    QVERIFY(pipeline::refreshWorklist(desk->pipeline(), kNever));
    const auto known = desk->store().tasks().get(theirs->uid);
    QVERIFY2(known, said(known));
    QVERIFY2(known->holderName.contains(u"王芳"), qPrintable(known->holderName));
    QCOMPARE(known->holderStation, QStringLiteral("DESK2"));
    // And who signs without a claim is told so.
    QVERIFY(pipeline::acquireStudy(StudyUid(studyOf(3)), {}, {}, desk->pipeline(), kNever));
    pipeline::SubmitRequest request = requestFor(*desk, *theirs, demoUser("zhangwei"));
    request.content = plainContent();
    const auto report = pipeline::submitReport(request, desk->pipeline());
    QVERIFY2(!report && report.error().code == ErrorCode::TaskNotClaimed, said(report));
    QVERIFY(desk->store().outbox().all()->empty());
}

/// Taken back by the township after it was signed, before it was sent: it stays here, and a person is told why.
void BadPlatformTest::withdrawnBeforeSending() {
    const auto desk = newDesk(QStringLiteral("desk i"), siteAt(m_platform->port()));
    const User reader = demoUser("zhangwei");
    const auto task = openTask(*desk, studyOf(4), reader);
    QVERIFY2(task, said(task));
    withdraw(studyOf(4));
    const auto report = pipeline::submitReport(requestFor(*desk, *task, reader), desk->pipeline());
    QVERIFY2(report, said(report));
    const auto outcomes = pipeline::deliverDue(desk->pipeline(), kNever);
    QVERIFY2(outcomes, said(outcomes));
    QCOMPARE(outcomes->size(), size_t(1));
    QCOMPARE(outcomes->front().state, OutboxItem::State::Parked);
    QVERIFY2(outcomes->front().problem->code == ErrorCode::TaskWithdrawn, said(*outcomes->front().problem));
    QCOMPARE(reportsOnPlatform(*desk, studyOf(4)), 0);
    QVERIFY(!taskOf(*desk, studyOf(4), TaskKind::Review));
    QVERIFY(desk->store().reports().version(report->document.srInstance));
    QVERIFY(desk->store().drafts().find(task->uid, reader.id)->has_value());
}

void BadPlatformTest::withdrawnAndNoticed() {
    const auto desk = newDesk(QStringLiteral("desk j"), siteAt(m_platform->port()));
    const User reader = demoUser("zhangwei");
    const auto task = openTask(*desk, studyOf(5), reader);
    QVERIFY2(task, said(task));
    withdraw(studyOf(5));
    const auto list = pipeline::refreshWorklist(desk->pipeline(), kNever);
    QVERIFY(list && !list->offline);
    const auto seen = std::find_if(list->tasks.begin(), list->tasks.end(),
                                   [&](const ReadingTask& one) { return one.uid == task->uid; });
    QVERIFY(seen != list->tasks.end() && seen->isWithdrawn);
    QVERIFY2(seen->reason.contains(u"患者信息有误"), qPrintable(seen->reason));
    const auto report = pipeline::submitReport(requestFor(*desk, *task, reader), desk->pipeline());
    QVERIFY2(!report && report.error().code == ErrorCode::TaskWithdrawn, said(report));
    // Given back it is over: nobody gets it again.
    QVERIFY(desk->claims().release(*task, reader, {}, kNever));
    const auto now = desk->worklist().get(task->uid, kNever);
    QVERIFY2(now && now->state == UpsState::Canceled && !now->isWithdrawn, said(now));
    QVERIFY(!taskOf(*desk, studyOf(5), TaskKind::Read) ||
            taskOf(*desk, studyOf(5), TaskKind::Read)->state == UpsState::Canceled);
    const auto draft = desk->store().drafts().find(task->uid, reader.id);
    QVERIFY(draft && *draft && (*draft)->content == plainContent());
    QVERIFY(desk->store().outbox().all()->empty());
}

/// The author's version is out already; the reviewer's must not follow.
void BadPlatformTest::withdrawnInReview() {
    const auto desk = newDesk(QStringLiteral("desk k"), siteAt(m_platform->port()));
    const User reader = demoUser("zhangwei");
    const User reviewer = demoUser("chenjun");
    const auto task = openTask(*desk, studyOf(6), reader);
    QVERIFY2(task, said(task));
    QVERIFY(pipeline::submitReport(requestFor(*desk, *task, reader), desk->pipeline()));
    QVERIFY(deliverAll(*desk));
    const auto review = taskOf(*desk, studyOf(6), TaskKind::Review);
    QVERIFY(review);
    const auto taken = pipeline::takeForReview(review->uid, reviewer, desk->pipeline(), kNever);
    QVERIFY2(taken, said(taken));
    withdraw(studyOf(6));
    const pipeline::SubmitRequest facts = requestFor(*desk, *task, reader);
    const auto approved = pipeline::approveReport(
        {*taken, taken->report.document.content, facts.context, reviewer, QStringLiteral("demo-2026"), {}},
        desk->pipeline());
    QVERIFY2(approved, said(approved));
    const auto outcomes = pipeline::deliverDue(desk->pipeline(), kNever);
    QVERIFY2(outcomes && outcomes->size() == 1, said(outcomes));
    QCOMPARE(outcomes->front().state, OutboxItem::State::Parked);
    QVERIFY2(outcomes->front().problem->code == ErrorCode::TaskWithdrawn, said(*outcomes->front().problem));
    QCOMPARE(reportsOnPlatform(*desk, studyOf(6)), 2);
    QCOMPARE(*desk->store().reports().state(approved->document.report), ReadingState::Approved);
}

namespace {

enum DeathOfPlatform { BetweenTheObjects, BeforeCommitment, WithoutAnAnswer };

/// Kills the platform at a moment of the delivery, once.
class KillingSink final : public ReportSink {
public:
    KillingSink(ReportSink& real, int moment, qint64 process) : m_real(real), m_moment(moment), m_process(process) {}
    Result<bool> has(const StudyUid& s, const SeriesUid& e, const InstanceUid& i, const CancelToken& t) override {
        return m_real.has(s, e, i, t);
    }
    Status store(const std::vector<ObjectToSend>& objects, const CancelToken& t) override {
        if (m_moment == BetweenTheObjects && objects.size() > 1) {
            if (Status first = m_real.store({objects.front()}, t); !first)
                return first;
            kill();
            return m_real.store({objects.back()}, t);
        }
        Status stored = m_real.store(objects, t);
        if (m_moment == BeforeCommitment)
            kill();
        return stored;
    }
    Result<CommitmentOutcome> commit(const std::vector<SopReference>& objects, const TransactionUid& x,
                                     std::chrono::milliseconds timeout, const CancelToken& t) override {
        Result<CommitmentOutcome> outcome = m_real.commit(objects, x, timeout, t);
        if (m_moment != WithoutAnAnswer)
            return outcome;
        kill();
        return fail(ErrorCode::AssociationAborted, QStringLiteral("the answer was lost"));
    }

private:
    /// Its sockets are closed when this returns.
    void kill() {
        const auto process = static_cast<pid_t>(m_process);
        ::kill(process, SIGKILL);
        siginfo_t ended{};
        ::waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOWAIT);
    }
    ReportSink& m_real;
    int m_moment;
    qint64 m_process;
};

} // namespace

void BadPlatformTest::killedInADelivery_data() {
    QTest::addColumn<int>("moment");
    QTest::newRow("between SR and PDF") << int(BetweenTheObjects);
    QTest::newRow("before the commitment is asked for") << int(BeforeCommitment);
    QTest::newRow("committed, the answer is lost") << int(WithoutAnAnswer);
}

void BadPlatformTest::killedInADelivery() {
    QFETCH(int, moment);
    const QString study = studyOf(7 + moment);
    const int eventPort = freeLoopbackPort();
    PlatformProcess::Options options{path(QStringLiteral("dying %1").arg(moment)), path(QStringLiteral("studies")),
                                     QStringLiteral("YUANZHEN"), eventPort, 0};
    PlatformProcess first(options);
    first.start();
    QVERIFY(first.waitUntilReady(30000));
    options.port = first.port();
    Site site = siteAt(options.port);
    site.eventPort = eventPort;
    const auto desk = newDesk(QStringLiteral("dying desk %1").arg(moment), site);
    const User reader = demoUser("zhangwei");
    const auto task = openTask(*desk, study, reader);
    QVERIFY2(task, said(task));
    const auto report = pipeline::submitReport(requestFor(*desk, *task, reader), desk->pipeline());
    QVERIFY2(report, said(report));

    KillingSink sink(desk->reportSink(), moment, first.processId());
    DeliveryService dying(desk->store(), desk->worklist(), sink, m_clock, m_uids, site.stationName,
                          site.commitmentTimeout);
    const auto outcome = dying.deliverNext(kNever);
    QVERIFY2(outcome && *outcome, said(outcome));
    QCOMPARE((*outcome)->state, OutboxItem::State::Queued);
    QVERIFY((*outcome)->problem);
    QVERIFY(!*pipeline::receiptOf(report->document.srInstance, desk->pipeline()));
    QCOMPARE(desk->worklist().echo(kNever).error().code, ErrorCode::PlatformUnreachable);

    first.stop();
    PlatformProcess second(options);
    second.start();
    QVERIFY(second.waitUntilReady(30000));
    retryAll(*desk);
    QVERIFY(deliverAll(*desk));
    QCOMPARE(reportsOnPlatform(*desk, study), 2);
    QVERIFY(*pipeline::receiptOf(report->document.srInstance, desk->pipeline()));
    const auto tasks = desk->worklist().query({}, kNever);
    QVERIFY2(tasks, said(tasks));
    QCOMPARE(std::count_if(tasks->begin(), tasks->end(),
                           [&](const ReadingTask& one) {
                               return one.order.study.value() == study && one.kind == TaskKind::Review;
                           }),
             1);
}

void BadPlatformTest::eventPortTaken() {
    QTcpServer squatter;
    QVERIFY(squatter.listen(QHostAddress::Any));
    Site site = siteAt(m_platform->port());
    site.eventPort = squatter.serverPort();
    QVERIFY(makeDemoDesk(path(QStringLiteral("desk l")), site));
    const auto refused = DeskServices::open({path(QStringLiteral("desk l")), site, true}, m_clock, m_uids);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::EventPortTaken);
    QVERIFY2(refused.error().detail.contains(QString::number(squatter.serverPort())), said(refused));
    // A second process of the workstation does without events.
    const auto without = DeskServices::open({path(QStringLiteral("desk l")), site, false}, m_clock, m_uids);
    QVERIFY2(without, said(without));
    QVERIFY((*without)->worklist().echo(kNever));
}

QTEST_GUILESS_MAIN(BadPlatformTest)
#include "bad_platform_test.moc"
