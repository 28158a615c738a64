#include "session/delivery_service.h"

#include "dicom/net/event_listener.h"
#include "dicom/net/report_client.h"
#include "dicom/net/ups_client.h"
#include "fake_platform.h"
#include "sample_objects.h"
#include "storage/desk_store.h"
#include "storage/sample_report.h"
#include "support/fake_clock.h"
#include "uikit/error_text.h"

#include <QTemporaryDir>
#include <QTest>
#include <set>

using namespace yz;
using namespace yz::test;
using Kind = OutboxItem::Kind;
using State = OutboxItem::State;

/// What the outbox does with every answer a platform may give, on real associations: tried again by itself, or parked
/// for a person, or delivered; what it says; and that the report is there once when the platform is well again.
class DeliveryFaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void storing_data();
    void storing();
    void storedWithAWarning_data();
    void storedWithAWarning();
    void contexts_data();
    void contexts();
    void commitment_data();
    void commitment();
    void commitmentToldTwice();
    void tasks_data();
    void tasks();
    void clockSetBack();
    void clockSetForward();
    void pauseOfADeadLine();

private:
    /// Opens the line to the platform as it is then.
    void connectDesk(const CommitmentBoard* board = nullptr);
    void queue(Kind kind);
    [[nodiscard]] OutboxItem item() const { return m_desk->outbox().all().value().at(0); }
    [[nodiscard]] int stored(const InstanceUid& instance) const { return m_platform->storedCount(instance.value()); }
    [[nodiscard]] int published() const;
    /// One try that comes out as said, and the sentence for it.
    void tryOnce(State state, ErrorCode code, const QString& sentence);
    /// The platform is well again: the item goes out, a parked one when a person says so.
    void recover(State from);

    std::unique_ptr<QTemporaryDir> m_folder;
    FakeClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<FakePlatform> m_platform;
    std::unique_ptr<DeskStore> m_desk;
    std::unique_ptr<DicomReportClient> m_sink;
    std::unique_ptr<DicomWorklistClient> m_worklist;
    std::unique_ptr<DeliveryService> m_delivery;
    SignedReport m_report;
};

namespace {

const CancelToken kNever;
const WorkitemUid kTask(QStringLiteral("1.2.826.0.1.3680043.9.1.9"));
const TransactionUid kLock(QStringLiteral("1.2.826.0.1.3680043.9.1.8"));

/// A signed version whose files a platform can take.
SignedReport sendableReport() {
    SampleObject sr;
    sr.sopClass = kReportSrClass.value();
    sr.instance = QStringLiteral("1.2.826.0.1.3680043.9.1.88.1");
    SampleObject pdf = sr;
    pdf.sopClass = kReportPdfClass.value();
    pdf.instance = QStringLiteral("1.2.826.0.1.3680043.9.1.104.1");
    SignedReport report = sampleReport();
    report.document.order.study = StudyUid(sr.study);
    report.document.srSeries = SeriesUid(sr.series);
    report.document.srInstance = InstanceUid(sr.instance);
    report.document.pdfSeries = SeriesUid(pdf.series);
    report.document.pdfInstance = InstanceUid(pdf.instance);
    report.srFile = part10(sr);
    report.pdfFile = part10(pdf);
    return report;
}

} // namespace

void DeliveryFaultsTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = {};
    m_platform = std::make_unique<FakePlatform>();
    m_desk = DeskStore::open(m_folder->filePath(QStringLiteral("desk")), m_clock).value();
    m_report = sendableReport();
}

void DeliveryFaultsTest::cleanup() {
    m_delivery.reset();
    m_sink.reset();
    m_worklist.reset();
    m_desk.reset();
    m_platform.reset();
}

void DeliveryFaultsTest::connectDesk(const CommitmentBoard* board) {
    m_sink = std::make_unique<DicomReportClient>(m_platform->settings(), board);
    m_worklist = std::make_unique<DicomWorklistClient>(m_platform->settings(), m_clock);
    m_delivery = std::make_unique<DeliveryService>(*m_desk, *m_worklist, *m_sink, m_clock, m_uids,
                                                   QStringLiteral("DESK1"), std::chrono::milliseconds(700));
}

