#include "imaging/mpr_frame.h"

#include "synthetic_stack.h"

#include <QTest>
#include <cmath>
#include <numbers>
#include <random>

using namespace yz;
using namespace yz::test;

namespace {

constexpr std::array kAll{Orientation::Axial, Orientation::Coronal, Orientation::Sagittal};
constexpr double kDegree = std::numbers::pi / 180.0;

Volume boxOf(int columns, int rows, int slices, double columnMm, double rowMm, double sliceMm) {
    Volume volume;
    volume.columns = columns;
    volume.rows = rows;
    volume.slices = slices;
    volume.row = {1, 0, 0};
    volume.column = {0, 1, 0};
    volume.slice = {0, 0, 1};
    volume.columnMm = columnMm;
    volume.rowMm = rowMm;
    volume.sliceMm = sliceMm;
    volume.origin = {-40, -55, 12};
    return volume;
}

bool near(const PatientVector& a, const PatientVector& b, double tolerance = 1e-9) {
    return (a - b).length() < tolerance;
}

ImagePoint pixelOf(const SlicePlane& plane, const PatientPoint& point) {
    const PatientVector away = point - plane.origin;
    return {away.dot(plane.row) / plane.pixelMm, away.dot(plane.column) / plane.pixelMm};
}

/// Where a point stands against the middle of the picture, mm.
ImagePoint fromMiddle(const SlicePlane& plane, const PatientPoint& point) {
    const ImagePoint at = pixelOf(plane, point);
    return ImagePoint{at.x - (plane.width - 1) * 0.5, at.y - (plane.height - 1) * 0.5} * plane.pixelMm;
}

class MprFrameTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void straightFrameCutsThePlanesOfTheGrid() {
        const Volume volume = boxOf(60, 80, 40, 0.9, 0.9, 2.5);
        const PatientPoint centre{-12.3, 4.5, 61.7};
        const MprFrame frame = orthogonalFrame(volume, centre);
        QVERIFY(!isOblique(frame));
        for (const Orientation o : kAll) {
            QCOMPARE(planeOf(volume, frame, o), planeOfIndex(volume, o, indexOfPlane(volume, o, centre)));
            QCOMPARE(planeCount(volume, frame, o), planeCount(volume, o));
            QCOMPARE(planeIndex(volume, frame, o), indexOfPlane(volume, o, centre));
            QCOMPARE(obliqueAngle(frame, o), 0.0);
            const SlicePlane drawn = planeOf(volume, frame, o);
            QVERIFY(std::abs((onGrid(volume, frame).centre - drawn.origin).dot(drawn.normal())) < 1e-9);
            for (const int index : {0, 7, planeCount(volume, o) - 1}) {
                const MprFrame moved = atIndex(volume, frame, o, index);
                QCOMPARE(planeOf(volume, moved, o), planeOfIndex(volume, o, index));
            }
        }
    }

    void turnInOnePictureTurnsTheOtherTwo() {
        const Volume volume = boxOf(60, 80, 40, 0.9, 0.9, 2.5);
        const MprFrame straight = orthogonalFrame(volume, {-12.3, 4.5, 61.7});
        const MprFrame frame = turned(straight, Orientation::Axial, 30 * kDegree);
        // Right to bottom in the axial picture: x towards y.
        QVERIFY(near(frame.normal(Orientation::Axial), {0, 0, 1}));
        QVERIFY(near(frame.normal(Orientation::Sagittal), {std::cos(30 * kDegree), std::sin(30 * kDegree), 0}));
        QVERIFY(near(frame.normal(Orientation::Coronal), {-std::sin(30 * kDegree), std::cos(30 * kDegree), 0}));
        QCOMPARE(obliqueAngle(frame, Orientation::Axial), 0.0);
        QVERIFY(std::abs(obliqueAngle(frame, Orientation::Coronal) - 30.0) < 1e-9);
        QVERIFY(std::abs(obliqueAngle(frame, Orientation::Sagittal) - 30.0) < 1e-9);
        // The picture in which it was turned is the same one.
        QCOMPARE(planeOf(volume, frame, Orientation::Axial), planeOf(volume, straight, Orientation::Axial));
        // The head stays up, and the letters say what the directions are.
        const SlicePlane coronal = planeOf(volume, frame, Orientation::Coronal);
        QVERIFY(near(coronal.column, {0, 0, -1}));
        QCOMPARE(orientationLetters(coronal.row), QStringLiteral("LP"));
        // In the sagittal picture the other way about: its normal runs to the right.
        const MprFrame nodded = turned(straight, Orientation::Sagittal, 20 * kDegree);
        QVERIFY(near(nodded.normal(Orientation::Axial), {0, std::sin(20 * kDegree), std::cos(20 * kDegree)}));
        const SlicePlane seen = planeOf(volume, nodded, Orientation::Sagittal);
        ImagePoint from, to;
        QVERIFY(intersectionLine(seen, planeOf(volume, nodded, Orientation::Axial), from, to));
        const ImagePoint way = (to - from) * ((to - from).x < 0 ? -1.0 : 1.0);
        QVERIFY(std::abs(std::atan2(way.y, way.x) - 20 * kDegree) < 1e-6); // the line as it was dragged
    }

