#include "dicom/data/dicom_pixel_source.h"
#include "dicom/data/text_dcmtk.h"
#include "dicom_factory.h"
#include "support/shared_data.h"

#include <QTest>

using namespace yz;
using dicom::DetectedText;
using dicom::TextDecoder;
using dicom::TextKind;

namespace {

QByteArray gbk(const char* hex) { return QByteArray::fromHex(hex); }

} // namespace

class TextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void declaredSets_data();
    void declaredSets();
    void mislabelledChineseIsRepaired_data();
    void mislabelledChineseIsRepaired();
    void europeanTextIsLeftAlone_data();
    void europeanTextIsLeftAlone();
    void backslashInsideACharacterIsNoSeparator();
    void brokenUtf8DoesNotVanish();
    void ownTextIsUtf8();
    void headerSaysThatItWasRepaired();
    void charsetFiles_data();
    void charsetFiles();
    void itemsMayDeclareTheirOwn();
};

void TextTest::declaredSets_data() {
    QTest::addColumn<QByteArray>("set");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    QTest::newRow("utf8") << QByteArray("ISO_IR 192") << QStringLiteral("Wang=王^小东").toUtf8()
                          << QStringLiteral("Wang=王^小东");
    QTest::newRow("gb18030") << QByteArray("GB18030") << QByteArray("Wang=") + gbk("CDF5") + "^" + gbk("D0A1B6AB")
                             << QStringLiteral("Wang=王^小东");
    QTest::newRow("gb18030, four bytes") << QByteArray("GB18030") << gbk("95328236") << QStringLiteral("\U00020000");
    QTest::newRow("gbk") << QByteArray("GBK") << gbk("D6ECE946BBF9") << QStringLiteral("朱镕基");
    QTest::newRow("gb2312, not a defined term") << QByteArray("GB2312") << gbk("D6D0") << QStringLiteral("中");
    QTest::newRow("iso 2022 ir 58") << QByteArray("\\ISO 2022 IR 58")
                                    << QByteArray("Zhang=\x1B$)A") + gbk("D5C5") + "^\x1B$)A" + gbk("D0A1B6AB")
                                    << QStringLiteral("Zhang=张^小东");
    QTest::newRow("latin 1") << QByteArray("ISO_IR 100") << QByteArray("Buc^J\xE9r\xF4me")
                             << QStringLiteral("Buc^Jérôme");
    QTest::newRow("cyrillic") << QByteArray("ISO_IR 144") << QByteArray("\xBB\xEE\xDA") << QStringLiteral("Люк");
    QTest::newRow("padding") << QByteArray("ISO_IR 192") << QByteArray("abc ") << QStringLiteral("abc");
    QTest::newRow("nulls") << QByteArray("") << QByteArray("abc\0", 4) << QStringLiteral("abc");
}

void TextTest::declaredSets() {
    QFETCH(QByteArray, set);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    TextDecoder decoder(set);
    QCOMPARE(decoder.decode(bytes, TextKind::Name), expected);
    QVERIFY(!decoder.wasRepaired());
}

void TextTest::mislabelledChineseIsRepaired_data() {
    QTest::addColumn<QByteArray>("set");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const QString name = QStringLiteral("王小东");
    const QByteArray asGbk = gbk("CDF5D0A1B6AB");
    for (const char* set : {"", "ISO_IR 100", "ISO_IR 6", "\\ISO 2022 IR 6"}) {
        QTest::addRow("gbk under '%s'", set) << QByteArray(set) << asGbk << name;
        QTest::addRow("utf-8 under '%s'", set) << QByteArray(set) << name.toUtf8() << name;
    }
    QTest::newRow("gbk under utf-8") << QByteArray("ISO_IR 192") << asGbk << name;
    QTest::newRow("utf-8 under gb18030") << QByteArray("GB18030") << QStringLiteral("胸部平扫").toUtf8()
                                         << QStringLiteral("胸部平扫");
    QTest::newRow("gbk under an unknown term") << QByteArray("CHINESE") << asGbk << name;
    QTest::newRow("one character beyond gb 2312")
        << QByteArray("ISO_IR 100") << gbk("D6ECE946BBF9") << QStringLiteral("朱镕基");
    QTest::newRow("a lead byte no latin text has")
        << QByteArray("ISO_IR 100") << gbk("C1F586B4") << QStringLiteral("刘喆");
    QTest::newRow("with latin beside") << QByteArray("ISO_IR 100") << QByteArray("CHEST ") + gbk("D0D8B2BF") + " CT"
                                       << QStringLiteral("CHEST 胸部 CT");
    QTest::newRow("with full-width signs")
        << QByteArray("") << gbk("D0D8B2BFA3ACC6BDC9A8") << QStringLiteral("胸部\uFF0C平扫");
}

void TextTest::mislabelledChineseIsRepaired() {
    QFETCH(QByteArray, set);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    TextDecoder decoder(set);
    QCOMPARE(decoder.decode(bytes, TextKind::Name), expected);
    QVERIFY(decoder.wasRepaired());
}

