#include "imaging/volume_load.h"
#include "synthetic_stack.h"

#include <QTest>
#include <atomic>
#include <cstring>
#include <random>

using namespace yz;

namespace {

/// Frames out of memory; those of 16 bits go where they are asked to, if wanted.
class MemorySource final : public PixelSource {
public:
    std::map<QString, PixelBuffer> frames;
    bool places = true;
    std::atomic<int> placed = 0, handed = 0;
    std::atomic<int> good = 1'000'000; ///< frames until the first error

    Result<DataSetHeader> readHeader(const QString&) override { return fail(ErrorCode::NotSupported); }
    Result<DataSetHeader> readHeader(const QByteArray&) override { return fail(ErrorCode::NotSupported); }
    Result<ImageDescriptionPtr> describe(const QString&) override { return fail(ErrorCode::NotSupported); }
    Result<PixelBufferPtr> decode(const QString& path, int, const CancelToken&) override {
        if (good-- <= 0)
            return fail(ErrorCode::PixelDataBroken);
        ++handed;
        return std::make_shared<const PixelBuffer>(frames.at(path));
    }
    Result<PixelBufferPtr> decodeInto(const QString& path, int frame, std::span<std::byte> target,
                                      const CancelToken& token) override {
        const PixelBuffer& pixels = frames.at(path);
        if (!places || target.size() != pixels.data.size())
            return decode(path, frame, token);
        std::memcpy(target.data(), pixels.data.data(), target.size());
        ++placed;
        return PixelBufferPtr();
    }
    Result<PresentationStatePtr> presentationState(const QString&) override { return fail(ErrorCode::NotSupported); }
    Result<PixelBufferPtr> decodeReduced(const QString& path, int frame, int, const CancelToken& token) override {
        return decode(path, frame, token);
    }
};

struct Form {
    const char* name;
    int bits;
    bool isSigned;
    double slope, intercept;
    std::optional<double> paddingFirst, paddingLast;
    bool isPlaced;
    bool isUneven = false; ///< slopes differ from slice to slice
};

/// Frames of noise within the bits of the form.
std::vector<ImageDescriptionPtr> noise(const Form& form, MemorySource& source) {
    std::mt19937 random(1);
    std::vector<ImageDescriptionPtr> images;
    constexpr int kSlices = 6;
    for (int i = 0; i < kSlices; ++i) {
        test::StackRecipe recipe;
        recipe.columns = 37; // no multiple of what a processor takes at a time
        recipe.slices = kSlices;
        auto image = std::make_shared<ImageDescription>(*test::makeSeries(recipe).images[static_cast<size_t>(i)]);
        image->bitsAllocated = form.bits > 8 ? 16 : 8;
        image->bitsStored = form.bits;
        image->isSigned = form.isSigned;
        image->frames[0].rescaleSlope = form.isUneven ? form.slope * (1 + i) : form.slope;
        image->frames[0].rescaleIntercept = form.intercept;
        image->paddingFirst = form.paddingFirst;
        image->paddingLast = form.paddingLast;
        PixelBuffer pixels;
        pixels.columns = image->columns;
        pixels.rows = image->rows;
        pixels.type = image->sampleType();
        pixels.data.resize(pixels.byteCount());
        const int low = form.isSigned ? -(1 << (form.bits - 1)) : 0;
        for (size_t p = 0; p < static_cast<size_t>(pixels.columns) * static_cast<size_t>(pixels.rows); ++p) {
            const int value = low + static_cast<int>(random() % (1U << form.bits));
            if (form.bits > 8)
                reinterpret_cast<std::uint16_t*>(pixels.data.data())[p] = static_cast<std::uint16_t>(value);
            else
                pixels.data[p] = static_cast<std::byte>(value);
        }
        source.frames[image->instance.value()] = std::move(pixels);
        images.push_back(std::move(image));
    }
    return images;
}

double storedAt(const PixelBuffer& pixels, size_t index) {
    switch (pixels.type) {
    case SampleType::UInt8:
        return pixels.as<std::uint8_t>()[index];
    case SampleType::Int8:
        return pixels.as<std::int8_t>()[index];
    case SampleType::UInt16:
        return pixels.as<std::uint16_t>()[index];
    default:
        return pixels.as<std::int16_t>()[index];
    }
}

QString pathOf(const InstanceUid& instance) { return instance.value(); }

} // namespace

