#include "storage/desk_store.h"

#include "failing_vfs.h"
#include "sample_report.h"
#include "storage/schema.h"
#include "support/fake_clock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sqlite3.h>

using namespace yz;
using namespace std::chrono_literals;

namespace {

bool same(const SignedReport& a, const SignedReport& b) {
    return a.document == b.document && a.srFile == b.srFile && a.pdfFile == b.pdfFile && a.pdf == b.pdf &&
           a.signatures == b.signatures;
}

/// What one commit leaves: rows of the version, of its audit and of its outbox.
struct Traces {
    bool version, state, audit;
    size_t outbox;
    [[nodiscard]] bool all() const { return version && state && audit && outbox == 3; }
    [[nodiscard]] bool none() const { return !version && !state && !audit && outbox == 0; }
};

Traces tracesOf(DeskStore& desk, const SignedReport& report) {
    const auto version = desk.reports().version(report.document.srInstance);
    return {version && same(*version, report), desk.reports().state(report.document.report).has_value(),
            !desk.audit().latest(10).value().empty(), desk.outbox().all().value().size()};
}

} // namespace

class ReportStoreTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_parent;
    int m_count = 0;
    QString m_folder;
    test::FakeClock m_clock;
    std::unique_ptr<DeskStore> m_desk;

    void commitSubmitted() {
        QVERIFY(m_desk->reports().commit(test::sampleReport(1, ReadingState::Submitted), test::sampleAudit(), {}));
    }
    /// Commits version 2 with an undo window of ten minutes.
    SignedReport commitApproved() {
        SignedReport report = test::sampleReport(2);
        const auto numbers = m_desk->reports().commit(report, test::sampleAudit(),
                                                      test::sampleOutbox(report, m_clock.nowUtc().addSecs(600)));
        return numbers && numbers->size() == 3 ? report : SignedReport();
    }
    ReadingState state() { return m_desk->reports().state(ReportId(QStringLiteral("report-1"))).value(); }

