#include "embedded_platform/archive_watch.h"

#include "embedded_platform/platform_schema.h"
#include "embedded_platform/postgres_state_database.h"
#include "embedded_platform/sqlite_state_database.h"
#include "embedded_platform/workitem_data_set.h"
#include "fake_archive.h"
#include "platform_fixture.h"
#include "postgres_server.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QtTest>

using namespace yz;
using namespace yz::platform;
using namespace yz::test;

namespace {

/// Stands still until it is moved.
class StandingClock final : public Clock {
public:
    [[nodiscard]] QDateTime nowUtc() const override { return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC); }
    [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
        return std::chrono::steady_clock::time_point(std::chrono::milliseconds(ms));
    }
    void setLocal(const char* text) {
        ms = QDateTime::fromString(QLatin1String(text), Qt::ISODate).toMSecsSinceEpoch();
    }

    qint64 ms = 0;
};

FakeStudy studyOf(const QString& uid, const QString& date = QStringLiteral("20260310")) {
    FakeStudy study;
    study.uid = uid;
    study.patientId = u'P' + uid.section(u'.', -1);
    study.accession = u'A' + uid.section(u'.', -1);
    study.date = date;
    return study;
}

/// What a platform has besides the watch.
struct Platform {
    explicit Platform(std::shared_ptr<StateDatabase> given, const std::shared_ptr<Database>& local, const Clock& clock)
        : state(std::move(given)), archive(local, clock), workitems(state, clock), subscriptions(state),
          nodes(state, {}), sender({}, nodes), desk({}, archive, workitems, subscriptions, sender, clock, uids) {}

    std::shared_ptr<StateDatabase> state;
    ArchiveStore archive;
    WorkitemStore workitems;
    SubscriptionStore subscriptions;
    NodeStore nodes;
    EventSender sender;
    RandomUidSource uids;
    TaskDesk desk;
};

} // namespace

/// Which studies become tasks, and with which order; the same on both databases.
class ArchiveWatchTest final : public QObject {
    Q_OBJECT

public:
    explicit ArchiveWatchTest(bool isCenter) : m_isCenter(isCenter) {}

private:
    bool m_isCenter;
    StandingClock m_clock;
    std::unique_ptr<PostgresServer> m_postgres;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<Database> m_local;
    std::shared_ptr<StateDatabase> m_state;
    std::unique_ptr<Platform> m_platform;
    std::unique_ptr<FakeArchive> m_archive;
    std::unique_ptr<FakeWorklist> m_orders;

