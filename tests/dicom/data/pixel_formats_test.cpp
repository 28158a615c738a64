#include "dicom/codec/transfer_syntax.h"
#include "dicom/data/dicom_pixel_source.h"
#include "dicom_factory.h"

#include <QBuffer>
#include <QImage>
#include <QImageWriter>
#include <QTest>
#include <charls/charls_jpegls_encoder.h>
#include <cmath>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <zlib.h>

using namespace yz;

namespace {

QByteArray bytesOf(const Result<PixelBufferPtr>& frame) {
    if (!frame)
        return frame.error().toString().toUtf8();
    return QByteArray(reinterpret_cast<const char*>((*frame)->data.data()),
                      static_cast<qsizetype>((*frame)->data.size()));
}

void setBits(DcmDataset& item, int allocated, int stored, int highBit, bool isSigned = false) {
    item.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(allocated));
    item.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(stored));
    item.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(highBit));
    item.putAndInsertUint16(DCM_PixelRepresentation, isSigned ? 1 : 0);
}

void setColour(DcmDataset& item, const char* photometric, int planar = 0) {
    item.putAndInsertUint16(DCM_SamplesPerPixel, 3);
    item.putAndInsertUint16(DCM_PlanarConfiguration, static_cast<Uint16>(planar));
    item.putAndInsertString(DCM_PhotometricInterpretation, photometric);
}

QByteArray deflated(const QByteArray& bytes, int windowBits) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
    QByteArray out(bytes.size() + 1000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.constData()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

QByteArray jpegLs(const std::vector<std::uint8_t>& samples, quint32 columns, quint32 rows, int components,
                  charls_interleave_mode mode, int near) {
    charls_jpegls_encoder* encoder = charls_jpegls_encoder_create();
    const charls_frame_info info{columns, rows, 8, components};
    QByteArray out(static_cast<qsizetype>(samples.size() * 2 + 1000), '\0');
    size_t written = 0;
    const auto good = [](charls_jpegls_errc code) { return code == charls_jpegls_errc::success; };
    const bool done =
        good(charls_jpegls_encoder_set_frame_info(encoder, &info)) &&
        good(charls_jpegls_encoder_set_near_lossless(encoder, near)) &&
        good(charls_jpegls_encoder_set_interleave_mode(encoder, mode)) &&
        good(charls_jpegls_encoder_set_destination_buffer(encoder, out.data(), static_cast<size_t>(out.size()))) &&
        good(charls_jpegls_encoder_encode_from_buffer(encoder, samples.data(), samples.size(), 0)) &&
        good(charls_jpegls_encoder_get_bytes_written(encoder, &written));
    charls_jpegls_encoder_destroy(encoder);
    out.resize(done ? static_cast<qsizetype>(written) : 0);
    return out;
}

QByteArray jpegOf(const QImage& image, bool isProgressive) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QImageWriter writer(&buffer, "JPEG");
    writer.setQuality(90);
    writer.setProgressiveScanWrite(isProgressive);
    return writer.write(image) ? buffer.data() : QByteArray();
}

QImage greyPicture(int columns, int rows) {
    QImage image(columns, rows, QImage::Format_Grayscale8);
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < columns; ++x)
            image.scanLine(y)[x] = static_cast<uchar>(40 + 2 * x + y);
    return image;
}

/// PS3.5 Annex G with literal runs only.
QByteArray rleFrame(const std::vector<QByteArray>& segments) {
    QByteArray head(64, '\0');
    QByteArray body;
    head[0] = static_cast<char>(segments.size());
    for (size_t i = 0; i < segments.size(); ++i) {
        const qsizetype at = 64 + body.size();
        for (int b = 0; b < 4; ++b)
            head[static_cast<qsizetype>(4 + 4 * i) + b] = static_cast<char>(at >> (8 * b) & 0xFF);
        for (qsizetype pos = 0; pos < segments[i].size(); pos += 128) {
            const QByteArray run = segments[i].mid(pos, 128);
            body += static_cast<char>(run.size() - 1);
            body += run;
        }
        if (body.size() % 2 != 0)
            body += '\0';
    }
    return head + body;
}

