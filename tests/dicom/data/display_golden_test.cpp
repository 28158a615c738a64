#include "dicom/data/dicom_pixel_source.h"
#include "dicom_factory.h"
#include "imaging/presentation.h"
#include "support/shared_data.h"

#include <QFile>
#include <QImage>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// The display chain against other people's: dcmp2pgm and dcm2pnm of DCMTK, and the pictures Weasis keeps as its
/// goldens. (dcmp2pgm draws no overlays and no geometric shutters: those are judged by Weasis and by hand, in
/// tests/imaging/screen_marks_test.cpp.) Tolerance: one grey level of 255 for rounding, unless a row says less.
class DisplayGoldenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void images_data();
    void images();
    void states_data();
    void states();
    void weasis_data();
    void weasis();
    void madeStates_data();
    void madeStates();
    void embeddedOverlaysAreFound();

private:
    [[nodiscard]] QString made(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

namespace {

const QString kWeasis = QStringLiteral("/weasis-dicom-tools/weasis-dicom-tools/src/test/resources/org/dcm4che3/img/");

bool runJudge(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    const bool done = process.waitForFinished(60'000) && process.exitCode() == 0;
    if (!done)
        qWarning().noquote() << program << arguments << process.readAll();
    return done;
}

/// Largest difference of any channel; -1 when the sizes differ.
int largestDifference(const ScreenPicture& ours, const QImage& theirs, int* count = nullptr) {
    if (theirs.width() != ours.width || theirs.height() != ours.height)
        return -1;
    const QImage rgb = theirs.convertToFormat(QImage::Format_RGB32);
    int largest = 0;
    for (int y = 0; y < ours.height; ++y)
        for (int x = 0; x < ours.width; ++x) {
            const QRgb a = ours.argb[static_cast<size_t>(y) * static_cast<size_t>(ours.width) + static_cast<size_t>(x)];
            const QRgb b = rgb.pixel(x, y);
            const int difference =
                std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)), std::abs(qBlue(a) - qBlue(b))});
            largest = std::max(largest, difference);
            if (count && difference > 1)
                ++*count;
        }
    return largest;
}

struct Drawn {
    ImageDescriptionPtr image;
    ScreenPicture picture;
};

Drawn draw(const QString& path, const QString& statePath = {}, std::optional<VoiWindow> window = {},
           bool overlays = true) {
    DicomPixelSource source;
    auto image = source.describe(path);
    if (!image)
        qFatal("%s: %s", qPrintable(path), qPrintable(image.error().toString()));
    const auto pixels = source.decode(path, 0, {});
    if (!pixels)
        qFatal("%s: %s", qPrintable(path), qPrintable(pixels.error().toString()));
    ImageDescriptionPtr shown = *image;
    if (!statePath.isEmpty()) {
        const auto state = source.presentationState(statePath);
        if (!state)
            qFatal("%s: %s", qPrintable(statePath), qPrintable(state.error().toString()));
        const auto presented = presentedBy(**image, **state);
        if (!presented)
            qFatal("%s", qPrintable(presented.error().toString()));
        shown = *presented;
    }
    DisplaySettings settings = defaultSettings(*shown, 0, **pixels);
    if (window) {
        settings.window = *window;
        settings.voiLut.reset();
        settings.function = VoiFunction::Linear;
    }
    settings.overlaysShown = overlays;
    return {shown, renderNative(*shown, 0, **pixels, settings)};
}

} // namespace

void DisplayGoldenTest::images_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<double>("center");
    QTest::addColumn<double>("width");
    QTest::addColumn<bool>("overlays");
    const QString pydicom = QStringLiteral("/pydicom/src/pydicom/data/test_files/");
    const auto window = [](const char* c, const char* w) {
        return QStringList{QStringLiteral("+Ww"), QString::fromLatin1(c), QString::fromLatin1(w)};
    };
    const QStringList noOverlays{QStringLiteral("-O")};
    QTest::newRow("VOI LUT") << QStringLiteral("/pydicom-data/data_store/data/vlut_04.dcm")
                             << QStringList{QStringLiteral("+Wl"), QStringLiteral("1")} << 0.0 << 0.0 << true;
    QTest::newRow("rescaled CT, lung window")
        << QStringLiteral("/cwil/testImages/CTImage.dcm") << window("-600", "1500") << -600.0 << 1500.0 << true;
    QTest::newRow("rescaled CT, narrow window")
        << pydicom + QStringLiteral("CT_small.dcm") << window("40", "80") << 40.0 << 80.0 << true;
    QTest::newRow("MONOCHROME1, 8 bits") << QStringLiteral("/highdicom/data/test_files/dx_image.dcm")
                                         << window("128", "200") << 128.0 << 200.0 << true;
    QTest::newRow("overlay of a scanner")
        << pydicom + QStringLiteral("examples_overlay.dcm") << window("450", "790") << 450.0 << 790.0 << true;
    QTest::newRow("overlay switched off") << pydicom + QStringLiteral("examples_overlay.dcm")
                                          << window("450", "790") + noOverlays << 450.0 << 790.0 << false;
    QTest::newRow("four overlays, two in the pixel data")
        << kWeasis + QStringLiteral("overlay.dcm") << window("2048", "4096") << 2048.0 << 4096.0 << true;
}

