#include "synthetic_stack.h"

#include <QTest>
#include <numbers>

using namespace yz;
using namespace yz::test;
using Kind = GeometryFinding::Kind;

namespace {

const GeometryFinding* find(const Stack& stack, Kind kind) {
    for (const GeometryFinding& finding : stack.findings) {
        if (finding.kind == kind)
            return &finding;
    }
    return nullptr;
}

std::vector<ImageDescriptionPtr> without(std::vector<ImageDescriptionPtr> images, std::initializer_list<int> slices) {
    std::vector<ImageDescriptionPtr> kept;
    for (size_t i = 0; i < images.size(); ++i) {
        if (std::find(slices.begin(), slices.end(), static_cast<int>(i)) == slices.end())
            kept.push_back(images[i]);
    }
    return kept;
}

template <typename Change> ImageDescriptionPtr changed(const ImageDescriptionPtr& image, Change change) {
    auto copy = std::make_shared<ImageDescription>(*image);
    change(*copy);
    return copy;
}

QString refusal(const Stack& stack) {
    const Status status = canFormVolume(stack);
    if (status)
        return {};
    return status.error().code == ErrorCode::VolumeNotPossible ? status.error().detail : QStringLiteral("wrong code");
}

/// Planes at these z positions, otherwise as the recipe says.
std::vector<ImageDescriptionPtr> atHeights(StackRecipe recipe, const std::vector<double>& heights) {
    recipe.slices = static_cast<int>(heights.size());
    SyntheticSeries series = makeSeries(recipe);
    for (size_t i = 0; i < heights.size(); ++i)
        series.images[i] =
            changed(series.images[i], [&](ImageDescription& image) { image.frames[0].plane->position.z = heights[i]; });
    return series.images;
}

class StackTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sortsFeetToHead() {
        StackRecipe recipe;
        recipe.step = {0, 0, -2};
        const auto stacks = assembleStacks(makeSeries(recipe).images);
        QCOMPARE(stacks.size(), size_t(1));
        const Stack& stack = stacks.front();
        QVERIFY(stack.findings.empty());
        QCOMPARE(stack.sliceDistanceMm, 2.0);
        for (size_t i = 1; i < stack.frames.size(); ++i)
            QVERIFY(stack.frames[i].description().plane->position.z >
                    stack.frames[i - 1].description().plane->position.z);
        QVERIFY(canFormVolume(stack));
    }

    void sortsSagittalRightToLeftAndCoronalFrontToBack() {
        StackRecipe sagittal;
        sagittal.row = {0, 1, 0};
        sagittal.column = {0, 0, -1};
        sagittal.step = {-3, 0, 0};
        const Stack first = assembleStacks(makeSeries(sagittal).images).front();
        QVERIFY(first.frames.back().description().plane->position.x >
                first.frames.front().description().plane->position.x);
        StackRecipe coronal;
        coronal.column = {0, 0, -1};
        coronal.step = {0, -3, 0};
        const Stack second = assembleStacks(makeSeries(coronal).images).front();
        QVERIFY(second.frames.back().description().plane->position.y >
                second.frames.front().description().plane->position.y);
    }

    void missingSlicesAreCounted() {
        StackRecipe recipe;
        const auto stacks = assembleStacks(without(makeSeries(recipe).images, {4, 5, 9}));
        QCOMPARE(stacks.size(), size_t(1));
        const GeometryFinding* missing = find(stacks.front(), Kind::MissingSlices);
        QVERIFY(missing);
        QCOMPARE(missing->value, 3.0);
        QCOMPARE(missing->at, 5.0 + 3 * 2.0);
        QVERIFY(!find(stacks.front(), Kind::UnevenSpacing));
        QVERIFY2(refusal(stacks.front()).contains(QLatin1String("3 slices are missing")),
                 qPrintable(refusal(stacks.front())));
        QVERIFY(!makeVolume(stacks.front()));
    }

    void aSingleMissingSliceIsFound() {
        StackRecipe recipe;
        recipe.slices = 40;
        const Stack stack = assembleStacks(without(makeSeries(recipe).images, {20})).front();
        QVERIFY(find(stack, Kind::MissingSlices));
        QCOMPARE(find(stack, Kind::MissingSlices)->value, 1.0);
    }

