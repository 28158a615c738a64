#include "worklist/sample_tasks.h"
#include "worklist/worklist_model.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QtTest>
#include <algorithm>
#include <random>

using namespace yz;
using namespace yz::test;

class WorklistModelTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void defaultOrderIsEmergencyThenDue();
    void equalRowsCauseNoSignal();
    void oneChangedRowIsOneSignal();
    void newAndGoneRowsKeepTheSelection();
    void everySequenceOfListsEndsRight();
    void sortsByEveryColumn();
    void valuesAreTyped();
    void tenThousandRowsAreFast();

private:
    [[nodiscard]] std::vector<WorklistRowPtr> rows(const std::vector<ReadingTask>& tasks) const {
        std::vector<WorklistRowPtr> made;
        for (const ReadingTask& task : tasks)
            made.push_back(makeRow(task, {}, reader().id));
        return made;
    }
    [[nodiscard]] static QStringList uids(const WorklistModel& model) {
        QStringList list;
        for (int row = 0; row < model.rowCount(); ++row)
            list.append(model.rowAt(row)->task.uid.value());
        return list;
    }
    const QDateTime m_now{QDate(2026, 3, 2), QTime(1, 0), Qt::UTC};
};

void WorklistModelTest::defaultOrderIsEmergencyThenDue() {
    WorklistModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows(rows(morningTasks(m_now)));
    const QStringList order = uids(model);
    QCOMPARE(order.size(), 21); // finished ones are not shown
    QCOMPARE(order.mid(0, 6), (QStringList{"2.25.102", "2.25.101", "2.25.103", "2.25.104", "2.25.105", "2.25.106"}));
    QCOMPARE(order.last(), "2.25.110");
}

