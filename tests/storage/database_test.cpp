#include "storage/database.h"

#include "failing_vfs.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <sqlite3.h>
#include <thread>

using namespace yz;

namespace {

const std::vector<Migration> first{
    {"people", "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
               "CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES person (id)) STRICT"}};
std::vector<Migration> second() {
    auto migrations = first;
    migrations.push_back({"age", "ALTER TABLE person ADD COLUMN age INTEGER NOT NULL DEFAULT 7;"
                                 "UPDATE person SET name = name || '!'"});
    return migrations;
}

Status insertPerson(Database& database, const QString& name, bool commit = true) {
    Transaction transaction(database);
    Statement insert = transaction.prepare(u"INSERT INTO person (name) VALUES (?)");
    if (const Result<int> done = insert.bind(1, name).run(); !done)
        return fail(done.error());
    return commit ? transaction.commit() : Status();
}

int personCount(Database& database) {
    Transaction transaction(database, Transaction::Kind::Read);
    Statement count = transaction.prepare(u"SELECT count(*) FROM person");
    return count.step().value_or(false) ? static_cast<int>(count.integer(0)) : -1;
}

QString pragma(Database& database, QStringView name) {
    Transaction transaction(database, Transaction::Kind::Read);
    Statement statement = transaction.prepare(QString(u"PRAGMA " + name));
    return statement.step().value_or(false) ? statement.text(0) : QString();
}

} // namespace

class DatabaseTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_count = 0;
    QString freshPath() { return m_folder.filePath(QString::number(++m_count) + u".db"); }

