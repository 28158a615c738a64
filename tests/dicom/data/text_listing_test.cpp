#include "dicom/data/text_listing.h"
#include "dicom_factory.h"
#include "manifest.h"

#include <QTest>
#include <algorithm>
#include <map>

using namespace yz;

namespace {

const dicom::TextAttribute* find(const dicom::TextListing& listing, const QString& path) {
    const auto it = std::find_if(listing.attributes.begin(), listing.attributes.end(),
                                 [&](const dicom::TextAttribute& a) { return a.path == path; });
    return it == listing.attributes.end() ? nullptr : &*it;
}

} // namespace

class TextListingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listsEverything();
    void errorsAreOfTheFile();
    void knownNames_data();
    void knownNames();
    void realFilesReadAsDeclared();
};

void TextListingTest::listsEverything() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100");
    item.putAndInsertString(DCM_PatientName, "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB\\Buc^Jerome");
    item.putAndInsertString(DCM_PatientComments, "a\\b\r\n c");
    DcmItem* request = nullptr;
    item.findOrCreateSequenceItem(DCM_RequestAttributesSequence, request, -2);
    item.findOrCreateSequenceItem(DCM_RequestAttributesSequence, request, -2);
    request->putAndInsertString(DCM_SpecificCharacterSet, "\\ISO 2022 IR 58");
    request->putAndInsertString(DCM_RequestedProcedureDescription, "\x1B$)A\xD0\xD8\xB2\xBF");
    item.putAndInsertString(DcmTag(0x0009, 0x0010, EVR_LO), "YZ TEST");
    test::putPixels(item, {1, 2, 3, 4});
    const auto listing = dicom::listText(test::file(item));
    QVERIFY2(listing.has_value(), qPrintable(listing ? QString() : listing.error().toString()));
    QCOMPARE(listing->characterSet, QStringLiteral("ISO_IR 100"));
    QCOMPARE(listing->repair, (TextRepair{QStringLiteral("ISO_IR 100"), QStringLiteral("GB18030")}));

    const auto* name = find(*listing, QStringLiteral("00100010"));
    QVERIFY(name);
    QCOMPARE(name->keyword, QStringLiteral("PatientName"));
    QCOMPARE(name->vr, QStringLiteral("PN"));
    QCOMPARE(name->names.size(), size_t(2));
    QCOMPARE(name->names[0].ideographic, QStringLiteral("王^小东"));
    QCOMPARE(name->names[1].alphabetic, QStringLiteral("Buc^Jerome"));
    QCOMPARE(name->repair.used, QStringLiteral("GB18030"));
    QCOMPARE(name->original, QByteArray("Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB\\Buc^Jerome"));
    QVERIFY(find(*listing, QStringLiteral("00100020"))->repair.isEmpty());
    QCOMPARE(find(*listing, QStringLiteral("00104000"))->values, QStringList{QStringLiteral("a\\b\r\n c")});
    const auto* inner = find(*listing, QStringLiteral("00400275[1].00321060"));
    QVERIFY(inner);
    QCOMPARE(inner->values, QStringList{QStringLiteral("胸部")});
    QCOMPARE(inner->characterSet, QStringLiteral("\\ISO 2022 IR 58"));
    QVERIFY(inner->repair.isEmpty());
}

void TextListingTest::errorsAreOfTheFile() {
    QCOMPARE(dicom::listText(QStringLiteral("/nowhere.dcm")).error().code, ErrorCode::FileNotFound);
    QVERIFY(!dicom::listText(QByteArray("no DICOM at all, but long enough to be asked about it")));
}

void TextListingTest::knownNames_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QStringList>("expected");
    const QString folder = QStringLiteral("pydicom/src/pydicom/data/charset_files/");
    const auto row = [&](const char* name, const char* expected) {
        QTest::newRow(name) << folder + QLatin1String(name) << QString::fromUtf8(expected).split(u'\\');
    };
    row("chrArab.dcm", "قباني^لنزار");
    row("chrFren.dcm", "Buc^Jérôme");
    row("chrFrenMulti.dcm", "Buc^Jérôme");
    row("chrGerm.dcm", "Äneas^Rüdiger");
    row("chrGreek.dcm", "Διονυσιος");
    row("chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう");
    row("chrH32.dcm", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
    row("chrHbrw.dcm", "שרון^דבורה");
    row("chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동");
    row("chrJapMulti.dcm", "やまだ^たろう");
    row("chrJapMultiExplicitIR6.dcm", "やまだ^たろう");
    row("chrKoreanMulti.dcm", "김희중");
    row("chrRuss.dcm", "Люкceмбypг");
    row("chrX1.dcm", "Wang^XiaoDong=王^小東");
    row("chrX2.dcm", "Wang^XiaoDong=王^小东");
    QTest::newRow("chrGB2312.dcm") << QStringLiteral("fo-dicom/Tests/FO-DICOM.Tests/Test Data/charset/chrGB2312.dcm")
                                   << QStringList{QStringLiteral("Zhang^XiaoDong=张^小东")};
}

void TextListingTest::knownNames() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    QFETCH(QString, path);
    QFETCH(QStringList, expected);
    const auto listing = dicom::listText(test::sharedData() + u'/' + path);
    QVERIFY2(listing.has_value(), qPrintable(listing ? QString() : listing.error().toString()));
    const auto* name = find(*listing, QStringLiteral("00100010"));
    QVERIFY(name);
    QStringList names;
    for (const PersonName& one : name->names)
        names << one.toDicom();
    QCOMPARE(names, expected);
    QVERIFY2(listing->repair.isEmpty(), qPrintable(listing->repair.used));
    if (const auto* others = find(*listing, QStringLiteral("00101001")))
        for (const QString& other : others->values) // the files repeat the name there
            QCOMPARE(other, expected.front());
}

void TextListingTest::realFilesReadAsDeclared() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    int files = 0;
    int texts = 0;
    QStringList found;
    for (const test::ManifestRow& row : test::manifest()) {
        if (row.path.startsWith(u"pwnlab-fuzz") || row.transferSyntax.isEmpty())
            continue;
        const auto listing = dicom::listText(row.absolutePath());
        if (!listing)
            continue;
        ++files;
        texts += static_cast<int>(listing->attributes.size());
        for (const dicom::TextAttribute& attribute : listing->attributes)
            if (!attribute.repair.isEmpty())
                found << QStringLiteral("%1 %2 %3 -> %4%5: %6 [%7]")
                             .arg(row.path, attribute.path, attribute.repair.declared, attribute.repair.used,
                                  attribute.repair.hasUnreadable ? QStringLiteral(" damaged") : QString(),
                                  attribute.values.join(u'\\').left(40),
                                  QString::fromLatin1(attribute.original.left(24).toHex()));
    }
    qInfo("%d texts of %d files", texts, files);
    QVERIFY(files > 300);
    for (const QString& line : std::as_const(found))
        qInfo("%s", qPrintable(line));
    QVERIFY(found.isEmpty());
}

QTEST_GUILESS_MAIN(TextListingTest)
#include "text_listing_test.moc"
