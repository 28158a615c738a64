#include "dicom/data/dicom_pixel_source.h"
#include "dicom/data/text_dcmtk.h"
#include "dicom_factory.h"

#include <QTest>
#include <random>

using namespace yz;
using dicom::CodeTable;
using dicom::DetectedText;
using dicom::TextDecoder;
using dicom::TextKind;

namespace {

QByteArray gbk(const QString& text) { return dicom::encodeText(CodeTable::Gb18030, text); }

} // namespace

/// Text whose label is wrong: what is repaired, what must not be, and what is said about it.
class TextRepairTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatItDid_data();
    void saysWhatItDid();
    void verdicts_data();
    void verdicts();
    void otherValuesDecide();
    void europeanNamesStay_data();
    void europeanNamesStay();
    void manyChineseNamesAreRepaired();
    void headerAndBytes();
};

void TextRepairTest::saysWhatItDid_data() {
    QTest::addColumn<QByteArray>("set");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("used");
    QTest::addColumn<bool>("unreadable");
    const auto row = [](const char* name, const char* set, const QByteArray& bytes, const char* text, const char* used,
                        bool unreadable = false) {
        QTest::newRow(name) << QByteArray(set) << bytes << QString::fromUtf8(text) << QString::fromLatin1(used)
                            << unreadable;
    };
    const QString name = QStringLiteral("王^小东");
    row("gbk as latin 1", "ISO_IR 100", gbk(name), "王^小东", "GB18030");
    row("gbk as nothing", "", gbk(name), "王^小东", "GB18030");
    row("gbk as utf-8", "ISO_IR 192", gbk(name), "王^小东", "GB18030");
    row("gbk as klingon", "KLINGON", gbk(name), "王^小东", "GB18030");
    row("utf-8 as latin 1", "ISO_IR 100", name.toUtf8(), "王^小东", "ISO_IR 192");
    row("utf-8 as nothing", "", name.toUtf8(), "王^小东", "ISO_IR 192");
    row("utf-8 as gb 18030", "GB18030", name.toUtf8(), "王^小东", "ISO_IR 192");
    row("one character of utf-8 as gb 18030", "GB18030", QStringLiteral("王").toUtf8(), "王", "ISO_IR 192");
    row("utf-8 as cyrillic", "ISO_IR 144", name.toUtf8(), "王^小东", "ISO_IR 192");
    row("utf-8 as ir 58", "\\ISO 2022 IR 58", name.toUtf8(), "王^小东", "ISO_IR 192");
    row("utf-8 cut off", "ISO_IR 100", name.toUtf8().chopped(1), "王^小\uFFFD\uFFFD", "ISO_IR 192", true);
    row("gbk cut off", "ISO_IR 100", gbk(QStringLiteral("胸部平扫")).chopped(1), "胸部平\uFFFD", "GB18030", true);
    row("european utf-8 as latin 1", "ISO_IR 100", QStringLiteral("Buc^Jérôme").toUtf8(), "Buc^Jérôme", "ISO_IR 192");
    row("latin 1 as utf-8", "ISO_IR 192", "Buc^J\xE9r\xF4me", "Buc^Jérôme", "ISO_IR 100");
    row("latin 1 as nothing", "", "Buc^J\xE9r\xF4me", "Buc^Jérôme", "ISO_IR 100");
    row("windows 1252 as latin 1", "ISO_IR 100", "O\x92Neil", "O’Neil", "Windows-1252");
    row("windows 1252 in capitals", "ISO_IR 100", "O\x92NEIL \x96 ABC", "O’NEIL – ABC", "Windows-1252");
    row("russian utf-8 as latin 1", "ISO_IR 100", QStringLiteral("Иванов").toUtf8(), "Иванов", "ISO_IR 192");
    row("russian utf-8 of bytes gb 2312 has", "ISO_IR 100", QStringLiteral("Рана").toUtf8(), "Рана", "ISO_IR 192");
    row("gbk that is valid utf-8 of two bytes", "ISO_IR 100", gbk(QStringLiteral("谢小")), "谢小", "GB18030");
}

void TextRepairTest::saysWhatItDid() {
    QFETCH(QByteArray, set);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    QFETCH(QString, used);
    QFETCH(bool, unreadable);
    TextDecoder decoder(set);
    const dicom::TextReading reading = decoder.read(bytes, TextKind::Name);
    QCOMPARE(reading.text, text);
    QCOMPARE(reading.repair, (TextRepair{QString::fromLatin1(set), used, unreadable}));
    QCOMPARE(decoder.repair(), reading.repair);
    (void)decoder.read("plain", TextKind::Name);
    QVERIFY(decoder.wasRepaired());
}

