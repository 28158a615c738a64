#include "settings_fixture.h"

using namespace yz;
using namespace yz::test;

/// What is entered, checked, saved, taken in and given out.
class SettingsPageTest final : public SettingsFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { openDesk(); }
    void cleanupTestCase() { closeDesk(); }
    void init() { open(plainSite()); }

    void whoIsNoAdministratorChangesNothing() {
        const QByteArray before = siteBytes();
        SettingsController other({*m_store, m_folder.path(), m_clock});
        other.setUser(userWith(Role::Reader));
        QSignalSpy loaded(&other, &SettingsController::loaded);
        other.load();
        QVERIFY(loaded.wait(20000));
        other.edit([](SiteDraft& draft) { draft.site.platformPort = 1; });
        QCOMPARE(other.draft().site.platformPort, 11112);
        // Nor past the controller.
        SiteDraft draft = other.draft();
        draft.site.platformPort = 1;
        const SiteSettings settings(*m_store, m_folder.path(), m_clock);
        const auto saved = settings.save(draft, other.draft(), userWith(Role::Reviewer));
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::RoleForbids);
        QCOMPARE(siteBytes(), before);
    }

    void aServerIsSetUpByKeys() {
        section(1);
        auto* table = part<QTableWidget>("nodeTable");
        QCOMPARE(table->rowCount(), 1); // the platform
        click("nodeAdd");
        QCOMPARE(table->rowCount(), 2);
        // The cursor stands in the name, all of it chosen; a new server is not finished, and that is said beside it.
        auto* name = qobject_cast<QLineEdit*>(field("name"));
        QVERIFY(name->hasFocus());
        QCOMPARE(note("host"), QStringLiteral("Is needed."));
        QTest::keyClicks(name, QStringLiteral("region PACS"));
        QTest::keyClick(name, Qt::Key_Tab);
        auto* title = qobject_cast<QLineEdit*>(field("aeTitle"));
        QVERIFY(title->hasFocus());
        QTest::keyClicks(title, QStringLiteral("PACS"));
        QTest::keyClick(title, Qt::Key_Tab);
        QTest::keyClicks(field("host"), QStringLiteral("10.1.2.3"));
        QTest::keyClick(field("host"), Qt::Key_Tab);
        QVERIFY(field("port")->hasFocus());
        typeNumber("port", 11115);
        QCOMPARE(table->item(1, 0)->text(), QStringLiteral("region PACS"));
        QCOMPARE(table->item(1, 1)->text(), QStringLiteral("PACS @ 10.1.2.3:11115"));
        // Plain lines are called what they are.
        QCOMPARE(table->item(1, 3)->text(), QStringLiteral("not encrypted"));
        QVERIFY(note("tls").startsWith(QStringLiteral("Not encrypted")));
        QVERIFY(m_controller->faults().isEmpty());
        picture(QStringLiteral("node"));
        auto* tls = qobject_cast<QCheckBox*>(field("tls"));
        tls->setFocus();
        QTest::keyClick(tls, Qt::Key_Space);
        QCOMPARE(table->item(1, 3)->text(), QStringLiteral("encrypted"));
        saveByKeys();
        const Result<Site> site = Site::load(sitePath());
        QVERIFY(site);
        QCOMPARE(site->nodes.size(), size_t(1));
        QCOMPARE(site->nodes[0].host, QStringLiteral("10.1.2.3"));
        QCOMPARE(site->nodes[0].port, 11115);
        QVERIFY(site->nodes[0].tls);
        QVERIFY(part<QLabel>("settingsState")->text().contains(QStringLiteral("next start")));
        const auto audit = m_store->audit().latest(1).value();
        QCOMPARE(audit[0].entry.event, QStringLiteral("settings.changed"));
        QCOMPARE(audit[0].entry.user, UserId(QStringLiteral("it")));
        QCOMPARE(audit[0].entry.details[QLatin1String("keys")].toArray(), QJsonArray{QStringLiteral("nodes")});
    }

    void nothingIsSavedWhileSomethingIsWrong() {
        const QByteArray before = siteBytes();
        const qint64 rows = m_store->audit().latest(1).value()[0].number;
        section(1);
        click("nodeAdd");
        type("aeTitle", QStringLiteral("影像"));
        type("url", QStringLiteral("http://pacs.test/rs"));
        section(0);
        type("aeTitle", QString());
        click("settingsSave");
        // The report names everything, the cursor is in the first field that is wrong.
        const QStringList report = m_page->report();
        QVERIFY2(report.contains(
                     QStringLiteral("Server 1, AE title: Letters without accents, digits and signs only, no \\.")),
                 qPrintable(report.join(u'\n')));
        QVERIFY(report.contains(QStringLiteral("Server 1, Host: Is needed.")));
        QVERIFY(report.contains(QStringLiteral("Server 1, DICOMweb address: Not encrypted. Use TLS, or allow it "
                                               "expressly below.")));
        QVERIFY(report.contains(QStringLiteral("AE title: Is needed.")));
        QVERIFY(QApplication::focusWidget() != nullptr && QApplication::focusWidget()->property("invalid").toBool());
        picture(QStringLiteral("faults"));
        jobs::waitForAll();
        QCOMPARE(siteBytes(), before);
        QCOMPARE(m_store->audit().latest(1).value()[0].number, rows);
        // Corrected where it stands.
        section(0);
        type("aeTitle", QStringLiteral("YZ1"));
        QCOMPARE(note("aeTitle"), QStringLiteral("Servers must know it. Up to 16 characters."));
        click("settingsDiscard");
        QVERIFY(!m_controller->isChanged());
        QCOMPARE(qobject_cast<QLineEdit*>(field("aeTitle"))->text(), QStringLiteral("YUANZHEN"));
    }

    void secretsGoIntoTheStoreOnly() {
        section(1);
        click("nodeAdd");
        type("name", QStringLiteral("web"));
        type("url", QStringLiteral("https://pacs.test/dicom-web"));
        auto* login = qobject_cast<QComboBox*>(field("authorization"));
        login->setFocus();
        QTest::keyClick(login, Qt::Key_Down);
        QCOMPARE(note("user"), QStringLiteral("Is needed."));
        QCOMPARE(note("secret"), QStringLiteral("Was never entered on this workstation."));
        type("user", QStringLiteral("desk"));
        auto* word = field("secret")->findChild<QLineEdit*>(QStringLiteral("secretWord"));
        QTest::keyClicks(word, QStringLiteral("Geheim-4711"));
        QCOMPARE(word->echoMode(), QLineEdit::Password);
        QVERIFY(m_controller->faults().isEmpty());
        saveByKeys();
        QVERIFY(!siteBytes().contains("4711"));
        QCOMPARE(SecretStore(m_folder.path()).get(QStringLiteral("node/web/secret")).value(),
                 QByteArray("Geheim-4711"));
        const std::vector<AuditStore::Row> rows = m_store->audit().latest(50).value();
        for (const AuditStore::Row& row : rows)
            QVERIFY(!QJsonDocument(row.entry.details).toJson().contains("4711"));
        // It is never shown again: the field is empty and says that one is kept.
        part<QTableWidget>("nodeTable")->selectRow(1);
        word = field("secret")->findChild<QLineEdit*>(QStringLiteral("secretWord"));
        QVERIFY(word->text().isEmpty());
        QCOMPARE(word->placeholderText(), QStringLiteral("kept; enter another to replace it"));
        picture(QStringLiteral("secret"));

        // A new name takes it along, and the roles too.
        section(2);
        auto* by = part<QComboBox>("roleBy-images");
        by->setFocus();
        QTest::keyClick(by, Qt::Key_End);
        QCOMPARE(part<QLabel>("roleFault-images")->text(), QStringLiteral("This server has no DICOMweb address."));
        auto* node = part<QComboBox>("roleNode-images");
        node->setFocus();
        QTest::keyClick(node, Qt::Key_Down);
        QVERIFY(part<QLabel>("roleFault-images")->text().isEmpty());
        section(1);
        part<QTableWidget>("nodeTable")->selectRow(1);
        type("name", QString()); // emptied first
        type("name", QStringLiteral("archive"));
        QCOMPARE(m_controller->draft().site.roles.images, QStringLiteral("archive"));
        saveByKeys();
        const SecretStore secrets(m_folder.path());
        QCOMPARE(secrets.get(QStringLiteral("node/archive/secret")).value(), QByteArray("Geheim-4711"));
        QVERIFY(!secrets.get(QStringLiteral("node/web/secret")));
        QCOMPARE(Site::load(sitePath())->roles.images, QStringLiteral("archive"));

        // A server that goes takes its secrets with it.
        part<QTableWidget>("nodeTable")->selectRow(1);
        click("nodeRemove");
        QCOMPARE(m_page->report(), QStringList());
        QVERIFY(!m_controller->faults().isEmpty()); // the role is left
        section(2);
        node = part<QComboBox>("roleNode-images");
        node->setFocus();
        QTest::keyClick(node, Qt::Key_Home);
        QTest::keyClick(by, Qt::Key_Home);
        saveByKeys();
        QCOMPARE(SecretStore(m_folder.path()).names().value(), QStringList());
    }

    void aFileIsTakenWholeOrNotAtAll() {
        const SiteDraft before = m_controller->draft();
        const QString path = m_folder.filePath(QStringLiteral("other.json"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"platformPort": 70000, "aeTitle": "", "nodes": [{"name": "a", "port": "x"}, {"name": "a"}],
                       "roles": {"images": {"node": "b"}}, "reportTargets": [{"id": "HIS", "form": "fax"}]})");
        file.close();
        QSignalSpy refused(m_controller.get(), &SettingsController::refused);
        m_page->importFrom(path);
        QVERIFY(refused.wait(20000));
        const QStringList report = m_page->report();
        for (const char* line :
             {"Platform, port: Must be in the range 1–65535.", "AE title: Is needed.",
              "Server 1, Port: It is of the wrong kind, text in place of a number or the like.",
              "Server 2, Name: Another one has this name already.", "Images, server: There is no server of this name.",
              "Receiver 1, Form: This word is not known here.", "Receiver 1, Id: Only a-z 0-9 -, at most 32."})
            QVERIFY2(report.contains(QString::fromUtf8(line)),
                     qPrintable(QString(QString::fromUtf8(line) + u'\n' + report.join(u'\n'))));
        QVERIFY(m_controller->draft() == before);
        picture(QStringLiteral("import"));

        Site good = plainSite();
        good.diagnosingHospital = QStringLiteral("青川县人民医院");
        SiteNode pacs;
        pacs.name = QStringLiteral("PACS");
        pacs.aeTitle = QStringLiteral("PACS");
        pacs.host = QStringLiteral("10.0.0.9");
        good.nodes = {pacs};
        QVERIFY(good.save(path));
        const QByteArray bytes = siteBytes();
        QSignalSpy imported(m_controller.get(), &SettingsController::imported);
        m_page->importFrom(path);
        QVERIFY(imported.wait(20000));
        QCOMPARE(m_page->report(), QStringList());
        QVERIFY(m_controller->isChanged());
        QCOMPARE(siteBytes(), bytes); // not before it is saved
        saveByKeys();
        QVERIFY(*Site::load(sitePath()) == good);

        QSignalSpy exported(m_controller.get(), &SettingsController::exported);
        m_page->exportTo(m_folder.filePath(QStringLiteral("out.json")));
        QVERIFY(exported.wait(20000));
        QVERIFY(*Site::load(m_folder.filePath(QStringLiteral("out.json"))) == good);
    }

    void aFileChangedMeanwhileIsNotOverwritten() {
        section(0);
        type("department", QStringLiteral("影像中心"));
        Site other = plainSite();
        other.stationName = QStringLiteral("DESK9");
        QVERIFY(other.save(sitePath())); // by the command line
        QSignalSpy refused(m_controller.get(), &SettingsController::refused);
        click("settingsSave");
        QVERIFY(refused.wait(20000));
        QVERIFY(refused[0][1].toBool());
        QCOMPARE(Site::load(sitePath())->stationName, QStringLiteral("DESK9"));
    }

    void prefetchTakesEffectAtOnce() {
        section(4);
        typeNumber("tasks", 7);
        auto* urgent = part<QCheckBox>("priority-urgent");
        QTest::mouseClick(urgent, Qt::LeftButton, {}, QPoint(8, urgent->height() / 2));
        type("hospitals", QStringLiteral("青山镇卫生院，白云乡卫生院"));
        picture(QStringLiteral("prefetch"));
        saveByKeys();
        const PrefetchPolicy policy = prefetchPolicy(*m_store);
        QCOMPARE(policy.tasks, 7);
        QCOMPARE(policy.priorities, std::vector<Priority>{Priority::Urgent});
        QCOMPARE(policy.hospitals, QStringList({QStringLiteral("青山镇卫生院"), QStringLiteral("白云乡卫生院")}));
        QVERIFY(setPrefetchPolicy(*m_store, {}));
    }

    void bandwidthByTheTimeOfDay() {
        section(5);
        QCOMPARE(part<QDoubleSpinBox>("bandwidthOtherwise")->text(), QStringLiteral("no limit"));
        typeRate("bandwidthOtherwise", "20");
        click("bandwidthAdd");
        QVERIFY(part<QTimeEdit>("bandwidthFrom0")->hasFocus());
        typeTime("bandwidthFrom0", "08", "00");
        typeTime("bandwidthTo0", "17", "30");
        typeRate("bandwidthRate0", "2");
        click("bandwidthAdd");
        typeTime("bandwidthFrom1", "22", "00");
        typeTime("bandwidthTo1", "06", "00");
        typeRate("bandwidthRate1", "0");
        QCOMPARE(part<QDoubleSpinBox>("bandwidthRate1")->text(), QStringLiteral("no limit"));
        QCOMPARE(note("windows[1]"), QStringLiteral("Until the next morning."));
        QCOMPARE(part<QDoubleSpinBox>("bandwidthOtherwise")->text(), QStringLiteral("20 Mbit/s"));
        // A wheel that scrolls the page changes nothing.
        auto* rate = part<QDoubleSpinBox>("bandwidthRate0");
        const QPointF at = rate->rect().center();
        QWheelEvent wheel(at, rate->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(rate, &wheel);
        QCOMPARE(rate->value(), 2.0);
        // A row that never counts is said at the row, and nothing is saved.
        click("bandwidthAdd");
        typeTime("bandwidthFrom2", "09", "00");
        typeTime("bandwidthTo2", "10", "00");
        QCOMPARE(note("windows[2]"), QStringLiteral("Never applies: the rows above have all of its time."));
        QCOMPARE(part<QListWidget>("settingsSections")->item(5)->text(), QStringLiteral("Bandwidth (1)"));
        picture(QStringLiteral("bandwidth"));
        const QByteArray before = siteBytes();
        QTest::keyClick(m_page.get(), Qt::Key_S, Qt::ControlModifier);
        QCOMPARE(m_page->report(),
                 QStringList{QStringLiteral("Bandwidth, time 3: Never applies: the rows above have all of its time.")});
        QCOMPARE(siteBytes(), before);
        click("bandwidthRemove2");
        QVERIFY(part<QTimeEdit>("bandwidthFrom2")->isHidden() || !part<QTimeEdit>("bandwidthFrom2")->isVisible());
        saveByKeys();
        const BandwidthPlan plan{2'500'000, {{QTime(8, 0), QTime(17, 30), 250'000}, {QTime(22, 0), QTime(6, 0), 0}}};
        QCOMPARE(Site::load(sitePath())->bandwidth, plan);
        // What is shown can be gone over with the keys and stays.
        typeRate("bandwidthOtherwise", "2500");
        QCOMPARE(part<QDoubleSpinBox>("bandwidthOtherwise")->text(), QStringLiteral("2500 Mbit/s"));
        auto* otherwise = part<QDoubleSpinBox>("bandwidthOtherwise");
        otherwise->setFocus();
        QTest::keyClick(otherwise, Qt::Key_End);
        QTest::keyClick(otherwise, Qt::Key_Return);
        QCOMPARE(otherwise->value(), 2500.0);
        typeRate("bandwidthOtherwise", "20");
        typeTime("bandwidthTo1", "00", "00");
        QCOMPARE(note("windows[1]"), QStringLiteral("Until midnight."));
        typeTime("bandwidthTo1", "06", "00");
        // Out to another workstation and in again.
        const QString file = m_folder.filePath(QStringLiteral("exported.json"));
        QSignalSpy exported(m_controller.get(), &SettingsController::exported);
        m_page->exportTo(file);
        QVERIFY(exported.wait(20000));
        click("bandwidthRemove0");
        QCOMPARE(m_controller->draft().site.bandwidth.windows.size(), size_t(1));
        QCOMPARE(part<QTimeEdit>("bandwidthFrom0")->time(), QTime(22, 0)); // the other row took its place
        QSignalSpy imported(m_controller.get(), &SettingsController::imported);
        m_page->importFrom(file);
        QVERIFY(imported.wait(20000));
        QCOMPARE(m_controller->draft().site.bandwidth, plan);
        QCOMPARE(part<QTimeEdit>("bandwidthFrom0")->time(), QTime(8, 0));
    }

    void aBrokenBandwidthInAFile() {
        const QString path = m_folder.filePath(QStringLiteral("broken.json"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"bandwidth": {"windows": [{"from": "8", "to": "25:00", "kbitPerSecond": 1}]}})");
        file.close();
        QSignalSpy refused(m_controller.get(), &SettingsController::refused);
        m_page->importFrom(path);
        QVERIFY(refused.wait(20000));
        QVERIFY2(
            m_page->report().contains(QStringLiteral("Bandwidth, time 1: Needs two times of day (08:00) and a limit.")),
            qPrintable(m_page->report().join(u'\n')));
    }

    /// What was said last is not left standing beside what contradicts it.
    void onlyTheLastWordStands() {
        const auto* banner = m_page->findChild<Banner*>();
        QVERIFY(banner != nullptr);
        section(5);
        typeRate("bandwidthOtherwise", "21");
        saveByKeys();
        QVERIFY(banner->text().startsWith(QStringLiteral("Saved.")));
        QVERIFY(banner->isVisible());
        typeRate("bandwidthOtherwise", "22");
        QCOMPARE(part<QLabel>("settingsState")->text(), QStringLiteral("Not saved."));
        QVERIFY(!banner->isVisible());
        const QString good = m_folder.filePath(QStringLiteral("good.json"));
        QSignalSpy exported(m_controller.get(), &SettingsController::exported);
        m_page->exportTo(good);
        QVERIFY(exported.wait(20000));
        QSignalSpy imported(m_controller.get(), &SettingsController::imported);
        m_page->importFrom(good);
        QVERIFY(imported.wait(20000));
        QVERIFY(banner->isVisible()); // "The file was read."
        const QString bad = m_folder.filePath(QStringLiteral("bad.json"));
        QFile file(bad);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        QSignalSpy refused(m_controller.get(), &SettingsController::refused);
        m_page->importFrom(bad);
        QVERIFY(refused.wait(20000));
        QVERIFY(!m_page->report().isEmpty());
        QVERIFY(!banner->isVisible());
    }

    void aReceiverOfReports() {
        section(3);
        auto* table = part<QTableWidget>("targetTable");
        QCOMPARE(table->rowCount(), 1); // audit messages
        picture(QStringLiteral("no-receivers"));
        QMenu* menu = part<QPushButton>("targetAdd")->menu();
        menu->actions()[0]->trigger(); // HL7
        QCOMPARE(table->rowCount(), 2);
        type("address", QStringLiteral("mllp://10.1.2.3:2575"));
        QCOMPARE(note("address"), QStringLiteral("Not encrypted. Use TLS, or allow it expressly below."));
        auto* plain = qobject_cast<QCheckBox*>(field("plainAllowed"));
        QVERIFY(plain->isVisible());
        plain->setFocus();
        QTest::keyClick(plain, Qt::Key_Space);
        QVERIFY(note("plainAllowed").startsWith(QStringLiteral("Not encrypted")));
        QCOMPARE(table->item(0, 3)->text(), QStringLiteral("not encrypted"));
        auto* on = qobject_cast<QCheckBox*>(field("on"));
        QVERIFY(!on->isChecked()); // a receiver is switched on by hand
        on->setFocus();
        QTest::keyClick(on, Qt::Key_Space);
        type("title", QStringLiteral("青山镇 HIS"));
        picture(QStringLiteral("receiver"));
        saveByKeys();
        const Result<Site> site = Site::load(sitePath());
        QVERIFY2(site, site ? "" : qPrintable(site.error().toString()));
        QCOMPARE(site->reportTargets.size(), size_t(1));
        QCOMPARE(site->reportTargets[0].address, QUrl(QStringLiteral("mllp://10.1.2.3:2575")));
        QVERIFY(site->reportTargets[0].isOn);
        // Its id stands in messages now.
        table->selectRow(0);
        QVERIFY(qobject_cast<QLineEdit*>(field("id"))->isReadOnly());
        // A file that is not there is found before anything is saved.
        auto* ca = field("tls.caFile")->findChild<QLineEdit*>();
        QTest::keyClicks(ca, QStringLiteral("/nonexistent/ca.pem"));
        QSignalSpy refused(m_controller.get(), &SettingsController::refused);
        QTest::keyClick(m_page.get(), Qt::Key_S, Qt::ControlModifier);
        QVERIFY(refused.wait(20000));
        QCOMPARE(note("tls.caFile"), QStringLiteral("The file cannot be read."));
        QVERIFY(Site::load(sitePath())->reportTargets[0].tls.caFile.isEmpty());
    }

    void onlyAdministratorsFindThePage() {
        QTemporaryDir home;
        RandomUidSource uids;
        auto services = DeskServices::open({home.path(), plainSite(), false}, m_clock, uids);
        QVERIFY2(services, services ? "" : qPrintable(services.error().toString()));
        QVERIFY(plainSite().save(home.filePath(QStringLiteral("site.json"))));
        for (const Role role : {Role::Reader, Role::Administrator})
            QVERIFY((*services)->store().users().add(userWith(role), *hashPassword(QStringLiteral("Yuanzhen-2026"))));
        for (const Role role : {Role::Reader, Role::Administrator}) {
            DeskWindow window(**services);
            window.resize(1366, 768);
            window.show();
            QVERIFY(QTest::qWaitForWindowActive(&window));
            QTest::keyClicks(window.findChild<QLineEdit*>(QStringLiteral("loginName")), userWith(role).loginName);
            auto* password = window.findChild<QLineEdit*>(QStringLiteral("loginPassword"));
            QTest::keyClicks(password, QStringLiteral("Yuanzhen-2026"));
            QTest::keyClick(password, Qt::Key_Return);
            auto* tab = window.findChild<QToolButton*>(QStringLiteral("tabSettings"));
            auto* page = window.findChild<SettingsPage*>();
            QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QToolButton*>(QStringLiteral("tabWorklist"))->isVisible(), 20000);
            QCOMPARE(tab->isVisible(), role == Role::Administrator);
            QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
            QTest::qWait(100);
            QCOMPARE(page->isVisible(), role == Role::Administrator);
            if (role == Role::Administrator) {
                QTest::keyClick(&window, Qt::Key_F2);
                QTRY_VERIFY(!page->isVisible());
                QTest::mouseClick(tab, Qt::LeftButton);
                QTRY_VERIFY(page->isVisible());
                if (const QString folder = qEnvironmentVariable("YZ_PICTURES"); !folder.isEmpty())
                    for (const QSize& size : {QSize(1920, 1080), QSize(1366, 768)}) {
                        window.resize(size);
                        QTest::qWait(100);
                        QVERIFY(window.grab().save(
                            QStringLiteral("%1/settings-desk-%2.png").arg(folder).arg(size.width())));
                    }
            }
        }
    }

    void nothingIsClipped_data() { languagesAndSizes(); }
    void nothingIsClipped() {
        QFETCH(QString, language);
        QFETCH(QSize, size);
        installTranslations(*QCoreApplication::instance(), uiLocale(language));
        const auto back =
            qScopeGuard([] { installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en"))); });
        open(richSite());
        SettingsPage page(*m_controller);
        page.resize(size);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        auto* nodes = page.findChild<QTableWidget*>(QStringLiteral("nodeTable"));
        for (int row = 0; row < 6; ++row) {
            page.showSection(static_cast<SettingsPage::Section>(row));
            for (int node = 0; node < (row == 1 ? nodes->rowCount() : 1); ++node) {
                if (row == 1)
                    nodes->selectRow(node);
                QTest::qWait(30);
                const QString clipped = clippedText(page);
                QVERIFY2(clipped.isEmpty(), qPrintable(clipped));
                if (const QString folder = qEnvironmentVariable("YZ_PICTURES"); !folder.isEmpty())
                    QVERIFY(page.grab().save(QStringLiteral("%1/section%2%3-%4-%5.png")
                                                 .arg(folder)
                                                 .arg(row)
                                                 .arg(node)
                                                 .arg(language)
                                                 .arg(size.width())));
            }
        }
    }
};

QTEST_MAIN(SettingsPageTest)
#include "settings_page_test.moc"
