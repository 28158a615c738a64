#include "uikit/theme.h"
#include "uikit/translation.h"
#include "worklist/desk_fixture.h"
#include "worklist_ui/login_page.h"
#include "worklist_ui/status_bar_widget.h"
#include "worklist_ui/worklist_page.h"

#include <QApplication>
#include <QTableView>
#include <QVBoxLayout>

using namespace yz;
using namespace yz::test;

/// Draws the pages as a whole in Chinese. The pictures are written to $YZ_PICTURE_FOLDER where it is set, for people to
/// look at; the test itself checks that pages are drawn and not empty.
class WorklistPicturesTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void worklist();
    void worklistOffline();
    void worklistEmpty();
    void login();
    void english();

private:
    static QImage drawn(QWidget& page, const QString& name, QSize size = {1600, 900});
};

void WorklistPicturesTest::initTestCase() {
    QVERIFY(applyTheme(*qApp));
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("zh_CN")));
}

QImage WorklistPicturesTest::drawn(QWidget& page, const QString& name, QSize size) {
    page.resize(size);
    page.show();
    QTest::qWait(50);
    const QImage image = page.grab().toImage();
    const QString folder = qEnvironmentVariable("YZ_PICTURE_FOLDER");
    if (!folder.isEmpty())
        image.save(folder + u'/' + name + u".png");
    return image;
}

namespace {

struct Window : QWidget {
    WorklistPage* page;
    StatusBarWidget* status;
    explicit Window(Desk& desk) : page(new WorklistPage(*desk.controller)), status(new StatusBarWidget(desk.clock)) {
        setAttribute(Qt::WA_StyledBackground);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addWidget(page, 1);
        layout->addWidget(status);
        status->setUser(reader());
        status->setDemo(true);
    }
};

int colours(const QImage& image) {
    QSet<QRgb> seen;
    for (int y = 0; y < image.height(); y += 3)
        for (int x = 0; x < image.width(); x += 3)
            seen.insert(image.pixel(x, y));
    return static_cast<int>(seen.size());
}

} // namespace

void WorklistPicturesTest::worklist() {
    Desk desk;
    desk.source.putAll(morningTasks(desk.clock.nowUtc()));
    QVERIFY(desk.store->claims().begin(WorkitemUid("2.25.107"), TransactionUid("2.25.7.99"), reader().id));
    QVERIFY(desk.store->claims().markHeld(WorkitemUid("2.25.107")));
    QVERIFY(desk.refreshed());
    Window window(desk);
    window.status->setOnline(true);
    window.status->setOutbox(2, 0);
    window.status->setListAsOf(desk.controller->state().asOf);
    QVERIFY(colours(drawn(window, "worklist")) > 40);
    window.page->selectTask(WorkitemUid("2.25.107"));
    drawn(window, "worklist_mine");
    window.page->selectTask(WorkitemUid("2.25.112"));
    drawn(window, "worklist_review");
    window.page->selectTask(WorkitemUid("2.25.101"));
    drawn(window, "worklist_details");
    drawn(window, "worklist_small", {1280, 720});
}

void WorklistPicturesTest::worklistOffline() {
    Desk desk;
    desk.source.putAll(morningTasks(desk.clock.nowUtc()));
    QVERIFY(desk.refreshed());
    desk.clock.advance(std::chrono::minutes(34));
    desk.source.queryError = Error{ErrorCode::PlatformUnreachable, {}};
    QVERIFY(desk.refreshed());
    Window window(desk);
    window.status->setOnline(false, desk.controller->state().offlineSince);
    window.status->setOutbox(4, 1);
    window.status->setListAsOf(desk.controller->state().asOf);
    QVERIFY(colours(drawn(window, "worklist_offline")) > 40);
}

void WorklistPicturesTest::worklistEmpty() {
    Desk desk;
    QVERIFY(desk.refreshed());
    Window window(desk);
    QVERIFY(colours(drawn(window, "worklist_empty")) > 10);
}

void WorklistPicturesTest::login() {
    FakeClock clock;
    LoginPage page(clock);
    page.setAttribute(Qt::WA_StyledBackground);
    page.setDemoUsers({reader(), reviewer()}, QStringLiteral("yuanzhen-demo"));
    QVERIFY(colours(drawn(page, "login")) > 10);
    page.showFailure({ErrorCode::AccountLocked, {}}, clock.nowUtc().addSecs(287));
    drawn(page, "login_locked");
}

void WorklistPicturesTest::english() {
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en")));
    Desk desk;
    desk.source.putAll(morningTasks(desk.clock.nowUtc()));
    QVERIFY(desk.refreshed());
    Window window(desk);
    QVERIFY(colours(drawn(window, "worklist_english")) > 40);
    FakeClock clock;
    LoginPage page(clock);
    page.setAttribute(Qt::WA_StyledBackground);
    page.setDemoUsers({reader(), reviewer()}, QStringLiteral("yuanzhen-demo"));
    QVERIFY(colours(drawn(page, "login_english")) > 10);
}

QTEST_MAIN(WorklistPicturesTest)
#include "worklist_pictures_test.moc"
