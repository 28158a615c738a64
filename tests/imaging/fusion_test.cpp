#include "imaging/fusion.h"
#include "imaging/volume_preset.h"
#include "imaging/volume_projection.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <algorithm>

using namespace yz;

namespace {

ColourPalette shipped(const char* id) {
    QFile file(QStringLiteral(":/yz/palettes/%1.json").arg(QLatin1String(id)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return parsePalette(file.readAll()).value_or(ColourPalette{});
}

/// A grid of 20 x 16 x 12 voxels of 2 x 2 x 3 mm, all 10 but for one of 500.
Volume gridWithOneBright(VoxelIndex bright) {
    Volume volume;
    volume.columns = 20;
    volume.rows = 16;
    volume.slices = 12;
    volume.columnMm = volume.rowMm = 2.0;
    volume.sliceMm = 3.0;
    volume.origin = {-10, 5, 30};
    volume.row = {1, 0, 0};
    volume.column = {0, 1, 0};
    volume.slice = {0, 0, 1};
    volume.outside = 0;
    volume.voxels.assign(20 * 16 * 12, 10);
    volume.voxels[static_cast<size_t>((bright.z * 16 + bright.y) * 20 + bright.x)] = 500;
    volume.filled.assign(12, 1);
    return volume;
}

} // namespace

class FusionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Entries of the tables of PS3.6 Annex B.1.
    void wellKnownPalettes_data() {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<int>("level");
        QTest::addColumn<quint32>("colour");
        const auto row = [](const char* id, int level, quint32 colour) {
            QTest::addRow("%s %d", id, level) << QByteArray(id) << level << (0xff000000u | colour);
        };
        row("hot-iron", 0, 0x000000);
        row("hot-iron", 1, 0x020000);
        row("hot-iron", 127, 0xfe0000);
        row("hot-iron", 129, 0xff0200);
        row("hot-iron", 193, 0xff8204);
        row("hot-iron", 254, 0xfffcf8);
        row("hot-iron", 255, 0xffffff);
        row("pet", 31, 0x003e3d);
        row("pet", 32, 0x00413f);
        row("pet", 63, 0x00807d);
        row("pet", 95, 0x3f40bd);
        row("pet", 106, 0x552bd3);
        row("pet", 107, 0x5629d5);
        row("pet", 127, 0x7e01fd);
        row("pet", 128, 0x8000ff);
        row("pet", 149, 0xaa2aac);
        row("pet", 150, 0xab2ca8);
        row("pet", 192, 0xff8000);
        row("pet", 212, 0xffa850);
        row("pet", 213, 0xffaa55);
        row("pet", 254, 0xfffcfa);
        row("pet", 255, 0xffffff);
        row("hot-metal-blue", 8, 0x000010);
        row("hot-metal-blue", 9, 0x000011);
        row("hot-metal-blue", 43, 0x000054);
        row("hot-metal-blue", 86, 0x0300a9);
        row("hot-metal-blue", 102, 0x3200c8);
        row("hot-metal-blue", 136, 0x8c2032);
        row("hot-metal-blue", 255, 0xffffff);
        row("pet-20-step", 12, 0x000000);
        row("pet-20-step", 13, 0x600050);
        row("pet-20-step", 50, 0x303070);
        row("pet-20-step", 51, 0x505080);
        row("pet-20-step", 242, 0xff0000);
        row("pet-20-step", 243, 0xffffff);
        row("pet-20-step", 255, 0xffffff);
    }
    void wellKnownPalettes() {
        QFETCH(QByteArray, id);
        QFETCH(int, level);
        QFETCH(quint32, colour);
        const ColourPalette palette = shipped(id.constData());
        QCOMPARE(palette.id.toLatin1(), id);
        QCOMPARE(QString::number(palette.argb[static_cast<size_t>(level)], 16), QString::number(colour, 16));
    }

    void everyShippedFileParses() {
        const QStringList palettes = QDir(QStringLiteral(":/yz/palettes")).entryList();
        QCOMPARE(palettes.size(), 4);
        const QDir folder(QStringLiteral(":/yz/rendering"));
        QCOMPARE(folder.entryList().size(), 4);
        for (const QString& name : folder.entryList()) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto preset = parseVolumePreset(file.readAll());
            QVERIFY2(preset.has_value(), qPrintable(name));
            QCOMPARE(QString(preset->id + QStringLiteral(".json")), name);
        }
    }

