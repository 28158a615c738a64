#include "uikit/banner.h"
#include "uikit/empty_state.h"
#include "uikit/search_field.h"
#include "uikit/theme.h"
#include "uikit/translation.h"
#include "worklist/desk_fixture.h"
#include "worklist_ui/worklist_page.h"
#include "worklist_ui/worklist_text_model.h"

#include <QApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QtTest>

using namespace yz;
using namespace yz::test;

/// The page as a person uses it: keys and clicks, Chinese.
class WorklistPageTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cellsSpeakChinese();
    void repairedNamesAreMarked();
    void searchByKeyboard();
    void chipsFilterAndCount();
    void enterClaimsAndOpens();
    void claimKeyDoesNotOpen();
    void lostRaceSaysWho();
    void mineOpensWithoutAsking();
    void finishedAndViewOnly();
    void reviewIsRefusedToTheReader();
    void releaseAsksForAReason();
    void selectionSurvivesARefresh();
    void agesMoveOnWithoutARepaintOfTheRest();
    void offlineSaysAsOf();
    void emptyStates();
};

namespace {

struct Opened {
    Desk desk;
    std::unique_ptr<WorklistPage> page;
    QTableView* table = nullptr;

    explicit Opened(bool isFilled = true, const User& user = reader()) : desk(user) {
        if (isFilled)
            desk.source.putAll(morningTasks(desk.clock.nowUtc()));
        desk.refreshed();
        page = std::make_unique<WorklistPage>(*desk.controller);
        page->resize(1600, 900);
        page->show();
        QApplication::setActiveWindow(page.get());
        table = page->findChild<QTableView*>("worklistTable");
    }
    [[nodiscard]] QString cell(const char* uid, int column) const {
        return table->model()->index(desk.controller->model().rowOf(WorkitemUid(uid)), column).data().toString();
    }
    [[nodiscard]] QPushButton* button(const char* name) const { return page->findChild<QPushButton*>(name); }
    [[nodiscard]] QString notice() const { return page->findChild<Banner*>("noticeBanner")->text(); }
};

const char* const kHead = "2.25.101";

} // namespace

void WorklistPageTest::initTestCase() {
    QVERIFY(applyTheme(*qApp));
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("zh_CN")));
}

void WorklistPageTest::cellsSpeakChinese() {
    const Opened at;
    QCOMPARE(at.cell(kHead, WorklistModel::PriorityColumn), "急诊");
    QCOMPARE(at.cell(kHead, WorklistModel::DueColumn), "剩 9 分");
    QCOMPARE(at.cell("2.25.102", WorklistModel::DueColumn), "超 14 分");
    QCOMPARE(at.cell(kHead, WorklistModel::PatientColumn), "王建国");
    QVERIFY(at.cell(kHead, WorklistModel::SexAgeColumn).endsWith("岁"));
    QCOMPARE(at.cell(kHead, WorklistModel::BodyPartColumn), "头部");
    QCOMPARE(at.cell(kHead, WorklistModel::StateColumn), "待诊断");
    QCOMPARE(at.cell("2.25.103", WorklistModel::KindColumn), "审核");
    QCOMPARE(at.cell("2.25.102", WorklistModel::HolderColumn), "王芳 · DESK2");
    QCOMPARE(at.table->model()->headerData(WorklistModel::HospitalColumn, Qt::Horizontal).toString(), "申请单位");
}

void WorklistPageTest::repairedNamesAreMarked() {
    Opened at;
    ReadingTask task = at.desk.source.at(WorkitemUid(kHead))->task;
    task.order.patient.textRepair = {QStringLiteral("ISO_IR 100"), QStringLiteral("GB18030")};
    at.desk.source.put(task);
    at.desk.refreshed();
    QCOMPARE(at.cell(kHead, WorklistModel::PatientColumn), "王建国 ※");
    const QModelIndex cell =
        at.table->model()->index(at.desk.controller->model().rowOf(WorkitemUid(kHead)), WorklistModel::PatientColumn);
    QCOMPARE(cell.data(Qt::ToolTipRole).toString(), "王建国\nWang JianGuo\n※ 字符集已修复：ISO_IR 100 → GB18030");
}

void WorklistPageTest::searchByKeyboard() {
    const Opened at;
    at.table->setFocus();
    QTest::keyClick(at.table, Qt::Key_Slash);
    auto* search = at.page->findChild<SearchField*>("searchField");
    QTRY_VERIFY(search->hasFocus());
    QTest::keyClicks(search, "wjg");
    QCOMPARE(at.table->model()->rowCount(), 1);
    QTest::keyClick(search, Qt::Key_Return);
    QVERIFY(at.table->hasFocus());
    QTest::keyClick(at.table, Qt::Key_Escape);
    QCOMPARE(at.table->model()->rowCount(), 21);
    QCOMPARE(search->text(), QString());
}