void DisplayGoldenTest::images() {
    QFETCH(QString, path);
    QFETCH(QStringList, options);
    QFETCH(double, center);
    QFETCH(double, width);
    QFETCH(bool, overlays);
    if (sharedData().isEmpty())
        QSKIP("no third-party studies");
    if (QStandardPaths::findExecutable(QStringLiteral("dcm2pnm")).isEmpty())
        QSKIP("no DCMTK tools");
    QStringList arguments = options;
    if (overlays) // as ours: bits replaced by white
        arguments << QStringLiteral("+O") << QStringLiteral("0") << QStringLiteral("+Omr");
    const QString out = made(QStringLiteral("judge.pgm"));
    QVERIFY(runJudge(QStringLiteral("dcm2pnm"), arguments << sharedData() + path << out));
    const std::optional<VoiWindow> window = width > 0.0 ? std::optional<VoiWindow>({center, width, {}}) : std::nullopt;
    int count = 0;
    const int largest = largestDifference(draw(sharedData() + path, {}, window, overlays).picture, QImage(out), &count);
    QVERIFY2(largest >= 0 && largest <= 1, qPrintable(QStringLiteral("%1 levels, %2 pixels").arg(largest).arg(count)));
}

void DisplayGoldenTest::states_data() {
    QTest::addColumn<QString>("image");
    QTest::addColumn<QString>("state");
    QTest::newRow("modality, VOI and presentation LUT")
        << kWeasis + QStringLiteral("imageForPrLUTs.dcm") << kWeasis + QStringLiteral("prLUTs.dcm");
}

void DisplayGoldenTest::states() {
    QFETCH(QString, image);
    QFETCH(QString, state);
    if (sharedData().isEmpty())
        QSKIP("no third-party studies");
    if (QStandardPaths::findExecutable(QStringLiteral("dcmp2pgm")).isEmpty())
        QSKIP("no DCMTK tools");
    const QString out = made(QStringLiteral("judge.pgm"));
    QVERIFY(
        runJudge(QStringLiteral("dcmp2pgm"), {QStringLiteral("-p"), sharedData() + state, sharedData() + image, out}));
    int count = 0;
    const int largest =
        largestDifference(draw(sharedData() + image, sharedData() + state).picture, QImage(out), &count);
    QVERIFY2(largest >= 0 && largest <= 1, qPrintable(QStringLiteral("%1 levels, %2 pixels").arg(largest).arg(count)));
}

void DisplayGoldenTest::weasis_data() {
    QTest::addColumn<QString>("image");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("golden");
    QTest::addColumn<int>("tolerance");
    QTest::newRow("LUTs") << QStringLiteral("imageForPrLUTs.dcm") << QStringLiteral("prLUTs.dcm")
                          << QStringLiteral("expected_imgForPrLUT.png") << 1;
    QTest::newRow("six overlays, two of the state's own, two in the pixel data")
        << QStringLiteral("overlay.dcm") << QStringLiteral("prOverlay.dcm") << QStringLiteral("expected_overlay.png")
        << 1;
}

void DisplayGoldenTest::weasis() {
    QFETCH(QString, image);
    QFETCH(QString, state);
    QFETCH(QString, golden);
    QFETCH(int, tolerance);
    if (sharedData().isEmpty())
        QSKIP("no third-party studies");
    const QString folder = sharedData() + kWeasis;
    // Weasis draws overlays in pure green, we in their layer's white.
    QImage theirs = QImage(folder + golden).convertToFormat(QImage::Format_RGB32);
    int overlayPixels = 0;
    for (int y = 0; y < theirs.height(); ++y)
        for (int x = 0; x < theirs.width(); ++x)
            if (theirs.pixel(x, y) == qRgb(0, 255, 0)) {
                theirs.setPixel(x, y, qRgb(255, 255, 255));
                ++overlayPixels;
            }
    QCOMPARE(overlayPixels, golden.contains(u"overlay") ? 3638 : 0);
    int count = 0;
    const int largest = largestDifference(draw(folder + image, folder + state).picture, theirs, &count);
    QVERIFY2(largest >= 0 && largest <= tolerance,
             qPrintable(QStringLiteral("%1 levels, %2 pixels").arg(largest).arg(count)));
}