    void brokenFilesAreRefused() {
        for (const char* text :
             {"{", "{\"id\":\"a\"}", "{\"id\":\"a\",\"name\":\"A\",\"red\":[[0,0],[200,255]],\"green\":[],\"blue\":[]}",
              "{\"id\":\"a\",\"name\":\"A\",\"steps\":[[0,0,300]]}",
              "{\"id\":\"a\",\"name\":\"A\",\"red\":[[0,0],[0,9],[255,1]],\"green\":[[0,0],[255,1]],\"blue\":[[0,0],["
              "255,1]]}"})
            QCOMPARE(parsePalette(text).error().code, ErrorCode::TemplateBroken);
        for (const char* text : {"{", "{\"id\":\"a\",\"name\":\"A\"}",
                                 "{\"id\":\"a\",\"name\":\"A\",\"corners\":[{\"value\":1,\"opacity\":2,\"colour\":[0,0,"
                                 "0]},{\"value\":2,\"opacity\":0,\"colour\":[0,0,0]}]}",
                                 "{\"id\":\"a\",\"name\":\"A\",\"corners\":[{\"value\":2,\"opacity\":0,\"colour\":[0,0,"
                                 "0]},{\"value\":2,\"opacity\":0,\"colour\":[0,0,0]}]}"})
            QCOMPARE(parseVolumePreset(text).error().code, ErrorCode::TemplateBroken);
    }

    void layingOver() {
        const ColourPalette palette = shipped("hot-iron");
        ScreenPicture base{4, 1, {0xff646464u, 0xff646464u, 0xff646464u, 0xff646464u}};
        const ScreenPicture over{4, 1, {0xff000000u, 0xff101010u, 0xff404040u, 0xffffffffu}};
        layOver(base, over, palette, 0.5);
        QCOMPARE(base.argb[0], 0xff646464u); // level 0: the base alone
        // Level 16: half of the half. 100 * 192/256 + (32, 0, 0) * 64/256.
        QCOMPARE(base.argb[1], 0xff534b4bu);
        // Level 64: 100 * 1/2 + (128, 0, 0) * 1/2.
        QCOMPARE(base.argb[2], 0xff723232u);
        QCOMPARE(base.argb[3], 0xffb2b2b2u);
        ScreenPicture other{2, 1, {1, 2}};
        layOver(other, over, palette, 0.5); // another size: left alone
        QCOMPARE(other.argb, (std::vector<std::uint32_t>{1, 2}));
    }

    void overlayLiesOverTheBase_data() {
        QTest::addColumn<int>("turns");
        QTest::addColumn<bool>("mirrored");
        for (int turns = 0; turns < 4; ++turns)
            for (const bool mirrored : {false, true})
                QTest::addRow("%d %d", turns, int(mirrored)) << turns << mirrored;
    }
    /// A point of the patient lies at one place of the screen, reached through either picture; pixels not square.
    void overlayLiesOverTheBase() {
        QFETCH(int, turns);
        QFETCH(bool, mirrored);
        ImageDescription base;
        base.columns = 90;
        base.rows = 60;
        FrameDescription frame;
        frame.plane = PlanePosition{{-20, 30, 7}, {0, 1, 0}, {0, 0, -1}};
        frame.spacing = {1.5, 0.8, Calibration::PixelSpacing};
        base.frames = {frame};
        const auto cut = overlayPlane(base, 0);
        QVERIFY(cut);
        QCOMPARE(cut->plane.pixelMm, 0.8);
        const ViewTransform transform = fitTransform(90, 60, frame.spacing, 640, 480, turns, mirrored);
        const ViewTransform over = overlayTransform(transform, frame.spacing, *cut);
        for (const ImagePoint point : {ImagePoint{0, 0}, {89, 59}, {12.25, 40.5}, {-0.5, 59.5}}) {
            const PatientPoint place =
                frame.plane->position + frame.plane->row * (point.x * 0.8) + frame.plane->column * (point.y * 1.5);
            const PatientVector from = place - cut->plane.origin;
            const ImagePoint own{from.dot(cut->plane.row) / cut->plane.pixelMm,
                                 from.dot(cut->plane.column) / cut->plane.pixelMm};
            QVERIFY(own.x >= -0.5 && own.y >= -0.5 && own.x <= cut->plane.width - 0.5 &&
                    own.y <= cut->plane.height - 0.5);
            const ViewPoint a = transform.toView(point), b = over.toView(own);
            QVERIFY(std::abs(a.x - b.x) < 1e-9 && std::abs(a.y - b.y) < 1e-9);
        }
    }

