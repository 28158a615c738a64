#include "synthetic_stack.h"

#include <QTest>
#include <functional>

using namespace yz;
using namespace yz::test;
using By = StackSplit::By;

/// Series whose places hold several frames: by what they are taken apart, in which order, and what stays together.
class StackSplitTest : public QObject {
    Q_OBJECT

private:
    using Change = std::function<void(ImageDescription&, int repeat, int slice)>;

    /// The same slices `repeats` times; numbers interleaved so that neither UIDs nor numbers give the order away.
    static std::vector<ImageDescriptionPtr> repeated(const StackRecipe& recipe, int repeats, const Change& change) {
        std::vector<ImageDescriptionPtr> all;
        for (int repeat = repeats - 1; repeat >= 0; --repeat) {
            const auto images = makeSeries(recipe).images;
            for (int slice = 0; slice < recipe.slices; ++slice) {
                auto copy = std::make_shared<ImageDescription>(*images[static_cast<size_t>(slice)]);
                copy->instanceNumber = slice * repeats + (repeats - repeat);
                copy->instance = InstanceUid(QStringLiteral("1.%1.%2").arg(slice).arg(repeat));
                change(*copy, repeat, slice);
                all.push_back(copy);
            }
        }
        return all;
    }

    static FrameDimensions& of(ImageDescription& image) { return image.frames[0].dimensions; }

private Q_SLOTS:
    void oneDimension_data() {
        QTest::addColumn<int>("by");
        QTest::addColumn<Change>("change");
        QTest::addColumn<double>("second");
        const auto row = [](const char* name, By by, double second, Change change) {
            QTest::newRow(name) << static_cast<int>(by) << change << second;
        };
        row("echo time", By::EchoTime, 7.38, [](auto& i, int n, int) { of(i).echoTimeMs = 4.92 + n * 2.46; });
        row("echo number", By::EchoNumber, 2, [](auto& i, int n, int) { of(i).echoNumber = n + 1; });
        row("b-value", By::BValue, 1000, [](auto& i, int n, int) { of(i).bValue = n * 1000.0; });
        row("inversion time", By::InversionTime, 200,
            [](auto& i, int n, int) { of(i).inversionTimeMs = 100.0 + n * 100; });
        row("flip angle", By::FlipAngle, 15, [](auto& i, int n, int) { of(i).flipAngleDeg = 5.0 + n * 10; });
        row("kV", By::KiloVolt, 140, [](auto& i, int n, int) { of(i).kiloVolt = 80.0 + n * 60; });
        row("temporal position", By::TemporalPosition, 2,
            [](auto& i, int n, int) { i.frames[0].temporalIndex = n + 1; });
        row("time offset", By::TimeOffset, 5000, [](auto& i, int n, int) { of(i).temporalOffsetMs = n * 5000.0; });
        row("cycle phase", By::CyclePhase, 30, [](auto& i, int n, int) { of(i).phasePercent = n * 30.0; });
        row("trigger time", By::TriggerTime, 40, [](auto& i, int n, int) { of(i).triggerMs = n * 40.0; });
        row("acquisition", By::Acquisition, 2, [](auto& i, int n, int) { of(i).acquisitionNumber = n + 1; });
        row("segment", By::Segment, 2, [](auto& i, int n, int) { of(i).segment = n + 1; });
        row("own dimension", By::DimensionIndex, 2, [](auto& i, int n, int slice) {
            of(i).dimensionIndex = {1, static_cast<std::uint32_t>(slice + 1), static_cast<std::uint32_t>(n + 1)};
        });
        row("trigger times of each slice its own", By::TimeOrder, 2,
            [](auto& i, int n, int slice) { of(i).triggerMs = slice * 1.7 + n * 40.0; });
        row("acquisition times of each slice its own", By::TimeOrder, 2,
            [](auto& i, int n, int slice) { of(i).acquiredMs = n * 2000.0 + slice * 55.0; });
        row("nothing but numbers", By::InstanceOrder, 2,
            [](auto& i, int n, int slice) { i.instanceNumber = slice + n * 100; });
    }
    void oneDimension() {
        QFETCH(int, by);
        QFETCH(Change, change);
        QFETCH(double, second);
        StackRecipe recipe;
        const auto stacks = assembleStacks(repeated(recipe, 3, change));
        QCOMPARE(stacks.size(), size_t(3));
        for (size_t n = 0; n < 3; ++n) {
            QCOMPARE(stacks[n].frames.size(), size_t(recipe.slices));
            QCOMPARE(stacks[n].splits.size(), size_t(1));
            const StackSplit& split = stacks[n].splits.front();
            QCOMPARE(static_cast<int>(split.by), by);
            QCOMPARE(split.index, static_cast<int>(n) + 1);
            QCOMPARE(split.count, 3);
            QVERIFY(canFormVolume(stacks[n]));
            for (int slice = 0; slice < recipe.slices; ++slice)
                QCOMPARE(stacks[n].frames[static_cast<size_t>(slice)].image->instance.value(),
                         QStringLiteral("1.%1.%2").arg(slice).arg(n));
        }
        QVERIFY(std::abs(stacks[1].splits.front().value - second) < 1e-9);
    }

