#include "worklist/sample_tasks.h"
#include "worklist/worklist_filter.h"
#include "worklist/worklist_row.h"

#include <QtTest>

using namespace yz;
using namespace yz::test;

class WorklistRowTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stateOfTheWorkItem_data();
    void stateOfTheWorkItem();
    void imagesHere();
    void claimsSayWhoHolds();
    void localReportIsAhead();
    void dueTimeFromTheTarget();
    void whoMayClaim();
    void textFindsTheTask_data();
    void textFindsTheTask();
    void filtersCombine();
    void countsFollowTheFilter();

private:
    const QDateTime m_now{QDate(2026, 3, 2), QTime(1, 0), Qt::UTC};
};

void WorklistRowTest::stateOfTheWorkItem_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("ups");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("state");
    const auto row = [](const char* name, TaskKind kind, UpsState ups, const char* reason, const char* state) {
        QTest::newRow(name) << static_cast<int>(kind) << static_cast<int>(ups) << QString::fromLatin1(reason)
                            << QString::fromLatin1(state);
    };
    row("new", TaskKind::Read, UpsState::Scheduled, "", "waiting");
    row("given back", TaskKind::Read, UpsState::Scheduled, "RELEASED: end of shift", "waiting");
    row("returned", TaskKind::Read, UpsState::Scheduled, "RETURNED: side", "returned");
    row("returned, free text", TaskKind::Read, UpsState::Scheduled, "see side", "returned");
    row("held", TaskKind::Read, UpsState::InProgress, "", "reading");
    row("read", TaskKind::Read, UpsState::Completed, "", "submitted");
    row("rejected", TaskKind::Read, UpsState::Canceled, "REJECTED: motion", "rejected");
    row("consultation", TaskKind::Consultation, UpsState::Scheduled, "", "waiting");
    row("review new", TaskKind::Review, UpsState::Scheduled, "", "submitted");
    row("review held", TaskKind::Review, UpsState::InProgress, "", "reviewing");
    row("review done", TaskKind::Review, UpsState::Completed, "", "approved");
    row("review returned", TaskKind::Review, UpsState::Canceled, "RETURNED: side", "returned");
}

void WorklistRowTest::stateOfTheWorkItem() {
    QFETCH(int, kind);
    QFETCH(int, ups);
    QFETCH(QString, reason);
    ReadingTask task;
    task.kind = static_cast<TaskKind>(kind);
    task.state = static_cast<UpsState>(ups);
    task.reason = reason;
    QTEST(stateName(readingStateOf(task)), "state");
}

void WorklistRowTest::imagesHere() {
    using Completeness = StudyStore::Completeness;
    QCOMPARE(Completeness({0, -1}).percent(), 0);
    QCOMPARE(Completeness({5, -1}).percent(), 0); // nobody has said how many there are
    QCOMPARE(Completeness({1, 1000}).percent(), 1);
    QCOMPARE(Completeness({999, 1000}).percent(), 99);
    QCOMPARE(Completeness({1000, 1000}).percent(), 100);
    QCOMPARE(Completeness({0, 0}).percent(), 100);
    LocalTask local;
    local.images = {3, 4};
    QCOMPARE(makeRow(morningTasks(m_now)[0], local, reader().id)->images.percent(), 75);
}

void WorklistRowTest::claimsSayWhoHolds() {
    ReadingTask task = morningTasks(m_now)[0];
    using S = ClaimStore::Settled;
    const auto holding = [&](std::optional<ClaimStore::Claim> claim) {
        return makeRow(task, {std::move(claim), {}, {}}, reader().id)->holding;
    };
    const auto claim = [&](const UserId& user, S settled) {
        return ClaimStore::Claim{task.uid, TransactionUid("1"), user, settled, m_now};
    };
    QCOMPARE(holding({}), Holding::Nobody);
    QCOMPARE(holding(claim(reader().id, S::Held)), Holding::Mine);
    QCOMPARE(holding(claim(reader().id, S::Asked)), Holding::Provisional);
    QCOMPARE(holding(claim(reviewer().id, S::Held)), Holding::Other);
    // Ours although the list was fetched before the claim: it reads as held.
    QCOMPARE(makeRow(task, {claim(reader().id, S::Held), {}, {}}, reader().id)->state, ReadingState::Reading);
    task.state = UpsState::InProgress;
    QCOMPARE(holding({}), Holding::Other);
    task.state = UpsState::Completed;
    QCOMPARE(holding(claim(reader().id, S::Held)), Holding::Nobody);
}

void WorklistRowTest::localReportIsAhead() {
    ReadingTask task = morningTasks(m_now)[0];
    task.state = UpsState::InProgress;
    const auto state = [&](ReadingState report) { return makeRow(task, {{}, report, {}}, reader().id)->state; };
    QCOMPARE(state(ReadingState::Submitted), ReadingState::Submitted); // signed, still in the outbox
    QCOMPARE(state(ReadingState::Reading), ReadingState::Reading);
    task.kind = TaskKind::Review;
    QCOMPARE(state(ReadingState::Submitted), ReadingState::Reviewing); // the author's version, received
    QCOMPARE(state(ReadingState::Approved), ReadingState::Approved);
    QCOMPARE(state(ReadingState::Published), ReadingState::Published);
}

