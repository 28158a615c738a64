#include "reporting_ui/report_panel.h"
#include "uikit/banner.h"
#include "uikit/theme.h"
#include "uikit/translation.h"

#include <QBuffer>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

using namespace yz;

namespace {

template <typename T> T* child(QWidget& parent, const char* name) {
    return parent.findChild<T*>(QString::fromLatin1(name));
}

ReportCase chestCase(PanelMode mode) {
    ReportCase c;
    c.mode = mode;
    c.state = mode == PanelMode::Review ? ReadingState::Reviewing : ReadingState::Reading;
    c.order.patient.id = PatientId("H0012345");
    c.order.patient.name.ideographic = "王^小东";
    c.order.patient.sex = Sex::Male;
    c.order.patient.birthDate = QDate(1966, 5, 1);
    c.order.accessionNumber = "CT20260302001";
    c.order.requestingHospital = "青石镇中心卫生院";
    c.order.item = "胸部CT平扫";
    c.order.clinicalDiagnosis = "咳嗽、胸痛一周";
    c.order.modality = "CT";
    c.order.bodyPart = "CHEST";
    c.order.study = StudyUid("1.2.3");
    c.order.examTime = QDateTime(QDate(2026, 3, 2), QTime(0, 30), Qt::UTC);
    c.user.displayName = "张伟";
    c.user.title = "主治医师";
    c.authorName = "张伟";
    c.isDemo = true;
    return c;
}

KeyImage keyImage() {
    QImage picture(64, 64, QImage::Format_RGB32);
    picture.fill(Qt::darkGray);
    KeyImage image;
    QBuffer buffer(&image.png);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, "PNG");
    image.caption = "右肺上叶结节";
    return image;
}

} // namespace

class PanelTest : public QObject {
    Q_OBJECT
    TemplateCatalog m_catalog;

    ReportContent chest() const {
        ReportContent content;
        startFromTemplate(content, *m_catalog.find("yuanzhen.template.ct-chest"));
        return content;
    }
    static ReportContext contextOf(const ReportCase& reportCase) {
        ReportContext context;
        context.order = reportCase.order;
        context.shownPatient = reportCase.order.patient;
        context.shownStudy = reportCase.order.study;
        return context;
    }
    void begin(ReportPanel& panel, PanelMode mode) {
        const ReportCase reportCase = chestCase(mode);
        panel.setCase(reportCase);
        panel.setContent(chest());
        panel.setContext(contextOf(reportCase));
        panel.resize(520, 1000);
        panel.show();
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(applyTheme(*qApp));
        installTranslations(*QCoreApplication::instance(), QLocale(QLocale::Chinese, QLocale::China));
        m_catalog = TemplateCatalog::load({TemplateCatalog::shippedFolder()});
        qRegisterMetaType<ReportContent>();
    }

    void itShowsTheCaseAndItsText() {
        ReportPanel panel(m_catalog);
        begin(panel, PanelMode::Write);
        QVERIFY(child<QLabel>(panel, "reportPatient")->text().contains("王小东"));
        QVERIFY(child<QPlainTextEdit>(panel, "findingsEdit")->toPlainText().startsWith("双肺纹理清晰"));
        QCOMPARE(child<QPlainTextEdit>(panel, "impressionEdit")->toPlainText(), "双肺、纵隔及胸廓CT平扫未见明显异常。");
        QCOMPARE(child<QComboBox>(panel, "templateBox")->currentData().toString(), "yuanzhen.template.ct-chest");
        QVERIFY(child<QToolButton>(panel, "negativeButton")->isChecked());
        QVERIFY(child<QPushButton>(panel, "submitButton")->isVisible());
        QVERIFY(!child<QPushButton>(panel, "returnButton")->isVisible());
    }