/// Frames on their way into a volume: straight into their slices or through a buffer, the values are the same.
class VolumeLoadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void values_data() {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < std::size(kForms); ++i)
            QTest::newRow(kForms[i].name) << static_cast<int>(i);
    }

    void values() {
        QFETCH(int, index);
        const Form& form = kForms[index];
        MemorySource source;
        const Stack stack = assembleStacks(noise(form, source)).front();
        for (const bool places : {true, false}) {
            for (const int threads : {1, 3}) {
                source.places = places;
                source.placed = source.handed = 0;
                const auto volume = loadVolume(stack, source, pathOf, threads, {});
                QVERIFY2(volume.has_value(), volume ? "" : qPrintable(volume.error().toString()));
                QCOMPARE(source.placed.load(), places && form.isPlaced ? 6 : 0);
                QCOMPARE(source.placed + source.handed, 6);
                for (size_t slice = 0; slice < stack.frames.size(); ++slice) {
                    QCOMPARE(int((*volume)->filled[slice]), 1);
                    compareSlice(form, **volume, stack.frames[slice], source, slice);
                    if (QTest::currentTestFailed())
                        return;
                }
            }
        }
    }

    void framesComeBackAsTheyWere_data() { values_data(); }

    void framesComeBackAsTheyWere() {
        QFETCH(int, index);
        const Form& form = kForms[index];
        MemorySource source;
        const Stack stack = assembleStacks(noise(form, source)).front();
        const auto volume = loadVolume(stack, source, pathOf, 1, {});
        QVERIFY(volume.has_value());
        const bool isPadded =
            form.paddingFirst && form.paddingLast.value_or(*form.paddingFirst) >= (form.isSigned ? -32768.0 : 0.0);
        const bool keepsValues = form.bits > 8 && !form.isUneven && !isPadded;
        for (size_t i = 0; i < stack.frames.size(); ++i) {
            QCOMPARE(givesFrame(**volume, stack, static_cast<int>(i)), keepsValues);
            const PixelBufferPtr frame = frameOf(**volume, stack, static_cast<int>(i));
            QCOMPARE(frame != nullptr, keepsValues);
            if (!frame)
                continue;
            const PixelBuffer& sent = source.frames.at(stack.frames[i].image->instance.value());
            QCOMPARE(frame->type, sent.type);
            QCOMPARE(frame->columns, sent.columns);
            QVERIFY(frame->data == sent.data);
        }
        (*volume)->filled[2] = 0;
        QVERIFY(!frameOf(**volume, stack, 2)); // not there yet
        QVERIFY(!frameOf(**volume, stack, 99));
    }

    void emptySlices() {
        MemorySource source;
        const Stack stack = assembleStacks(noise(kForms[0], source)).front();
        const auto volume = makeVolume(stack, EmptySlices::Undefined);
        QVERIFY(volume.has_value());
        const auto fill = [&](int slice) {
            const QString uid = stack.frames[static_cast<size_t>(slice)].image->instance.value();
            return fillSlice(**volume, stack, slice, source.frames.at(uid)).has_value();
        };
        QVERIFY(fill(2));
        blankMissing(**volume);
        const size_t size = static_cast<size_t>((*volume)->columns) * static_cast<size_t>((*volume)->rows);
        for (size_t slice = 0; slice < 6; ++slice) {
            const auto begin = (*volume)->voxels.begin() + static_cast<std::ptrdiff_t>(slice * size);
            const auto air =
                static_cast<size_t>(std::count(begin, begin + static_cast<std::ptrdiff_t>(size), (*volume)->outside));
            QVERIFY(slice == 2 ? air < size / 2 : air == size);
        }
        QVERIFY(fill(3));
        blankMissing(**volume);
        QVERIFY((*volume)->voxels[3 * size] != (*volume)->outside ||
                (*volume)->voxels[3 * size + 1] != (*volume)->outside);
    }

    void anErrorEndsIt() {
        MemorySource source;
        const Stack stack = assembleStacks(noise(kForms[0], source)).front();
        source.places = false;
        source.good = 3;
        QCOMPARE(loadVolume(stack, source, pathOf, 2, {}).error().code, ErrorCode::PixelDataBroken);
        CancelToken token;
        token.cancel();
        QCOMPARE(loadVolume(stack, source, pathOf, 2, token).error().code, ErrorCode::Cancelled);
        Stack two = stack;
        two.frames.resize(2);
        QCOMPARE(loadVolume(two, source, pathOf, 0, {}).error().code, ErrorCode::VolumeNotPossible);
    }

    void largeBlocksBeginOnTheirPages() {
        std::vector<std::int16_t, LargeAllocator<std::int16_t>> large(9 << 20);
        QCOMPARE(reinterpret_cast<size_t>(large.data()) % (2 << 20), size_t(0));
        large.front() = 1;
        large.back() = 2;
        const auto copy = large;
        QCOMPARE(int(copy.back()), 2);
        large.resize(12 << 20);
        QCOMPARE(int(large[(9 << 20) - 1]), 2);
        std::vector<std::int16_t, LargeAllocator<std::int16_t>> small{1, 2, 3};
        small.push_back(4);
        QCOMPARE(int(small[3]), 4);
    }