void WorklistPageTest::chipsFilterAndCount() {
    const Opened at;
    QVERIFY(at.button("chipAllOpen")->text().contains("21"));
    QVERIFY(at.button("chip_returned")->text().contains("1"));
    at.button("chip_returned")->click();
    QCOMPARE(at.table->model()->rowCount(), 1);
    at.button("chipAllOpen")->click();
    at.button("chipModality_MR")->click();
    QCOMPARE(at.table->model()->rowCount(), 3);
    QVERIFY(at.button("chipAllOpen")->text().contains("3"));
    at.button("chipModality_MR")->click();
    at.button("chipEmergency")->click();
    QCOMPARE(at.table->model()->rowCount(), 3);
    at.button("chipEmergency")->click();
    at.button("chipFinished")->click();
    QCOMPARE(at.table->model()->rowCount(), 2);
    QCOMPARE(at.cell("2.25.123", WorklistModel::StateColumn), "退检");
    QCOMPARE(at.cell("2.25.122", WorklistModel::StateColumn), "已完成");
}

void WorklistPageTest::enterClaimsAndOpens() {
    Opened at;
    at.page->selectTask(WorkitemUid(kHead));
    QSignalSpy opened(at.page.get(), &WorklistPage::openRequested);
    QTest::keyClick(at.table, Qt::Key_Return);
    QVERIFY(!at.button("claimButton")->isEnabled()); // while the platform is asked
    QTRY_COMPARE(opened.size(), 1);
    QTRY_COMPARE(at.cell(kHead, WorklistModel::HolderColumn), "本人");
    QCOMPARE(at.desk.source.at(WorkitemUid(kHead))->task.state, UpsState::InProgress);
    QTRY_VERIFY(at.button("releaseButton")->isVisible());
}

void WorklistPageTest::claimKeyDoesNotOpen() {
    Opened at;
    at.page->selectTask(WorkitemUid(kHead));
    QSignalSpy opened(at.page.get(), &WorklistPage::openRequested);
    QTest::keyClick(at.table, Qt::Key_C);
    QTRY_COMPARE(at.cell(kHead, WorklistModel::HolderColumn), "本人");
    QCOMPARE(opened.size(), 0);
}

void WorklistPageTest::lostRaceSaysWho() {
    Opened at;
    at.page->selectTask(WorkitemUid(kHead));
    ReadingTask taken = at.desk.model().find(WorkitemUid(kHead))->task;
    taken.state = UpsState::InProgress;
    taken.holderName = "=王^芳";
    taken.holderStation = "DESK2";
    at.desk.source.put(taken, TransactionUid("9.9"));
    QSignalSpy opened(at.page.get(), &WorklistPage::openRequested);
    at.button("claimButton")->click();
    QTRY_VERIFY(!at.notice().isEmpty());
    QVERIFY2(at.notice().contains("王芳") && at.notice().contains("DESK2"), qPrintable(at.notice()));
    QCOMPARE(opened.size(), 0);
    QTRY_COMPARE(at.cell(kHead, WorklistModel::HolderColumn), "王芳 · DESK2");
    QTRY_VERIFY(!at.button("claimButton")->isEnabled());
}

