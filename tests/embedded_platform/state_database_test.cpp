#include "embedded_platform/announcement.h"
#include "embedded_platform/platform_schema.h"
#include "embedded_platform/postgres_state_database.h"
#include "embedded_platform/sqlite_state_database.h"
#include "embedded_platform/subscription_store.h"
#include "embedded_platform/workitem_store.h"
#include "platform_fixture.h"
#include "postgres_server.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QElapsedTimer>
#include <QtTest>
#include <atomic>
#include <thread>

using namespace yz;
using namespace yz::platform;
using namespace yz::test;

namespace {

Workitem waitingItem(const QString& uid) {
    auto dataSet = std::make_unique<DcmDataset>();
    putText(*dataSet, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    putText(*dataSet, DCM_SOPInstanceUID, uid);
    putText(*dataSet, DCM_ProcedureStepState, QStringLiteral("SCHEDULED"));
    putText(*dataSet, DCM_PatientName, QStringLiteral("WANG^XIAOMING=王^小明"));
    putText(*dataSet, DCM_PatientID, QStringLiteral("P1"));
    return newWorkitem(std::move(dataSet));
}

/// Takes the item if it waits.
Result<Workitem> claim(WorkitemStore& store, const QString& uid, const QString& transaction) {
    return store.modify(uid, [&](Workitem& item) -> Status {
        if (item.transactionUid == transaction)
            return {};
        if (item.state != UpsState::Scheduled)
            return fail(ErrorCode::TaskClaimedByOther);
        item.state = UpsState::InProgress;
        item.transactionUid = transaction;
        announceState(item);
        return {};
    });
}

/// Tells how many rows were read.
class CountingDatabase final : public StateDatabase {
public:
    explicit CountingDatabase(std::shared_ptr<StateDatabase> database) : m_database(std::move(database)) {}
    using StateDatabase::run;
    Result<std::vector<StateAnswer>> run(const std::vector<StateQuery>& queries) override {
        auto answers = m_database->run(queries);
        if (answers)
            for (const StateAnswer& answer : *answers)
                rows += answer.rows.size();
        return answers;
    }
    Result<std::vector<StateAnswer>> runAndTell(const std::vector<StateQuery>& queries) override {
        return m_database->runAndTell(queries);
    }
    void setListener(std::function<void()> listener) override { m_database->setListener(std::move(listener)); }
    [[nodiscard]] qint64 clockDifferenceMs() const override { return m_database->clockDifferenceMs(); }

    size_t rows = 0;

private:
    std::shared_ptr<StateDatabase> m_database;
};

} // namespace

/// The shared state's promises, the same on both databases.
class StateDatabaseTest final : public QObject {
    Q_OBJECT

public:
    explicit StateDatabaseTest(bool isCenter) : m_isCenter(isCenter) {}

private:
    bool m_isCenter;
    SystemClock m_clock;
    std::unique_ptr<PostgresServer> m_postgres;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_url;
    std::shared_ptr<StateDatabase> m_database;

    std::shared_ptr<StateDatabase> openCenter(std::chrono::milliseconds patience = std::chrono::seconds(120)) {
        PostgresStateDatabase::Settings settings;
        settings.url = m_url;
        settings.patience = patience;
        auto opened = PostgresStateDatabase::open(settings, m_clock);
        if (!opened)
            qWarning("%s", qPrintable(opened.error().toString()));
        return opened ? *opened : nullptr;
    }
    qint64 count(const QString& table) {
        const auto answer = m_database->run(StateQuery{u"SELECT count(*) FROM " + table, {}, "i"});
        return answer ? answer->integer(0, 0) : -1;
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
        if (m_isCenter) {
            m_url = m_postgres->makeDatabase();
            m_database = openCenter();
            QVERIFY(m_database != nullptr);
            return;
        }
        m_folder = std::make_unique<QTemporaryDir>();
        auto opened = Database::open(m_folder->filePath(QStringLiteral("platform.db")), platformMigrations());
        QVERIFY(opened);
        m_database = std::make_shared<SqliteStateDatabase>(*opened);
    }
    void cleanup() { m_database.reset(); }