private:
    /// Modality values of the voxels against those of the samples, each by the plain formula.
    static void compareSlice(const Form& form, const Volume& volume, const FrameRef& frame, const MemorySource& source,
                             size_t slice) {
        const PixelBuffer& pixels = source.frames.at(frame.image->instance.value());
        const size_t size = static_cast<size_t>(pixels.columns) * static_cast<size_t>(pixels.rows);
        const bool isFlipped = frame.description().plane->column.dot(volume.column) < 0.0;
        for (size_t p = 0; p < size; ++p) {
            const size_t row = p / static_cast<size_t>(pixels.columns);
            const size_t from =
                isFlipped ? (static_cast<size_t>(pixels.rows) - 1 - row) * static_cast<size_t>(pixels.columns) +
                                p % static_cast<size_t>(pixels.columns)
                          : p;
            const double stored = storedAt(pixels, from);
            const std::int16_t voxel = volume.voxels[slice * size + p];
            if (form.paddingFirst && stored >= *form.paddingFirst && stored <= *form.paddingLast) {
                QCOMPARE(int(voxel), int(volume.outside));
                continue;
            }
            const double expected = stored * frame.description().rescaleSlope + frame.description().rescaleIntercept;
            const double got = voxel * volume.rescaleSlope + volume.rescaleIntercept;
            QVERIFY2(std::abs(got - expected) <= (form.isUneven ? 0.5001 * std::abs(volume.rescaleSlope) : 1e-6),
                     qPrintable(QStringLiteral("%1 for %2").arg(got).arg(expected)));
        }
    }

    static constexpr Form kForms[] = {
        {"12 bits", 12, false, 1.0, -1024.0, {}, {}, true},
        {"16 bits with a sign", 16, true, 1.0, 0.0, {}, {}, true},
        {"16 bits without a sign", 16, false, 1.0, -1024.0, {}, {}, true},
        {"12 bits with a sign", 12, true, 2.0, 3.0, {}, {}, true},
        {"8 bits", 8, false, 1.0, 0.0, {}, {}, false},
        {"8 bits with a sign", 8, true, 1.0, 0.0, {}, {}, false},
        {"padding in 16 bits with a sign", 16, true, 1.0, 0.0, -32768.0, -2000.0, true},
        {"padding in 16 bits without a sign", 16, false, 1.0, 0.0, 60000.0, 65535.0, true},
        {"one value of padding in 12 bits", 12, false, 1.0, -1024.0, 17.0, 17.0, true},
        {"padding below what there is", 12, false, 1.0, -1024.0, -2000.0, -2000.0, true},
        {"padding in 8 bits", 8, false, 1.0, 0.0, 0.0, 9.0, false},
        {"slopes that differ", 12, false, 0.3, 0.0, {}, {}, true, true},
        {"slopes that differ, with padding", 16, true, 0.7, 0.0, -32768.0, -32000.0, true, true},
    };
};

QTEST_GUILESS_MAIN(VolumeLoadTest)
#include "volume_load_test.moc"
