#include "dicom/data/dicom_pixel_source.h"
#include "dicom/data/limits.h"
#include "dicom_factory.h"
#include "manifest.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTest>
#include <ctime>
#include <sys/resource.h>
#include <zlib.h>

using namespace yz;
using dicom::Encoding;

namespace {

QByteArray little(quint32 value, int bytes = 4) {
    QByteArray out;
    for (int i = 0; i < bytes; ++i)
        out.append(static_cast<char>(value >> (8 * i) & 0xFF));
    return out;
}
QByteArray tag(quint16 group, quint16 element) { return little(group, 2) + little(element, 2); }

/// Explicit little endian.
QByteArray shortElement(quint16 group, quint16 number, const char* vr, QByteArray value) {
    if (value.size() % 2 != 0)
        value.append(' ');
    return tag(group, number) + QByteArray(vr, 2) + little(static_cast<quint32>(value.size()), 2) + value;
}
QByteArray identified() {
    return shortElement(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2") +
           shortElement(0x0008, 0x0018, "UI", "2.25.1");
}
QByteArray part10(const QByteArray& dataSet, const char* syntax = "1.2.840.10008.1.2.1") {
    return dicom::part10FromBytes(QStringLiteral("1.2.840.10008.5.1.4.1.1.2"), QStringLiteral("2.25.1"),
                                  QString::fromLatin1(syntax), dataSet);
}

enum class Nesting { ExplicitUndefined, ExplicitDefined, ImplicitUndefined, ImplicitDefined, UnknownVr };

QByteArray nested(Nesting kind, int depth) {
    const QByteArray sequence = tag(0x0040, 0xA730);
    const QByteArray item = tag(0xFFFE, 0xE000);
    if (kind == Nesting::ExplicitUndefined || kind == Nesting::ImplicitUndefined || kind == Nesting::UnknownVr) {
        QByteArray bytes;
        for (int i = 0; i < depth; ++i) {
            bytes += sequence;
            if (kind == Nesting::ExplicitUndefined || (kind == Nesting::UnknownVr && i == 0))
                bytes += QByteArray(kind == Nesting::UnknownVr ? "UN\0\0" : "SQ\0\0", 4);
            bytes += little(0xFFFFFFFF) + item + little(0xFFFFFFFF);
        }
        return bytes;
    }
    QByteArray bytes;
    for (int i = 0; i < depth; ++i) {
        QByteArray outer = sequence;
        if (kind == Nesting::ExplicitDefined)
            outer += QByteArray("SQ\0\0", 4);
        outer += little(static_cast<quint32>(bytes.size() + 8)) + item + little(static_cast<quint32>(bytes.size()));
        bytes.prepend(outer);
    }
    return bytes;
}

QByteArray deflated(const QByteArray& bytes) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.constData()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return out;
}

/// Other programs on the machine do not count.
double processorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

long peakMemoryMb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

} // namespace

class LimitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deepNestingIsRefused_data();
    void deepNestingIsRefused();
    void shallowNestingIsRead();
    void elementLongerThanTheFile();
    void tooManyElements();
    void deflateBombIsRefused();
    void deflatedDataSetIsRead();
    void hugeDimensionsTakeNoMemory_data();
    void hugeDimensionsTakeNoMemory();
    void manyFramesOverFewBytes();
    void networkDataSetIsCheckedToItsEnd();
    void arbitraryBytesAreRefused();
    void everyTruncationOfAFile();
    void everyFlipInAHeader();
    void hostileCorpus();

private:
    DicomPixelSource m_source;
};

void LimitsTest::deepNestingIsRefused_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("syntax");
    const QString explicitLittle = QStringLiteral("1.2.840.10008.1.2.1");
    const QString implicitLittle = QStringLiteral("1.2.840.10008.1.2");
    QTest::newRow("explicit, undefined length") << int(Nesting::ExplicitUndefined) << explicitLittle;
    QTest::newRow("explicit, defined length") << int(Nesting::ExplicitDefined) << explicitLittle;
    QTest::newRow("implicit, undefined length") << int(Nesting::ImplicitUndefined) << implicitLittle;
    QTest::newRow("implicit, defined length") << int(Nesting::ImplicitDefined) << implicitLittle;
    QTest::newRow("inside an unknown VR") << int(Nesting::UnknownVr) << explicitLittle;
}