const QString kRle = QStringLiteral("1.2.840.10008.1.2.5");
const QString kEncapsulated = QStringLiteral("1.2.840.10008.1.2.1.98");
const QString kDeflatedFrame = QStringLiteral("1.2.840.10008.1.2.8.1");
const QString kBaseline = QStringLiteral("1.2.840.10008.1.2.4.50");

} // namespace

class PixelFormatsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKnownSyntaxDecodesOrSaysItsName();
    void thirtyTwoBits();
    void floatAndDouble();
    void oneBitAcrossFrames();
    void highBits();
    void nativePartialAndPairs();
    void encapsulatedUncompressed();
    void deflatedFrames();
    void rleOfEveryWidth();
    void rleRuns();
    void rleIsBounded();
    void jpegLsModes();
    void jpegLosslessPredictors_data();
    void jpegLosslessPredictors();
    void progressiveJpeg();
    void jpegWithoutItsEnd();
    void extendedOffsetTable();
    void fragmentsWithoutATable();

private:
    DicomPixelSource m_source;
};

void PixelFormatsTest::everyKnownSyntaxDecodesOrSaysItsName() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    int refused = 0;
    for (const dicom::TransferSyntax& syntax : dicom::allTransferSyntaxes()) {
        QCOMPARE(dicom::findTransferSyntax(QLatin1String(syntax.uid)), &syntax);
        if (syntax.codec()) {
            QVERIFY(syntax.codec()->decode && *syntax.codec()->library && *syntax.codec()->reason);
            continue;
        }
        ++refused;
        if (syntax.isDeflated || syntax.encoding != dicom::Encoding::ExplicitLittle)
            continue; // its data set is written another way than this test's
        const auto frame =
            m_source.decode(test::encapsulatedFile(item, QLatin1String(syntax.uid), {QByteArray(8, 'x')}), 0);
        QVERIFY2(!frame, syntax.uid);
        QCOMPARE(frame.error().code, ErrorCode::TransferSyntaxNotSupported);
        QVERIFY2(frame.error().detail.contains(QLatin1String(syntax.name)), qPrintable(frame.error().detail));
    }
    QVERIFY(refused > 30);
    // Pixels on another server: nothing in the file.
    const QByteArray jpip = dicom::part10FromBytes(
        QStringLiteral(UID_CTImageStorage), QStringLiteral("2.25.31"), QStringLiteral("1.2.840.10008.1.2.4.94"),
        dicom::encodeDataSet(item, EXS_LittleEndianExplicit).value_or(QByteArray()));
    QCOMPARE(m_source.decode(jpip, 0).error().code, ErrorCode::TransferSyntaxNotSupported);
}

void PixelFormatsTest::thirtyTwoBits() {
    DcmDataset item;
    test::fillImage(item, 1, 2);
    setBits(item, 32, 32, 31);
    test::putPixels(item, {0x5678, 0x1234, 0xFFFF, 0x8000});
    auto frame = m_source.decode(test::file(item), 0);
    QVERIFY2(frame.has_value(), bytesOf(frame).constData());
    QCOMPARE((*frame)->type, SampleType::UInt32);
    QCOMPARE((*frame)->as<std::uint32_t>()[0], 0x12345678U);
    QCOMPARE((*frame)->as<std::uint32_t>()[1], 0x8000FFFFU);
    setBits(item, 32, 20, 23, true); // twenty bits below the top byte: bits 4 to 23
    frame = m_source.decode(test::file(item), 0);
    QVERIFY2(frame.has_value(), bytesOf(frame).constData());
    QCOMPARE((*frame)->type, SampleType::Int32);
    QCOMPARE((*frame)->as<std::int32_t>()[0], 0x34567);
    QCOMPARE((*frame)->as<std::int32_t>()[1], 0x00FFF);
}

