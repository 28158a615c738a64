#include "dicom/codec/decoders.h"
#include "dicom/codec/jpeg_lossless_decoder.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <cstring>

using namespace yz;

namespace {

struct Picture {
    int columns, rows, components, precision;
    int predictor, pointTransform, linesPerInterval;
    std::vector<int> samples; ///< interleaved
};

/// A writer of its own, straight from ISO 10918-1 Annex H; seventeen codes of five bits.
class Writer {
public:
    explicit Writer(const Picture& picture) : m_picture(picture) {}

    std::vector<std::byte> run() {
        const int components = m_picture.components;
        put({0xFF, 0xD8, 0xFF, 0xC4, 0, 2 + 17 + 17, 0x01});
        for (int length = 1; length <= 16; ++length)
            put({length == 5 ? 17 : 0});
        for (int category = 0; category <= 16; ++category)
            put({category});
        put({0xFF, 0xC3, 0, 8 + 3 * components, m_picture.precision, m_picture.rows >> 8, m_picture.rows & 255,
             m_picture.columns >> 8, m_picture.columns & 255, components});
        for (int c = 0; c < components; ++c)
            put({c + 1, 0x11, 0});
        if (m_picture.linesPerInterval > 0) {
            const int interval = m_picture.linesPerInterval * m_picture.columns;
            put({0xFF, 0xDD, 0, 4, interval >> 8, interval & 255});
        }
        put({0xFF, 0xDA, 0, 6 + 2 * components, components});
        for (int c = 0; c < components; ++c)
            put({c + 1, 0x10});
        put({m_picture.predictor, 0, m_picture.pointTransform});
        scan();
        put({0xFF, 0xD9});
        return m_out;
    }

private:
    void put(std::initializer_list<int> bytes) {
        for (const int byte : bytes)
            m_out.push_back(static_cast<std::byte>(byte));
    }
    void bits(unsigned value, int count) {
        for (int i = count - 1; i >= 0; --i) {
            m_byte = m_byte << 1 | (value >> i & 1);
            if (++m_filled == 8) {
                put({m_byte});
                if (m_byte == 0xFF)
                    put({0});
                m_byte = m_filled = 0;
            }
        }
    }
    [[nodiscard]] int at(int x, int y, int c) const {
        return m_picture.samples[static_cast<size_t>((y * m_picture.columns + x) * m_picture.components + c)] >>
               m_picture.pointTransform;
    }
    void scan() {
        int restart = 0;
        for (int y = 0; y < m_picture.rows; ++y) {
            const bool isFirst = y == 0 || (m_picture.linesPerInterval > 0 && y % m_picture.linesPerInterval == 0);
            if (isFirst && y > 0) {
                while (m_filled != 0)
                    bits(1, 1);
                put({0xFF, 0xD0 + restart++ % 8});
            }
            for (int x = 0; x < m_picture.columns; ++x)
                for (int c = 0; c < m_picture.components; ++c)
                    difference(static_cast<std::int16_t>(at(x, y, c) - prediction(x, y, c, isFirst)));
        }
        while (m_filled != 0)
            bits(1, 1);
    }
    [[nodiscard]] int prediction(int x, int y, int c, bool isFirst) const {
        if (isFirst)
            return x == 0 ? 1 << (m_picture.precision - m_picture.pointTransform - 1) : at(x - 1, y, c);
        if (x == 0)
            return at(x, y - 1, c);
        const int a = at(x - 1, y, c);
        const int b = at(x, y - 1, c);
        const int d = at(x - 1, y - 1, c);
        const std::array<int, 8> table{0, a, b, d, a + b - d, a + ((b - d) >> 1), b + ((a - d) >> 1), (a + b) >> 1};
        return table[static_cast<size_t>(m_picture.predictor)];
    }
    void difference(int value) {
        if (value == -32768) {
            bits(16, 5);
            return;
        }
        int category = 0;
        while (std::abs(value) >> category)
            ++category;
        bits(static_cast<unsigned>(category), 5);
        if (category > 0)
            bits(static_cast<unsigned>(value > 0 ? value : value + (1 << category) - 1), category);
    }

