#include "storage/audit_store.h"

#include "sample_report.h"
#include "storage/schema.h"
#include "support/fake_clock.h"

#include <QTemporaryDir>
#include <QTest>

using namespace yz;

class AuditStoreTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_count = 0;
    test::FakeClock m_clock;
    std::shared_ptr<Database> m_database;

    /// Raw SQL, as somebody with the file and a shell would.
    Status tamper(QStringView sql) {
        Transaction transaction(*m_database);
        for (QStringView statement : sql.split(u';'))
            if (const Result<int> done = transaction.prepare(statement).run(); !done)
                return fail(done.error());
        return transaction.commit();
    }

private Q_SLOTS:
    void init() {
        m_database = Database::open(m_folder.filePath(QString::number(++m_count) + u".db"), deskMigrations()).value();
        AuditStore audit(m_database, m_clock);
        for (int i = 1; i <= 5; ++i) {
            AuditEntry entry = test::sampleAudit(u"event." + QString::number(i));
            entry.success = i != 3;
            QVERIFY(audit.append(entry));
            m_clock.advance(std::chrono::seconds(1));
        }
    }

    void latestFirst() {
        const auto rows = AuditStore(m_database, m_clock).latest(2).value();
        QCOMPARE(rows.size(), size_t(2));
        QCOMPARE(rows[0].number, 5);
        QCOMPARE(rows[0].entry.event, QStringLiteral("event.5"));
        QCOMPARE(rows[0].at, m_clock.nowUtc().addSecs(-1));
        QCOMPARE(rows[1].entry.details, test::sampleAudit().details);
        QVERIFY(AuditStore(m_database, m_clock).verifyChain());
    }

    void clockThatJumpsKeepsTheOrder() {
        AuditStore audit(m_database, m_clock);
        for (const qint64 years : {-20, 30, -5}) {
            m_clock.setNowUtc(m_clock.nowUtc().addYears(static_cast<int>(years)));
            QVERIFY(audit.append(test::sampleAudit(u"jump." + QString::number(years))));
        }
        const auto rows = audit.latest(3).value(); // as they happened, whatever the clock said
        QCOMPARE(rows[0].entry.event, QStringLiteral("jump.-5"));
        QCOMPARE(rows[1].entry.event, QStringLiteral("jump.30"));
        QCOMPARE(rows[2].entry.event, QStringLiteral("jump.-20"));
        QCOMPARE(rows[0].number, 8);
        QVERIFY(rows[0].at < rows[1].at);
        QVERIFY(audit.verifyChain());
    }

    void rolledBackEntryLeavesNoGap() {
        {
            Transaction transaction(*m_database);
            QVERIFY(insertAuditEntry(transaction, test::sampleAudit(), m_clock.nowUtc()));
        }
        AuditStore audit(m_database, m_clock);
        QVERIFY(audit.verifyChain());
        QVERIFY(audit.append(test::sampleAudit()));
        QCOMPARE(audit.latest(1)->at(0).number, 6);
        QVERIFY(audit.verifyChain());
    }

    void databaseRefusesChanges() {
        for (const QStringView sql :
             {QStringView(u"UPDATE audit SET user = 'x' WHERE number = 2"), QStringView(u"DELETE FROM audit"),
              QStringView(
                  u"REPLACE INTO audit SELECT number, at, event, 'x', subject, success, details, previous, hash "
                  "FROM audit WHERE number = 2")})
            QCOMPARE(tamper(sql).error().code, ErrorCode::NotAllowed);
        QVERIFY(AuditStore(m_database, m_clock).verifyChain());
    }

    void chainFindsManipulation_data() {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<int>("row");
        QTest::newRow("user") << "UPDATE audit SET user = 'x' WHERE number = 2" << 2;
        QTest::newRow("event") << "UPDATE audit SET event = 'event.x' WHERE number = 1" << 1;
        QTest::newRow("success") << "UPDATE audit SET success = 1 WHERE number = 3" << 3;
        QTest::newRow("time") << "UPDATE audit SET at = at + 1 WHERE number = 4" << 4;
        QTest::newRow("details") << "UPDATE audit SET details = '{}' WHERE number = 2" << 2;
        QTest::newRow("last row") << "UPDATE audit SET subject = 'x' WHERE number = 5" << 5;
        QTest::newRow("text moved between fields")
            << "UPDATE audit SET event = event || substr(user, 1, 1), user = substr(user, 2) WHERE number = 2" << 2;
        QTest::newRow("row with the hash of another")
            << "UPDATE audit SET hash = (SELECT hash FROM audit WHERE number = 3) WHERE number = 2" << 2;
        QTest::newRow("row taken out") << "DELETE FROM audit WHERE number = 3" << 3;
        QTest::newRow("end cut off") << "DELETE FROM audit WHERE number > 3" << 4;
        QTest::newRow("all taken out") << "DELETE FROM audit" << 1;
    }
    void chainFindsManipulation() {
        QFETCH(const QString, sql);
        QFETCH(const int, row);
        QVERIFY(tamper(QString(u"DROP TRIGGER audit_no_update;DROP TRIGGER audit_no_delete;" + sql)));
        const Status verdict = AuditStore(m_database, m_clock).verifyChain();
        QVERIFY(!verdict);
        QCOMPARE(verdict.error(), (Error{ErrorCode::DatabaseCorrupt, QStringLiteral("audit row %1").arg(row)}));
    }
};

QTEST_GUILESS_MAIN(AuditStoreTest)
#include "audit_store_test.moc"
