#include "dicom/data/dicom_pixel_source.h"
#include "dicom_factory.h"
#include "wavelet_streams.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace yz;

namespace {

const QString kJpeg2000 = QStringLiteral("1.2.840.10008.1.2.4.90");
const QString kHtj2k = QStringLiteral("1.2.840.10008.1.2.4.201");

/// Rises by 3 a column and 5 a row: the wavelet's low-pass leaves such a slope as it is.
test::Picture slope(int columns, int rows, int components = 1) {
    test::Picture picture{columns, rows, components, 12, false, {}};
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < columns; ++x)
            for (int c = 0; c < components; ++c)
                picture.samples.push_back(100 + 3 * x + 5 * y + 50 * c);
    return picture;
}

QByteArray fileOf(const test::Picture& picture, const QString& syntax, const QByteArray& stream,
                  const char* photometric = "MONOCHROME2") {
    DcmDataset item;
    test::fillImage(item, picture.rows, picture.columns);
    item.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(picture.bits));
    item.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(picture.bits - 1));
    item.putAndInsertUint16(DCM_PixelRepresentation, picture.isSigned ? 1 : 0);
    item.putAndInsertString(DCM_PhotometricInterpretation, photometric);
    item.putAndInsertUint16(DCM_SamplesPerPixel, static_cast<Uint16>(picture.components));
    return test::encapsulatedFile(item, syntax, {stream});
}

} // namespace

class ReducedDecodeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void aSlopeKeepsItsPlace_data();
    void aSlopeKeepsItsPlace();
    void noMoreThanTheStreamHas();
    void otherSyntaxesStayWhole();
    void indicesAreNotMixed();
    void overlayBitsAreNotMixed();
    void spacingScales();
    void part2();

private:
    QString written(const QByteArray& file) {
        const QString path = m_folder->filePath(QStringLiteral("a.dcm"));
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(file) != file.size())
            return {};
        return path;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    DicomPixelSource m_source;
};

void ReducedDecodeTest::aSlopeKeepsItsPlace_data() {
    QTest::addColumn<QString>("syntax");
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("components");
    for (const QString& syntax : {kJpeg2000, kHtj2k})
        for (const int components : {1, 3}) {
            const QByteArray name = (syntax + QStringLiteral(" x%1").arg(components)).toLatin1();
            QTest::newRow(QByteArray(name + " even").constData()) << syntax << 128 << 96 << components;
            QTest::newRow(QByteArray(name + " odd").constData()) << syntax << 101 << 77 << components;
        }
}

/// Sample i of a picture halved n times is sample i * 2^n of the full one: no shift by half a pixel.
void ReducedDecodeTest::aSlopeKeepsItsPlace() {
    QFETCH(QString, syntax);
    QFETCH(int, columns);
    QFETCH(int, rows);
    QFETCH(int, components);
    const test::Picture picture = slope(columns, rows, components);
    const QByteArray stream = syntax == kHtj2k ? test::htj2kStream(picture, 4) : test::jpeg2000Stream(picture, 5);
    QVERIFY(!stream.isEmpty());
    const QString path = written(fileOf(picture, syntax, stream, components == 3 ? "YBR_RCT" : "MONOCHROME2"));
    QVERIFY((*m_source.describe(path))->decodesReduced);
    for (int reduction = 0; reduction <= 4; ++reduction) {
        const auto frame = m_source.decodeReduced(path, 0, reduction, {});
        QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
        const PixelBuffer& buffer = **frame;
        const int factor = 1 << reduction;
        QCOMPARE(buffer.reduction, reduction);
        QCOMPARE(buffer.columns, (columns + factor - 1) / factor);
        QCOMPARE(buffer.rows, (rows + factor - 1) / factor);
        QCOMPARE(buffer.data.size(), buffer.byteCount());
        double worst = 0.0;
        const int border = reduction == 0 ? 0 : 2; // the picture is mirrored at its edge, which bends the slope there
        for (int y = border; y < buffer.rows - border; ++y)
            for (int x = border; x < buffer.columns - border; ++x)
                for (int c = 0; c < components; ++c) {
                    const int value = buffer.as<std::uint16_t>()[(y * buffer.columns + x) * components + c];
                    worst = std::max(worst, std::abs(value - (100.0 + 3 * x * factor + 5 * y * factor + 50 * c)));
                }
        const double allowed = reduction == 0 ? 0.0 : 2.0; // rounding of each level; half a pixel would be 4 and more
        QVERIFY2(worst <= allowed, qPrintable(QStringLiteral("%1 at %2").arg(worst).arg(reduction)));
    }
}