    std::unique_ptr<ArchiveWatch> watch(const QString& holder = QStringLiteral("one"), bool withOrders = true) {
        ArchiveWatch::Settings settings;
        settings.aeTitle = QStringLiteral("PACS");
        std::vector<std::unique_ptr<QueryPort>> orders;
        if (withOrders)
            orders.push_back(m_orders->port());
        return std::make_unique<ArchiveWatch>(settings, m_archive->port(), std::move(orders),
                                              WatchStore(m_state, m_clock, holder), m_platform->desk, m_clock);
    }
    /// `times` looks, 15 s apart.
    void look(ArchiveWatch& watch, int times = 1) {
        for (int i = 0; i < times; ++i) {
            m_clock.ms += 15'000;
            const Status looked = watch.look();
            QVERIFY2(looked, looked ? "" : qPrintable(looked.error().toString()));
        }
    }
    QStringList studiesWithTask() {
        QStringList uids;
        const auto all = m_platform->workitems.all({});
        for (const Workitem& item : *all)
            uids.append(item.studyUid);
        uids.sort();
        return uids;
    }
    Workitem taskOf(const QString& study) {
        auto items = m_platform->workitems.ofStudy(study);
        return items && items->size() == 1 ? std::move(items->front()) : Workitem();
    }

private Q_SLOTS:
    void initTestCase() {
        if (!m_isCenter)
            return;
        if (const QString missing = PostgresServer::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        m_postgres = std::make_unique<PostgresServer>();
        QVERIFY(m_postgres->start());
    }
    void init() {
        m_clock.setLocal("2026-03-10T10:30:00");
        m_folder = std::make_unique<QTemporaryDir>();
        auto opened = Database::open(m_folder->filePath(QStringLiteral("platform.db")), platformMigrations());
        QVERIFY(opened);
        m_local = *opened;
        m_state = std::make_shared<SqliteStateDatabase>(m_local);
        if (m_isCenter) {
            PostgresStateDatabase::Settings settings;
            settings.url = m_postgres->makeDatabase();
            auto center = PostgresStateDatabase::open(settings, m_clock);
            QVERIFY(center);
            m_state = *center;
        }
        m_platform = std::make_unique<Platform>(m_state, m_local, m_clock);
        m_archive = std::make_unique<FakeArchive>();
        m_orders = std::make_unique<FakeWorklist>();
    }
    void cleanup() {
        m_platform.reset();
        m_state.reset();
        m_local.reset();
    }

    void aStudyIsWholeWhenItsNumberStands() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        const auto one = watch();
        look(*one);
        QVERIFY(studiesWithTask().isEmpty());
        m_archive->studies[0].series[0].second = 20; // still coming
        look(*one);
        QVERIFY(studiesWithTask().isEmpty());
        look(*one);
        QCOMPARE(studiesWithTask(), QStringList{QStringLiteral("1.2.1")});
        m_archive->studies[0].series.push_back({QStringLiteral("CT"), 5}); // and later more
        look(*one, 4);
        QCOMPARE(studiesWithTask().size(), 1);
        const Workitem task = taskOf(QStringLiteral("1.2.1"));
        QCOMPARE(textOf(*task.dataSet, DCM_PatientName), QStringLiteral("Zhang^San=张^三"));
        QCOMPARE(textOf(*itemOf(*task.dataSet, DCM_ReferencedRequestSequence), DCM_InstitutionName),
                 QStringLiteral("青山镇卫生院"));
        QCOMPARE(retrieveAeTitle(*task.dataSet), QStringLiteral("PACS"));
    }

    void names_data() {
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("kept");
        QTest::newRow("three groups") << QStringLiteral("Zhang^San=张^三=x") << QStringLiteral("Zhang^San=张^三=x");
        QTest::newRow("second lost") << QStringLiteral("Zhang^San=^") << QStringLiteral("Zhang^San");
        QTest::newRow("first lost") << QStringLiteral("^=张^三") << QStringLiteral("=张^三");
        QTest::newRow("a character lost") << QStringLiteral("Zhang=\uFFFD^三") << QStringLiteral("Zhang");
        QTest::newRow("number") << QStringLiteral("000123") << QStringLiteral("000123");
        QTest::newRow("rare character") << QStringLiteral("𠮷^三") << QStringLiteral("𠮷^三");
        QTest::newRow("none") << QString() << QString();
    }
    void names() {
        QFETCH(QString, said);
        QFETCH(QString, kept);
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        m_archive->studies[0].name = said;
        const auto one = watch();
        look(*one, 2);
        QCOMPARE(textOf(*taskOf(QStringLiteral("1.2.1")).dataSet, DCM_PatientName), kept);
    }

