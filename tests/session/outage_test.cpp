#include "outage_desk.h"
#include "signed_reports.h"

#include "embedded_platform/platform_server.h"
#include "security/revocation_evidence.h"
#include "session/demo_site.h"
#include "session/platform_process.h"
#include "storage/desk_store.h"
#include "support/small_study.h"
#include "worklist/worklist_controller.h"

#include <dcmtk/oflog/oflog.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <set>
#include <thread>

using namespace yz;
using namespace yz::test;
using State = OutboxItem::State;

/// Three days without a platform, by clocks that are moved: two desks read, sign and queue; then it is back. Every
/// report is there once and in order, every conflict is settled as docs say and put down for a person to see, and the
/// line is neither hammered while it is dead nor flooded when it lives again. YZ_OUTAGE_REPORTS: how many reports (24).
class OutageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void beforeTheLineDies();
    void threeDaysWithout();
    void ageOfTheRevocationListsIsNoted();
    void theLineWasLeftAlone();
    void meanwhileOnThePlatform();
    void theLineIsBack();
    void everythingIsThereOnce();
    void inOrderByStudy();
    void bothSigned();
    void signedWinsOverADraft();
    void withdrawnMeanwhile();
    void leaseRanOut();
    void draftsOnly();
    void reviewOfWhatWasQueued();
    void provisionalClaimWithNothingSigned();
    void keptHere();
    void goesOnUnderANewTask();
    void cleanupTestCase();

private:
    void startPlatform();
    void withdraw(const QString& study);
    [[nodiscard]] std::optional<ReadingTask> onPlatform(const QString& study, TaskKind kind);
    /// SR instances of a study on the platform.
    [[nodiscard]] QStringList reportsOf(const QString& study);
    [[nodiscard]] std::optional<ConflictService::Case> conflictOf(OutageDesk& desk, const QString& study);
    void signAt(OutageDesk& desk, const QString& study, const User& reader);

    QTemporaryDir m_folder;
    SimulatedTime m_time;
    WallClock m_platformClock{m_time};
    RandomUidSource m_uids;
    platform::PlatformOptions m_options;
    std::unique_ptr<platform::PlatformServer> m_platform;
    std::unique_ptr<OutageDesk> m_a, m_b;
    int m_reports = 24;
    QMap<QString, QString> m_signed; ///< SR instance by study, of those without a conflict
    qint64 m_diedAtMs = 0;
};

namespace {

const CancelToken kNever;
const User kZhang = demoUser("zhangwei");
const User kWang = demoUser("wangfang");
const User kChen = demoUser("chenjun");
const User kLi = demoUser("lina");

QString plainStudy(int number) { return QStringLiteral("2.25.88401%1").arg(number, 4, 10, QChar(u'0')); }
QString study(int number) { return QStringLiteral("2.25.88402%1").arg(number, 2, 10, QChar(u'0')); }
const QString kBothSigned = study(0);
const QString kDraftAgainstSigned = study(1);
const QString kWithdrawn = study(2);
const QString kTakenOver = study(3);
const QString kLeaseOverButOurs = study(4);
const QString kDraftOnly = study(5);
const QString kAmended = study(6);
const QString kReviewed = study(7);
const QString kTwoDrafts = study(8);
const QString kReleased = study(9);
constexpr int kCases = 10;
constexpr int kWatchedFrom = 13; // hours of the outage; nothing is opened by hand any more
constexpr int kWatchedTo = 19;

QByteArray said(const Error& error) { return error.toString().toUtf8(); }
template <typename T> QByteArray said(const Result<T>& result) {
    return result ? QByteArray("no error") : said(result.error());
}

qint64 monotonicMs(const Clock& clock) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic().time_since_epoch()).count();
}

} // namespace

void OutageTest::startPlatform() {
    m_platform = std::make_unique<platform::PlatformServer>(m_options, m_platformClock, m_uids);
    const Status started = m_platform->start();
    QVERIFY2(started, said(started));
    m_options.port = m_platform->port();
}