private Q_SLOTS:
    void durabilitySettings() {
        const auto database = Database::open(freshPath(), first).value();
        QCOMPARE(pragma(*database, u"journal_mode"), QStringLiteral("wal"));
        QCOMPARE(pragma(*database, u"synchronous"), QStringLiteral("2")); // FULL
        QCOMPARE(pragma(*database, u"foreign_keys"), QStringLiteral("1"));
        QCOMPARE(pragma(*database, u"temp_store"), QStringLiteral("2")); // MEMORY
        QCOMPARE(pragma(*database, u"user_version"), QStringLiteral("1"));
    }

    void rolledBackUnlessCommitted() {
        const auto database = Database::open(freshPath(), first).value();
        QVERIFY(insertPerson(*database, QStringLiteral("left"), false));
        QCOMPARE(personCount(*database), 0);
        QVERIFY(insertPerson(*database, QStringLiteral("kept")));
        QCOMPARE(personCount(*database), 1);
    }

    void valuesComeBackAsTheyWere() {
        const auto database = Database::open(freshPath(), first).value();
        Transaction transaction(*database, Transaction::Kind::Read);
        Statement echo = transaction.prepare(u"SELECT ?, ?, ?, ?, ?, ?");
        echo.bind(1, QStringLiteral("右肺𠮷")).bind(2, QByteArray("a\0b", 3)).bind(3, qint64(1) << 60).bind(4, 0.1);
        echo.bindNull(5).bind(6, QByteArray());
        QVERIFY(echo.step().value());
        QCOMPARE(echo.text(0), QStringLiteral("右肺𠮷"));
        QCOMPARE(echo.blob(1), QByteArray("a\0b", 3));
        QCOMPARE(echo.integer(2), qint64(1) << 60);
        QCOMPARE(echo.real(3), 0.1);
        QVERIFY(echo.isNull(4));
        QVERIFY(!echo.isNull(5)); // empty, but there
        QVERIFY(!echo.step().value());
    }

    void errorsHaveTheirCodes() {
        const auto database = Database::open(freshPath(), first).value();
        QVERIFY(insertPerson(*database, QStringLiteral("one")));
        QCOMPARE(insertPerson(*database, QStringLiteral("one")).error().code, ErrorCode::AlreadyExists);
        Transaction transaction(*database);
        QCOMPARE(transaction.prepare(u"SELECT nonsense").step().error().code, ErrorCode::DatabaseError);
        QCOMPARE(transaction.prepare(u"INSERT INTO pet (owner) VALUES (99)").run().error().code,
                 ErrorCode::DatabaseError); // foreign key
        // A second transaction inside the first is refused and leaves the first one alive.
        QVERIFY(transaction.prepare(u"INSERT INTO person (name) VALUES ('two')").run());
        QVERIFY(!insertPerson(*database, QStringLiteral("three")));
        QVERIFY(transaction.commit());
        QVERIFY(!transaction.commit());
        QVERIFY(!transaction.prepare(u"INSERT INTO person (name) VALUES ('late')").run());
        QCOMPARE(personCount(*database), 2);
    }

    void threadsShareOneDatabase() {
        const auto database = Database::open(freshPath(), first).value();
        std::atomic<int> failures{0};
        const auto work = [&](QChar letter) {
            for (int i = 0; i < 50; ++i)
                if (!insertPerson(*database, letter + QString::number(i)))
                    ++failures;
        };
        std::thread a(work, u'a');
        std::thread b(work, u'b');
        a.join();
        b.join();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(personCount(*database), 100);
    }

    void connectionsShareOneFile() {
        const QString path = freshPath();
        std::atomic<int> failures{0};
        const auto work = [&](QChar letter) {
            const auto database = Database::open(path, second());
            for (int i = 0; database && i < 50; ++i)
                if (!insertPerson(**database, letter + QString::number(i)))
                    ++failures;
            failures += database ? 0 : 1000;
        };
        std::thread a(work, u'a'); // both also race to create the file
        std::thread b(work, u'b');
        a.join();
        b.join();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(personCount(*Database::open(path, second()).value()), 100);
    }

    void readerSeesOneState() {
        const QString path = freshPath();
        const auto writer = Database::open(path, first).value();
        const auto reader = Database::open(path, first).value();
        Transaction reading(*reader, Transaction::Kind::Read);
        Statement count = reading.prepare(u"SELECT count(*) FROM person");
        QVERIFY(count.step().value());
        QVERIFY(insertPerson(*writer, QStringLiteral("meanwhile"))); // a reader does not hold a writer up
        Statement again = reading.prepare(u"SELECT count(*) FROM person");
        QVERIFY(again.step().value());
        QCOMPARE(again.integer(0), 0);
    }

    void migratesAnOlderFile() {
        const QString path = freshPath();
        QVERIFY(insertPerson(*Database::open(path, first).value(), QStringLiteral("old")));
        const auto database = Database::open(path, second()).value();
        Transaction transaction(*database, Transaction::Kind::Read);
        Statement select = transaction.prepare(u"SELECT name, age FROM person");
        QVERIFY(select.step().value());
        QCOMPARE(select.text(0), QStringLiteral("old!"));
        QCOMPARE(select.integer(1), 7);
    }

    void failedMigrationLeavesTheOldFile() {
        const QString path = freshPath();
        QVERIFY(insertPerson(*Database::open(path, first).value(), QStringLiteral("old")));
        auto broken = second();
        broken.push_back({"broken", "CREATE TABLE extra (id INTEGER) STRICT; INSERT INTO absent VALUES (1)"});
        const auto refused = Database::open(path, broken);
        QVERIFY(!refused);
        QVERIFY2(refused.error().detail.contains(u"migration 3 (broken)"), qPrintable(refused.error().detail));
        const auto database = Database::open(path, first).value(); // still version 1
        QCOMPARE(personCount(*database), 1);
        auto orphan = first;
        orphan.push_back({"orphan", "INSERT INTO pet (owner) VALUES (42)"});
        QCOMPARE(Database::open(path, orphan).error().code, ErrorCode::DatabaseCorrupt);
    }

    void refusesALaterFile() {
        const QString path = freshPath();
        QVERIFY(Database::open(path, second()));
        QCOMPARE(Database::open(path, first).error().code, ErrorCode::DatabaseTooNew);
        QVERIFY(Database::open(path, second()));
    }

    void refusesWhatIsNoDatabase() {
        const QString path = freshPath();
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        QCOMPARE(Database::open(path, first).error().code, ErrorCode::DatabaseCorrupt);
        QCOMPARE(Database::open(m_folder.filePath(QStringLiteral("no/such/folder.db")), first).error().code,
                 ErrorCode::FileUnreadable);
    }

    void findsDamagedPages() {
        const QString path = freshPath();
        {
            const auto database = Database::open(path, first).value();
            for (int i = 0; i < 300; ++i)
                QVERIFY(insertPerson(*database, QString(100, u'n') + QString::number(i)));
            QVERIFY(database->checkIntegrity());
        } // closing brings the log into the file
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.size() > 40000);
        for (qint64 at = 4096; at < file.size(); at += 4096) {
            file.seek(at);
            file.write(QByteArray(64, '\xff'));
        }
        file.close();
        const auto database = Database::open(path, first);
        const Status checked = database ? (*database)->checkIntegrity() : Status(fail(database.error()));
        QCOMPARE(checked.error().code, ErrorCode::DatabaseCorrupt);
        if (database)
            QCOMPARE(insertPerson(**database, QStringLiteral("more")).error().code, ErrorCode::DatabaseCorrupt);
    }

    void fullDisk() {
        test::FailingVfs vfs;
        const QString path = freshPath();
        const auto database = Database::open(path, first).value();
        QVERIFY(insertPerson(*database, QStringLiteral("before")));
        vfs.arm(1, SQLITE_FULL, test::FailingVfs::Duration::FromThenOn);
        QCOMPARE(insertPerson(*database, QStringLiteral("lost")).error().code, ErrorCode::DiskFull);
        QVERIFY(vfs.fired());
        vfs.disarm();
        QVERIFY(insertPerson(*database, QStringLiteral("after"))); // room again: work goes on
        QCOMPARE(personCount(*database), 2);
    }

    void checkpointThatFailsLosesNothing() {
        test::FailingVfs vfs;
        const QString path = freshPath();
        {
            const auto database = Database::open(path, first).value();
            vfs.arm(1, SQLITE_IOERR_WRITE, test::FailingVfs::Duration::FromThenOn,
                    test::FailingVfs::Target::MainDatabase);
            for (int i = 0; i < 30; ++i) // past the 1000 pages after which SQLite checkpoints
                QVERIFY(insertPerson(*database, QString(100000, u'n') + QString::number(i)));
            QVERIFY(vfs.fired());
        }
        vfs.disarm();
        const auto database = Database::open(path, first).value();
        QCOMPARE(personCount(*database), 30);
        QVERIFY(database->checkIntegrity());
    }
};

QTEST_GUILESS_MAIN(DatabaseTest)
#include "database_test.moc"