void LimitsTest::deepNestingIsRefused() {
    QFETCH(int, kind);
    QFETCH(QString, syntax);
    for (const int depth : {65, 1000, 20000}) { // 6000 levels end DCMTK's parser by a stack overflow
        const bool isImplicit = syntax == u"1.2.840.10008.1.2";
        const QByteArray head = isImplicit ? tag(0x0008, 0x0060) + little(2) + "CT" : identified();
        const QByteArray file = part10(head + nested(static_cast<Nesting>(kind), depth), qPrintable(syntax));
        const auto header = m_source.readHeader(file);
        QVERIFY(!header.has_value());
        QCOMPARE(header.error().code, ErrorCode::LimitExceeded);
        QCOMPARE(m_source.describe(file).error().code, ErrorCode::LimitExceeded);
    }
}

void LimitsTest::shallowNestingIsRead() {
    for (const Nesting kind : {Nesting::ExplicitDefined, Nesting::ImplicitDefined}) {
        const bool isImplicit = kind == Nesting::ImplicitDefined;
        const QByteArray bytes = nested(kind, 60);
        const auto outline = dicom::outlineDataSet(*dicom::memorySource(bytes), 0,
                                                   isImplicit ? Encoding::ImplicitLittle : Encoding::ExplicitLittle);
        QVERIFY2(outline.has_value(), qPrintable(outline ? QString() : outline.error().toString()));
        QCOMPARE(outline->sequenceDepth, 60);
        QCOMPARE(outline->headerEnd, bytes.size());
    }
}

void LimitsTest::elementLongerThanTheFile() {
    const QByteArray text = identified() + tag(0x0040, 0xA160) + QByteArray("UT\0\0", 4) + little(0xFFFFFFFE) + "abc";
    QCOMPARE(m_source.readHeader(part10(text)).error().code, ErrorCode::DataSetTruncated);
    const QByteArray big = identified() + tag(0x0040, 0xA160) + QByteArray("UT\0\0", 4) + little(0x7FFFFFFF) + "abc";
    QCOMPARE(m_source.readHeader(part10(big)).error().code, ErrorCode::DataSetTruncated);
    QCOMPARE(dicom::checkDataSet(text, QStringLiteral("1.2.840.10008.1.2.1")).error().code,
             ErrorCode::DataSetTruncated);
}

void LimitsTest::tooManyElements() {
    QByteArray bytes;
    for (int i = 0; i < 1'000'001; ++i)
        bytes += tag(0x0009, static_cast<quint16>(i)) + QByteArray("CS\0\0", 4);
    QCOMPARE(m_source.readHeader(part10(identified() + bytes)).error().code, ErrorCode::LimitExceeded);
}

void LimitsTest::deflateBombIsRefused() {
    const long before = peakMemoryMb();
    QByteArray bytes = identified() + tag(0x0040, 0xA160) + QByteArray("UT\0\0", 4) + little(400u << 20);
    QByteArray file = deflated(bytes + QByteArray(400 << 20, 'a'));
    QVERIFY(file.size() < 1 << 20);
    const long made = peakMemoryMb();
    const double start = processorSeconds();
    const auto header = m_source.readHeader(part10(file, "1.2.840.10008.1.2.1.99"));
    QCOMPARE(header.error().code, ErrorCode::LimitExceeded);
    QVERIFY2(processorSeconds() - start < 2.0, qPrintable(QString::number(processorSeconds() - start)));
    QVERIFY2(peakMemoryMb() - made < 120,
             qPrintable(QStringLiteral("%1 %2 %3").arg(before).arg(made).arg(peakMemoryMb())));
}