void WorklistRowTest::dueTimeFromTheTarget() {
    const TaskSketch head{"1.1", "A", "H", "CT", "CT", "HEAD", Priority::Emergency, TaskKind::Read, UpsState::Scheduled,
                          10,    0};
    const WorklistRowPtr row = makeRow(makeTask(head, m_now), {}, {});
    QCOMPARE(row->start, m_now.addSecs(-600));
    QCOMPARE(row->due, m_now.addSecs(20 * 60)); // 30 min for an emergency head
    ReadingTask given = makeTask(head, m_now);
    given.dueTime = m_now.addSecs(60);
    QCOMPARE(makeRow(given, {}, {})->due, given.dueTime);
}

void WorklistRowTest::whoMayClaim() {
    const std::vector<ReadingTask> tasks = morningTasks(m_now);
    const auto answer = [&](size_t at, const User& user, bool selfReview = false) {
        const Status status = mayClaim(*makeRow(tasks[at], {}, user.id), user, selfReview);
        return status ? QStringLiteral("yes") : errorName(status.error().code);
    };
    QCOMPARE(answer(0, reader()), "yes");
    QCOMPARE(answer(1, reader()), "TaskClaimedByOther");
    QCOMPARE(answer(2, reader()), "RoleForbids"); // a review
    QCOMPARE(answer(2, reviewer()), "yes");
    User author = reviewer();
    author.displayName = QStringLiteral("张伟");
    QCOMPARE(answer(11, author), "SelfReviewForbidden");
    QCOMPARE(answer(11, author, true), "yes");
    QCOMPARE(answer(21, reader()), "TaskStateForbids"); // done
    QCOMPARE(answer(7, reader()), "yes");               // returned to the author
    User administrator = reader();
    administrator.roles = {Role::Administrator};
    QCOMPARE(answer(0, administrator), "RoleForbids");
    const ClaimStore::Claim ours{tasks[6].uid, TransactionUid("1"), reader().id, ClaimStore::Settled::Held, m_now};
    QVERIFY(mayClaim(*makeRow(tasks[6], {ours, {}, {}}, reader().id), reader()));
}

void WorklistRowTest::textFindsTheTask_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isFound");
    QTest::newRow("empty") << "" << true;
    QTest::newRow("name") << "王建国" << true;
    QTest::newRow("part of the name") << "建国" << true;
    QTest::newRow("pinyin") << "wangjianguo" << true;
    QTest::newRow("pinyin apart") << "jianguo wang" << true;
    QTest::newRow("initials") << "wjg" << true;
    QTest::newRow("upper case") << "WJG" << true;
    QTest::newRow("accession") << "a202600101" << true;
    QTest::newRow("full-width digits") << "００１０１" << true;
    QTest::newRow("patient id") << "P000101" << true;
    QTest::newRow("hospital") << "青石镇" << true;
    QTest::newRow("item") << "颅脑ct" << true;
    QTest::newRow("two words") << "青石 颅脑" << true;
    QTest::newRow("one of two") << "青石 胸部" << false;
    QTest::newRow("other name") << "李" << false;
}

void WorklistRowTest::textFindsTheTask() {
    QFETCH(QString, text);
    WorklistFilter filter;
    filter.text = text;
    QTEST(WorklistMatcher(filter).matches(*makeRow(morningTasks(m_now)[0], {}, {})), "isFound");
}

void WorklistRowTest::filtersCombine() {
    std::vector<WorklistRowPtr> rows;
    for (const ReadingTask& task : morningTasks(m_now))
        rows.push_back(makeRow(task, {}, reader().id));
    const auto count = [&](const WorklistFilter& filter) {
        const WorklistMatcher matcher(filter);
        return std::count_if(rows.begin(), rows.end(),
                             [&](const WorklistRowPtr& row) { return matcher.matches(*row); });
    };
    WorklistFilter filter;
    QCOMPARE(count(filter), 21);
    filter.scope = WorklistFilter::Scope::Finished;
    QCOMPARE(count(filter), 2);
    filter.scope = WorklistFilter::Scope::All;
    QCOMPARE(count(filter), 23);
    filter = {};
    filter.modalities = {"DX"};
    QCOMPARE(count(filter), 7);
    filter.kinds = {TaskKind::Review};
    QCOMPARE(count(filter), 3);
    filter.priorities = {Priority::Emergency};
    QCOMPARE(count(filter), 1);
    filter = {};
    filter.states = {ReadingState::Reviewing, ReadingState::Returned};
    QCOMPARE(count(filter), 2);
    filter = {};
    filter.onlyMine = true;
    QCOMPARE(count(filter), 0);
}

void WorklistRowTest::countsFollowTheFilter() {
    std::vector<WorklistRowPtr> rows;
    for (const ReadingTask& task : morningTasks(m_now))
        rows.push_back(makeRow(task, {}, reader().id));
    WorklistFilter filter;
    filter.states = {ReadingState::Waiting}; // a chosen state does not change what the others would give
    const WorklistCounts all = worklistCounts(rows, filter, m_now);
    QCOMPARE(all.open, 21);
    QCOMPARE(all.of(ReadingState::Waiting) + all.of(ReadingState::Reading) + all.of(ReadingState::Submitted) +
                 all.of(ReadingState::Reviewing) + all.of(ReadingState::Returned),
             all.open);
    QCOMPARE(all.finished, 2);
    QCOMPARE(all.emergencies, 3);
    QCOMPARE(all.overdue, 2);
    filter.modalities = {"MR"};
    QCOMPARE(worklistCounts(rows, filter, m_now).open, 3);
}

QTEST_GUILESS_MAIN(WorklistRowTest)
#include "worklist_row_test.moc"
