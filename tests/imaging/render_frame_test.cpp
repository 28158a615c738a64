#include "imaging/display_chain.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

using namespace yz;

namespace {

constexpr std::uint32_t kBackground = 0xff123456;

PixelBuffer randomBytes(int columns, int rows, unsigned seed, int samples = 1) {
    PixelBuffer pixels;
    pixels.columns = columns;
    pixels.rows = rows;
    pixels.samplesPerPixel = samples;
    pixels.type = SampleType::UInt8;
    pixels.data.resize(pixels.byteCount());
    std::mt19937 random(seed);
    for (std::byte& byte : pixels.data)
        byte = static_cast<std::byte>(random() & 0xff);
    return pixels;
}

PixelBuffer randomWords(int columns, int rows, unsigned seed) {
    PixelBuffer pixels;
    pixels.columns = columns;
    pixels.rows = rows;
    pixels.type = SampleType::Int16;
    pixels.data.resize(pixels.byteCount());
    std::mt19937 random(seed);
    auto* values = reinterpret_cast<std::int16_t*>(pixels.data.data());
    for (int i = 0; i < columns * rows; ++i)
        values[i] = static_cast<std::int16_t>(static_cast<int>(random() % 60000) - 30000);
    return pixels;
}

ImageDescription describe(const PixelBuffer& pixels) {
    ImageDescription image;
    image.columns = pixels.columns;
    image.rows = pixels.rows;
    image.isSigned = pixels.type == SampleType::Int16;
    image.bitsAllocated = image.bitsStored = 8 * bytesPerSample(pixels.type);
    image.photometric = pixels.samplesPerPixel == 3 ? Photometric::Rgb : Photometric::Monochrome2;
    image.frames.resize(1);
    return image;
}

/// A window under which the 256 grey levels are the 256 bytes, or as many shares of the 16-bit range.
DisplaySettings fullRange(const PixelBuffer& pixels) {
    DisplaySettings settings;
    settings.window = pixels.type == SampleType::UInt8 ? VoiWindow{128, 256, {}} : VoiWindow{0.5, 65536, {}};
    return settings;
}

double sample(const PixelBuffer& pixels, int x, int y, int channel = 0) {
    const size_t index = (static_cast<size_t>(std::clamp(y, 0, pixels.rows - 1)) * static_cast<size_t>(pixels.columns) +
                          static_cast<size_t>(std::clamp(x, 0, pixels.columns - 1))) *
                             static_cast<size_t>(pixels.samplesPerPixel) +
                         static_cast<size_t>(channel);
    return pixels.type == SampleType::UInt8 ? pixels.as<std::uint8_t>()[index] : pixels.as<std::int16_t>()[index];
}

double linearAt(const PixelBuffer& pixels, ImagePoint at, int channel = 0) {
    const double x = std::clamp(at.x, 0.0, pixels.columns - 1.0);
    const double y = std::clamp(at.y, 0.0, pixels.rows - 1.0);
    const int x0 = static_cast<int>(x);
    const int y0 = static_cast<int>(y);
    const double fx = x - x0;
    const double fy = y - y0;
    return (sample(pixels, x0, y0, channel) * (1 - fx) + sample(pixels, x0 + 1, y0, channel) * fx) * (1 - fy) +
           (sample(pixels, x0, y0 + 1, channel) * (1 - fx) + sample(pixels, x0 + 1, y0 + 1, channel) * fx) * fy;
}

/// Mean over the footprint of a screen pixel, cut at the border of the image.
double meanOver(const PixelBuffer& pixels, ImagePoint a, ImagePoint b, int channel = 0) {
    const double left = std::max(std::min(a.x, b.x) + 0.5, 0.0);
    const double right = std::min(std::max(a.x, b.x) + 0.5, static_cast<double>(pixels.columns));
    const double top = std::max(std::min(a.y, b.y) + 0.5, 0.0);
    const double bottom = std::min(std::max(a.y, b.y) + 0.5, static_cast<double>(pixels.rows));
    double sum = 0.0;
    double area = 0.0;
    for (int y = static_cast<int>(top); y < bottom; ++y) {
        const double height = std::min(bottom, y + 1.0) - std::max(top, static_cast<double>(y));
        for (int x = static_cast<int>(left); x < right; ++x) {
            const double width = std::min(right, x + 1.0) - std::max(left, static_cast<double>(x));
            sum += sample(pixels, x, y, channel) * width * height;
            area += width * height;
        }
    }
    return area > 0.0 ? sum / area : 0.0;
}

bool isOnImage(const PixelBuffer& pixels, ImagePoint at) {
    return at.x >= -0.5 && at.y >= -0.5 && at.x < pixels.columns - 0.5 && at.y < pixels.rows - 0.5;
}

/// Distance of a point from the border of the image, in pixels: too close to call is left out of a comparison.
double borderDistance(const PixelBuffer& pixels, ImagePoint at) {
    return std::min({std::abs(at.x + 0.5), std::abs(at.y + 0.5), std::abs(at.x - (pixels.columns - 0.5)),
                     std::abs(at.y - (pixels.rows - 0.5))});
}

ViewTransform randomTransform(std::mt19937& random, double smallest, double largest) {
    std::uniform_real_distribution<double> scale(std::log(smallest), std::log(largest));
    std::uniform_real_distribution<double> offset(-40, 90);
    ViewTransform transform;
    transform.scaleX = std::exp(scale(random));
    transform.scaleY = std::exp(scale(random));
    transform.offsetX = offset(random);
    transform.offsetY = offset(random);
    transform.quarterTurns = static_cast<int>(random() % 8) - 3;
    transform.mirrored = random() % 2 == 0;
    return transform;
}

double byteOf(const PixelBuffer& pixels, double stored) {
    return pixels.type == SampleType::UInt8 ? stored : (stored + 32767.5) / 65535.0 * 255.0;
}

class RenderFrameTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void toImageUndoesToView() {
        std::mt19937 random(1);
        std::uniform_real_distribution<double> point(-500, 500);
        for (int i = 0; i < 2000; ++i) {
            const ViewTransform transform = randomTransform(random, 0.05, 20);
            const ImagePoint a{point(random), point(random)};
            const ImagePoint b = transform.toImage(transform.toView(a));
            QVERIFY((a - b).length() < 1e-9);
            const ViewPoint c{point(random), point(random)};
            QVERIFY((transform.toView(transform.toImage(c)) - c).length() < 1e-8);
        }
    }

