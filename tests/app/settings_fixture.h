#pragma once

#include "fake_platform.h"
#include "fake_web_server.h"
#include "support/fake_clock.h"

#include "certificate_field.h"
#include "check_line.h"
#include "check_panel.h"
#include "desk_window.h"
#include "role_settings.h"
#include "settings_form.h"
#include "settings_page.h"

#include "core/uid.h"
#include "jobs/jobs.h"
#include "security/password_hash.h"
#include "security/secret_store.h"
#include "session/desk_services.h"
#include "session/prefetch_service.h"
#include "storage/desk_store.h"
#include "uikit/banner.h"
#include "uikit/theme.h"
#include "uikit/translation.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeEdit>
#include <QToolButton>
#include <QWheelEvent>

namespace yz::test {

inline User userWith(Role role) {
    User user;
    user.id = UserId(role == Role::Administrator ? QStringLiteral("it") : QStringLiteral("dr"));
    user.loginName = user.id.value();
    user.displayName = role == Role::Administrator ? QStringLiteral("系统管理员") : QStringLiteral("张伟");
    user.roles = {role};
    return user;
}

/// The settings as an administrator meets them: driven by keys and clicks, judged by what is on the page, in the file
/// and in the desk's secrets afterwards.
class SettingsFixture : public QObject {
protected:
    QTemporaryDir m_folder;
    FakeClock m_clock;
    std::unique_ptr<DeskStore> m_store;
    std::unique_ptr<SettingsController> m_controller;
    std::unique_ptr<SettingsPage> m_page;

