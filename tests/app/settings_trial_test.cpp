#include "settings_fixture.h"

using namespace yz;
using namespace yz::test;

/// The buttons that try a role or a receiver, and what they say.
class SettingsTrialTest final : public SettingsFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { openDesk(); }
    void cleanupTestCase() { closeDesk(); }
    void init() { open(plainSite()); }

    /// What a server says is shown, not obeyed.
    void answersAreNoMarkup() {
        const std::unique_ptr<QWidget> line(makeCheckLine({Tone::Warning, QStringLiteral("<img src='file:///'>No")}));
        for (const QLabel* label : line->findChildren<QLabel*>())
            if (!label->text().isEmpty())
                QCOMPARE(label->textFormat(), Qt::PlainText);
    }

    void aReceiverIsTried() {
        FakeWebServer server([](const SeenRequest& request) {
            return request.path == "/fhir/metadata"
                       ? jsonAnswer(R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1",)"
                                    R"("software":{"name":"Muster"},"rest":[{"mode":"server"}]})")
                       : jsonAnswer("{}", 404);
        });
        QTcpServer silent; // takes connections, and says nothing
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        section(3);
        QMenu* menu = part<QPushButton>("targetAdd")->menu();
        auto* table = part<QTableWidget>("targetTable");
        menu->actions()[0]->trigger(); // HL7
        auto* panel = part<CheckPanel>("targetCheck");
        auto* test = panel->findChild<QPushButton*>(QStringLiteral("checkTest"));
        QVERIFY(test->isHidden()); // there is no address yet
        type("address", QStringLiteral("mllp://127.0.0.1:%1").arg(silent.serverPort()));
        QVERIFY(test->isVisible());
        QSignalSpy checked(m_controller.get(), &SettingsController::checked);
        QTest::mouseClick(test, Qt::LeftButton);
        QVERIFY(checked.wait(20000));
        QVERIFY2(panel->answer().value(0).startsWith(QStringLiteral("The receiver takes connections (")),
                 qPrintable(panel->answer().join(u'\n')));
        QVERIFY(panel->answer().contains(QStringLiteral("The line is not encrypted.")));
        // FHIR: what it is, and what it lacks.
        menu->actions()[1]->trigger();
        QCOMPARE(panel->answer(), QStringList());
        type("address", QStringLiteral("http://127.0.0.1:%1/fhir").arg(server.port()));
        QTest::mouseClick(test, Qt::LeftButton);
        QVERIFY(checked.wait(20000));
        QCOMPARE(panel->answer().value(0),
                 QStringLiteral("The receiver answers, but does not do what a report needs."));
        QVERIFY(panel->answer().contains(QStringLiteral("It says: Muster, FHIR 4.0.1.")));
        QVERIFY(panel->answer().constLast().startsWith(QStringLiteral("Missing: transaction, ")));
        picture(QStringLiteral("receiver-tried"));
        for (const SeenRequest& request : server.requests())
            QCOMPARE(request.method, QByteArray("GET"));
        // The other's answer is still there, and goes when what was tried is changed.
        table->selectRow(0);
        QVERIFY(panel->answer().value(0).startsWith(QStringLiteral("The receiver takes connections (")));
        type("address", QStringLiteral("mllp://127.0.0.1:%1").arg(silent.serverPort() == 1 ? 2 : 1));
        QCOMPARE(panel->answer(), QStringList());
        // Which of two of a name is tried nobody could say.
        table->selectRow(1);
        const QString own = qobject_cast<QLineEdit*>(field("id"))->text();
        type("id", m_controller->draft().targets[0].target.id);
        QVERIFY(test->isHidden());
        type("id", own);
        QVERIFY(test->isVisible());
        // Nobody has to wait for a receiver that is silent.
        table->selectRow(1);
        type("address", QStringLiteral("http://127.0.0.1:%1/fhir").arg(silent.serverPort()));
        checked.clear();
        QSignalSpy cancelled(m_controller.get(), &SettingsController::checkCancelled);
        QTest::mouseClick(test, Qt::LeftButton);
        QCOMPARE(test->text(), QStringLiteral("Cancel"));
        QTest::qWait(200);
        QTest::mouseClick(test, Qt::LeftButton);
        QCOMPARE(cancelled.count(), 1);
        QCOMPARE(test->text(), QStringLiteral("Test"));
        QCOMPARE(panel->findChild<QLabel*>(QStringLiteral("checkStep"))->text(), QStringLiteral("Cancelled."));
        QCOMPARE(checked.count(), 0);
    }

    void theWorkListIsTried() {
        FakePlatform platform;
        ReadingTask task;
        task.uid = WorkitemUid(QStringLiteral("2.25.77"));
        task.order.patient.name = PersonName{QStringLiteral("Li^Na"), QStringLiteral("李^娜"), {}};
        platform.add(task);
        const NetworkSettings network = platform.settings();
        Site site = plainSite();
        site.aeTitle = network.callingAeTitle;
        site.platformAeTitle = network.platform.aeTitle;
        site.platformHost = network.platform.host;
        site.platformPort = network.platform.port;
        open(site);
        section(2);
        QSignalSpy checked(m_controller.get(), &SettingsController::checked);
        QTest::mouseClick(part<QPushButton>("roleTest-worklist"), Qt::LeftButton);
        QCOMPARE(part<QPushButton>("roleTest-worklist")->text(), QStringLiteral("Cancel"));
        QVERIFY(checked.wait(20000));
        QCOMPARE(part<QPushButton>("roleTest-worklist")->text(), QStringLiteral("Test"));
        const QString lines = texts();
        QVERIFY2(lines.contains(QStringLiteral("It answers (")), qPrintable(lines));
        QVERIFY(lines.contains(QStringLiteral("The line is not encrypted.")));
        QVERIFY2(lines.contains(QStringLiteral("Text comes in ISO_IR 192 and can be read.")), qPrintable(lines));
        QVERIFY(lines.contains(QStringLiteral("Unified Procedure Step Pull (Explicit VR Little Endian)")));
        picture(QStringLiteral("roles"));
    }

    /// An answer is one to what was tried: it never stands beside another server.
    void anAnswerGoesWithItsServer() {
        const FakeWebServer server([](const SeenRequest&) { return jsonAnswer("[]"); });
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        Site site = plainSite();
        SiteNode web;
        web.name = QStringLiteral("web");
        web.url = QStringLiteral("http://127.0.0.1:%1/dicom-web").arg(server.port());
        web.plainAllowed = true;
        SiteNode other = web;
        other.name = QStringLiteral("other");
        other.url = QStringLiteral("http://127.0.0.1:%1/dicom-web").arg(silent.serverPort());
        site.nodes = {web, other};
        site.roles.images = web.name;
        site.roles.imagesBy = ImagesBy::WadoRs;
        site.roles.reports = web.name;
        site.roles.reportsBy = ReportsBy::StowRs;
        open(site);
        section(2);
        const auto* roles = m_page->findChild<RoleSettings*>();
        const QString images = QStringLiteral("images"), reports = QStringLiteral("reports");
        auto* test = part<QPushButton>("roleTest-images");
        QSignalSpy checked(m_controller.get(), &SettingsController::checked);
        const auto choose = [&](const char* box, const QVariant& data) {
            auto* node = part<QComboBox>(box);
            node->setCurrentIndex(node->findData(data));
            Q_EMIT node->activated(node->currentIndex());
        };
        QTest::mouseClick(test, Qt::LeftButton);
        QVERIFY(checked.wait(20000));
        QTest::mouseClick(part<QPushButton>("roleTest-reports"), Qt::LeftButton);
        QVERIFY(checked.wait(20000));
        QVERIFY(roles->answer(images).value(0).startsWith(QStringLiteral("It answers (")));
        choose("roleNode-images", other.name);
        QCOMPARE(roles->answer(images), QStringList());
        QVERIFY(roles->answer(reports).value(0).startsWith(QStringLiteral("It answers ("))); // nothing changed for it
        // While it is tried: no answer comes of the one that was chosen before.
        checked.clear();
        QTest::mouseClick(test, Qt::LeftButton);
        QTest::qWait(200);
        choose("roleNode-images", web.name);
        QCOMPARE(test->text(), QStringLiteral("Test"));
        QCOMPARE(part<QLabel>("roleStep-images")->text(), QString());
        // The server itself is set up otherwise.
        QTest::mouseClick(test, Qt::LeftButton);
        QVERIFY(checked.wait(20000));
        QVERIFY(!roles->answer(images).isEmpty());
        section(1);
        part<QTableWidget>("nodeTable")->selectRow(1);
        type("url", other.url);
        QCOMPARE(roles->answer(images), QStringList());
        QCOMPARE(roles->answer(reports), QStringList());
    }

    void cancelledAtOnce() {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        Site site = plainSite();
        site.platformPort = silent.serverPort();
        open(site);
        section(2);
        QSignalSpy checked(m_controller.get(), &SettingsController::checked);
        auto* test = part<QPushButton>("roleTest-worklist");
        QTest::mouseClick(test, Qt::LeftButton);
        QTRY_COMPARE(part<QLabel>("roleStep-worklist")->text(), QStringLiteral("Connecting…"));
        QTest::mouseClick(test, Qt::LeftButton);
        QCOMPARE(part<QLabel>("roleStep-worklist")->text(), QStringLiteral("Cancelled."));
        QCOMPARE(test->text(), QStringLiteral("Test"));
        jobs::waitForAll(); // the job too has seen it
        QTest::qWait(50);
        QCOMPARE(checked.count(), 0);
    }

    void overHttps() {
        QTemporaryDir certificates;
        const TestCertificates made = TestCertificates::make(certificates.path());
        if (made.serverCertificate.isEmpty())
            QSKIP("no openssl");
        m_clock.setNowUtc(QDateTime::currentDateTimeUtc()); // certificates are made for today
        const QDateTime ahead = m_clock.nowUtc().addSecs(3600);
        const FakeWebServer server(
            [&](const SeenRequest&) {
                ScriptedAnswer answer = jsonAnswer("[]");
                answer.headers.append(
                    {"Date",
                     QLocale::c().toString(ahead, QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'")).toLatin1()});
                return answer;
            },
            {made.serverCertificate, made.serverKey, {}});
        Site site = plainSite();
        SiteNode web;
        web.name = QStringLiteral("web");
        web.url = QStringLiteral("https://127.0.0.1:%1/dicom-web").arg(server.port());
        site.nodes = {web};
        site.roles.images = web.name;
        site.roles.imagesBy = ImagesBy::WadoRs;
        open(site);
        section(2);
        QSignalSpy checked(m_controller.get(), &SettingsController::checked);
        QTest::mouseClick(part<QPushButton>("roleTest-images"), Qt::LeftButton);
        QVERIFY(checked.wait(20000));
        QVERIFY2(texts().contains(QStringLiteral("certificate is not trusted")), qPrintable(texts()));
        // Trusted from a file, not saved yet: the test takes what stands on the page.
        const QString ca = certificates.filePath(QStringLiteral("trusted.pem"));
        QFile file(ca);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(made.authority);
        file.close();
        section(1);
        part<QTableWidget>("nodeTable")->selectRow(1);
        auto* trusted = qobject_cast<CertificateField*>(field("authorities"));
        QCOMPARE(trusted->text(), QStringLiteral("those the system trusts"));
        trusted->readFile(ca);
        QTRY_VERIFY(!m_controller->draft().nodes[0].node.authorities.isEmpty());
        QVERIFY2(trusted->text().contains(QStringLiteral(", until ")), qPrintable(trusted->text()));
        section(2);
        QTest::mouseClick(part<QPushButton>("roleTest-images"), Qt::LeftButton);
        QVERIFY(checked.wait(20000));
        QVERIFY2(texts().contains(QStringLiteral("Encrypted. Certificate of")), qPrintable(texts()));
        QVERIFY2(texts().contains(QStringLiteral("s ahead of ours.")), qPrintable(texts()));
        picture(QStringLiteral("https"));

        // The work list over the web: what was asked and what came is said.
        auto* by = part<QComboBox>("roleBy-worklist");
        by->setCurrentIndex(by->findText(QStringLiteral("UPS over the web (UPS-RS)")));
        Q_EMIT by->activated(by->currentIndex());
        QVERIFY(!part<QLabel>("roleFault-worklist")->text().isEmpty()); // the platform has no web address
        auto* node = part<QComboBox>("roleNode-worklist");
        node->setCurrentIndex(node->findData(QStringLiteral("web")));
        Q_EMIT node->activated(node->currentIndex());
        QVERIFY(part<QLabel>("roleFault-worklist")->text().isEmpty());
        QTest::mouseClick(part<QPushButton>("roleTest-worklist"), Qt::LeftButton);
        QVERIFY(checked.wait(20000));
        QVERIFY2(texts().contains(QStringLiteral("Asked: GET %1/workitems?limit=1. Answered: HTTP 200").arg(web.url)),
                 qPrintable(texts()));
        QCOMPARE(server.requests().constLast().path, QByteArray("/dicom-web/workitems?limit=1"));
    }

    /// A site whose work list and images come over the web: the answers of both stand on the page in full.
    void rolesOfAWebSite_data() { languagesAndSizes(); }
    void rolesOfAWebSite() {
        QFETCH(QString, language);
        QFETCH(QSize, size);
        QTemporaryDir certificates;
        const TestCertificates made = TestCertificates::make(certificates.path());
        if (made.serverCertificate.isEmpty())
            QSKIP("no openssl");
        m_clock.setNowUtc(QDateTime::currentDateTimeUtc());
        const FakeWebServer server(
            [&](const SeenRequest&) {
                ScriptedAnswer answer = jsonAnswer("[]");
                answer.headers.append({"Date", QLocale::c()
                                                   .toString(m_clock.nowUtc().addSecs(95),
                                                             QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"))
                                                   .toLatin1()});
                return answer;
            },
            {made.serverCertificate, made.serverKey, {}});
        installTranslations(*QCoreApplication::instance(), uiLocale(language));
        const auto back =
            qScopeGuard([] { installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en"))); });
        Site site = plainSite();
        SiteNode web;
        web.name = language == u"en" ? QStringLiteral("Regional platform") : QStringLiteral("区域平台");
        web.url = QStringLiteral("https://127.0.0.1:%1/dicom-web").arg(server.port());
        web.authorities = QString::fromUtf8(made.authority);
        site.nodes = {web};
        site.roles.worklist = site.roles.images = site.roles.reports = web.name;
        site.roles.worklistBy = WorklistBy::UpsRs;
        site.roles.imagesBy = ImagesBy::WadoRs;
        site.roles.reportsBy = ReportsBy::StowRs;
        open(site);
        SettingsPage page(*m_controller);
        page.resize(size);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.showSection(SettingsPage::Section::Roles);
        QSignalSpy checked(m_controller.get(), &SettingsController::checked);
        for (const char* role : {"worklist", "images"}) {
            QTest::mouseClick(page.findChild<QPushButton*>(QStringLiteral("roleTest-") + QLatin1String(role)),
                              Qt::LeftButton);
            QVERIFY(checked.wait(20000));
            QCOMPARE(page.findChild<RoleSettings*>()->answer(QLatin1String(role)).size(), 5);
        }
        QTest::qWait(30);
        const QString clipped = clippedText(page);
        QVERIFY2(clipped.isEmpty(), qPrintable(clipped));
        const auto left = [&](const char* role) {
            const auto* node = page.findChild<QComboBox*>(QStringLiteral("roleNode-") + QLatin1String(role));
            return node->mapTo(&page, QPoint()).x();
        };
        QCOMPARE(left("worklist"), left("images"));
        QCOMPARE(left("reports"), left("images"));
        if (const QString folder = qEnvironmentVariable("YZ_PICTURES"); !folder.isEmpty())
            QVERIFY(page.grab().save(QStringLiteral("%1/roles.%2-%3.png").arg(folder, language).arg(size.width())));
    }
};

QTEST_MAIN(SettingsTrialTest)
#include "settings_trial_test.moc"
