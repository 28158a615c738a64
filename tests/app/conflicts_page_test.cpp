#include "support/fake_clock.h"

#include "conflicts_page.h"

#include "core/uid.h"
#include "jobs/jobs.h"
#include "reporting_ui/conflict_view.h"
#include "session/desk_services.h"
#include "uikit/theme.h"
#include "worklist_ui/status_bar_widget.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>

using namespace yz;

/// What a reader sees of a conflict and does about it.
class ConflictsPageTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    test::FakeClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<DeskServices> m_services;
    std::unique_ptr<ConflictsPage> m_page;
    User m_reader;

    template <typename Widget> Widget* part(const char* name) const {
        return m_page->findChild<Widget*>(QLatin1String(name));
    }
    void reload() {
        QSignalSpy counted(m_page.get(), &ConflictsPage::countChanged);
        m_page->reload();
        QVERIFY(counted.wait(20000));
    }
    static ReportContent content(const char* findings) {
        ReportContent content;
        content.findings = QString::fromUtf8(findings);
        content.impression = QStringLiteral("双肺未见异常。");
        return content;
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(applyTheme(*qApp));
        Site site;
        site.platformPort = 1; // nobody there
        site.eventPort = 0;
        auto services = DeskServices::open({m_folder.path(), site, false}, m_clock, m_uids);
        QVERIFY2(services, services ? "" : qPrintable(services.error().toString()));
        m_services = std::move(*services);
        m_reader.id = UserId(QStringLiteral("u1"));
        m_reader.loginName = QStringLiteral("zhang");
        m_reader.displayName = QStringLiteral("张伟");
        QVERIFY(m_services->store().users().add(m_reader, QStringLiteral("x")));
        m_page = std::make_unique<ConflictsPage>(*m_services);
        m_page->setUser(m_reader);
        m_page->resize(1300, 700);
    }
    void cleanupTestCase() {
        m_page.reset();
        jobs::waitForAll();
        m_services.reset();
    }

    void nothingYet() {
        reload();
        QCOMPARE(m_page->count(), 0);
        StatusBarWidget line(m_clock);
        line.setConflicts(0);
        QVERIFY(line.findChild<QPushButton*>(QStringLiteral("statusConflicts"))->isHidden());
    }

    void theReasonIsInWords() {
        ReadingTask task;
        task.uid = WorkitemUid(QStringLiteral("2.25.7"));
        task.order.study = StudyUid(QStringLiteral("2.25.8"));
        task.order.item = QStringLiteral("胸部CT平扫");
        task.order.patient.name = PersonName::fromDicom(QStringLiteral("Li^Ming=李^明"));
        DeskStore& store = m_services->store();
        QVERIFY(store.tasks().replaceAll({task}));
        QVERIFY(store.drafts().save(task.uid, m_reader.id, content("左肺下叶见结节。"), {}));
        ConflictStore::Conflict conflict;
        conflict.task = task.uid;
        conflict.user = m_reader.id;
        conflict.study = task.order.study;
        conflict.holderName = QStringLiteral("=王^芳");
        conflict.holderStation = QStringLiteral("DESK2");
        QVERIFY(store.conflicts().note(conflict));
        reload();
        QCOMPARE(m_page->count(), 1);
        QVERIFY(part<QListWidget>("conflictList")->item(0)->text().contains(QStringLiteral("胸部CT平扫")));
        const QString reason = part<QLabel>("conflictReason")->text();
        QVERIFY2(reason.startsWith(QStringLiteral("王芳 (DESK2) took this task")), qPrintable(reason));
        QVERIFY(reason.endsWith(QStringLiteral("Your draft stays on this workstation.")));
        QVERIFY(part<QLabel>("conflictOurTitle")->text().startsWith(QStringLiteral("Draft of 张伟")));
        QVERIFY(part<QTextBrowser>("conflictOurs")->toPlainText().contains(QStringLiteral("左肺下叶见结节。")));
        // There is no line: the other one cannot be had, and that is said.
        QTRY_VERIFY_WITH_TIMEOUT(
            part<QLabel>("conflictTheirTitle")->text().startsWith(QStringLiteral("The other report cannot be shown")),
            20000);
        conflict.reason = ErrorCode::TaskWithdrawn;
        QVERIFY(store.conflicts().note(conflict));
        reload();
        QVERIFY(part<QLabel>("conflictReason")->text().startsWith(QStringLiteral("The task was taken back")));

        StatusBarWidget line(m_clock);
        line.setConflicts(m_page->count());
        auto* button = line.findChild<QPushButton*>(QStringLiteral("statusConflicts"));
        QVERIFY(!button->isHidden());
        QCOMPARE(button->text(), QStringLiteral("Conflicts 1"));
        QSignalSpy clicked(&line, &StatusBarWidget::conflictsClicked);
        button->click();
        QCOMPARE(clicked.size(), 1);
    }

    void whatDiffersIsMarkedOnBothSides() {
        ConflictView view;
        view.show(QStringLiteral("a"), content("左肺下叶见结节。"), QStringLiteral("b"), content("右肺下叶见结节。"));
        const auto marked = [&](const char* name) {
            const QString page = view.findChild<QTextBrowser*>(QLatin1String(name))->toHtml();
            QStringList words;
            static const QRegularExpression span(QStringLiteral("underline[^>]*>([^<]*)<"));
            for (auto it = span.globalMatch(page); it.hasNext();)
                words.append(it.next().captured(1));
            return words;
        };
        QCOMPARE(marked("conflictOurs"), QStringList(QStringLiteral("左")));
        QCOMPARE(marked("conflictTheirs"), QStringList(QStringLiteral("右")));
        view.show(QStringLiteral("a"), content("左肺下叶见结节。"), QStringLiteral("b"), content("左肺下叶见结节。"));
        QVERIFY(marked("conflictOurs").isEmpty());
        view.show(QStringLiteral("a"), content("左肺下叶见结节。"), QStringLiteral("b"), std::nullopt);
        QVERIFY(marked("conflictOurs").isEmpty()); // nothing to compare with
        QVERIFY(view.findChild<QTextBrowser*>(QStringLiteral("conflictTheirs"))->toPlainText().isEmpty());
        if (const QString folder = qEnvironmentVariable("YZ_PICTURES"); !folder.isEmpty()) {
            view.resize(1200, 500);
            view.show(QStringLiteral("Signed here by 张伟"), content("左肺下叶见结节。"),
                      QStringLiteral("Report of 王芳: it stands"), content("右肺下叶见结节。"));
            QVERIFY(view.grab().save(folder + QStringLiteral("/conflict_view.png")));
            QVERIFY(m_page->grab().save(folder + QStringLiteral("/conflicts_page.png")));
        }
    }

    void onlyItsWriterDecides() {
        User other = m_reader;
        other.id = UserId(QStringLiteral("u2"));
        m_page->setUser(other);
        QVERIFY(!part<QPushButton>("conflictKeep")->isEnabled());
        m_page->setUser(m_reader);
        QVERIFY(part<QPushButton>("conflictKeep")->isEnabled());
        QSignalSpy counted(m_page.get(), &ConflictsPage::countChanged);
        part<QPushButton>("conflictKeep")->click();
        QTRY_VERIFY_WITH_TIMEOUT(!counted.isEmpty() && counted.last().first().toInt() == 0, 20000);
        QVERIFY(m_services->store().conflicts().open()->empty());
        QCOMPARE(m_services->store()
                     .drafts()
                     .find(WorkitemUid(QStringLiteral("2.25.7")), m_reader.id)
                     .value()
                     ->content.findings,
                 QStringLiteral("左肺下叶见结节。"));
    }
};

QTEST_MAIN(ConflictsPageTest)
#include "conflicts_page_test.moc"
