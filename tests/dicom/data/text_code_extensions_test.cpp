#include "dicom/data/text.h"
#include "dicom/data/text_iso2022.h"

#include <QTest>

using namespace yz;
using dicom::TextDecoder;
using dicom::TextKind;

/// Code extensions of PS3.5 6.1.2.5 and the examples of its annexes H, I, J and K, then what is broken in them.
class TextCodeExtensionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void examplesOfTheStandard_data();
    void examplesOfTheStandard();
    void everyDefinedTerm_data();
    void everyDefinedTerm();
    void termsAsTheyAreWritten_data();
    void termsAsTheyAreWritten();
    void delimitersReturnToTheInitialState_data();
    void delimitersReturnToTheInitialState();
    void brokenTextLosesNothing_data();
    void brokenTextLosesNothing();
    void everyTruncationKeepsWhatFollows();
    void tablesStayLoaded();
};

void TextCodeExtensionsTest::examplesOfTheStandard_data() {
    QTest::addColumn<QByteArray>("set");
    QTest::addColumn<TextKind>("kind");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    QTest::newRow("H.3.1") << QByteArray("\\ISO 2022 IR 87") << TextKind::Name
                           << QByteArray("Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B"
                                         "$?$m$&\x1B(B")
                           << QStringLiteral("Yamada^Tarou=山田^太郎=やまだ^たろう");
    QTest::newRow("H.3.2") << QByteArray("ISO 2022 IR 13\\ISO 2022 IR 87") << TextKind::Name
                           << QByteArray("\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J=\x1B$B"
                                         "$d$^$@\x1B(J^\x1B$B$?$m$&\x1B(J")
                           << QStringLiteral("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
    QTest::newRow("I.2") << QByteArray("\\ISO 2022 IR 149") << TextKind::Name
                         << QByteArray("Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C"
                                       "\xB1\xE6\xB5\xBF")
                         << QStringLiteral("Hong^Gildong=洪^吉洞=홍^길동");
    QTest::newRow("I.3") << QByteArray("\\ISO 2022 IR 149") << TextKind::LongText
                         << QByteArray("\x1B$)CThe 1st line includes \xB1\xE6\xB5\xBF.\r\n\x1B$)CThe 2nd line includes "
                                       "\xB1\xE6\xB5\xBF, too.\r\nThe 3rd line.")
                         << QStringLiteral("The 1st line includes 길동.\r\nThe 2nd line includes 길동, too.\r\n"
                                           "The 3rd line.");
    QTest::newRow("J.1") << QByteArray("ISO_IR 192") << TextKind::Name
                         << QByteArray("Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE6\x9D\xB1=")
                         << QStringLiteral("Wang^XiaoDong=王^小東=");
    QTest::newRow("J.2") << QByteArray("ISO_IR 192") << TextKind::LongText
                         << QByteArray("The first line includes \xE4\xB8\xAD\xE6\x96\x87.\r\n")
                         << QStringLiteral("The first line includes 中文.\r\n");
    QTest::newRow("J.3") << QByteArray("GB18030") << TextKind::Name
                         << QByteArray("Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB=")
                         << QStringLiteral("Wang^XiaoDong=王^小东=");
    QTest::newRow("K.2") << QByteArray("\\ISO 2022 IR 58") << TextKind::Name
                         << QByteArray("Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB=")
                         << QStringLiteral("Zhang^XiaoDong=张^小东=");
    QTest::newRow("K.3") << QByteArray("\\ISO 2022 IR 58") << TextKind::LongText
                         << QByteArray("\x1B$)A\xB5\xDA\xD2\xBB\xD0\xD0\xCE\xC4\xD7\xD6\xA1\xA3\r\n\x1B$)A\xB5\xDA\xB6"
                                       "\xFE\xD0\xD0\xCE\xC4\xD7\xD6\xA1\xA3\r\n")
                         << QStringLiteral("第一行文字。\r\n第二行文字。\r\n");
}

void TextCodeExtensionsTest::examplesOfTheStandard() {
    QFETCH(QByteArray, set);
    QFETCH(TextKind, kind);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    TextDecoder decoder(set);
    QCOMPARE(decoder.decode(bytes, kind), expected);
    QVERIFY(!decoder.wasRepaired());
}

void TextCodeExtensionsTest::everyDefinedTerm_data() {
    QTest::addColumn<QByteArray>("set");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    struct Row {
        int number;
        const char* escape;
        const char* bytes;
        const char* text;
    };
    const Row rows[] = {
        {100, "-A", "J\xE9r\xF4me", "Jérôme"},
        {101, "-B", "W\xB3\x61\x64ys\xB3\x61w", "Władysław"},
        {109, "-C", "\xC6ur\xFDo", "Ĉurŭo"},
        {110, "-D", "\xE0\xBA", "āē"},
        {126, "-F", "\xC4\xE9\xEF\xED\xF5\xF3\xE9\xEF\xF2", "Διονυσιος"},
        {127, "-G", "\xE2\xC8\xC7\xE6\xEA", "قباني"},
        {138, "-H", "\xF9\xF8\xE5\xEF", "שרון"},
        {144, "-L", "\xBB\xEE\xDA\x63\x65\xDC\xD1yp\xD3", "Люкceмбypг"},
        {148, "-M", "\xC7\x61\xF0\x64\x61\xFE", "Çağdaş"},
        {166, "-T", "\xB9\xD2\xC1\xCA\xA1\xD8\xC5", "นามสกุล"},
        {203, "-b", "\xA4 \xBD", "€ œ"},
        {13, ")I", "\xD4\xCF\xC0\xDE", "ﾔﾏﾀﾞ"},
    };
    for (const Row& row : rows) {
        const QString text = QString::fromUtf8(row.text);
        QTest::addRow("ISO_IR %d", row.number)
            << QByteArray("ISO_IR ") + QByteArray::number(row.number) << QByteArray(row.bytes) << text;
        const QByteArray extension = "ISO 2022 IR " + QByteArray::number(row.number);
        QTest::addRow("%s alone", extension.constData()) << extension << QByteArray(row.bytes) << text;
        QTest::addRow("%s by escape", extension.constData())
            << "\\" + extension << QByteArray("\x1B") + row.escape + row.bytes << text;
    }
    QTest::newRow("two sets in one value")
        << QByteArray("ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 58")
        << QByteArray("J\xE9r\xF4me=\x1B-L\xBB\xEE\xDA=\x1B$)A\xD5\xC5") << QStringLiteral("Jérôme=Люк=张");
    QTest::newRow("JIS X 0212") << QByteArray("\\ISO 2022 IR 87\\ISO 2022 IR 159")
                                << QByteArray("\x1B$(D0!\x1B(B \x1B$B;3\x1B(B") << QStringLiteral("丂 山");
    QTest::newRow("a row vendors added") << QByteArray("\\ISO 2022 IR 87") << QByteArray("\x1B$B-!\x1B(B")
                                         << QStringLiteral("①");
    QTest::newRow("GB18030 of four bytes") << QByteArray("GB18030") << QByteArray("\x95\x32\x82\x36 \x81\x30\x84\x36")
                                           << QStringLiteral("\U00020000 \u00A5");
    QTest::newRow("a romaji tilde is an overline")
        << QByteArray("ISO_IR 13") << QByteArray("a~b") << QStringLiteral("a\u203Eb");
    QTest::newRow("big5") << QByteArray("BIG5") << QByteArray("\xA4\xFD") << QStringLiteral("王");
}

void TextCodeExtensionsTest::everyDefinedTerm() {
    QFETCH(QByteArray, set);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    TextDecoder decoder(set);
    QCOMPARE(decoder.decode(bytes, TextKind::Name), expected);
    QVERIFY(!decoder.wasRepaired());
}

void TextCodeExtensionsTest::termsAsTheyAreWritten_data() {
    QTest::addColumn<QByteArray>("set");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char* set, const char* name) {
        QTest::newRow(set) << QByteArray(set) << QByteArray(name);
    };
    row("", "");
    row("ISO_IR 6", "");
    row("ISO_IR 100", "ISO_IR 100");
    row(" iso_ir 100 ", "ISO_IR 100");
    row("ISO-IR-100", "ISO_IR 100");
    row("ISO IR 100", "ISO_IR 100");
    row("ISO_IR_192", "ISO_IR 192");
    row("UTF-8", "ISO_IR 192");
    row("ISO 2022 IR 192", "ISO_IR 192");
    row("gb18030", "GB18030");
    row("GB 18030-2005", "GB18030");
    row("GB2312", "GBK");
    row("ISO_IR 100\\GB18030", "GB18030");
    row("ISO 2022 IR 58", "\\ISO 2022 IR 58");
    row("ISO_IR 58", "\\ISO 2022 IR 58");
    row("\\ISO_2022_IR_58", "\\ISO 2022 IR 58");
    row("ISO 2022 IR 6\\ISO 2022 IR 87", "\\ISO 2022 IR 87");
    row("ISO_IR 100\\ISO 2022 IR 144", "ISO_IR 100\\ISO 2022 IR 144");
    row("ISO 2022 IR 13\\ISO 2022 IR 87", "ISO 2022 IR 13\\ISO 2022 IR 87");
    row("ISO-8859-5", "ISO_IR 144");
    row("KLINGON", "KLINGON");
    row("ISO_IR 100\\KLINGON", "ISO_IR 100");
    row("KLINGON\\ISO_IR 100", "ISO_IR 100");
}