void OutageTest::initTestCase() {
    OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
    if (const int wanted = qEnvironmentVariableIntValue("YZ_OUTAGE_REPORTS"); wanted > 0)
        m_reports = wanted;
    const QString studies = m_folder.filePath(QStringLiteral("studies"));
    // Each another patient: hundreds of studies of one are priors of each other.
    const auto write = [&](const QString& folder, const QString& uid) {
        SmallStudyOptions options;
        options.patientId = u"P" + uid.right(7);
        writeSmallStudy(studies + u'/' + folder, uid, 2, options);
    };
    for (int i = 0; i < m_reports; ++i)
        write(u"p" + QString::number(i), plainStudy(i));
    for (int i = 0; i < kCases; ++i)
        write(u"c" + QString::number(i), study(i));
    const int portA = freeLoopbackPort();
    const int portB = freeLoopbackPort();
    m_options.dataFolder = m_folder.filePath(QStringLiteral("platform"));
    m_options.importFolders = {studies};
    m_options.settleTime = std::chrono::milliseconds(200);
    m_options.watchInterval = std::chrono::milliseconds(100);
    m_options.watchFolder = m_folder.filePath(QStringLiteral("inbox"));
    m_options.nodes = {{QStringLiteral("DESKA"), QStringLiteral("127.0.0.1"), static_cast<quint16>(portA)},
                       {QStringLiteral("DESKB"), QStringLiteral("127.0.0.1"), static_cast<quint16>(portB)}};
    QVERIFY(QDir().mkpath(m_options.watchFolder));
    startPlatform();

    Site site;
    site.isDemo = true;
    site.diagnosingHospital = demo::users().front().hospital;
    site.platformPort = m_options.port;
    site.commitmentTimeout = std::chrono::milliseconds(5000);
    site.undoWindow = std::chrono::seconds(600);
    site.aeTitle = QStringLiteral("DESKA");
    site.stationName = QStringLiteral("DESK-A");
    site.eventPort = portA;
    m_a = std::make_unique<OutageDesk>(m_folder.filePath(QStringLiteral("a")), site, m_time);
    site.aeTitle = QStringLiteral("DESKB");
    site.stationName = QStringLiteral("DESK-B");
    site.eventPort = portB;
    m_b = std::make_unique<OutageDesk>(m_folder.filePath(QStringLiteral("b")), site, m_time);
    QTRY_COMPARE_WITH_TIMEOUT(
        static_cast<int>(m_a->services->worklist().query({}, kNever).value_or(std::vector<ReadingTask>()).size()),
        m_reports + kCases, 60000);
}

void OutageTest::signAt(OutageDesk& desk, const QString& of, const User& reader) {
    const auto task = desk.begin(of, reader, QStringLiteral("双肺未见实变。"));
    QVERIFY2(task, said(task));
    const auto report = desk.sign(*task, reader);
    QVERIFY2(report, said(report));
    m_signed[of] = report->document.srInstance.value();
}

void OutageTest::beforeTheLineDies() {
    // Reports that exist when it dies: one published, one submitted.
    for (const QString& of : {kAmended, kReviewed}) {
        const auto task = openTask(*m_a->services, of, kZhang);
        QVERIFY2(task, said(task));
        const auto report = m_a->sign(*task, kZhang);
        QVERIFY2(report, said(report));
    }
    QVERIFY(m_a->drain(std::chrono::seconds(20)));
    QVERIFY(pipeline::refreshWorklist(m_a->deps(), kNever));
    const auto reviewTask = m_a->seen(kAmended, TaskKind::Review);
    QVERIFY(reviewTask);
    const auto review = pipeline::takeForReview(reviewTask->uid, kChen, m_a->deps(), kNever);
    QVERIFY2(review, said(review));
    ReportContext context;
    context.order = reviewTask->order;
    const auto record = m_a->store().studies().study(StudyUid(kAmended));
    QVERIFY(record);
    context.shownPatient = record->patient;
    context.shownStudy = record->study;
    const auto approved = pipeline::approveReport(
        {*review, review->report.document.content, context, kChen, QLatin1String(demo::kPassword), {}}, m_a->deps());
    QVERIFY2(approved, said(approved));
    m_time.advance(std::chrono::seconds(601)); // the undo window
    QVERIFY(m_a->drain(std::chrono::seconds(20)));
    QCOMPARE(m_a->store().reports().state(approved->document.report).value(), ReadingState::Published);

    // Everything else comes ahead of the readers; two tasks are held.
    QVERIFY2(m_a->prefetch(kZhang), "desk A");
    QVERIFY2(m_b->prefetch(kWang), "desk B");
    QVERIFY2(m_b->begin(kTakenOver, kWang, QStringLiteral("右肺上叶见结节。")), "held by B");
    QVERIFY2(m_a->begin(kLeaseOverButOurs, kZhang, QStringLiteral("双肺未见实变。")), "held by A");
    QVERIFY2(m_b->begin(kReleased, kWang, QStringLiteral("双肺纹理增多。")), "held by B");
    QVERIFY(pipeline::refreshWorklist(m_a->deps(), kNever));
    QVERIFY(pipeline::refreshWorklist(m_b->deps(), kNever));
}