/// A version with one row: an amendment, which stands for itself, or a step of its task.
void DeliveryFaultsTest::queue(Kind kind) {
    OutboxItem row = outboxItem(kind, m_report.document.srInstance, {}, m_report.document.order.study.value());
    row.task = kind == Kind::StoreReport ? WorkitemUid() : kTask;
    row.transaction = kLock;
    QVERIFY(m_desk->reports().commit(m_report, sampleAudit(), {row}));
}

int DeliveryFaultsTest::published() const {
    int count = 0;
    const auto rows = m_desk->audit().latest(100).value();
    for (const AuditStore::Row& row : rows)
        count += row.entry.event == u"report.published" ? 1 : 0;
    return count;
}

void DeliveryFaultsTest::tryOnce(State state, ErrorCode code, const QString& sentence) {
    const auto outcome = m_delivery->deliverNext(kNever);
    QVERIFY(outcome && *outcome);
    const OutboxItem after = item();
    QVERIFY((*outcome)->problem);
    QVERIFY2((*outcome)->problem->code == code, qPrintable((*outcome)->problem->toString()));
    QCOMPARE((*outcome)->state, state);
    QCOMPARE(after.state, state);
    QCOMPARE(after.attempts, 1);
    QVERIFY(after.lastError && after.lastError->code == code);
    if (state == State::Queued)
        QCOMPARE(after.notBefore, m_clock.nowUtc().addSecs(DeliveryService::backoff(0).count()));
    QVERIFY2(errorSentence(*after.lastError).contains(sentence), qPrintable(errorSentence(*after.lastError)));
    QCOMPARE(published(), 0);
    QVERIFY(!m_delivery->deliverNext(kNever).value()); // no second try at once
}

void DeliveryFaultsTest::recover(State from) {
    m_platform->unforce();
    if (from == State::Parked) {
        m_clock.advance(std::chrono::hours(24));
        QVERIFY(!m_delivery->deliverNext(kNever).value());
        QVERIFY(m_desk->outbox().requeue(item().number));
    } else {
        m_clock.advance(DeliveryService::backoff(0));
    }
    const auto outcome = m_delivery->deliverNext(kNever);
    QVERIFY(outcome && *outcome);
    QVERIFY2(!(*outcome)->problem, qPrintable((*outcome)->problem.value_or(Error{}).toString()));
    QCOMPARE(item().state, State::Delivered);
    QVERIFY(!m_delivery->deliverNext(kNever).value());
    QVERIFY(m_desk->audit().verifyChain());
}

void DeliveryFaultsTest::storing_data() {
    QTest::addColumn<QString>("operation");
    QTest::addColumn<int>("status");
    QTest::addColumn<State>("state");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* operation, int status, State state, ErrorCode code, const char* sentence) {
        QTest::addRow("%s %04X", operation, status & 0xFFFF)
            << QString::fromLatin1(operation) << status << state << code << QString::fromLatin1(sentence);
    };
    const char* const byItself = "by itself";
    const char* const person = "Open the outbox";
    const char* const error = "an error of its own";
    for (const int status : {0xA700, 0xA7FF})
        row("C-STORE", status, State::Queued, ErrorCode::PeerOutOfResources, byItself);
    for (const int status : {0xA900, 0xA9FF, 0xC000, 0xC123, 0xCFFF})
        row("C-STORE", status, State::Parked, ErrorCode::PeerRefusedObject, person);
    for (const int status : {0x0110, 0x0122, 0x0124, 0x0211})
        row("C-STORE", status, State::Queued, ErrorCode::PeerError, error);
    row("C-STORE", FakePlatform::kAbort, State::Queued, ErrorCode::AssociationAborted, byItself);
    // A query that fails says nothing about the report.
    row("C-FIND", 0xA700, State::Queued, ErrorCode::PeerOutOfResources, byItself);
    for (const int status : {0xA900, 0xC001, 0x0110})
        row("C-FIND", status, State::Queued, ErrorCode::PeerError, error);
}