    void aFrameWithoutPlaceHasNoOverlay() {
        ImageDescription base;
        base.columns = base.rows = 10;
        base.frames = {FrameDescription{}};
        QVERIFY(!overlayPlane(base, 0));
    }

    void storedValues() {
        const Volume volume = gridWithOneBright({5, 6, 7});
        const PatientPoint at = volume.toPatient({5, 6, 7});
        QCOMPARE(storedValueAt(volume, at), 500.0);
        QCOMPARE(storedValueAt(volume, at + PatientPoint{1.0, 0, 0}), 255.0); // half way to a 10
        QCOMPARE(storedValueAt(volume, at + PatientPoint{0, 0, 3.0}), 10.0);
        QVERIFY(!storedValueAt(volume, {-500, 0, 0}));
    }

    void sidesOfThePatient() {
        const auto letters = [](VolumeSide side) {
            const VolumeFacing facing = facingFrom(side);
            return QString(orientationLetters(facing.right) + u'/' + orientationLetters(facing.down) + u'/' +
                           orientationLetters(facing.into()));
        };
        QCOMPARE(letters(VolumeSide::Front), QStringLiteral("L/F/P"));
        QCOMPARE(letters(VolumeSide::Back), QStringLiteral("R/F/A"));
        QCOMPARE(letters(VolumeSide::Left), QStringLiteral("P/F/R"));
        QCOMPARE(letters(VolumeSide::Right), QStringLiteral("A/F/L"));
        QCOMPARE(letters(VolumeSide::Head), QStringLiteral("R/P/F"));
        QCOMPARE(letters(VolumeSide::Feet), QStringLiteral("L/P/H"));
        // A quarter to the right from the front shows the patient's right side: what was in front is on the right.
        const VolumeFacing quarter = turned({}, 90.0, 0.0);
        QCOMPARE(orientationLetters(quarter.right), QStringLiteral("A"));
        QCOMPARE(orientationLetters(quarter.into()), QStringLiteral("L"));
        const VolumeFacing down = turned({}, 0.0, 90.0); // the front goes down: seen from the head
        QCOMPARE(orientationLetters(down.down), QStringLiteral("A"));
        QCOMPARE(orientationLetters(down.into()), QStringLiteral("F"));
        VolumeFacing around;
        for (int i = 0; i < 36; ++i)
            around = turned(around, 10.0, 0.0);
        QVERIFY((around.right - PatientVector{1, 0, 0}).length() < 1e-9);
    }

    /// The brightest value is found from every side, where the point projects to.
    void brightestValueFromEverySide() {
        const Volume volume = gridWithOneBright({5, 6, 7});
        const PatientPoint at = volume.toPatient({5, 6, 7});
        for (const VolumeSide side : {VolumeSide::Front, VolumeSide::Back, VolumeSide::Left, VolumeSide::Right,
                                      VolumeSide::Head, VolumeSide::Feet}) {
            const VolumeProjection projection = projectionOf(volume, facingFrom(side), 0.5);
            const PixelBufferPtr mip = reslice(volume, projection.plane, {SlabMode::Mip, projection.depthMm});
            const PatientVector from = at - projection.plane.origin;
            const long x = std::lround(from.dot(projection.plane.row) / 0.5),
                       y = std::lround(from.dot(projection.plane.column) / 0.5);
            QVERIFY(x >= 0 && y >= 0 && x < mip->columns && y < mip->rows);
            const auto* values = mip->as<std::int16_t>();
            const int found = values[y * mip->columns + x];
            // The nearest sample lies up to a quarter of a millimetre and half a step away: 0.5 * 0.875 * 0.917 of 490.
            QVERIFY2(found > 180, qPrintable(QString::number(found)));
            const auto highest = std::max_element(values, values + mip->columns * mip->rows) - values;
            QVERIFY(std::abs(highest % mip->columns - x) <= 4 && std::abs(highest / mip->columns - y) <= 6);
        }
    }
};

QTEST_GUILESS_MAIN(FusionTest)
#include "fusion_test.moc"