    void manySmallTurnsStaySquareAndThroughTheCentre() {
        const Volume volume = boxOf(60, 80, 40, 0.9, 0.9, 2.5);
        std::mt19937 random(5);
        MprFrame frame = orthogonalFrame(volume, {-12.3, 4.5, 61.7});
        for (int i = 0; i < 3000; ++i) {
            frame = turned(frame, kAll[random() % 3], (static_cast<double>(random() % 2001) - 1000.0) * 1e-4);
            if (i % 50 != 0)
                continue;
            for (const Orientation a : kAll) {
                QVERIFY(std::abs(frame.normal(a).length() - 1.0) < 1e-12);
                for (const Orientation b : kAll)
                    QVERIFY(a == b || std::abs(frame.normal(a).dot(frame.normal(b))) < 1e-12);
                const SlicePlane plane = planeOf(volume, frame, a);
                QVERIFY(std::abs(plane.row.dot(plane.column)) < 1e-9);
                if (isOblique(frame, a))
                    QVERIFY(std::abs((frame.centre - plane.origin).dot(plane.normal())) < 1e-9);
            }
            QVERIFY(near(frame.normal(Orientation::Coronal).cross(frame.normal(Orientation::Axial)),
                         frame.normal(Orientation::Sagittal), 1e-9));
        }
    }

    void obliquePlaneCoversTheVolumeAndReadsItsValues() {
        StackRecipe recipe;
        const SyntheticSeries series = makeSeries(recipe);
        const std::vector<Stack> stacks = assembleStacks(series.images);
        QCOMPARE(stacks.size(), size_t{1});
        const auto volume = makeVolume(stacks.front());
        QVERIFY(volume);
        QVERIFY(fillAll(**volume, stacks.front(), series));
        const PatientPoint middle = (*volume)->toPatient({11.5, 9.5, 5.5});
        MprFrame frame = orthogonalFrame(**volume, middle);
        frame = turned(frame, Orientation::Axial, 25 * kDegree);
        frame = turned(frame, Orientation::Coronal, -40 * kDegree);
        frame = turned(frame, Orientation::Sagittal, 15 * kDegree);
        for (const Orientation o : kAll) {
            const SlicePlane plane = planeOf(**volume, frame, o);
            const PixelBufferPtr picture = reslice(**volume, plane);
            int inside = 0;
            for (int y = 0; y < plane.height; ++y) {
                for (int x = 0; x < plane.width; ++x) {
                    const PatientPoint at = plane.at(x, y);
                    const VoxelIndex voxel = (*volume)->toVoxel(at);
                    if (voxel.x < 0 || voxel.y < 0 || voxel.z < 0 || voxel.x > 23 || voxel.y > 19 || voxel.z > 11)
                        continue;
                    ++inside;
                    const double got = picture->as<std::int16_t>()[y * plane.width + x];
                    QVERIFY(std::abs(got - recipe.valueAt(at)) <= 1.0); // linear content: linear reading is exact
                }
            }
            QVERIFY(inside > 150);
            for (int corner = 0; corner < 8; ++corner) { // nothing of the volume is beyond the picture
                const PatientPoint point =
                    (*volume)->toPatient({corner & 1 ? 23.0 : 0.0, corner & 2 ? 19.0 : 0.0, corner & 4 ? 11.0 : 0.0});
                const ImagePoint at = pixelOf(plane, point);
                QVERIFY(at.x > -0.5 - 1e-6 && at.y > -0.5 - 1e-6 && at.x < plane.width - 0.5 + 1e-6 &&
                        at.y < plane.height - 0.5 + 1e-6);
            }
        }
    }