void TextCodeExtensionsTest::termsAsTheyAreWritten() {
    QFETCH(QByteArray, set);
    QFETCH(QByteArray, name);
    QCOMPARE(TextDecoder(set).characterSet(), name);
    QCOMPARE(TextDecoder(name).characterSet(), name);
}

void TextCodeExtensionsTest::delimitersReturnToTheInitialState_data() {
    QTest::addColumn<TextKind>("kind");
    QTest::addColumn<QByteArray>("between");
    QTest::addColumn<bool>("resets");
    const auto row = [](const char* name, TextKind kind, const char* between, bool resets) {
        QTest::newRow(name) << kind << QByteArray(between) << resets;
    };
    row("backslash in a text", TextKind::Text, "\\", true);
    row("backslash in a name", TextKind::Name, "\\", true);
    row("caret in a name", TextKind::Name, "^", true);
    row("equals sign in a name", TextKind::Name, "=", true);
    row("caret in a text", TextKind::Text, "^", false);
    row("equals sign in a text", TextKind::Text, "=", false);
    row("backslash in a long text", TextKind::LongText, "\\", false);
    row("line feed", TextKind::LongText, "\n", true);
    row("carriage return", TextKind::Text, "\r", true);
    row("form feed", TextKind::LongText, "\f", true);
    row("tabulator", TextKind::LongText, "\t", true);
    row("space", TextKind::LongText, " ", false);
}