void PixelFormatsTest::floatAndDouble() {
    for (const E_TransferSyntax syntax : {EXS_LittleEndianExplicit, EXS_LittleEndianImplicit, EXS_BigEndianExplicit}) {
        DcmDataset item;
        test::fillImage(item, 1, 2);
        item.putAndInsertUint16(DCM_BitsAllocated, 32);
        const Float32 floats[] = {-1.5F, 3e30F};
        item.putAndInsertFloat32Array(DCM_FloatPixelData, floats, 2);
        auto frame = m_source.decode(test::file(item, syntax), 0);
        QVERIFY2(frame.has_value(), bytesOf(frame).constData());
        QCOMPARE((*frame)->type, SampleType::Float32);
        QCOMPARE((*frame)->as<float>()[0], -1.5F);
        QCOMPARE((*frame)->as<float>()[1], 3e30F);
        DcmDataset wide;
        test::fillImage(wide, 1, 2);
        wide.putAndInsertUint16(DCM_BitsAllocated, 64);
        const Float64 doubles[] = {-1.5, 1e200};
        wide.putAndInsertFloat64Array(DCM_DoubleFloatPixelData, doubles, 2);
        frame = m_source.decode(test::file(wide, syntax), 0);
        QVERIFY2(frame.has_value(), bytesOf(frame).constData());
        QCOMPARE((*frame)->type, SampleType::Float64);
        QCOMPARE((*frame)->as<double>()[0], -1.5);
        QCOMPARE((*frame)->as<double>()[1], 1e200);
    }
}

void PixelFormatsTest::oneBitAcrossFrames() {
    DcmDataset item; // frames of five bits follow each other without a gap (PS3.5 8.1.1)
    test::fillImage(item, 1, 5);
    setBits(item, 1, 1, 0);
    item.putAndInsertString(DCM_NumberOfFrames, "3");
    test::putBytes(item, {0b10110101, 0b01010010});
    const QByteArray file = test::file(item);
    QCOMPARE(bytesOf(m_source.decode(file, 0)), QByteArray("\1\0\1\0\1", 5));
    QCOMPARE(bytesOf(m_source.decode(file, 1)), QByteArray("\1\0\1\0\1", 5));
    QCOMPARE(bytesOf(m_source.decode(file, 2)), QByteArray("\0\0\1\0\1", 5));
    // Encapsulated frames start at a byte each.
    delete item.remove(DCM_PixelData);
    const QByteArray own = test::encapsulatedFile(
        item, kEncapsulated, {QByteArray("\x15\0", 2), QByteArray("\x0A\0", 2), QByteArray("\x1F\0", 2)});
    QCOMPARE(bytesOf(m_source.decode(own, 1)), QByteArray("\0\1\0\1\0", 5));
}

/// Uncompressed and RLE bytes lie at High Bit; so do the samples of a codec that was given all of them.
void PixelFormatsTest::highBits() {
    DcmDataset item;
    test::fillImage(item, 1, 2);
    setBits(item, 16, 10, 13);                             // two bits below and two above are an overlay's or garbage
    const auto expected = QByteArray::fromHex("4800b700"); // bits 4 to 13
    const QByteArray high = QByteArray::fromHex("C4CB");   // 1100 0100 1000 1010 and 1100 1011 0111 0110
    const QByteArray low = QByteArray::fromHex("8A76");
    test::putPixels(item, {0xC48A, 0xCB76});
    QCOMPARE(bytesOf(m_source.decode(test::file(item), 0)), expected);
    delete item.remove(DCM_PixelData);
    QCOMPARE(bytesOf(m_source.decode(test::encapsulatedFile(item, kRle, {rleFrame({high, low})}), 0)), expected);
}

void PixelFormatsTest::nativePartialAndPairs() {
    DcmDataset item;
    test::fillImage(item, 1, 2);
    setBits(item, 8, 8, 7);
    setColour(item, "YBR_PARTIAL_422");
    test::putBytes(item, {16, 235, 128, 128}); // black and white of the partial range
    QCOMPARE(bytesOf(m_source.decode(test::file(item), 0)), QByteArray::fromHex("000000ffffff"));
    test::putBytes(item, {16, 128, 128, 235, 128, 128}); // the label stayed, the pairs did not
    QCOMPARE(bytesOf(m_source.decode(test::file(item), 0)), QByteArray::fromHex("000000ffffff"));
    setColour(item, "YBR_FULL_422");
    test::putBytes(item, {0, 128, 128, 255, 128, 128});
    QCOMPARE(bytesOf(m_source.decode(test::file(item), 0)), QByteArray::fromHex("000000ffffff"));
    item.putAndInsertUint16(DCM_Columns, 3);
    test::putBytes(item, {1, 2, 128, 128, 3, 4});
    QCOMPARE(m_source.decode(test::file(item), 0).error().code, ErrorCode::NotSupported); // a pair and a half
    item.putAndInsertUint16(DCM_Columns, 2);
    setColour(item, "YBR_PARTIAL_420");
    QCOMPARE(m_source.decode(test::file(item), 0).error().code, ErrorCode::NotSupported);
    setColour(item, "RGB", 1);
    item.putAndInsertUint16(DCM_Columns, 1);
    setBits(item, 16, 16, 15);
    test::putPixels(item, {1, 2, 3});
    QCOMPARE(bytesOf(m_source.decode(test::file(item), 0)), QByteArray("\1\0\2\0\3\0", 6));
}