void ReducedDecodeTest::noMoreThanTheStreamHas() {
    const test::Picture picture = slope(64, 64);
    for (const auto& [syntax, stream] :
         {std::pair{kJpeg2000, test::jpeg2000Stream(picture, 3)}, std::pair{kHtj2k, test::htj2kStream(picture, 2)}}) {
        const auto frame = m_source.decodeReduced(written(fileOf(picture, syntax, stream)), 0, 5, {});
        QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
        QCOMPARE((*frame)->reduction, 2);
        QCOMPARE((*frame)->columns, 16);
    }
    const auto whole =
        m_source.decodeReduced(written(fileOf(picture, kJpeg2000, test::jpeg2000Stream(picture, 1))), 0, 2, {});
    QVERIFY(whole.has_value());
    QCOMPARE((*whole)->reduction, 0);
    QCOMPARE((*whole)->columns, 64);
}

void ReducedDecodeTest::otherSyntaxesStayWhole() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    test::putPixels(item, {1, 2, 3, 4});
    const QString path = written(test::file(item));
    QVERIFY(!(*m_source.describe(path))->decodesReduced);
    const auto frame = m_source.decodeReduced(path, 0, 1, {});
    QVERIFY(frame.has_value());
    QCOMPARE((*frame)->reduction, 0);
    QCOMPARE((*frame)->columns, 2);
}

void ReducedDecodeTest::indicesAreNotMixed() {
    test::Picture mask{32, 32, 1, 1, false, {}};
    for (int i = 0; i < 32 * 32; ++i)
        mask.samples.push_back(i % 2);
    const QString path = written(fileOf(mask, kJpeg2000, test::jpeg2000Stream(mask, 3)));
    QVERIFY(!(*m_source.describe(path))->decodesReduced);
    const auto frame = m_source.decodeReduced(path, 0, 1, {});
    QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    QCOMPARE((*frame)->reduction, 0);
}

void ReducedDecodeTest::overlayBitsAreNotMixed() {
    test::Picture picture = slope(32, 32);
    picture.bits = 16; // the stream holds sixteen bits, of which the data set stores twelve
    for (size_t i = 0; i < picture.samples.size(); i += 3)
        picture.samples[i] |= 0x8000;
    const QByteArray stream = test::jpeg2000Stream(picture, 3);
    picture.bits = 12;
    const auto frame = m_source.decodeReduced(written(fileOf(picture, kJpeg2000, stream)), 0, 1, {});
    QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    QCOMPARE((*frame)->reduction, 0);
    QCOMPARE(int((*frame)->as<std::uint16_t>()[3]), 109);
}

void ReducedDecodeTest::spacingScales() {
    const PixelSpacing spacing = reducedSpacing({0.5, 0.25, Calibration::PixelSpacing}, 3);
    QCOMPARE(spacing.rowMm, 4.0);
    QCOMPARE(spacing.columnMm, 2.0);
    QCOMPARE(spacing.calibration, Calibration::PixelSpacing);
}

/// What OpenJPEG can do of part 2: streams without its component transforms. The rest is refused in words.
void ReducedDecodeTest::part2() {
    const test::Picture picture = slope(40, 30, 3);
    const QString part2 = QStringLiteral("1.2.840.10008.1.2.4.92");
    const QByteArray stream = test::jpeg2000Stream(picture, 3);
    const auto frame = m_source.decode(written(fileOf(picture, part2, stream, "YBR_RCT")), 0, {});
    QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    for (size_t i = 0; i < picture.samples.size(); ++i)
        QCOMPARE(int((*frame)->as<std::uint16_t>()[i]), picture.samples[i]);
    const std::vector<float> matrix{0.5F, 0.25F, 0.25F, 0.5F, -0.5F, 0.0F, 0.0F, 0.5F, -0.5F};
    const QByteArray transformed = test::jpeg2000Stream(picture, 3, matrix);
    QVERIFY(!transformed.isEmpty());
    const auto refused = m_source.decode(written(fileOf(picture, part2, transformed, "RGB")), 0, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotSupported);
    QVERIFY2(refused.error().detail.contains(u"component transform"), qPrintable(refused.error().detail));
    test::Picture grey = picture;
    grey.components = 1;
    const auto volume = m_source.decode(written(fileOf(grey, part2, stream)), 0, {});
    QVERIFY(!volume);
    QCOMPARE(volume.error().code, ErrorCode::NotSupported);
    QVERIFY2(volume.error().detail.contains(u"components are frames"), qPrintable(volume.error().detail));
}

QTEST_GUILESS_MAIN(ReducedDecodeTest)
#include "reduced_decode_test.moc"