    void anEmptyStudyWaits() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        m_archive->studies[0].series[0].second = 0;
        const auto one = watch();
        look(*one, 3);
        QVERIFY(studiesWithTask().isEmpty());
        m_archive->studies[0].series[0].second = 1;
        look(*one, 2);
        QCOMPARE(studiesWithTask().size(), 1);
    }

    void whatIsNew() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"), QStringLiteral("20260306")), // too old
                              studyOf(QStringLiteral("1.2.2"), QStringLiteral("20260307")),
                              studyOf(QStringLiteral("1.2.3"), QStringLiteral("20260311")), // a clock that is ahead
                              studyOf(QStringLiteral("1.2.4"), QStringLiteral("20260312"))};
        const auto one = watch();
        look(*one, 3);
        QCOMPARE(studiesWithTask(), (QStringList{QStringLiteral("1.2.2"), QStringLiteral("1.2.3")}));
        // Next day the archive gets one of yesterday and one of long ago.
        m_clock.setLocal("2026-03-11T09:00:00");
        m_archive->studies.push_back(studyOf(QStringLiteral("1.2.5"), QStringLiteral("20260310")));
        m_archive->studies.push_back(studyOf(QStringLiteral("1.2.6"), QStringLiteral("20250310")));
        look(*one, 3);
        QCOMPARE(studiesWithTask(), (QStringList{QStringLiteral("1.2.2"), QStringLiteral("1.2.3"),
                                                 QStringLiteral("1.2.4"), QStringLiteral("1.2.5")}));
    }

    void overMidnight() {
        m_clock.setLocal("2026-03-10T23:59:20");
        const auto one = watch();
        look(*one, 2);
        FakeStudy before = studyOf(QStringLiteral("1.2.1"), QStringLiteral("20260310"));
        before.time = QStringLiteral("235958.250");
        FakeStudy after = studyOf(QStringLiteral("1.2.2"), QStringLiteral("20260311"));
        after.time = QStringLiteral("000001");
        m_archive->studies = {before, after};
        look(*one, 2); // 00:00:05 and 00:00:20: neither is a look over everything
        QCOMPARE(studiesWithTask().size(), 2);
    }

    void aLookAsksForLittle() {
        for (int i = 1; i <= 300; ++i) {
            FakeStudy study = studyOf(QStringLiteral("1.2.%1").arg(i), QStringLiteral("20260309"));
            study.time = QStringLiteral("110000"); // 23.5 hours ago
            m_archive->studies.push_back(study);
        }
        const auto one = watch();
        look(*one, 2);
        QCOMPARE(studiesWithTask().size(), 300);
        m_archive->answered = 0;
        m_archive->questions = 0;
        look(*one);
        QCOMPARE(m_archive->answered, size_t(0));
        QVERIFY(m_archive->questions <= 2);
        look(*one, 8); // one of these is over everything
        QCOMPARE(m_archive->answered, size_t(300));
        QCOMPARE(studiesWithTask().size(), 300);
    }

    void afterDaysWithoutTheArchive() {
        auto one = watch();
        look(*one, 2);
        m_archive->isAway = true;
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"), QStringLiteral("20260311"))};
        for (int day = 0; day < 9; ++day) {
            m_clock.ms += 86'400'000;
            QVERIFY(!one->look());
        }
        one = watch(QStringLiteral("another")); // and the platform was started anew
        m_clock.ms += 60'000;
        m_archive->isAway = false;
        look(*one, 2);
        QCOMPARE(studiesWithTask(), QStringList{QStringLiteral("1.2.1")});
    }

    void aRestartForgetsNothing() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1")), studyOf(QStringLiteral("1.2.2"))};
        auto one = watch();
        look(*one, 2);
        m_archive->studies.push_back(studyOf(QStringLiteral("1.2.3")));
        look(*one);
        one = watch();
        look(*one);
        QCOMPARE(studiesWithTask().size(), 3); // the first count of the third was known
        look(*one, 3);
        QCOMPARE(studiesWithTask().size(), 3);
    }

    void oneOfTwoAsks() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        auto one = watch(QStringLiteral("one"));
        const auto two = watch(QStringLiteral("two"));
        look(*one);
        m_archive->questions = 0;
        QVERIFY(two->look());
        QCOMPARE(m_archive->questions, 0);
        one.reset(); // killed: it says nothing
        QVERIFY(two->look());
        QCOMPARE(m_archive->questions, 0);
        m_clock.ms += 60'000;
        look(*two); // what the first had counted stands
        QCOMPARE(studiesWithTask().size(), 1);
    }

    /// Clocks of two platforms differ a little; one that was set back far holds up nobody.
    void clocksThatDiffer() {
        const std::chrono::seconds lease(45);
        const QString archive = QStringLiteral("PACS");
        StandingClock ahead = m_clock;
        ahead.ms += 3000;
        WatchStore one(m_state, ahead, QStringLiteral("one"));
        WatchStore two(m_state, m_clock, QStringLiteral("two"));
        QVERIFY(*one.takeTurn(archive, lease));
        for (int i = 0; i < 3; ++i) {
            QVERIFY(!*two.takeTurn(archive, lease));
            m_clock.ms += 15'000;
            ahead.ms += 15'000;
            QVERIFY(*one.takeTurn(archive, lease));
        }
        m_clock.ms -= 6 * 3'600'000;
        QVERIFY(*two.takeTurn(archive, lease));
    }

    void bothAtOnceMakeOneTask() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        const auto one = watch(QStringLiteral("one"));
        look(*one);
        // The lease runs out while the first is held up; the second begins, then both go on.
        const auto two = watch(QStringLiteral("two"));
        m_clock.ms += 60'000;
        QVERIFY(two->look());
        QCOMPARE(studiesWithTask().size(), 1);
        m_clock.ms += 60'000;
        QVERIFY(one->look());
        QCOMPARE(studiesWithTask().size(), 1);
    }

    void theArchiveGoesToWhoReachesIt() {
        FakeArchive unreachable;
        unreachable.isAway = true;
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        ArchiveWatch::Settings settings;
        settings.aeTitle = QStringLiteral("PACS");
        ArchiveWatch blind(settings, unreachable.port(), {}, WatchStore(m_state, m_clock, QStringLiteral("blind")),
                           m_platform->desk, m_clock);
        QVERIFY(!blind.look());
        const auto one = watch();
        look(*one, 2); // without waiting for a lease
        QCOMPARE(studiesWithTask().size(), 1);
    }

    void cutAnswersAreAskedAgain() {
        for (int i = 1; i <= 50; ++i) {
            FakeStudy study =
                studyOf(QStringLiteral("1.2.%1").arg(i), QStringLiteral("202603%1").arg(8 + i % 3, 2, 10, QChar(u'0')));
            study.time = QTime(7 + i % 12, i, 59).toString(QStringLiteral("HHmmss")) + QStringLiteral(".9");
            m_archive->studies.push_back(study);
        }
        m_archive->most = 2;
        const auto one = watch();
        look(*one, 2);
        QCOMPARE(studiesWithTask().size(), 50);
    }

    void aMinuteThatIsCutIsNotTheEnd() {
        for (int i = 1; i <= 5; ++i)
            m_archive->studies.push_back(studyOf(QStringLiteral("1.2.%1").arg(i)));
        m_archive->most = 3;
        const auto one = watch();
        look(*one, 2);
        QCOMPARE(studiesWithTask().size(), 3);
        const auto looked = m_state->run(StateQuery{QStringLiteral("SELECT looked FROM watched_archives"), {}, "i"});
        QCOMPARE(looked->integer(0, 0), qint64(0)); // it did not say everything
        m_archive->most = 0;
        look(*one, 2);
        QCOMPARE(studiesWithTask().size(), 5);
    }

    void countsThatTheArchiveDoesNotSay() {
        m_archive->saysCounts = false;
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        m_archive->studies[0].series.push_back({QStringLiteral("CT"), 3});
        const auto one = watch();
        look(*one);
        m_archive->studies[0].series[1].second = 4;
        look(*one);
        QVERIFY(studiesWithTask().isEmpty());
        look(*one);
        QCOMPARE(studiesWithTask().size(), 1);
    }

    void oddAnswers() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1")),
                              studyOf(QStringLiteral("1.2.2")),
                              studyOf(QStringLiteral("1.2.3"), QStringLiteral("20200101")),
                              studyOf(QStringLiteral("1.2.4"), QStringLiteral("")),
                              studyOf(QStringLiteral("x.y")),
                              studyOf(QStringLiteral("1.2.1"))};
        m_archive->ignoresDates = true;
        const auto one = watch();
        look(*one, 4);
        QCOMPARE(studiesWithTask(), (QStringList{QStringLiteral("1.2.1"), QStringLiteral("1.2.2")}));
    }

    void answersAboutAnotherStudyAreNotTaken() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        m_archive->spoil = [](DcmDataset& row) {
            if (row.tagExists(DCM_Modality)) // series level
                putText(row, DCM_StudyInstanceUID, QStringLiteral("9.9.9"));
        };
        const auto one = watch();
        look(*one, 4);
        QVERIFY(studiesWithTask().isEmpty());
    }

    void oneStudyThatFailsHoldsUpNoOther() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1")), studyOf(QStringLiteral("1.2.2"))};
        const auto one = watch();
        look(*one);
        m_archive->brokenStudy = QStringLiteral("1.2.1");
        look(*one);
        QCOMPARE(studiesWithTask(), QStringList{QStringLiteral("1.2.2")});
        m_archive->brokenStudy.clear();
        look(*one);
        QCOMPARE(studiesWithTask().size(), 2);
    }

    void aStudyThatGoesMakesNoTask() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        const auto one = watch();
        look(*one);
        m_archive->studies.clear();
        look(*one, 3);
        QVERIFY(studiesWithTask().isEmpty());
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))}; // sent again: counted anew
        look(*one);
        QVERIFY(studiesWithTask().isEmpty());
        look(*one);
        QCOMPARE(studiesWithTask().size(), 1);
    }

    void reportsAloneWait() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        m_archive->studies[0].series = {{QStringLiteral("SR"), 1}, {QStringLiteral("KO"), 1}};
        const auto one = watch();
        look(*one, 4);
        QVERIFY(studiesWithTask().isEmpty());
        m_archive->studies[0].series.push_back({QStringLiteral("DX"), 1});
        look(*one, 2);
        QCOMPARE(studiesWithTask().size(), 1);
        QCOMPARE(textOf(*taskOf(QStringLiteral("1.2.1")).dataSet, DCM_Modality), QStringLiteral("DX"));
    }

    void aClockThatIsSetBack() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        const auto one = watch();
        look(*one, 2);
        QCOMPARE(studiesWithTask().size(), 1);
        m_clock.ms -= 6 * 3'600'000;
        m_archive->studies.push_back(studyOf(QStringLiteral("1.2.2")));
        look(*one, 3);
        QCOMPARE(studiesWithTask().size(), 2);
    }

    void theOrderCameBeforeAndLeft() {
        const auto one = watch();
        look(*one);
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        m_orders->add(QStringLiteral("P1"), QStringLiteral("A1"), QStringLiteral("1.2.1"), "STAT");
        look(*one);
        m_orders->orders.clear(); // the examination has ended
        look(*one);
        QCOMPARE(textOf(*taskOf(QStringLiteral("1.2.1")).dataSet, DCM_ScheduledProcedureStepPriority),
                 QStringLiteral("HIGH"));
    }

    void anotherPatientMeanwhile() {
        const auto one = watch();
        look(*one);
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        m_orders->add(QStringLiteral("P1"), QStringLiteral("A1"), QStringLiteral("1.2.1"), "STAT");
        look(*one);
        m_orders->orders.clear();
        m_archive->studies[0].patientId = QStringLiteral("P77"); // the archive has put it right
        look(*one);
        const Workitem task = taskOf(QStringLiteral("1.2.1"));
        QCOMPARE(textOf(*task.dataSet, DCM_PatientID), QStringLiteral("P77"));
        QCOMPARE(textOf(*task.dataSet, DCM_ScheduledProcedureStepPriority), QStringLiteral("LOW"));
    }

    void aWorklistThatIsAwayIsWaitedFor() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1")), studyOf(QStringLiteral("1.2.2"))};
        m_orders->add(QStringLiteral("P1"), QStringLiteral("A1"), QStringLiteral("1.2.1"), "STAT");
        m_orders->isAway = true;
        const auto one = watch();
        look(*one, 3);
        QVERIFY(studiesWithTask().isEmpty());
        QVERIFY(m_orders->questions <= 3); // not a time-out for each study
        m_orders->isAway = false;
        look(*one);
        QCOMPARE(studiesWithTask().size(), 2);
        QCOMPARE(textOf(*taskOf(QStringLiteral("1.2.1")).dataSet, DCM_ScheduledProcedureStepPriority),
                 QStringLiteral("HIGH"));
        m_orders->isAway = true;
        m_archive->studies.push_back(studyOf(QStringLiteral("1.2.3")));
        look(*one, 8);
        QCOMPARE(studiesWithTask().size(), 2);
        look(*one, 2); // two minutes
        QCOMPARE(studiesWithTask().size(), 3);
    }

    void priors() {
        FakeStudy earlier = studyOf(QStringLiteral("1.2.9"), QStringLiteral("20251001"));
        FakeStudy otherPerson = studyOf(QStringLiteral("1.2.8"), QStringLiteral("20251002"));
        FakeStudy study = studyOf(QStringLiteral("1.2.1"));
        earlier.patientId = otherPerson.patientId = study.patientId;
        otherPerson.birthDate = QStringLiteral("20010101"); // two hospitals, one number
        m_archive->studies = {earlier, otherPerson, study};
        const auto one = watch();
        look(*one, 2);
        const auto priorsOf = [&](const QString& uid) {
            QStringList found;
            const Workitem task = taskOf(uid);
            for (int i = 0; i < itemCount(*task.dataSet, DCM_RETIRED_RelevantInformationSequence); ++i)
                found.append(
                    textOf(*itemOf(*task.dataSet, DCM_RETIRED_RelevantInformationSequence, i), DCM_StudyInstanceUID));
            found.sort();
            return found;
        };
        QCOMPARE(priorsOf(QStringLiteral("1.2.1")), QStringList{QStringLiteral("1.2.9")});
        // An examination of the same morning comes late: the waiting task learns of it.
        FakeStudy late = studyOf(QStringLiteral("1.2.2"));
        late.patientId = study.patientId;
        late.time = QStringLiteral("080000");
        m_archive->studies.push_back(late);
        look(*one, 2);
        QCOMPARE(priorsOf(QStringLiteral("1.2.1")), (QStringList{QStringLiteral("1.2.2"), QStringLiteral("1.2.9")}));
        QCOMPARE(priorsOf(QStringLiteral("1.2.2")), QStringList{QStringLiteral("1.2.9")});
    }

    void aReviewKnowsTheArchive() {
        m_archive->studies = {studyOf(QStringLiteral("1.2.1"))};
        const auto one = watch();
        look(*one, 2);
        Workitem task = taskOf(QStringLiteral("1.2.1"));
        Successor next;
        next.uid = WorkitemUid(newUid());
        const DataSetPtr review = successorOf(*task.dataSet, next);
        QCOMPARE(retrieveAeTitle(*review), QStringLiteral("PACS"));
    }

    void tenThousandStudies() {
        for (int i = 1; i <= 10'000; ++i) {
            FakeStudy study = studyOf(QStringLiteral("1.2.%1").arg(i),
                                      i <= 9'950 ? QStringLiteral("20260301") : QStringLiteral("20260310"));
            study.time = QTime(0, 0).addSecs(i * 4).toString(QStringLiteral("HHmmss"));
            m_archive->studies.push_back(study);
        }
        m_archive->most = 20;
        const auto one = watch();
        look(*one, 2);
        QCOMPARE(studiesWithTask().size(), 50);
    }
};

