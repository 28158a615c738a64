#include "imaging/reslice.h"
#include "synthetic_stack.h"

#include <QTest>
#include <algorithm>
#include <numbers>
#include <random>
#include <thread>

using namespace yz;
using namespace yz::test;

Q_DECLARE_METATYPE(StackRecipe)

namespace {

PatientVector turned(const PatientVector& v, double aboutX, double aboutY, double aboutZ) {
    const auto rotate = [](double& a, double& b, double deg) {
        const double angle = deg * std::numbers::pi / 180.0;
        const double turnedA = a * std::cos(angle) - b * std::sin(angle);
        b = a * std::sin(angle) + b * std::cos(angle);
        a = turnedA;
    };
    PatientVector out = v;
    rotate(out.y, out.z, aboutX);
    rotate(out.z, out.x, aboutY);
    rotate(out.x, out.y, aboutZ);
    return out;
}

/// Whether a point lies so far inside the acquired slices that every voxel around it was acquired.
bool isAcquired(const StackRecipe& recipe, const PatientPoint& point) {
    const PatientVector normal = recipe.row.cross(recipe.column);
    const double slice = (point - recipe.first).dot(normal) / recipe.step.dot(normal);
    if (slice < 0.0 || slice > recipe.slices - 1)
        return false;
    for (const double at : {std::floor(slice), std::ceil(slice)}) {
        const PatientVector away = point - recipe.first - recipe.step * at;
        const double c = away.dot(recipe.row) / recipe.columnMm;
        const double r = away.dot(recipe.column) / recipe.rowMm;
        if (c < 1.0 || r < 1.0 || c > recipe.columns - 2.0 || r > recipe.rows - 2.0)
            return false;
    }
    return true;
}

struct Comparison {
    double largest = 0.0;
    int points = 0;
};

Comparison compare(const Volume& volume, const StackRecipe& recipe, const SlicePlane& plane) {
    const PixelBufferPtr picture = reslice(volume, plane);
    Comparison result;
    for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
            const PatientPoint point = plane.at(x, y);
            if (!isAcquired(recipe, point))
                continue;
            const double stored =
                picture->as<std::int16_t>()[static_cast<size_t>(y) * static_cast<size_t>(plane.width) +
                                            static_cast<size_t>(x)];
            const double value = volume.rescaleSlope * stored + volume.rescaleIntercept;
            result.largest = std::max(result.largest, std::abs(value - recipe.valueAt(point)));
            ++result.points;
        }
    }
    return result;
}

class VolumeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPointOfThePatientKeepsItsValue_data() {
        QTest::addColumn<StackRecipe>("recipe");
        QTest::addColumn<double>("tiltDeg");
        QTest::addColumn<double>("tolerance");
        // 1 in value is at most 1/70 mm: the tolerance is the rounding of stored values, deskew and reslice.
        const double kRounding = 2.0;

