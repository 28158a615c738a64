#include "imaging/display_chain.h"

#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>

using namespace yz;

namespace {

template <typename T>
PixelBuffer buffer(SampleType type, int columns, int rows, const std::vector<T>& values, int samples = 1) {
    PixelBuffer pixels;
    pixels.columns = columns;
    pixels.rows = rows;
    pixels.samplesPerPixel = samples;
    pixels.type = type;
    pixels.data.resize(values.size() * sizeof(T));
    std::memcpy(pixels.data.data(), values.data(), pixels.data.size());
    return pixels;
}

template <typename T> PixelBuffer line(SampleType type, const std::vector<T>& values) {
    return buffer(type, static_cast<int>(values.size()), 1, values);
}

ImageDescription grey(int bitsStored, bool isSigned) {
    ImageDescription image;
    image.bitsAllocated = bitsStored > 16 ? 32 : bitsStored > 8 ? 16 : 8;
    image.bitsStored = bitsStored;
    image.isSigned = isSigned;
    image.frames.resize(1);
    return image;
}

DisplaySettings window(double center, double width, VoiFunction function = VoiFunction::Linear) {
    DisplaySettings settings;
    settings.window = {center, width, {}};
    settings.function = function;
    return settings;
}

int greyOf(std::uint32_t argb) { return static_cast<int>(argb & 0xff); }

bool isGrey(std::uint32_t argb) {
    return argb >> 24 == 0xff && (argb & 0xff) == (argb >> 8 & 0xff) && (argb & 0xff) == (argb >> 16 & 0xff);
}

std::vector<int> greys(const ScreenPicture& picture) {
    std::vector<int> out;
    for (const std::uint32_t argb : picture.argb)
        out.push_back(isGrey(argb) ? greyOf(argb) : -1);
    return out;
}

class DisplayChainTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void windowOfTheStandard_data() {
        QTest::addColumn<double>("center");
        QTest::addColumn<double>("width");
        QTest::addColumn<int>("function");
        QTest::addColumn<double>("x");
        QTest::addColumn<int>("y");
        const auto add = [](const char* name, double c, double w, VoiFunction f, double x, int y) {
            QTest::addRow("%s c=%g w=%g x=%g", name, c, w, x) << c << w << static_cast<int>(f) << x << y;
        };
        // The worked examples of PS3.3 C.11.2.1.2.1.
        const VoiFunction linear = VoiFunction::Linear;
        add("linear", 2048, 4096, linear, 0, 0);
        add("linear", 2048, 4096, linear, 0.001, 0);
        add("linear", 2048, 4096, linear, 2047.5, 128);
        add("linear", 2048, 4096, linear, 4095, 255);
        add("linear", 2048, 4096, linear, 4095.001, 255);
        add("linear", 2048, 1, linear, 2047, 0);
        add("linear", 2048, 1, linear, 2047.5, 0);
        add("linear", 2048, 1, linear, 2048, 255);
        add("linear", 0, 100, linear, -50, 0);
        add("linear", 0, 100, linear, -49, 3); // ((-49 + 0.5) / 99 + 0.5) * 255 = 2.58
        add("linear", 0, 100, linear, 0, 129); // (0.5 / 99 + 0.5) * 255 = 128.79
        add("linear", 0, 100, linear, 49, 255);
        add("linear", 0, 100, linear, 50, 255);
        add("linear", 0, 1, linear, -0.5, 0);
        add("linear", 0, 1, linear, -0.49, 255);
        // C.11.2.1.3.2
        const VoiFunction exact = VoiFunction::LinearExact;
        add("exact", 2048, 4096, exact, 0, 0);
        add("exact", 2048, 4096, exact, 2048, 128);
        add("exact", 2048, 4096, exact, 4096, 255);
        add("exact", 0, 100, exact, -50, 0);
        add("exact", 0, 100, exact, -25, 64); // 63.75
        add("exact", 0, 100, exact, 50, 255);
        add("exact", 0, 100, exact, 51, 255);
        add("exact", 0.5, 1, exact, 0.25, 64);
        // C.11.2.1.3.1: 255 / (1 + exp(-4 (x - c) / w))
        const VoiFunction sigmoid = VoiFunction::Sigmoid;
        add("sigmoid", 100, 40, sigmoid, 100, 128);
        add("sigmoid", 100, 40, sigmoid, 110, 186); // 255 / (1 + e^-1) = 186.42
        add("sigmoid", 100, 40, sigmoid, 80, 30);   // 255 / (1 + e^2) = 30.40
        add("sigmoid", 100, 40, sigmoid, 1000, 255);
        add("sigmoid", 100, 40, sigmoid, -1000, 0);
        // Broken widths do not divide by zero.
        add("linear", 10, 0, linear, 9, 0);
        add("linear", 10, 0, linear, 10, 255);
        add("exact", 10, 0, exact, 10, 0);
        add("exact", 10, -5, exact, 11, 255);
    }
    void windowOfTheStandard() {
        QFETCH(double, center);
        QFETCH(double, width);
        QFETCH(int, function);
        QFETCH(double, x);
        QFETCH(int, y);
        QCOMPARE(int(applyVoi(x, {center, width, {}}, static_cast<VoiFunction>(function))), y);
    }
    void notANumberIsBlack() {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(int(applyVoi(nan, {0, 10, {}}, VoiFunction::Linear)), 0);
        QCOMPARE(int(applyVoi(nan, {0, 10, {}}, VoiFunction::Sigmoid)), 0);
    }

