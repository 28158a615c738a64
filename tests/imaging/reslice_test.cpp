#include "imaging/reslice.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

using namespace yz;

namespace {

Volume randomVolume(int columns, int rows, int slices, unsigned seed) {
    Volume volume;
    volume.columns = columns;
    volume.rows = rows;
    volume.slices = slices;
    volume.origin = {-12.5, 8.0, 100.0};
    volume.row = {1, 0, 0};
    volume.column = {0, 1, 0};
    volume.slice = {0, 0, 1};
    volume.columnMm = 0.7;
    volume.rowMm = 0.9;
    volume.sliceMm = 1.3;
    volume.outside = -3000;
    volume.voxels.resize(size_t(columns) * size_t(rows) * size_t(slices));
    std::mt19937 random(seed);
    for (std::int16_t& voxel : volume.voxels)
        voxel = static_cast<std::int16_t>(static_cast<int>(random() % 4000) - 1000);
    return volume;
}

double at(const Volume& volume, int c, int r, int s) {
    c = std::clamp(c, 0, volume.columns - 1);
    r = std::clamp(r, 0, volume.rows - 1);
    s = std::clamp(s, 0, volume.slices - 1);
    return volume.voxels[(size_t(s) * size_t(volume.rows) + size_t(r)) * size_t(volume.columns) + size_t(c)];
}

/// Trilinear in double precision; the outer half voxels repeat. False outside.
bool slowSample(const Volume& volume, const PatientPoint& point, double& value, double& fromBorder) {
    VoxelIndex i = volume.toVoxel(point);
    const std::array<double*, 3> parts{&i.x, &i.y, &i.z};
    const std::array<int, 3> sizes{volume.columns, volume.rows, volume.slices};
    fromBorder = 1e9;
    bool isInside = true;
    for (size_t k = 0; k < 3; ++k) {
        fromBorder = std::min({fromBorder, std::abs(*parts[k] + 0.5), std::abs(*parts[k] - (sizes[k] - 0.5))});
        isInside = isInside && *parts[k] >= -0.5 && *parts[k] <= sizes[k] - 0.5;
        *parts[k] = std::clamp(*parts[k], 0.0, sizes[k] - 1.0);
    }
    if (!isInside)
        return false;
    const int c = static_cast<int>(i.x), r = static_cast<int>(i.y), s = static_cast<int>(i.z);
    const double x = i.x - c, y = i.y - r, z = i.z - s;
    value = 0.0;
    for (int corner = 0; corner < 8; ++corner) {
        const int dc = corner & 1, dr = corner >> 1 & 1, ds = corner >> 2;
        value += at(volume, c + dc, r + dr, s + ds) * (dc ? x : 1 - x) * (dr ? y : 1 - y) * (ds ? z : 1 - z);
    }
    return true;
}

/// What reslice promises, said in the simplest way.
struct Slow {
    double value = 0.0;
    bool isCertain = true; ///< no sample so close to the border that rounding decides
};

Slow slowPixel(const Volume& volume, const SlicePlane& plane, const Slab& slab, int x, int y) {
    const PatientVector normal = plane.normal();
    const VoxelIndex perMm{normal.dot(volume.row) / volume.columnMm, normal.dot(volume.column) / volume.rowMm,
                           normal.dot(volume.slice) / volume.sliceMm};
    const double step = 1.0 / perMm.length();
    const int each = slab.mode == SlabMode::None ? 0 : static_cast<int>(std::floor(slab.thicknessMm / 2 / step + 1e-6));
    Slow slow;
    int count = 0;
    double sum = 0, low = 1e9, high = -1e9;
    for (int k = -each; k <= each; ++k) {
        double value = 0, fromBorder = 0;
        const bool isInside = slowSample(volume, plane.at(x, y) + normal * (k * step), value, fromBorder);
        slow.isCertain = slow.isCertain && fromBorder > 1e-6;
        if (!isInside)
            continue;
        ++count;
        sum += value;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    if (count == 0)
        slow.value = volume.outside;
    else if (slab.mode == SlabMode::MinIp)
        slow.value = low;
    else if (slab.mode == SlabMode::Mean)
        slow.value = sum / count;
    else
        slow.value = high;
    return slow;
}

void compare(const Volume& volume, const SlicePlane& plane, const Slab& slab, int& inside) {
    const PixelBufferPtr picture = reslice(volume, plane, slab);
    QCOMPARE(picture->columns, plane.width);
    QCOMPARE(picture->rows, plane.height);
    QCOMPARE(picture->type, SampleType::Int16);
    QCOMPARE(picture->data.size(), picture->byteCount());
    for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
            const Slow slow = slowPixel(volume, plane, slab, x, y);
            if (!slow.isCertain)
                continue;
            const double got = picture->as<std::int16_t>()[size_t(y) * size_t(plane.width) + size_t(x)];
            if (std::abs(got - slow.value) > 1.0)
                QFAIL(
                    qPrintable(QStringLiteral("pixel %1,%2: %3 instead of %4").arg(x).arg(y).arg(got).arg(slow.value)));
            inside += slow.value != volume.outside ? 1 : 0;
        }
    }
}