void PixelFormatsTest::encapsulatedUncompressed() {
    DcmDataset item;
    test::fillImage(item, 1, 3);
    setBits(item, 8, 8, 7);
    item.putAndInsertString(DCM_NumberOfFrames, "2");
    const QByteArray file =
        test::encapsulatedFile(item, kEncapsulated, {QByteArray("\1\2\3\0", 4), QByteArray("\4\5\6\0", 4)});
    QCOMPARE(bytesOf(m_source.decode(file, 0)), QByteArray("\1\2\3", 3));
    QCOMPARE(bytesOf(m_source.decode(file, 1)), QByteArray("\4\5\6", 3));
}

void PixelFormatsTest::deflatedFrames() {
    DcmDataset item;
    test::fillImage(item, 5, 5);
    setBits(item, 1, 1, 0);
    const QByteArray bits("\xFF\x01\x80\x01", 4); // 25 bits
    QByteArray expected(25, '\0');
    for (int i = 0; i < 25; ++i)
        expected[i] = static_cast<char>(static_cast<uchar>(bits[i / 8]) >> (i % 8) & 1);
    const auto decode = [&](QByteArray stream) {
        if (stream.size() % 2 != 0)
            stream += '\0';
        return m_source.decode(test::encapsulatedFile(item, kDeflatedFrame, {stream}), 0);
    };
    QCOMPARE(bytesOf(decode(deflated(bits, -MAX_WBITS))), expected);
    QCOMPARE(bytesOf(decode(deflated(bits, MAX_WBITS))), expected);                        // with zlib's header
    QCOMPARE(bytesOf(decode(deflated(bits + QByteArray(1, '\0'), -MAX_WBITS))), expected); // padded before
    QCOMPARE(decode(deflated(bits.left(3), -MAX_WBITS)).error().code, ErrorCode::PixelDataBroken);
    QCOMPARE(decode(QByteArray("\x06\x06\x06\x06")).error().code, ErrorCode::PixelDataBroken);
    QCOMPARE(decode(deflated(QByteArray(50'000'000, '\0'), -MAX_WBITS)).error().code, ErrorCode::LimitExceeded);
}

void PixelFormatsTest::rleOfEveryWidth() {
    for (const int bits : {8, 16, 32})
        for (const int samples : {1, 3}) {
            DcmDataset item;
            constexpr int kColumns = 37;
            constexpr int kRows = 11;
            constexpr int kPixels = kColumns * kRows;
            test::fillImage(item, kRows, kColumns);
            setBits(item, bits, bits, bits - 1);
            if (samples == 3)
                setColour(item, "RGB", 1); // planar or not: RLE has its own order
            const int bytes = bits / 8;
            QByteArray expected;
            std::vector<QByteArray> segments(static_cast<size_t>(samples * bytes));
            for (int i = 0; i < kPixels; ++i)
                for (int s = 0; s < samples; ++s)
                    for (int b = 0; b < bytes; ++b) {
                        const char value = static_cast<char>(i * 7 + s * 31 + b * 101);
                        expected += value;
                        segments[static_cast<size_t>(s * bytes + bytes - 1 - b)] += value;
                    }
            QCOMPARE(bytesOf(m_source.decode(test::encapsulatedFile(item, kRle, {rleFrame(segments)}), 0)), expected);
        }
}