    void wordsComeInTheOrderOfTheirFirstInstance() {
        StackRecipe recipe;
        const auto stacks = assembleStacks(repeated(recipe, 2, [](ImageDescription& image, int n, int slice) {
            image.instanceNumber = n * 100 + slice;
            image.imageType = {QStringLiteral("ORIGINAL"), QStringLiteral("PRIMARY"),
                               n == 0 ? QStringLiteral("PHASE MAP") : QStringLiteral("M")};
        }));
        QCOMPARE(stacks.size(), size_t(2));
        QVERIFY(stacks[0].splits.front().by == By::FrameType);
        QCOMPARE(stacks[0].splits.front().text, QStringLiteral("ORIGINAL\\PRIMARY\\PHASE MAP"));
        QCOMPARE(stacks[1].splits.front().text, QStringLiteral("ORIGINAL\\PRIMARY\\M"));
    }

    void magnitudeAndPhaseOfTwoEchoesInFourStacks() {
        StackRecipe recipe;
        const auto stacks = assembleStacks(repeated(recipe, 4, [](ImageDescription& image, int n, int) {
            of(image).complexComponent = n % 2 == 0 ? QStringLiteral("MAGNITUDE") : QStringLiteral("PHASE");
            of(image).echoTimeMs = n / 2 == 0 ? 4.92 : 7.38;
        }));
        QCOMPARE(stacks.size(), size_t(4));
        for (const Stack& stack : stacks) {
            QCOMPARE(stack.splits.size(), size_t(2));
            QVERIFY(stack.splits[0].by == By::Component);
            QVERIFY(stack.splits[1].by == By::EchoTime);
            QVERIFY(canFormVolume(stack));
            for (const FrameRef& frame : stack.frames) {
                QCOMPARE(frame.description().dimensions.complexComponent, stack.splits[0].text);
                QCOMPARE(*frame.description().dimensions.echoTimeMs, stack.splits[1].value);
            }
        }
    }

    void diffusionByValueThenDirection() {
        // One b = 0 and three directions at b = 1000; the b = 0 frames name none.
        StackRecipe recipe;
        const auto stacks = assembleStacks(repeated(recipe, 4, [](ImageDescription& image, int n, int) {
            of(image).bValue = n == 0 ? 0.0 : 1000.0;
            if (n > 0)
                of(image).diffusionDirection = QStringLiteral("%1\\0\\1").arg(n);
        }));
        QCOMPARE(stacks.size(), size_t(4));
        QCOMPARE(stacks[0].splits.size(), size_t(1));
        QCOMPARE(stacks[0].splits[0].value, 0.0);
        for (size_t n = 1; n < 4; ++n) {
            QCOMPARE(stacks[n].splits.size(), size_t(2));
            QVERIFY(stacks[n].splits[1].by == By::DiffusionDirection);
        }
    }

