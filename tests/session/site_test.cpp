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
        site.isDemo = true;
        QVERIFY(site.save(path));
        const Result<Site> back = Site::load(path);
        QVERIFY(back);
        QVERIFY(*back == site);
    }

    void faultsNameTheKey_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("named");
        QTest::newRow("port too high") << QByteArray(R"({"platformPort": 70000})") << "platformPort";
        QTest::newRow("port is text") << QByteArray(R"({"platformPort": "104"})") << "platformPort";
        QTest::newRow("AE title too long") << QByteArray(R"({"aeTitle": "ABCDEFGHIJKLMNOPQ"})") << "aeTitle";
        QTest::newRow("AE title empty") << QByteArray(R"({"platformAeTitle": ""})") << "platformAeTitle";
        QTest::newRow("negative undo window") << QByteArray(R"({"undoWindowSeconds": -1})") << "undoWindowSeconds";
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
