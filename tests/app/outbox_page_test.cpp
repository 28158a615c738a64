#include "exchange/sample_source.h"
#include "support/fake_clock.h"

#include "outbox_page.h"

#include "core/uid.h"
#include "jobs/jobs.h"
#include "session/desk_services.h"
#include "uikit/theme.h"
#include "worklist_ui/status_bar_widget.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using Kind = OutboxItem::Kind;
using State = OutboxItem::State;

/// The page that shows everything that leaves: read by its texts and driven by its buttons.
class OutboxPageTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    test::FakeClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<DeskServices> m_services;
    std::unique_ptr<DeliveryController> m_delivery;
    std::unique_ptr<OutboxPage> m_page;

    template <typename Widget> Widget* part(const char* name) const {
        return m_page->findChild<Widget*>(QLatin1String(name));
    }
    [[nodiscard]] QTableWidget& table() const { return *part<QTableWidget>("outboxPageTable"); }
    [[nodiscard]] QString cell(int row, int column) const {
        return table().item(row, column) ? table().item(row, column)->text() : QString();
    }
    void reload() {
        QSignalSpy shown(m_page.get(), &OutboxPage::shown);
        m_page->reload();
        QVERIFY(shown.wait(20000));
    }
    void keep(int number) {
        SignedReport report = test::exchangeReport();
        ReportDocument& document = report.document;
        document.report = ReportId(QStringLiteral("2.25.1.%1").arg(number));
        document.srInstance = InstanceUid(QStringLiteral("2.25.2.%1").arg(number));
        document.order.study = StudyUid(QStringLiteral("2.25.4.%1").arg(number));
        report.signatures = {{SignatureRecord::Role::Author, "manifest", "author's"},
                             {SignatureRecord::Role::Reviewer, "manifest", "reviewer's"}};
        report.srFile = "sr";
        report.pdfFile = "pdf object";
        OutboxItem item;
        item.study = document.order.study;
        item.reportInstance = document.srInstance;
        std::vector<OutboxItem> rows{item};
        item.kind = Kind::SendMessage;
        item.target = QStringLiteral("his");
        rows.push_back(item);
        QVERIFY(m_services->store().reports().commit(
            report, {QStringLiteral("report.approved"), {}, document.srInstance.value(), true, {}}, rows));
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(applyTheme(*qApp));
        Site site;
        site.platformPort = 1; // nobody there
        site.eventPort = 0;
        site.reportTargets = {test::exchangeTarget(ReportTarget::Form::Hl7Oru, QStringLiteral("mllp://127.0.0.1:1"))};
        site.reportTargets[0].title = QStringLiteral("青山镇 HIS");
        auto services = DeskServices::open({m_folder.path(), site, false}, m_clock, m_uids);
        QVERIFY2(services, services ? "" : qPrintable(services.error().toString()));
        m_services = std::move(*services);
        m_delivery = std::make_unique<DeliveryController>(m_services->pipeline());
        m_page = std::make_unique<OutboxPage>(*m_services, *m_delivery);
        User user;
        user.id = UserId(QStringLiteral("u9"));
        m_page->setUser(user);
        m_page->resize(1400, 600);
    }
    void cleanupTestCase() {
        m_page.reset();
        m_delivery.reset();
        jobs::waitForAll();
        m_services.reset();
    }

    void nothingYet() {
        reload();
        QCOMPARE(table().rowCount(), 0);
        QCOMPARE(part<QLabel>("outboxSummary")->text(), QStringLiteral("Everything is delivered"));
        QVERIFY(!part<QPushButton>("outboxRetry")->isEnabled());
    }
    void anItemIsSeenWithinFiveSeconds() {
        m_page->show();
        keep(1);
        QTRY_COMPARE_WITH_TIMEOUT(table().rowCount(), 2, 5000);
        QCOMPARE(cell(0, 2), QStringLiteral("Report as a message")); // newest first
        QCOMPARE(cell(0, 3), QStringLiteral("青山镇 HIS (not encrypted)"));
        QVERIFY(cell(0, 1).contains(QStringLiteral("胸部CT平扫")));
        QCOMPARE(cell(1, 3), QStringLiteral("Platform"));
        QCOMPARE(cell(0, 4), QStringLiteral("Waiting"));
        m_page->hide();
    }
    void theLastAnswerIsInWords() {
        OutboxStore& outbox = m_services->store().outbox();
        QVERIFY(outbox.markRetry(2, {ErrorCode::PlatformUnreachable, QStringLiteral("x")}, m_clock.nowUtc()));
        reload();
        QCOMPARE(cell(0, 5), QStringLiteral("1"));
        QCOMPARE(cell(0, 8), QStringLiteral("It does not answer; the message is sent again by itself."));
        QVERIFY(outbox.park(2, {ErrorCode::PeerRefusedObject, QStringLiteral("AE 101")}));
        reload();
        QCOMPARE(cell(0, 4), QStringLiteral("Refused"));
        QVERIFY(cell(0, 8).endsWith(QStringLiteral("[AE 101]")));
        QVERIFY(part<QLabel>("outboxAnswer")->isHidden());
        table().setCurrentCell(0, 0);
        QCOMPARE(part<QLabel>("outboxAnswer")->text(), cell(0, 8));
        if (const QString folder = qEnvironmentVariable("YZ_PICTURES"); !folder.isEmpty())
            QVERIFY(m_page->grab().save(folder + QStringLiteral("/outbox.png")));
    }
    void heldAndLetGo() {
        table().setCurrentCell(0, 0);
        QSignalSpy changed(m_delivery.get(), &DeliveryController::outboxChanged);
        part<QPushButton>("outboxHold")->click();
        QVERIFY(changed.wait(20000));
        reload();
        QCOMPARE(cell(0, 4), QStringLiteral("Held back"));
        table().setCurrentCell(0, 0);
        QCOMPARE(part<QPushButton>("outboxRetry")->text(), QStringLiteral("Let it go"));
        QVERIFY(!part<QPushButton>("outboxHold")->isEnabled());
        part<QPushButton>("outboxRetry")->click();
        QVERIFY(changed.wait(20000));
        reload();
        QCOMPARE(cell(0, 4), QStringLiteral("Waiting"));
        const auto audit = m_services->store().audit().latest(2).value();
        QCOMPARE(audit[0].entry.event, QStringLiteral("outbox.retried"));
        QCOMPARE(audit[1].entry.event, QStringLiteral("outbox.held"));
        QCOMPARE(audit[0].entry.user, UserId(QStringLiteral("u9")));
    }
    void whatWaitsTooLongIsPointedOut() {
        reload();
        QVERIFY(!part<QLabel>("outboxSummary")->text().contains(QStringLiteral("too long")));
        m_clock.advance(std::chrono::hours(1));
        reload();
        QCOMPARE(part<QLabel>("outboxSummary")->text(),
                 QStringLiteral("2 not delivered, of them refused 0, waiting too long 2"));
        // The delivery loop says so to the status line, without a dialogue.
        QSignalSpy counted(m_delivery.get(), &DeliveryController::countsChanged);
        m_delivery->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_delivery->counts().stuck, 2, 20000);
        m_delivery->stop();
        jobs::waitForAll();
        StatusBarWidget bar(m_clock);
        bar.setOutbox(m_delivery->counts().waiting, m_delivery->counts().parked);
        bar.setOutboxStuck(m_delivery->counts().stuck, m_delivery->counts().stuckSince);
        QVERIFY(bar.findChild<QPushButton*>(QStringLiteral("statusOutbox"))
                    ->text()
                    .startsWith(QStringLiteral("Outbox 2, waiting too long 2")));
    }
    void theMessageCanBeSaved() {
        reload();
        table().setCurrentCell(0, 0);
        const QTemporaryDir out;
        m_page->exportSelectedTo(out.path());
        QTRY_COMPARE_WITH_TIMEOUT(QDir(out.path()).entryList(QDir::Files),
                                  QStringList{QStringLiteral("outbox-2-his.hl7")}, 20000);
    }
    void deliveredItemsAndTargetsAreFiltered() {
        QVERIFY(m_services->store().outbox().markDelivered(1));
        QVERIFY(m_services->store().outbox().markDelivered(2, QStringLiteral("AA YZ1")));
        reload();
        QCOMPARE(table().rowCount(), 0);
        part<QCheckBox>("outboxOpenOnly")->setChecked(false);
        QTRY_COMPARE(table().rowCount(), 2);
        QCOMPARE(cell(0, 8), QStringLiteral("Receipt: AA YZ1"));
        auto* target = part<QComboBox>("outboxTarget");
        target->setCurrentIndex(target->findData(QStringLiteral("his")));
        QCOMPARE(table().rowCount(), 1);
        QCOMPARE(cell(0, 4), QStringLiteral("Delivered"));
    }
};

QTEST_MAIN(OutboxPageTest)
#include "outbox_page_test.moc"
