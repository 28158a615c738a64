#include "../imaging/synthetic_stack.h"
#include "viewer/volume_builder.h"

#include <QTest>

using namespace yz;
using namespace yz::test;

/// A volume while its frames arrive: when it may be cut, and what is in it then.
class VolumeBuilderTest : public QObject {
    Q_OBJECT

    struct Case {
        SyntheticSeries series;
        std::unique_ptr<VolumeBuilder> builder;
        [[nodiscard]] FrameKey key(int slice) const {
            const FrameRef& frame = builder->stack().frames[static_cast<size_t>(slice)];
            return {frame.image->instance, frame.frame};
        }
        bool take(int slice) { return builder->take(key(slice), series.pixels.at(key(slice).instance.value())); }
        [[nodiscard]] bool isAir(int slice) const {
            const Volume& volume = builder->volume();
            const size_t size = static_cast<size_t>(volume.columns) * static_cast<size_t>(volume.rows);
            const auto* from = volume.voxels.data() + static_cast<size_t>(slice) * size;
            return std::all_of(from, from + size, [&](std::int16_t voxel) { return voxel == volume.outside; });
        }
    };
    static Case make() {
        Case made;
        made.series = makeSeries({});
        made.builder = *VolumeBuilder::make(assembleStacks(made.series.images).front());
        return made;
    }

private Q_SLOTS:
    void isCutWhenWhatIsMissingIsAir() {
        Case made = make();
        QVERIFY(!made.builder->isDrawable());
        QVERIFY(made.take(3));
        QVERIFY(made.take(7));
        QVERIFY(!made.builder->isDrawable());
        int blanked = 0;
        while (made.builder->blankNext()) {
            ++blanked;
            QVERIFY(!made.builder->isDrawable());
        }
        QCOMPARE(blanked, made.builder->sliceCount() - 2);
        QVERIFY(made.builder->isDrawable());
        for (int slice = 0; slice < made.builder->sliceCount(); ++slice)
            QCOMPARE(made.isAir(slice), slice != 3 && slice != 7);
        const int before = made.builder->revision();
        QVERIFY(!made.builder->blankNext());
        QCOMPARE(made.builder->revision(), before);
    }

    void framesThatComeWhileItIsBlankedStay() {
        Case made = make();
        QVERIFY(made.builder->blankNext());
        QVERIFY(made.builder->blankNext());
        QVERIFY(made.take(0));
        QVERIFY(made.take(11));
        while (made.builder->blankNext()) {
        }
        QVERIFY(!made.isAir(0));
        QVERIFY(!made.isAir(11));
        QVERIFY(made.take(5));
        QVERIFY(!made.isAir(5));
    }

    void allFramesNeedNoAir() {
        Case made = make();
        for (int slice = 0; slice < made.builder->sliceCount(); ++slice) {
            QVERIFY(!made.builder->isDrawable());
            QVERIFY(made.take(slice));
        }
        QVERIFY(made.builder->isComplete());
        QVERIFY(made.builder->isDrawable());
    }

    void frameThatWillNotComeIsAirBeforeItIsCut() {
        Case made = make();
        for (int slice = 1; slice < made.builder->sliceCount(); ++slice)
            QVERIFY(made.take(slice));
        made.builder->giveUp(made.key(0));
        QVERIFY(made.builder->isComplete());
        QVERIFY(!made.builder->isDrawable());
        QVERIFY(made.builder->blankNext());
        QVERIFY(!made.builder->blankNext());
        QVERIFY(made.builder->isDrawable());
        QVERIFY(made.isAir(0));
    }
};

QTEST_GUILESS_MAIN(VolumeBuilderTest)
#include "volume_builder_test.moc"