    void turnsAreClockwiseAndAfterTheMirror() {
        ViewTransform transform;
        transform.quarterTurns = 1; // what points right points down
        QVERIFY((transform.toView({5, 0}) - ViewPoint{0, 5}).length() < 1e-12);
        QVERIFY((transform.toView({0, 5}) - ViewPoint{-5, 0}).length() < 1e-12);
        transform.mirrored = true; // right becomes left, then up
        QVERIFY((transform.toView({5, 0}) - ViewPoint{0, -5}).length() < 1e-12);
        transform.quarterTurns = -1;
        QVERIFY((transform.toView({5, 0}) - ViewPoint{0, 5}).length() < 1e-12);
        transform.quarterTurns = 4;
        QVERIFY((transform.toView({5, 2}) - ViewPoint{-5, 2}).length() < 1e-12);
    }

    void fitFillsTheViewportAndKeepsTheAspect() {
        std::mt19937 random(2);
        for (int i = 0; i < 500; ++i) {
            const int columns = 1 + static_cast<int>(random() % 900);
            const int rows = 1 + static_cast<int>(random() % 900);
            const PixelSpacing spacing{0.1 + (random() % 100) / 50.0, 0.1 + (random() % 100) / 50.0,
                                       Calibration::PixelSpacing};
            const int width = 1 + static_cast<int>(random() % 1500);
            const int height = 1 + static_cast<int>(random() % 1500);
            const int turns = static_cast<int>(random() % 4);
            const ViewTransform fit = fitTransform(columns, rows, spacing, width, height, turns, random() % 2 == 0);
            const ViewPoint a = fit.toView({-0.5, -0.5});
            const ViewPoint b = fit.toView({columns - 0.5, rows - 0.5});
            QVERIFY(std::abs((a.x + b.x) / 2 - width / 2.0) < 1e-6);
            QVERIFY(std::abs((a.y + b.y) / 2 - height / 2.0) < 1e-6);
            const double shownWidth = std::abs(b.x - a.x);
            const double shownHeight = std::abs(b.y - a.y);
            QVERIFY(shownWidth < width + 1e-6 && shownHeight < height + 1e-6);
            QVERIFY(std::abs(shownWidth - width) < 1e-6 || std::abs(shownHeight - height) < 1e-6);
            // One mm is equally long both ways.
            const double pxPerMmX = (fit.toView({1, 0}) - fit.toView({0, 0})).length() / spacing.columnMm;
            const double pxPerMmY = (fit.toView({0, 1}) - fit.toView({0, 0})).length() / spacing.rowMm;
            QVERIFY(std::abs(pxPerMmX - pxPerMmY) < 1e-9 * pxPerMmX);
        }
        const ViewTransform odd = fitTransform(10, 10, {0, -1, Calibration::None}, 100, 100);
        QCOMPARE(odd.scaleX, 10.0);
        QCOMPARE(odd.scaleY, 10.0);
    }