void DisplayGoldenTest::madeStates_data() {
    QTest::addColumn<QStringList>("edits"); ///< dcmodify on a state that dcmpsmk made of the image
    QTest::addColumn<bool>("monochrome1");
    const QStringList none;
    const auto edits = [](std::initializer_list<const char*> list) {
        QStringList result;
        for (const char* edit : list)
            result << QStringLiteral("-i") << QString::fromLatin1(edit);
        return result;
    };
    QTest::newRow("as made, MONOCHROME2") << none << false;
    QTest::newRow("as made, MONOCHROME1") << none << true;
    QTest::newRow("window") << edits({"(0028,3110)[0].(0028,1050)=300", "(0028,3110)[0].(0028,1051)=500"}) << false;
    QTest::newRow("inverse shape") << edits({"(2050,0020)=INVERSE"}) << false;
}

void DisplayGoldenTest::madeStates() {
    QFETCH(QStringList, edits);
    QFETCH(bool, monochrome1);
    for (const char* tool : {"dcmpsmk", "dcmp2pgm", "dcmodify"})
        if (QStandardPaths::findExecutable(QString::fromLatin1(tool)).isEmpty())
            QSKIP("no DCMTK tools");
    DcmDataset item;
    fillImage(item, 40, 32);
    item.putAndInsertUint16(DCM_BitsStored, 12);
    item.putAndInsertUint16(DCM_HighBit, 11);
    if (monochrome1)
        item.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME1");
    item.putAndInsertString(DCM_RescaleSlope, "2");
    item.putAndInsertString(DCM_RescaleIntercept, "-1024");
    item.putAndInsertString(DCM_WindowCenter, "40");
    item.putAndInsertString(DCM_WindowWidth, "400");
    std::vector<Uint16> words;
    for (int i = 0; i < 40 * 32; ++i)
        words.push_back(static_cast<Uint16>(i * 3 % 4096));
    putPixels(item, words);
    const QString image = made(QStringLiteral("image.dcm")), state = made(QStringLiteral("state.dcm")),
                  out = made(QStringLiteral("judge.pgm"));
    QFile file(image);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(test::file(item));
    file.close();
    QVERIFY(runJudge(QStringLiteral("dcmpsmk"), {image, state}));
    if (!edits.isEmpty())
        QVERIFY(runJudge(QStringLiteral("dcmodify"), QStringList{QStringLiteral("-nb")} + edits + QStringList{state}));
    QVERIFY(runJudge(QStringLiteral("dcmp2pgm"), {QStringLiteral("-p"), state, image, out}));
    int count = 0;
    const int largest = largestDifference(draw(image, state).picture, QImage(out), &count);
    QVERIFY2(largest >= 0 && largest <= 1, qPrintable(QStringLiteral("%1 levels, %2 pixels").arg(largest).arg(count)));
}

void DisplayGoldenTest::embeddedOverlaysAreFound() {
    DcmDataset item;
    fillImage(item, 2, 3);
    item.putAndInsertUint16(DCM_BitsStored, 12);
    item.putAndInsertUint16(DCM_HighBit, 11);
    item.putAndInsertString(DCM_NumberOfFrames, "2");
    item.putAndInsertUint16(DcmTagKey(0x6002, 0x0010), 2);
    item.putAndInsertUint16(DcmTagKey(0x6002, 0x0011), 3);
    item.putAndInsertUint16(DcmTagKey(0x6002, 0x0100), 16);
    item.putAndInsertUint16(DcmTagKey(0x6002, 0x0102), 13);
    putPixels(item, {0x2001, 0x0002, 0xD003, 4, 0x2005, 6, 7, 8, 9, 10, 11, 0x200C});
    DicomPixelSource source;
    const auto image = source.describe(test::file(item));
    QVERIFY(image);
    QCOMPARE((*image)->overlays.size(), size_t{1});
    const OverlayPlane& plane = (*image)->overlays[0];
    QCOMPARE(plane.group, 0x6002);
    QCOMPARE(plane.frameCount, 2);
    const auto row = [&](int frame) {
        QString text;
        for (int i = 0; i < 6; ++i)
            text += QLatin1Char(plane.isSet(plane.frameOver(frame), i % 3, i / 3) ? '1' : '0');
        return text;
    };
    QCOMPARE(row(0), QStringLiteral("100010"));
    QCOMPARE(row(1), QStringLiteral("000001"));
    const auto pixels = source.decode(test::file(item), 0); // and the pixels are clean
    QVERIFY(pixels);
    QCOMPARE((*pixels)->as<std::uint16_t>()[0], std::uint16_t{1});
    QCOMPARE((*pixels)->as<std::uint16_t>()[2], std::uint16_t{3});
}

QTEST_GUILESS_MAIN(DisplayGoldenTest)
#include "display_golden_test.moc"