        StackRecipe axial;
        QTest::newRow("axial") << axial << 0.0 << kRounding;
        StackRecipe down = axial;
        down.step = {0, 0, -2};
        QTest::newRow("axial, head first in instance order") << down << 0.0 << kRounding;
        StackRecipe shuffled = axial;
        shuffled.numberOf = [](int slice) { return (slice * 7) % 13; };
        QTest::newRow("axial, instance numbers in no order") << shuffled << 0.0 << kRounding;
        StackRecipe prone = axial;
        prone.row = {-1, 0, 0};
        prone.column = {0, -1, 0};
        prone.first = {20, 30, 5};
        QTest::newRow("axial, prone") << prone << 0.0 << kRounding;
        StackRecipe mirrored = axial;
        mirrored.row = {-1, 0, 0};
        mirrored.first = {20, -30, 5};
        QTest::newRow("axial, normal to the feet") << mirrored << 0.0 << kRounding;
        StackRecipe coronal = axial;
        coronal.row = {1, 0, 0};
        coronal.column = {0, 0, -1};
        coronal.first = {-20, -30, 40};
        coronal.step = {0, 1.5, 0};
        QTest::newRow("coronal") << coronal << 0.0 << kRounding;
        StackRecipe coronalBack = coronal;
        coronalBack.step = {0, -1.5, 0};
        QTest::newRow("coronal, back first") << coronalBack << 0.0 << kRounding;
        StackRecipe sagittal = axial;
        sagittal.row = {0, 1, 0};
        sagittal.column = {0, 0, -1};
        sagittal.first = {-20, -30, 40};
        sagittal.step = {3, 0, 0};
        QTest::newRow("sagittal, left-handed stack") << sagittal << 0.0 << kRounding;
        StackRecipe oblique = axial;
        oblique.row = turned({1, 0, 0}, 20, -15, 30);
        oblique.column = turned({0, 1, 0}, 20, -15, 30);
        oblique.step = turned({0, 0, 1.7}, 20, -15, 30);
        QTest::newRow("oblique") << oblique << 0.0 << kRounding;
        StackRecipe obliqueBack = oblique;
        obliqueBack.step = oblique.step * -1.0;
        QTest::newRow("oblique, other way round") << obliqueBack << 0.0 << kRounding;

        for (const double tilt : {18.5, -18.5, 5.0, -30.0}) {
            // As a scanner writes it: the gantry leans, the table moves along z.
            StackRecipe tilted = axial;
            tilted.column = turned({0, 1, 0}, tilt, 0, 0);
            tilted.step = {0, 0, 2.2};
            QTest::addRow("tilt %.1f", tilt) << tilted << std::abs(tilt) << kRounding;
            tilted.step = {0, 0, -2.2};
            QTest::addRow("tilt %.1f, head first", tilt) << tilted << std::abs(tilt) << kRounding;
            tilted.row = {-1, 0, 0};
            tilted.first = {20, -30, 5};
            QTest::addRow("tilt %.1f, normal to the feet", tilt) << tilted << std::abs(tilt) << kRounding;
        }
        StackRecipe both = axial;
        both.step = {0.9, -0.7, 2.0};
        QTest::newRow("sliding along rows and columns")
            << both << std::atan2(std::hypot(0.9, 0.7), 2.0) * 180.0 / std::numbers::pi << kRounding;