    void unevenDistancesUpToATenthAreTakenAsRegularBeyondResampled() {
        const Stack fine = assembleStacks(atHeights({}, {0, 2, 4, 6.01, 8, 10})).front();
        QVERIFY(fine.findings.empty());
        const Stack uneven = assembleStacks(atHeights({}, {0, 2, 4, 6.15, 8, 10})).front();
        QVERIFY(find(uneven, Kind::UnevenSpacing));
        QVERIFY(canFormVolume(uneven));
        QVERIFY(!(*makeVolume(uneven))->isResampled());
        const Stack more = assembleStacks(atHeights({}, {0, 2, 4, 6.6, 8, 10})).front();
        QVERIFY(find(more, Kind::UnevenSpacing));
        QVERIFY(canFormVolume(more));
        QVERIFY((*makeVolume(more))->isResampled());
    }

    void roundedPositionsDoNotStretchTheVolume() {
        // 0.625 mm written with one decimal: distances of 0.6 and 0.7, and a median that is wrong by 4 %.
        std::vector<double> heights;
        for (int i = 0; i < 200; ++i)
            heights.push_back(std::round(i * 0.625 * 10.0) / 10.0);
        const Stack stack = assembleStacks(atHeights({}, heights)).front();
        QVERIFY(canFormVolume(stack));
        const auto volume = makeVolume(stack);
        QVERIFY(volume);
        QVERIFY(std::abs((*volume)->sliceMm - 0.625) < 1e-4);
    }

    void twoDistancesAreUnevenNotIncomplete() {
        std::vector<double> heights;
        for (int i = 0; i < 10; ++i)
            heights.push_back(i * 2.5);
        for (int i = 1; i < 12; ++i)
            heights.push_back(22.5 + i * 5.0);
        const Stack stack = assembleStacks(atHeights({}, heights)).front();
        QVERIFY(!find(stack, Kind::MissingSlices));
        QVERIFY(find(stack, Kind::UnevenSpacing));
        QVERIFY(canFormVolume(stack));
        const auto volume = makeVolume(stack);
        QVERIFY((*volume)->isResampled());
        QVERIFY(std::abs((*volume)->sliceMm - 2.5) < 1e-9);
        QCOMPARE((*volume)->slices, 32);
        QCOMPARE((*volume)->interpolatedCount(), 11);
    }

    void gapsWiderThanTheRuleAreRefused() {
        // One of 40 missing: bridged. Two in a row: not, though only two are missing.
        StackRecipe recipe;
        recipe.slices = 40;
        const Stack one = assembleStacks(without(makeSeries(recipe).images, {20})).front();
        QVERIFY(canFormVolume(one));
        QCOMPARE((*makeVolume(one))->slices, 40);
        QCOMPARE((*makeVolume(one))->interpolatedCount(), 1);
        const Stack two = assembleStacks(without(makeSeries(recipe).images, {20, 21})).front();
        QVERIFY(find(two, Kind::WideGap));
        QVERIFY(std::abs(find(two, Kind::WideGap)->value - 6.0) < 1e-9);
        QVERIFY2(refusal(two).contains(QLatin1String("gap of 6.00 mm")), qPrintable(refusal(two)));
        // Single slices missing here and there, but more than one in ten.
        const Stack many = assembleStacks(without(makeSeries(recipe).images, {5, 10, 15, 20, 25})).front();
        QVERIFY2(refusal(many).contains(QLatin1String("5 slices are missing")), qPrintable(refusal(many)));
        // One missing, but the gap is wider than 10 mm; the same distance without a hole is a volume.
        recipe.step = {0, 0, 6};
        const Stack thick = assembleStacks(without(makeSeries(recipe).images, {20})).front();
        QVERIFY2(refusal(thick).contains(QLatin1String("gap of 12.00 mm")), qPrintable(refusal(thick)));
        recipe.step = {0, 0, 12};
        QVERIFY(canFormVolume(assembleStacks(makeSeries(recipe).images).front()));
    }