    void whatIsNotKnownLeavesNoGap() {
        ReportPanel panel(m_catalog);
        const auto says = [&](QStringView part) {
            const QList<QLabel*> labels = panel.findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [&](QLabel* label) { return label->text().contains(part); });
        };
        ReportCase reportCase = chestCase(PanelMode::Write);
        panel.setCase(reportCase);
        QVERIFY(says(u"青石镇中心卫生院 · "));
        QVERIFY(says(u"检查号 CT20260302001"));
        reportCase.order.accessionNumber.clear();
        reportCase.order.requestingHospital.clear();
        panel.setCase(reportCase);
        QVERIFY(!says(u"检查号"));
        QVERIFY(!says(u"·  ·"));
    }

    void typingIsHeard() {
        ReportPanel panel(m_catalog);
        begin(panel, PanelMode::Write);
        QSignalSpy spy(&panel, &ReportPanel::contentEdited);
        auto* findings = child<QPlainTextEdit>(panel, "findingsEdit");
        findings->setPlainText("右肺上叶见结节。");
        QVERIFY(spy.count() >= 1);
        QCOMPARE(spy.last()[0].value<ReportContent>().findings, "右肺上叶见结节。");
        child<QToolButton>(panel, "positiveButton")->click();
        QCOMPARE(spy.last()[0].value<ReportContent>().positivity, Positivity::Positive);
    }

    void theFormWritesIntoTheText() {
        ReportPanel panel(m_catalog);
        begin(panel, PanelMode::Write);
        auto* lung = child<QComboBox>(panel, "field_lung");
        QVERIFY(lung);
        lung->setCurrentIndex(3); // 右肺下叶感染
        QVERIFY(child<QPlainTextEdit>(panel, "findingsEdit")->toPlainText().startsWith("右肺下叶见斑片状模糊高密度影"));
        QCOMPARE(child<QPlainTextEdit>(panel, "impressionEdit")->toPlainText(), "右肺下叶炎症。");
        QVERIFY(child<QToolButton>(panel, "positiveButton")->isChecked());
    }

    /// While a reason is typed images go on arriving: the line it is typed into stays.
    void aReasonIsTypedWithoutInterruption() {
        ReportPanel panel(m_catalog);
        begin(panel, PanelMode::Write);
        child<QPlainTextEdit>(panel, "impressionEdit")->setPlainText("左肺上叶结节。");
        child<QPushButton>(panel, "submitButton")->click(); // the checks are made
        QPointer<QLineEdit> reason = child<QLineEdit>(panel, "ack_NegativeButFindings");
        QVERIFY(reason);
        reason->setFocus();
        QTest::keyClicks(reason, "stable ");
        panel.setContext(contextOf(chestCase(PanelMode::Write)));
        QTest::qWait(400);
        QVERIFY(reason);
        QVERIFY(reason->hasFocus());
        QTest::keyClicks(reason, "nodule");
        QCOMPARE(reason->text(), QStringLiteral("stable nodule"));
        // The next case begins without it.
        begin(panel, PanelMode::Write);
        QVERIFY(!child<QLineEdit>(panel, "ack_NegativeButFindings"));
        child<QPlainTextEdit>(panel, "impressionEdit")->setPlainText("左肺上叶结节。");
        child<QPushButton>(panel, "submitButton")->click();
        QCOMPARE(child<QLineEdit>(panel, "ack_NegativeButFindings")->text(), QString());
    }

    void signingWaitsForTheChecks() {
        ReportPanel panel(m_catalog);
        begin(panel, PanelMode::Write);
        QSignalSpy spy(&panel, &ReportPanel::signRequested);
        child<QPlainTextEdit>(panel, "impressionEdit")->setPlainText("左肺上叶结节。");
        child<QPushButton>(panel, "submitButton")->click();
        QVERIFY(!child<QWidget>(panel, "signingStrip")->isVisible());
        QVERIFY(!panel.banner().text().isEmpty());
        auto* reason = child<QLineEdit>(panel, "ack_NegativeButFindings");
        QVERIFY(reason);
        reason->setText("随访中的良性结节");
        child<QPushButton>(panel, "submitButton")->click();
        QVERIFY(child<QWidget>(panel, "signingStrip")->isVisible());
        auto* pin = child<QLineEdit>(panel, "pinEdit");
        auto* sign = child<QPushButton>(panel, "signButton");
        QVERIFY(!sign->isEnabled());
        QTest::keyClicks(pin, "1234");
        QCOMPARE(pin->echoMode(), QLineEdit::Password);
        sign->click();
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy[0][0].toString(), "1234");
        const auto given = spy[0][1].value<std::vector<Acknowledgement>>();
        QCOMPARE(given.size(), 1u);
        QCOMPARE(given[0].reason, "随访中的良性结节");
        QVERIFY(pin->text().isEmpty()); // a PIN does not stay on screen
    }

    void reviewShowsTheTrace() {
        ReportPanel panel(m_catalog);
        ReportCase reportCase = chestCase(PanelMode::Review);
        reportCase.authorContent = chest();
        panel.setCase(reportCase);
        ReportContent now = chest();
        now.findings.replace("心影大小、形态未见异常", "心影略增大");
        panel.setContent(now);
        panel.setContext(contextOf(reportCase));
        panel.resize(520, 900);
        panel.show();
        QVERIFY(child<QTabWidget>(panel, "reportTabs")->isTabVisible(3));
        QVERIFY(child<QWidget>(panel, "traceView"));
        QVERIFY(child<QPushButton>(panel, "returnButton")->isVisible());
    }

    void onlyLookingChangesNothing() {
        ReportPanel panel(m_catalog);
        begin(panel, PanelMode::ReadOnly);
        QVERIFY(child<QPlainTextEdit>(panel, "findingsEdit")->isReadOnly());
        QVERIFY(!child<QPushButton>(panel, "submitButton")->isVisible());
        QSignalSpy spy(&panel, &ReportPanel::contentEdited);
        panel.addKeyImage(keyImage());
        QCOMPARE(spy.count(), 0);
    }

    void aPictureOfIt() {
        ReportPanel panel(m_catalog);
        begin(panel, PanelMode::Write);
        panel.addKeyImage(keyImage());
        panel.addMeasurement({"m1", "长径", 12.3, "mm", {}, {}, 1});
        child<QToolButton>(panel, "positiveButton")->click();
        panel.setSaveState(DraftController::SaveState::Saved, QDateTime(QDate(2026, 3, 2), QTime(1, 0), Qt::UTC), {});
        QTest::qWait(400); // the checks run shortly after the last change
        const QImage picture = panel.grab().toImage();
        QVERIFY(picture.width() >= 500 && picture.height() >= 800);
        const QString folder = qEnvironmentVariable("YZ_KEEP_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(picture.save(folder + "/panel.png"));
    }
};

QTEST_MAIN(PanelTest)
#include "panel_test.moc"
