#include "uikit/translation.h"

#include <QDirIterator>
#include <QLibraryInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>

using namespace yz;

/// The Chinese of the desk is complete: every text of every target has its entry, every entry is translated.
class TranslationTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyTargetIsComplete_data();
    void everyTargetIsComplete();
    void placeholdersAreKept();
    void localeFollowsSettingThenEnvironment();
    void textsOfQtAreChineseToo();
};

namespace {

struct Entry {
    QString context, source, comment, translation;
    bool isFinished = true;
};

QString sourceFolder() { return qEnvironmentVariable("YZ_SOURCE_DIR"); }

std::vector<Entry> entriesOf(const QString& path) {
    std::vector<Entry> entries;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return entries;
    QXmlStreamReader xml(&file);
    QString context;
    Entry entry;
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isStartElement()) {
            if (xml.name() == u"name")
                context = xml.readElementText();
            else if (xml.name() == u"message")
                entry = Entry{context, {}, {}, {}, true};
            else if (xml.name() == u"source")
                entry.source = xml.readElementText();
            else if (xml.name() == u"comment")
                entry.comment = xml.readElementText();
            else if (xml.name() == u"translation") {
                const QString type = xml.attributes().value(QLatin1String("type")).toString();
                entry.translation = xml.readElementText(QXmlStreamReader::IncludeChildElements);
                entry.isFinished = type.isEmpty() && !entry.translation.trimmed().isEmpty();
            }
        } else if (xml.isEndElement() && xml.name() == u"message") {
            entries.push_back(entry);
        }
    }
    return entries;
}

QString keyOf(const Entry& entry) { return entry.context + u'|' + entry.source + u'|' + entry.comment; }

/// Runs lupdate over a folder into a fresh file.
std::vector<Entry> textsOf(const QString& target, const QString& folder) {
    QTemporaryDir scratch;
    const QString file = scratch.filePath(QStringLiteral("fresh.ts"));
    const QString includes = QDir::cleanPath(qEnvironmentVariable("YZ_BIN_DIR") + u"/../include/" + target);
    QProcess lupdate;
    lupdate.start(QLibraryInfo::path(QLibraryInfo::LibraryExecutablesPath) + u"/lupdate",
                  {"-silent", "-locations", "none", "-source-language", "en", "-target-language", "zh_CN",
                   "-extensions", "cpp,h", "-I", includes, sourceFolder() + u'/' + folder, "-ts", file});
    if (!lupdate.waitForFinished(60000) || lupdate.exitCode() != 0) {
        lupdate.setProgram(QLibraryInfo::path(QLibraryInfo::BinariesPath) + u"/lupdate");
        lupdate.start();
        lupdate.waitForFinished(60000);
    }
    return entriesOf(file);
}

} // namespace

void TranslationTest::everyTargetIsComplete_data() {
    QTest::addColumn<QString>("folder");
    QTest::newRow("uikit") << "modules/uikit";
    QTest::newRow("worklist_ui") << "worklist/ui";
    QTest::newRow("viewer_ui") << "viewer/ui";
    QTest::newRow("reporting_ui") << "reporting/ui";
    QTest::newRow("app") << "app";
}

void TranslationTest::everyTargetIsComplete() {
    QFETCH(QString, folder);
    const QString target = QString::fromLatin1(QTest::currentDataTag());
    const std::vector<Entry> wanted = textsOf(target, folder);
    const std::vector<Entry> there = entriesOf(sourceFolder() + u"/translations/" + target + u"_zh_CN.ts");
    if (target == u"uikit")
        QVERIFY2(wanted.size() > 100, "lupdate finds no texts: is it there?");
    QSet<QString> finished;
    QStringList faults;
    for (const Entry& entry : there) {
        if (entry.isFinished)
            finished.insert(keyOf(entry));
        else
            faults.append(u"unfinished: " + keyOf(entry));
    }
    for (const Entry& entry : wanted)
        if (!finished.contains(keyOf(entry)))
            faults.append(u"missing: " + keyOf(entry));
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
}

void TranslationTest::placeholdersAreKept() {
    const QRegularExpression placeholder(QStringLiteral("%(L?[1-9]|n)"));
    const auto placeholders = [&](const QString& text) {
        QStringList found;
        for (auto it = placeholder.globalMatch(text); it.hasNext();)
            found.append(it.next().captured());
        found.sort();
        found.removeDuplicates();
        return found;
    };
    QDirIterator files(sourceFolder() + u"/translations", {QStringLiteral("*.ts")});
    int count = 0;
    while (files.hasNext()) {
        for (const Entry& entry : entriesOf(files.next())) {
            QVERIFY2(placeholders(entry.source) == placeholders(entry.translation), qPrintable(entry.source));
            ++count;
        }
    }
    QVERIFY(count > 200);
}

void TranslationTest::localeFollowsSettingThenEnvironment() {
    qunsetenv("LC_ALL");
    qunsetenv("LC_MESSAGES");
    qputenv("LANG", "C.UTF-8");
    QCOMPARE(uiLocale().name(), "zh_CN");
    qputenv("LANG", "de_DE.UTF-8");
    QCOMPARE(uiLocale().name(), "zh_CN");
    qputenv("LANG", "en_GB.UTF-8");
    QCOMPARE(uiLocale().language(), QLocale::English);
    QCOMPARE(uiLocale(QStringLiteral("zh_CN")).name(), "zh_CN");
    qputenv("LC_ALL", "zh_CN.UTF-8"); // stands above LANG
    QCOMPARE(uiLocale().name(), "zh_CN");
    QCOMPARE(uiLocale(QStringLiteral("en")).language(), QLocale::English);
    qunsetenv("LC_ALL");
}

void TranslationTest::textsOfQtAreChineseToo() {
    const int loaded = installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("zh_CN")));
    QVERIFY(loaded >= 2);
    QCOMPARE(QCoreApplication::translate("TermText", "Emergency"), "急诊");
    if (QFile::exists(QLibraryInfo::path(QLibraryInfo::TranslationsPath) + u"/qtbase_zh_CN.qm"))
        QVERIFY(QCoreApplication::translate("QPlatformTheme", "Cancel") != u"Cancel");
    installTranslations(*QCoreApplication::instance(), uiLocale(QStringLiteral("en")));
    QCOMPARE(QCoreApplication::translate("TermText", "Emergency"), "Emergency");
}

QTEST_GUILESS_MAIN(TranslationTest)
#include "translation_test.moc"