void DeliveryFaultsTest::storing() {
    QFETCH(const QString, operation);
    QFETCH(const int, status);
    QFETCH(const State, state);
    QFETCH(const ErrorCode, code);
    QFETCH(const QString, sentence);
    connectDesk();
    queue(Kind::StoreReport);
    m_platform->force(operation, status);
    tryOnce(state, code, sentence);
    if (QTest::currentTestFailed())
        return;
    QCOMPARE(m_platform->storedCount(), 0);
    recover(state);
    QCOMPARE(stored(m_report.document.srInstance), 1);
    QCOMPARE(stored(m_report.document.pdfInstance), 1);
    QCOMPARE(published(), 1);
}

void DeliveryFaultsTest::storedWithAWarning_data() {
    QTest::addColumn<int>("status"); // PS3.4 table B.2-1
    QTest::newRow("elements coerced") << 0xB000;
    QTest::newRow("elements discarded") << 0xB006;
    QTest::newRow("does not match its class") << 0xB007;
}

/// It is there; whether it is kept the commitment says.
void DeliveryFaultsTest::storedWithAWarning() {
    QFETCH(const int, status);
    connectDesk();
    queue(Kind::StoreReport);
    m_platform->force(QStringLiteral("C-STORE"), status);
    m_platform->setCommitment(FakePlatform::CommitmentAnswer::Never, 0, {});
    tryOnce(State::Queued, ErrorCode::NetworkTimeout, QStringLiteral("by itself"));
    m_platform->setCommitment(FakePlatform::CommitmentAnswer::SameAssociation, 0, {});
    recover(State::Queued);
    QCOMPARE(stored(m_report.document.srInstance), 1);
    QCOMPARE(stored(m_report.document.pdfInstance), 1);
    QCOMPARE(published(), 1);
}

void DeliveryFaultsTest::contexts_data() {
    QTest::addColumn<QStringList>("refused");
    QTest::addColumn<bool>("arrives");
    const QString query = QStringLiteral("1.2.840.10008.5.1.4.1.2.2.1");
    const QString commitment = QStringLiteral("1.2.840.10008.1.20.1");
    QTest::newRow("SR") << QStringList{kReportSrClass.value()} << false;
    QTest::newRow("PDF") << QStringList{kReportPdfClass.value()} << false;
    QTest::newRow("commitment: the query proves it") << QStringList{commitment} << true;
    QTest::newRow("query: the commitment proves it") << QStringList{query} << true;
    QTest::newRow("neither: nothing proves it") << QStringList{query, commitment} << false;
}

void DeliveryFaultsTest::contexts() {
    QFETCH(const QStringList, refused);
    QFETCH(const bool, arrives);
    for (const QString& syntax : refused)
        m_platform->refuseContexts(syntax);
    connectDesk();
    queue(Kind::StoreReport);
    if (!arrives) {
        tryOnce(State::Queued, ErrorCode::PresentationContextRefused, QStringLiteral("your work is safe here"));
        if (refused.size() == 1) // the half of a report is none
            QCOMPARE(m_platform->storedCount(), 0);
        return;
    }
    recover(State::Queued);
    QCOMPARE(stored(m_report.document.srInstance), 1);
    QCOMPARE(published(), 1);
}

void DeliveryFaultsTest::commitment_data() {
    QTest::addColumn<int>("status"); // 0: taken, but never answered; 1: one object not kept
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("never answered") << 0 << ErrorCode::NetworkTimeout << "by itself";
    QTest::newRow("one object not kept") << 1 << ErrorCode::CommitmentFailed << "did not confirm";
    QTest::newRow("0213") << 0x0213 << ErrorCode::PeerOutOfResources << "by itself";
    QTest::newRow("0110") << 0x0110 << ErrorCode::PeerError << "an error of its own";
    QTest::newRow("aborted") << FakePlatform::kAbort << ErrorCode::AssociationAborted << "by itself";
}

void DeliveryFaultsTest::commitment() {
    QFETCH(const int, status);
    QFETCH(const ErrorCode, code);
    QFETCH(const QString, sentence);
    connectDesk();
    queue(Kind::StoreReport);
    if (status == 0)
        m_platform->setCommitment(FakePlatform::CommitmentAnswer::Never, 0, {});
    else if (status == 1)
        m_platform->setCommitment(FakePlatform::CommitmentAnswer::SameAssociation, 0,
                                  {m_report.document.pdfInstance.value()});
    else
        m_platform->force(QStringLiteral("N-ACTION"), status);
    tryOnce(State::Queued, code, sentence);
    if (QTest::currentTestFailed())
        return;
    m_platform->setCommitment(FakePlatform::CommitmentAnswer::SameAssociation, 0, {});
    recover(State::Queued);
    // What the platform said it has not kept is sent once more, all else is not.
    QCOMPARE(stored(m_report.document.srInstance), status == 1 ? 2 : 1);
    QCOMPARE(stored(m_report.document.pdfInstance), status == 1 ? 2 : 1);
    QCOMPARE(published(), 1);
}