private Q_SLOTS:
    void init() {
        m_clock = {};
        m_folder = m_parent.filePath(QString::number(++m_count));
        m_desk = DeskStore::open(m_folder, m_clock).value();
    }

    void commitKeepsEverything() {
        commitSubmitted();
        QCOMPARE(state(), ReadingState::Submitted);
        const SignedReport report = commitApproved();
        m_desk.reset();
        m_desk = DeskStore::open(m_folder, m_clock).value();
        QVERIFY(same(m_desk->reports().version(report.document.srInstance).value(), report));
        QCOMPARE(state(), ReadingState::Approved);
        const auto versions = m_desk->reports().versions(report.document.report);
        QCOMPARE(versions->size(), size_t(2));
        QCOMPARE(versions->at(1), report.document);
        QCOMPARE(m_desk->reports().latestOfStudy(report.document.order.study).value(), report.document);
        QVERIFY(!m_desk->reports().latestOfStudy(StudyUid(QStringLiteral("9")))->has_value());
        QCOMPARE(m_desk->outbox().ofReport(report.document.srInstance)->size(), size_t(3));
        QCOMPARE(m_desk->audit().latest(10)->size(), size_t(2));
        QCOMPARE(m_desk->reports().version(InstanceUid(QStringLiteral("9"))).error().code, ErrorCode::NotFound);
        QCOMPARE(m_desk->reports().state(ReportId(QStringLiteral("x"))).error().code, ErrorCode::NotFound);
    }

    void signedOnce() {
        const SignedReport report = commitApproved();
        QCOMPARE(m_desk->reports().commit(report, test::sampleAudit(), test::sampleOutbox(report)).error().code,
                 ErrorCode::ReportAlreadySigned);
        SignedReport sameNumber = test::sampleReport(2);
        sameNumber.document.srInstance = InstanceUid(QStringLiteral("1.2.99"));
        QCOMPARE(m_desk->reports().commit(sameNumber, test::sampleAudit(), {}).error().code,
                 ErrorCode::ReportAlreadySigned);
        QCOMPARE(m_desk->reports().commit(test::sampleReport(1), test::sampleAudit(), {}).error().code,
                 ErrorCode::ReportVersionConflict);
        SignedReport unsignedReport = test::sampleReport(3);
        unsignedReport.signatures.clear();
        QCOMPARE(m_desk->reports().commit(unsignedReport, test::sampleAudit(), {}).error().code,
                 ErrorCode::SignatureMissing);
        QCOMPARE(m_desk->outbox().all()->size(), size_t(3)); // the refused ones left nothing
        QCOMPARE(m_desk->audit().latest(10)->size(), size_t(1));
    }

    void databaseRefusesToChangeASignedVersion_data() {
        QTest::addColumn<QString>("sql");
        for (const char* sql :
             {"UPDATE report_version SET document = '{}'", "UPDATE report_version SET version = 9",
              "DELETE FROM report_version", "UPDATE report_signature SET cms = x'00'", "DELETE FROM report_signature",
              "UPDATE report_picture SET png = x'00'", "DELETE FROM report_picture", "DELETE FROM report",
              "REPLACE INTO report_signature SELECT sr_instance, position, role, manifest, x'00' "
              "FROM report_signature LIMIT 1",
              "REPLACE INTO report_version SELECT number, sr_instance, report, version, study, '{}', "
              "sr_file, pdf_file, pdf, received, written_at FROM report_version"})
            QTest::newRow(sql) << QString::fromLatin1(sql);
    }
    void databaseRefusesToChangeASignedVersion() {
        QFETCH(const QString, sql);
        const SignedReport report = commitApproved();
        const auto database = Database::open(m_folder + u"/desk.db", deskMigrations()).value();
        Transaction transaction(*database);
        const Result<int> changed = transaction.prepare(sql).run();
        QVERIFY(!changed);
        QCOMPARE(changed.error().code, ErrorCode::NotAllowed);
        QVERIFY(same(m_desk->reports().version(report.document.srInstance).value(), report));
    }

    void undoInsideTheWindow() {
        commitSubmitted();
        const SignedReport report = commitApproved();
        m_clock.advance(599s);
        QVERIFY(m_desk->reports().undoApproval(report.document.srInstance, test::sampleAudit(QStringLiteral("undo"))));
        QCOMPARE(state(), ReadingState::Reviewing);
        const auto outbox = m_desk->outbox().all().value();
        for (const OutboxItem& item : outbox)
            QCOMPARE(item.state, OutboxItem::State::Withdrawn);
        m_clock.advance(1h);
        QVERIFY(!m_desk->outbox().nextDue()->has_value());
        QCOMPARE(m_desk->reports().latestOfStudy(report.document.order.study)->value().version, 1);
        QCOMPARE(m_desk->reports().versions(report.document.report)->size(), size_t(2)); // kept for the record
        const auto summaries = m_desk->reports().all().value();
        QCOMPARE(summaries.size(), size_t(2));
        QVERIFY(!summaries[0].undone && summaries[1].undone);
        QCOMPARE(summaries[0].state, ReadingState::Reviewing);
        QVERIFY(summaries[1].document.content.keyImages.at(0).png.isEmpty());
        QCOMPARE(m_desk->audit().latest(1)->at(0).entry.event, QStringLiteral("undo"));
        // Once only, and the next approval is a new version.
        QCOMPARE(m_desk->reports().undoApproval(report.document.srInstance, test::sampleAudit()).error().code,
                 ErrorCode::TaskStateForbids);
        const SignedReport next = test::sampleReport(3);
        QVERIFY(m_desk->reports().commit(next, test::sampleAudit(), test::sampleOutbox(next)));
        QCOMPARE(m_desk->outbox().nextDue()->value().reportInstance, next.document.srInstance);
    }

    void undoTooLate() {
        const SignedReport report = commitApproved();
        m_clock.advance(600s); // due: a delivery may be under way
        QCOMPARE(m_desk->reports().undoApproval(report.document.srInstance, test::sampleAudit()).error().code,
                 ErrorCode::UndoWindowClosed);
        m_clock.advance(-10s);
        QVERIFY(m_desk->outbox().markSent(1, TransactionUid(QStringLiteral("7"))));
        QCOMPARE(m_desk->reports().undoApproval(report.document.srInstance, test::sampleAudit()).error().code,
                 ErrorCode::UndoWindowClosed);
        QCOMPARE(state(), ReadingState::Approved);
        QCOMPARE(m_desk->audit().latest(10)->size(), size_t(1));
        QCOMPARE(m_desk->reports().undoApproval(InstanceUid(QStringLiteral("9")), test::sampleAudit()).error().code,
                 ErrorCode::NotFound);
    }

    void triedDeliveryCannotBeUndone() {
        const SignedReport report = commitApproved();
        // The answer to the first try was lost: the platform may have it.
        QVERIFY(m_desk->outbox().markRetry(1, {ErrorCode::NetworkTimeout, {}}, m_clock.nowUtc().addSecs(900)));
        QCOMPARE(m_desk->reports().undoApproval(report.document.srInstance, test::sampleAudit()).error().code,
                 ErrorCode::UndoWindowClosed);
    }

    void publishAndAmend() {
        const SignedReport report = commitApproved();
        QVERIFY(m_desk->reports().markPublished(report.document.srInstance, test::sampleAudit()));
        QVERIFY(m_desk->reports().markPublished(report.document.srInstance, test::sampleAudit())); // again is fine
        QCOMPARE(m_desk->audit().latest(10)->size(), size_t(2));
        QCOMPARE(state(), ReadingState::Published);
        QCOMPARE(m_desk->reports().undoApproval(report.document.srInstance, test::sampleAudit()).error().code,
                 ErrorCode::UndoWindowClosed);
        SignedReport correction = test::sampleReport(3);
        correction.document.kind = ReportVersionKind::Correction;
        QVERIFY(m_desk->reports().commit(correction, test::sampleAudit(), {}));
        QCOMPARE(m_desk->reports().all()->at(0).state, ReadingState::Published); // stands until the new one is out
        QCOMPARE(m_desk->reports().markPublished(InstanceUid(QStringLiteral("9")), test::sampleAudit()).error().code,
                 ErrorCode::NotFound);
        QVERIFY(m_desk->reports().markPublished(correction.document.srInstance, test::sampleAudit()));
        QCOMPARE(m_desk->reports().all()->at(0).state, ReadingState::Amended);
        QCOMPARE(m_desk->reports().all()->at(1).state, ReadingState::Published);
    }

    void statesWithoutAVersion() {
        commitSubmitted();
        const ReportId report(QStringLiteral("report-1"));
        const auto back = test::outboxItem(OutboxItem::Kind::CancelTask, {});
        QVERIFY(m_desk->reports().setState(report, ReadingState::Returned, test::sampleAudit(), {back}));
        QCOMPARE(state(), ReadingState::Returned);
        QCOMPARE(m_desk->outbox().pendingCount().value(), 1);
        const ReportId rejected(QStringLiteral("report-2"));
        QCOMPARE(m_desk->reports().setState(rejected, ReadingState::Rejected, test::sampleAudit(), {}).error().code,
                 ErrorCode::NotFound);
        QVERIFY(m_desk->reports().setState(rejected, ReadingState::Rejected, test::sampleAudit(), {back}));
        QCOMPARE(m_desk->reports().state(rejected).value(), ReadingState::Rejected);
    }

    void theNewestAndWhatIsNotDelivered() {
        ReportStore& reports = m_desk->reports();
        for (int i = 1; i <= 6; ++i) {
            SignedReport report = test::sampleReport(1, ReadingState::Submitted, QStringLiteral("r%1").arg(i));
            report.document.srInstance = InstanceUid(QStringLiteral("1.2.9.%1").arg(i));
            report.document.pdfInstance = InstanceUid(QStringLiteral("1.2.8.%1").arg(i));
            report.document.order.accessionNumber = QStringLiteral("ACC-%1").arg(i);
            report.document.order.item = i == 2 ? QStringLiteral("胸部 CT 平扫") : QStringLiteral("头颅MR");
            OutboxItem row;
            row.study = report.document.order.study;
            row.reportInstance = report.document.srInstance;
            const auto numbers = reports.commit(report, test::sampleAudit(),
                                                i == 1 || i == 4 ? std::vector{row} : std::vector<OutboxItem>{});
            QVERIFY(numbers);
            if (i == 4)
                QVERIFY(m_desk->outbox().markDelivered(numbers->front()));
        }
        const auto names = [](const Result<std::vector<ReportStore::Summary>>& found) {
            QStringList list;
            for (const ReportStore::Summary& summary : *found)
                list << summary.document.report.value();
            return list;
        };
        QCOMPARE(names(reports.latest(2)), QStringList({"r6", "r5", "r1"})); // the first waits in the outbox
        QCOMPARE(names(reports.latest(100)), QStringList({"r6", "r5", "r4", "r3", "r2", "r1"}));
        QCOMPARE(names(reports.latest(2, QStringLiteral("王小东"))), QStringList({"r6", "r5"}));
        QCOMPARE(names(reports.latest(9, QStringLiteral("wang xiaodong"))).size(), 6);
        QCOMPARE(names(reports.latest(9, QStringLiteral("acc-3"))), QStringList{"r3"});
        QCOMPARE(names(reports.latest(9, QStringLiteral("胸部CT"))), QStringList{"r2"});
        QVERIFY(names(reports.latest(9, QStringLiteral("%"))).isEmpty());
        QVERIFY(names(reports.latest(9, QStringLiteral("张伟"))).isEmpty()); // the author is not what is looked for
        QCOMPARE(reports.orderOf(InstanceUid(QStringLiteral("1.2.9.3")))->accessionNumber, QStringLiteral("ACC-3"));
        QCOMPARE(reports.orderOf(InstanceUid(QStringLiteral("7"))).error().code, ErrorCode::NotFound);
        QCOMPARE(m_desk->outbox().latest(1).value().size(), 2u); // the newest, and the first that waits
    }
    void receivedReports() {
        const SignedReport report = test::sampleReport(1, ReadingState::Submitted);
        QVERIFY(m_desk->reports().keepReceived(report));
        QVERIFY(m_desk->reports().keepReceived(report));
        QVERIFY(same(m_desk->reports().version(report.document.srInstance).value(), report));
        QCOMPARE(state(), ReadingState::Submitted);
        SignedReport changed = report;
        changed.srFile[100] = 'x';
        QCOMPARE(m_desk->reports().keepReceived(changed).error().code, ErrorCode::SignedContentChanged);
        changed.document.srInstance = InstanceUid(QStringLiteral("1.9"));
        QCOMPARE(m_desk->reports().keepReceived(changed).error().code, ErrorCode::ReportVersionConflict);
        QVERIFY(m_desk->reports().keepReceived(test::sampleReport(3, ReadingState::Approved)));
        QCOMPARE(state(), ReadingState::Approved);
        QVERIFY(m_desk->reports().keepReceived(test::sampleReport(2, ReadingState::Submitted)));
        QCOMPARE(state(), ReadingState::Approved); // a late older one does not take it back
        QVERIFY(m_desk->outbox().all()->empty());
    }

    void commitIsAllOrNothing_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("once");
        QTest::addColumn<ErrorCode>("expected");
        QTest::newRow("disk full for good") << SQLITE_FULL << false << ErrorCode::DiskFull;
        QTest::newRow("disk full once") << SQLITE_FULL << true << ErrorCode::DiskFull;
        QTest::newRow("write error for good") << SQLITE_IOERR_WRITE << false << ErrorCode::DatabaseError;
        QTest::newRow("write error once") << SQLITE_IOERR_WRITE << true << ErrorCode::DatabaseError;
    }
    void commitIsAllOrNothing() {
        QFETCH(const int, code);
        QFETCH(const bool, once);
        QFETCH(const ErrorCode, expected);
        const SignedReport report = test::sampleReport(2);
        const auto duration = once ? test::FailingVfs::Duration::Once : test::FailingVfs::Duration::FromThenOn;
        test::FailingVfs vfs;
        int failures = 0;
        m_desk.reset(); // an empty store to copy, its log is in the file now
        for (int n = 1;; ++n) {
            const QString folder = m_parent.filePath(QStringLiteral("%1-%2").arg(m_count).arg(n));
            QVERIFY(QDir().mkpath(folder));
            QVERIFY(QFile::copy(m_folder + u"/desk.db", folder + u"/desk.db"));
            auto desk = DeskStore::open(folder, m_clock).value();
            vfs.arm(n, code, duration);
            const auto done = desk->reports().commit(report, test::sampleAudit(), test::sampleOutbox(report));
            const bool fired = vfs.fired();
            vfs.disarm();
            if (!fired) {
                QVERIFY(done);
                QVERIFY(tracesOf(*desk, report).all());
                break;
            }
            QVERIFY(!done);
            QCOMPARE(done.error().code, expected);
            ++failures;
            const Traces now = tracesOf(*desk, report);
            QVERIFY2(now.none(), qPrintable(QString::number(n)));
            QVERIFY(desk->audit().verifyChain());
            // The same after a restart; a full sector of the log may have the whole commit, never a part of it.
            desk.reset();
            desk = DeskStore::open(folder, m_clock).value();
            const Traces later = tracesOf(*desk, report);
            QVERIFY2(later.none() || later.all(), qPrintable(QString::number(n)));
            // Signing again ends with exactly one version in either case.
            const auto again = desk->reports().commit(report, test::sampleAudit(), test::sampleOutbox(report));
            QVERIFY(again || (later.all() && again.error().code == ErrorCode::ReportAlreadySigned));
            QVERIFY(tracesOf(*desk, report).all());
            QVERIFY(desk->audit().verifyChain());
            desk.reset();
            QDir(folder).removeRecursively();
        }
        QVERIFY2(failures > 20, qPrintable(QString::number(failures))); // the report alone is over twenty pages
    }
};

QTEST_GUILESS_MAIN(ReportStoreTest)
#include "report_store_test.moc"