        StackRecipe wide = axial;
        wide.isSigned = false;
        wide.offset = 32768.0;
        wide.gradient = wide.gradient * 2.0;
        QTest::newRow("unsigned 16 bit") << wide << 0.0 << kRounding;
        StackRecipe hounsfield = axial;
        hounsfield.isSigned = false;
        hounsfield.bitsStored = 14;
        hounsfield.intercept = -8192;
        hounsfield.slope = 0.5;
        hounsfield.gradient = hounsfield.gradient * 0.3;
        hounsfield.offset = -5000;
        QTest::newRow("unsigned 14 bit with rescale") << hounsfield << 0.0 << kRounding;
        StackRecipe pet = axial;
        pet.modality = QStringLiteral("PT");
        pet.unit = QStringLiteral("BQML");
        pet.offset = 9000.0;
        pet.slopeOf = [](int slice) { return 0.4 + 0.05 * slice; };
        QTest::newRow("each slice with a slope of its own") << pet << 0.0 << kRounding + 0.6;
    }

    void everyPointOfThePatientKeepsItsValue() {
        QFETCH(StackRecipe, recipe);
        QFETCH(double, tiltDeg);
        QFETCH(double, tolerance);
        SyntheticSeries series = makeSeries(recipe);
        std::mt19937 random(5);
        std::shuffle(series.images.begin(), series.images.end(), random);
        const std::vector<Stack> stacks = assembleStacks(series.images);
        QCOMPARE(stacks.size(), size_t(1));
        const Stack& stack = stacks.front();
        QVERIFY(stack.sortedByGeometry);
        QVERIFY2(canFormVolume(stack),
                 qPrintable(canFormVolume(stack) ? QString() : canFormVolume(stack).error().detail));
        const auto made = makeVolume(stack);
        QVERIFY(made);
        Volume& volume = **made;
        QVERIFY(std::abs(volume.tiltCorrectedDeg - tiltDeg) < 1e-6);
        QVERIFY((volume.row.cross(volume.column) - volume.slice).length() < 1e-9);
        QVERIFY(fillAll(volume, stack, series));
        QCOMPARE(std::count(volume.filled.begin(), volume.filled.end(), 1), std::ptrdiff_t(recipe.slices));

        // The slice index grows with the patient coordinate of the dominant axis.
        const PatientVector grow = volume.slice;
        const double dominant =
            std::max({grow.x, grow.y, grow.z}, [](double a, double b) { return std::abs(a) < std::abs(b); });
        QVERIFY(dominant > 0.0);

        // Voxels themselves.
        int voxels = 0;
        for (int s = 0; s < volume.slices; ++s) {
            for (int r = 0; r < volume.rows; ++r) {
                for (int c = 0; c < volume.columns; ++c) {
                    const PatientPoint point = volume.toPatient({double(c), double(r), double(s)});
                    const VoxelIndex back = volume.toVoxel(point);
                    QVERIFY((back - VoxelIndex{double(c), double(r), double(s)}).length() < 1e-9);
                    if (!isAcquired(recipe, point))
                        continue;
                    const double stored =
                        volume
                            .voxels[(size_t(s) * size_t(volume.rows) + size_t(r)) * size_t(volume.columns) + size_t(c)];
                    const double value = volume.rescaleSlope * stored + volume.rescaleIntercept;
                    QVERIFY2(std::abs(value - recipe.valueAt(point)) <= tolerance,
                             qPrintable(QStringLiteral("%1 instead of %2").arg(value).arg(recipe.valueAt(point))));
                    ++voxels;
                }
            }
        }
        QVERIFY(voxels > recipe.slices * 100);

        // Planes through the middle of what was acquired.
        const PatientPoint middle =
            recipe.at((recipe.columns - 1) / 2.0, (recipe.rows - 1) / 2.0, recipe.slices / 2) - recipe.step * 0.3;
        for (const Orientation orientation : {Orientation::Axial, Orientation::Coronal, Orientation::Sagittal}) {
            const Comparison result = compare(volume, recipe, standardPlane(volume, orientation, middle));
            QVERIFY2(result.largest <= tolerance, qPrintable(QString::number(result.largest)));
            QVERIFY2(result.points > 50, qPrintable(QString::number(result.points)));
        }
        for (int k = 0; k < 6; ++k) {
            SlicePlane plane;
            plane.row = turned({1, 0, 0}, 17.0 * k, 31.0 - 11.0 * k, 8.0 * k);
            plane.column = turned({0, 1, 0}, 17.0 * k, 31.0 - 11.0 * k, 8.0 * k);
            plane.pixelMm = 0.37 + 0.05 * k;
            plane.width = 90;
            plane.height = 80;
            plane.origin = middle - plane.row * (45 * plane.pixelMm) - plane.column * (40 * plane.pixelMm);
            const Comparison result = compare(volume, recipe, plane);
            QVERIFY2(result.largest <= tolerance, qPrintable(QString::number(result.largest)));
            QVERIFY2(result.points > 50, qPrintable(QString::number(result.points)));
        }
    }

    void tiltKeepsEveryPixelAndShowsAirBeyond() {
        StackRecipe recipe;
        recipe.column = turned({0, 1, 0}, 20, 0, 0);
        const SyntheticSeries series = makeSeries(recipe);
        const std::vector<Stack> stacks = assembleStacks(series.images);
        const auto made = makeVolume(stacks.front());
        QVERIFY(made);
        QVERIFY(fillAll(**made, stacks.front(), series));
        const double shiftRows = 2.0 * std::sin(20 * std::numbers::pi / 180.0) * (recipe.slices - 1) / recipe.rowMm;
        QCOMPARE((*made)->rows, recipe.rows + int(std::ceil(shiftRows)));
        QCOMPARE((*made)->columns, recipe.columns);
        QVERIFY(std::abs((*made)->sliceMm - 2.0 * std::cos(20 * std::numbers::pi / 180.0)) < 1e-9);
        QCOMPARE(int((*made)->outside), -1024);
        const size_t air =
            static_cast<size_t>(std::count((*made)->voxels.begin(), (*made)->voxels.end(), std::int16_t(-1024)));
        QVERIFY(air >= size_t(recipe.columns) * size_t(recipe.slices) * size_t(std::floor(shiftRows) - 1));
    }

    void paddingBecomesAir() {
        StackRecipe recipe;
        SyntheticSeries series = makeSeries(recipe);
        for (ImageDescriptionPtr& image : series.images) {
            auto padded = std::make_shared<ImageDescription>(*image);
            padded->paddingFirst = -2000;
            image = padded;
            reinterpret_cast<std::int16_t*>(series.pixels[padded->instance.value()].data.data())[0] = -2000;
        }
        const std::vector<Stack> stacks = assembleStacks(series.images);
        const auto made = makeVolume(stacks.front());
        QVERIFY(made);
        QVERIFY(fillAll(**made, stacks.front(), series));
        QCOMPARE(int((*made)->voxels[0]), -1024);
    }

    void airOfOtherKindsIsNothing() {
        StackRecipe recipe;
        recipe.modality = QStringLiteral("MR");
        recipe.unit.clear();
        const SyntheticSeries series = makeSeries(recipe);
        const auto made = makeVolume(assembleStacks(series.images).front());
        QVERIFY(made);
        QCOMPARE(int((*made)->outside), 0);
        QVERIFY((*made)->unit.isEmpty());
    }

    void wrongPixelsAreRefused() {
        StackRecipe recipe;
        const SyntheticSeries series = makeSeries(recipe);
        const std::vector<Stack> stacks = assembleStacks(series.images);
        const auto made = makeVolume(stacks.front());
        QVERIFY(made);
        PixelBuffer pixels = series.pixels.begin()->second;
        QCOMPARE(fillSlice(**made, stacks.front(), -1, pixels).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(fillSlice(**made, stacks.front(), recipe.slices, pixels).error().code, ErrorCode::InvalidArgument);
        PixelBuffer shortened = pixels;
        shortened.data.resize(10);
        QCOMPARE(fillSlice(**made, stacks.front(), 0, shortened).error().code, ErrorCode::InvalidArgument);
        PixelBuffer narrow = pixels;
        narrow.columns = 5;
        QCOMPARE(fillSlice(**made, stacks.front(), 0, narrow).error().code, ErrorCode::InvalidArgument);
        PixelBuffer real = pixels;
        real.type = SampleType::Float32;
        real.data.resize(real.byteCount());
        QCOMPARE(fillSlice(**made, stacks.front(), 0, real).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(std::count((*made)->filled.begin(), (*made)->filled.end(), 1), std::ptrdiff_t(0));
    }

    void slicesMayBeFilledFromSeveralThreads() {
        StackRecipe recipe;
        recipe.slices = 40;
        recipe.gradient = recipe.gradient * 0.5;
        const SyntheticSeries series = makeSeries(recipe);
        const std::vector<Stack> stacks = assembleStacks(series.images);
        const auto made = makeVolume(stacks.front());
        QVERIFY(made);
        std::vector<std::thread> threads;
        for (int part = 0; part < 4; ++part) {
            threads.emplace_back([&, part] {
                for (int i = part; i < recipe.slices; i += 4) {
                    const QString uid = stacks.front().frames[size_t(i)].image->instance.value();
                    (void)fillSlice(**made, stacks.front(), i, series.pixels.at(uid));
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(std::count((*made)->filled.begin(), (*made)->filled.end(), 1), std::ptrdiff_t(recipe.slices));
    }
};

} // namespace

QTEST_GUILESS_MAIN(VolumeTest)
#include "volume_test.moc"