    void agreesWithASlowReference_data() {
        QTest::addColumn<int>("kind"); // 0: 8-bit grey, 1: 16-bit grey, 2: colour
        QTest::addColumn<bool>("linear");
        for (const int kind : {0, 1, 2}) {
            QTest::addRow("kind %d nearest", kind) << kind << false;
            QTest::addRow("kind %d linear and area", kind) << kind << true;
        }
    }
    void agreesWithASlowReference() {
        QFETCH(int, kind);
        QFETCH(bool, linear);
        std::mt19937 random(3);
        int compared = 0;
        for (int i = 0; i < 300; ++i) {
            const int columns = 1 + static_cast<int>(random() % 70);
            const int rows = 1 + static_cast<int>(random() % 70);
            const PixelBuffer pixels = kind == 1 ? randomWords(columns, rows, random())
                                                 : randomBytes(columns, rows, random(), kind == 2 ? 3 : 1);
            const ImageDescription image = describe(pixels);
            const ViewTransform transform = randomTransform(random, 0.1, 6);
            ScreenPicture target;
            target.width = 1 + static_cast<int>(random() % 120);
            target.height = 1 + static_cast<int>(random() % 120);
            renderFrame(image, 0, pixels, fullRange(pixels), transform,
                        linear ? Interpolation::Linear : Interpolation::Nearest, kBackground, target);
            const bool isTurned = transform.quarterTurns % 2 != 0;
            const double stepX = 1.0 / (isTurned ? transform.scaleY : transform.scaleX);
            const double stepY = 1.0 / (isTurned ? transform.scaleX : transform.scaleY);
            const bool isArea = linear && (stepX > 2.0 || stepY > 2.0);
            for (int y = 0; y < target.height; ++y) {
                for (int x = 0; x < target.width; ++x) {
                    const ImagePoint at = transform.toImage({x + 0.5, y + 0.5});
                    if (borderDistance(pixels, at) < 1e-6)
                        continue;
                    const std::uint32_t shown = target.argb[size_t(y) * size_t(target.width) + size_t(x)];
                    if (!isOnImage(pixels, at)) {
                        QCOMPARE(shown, kBackground);
                        continue;
                    }
                    const bool isBetweenPixels = std::abs(at.x + 0.5 - std::round(at.x + 0.5)) < 1e-6 ||
                                                 std::abs(at.y + 0.5 - std::round(at.y + 0.5)) < 1e-6;
                    if (!linear && isBetweenPixels)
                        continue;
                    for (int channel = 0; channel < 3; ++channel) {
                        const int source = kind == 2 ? channel : 0;
                        double expected = 0.0;
                        if (!linear) {
                            expected = sample(pixels, int(std::floor(at.x + 0.5)), int(std::floor(at.y + 0.5)), source);
                        } else if (isArea) {
                            // A box never smaller than one image pixel's share of the screen pixel.
                            const ImagePoint half{stepX / 2, stepY / 2};
                            expected = meanOver(pixels, at - half, at + half, source);
                        } else {
                            expected = linearAt(pixels, at, source);
                        }
                        const double got = static_cast<double>(shown >> (16 - 8 * channel) & 0xff);
                        // Rounding of the level; colours round once more between the axes and weigh with 8 bits.
                        const double tolerance = !linear ? 0.5001 : kind == 2 && !isArea ? 2.01 : 0.52;
                        if (std::abs(got - byteOf(pixels, expected)) > tolerance)
                            QFAIL(qPrintable(QStringLiteral("case %1 pixel %2,%3: %4 instead of %5")
                                                 .arg(i)
                                                 .arg(x)
                                                 .arg(y)
                                                 .arg(got)
                                                 .arg(byteOf(pixels, expected))));
                        ++compared;
                    }
                }
            }
        }
        QVERIFY(compared > 100000);
    }