void TextCodeExtensionsTest::delimitersReturnToTheInitialState() {
    QFETCH(TextKind, kind);
    QFETCH(QByteArray, between);
    QFETCH(bool, resets);
    // BB is Л in ISO 8859-5 and » in ISO 8859-1.
    TextDecoder decoder("ISO 2022 IR 100\\ISO 2022 IR 144");
    const QString text = decoder.decode("\x1B-L\xBB" + between + "\xBB", kind);
    QCOMPARE(text, u"Л" + QString::fromLatin1(between) + (resets ? u"»" : u"Л"));
    QVERIFY(!decoder.wasRepaired());
}

void TextCodeExtensionsTest::brokenTextLosesNothing_data() {
    QTest::addColumn<QByteArray>("set");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* set, QByteArray bytes, const QString& expected) {
        QTest::newRow(name) << QByteArray(set) << bytes << expected;
    };
    const QString lost(QChar(QChar::ReplacementCharacter));
    row("escape at the end", "\\ISO 2022 IR 87", "abc\x1B", u"abc" + lost);
    row("half an escape", "\\ISO 2022 IR 87", "abc\x1B$", u"abc" + lost + u"$");
    row("escape to nowhere", "\\ISO 2022 IR 87", "a\x1B^b", u"a" + lost + u"^b");
    row("switch back missing before a caret", "\\ISO 2022 IR 87", "\x1B$B;3ED^\x1B$BB@O:\x1B(B",
        QStringLiteral("山田^太郎"));
    row("half a kanji", "\\ISO 2022 IR 87", "\x1B$B;3E\x1B(B=x", QStringLiteral("山E=x"));
    row("half a hanja before a caret", "\\ISO 2022 IR 149", "\x1B$)C\xFB^a=b", lost + u"^a=b");
    row("half a character before an equals sign", "GB18030", "Wang=\xCD=x", u"Wang=" + lost + u"=x");
    row("half a character at the end", "GB18030", "\xCD\xF5\xD0", u"王" + lost);
    row("half a character under ir 58", "\\ISO 2022 IR 58", "\x1B$)A\xD5^\x1B$)A\xD0\xA1", lost + u"^小");
    row("a byte that is none", "GB18030", "a\xFF\x62", u"a" + lost + u"b");
    row("half of utf-8", "ISO_IR 192", "a\xE7\x8E^b\xE7\x8E\x8B", u"a" + lost + lost + u"^b王");
    row("a hole in a set", "ISO_IR 127", "\xE2\xB0^x", u"ق" + lost + u"^x");
    row("a nul inside", "ISO_IR 192", QByteArray("a\0^b", 4), QStringLiteral("a ^b"));
    row("a nul in chinese", "GB18030", QByteArray("\xCD\xF5\0^\xD0\xA1", 6), QStringLiteral("王 ^小"));
    row("never switched to", "\\ISO 2022 IR 58", "Zhang=\xD5\xC5^\xD0\xA1", QStringLiteral("Zhang=张^小"));
    row("switched to once only", "\\ISO 2022 IR 149", "Hong=\x1B$)C\xFB\xF3^\xD1\xCE\xD4\xD7",
        QStringLiteral("Hong=洪^吉洞"));
    row("katakana never switched to", "\\ISO 2022 IR 87", "\xD4\xCF=\x1B$B;3\x1B(B", QStringLiteral("ﾔﾏ=山"));
    row("not declared", "", "\x1B$B;3ED\x1B(B", QStringLiteral("山田"));
    row("not declared, beside latin", "ISO_IR 100", "\xE9\x1B$)A\xD5\xC5", QStringLiteral("é张"));
    row("escapes under utf-8", "ISO_IR 192", "\x1B$B;3ED\x1B(B", QStringLiteral("山田"));
    row("escapes under gb 18030", "GB18030", "\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1", QStringLiteral("张^小"));
    row("gbk under ir 58", "\\ISO 2022 IR 58", "\x1B$)A\xD6\xEC\xE9\x46\xBB\xF9", QStringLiteral("朱镕基"));
}