void TextTest::europeanTextIsLeftAlone_data() {
    QTest::addColumn<QString>("text");
    for (const char* name :
         {"Buc^Jérôme", "Äneas^Rüdiger", "Müßig^Jürgen", "Ångström", "Ærøskøbing", "Núñez^José", "Noël^Zoë",
          "Þórðarson", "François", "Größe", "Crééz", "Ä", "naïïve", "São João", "37 °C", "± 2 µm", "5 cm²"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TextTest::europeanTextIsLeftAlone() {
    QFETCH(QString, text);
    TextDecoder decoder(QByteArray("ISO_IR 100"));
    QCOMPARE(decoder.decode(text.toLatin1()), text);
    QVERIFY(!decoder.wasRepaired());
}

void TextTest::backslashInsideACharacterIsNoSeparator() {
    // 昞 is 95 5C in GBK: the second byte is a backslash.
    TextDecoder decoder(QByteArray("GB18030"));
    QCOMPARE(decoder.decodeList(gbk("955C") + "\\" + gbk("D6D0")),
             QStringList({QStringLiteral("昞"), QStringLiteral("中")}));
    DcmDataset item;
    item.putAndInsertString(DCM_SpecificCharacterSet, "GB18030");
    item.putAndInsertString(DCM_StudyDescription, gbk("955CD6D0").constData());
    TextDecoder ofItem = dicom::textDecoderFor(item);
    QCOMPARE(dicom::text(item, DCM_StudyDescription, ofItem), QStringLiteral("昞中"));
}

void TextTest::brokenUtf8DoesNotVanish() {
    TextDecoder decoder(QByteArray("ISO_IR 192"));
    const QString text = decoder.decode(QByteArray("abc\xC3(def"));
    QVERIFY(text.startsWith(u"abc") && text.endsWith(u"def"));
    QVERIFY(decoder.wasRepaired());
    QCOMPARE(dicom::detectText(QByteArray("\xFF\xFE\x00")), DetectedText::Unknown);
    QCOMPARE(dicom::detectText("plain"), DetectedText::Ascii);
}

void TextTest::ownTextIsUtf8() {
    DcmDataset item;
    dicom::markUtf8(item);
    dicom::putPersonName(item, DCM_PatientName, PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东")));
    TextDecoder decoder = dicom::textDecoderFor(item);
    const PersonName name = dicom::personName(item, DCM_PatientName, decoder);
    QCOMPARE(name.alphabetic, QStringLiteral("Wang^XiaoDong"));
    QCOMPARE(name.ideographic, QStringLiteral("王^小东"));
    QCOMPARE(name.display(), QStringLiteral("王小东"));
}

void TextTest::headerSaysThatItWasRepaired() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100");
    test::putPixels(item, {1, 2, 3, 4});
    DicomPixelSource source;
    auto header = source.readHeader(test::file(item));
    QVERIFY(header && !header->textWasRepaired);
    item.putAndInsertString(DCM_PatientName, gbk("CDF55ED0A1B6AB").constData());
    header = source.readHeader(test::file(item));
    QVERIFY(header.has_value());
    QVERIFY(header->textWasRepaired);
    QCOMPARE(header->study.patient.name.display(), QStringLiteral("王小东"));
}

void TextTest::charsetFiles_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("expected");
    const QString folder = QStringLiteral("pydicom/src/pydicom/data/charset_files/");
    const auto row = [&](const char* name, const char* expected) {
        QTest::newRow(name) << folder + QLatin1String(name) << QString::fromUtf8(expected);
    };
    row("chrArab.dcm", "قباني^لنزار");
    row("chrFren.dcm", "Buc^Jérôme");
    row("chrGerm.dcm", "Äneas^Rüdiger");
    row("chrGreek.dcm", "Διονυσιος");
    row("chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう");
    row("chrH32.dcm", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
    row("chrHbrw.dcm", "שרון^דבורה");
    row("chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동");
    row("chrRuss.dcm", "Люкceмбypг");
    row("chrX1.dcm", "Wang^XiaoDong=王^小東");
    row("chrX2.dcm", "Wang^XiaoDong=王^小东");
    QTest::newRow("chrGB2312.dcm") << QStringLiteral("fo-dicom/Tests/FO-DICOM.Tests/Test Data/charset/chrGB2312.dcm")
                                   << QStringLiteral("Zhang^XiaoDong=张^小东");
}

void TextTest::charsetFiles() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    QFETCH(QString, path);
    QFETCH(QString, expected);
    const auto header = DicomPixelSource().readHeader(test::sharedData() + u'/' + path);
    QVERIFY2(header.has_value(), qPrintable(header ? QString() : header.error().toString()));
    QCOMPARE(header->study.patient.name.toDicom(), expected);
    QVERIFY(!header->textWasRepaired);
}

void TextTest::itemsMayDeclareTheirOwn() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    for (const char* name : {"chrSQEncoding.dcm", "chrSQEncoding1.dcm"}) {
        DcmFileFormat file;
        QVERIFY(
            file.loadFile((test::sharedData() + QStringLiteral("/fo-dicom/Tests/FO-DICOM.Tests/Test Data/charset/") +
                           QLatin1String(name))
                              .toUtf8()
                              .constData())
                .good());
        DcmItem* item = nullptr;
        QVERIFY(file.getDataset()->findAndGetSequenceItem(DCM_RequestedProcedureCodeSequence, item).good());
        TextDecoder outer = dicom::textDecoderFor(*file.getDataset());
        TextDecoder inner = dicom::textDecoderFor(*item, outer.characterSet());
        QVERIFY(dicom::personName(*item, DCM_PatientName, inner).ideographic == QStringLiteral("山田^太郎"));
    }
}

QTEST_GUILESS_MAIN(TextTest)
#include "text_test.moc"