    const Picture& m_picture;
    std::vector<std::byte> m_out;
    int m_byte = 0;
    int m_filled = 0;
};

class Random {
public:
    int below(int limit) {
        m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<int>((m_state >> 33) % static_cast<quint64>(limit));
    }

private:
    quint64 m_state = 42;
};

Picture randomPicture(Random& random) {
    Picture picture{};
    picture.columns = 1 + random.below(40);
    picture.rows = 1 + random.below(30);
    picture.components = random.below(3) == 0 ? 3 : 1;
    picture.precision = 2 + random.below(15);
    picture.predictor = 1 + random.below(7);
    picture.pointTransform = random.below(3) == 0 ? random.below(picture.precision - 1) : 0;
    picture.linesPerInterval = random.below(2) == 0 ? 1 + random.below(6) : 0;
    const int noise = 1 + random.below(1 << picture.precision);
    for (int i = 0; i < picture.columns * picture.rows * picture.components; ++i)
        picture.samples.push_back((i + random.below(noise)) & ((1 << picture.precision) - 1));
    return picture;
}

dicom::FrameLayout layoutOf(const Picture& picture) {
    dicom::FrameLayout layout;
    layout.columns = picture.columns;
    layout.rows = picture.rows;
    layout.samplesPerPixel = picture.components;
    layout.bitsAllocated = picture.precision <= 8 ? 8 : 16;
    layout.bitsStored = picture.precision;
    layout.highBit = picture.precision - 1;
    layout.colour = picture.components == 3 ? dicom::ColourModel::Rgb : dicom::ColourModel::Monochrome;
    return layout;
}

std::vector<std::byte> ownDecode(const Picture& picture, std::span<const std::byte> stream, bool& isTaken) {
    std::vector<std::byte> target(picture.samples.size() * (picture.precision <= 8 ? 1 : 2));
    isTaken = dicom::decodeLosslessScan(stream, {picture.columns, picture.rows, picture.components, picture.precision},
                                        target);
    return target;
}

} // namespace

class JpegLosslessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindOfScan();
    void whatIsBrokenIsNotTaken();
};

/// The writer's samples, our decoder's and DCMTK's are the same.
void JpegLosslessTest::everyKindOfScan() {
    Random random;
    for (int round = 0; round < 600; ++round) {
        const Picture picture = randomPicture(random);
        const std::vector<std::byte> stream = Writer(picture).run();
        const QByteArray name = QByteArray::number(round);
        bool isTaken = false;
        const std::vector<std::byte> ours = ownDecode(picture, stream, isTaken);
        QVERIFY2(isTaken, name.constData());
        std::vector<std::byte> expected;
        for (const int sample : picture.samples) {
            const int value = sample >> picture.pointTransform << picture.pointTransform;
            expected.push_back(static_cast<std::byte>(value & 0xFF));
            if (picture.precision > 8)
                expected.push_back(static_cast<std::byte>(value >> 8));
        }
        QVERIFY2(ours == expected, name.constData());
        const auto theirs = dicom::decodeJpegByLibrary(stream, layoutOf(picture));
        QVERIFY2(theirs.has_value(), qPrintable(theirs ? QString() : theirs.error().toString()));
        QVERIFY2(std::ranges::equal(ours, theirs->data), name.constData());
    }
}

/// Cut and changed streams: never outside the buffers (the sanitizers look on), and a cut one is never a picture.
void JpegLosslessTest::whatIsBrokenIsNotTaken() {
    Random random;
    for (int round = 0; round < 40; ++round) {
        const Picture picture = randomPicture(random);
        const std::vector<std::byte> stream = Writer(picture).run();
        for (size_t length = 0; length + 3 < stream.size(); length += 1 + stream.size() / 60) {
            const std::vector<std::byte> cut(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length));
            bool isTaken = true;
            (void)ownDecode(picture, cut, isTaken);
            QVERIFY2(!isTaken, qPrintable(QStringLiteral("%1 at %2").arg(round).arg(length)));
        }
        for (int change = 0; change < 200; ++change) {
            std::vector<std::byte> changed = stream;
            changed[static_cast<size_t>(random.below(static_cast<int>(changed.size())))] =
                static_cast<std::byte>(random.below(256));
            bool isTaken = false;
            (void)ownDecode(picture, changed, isTaken);
        }
    }
}

QTEST_GUILESS_MAIN(JpegLosslessTest)
#include "jpeg_lossless_test.moc"
