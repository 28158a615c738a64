#include "support/fake_clock.h"
#include "uikit/theme.h"
#include "uikit/translation.h"
#include "worklist/sample_tasks.h"
#include "worklist_ui/login_page.h"
#include "worklist_ui/status_bar_widget.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

using namespace yz;
using namespace yz::test;

class LoginPageTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void keyboardOnly();
    void buttonNeedsBoth();
    void demoUsersAreMarked();
    void failureSaysWhy();
    void lockedAccountWaits();
    void capsLockIsSeen();
    void saysWhatItIsNot();
    void statusBarSaysAll();
};

namespace {

struct Opened {
    FakeClock clock;
    LoginPage page{clock};
    QLineEdit* name = page.findChild<QLineEdit*>("loginName");
    QLineEdit* password = page.findChild<QLineEdit*>("loginPassword");
    QPushButton* button = page.findChild<QPushButton*>("loginButton");
    QLabel* error = page.findChild<QLabel*>("loginError");
    Opened() {
        page.show();
        QApplication::setActiveWindow(&page);
    }
};

} // namespace

void LoginPageTest::initTestCase() {
    QVERIFY(applyTheme(*qApp));
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("zh_CN")));
}

void LoginPageTest::keyboardOnly() {
    Opened at;
    QSignalSpy asked(&at.page, &LoginPage::loginRequested);
    QTRY_VERIFY(at.name->hasFocus());
    QTest::keyClicks(at.name, " zhangwei");
    QTest::keyClick(at.name, Qt::Key_Return);
    QVERIFY(at.password->hasFocus());
    QCOMPARE(at.password->echoMode(), QLineEdit::Password);
    QTest::keyClicks(at.password, " secret ");
    QTest::keyClick(at.password, Qt::Key_Return);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].toString(), "zhangwei");
    QCOMPARE(asked[0][1].toString(), " secret "); // a password is not trimmed
    at.page.setChecking(true);
    QTest::keyClick(at.password, Qt::Key_Return);
    QCOMPARE(asked.size(), 1);
}

void LoginPageTest::buttonNeedsBoth() {
    Opened at;
    QVERIFY(!at.button->isEnabled());
    at.name->setText("a");
    QVERIFY(!at.button->isEnabled());
    at.password->setText("b");
    QVERIFY(at.button->isEnabled());
    at.name->setText("  ");
    QVERIFY(!at.button->isEnabled());
}

void LoginPageTest::demoUsersAreMarked() {
    Opened at;
    QVERIFY(!at.page.findChild<QLabel*>("demoMark"));
    at.page.setDemoUsers({reader(), reviewer()}, "yuanzhen-demo");
    QTRY_VERIFY(at.page.findChild<QLabel*>("demoMark")->isVisible());
    auto* pick = at.page.findChild<QPushButton*>("demoUser_lijing");
    QVERIFY(pick->text().contains("审核医师"));
    pick->click();
    QCOMPARE(at.name->text(), "lijing");
    QTRY_VERIFY(at.password->hasFocus());
    at.page.setDemoUsers({});
    QVERIFY(!at.page.findChild<QLabel*>("demoMark"));
}

void LoginPageTest::failureSaysWhy() {
    Opened at;
    at.name->setText("zhangwei");
    at.password->setText("wrong");
    at.page.setChecking(true);
    at.page.showFailure({ErrorCode::PasswordWrong, {}});
    QVERIFY(at.error->isVisible());
    QVERIFY(at.error->text().contains("密码"));
    QCOMPARE(at.password->text(), QString());
    QCOMPARE(at.name->text(), "zhangwei");
    QVERIFY(at.password->isEnabled());
    at.page.reset();
    QVERIFY(!at.error->isVisible());
}

void LoginPageTest::lockedAccountWaits() {
    Opened at;
    at.name->setText("zhangwei");
    at.page.showFailure({ErrorCode::AccountLocked, {}}, at.clock.nowUtc().addSecs(125));
    QVERIFY2(at.error->text().contains("2:05"), qPrintable(at.error->text()));
    QVERIFY(!at.password->isEnabled());
    // The lock is that account's, another user may come in.
    at.name->setText("lijing");
    QVERIFY(at.password->isEnabled());
    at.name->setText("zhangwei");
    at.page.showFailure({ErrorCode::AccountLocked, {}}, at.clock.nowUtc().addSecs(60));
    QVERIFY(!at.password->isEnabled());
    at.clock.advance(std::chrono::seconds(61));
    QTRY_VERIFY_WITH_TIMEOUT(at.password->isEnabled(), 3000);
    QVERIFY(!at.error->isVisible());
}

void LoginPageTest::capsLockIsSeen() {
    Opened at;
    auto* caps = at.page.findChild<QLabel*>("loginCapsLock");
    const auto type = [&](const QString& text, Qt::KeyboardModifiers modifiers) {
        QKeyEvent press(QEvent::KeyPress, Qt::Key_A, modifiers, text);
        QApplication::sendEvent(at.password, &press);
    };
    type("a", Qt::NoModifier);
    QVERIFY(!caps->isVisible());
    type("A", Qt::NoModifier);
    QVERIFY(caps->isVisible());
    type("A", Qt::ShiftModifier);
    QVERIFY(!caps->isVisible());
    type("a", Qt::ShiftModifier);
    QVERIFY(caps->isVisible());
    type("1", Qt::NoModifier); // says nothing either way
    QVERIFY(caps->isVisible());
}

void LoginPageTest::saysWhatItIsNot() {
    Opened at;
    auto* statement = at.page.findChild<QLabel*>("notAMedicalDevice");
    QVERIFY(statement->isVisible());
    QVERIFY(statement->text().contains("医疗器械"));
}

void LoginPageTest::statusBarSaysAll() {
    FakeClock clock;
    StatusBarWidget bar(clock);
    bar.show();
    const auto text = [&](const char* name) { return bar.findChild<QPushButton*>(name)->text(); };
    bar.setOnline(true);
    QCOMPARE(text("statusPlatform"), "平台已连接");
    bar.setOnline(false, clock.nowUtc());
    QVERIFY(text("statusPlatform").contains("无法连接"));
    bar.setOutbox(0, 0);
    QCOMPARE(text("statusOutbox"), "发件箱为空");
    bar.setOutbox(3, 0);
    QCOMPARE(text("statusOutbox"), "发件箱 3");
    bar.setOutbox(3, 1);
    QCOMPARE(text("statusOutbox"), "发件箱 3，其中被拒 1");
    bar.setListAsOf(clock.nowUtc());
    QVERIFY(bar.findChild<QLabel*>("statusAsOf")->text().startsWith("列表更新于"));
    QVERIFY(!bar.findChild<QLabel*>("statusDemo")->isVisible());
    bar.setDemo(true);
    QVERIFY(bar.findChild<QLabel*>("statusDemo")->isVisible());
    QVERIFY(!bar.findChild<QPushButton*>("statusUser")->isVisible());
    bar.setUser(reader());
    QVERIFY(text("statusUser").contains("张伟") && text("statusUser").contains("演示"));
    QSignalSpy clicked(&bar, &StatusBarWidget::outboxClicked);
    bar.findChild<QPushButton*>("statusOutbox")->click();
    QCOMPARE(clicked.size(), 1);
}

QTEST_MAIN(LoginPageTest)
#include "login_page_test.moc"
