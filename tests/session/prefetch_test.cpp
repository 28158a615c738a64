#include "jobs/jobs.h"
#include "session/desk_services.h"
#include "session/prefetch_controller.h"
#include "session/prefetch_service.h"
#include "storage/desk_store.h"
#include "support/fake_clock.h"
#include "support/small_study.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

using namespace yz;

namespace {

/// A platform with the studies whose files lie in folders of their UIDs.
class FolderStudies final : public StudySource {
public:
    QTemporaryDir folder;
    std::map<StudyUid, std::vector<InstanceRecord>> studies;
    PixelSource& pixels;
    StudyUid broken; ///< does not come
    std::vector<StudyUid> asked;
    int objects = 0;

    explicit FolderStudies(PixelSource& source) : pixels(source) {}
    void add(const QString& study, int slices) {
        const QString path = folder.filePath(study);
        test::writeSmallStudy(path, study, slices);
        for (const QString& name : QDir(path).entryList(QDir::Files)) {
            const auto header = pixels.readHeader(QDir(path).filePath(name));
            QVERIFY(header.has_value());
            studies[StudyUid(study)].push_back(header->instance);
        }
    }
    Result<std::vector<StudySummary>> findStudies(const StudyQuery&, const CancelToken&) override {
        StudySummary summary;
        summary.patient.id = PatientId(QStringLiteral("T1"));
        return std::vector{summary};
    }
    Result<std::vector<InstanceRecord>> findInstances(const StudyUid& study, const CancelToken& token) override {
        if (token.isCancelled())
            return fail(ErrorCode::Cancelled);
        asked.push_back(study);
        if (study == broken)
            return fail(ErrorCode::PeerError);
        return studies[study];
    }
    Status retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink&,
                    const CancelToken& token) override {
        for (const InstanceRecord& record : studies[request.study]) {
            const auto& wanted = request.listed;
            if (std::none_of(wanted.begin(), wanted.end(),
                             [&](const InstanceRecord& one) { return one.instance == record.instance; }))
                continue;
            if (token.isCancelled())
                return fail(ErrorCode::Cancelled);
            QFile file(record.path);
            if (!file.open(QIODevice::ReadOnly))
                return fail(ErrorCode::FileUnreadable);
            ++objects;
            if (Status taken = sink({record.instance, record.sopClass, file.readAll()}); !taken)
                return taken;
        }
        return {};
    }
};

WorklistRowPtr row(const QString& study, Priority priority, int dueIn, Holding holding = Holding::Nobody,
                   bool isOpen = true, const QStringList& priors = {}) {
    auto made = std::make_shared<WorklistRow>();
    made->task.uid = WorkitemUid(u"9." + study);
    made->task.priority = priority;
    made->task.order.study = StudyUid(study);
    made->task.order.modality = QStringLiteral("CT");
    for (const QString& prior : priors)
        made->task.order.priors.push_back({StudyUid(prior), {}, {}, {}, {}});
    made->holding = holding;
    made->isOpen = isOpen;
    made->due = QDateTime(QDate(2026, 3, 2), QTime(8, 0), Qt::UTC).addSecs(60LL * dueIn);
    return made;
}

QStringList names(const std::vector<StudyUid>& studies) {
    QStringList list;
    for (const StudyUid& study : studies)
        list.append(study.value());
    return list;
}

constexpr qint64 kMiB = 1LL << 20;

} // namespace

class PrefetchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void order();
    void policyOnDisk();
    void room_data();
    void room();
    void stepsAndEviction();
    void nothingNeededGoes();
    void controllerStandsBack();

private:
    struct Desk;
    std::unique_ptr<PixelSource> m_pixels;
};

struct PrefetchTest::Desk {
    QTemporaryDir folder;
    test::FakeClock clock;
    std::unique_ptr<DeskStore> store;
    FolderStudies platform;
    AcquireService acquire;
    PrefetchService service;