/// Runs of every length and mixture, near the end of the segment and far from it.
void PixelFormatsTest::rleRuns() {
    quint32 state = 1;
    const auto next = [&state](int below) {
        state = state * 1664525 + 1013904223;
        return static_cast<int>((state >> 8) % static_cast<quint32>(below));
    };
    for (int round = 0; round < 300; ++round) {
        QByteArray plain;
        QByteArray packed;
        const int wanted = 1 + next(900);
        while (plain.size() < wanted) {
            const int kind = next(8);
            const int count = 1 + next(128);
            if (kind == 0) {
                packed += static_cast<char>(-128); // says nothing
            } else if (kind < 4 || count == 1) {
                packed += static_cast<char>(count - 1);
                for (int i = 0; i < count; ++i) {
                    const char value = static_cast<char>(next(256));
                    packed += value;
                    plain += value;
                }
            } else {
                const char value = static_cast<char>(next(256));
                packed += static_cast<char>(1 - count);
                packed += value;
                plain += QByteArray(count, value);
            }
        }
        QByteArray frame(64, '\0');
        frame[0] = 1;
        frame[4] = 64;
        DcmDataset item;
        test::fillImage(item, 1, static_cast<int>(plain.size()));
        setBits(item, 8, 8, 7);
        frame += packed;
        if (frame.size() % 2 != 0)
            frame += '\0';
        QCOMPARE(bytesOf(m_source.decode(test::encapsulatedFile(item, kRle, {frame}), 0)), plain);
        const QByteArray cut = frame.left(64 + packed.size() / 2); // never more than there is
        const auto broken = m_source.decode(test::encapsulatedFile(item, kRle, {cut}), 0);
        if (packed.size() > 4)
            QCOMPARE(broken.error().code, ErrorCode::PixelDataBroken);
    }
}

void PixelFormatsTest::rleIsBounded() {
    DcmDataset item;
    test::fillImage(item, 10000, 10000);
    setBits(item, 8, 8, 7);
    QByteArray frame(64, '\0');
    frame[0] = 1;
    frame[4] = 64;
    const auto bomb = m_source.decode(test::encapsulatedFile(item, kRle, {frame + QByteArray("\x81\x01", 2)}), 0);
    QCOMPARE(bomb.error().code, ErrorCode::PixelDataBroken);
    QVERIFY2(bomb.error().detail.contains(u"shorter"), qPrintable(bomb.error().detail)); // before memory was asked for
    test::fillImage(item, 1, 4);
    setBits(item, 8, 8, 7);
    for (const QByteArray& offset : {QByteArray("\x00\x00\x00\x00", 4), QByteArray("\xFF\xFF\xFF\xFF", 4)}) {
        QByteArray wrong = frame + QByteArray("\xFD\x05", 2);
        wrong.replace(4, 4, offset);
        QCOMPARE(m_source.decode(test::encapsulatedFile(item, kRle, {wrong}), 0).error().code,
                 ErrorCode::PixelDataBroken);
    }
}

void PixelFormatsTest::jpegLsModes() {
    std::vector<std::uint8_t> interleaved;
    std::vector<std::uint8_t> planar(15 * 9 * 3);
    for (size_t i = 0; i < 15 * 9; ++i)
        for (size_t c = 0; c < 3; ++c) {
            interleaved.push_back(static_cast<std::uint8_t>(i * 3 + c * 60));
            planar[c * 15 * 9 + i] = interleaved.back();
        }
    const QByteArray expected(reinterpret_cast<const char*>(interleaved.data()),
                              static_cast<qsizetype>(interleaved.size()));
    DcmDataset item;
    test::fillImage(item, 9, 15);
    setBits(item, 8, 8, 7);
    setColour(item, "RGB");
    using Mode = charls_interleave_mode;
    for (const Mode mode : {Mode::none, Mode::line, Mode::sample}) {
        const QByteArray exact = jpegLs(mode == Mode::none ? planar : interleaved, 15, 9, 3, mode, 0);
        QCOMPARE(bytesOf(m_source.decode(
                     test::encapsulatedFile(item, QStringLiteral("1.2.840.10008.1.2.4.80"), {exact}), 0)),
                 expected);
        const QByteArray lossy = jpegLs(mode == Mode::none ? planar : interleaved, 15, 9, 3, mode, 3);
        const QByteArray nearly = bytesOf(
            m_source.decode(test::encapsulatedFile(item, QStringLiteral("1.2.840.10008.1.2.4.81"), {lossy}), 0));
        QCOMPARE(nearly.size(), expected.size());
        int worst = 0;
        for (qsizetype i = 0; i < nearly.size(); ++i)
            worst = std::max(worst, std::abs(int(uchar(nearly[i])) - int(uchar(expected[i]))));
        QVERIFY2(worst > 0 && worst <= 3, qPrintable(QString::number(worst))); // the stream's own NEAR
    }
}

