#include "uikit/badge.h"
#include "uikit/banner.h"
#include "uikit/empty_state.h"
#include "uikit/progress_line.h"
#include "uikit/reason_dialog.h"
#include "uikit/search_field.h"
#include "uikit/theme.h"

#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

using namespace yz;

class WidgetsTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void bannerSaysAndIsDismissed();
    void emptyStateOffersItsAction();
    void searchFieldEscapes();
    void progressWaitsBeforeItMoves();
    void reasonIsRequired();
    void reasonMayBeLeftOut();
    void badgeIsAsWideAsItsText();
};

void WidgetsTest::initTestCase() { QVERIFY(applyTheme(*qApp)); }

void WidgetsTest::bannerSaysAndIsDismissed() {
    QWidget window;
    Banner banner(&window);
    window.show();
    QVERIFY(!banner.isVisible());
    banner.announce(Tone::Warning, "text", "again");
    QVERIFY(banner.isVisible());
    QCOMPARE(banner.text(), "text");
    QSignalSpy acted(&banner, &Banner::actionRequested);
    QSignalSpy gone(&banner, &Banner::dismissed);
    QTest::mouseClick(banner.findChild<QPushButton*>("bannerAction"), Qt::LeftButton);
    QCOMPARE(acted.size(), 1);
    QTest::mouseClick(banner.findChild<QToolButton*>("bannerClose"), Qt::LeftButton);
    QCOMPARE(gone.size(), 1);
    QVERIFY(!banner.isVisible());
    banner.announce(Tone::Info, "other");
    QVERIFY(!banner.findChild<QPushButton*>("bannerAction")->isVisible());
}

void WidgetsTest::emptyStateOffersItsAction() {
    EmptyState empty;
    empty.show();
    empty.setContent("ok", "title", "hint");
    auto* action = empty.findChild<QPushButton*>("emptyStateAction");
    QVERIFY(!action->isVisible());
    empty.setContent("filter", "title", "hint", "clear");
    QVERIFY(action->isVisible());
    QSignalSpy acted(&empty, &EmptyState::actionRequested);
    action->click();
    QCOMPARE(acted.size(), 1);
}

void WidgetsTest::searchFieldEscapes() {
    SearchField field;
    QSignalSpy left(&field, &SearchField::leaveRequested);
    QTest::keyClicks(&field, "wang");
    QTest::keyClick(&field, Qt::Key_Escape);
    QCOMPARE(field.text(), QString());
    QCOMPARE(left.size(), 0);
    QTest::keyClick(&field, Qt::Key_Escape);
    QCOMPARE(left.size(), 1);
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(left.size(), 2);
}

void WidgetsTest::progressWaitsBeforeItMoves() {
    ProgressLine line;
    line.resize(200, 2);
    const auto ink = [&] {
        QImage image(line.size(), QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        line.render(&image, {}, {}, {});
        int count = 0;
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, 0) == theme().accent ? 1 : 0;
        return count;
    };
    QCOMPARE(ink(), 0);
    line.setBusy(true);
    QCOMPARE(ink(), 0); // a short one is never seen
    line.setProgress(50, 200);
    QCOMPARE(ink(), 50);
    line.setProgress(200, 200);
    QCOMPARE(ink(), 200);
    line.setBusy(false);
    QCOMPARE(ink(), 0);
}

void WidgetsTest::reasonIsRequired() {
    QPointer<ReasonDialog> dialog = new ReasonDialog({"title", "hint", "do it", {"common one"}, true, true});
    QSignalSpy given(dialog, &ReasonDialog::reasonGiven);
    dialog->open();
    auto* accept = dialog->findChild<QPushButton*>("reasonAccept");
    QVERIFY(!accept->isEnabled());
    auto* text = dialog->findChild<QPlainTextEdit*>("reasonText");
    text->setPlainText("   ");
    QVERIFY(!accept->isEnabled());
    text->setPlainText(" motion ");
    QVERIFY(accept->isEnabled());
    accept->click();
    QCOMPARE(given.size(), 1);
    QCOMPARE(given[0][0].toString(), "motion");
    QTRY_VERIFY(dialog.isNull());
}

void WidgetsTest::reasonMayBeLeftOut() {
    QPointer<ReasonDialog> dialog = new ReasonDialog({"title", "hint", "do it", {}, false, false});
    QSignalSpy given(dialog, &ReasonDialog::reasonGiven);
    dialog->open();
    dialog->findChild<QPushButton*>("reasonAccept")->click();
    QCOMPARE(given.size(), 1);
    QTRY_VERIFY(dialog.isNull());
}

void WidgetsTest::badgeIsAsWideAsItsText() {
    StateBadge badge;
    badge.setBadge("待诊断", Tone::Neutral);
    const int narrow = badge.sizeHint().width();
    badge.setBadge("待诊断待诊断", Tone::Danger, BadgeStyle::Loud);
    QVERIFY(badge.sizeHint().width() > narrow);
    QCOMPARE(toneOf(Priority::Emergency), Tone::Danger);
    QCOMPARE(toneOf(ReadingState::Returned), Tone::Warning);
}

QTEST_MAIN(WidgetsTest)
#include "widgets_test.moc"