    /// A slope decoded at reduced resolution lies where the full one does, and covers the same screen pixels.
    void reducedPictureLiesWhereTheFullOneDoes() {
        std::mt19937 random(44);
        for (int i = 0; i < 120; ++i) {
            const bool isColour = i % 4 == 3;
            const int columns = 33 + static_cast<int>(random() % 100), rows = 33 + static_cast<int>(random() % 100);
            PixelBuffer full;
            full.columns = columns;
            full.rows = rows;
            full.samplesPerPixel = isColour ? 3 : 1;
            full.type = SampleType::UInt8;
            full.data.resize(full.byteCount());
            const auto levelAt = [](int x, int y) { return static_cast<std::byte>(20 + x + y / 2); };
            for (int y = 0; y < rows; ++y)
                for (int x = 0; x < columns; ++x)
                    for (int c = 0; c < full.samplesPerPixel; ++c)
                        full.data[size_t((y * columns + x) * full.samplesPerPixel + c)] = levelAt(x, y);
            const ImageDescription image = describe(full);
            PixelBuffer reduced = full;
            reduced.reduction = 1 + i % 3;
            const int step = 1 << reduced.reduction;
            reduced.columns = (columns + step - 1) / step;
            reduced.rows = (rows + step - 1) / step;
            reduced.data.resize(reduced.byteCount());
            for (int y = 0; y < reduced.rows; ++y)
                for (int x = 0; x < reduced.columns; ++x)
                    for (int c = 0; c < full.samplesPerPixel; ++c)
                        reduced.data[size_t((y * reduced.columns + x) * full.samplesPerPixel + c)] =
                            levelAt(x * step, y * step);
            const ViewTransform transform = randomTransform(random, 0.3, 8);
            ScreenPicture expected, got;
            expected.width = got.width = 150;
            expected.height = got.height = 130;
            renderFrame(image, 0, full, fullRange(full), transform, Interpolation::Linear, kBackground, expected);
            renderFrame(image, 0, reduced, fullRange(full), transform, Interpolation::Linear, kBackground, got);
            for (int y = 0; y < got.height; ++y)
                for (int x = 0; x < got.width; ++x) {
                    const size_t at = size_t(y) * size_t(got.width) + size_t(x);
                    if (expected.argb[at] == kBackground || got.argb[at] == kBackground) {
                        QCOMPARE(got.argb[at], expected.argb[at]);
                        continue;
                    }
                    const ImagePoint point = transform.toImage({x + 0.5, y + 0.5});
                    // Beyond the last sample its value is repeated.
                    const double tail = std::max(0.0, point.x - (reduced.columns - 1) * step) +
                                        std::max(0.0, point.y - (reduced.rows - 1) * step);
                    const int off = std::abs(int(got.argb[at] & 0xff) - int(expected.argb[at] & 0xff));
                    QVERIFY2(off <= 2.5 + tail + 1.5 / std::min(transform.scaleX, transform.scaleY),
                             qPrintable(QStringLiteral("case %1 at %2,%3: %4").arg(i).arg(x).arg(y).arg(off)));
                }
        }
    }

    void oneToOneIsTheNativePicture() {
        const PixelBuffer pixels = randomWords(61, 47, 9);
        const ImageDescription image = describe(pixels);
        const DisplaySettings settings = fullRange(pixels);
        for (const Interpolation interpolation : {Interpolation::Nearest, Interpolation::Linear}) {
            ScreenPicture target;
            target.width = 61;
            target.height = 47;
            ViewTransform transform;
            transform.offsetX = transform.offsetY = 0.5; // pixel centres on pixel centres
            renderFrame(image, 0, pixels, settings, transform, interpolation, kBackground, target);
            QCOMPARE(target.argb, renderNative(image, 0, pixels, settings).argb);
        }
    }

    void fourTurnsAndTwoMirrorsAreNothing() {
        const PixelBuffer pixels = randomWords(40, 30, 4);
        const ImageDescription image = describe(pixels);
        const DisplaySettings settings = fullRange(pixels);
        const auto shown = [&](int turns, bool mirrored, int width, int height) {
            ScreenPicture target;
            target.width = width;
            target.height = height;
            renderFrame(image, 0, pixels, settings, fitTransform(40, 30, {}, width, height, turns, mirrored),
                        Interpolation::Linear, kBackground, target);
            return target;
        };
        const ScreenPicture upright = shown(0, false, 120, 90);
        QCOMPARE(shown(4, false, 120, 90).argb, upright.argb);
        const ScreenPicture quarter = shown(1, false, 90, 120);
        const ScreenPicture half = shown(2, false, 120, 90);
        const ScreenPicture mirror = shown(0, true, 120, 90);
        for (int y = 0; y < 90; ++y) {
            for (int x = 0; x < 120; ++x) {
                const int value = static_cast<int>(upright.argb[size_t(y * 120 + x)] & 0xff);
                const auto close = [&](std::uint32_t other) { return std::abs(value - int(other & 0xff)) <= 1; };
                QVERIFY(close(quarter.argb[size_t(x * 90 + (89 - y))]));
                QVERIFY(close(half.argb[size_t((89 - y) * 120 + (119 - x))]));
                QVERIFY(close(mirror.argb[size_t(y * 120 + (119 - x))]));
            }
        }
    }

