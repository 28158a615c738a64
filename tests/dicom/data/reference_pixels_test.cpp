#include "dicom/codec/decoders.h"
#include "dicom/data/dicom_pixel_source.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "manifest.h"

#include <QCryptographicHash>
#include <QImage>
#include <QMap>
#include <QRegularExpression>
#include <QTest>
#include <cmath>
#include <cstring>

using namespace yz;

namespace {

/// How a picture must agree with the hash that others computed.
enum class Verdict {
    Exact,        ///< the decoded values
    Packed,       ///< the decoded bits, packed eight a byte as the reference keeps them
    BeforeColour, ///< the decoder's values; what is decoded is these turned from YBR into RGB
    BeforeMask,   ///< the decoder's values; what is decoded has other bits than Bits Stored cleared
    Refused,      ///< not shown at all
};

struct Exception {
    Verdict verdict;
    const char* reason;
};

/// Every file of the list that is not Exact, by the end of its path.
const QMap<QString, Exception>& exceptions() {
    static const char* kBits =
        "segmentation of one bit: the reference hashes packed bytes, a frame here has a byte a pixel";
    static const char* kYbr = "the reference hashes YBR samples, a frame here is RGB";
    static const QMap<QString, Exception> kTable{
        {QStringLiteral("dcmqi/data/segmentations/23x38x3/seg/label.seg"), {Verdict::Packed, kBits}},
        {QStringLiteral("dcmqi/data/segmentations/liver.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("dcmqi/data/sr-example/seg.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("seg_image_ct_binary.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("seg_image_ct_binary_overlap.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("seg_image_ct_binary_single_frame.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("seg_image_sm_dots.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("seg_image_sm_dots_tiled_full.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("liver_1frame.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("liver_expb_1frame.dcm"), {Verdict::Packed, kBits}},
        {QStringLiteral("GH538-jpeg1.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("google-wsi2dcm/tests/jpeg.dicom"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_ybr_full_uncompressed.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_ybr_full_422_uncompressed.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+n1.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+n2.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+np.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+s2.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+s4.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_rgb_jpeg_dcmtk.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_rgb_jpeg_lossy_gdcm.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("SC_rgb_small_odd_jpeg.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("examples_ybr_color.dcm"), {Verdict::BeforeColour, kYbr}},
        {QStringLiteral("GH195.dcm"),
         {Verdict::BeforeColour, "labelled RGB, but a JFIF stream is YCbCr; as RGB the teeth are green"}},
        {QStringLiteral("J2K_pixelrep_mismatch.dcm"),
         {Verdict::BeforeMask,
          "unsigned codestream of 13 bits under a signed data set: the reference left the sign out"}},
        {QStringLiteral("dcm4che3/img/overlay.dcm"),
         {Verdict::BeforeMask, "an overlay in the bits above Bits Stored: the reference kept it in the values"}},
        {QStringLiteral("MR_truncated.dcm"),
         {Verdict::Refused, "62 bytes of its only frame are missing: no picture rather than half of one"}},
    };
    return kTable;
}

Exception expectedOf(const QString& path, QString* key) {
    for (auto it = exceptions().begin(); it != exceptions().end(); ++it)
        if (path.endsWith(it.key())) {
            *key = it.key();
            return it.value();
        }
    return {Verdict::Exact, ""};
}

QString shortSha1(const QByteArray& bytes) {
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha1).toHex().left(16));
}

QByteArray lastByte(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.seek(file.size() - 1) ? file.read(1) : QByteArray();
}

template <typename Bytes> void append(QByteArray& to, const Bytes& from) {
    to.append(reinterpret_cast<const char*>(from.data()), static_cast<qsizetype>(from.size()));
}

QByteArray packedBits(const QByteArray& pixels) {
    QByteArray packed((pixels.size() + 7) / 8, '\0');
    for (qsizetype i = 0; i < pixels.size(); ++i)
        if (pixels[i] != 0)
            packed[i / 8] = static_cast<char>(packed[i / 8] | 1 << (i % 8));
    return packed;
}

/// PS3.3 C.7.6.3.1.2 in floating point, independent of the product's fixed point.
int worstColourError(const QByteArray& ybr, const QByteArray& rgb) {
    double worst = 0.0;
    const auto at = [](const QByteArray& bytes, qsizetype i) { return double(static_cast<uchar>(bytes[i])); };
    for (qsizetype i = 0; i + 2 < ybr.size(); i += 3) {
        const double y = at(ybr, i);
        const double cb = at(ybr, i + 1) - 128.0;
        const double cr = at(ybr, i + 2) - 128.0;
        const double expected[] = {y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb};
        for (int c = 0; c < 3; ++c)
            worst = std::max(worst, std::abs(std::clamp(expected[c], 0.0, 255.0) - at(rgb, i + c)));
    }
    return static_cast<int>(std::floor(worst));
}

struct Pixels {
    QByteArray decoded; ///< all frames
    QByteArray coded;   ///< before masking and colour
    QByteArray raw;     ///< encoded bytes
    std::optional<Error> error;
};

Pixels readAll(const QString& path) {
    Pixels pixels;
    DicomPixelSource source;
    const auto file = dicom::openFileSource(path);
    const auto image = file ? dicom::openImage(*file) : tl::unexpected<Error>(file.error());
    if (!image) {
        pixels.error = image.error();
        return pixels;
    }
    for (int frame = 0; frame < (*image)->layout.frameCount; ++frame) {
        const auto decoded = source.decode(path, frame, {});
        const auto coded = (*image)->decodeCoded(frame);
        const auto raw = (*image)->bytes ? (*image)->bytes->read(frame) : std::vector<std::byte>();
        if (!decoded || !coded || !raw) {
            pixels.error = decoded ? Error{} : decoded.error();
            return pixels;
        }
        if ((*decoded)->data.size() != (*decoded)->byteCount()) {
            pixels.error = Error{ErrorCode::Internal, QStringLiteral("wrong size")};
            return pixels;
        }
        append(pixels.decoded, (*decoded)->data);
        append(pixels.coded, coded->data);
        append(pixels.raw, *raw);
    }
    return pixels;
}

} // namespace

class ReferencePixelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
    }
    void everyImageWithAKnownHash();
    void losslessVariantsAgree_data();
    void losslessVariantsAgree();
    void jpegColoursAgreeWithAnotherDecoder_data();
    void jpegColoursAgreeWithAnotherDecoder();
    void htj2kAgreesWithOtherDecoders();
    void oneBitRleAgreesWithUncompressed();
    void signOfMismatchedStreamIsExtended();
    void floatPixelsAreRead();
    void everyOtherFileIsReadOrRefused();
};

void ReferencePixelsTest::everyImageWithAKnownHash() {
    static const QRegularExpression kHash(QStringLiteral("\\b[0-9a-f]{16}\\b"));
    QMap<QString, QMap<QString, int>> verdicts;
    QStringList used;
    QStringList problems;
    int count = 0;
    for (const test::ManifestRow& row : test::manifest()) {
        const qsizetype at = row.expected.indexOf(u"pixel sha1");
        if (at < 0)
            continue;
        ++count;
        QStringList hashes;
        auto match = kHash.globalMatch(row.expected.mid(at));
        while (match.hasNext())
            hashes.append(match.next().captured());
        QString key;
        const Exception expected = expectedOf(row.path, &key);
        const Pixels pixels = readAll(row.absolutePath());
        bool isGood = false;
        QString verdict;
        switch (expected.verdict) {
        case Verdict::Exact:
            verdict = QStringLiteral("exact");
            isGood = !pixels.error && hashes.contains(shortSha1(pixels.decoded));
            break;
        case Verdict::Packed: {
            verdict = QStringLiteral("exact, packed");
            QByteArray packed = packedBits(pixels.decoded);
            isGood = !pixels.error && hashes.contains(shortSha1(packed));
            if (!isGood &&
                packed.size() % 2 != 0) // the element is padded to an even length, with whatever its writer had
                isGood = !pixels.error && hashes.contains(shortSha1(packed + lastByte(row.absolutePath())));
            break;
        }
        case Verdict::BeforeColour:
            verdict = QStringLiteral("exact before colour");
            isGood = !pixels.error &&
                     (hashes.contains(shortSha1(pixels.coded)) || hashes.contains(shortSha1(pixels.raw))) &&
                     worstColourError(pixels.coded, pixels.decoded) <= 1;
            break;
        case Verdict::BeforeMask:
            verdict = QStringLiteral("exact before mask");
            isGood = !pixels.error && hashes.contains(shortSha1(pixels.coded)) && pixels.decoded != pixels.coded;
            break;
        case Verdict::Refused:
            verdict = QStringLiteral("refused");
            isGood = pixels.error && pixels.error->code == ErrorCode::PixelDataBroken;
            break;
        }
        if (!key.isEmpty()) {
            used.append(key);
            qInfo().noquote() << QStringLiteral("%1 | %2 | %3").arg(row.path, verdict, QLatin1String(expected.reason));
        }
        ++verdicts[row.transferSyntax.section(u' ', 0, 0)][verdict];
        if (!isGood)
            problems.append(
                QStringLiteral("%1 is not %2: %3")
                    .arg(row.path, verdict, pixels.error ? pixels.error->toString() : shortSha1(pixels.decoded)));
    }
    for (auto syntax = verdicts.begin(); syntax != verdicts.end(); ++syntax)
        for (auto verdict = syntax->begin(); verdict != syntax->end(); ++verdict)
            qInfo().noquote()
                << QStringLiteral("%1 | %2 | %3").arg(syntax.key(), -24).arg(verdict.key(), -20).arg(verdict.value());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    QVERIFY2(count >= 390, qPrintable(QString::number(count)));
    for (const QString& key : exceptions().keys()) // an exception that no file needs any more
        QVERIFY2(used.contains(key), qPrintable(key));
}

void ReferencePixelsTest::losslessVariantsAgree_data() {
    QTest::addColumn<QString>("original");
    QTest::addColumn<QString>("variant");
    const QString ct = QStringLiteral("cwil/testImages/CTImage.dcm");
    for (const char* name : {"_DeflatedExplicitVRLittleEndianTransferSyntax_1.2.840.10008.1.2.1.99.dcm",
                             "_JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm",
                             "_JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm",
                             "_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm",
                             "_RLELosslessTransferSyntax_1.2.840.10008.1.2.5.dcm"})
        QTest::newRow(name) << ct << ct + QLatin1String(name);
    const QString multi = QStringLiteral("dicomParser/testImages/encapsulated/multi-frame/CT0012.");
    for (const char* name : {"fragmented_no_bot_jpeg_ls.80.dcm", "not_fragmented_bot_jpeg_ls.80.dcm",
                             "not_fragmented_no_bot_jpeg_ls.80.dcm", "not_fragmented_no_bot_rle.dcm"})
        QTest::newRow(name) << multi + QStringLiteral("not_fragmented_bot_rle.dcm") << multi + QLatin1String(name);
}

void ReferencePixelsTest::losslessVariantsAgree() {
    QFETCH(QString, original);
    QFETCH(QString, variant);
    const Pixels a = readAll(test::sharedData() + u'/' + original);
    const Pixels b = readAll(test::sharedData() + u'/' + variant);
    QVERIFY2(!a.error && !b.error, qPrintable(b.error ? b.error->toString() : QString()));
    QVERIFY(!a.decoded.isEmpty());
    QCOMPARE(a.decoded, b.decoded);
}

void ReferencePixelsTest::jpegColoursAgreeWithAnotherDecoder_data() {
    QTest::addColumn<QString>("path");
    for (const char* path :
         {"fo-dicom/Tests/FO-DICOM.Tests/Test Data/GH195.dcm",
          "fo-dicom/Tests/FO-DICOM.Tests/Test Data/GH538-jpeg1.dcm", "google-wsi2dcm/tests/jpeg.dicom",
          "pydicom/src/pydicom/data/test_files/SC_rgb_jpeg_dcmtk.dcm",
          "pydicom/src/pydicom/data/test_files/SC_rgb_dcmtk_+eb+cy+n1.dcm",
          "pydicom/src/pydicom/data/test_files/examples_ybr_color.dcm"})
        QTest::newRow(path) << QString::fromLatin1(path);
}

void ReferencePixelsTest::jpegColoursAgreeWithAnotherDecoder() {
    QFETCH(QString, path);
    const QString file = test::sharedData() + u'/' + path;
    const auto source = dicom::openFileSource(file);
    QVERIFY(source.has_value());
    const auto image = dicom::openImage(*source);
    QVERIFY(image.has_value());
    const auto stream = (*image)->bytes->read(0);
    const auto frame = (*image)->decode(0);
    QVERIFY(stream && frame);
    const QImage other =
        QImage::fromData(reinterpret_cast<const uchar*>(stream->data()), static_cast<int>(stream->size()), "JPEG")
            .convertToFormat(QImage::Format_RGB888);
    QCOMPARE(other.size(), QSize((*frame)->columns, (*frame)->rows));
    double sum = 0.0;
    const auto* ours = (*frame)->as<std::uint8_t>();
    for (int y = 0; y < other.height(); ++y)
        for (int x = 0; x < other.width() * 3; ++x)
            sum += std::abs(int(other.constScanLine(y)[x]) - int(ours[y * other.width() * 3 + x]));
    const double mean = sum / (3.0 * other.width() * other.height());
    QVERIFY2(mean < 1.0, qPrintable(QString::number(mean)));
}

void ReferencePixelsTest::htj2kAgreesWithOtherDecoders() {
    const QString folder = test::sharedData();
    const auto source =
        dicom::openFileSource(folder + QStringLiteral("/pydicom-data/data_store/data/HTJ2KLossless_08_RGB.dcm"));
    QVERIFY(source.has_value());
    const auto image = dicom::openImage(*source);
    QVERIFY(image.has_value());
    const auto frame = (*image)->decode(0);
    QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    const auto stream = (*image)->bytes->read(0);
    const auto byOpenJpeg = dicom::decodeJpeg2000(*stream, (*image)->layout);
    QVERIFY2(byOpenJpeg.has_value(), qPrintable(byOpenJpeg ? QString() : byOpenJpeg.error().toString()));
    QVERIFY((*frame)->data == byOpenJpeg->data);

    QFile encoded(folder + QStringLiteral("/openjphjs/test/fixtures/j2c/CT1.j2c"));
    QFile raw(folder + QStringLiteral("/openjphjs/test/fixtures/raw/CT1.RAW"));
    QVERIFY(encoded.open(QIODevice::ReadOnly) && raw.open(QIODevice::ReadOnly));
    const QByteArray bytes = encoded.readAll();
    dicom::FrameLayout layout;
    layout.rows = layout.columns = 512;
    layout.isSigned = true;
    auto samples =
        dicom::decodeHtj2k(std::as_bytes(std::span(bytes.constData(), static_cast<size_t>(bytes.size()))), layout);
    QVERIFY2(samples.has_value(), qPrintable(samples ? QString() : samples.error().toString()));
    const auto finished = dicom::finishFrame(std::move(*samples), layout);
    QVERIFY(finished.has_value());
    QByteArray ours;
    append(ours, (*finished)->data);
    QCOMPARE(ours, raw.readAll());
}

void ReferencePixelsTest::oneBitRleAgreesWithUncompressed() {
    const QString folder = test::sharedData() + QStringLiteral("/pydicom-data/data_store/data/");
    const Pixels j2k = readAll(folder + QStringLiteral("liver_j2k.dcm")); // known by hash
    const Pixels rle = readAll(folder + QStringLiteral("liver_rle.dcm"));
    QVERIFY2(!rle.error && !j2k.error, qPrintable(rle.error ? rle.error->toString() : QString()));
    QCOMPARE(rle.decoded, j2k.decoded);
}

void ReferencePixelsTest::signOfMismatchedStreamIsExtended() {
    // The picture's air is at -2000, not at 6192 (2^13 - 2000).
    const auto frame = DicomPixelSource().decode(
        test::sharedData() + QStringLiteral("/pydicom/src/pydicom/data/test_files/J2K_pixelrep_mismatch.dcm"), 0, {});
    QVERIFY(frame.has_value());
    QCOMPARE((*frame)->type, SampleType::Int16);
    const auto* values = (*frame)->as<std::int16_t>();
    const auto [lowest, highest] = std::minmax_element(values, values + 512 * 512);
    QVERIFY2(*lowest == -2000 && *highest < 4096, qPrintable(QStringLiteral("%1 %2").arg(*lowest).arg(*highest)));
}

void ReferencePixelsTest::floatPixelsAreRead() {
    const QString path = test::sharedData() + QStringLiteral("/pydicom-data/data_store/data/parametric_map_float.dcm");
    DicomPixelSource source;
    const auto image = source.describe(path);
    QVERIFY2(image.has_value(), qPrintable(image ? QString() : image.error().toString()));
    QVERIFY((*image)->isFloat);
    QCOMPARE((*image)->sampleType(), SampleType::Float32);
    const auto frame = source.decode(path, 0, {});
    QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    QCOMPARE((*frame)->type, SampleType::Float32);
    const auto* values = (*frame)->as<float>();
    for (int i = 0; i < 128 * 128; ++i)
        QVERIFY(std::isfinite(values[i]));
}

/// Files without a known hash: described and decoded, or refused with a code that says why.
void ReferencePixelsTest::everyOtherFileIsReadOrRefused() {
    static const QList<ErrorCode> kReasons{
        ErrorCode::NotAnImage,       ErrorCode::NotDicom,        ErrorCode::DataSetBroken,
        ErrorCode::DataSetTruncated, ErrorCode::PixelDataBroken, ErrorCode::PixelDataMissing,
        ErrorCode::AttributeMissing, ErrorCode::NotSupported,    ErrorCode::TransferSyntaxNotSupported};
    int images = 0;
    QMap<QString, int> refused;
    for (const test::ManifestRow& row : test::manifest()) {
        if (row.transferSyntax.isEmpty() || row.expected.contains(u"pixel sha1") || row.path.startsWith(u"pwnlab"))
            continue;
        const Pixels pixels = readAll(row.absolutePath());
        if (!pixels.error) {
            ++images;
            continue;
        }
        ++refused[errorName(pixels.error->code)];
        if (pixels.error->code != ErrorCode::NotAnImage)
            qInfo().noquote() << row.path << "|" << pixels.error->toString();
        QVERIFY2(kReasons.contains(pixels.error->code), qPrintable(row.path + u' ' + pixels.error->toString()));
    }
    qInfo() << "decoded" << images << "refused" << refused;
    QVERIFY(images > 0);
}

QTEST_GUILESS_MAIN(ReferencePixelsTest)
#include "reference_pixels_test.moc"