SlicePlane randomPlane(const Volume& volume, std::mt19937& random) {
    std::uniform_real_distribution<double> unit(-1, 1);
    SlicePlane plane;
    do {
        plane.row = PatientVector{unit(random), unit(random), unit(random)};
    } while (plane.row.length() < 0.1);
    plane.row = plane.row.normalized();
    PatientVector other{unit(random), unit(random), unit(random)};
    plane.column = plane.row.cross(other).normalized();
    plane.pixelMm = 0.3 + 0.5 * std::abs(unit(random));
    plane.width = 30 + static_cast<int>(random() % 120);
    plane.height = 30 + static_cast<int>(random() % 60);
    const PatientPoint middle =
        volume.toPatient({volume.columns * (0.5 + 0.3 * unit(random)), volume.rows * (0.5 + 0.3 * unit(random)),
                          volume.slices * (0.5 + 0.3 * unit(random))});
    plane.origin =
        middle - plane.row * (plane.width * plane.pixelMm / 2) - plane.column * (plane.height * plane.pixelMm / 2);
    return plane;
}

class ResliceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void obliqueAgreesWithASlowReference() {
        std::mt19937 random(11);
        const Volume volume = randomVolume(37, 29, 23, 1);
        int inside = 0;
        for (int i = 0; i < 60; ++i) {
            compare(volume, randomPlane(volume, random), {}, inside);
            if (QTest::currentTestFailed())
                return;
        }
        QVERIFY(inside > 20000);
    }

    void slabsAgreeWithASlowReference() {
        std::mt19937 random(12);
        const Volume volume = randomVolume(37, 29, 23, 2);
        int inside = 0;
        for (const SlabMode mode : {SlabMode::Mip, SlabMode::MinIp, SlabMode::Mean}) {
            for (const double thickness : {0.0, 3.0, 9.5, 200.0}) {
                for (int i = 0; i < 3; ++i)
                    compare(volume, randomPlane(volume, random), {mode, thickness}, inside);
                for (const Orientation orientation :
                     {Orientation::Axial, Orientation::Coronal, Orientation::Sagittal}) {
                    const PatientPoint middle = volume.toPatient({17, 14, 11});
                    compare(volume, standardPlane(volume, orientation, middle), {mode, thickness}, inside);
                    compare(volume, standardPlane(volume, orientation, middle + PatientVector{0.2, 0.3, 0.4}),
                            {mode, thickness}, inside);
                }
                if (QTest::currentTestFailed())
                    return;
            }
        }
        QVERIFY(inside > 20000);
    }

    void slabsOfWholeVoxelsAgreeWithASlowReference() {
        Volume volume = randomVolume(31, 26, 19, 4);
        volume.columnMm = volume.rowMm = volume.sliceMm = 0.8;
        int inside = 0;
        for (const SlabMode mode : {SlabMode::Mip, SlabMode::MinIp, SlabMode::Mean}) {
            for (const double thickness : {1.6, 8.0, 100.0}) {
                for (const Orientation orientation :
                     {Orientation::Axial, Orientation::Coronal, Orientation::Sagittal}) {
                    for (const int index : {0, 3, 15, 18}) { // at the border part of the slab lies outside
                        const SlicePlane plane = planeOfIndex(volume, orientation, index);
                        compare(volume, plane, {mode, thickness}, inside);
                        SlicePlane back = plane; // seen from the other side: samples run the other way
                        back.origin = plane.at(plane.width - 1, 0);
                        back.row = plane.row * -1.0;
                        compare(volume, back, {mode, thickness}, inside);
                    }
                }
                if (QTest::currentTestFailed())
                    return;
            }
        }
        QVERIFY(inside > 20000);
    }

    void planesAlongTheGridAgreeWithASlowReference() {
        // Every way to lay the picture's axes along the grid's, with whole and fractional steps.
        const Volume volume = randomVolume(21, 34, 18, 3);
        const std::array<PatientVector, 6> axes{{{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}}};
        int inside = 0;
        for (const PatientVector& row : axes) {
            for (const PatientVector& column : axes) {
                if (std::abs(row.dot(column)) > 0.5)
                    continue;
                for (const double pixelMm : {0.7, 1.3, 0.41}) {
                    SlicePlane plane;
                    plane.row = row;
                    plane.column = column;
                    plane.pixelMm = pixelMm;
                    plane.width = 50;
                    plane.height = 44;
                    const PatientPoint middle = volume.toPatient({10, 17, 9});
                    plane.origin = middle - row * (25 * pixelMm) - column * (22 * pixelMm);
                    compare(volume, plane, {}, inside);
                    plane.origin = plane.origin + PatientVector{0.21, 0.33, 0.57};
                    compare(volume, plane, {}, inside);
                    compare(volume, plane, {SlabMode::Mean, 4.0}, inside);
                    if (QTest::currentTestFailed())
                        return;
                }
            }
        }
        QVERIFY(inside > 20000);
    }

    void alignedPlanesAreTheVoxelsThemselves() {
        Volume volume = randomVolume(31, 26, 19, 4);
        volume.columnMm = volume.rowMm = volume.sliceMm = 0.8;
        for (int s = 0; s < volume.slices; ++s) {
            const PixelBufferPtr picture = reslice(volume, planeOfIndex(volume, Orientation::Axial, s));
            QCOMPARE(picture->columns, 31);
            QCOMPARE(picture->rows, 26);
            for (int r = 0; r < 26; ++r) {
                for (int c = 0; c < 31; ++c)
                    QCOMPARE(double(picture->as<std::int16_t>()[r * 31 + c]), at(volume, c, r, s));
            }
        }
        for (int r = 0; r < volume.rows; ++r) { // coronal: head up
            const PixelBufferPtr picture = reslice(volume, planeOfIndex(volume, Orientation::Coronal, r));
            for (int s = 0; s < 19; ++s) {
                for (int c = 0; c < 31; ++c)
                    QCOMPARE(double(picture->as<std::int16_t>()[(18 - s) * 31 + c]), at(volume, c, r, s));
            }
        }
        for (int c = 0; c < volume.columns; ++c) { // sagittal: front on the left, head up
            const PixelBufferPtr picture = reslice(volume, planeOfIndex(volume, Orientation::Sagittal, c));
            for (int s = 0; s < 19; ++s) {
                for (int r = 0; r < 26; ++r)
                    QCOMPARE(double(picture->as<std::int16_t>()[(18 - s) * 26 + r]), at(volume, c, r, s));
            }
        }
    }

    void largePicturesAreCutUpWithoutSeams() {
        std::mt19937 random(13);
        const Volume volume = randomVolume(60, 50, 40, 5);
        SlicePlane plane = randomPlane(volume, random);
        plane.width = 500;
        plane.height = 431;
        plane.pixelMm = 0.13;
        plane.origin = volume.toPatient({30, 25, 20}) - plane.row * (250 * 0.13) - plane.column * (215 * 0.13);
        int inside = 0;
        compare(volume, plane, {}, inside);
        QVERIFY(inside > 65536);
    }

    void severalThreadsMayReslice() {
        std::mt19937 random(14);
        const Volume volume = randomVolume(60, 50, 40, 6);
        SlicePlane plane = randomPlane(volume, random);
        plane.width = plane.height = 400;
        const PixelBufferPtr expected = reslice(volume, plane);
        std::vector<std::thread> threads;
        std::array<bool, 4> isSame{};
        for (size_t i = 0; i < isSame.size(); ++i) {
            threads.emplace_back([&, i] {
                bool same = true;
                for (int k = 0; k < 5; ++k)
                    same = same && reslice(volume, plane)->data == expected->data;
                isSame[i] = same;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(std::all_of(isSame.begin(), isSame.end(), [](bool same) { return same; }));
    }

    void extremesOfTheValuesSurvive() {
        Volume volume = randomVolume(6, 6, 6, 7);
        for (size_t i = 0; i < volume.voxels.size(); ++i)
            volume.voxels[i] = i % 2 == 0 ? std::int16_t(32767) : std::int16_t(-32768);
        std::mt19937 random(15);
        int inside = 0;
        for (int i = 0; i < 10; ++i)
            compare(volume, randomPlane(volume, random), {}, inside);
        compare(volume, standardPlane(volume, Orientation::Coronal, volume.toPatient({2.5, 2.5, 2.5})), {}, inside);
        QVERIFY(inside > 100);
    }

    void thinVolumesAndStrangePlanesAreHarmless() {
        std::mt19937 random(16);
        int inside = 0;
        for (const auto& [c, r, s] :
             {std::array{1, 9, 9}, std::array{9, 1, 9}, std::array{9, 9, 1}, std::array{1, 1, 1}}) {
            const Volume volume = randomVolume(c, r, s, 8);
            for (int i = 0; i < 20; ++i)
                compare(volume, randomPlane(volume, random), {SlabMode::Mip, i % 2 * 2.0}, inside);
        }
        const Volume volume = randomVolume(5, 5, 5, 9);
        SlicePlane plane = standardPlane(volume, Orientation::Axial, volume.origin);
        plane.width = 0;
        QVERIFY(reslice(volume, plane)->data.empty());
        plane.width = -4;
        QVERIFY(reslice(volume, plane)->data.empty());
        plane.width = plane.height = 3;
        plane.origin.x = std::nan("");
        QCOMPARE(int(reslice(volume, plane)->as<std::int16_t>()[4]), -3000);
        plane.origin = {1e15, 0, 0};
        QCOMPARE(int(reslice(volume, plane)->as<std::int16_t>()[4]), -3000);
        QCOMPARE(int(reslice(Volume{}, plane)->as<std::int16_t>()[4]), -1024);
    }

    void standardPlanesFollowTheReadingConvention() {
        const Volume volume = randomVolume(20, 30, 40, 10);
        const PatientPoint through = volume.toPatient({5, 6, 7});
        const auto letters = [&](Orientation orientation) -> QString {
            const SlicePlane plane = standardPlane(volume, orientation, through);
            return orientationLetters(plane.row) + orientationLetters(plane.column);
        };
        QCOMPARE(letters(Orientation::Axial), QStringLiteral("LP"));    // left of the patient right, back down
        QCOMPARE(letters(Orientation::Coronal), QStringLiteral("LF"));  // feet down
        QCOMPARE(letters(Orientation::Sagittal), QStringLiteral("PF")); // back on the right, feet down
        const SlicePlane axial = standardPlane(volume, Orientation::Axial, through);
        QCOMPARE(axial.pixelMm, 0.7);
        QCOMPARE(axial.width, 20);
        QCOMPARE(axial.height, 1 + int(std::ceil(29 * 0.9 / 0.7)));
        QVERIFY((axial.origin - PatientPoint{-12.5, 8.0, through.z}).length() < 1e-9);
        const SlicePlane coronal = standardPlane(volume, Orientation::Coronal, through);
        QVERIFY((coronal.origin - PatientPoint{-12.5, through.y, 100.0 + 39 * 1.3}).length() < 1e-9);
        const SlicePlane sagittal = standardPlane(volume, Orientation::Sagittal, through);
        QVERIFY((sagittal.origin - PatientPoint{through.x, 8.0, 100.0 + 39 * 1.3}).length() < 1e-9);
        QCOMPARE(sagittal.pixelMm, 0.9);
    }

    void planesAreCountedAndFound() {
        const Volume volume = randomVolume(20, 30, 40, 10);
        QCOMPARE(planeCount(volume, Orientation::Axial), 40);
        QCOMPARE(planeCount(volume, Orientation::Coronal), 30);
        QCOMPARE(planeCount(volume, Orientation::Sagittal), 20);
        for (const Orientation orientation : {Orientation::Axial, Orientation::Coronal, Orientation::Sagittal}) {
            for (int i = 0; i < planeCount(volume, orientation); ++i)
                QCOMPARE(indexOfPlane(volume, orientation, planeOfIndex(volume, orientation, i).origin), i);
            QCOMPARE(indexOfPlane(volume, orientation, {-1e4, -1e4, -1e4}), 0);
            QCOMPARE(indexOfPlane(volume, orientation, {1e4, 1e4, 1e4}), planeCount(volume, orientation) - 1);
        }
        QVERIFY(planeOfIndex(volume, Orientation::Axial, 1).origin.z >
                planeOfIndex(volume, Orientation::Axial, 0).origin.z);
        QVERIFY(planeOfIndex(volume, Orientation::Sagittal, 1).origin.x >
                planeOfIndex(volume, Orientation::Sagittal, 0).origin.x);
        QCOMPARE(planeOfIndex(volume, Orientation::Axial, 500).origin,
                 planeOfIndex(volume, Orientation::Axial, 39).origin);
        // A leaning volume is covered by the planes of the patient.
        Volume leaning = volume;
        const double a = 0.4;
        leaning.column = {0, std::cos(a), std::sin(a)};
        leaning.slice = {0, -std::sin(a), std::cos(a)};
        const SlicePlane top = planeOfIndex(leaning, Orientation::Axial, planeCount(leaning, Orientation::Axial) - 1);
        const double highest = leaning.toPatient({0, 29, 39}).z;
        QVERIFY(top.origin.z <= highest + 1e-6 && top.origin.z > highest - 1.6);
    }

    void planesCutEachOtherInALine() {
        const Volume volume = randomVolume(20, 30, 40, 10);
        const PatientPoint through = volume.toPatient({5, 6, 7});
        const SlicePlane axial = standardPlane(volume, Orientation::Axial, through);
        const SlicePlane coronal = standardPlane(volume, Orientation::Coronal, through);
        const SlicePlane sagittal = standardPlane(volume, Orientation::Sagittal, through);
        ImagePoint from, to;
        QVERIFY(intersectionLine(axial, coronal, from, to));
        QVERIFY(std::abs(from.y - 6 * 0.9 / 0.7) < 1e-9 && std::abs(to.y - from.y) < 1e-9);
        QVERIFY(std::abs(std::min(from.x, to.x) + 0.5) < 1e-9);
        QVERIFY(std::abs(std::max(from.x, to.x) - (axial.width - 0.5)) < 1e-9);
        QVERIFY(intersectionLine(axial, sagittal, from, to));
        QVERIFY(std::abs(from.x - 5.0) < 1e-9 && std::abs(to.x - 5.0) < 1e-9);
        QVERIFY(!intersectionLine(axial, planeOfIndex(volume, Orientation::Axial, 3), from, to));
        SlicePlane far = coronal;
        far.origin = far.origin + PatientVector{0, 500, 0};
        QVERIFY(!intersectionLine(axial, far, from, to));
        // Points of the line lie on both planes.
        std::mt19937 random(17);
        int found = 0;
        for (int i = 0; i < 200; ++i) {
            const SlicePlane a = randomPlane(volume, random);
            const SlicePlane b = randomPlane(volume, random);
            if (!intersectionLine(a, b, from, to))
                continue;
            ++found;
            for (const ImagePoint& end : {from, to}) {
                QVERIFY(std::abs((a.at(end.x, end.y) - b.origin).dot(b.normal())) < 1e-6);
                QVERIFY(end.x > -0.5001 && end.x < a.width - 0.4999 && end.y > -0.5001 && end.y < a.height - 0.4999);
            }
        }
        QVERIFY(found > 100);
    }

    void directionsHaveLetters() {
        QCOMPARE(orientationLetters({1, 0, 0}), QStringLiteral("L"));
        QCOMPARE(orientationLetters({-1, 0, 0}), QStringLiteral("R"));
        QCOMPARE(orientationLetters({0, 1, 0}), QStringLiteral("P"));
        QCOMPARE(orientationLetters({0, -1, 0}), QStringLiteral("A"));
        QCOMPARE(orientationLetters({0, 0, 1}), QStringLiteral("H"));
        QCOMPARE(orientationLetters({0, 0, -1}), QStringLiteral("F"));
        QCOMPARE(orientationLetters({-0.8, -0.6, 0}), QStringLiteral("RA"));
        QCOMPARE(orientationLetters({0.3, -0.5, -0.9}), QStringLiteral("FAL"));
        QCOMPARE(orientationLetters({0.999, 0.01, 0.02}), QStringLiteral("L"));
        QCOMPARE(orientationLetters({0, 0, 0}), QString());
    }
};

} // namespace

QTEST_GUILESS_MAIN(ResliceTest)
#include "reslice_test.moc"
