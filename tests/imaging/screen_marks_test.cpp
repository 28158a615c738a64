#include "imaging/presentation.h"

#include <QTest>

using namespace yz;

namespace {

constexpr std::uint32_t kBlack = 0xff000000u, kWhite = 0xffffffffu, kGrey = 0xff646464u;

/// A flat grey picture, so that whatever differs is a mark.
struct Flat {
    ImageDescription image;
    PixelBuffer pixels;
    DisplaySettings settings;

    Flat(int columns, int rows, int frames = 1) {
        image.instance = InstanceUid(QStringLiteral("1.2"));
        image.columns = pixels.columns = columns;
        image.rows = pixels.rows = rows;
        image.frameCount = frames;
        image.bitsAllocated = image.bitsStored = 8;
        image.frames.resize(1);
        pixels.type = SampleType::UInt8;
        pixels.data.assign(pixels.byteCount(), std::byte{100});
        settings.window = {128, 256, {}};
    }
    /// Rows as text: '.' the picture, '#' white, '_' black, '?' anything else.
    [[nodiscard]] QStringList text(int frame = 0) const {
        const ScreenPicture picture = renderNative(image, frame, pixels, settings);
        return text(picture);
    }
    static QStringList text(const ScreenPicture& picture) {
        QStringList lines;
        for (int y = 0; y < picture.height; ++y) {
            QString line;
            for (int x = 0; x < picture.width; ++x) {
                const std::uint32_t pixel = picture.argb[static_cast<size_t>(y * picture.width + x)];
                line += QLatin1Char(pixel == kGrey ? '.' : pixel == kWhite ? '#' : pixel == kBlack ? '_' : '?');
            }
            lines << line;
        }
        return lines;
    }
};

QStringList lines(std::initializer_list<const char*> rows) {
    QStringList list;
    for (const char* row : rows)
        list << QString::fromLatin1(row);
    return list;
}

OverlayPlane plane(int columns, int rows, const QByteArray& bits) {
    OverlayPlane plane;
    plane.columns = columns;
    plane.rows = rows;
    QByteArray packed((bits.size() + 7) / 8, '\0');
    for (qsizetype i = 0; i < bits.size(); ++i)
        if (bits[i] == '1')
            packed[i / 8] = static_cast<char>(packed[i / 8] | 1 << (i % 8));
    plane.bits = std::make_shared<const QByteArray>(packed);
    return plane;
}

} // namespace

class ScreenMarksTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void overlayLiesWhereItsOriginSays() {
        Flat flat(5, 4);
        flat.image.overlays = {plane(2, 2, "1101")};
        flat.image.overlays[0].firstColumn = 3;
        flat.image.overlays[0].firstRow = 2;
        QCOMPARE(flat.text(), lines({".....", "..##.", "...#.", "....."}));
        flat.image.overlays[0].firstColumn = 0; // hangs over the left edge
        flat.image.overlays[0].firstRow = 4;    // and over the bottom
        QCOMPARE(flat.text(), lines({".....", ".....", ".....", "#...."}));
        flat.settings.overlaysShown = false;
        QCOMPARE(flat.text()[3], QStringLiteral("....."));
    }
    void overlayFramesBelongToImageFrames() {
        Flat flat(2, 1, 4);
        flat.image.overlays = {plane(2, 1, "1001")};
        OverlayPlane& overlay = flat.image.overlays[0];
        overlay.frameCount = 2;
        overlay.firstFrame = 2;
        overlay.repeats = false;
        QCOMPARE(flat.text(0)[0], QStringLiteral(".."));
        QCOMPARE(flat.text(1)[0], QStringLiteral("#."));
        QCOMPARE(flat.text(2)[0], QStringLiteral(".#"));
        QCOMPARE(flat.text(3)[0], QStringLiteral(".."));
    }
    void truncatedOverlayIsOff() {
        Flat flat(3, 3);
        flat.image.overlays = {plane(3, 3, "111111111")};
        flat.image.overlays[0].bits = std::make_shared<const QByteArray>(flat.image.overlays[0].bits->left(1));
        QCOMPARE(flat.text(), lines({"###", "###", "##."}));
    }
    void rectangleKeepsItsEdges() {
        Flat flat(6, 4);
        DisplayShutter shutter;
        shutter.rectangle = DisplayShutter::Rectangle{2, 4, 2, 3};
        flat.image.frames[0].shutter = shutter;
        QCOMPARE(flat.text(), lines({"______", "_...__", "_...__", "______"}));
        flat.settings.shutterShown = false;
        QCOMPARE(flat.text()[0], QStringLiteral("......"));
    }
    void circleAndItsColour() {
        Flat flat(7, 7);
        DisplayShutter shutter;
        shutter.circle = DisplayShutter::Circle{4, 4, 2};
        shutter.colour = kWhite;
        flat.image.frames[0].shutter = shutter;
        // Centres at most two pixels from the one in the middle.
        QCOMPARE(flat.text(), lines({"#######", "###.###", "##...##", "#.....#", "##...##", "###.###", "#######"}));
    }
    void polygon() {
        Flat flat(6, 5);
        DisplayShutter shutter;
        shutter.polygon = {{1, 1}, {4, 1}, {4, 3}, {1, 3}}; // with its edges
        flat.image.frames[0].shutter = shutter;
        QCOMPARE(flat.text(), lines({"______", "_...._", "_...._", "_...._", "______"}));
        shutter.polygon = {{0, 0}, {4, 4}, {0, 4}};
        flat.image.frames[0].shutter = shutter;
        QCOMPARE(flat.text(), lines({"._____", "..____", "...___", "....__", "....._"}));
    }
    void shapesTogetherAreWhatAllLeaveOpen() {
        Flat flat(7, 7);
        DisplayShutter shutter;
        shutter.circle = DisplayShutter::Circle{4, 4, 2};
        shutter.rectangle = DisplayShutter::Rectangle{1, 4, 1, 7};
        OverlayPlane bitmap = plane(7, 1, "0001000");
        bitmap.firstRow = 4;
        shutter.bitmap = bitmap;
        flat.image.frames[0].shutter = shutter;
        QCOMPARE(flat.text(), lines({"_______", "___.___", "__..___", "_..____", "__..___", "___.___", "_______"}));
    }
    void overlayLiesOverTheShutter() {
        Flat flat(3, 1);
        DisplayShutter shutter;
        shutter.rectangle = DisplayShutter::Rectangle{1, 1, 1, 1};
        flat.image.frames[0].shutter = shutter;
        flat.image.overlays = {plane(3, 1, "001")};
        QCOMPARE(flat.text()[0], QStringLiteral("._#"));
    }
    void marksFollowTheView() {
        Flat flat(4, 4);
        flat.image.overlays = {plane(4, 4, "1000000000000001")};
        DisplayShutter shutter;
        shutter.rectangle = DisplayShutter::Rectangle{1, 3, 1, 4};
        flat.image.frames[0].shutter = shutter;
        ScreenPicture target;
        target.width = target.height = 8;
        const auto render = [&](int turns, bool mirrored) {
            renderFrame(flat.image, 0, flat.pixels, flat.settings, fitTransform(4, 4, {}, 8, 8, turns, mirrored),
                        Interpolation::Linear, kBlack, target);
            return Flat::text(target);
        };
        QCOMPARE(render(0, false)[0], QStringLiteral("##....__"));
        QCOMPARE(render(0, false)[7], QStringLiteral("......##"));
        QCOMPARE(render(0, true)[0], QStringLiteral("__....##"));
        QCOMPARE(render(1, false)[0], QStringLiteral("......##")); // first row is now the right column
        QCOMPARE(render(1, false)[7], QStringLiteral("##______"));
    }
    void thinLinesSurviveShrinking() {
        Flat flat(64, 64);
        QByteArray bits(64 * 64, '0');
        for (int x = 0; x < 64; ++x)
            bits[33 * 64 + x] = '1';
        flat.image.overlays = {plane(64, 64, bits)};
        ScreenPicture target;
        target.width = target.height = 8;
        renderFrame(flat.image, 0, flat.pixels, flat.settings, fitTransform(64, 64, {}, 8, 8), Interpolation::Linear,
                    kBlack, target);
        QCOMPARE(Flat::text(target)[4], QStringLiteral("########"));
        QCOMPARE(Flat::text(target)[3], QStringLiteral("........"));
    }

    void stateDecidesWhatIsDrawn() {
        Flat flat(3, 1);
        flat.image.overlays = {plane(3, 1, "100"), plane(3, 1, "010")};
        flat.image.overlays[1].group = 0x6002;
        flat.image.frames[0].rescaleIntercept = 50;
        PresentationState state;
        state.images = {{flat.image.instance, {}}};
        const auto shown = [&] {
            Flat presented = flat;
            presented.image = **presentedBy(flat.image, state);
            presented.settings = defaultSettings(presented.image, 0, presented.pixels);
            return presented.text()[0];
        };
        QCOMPARE(shown(), QStringLiteral("...")); // no activation: none; no modality: identity
        state.activations = {{0x6002, QStringLiteral("L")}};
        state.layers = {{QStringLiteral("L"), 1, kBlack, {}}};
        QCOMPARE(shown(), QStringLiteral("._."));
        state.overlays = {plane(3, 1, "001")}; // the state's own plane in the image's group
        state.overlays[0].group = 0x6002;
        QCOMPARE(shown(), QStringLiteral(".._"));
        state.images = {{InstanceUid(QStringLiteral("1.3")), {}}};
        QCOMPARE(presentedBy(flat.image, state).error().code, ErrorCode::NotFound);
        state.kind = PresentationKind::Blending;
        QCOMPARE(presentedBy(flat.image, state).error().code, ErrorCode::NotSupported);
    }
    void stateWindowsMayDifferByFrame() {
        Flat flat(1, 1, 3);
        PresentationState state;
        state.images = {{flat.image.instance, {}}};
        state.vois = {{{{flat.image.instance, {1}}}, {{100, 10, {}}}, VoiFunction::Linear, {}},
                      {{{flat.image.instance, {2}}}, {{90, 4, {}}}, VoiFunction::Linear, {}}};
        const auto presented = presentedBy(flat.image, state);
        QVERIFY(presented);
        QCOMPARE((*presented)->frames.size(), size_t{3});
        const auto grey = [&](int frame) {
            const DisplaySettings settings = defaultSettings(**presented, frame, flat.pixels);
            return renderNative(**presented, frame, flat.pixels, settings).argb[0] & 0xff;
        };
        QCOMPARE(grey(0), 100u); // identity
        QCOMPARE(grey(1), 142u); // (100 - 99.5) / 9 + 0.5 of 255
        QCOMPARE(grey(2), 255u);
    }
    void pseudoColour() {
        Flat flat(1, 1);
        PresentationState state;
        state.kind = PresentationKind::PseudoColour;
        state.images = {{flat.image.instance, {}}};
        const auto ramp = [](int from, int to) {
            Lut lut;
            lut.bitsPerEntry = 8;
            for (int i = 0; i < 256; ++i)
                lut.entries.push_back(static_cast<std::uint16_t>(from + (to - from) * i / 255));
            return lut;
        };
        state.paletteRed = ramp(0, 255);
        state.paletteGreen = ramp(255, 0);
        state.paletteBlue = ramp(7, 7);
        const auto presented = presentedBy(flat.image, state);
        QVERIFY(presented);
        const DisplaySettings settings = defaultSettings(**presented, 0, flat.pixels);
        QCOMPARE(renderNative(**presented, 0, flat.pixels, settings).argb[0], 0xff649b07u);
    }
};

QTEST_GUILESS_MAIN(ScreenMarksTest)
#include "screen_marks_test.moc"
