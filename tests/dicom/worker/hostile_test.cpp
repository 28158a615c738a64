#include "dicom/worker/worker_pixel_source.h"
#include "dicom_factory.h"
#include "support/sanitized.h"
#include "support/shared_data.h"
#include "worker_fixture.h"

#include <QDirIterator>
#include <QTest>
#include <dcmtk/dcmjpeg/djencode.h>
#include <zlib.h>

using namespace yz;

namespace {

// AddressSanitizer keeps 256 MB of what was freed.
constexpr double kMostGrowthMb = test::kSanitized ? 64.0 + 256.0 : 64.0;

QByteArray little(quint32 value, int bytes = 4) {
    QByteArray out;
    for (int i = 0; i < bytes; ++i)
        out.append(static_cast<char>(value >> (8 * i) & 0xFF));
    return out;
}
QByteArray tag(quint16 group, quint16 element) { return little(group, 2) + little(element, 2); }
QByteArray part10(const QByteArray& dataSet, const char* syntax = "1.2.840.10008.1.2.1") {
    return dicom::part10FromBytes(QStringLiteral("1.2.840.10008.5.1.4.1.1.2"), QStringLiteral("2.25.1"),
                                  QString::fromLatin1(syntax), dataSet);
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

QByteArray nested(int depth, bool isExplicit, bool isDefined) {
    const QByteArray head = tag(0x0040, 0xA730) + (isExplicit ? QByteArray("SQ\0\0", 4) : QByteArray());
    QByteArray bytes;
    if (!isDefined) {
        for (int i = 0; i < depth; ++i)
            bytes += head + little(0xFFFFFFFF) + tag(0xFFFE, 0xE000) + little(0xFFFFFFFF);
        return bytes;
    }
    const qsizetype level = head.size() + 12;
    for (int i = depth; i > 0; --i) {
        const auto inner = static_cast<quint32>(level * (i - 1));
        bytes += head + little(inner + 8) + tag(0xFFFE, 0xE000) + little(inner);
    }
    return bytes;
}

QByteArray rleFragment(int runs) {
    QByteArray rle = little(2) + little(64) + little(static_cast<quint32>(64 + 2 * runs));
    rle.append(QByteArray(64 - rle.size(), '\0'));
    for (int i = 0; i < 2 * runs; ++i)
        rle += QByteArray("\x81\x00", 2); // 128 zeros
    return rle;
}

QByteArray jpegCoded(E_TransferSyntax syntax) {
    DJEncoderRegistration::registerCodecs();
    DcmDataset item;
    test::fillImage(item, 8, 8);
    if (syntax == EXS_JPEGProcess1) {
        item.putAndInsertUint16(DCM_BitsAllocated, 8);
        item.putAndInsertUint16(DCM_BitsStored, 8);
        item.putAndInsertUint16(DCM_HighBit, 7);
        std::vector<Uint8> bytes(64);
        for (size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<Uint8>(4 * i);
        test::putBytes(item, bytes);
    } else {
        std::vector<Uint16> words(64);
        for (size_t i = 0; i < words.size(); ++i)
            words[i] = static_cast<Uint16>(997 * i);
        test::putPixels(item, words);
    }
    QByteArray file;
    if (item.chooseRepresentation(syntax, nullptr).good())
        file = dicom::toPart10(item, syntax).value_or(QByteArray());
    return file;
}

/// Small files of different make, each of which can be read.
std::vector<QByteArray> seeds() {
    std::vector<QByteArray> list;
    const auto plain = [](int frames = 1) {
        auto item = std::make_unique<DcmDataset>();
        test::fillImage(*item, 4, 4);
        if (frames > 1)
            item->putAndInsertString(DCM_NumberOfFrames, std::to_string(frames).c_str());
        std::vector<Uint16> words(static_cast<size_t>(16 * frames));
        for (size_t i = 0; i < words.size(); ++i)
            words[i] = static_cast<Uint16>(i);
        test::putPixels(*item, words);
        return item;
    };
    list.push_back(test::file(*plain()));
    list.push_back(test::file(*plain(), EXS_LittleEndianImplicit));
    list.push_back(test::file(*plain(), EXS_BigEndianExplicit));
    list.push_back(test::file(*plain(), EXS_DeflatedLittleEndianExplicit));
    const auto withTables = plain();
    withTables->putAndInsertString(DCM_SpecificCharacterSet, "GB18030");
    withTables->putAndInsertString(DCM_PatientName, "Wang^X=\xCD\xF5^\xD0\xA1");
    DcmItem* inner = nullptr;
    withTables->findOrCreateSequenceItem(DCM_ModalityLUTSequence, inner, 0);
    const Uint16 descriptor[] = {4, 0, 16};
    const Uint16 data[] = {0, 1, 2, 3};
    inner->putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, DcmVR(EVR_US)), descriptor, 3);
    inner->putAndInsertUint16Array(DcmTag(DCM_LUTData, DcmVR(EVR_OW)), data, 4);
    list.push_back(test::file(*withTables));
    const auto groups = plain(2);
    for (int i = 0; i < 2; ++i) {
        groups->findOrCreateSequenceItem(DCM_PerFrameFunctionalGroupsSequence, inner, i);
        DcmItem* plane = nullptr;
        inner->findOrCreateSequenceItem(DCM_PlanePositionSequence, plane, 0);
        plane->putAndInsertString(DCM_ImagePositionPatient, i ? "0\\0\\5" : "0\\0\\0");
    }
    list.push_back(test::file(*groups));
    DcmDataset coded;
    test::fillImage(coded, 16, 8);
    list.push_back(test::encapsulatedFile(coded, QStringLiteral("1.2.840.10008.1.2.5"), {rleFragment(1)}));
    DcmDataset twoFrames;
    test::fillImage(twoFrames, 16, 8);
    twoFrames.putAndInsertString(DCM_NumberOfFrames, "2");
    list.push_back(
        test::encapsulatedFile(twoFrames, QStringLiteral("1.2.840.10008.1.2.5"), {rleFragment(1), rleFragment(1)}));
    list.push_back(jpegCoded(EXS_JPEGProcess1));
    list.push_back(jpegCoded(EXS_JPEGProcess14SV1));
    return list;
}

} // namespace

class HostileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        m_pool = std::make_shared<dicom::WorkerPool>(test::poolOptions(2));
        QVERIFY(m_pool->start().has_value());
        m_source = std::make_unique<WorkerPixelSource>(m_pool);
    }
    void init() {
        // Two rounds over what the test itself allocates come before the measuring.
        m_before = test::residentMb();
    }
    void cleanup() {
        // Whatever was sent, the next frame of an innocent file is read.
        DcmDataset item;
        test::fillImage(item, 2, 2);
        test::putPixels(item, {1, 2, 3, 4});
        const auto frame = m_source->decode(test::file(item), 0);
        QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    }

    void nesting_data();
    void nesting();
    void dimensions_data();
    void dimensions();
    void deflateBomb();
    void rleBomb();
    void everyTruncation();
    void corpus();

private:
    /// Everything that can be asked of it; the code of the frame.
    [[nodiscard]] ErrorCode ask(const QByteArray& file) {
        (void)m_source->readHeader(file);
        const auto frame = m_source->decode(file, 0);
        return frame ? ErrorCode::Cancelled : frame.error().code;
    }

    std::shared_ptr<dicom::WorkerPool> m_pool;
    std::unique_ptr<WorkerPixelSource> m_source;
    double m_before = 0.0;
};

void HostileTest::nesting_data() {
    QTest::addColumn<bool>("isExplicit");
    QTest::addColumn<bool>("isDefined");
    QTest::newRow("explicit, undefined length") << true << false;
    QTest::newRow("explicit, defined length") << true << true;
    QTest::newRow("implicit, undefined length") << false << false;
    QTest::newRow("implicit, defined length") << false << true;
}