    void valuesComeBack() {
        QByteArray all;
        for (int i = 0; i < 256; ++i)
            all.append(static_cast<char>(i));
        const qint64 large = std::numeric_limits<qint64>::min() + 1;
        const auto done = m_database->run(
            StateQuery{QStringLiteral("INSERT INTO events (cause, ae_title, workitem, type, data_set, made) "
                                      "VALUES (?1, ?2, ?3, ?4, ?5, ?4)"),
                       {QStringLiteral("王小明 ÄÖ'\"\\; --"), QString(), QStringLiteral("x"), large, all},
                       {}});
        QVERIFY2(done, done ? "" : qPrintable(done.error().toString()));
        QCOMPARE(done->changed, 1);
        const auto read = m_database->run(
            StateQuery{QStringLiteral("SELECT cause, ae_title, type, data_set FROM events"), {}, "ttib"});
        QVERIFY(read);
        QCOMPARE(read->rows.size(), size_t(1));
        QCOMPARE(read->text(0, 0), QStringLiteral("王小明 ÄÖ'\"\\; --"));
        QCOMPARE(read->text(0, 1), QString());
        QCOMPARE(read->integer(0, 2), large);
        QCOMPARE(read->bytes(0, 3), all);
    }

    void allOrNothing() {
        const StateQuery good{QStringLiteral("INSERT INTO nodes (ae_title, host, port) VALUES (?1, ?2, ?3)"),
                              {QStringLiteral("A"), QStringLiteral("h"), qint64(1)},
                              {}};
        const auto done = m_database->run(std::vector<StateQuery>{good, good}); // the second breaks the key
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(count(QStringLiteral("nodes")), qint64(0));
        QVERIFY(m_database->run(good)); // and the connection is still good
        QCOMPARE(count(QStringLiteral("nodes")), qint64(1));
    }

    void itemsAreAddedOnce() {
        WorkitemStore store(m_database, m_clock);
        QVERIFY(store.add(waitingItem(QStringLiteral("1.2.1")), QStringLiteral("study:1")));
        Status again = store.add(waitingItem(QStringLiteral("1.2.1")));
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
        again = store.add(waitingItem(QStringLiteral("1.2.2")), QStringLiteral("study:1"));
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
        QVERIFY(store.add(waitingItem(QStringLiteral("1.2.3"))));
        QVERIFY(store.add(waitingItem(QStringLiteral("1.2.4")))); // two without an origin
        const auto all = store.all({QStringLiteral("SCHEDULED"), QStringLiteral("COMPLETED")});
        QVERIFY(all);
        QCOMPARE(all->size(), size_t(3));
        QCOMPARE(textOf(*all->front().dataSet, DCM_PatientName), QStringLiteral("WANG^XIAOMING=王^小明"));
    }

    /// What is done stays for years: one match must not cost reading all of it.
    void itemsAreReadAFewAtATime() {
        WorkitemStore store(m_database, m_clock);
        constexpr int kItems = 500;
        for (int i = 0; i < kItems; ++i)
            QVERIFY(store.add(waitingItem(QStringLiteral("1.2.%1").arg(i))));
        const auto counting = std::make_shared<CountingDatabase>(m_database);
        const WorkitemStore counted(counting, m_clock);
        QStringList uids;
        QVERIFY(counted.each({}, [&](Workitem& item) {
            uids.append(item.uid);
            return true;
        }));
        QCOMPARE(uids.size(), kItems);
        QCOMPARE(QSet<QString>(uids.begin(), uids.end()).size(), kItems);
        QCOMPARE(counting->rows, size_t(kItems));
        QStringList again; // pages of a list are of one order
        const auto all = counted.all({QStringLiteral("SCHEDULED")});
        QVERIFY(all);
        for (const Workitem& item : *all)
            again.append(item.uid);
        QCOMPARE(again, uids);
        counting->rows = 0;
        int seen = 0;
        QVERIFY(counted.each({QStringLiteral("SCHEDULED")}, [&](Workitem&) { return ++seen < 3; }));
        QCOMPARE(seen, 3);
        QVERIFY2(counting->rows < kItems, qPrintable(QString::number(counting->rows)));
        QVERIFY(counted.each({QStringLiteral("COMPLETED")}, [&](Workitem&) { return ++seen < 3; }));
        QCOMPARE(seen, 3);
    }