void PixelFormatsTest::jpegLosslessPredictors_data() {
    QTest::addColumn<int>("predictor");
    QTest::addColumn<int>("bits");
    QTest::addColumn<bool>("isSigned");
    for (int predictor = 1; predictor <= 7; ++predictor)
        for (const int bits : {8, 12, 16})
            for (const bool isSigned : {false, true}) {
                const QString name = QStringLiteral("%1, %2 bits%3").arg(predictor).arg(bits).arg(isSigned);
                QTest::newRow(qPrintable(name)) << predictor << bits << isSigned;
            }
}

/// DCMTK writes; odd size.
void PixelFormatsTest::jpegLosslessPredictors() {
    QFETCH(int, predictor);
    QFETCH(int, bits);
    QFETCH(bool, isSigned);
    DJEncoderRegistration::registerCodecs();
    DcmDataset item;
    test::fillImage(item, 33, 47);
    setBits(item, bits <= 8 ? 8 : 16, bits, bits - 1, isSigned);
    quint32 state = 7;
    QByteArray expected;
    std::vector<Uint16> words;
    std::vector<Uint8> narrow;
    for (int i = 0; i < 33 * 47; ++i) {
        state = state * 1664525 + 1013904223;
        int value = static_cast<int>(i * 5 + (state >> 26)) & ((1 << bits) - 1);
        if (i % 97 == 0)
            value = i % 2 == 0 ? 0 : (1 << bits) - 1; // the largest differences there are
        if (isSigned && value >= 1 << (bits - 1))
            value -= 1 << bits;
        narrow.push_back(static_cast<Uint8>(value));
        words.push_back(static_cast<Uint16>(value));
        expected += static_cast<char>(value & 0xFF);
        if (bits > 8)
            expected += static_cast<char>(value >> 8 & 0xFF);
    }
    if (bits <= 8)
        test::putBytes(item, narrow);
    else
        test::putPixels(item, words);
    const DJ_RPLossless parameters(predictor, 0);
    QVERIFY(item.chooseRepresentation(EXS_JPEGProcess14, &parameters).good());
    DcmElement* element = nullptr;
    DcmPixelSequence* sequence = nullptr;
    DcmPixelItem* fragment = nullptr;
    Uint8* stream = nullptr;
    QVERIFY(item.findAndGetElement(DCM_PixelData, element).good());
    QVERIFY(static_cast<DcmPixelData*>(element)
                ->getEncapsulatedRepresentation(EXS_JPEGProcess14, &parameters, sequence)
                .good());
    QVERIFY(sequence->getItem(fragment, 1).good() && fragment->getUint8Array(stream).good());
    const QByteArray encoded(reinterpret_cast<const char*>(stream), static_cast<qsizetype>(fragment->getLength()));
    delete item.remove(DCM_PixelData);
    DJEncoderRegistration::cleanup();
    const QByteArray file = test::encapsulatedFile(item, QStringLiteral("1.2.840.10008.1.2.4.57"), {encoded});
    QCOMPARE(bytesOf(m_source.decode(file, 0)), expected);
}

void PixelFormatsTest::progressiveJpeg() {
    const QImage image = greyPicture(37, 21);
    DcmDataset item;
    test::fillImage(item, 21, 37);
    setBits(item, 8, 8, 7);
    const QByteArray sequential =
        bytesOf(m_source.decode(test::encapsulatedFile(item, kBaseline, {jpegOf(image, false)}), 0));
    const QByteArray stream = jpegOf(image, true);
    QVERIFY(stream.contains("\xFF\xC2"));
    for (const char* syntax : {"1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55"}) {
        const auto frame = m_source.decode(test::encapsulatedFile(item, QLatin1String(syntax), {stream}), 0);
        QCOMPARE(bytesOf(frame), sequential);
        for (int i = 0; i < 37 * 21; ++i)
            QVERIFY(std::abs(int(image.constScanLine(i / 37)[i % 37]) - int((*frame)->as<std::uint8_t>()[i])) <= 3);
    }
}

