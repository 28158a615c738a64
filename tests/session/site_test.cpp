#include "session/site.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;

class SiteTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryValue() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("site.json"));
        Site site;
        site.diagnosingHospital = QStringLiteral("青川县人民医院");
        site.department = QStringLiteral("影像中心");
        site.stationName = QStringLiteral("DESK7");
        site.aeTitle = QStringLiteral("YZ7");
        site.platformAeTitle = QStringLiteral("REGION");
        site.platformHost = QStringLiteral("10.1.2.3");
        site.platformPort = 104;
        site.eventPort = 0;
        site.selfReviewAllowed = true;
        site.undoWindow = std::chrono::seconds(0);
        site.refreshInterval = std::chrono::seconds(30);
        site.commitmentTimeout = std::chrono::milliseconds(2500);
        SiteNode pacs;
        pacs.name = QStringLiteral("影像中心PACS");
        pacs.aeTitle = QStringLiteral("PACS");
        pacs.host = QStringLiteral("10.1.2.4");
        pacs.port = 4242;
        pacs.url = QStringLiteral("https://pacs.test:8443/dicom-web");
        pacs.authorization = WebAuthorization::Basic;
        pacs.user = QStringLiteral("desk");
        pacs.authorities = QStringLiteral("-----BEGIN CERTIFICATE-----\n");
        pacs.certificate = QStringLiteral("-----BEGIN CERTIFICATE-----\n\n");
        pacs.connections = 6;
        pacs.maxObjectBytes = 5LL << 30;
        SiteNode plain;
        plain.name = QStringLiteral("old");
        plain.url = QStringLiteral("http://old.test/rs");
        plain.plainAllowed = true;
        plain.authorization = WebAuthorization::Bearer;
        site.nodes = {pacs, plain};
        site.roles = {pacs.name, ImagesBy::CMove, plain.name, ReportsBy::StowRs, plain.name, WorklistBy::UpsRs};
        site.isDemo = true;
        QVERIFY(site.save(path));
        const Result<Site> back = Site::load(path);
        QVERIFY(back);
        QVERIFY(*back == site);
    }

    void faultsNameTheKey_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("named");
        QTest::newRow("port too high") << QByteArray("{\"platformPort\": 70000}") << "platformPort";
        QTest::newRow("port is text") << QByteArray("{\"platformPort\": \"104\"}") << "platformPort";
        QTest::newRow("AE title too long") << QByteArray("{\"aeTitle\": \"ABCDEFGHIJKLMNOPQ\"}") << "aeTitle";
        QTest::newRow("AE title empty") << QByteArray("{\"platformAeTitle\": \"\"}") << "platformAeTitle";
        QTest::newRow("negative undo window") << QByteArray("{\"undoWindowSeconds\": -1}") << "undoWindowSeconds";
        const auto node = [](const char* name, const char* rest, const char* named) {
            QTest::newRow(name) << QByteArray(QByteArray("{\"nodes\": [{\"name\": \"a\"}, {\"name\": \"b\"") + rest +
                                              "}]}")
                                << named;
        };
        node("two of a name", ", \"name\": \"a\"", "nodes[1].name");
        node("a name with a slash", ", \"name\": \"a/b\"", "nodes[1].name");
        node("http without leave", ", \"url\": \"http://x/rs\"", "nodes[1].url");
        node("password in the address", ", \"url\": \"https://u:p@x/rs\"", "nodes[1].url");
        node("no address", ", \"url\": \"x/rs\"", "nodes[1].url");
        node("another scheme", ", \"url\": \"ftp://x/rs\"", "nodes[1].url");
        node("unknown authorization", ", \"authorization\": \"digest\"", "nodes[1].authorization");
        node("basic without a user", ", \"authorization\": \"basic\"", "nodes[1].user");
        node("too many connections", ", \"connections\": 7", "nodes[1].connections");
        node("port of a node", ", \"port\": 0", "nodes[1].port");
        QTest::newRow("nodes are no list") << QByteArray("{\"nodes\": {}}") << "nodes";
        QTest::newRow("images from nowhere")
            << QByteArray("{\"roles\": {\"images\": {\"node\": \"x\"}}}") << "roles.images";
        QTest::newRow("images in no way")
            << QByteArray("{\"roles\": {\"images\": {\"by\": \"ftp\"}}}") << "roles.images";
        QTest::newRow("the platform has no web address")
            << QByteArray("{\"roles\": {\"reports\": {\"by\": \"stow-rs\"}}}") << "roles.reports";
        QTest::newRow("a node without a web address")
            << QByteArray("{\"nodes\": [{\"name\": \"a\", \"aeTitle\": \"A\", \"host\": \"h\"}],"
                          "\"roles\": {\"images\": {\"node\": \"a\", \"by\": \"wado-rs\"}}}")
            << "roles.images";
        QTest::newRow("a node without DIMSE")
            << QByteArray("{\"nodes\": [{\"name\": \"a\", \"url\": \"https://x/rs\"}],"
                          "\"roles\": {\"reports\": {\"node\": \"a\", \"by\": \"c-store\"}}}")
            << "roles.reports";
        QTest::newRow("a worklist in no way")
            << QByteArray("{\"roles\": {\"worklist\": {\"by\": \"mwl\"}}}") << "roles.worklist";
        QTest::newRow("the worklist of a platform without a web address")
            << QByteArray("{\"roles\": {\"worklist\": {\"by\": \"ups-rs\"}}}") << "roles.worklist";
        QTest::newRow("a worklist over DIMSE where there is none")
            << QByteArray("{\"nodes\": [{\"name\": \"a\", \"url\": \"https://x/rs\"}],"
                          "\"roles\": {\"worklist\": {\"node\": \"a\"}}}")
            << "roles.worklist";
        // A limit that cannot be read is not "no limit".
        QTest::newRow("a limit that is text")
            << QByteArray(R"({"bandwidth": {"kbitPerSecond": "4000"}})") << "bandwidth";
        QTest::newRow("half a kbit") << QByteArray(R"({"bandwidth": {"kbitPerSecond": 0.5}})") << "bandwidth";
        QTest::newRow("windows are no list") << QByteArray(R"({"bandwidth": {"windows": {}}})") << "bandwidth";
        QTest::newRow("a window with a limit that is text")
            << QByteArray(R"({"bandwidth": {"windows": [{"from": "08:00", "to": "18:00", "kbitPerSecond": "1"}]}})")
            << "bandwidth.windows[0]";
        QTest::newRow("a window without a limit")
            << QByteArray(R"({"bandwidth": {"windows": [{"from": "08:00", "to": "18:00"}]}})")
            << "bandwidth.windows[0]";
        QTest::newRow("not JSON") << QByteArray("{platformPort") << "site.json";
    }
    void faultsNameTheKey() {
        QFETCH(QByteArray, json);
        QFETCH(QString, named);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("site.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(json);
        file.close();
        const Result<Site> site = Site::load(file.fileName());
        QVERIFY(!site);
        QCOMPARE(site.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(site.error().detail.contains(named), qPrintable(site.error().detail));
    }

    void absentIsFileNotFound() {
        QCOMPARE(Site::load(QStringLiteral("/nonexistent/site.json")).error().code, ErrorCode::FileNotFound);
    }
};

QTEST_GUILESS_MAIN(SiteTest)
#include "site_test.moc"
