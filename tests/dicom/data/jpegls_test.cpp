#include "dicom/codec/decoders.h"
#include "dicom/codec/jpegls_scan.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <charls/charls_jpegls_encoder.h>
#include <cmath>
#include <cstring>
#include <memory>

using namespace yz;

namespace {

struct Picture {
    int columns, rows, precision;
    int kind; ///< of content
    charls_jpegls_pc_parameters presets{};
    std::vector<int> samples;
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
    picture.columns = 1 + random.below(random.below(4) == 0 ? 700 : 60);
    picture.rows = 1 + random.below(40);
    picture.precision = 2 + random.below(15);
    picture.kind = random.below(5);
    const int maximum = (1 << picture.precision) - 1;
    const int noise = 1 + random.below(1 << random.below(picture.precision));
    for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.columns; ++x) {
            int value = 0;
            switch (picture.kind) {
            case 0: // noise of every size
                value = random.below(noise);
                break;
            case 1: // flat with single points: runs, their ends and their ends at the edge
                value = random.below(23) == 0 ? random.below(maximum + 1) : maximum / 3;
                break;
            case 2: // a slope
                value = x * noise / 7 + y + random.below(3);
                break;
            case 3: // extremes: the longest codes
                value = random.below(2) == 0 ? random.below(2) : maximum - random.below(2);
                break;
            default: // an edge and stripes
                value = (x / 9 + y / 5) % 2 * (maximum / 2) + (x % 17 == 0 ? random.below(noise) : 0);
            }
            picture.samples.push_back(value & maximum);
        }
    if (picture.precision >= 4 && random.below(3) == 0) {
        const int t1 = 1 + random.below(maximum / 4);
        const int t2 = t1 + random.below(maximum / 4);
        picture.presets = {maximum, t1, t2, t2 + random.below(maximum / 4), 3 + random.below(250)};
    }
    return picture;
}

std::vector<std::byte> bytesOf(const Picture& picture) {
    std::vector<std::byte> bytes;
    for (const int sample : picture.samples) {
        bytes.push_back(static_cast<std::byte>(sample & 0xFF));
        if (picture.precision > 8)
            bytes.push_back(static_cast<std::byte>(sample >> 8));
    }
    return bytes;
}

/// Empty when CharLS does not want to.
std::vector<std::byte> encoded(const Picture& picture, int nearLossless) {
    const std::unique_ptr<charls_jpegls_encoder, decltype(&charls_jpegls_encoder_destroy)> encoder(
        charls_jpegls_encoder_create(), &charls_jpegls_encoder_destroy);
    const charls_frame_info info{static_cast<uint32_t>(picture.columns), static_cast<uint32_t>(picture.rows),
                                 picture.precision, 1};
    const std::vector<std::byte> samples = bytesOf(picture);
    std::vector<std::byte> out(4096 + samples.size() * 4);
    size_t written = 0;
    const auto ok = charls_jpegls_errc::success;
    if (charls_jpegls_encoder_set_frame_info(encoder.get(), &info) != ok ||
        charls_jpegls_encoder_set_near_lossless(encoder.get(), nearLossless) != ok ||
        (picture.presets.maximum_sample_value != 0 &&
         charls_jpegls_encoder_set_preset_coding_parameters(encoder.get(), &picture.presets) != ok) ||
        charls_jpegls_encoder_set_destination_buffer(encoder.get(), out.data(), out.size()) != ok ||
        charls_jpegls_encoder_encode_from_buffer(encoder.get(), samples.data(), samples.size(), 0) != ok ||
        charls_jpegls_encoder_get_bytes_written(encoder.get(), &written) != ok)
        return {};
    out.resize(written);
    return out;
}

dicom::FrameLayout layoutOf(const Picture& picture) {
    dicom::FrameLayout layout;
    layout.columns = picture.columns;
    layout.rows = picture.rows;
    layout.bitsAllocated = picture.precision <= 8 ? 8 : 16;
    layout.bitsStored = picture.precision;
    layout.highBit = picture.precision - 1;
    return layout;
}

using dicom::JpegLsOutcome;

JpegLsOutcome ownDecode(const Picture& picture, std::span<const std::byte> stream, std::vector<std::byte>& target) {
    target.assign(picture.samples.size() * (picture.precision <= 8 ? 1 : 2), std::byte{0});
    return dicom::decodeJpegLsScan(stream, {picture.columns, picture.rows, picture.precision}, target);
}

} // namespace

class JpegLsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindOfPicture();
    void nearLosslessIsTheLibrarys();
    void brokenStreams();
};

/// What CharLS encoded comes back to the last bit.
void JpegLsTest::everyKindOfPicture() {
    Random random;
    int withPresets = 0;
    for (int round = 0; round < 1500; ++round) {
        const Picture picture = randomPicture(random);
        const std::vector<std::byte> stream = encoded(picture, 0);
        const QByteArray name = QByteArray::number(round) + " kind " + QByteArray::number(picture.kind) + " bits " +
                                QByteArray::number(picture.precision);
        QVERIFY2(!stream.empty(), name.constData());
        withPresets += picture.presets.maximum_sample_value != 0 ? 1 : 0;
        std::vector<std::byte> ours;
        QVERIFY2(ownDecode(picture, stream, ours) == JpegLsOutcome::Decoded, name.constData());
        QVERIFY2(ours == bytesOf(picture), name.constData());
    }
    QVERIFY(withPresets > 100);
}

void JpegLsTest::nearLosslessIsTheLibrarys() {
    Random random;
    Picture picture = randomPicture(random);
    picture.precision = 12;
    const std::vector<std::byte> stream = encoded(picture, 2);
    QVERIFY(!stream.empty());
    std::vector<std::byte> ours;
    QVERIFY(ownDecode(picture, stream, ours) == JpegLsOutcome::Left);
    QVERIFY(dicom::decodeJpegLs(stream, layoutOf(picture)).has_value());
}

/// Cut and changed streams: never outside the buffers (the sanitizers look on); where both take one, they agree.
void JpegLsTest::brokenStreams() {
    Random random;
    int taken = 0;
    for (int round = 0; round < 60; ++round) {
        const Picture picture = randomPicture(random);
        const std::vector<std::byte> stream = encoded(picture, 0);
        std::vector<std::byte> ours;
        for (size_t length = 0; length + 2 < stream.size(); length += 1 + stream.size() / 60) {
            const std::vector<std::byte> cut(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length));
            const QString where = QStringLiteral("%1 at %2").arg(round).arg(length);
            QVERIFY2(ownDecode(picture, cut, ours) != JpegLsOutcome::Decoded, qPrintable(where));
        }
        for (int change = 0; change < 200; ++change) {
            std::vector<std::byte> changed = stream;
            changed[static_cast<size_t>(random.below(static_cast<int>(changed.size())))] =
                static_cast<std::byte>(random.below(256));
            const JpegLsOutcome outcome = ownDecode(picture, changed, ours);
            if (outcome != JpegLsOutcome::Decoded) // the library can take minutes to refuse one
                continue;
            const auto theirs = dicom::decodeJpegLsByLibrary(changed, layoutOf(picture));
            if (!theirs)
                continue;
            ++taken;
            QVERIFY2(std::ranges::equal(ours, theirs->data),
                     qPrintable(QStringLiteral("%1, change %2").arg(round).arg(change)));
        }
    }
    QVERIFY(taken > 100);
}

QTEST_GUILESS_MAIN(JpegLsTest)
#include "jpegls_test.moc"