void PixelFormatsTest::jpegWithoutItsEnd() {
    DcmDataset item;
    test::fillImage(item, 21, 37);
    setBits(item, 8, 8, 7);
    const QByteArray whole = jpegOf(greyPicture(37, 21), false);
    QVERIFY(whole.endsWith("\xFF\xD9"));
    const QByteArray expected = bytesOf(m_source.decode(test::encapsulatedFile(item, kBaseline, {whole}), 0));
    QCOMPARE(expected.size(), 37 * 21);
    QByteArray open = whole.left(whole.size() - 2); // no EOI
    if (open.size() % 2 != 0)
        open += '\0';
    QCOMPARE(bytesOf(m_source.decode(test::encapsulatedFile(item, kBaseline, {open}), 0)), expected);
    QCOMPARE(bytesOf(m_source.decode(test::encapsulatedFile(item, kBaseline, {whole + QByteArray("\0\0\0", 3)}), 0)),
             expected);                                         // an odd length and padding after the end
    QByteArray half = whole.left(whole.size() / 2 * 3 / 4 * 2); // the picture's data is missing, not only its end
    QCOMPARE(m_source.decode(test::encapsulatedFile(item, kBaseline, {half}), 0).error().code,
             ErrorCode::PixelDataBroken);
}

void PixelFormatsTest::extendedOffsetTable() {
    DcmDataset item;
    test::fillImage(item, 1, 4);
    setBits(item, 8, 8, 7);
    item.putAndInsertString(DCM_NumberOfFrames, "2");
    const QByteArray first = rleFrame({QByteArray("\1\2\3\4", 4)});
    const QByteArray second = rleFrame({QByteArray("\5\6\7\x08", 4)});
    const QByteArray parts[] = {first.left(20), first.mid(20), second}; // the first frame in two fragments
    const auto file = [&](Uint64 offset) {
        const Uint64 offsets[] = {0, offset};
        auto* table = new DcmOther64bitVeryLong(DCM_ExtendedOffsetTable);
        table->putUint64Array(offsets, 2);
        item.insert(table, OFTrue);
        return test::encapsulatedFile(item, kRle, {parts[0], parts[1], parts[2]});
    };
    const auto right = file(static_cast<Uint64>(parts[0].size() + parts[1].size() + 16));
    QCOMPARE(bytesOf(m_source.decode(right, 0)), QByteArray("\1\2\3\4", 4));
    QCOMPARE(bytesOf(m_source.decode(right, 1)), QByteArray("\5\6\7\x08", 4));
    const auto wrong = file(7); // not believed; the frames' own starts are found
    QCOMPARE(bytesOf(m_source.decode(wrong, 0)), QByteArray("\1\2\3\4", 4));
    QCOMPARE(bytesOf(m_source.decode(wrong, 1)), QByteArray("\5\6\7\x08", 4));
}

/// Three JPEG frames in seven fragments and nothing that says where one ends.
void PixelFormatsTest::fragmentsWithoutATable() {
    DcmDataset item;
    test::fillImage(item, 21, 37);
    setBits(item, 8, 8, 7);
    item.putAndInsertString(DCM_NumberOfFrames, "3");
    std::vector<QByteArray> fragments;
    std::vector<QByteArray> expected;
    for (int f = 0; f < 3; ++f) {
        QImage image = greyPicture(37, 21);
        image.scanLine(0)[0] = static_cast<uchar>(f * 80);
        QByteArray stream = jpegOf(image, false);
        if (stream.size() % 2 != 0)
            stream += '\0';
        for (qsizetype pos = 0; pos < stream.size(); pos += f == 0 ? 10000 : stream.size() / 6 * 2)
            fragments.push_back(stream.mid(pos, f == 0 ? 10000 : stream.size() / 6 * 2));
        DcmDataset single;
        test::fillImage(single, 21, 37);
        setBits(single, 8, 8, 7);
        expected.push_back(bytesOf(m_source.decode(test::encapsulatedFile(single, kBaseline, {stream}), 0)));
        QCOMPARE(expected.back().size(), 37 * 21);
    }
    QVERIFY(fragments.size() > 5);
    const QByteArray file = test::encapsulatedFile(item, kBaseline, fragments);
    for (int f = 0; f < 3; ++f)
        QCOMPARE(bytesOf(m_source.decode(file, f)), expected[static_cast<size_t>(f)]);
}

QTEST_GUILESS_MAIN(PixelFormatsTest)
#include "pixel_formats_test.moc"