void TextRepairTest::verdicts_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<TextKind>("kind");
    QTest::addColumn<DetectedText>("verdict");
    const auto chinese = [](const char* text, TextKind kind, DetectedText verdict) {
        QTest::newRow(text) << gbk(QString::fromUtf8(text)) << kind << verdict;
    };
    const auto latin = [](const char* text, TextKind kind, DetectedText verdict) {
        QTest::newRow(text) << QString::fromUtf8(text).toLatin1() << kind << verdict;
    };
    chinese("李", TextKind::Name, DetectedText::Gb18030);
    chinese("安", TextKind::Name, DetectedText::Gb18030);
    chinese("丁^一", TextKind::Name, DetectedText::Gb18030);
    chinese("闫^鑫", TextKind::Name, DetectedText::PerhapsGb18030); // two characters of level 2 apart
    chinese("闫鑫", TextKind::Name, DetectedText::Gb18030);
    chinese("LI^NA=李^娜", TextKind::Name, DetectedText::Gb18030);
    chinese("朱镕基", TextKind::Name, DetectedText::Gb18030);
    chinese("刘喆", TextKind::Name, DetectedText::Gb18030);
    chinese("B超", TextKind::Text, DetectedText::PerhapsGb18030);
    chinese("腹部B超", TextKind::Text, DetectedText::Gb18030);
    chinese("头颅MR平扫+增强（T1、T2）", TextKind::LongText, DetectedText::Gb18030);
    chinese("直径约３㎝", TextKind::LongText, DetectedText::Gb18030);
    latin("»«", TextKind::Text, DetectedText::PerhapsGb18030);
    latin("±½", TextKind::Text, DetectedText::PerhapsGb18030);
    latin("créée", TextKind::Text, DetectedText::PerhapsGb18030);
    latin("Müller", TextKind::Name, DetectedText::Latin);
    latin("CORAÇÃO", TextKind::Text, DetectedText::PerhapsGb18030);
    latin("Jérôme=李", TextKind::Name, DetectedText::Latin);
    latin("Ä", TextKind::Name, DetectedText::Unknown);
}

void TextRepairTest::verdicts() {
    QFETCH(QByteArray, bytes);
    QFETCH(TextKind, kind);
    QFETCH(DetectedText, verdict);
    QCOMPARE(dicom::detectText(bytes, kind), verdict);
}

void TextRepairTest::otherValuesDecide() {
    const QByteArray yan = gbk(QStringLiteral("闫^鑫"));
    DcmDataset item;
    item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100");
    item.putAndInsertString(DCM_PatientName, yan.constData());
    TextDecoder alone = dicom::textDecoderFor(item);
    QCOMPARE(dicom::personName(item, DCM_PatientName, alone).toDicom(), QString::fromLatin1(yan));
    QVERIFY(!alone.wasRepaired());
    item.putAndInsertString(DCM_StudyDescription, gbk(QStringLiteral("胸部平扫")).constData());
    TextDecoder together = dicom::textDecoderFor(item);
    QCOMPARE(dicom::personName(item, DCM_PatientName, together).toDicom(), QStringLiteral("闫^鑫"));
    QVERIFY(together.wasRepaired());
    // A value that surely is European takes the vote away.
    item.putAndInsertString(DCM_InstitutionName, "H\xF4pital");
    TextDecoder mixed = dicom::textDecoderFor(item);
    QCOMPARE(dicom::personName(item, DCM_PatientName, mixed).toDicom(), QString::fromLatin1(yan));
}