    explicit Desk(PixelSource& pixels)
        : store(opened(folder.path(), clock)), platform(pixels), acquire(*store, platform, pixels),
          service(*store, acquire, clock) {}
    void setClock(const QDateTime& to) { clock.advance(std::chrono::milliseconds(clock.nowUtc().msecsTo(to))); }
    static std::unique_ptr<DeskStore> opened(const QString& path, const Clock& clock) {
        auto store = DeskStore::open(path, clock);
        if (!store)
            qFatal("%s", qPrintable(store.error().toString()));
        return std::move(*store);
    }
};

void PrefetchTest::initTestCase() { m_pixels = makePixelSource(); }

void PrefetchTest::order() {
    const std::vector<WorklistRowPtr> rows{
        row("1", Priority::Routine, 30),
        row("2", Priority::Emergency, 90, Holding::Nobody, true, {"21", "1"}),
        row("3", Priority::Routine, 10, Holding::Other),
        row("4", Priority::Routine, 20, Holding::Nobody, false),
        row("5", Priority::Routine, 500, Holding::Mine, true, {"51"}),
        row("6", Priority::Urgent, 60),
    };
    PrefetchPolicy policy;
    QCOMPARE(names(prefetchOrder(rows, policy)), QStringList({"5", "51", "2", "21", "1", "6"}));
    policy.priors = false;
    QCOMPARE(names(prefetchOrder(rows, policy)), QStringList({"5", "2", "6", "1"}));
    policy.tasks = 1; // what the reader holds does not count
    QCOMPARE(names(prefetchOrder(rows, policy)), QStringList({"5", "2"}));
    policy.tasks = 0;
    QCOMPARE(names(prefetchOrder(rows, policy)), QStringList({"5"}));
    policy.tasks = 20;
    policy.modalities = QStringList{"MR"};
    QVERIFY(prefetchOrder(rows, policy).empty());
}

void PrefetchTest::policyOnDisk() {
    PrefetchPolicy policy;
    policy.tasks = 7;
    policy.kinds = {TaskKind::Review};
    policy.hospitals = QStringList{QStringLiteral("河口镇卫生院")};
    policy.quotaBytes = 300 * kMiB;
    policy.keep = std::chrono::hours(5);
    const auto read = prefetchPolicyFromJson(toJson(policy));
    QVERIFY(read.has_value());
    QCOMPARE(*read, policy);
    QCOMPARE(*prefetchPolicyFromJson({}), PrefetchPolicy());
    for (const char* wrong :
         {R"({"tasks":-1})", R"({"tasks":1.5})", R"({"tasks":"3"})", R"({"keepHours":0})", R"({"kinds":["x"]})",
          R"({"kinds":"read"})", R"({"priors":1})", R"({"quotaMiB":1e300})", R"({"modalities":[1]})"}) {
        const auto refused = prefetchPolicyFromJson(QJsonDocument::fromJson(wrong).object());
        QVERIFY2(!refused && refused.error().code == ErrorCode::InvalidArgument, wrong);
    }
}

void PrefetchTest::room_data() {
    QTest::addColumn<int>("quota");
    QTest::addColumn<int>("freeMiB");
    QTest::addColumn<int>("ageHours"); // of the oldest; each later one is an hour younger
    QTest::addColumn<QStringList>("goes");
    QTest::addColumn<bool>("isFull");
    QTest::newRow("room for all") << 100 << 1000 << 10 << QStringList() << false;
    QTest::newRow("above the quota") << 25 << 1000 << 10 << QStringList({"1"}) << false;
    QTest::newRow("at the quota") << 30 << 1000 << 10 << QStringList({"1"}) << false;
    QTest::newRow("far above it") << 5 << 1000 << 10 << QStringList({"1", "3"}) << true;
    QTest::newRow("too little disk") << 100 << 45 << 10 << QStringList({"1"}) << false;
    QTest::newRow("old") << 100 << 1000 << 50 << QStringList({"1", "3"}) << false;
}

