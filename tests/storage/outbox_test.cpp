#include "storage/desk_store.h"
#include "storage/schema.h"

#include "sample_report.h"
#include "support/fake_clock.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace std::chrono_literals;
using Kind = OutboxItem::Kind;
using State = OutboxItem::State;

class OutboxTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_parent;
    int m_count = 0;
    test::FakeClock m_clock;
    std::unique_ptr<DeskStore> m_desk;

    qint64 add(Kind kind, const QString& study, const QDateTime& notBefore = {}) {
        return m_desk->outbox().add(test::outboxItem(kind, InstanceUid(study + u".1"), notBefore, study)).value();
    }
    qint64 due() {
        const auto item = m_desk->outbox().nextDue().value();
        return item ? item->number : 0;
    }

private Q_SLOTS:
    void init() {
        m_clock = {};
        m_desk = DeskStore::open(m_parent.filePath(QString::number(++m_count)), m_clock).value();
    }

    void itemComesBackAsItWas() {
        OutboxItem item =
            test::outboxItem(Kind::CancelTask, InstanceUid(QStringLiteral("1.5")), m_clock.nowUtc().addSecs(600));
        item.number = m_desk->outbox().add(item).value();
        const OutboxItem found = m_desk->outbox().all()->at(0);
        QCOMPARE(found.number, item.number);
        QCOMPARE(found.kind, Kind::CancelTask);
        QCOMPARE(found.state, State::Queued);
        QCOMPARE(found.study, item.study);
        QCOMPARE(found.task, item.task);
        QCOMPARE(found.reportInstance, item.reportInstance);
        QCOMPARE(found.transaction, item.transaction);
        QCOMPARE(found.details, item.details);
        QCOMPARE(found.createdAt, m_clock.nowUtc());
        QCOMPARE(found.notBefore, item.notBefore);
        QVERIFY(!found.lastError && !found.deliveredAt.isValid());
        QCOMPARE(outboxKindName(Kind::StoreReport), QStringLiteral("store-report"));
        QCOMPARE(outboxStateName(State::Parked), QStringLiteral("parked"));
    }

    void orderWithinAStudy() {
        const qint64 a1 = add(Kind::StoreReport, QStringLiteral("1"));
        const qint64 b1 = add(Kind::StoreReport, QStringLiteral("2"));
        const qint64 a2 = add(Kind::SetOutput, QStringLiteral("1"));
        const qint64 a3 = add(Kind::CompleteTask, QStringLiteral("1"));
        QCOMPARE(due(), a1);
        QVERIFY(m_desk->outbox().markRetry(a1, {ErrorCode::PlatformUnreachable, QStringLiteral("refused")},
                                           m_clock.nowUtc().addSecs(30)));
        QCOMPARE(due(), b1); // the other study goes on
        QVERIFY(m_desk->outbox().markDelivered(b1));
        QCOMPARE(due(), 0); // a2 and a3 wait behind a1
        QCOMPARE(m_desk->outbox().nextDueTime()->value(), m_clock.nowUtc().addSecs(30));
        m_clock.advance(30s);
        QCOMPARE(due(), a1);
        QCOMPARE(m_desk->outbox().nextDue()->value().attempts, 1);
        QCOMPARE(m_desk->outbox().nextDue()->value().lastError->code, ErrorCode::PlatformUnreachable);
        QVERIFY(m_desk->outbox().markSent(a1, TransactionUid(QStringLiteral("9.9"))));
        const OutboxItem sent = m_desk->outbox().nextDue()->value();
        QCOMPARE(sent.number, a1); // the proof is outstanding: still the study's first
        QCOMPARE(sent.state, State::Sent);
        QCOMPARE(sent.transaction.value(), QStringLiteral("9.9"));
        QVERIFY(!sent.lastError);
        QVERIFY(m_desk->outbox().markDelivered(a1));
        QCOMPARE(due(), a2);
        QVERIFY(m_desk->outbox().markDelivered(a2));
        QCOMPARE(due(), a3);
        QCOMPARE(m_desk->outbox().pendingCount().value(), 1);
        QVERIFY(m_desk->outbox().markDelivered(a3));
        QCOMPARE(due(), 0);
        QVERIFY(!m_desk->outbox().nextDueTime()->has_value());
        QCOMPARE(m_desk->outbox().pendingCount().value(), 0);
        QCOMPARE(m_desk->outbox().all()->at(0).deliveredAt, m_clock.nowUtc());
    }

    void parkedBlocksItsStudyOnly() {
        const qint64 a1 = add(Kind::StoreReport, QStringLiteral("1"));
        const qint64 a2 = add(Kind::SetOutput, QStringLiteral("1"));
        const qint64 b1 = add(Kind::StoreReport, QStringLiteral("2"));
        QVERIFY(m_desk->outbox().park(a1, {ErrorCode::PeerRefusedObject, QStringLiteral("0xA900")}));
        QCOMPARE(due(), b1);
        QVERIFY(m_desk->outbox().markDelivered(b1));
        QCOMPARE(due(), 0);
        QVERIFY(!m_desk->outbox().nextDueTime()->has_value());
        QCOMPARE(m_desk->outbox().pendingCount().value(), 2);
        QVERIFY(!m_desk->outbox().markDelivered(a1)); // only a person gets it going again
        QVERIFY(m_desk->outbox().requeue(a1));
        QCOMPARE(due(), a1);
        QVERIFY(m_desk->outbox().markDelivered(a1));
        QCOMPARE(due(), a2);
    }

    void dueTimes() {
        const qint64 later = add(Kind::StoreReport, QStringLiteral("1"), m_clock.nowUtc().addSecs(600));
        add(Kind::SetOutput, QStringLiteral("1")); // due by itself, but behind `later`
        QCOMPARE(due(), 0);
        QCOMPARE(m_desk->outbox().nextDueTime()->value(), m_clock.nowUtc().addSecs(600));
        QCOMPARE(m_desk->outbox().requeue(later).error().code, ErrorCode::NotAllowed); // the undo window stands
        m_clock.advance(599999ms);
        QCOMPARE(due(), 0);
        m_clock.advance(1ms);
        QCOMPARE(due(), later);
    }

    void clockSetBackMakesNoLongerWait() {
        const QDateTime right = m_clock.nowUtc();
        m_clock.setNowUtc(right.addSecs(8 * 3600)); // local time taken for UTC
        const qint64 approved = add(Kind::StoreReport, QStringLiteral("1"), m_clock.nowUtc().addSecs(600));
        const qint64 tried = add(Kind::StoreReport, QStringLiteral("2"));
        QVERIFY(m_desk->outbox().markRetry(tried, {ErrorCode::NetworkTimeout, {}}, m_clock.nowUtc().addSecs(30)));
        m_clock.setNowUtc(right);
        QCOMPARE(due(), 0); // the undo window begins anew, it does not close at once
        QCOMPARE(m_desk->outbox().nextDueTime()->value(), right.addSecs(600));
        QCOMPARE(m_desk->outbox().all()->at(0).createdAt, right);
        m_clock.advance(599s);
        QCOMPARE(due(), 0);
        m_clock.advance(1s);
        QCOMPARE(due(), approved);
        QVERIFY(m_desk->outbox().markDelivered(approved));
        QCOMPARE(due(), tried);
    }

    void clockSetBackALittle() {
        const qint64 item = add(Kind::StoreReport, QStringLiteral("1"), m_clock.nowUtc().addSecs(600));
        m_clock.advance(500s);
        m_clock.advance(-400s); // still after its creation: the time noted stands
        QCOMPARE(due(), 0);
        QCOMPARE(m_desk->outbox().nextDueTime()->value(), m_clock.nowUtc().addSecs(500));
        m_clock.advance(500s);
        QCOMPARE(due(), item);
    }

    void clockSetForwardClosesTheWindow() {
        const qint64 item = add(Kind::StoreReport, QStringLiteral("1"), m_clock.nowUtc().addSecs(600));
        m_clock.setNowUtc(m_clock.nowUtc().addYears(3));
        QCOMPARE(due(), item); // and a report that is due cannot be taken back (ReportStore::undoApproval)
    }

    void requeueBringsARetryForward() {
        const qint64 item = add(Kind::StoreReport, QStringLiteral("1"));
        QVERIFY(m_desk->outbox().markRetry(item, {ErrorCode::NetworkTimeout, {}}, m_clock.nowUtc().addSecs(3600)));
        QCOMPARE(due(), 0);
        QVERIFY(m_desk->outbox().requeue(item));
        QCOMPARE(due(), item);
    }

    void finishedItemsNeverChange() {
        const qint64 item = add(Kind::StoreReport, QStringLiteral("1"));
        QVERIFY(m_desk->outbox().markDelivered(item));
        QCOMPARE(m_desk->outbox().markRetry(item, {}, m_clock.nowUtc()).error().code, ErrorCode::NotAllowed);
        QCOMPARE(m_desk->outbox().markSent(item, {}).error().code, ErrorCode::NotAllowed);
        QCOMPARE(m_desk->outbox().park(item, {}).error().code, ErrorCode::NotAllowed);
        QCOMPARE(m_desk->outbox().requeue(item).error().code, ErrorCode::NotAllowed);
        QCOMPARE(m_desk->outbox().markSent(99, {}).error().code, ErrorCode::NotFound);
    }

    void rowsOfAnOlderDatabaseAreKept() {
        // The step that brought targets writes the outbox anew: numbers, order and states stay, and the counter goes
        // on.
        const QString folder = m_parent.filePath(QStringLiteral("older"));
        QVERIFY(QDir().mkpath(folder));
        {
            auto older = deskMigrations();
            while (QLatin1String(older.back().name) != QLatin1String("outbox targets"))
                older.pop_back();
            older.pop_back();
            const auto database = Database::open(folder + QStringLiteral("/desk.db"), older).value();
            Transaction transaction(*database);
            for (const char* state : {"delivered", "parked", "queued"}) {
                Statement insert =
                    transaction.prepare(u"INSERT INTO outbox (kind, state, study, task, report_instance, "
                                        u"transaction_uid, details, created_at, "
                                        "attempts) VALUES ('store-report', ?, ?, '', '1.2', '', '{}', 5, 3)");
                QVERIFY(insert.bind(1, QLatin1String(state)).bind(2, QLatin1String(state)).run());
            }
            QVERIFY(transaction.commit());
        }
        m_desk = DeskStore::open(folder, m_clock).value();
        const auto items = m_desk->outbox().all().value();
        QCOMPARE(items.size(), size_t(3));
        QCOMPARE(items[0].number, 1);
        QCOMPARE(items[0].state, State::Delivered);
        QCOMPARE(items[1].state, State::Parked);
        QCOMPARE(items[2].attempts, 3);
        QVERIFY(items[2].target.isEmpty());
        QCOMPARE(due(), 3);
        QCOMPARE(add(Kind::StoreReport, QStringLiteral("9")), 4);
        QVERIFY(!m_desk->outbox().requeue(1)); // what is final stays final
    }

    void targetsHaveTheirOwnOrderAndWaitForThePlatform() {
        const auto addMessage = [&](const char* target) {
            OutboxItem item =
                test::outboxItem(Kind::SendMessage, InstanceUid(QStringLiteral("1.1")), {}, QStringLiteral("1"));
            item.target = QLatin1String(target);
            return m_desk->outbox().add(item).value();
        };
        const qint64 store = add(Kind::StoreReport, QStringLiteral("1"));
        const qint64 his = addMessage("his");
        const qint64 region = addMessage("region");
        const qint64 second = addMessage("his");
        QCOMPARE(due(), store);
        QVERIFY(!m_desk->outbox().nextDue(OutboxStore::For::Targets).value());
        QVERIFY(m_desk->outbox().markDelivered(store));
        QCOMPARE(due(), his);
        QVERIFY(m_desk->outbox().park(his, {ErrorCode::PeerRefusedObject, {}}));
        QCOMPARE(due(), region); // another target's; the second message waits behind the first
        QVERIFY(m_desk->outbox().markDelivered(region, QStringLiteral("AA 7")));
        QCOMPARE(due(), 0);
        QVERIFY(m_desk->outbox().requeue(his));
        QCOMPARE(due(), his);
        QVERIFY(m_desk->outbox().hold(his));
        QCOMPARE(due(), 0);
        QCOMPARE(m_desk->outbox().open()->size(), size_t(2));
        QVERIFY(m_desk->outbox().requeue(his));
        QVERIFY(m_desk->outbox().markDelivered(his));
        QCOMPARE(due(), second);
        QCOMPARE(m_desk->outbox().all()->at(2).receipt, QStringLiteral("AA 7"));
        QVERIFY(
            !m_desk->outbox().add(test::outboxItem(Kind::SendMessage, InstanceUid(QStringLiteral("1.1"))))); // to whom?
    }
    void messagesNeverChange() {
        OutboxItem item = test::outboxItem(Kind::SendMessage, InstanceUid(QStringLiteral("1.1")));
        item.target = QStringLiteral("his");
        const qint64 number = m_desk->outbox().add(item).value();
        QVERIFY(!m_desk->outbox().message(number).value());
        QCOMPARE(m_desk->outbox().keepMessage(number, "one").value(), QByteArray("one"));
        QCOMPARE(m_desk->outbox().keepMessage(number, "two").value(), QByteArray("one"));
        QCOMPARE(m_desk->outbox().message(number).value().value(), QByteArray("one"));
    }
};

QTEST_GUILESS_MAIN(OutboxTest)
#include "outbox_test.moc"