    // The table path against the formula, for every stored value there is.
    void everyStoredValue_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("function");
        QTest::addColumn<double>("slope");
        for (const VoiFunction function : {VoiFunction::Linear, VoiFunction::LinearExact, VoiFunction::Sigmoid}) {
            for (const double slope : {1.0, 0.37, -2.0}) {
                const int f = static_cast<int>(function);
                QTest::addRow("u16 %d %g", f, slope) << int(SampleType::UInt16) << 16 << f << slope;
                QTest::addRow("s16 %d %g", f, slope) << int(SampleType::Int16) << 16 << f << slope;
                QTest::addRow("u12 %d %g", f, slope) << int(SampleType::UInt16) << 12 << f << slope;
                QTest::addRow("s12 %d %g", f, slope) << int(SampleType::Int16) << 12 << f << slope;
                QTest::addRow("u8 %d %g", f, slope) << int(SampleType::UInt8) << 8 << f << slope;
                QTest::addRow("s8 %d %g", f, slope) << int(SampleType::Int8) << 8 << f << slope;
            }
        }
    }
    void everyStoredValue() {
        QFETCH(int, type);
        QFETCH(int, bits);
        QFETCH(int, function);
        QFETCH(double, slope);
        const auto sample = static_cast<SampleType>(type);
        const bool isSigned = sample == SampleType::Int16 || sample == SampleType::Int8;
        ImageDescription image = grey(bits, isSigned);
        image.frames[0].rescaleSlope = slope;
        image.frames[0].rescaleIntercept = -1024;
        const int low = isSigned ? -(1 << (bits - 1)) : 0;
        const int count = 1 << bits;
        PixelBuffer pixels;
        pixels.columns = count;
        pixels.rows = 1;
        pixels.type = sample;
        pixels.data.resize(pixels.byteCount());
        for (int i = 0; i < count; ++i) {
            const int value = low + i;
            std::memcpy(pixels.data.data() + i * bytesPerSample(sample), &value,
                        static_cast<size_t>(bytesPerSample(sample)));
        }
        for (const double width : {1.0, 80.0, 1500.0, 70000.0}) {
            const DisplaySettings settings = window(-300.25, width, static_cast<VoiFunction>(function));
            const ScreenPicture picture = renderNative(image, 0, pixels, settings);
            QCOMPARE(picture.argb.size(), size_t(count));
            for (int i = 0; i < count; ++i) {
                const int expected = applyVoi(slope * (low + i) - 1024.0, settings.window, settings.function);
                if (greyOf(picture.argb[size_t(i)]) != expected || !isGrey(picture.argb[size_t(i)]))
                    QFAIL(qPrintable(QStringLiteral("stored %1 width %2").arg(low + i).arg(width)));
            }
        }
    }

    void polarity_data() {
        QTest::addColumn<bool>("monochrome1");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<bool>("inverted");
        QTest::addColumn<bool>("lowIsWhite");
        QTest::newRow("M2") << false << QString() << false << false;
        QTest::newRow("M1") << true << QString() << false << true;
        QTest::newRow("M1 + INVERSE is one inversion") << true << QStringLiteral("INVERSE") << false << true;
        QTest::newRow("M2 + IDENTITY") << false << QStringLiteral("IDENTITY") << false << false;
        QTest::newRow("M2 + INVERSE") << false << QStringLiteral("INVERSE") << false << true;
        QTest::newRow("M1 + IDENTITY") << true << QStringLiteral("IDENTITY") << false << false;
        QTest::newRow("M2 inverted by the reader") << false << QString() << true << true;
        QTest::newRow("M1 inverted by the reader") << true << QStringLiteral("INVERSE ") << true << false;
    }
    void polarity() {
        QFETCH(bool, monochrome1);
        QFETCH(QString, shape);
        QFETCH(bool, inverted);
        QFETCH(bool, lowIsWhite);
        ImageDescription image = grey(12, false);
        image.photometric = monochrome1 ? Photometric::Monochrome1 : Photometric::Monochrome2;
        image.presentationLutShape = shape;
        DisplaySettings settings = window(2048, 4096);
        settings.inverted = inverted;
        const auto out = greys(renderNative(image, 0, line<std::uint16_t>(SampleType::UInt16, {0, 4095}), settings));
        QCOMPARE(out, (lowIsWhite ? std::vector<int>{255, 0} : std::vector<int>{0, 255}));
    }

    void modalityLut() {
        ImageDescription image = grey(16, true);
        image.frames[0].modalityLut = Lut{-2, 16, {10, 20, 30, 40}, {}};
        image.frames[0].rescaleSlope = 5; // the table replaces it
        QCOMPARE(modalityValue(image.frames[0], -100), 10.0);
        QCOMPARE(modalityValue(image.frames[0], -2), 10.0);
        QCOMPARE(modalityValue(image.frames[0], 0), 30.0);
        QCOMPARE(modalityValue(image.frames[0], 1), 40.0);
        QCOMPARE(modalityValue(image.frames[0], 100), 40.0);
        const auto out =
            greys(renderNative(image, 0, line<std::int16_t>(SampleType::Int16, {-5, -1, 0, 5}), window(25.5, 31)));
        // Linear from 10 to 40.
        QCOMPARE(out, (std::vector<int>{0, 85, 170, 255}));
    }

    void voiLut() {
        ImageDescription image = grey(12, false);
        image.frames[0].rescaleIntercept = -1000;
        image.frames[0].voiLuts = {Lut{-1000, 12, {0, 1000, 4095}, {}}, Lut{-999, 8, {255, 0}, {}}};
        DisplaySettings settings = window(0, 1);
        settings.voiLut = 0;
        const PixelBuffer pixels = line<std::uint16_t>(SampleType::UInt16, {0, 1, 2, 4000});
        QCOMPARE(greys(renderNative(image, 0, pixels, settings)), (std::vector<int>{0, 62, 255, 255}));
        settings.voiLut = 1;
        QCOMPARE(greys(renderNative(image, 0, pixels, settings)), (std::vector<int>{255, 255, 0, 0}));
        settings.voiLut = 7; // not there: the window counts
        QCOMPARE(greys(renderNative(image, 0, pixels, settings)), (std::vector<int>{0, 0, 0, 255}));
    }

    void paddingIsBlackWhateverThePolarity() {
        ImageDescription image = grey(16, true);
        image.paddingFirst = -2000;
        image.paddingLast = -1990;
        const PixelBuffer pixels = line<std::int16_t>(SampleType::Int16, {-2001, -2000, -1995, -1990, -1989, 1000});
        DisplaySettings settings = window(0, 100);
        settings.inverted = true;
        QCOMPARE(greys(renderNative(image, 0, pixels, settings)), (std::vector<int>{255, 0, 0, 0, 255, 0}));
        settings.inverted = false;
        QCOMPARE(greys(renderNative(image, 0, pixels, settings)), (std::vector<int>{0, 0, 0, 0, 0, 255}));
        image.paddingLast.reset();
        settings.inverted = true;
        QCOMPARE(greys(renderNative(image, 0, pixels, settings)), (std::vector<int>{255, 0, 255, 255, 255, 0}));
        image.paddingFirst = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(greys(renderNative(image, 0, pixels, settings)), (std::vector<int>{255, 255, 255, 255, 255, 0}));
    }

    void palette() {
        ImageDescription image = grey(8, false);
        image.photometric = Photometric::PaletteColor;
        image.paletteRed = {2, 16, {0x1100, 0xffff, 0x3300}, {}};
        image.paletteGreen = {2, 16, {0x4400, 0x0000, 0x6600}, {}};
        image.paletteBlue = {2, 16, {0x7700, 0x0000, 0x9900}, {}};
        const ScreenPicture picture =
            renderNative(image, 0, line<std::uint8_t>(SampleType::UInt8, {0, 2, 3, 4, 200}), window(0, 1));
        QCOMPARE(picture.argb,
                 (std::vector<std::uint32_t>{0xff114477, 0xff114477, 0xffff0000, 0xff336699, 0xff336699}));
        for (Lut* lut : {&image.paletteRed, &image.paletteGreen, &image.paletteBlue}) {
            lut->bitsPerEntry = 8;
            for (std::uint16_t& entry : lut->entries)
                entry = static_cast<std::uint16_t>(entry >> 8);
        }
        image.bitsStored = image.bitsAllocated = 16;
        const ScreenPicture wide =
            renderNative(image, 0, line<std::uint16_t>(SampleType::UInt16, {0, 3, 60000}), window(0, 1));
        QCOMPARE(wide.argb, (std::vector<std::uint32_t>{0xff114477, 0xffff0000, 0xff336699}));
        image.paletteRed = image.paletteGreen = image.paletteBlue = {};
        QCOMPARE(renderNative(image, 0, line<std::uint16_t>(SampleType::UInt16, {0, 3}), window(0, 1)).argb,
                 (std::vector<std::uint32_t>{0xff000000, 0xff000000}));
    }

    void rgb() {
        ImageDescription image = grey(8, false);
        image.photometric = Photometric::Rgb;
        const auto pixels = buffer<std::uint8_t>(SampleType::UInt8, 2, 1, {1, 2, 3, 254, 0, 128}, 3);
        DisplaySettings settings = window(0, 1);
        QCOMPARE(renderNative(image, 0, pixels, settings).argb, (std::vector<std::uint32_t>{0xff010203, 0xfffe0080}));
        settings.inverted = true;
        QCOMPARE(renderNative(image, 0, pixels, settings).argb, (std::vector<std::uint32_t>{0xfffefdfc, 0xff01ff7f}));
        image.bitsStored = 12;
        const auto wide = buffer<std::uint16_t>(SampleType::UInt16, 1, 1, {0xfff, 0x800, 0x010}, 3);
        settings.inverted = false;
        QCOMPARE(renderNative(image, 0, wide, settings).argb, (std::vector<std::uint32_t>{0xffff8001}));
    }

    void wideAndRealValues() {
        ImageDescription image = grey(32, true);
        image.paddingFirst = 7;
        DisplaySettings settings = window(0, 200000, VoiFunction::LinearExact);
        QCOMPARE(
            greys(renderNative(image, 0, line<std::int32_t>(SampleType::Int32, {-100000, 0, 100000, 7}), settings)),
            (std::vector<int>{0, 128, 255, 0}));
        QCOMPARE(greys(renderNative(image, 0, line<std::uint32_t>(SampleType::UInt32, {0, 4000000000u}), settings)),
                 (std::vector<int>{128, 255}));
        settings = window(0.5, 1, VoiFunction::LinearExact);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(greys(renderNative(image, 0, line<float>(SampleType::Float32, {0.F, 0.25F, 1.F, nan}), settings)),
                 (std::vector<int>{0, 64, 255, 0}));
        QCOMPARE(greys(renderNative(image, 0, line<double>(SampleType::Float64, {0., 0.5, 2.}), settings)),
                 (std::vector<int>{0, 128, 255}));
    }

    void modalityValuesOfAFrame() {
        ImageDescription image = grey(16, true);
        image.frames[0].rescaleSlope = 0.5;
        image.frames[0].rescaleIntercept = -3;
        QCOMPARE(modalityValues(image, 0, line<std::int16_t>(SampleType::Int16, {-4, 0, 7})),
                 (std::vector<float>{-5.F, -3.F, 0.5F}));
        PixelBuffer broken = line<std::int16_t>(SampleType::Int16, {1, 2});
        broken.columns = 9;
        QVERIFY(modalityValues(image, 0, broken).empty());
    }

    void defaultsComeFromTheDataFirst() {
        ImageDescription image = grey(12, false);
        const PixelBuffer pixels = line<std::uint16_t>(SampleType::UInt16, {100, 300, 4000});
        image.paddingFirst = 4000;
        // From the range: 100 is black, 300 is white, padding does not count.
        DisplaySettings settings = defaultSettings(image, 0, pixels);
        QCOMPARE(greys(renderNative(image, 0, pixels, settings)), (std::vector<int>{0, 255, 0}));
        QVERIFY(!settings.voiLut);
        image.frames[0].voiLuts = {Lut{0, 8, {0, 255}, {}}};
        QCOMPARE(defaultSettings(image, 0, pixels).voiLut, std::optional<int>(0));
        image.frames[0].windows = {{5, 0, {}}, {40, 400, QStringLiteral("SOFT")}, {-600, 1500, {}}};
        image.frames[0].voiFunction = VoiFunction::Sigmoid;
        settings = defaultSettings(image, 0, pixels);
        QCOMPARE(settings.window.center, 40.0);
        QCOMPARE(settings.function, VoiFunction::Sigmoid);
        QVERIFY(!settings.voiLut);
    }
    void defaultsOfRealAndEightBitData() {
        ImageDescription image = grey(32, true);
        const PixelBuffer real = line<float>(SampleType::Float32, {0.25F, 0.5F, 0.75F});
        QCOMPARE(greys(renderNative(image, 0, real, defaultSettings(image, 0, real))), (std::vector<int>{0, 128, 255}));
        ImageDescription bytes = grey(8, false);
        const PixelBuffer picture = line<std::uint8_t>(SampleType::UInt8, {0, 17, 90, 255});
        QCOMPARE(greys(renderNative(bytes, 0, picture, defaultSettings(bytes, 0, picture))),
                 (std::vector<int>{0, 17, 90, 255}));
        const PixelBuffer flat = line<std::uint16_t>(SampleType::UInt16, {9, 9});
        ImageDescription twelve = grey(12, false);
        QCOMPARE(defaultSettings(twelve, 0, flat).window.width, 1.0);
    }

    void settingsDoNotLeakIntoEachOther() {
        const PixelBuffer pixels = line<std::int16_t>(SampleType::Int16, {-100, 0, 100});
        ImageDescription a = grey(16, true);
        ImageDescription b = grey(16, true);
        b.frames[0].rescaleIntercept = 100;
        ImageDescription c = grey(16, true);
        c.frames[0].modalityLut = Lut{0, 16, {0, 0, 0}, {}};
        ImageDescription d = c;
        d.frames[0].modalityLut->entries = {100, 100, 100};
        for (int round = 0; round < 3; ++round) {
            // More settings than are kept.
            for (int k = 0; k < 20; ++k) {
                const DisplaySettings settings = window(k, 201 + k);
                for (const ImageDescription* image : {&a, &b, &c, &d}) {
                    const auto out = greys(renderNative(*image, 0, pixels, settings));
                    for (size_t i = 0; i < 3; ++i) {
                        const double value = modalityValue(image->frames[0], pixels.as<std::int16_t>()[i]);
                        QCOMPARE(out[i], int(applyVoi(value, settings.window, settings.function)));
                    }
                }
            }
        }
    }

    void incompletePixelsAreBlack() {
        ImageDescription image = grey(16, false);
        PixelBuffer pixels = line<std::uint16_t>(SampleType::UInt16, {50000, 50000});
        pixels.rows = 2;
        QCOMPARE(greys(renderNative(image, 0, pixels, window(100, 10))), (std::vector<int>{0, 0, 0, 0}));
    }

    void presets() {
        QVERIFY(windowPresets().size() >= 5);
        bool hasLung = false;
        for (const WindowPreset& preset : windowPresets()) {
            QVERIFY(!preset.id.isEmpty());
            QVERIFY(preset.window.width >= 1.0);
            if (preset.id == QLatin1String("ct-lung")) {
                hasLung = true;
                QCOMPARE(preset.window.center, -600.0);
                QCOMPARE(preset.window.width, 1500.0);
                QCOMPARE(preset.modality, QStringLiteral("CT"));
            }
        }
        QVERIFY(hasLung);
    }
};

} // namespace

QTEST_GUILESS_MAIN(DisplayChainTest)
#include "display_chain_test.moc"