/// Stretches of time and the joining of orders; no database.
class ArchiveRulesTest final : public QObject {
    Q_OBJECT

private:
    static ArchivedStudy study() {
        ArchivedStudy found;
        found.studyUid = QStringLiteral("1.2.1");
        found.patientId = QStringLiteral("P1");
        found.modalities = {QStringLiteral("CT")};
        found.attributes = {{"00100020", "P1"},
                            {"00100030", "19600102"},
                            {"00100040", "M"},
                            {"00080050", "A1"},
                            {"00080020", "20260310"}};
        return found;
    }
    static JoinedOrder join(const ArchivedStudy& study, const FakeWorklist& list,
                            const std::vector<ArchivedStudy>& others = {}) {
        std::vector<DataSetPtr> answers;
        for (const auto& order : list.orders)
            answers.push_back(copyOf(*order));
        return joinOrder(study, answers, others);
    }

private Q_SLOTS:
    void ranges() {
        const QDateTime morning(QDate(2026, 3, 10), QTime(9, 5, 30), Qt::LocalTime);
        const auto two = rangesOf(morning, QDate(2026, 3, 12));
        QCOMPARE(two.size(), size_t(2));
        QCOMPARE(two[0].dateKey(), QStringLiteral("20260310"));
        QCOMPARE(two[0].timeKey(), QStringLiteral("090500-235959.999999"));
        QCOMPARE(two[1].dateKey(), QStringLiteral("20260311-20260312"));
        QCOMPARE(two[1].timeKey(), QString());
        QVERIFY(rangesOf(morning, QDate(2026, 3, 9)).empty());
        QCOMPARE(rangesOf(QDateTime(QDate(2026, 3, 10), QTime(0, 0)), QDate(2026, 3, 10)).size(), size_t(1));
    }

