#include "synthetic_stack.h"

#include "imaging/reslice.h"

#include <QTest>
#include <thread>

using namespace yz;
using namespace yz::test;

/// Volumes whose slices had to be interpolated: values against the field they were made from.
class VolumeResampleTest : public QObject {
    Q_OBJECT

private:
    /// A series with slices at given ways along the step's direction; heights in steps.
    static SyntheticSeries at(const StackRecipe& recipe, const std::vector<double>& heights) {
        SyntheticSeries series;
        for (size_t i = 0; i < heights.size(); ++i) {
            StackRecipe one = recipe;
            one.slices = 1;
            one.first = recipe.first + recipe.step * heights[i];
            SyntheticSeries made = makeSeries(one);
            auto image = std::make_shared<ImageDescription>(*made.images.front());
            image->instance = InstanceUid(QStringLiteral("5.%1").arg(i));
            image->instanceNumber = static_cast<int>((i * 7) % heights.size());
            series.pixels[image->instance.value()] = made.pixels.begin()->second;
            series.images.push_back(image);
        }
        return series;
    }

    static void fill(Volume& volume, const Stack& stack, const SyntheticSeries& series, int frame) {
        const QString uid = stack.frames[static_cast<size_t>(frame)].image->instance.value();
        QVERIFY(fillSlice(volume, stack, frame, series.pixels.at(uid)));
    }

    /// Every voxel that lies inside the frames around it is the linear field, to one stored value.
    static void checkField(const Volume& volume, const StackRecipe& recipe) {
        double worst = 0.0;
        int checked = 0;
        for (int z = 0; z < volume.slices; ++z)
            for (int y = 0; y < volume.rows; ++y)
                for (int x = 0; x < volume.columns; ++x) {
                    const size_t index =
                        (static_cast<size_t>(z) * static_cast<size_t>(volume.rows) + static_cast<size_t>(y)) *
                            static_cast<size_t>(volume.columns) +
                        static_cast<size_t>(x);
                    if (volume.voxels[index] == volume.outside)
                        continue;
                    const VoxelIndex at{static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)};
                    const PatientPoint point = volume.toPatient(at);
                    // In the frames' own pixels, so that edges half outside of one neighbour are left out.
                    const PatientVector away = point - recipe.first;
                    const double along = away.dot(volume.slice) / recipe.step.dot(volume.slice);
                    const PatientVector inPlane = away - recipe.step * along;
                    const double column = inPlane.dot(recipe.row) / recipe.columnMm;
                    const double row = inPlane.dot(recipe.column) / recipe.rowMm;
                    if (column < 3 || row < 3 || column > recipe.columns - 4 || row > recipe.rows - 4)
                        continue;
                    ++checked;
                    worst = std::max(worst, std::abs(volume.voxels[index] - recipe.valueAt(point)));
                }
        QVERIFY2(checked > volume.slices * 20, qPrintable(QString::number(checked)));
        QVERIFY2(worst <= 1.6,
                 qPrintable(QString::number(worst))); // rounding of the frames, of the shear, of the blend
    }