    /// Every change is kept, though all read before they write.
    void noChangeIsLost() {
        WorkitemStore store(m_database, m_clock);
        QVERIFY(store.add(waitingItem(QStringLiteral("1.2.1"))));
        constexpr int kThreads = 8;
        constexpr int kChanges = 10;
        std::atomic<int> failed = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i)
            threads.emplace_back([&] {
                for (int k = 0; k < kChanges; ++k)
                    if (!store.modify(QStringLiteral("1.2.1"), [](Workitem& item) -> Status {
                            const int before = textOf(*item.dataSet, DCM_PatientComments).toInt();
                            putText(*item.dataSet, DCM_PatientComments, QString::number(before + 1));
                            return {};
                        }))
                        ++failed;
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(failed.load(), 0);
        const auto item = store.get(QStringLiteral("1.2.1"));
        QVERIFY(item && *item);
        QCOMPARE(textOf(*(*item)->dataSet, DCM_PatientComments), QString::number(kThreads * kChanges));
        QCOMPARE((*item)->version, qint64(kThreads * kChanges));
    }

    void oneClaimWinsAndIsAnnouncedOnce() {
        WorkitemStore store(m_database, m_clock);
        SubscriptionStore subscriptions(m_database);
        QVERIFY(subscriptions.subscribe(QStringLiteral("DESK1"), QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance),
                                        false));
        QVERIFY(subscriptions.subscribe(QStringLiteral("DESK1"), QStringLiteral("1.2.1"), false));
        QVERIFY(subscriptions.subscribe(QStringLiteral("DESK2"), QStringLiteral("1.2.1"), false));
        QVERIFY(store.add(waitingItem(QStringLiteral("1.2.1"))));
        std::atomic<int> won = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&, i] {
                if (claim(store, QStringLiteral("1.2.1"), QString::number(i)))
                    ++won;
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(won.load(), 1);
        QCOMPARE(count(QStringLiteral("events")), qint64(2)); // one for each desk, though DESK1 is subscribed twice
    }