    /// Halves of halves cover everything once, down to single minutes.
    void halvesLeaveNoGap() {
        std::vector<FindRange> open{FindRange(QDate(2026, 2, 27), QDate(2026, 3, 1))}, minutes;
        while (!open.empty()) {
            const FindRange range = open.back();
            open.pop_back();
            const auto halves = range.halves();
            if (halves.empty())
                minutes.push_back(range);
            open.insert(open.end(), halves.begin(), halves.end());
        }
        QCOMPARE(minutes.size(), size_t(3 * 24 * 60));
        QSet<QString> keys;
        for (const FindRange& minute : minutes)
            keys.insert(minute.dateKey() + u' ' + minute.timeKey());
        QCOMPARE(keys.size(), 3 * 24 * 60);
        QVERIFY(keys.contains(QStringLiteral("20260228 235900-235959.999999")));
    }

    void byUidThenByNumber() {
        FakeWorklist list;
        list.add(QStringLiteral("P1"), QStringLiteral("A1"), QStringLiteral("9.1"), "ROUTINE");
        QCOMPARE(join(study(), list).order["priority"].toString(), QStringLiteral("routine"));
        list.add(QStringLiteral("P1"), QStringLiteral("A7"), QStringLiteral("1.2.1"), "STAT");
        const QJsonObject order = join(study(), list).order;
        QCOMPARE(order["priority"].toString(), QStringLiteral("emergency"));
        QCOMPARE(order["item"].toString(), QStringLiteral("胸部CT2"));
        QVERIFY(!order.contains("accessionNumber")); // the archive says A1
    }