void PrefetchTest::room() {
    QFETCH(int, quota);
    QFETCH(int, freeMiB);
    QFETCH(int, ageHours);
    QFETCH(QStringList, goes);
    QFETCH(bool, isFull);
    const QDateTime now(QDate(2026, 3, 2), QTime(8, 0), Qt::UTC);
    PrefetchPolicy policy;
    policy.quotaBytes = quota * kMiB;
    policy.reserveBytes = 50 * kMiB;
    policy.keep = std::chrono::hours(24);
    std::vector<KeptStudy> kept;
    for (const int i : {3, 1, 2}) // 2 is needed
        kept.push_back({StudyUid(QString::number(i)), now.addSecs(-3600LL * (ageHours - i)), 10 * kMiB});
    const RoomPlan plan = planRoom(kept, {StudyUid(QStringLiteral("2"))}, freeMiB * kMiB, policy, now);
    QCOMPARE(names(plan.goes), goes);
    QCOMPARE(plan.isFull, isFull);
}

void PrefetchTest::stepsAndEviction() {
    Desk desk(*m_pixels);
    for (const char* study : {"2.25.1", "2.25.2", "2.25.3"})
        desk.platform.add(QLatin1String(study), 4);
    desk.platform.broken = StudyUid(QStringLiteral("2.25.2"));
    PrefetchService::Request request;
    request.order = {StudyUid(QStringLiteral("2.25.1")), desk.platform.broken, StudyUid(QStringLiteral("2.25.3"))};
    request.policy.reserveBytes = 0;

    auto outcome = desk.service.step(request, {}, {});
    QVERIFY(outcome && !outcome->problem);
    QCOMPARE(outcome->fetched->value(), QStringLiteral("2.25.1"));
    QCOMPARE(outcome->wanted, 3);
    QCOMPARE(outcome->here, 1);
    outcome = desk.service.step(request, {}, {});
    QVERIFY(outcome && outcome->problem);
    QCOMPARE(outcome->problem->code, ErrorCode::PeerError);
    request.notBefore.insert(desk.platform.broken);
    outcome = desk.service.step(request, {}, {});
    QVERIFY(outcome && !outcome->problem);
    QCOMPARE(outcome->here, 2);
    outcome = desk.service.step(request, {}, {});
    QVERIFY(outcome && !outcome->fetched);
    QCOMPARE(outcome->here, 2);
    QCOMPARE(desk.platform.objects, 8);

    // Nobody needs the first one any more and the quota is used up: it goes, rows and files.
    desk.clock.advance(std::chrono::hours(1));
    QVERIFY(desk.store->studies().noteUse(StudyUid(QStringLiteral("2.25.3"))).has_value());
    const StudyUid first(QStringLiteral("2.25.1"));
    const qint64 bytes = desk.store->vault().bytesOf(first);
    QVERIFY(bytes > 0);
    request.order = {StudyUid(QStringLiteral("2.25.3"))};
    request.policy.quotaBytes = bytes + bytes / 2;
    outcome = desk.service.step(request, {}, {});
    QVERIFY(outcome.has_value());
    QCOMPARE(names(outcome->removed), QStringList{"2.25.1"});
    QCOMPARE(outcome->isFull, false);
    QCOMPARE(desk.store->studies().study(first).error().code, ErrorCode::NotFound);
    QCOMPARE(desk.store->studies().completeness(first)->expected, -1);
    QCOMPARE(desk.store->vault().bytesOf(first), 0);
    // It can be had again.
    QVERIFY(desk.acquire.acquire(first, {}, {}, {}).has_value());
    QCOMPARE(desk.store->vault().bytesOf(first), bytes);

    // A folder that a crash left without rows.
    QVERIFY(desk.store->studies().remove(first).has_value());
    desk.setClock(QDateTime::currentDateTimeUtc());
    QVERIFY(desk.service.step(request, {}, {}).has_value());
    QCOMPARE(desk.store->vault().bytesOf(first), bytes); // may be one that is just coming
    desk.setClock(QDateTime::currentDateTimeUtc().addSecs(7200));
    QVERIFY(desk.service.step(request, {}, {}).has_value());
    QCOMPARE(desk.store->vault().bytesOf(first), 0);
}