    [[nodiscard]] QString sitePath() const { return m_folder.filePath(QStringLiteral("site.json")); }
    [[nodiscard]] QByteArray siteBytes() const {
        QFile file(sitePath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    template <typename Widget> Widget* part(const char* name) const {
        return m_page->findChild<Widget*>(QLatin1String(name));
    }
    void section(int row) {
        auto* list = part<QListWidget>("settingsSections");
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(row)).center());
        QCOMPARE(list->currentRow(), row);
    }
    /// The form that can be seen and has the field.
    SettingsForm* form(const QString& key) const {
        for (SettingsForm* each : m_page->findChildren<SettingsForm*>())
            if (each->isVisible() && each->field(key) != nullptr)
                return each;
        return nullptr;
    }
    QWidget* field(const char* key) const {
        SettingsForm* owner = form(QLatin1String(key));
        return owner != nullptr ? owner->field(QLatin1String(key)) : nullptr;
    }
    QString note(const char* key) const { return form(QLatin1String(key))->note(QLatin1String(key)); }
    void type(const char* key, const QString& text) {
        auto* line = qobject_cast<QLineEdit*>(field(key));
        QVERIFY2(line != nullptr, key);
        line->setFocus();
        line->selectAll();
        if (text.isEmpty()) {
            QTest::keyClick(line, Qt::Key_Delete);
        } else if (text == QString::fromLatin1(text.toLatin1())) {
            QTest::keyClicks(line, text);
        } else { // as an input method does
            QInputMethodEvent event;
            event.setCommitString(text);
            QCoreApplication::sendEvent(line, &event);
        }
    }
    void typeNumber(const char* key, int number) {
        auto* box = qobject_cast<QSpinBox*>(field(key));
        QVERIFY2(box != nullptr, key);
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, QString::number(number));
        QTest::keyClick(box, Qt::Key_Return);
    }
    void click(const char* button) { QTest::mouseClick(part<QPushButton>(button), Qt::LeftButton); }
    /// Ctrl+S, and waits until it is on the disk and read again.
    void saveByKeys() {
        QSignalSpy saved(m_controller.get(), &SettingsController::saved);
        QSignalSpy loaded(m_controller.get(), &SettingsController::loaded);
        QTest::keyClick(m_page.get(), Qt::Key_S, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 20000);
        QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 1, 20000);
    }
    void load() {
        QSignalSpy loaded(m_controller.get(), &SettingsController::loaded);
        m_controller->load();
        QVERIFY(loaded.wait(20000));
    }
    void open(const Site& site) {
        QVERIFY(site.save(sitePath()));
        load();
    }
    Site plainSite() const {
        Site site;
        site.platformPort = 11112;
        site.eventPort = 0;
        return site;
    }
    /// A picture of the page at both screen sizes, where pictures are asked for.
    void picture(const QString& name) const {
        const QString folder = qEnvironmentVariable("YZ_PICTURES");
        if (folder.isEmpty())
            return;
        for (const QSize& size : {QSize(1920, 970), QSize(1366, 690)}) { // less the bars of the desk
            m_page->resize(size);
            QTest::qWait(50);
            QVERIFY(m_page->grab().save(QStringLiteral("%1/settings-%2-%3.png").arg(folder, name).arg(size.width())));
        }
    }
    void openDesk() {
        QVERIFY(applyTheme(*qApp));
        auto store = DeskStore::open(m_folder.path(), m_clock);
        QVERIFY(store);
        m_store = std::move(*store);
        QVERIFY(plainSite().save(sitePath()));
        m_controller =
            std::make_unique<SettingsController>(SettingsController::Deps{*m_store, m_folder.path(), m_clock});
        m_controller->setUser(userWith(Role::Administrator));
        m_page = std::make_unique<SettingsPage>(*m_controller);
        m_page->resize(1366, 690);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void closeDesk() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }
    /// Typed as a person does: hour, minute, and on with the tab key.
    void typeTime(const char* name, const char* hour, const char* minute) {
        auto* edit = part<QTimeEdit>(name);
        QVERIFY2(edit != nullptr, name);
        edit->setFocus();
        edit->setSelectedSection(QDateTimeEdit::HourSection);
        QTest::keyClicks(edit, QLatin1String(hour));
        edit->setSelectedSection(QDateTimeEdit::MinuteSection);
        QTest::keyClicks(edit, QLatin1String(minute));
        QTest::keyClick(edit, Qt::Key_Tab);
    }
    void typeRate(const char* name, const char* mbit) {
        auto* box = part<QDoubleSpinBox>(name);
        QVERIFY2(box != nullptr, name);
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, QLatin1String(mbit));
        QTest::keyClick(box, Qt::Key_Return);
    }
    /// One of everything.
    Site richSite() const {
        Site site = plainSite();
        site.diagnosingHospital = QStringLiteral("青川县人民医院");
        site.department = QStringLiteral("医学影像诊断中心");
        site.platformHost = QStringLiteral("10.20.0.5");
        SiteNode pacs;
        pacs.name = QStringLiteral("区域PACS");
        pacs.aeTitle = QStringLiteral("REGIONPACS");
        pacs.host = QStringLiteral("10.20.0.9");
        pacs.port = 11112;
        SiteNode web;
        web.name = QStringLiteral("云影像");
        web.url = QStringLiteral("https://images.region.example:8443/dicom-web");
        web.authorization = WebAuthorization::Basic;
        web.user = QStringLiteral("desk7");
        SiteNode old;
        old.name = QStringLiteral("旧服务器");
        old.url = QStringLiteral("http://10.20.0.11:8042/dicom-web");
        old.plainAllowed = true;
        site.nodes = {pacs, web, old};
        site.roles = {web.name, ImagesBy::WadoRs, pacs.name, ReportsBy::CStore};
        ReportTarget his;
        his.id = QStringLiteral("his");
        his.title = QStringLiteral("青山镇卫生院 HIS");
        his.address = QUrl(QStringLiteral("mllps://10.20.3.4:2575"));
        ReportTarget region = his;
        region.id = QStringLiteral("region");
        region.title = QStringLiteral("区域平台");
        region.form = ReportTarget::Form::FhirBundle;
        region.address = QUrl(QStringLiteral("https://region.example/fhir"));
        site.reportTargets = {his, region};
        site.auditRepository.address = QUrl(QStringLiteral("syslogs://audit.region.example:6514"));
        site.bandwidth = {2'500'000, {{QTime(8, 0), QTime(17, 30), 256'000}, {QTime(22, 0), QTime(6, 0), 0}}};
        return site;
    }
    static void languagesAndSizes() {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QSize>("size");
        for (const char* language : {"en", "zh_CN"})
            for (const QSize& size : {QSize(1920, 970), QSize(1366, 690)})
                QTest::addRow("%s %d", language, size.width()) << QString::fromLatin1(language) << size;
    }
    /// The first text that has less room than it needs.
    static QString clippedText(const QWidget& page) {
        for (const QLabel* label : page.findChildren<QLabel*>())
            if (label->isVisible() && !label->text().isEmpty() &&
                (label->wordWrap() ? label->heightForWidth(label->width()) > label->height()
                                   : label->sizeHint().width() > label->width()))
                return label->text();
        for (const QAbstractButton* button : page.findChildren<QAbstractButton*>())
            if (button->isVisible() && button->sizeHint().width() > button->width())
                return button->text();
        return {};
    }
    /// Every line that can be read on the page, one under the other.
    QString texts() const {
        QStringList lines;
        for (const QLabel* label : m_page->findChildren<QLabel*>())
            if (label->isVisible())
                lines.append(label->text());
        return lines.join(u'\n');
    }
};

} // namespace yz::test