void OutageTest::threeDaysWithout() {
    m_platform.reset();
    m_diedAtMs = monotonicMs(m_a->clock);
    const auto list = pipeline::refreshWorklist(m_a->deps(), kNever);
    QVERIFY(list && list->offline);
    QVERIFY(list->offline->code == ErrorCode::PlatformUnreachable);

    constexpr int kHours = 72;
    int next = 0;
    for (int hour = 0; hour < kHours; ++hour) {
        // Clocks that somebody sets while reports queue: hours forward and back again, hours back and forward again.
        if (hour == 20)
            m_a->clock.setWrong(std::chrono::hours(5));
        if (hour == 24)
            m_a->clock.setWrong(std::chrono::hours(0));
        if (hour == 40)
            m_b->clock.setWrong(-std::chrono::hours(7));
        if (hour == 44)
            m_b->clock.setWrong(std::chrono::hours(0));
        for (const int until = m_reports * (hour + 1) / kHours; next < until; ++next) {
            if (next % 2 == 0)
                signAt(*m_a, plainStudy(next), kZhang);
            else
                signAt(*m_b, plainStudy(next), kWang);
        }
        if (hour == 2) { // both sign
            const auto atA = m_a->begin(kBothSigned, kZhang, QStringLiteral("左肺下叶见斑片影。"));
            const auto atB = m_b->begin(kBothSigned, kWang, QStringLiteral("双肺未见实变。"));
            QVERIFY2(atA, said(atA));
            QVERIFY2(atB, said(atB));
            QVERIFY2(m_a->sign(*atA, kZhang), "A signs");
            QVERIFY2(m_b->sign(*atB, kWang), "B signs");
        }
        if (hour == 3) { // one signs, the other drafts
            signAt(*m_a, kDraftAgainstSigned, kZhang);
            QVERIFY(m_b->begin(kDraftAgainstSigned, kWang, QStringLiteral("右侧胸腔少量积液。")));
        }
        if (hour == 4) {
            const auto task = m_a->begin(kWithdrawn, kZhang, QStringLiteral("双肺未见实变。"));
            QVERIFY2(task, said(task));
            QVERIFY(m_a->sign(*task, kZhang));
        }
        if (hour == 5) { // the holder of an old claim signs
            const auto task = m_b->seen(kTakenOver, TaskKind::Read);
            QVERIFY(task && task->state == UpsState::InProgress);
            QVERIFY(m_b->sign(*task, kWang));
            const auto ours = m_a->seen(kLeaseOverButOurs, TaskKind::Read);
            QVERIFY(ours);
            const auto report = m_a->sign(*ours, kZhang);
            QVERIFY2(report, said(report));
            m_signed[kLeaseOverButOurs] = report->document.srInstance.value();
        }
        if (hour == 6) {
            QVERIFY(m_b->begin(kDraftOnly, kWang, QStringLiteral("主动脉钙化。")));
            QVERIFY(m_a->begin(kTwoDrafts, kZhang, QStringLiteral("肝囊肿。")));
            QVERIFY(m_b->begin(kTwoDrafts, kWang, QStringLiteral("肝血管瘤。")));
            const auto released = m_b->seen(kReleased, TaskKind::Read);
            QVERIFY(released);
            QVERIFY(m_b->sign(*released, kWang));
        }
        if (hour == 7) { // an addendum, and its approval while it is still queued
            const auto published = m_a->store().reports().latestOfStudy(StudyUid(kAmended));
            QVERIFY(published && *published);
            const auto version = m_a->store().reports().version((*published)->srInstance);
            QVERIFY(version);
            AmendInput amend;
            amend.published = *version;
            amend.kind = ReportVersionKind::Addendum;
            amend.content = version->document.content;
            amend.content.impression += QStringLiteral("补充:建议复查。");
            amend.reason = QStringLiteral("补充建议");
            amend.context.order = version->document.order;
            amend.context.shownPatient = version->document.imagePatient;
            amend.context.shownStudy = version->document.order.study;
            amend.context.addendumOf = version->document.content;
            amend.author = kChen;
            amend.pin = QLatin1String(demo::kPassword);
            const auto amended = m_a->services->signing().amend(amend);
            QVERIFY2(amended, said(amended));
            ApproveInput approve;
            approve.received = *amended;
            approve.content = amended->document.content;
            approve.context = amend.context;
            approve.reviewer = kLi;
            approve.pin = amend.pin;
            const auto approved = m_a->services->signing().approve(approve);
            QVERIFY2(approved, said(approved));
            // The review of the other one: its report is on this desk, so the claim is provisional.
            const auto task = m_a->seen(kReviewed, TaskKind::Review);
            QVERIFY(task);
            const auto review = pipeline::takeForReview(task->uid, kChen, m_a->deps(), kNever);
            QVERIFY2(review, said(review));
            ReportContext context;
            context.order = task->order;
            context.shownPatient = review->report.document.imagePatient;
            context.shownStudy = StudyUid(kReviewed);
            const auto second = pipeline::approveReport(
                {*review, review->report.document.content, context, kChen, QLatin1String(demo::kPassword), {}},
                m_a->deps());
            QVERIFY2(second, said(second));
            // Elsewhere the report cannot be had: nothing is claimed, and why is said.
            const auto elsewhere = m_b->seen(kReviewed, TaskKind::Review);
            QVERIFY(elsewhere);
            const auto refused = pipeline::takeForReview(elsewhere->uid, kLi, m_b->deps(), kNever);
            QVERIFY2(!refused && refused.error().code == ErrorCode::PlatformUnreachable, said(refused));
        }
        // The desks go on trying by themselves: looked at every minute for some hours, then once an hour.
        const bool isWatched = hour >= kWatchedFrom && hour < kWatchedTo;
        const int steps = isWatched ? 60 : 1;
        for (int step = 0; step < steps; ++step) {
            m_time.advance(std::chrono::minutes(60 / steps));
            for (OutageDesk* desk : {m_a.get(), m_b.get()})
                if (desk->deps().delivery.platformPause().count() == 0) {
                    desk->line.isByItself = true;
                    const auto tried = pipeline::deliverDue(desk->deps(), kNever, 16);
                    desk->line.isByItself = false;
                    QVERIFY2(tried, said(tried));
                }
        }
    }
    QCOMPARE(next, m_reports);
    for (OutageDesk* desk : {m_a.get(), m_b.get()}) {
        QCOMPARE(desk->count(State::Delivered), desk == m_a.get() ? 9 : 0); // three reports before it died, 3 rows each
        QCOMPARE(desk->count(State::Parked), 0);
        QVERIFY(desk->store().conflicts().open()->empty());
        QVERIFY(desk->store().audit().verifyChain());
    }
}