void TextCodeExtensionsTest::brokenTextLosesNothing() {
    QFETCH(QByteArray, set);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    TextDecoder decoder(set);
    QCOMPARE(decoder.decode(bytes, TextKind::Name), expected);
    const bool isAsDeclared = bytes.contains('\0') || QByteArray(QTest::currentDataTag()) == "gbk under ir 58";
    QCOMPARE(decoder.wasRepaired(), !isAsDeclared);
}

void TextCodeExtensionsTest::everyTruncationKeepsWhatFollows() {
    const std::pair<const char*, QByteArray> values[] = {
        {"ISO_IR 192", QStringLiteral("Wang^XiaoDong=王^小東").toUtf8()},
        {"\\ISO 2022 IR 87", "Yamada=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B"},
        {"\\ISO 2022 IR 149", "Hong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7"},
        {"\\ISO 2022 IR 58", "Zhang=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB"},
        {"ISO 2022 IR 13\\ISO 2022 IR 87", "\xD4\xCF\xC0\xDE=\x1B$B;3ED\x1B(J"},
        {"ISO_IR 127", "\xE2\xC8\xC7"},
    };
    for (const auto& [set, value] : values)
        for (qsizetype cut = 0; cut <= value.size(); ++cut) {
            TextDecoder decoder(set);
            const QString text = decoder.decode(value.left(cut) + "\r\n=Tail^End", TextKind::Name);
            QVERIFY2(text.endsWith(u"\r\n=Tail^End"), qPrintable(QString::fromLatin1(set) + u' ' + text));
        }
}

void TextCodeExtensionsTest::tablesStayLoaded() {
    dicom::loadCodeTables();
    QCOMPARE(dicom::encodeText(dicom::CodeTable::Gb18030, QStringLiteral("王^小东")),
             QByteArray("\xCD\xF5^\xD0\xA1\xB6\xAB"));
    QVERIFY(dicom::encodeText(dicom::CodeTable::EucKr, QStringLiteral("€\U00020000")).isNull());
    const QString all = QStringLiteral("\u4E2D\U0002A6D6\u00E9");
    QCOMPARE(dicom::fromGb18030(dicom::encodeText(dicom::CodeTable::Gb18030, all)), all);
}

QTEST_GUILESS_MAIN(TextCodeExtensionsTest)
#include "text_code_extensions_test.moc"
