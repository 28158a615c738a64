#include "dicom/codec/jpegls_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

// As imaging's: sanitizer builds keep one version, their run time is not ready when the loader asks which to take.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#define YZ_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#define YZ_INLINE __attribute__((always_inline))
#else
#define YZ_CLONES
#define YZ_INLINE
#endif

namespace yz::dicom {

namespace {

using Byte = unsigned char;

// A.2.1: the orders of the codes of run lengths.
constexpr std::array<int, 32> kRunOrders{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,  2,  3,  3,  3,  3,
                                         4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr int kMostK = 16;      ///< no honest picture of 16 bits has a longer remainder
constexpr int kMostReset = 255; ///< keeps the sums of a context far from their type's end
constexpr int kLeastC = -128;   ///< A.6.2
constexpr int kMostC = 127;
constexpr int kContexts = 365; ///< A.3.3, without the two of runs

/// C.2.4.1.1
struct Presets {
    int maximum = 0; ///< MAXVAL
    int t1 = 0;
    int t2 = 0;
    int t3 = 0;
    int reset = 64;
};

Presets defaultPresets(int precision) {
    Presets p;
    p.maximum = (1 << precision) - 1;
    const auto clamp = [&p](int value, int least) { return value > p.maximum || value < least ? least : value; };
    if (p.maximum >= 128) {
        const int factor = (std::min(p.maximum, 4095) + 128) / 256;
        p.t1 = clamp(factor * (3 - 2) + 2, 1);
        p.t2 = clamp(factor * (7 - 3) + 3, p.t1);
        p.t3 = clamp(factor * (21 - 4) + 4, p.t2);
    } else {
        const int factor = 256 / (p.maximum + 1);
        p.t1 = clamp(std::max(2, 3 / factor), 1);
        p.t2 = clamp(std::max(3, 7 / factor), p.t1);
        p.t3 = clamp(std::max(4, 21 / factor), p.t2);
    }
    return p;
}

/// Bits of the scan, up to the next marker. After a byte 0xFF the next one has seven (A.1).
class BitReader {
public:
    explicit BitReader(std::span<const Byte> data) : m_data(data) { refill(); }

    /// At least 49 bits, so that the longest prefix and its end are among them.
    void need() {
        if (m_count < 49)
            refill();
    }
    /// Zeros up to the next one, which is taken too. 64 when there is none.
    int zeros() {
        const int count = std::countl_zero(m_bits);
        drop(std::min(count + 1, m_count));
        return count;
    }
    /// `count` bits, 0 to 16.
    unsigned take(int count) {
        if (m_count < 16)
            refill();
        const auto value = static_cast<unsigned>((m_bits >> 1) >> (63 - count));
        drop(count);
        return value;
    }
    bool takeBit() {
        if (m_count < 1)
            refill();
        const bool bit = m_bits >> 63 != 0;
        drop(1);
        return bit;
    }
    /// More bits were taken than there are before the marker.
    [[nodiscard]] bool isExhausted() const { return m_count < m_invented; }
    /// Nothing but padding is left before the marker.
    [[nodiscard]] bool isAtEnd() {
        refill();
        return !isExhausted() && m_bits == 0 && m_position + 1 < m_data.size() && m_data[m_position] == 0xFF;
    }

private:
    void drop(int count) {
        m_bits <<= count;
        m_count -= count;
    }

    void refill() {
        if (m_position + 8 <= m_data.size()) {
            std::uint64_t word = 0;
            std::memcpy(&word, m_data.data() + m_position, 8);
            constexpr std::uint64_t kOnes = 0x0101010101010101;
            if (((~word - kOnes) & word & (kOnes << 7)) == 0) { // no byte is 0xFF
                // The bits below m_count are those of the bytes that follow: what is put in again is the same.
                m_bits |=
                    std::endian::native == std::endian::little ? __builtin_bswap64(word) >> m_count : word >> m_count;
                m_position += static_cast<size_t>((63 - m_count) >> 3);
                m_count |= 56;
                return;
            }
        }
        *this = refilledByBytes(*this);
    }

    /// By value, so that a reader on the stack can live in registers.
    [[gnu::noinline]] static BitReader refilledByBytes(BitReader reader) {
        reader.m_bits &= reader.m_count == 0 ? 0 : ~std::uint64_t{0} << (64 - reader.m_count);
        while (reader.m_count <= 48) {
            const std::span<const Byte> rest = reader.m_data.subspan(reader.m_position);
            std::uint64_t bits = 0;
            int length = 8;
            if (!rest.empty() && rest[0] != 0xFF) {
                bits = rest[0];
                reader.m_position += 1;
            } else if (rest.size() > 1 && rest[1] < 0x80) {
                bits = 0xFFULL << 7 | rest[1];
                length = 15;
                reader.m_position += 2;
            } else {
                reader.m_invented += 8;
            }
            reader.m_bits |= bits << (64 - length - reader.m_count);
            reader.m_count += length;
        }
        return reader;
    }

    std::span<const Byte> m_data;
    size_t m_position = 0;
    std::uint64_t m_bits = 0; ///< the next bit on top
    int m_count = 0;
    int m_invented = 0; ///< zeros put in behind the data
};

/// A.2.1. `k` is the order of the next code, known before it is needed (A.5.1).
struct Context {
    std::int32_t a = 0;
    std::int32_t b = 0; ///< in a run context: how many errors were negative (Nn)
    std::int32_t c = 0;
    std::int32_t n = 1;
    std::int32_t k = 0;
};

/// A.5.1: the least k with n << k >= a.
int orderOf(std::int32_t a, std::int32_t n) {
    const int k =
        std::max(std::countl_zero(static_cast<unsigned>(n)) - std::countl_zero(static_cast<unsigned>(a | 1)), 0);
    return std::min(k + ((n << k) < a ? 1 : 0), kMostK);
}

/// Markers up to the entropy-coded data (C.2). Where that starts, and the presets.
struct ScanStart {
    size_t position = 0;
    Presets presets;
};

int word(const Byte* p) { return p[0] << 8 | p[1]; }

std::optional<ScanStart> readMarkers(std::span<const Byte> data, const JpegLsPicture& expected) {
    ScanStart start;
    start.presets = defaultPresets(expected.precision);
    int component = -1;
    size_t position = 2;
    if (data.size() < 4 || data[0] != 0xFF || data[1] != 0xD8)
        return std::nullopt;
    while (position + 4 <= data.size()) {
        if (data[position] != 0xFF)
            return std::nullopt;
        const int marker = data[position + 1];
        if (marker == 0xFF) {
            ++position;
            continue;
        }
        const auto length = static_cast<size_t>(word(data.data() + position + 2));
        if (length < 2 || length > data.size() - position - 2)
            return std::nullopt;
        const std::span<const Byte> body = data.subspan(position + 4, length - 2);
        position += 2 + length;
        switch (marker) {
        case 0xF7: // C.2.2
            if (component >= 0 || body.size() != 9 || body[0] != expected.precision ||
                word(&body[1]) != expected.rows || word(&body[3]) != expected.columns || body[5] != 1 ||
                body[7] != 0x11 || body[8] != 0)
                return std::nullopt;
            component = body[6];
            break;
        case 0xF8: { // C.2.4.1
            if (body.size() != 11 || body[0] != 1)
                return std::nullopt;
            Presets& p = start.presets;
            const auto put = [&body](int& to, size_t at) {
                if (word(&body[at]) != 0)
                    to = word(&body[at]);
            };
            put(p.t1, 3);
            put(p.t2, 5);
            put(p.t3, 7);
            put(p.reset, 9);
            const int maximum = word(&body[1]);
            if ((maximum != 0 && maximum != p.maximum) || p.t1 < 1 || p.t2 < p.t1 || p.t3 < p.t2 || p.t3 > p.maximum ||
                p.reset < 3 || p.reset > kMostReset)
                return std::nullopt;
            break;
        }
        case 0xDA: // C.2.3: one component, no mapping table, NEAR 0, not interleaved, no point transform
            if (component < 0 || body.size() != 6 || body[0] != 1 || body[1] != component || body[2] != 0 ||
                body[3] != 0 || body[4] != 0 || body[5] != 0)
                return std::nullopt;
            start.position = position;
            return start;
        default:
            if ((marker < 0xE0 || marker > 0xEF) && marker != 0xFE)
                return std::nullopt;
            break;
        }
    }
    return std::nullopt;
}

class ScanDecoder {
public:
    ScanDecoder(std::span<const Byte> data, const JpegLsPicture& picture, const Presets& presets)
        : m_bits(data), m_columns(picture.columns), m_maximum(presets.maximum), m_reset(presets.reset),
          m_wordBits(picture.precision), m_codeBits(std::max(2, picture.precision)),
          m_limit(2 * (m_codeBits + std::max(8, m_codeBits))),
          m_gradients(2 * (static_cast<size_t>(presets.maximum) + 1)), m_fromAbove(static_cast<size_t>(m_columns)) {
        const std::int32_t a = std::max(2, (presets.maximum + 1 + 32) / 64);
        m_contexts.fill(Context{a, 0, 0, 1, orderOf(a, 1)});
        m_runs.fill(Context{a, 0, 0, 1, 0});
        // A.3.3, from the outermost gradients inwards.
        const auto middle = m_gradients.begin() + presets.maximum + 1;
        std::fill(m_gradients.begin(), middle, static_cast<std::int8_t>(-4));
        std::fill(middle, m_gradients.end(), static_cast<std::int8_t>(4));
        const std::array<int, 4> ends{presets.t3, presets.t2, presets.t1, 1};
        for (int q = 3; q >= 0; --q) {
            const int most = ends[static_cast<size_t>(3 - q)] - 1;
            std::fill(middle - most, middle, static_cast<std::int8_t>(-q));
            std::fill(middle, middle + most + 1, static_cast<std::int8_t>(q));
        }
    }

    /// Both lines have a sample before their first and one behind their last.
    YZ_INLINE JpegLsOutcome line(const std::uint16_t* above, std::uint16_t* line) {
        BitReader bits = m_bits;
        const std::int8_t* const gradient = m_gradients.data() + m_maximum + 1;
        for (int x = 0; x < m_columns; ++x) // what does not wait for the sample before
            m_fromAbove[static_cast<size_t>(x)] = static_cast<std::int16_t>(81 * gradient[above[x + 1] - above[x]] +
                                                                            9 * gradient[above[x] - above[x - 1]]);
        int left = line[-1];
        int x = 0;
        while (x < m_columns) {
            const int q = m_fromAbove[static_cast<size_t>(x)] + gradient[above[x - 1] - left];
            if (q == 0) {
                if (!run(bits, above, line, x, left))
                    return JpegLsOutcome::Damaged;
                continue;
            }
            const int sign = q >> 31; // -1: the context of the mirrored gradients
            Context& context = m_contexts[static_cast<size_t>((q ^ sign) - sign)];
            const int high = above[x];
            const int corner = above[x - 1];
            const int least = std::min(left, high);
            const int most = std::max(left, high);
            int predicted = std::clamp(left + high - corner, least, most); // A.4.1
            predicted = std::clamp(predicted + ((context.c ^ sign) - sign), 0, m_maximum);
            const int k = context.k;
            const unsigned mapped = code(bits, k, m_limit);
            int error = static_cast<int>(mapped >> 1) ^ -static_cast<int>(mapped & 1);
            if (k == 0 && 2 * context.b <= -context.n) // A.5.2
                error = ~error;
            left = (predicted + ((error ^ sign) - sign)) & m_maximum;
            line[x++] = static_cast<std::uint16_t>(left);
            update(context, error);
        }
        m_bits = bits;
        if (m_isBroken || m_bits.isExhausted())
            return JpegLsOutcome::Damaged;
        // A.5.2 maps errors of half the range to less than the range, or to it when the signs change places.
        return m_most <= static_cast<unsigned>(m_maximum) + 1 ? JpegLsOutcome::Decoded : JpegLsOutcome::Left;
    }

    [[nodiscard]] bool isAtEnd() { return m_bits.isAtEnd(); }

private:
    /// A.5.3
    YZ_INLINE unsigned code(BitReader& bits, int k, int limit) {
        bits.need();
        const int zeros = bits.zeros();
        const int most = limit - m_wordBits - 1;
        unsigned mapped = 0;
        if (zeros < most) [[likely]] {
            mapped = static_cast<unsigned>(zeros) << k | bits.take(k);
        } else {
            m_isBroken = m_isBroken || zeros > most;
            mapped = bits.take(m_wordBits) + 1;
        }
        m_most = std::max(m_most, mapped);
        return mapped;
    }

    /// A.6.1, A.6.2
    YZ_INLINE void update(Context& context, int error) const {
        int a = context.a + std::abs(error);
        int b = context.b + error;
        int n = context.n;
        if (n == m_reset) {
            a >>= 1;
            b >>= 1;
            n >>= 1;
        }
        ++n;
        if (b <= -n) {
            b = std::max(b + n, 1 - n);
            context.c = std::max(context.c - 1, kLeastC);
        } else if (b > 0) {
            b = std::min(b - n, 0);
            context.c = std::min(context.c + 1, kMostC);
        }
        context.a = a;
        context.b = b;
        context.n = n;
        context.k = orderOf(a, n);
    }

    /// A.7: a run of the sample on the left, then the one that ended it.
    YZ_INLINE bool run(BitReader& bits, const std::uint16_t* above, std::uint16_t* line, int& x, int& left) {
        const int rest = m_columns - x;
        int length = 0;
        while (bits.takeBit()) {
            const int step = 1 << kRunOrders[static_cast<size_t>(m_runIndex)];
            const int taken = std::min(step, rest - length);
            length += taken;
            if (taken == step)
                m_runIndex = std::min(m_runIndex + 1, 31);
            if (length == rest)
                break;
        }
        if (length < rest) {
            length += static_cast<int>(bits.take(kRunOrders[static_cast<size_t>(m_runIndex)]));
            if (length > rest)
                return false;
        }
        std::fill_n(line + x, length, static_cast<std::uint16_t>(left));
        x += length;
        if (x == m_columns)
            return true;
        const int high = above[x];
        const int isEqual = left == high ? 1 : 0; // RItype
        Context& context = m_runs[static_cast<size_t>(isEqual)];
        const int k = orderOf(context.a + (isEqual != 0 ? context.n >> 1 : 0), context.n);
        const unsigned mapped = code(bits, k, m_limit - kRunOrders[static_cast<size_t>(m_runIndex)] - 1);
        const int doubled = static_cast<int>(mapped) + isEqual;
        const bool isOdd = (doubled & 1) != 0;
        const int size = (doubled + 1) >> 1;
        const int error = (k != 0 || 2 * context.b >= context.n) == isOdd ? -size : size;
        if (error < 0)
            ++context.b;
        context.a += (static_cast<int>(mapped) + 1 - isEqual) >> 1;
        if (context.n == m_reset) {
            context.a >>= 1;
            context.n >>= 1;
            context.b >>= 1;
        }
        ++context.n;
        m_runIndex = std::max(m_runIndex - 1, 0);
        left = (high + (isEqual == 0 && left > high ? -error : error)) & m_maximum;
        line[x++] = static_cast<std::uint16_t>(left);
        return true;
    }

    BitReader m_bits;
    int m_columns;
    int m_maximum;
    int m_reset;
    int m_wordBits; ///< qbpp
    int m_codeBits; ///< bpp
    int m_limit;    ///< A.2.1
    int m_runIndex = 0;
    unsigned m_most = 0; ///< the largest mapped error so far
    bool m_isBroken = false;
    std::array<Context, kContexts> m_contexts;
    std::array<Context, 2> m_runs;
    std::vector<std::int8_t> m_gradients;  ///< by difference, from -(MAXVAL + 1)
    std::vector<std::int16_t> m_fromAbove; ///< what the line above says of each context
};

/// All lines, compiled also for processors with BMI2, whose shifts need no flags.
YZ_CLONES JpegLsOutcome decodeLines(ScanDecoder& decoder, const JpegLsPicture& picture, std::span<std::byte> target) {
    const auto width = static_cast<size_t>(picture.columns);
    const size_t bytes = picture.precision <= 8 ? 1 : 2;
    std::vector<std::uint16_t> lines(2 * (width + 2));
    std::uint16_t* line = lines.data() + 1;
    std::uint16_t* above = line + width + 2;
    for (int y = 0; y < picture.rows; ++y) {
        line[-1] = above[0]; // A.2.1: the neighbours beyond the edges
        above[width] = above[width - 1];
        if (const JpegLsOutcome outcome = decoder.line(above, line); outcome != JpegLsOutcome::Decoded)
            return outcome;
        std::byte* to = target.data() + static_cast<size_t>(y) * width * bytes;
        if (bytes == 2)
            std::memcpy(to, line, width * 2);
        else
            std::transform(line, line + width, to, [](std::uint16_t value) { return static_cast<std::byte>(value); });
        std::swap(line, above);
    }
    return decoder.isAtEnd() ? JpegLsOutcome::Decoded : JpegLsOutcome::Left;
}

} // namespace

JpegLsOutcome decodeJpegLsScan(std::span<const std::byte> stream, const JpegLsPicture& expected,
                               std::span<std::byte> target) {
    const std::span<const Byte> data(reinterpret_cast<const Byte*>(stream.data()), stream.size());
    const size_t bytes = expected.precision <= 8 ? 1 : 2;
    const auto width = static_cast<size_t>(expected.columns);
    if (expected.precision < 2 || expected.precision > 16 || expected.columns < 1 || expected.rows < 1 ||
        target.size() != width * static_cast<size_t>(expected.rows) * bytes)
        return JpegLsOutcome::Left;
    const std::optional<ScanStart> start = readMarkers(data, expected);
    if (!start)
        return JpegLsOutcome::Left;
    ScanDecoder decoder(data.subspan(start->position), expected, start->presets);
    return decodeLines(decoder, expected, target);
}

} // namespace yz::dicom
