#include "jobs/jobs.h"
#include "reporting/draft_controller.h"
#include "storage/desk_store.h"
#include "support/fake_clock.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;

class DraftTest : public QObject {
    Q_OBJECT
    struct Desk {
        QTemporaryDir dir;
        test::FakeClock clock;
        std::unique_ptr<DeskStore> store = DeskStore::open(dir.path(), clock).value();
        WorkitemUid task{"9.1"};
        UserId user{"u1"};

        ReportContent stored() {
            const auto draft = store->drafts().find(task, user);
            return draft && *draft ? (*draft)->content : ReportContent();
        }
    };
    static void open(DraftController& controller, Desk& desk, const ReportContent& fallback = {}) {
        QSignalSpy spy(&controller, &DraftController::opened);
        controller.open(desk.task, desk.user, fallback);
        QVERIFY(spy.wait());
    }
    static ReportContent text(const QString& findings) {
        ReportContent content;
        content.findings = findings;
        return content;
    }

private Q_SLOTS:
    void aChangeIsInTheDatabaseWithinTwoSeconds() {
        Desk desk;
        DraftController controller(desk.store->drafts(), desk.clock);
        open(controller, desk, text("模板"));
        QCOMPARE(controller.content().findings, "模板");
        QCOMPARE(controller.saveState(), DraftController::SaveState::Clean);
        controller.setContent(text("右肺结节"));
        QCOMPARE(controller.saveState(), DraftController::SaveState::Unsaved);
        QTRY_COMPARE_WITH_TIMEOUT(controller.saveState(), DraftController::SaveState::Saved, 2000);
        QCOMPARE(desk.stored().findings, "右肺结节");
        QCOMPARE(controller.savedAt(), desk.clock.nowUtc());
    }

    void steadyTypingIsSavedWithinTwoSecondsToo() {
        Desk desk;
        DraftController controller(desk.store->drafts(), desk.clock);
        open(controller, desk);
        QElapsedTimer time;
        time.start();
        int letters = 0;
        while (desk.stored().findings.isEmpty() && time.elapsed() < 4000) {
            controller.setContent(text(QString(++letters, u'字'))); // never quiet for 800 ms
            QTest::qWait(100);
        }
        QVERIFY2(time.elapsed() <= 2200, qPrintable(QString::number(time.elapsed())));
    }

    void flushSavesAtOnceAndTheLastWriteStays() {
        Desk desk;
        DraftController controller(desk.store->drafts(), desk.clock);
        open(controller, desk);
        for (int i = 0; i < 20; ++i)
            controller.setContent(text(QString::number(i)));
        QVERIFY(controller.flush());
        QCOMPARE(desk.stored().findings, "19");
        QCOMPARE(controller.saveState(), DraftController::SaveState::Saved);
    }

    void aNewControllerFindsWhatWasWritten() {
        Desk desk;
        {
            DraftController controller(desk.store->drafts(), desk.clock);
            open(controller, desk);
            controller.setContent(text("未完"));
            controller.setViewState({{"zoom", 2}});
        } // going away saves
        DraftController again(desk.store->drafts(), desk.clock);
        QSignalSpy spy(&again, &DraftController::opened);
        again.open(desk.task, desk.user, text("模板"));
        QVERIFY(spy.wait());
        QCOMPARE(spy[0][0].toBool(), true);
        QCOMPARE(again.content().findings, "未完");
        QCOMPARE(again.viewState()["zoom"].toInt(), 2);
        QCOMPARE(again.saveState(), DraftController::SaveState::Saved);
    }

    void turningToAnotherTaskKeepsTheFirst() {
        Desk desk;
        DraftController controller(desk.store->drafts(), desk.clock);
        open(controller, desk);
        controller.setContent(text("第一"));
        QSignalSpy spy(&controller, &DraftController::opened);
        controller.open(WorkitemUid("9.2"), desk.user, {});
        controller.setContent(text("太早")); // not open yet: refused
        QVERIFY(spy.wait());
        QVERIFY(controller.content().findings.isEmpty());
        QCOMPARE(desk.stored().findings, "第一");
    }

    void aChangeDuringAWriteIsWrittenAfterIt() {
        Desk desk;
        DraftController controller(desk.store->drafts(), desk.clock);
        open(controller, desk);
        bool typed = false;
        connect(&controller, &DraftController::saveStateChanged, this, [&] {
            if (!typed && controller.saveState() == DraftController::SaveState::Saving) {
                typed = true;
                QMetaObject::invokeMethod(
                    &controller, [&] { controller.setContent(text("ab")); }, Qt::DirectConnection);
            }
        });
        controller.setContent(text("a"));
        QTRY_COMPARE_WITH_TIMEOUT(desk.stored().findings, "ab", 3000);
        QTRY_COMPARE(controller.saveState(), DraftController::SaveState::Saved);
    }
};

QTEST_GUILESS_MAIN(DraftTest)
#include "draft_test.moc"