void WorklistPageTest::mineOpensWithoutAsking() {
    Opened at;
    at.page->selectTask(WorkitemUid(kHead));
    QTest::keyClick(at.table, Qt::Key_C);
    QTRY_COMPARE(at.cell(kHead, WorklistModel::HolderColumn), "本人");
    const size_t calls = at.desk.source.calls.size();
    QSignalSpy opened(at.page.get(), &WorklistPage::openRequested);
    QTest::keyClick(at.table, Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(at.desk.source.calls.size(), calls);
}

void WorklistPageTest::finishedAndViewOnly() {
    const Opened at;
    QSignalSpy viewed(at.page.get(), &WorklistPage::viewRequested);
    at.page->selectTask(WorkitemUid("2.25.102")); // another's
    QTest::keyClick(at.table, Qt::Key_V);
    QCOMPARE(viewed.size(), 1);
    at.button("chipFinished")->click();
    at.page->selectTask(WorkitemUid("2.25.122"));
    QTest::keyClick(at.table, Qt::Key_Return);
    QCOMPARE(viewed.size(), 2);
    QVERIFY(!at.button("claimButton")->isVisible());
}

void WorklistPageTest::reviewIsRefusedToTheReader() {
    Opened at;
    at.page->selectTask(WorkitemUid("2.25.103"));
    QVERIFY(!at.button("claimButton")->isEnabled());
    QTest::keyClick(at.table, Qt::Key_Return);
    QVERIFY(at.notice().contains("角色"));
    QVERIFY(at.desk.source.calls.empty());
    const Opened other(true, reviewer());
    other.page->selectTask(WorkitemUid("2.25.103"));
    QVERIFY(other.button("claimButton")->isEnabled());
}

void WorklistPageTest::releaseAsksForAReason() {
    Opened at;
    at.page->selectTask(WorkitemUid(kHead));
    QTest::keyClick(at.table, Qt::Key_C);
    QTRY_VERIFY(at.button("rejectButton")->isVisible());
    at.button("rejectButton")->click();
    auto* text = at.page->findChild<QPlainTextEdit*>("reasonText");
    QVERIFY(text);
    text->setPlainText("运动伪影");
    at.button("reasonAccept")->click();
    QTRY_COMPARE(at.desk.source.at(WorkitemUid(kHead))->task.reason, "REJECTED: 运动伪影");
    QTRY_COMPARE(at.desk.model().rowOf(WorkitemUid(kHead)), -1);
}

void WorklistPageTest::selectionSurvivesARefresh() {
    Opened at;
    at.page->selectTask(WorkitemUid("2.25.108"));
    const QString name = at.page->findChild<QLabel*>("detailsName")->text();
    QCOMPARE(name, "徐婷");
    ReadingTask fresh = at.desk.model().find(WorkitemUid(kHead))->task;
    fresh.uid = WorkitemUid("2.25.900");
    at.desk.source.put(fresh);
    QVERIFY(at.desk.refreshed());
    QTRY_COMPARE(at.table->model()->rowCount(), 22);
    QCOMPARE(at.page->selectedTask(), WorkitemUid("2.25.108"));
    QCOMPARE(at.table->currentIndex().row(), at.desk.model().rowOf(WorkitemUid("2.25.108")));
    QCOMPARE(at.page->findChild<QLabel*>("detailsName")->text(), name);
}

void WorklistPageTest::agesMoveOnWithoutARepaintOfTheRest() {
    Opened at;
    auto* texts = qobject_cast<WorklistTextModel*>(at.table->model());
    QSignalSpy changed(texts, &QAbstractItemModel::dataChanged);
    texts->setNow(at.desk.clock.nowUtc().addSecs(600));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex().column(), static_cast<int>(WorklistModel::DueColumn));
    QCOMPARE(changed[0][1].toModelIndex().column(), static_cast<int>(WorklistModel::DueColumn));
    QCOMPARE(at.cell(kHead, WorklistModel::DueColumn), "超 1 分");
}

void WorklistPageTest::offlineSaysAsOf() {
    Opened at;
    at.desk.source.queryError = Error{ErrorCode::PlatformUnreachable, {}};
    QVERIFY(at.desk.refreshed());
    auto* banner = at.page->findChild<Banner*>("offlineBanner");
    QTRY_VERIFY(banner->isVisible());
    QVERIFY2(banner->text().contains("平台") && banner->text().contains("列表更新于"), qPrintable(banner->text()));
    QCOMPARE(at.table->model()->rowCount(), 21); // reading goes on
    at.desk.source.queryError.reset();
    QVERIFY(at.desk.refreshed());
    QTRY_VERIFY(!banner->isVisible());
}

void WorklistPageTest::emptyStates() {
    Opened at(false);
    auto* empty = at.page->findChild<EmptyState*>();
    QTRY_VERIFY(empty->isVisible());
    QCOMPARE(empty->title(), "暂无待办任务");
    at.desk.source.putAll(morningTasks(at.desk.clock.nowUtc()));
    QVERIFY(at.desk.refreshed());
    QTRY_VERIFY(!empty->isVisible());
    at.page->findChild<SearchField*>("searchField")->setText("nobody like this");
    QVERIFY(empty->isVisible());
    QCOMPARE(empty->title(), "没有符合条件的任务");
    at.button("emptyStateAction")->click();
    QVERIFY(!empty->isVisible());

    Opened away(false);
    away.desk.source.queryError = Error{ErrorCode::PlatformUnreachable, {}};
    QVERIFY(away.desk.refreshed());
    QTRY_COMPARE(away.page->findChild<EmptyState*>()->title(), "暂无工作列表");
}

QTEST_MAIN(WorklistPageTest)
#include "worklist_page_test.moc"