    // Positions of the GE head of neurolabusc/dcm_qa_ct: gantry tilt of 18.5 degrees and distances of 1.08 to 6.99 mm.
    void tiltedHeadWithTwoDistances() {
        StackRecipe recipe;
        recipe.row = {1, 0, 0};
        recipe.column = {0, 0.9483237, -0.3173047};
        recipe.first = {-125, -123.5404569, 5.8360586};
        recipe.rowMm = recipe.columnMm = 0.4882812;
        std::vector<double> heights;
        for (int i = 0; i < 14; ++i)
            heights.push_back(5.8360586 + i * 4.22);
        for (int i = 0; i < 14; ++i)
            heights.push_back(61.8360586 + i * 7.38);
        recipe.step = {0, 0, 0};
        const auto stacks = assembleStacks(atHeights(recipe, heights));
        QCOMPARE(stacks.size(), size_t(1));
        const Stack& stack = stacks.front();
        QVERIFY(find(stack, Kind::GantryTilt));
        QVERIFY(std::abs(find(stack, Kind::GantryTilt)->value - 18.5) < 0.01);
        QVERIFY(find(stack, Kind::UnevenSpacing));
        QVERIFY(!find(stack, Kind::MissingSlices));
        QVERIFY(canFormVolume(stack));
        QVERIFY((*makeVolume(stack))->isResampled());
        const PatientVector normal = recipe.row.cross(recipe.column);
        QVERIFY(std::abs(normal.z * 7.38 - 6.99) < 0.01);
        QVERIFY(std::abs(stack.sliceDistanceMm - 4.22 * normal.z) < 1e-6);

        // The upper half alone is a regular stack, and its tilt is sheared out.
        heights.erase(heights.begin(), heights.begin() + 14);
        const Stack upper = assembleStacks(atHeights(recipe, heights)).front();
        QVERIFY(canFormVolume(upper));
        const auto volume = makeVolume(upper);
        QVERIFY(volume);
        QVERIFY(std::abs((*volume)->tiltCorrectedDeg - 18.5) < 0.01);
        QVERIFY(std::abs((*volume)->sliceMm - 6.9987) < 0.001);
    }

