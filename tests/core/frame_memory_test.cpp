#include "../support/sanitized.h"
#include "core/frame_memory.h"

#include <QFile>
#include <QTest>
#include <algorithm>
#include <cstring>
#include <random>
#include <thread>
#include <unistd.h>

using namespace yz;

/// Memory for frames: blocks never overlap, and what is free goes back.
class FrameMemoryTest : public QObject {
    Q_OBJECT

    struct Block {
        std::byte* at;
        size_t size;
        unsigned char mark;
    };
    static Block take(size_t size, unsigned char mark) {
        auto* at = static_cast<std::byte*>(frame_memory::take(size));
        std::memset(at, mark, size);
        return {at, size, mark};
    }
    static bool isWhole(const Block& block) {
        return std::all_of(block.at, block.at + block.size,
                           [&](std::byte b) { return b == static_cast<std::byte>(block.mark); });
    }
    static void churn(unsigned seed, int rounds, bool& isRight) {
        std::mt19937 random(seed);
        const size_t sizes[] = {1,          1000,    64 * 1024 - 1, 64 * 1024,      65 * 1024 + 1, 131072,
                                512 * 1024, 700'001, 2u << 20,      (2u << 20) + 1, 5000000,       2'097'151u};
        std::vector<Block> blocks;
        isRight = true;
        for (int i = 0; i < rounds; ++i) {
            if (blocks.size() < 40 && random() % 5 != 0) {
                blocks.push_back(take(sizes[random() % std::size(sizes)], static_cast<unsigned char>(random())));
                continue;
            }
            const size_t which = random() % std::max<size_t>(1, blocks.size());
            if (which >= blocks.size())
                continue;
            isRight = isRight && isWhole(blocks[which]);
            frame_memory::give(blocks[which].at, blocks[which].size);
            blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(which));
        }
        for (const Block& block : blocks) {
            isRight = isRight && isWhole(block);
            frame_memory::give(block.at, block.size);
        }
    }

    /// What the kernel says this process has been given.
    static size_t mappedBytes() {
        QFile file(QStringLiteral("/proc/self/statm"));
        if (!file.open(QIODevice::ReadOnly))
            return 0;
        return file.readAll().split(' ').value(0).toULongLong() * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    }

private Q_SLOTS:
    void blocksKeepWhatIsWritten() {
        bool isRight = false;
        churn(1, 3000, isRight);
        QVERIFY(isRight);
    }

    void fromSeveralThreads() {
        bool first = false, second = false, third = false;
        std::thread a([&] { churn(2, 1500, first); });
        std::thread b([&] { churn(3, 1500, second); });
        churn(4, 1500, third);
        a.join();
        b.join();
        QVERIFY(first && second && third);
    }

    void framesThatAreGoneGoBack() {
        if (test::kSanitized)
            QSKIP("a sanitizer takes the memory");
        const size_t before = mappedBytes();
        QVERIFY(before > 0);
        std::vector<SampleBytes> frames(512, SampleBytes(512 * 1024));
        QVERIFY(mappedBytes() >= before + (size_t{256} << 20) - (size_t{16} << 20));
        QVERIFY(mappedBytes() <= before + (size_t{264} << 20));
        // One after the other, as they move into a volume: half are gone, half of the memory is.
        for (size_t i = 0; i < 256; ++i)
            frames[i] = {};
        QVERIFY(mappedBytes() <= before + (size_t{128 + 16} << 20));
        frames.clear();
        QVERIFY(mappedBytes() <= before + (size_t{16} << 20));
    }

    void samplesStartAtZero() {
        for (int round = 0; round < 3; ++round) {
            SampleBytes samples(300'000);
            QVERIFY(std::all_of(samples.begin(), samples.end(), [](std::byte b) { return b == std::byte{0}; }));
            std::fill(samples.begin(), samples.end(), std::byte{0xa5});
        }
    }

    void samplesBehaveLikeAVector() {
        SampleBytes samples;
        QVERIFY(samples.empty() && samples.begin() == samples.end());
        samples.resize(3, std::byte{7});
        samples.resize(200'000);
        QVERIFY(samples[2] == std::byte{7} && samples[3] == std::byte{0} && samples[199'999] == std::byte{0});
        const SampleBytes copy = samples;
        QVERIFY(copy == samples && copy.data() != samples.data());
        samples.assign(samples.begin() + 1, samples.begin() + 5); // out of itself
        QCOMPARE(samples.size(), size_t{4});
        QVERIFY(samples[0] == std::byte{7} && samples[1] == std::byte{7} && samples[2] == std::byte{0});
        QVERIFY(!(copy == samples));
        SampleBytes moved = std::move(samples);
        QCOMPARE(moved.size(), size_t{4});
        samples = copy;
        moved = std::move(samples);
        QVERIFY(moved == copy);
        SampleBytes& self = moved;
        moved = self;
        QVERIFY(moved == copy);
        moved.resize(10);
        moved.resize(20);
        QVERIFY(moved[0] == std::byte{7} && moved[19] == std::byte{0}); // not what was there before
        moved.clear();
        QVERIFY(moved.empty());
    }

    void tooMuchIsRefused() {
        if (test::kSanitized)
            QSKIP("the sanitizer ends a program that asks for so much");
        QVERIFY_THROWS_EXCEPTION(std::bad_alloc, (void)frame_memory::take(size_t{1} << 60));
    }
};

QTEST_GUILESS_MAIN(FrameMemoryTest)
#include "frame_memory_test.moc"