    void anotherPatient_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("birthDate");
        QTest::addColumn<QString>("sex");
        QTest::addColumn<bool>("belongs");
        const auto row = [](const char* name, const char* id, const char* born, const char* sex, bool belongs) {
            QTest::newRow(name) << QString::fromLatin1(id) << QString::fromLatin1(born) << QString::fromLatin1(sex)
                                << belongs;
        };
        row("same", "P1", "19600102", "M", true);
        row("says less", "P1", "", "", true);
        row("other ID", "P2", "19600102", "M", false);
        row("no ID", "", "19600102", "M", false);
        row("other case", "p1", "19600102", "M", false);
        row("other birth date", "P1", "19700102", "M", false);
        row("other sex", "P1", "19600102", "F", false);
        row("sex other", "P1", "19600102", "O", true);
    }
    void anotherPatient() {
        QFETCH(QString, id);
        QFETCH(QString, birthDate);
        QFETCH(QString, sex);
        QFETCH(bool, belongs);
        FakeWorklist list;
        DcmDataset& order = list.add(id, QStringLiteral("A1"), QStringLiteral("1.2.1"), "STAT");
        putText(order, DCM_PatientBirthDate, birthDate);
        putText(order, DCM_PatientSex, sex);
        const JoinedOrder joined = join(study(), list);
        QCOMPARE(!joined.order.isEmpty(), belongs);
        QCOMPARE(joined.otherPatients, belongs ? 0 : 1);
        for (const QString& key : joined.order.keys()) // never anything of the patient
            QVERIFY2(key != u"patient" && key != u"studyUid", qPrintable(key));
    }

    void aStudyWithoutAnId() {
        ArchivedStudy nobody = study();
        nobody.attributes.remove(QStringLiteral("00100020"));
        FakeWorklist list;
        list.add(QString(), QStringLiteral("A1"), QStringLiteral("1.2.1"), "STAT");
        QVERIFY(join(nobody, list).order.isEmpty());
    }

    void severalProcedures() {
        FakeWorklist list;
        list.add(QStringLiteral("P1"), QStringLiteral("A1"), QStringLiteral("9.1"), "ROUTINE");
        putText(list.add(QStringLiteral("P1"), QStringLiteral("A1"), QStringLiteral("9.2"), "HIGH"),
                DCM_RequestingService, QStringLiteral("外科"));
        putText(list.add(QStringLiteral("P1"), QStringLiteral("A1"), QStringLiteral("9.2"), "LOW"), DCM_InstitutionName,
                QStringLiteral("甲"));
        putText(list.add(QStringLiteral("P1"), QStringLiteral("A1"), QStringLiteral("9.2"), "LOW"), DCM_InstitutionName,
                QStringLiteral("乙"));
        const QJsonObject order = join(study(), list).order;
        QCOMPARE(order["priority"].toString(), QStringLiteral("urgent"));
        QCOMPARE(order["item"].toString(), QStringLiteral("胸部CT1; 胸部CT2; 胸部CT3; 胸部CT4"));
        QCOMPARE(order["requestingDepartment"].toString(), QStringLiteral("外科"));
        QVERIFY(!order.contains("requestingHospital")); // they do not agree
    }

    void withoutANumber() {
        ArchivedStudy bare = study();
        bare.attributes.remove(QStringLiteral("00080050"));
        FakeWorklist list;
        DcmDataset& order = list.add(QStringLiteral("P1"), QStringLiteral("A5"), QStringLiteral("9.1"), "STAT");
        QCOMPARE(join(bare, list).order["accessionNumber"].toString(), QStringLiteral("A5"));
        // The order of another study of this patient is not this one's.
        ArchivedStudy other = study();
        other.studyUid = QStringLiteral("1.2.2");
        other.attributes[QStringLiteral("00080050")] = QStringLiteral("A5");
        QVERIFY(join(bare, list, {other}).order.isEmpty());
        // Nor one of last week, nor of another modality.
        DcmItem& step = *itemOf(order, DCM_ScheduledProcedureStepSequence);
        putText(step, DCM_ScheduledProcedureStepStartDate, QStringLiteral("20260303"));
        QVERIFY(join(bare, list).order.isEmpty());
        putText(step, DCM_ScheduledProcedureStepStartDate, QStringLiteral("20260311"));
        QVERIFY(!join(bare, list).order.isEmpty());
        putText(step, DCM_Modality, QStringLiteral("MR"));
        QVERIFY(join(bare, list).order.isEmpty());
        putText(step, DCM_Modality, QStringLiteral("CT"));
        // Two that could be meant: none.
        list.add(QStringLiteral("P1"), QStringLiteral("A6"), QStringLiteral("9.2"), "ROUTINE");
        const JoinedOrder unclear = join(bare, list);
        QVERIFY(unclear.order.isEmpty() && unclear.isUnclear);
        // With a number that nobody has: none either.
        QVERIFY(join(study(), list).order.isEmpty());
    }

    void questionsThatWouldBePatterns() {
        for (const char* id : {"", "*", "P?1", "P1\\P2"})
            QVERIFY(orderKeys(QLatin1String(id)) == nullptr);
        QVERIFY(orderKeys(QStringLiteral("P1")) != nullptr);
    }
};

int main(int argc, char* argv[]) {
    qputenv("TZ", "Asia/Shanghai");
    QCoreApplication application(argc, argv);
    ArchiveRulesTest rules;
    ArchiveWatchTest alone(false);
    ArchiveWatchTest center(true);
    const int failed = QTest::qExec(&rules, argc, argv) + QTest::qExec(&alone, argc, argv);
    return failed + QTest::qExec(&center, argc, argv);
}

#include "archive_watch_test.moc"
