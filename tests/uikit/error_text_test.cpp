#include "uikit/error_text.h"
#include "uikit/translation.h"

#include <QtTest>

using namespace yz;

class ErrorTextTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyCodeHasItsOwnSentence_data();
    void everyCodeHasItsOwnSentence();
    void detailStaysInTheLog();
};

namespace {

const std::vector<ErrorCode>& allCodes() {
#define YZ_LIST(name) ErrorCode::name,
    static const std::vector<ErrorCode> codes{YZ_ERROR_CODES(YZ_LIST)};
#undef YZ_LIST
    return codes;
}

} // namespace

void ErrorTextTest::everyCodeHasItsOwnSentence_data() {
    QTest::addColumn<QString>("locale");
    QTest::newRow("English") << QStringLiteral("en");
    QTest::newRow("Chinese") << QStringLiteral("zh_CN");
}

void ErrorTextTest::everyCodeHasItsOwnSentence() {
    QFETCH(QString, locale);
    installTranslations(*QCoreApplication::instance(), uiLocale(locale));
    const bool isChinese = locale == u"zh_CN";
    QSet<QString> seen;
    for (const ErrorCode code : allCodes()) {
        const QString sentence = errorSentence(code);
        QVERIFY2(sentence.size() > (isChinese ? 8 : 20), qPrintable(errorName(code)));
        QVERIFY2(!seen.contains(sentence), qPrintable(errorName(code)));
        QVERIFY2(sentence.endsWith(isChinese ? u'。' : u'.'), qPrintable(errorName(code)));
        const bool hasHan =
            std::any_of(sentence.begin(), sentence.end(), [](QChar c) { return c.script() == QChar::Script_Han; });
        QCOMPARE(hasHan, isChinese);
        seen.insert(sentence);
    }
    QVERIFY(seen.size() > 60);
}

void ErrorTextTest::detailStaysInTheLog() {
    const Error error{ErrorCode::DiskFull, QStringLiteral("write of 512 bytes")};
    QVERIFY(!errorSentence(error).contains(u"512"));
}

QTEST_GUILESS_MAIN(ErrorTextTest)
#include "error_text_test.moc"
