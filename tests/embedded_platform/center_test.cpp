#include "dicom_tool.h"
#include "dimse_scu.h"
#include "embedded_platform/data_set.h"
#include "event_collector.h"
#include "platform_fixture.h"
#include "platform_process.h"
#include "postgres_server.h"

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/oflog/oflog.h>

#include <QDir>
#include <QElapsedTimer>
#include <QtTest>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

using namespace yz;
using namespace yz::test;
using yz::platform::addItem;
using yz::platform::putText;
using yz::platform::textOf;

namespace {

bool isFull() { return qEnvironmentVariableIntValue("YZ_CENTER_FULL") != 0; }

/// A reading that waits, as a hospital's system would push it.
std::unique_ptr<DcmDataset> waitingReading(int number) {
    auto attributes = std::make_unique<DcmDataset>();
    putText(*attributes, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    putText(*attributes, DCM_ProcedureStepState, QStringLiteral("SCHEDULED"));
    putText(*attributes, DCM_ScheduledProcedureStepPriority, QStringLiteral("MEDIUM"));
    putText(*attributes, DCM_ProcedureStepLabel, QStringLiteral("胸部CT"));
    putText(*attributes, DCM_ScheduledProcedureStepStartDateTime, QStringLiteral("20260302010000+0000"));
    putText(*attributes, DCM_InputReadinessState, QStringLiteral("READY"));
    putText(*attributes, DCM_PatientID, QStringLiteral("P%1").arg(number));
    putText(*attributes, DCM_PatientName, QStringLiteral("TEST^%1=测试").arg(number));
    DcmItem& code = addItem(*attributes, DCM_ScheduledWorkitemCodeSequence);
    putText(code, DCM_CodeValue, QStringLiteral("READ"));
    putText(code, DCM_CodingSchemeDesignator, QStringLiteral("99YZ"));
    putText(addItem(*attributes, DCM_ReferencedRequestSequence), DCM_StudyInstanceUID,
            QStringLiteral("2.25.55.%1").arg(number));
    return attributes;
}

std::unique_ptr<DcmDataset> performed(const QString& transaction, const QString& report) {
    auto modifications = std::make_unique<DcmDataset>();
    putText(*modifications, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    putText(*modifications, DCM_TransactionUID, transaction);
    DcmItem& procedure = addItem(*modifications, DCM_UnifiedProcedureStepPerformedProcedureSequence);
    putText(addItem(procedure, DCM_ActualHumanPerformersSequence), DCM_HumanPerformerName, QStringLiteral("=王医生"));
    DcmItem& code = addItem(procedure, DCM_PerformedWorkitemCodeSequence);
    putText(code, DCM_CodeValue, QStringLiteral("READ"));
    putText(code, DCM_CodingSchemeDesignator, QStringLiteral("99YZ"));
    putText(procedure, DCM_PerformedProcedureStepStartDateTime, QStringLiteral("20260302010000+0000"));
    putText(procedure, DCM_PerformedProcedureStepEndDateTime, QStringLiteral("20260302020000+0000"));
    DcmItem& output = addItem(procedure, DCM_OutputInformationSequence);
    putText(output, DCM_TypeOfInstances, QStringLiteral("DICOM"));
    putText(output, DCM_StudyInstanceUID, QStringLiteral("2.25.55"));
    putText(output, DCM_SeriesInstanceUID, QStringLiteral("2.25.55.900"));
    DcmItem& object = addItem(output, DCM_ReferencedSOPSequence);
    putText(object, DCM_ReferencedSOPClassUID, QStringLiteral(UID_EnhancedSRStorage));
    putText(object, DCM_ReferencedSOPInstanceUID, report);
    return modifications;
}

/// What the desks of a run did.
struct Ledger {
    std::mutex mutex;
    std::map<QString, QStringList> reports; ///< work item -> reports that were completed for it
    std::vector<double> claimMs;            ///< from the first request to the answer, also over a lost connection
    int refused = 0;
    std::atomic<int> done = 0;
};

/// A reader at a desk: asks for the list, takes the next task, reports it, until nothing waits. When a platform does
/// not answer it goes to the other one and says the same thing again.
class Desk {
public:
    Desk(int number, const std::array<std::atomic<quint16>, 2>& ports, int tasks, Ledger& ledger)
        : m_number(number), m_ports(ports), m_tasks(tasks), m_ledger(ledger), m_at(size_t(number) % 2),
          m_random(unsigned(number)) {}

    void work() {
        QElapsedTimer idle;
        idle.start();
        while (m_ledger.done < m_tasks && !m_hasGivenUp && idle.elapsed() < 90'000) {
            const QStringList waiting = list();
            if (waiting.isEmpty())
                QThread::msleep(50);
            else
                idle.restart();
            int refusedInARow = 0;
            for (qsizetype i = 0; i < waiting.size() && refusedInARow < 10;) {
                if (take(waiting[i])) {
                    refusedInARow = 0;
                    i += 1;
                } else { // everybody begins at the top: look further down
                    ++refusedInARow;
                    i += 1 + qsizetype(m_random() % 16);
                }
            }
        }
    }

private:
    int m_number;
    const std::array<std::atomic<quint16>, 2>& m_ports;
    int m_tasks;
    Ledger& m_ledger;
    size_t m_at;
    std::mt19937 m_random;
    std::unique_ptr<DimseScu> m_scu;
    bool m_hasGivenUp = false;

    DimseScu* line() {
        for (int i = 0; i < 600; ++i) {
            if (m_scu != nullptr && m_scu->isOpen())
                return m_scu.get();
            m_scu = std::make_unique<DimseScu>(m_ports[m_at], QStringList{DimseScu::upsPull()},
                                               QStringLiteral("DESK%1").arg(m_number));
            if (!m_scu->isOpen()) {
                m_at = 1 - m_at;
                QThread::msleep(50);
            }
        }
        m_hasGivenUp = true;
        return nullptr;
    }
    void hangUp() {
        m_scu->abort();
        m_scu.reset();
        m_at = 1 - m_at;
    }
    /// Says it until there is an answer that is one.
    int insist(const std::function<int(DimseScu&)>& request) {
        for (int i = 0; i < 600; ++i) {
            DimseScu* scu = line();
            if (scu == nullptr)
                return -1;
            const int status = request(*scu);
            if (status >= 0 && status != 0x0110)
                return status;
            if (status < 0)
                hangUp();
            else
                QThread::msleep(100); // the platform lost its database for the moment
        }
        return -1;
    }
    QStringList list() {
        DimseScu* scu = line();
        if (scu == nullptr)
            return {};
        DcmDataset keys;
        putText(keys, DCM_ProcedureStepState, QStringLiteral("SCHEDULED"));
        keys.insertEmptyElement(DCM_SOPInstanceUID);
        putText(addItem(keys, DCM_ScheduledWorkitemCodeSequence), DCM_CodeValue, QStringLiteral("READ"));
        QStringList uids;
        for (const auto& match : scu->find(DimseScu::upsPull(), keys))
            uids.append(textOf(*match, DCM_SOPInstanceUID));
        return uids;
    }
    bool take(const QString& uid) {
        const QString transaction = newUid();
        QElapsedTimer timer;
        timer.start();
        const int claimed = insist([&](DimseScu& scu) { return scu.changeState(uid, "IN PROGRESS", transaction); });
        const double ms = double(timer.nsecsElapsed()) / 1e6;
        if (claimed != 0) {
            const std::scoped_lock lock(m_ledger.mutex);
            ++m_ledger.refused;
            return false;
        }
        const QString report = newUid();
        const int written = insist([&](DimseScu& scu) {
            const auto modifications = performed(transaction, report);
            return scu.set(DimseScu::upsPull(), uid, *modifications).status;
        });
        const int completed = insist([&](DimseScu& scu) { return scu.changeState(uid, "COMPLETED", transaction); });
        const std::scoped_lock lock(m_ledger.mutex);
        m_ledger.claimMs.push_back(ms);
        // 0xB306: it was completed by us, the answer was lost.
        if (written == 0 && (completed == 0 || completed == 0xB306)) {
            m_ledger.reports[uid].append(report);
            ++m_ledger.done;
        }
        return true;
    }
};

double quantile(std::vector<double> values, double q) {
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[size_t(q * double(values.size() - 1))];
}

} // namespace

/// Several platforms on one database.
class CenterTest final : public QObject {
    Q_OBJECT

    std::unique_ptr<PostgresServer> m_postgres;
    QString m_url;

    struct Pair {
        PlatformFixture first, second;
        void start(const QString& url) {
            first.options.database = url;
            second.options.database = url;
            first.start();
            second.start();
        }
    };
    int rows(const QString& condition) {
        const QStringList found = m_postgres->sql(m_url, u"SELECT count(*) FROM yuanzhen.workitems WHERE " + condition);
        return found.isEmpty() ? -1 : found[0].toInt();
    }
    /// One task, pushed to a platform.
    static QString push(quint16 port, int number) {
        DimseScu scu(port, {DimseScu::upsPush()});
        const auto attributes = waitingReading(number);
        const DimseScu::Answer created = scu.create(DimseScu::upsPush(), {}, *attributes);
        return created.status == 0 ? created.instance : QString();
    }

private Q_SLOTS:
    void initTestCase() {
        OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
        if (const QString missing = PostgresServer::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        m_postgres = std::make_unique<PostgresServer>();
        QVERIFY(m_postgres->start());
    }
    void init() { m_url = m_postgres->makeDatabase(); }

    void claimHoldsAtEveryPlatform() {
        Pair pair;
        pair.start(m_url);
        const QString uid = push(pair.first.port(), 1);
        QVERIFY(!uid.isEmpty());
        DimseScu first(pair.first.port(), {DimseScu::upsPull()});
        DimseScu second(pair.second.port(), {DimseScu::upsPull()});
        const QString ours = newUid();
        QCOMPARE(first.changeState(uid, "IN PROGRESS", ours), 0);
        QCOMPARE(second.changeState(uid, "IN PROGRESS", newUid()), 0xC302);
        QCOMPARE(second.changeState(uid, "IN PROGRESS", ours), 0); // the answer was lost, asked elsewhere
        const auto report = performed(ours, newUid());
        QCOMPARE(second.set(DimseScu::upsPull(), uid, *report).status, 0);
        QCOMPARE(second.changeState(uid, "COMPLETED", ours), 0);
        QCOMPARE(first.changeState(uid, "COMPLETED", ours), 0xB306);
        QCOMPARE(rows(QStringLiteral("kind = 'REVIEW' AND state = 'SCHEDULED'")), 1);
        // A second platform's later clock does not end a lease; a lease that is over is over for both.
        const QString other = push(pair.second.port(), 2);
        QCOMPARE(first.changeState(other, "IN PROGRESS", ours), 0);
        pair.second.clock.advance(25 * 3600);
        QCOMPARE(second.changeState(other, "IN PROGRESS", newUid()), 0);
        QCOMPARE(first.changeState(other, "CANCELED", ours), 0xC301);
    }

    /// The clock of one computer is a day late: its lease is the center's all the same.
    void wrongClockEndsNoLease() {
        Pair pair;
        pair.second.clock.advance(25 * 3600);
        pair.start(m_url);
        const QString uid = push(pair.first.port(), 1);
        DimseScu first(pair.first.port(), {DimseScu::upsPull()});
        DimseScu second(pair.second.port(), {DimseScu::upsPull()});
        QCOMPARE(first.changeState(uid, "IN PROGRESS", newUid()), 0);
        QCOMPARE(second.changeState(uid, "IN PROGRESS", newUid()), 0xC302);
    }

    void oneStudyMakesOneTask() {
        Pair pair;
        SampleInstance sample;
        sample.studyUid = QStringLiteral("2.25.77100");
        sample.seriesUid = QStringLiteral("2.25.77100.1");
        sample.instanceUid = QStringLiteral("2.25.77100.1.1");
        const QString folder = pair.first.folder() + QStringLiteral("/in");
        QDir().mkpath(folder);
        writeInstance(folder + QStringLiteral("/a.dcm"), sample);
        pair.first.options.importFolders = {folder};
        pair.second.options.importFolders = {folder};
        pair.start(m_url);
        QVERIFY(pair.first.waitForWorkitems(1));
        QTest::qWait(1500);
        QCOMPARE(rows(QStringLiteral("true")), 1);
    }

    void eventsReachSubscribersOfTheOther_data() {
        QTest::addColumn<bool>("notices");
        QTest::newRow("by notice") << true;
        QTest::newRow("by looking") << false;
    }
    /// Only the first platform knows where the subscriber is; the changes happen at the second.
    void eventsReachSubscribersOfTheOther() {
        QFETCH(bool, notices);
        EventCollector watcher;
        Pair pair;
        pair.first.options.nodesFile = pair.first.folder() + QStringLiteral("/nodes.json");
        QFile nodes(pair.first.options.nodesFile);
        QVERIFY(nodes.open(QIODevice::WriteOnly));
        nodes.write("{\"WATCHER\": \"127.0.0.1:" + QByteArray::number(watcher.port()) + "\"}");
        nodes.close();
        pair.first.options.databaseNotices = notices;
        pair.start(m_url);
        DimseScu watch(pair.first.port(), {DimseScu::upsWatch()});
        DcmDataset information;
        putText(information, DCM_ReceivingAE, QStringLiteral("WATCHER"));
        putText(information, DCM_DeletionLock, QStringLiteral("FALSE"));
        QCOMPARE(watch
                     .action(DimseScu::upsWatch(), DimseScu::upsPush(),
                             QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance), 3, information)
                     .status,
                 0);
        const QString uid = push(pair.second.port(), 1);
        QVERIFY(watcher.waitFor(1, uid, QStringLiteral("SCHEDULED")));
        DimseScu second(pair.second.port(), {DimseScu::upsPull()});
        const QString ours = newUid();
        QCOMPARE(second.changeState(uid, "IN PROGRESS", ours), 0);
        QCOMPARE(second.changeState(uid, "CANCELED", ours), 0);
        QVERIFY(watcher.waitFor(1, uid, QStringLiteral("CANCELED")));
        QStringList states;
        for (const EventCollector::Event& event : watcher.events())
            if (event.workitem == uid)
                states.append(event.state);
        QCOMPARE(states, QStringList({"SCHEDULED", "IN PROGRESS", "CANCELED"}));
        // Delivered, they are gone.
        QVERIFY(QTest::qWaitFor([&] {
            return m_postgres->sql(m_url, QStringLiteral("SELECT count(*) FROM yuanzhen.events")) == QStringList("0");
        }));
    }

    /// The platform that delivered to a receiver until now is killed: another one takes its turn.
    void eventsGoOnAfterAKill() {
        EventCollector watcher;
        QTemporaryDir folder;
        const QStringList options{"--database", m_url, "--node",
                                  u"WATCHER:127.0.0.1:" + QString::number(watcher.port())};
        auto first = std::make_unique<PlatformProcess>(folder.filePath(QStringLiteral("1")), options);
        const quint16 firstPort = first->waitForPort();
        {
            DimseScu watch(firstPort, {DimseScu::upsWatch()});
            DcmDataset information;
            putText(information, DCM_ReceivingAE, QStringLiteral("WATCHER"));
            putText(information, DCM_DeletionLock, QStringLiteral("FALSE"));
            QCOMPARE(watch
                         .action(DimseScu::upsWatch(), DimseScu::upsPush(),
                                 QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance), 3, information)
                         .status,
                     0);
        }
        const QString before = push(firstPort, 1);
        QVERIFY(watcher.waitFor(1, before));
        PlatformProcess second(folder.filePath(QStringLiteral("2")), options);
        const quint16 secondPort = second.waitForPort();
        first->killHard();
        const QString after = push(secondPort, 2);
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto events = watcher.events();
                return std::any_of(events.begin(), events.end(),
                                   [&](const EventCollector::Event& e) { return e.workitem == after; });
            },
            30000));
    }

    /// A platform ended between COMPLETED and what follows from it: another one makes it.
    void othersFollowUp() {
        Pair pair;
        pair.start(m_url);
        const QString uid = push(pair.first.port(), 1);
        {
            DimseScu scu(pair.first.port(), {DimseScu::upsPull()});
            const QString ours = newUid();
            QCOMPARE(scu.changeState(uid, "IN PROGRESS", ours), 0);
            const auto report = performed(ours, newUid());
            QCOMPARE(scu.set(DimseScu::upsPull(), uid, *report).status, 0);
            QCOMPARE(scu.changeState(uid, "COMPLETED", ours), 0);
        }
        pair.first.stop();
        m_postgres->sql(m_url, QStringLiteral("DELETE FROM yuanzhen.workitems WHERE kind = 'REVIEW'"));
        m_postgres->sql(m_url,
                        QStringLiteral("UPDATE yuanzhen.workitems SET follow_up = 1, changed = changed - 60000"));
        QVERIFY(QTest::qWaitFor([&] { return rows(QStringLiteral("kind = 'REVIEW'")) == 1; }, 15000));
        QVERIFY(QTest::qWaitFor([&] { return rows(QStringLiteral("follow_up = 1")) == 0; }, 5000));
    }

    void desksShareTheWork_data() {
        QTest::addColumn<QString>("fault");
        QTest::newRow("nothing happens") << QString();
        QTest::newRow("one platform is killed") << QStringLiteral("kill");
        QTest::newRow("the database restarts") << QStringLiteral("restart");
    }
    /// Real associations from every desk to two real platforms; each task is read exactly once, and has one review.
    void desksShareTheWork() {
        QFETCH(QString, fault);
        const int desks = isFull() ? 50 : 12;
        const int tasks = isFull() ? 1000 : 200;
        QTemporaryDir folder;
        const QStringList options{"--database", m_url, "--max-associations", "100"};
        const auto startPlatform = [&](int which) {
            return std::make_unique<PlatformProcess>(folder.filePath(QString::number(which)), options);
        };
        std::array<std::unique_ptr<PlatformProcess>, 2> platforms{startPlatform(0), startPlatform(1)};
        std::array<std::atomic<quint16>, 2> ports{platforms[0]->waitForPort(), platforms[1]->waitForPort()};
        QVERIFY(ports[0] != 0 && ports[1] != 0);
        for (int i = 0; i < 2; ++i) {
            DimseScu scu(ports[size_t(i)], {DimseScu::upsPush()});
            for (int k = i; k < tasks; k += 2) {
                const auto attributes = waitingReading(k);
                QCOMPARE(scu.create(DimseScu::upsPush(), {}, *attributes).status, 0);
            }
        }
        Ledger ledger;
        QElapsedTimer timer;
        timer.start();
        std::vector<std::thread> threads;
        for (int i = 0; i < desks; ++i)
            threads.emplace_back([&, i] { Desk(i, ports, tasks, ledger).work(); });
        const auto waitFor = [&](int done) {
            while (ledger.done < done && timer.elapsed() < 600'000)
                QThread::msleep(10);
        };
        if (fault == u"kill") {
            waitFor(tasks / 4);
            platforms[1]->killHard();
            waitFor(tasks / 2);
            platforms[1] = startPlatform(1);
            ports[1] = platforms[1]->waitForPort();
        } else if (fault == u"restart") {
            waitFor(tasks / 4);
            m_postgres->terminateConnections(m_url);
            waitFor(tasks / 2);
            m_postgres->stopAtOnce();
            QVERIFY(m_postgres->start());
        }
        for (std::thread& thread : threads)
            thread.join();
        const double seconds = double(timer.elapsed()) / 1000;
        qInfo("%d desks, %d tasks, %s: %.1f s, %.0f tasks/s; claim median %.1f ms, p99 %.1f ms, longest %.0f ms; "
              "%d claims refused",
              desks, tasks, fault.isEmpty() ? "no fault" : qPrintable(fault), seconds, tasks / seconds,
              quantile(ledger.claimMs, 0.5), quantile(ledger.claimMs, 0.99), quantile(ledger.claimMs, 1),
              ledger.refused);
        QCOMPARE(ledger.done.load(), tasks);
        QCOMPARE(ledger.reports.size(), size_t(tasks));
        for (const auto& [uid, reports] : ledger.reports)
            QCOMPARE(reports.size(), 1);
        QVERIFY(QTest::qWaitFor(
            [&] { return rows(QStringLiteral("kind = 'REVIEW' AND state = 'SCHEDULED'")) == tasks; }, 30000));
        QCOMPARE(rows(QStringLiteral("kind = 'READ' AND state = 'COMPLETED'")), tasks);
        QCOMPARE(rows(QStringLiteral("true")), 2 * tasks);
        // The report the desk handed in is the one the platform holds.
        DimseScu scu(ports[0], {DimseScu::upsPull()});
        int compared = 0;
        for (const auto& [uid, reports] : ledger.reports) {
            if (++compared > 50)
                break;
            const DimseScu::Answer found = scu.get(DimseScu::upsPull(), uid, {});
            QVERIFY(found.dataSet != nullptr);
            DcmItem* procedure = platform::itemOf(*found.dataSet, DCM_UnifiedProcedureStepPerformedProcedureSequence);
            QVERIFY(procedure != nullptr);
            DcmItem* object = platform::itemOf(*platform::itemOf(*procedure, DCM_OutputInformationSequence),
                                               DCM_ReferencedSOPSequence);
            QCOMPARE(textOf(*object, DCM_ReferencedSOPInstanceUID), reports[0]);
        }
    }
};

QTEST_GUILESS_MAIN(CenterTest)
#include "center_test.moc"