void TextRepairTest::europeanNamesStay_data() {
    QTest::addColumn<QString>("text");
    // Common names and words of the languages of ISO 8859-1, as they are and in capitals.
    static const char* const kWords[] = {
        "Müller",   "Schröder", "Jäger",     "Köhler",  "Günther",     "Groß",        "Weiß",       "Häußler",
        "Süß",      "Bär^Jörg", "Österle",   "Übelhör", "Äpfel",       "Buc^Jérôme",  "Hélène",     "François",
        "Noël",     "Zoë",      "Désirée",   "Andrée",  "créée",       "agréée",      "Théo",       "Gaël^Maël",
        "Léa",      "Côté",     "Prévôt",    "Lefèvre", "Bénoît",      "Cécile",      "Aimée",      "Éloïse",
        "Îles",     "Œuvre",    "Åse",       "Bjørn",   "Sørensen",    "Ærø",         "Håkan",      "Göran",
        "Åström",   "Øystein",  "Jørgensen", "Kjær",    "Blåbær",      "Mäkelä",      "Hämäläinen", "Työläs",
        "Yö",       "Hääyöaie", "Þórður",    "Guðrún",  "Sigurðsson",  "Ægir",        "Björk",      "Núñez",
        "Peña",     "Muñoz",    "Íñigo",     "Ñandú",   "Güell",       "García^José", "Ángel",      "Óscar",
        "Úrsula",   "João",     "Gonçalves", "São",     "Conceição",   "Coração",     "Corações",   "Mãe",
        "Não",      "Irmãos",   "Õ",         "Antônio", "Flávia",      "Você",        "È",          "Perché",
        "Niccolò",  "Città",    "Più",       "Così",    "Ma\u00F1ana", "¿Qué?",       "¡Olé!",      "Coöperatie",
        "Ideeën",   "Zeeën",    "Fryslân",   "Gwŷdd",   "blóðæðra",    "Sjögren",     "Ménière",    "Guillain-Barré",
        "Köhler°",  "37 °C",    "± 2 µm",    "5 cm²",   "m²·s",        "½ Tablette",  "10 µg/m³",   "«Tête»",
        "»Kopf«",   "Ü",        "ÄÖÜ",       "Fuß",     "Fußgelenk",   "Schädel",     "Hüfte",      "Röntgen",
        "Dünndarm", "Brücke"};
    for (const char* word : kWords)
        for (const bool inCapitals : {false, true}) {
            const QString text = inCapitals ? QString::fromUtf8(word).toUpper() : QString::fromUtf8(word);
            if (QString::fromLatin1(text.toLatin1()) == text && QByteArray(word).size() != text.size())
                QTest::newRow(qPrintable(text)) << text;
        }
}

void TextRepairTest::europeanNamesStay() {
    QFETCH(QString, text);
    for (const TextKind kind : {TextKind::Name, TextKind::Text}) {
        TextDecoder declared("ISO_IR 100");
        QCOMPARE(declared.decode(text.toLatin1(), kind), text);
        QVERIFY(!declared.wasRepaired());
        TextDecoder undeclared("");
        QCOMPARE(undeclared.decode(text.toLatin1(), kind), text);
    }
}

void TextRepairTest::manyChineseNamesAreRepaired() {
    const QString surnames =
        QStringLiteral("王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜"
                       "丁沈姜范江傅钟卢汪戴崔任"
                       "陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚");
    std::mt19937 random(20260302); // NOLINT(cert-msc51-cpp): the same names every time
    std::uniform_int_distribution<int> anySurname(0, static_cast<int>(surnames.size()) - 1);
    std::uniform_int_distribution<int> anyRow(0xB0, 0xD6), anyCell(0xA1, 0xFE);
    const auto given = [&] {
        return dicom::fromGb18030(QByteArray(1, static_cast<char>(anyRow(random))) +
                                  QByteArray(1, static_cast<char>(anyCell(random))));
    };
    int missed = 0;
    int asked = 0;
    for (int i = 0; i < 20000; ++i) {
        const QString surname(surnames[anySurname(random)]);
        const QString names[] = {surname + given(), surname + given() + given(), surname + u'^' + given(),
                                 surname + u'^' + given() + given()};
        for (const QString& name : names) {
            ++asked;
            TextDecoder decoder("ISO_IR 100");
            if (decoder.decode(gbk(name), TextKind::Name) != name)
                ++missed;
        }
    }
    qInfo("%d of %d names missed", missed, asked);
    QVERIFY(missed * 1000 < asked); // under one in a thousand
}

void TextRepairTest::headerAndBytes() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100");
    item.putAndInsertString(DCM_PatientName, gbk(QStringLiteral("王^小东")).constData());
    test::putPixels(item, {1, 2, 3, 4});
    const QByteArray file = test::file(item);
    const QByteArray before = file;
    const auto header = DicomPixelSource().readHeader(file);
    QVERIFY(header.has_value());
    QCOMPARE(header->study.patient.name.display(), QStringLiteral("王小东"));
    QCOMPARE(header->study.patient.textRepair, (TextRepair{QStringLiteral("ISO_IR 100"), QStringLiteral("GB18030")}));
    QVERIFY(header->textWasRepaired);
    QCOMPARE(file, before);
    QVERIFY(file.contains(gbk(QStringLiteral("王^小东"))));
}

QTEST_GUILESS_MAIN(TextRepairTest)
#include "text_repair_test.moc"