void DeliveryFaultsTest::commitmentToldTwice() {
    EventListener listener(m_platform->settings(), {});
    QVERIFY(listener.start().has_value());
    m_platform->setCommitment(FakePlatform::CommitmentAnswer::OwnAssociationTwice, listener.port(), {});
    connectDesk(&listener.commitments());
    queue(Kind::StoreReport);
    recover(State::Queued);
    QCOMPARE(published(), 1);
    // A state the platform had before its answer got lost: the same again changes nothing.
    QVERIFY(m_desk->reports().markPublished(m_report.document.srInstance, sampleAudit()));
    QCOMPARE(published(), 1);
    QCOMPARE(m_platform->storedCount(), 2);
}

void DeliveryFaultsTest::tasks_data() {
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("operation");
    QTest::addColumn<int>("status");
    QTest::addColumn<State>("state");
    QTest::addColumn<ErrorCode>("code");
    const auto row = [](Kind kind, int status, State state, ErrorCode code) {
        QTest::addRow("%s %04X", qPrintable(outboxKindName(kind)), status)
            << kind << (kind == Kind::SetOutput ? "N-SET" : "N-ACTION") << status << state << code;
    };
    for (const Kind kind : {Kind::SetOutput, Kind::CompleteTask}) {
        row(kind, 0x0213, State::Queued, ErrorCode::PeerOutOfResources);
        row(kind, 0x0110, State::Queued, ErrorCode::PeerError);
        row(kind, 0xC301, State::Parked, ErrorCode::TaskNotClaimed);
        row(kind, 0xC307, State::Parked, ErrorCode::TaskGone);
    }
    row(Kind::CompleteTask, 0xC304, State::Parked, ErrorCode::TaskStateForbids);
}

void DeliveryFaultsTest::tasks() {
    QFETCH(const Kind, kind);
    QFETCH(const QString, operation);
    QFETCH(const int, status);
    QFETCH(const State, state);
    QFETCH(const ErrorCode, code);
    ReadingTask task;
    task.uid = kTask;
    task.order.study = m_report.document.order.study;
    m_platform->add(task);
    connectDesk();
    QVERIFY(m_desk->claims().begin(kTask, kLock, UserId(QStringLiteral("u-author"))));
    QVERIFY(m_worklist->claim(kTask, kLock, {QStringLiteral("Zhang^Wei"), QStringLiteral("DESK1")}, kNever));
    QVERIFY(m_desk->claims().markHeld(kTask));
    const Performer performer{QStringLiteral("Zhang^Wei"), QStringLiteral("DESK1")};
    if (kind == Kind::CompleteTask) // it may be closed once it has its output
        QVERIFY(m_worklist->setOutput(
            kTask, kLock, performer,
            {{task.order.study, m_report.document.srSeries, {kReportSrClass, m_report.document.srInstance}}}, kNever));
    queue(kind);
    m_platform->force(operation, status);
    tryOnce(state, code, {});
    if (QTest::currentTestFailed())
        return;
    QVERIFY(m_desk->claims().find(kTask)->has_value()); // still ours
    recover(state);
    if (kind == Kind::CompleteTask) {
        QCOMPARE(m_platform->state(kTask.value()), UpsState::Completed);
        QVERIFY(!m_desk->claims().find(kTask)->has_value());
    }
}