    void aBrokenOffRunLacksItsLastTimePoint() {
        StackRecipe recipe;
        auto images = repeated(recipe, 4, [](ImageDescription& image, int n, int slice) {
            of(image).acquiredMs = n * 2000.0 + slice * 55.0;
        });
        std::erase_if(images, [](const ImageDescriptionPtr& image) {
            return *image->frame(0).dimensions.acquiredMs > 3 * 2000.0 + 5 * 55.0;
        });
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(4));
        QCOMPARE(stacks[2].frames.size(), size_t(recipe.slices));
        QCOMPARE(stacks[3].frames.size(), size_t(6));
    }

    void anOverlapOfTwoAcquisitionsIsNoTimePoint() {
        // Two acquisitions, one above the other, that share two places: two stacks, neither with doubles.
        StackRecipe recipe;
        auto images = makeSeries(recipe).images;
        StackRecipe upper = recipe;
        upper.first = recipe.position(10);
        for (const ImageDescriptionPtr& image : makeSeries(upper).images) {
            auto copy = std::make_shared<ImageDescription>(*image);
            copy->instance = InstanceUid(QStringLiteral("2.") + image->instance.value());
            of(*copy).acquisitionNumber = 2;
            images.push_back(copy);
        }
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(2));
        for (const Stack& stack : stacks) {
            QCOMPARE(stack.frames.size(), size_t(recipe.slices));
            QVERIFY(stack.splits.front().by == By::Acquisition);
            QVERIFY(canFormVolume(stack));
        }
        QVERIFY(!stacks[0].splits.front().hasValue);
    }

    void differingValuesThatShareNoPlaceAreNoReason() {
        // Exposure data that change along the scan must not cut it into pieces.
        StackRecipe recipe;
        std::vector<ImageDescriptionPtr> images;
        for (const ImageDescriptionPtr& image : makeSeries(recipe).images) {
            auto copy = std::make_shared<ImageDescription>(*image);
            of(*copy).kiloVolt = image->instanceNumber < 6 ? 100 : 120;
            of(*copy).acquiredMs = image->instanceNumber * 10.0;
            images.push_back(copy);
        }
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(1));
        QVERIFY(stacks.front().splits.empty());
    }

    void aClipOfOneSliceStaysAClipButMeaningsPart() {
        StackRecipe recipe;
        recipe.slices = 1;
        const auto clip = assembleStacks(
            repeated(recipe, 8, [](ImageDescription& image, int n, int) { of(image).triggerMs = n * 40.0; }));
        QCOMPARE(clip.size(), size_t(1));
        QCOMPARE(clip.front().frames.size(), size_t(8));
        const auto flow = assembleStacks(repeated(recipe, 8, [](ImageDescription& image, int n, int) {
            of(image).triggerMs = (n / 2) * 40.0;
            of(image).complexComponent = n % 2 == 0 ? QStringLiteral("MAGNITUDE") : QStringLiteral("PHASE");
        }));
        QCOMPARE(flow.size(), size_t(2));
        QCOMPARE(flow.front().frames.size(), size_t(4));
    }

    void matricesAtOnePlacePart() {
        StackRecipe recipe;
        const auto stacks = assembleStacks(repeated(recipe, 2, [](ImageDescription& image, int n, int) {
            if (n == 1)
                image.columns *= 2;
        }));
        QCOMPARE(stacks.size(), size_t(2));
        QVERIFY(stacks.front().splits.front().by == By::Matrix);
    }

    void groupsSayWhatTheyAre() {
        StackRecipe axial, coronal;
        coronal.column = {0, 0, -1};
        coronal.step = {0, 2, 0};
        auto images = makeSeries(axial).images;
        const auto more = makeSeries(coronal).images;
        images.insert(images.end(), more.begin(), more.end());
        auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(2));
        QVERIFY(stacks[1].splits.front().by == By::Orientation);
        QCOMPARE(stacks[1].splits.front().index, 2);
        auto scout = std::make_shared<ImageDescription>(*more[0]);
        scout->imageType = {QStringLiteral("ORIGINAL"), QStringLiteral("PRIMARY"), QStringLiteral("LOCALIZER")};
        auto withScout = makeSeries(axial).images;
        withScout.insert(withScout.begin(), scout);
        stacks = assembleStacks(withScout);
        QCOMPARE(stacks.size(), size_t(2));
        QVERIFY(stacks[0].splits.empty());
        QVERIFY(stacks[1].splits.front().by == By::Localizer);
    }
};

QTEST_APPLESS_MAIN(StackSplitTest)
#include "stack_split_test.moc"
