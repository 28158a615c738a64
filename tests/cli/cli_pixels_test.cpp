#include "../dicom/data/manifest.h"
#include "cli_runner.h"
#include "dicom/data/dicom_pixel_source.h"

#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// `yuanzhen-cli pixels` on the third-party studies: what it writes is what the verdicts of
/// tests/dicom/data/manifest_verdicts.tsv were spoken on.
class CliPixelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (sharedData().isEmpty())
            QSKIP("no third-party studies");
    }
    void storedBytesAreTheDecodersOwn();
    void reducedFramesSayTheirSize();
    void refusalsHaveTheSameCode();

private:
    Reply take(const QString& file, const QStringList& options = {}) const {
        const CliDesk desk(m_folder.filePath(QStringLiteral("home")));
        return desk.run(QStringList{QStringLiteral("pixels"), file, QStringLiteral("--frame"), QStringLiteral("all"),
                                    QStringLiteral("--out"), raw()} +
                        options);
    }
    [[nodiscard]] QString raw() const { return m_folder.filePath(QStringLiteral("frames.raw")); }
    QTemporaryDir m_folder;
};

/// Every compressed picture, and of the uncompressed ones the first of each kind.
void CliPixelsTest::storedBytesAreTheDecodersOwn() {
    QMap<QString, int> taken;
    int compressed = 0;
    int plain = 0;
    for (const ManifestRow& row : manifest()) {
        if (!row.expected.contains(u"pixel sha1"))
            continue;
        const QString syntax = row.transferSyntax.section(u' ', 0, 0);
        const bool isPlain = syntax == u"1.2.840.10008.1.2" || syntax.startsWith(u"1.2.840.10008.1.2.1") ||
                             syntax == u"1.2.840.10008.1.2.2";
        if (isPlain && taken[row.exercises.section(u';', 1, 1)]++ > 0)
            continue;
        DicomPixelSource source;
        const auto image = source.describe(row.absolutePath());
        if (!image)
            continue;
        QByteArray expected;
        bool isWhole = true;
        for (int frame = 0; frame < (*image)->frameCount && isWhole; ++frame) {
            const auto pixels = source.decode(row.absolutePath(), frame, {});
            isWhole = pixels.has_value();
            if (isWhole)
                expected.append(reinterpret_cast<const char*>((*pixels)->data.data()),
                                static_cast<qsizetype>((*pixels)->data.size()));
        }
        if (!isWhole)
            continue;
        const Reply reply = take(row.absolutePath());
        QVERIFY2(reply.exitCode == 0, reply.text().constData());
        QVERIFY2(bytesOf(raw()) == expected, qPrintable(row.path));
        const QJsonObject said = reply.object();
        QCOMPARE(said["frames"].toInt(), (*image)->frameCount);
        QCOMPARE(said["columns"].toInt(), (*image)->columns);
        QCOMPARE(said["transferSyntax"].toString(), (*image)->transferSyntax);
        ++(isPlain ? plain : compressed);
    }
    // The list has 72 compressed pictures with a hash; deflated data sets count as uncompressed pictures here.
    QVERIFY2(compressed >= 72 && plain >= 10, qPrintable(QStringLiteral("%1 %2").arg(compressed).arg(plain)));
}

void CliPixelsTest::reducedFramesSayTheirSize() {
    const Reply reply =
        take(sharedData() + QStringLiteral("/cwil/testImages/CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_"
                                           "1.2.840.10008.1.2.4.90.dcm"),
             {QStringLiteral("--reduction"), QStringLiteral("2")});
    QVERIFY2(reply.exitCode == 0, reply.text().constData());
    QCOMPARE(reply.object()["reduction"].toInt(), 2);
    QCOMPARE(reply.object()["columns"].toInt(), 128);
    QCOMPARE(bytesOf(raw()).size(), 128 * 128 * 2);
}

void CliPixelsTest::refusalsHaveTheSameCode() {
    const QString files = sharedData() + QStringLiteral("/pydicom/src/pydicom/data/test_files/");
    QCOMPARE(take(files + QStringLiteral("MR_truncated.dcm")).error(), QStringLiteral("PixelDataBroken"));
    QCOMPARE(take(files + QStringLiteral("reportsi.dcm")).error(), QStringLiteral("NotAnImage"));
}

QTEST_GUILESS_MAIN(CliPixelsTest)
#include "cli_pixels_test.moc"