void HostileTest::nesting() {
    QFETCH(bool, isExplicit);
    QFETCH(bool, isDefined);
    const QByteArray file =
        part10(nested(100'000, isExplicit, isDefined), isExplicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2");
    const double made = test::residentMb();
    QCOMPARE(m_source->readHeader(file).error().code, ErrorCode::LimitExceeded);
    QCOMPARE(ask(file), ErrorCode::LimitExceeded);
    QVERIFY2(test::residentMb() - made < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - made)));
}

void HostileTest::dimensions_data() {
    QTest::addColumn<QString>("syntax");
    QTest::addColumn<QByteArray>("fragment");
    QTest::newRow("native") << QString() << QByteArray();
    QTest::newRow("rle") << QStringLiteral("1.2.840.10008.1.2.5") << rleFragment(1);
    QTest::newRow("jpeg") << QStringLiteral("1.2.840.10008.1.2.4.50")
                          << QByteArray::fromHex("ffd8ffc0000b08ffffffff01011100ffda0008010100003f00000000ffd9");
    QTest::newRow("jpeg lossless") << QStringLiteral("1.2.840.10008.1.2.4.70")
                                   << QByteArray::fromHex(
                                          "ffd8ffc3000b10ffffffff01011100ffda0008010100010000000000ffd9");
    QTest::newRow("jpeg-ls") << QStringLiteral("1.2.840.10008.1.2.4.80")
                             << QByteArray::fromHex("ffd8fff7000b10ffffffff01011100ffda00080101000000000000ffd9");
    QTest::newRow("jpeg 2000") << QStringLiteral("1.2.840.10008.1.2.4.90")
                               << QByteArray::fromHex("ff4fff510029000000000000ffff0000ffff00000000000000000000ffff0000"
                                                      "ffff00000000000000000001070101");
    QTest::newRow("htj2k") << QStringLiteral("1.2.840.10008.1.2.4.201")
                           << QByteArray::fromHex("ff4fff510029400000000000ffff0000ffff00000000000000000000ffff0000"
                                                  "ffff00000000000000000001070101");
}

void HostileTest::dimensions() {
    QFETCH(QString, syntax);
    QFETCH(QByteArray, fragment);
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
        QVERIFY(file.size() < 1000);
        const ErrorCode code = ask(file);
        QVERIFY2(code == ErrorCode::LimitExceeded || code == ErrorCode::PixelDataBroken, qPrintable(errorName(code)));
    }
    QVERIFY2(test::residentMb() - m_before < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - m_before)));
}

void HostileTest::deflateBomb() {
    QByteArray file;
    {
        const QByteArray head = tag(0x0008, 0x0016) + "UI" + little(2, 2) + "1." + tag(0x0040, 0xA160) +
                                QByteArray("UT\0\0", 4) + little(400u << 20);
        file = part10(deflated(head + QByteArray(400 << 20, 'a')), "1.2.840.10008.1.2.1.99");
    }
    const double made = test::residentMb();
    QCOMPARE(m_source->readHeader(file).error().code, ErrorCode::LimitExceeded);
    QCOMPARE(ask(file), ErrorCode::LimitExceeded);
    QVERIFY2(test::residentMb() - made < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - made)));
}

/// Few bytes that decode to many: a run of RLE is two bytes for 128.
void HostileTest::rleBomb() {
    DcmDataset item;
    test::fillImage(item, 8192, 8192); // 128 MB, as much as one frame may have
    const QByteArray whole =
        test::encapsulatedFile(item, QStringLiteral("1.2.840.10008.1.2.5"), {rleFragment(8192 * 8192 / 128)});
    DcmDataset small;
    test::fillImage(small, 2, 2);
    const QByteArray tooMuch =
        test::encapsulatedFile(small, QStringLiteral("1.2.840.10008.1.2.5"), {rleFragment(1 << 20)});
    const double made = test::residentMb();
    (void)ask(tooMuch);
    (void)ask(whole); // decoded or refused; either way the desk keeps nothing of it
    QVERIFY2(test::residentMb() - made < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - made)));
}