    void duplicatesAreSaidAndRefused() {
        StackRecipe recipe;
        auto images = makeSeries(recipe).images;
        images.push_back(changed(images[3], [](ImageDescription& image) {
            image.instance = InstanceUid(QStringLiteral("9.9"));
            image.instanceNumber = 99;
        }));
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(1));
        QVERIFY(find(stacks.front(), Kind::DuplicatePosition));
        QCOMPARE(find(stacks.front(), Kind::DuplicatePosition)->value, 1.0);
        QVERIFY(refusal(stacks.front()).contains(QLatin1String("1 slices lie where another lies")));
    }

    void timePointsAreSplitByTemporalIndex() {
        StackRecipe recipe;
        std::vector<ImageDescriptionPtr> all;
        for (int time = 1; time <= 3; ++time) {
            for (const ImageDescriptionPtr& image : makeSeries(recipe).images)
                all.push_back(changed(image, [&](ImageDescription& copy) {
                    copy.instanceNumber += 100 * (4 - time); // numbers run against time
                    copy.instance = InstanceUid(QStringLiteral("%1.%2").arg(time).arg(copy.instanceNumber));
                    copy.frames[0].temporalIndex = time;
                }));
        }
        const auto stacks = assembleStacks(all);
        QCOMPARE(stacks.size(), size_t(3));
        for (size_t time = 0; time < 3; ++time) {
            QCOMPARE(stacks[time].frames.size(), size_t(recipe.slices));
            QVERIFY(canFormVolume(stacks[time]));
            for (const FrameRef& frame : stacks[time].frames)
                QCOMPARE(frame.description().temporalIndex, static_cast<int>(time) + 1);
        }
    }

    void echoesAreSplitByRank() {
        StackRecipe recipe;
        std::vector<ImageDescriptionPtr> all;
        for (int echo = 0; echo < 2; ++echo) {
            for (const ImageDescriptionPtr& image : makeSeries(recipe).images)
                all.push_back(changed(image, [&](ImageDescription& copy) {
                    copy.instanceNumber = copy.instanceNumber * 2 + echo;
                    copy.instance = InstanceUid(QStringLiteral("%1.%2").arg(echo).arg(copy.instanceNumber));
                }));
        }
        const auto stacks = assembleStacks(all);
        QCOMPARE(stacks.size(), size_t(2));
        for (size_t echo = 0; echo < 2; ++echo) {
            for (const FrameRef& frame : stacks[echo].frames)
                QCOMPARE(frame.image->instanceNumber % 2, static_cast<int>(echo));
        }
    }

    void aCineOfOneSliceKeepsItsOrder() {
        StackRecipe recipe;
        recipe.step = {0, 0, 0};
        const auto stacks = assembleStacks(makeSeries(recipe).images);
        QCOMPARE(stacks.size(), size_t(1));
        for (size_t i = 0; i < stacks.front().frames.size(); ++i)
            QCOMPARE(stacks.front().frames[i].image->instanceNumber, static_cast<int>(i) + 1);
        QVERIFY(!canFormVolume(stacks.front()));
    }

    void localizersStandApart() {
        StackRecipe recipe;
        auto images = makeSeries(recipe).images;
        StackRecipe scout;
        scout.column = {0, 0, -1};
        scout.step = {0, 5, 0};
        scout.slices = 1;
        auto scouts = makeSeries(scout).images;
        images.insert(
            images.begin(), changed(scouts[0], [](ImageDescription& image) {
                image.imageType = {QStringLiteral("ORIGINAL"), QStringLiteral("PRIMARY"), QStringLiteral("LOCALIZER")};
            }));
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(2));
        QCOMPARE(stacks[0].frames.size(), size_t(recipe.slices));
        QCOMPARE(stacks[1].frames.size(), size_t(1));
        QVERIFY(canFormVolume(stacks[0]));
        QVERIFY(!canFormVolume(stacks[1]));
    }

    void orientationsAreSplit() {
        StackRecipe axial;
        StackRecipe coronal;
        coronal.column = {0, 0, -1};
        coronal.step = {0, 2, 0};
        auto images = makeSeries(axial).images;
        const auto more = makeSeries(coronal).images;
        images.insert(images.end(), more.begin(), more.end());
        QCOMPARE(assembleStacks(images).size(), size_t(2));
    }

    void framesOfReferenceAreSplit() {
        StackRecipe recipe;
        auto images = makeSeries(recipe).images;
        for (size_t i = 6; i < images.size(); ++i)
            images[i] = changed(images[i], [](ImageDescription& image) {
                image.frameOfReference = FrameOfReferenceUid(QStringLiteral("7.7"));
            });
        QCOMPARE(assembleStacks(images).size(), size_t(2));
    }

    void slightlyDifferentOrientationIsSaidAndRefused() {
        StackRecipe recipe;
        auto images = makeSeries(recipe).images;
        const double angle = 0.5 * std::numbers::pi / 180.0;
        images[5] = changed(images[5], [&](ImageDescription& image) {
            image.frames[0].plane->column = {0, std::cos(angle), std::sin(angle)};
        });
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(1));
        QVERIFY(find(stacks.front(), Kind::MixedOrientation));
        QVERIFY(std::abs(find(stacks.front(), Kind::MixedOrientation)->value - 0.5) < 1e-6);
        QVERIFY(!canFormVolume(stacks.front()));
    }

    void aTurnAroundAnAxisStaysOneSequence() {
        std::vector<ImageDescriptionPtr> images;
        for (int i = 0; i < 36; ++i) {
            StackRecipe recipe;
            recipe.slices = 1;
            const double angle = i * 10 * std::numbers::pi / 180.0;
            recipe.row = {std::cos(angle), std::sin(angle), 0};
            recipe.column = {0, 0, -1};
            recipe.numberOf = [i](int) { return i + 1; };
            images.insert(images.begin(), makeSeries(recipe).images.front());
        }
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(1));
        QVERIFY(find(stacks.front(), Kind::MixedOrientation));
        for (size_t i = 0; i < 36; ++i)
            QCOMPARE(stacks.front().frames[i].image->instanceNumber, static_cast<int>(i) + 1);
    }

    void mixedMatrixIsSaidAndRefused() {
        StackRecipe recipe;
        auto images = makeSeries(recipe).images;
        images[2] = changed(images[2], [](ImageDescription& image) { image.columns = 99; });
        const Stack stack = assembleStacks(images).front();
        QVERIFY(find(stack, Kind::MixedMatrix));
        QVERIFY(refusal(stack).contains(QLatin1String("1 frames differ")));
        images = makeSeries(recipe).images;
        images[2] = changed(images[2], [](ImageDescription& image) { image.frames[0].spacing.rowMm *= 1.5; });
        QVERIFY(find(assembleStacks(images).front(), Kind::MixedMatrix));
    }

    void withoutSpacingThereIsNoVolume() {
        auto images = makeSeries({}).images;
        for (ImageDescriptionPtr& image : images)
            image = changed(image, [](ImageDescription& copy) { copy.frames[0].spacing = {}; });
        const Stack stack = assembleStacks(images).front();
        QVERIFY(find(stack, Kind::NoSpacing));
        QVERIFY(!canFormVolume(stack));
    }

    void tooFewSlicesAndWrongKindsAreRefused() {
        StackRecipe two;
        two.slices = 2;
        QVERIFY(
            refusal(assembleStacks(makeSeries(two).images).front()).contains(QLatin1String("2 slices are too few")));
        StackRecipe three;
        three.slices = 3;
        QVERIFY(canFormVolume(assembleStacks(makeSeries(three).images).front()));
        auto wide = makeSeries({}).images;
        for (ImageDescriptionPtr& image : wide)
            image = changed(image, [](ImageDescription& copy) { copy.bitsAllocated = 32; });
        QVERIFY(refusal(assembleStacks(wide).front()).contains(QLatin1String("32-bit")));
        auto colour = makeSeries({}).images;
        for (ImageDescriptionPtr& image : colour)
            image = changed(image, [](ImageDescription& copy) { copy.samplesPerPixel = 3; });
        QVERIFY(!canFormVolume(assembleStacks(colour).front()));
        QVERIFY(!canFormVolume(Stack{}));
    }

    void projectionsKeepInstanceOrder() {
        std::vector<ImageDescriptionPtr> images;
        for (const int number : {3, 1, 2}) {
            auto image = std::make_shared<ImageDescription>();
            image->modality = QStringLiteral("DX");
            image->instanceNumber = number;
            image->frames.resize(1);
            images.push_back(image);
        }
        auto clip = std::make_shared<ImageDescription>();
        clip->modality = QStringLiteral("US");
        clip->frameCount = 30;
        clip->frames.resize(1);
        images.push_back(clip);
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(2));
        QCOMPARE(stacks[0].frames.size(), size_t(3));
        for (size_t i = 0; i < 3; ++i)
            QCOMPARE(stacks[0].frames[i].image->instanceNumber, static_cast<int>(i) + 1);
        QVERIFY(stacks[0].findings.empty());
        QVERIFY(!stacks[0].sortedByGeometry);
        QCOMPARE(stacks[1].frames.size(), size_t(30));
        QCOMPARE(stacks[1].frames[29].frame, 29);
        QVERIFY(!canFormVolume(stacks[0]));
    }

    void aCrossSectionWithoutPositionSaysSo() {
        auto images = makeSeries({}).images;
        for (ImageDescriptionPtr& image : images)
            image = changed(image, [](ImageDescription& copy) { copy.frames[0].plane.reset(); });
        const Stack stack = assembleStacks(images).front();
        QVERIFY(find(stack, Kind::NoPosition));
        QVERIFY(!canFormVolume(stack));
    }

    void brokenOrientationCountsAsNone() {
        auto images = makeSeries({}).images;
        for (ImageDescriptionPtr& image : images)
            image = changed(image, [](ImageDescription& copy) { copy.frames[0].plane->row = {0, 0, 0}; });
        const auto stacks = assembleStacks(images);
        QCOMPARE(stacks.size(), size_t(1));
        QVERIFY(find(stacks.front(), Kind::NoPosition));
    }

    void framesOfOneInstanceFormAStack() {
        auto image = std::make_shared<ImageDescription>();
        image->modality = QStringLiteral("MR");
        image->columns = image->rows = 8;
        image->frameCount = 6;
        for (int i = 0; i < 6; ++i) {
            FrameDescription frame;
            frame.plane = PlanePosition{{0, 0, 10.0 * ((i * 5) % 6)}, {1, 0, 0}, {0, 1, 0}};
            frame.spacing = {1, 1, Calibration::PixelSpacing};
            frame.stackId = QStringLiteral("1");
            image->frames.push_back(frame);
        }
        const auto stacks = assembleStacks({image});
        QCOMPARE(stacks.size(), size_t(1));
        QVERIFY(canFormVolume(stacks.front()));
        for (size_t i = 0; i < 6; ++i)
            QCOMPARE(stacks.front().frames[i].description().plane->position.z, 10.0 * static_cast<double>(i));
    }
};

} // namespace

QTEST_GUILESS_MAIN(StackTest)
#include "stack_test.moc"