/// A clock that ran ahead made the times; it is put right by years. What waits goes out after a wait of its own length.
void DeliveryFaultsTest::clockSetBack() {
    const QDateTime right = m_clock.nowUtc();
    connectDesk();
    m_clock.setNowUtc(right.addYears(10));
    queue(Kind::StoreReport);
    m_platform->force(QStringLiteral("C-STORE"), 0xA700);
    tryOnce(State::Queued, ErrorCode::PeerOutOfResources, QStringLiteral("by itself"));
    m_clock.setNowUtc(right);
    m_platform->unforce();
    QVERIFY(!m_delivery->deliverNext(kNever).value());
    m_clock.advance(OutboxStore::kLongestRetry);
    const auto outcome = m_delivery->deliverNext(kNever);
    QVERIFY(outcome && *outcome && !(*outcome)->problem);
    QCOMPARE(m_platform->storedCount(), 2);
    QVERIFY(m_desk->audit().verifyChain()); // its times may go back, its order does not
}

void DeliveryFaultsTest::clockSetForward() {
    connectDesk();
    queue(Kind::StoreReport);
    m_platform->force(QStringLiteral("C-STORE"), 0xA700);
    tryOnce(State::Queued, ErrorCode::PeerOutOfResources, QStringLiteral("by itself"));
    m_clock.setNowUtc(m_clock.nowUtc().addYears(10));
    const auto again = m_delivery->deliverNext(kNever);
    QVERIFY(again && *again && (*again)->problem);
    QCOMPARE(item().attempts, 2);
    QVERIFY(!m_delivery->deliverNext(kNever).value()); // one try, no storm
    m_clock.setNowUtc(m_clock.nowUtc().addYears(-10));
    m_platform->unforce();
    QVERIFY(!m_delivery->deliverNext(kNever).value());
    m_clock.advance(OutboxStore::kLongestRetry);
    QVERIFY(m_delivery->deliverNext(kNever).value());
    QCOMPARE(item().state, State::Delivered);
}

/// The pause grows to ten minutes, by chance a quarter more or less; clocks that are set do not touch it; the first
/// answer ends it, and then what waited for the line goes at once.
void DeliveryFaultsTest::pauseOfADeadLine() {
    connectDesk();
    queue(Kind::StoreReport);
    m_platform->force(QStringLiteral("C-STORE"), FakePlatform::kAbort);
    std::set<qint64> last;
    for (int i = 0; i < 12; ++i) {
        const auto outcome = m_delivery->deliverNext(kNever);
        QVERIFY(outcome && *outcome && (*outcome)->problem);
        const qint64 pause = m_delivery->platformPause().count();
        const qint64 whole = std::chrono::milliseconds(DeliveryService::backoff(i)).count();
        QVERIFY2(pause >= whole * 3 / 4 && pause <= whole * 5 / 4, qPrintable(QString::number(pause)));
        if (whole == std::chrono::milliseconds(OutboxStore::kLongestRetry).count())
            last.insert(pause);
        m_clock.setNowUtc(m_clock.nowUtc().addDays(i % 2 == 0 ? 1 : -1));
        if (i % 2 == 1) // the desk looks all the time and follows a clock that was set back
            QVERIFY(!m_delivery->deliverNext(kNever).value());
        QCOMPARE(m_delivery->platformPause().count(), pause);
        m_clock.advance(std::chrono::minutes(13));
        QCOMPARE(m_delivery->platformPause().count(), 0);
    }
    QVERIFY(last.size() >= 4);                        // not in step with other desks
    QVERIFY(m_delivery->deliverNext(kNever).value()); // paused, and its item waits
    QVERIFY(m_delivery->platformPause().count() > 0);
    QVERIFY(item().notBefore > m_clock.nowUtc());
    // Something else is heard of it.
    m_platform->unforce();
    OutboxItem other;
    other.kind = Kind::CancelTask;
    other.study = StudyUid(QStringLiteral("2.25.4712"));
    other.task = kTask;
    other.transaction = kLock;
    QVERIFY(m_desk->outbox().add(other));
    const auto heard = m_delivery->deliverNext(kNever);
    QVERIFY(heard && *heard);
    QCOMPARE((*heard)->item.kind, Kind::CancelTask);
    QCOMPARE(m_delivery->platformPause().count(), 0);
    QVERIFY(item().notBefore <= m_clock.nowUtc());
    const auto delivered = m_delivery->deliverNext(kNever);
    QVERIFY(delivered && *delivered && !(*delivered)->problem);
    QCOMPARE(item().state, State::Delivered);
}

QTEST_GUILESS_MAIN(DeliveryFaultsTest)
#include "delivery_faults_test.moc"
