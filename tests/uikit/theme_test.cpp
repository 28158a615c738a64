#include "uikit/badge.h"
#include "uikit/fonts.h"
#include "uikit/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QPainter>
#include <QRawFont>
#include <QRegularExpression>
#include <QtTest>

using namespace yz;

class ThemeTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void contrastOfBlackAndWhite();
    void textIsReadable_data();
    void textIsReadable();
    void tonesAreReadable();
    void sheetNamesOnlyKnownColours();
    void sheetIsApplied();
    void chineseIsSimplified();
    void digitsHaveOneWidth();
};

void ThemeTest::contrastOfBlackAndWhite() {
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
    // #767676 on white is the grey that just passes 4.5 (published by W3C as 4.54).
    QVERIFY(std::abs(contrastRatio(QColor(0x76, 0x76, 0x76), Qt::white) - 4.54) < 0.01);
}

void ThemeTest::textIsReadable_data() {
    QTest::addColumn<QColor>("text");
    QTest::addColumn<QColor>("background");
    const Theme& t = theme();
    const QList<QPair<const char*, QColor>> texts{{"text", t.text},     {"muted", t.muted},
                                                  {"accent", t.accent}, {"emergency", t.emergency},
                                                  {"urgent", t.urgent}, {"ok", t.ok}};
    const QList<QPair<const char*, QColor>> grounds{{"viewport", t.viewport}, {"window", t.window},
                                                    {"surface", t.surface},   {"raised", t.raised},
                                                    {"hover", t.hover},       {"selection", t.selection}};
    for (const auto& [textName, text] : texts)
        for (const auto& [groundName, ground] : grounds)
            QTest::addRow("%s on %s", textName, groundName) << text << ground;
    QTest::newRow("primary button") << t.onFill << t.accentFill;
    QTest::newRow("primary button hovered") << t.onFill << t.accentHover;
    QTest::newRow("emergency badge") << t.onFill << t.emergencyFill;
    QTest::newRow("urgent badge") << t.onFill << t.urgentFill;
    QTest::newRow("ok badge") << t.onFill << t.okFill;
    QTest::newRow("demo mark") << t.urgent << t.urgentTint;
    QTest::newRow("banner") << t.text << t.urgentTint;
}

void ThemeTest::textIsReadable() {
    QFETCH(QColor, text);
    QFETCH(QColor, background);
    const double ratio = contrastRatio(text, background);
    QVERIFY2(ratio >= 4.5, qPrintable(QString::number(ratio)));
}

void ThemeTest::tonesAreReadable() {
    for (const Tone tone : {Tone::Neutral, Tone::Info, Tone::Ok, Tone::Warning, Tone::Danger}) {
        const ToneColours colours = coloursOf(tone);
        QVERIFY(contrastRatio(colours.text, colours.tint) >= 4.5);
        QVERIFY(contrastRatio(colours.text, theme().surface) >= 4.5);
        if (tone != Tone::Neutral)
            QVERIFY(contrastRatio(theme().onFill, colours.fill) >= 4.5);
    }
}

void ThemeTest::sheetNamesOnlyKnownColours() {
    QFile file(QStringLiteral(":/yz/style/dark.qss"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString source = QString::fromUtf8(file.readAll());
    QVERIFY(source.contains(u"@surface"));
    QString sheet = themedSheet(source);
    sheet.remove(QRegularExpression(QStringLiteral("/\\*.*?\\*/"), QRegularExpression::DotMatchesEverythingOption));
    QVERIFY2(!sheet.contains(u'@'), qPrintable(sheet.mid(sheet.indexOf(u'@'), 40)));
    // Each picture it names is there.
    const QRegularExpression url(QStringLiteral("url\\(([^)]+)\\)"));
    for (auto it = url.globalMatch(sheet); it.hasNext();) {
        const QString path = it.next().captured(1);
        QVERIFY2(QFile::exists(path), qPrintable(path));
    }
}

void ThemeTest::sheetIsApplied() {
    QVERIFY(applyTheme(*qApp));
    QCOMPARE(qApp->palette().color(QPalette::Window), theme().window);
    QVERIFY(qApp->styleSheet().contains(theme().surface.name()));
    QCOMPARE(QApplication::font().pixelSize(), kTextPx);
}

void ThemeTest::chineseIsSimplified() {
    if (!QFontDatabase::families().contains(QStringLiteral("Noto Sans CJK SC")))
        QSKIP("the product's font is not installed");
    QCOMPARE(QFontInfo(uiFont()).family(), QStringLiteral("Noto Sans CJK SC"));
    // The Japanese form of these characters differs; drawn with the product's font they must be the Chinese ones.
    const auto drawn = [](const QFont& font) {
        QImage image(240, 60, QImage::Format_Grayscale8);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.setFont(font);
        painter.drawText(image.rect(), Qt::AlignCenter, QStringLiteral("直骨复诊"));
        painter.end();
        return image;
    };
    QFont japanese = uiFont(40);
    japanese.setFamilies({QStringLiteral("Noto Sans CJK JP")});
    QFont chinese = uiFont(40);
    chinese.setFamilies({QStringLiteral("Noto Sans CJK SC")});
    QVERIFY(drawn(chinese) != drawn(japanese));
    QCOMPARE(drawn(uiFont(40)), drawn(chinese));
}

void ThemeTest::digitsHaveOneWidth() {
    for (const QFont& font : {uiFont(), uiFont(kSmallPx), uiFont(kTextPx, QFont::Bold), monoFont()}) {
        const QFontMetricsF metrics(font);
        const double width = metrics.horizontalAdvance(u'0');
        QVERIFY(width > 0);
        for (char digit = '1'; digit <= '9'; ++digit)
            QCOMPARE(metrics.horizontalAdvance(QLatin1Char(digit)), width);
    }
}

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