    void crossKeepsItsPlaceOnTheScreen() {
        const Volume volume = boxOf(60, 80, 40, 0.9, 0.9, 2.5);
        MprFrame frame = orthogonalFrame(volume, {-12.3, 4.5, 61.7});
        frame = turned(frame, Orientation::Axial, 10 * kDegree);
        const ImagePoint before = fromMiddle(planeOf(volume, frame, Orientation::Coronal), frame.centre);
        for (int i = 0; i < 40; ++i)
            frame = turned(frame, Orientation::Axial, kDegree);
        const ImagePoint after = fromMiddle(planeOf(volume, frame, Orientation::Coronal), frame.centre);
        QVERIFY((after - before).length() < 1e-6);
        // Moved within a plane, the picture stays and the cross goes.
        const SlicePlane plane = planeOf(volume, frame, Orientation::Coronal);
        MprFrame moved = frame;
        moved.centre = plane.at(plane.width * 0.3, plane.height * 0.6);
        const SlicePlane same = planeOf(volume, moved, Orientation::Coronal);
        QVERIFY((same.origin - plane.origin).length() < 1e-9);
        QCOMPARE(same.width, plane.width);
    }

    void scrollsByVoxelsAndStaysInside() {
        const Volume volume = boxOf(60, 80, 40, 0.9, 0.9, 2.5);
        MprFrame frame = turned(orthogonalFrame(volume, {-12.3, 4.5, 61.7}), Orientation::Sagittal, 35 * kDegree);
        const PatientVector normal = frame.normal(Orientation::Axial);
        const int index = planeIndex(volume, frame, Orientation::Axial);
        const int count = planeCount(volume, frame, Orientation::Axial);
        QVERIFY(index > 3 && index < count - 4);
        const MprFrame next = atIndex(volume, frame, Orientation::Axial, index + 3);
        // A voxel along this direction: 1 / |(cos 35 / 2.5, sin 35 / 0.9)|.
        const double step = 1.0 / std::hypot(std::cos(35 * kDegree) / 2.5, std::sin(35 * kDegree) / 0.9);
        QVERIFY(std::abs((next.centre - frame.centre).dot(normal) - 3 * step) < 1e-9);
        QCOMPARE(planeIndex(volume, next, Orientation::Axial), index + 3);
        const MprFrame last = atIndex(volume, frame, Orientation::Axial, 1 << 20);
        QCOMPARE(planeIndex(volume, last, Orientation::Axial), count - 1);
        QCOMPARE(planeIndex(volume, atIndex(volume, last, Orientation::Axial, -5), Orientation::Axial), 0);
    }

    void planeIsFoundAgainByItsDirections() {
        const Volume volume = boxOf(60, 80, 40, 0.9, 0.9, 2.5);
        std::mt19937 random(11);
        for (int i = 0; i < 200; ++i) {
            MprFrame frame = orthogonalFrame(volume, {-12.3, 4.5, 61.7});
            for (int turn = 0; turn < 3; ++turn)
                frame = turned(frame, kAll[random() % 3], (static_cast<double>(random() % 2001) - 1000.0) * 1e-3);
            const Orientation made = kAll[random() % 3];
            const SlicePlane plane = planeOf(volume, frame, made);
            const PatientPoint point = plane.at(plane.width * 0.4, plane.height * 0.55);
            const HeldPlane held = frameHolding(volume, point, plane.row, plane.column);
            const SlicePlane found = planeOf(volume, held.frame, held.orientation);
            QVERIFY(near(found.row, plane.row, 1e-6));
            QVERIFY(near(found.column, plane.column, 1e-6));
            QVERIFY(std::abs((point - found.origin).dot(found.normal())) < 1e-6);
        }
        // The patient's own planes are found as what they are.
        for (const Orientation o : kAll) {
            const SlicePlane plane = planeOfIndex(volume, o, 12);
            const HeldPlane held = frameHolding(volume, plane.at(20, 20), plane.row, plane.column);
            QCOMPARE(held.orientation, o);
            QVERIFY(!isOblique(held.frame));
            QCOMPARE(planeOf(volume, held.frame, o), plane);
        }
    }

    void halfATurnHasAPicture() {
        const Volume volume = boxOf(60, 80, 40, 0.9, 0.9, 2.5);
        const MprFrame frame =
            turned(orthogonalFrame(volume, {-12.3, 4.5, 61.7}), Orientation::Axial, std::numbers::pi);
        for (const Orientation o : {Orientation::Coronal, Orientation::Sagittal}) {
            const SlicePlane plane = planeOf(volume, frame, o);
            QVERIFY(std::abs(obliqueAngle(frame, o) - 180.0) < 1e-6);
            QVERIFY(std::abs(plane.row.length() - 1.0) < 1e-9);
            QVERIFY(std::abs(plane.row.dot(plane.column)) < 1e-9);
            QVERIFY(plane.width > 1 && plane.height > 1);
        }
    }
};

} // namespace

QTEST_GUILESS_MAIN(MprFrameTest)
#include "mpr_frame_test.moc"