void WorklistModelTest::equalRowsCauseNoSignal() {
    WorklistModel model;
    model.setRows(rows(morningTasks(m_now)));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy laidOut(&model, &QAbstractItemModel::layoutChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setRows(rows(morningTasks(m_now))); // made anew, the same in content
    QCOMPARE(changed.size() + inserted.size() + removed.size() + laidOut.size() + reset.size(), 0);
}

void WorklistModelTest::oneChangedRowIsOneSignal() {
    WorklistModel model;
    std::vector<ReadingTask> tasks = morningTasks(m_now);
    model.setRows(rows(tasks));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy laidOut(&model, &QAbstractItemModel::layoutChanged);
    tasks[0].state = UpsState::InProgress;
    tasks[0].holderName = "=王^芳";
    model.setRows(rows(tasks));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(laidOut.size(), 0);
    QCOMPARE(changed[0][0].toModelIndex().row(), model.rowOf(WorkitemUid("2.25.101")));
    QCOMPARE(changed[0][1].toModelIndex().row(), model.rowOf(WorkitemUid("2.25.101")));
}

void WorklistModelTest::newAndGoneRowsKeepTheSelection() {
    WorklistModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    std::vector<ReadingTask> tasks = morningTasks(m_now);
    model.setRows(rows(tasks));
    const WorkitemUid kept("2.25.108");
    const QPersistentModelIndex selected = model.index(model.rowOf(kept), 0);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    ReadingTask fresh = tasks[0];
    fresh.uid = WorkitemUid("2.25.500");
    fresh.dueTime = m_now.addSecs(-9999); // comes first
    tasks.push_back(fresh);
    tasks.erase(tasks.begin() + 3);
    tasks.erase(tasks.begin() + 5);
    model.setRows(rows(tasks));
    QVERIFY(selected.isValid());
    QCOMPARE(model.rowAt(selected.row())->task.uid, kept);
    QCOMPARE(uids(model).first(), "2.25.500");
    // It becomes an emergency: the row moves, the selection goes with it.
    for (ReadingTask& task : tasks)
        if (task.uid == kept) {
            task.priority = Priority::Emergency;
            task.dueTime = m_now.addSecs(-99999);
        }
    model.setRows(rows(tasks));
    QCOMPARE(selected.row(), 0);
    QCOMPARE(model.rowAt(0)->task.uid, kept);
    QCOMPARE(reset.size(), 0);
}

void WorklistModelTest::everySequenceOfListsEndsRight() {
    WorklistModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    std::mt19937 random(20260302);
    const std::vector<ReadingTask> pool = manyTasks(60, m_now);
    for (int step = 0; step < 80; ++step) {
        std::vector<ReadingTask> tasks;
        for (ReadingTask task : pool) {
            if (random() % 3 == 0)
                continue;
            task.priority = static_cast<Priority>(random() % 3);
            task.dueTime = m_now.addSecs(static_cast<qint64>(random() % 5000));
            tasks.push_back(task);
        }
        WorklistFilter filter;
        if (random() % 3 == 0)
            filter.modalities = {"CT"};
        model.setRows(rows(tasks));
        model.setFilter(filter);
        // Judge: the same list put into a model that never saw another one.
        WorklistModel fresh;
        fresh.setFilter(filter);
        fresh.setRows(rows(tasks));
        QCOMPARE(uids(model), uids(fresh));
        for (int row = 0; row < model.rowCount(); ++row) {
            QCOMPARE(model.rowOf(model.rowAt(row)->task.uid), row);
            QCOMPARE(*model.rowAt(row), *fresh.rowAt(row));
        }
    }
}

void WorklistModelTest::sortsByEveryColumn() {
    WorklistModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows(rows(morningTasks(m_now)));
    const QStringList before = uids(model);
    for (int column = 0; column < WorklistModel::ColumnCount; ++column) {
        model.sort(column, Qt::AscendingOrder);
        QStringList sorted = uids(model);
        sorted.sort();
        QStringList all = before;
        all.sort();
        QCOMPARE(sorted, all);
    }
    model.sort(WorklistModel::ExamTimeColumn, Qt::DescendingOrder);
    for (int row = 1; row < model.rowCount(); ++row)
        QVERIFY(model.rowAt(row - 1)->task.order.examTime >= model.rowAt(row)->task.order.examTime);
    model.sort(-1);
    QCOMPARE(uids(model), before);
}

void WorklistModelTest::valuesAreTyped() {
    WorklistModel model;
    model.setRows(rows(morningTasks(m_now)));
    const int row = model.rowOf(WorkitemUid("2.25.101"));
    const auto value = [&](int column) { return model.index(row, column).data(WorklistModel::ValueRole); };
    QCOMPARE(value(WorklistModel::PriorityColumn).toInt(), static_cast<int>(Priority::Emergency));
    QCOMPARE(value(WorklistModel::DueColumn).toDateTime(), m_now.addSecs(540));
    QCOMPARE(value(WorklistModel::PatientColumn).toString(), "王建国");
    QCOMPARE(value(WorklistModel::BodyPartColumn).toString(), "HEAD");
    QVERIFY(value(WorklistModel::SexAgeColumn).toString().endsWith(u'Y'));
    QVERIFY(!model.index(row, 0).data(Qt::DisplayRole).isValid()); // words are the view's
    QCOMPARE(model.rowOf(WorkitemUid("1.2.3")), -1);
    QVERIFY(model.find(WorkitemUid("2.25.122"))); // finished, not shown, but known
}

void WorklistModelTest::tenThousandRowsAreFast() {
    const std::vector<WorklistRowPtr> many = rows(manyTasks(10000, m_now));
    WorklistModel model;
    QElapsedTimer timer;
    timer.start();
    model.setRows(many);
    const qint64 fill = timer.restart();
    WorklistFilter filter;
    qint64 slowest = 0;
    for (const char* text : {"w", "wa", "wan", "wang", "wang b", "青石", "b00123"}) {
        filter.text = QString::fromUtf8(text);
        timer.restart();
        model.setFilter(filter);
        slowest = qMax(slowest, timer.elapsed());
    }
    QCOMPARE(model.rowCount(), 10); // B001230 ... B001239
    // A share of what a person notices; generous, because the machine may be busy.
    QVERIFY2(fill < 1000 && slowest < 500,
             qPrintable(QStringLiteral("fill %1 ms, slowest key %2 ms").arg(fill).arg(slowest)));
    qInfo("fill %lld ms, slowest key %lld ms", fill, slowest);
}

QTEST_GUILESS_MAIN(WorklistModelTest)
#include "worklist_model_test.moc"