/// Each signature says how old the knowledge of revoked certificates was when it was made.
void OutageTest::ageOfTheRevocationListsIsNoted() {
    const auto asOf = revocationEvidenceAsOf(m_a->services->home());
    QVERIFY2(asOf && asOf->isValid(), said(asOf));
    const auto rows = m_a->store().audit().latest(100'000);
    QVERIFY(rows);
    std::vector<qint64> ages;
    for (const AuditStore::Row& row : *rows) {
        if (row.entry.event != u"report.submitted")
            continue;
        QCOMPARE(row.entry.details["revocationAsOf"].toString(), asOf->toString(Qt::ISODate));
        ages.push_back(row.entry.details["revocationAgeHours"].toInteger(-1));
    }
    QVERIFY(ages.size() >= static_cast<size_t>(m_reports / 2));
    const auto [least, most] = std::minmax_element(ages.begin(), ages.end());
    QVERIFY(*least >= 0);
    QVERIFY2(*most - *least >= 65, qPrintable(QString::number(*most - *least))); // three days of an outage
}

/// A dead line costs one try now and then, however much waits.
void OutageTest::theLineWasLeftAlone() {
    for (OutageDesk* desk : {m_a.get(), m_b.get()}) {
        std::vector<qint64> tries;
        for (const qint64 at : desk->line.failedAtMs)
            if (at >= m_diedAtMs + kWatchedFrom * 3'600'000LL && at < m_diedAtMs + kWatchedTo * 3'600'000LL)
                tries.push_back(at);
        // Pauses are 10 min, a quarter more or less; the test looks once a minute.
        constexpr size_t kMinutes = (kWatchedTo - kWatchedFrom) * 60;
        qInfo("%s: %zu tries in %zu minutes", qPrintable(desk->services->site().stationName), tries.size(), kMinutes);
        QVERIFY2(tries.size() >= kMinutes / 14 - 1, qPrintable(QString::number(tries.size())));
        QVERIFY2(tries.size() <= kMinutes / 7 + 2, qPrintable(QString::number(tries.size())));
        for (size_t i = 1; i < tries.size(); ++i)
            QVERIFY2(tries[i] - tries[i - 1] >= 7 * 60'000, qPrintable(QString::number(tries[i] - tries[i - 1])));
        QVERIFY(desk->line.mostUnderWay <= 1);
    }
    // By chance they do not go in step.
    std::set<qint64> gaps;
    for (size_t i = 1; i < m_a->line.failedAtMs.size(); ++i)
        gaps.insert((m_a->line.failedAtMs[i] - m_a->line.failedAtMs[i - 1]) / 60'000);
    QVERIFY(gaps.size() >= 3);
}

void OutageTest::withdraw(const QString& of) {
    const QString folder = m_options.watchFolder + QStringLiteral("/withdraw");
    QVERIFY(QDir().mkpath(folder));
    QFile file(folder + u'/' + of);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QStringLiteral("患者信息有误").toUtf8());
    file.close();
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(folder + u'/' + of), 10000);
}

/// Before the desks find it, others do.
void OutageTest::meanwhileOnThePlatform() {
    startPlatform();
    withdraw(kWithdrawn);
    // A supervisor gives a task to a third desk, which the lease allows; another holder of an old claim gave his back.
    WorklistSource& line = m_a->services->worklist();
    const auto takenOver = onPlatform(kTakenOver, TaskKind::Read);
    QVERIFY(takenOver && takenOver->holderStation == u"DESK-B");
    const Status taken = line.claim(takenOver->uid, TransactionUid(m_uids.next()),
                                    {QStringLiteral("=孙丽"), QStringLiteral("DESK-C")}, kNever);
    QVERIFY2(taken, said(taken));
    const auto released = onPlatform(kReleased, TaskKind::Read);
    QVERIFY(released);
    const TransactionUid third(m_uids.next());
    QVERIFY(line.claim(released->uid, third, {QStringLiteral("=孙丽"), QStringLiteral("DESK-C")}, kNever));
    QVERIFY(line.cancel(released->uid, third, QStringLiteral("RELEASED: 下班"), kNever));
    QTRY_VERIFY_WITH_TIMEOUT(onPlatform(kReleased, TaskKind::Read).has_value() &&
                                 onPlatform(kReleased, TaskKind::Read)->uid != released->uid,
                             5000);
}

std::optional<ReadingTask> OutageTest::onPlatform(const QString& of, TaskKind kind) {
    const auto tasks = m_a->services->worklist().query({}, kNever);
    std::optional<ReadingTask> found;
    if (tasks)
        for (const ReadingTask& task : *tasks)
            if (task.order.study.value() == of && task.kind == kind && (!found || found->state == UpsState::Canceled))
                found = task;
    return found;
}

QStringList OutageTest::reportsOf(const QString& of) {
    QStringList reports;
    if (const auto instances = m_a->services->studies().findInstances(StudyUid(of), kNever))
        for (const InstanceRecord& instance : *instances)
            if (instance.sopClass == kReportSrClass)
                reports.append(instance.instance.value());
    return reports;
}

std::optional<ConflictService::Case> OutageTest::conflictOf(OutageDesk& desk, const QString& of) {
    if (const auto cases = desk.conflicts().open())
        for (const ConflictService::Case& one : *cases)
            if (one.conflict.study.value() == of)
                return one;
    return std::nullopt;
}

/// Both desks at once, each as its delivery does it.
void OutageTest::theLineIsBack() {
    // Whoever hears nothing from the list tries by himself before a quarter of an hour is over.
    for (OutageDesk* desk : {m_a.get(), m_b.get()})
        QVERIFY(desk->deps().delivery.platformPause() <= std::chrono::minutes(13));
    for (OutageDesk* desk : {m_a.get(), m_b.get()})
        desk->deps().delivery.endPlatformPause(); // the list was refreshed (worklist test)
    QElapsedTimer timer;
    timer.start();
    bool doneA = false, doneB = false;
    std::thread other([&] { doneB = m_b->drain(std::chrono::seconds(500)); });
    doneA = m_a->drain(std::chrono::seconds(500));
    other.join();
    QVERIFY(doneA);
    QVERIFY(doneB);
    const double seconds = static_cast<double>(timer.elapsed()) / 1000.0;
    qInfo("%d reports in %.1f s: %.1f a second over two desks, at most %d and %d calls at once", m_reports, seconds,
          m_reports / seconds, m_a->line.mostUnderWay.load(), m_b->line.mostUnderWay.load());
    QCOMPARE(m_a->line.mostUnderWay.load(), 1);
    QCOMPARE(m_b->line.mostUnderWay.load(), 1);
}

void OutageTest::everythingIsThereOnce() {
    AcquireService acquire(m_a->store(), m_a->services->studies(), m_a->services->pixels());
    for (auto it = m_signed.begin(); it != m_signed.end(); ++it) {
        QCOMPARE(reportsOf(it.key()), QStringList(it.value()));
        OutageDesk& desk = m_a->store().reports().version(InstanceUid(it.value())) ? *m_a : *m_b;
        const auto ours = desk.store().reports().version(InstanceUid(it.value()));
        QVERIFY(ours);
        const auto file =
            acquire.fetchReportObject(StudyUid(it.key()), ours->document.srSeries, ours->document.srInstance, kNever);
        QVERIFY2(file, said(file));
        const auto theirs = m_a->services->encoder().open(*file);
        QVERIFY(theirs);
        QVERIFY(theirs->canonical == desk.services->encoder().open(ours->srFile)->canonical);
        QVERIFY(theirs->signatures == ours->signatures);
        QCOMPARE(onPlatform(it.key(), TaskKind::Read)->state, UpsState::Completed);
        QVERIFY(onPlatform(it.key(), TaskKind::Review));
    }
    QCOMPARE(m_signed.size(), m_reports + 2);
    // And nothing was sent twice on the way.
    for (OutageDesk* desk : {m_a.get(), m_b.get()})
        for (auto it = desk->line.stored.begin(); it != desk->line.stored.end(); ++it)
            QCOMPARE(it.value(), 1);
    const auto tasks = m_a->services->worklist().query({}, kNever);
    QVERIFY(tasks);
    std::map<QString, int> reviews;
    for (const ReadingTask& task : *tasks)
        if (task.kind == TaskKind::Review)
            ++reviews[task.order.study.value()];
    for (const auto& [of, count] : reviews)
        QVERIFY2(count == 1, qPrintable(of));
}

void OutageTest::inOrderByStudy() {
    // The addendum before its approval, and each after the version it adds to.
    const auto latest = m_a->store().reports().latestOfStudy(StudyUid(kAmended));
    QVERIFY(latest && *latest);
    const auto versions = m_a->store().reports().versions((*latest)->report);
    QVERIFY(versions);
    QStringList expected;
    for (const ReportDocument& version : *versions)
        expected.append(version.srInstance.value());
    QCOMPARE(expected.size(), 4);
    QCOMPARE(m_a->line.inOrder.value(kAmended), expected);
    // What was signed first left first, clocks or not.
    for (OutageDesk* desk : {m_a.get(), m_b.get()}) {
        const auto items = desk->store().outbox().all();
        QVERIFY(items);
        std::map<StudyUid, qint64> last;
        for (const OutboxItem& item : *items)
            if (item.state == State::Delivered) {
                QVERIFY(last[item.study] <= item.deliveredAt.toMSecsSinceEpoch());
                last[item.study] = item.deliveredAt.toMSecsSinceEpoch();
            }
    }
}

void OutageTest::bothSigned() {
    const QStringList there = reportsOf(kBothSigned);
    QCOMPARE(there.size(), 1);
    OutageDesk& winner = m_a->store().reports().version(InstanceUid(there.front())) ? *m_a : *m_b;
    OutageDesk& loser = &winner == m_a.get() ? *m_b : *m_a;
    QVERIFY(!conflictOf(winner, kBothSigned));
    const auto conflict = conflictOf(loser, kBothSigned);
    QVERIFY(conflict);
    QCOMPARE(conflict->conflict.reason, ErrorCode::TaskClaimedByOther);
    QCOMPARE(conflict->conflict.holderStation, winner.services->site().stationName);
    QVERIFY(conflict->ours.isSigned);
    QVERIFY(loser.store().reports().version(conflict->conflict.srInstance));
    const auto theirs = loser.conflicts().theirs(conflict->conflict, kNever);
    QVERIFY2(theirs && *theirs, said(theirs));
    const auto sent = winner.store().reports().version(InstanceUid(there.front()));
    QCOMPARE((*theirs)->content.findings, sent->document.content.findings);
    QCOMPARE((*theirs)->name, sent->document.author.name);
    QVERIFY((*theirs)->content.findings != conflict->ours.content.findings);
}

void OutageTest::signedWinsOverADraft() {
    QCOMPARE(reportsOf(kDraftAgainstSigned), QStringList(m_signed.value(kDraftAgainstSigned)));
    // The drafting desk asks only now; its draft stays, with the other's report beside it.
    const auto settled = m_b->deps().claims.settleAll(kNever, [&](const ClaimStore::Claim& claim) {
        const auto task = m_b->store().tasks().get(claim.task);
        return task && task->order.study.value() == kDraftAgainstSigned;
    });
    QVERIFY2(settled, said(settled));
    QCOMPARE(settled->lost.size(), size_t(1));
    QCOMPARE(settled->lost.front().reason.code, ErrorCode::TaskClaimedByOther);
    const auto conflict = conflictOf(*m_b, kDraftAgainstSigned);
    QVERIFY(conflict);
    QVERIFY(!conflict->ours.isSigned);
    QCOMPARE(conflict->ours.content.findings, QStringLiteral("右侧胸腔少量积液。"));
    QCOMPARE(conflict->ours.name, kWang.displayName);
    const auto theirs = m_b->conflicts().theirs(conflict->conflict, kNever);
    QVERIFY2(theirs && *theirs, said(theirs));
    QCOMPARE((*theirs)->name, kZhang.displayName);
    // Signing it all the same is refused.
    const auto task = m_b->store().tasks().get(conflict->conflict.task);
    QVERIFY(task);
    const auto refused = m_b->sign(*task, kWang);
    QVERIFY2(!refused && refused.error().code == ErrorCode::TaskNotClaimed, said(refused));
}

void OutageTest::withdrawnMeanwhile() {
    QVERIFY(reportsOf(kWithdrawn).isEmpty());
    const auto conflict = conflictOf(*m_a, kWithdrawn);
    QVERIFY(conflict);
    QCOMPARE(conflict->conflict.reason, ErrorCode::TaskWithdrawn);
    QVERIFY(conflict->ours.isSigned);
    const auto theirs = m_a->conflicts().theirs(conflict->conflict, kNever);
    QVERIFY2(theirs, said(theirs));
    QVERIFY(!*theirs);
}

void OutageTest::leaseRanOut() {
    // Nobody took it: the old claim still counts.
    QCOMPARE(reportsOf(kLeaseOverButOurs).size(), 1);
    QVERIFY(!conflictOf(*m_a, kLeaseOverButOurs));
    // A third desk took it over: ours did not go out, and who has it is known.
    QVERIFY(reportsOf(kTakenOver).isEmpty());
    const auto conflict = conflictOf(*m_b, kTakenOver);
    QVERIFY(conflict);
    QCOMPARE(conflict->conflict.reason, ErrorCode::TaskClaimedByOther);
    QCOMPARE(conflict->conflict.holderStation, QStringLiteral("DESK-C"));
    QCOMPARE(PersonName::fromDicom(conflict->conflict.holderName).display(), QStringLiteral("孙丽"));
    QVERIFY(conflict->ours.isSigned);
    QVERIFY(!m_b->conflicts().theirs(conflict->conflict, kNever).value_or(std::nullopt));
}

void OutageTest::draftsOnly() {
    // Two desks, two drafts: the first one asked for gets it.
    const auto is = [&](OutageDesk& desk) {
        return [&](const ClaimStore::Claim& claim) {
            const auto task = desk.store().tasks().get(claim.task);
            return task && task->order.study.value() == kTwoDrafts;
        };
    };
    const auto atA = m_a->deps().claims.settleAll(kNever, is(*m_a));
    const auto atB = m_b->deps().claims.settleAll(kNever, is(*m_b));
    QVERIFY(atA && atB);
    QCOMPARE(atA->held.size(), size_t(1));
    QCOMPARE(atB->lost.size(), size_t(1));
    const auto conflict = conflictOf(*m_b, kTwoDrafts);
    QVERIFY(conflict);
    QCOMPARE(conflict->conflict.holderStation, QStringLiteral("DESK-A"));
    QCOMPARE(conflict->ours.content.findings, QStringLiteral("肝血管瘤。"));
    QVERIFY(!m_b->conflicts().theirs(conflict->conflict, kNever).value_or(std::nullopt)); // not signed yet
    const auto task = m_a->store().tasks().get(conflict->conflict.task);
    QVERIFY(task);
    const auto report = m_a->sign(*task, kZhang);
    QVERIFY2(report, said(report));
    QVERIFY(m_a->drain(std::chrono::seconds(20)));
    const auto theirs = m_b->conflicts().theirs(conflict->conflict, kNever);
    QVERIFY2(theirs && *theirs, said(theirs));
    QCOMPARE((*theirs)->content.findings, QStringLiteral("肝囊肿。"));
}

void OutageTest::reviewOfWhatWasQueued() {
    QCOMPARE(reportsOf(kAmended).size(), 4);
    const auto reviewed = m_a->store().reports().latestOfStudy(StudyUid(kReviewed));
    QVERIFY(reviewed && *reviewed);
    QCOMPARE((*reviewed)->state, ReadingState::Approved);
    QCOMPARE(m_a->store().reports().state((*reviewed)->report).value(), ReadingState::Published);
    QCOMPARE(onPlatform(kReviewed, TaskKind::Review)->state, UpsState::Completed);
    QCOMPARE(m_a->line.inOrder.value(kReviewed).size(), 2);
}

/// The list itself: it notices that the platform is back, and settles a claim with nothing signed after a while.
void OutageTest::provisionalClaimWithNothingSigned() {
    const auto task = m_b->seen(kDraftOnly, TaskKind::Read);
    QVERIFY(task);
    const auto settled = [&] { return m_b->store().claims().find(task->uid).value()->settled; };
    QVERIFY(settled() == ClaimStore::Settled::Asked);
    m_platform.reset();
    WorklistController list({m_b->services->worklist(),
                             m_b->store().tasks(),
                             m_b->store().claims(),
                             m_b->deps().claims,
                             m_b->clock,
                             {},
                             &m_b->store().studies()});
    list.setUser(kWang);
    QSignalSpy back(&list, &WorklistController::cameBack);
    const auto refresh = [&] {
        list.refresh();
        return QTest::qWaitFor([&] { return !list.state().isRefreshing; }, 10000);
    };
    QVERIFY(refresh());
    QVERIFY(!list.state().isOnline);
    startPlatform();
    QVERIFY(refresh());
    QVERIFY(list.state().isOnline);
    QCOMPARE(back.size(), 1);
    QVERIFY(refresh());
    QVERIFY(settled() == ClaimStore::Settled::Asked); // others go first
    m_time.advance(WorklistController::kSettleAfter);
    QVERIFY(refresh());
    QVERIFY(settled() == ClaimStore::Settled::Held);
    QCOMPARE(back.size(), 1);
    const auto draft = m_b->store().drafts().find(task->uid, kWang.id);
    QVERIFY(draft && *draft && (*draft)->content.findings == QStringLiteral("主动脉钙化。"));
    list.stop();
}

/// A person has seen both sides: ours stays for good, waits no longer and says so.
void OutageTest::keptHere() {
    const auto conflict = conflictOf(*m_b, kTakenOver);
    QVERIFY(conflict);
    QVERIFY(m_b->count(State::Parked) > 0);
    const Status kept = m_b->conflicts().keepHere(conflict->conflict, kWang);
    QVERIFY2(kept, said(kept));
    QVERIFY(!conflictOf(*m_b, kTakenOver));
    const auto rows = m_b->store().outbox().ofReport(conflict->conflict.srInstance);
    QVERIFY(rows && rows->size() == 3);
    for (const OutboxItem& row : *rows)
        QCOMPARE(row.state, State::Withdrawn);
    const auto all = m_b->store().reports().all();
    QVERIFY(all && std::any_of(all->begin(), all->end(), [&](const ReportStore::Summary& one) {
                return one.document.srInstance == conflict->conflict.srInstance && one.undone;
            }));
    QVERIFY(m_b->store().reports().version(conflict->conflict.srInstance));
    QVERIFY(m_b->store().drafts().find(conflict->conflict.task, kWang.id).value().has_value());
    QVERIFY(m_b->store().audit().verifyChain());
}

/// A task that came up again: its old holder takes it, finds what he wrote, and signs; the old version stands in no
/// one's way.
void OutageTest::goesOnUnderANewTask() {
    const auto conflict = conflictOf(*m_b, kReleased);
    QVERIFY(conflict);
    QVERIFY(pipeline::refreshWorklist(m_b->deps(), kNever));
    const auto task = m_b->seen(kReleased, TaskKind::Read);
    QVERIFY(task && task->uid != conflict->conflict.task);
    const auto claimed = pipeline::claimTask(task->uid, kWang, m_b->deps(), kNever);
    QVERIFY2(claimed, said(claimed));
    const auto content = pipeline::returnedContent(*claimed, kWang, m_b->deps());
    QVERIFY2(content && *content, said(content));
    QCOMPARE((*content)->findings, QStringLiteral("双肺纹理增多。"));
    QVERIFY(m_b->store().drafts().save(claimed->uid, kWang.id, **content, {}));
    const auto report = m_b->sign(*claimed, kWang);
    QVERIFY2(report, said(report));
    QVERIFY(m_b->drain(std::chrono::seconds(20)));
    QCOMPARE(reportsOf(kReleased), QStringList(report->document.srInstance.value()));
    QVERIFY(!conflictOf(*m_b, kReleased));
    QVERIFY(report->document.predecessors.empty()); // none of them ever left
}

void OutageTest::cleanupTestCase() {
    m_a.reset();
    m_b.reset();
    m_platform.reset();
}

int main(int argc, char** argv) {
    qputenv("QTEST_FUNCTION_TIMEOUT", "86400000"); // the long mode takes its time
    const QCoreApplication application(argc, argv);
    OutageTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "outage_test.moc"
