#include "dicom/codec/decoders.h"
#include "dicom/data/dicom_pixel_source.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "manifest.h"

#include <QImage>
#include <QTest>
#include <cmath>
#include <cstring>

using namespace yz;

namespace {

template <typename Bytes> void append(QByteArray& to, const Bytes& from) {
    to.append(reinterpret_cast<const char*>(from.data()), static_cast<qsizetype>(from.size()));
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
        const auto raw = (*image)->bytes ? (*image)->encoded(frame) : SampleBytes();
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
    void losslessVariantsAgree_data();
    void losslessVariantsAgree();
    void jpegColoursAgreeWithAnotherDecoder_data();
    void jpegColoursAgreeWithAnotherDecoder();
    void htj2kAgreesWithOtherDecoders();
    void oneBitRleAgreesWithUncompressed();
    void signOfMismatchedStreamIsExtended();
    void floatPixelsAreRead();
};

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
    const auto stream = (*image)->encoded(0);
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
    const auto stream = (*image)->encoded(0);
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

QTEST_GUILESS_MAIN(ReferencePixelsTest)
#include "reference_pixels_test.moc"