void LimitsTest::deflatedDataSetIsRead() {
    DcmDataset item;
    test::fillImage(item, 64, 64);
    std::vector<Uint16> pixels(64 * 64);
    for (size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<Uint16>(i);
    test::putPixels(item, pixels);
    const QByteArray file = test::file(item, EXS_DeflatedLittleEndianExplicit);
    QVERIFY(!file.isEmpty());
    const auto frame = m_source.decode(file, 0);
    QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    QCOMPARE((*frame)->as<std::uint16_t>()[4095], std::uint16_t(4095));
    QByteArray cut = file.chopped(20);
    QVERIFY(!m_source.decode(cut, 0).has_value());
}

void LimitsTest::hugeDimensionsTakeNoMemory_data() {
    QTest::addColumn<QString>("syntax");
    QTest::addColumn<QByteArray>("fragment");
    QTest::newRow("native") << QString() << QByteArray();
    QByteArray rle = little(2) + little(64) + little(66);
    rle.append(QByteArray(64 - rle.size(), '\0'));
    rle += QByteArray("\x81\x00\x81\x00", 4);
    QTest::newRow("rle") << QStringLiteral("1.2.840.10008.1.2.5") << rle;
    const QByteArray jpeg = QByteArray::fromHex("ffd8ffc0000b08ffffffff010111 00ffda0008010100003f00000000ffd9");
    QTest::newRow("jpeg") << QStringLiteral("1.2.840.10008.1.2.4.50") << jpeg;
    QTest::newRow("jpeg-ls") << QStringLiteral("1.2.840.10008.1.2.4.80")
                             << QByteArray::fromHex("ffd8fff7000b10ffffffff01011100ffda0008010100000000 0000ffd9");
    QTest::newRow("jpeg 2000") << QStringLiteral("1.2.840.10008.1.2.4.90")
                               << QByteArray::fromHex("ff4fff5100290000 0000ffff0000ffff00000000000000000000ffff0000"
                                                      "ffff00000000000000000001070101");
    QTest::newRow("htj2k") << QStringLiteral("1.2.840.10008.1.2.4.201")
                           << QByteArray::fromHex("ff4fff51002940000000ffff0000ffff00000000000000000000ffff0000"
                                                  "ffff00000000000000000001070101");
}

void LimitsTest::hugeDimensionsTakeNoMemory() {
    QFETCH(QString, syntax);
    QFETCH(QByteArray, fragment);
    const long before = peakMemoryMb();
    for (const int side : {65535, 10000}) { // 8 GB, beyond any limit; 200 MB, allowed but not there
        DcmDataset item;
        test::fillImage(item, side, side);
        QByteArray file;
        if (syntax.isEmpty()) {
            test::putPixels(item, std::vector<Uint16>(50));
            file = test::file(item);
        } else {
            file = test::encapsulatedFile(item, syntax, {fragment});
        }
        const auto described = m_source.describe(file);
        QVERIFY2(described.has_value(), qPrintable(described ? QString() : described.error().toString()));
        const auto frame = m_source.decode(file, 0);
        QVERIFY(!frame.has_value());
        QCOMPARE(frame.error().code, side == 65535 ? ErrorCode::LimitExceeded : ErrorCode::PixelDataBroken);
    }
    const long grown = peakMemoryMb() - before;
    QVERIFY2(grown < 420, qPrintable(QString::number(grown)));
}

void LimitsTest::manyFramesOverFewBytes() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    test::putPixels(item, {1, 2, 3, 4});
    item.putAndInsertString(DCM_NumberOfFrames, "2147483647");
    QCOMPARE(m_source.describe(test::file(item)).error().code, ErrorCode::LimitExceeded);
    item.putAndInsertString(DCM_NumberOfFrames, "900000");
    const QByteArray file = test::file(item);
    QVERIFY(m_source.decode(file, 0).has_value());
    QCOMPARE(m_source.decode(file, 1).error().code, ErrorCode::PixelDataBroken);
    QCOMPARE(m_source.decode(file, 899999).error().code, ErrorCode::PixelDataBroken);
    QCOMPARE(m_source.decode(file, 900000).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(m_source.decode(file, -1).error().code, ErrorCode::InvalidArgument);
}

void LimitsTest::networkDataSetIsCheckedToItsEnd() {
    const QString syntax = QStringLiteral("1.2.840.10008.1.2.1");
    const QByteArray pixels = tag(0x7FE0, 0x0010) + QByteArray("OW\0\0", 4) + little(4) + QByteArray(4, '\0');
    QVERIFY(dicom::checkDataSet(identified() + pixels, syntax).has_value());
    const QByteArray after = tag(0xFFFA, 0xFFFA) + QByteArray("SQ\0\0", 4) + little(0xFFFFFFFF) + tag(0xFFFE, 0xE000) +
                             little(0xFFFFFFFF) + nested(Nesting::ExplicitUndefined, 9000);
    QCOMPARE(dicom::checkDataSet(identified() + pixels + after, syntax).error().code, ErrorCode::LimitExceeded);
    // The file reader never comes that far: it stops at the pixel data.
    QVERIFY(m_source.readHeader(part10(identified() + pixels + after)).error().code == ErrorCode::AttributeMissing);
}

void LimitsTest::arbitraryBytesAreRefused() {
    QCOMPARE(m_source.readHeader(QByteArray()).error().code, ErrorCode::NotDicom);
    QCOMPARE(m_source.readHeader(QByteArray("hello")).error().code, ErrorCode::NotDicom);
    QCOMPARE(m_source.readHeader(QByteArray(5000, 'x')).error().code, ErrorCode::NotDicom);
    QCOMPARE(m_source.readHeader(QByteArray(128, '\0') + "DICM").error().code, ErrorCode::DataSetTruncated);
    QCOMPARE(m_source.readHeader(QStringLiteral("/nowhere/nothing.dcm")).error().code, ErrorCode::FileNotFound);
    QCOMPARE(m_source.readHeader(QDir::tempPath()).error().code, ErrorCode::FileUnreadable);
}

void LimitsTest::everyTruncationOfAFile() {
    DcmDataset item;
    test::fillImage(item, 4, 4);
    DcmItem* window = nullptr;
    item.findOrCreateSequenceItem(DCM_VOILUTSequence, window, 0);
    item.putAndInsertString(DCM_WindowCenter, "40\\50");
    item.putAndInsertString(DCM_WindowWidth, "400\\500");
    test::putPixels(item, std::vector<Uint16>(16, 7));
    const QByteArray file = test::file(item);
    for (qsizetype size = 0; size < file.size(); ++size) {
        (void)m_source.readHeader(file.left(size));
        QVERIFY(!m_source.decode(file.left(size), 0).has_value());
    }
    QVERIFY(m_source.decode(file, 0).has_value());
}

void LimitsTest::everyFlipInAHeader() {
    DcmDataset item;
    test::fillImage(item, 4, 4);
    item.putAndInsertString(DCM_SpecificCharacterSet, "GB18030");
    DcmItem* macro = nullptr;
    item.findOrCreateSequenceItem(DCM_ModalityLUTSequence, macro, 0);
    const Uint16 descriptor[] = {4, 0, 16};
    const Uint16 data[] = {0, 1, 2, 3};
    macro->putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, DcmVR(EVR_US)), descriptor, 3);
    macro->putAndInsertUint16Array(DcmTag(DCM_LUTData, DcmVR(EVR_OW)), data, 4);
    test::putPixels(item, std::vector<Uint16>(16, 7));
    const QByteArray file = test::file(item);
    int read = 0;
    for (qsizetype i = 128; i < file.size(); ++i)
        for (const int mask : {0x01, 0x80, 0xFF}) {
            QByteArray damaged = file;
            damaged[i] = static_cast<char>(damaged[i] ^ mask);
            (void)m_source.readHeader(damaged);
            (void)m_source.describe(damaged);
            read += m_source.decode(damaged, 0).has_value() ? 1 : 0;
        }
    QVERIFY(read > 0);
}

/// Files made by others to break readers: each is read or refused, quickly, in bounded memory.
void LimitsTest::hostileCorpus() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    QDirIterator files(test::sharedData() + QStringLiteral("/pwnlab-fuzz"), QDir::Files, QDirIterator::Subdirectories);
    const long before = peakMemoryMb();
    int count = 0;
    int decoded = 0;
    QMap<QString, int> refused;
    while (files.hasNext()) {
        const QString path = files.next();
        const double start = processorSeconds();
        (void)m_source.readHeader(path);
        const auto image = m_source.describe(path);
        const auto frame = m_source.decode(path, 0, {});
        if (image && image.value()->frameCount > 1)
            (void)m_source.decode(path, image.value()->frameCount - 1, {});
        QVERIFY2(processorSeconds() - start < 2.0, qPrintable(path));
        ++count;
        if (frame)
            ++decoded;
        else
            ++refused[errorName(frame.error().code)];
    }
    qInfo() << count << "files," << decoded << "decoded, refused:" << refused;
    QVERIFY(count > 200);
    QVERIFY2(peakMemoryMb() - before < 700, qPrintable(QString::number(peakMemoryMb() - before)));
}

QTEST_GUILESS_MAIN(LimitsTest)
#include "limits_test.moc"
