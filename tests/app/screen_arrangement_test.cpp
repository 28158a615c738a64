#include "screen_arrangement.h"
#include "screen_page.h"

#include "viewer_ui/screen_calibration.h"

#include <QApplication>
#include <QDir>
#include <QPlainTextEdit>
#include <QScreen>
#include <QSignalSpy>
#include <QSplitter>
#include <QTableWidget>
#include <QTemporaryFile>
#include <QTest>
#include <QWindow>

using namespace yz;

/// Pictures and report on screens of their own. The program is started with two screens of the offscreen platform
/// (tests/app/two_screens.json), beside each other.
class ScreenArrangementTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QSplitter> m_home;
    QWidget* m_pictures = nullptr;
    QPlainTextEdit* m_report = nullptr;
    std::unique_ptr<ScreenArrangement> m_arrangement;

    [[nodiscard]] static QString key(int screen) {
        return ScreenCalibration::keyOf(QGuiApplication::screens()[screen]);
    }
    [[nodiscard]] static QWidget* window(const char* name) {
        for (QWidget* widget : QApplication::topLevelWidgets())
            if (widget->objectName() == QLatin1String(name) && widget->isVisible())
                return widget;
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase() { QCOMPARE(QGuiApplication::screens().size(), 2); }
    void init() {
        m_home = std::make_unique<QSplitter>();
        m_pictures = new QWidget;
        m_report = new QPlainTextEdit;
        m_home->addWidget(m_pictures);
        m_home->addWidget(m_report);
        m_home->resize(900, 600);
        m_home->setSizes({600, 300});
        m_home->show();
        m_arrangement = std::make_unique<ScreenArrangement>(*m_home, *m_pictures, *m_report);
    }
    void cleanup() {
        m_arrangement.reset();
        m_home.reset();
    }

    void plans_data() {
        QTest::addColumn<QStringList>("pictures");
        QTest::addColumn<QString>("report");
        QTest::addColumn<QRect>("pictureRect");
        QTest::addColumn<QRect>("reportRect");
        QTest::addColumn<bool>("partial");
        QTest::newRow("nothing chosen") << QStringList() << QString() << QRect() << QRect() << false;
        QTest::newRow("one each") << QStringList{"left"} << "right" << QRect(0, 0, 1000, 800)
                                  << QRect(1000, 0, 1000, 800) << false;
        QTest::newRow("two for pictures, named the other way")
            << QStringList{"right", "left"} << "low" << QRect(0, 0, 2000, 800) << QRect(0, 800, 1000, 600) << false;
        QTest::newRow("not in one row") << QStringList{"right", "low"} << "" << QRect(1000, 0, 1000, 800) << QRect()
                                        << false;
        QTest::newRow("one is gone") << QStringList{"left", "sold"} << "" << QRect(0, 0, 1000, 800) << QRect() << true;
        QTest::newRow("all are gone") << QStringList{"sold"} << "stolen" << QRect() << QRect() << true;
    }
    void plans() {
        const std::vector<KnownScreen> screens{
            {"left", {0, 0, 1000, 800}}, {"right", {1000, 0, 1000, 800}}, {"low", {0, 800, 1000, 600}}};
        QFETCH(QStringList, pictures);
        QFETCH(QString, report);
        const ScreenPlan plan = planScreens({pictures, report}, screens);
        QTEST(plan.pictures, "pictureRect");
        QTEST(plan.report, "reportRect");
        QTEST(plan.isPartial, "partial");
    }

    void theReportGoesToItsScreenAndComesBack() {
        m_report->setPlainText(QStringLiteral("所见"));
        m_arrangement->choose({{}, key(1)});
        QWidget* own = window("reportWindow");
        QVERIFY(own);
        QCOMPARE(m_report->window(), own);
        QCOMPARE(own->geometry(), QGuiApplication::screens()[1]->geometry());
        QVERIFY(m_report->isVisible() && m_pictures->isVisible());
        QCOMPARE(m_home->count(), 1);
        QCOMPARE(m_pictures->window(), m_home.get());
        // Work goes on in it: real keys.
        m_report->setFocus();
        m_report->moveCursor(QTextCursor::End);
        QTest::keyClicks(m_report, QStringLiteral("abc"));
        // A window closed by hand brings its content home; nothing is lost, and it is remembered.
        QSignalSpy closed(m_arrangement.get(), &ScreenArrangement::closed);
        QVERIFY(!own->close());
        QVERIFY(QTest::qWaitFor([&] { return closed.size() == 1; }, 2000));
        QCOMPARE(m_report->window(), m_home.get());
        QVERIFY(m_report->isVisible());
        QCOMPARE(m_report->toPlainText(), QStringLiteral("所见abc"));
        QCOMPARE(m_home->indexOf(m_report), 1);
        QVERIFY(m_arrangement->choice().report.isEmpty());
        QVERIFY(!window("reportWindow"));
    }

    void bothApartAndAScreenThatIsGone() {
        m_arrangement->choose({{key(0), key(1)}, {}});
        QWidget* own = window("pictureWindow");
        QVERIFY(own);
        QCOMPARE(own->geometry(),
                 QGuiApplication::screens()[0]->geometry().united(QGuiApplication::screens()[1]->geometry()));
        QCOMPARE(m_arrangement->pictureScreens().size(), size_t{2});
        m_arrangement->choose({{key(0)}, key(1)});
        QCOMPARE(window("pictureWindow")->geometry(), QGuiApplication::screens()[0]->geometry());
        QCOMPARE(m_home->count(), 0);
        // The cable is pulled: the choice names a screen that is not there.
        m_arrangement->choose({{key(0)}, QStringLiteral("Eizo|RX560|4711|DP-2|2048x1536")});
        QCOMPARE(m_report->window(), m_home.get());
        QVERIFY(m_report->isVisible());
        QCOMPARE(m_arrangement->choice().report, QStringLiteral("Eizo|RX560|4711|DP-2|2048x1536")); // not forgotten
        m_arrangement->choose({});
        QCOMPARE(m_home->indexOf(m_pictures), 0); // pictures first, as before
        QCOMPARE(m_home->indexOf(m_report), 1);
        QVERIFY(m_pictures->width() > m_report->width());
    }

    void onlyWhileACaseIsOpen() {
        m_arrangement->setActive(false);
        m_arrangement->choose({{key(1)}, {}});
        QVERIFY(!window("pictureWindow"));
        m_arrangement->setActive(true);
        QVERIFY(window("pictureWindow"));
        m_arrangement->setActive(false);
        QVERIFY(!window("pictureWindow"));
        QCOMPARE(m_pictures->window(), m_home.get());
    }

    void tickedOnThePage() {
        ScreenPage page(*m_arrangement);
        page.show();
        QSignalSpy chosen(&page, &ScreenPage::chosen);
        connect(&page, &ScreenPage::chosen, m_arrangement.get(), &ScreenArrangement::choose);
        auto* list = page.findChild<QTableWidget*>(QStringLiteral("screenList"));
        QCOMPARE(list->rowCount(), 2);
        const auto tick = [&](int row, int column) {
            const QRect cell = list->visualItemRect(list->item(row, column));
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, QPoint(cell.left() + 12, cell.center().y()));
            QCoreApplication::processEvents();
        };
        tick(1, 2);
        QCOMPARE(chosen.size(), 1);
        QVERIFY(window("reportWindow"));
        QCOMPARE(m_arrangement->choice().report, key(1));
        tick(0, 2); // the report has one screen: the one ticked last
        QCOMPARE(m_arrangement->choice().report, key(0));
        QCOMPARE(window("reportWindow")->geometry(), QGuiApplication::screens()[0]->geometry());
        QCOMPARE(list->item(1, 2)->checkState(), Qt::Unchecked);
        tick(0, 2);
        QVERIFY(!window("reportWindow"));
        const ScreenChoice both{{key(0), key(1)}, key(1)};
        QVERIFY(ScreenChoice::fromJson(both.toJson()) == both);
    }
};

int main(int argc, char** argv) {
    // Two screens beside each other, whatever the machine has.
    qputenv("QT_QPA_PLATFORM",
            "offscreen:configfile=" + qgetenv("YZ_SOURCE_DIR") + QByteArrayLiteral("/tests/app/two_screens.json"));
    QApplication application(argc, argv);
    ScreenArrangementTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "screen_arrangement_test.moc"