void PrefetchTest::nothingNeededGoes() {
    Desk desk(*m_pixels);
    const QStringList studies{"2.25.1", "2.25.2", "2.25.3", "2.25.4", "2.25.5", "2.25.6", "2.25.7", "2.25.8"};
    std::vector<ReadingTask> tasks;
    for (const QString& study : studies) {
        desk.platform.add(study, 2);
        QVERIFY(desk.acquire.acquire(StudyUid(study), {}, {}, {}).has_value());
        ReadingTask task;
        task.uid = WorkitemUid(u"9." + study);
        task.state = UpsState::Completed;
        task.order.study = StudyUid(study);
        tasks.push_back(task);
    }
    tasks[0].state = UpsState::Scheduled; // unread
    QVERIFY(desk.store->tasks().replaceAll(tasks).has_value());
    OutboxItem item; // unsent
    item.kind = OutboxItem::Kind::StoreReport;
    item.study = StudyUid(studies[1]);
    QVERIFY(desk.store->outbox().add(item).has_value());
    User user;
    user.id = UserId(QStringLiteral("u"));
    user.loginName = QStringLiteral("u");
    QVERIFY(desk.store->users().add(user, QStringLiteral("x")).has_value());
    QVERIFY(desk.store->drafts().save(tasks[2].uid, user.id, {}, {}).has_value()); // written, not signed

    // Claimed and unanswered; held back by a person; lost to another reader, whose task is not in the list any more.
    QVERIFY(desk.store->claims().begin(tasks[5].uid, TransactionUid(QStringLiteral("2.25.99")), user.id).has_value());
    item.study = StudyUid(studies[6]);
    const auto held = desk.store->outbox().add(item);
    QVERIFY(held.has_value());
    QVERIFY(desk.store->outbox().hold(*held).has_value());
    QVERIFY(desk.store->drafts().save(tasks[7].uid, user.id, {}, {}).has_value());
    ConflictStore::Conflict conflict;
    conflict.task = tasks[7].uid;
    conflict.user = user.id;
    conflict.study = StudyUid(studies[7]);
    QVERIFY(desk.store->conflicts().note(conflict).has_value());
    tasks.pop_back();
    QVERIFY(desk.store->tasks().replaceAll(tasks).has_value());

    PrefetchService::Request request;
    request.policy.quotaBytes = 0;
    request.policy.reserveBytes = 0;
    request.inUse = {StudyUid(studies[3])}; // on the page
    const auto outcome = desk.service.step(request, {}, {});
    QVERIFY(outcome.has_value());
    QCOMPARE(names(outcome->removed), QStringList{"2.25.5"});
    QVERIFY(outcome->isFull);
    // Somebody has seen to the conflict: now its pictures may go.
    QVERIFY(desk.store->conflicts().close(desk.store->conflicts().open()->front().number).has_value());
    const auto later = desk.service.step(request, {}, {});
    QVERIFY(later.has_value());
    QCOMPARE(names(later->removed), QStringList{"2.25.8"});
}

void PrefetchTest::controllerStandsBack() {
    Desk desk(*m_pixels);
    for (const char* study : {"2.25.1", "2.25.2"})
        desk.platform.add(QLatin1String(study), 3);
    PrefetchController controller({*desk.store, desk.acquire, desk.clock});
    QSignalSpy fetched(&controller, &PrefetchController::studyFetched);
    controller.start();
    controller.setReaderWaits(true);
    controller.setRows({row("2.25.1", Priority::Routine, 10), row("2.25.2", Priority::Routine, 20)});
    controller.setOnline(true);
    jobs::waitForAll();
    QCOMPARE(desk.platform.objects, 0); // a person waits for something else
    controller.setReaderWaits(false);
    QTRY_COMPARE(fetched.size(), 2);
    QTRY_COMPARE(controller.state(), (PrefetchState{2, 2, false, false}));
    QCOMPARE(names(desk.platform.asked), QStringList({"2.25.1", "2.25.2"}));
    // Without a platform nothing is asked for.
    controller.setOnline(false);
    desk.platform.add(QStringLiteral("2.25.3"), 3);
    controller.setRows({row("2.25.3", Priority::Routine, 10)});
    jobs::waitForAll();
    QCOMPARE(desk.platform.objects, 6);
    controller.setOnline(true);
    QTRY_COMPARE(fetched.size(), 3);
    controller.stop();
    jobs::waitForAll();
}

QTEST_GUILESS_MAIN(PrefetchTest)
#include "prefetch_test.moc"