    void shrinkingKeepsTheMean() {
        // A checkerboard that sampling would turn into stripes.
        PixelBuffer pixels = randomBytes(400, 300, 1);
        for (int y = 0; y < 300; ++y) {
            for (int x = 0; x < 400; ++x)
                pixels.data[size_t(y * 400 + x)] = static_cast<std::byte>((x + y) % 2 == 0 ? 0 : 200);
        }
        ScreenPicture target;
        target.width = 57;
        target.height = 43;
        renderFrame(describe(pixels), 0, pixels, fullRange(pixels), fitTransform(400, 300, {}, 57, 43),
                    Interpolation::Linear, 0xff000000, target);
        int lowest = 255;
        int highest = 0;
        for (int y = 2; y < 41; ++y) {
            for (int x = 2; x < 55; ++x) {
                const int value = static_cast<int>(target.argb[size_t(y * 57 + x)] & 0xff);
                lowest = std::min(lowest, value);
                highest = std::max(highest, value);
            }
        }
        QVERIFY2(lowest >= 95 && highest <= 105, qPrintable(QStringLiteral("%1..%2").arg(lowest).arg(highest)));
    }

    void brightPaddingDoesNotBleed() {
        // MONOCHROME1 with padding at 0: black paint beside a white area, no white seam between the two dark sides.
        PixelBuffer pixels = randomBytes(8, 8, 1);
        for (int i = 0; i < 64; ++i)
            pixels.data[size_t(i)] = static_cast<std::byte>(i % 8 < 4 ? 0 : 255);
        ImageDescription image = describe(pixels);
        image.photometric = Photometric::Monochrome1;
        image.paddingFirst = 0;
        ScreenPicture target;
        target.width = target.height = 64;
        renderFrame(image, 0, pixels, fullRange(pixels), fitTransform(8, 8, {}, 64, 64), Interpolation::Linear,
                    kBackground, target);
        for (const std::uint32_t pixel : target.argb)
            QCOMPARE(pixel, 0xff000000u);
    }

    void strangeInputIsHarmless() {
        const PixelBuffer pixels = randomWords(20, 10, 1);
        const ImageDescription image = describe(pixels);
        ScreenPicture target;
        renderFrame(image, 0, pixels, fullRange(pixels), {}, Interpolation::Linear, kBackground, target);
        QVERIFY(target.argb.empty());
        target.width = 30;
        target.height = 20;
        const std::vector<std::uint32_t> background(600, kBackground);
        ViewTransform transform;
        transform.scaleX = 0.0;
        renderFrame(image, 0, pixels, fullRange(pixels), transform, Interpolation::Linear, kBackground, target);
        QCOMPARE(target.argb, background);
        transform = {};
        transform.offsetX = 1e12;
        renderFrame(image, 0, pixels, fullRange(pixels), transform, Interpolation::Linear, kBackground, target);
        QCOMPARE(target.argb, background);
        transform.offsetX = std::nan("");
        renderFrame(image, 0, pixels, fullRange(pixels), transform, Interpolation::Nearest, kBackground, target);
        QCOMPARE(target.argb, background);
        PixelBuffer broken = pixels;
        broken.data.resize(11);
        renderFrame(image, 0, broken, fullRange(pixels), {}, Interpolation::Linear, kBackground, target);
        QCOMPARE(target.argb, background);
        // Far in: one pixel fills the viewport.
        transform = {};
        transform.scaleX = transform.scaleY = 1e6;
        transform.offsetX = transform.offsetY = 10;
        renderFrame(image, 0, pixels, fullRange(pixels), transform, Interpolation::Linear, kBackground, target);
        QVERIFY(
            std::all_of(target.argb.begin(), target.argb.end(), [&](std::uint32_t p) { return p == target.argb[0]; }));
        // Far out: less than a pixel is left.
        transform.scaleX = transform.scaleY = 1e-4;
        renderFrame(image, 0, pixels, fullRange(pixels), transform, Interpolation::Linear, kBackground, target);
        QCOMPARE(std::count(target.argb.begin(), target.argb.end(), kBackground), std::ptrdiff_t(600));
    }
};

} // namespace

QTEST_GUILESS_MAIN(RenderFrameTest)
#include "render_frame_test.moc"