private Q_SLOTS:
    void heights_data() {
        QTest::addColumn<std::vector<double>>("heights");
        QTest::addColumn<bool>("isTilted");
        std::vector<double> hole, uneven, two;
        for (int i = 0; i < 20; ++i)
            if (i != 7)
                hole.push_back(i);
        for (int i = 0; i < 20; ++i)
            uneven.push_back(i + (i % 3) * 0.25);
        for (int i = 0; i < 8; ++i)
            two.push_back(i);
        for (int i = 1; i < 8; ++i)
            two.push_back(7 + i * 1.8);
        for (const bool isTilted : {false, true}) {
            const char* name = isTilted ? "tilted" : "straight";
            QTest::addRow("hole, %s", name) << hole << isTilted;
            QTest::addRow("uneven, %s", name) << uneven << isTilted;
            QTest::addRow("two distances, %s", name) << two << isTilted;
        }
    }
    void heights() {
        QFETCH(std::vector<double>, heights);
        QFETCH(bool, isTilted);
        StackRecipe recipe;
        recipe.gradient = {9.0, -7.0, 11.0};
        if (isTilted)
            recipe.step = {0, 0.5, 2};
        const SyntheticSeries series = at(recipe, heights);
        const Stack stack = assembleStacks(series.images).front();
        QVERIFY2(canFormVolume(stack),
                 qPrintable(canFormVolume(stack) ? QString() : canFormVolume(stack).error().detail));
        const auto volume = makeVolume(stack);
        QVERIFY(volume);
        QVERIFY((*volume)->isResampled());
        QVERIFY((*volume)->interpolatedCount() > 0);
        QCOMPARE((*volume)->tiltCorrectedDeg > 0.0, isTilted);
        // Odd frames first: a slice between two waits for both, whichever comes first.
        for (int start : {1, 0}) {
            if (start == 0)
                QVERIFY(std::count((*volume)->filled.begin(), (*volume)->filled.end(), 0) > 0);
            for (int frame = start; frame < static_cast<int>(stack.frames.size()); frame += 2)
                fill(**volume, stack, series, frame);
        }
        QCOMPARE(std::count((*volume)->filled.begin(), (*volume)->filled.end(), 1), std::ptrdiff_t((*volume)->slices));
        checkField(**volume, recipe);
    }

    void trueSlicesAroundAHoleAreUntouched() {
        StackRecipe recipe;
        std::vector<double> hole;
        for (int i = 0; i < 15; ++i)
            if (i != 4)
                hole.push_back(i);
        const SyntheticSeries series = at(recipe, hole);
        const Stack stack = assembleStacks(series.images).front();
        const auto volume = makeVolume(stack);
        QVERIFY(volume);
        for (int frame = 0; frame < 14; ++frame)
            fill(**volume, stack, series, frame);
        QCOMPARE((*volume)->slices, 15);
        const size_t size = static_cast<size_t>(recipe.columns) * static_cast<size_t>(recipe.rows);
        for (int frame = 0; frame < 14; ++frame) {
            const auto& pixels = series.pixels.at(stack.frames[static_cast<size_t>(frame)].image->instance.value());
            const size_t slice = static_cast<size_t>(frame < 4 ? frame : frame + 1);
            QVERIFY(std::equal(pixels.as<std::int16_t>(), pixels.as<std::int16_t>() + size,
                               (*volume)->voxels.begin() + static_cast<std::ptrdiff_t>(slice * size)));
        }
        // The missing one is the mean of its neighbours.
        for (size_t i = 0; i < size; ++i) {
            const int low = (*volume)->voxels[3 * size + i];
            const int high = (*volume)->voxels[5 * size + i];
            QCOMPARE(int((*volume)->voxels[4 * size + i]), static_cast<int>(std::floor((low + high) / 2.0 + 0.5)));
        }
    }

    void framesFromSeveralThreadsGiveTheSame() {
        StackRecipe recipe;
        std::vector<double> heights;
        for (int i = 0; i < 40; ++i)
            heights.push_back(i + (i % 2) * 0.3);
        const SyntheticSeries series = at(recipe, heights);
        const Stack stack = assembleStacks(series.images).front();
        const auto alone = makeVolume(stack);
        const auto together = makeVolume(stack);
        QVERIFY(alone && together);
        for (int frame = 0; frame < 40; ++frame)
            fill(**alone, stack, series, frame);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (int frame = 39 - t; frame >= 0; frame -= 4) {
                    const QString uid = stack.frames[static_cast<size_t>(frame)].image->instance.value();
                    (void)fillSlice(**together, stack, frame, series.pixels.at(uid));
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY((*together)->filled == (*alone)->filled);
        // The blend is rounded from either side: one stored value of difference at most.
        for (size_t i = 0; i < (*alone)->voxels.size(); ++i)
            QVERIFY(std::abs((*alone)->voxels[i] - (*together)->voxels[i]) <= 1);
    }
};

QTEST_APPLESS_MAIN(VolumeResampleTest)
#include "volume_resample_test.moc"