    /// Connections killed under load, then the server itself: no claim is lost and none is made twice.
    void survivesLostConnections() {
        if (!m_isCenter)
            QSKIP("only a server can go away");
        WorkitemStore store(m_database, m_clock);
        constexpr int kItems = 480;
        for (int i = 0; i < kItems; ++i)
            QVERIFY(store.add(waitingItem(QStringLiteral("1.2.%1").arg(i))));
        std::atomic<int> next = 0;
        std::atomic<int> won = 0;
        std::atomic<bool> isStopping = false;
        std::mutex mutex;
        QStringList errors;
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&, i] {
                for (;;) {
                    const int number = next++; // two threads want each item
                    if (number >= 2 * kItems)
                        return;
                    while (number >= 2 * kItems * 5 / 6 && !isStopping) // something is left for the restart
                        QThread::msleep(1);
                    const QString uid = QStringLiteral("1.2.%1").arg(number / 2);
                    const auto claimed = claim(store, uid, QStringLiteral("%1.%2").arg(i).arg(number));
                    if (claimed) {
                        ++won;
                    } else if (claimed.error().code != ErrorCode::TaskClaimedByOther) {
                        const std::scoped_lock lock(mutex);
                        errors.append(claimed.error().toString());
                    }
                }
            });
        const auto waitFor = [&](int sixths) {
            while (next < 2 * kItems * sixths / 6)
                QThread::msleep(1);
        };
        int killed = 0;
        for (int i = 1; i <= 4; ++i) {
            waitFor(i);
            killed += m_postgres->terminateConnections(m_url);
        }
        waitFor(5);
        const bool isInTheMiddle = next < 2 * kItems;
        isStopping = true;
        m_postgres->stopAtOnce();
        QThread::msleep(300);
        const bool isBack = m_postgres->start();
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(isBack);
        QVERIFY(isInTheMiddle);
        QVERIFY(killed > 0);
        QVERIFY2(errors.isEmpty(), qPrintable(errors.join(u'\n')));
        QCOMPARE(won.load(), kItems);
        const auto all = store.all({QStringLiteral("IN PROGRESS")});
        QVERIFY(all);
        QCOMPARE(all->size(), size_t(kItems));
        for (const Workitem& item : *all)
            QCOMPARE(item.version, qint64(1));
    }

    /// The first run of a batch took effect and its answer was lost: running it again changes nothing, and asking says
    /// so.
    void repeatedWriteIsRecognized() {
        WorkitemStore store(m_database, m_clock);
        class Repeating final : public StateDatabase {
        public:
            explicit Repeating(std::shared_ptr<StateDatabase> to) : m_to(std::move(to)) {}
            using StateDatabase::run;
            Result<std::vector<StateAnswer>> run(const std::vector<StateQuery>& queries) override {
                if (auto first = m_to->run(queries); !first)
                    return first;
                return m_to->run(queries);
            }
            Result<std::vector<StateAnswer>> runAndTell(const std::vector<StateQuery>& queries) override {
                return run(queries);
            }
            void setListener(std::function<void()>) override {}

        private:
            std::shared_ptr<StateDatabase> m_to;
        };
        WorkitemStore shaky(std::make_shared<Repeating>(m_database), m_clock);
        SubscriptionStore subscriptions(m_database);
        QVERIFY(subscriptions.subscribe(QStringLiteral("DESK1"), QStringLiteral("1.2.1"), false));
        QVERIFY(shaky.add(waitingItem(QStringLiteral("1.2.1"))));
        int calls = 0;
        const auto changed = shaky.modify(QStringLiteral("1.2.1"), [&](Workitem& item) -> Status {
            ++calls;
            if (item.state != UpsState::Scheduled)
                return fail(ErrorCode::TaskClaimedByOther);
            item.state = UpsState::InProgress;
            announceState(item);
            return {};
        });
        QVERIFY2(changed, changed ? "" : qPrintable(changed.error().toString()));
        QCOMPARE(calls, 1);
        const auto item = store.get(QStringLiteral("1.2.1"));
        QVERIFY(item && *item);
        QCOMPARE((*item)->version, qint64(1));
        QCOMPARE(count(QStringLiteral("events")), qint64(1));
    }

    /// Stopped in the middle of a claim, it keeps the line and says nothing. Later it goes on with what it was given,
    /// when the claim has long been sent again.
    void silentServer() {
        if (!m_isCenter)
            QSKIP("only a server can be silent");
        PostgresStateDatabase::Settings settings;
        settings.url = m_url;
        settings.patience = std::chrono::seconds(120);
        settings.answerLimit = std::chrono::milliseconds(1000);
        const auto opened = PostgresStateDatabase::open(settings, m_clock);
        QVERIFY(opened);
        WorkitemStore store(*opened, m_clock);
        constexpr int kThreads = 4;
        constexpr int kEach = 100;
        for (int i = 0; i < kThreads * kEach; ++i)
            QVERIFY(store.add(waitingItem(QStringLiteral("1.2.%1").arg(i))));
        std::atomic<int> won = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i)
            threads.emplace_back([&, i] {
                for (int k = 0; k < kEach; ++k)
                    if (claim(store, QStringLiteral("1.2.%1").arg(i * kEach + k), QStringLiteral("T")))
                        ++won;
            });
        while (won < 50)
            QThread::msleep(1);
        m_postgres->suspend();
        const bool isInTheMiddle = won < kThreads * kEach;
        QThread::msleep(2500);
        m_postgres->resume();
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(isInTheMiddle);
        QCOMPARE(won.load(), kThreads * kEach);
        const auto all = store.all({QStringLiteral("IN PROGRESS")});
        QVERIFY(all);
        QCOMPARE(all->size(), size_t(kThreads * kEach));
        for (const Workitem& item : *all)
            QCOMPARE(item.version, qint64(1));
    }

    void patienceHasAnEnd() {
        if (!m_isCenter)
            QSKIP("only a server can be away");
        const auto impatient = openCenter(std::chrono::milliseconds(500));
        QVERIFY(impatient != nullptr);
        QVERIFY(impatient->run(StateQuery{QStringLiteral("SELECT 1"), {}, {}}));
        m_postgres->stopAtOnce();
        QElapsedTimer timer;
        timer.start();
        const auto answer = impatient->run(StateQuery{QStringLiteral("SELECT 1"), {}, {}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::DatabaseBusy);
        QVERIFY(timer.elapsed() < 5000);
        QVERIFY(m_postgres->start());
        const auto patient = openCenter();
        QVERIFY(patient != nullptr);
        QVERIFY(patient->run(StateQuery{QStringLiteral("SELECT 1"), {}, {}}));
    }

    void noticesReachTheOtherPlatform() {
        if (!m_isCenter)
            QSKIP("a platform alone has no other");
        const auto other = openCenter();
        QVERIFY(other != nullptr);
        std::atomic<int> heard = 0;
        other->setListener([&] { ++heard; });
        QTest::qWait(300); // the call after LISTEN itself
        const auto hears = [&] {
            const int before = heard.load();
            const auto told = m_database->runAndTell(
                {{QStringLiteral("INSERT INTO events (cause, ae_title, workitem, type, data_set, made) "
                                 "VALUES (?1, 'D', 'w', ?2, ?3, ?2)"),
                  {newUid(), qint64(1), QByteArray("x")},
                  {}}});
            return told && told->size() == 1 && QTest::qWaitFor([&] { return heard.load() > before; }, 10000);
        };
        QVERIFY(hears());
        m_postgres->terminateConnections(m_url);
        QTest::qWait(500);
        QVERIFY(hears()); // listens again
        other->setListener({});
    }

    void laterSchemaIsRefused() {
        if (!m_isCenter)
            QSKIP("test_platform_archive has it for SQLite");
        m_postgres->sql(m_url, QStringLiteral("UPDATE yuanzhen.schema_version SET version = 999"));
        PostgresStateDatabase::Settings settings;
        settings.url = m_url;
        const auto opened = PostgresStateDatabase::open(settings, m_clock);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::DatabaseTooNew);
        settings.url = QStringLiteral("postgresql://yz@/nosuch?host=") + m_url.section(u'=', 1);
        const auto unknown = PostgresStateDatabase::open(settings, m_clock);
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().code, ErrorCode::DatabaseBusy);
    }

    void platformsMayStartTogether() {
        if (!m_isCenter)
            QSKIP("one platform has one index");
        m_url = m_postgres->makeDatabase();
        std::atomic<int> opened = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                if (openCenter() != nullptr)
                    ++opened;
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(opened.load(), 4);
    }
};

int main(int argc, char* argv[]) {
    QCoreApplication application(argc, argv);
    StateDatabaseTest alone(false);
    StateDatabaseTest center(true);
    const int failed = QTest::qExec(&alone, argc, argv);
    return failed + QTest::qExec(&center, argc, argv);
}

#include "state_database_test.moc"