void HostileTest::everyTruncation() {
    const std::vector<QByteArray> list = seeds();
    QCOMPARE(list.size(), size_t(10));
    int requests = 0;
    for (size_t i = 0; i < list.size(); ++i) {
        const QByteArray& file = list[i];
        const auto whole = m_source->decode(file, 0);
        QVERIFY2(whole.has_value(),
                 qPrintable(QStringLiteral("%1: %2").arg(i).arg(whole ? QString() : whole.error().toString())));
        for (qsizetype size = 0; size < file.size(); ++size, ++requests) {
            const ErrorCode code = ask(file.left(size));
            QVERIFY2(code != ErrorCode::DecoderFailed && code != ErrorCode::DecoderTimedOut &&
                         code != ErrorCode::DecoderUnavailable,
                     qPrintable(QStringLiteral("%1 cut to %2").arg(i).arg(size)));
        }
    }
    qInfo() << requests << "cut files";
    QVERIFY2(test::residentMb() - m_before < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - m_before)));
}

void HostileTest::corpus() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    QStringList paths;
    QDirIterator fuzz(test::sharedData() + QStringLiteral("/pwnlab-fuzz"), QDir::Files, QDirIterator::Subdirectories);
    while (fuzz.hasNext())
        paths << fuzz.next();
    QFile manifest(test::sharedData() + QStringLiteral("/MANIFEST.tsv"));
    QVERIFY(manifest.open(QIODevice::ReadOnly));
    for (const QByteArray& line : manifest.readAll().split('\n')) {
        const QByteArray lower = line.toLower();
        const QByteArray rc = line.mid(line.lastIndexOf('\t') + 1).trimmed();
        const bool isMalformed = lower.contains("malformed") || lower.contains("hostile") ||
                                 lower.contains("truncat") || lower.contains("corrupt") || lower.contains("invalid") ||
                                 (rc != "0" && !rc.isEmpty());
        const QString path = test::sharedData() + u'/' + QString::fromUtf8(line.left(line.indexOf('\t')));
        if (isMalformed && QFile::exists(path) && !paths.contains(path))
            paths << path;
    }
    QMap<QString, int> answers;
    int died = 0;
    double slowest = 0;
    for (const QString& path : std::as_const(paths)) {
        const test::Stopwatch watch;
        (void)m_source->readHeader(path);
        const auto image = m_source->describe(path);
        const auto frame = m_source->decode(path, 0, {});
        if (image && (*image)->frameCount > 1)
            (void)m_source->decode(path, (*image)->frameCount - 1, {});
        slowest = std::max(slowest, watch.ms());
        ++answers[frame ? QStringLiteral("decoded") : errorName(frame.error().code)];
        if (!frame && frame.error().code == ErrorCode::DecoderFailed) {
            ++died;
            qInfo() << "killed a worker:" << path;
        }
        QVERIFY(frame || (frame.error().code != ErrorCode::DecoderUnavailable &&
                          frame.error().code != ErrorCode::DecoderTimedOut));
    }
    const double grown = test::residentMb() - m_before;
    qInfo().noquote()
        << paths.size() << "files," << answers << "workers died" << died
        << QStringLiteral("slowest %1 ms, desk grew by %2 MB").arg(slowest, 0, 'f', 0).arg(grown, 0, 'f', 1);
    QVERIFY(paths.size() > 236);
    QCOMPARE(died, 0); // a library that can be broken by one of these is one to know about
    QVERIFY2(grown < kMostGrowthMb, qPrintable(QString::number(grown)));
}

QTEST_GUILESS_MAIN(HostileTest)
#include "hostile_test.moc"
