#include "dicom/codec/jpeg_lossless_decoder.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

namespace yz::dicom {

namespace {

using Byte = unsigned char;

constexpr int kTableBits = 12;
constexpr int kLongestCode = 16;
constexpr int kMostCategories = 17; ///< 0 to 16 (H.1.2.2)

/// A Huffman table for differences. Most codes are short enough to find code and extra bits in one look.
struct DifferenceTable {
    struct Entry {
        std::int16_t difference = 0;
        std::uint8_t length = 0; ///< of the code and its extra bits; 0: longer than the table
    };
    std::array<Entry, 1 << kTableBits> entries{};
    std::array<std::int32_t, kLongestCode + 2> codeEnd{}; ///< by length: first code that is longer, at 16 bits
    std::array<std::int32_t, kLongestCode + 1> firstCode{};
    std::array<std::int32_t, kLongestCode + 1> firstIndex{};
    std::array<std::uint8_t, kMostCategories> categories{};
    bool isDefined = false;
};

/// F.2.2.1 EXTEND.
constexpr int extend(unsigned bits, int category) {
    return bits < 1U << (category - 1) ? static_cast<int>(bits) - (1 << category) + 1 : static_cast<int>(bits);
}

/// The body of one table in DHT; returns its size, 0 when it is none for this process.
size_t readTable(std::span<const Byte> body, DifferenceTable& table) {
    if (body.size() < 17)
        return 0;
    size_t symbols = 0;
    for (size_t length = 1; length <= kLongestCode; ++length)
        symbols += body[length];
    if (symbols == 0 || symbols > kMostCategories || body.size() < 17 + symbols)
        return 0;
    table = {};
    std::int32_t code = 0;
    size_t index = 0;
    for (int length = 1; length <= kLongestCode; ++length) {
        const int count = body[static_cast<size_t>(length)];
        const auto at = static_cast<size_t>(length);
        table.firstCode[at] = code;
        table.firstIndex[at] = static_cast<std::int32_t>(index);
        for (int i = 0; i < count; ++i, ++index, ++code) {
            const int category = body[17 + index];
            if (category > kLongestCode || code >= 1 << length)
                return 0;
            table.categories[index] = static_cast<std::uint8_t>(category);
            const int extra = category == kLongestCode ? 0 : category; // H.1.2.2: 32768 has no further bits
            const int total = length + extra;
            if (total > kTableBits)
                continue;
            for (unsigned bits = 0; bits < 1U << extra; ++bits) {
                const int difference = category == 0 ? 0 : category == kLongestCode ? -32768 : extend(bits, category);
                const size_t first = ((static_cast<size_t>(code) << extra) | bits) << (kTableBits - total);
                const DifferenceTable::Entry entry{static_cast<std::int16_t>(difference),
                                                   static_cast<std::uint8_t>(total)};
                std::fill_n(table.entries.begin() + static_cast<std::ptrdiff_t>(first), 1 << (kTableBits - total),
                            entry);
            }
        }
        table.codeEnd[at] = code << (kLongestCode - length);
        code <<= 1;
    }
    table.isDefined = true;
    return 17 + symbols;
}

/// Bits of entropy-coded data, up to the next marker.
class BitReader {
public:
    BitReader(std::span<const Byte> data, size_t position) : m_data(data), m_position(position) {}

    /// The next difference (H.2.2), modulo 2^16.
    int next(const DifferenceTable& table) {
        if (m_count < 32)
            refill();
        const DifferenceTable::Entry entry = table.entries[m_bits >> (64 - kTableBits)];
        if (entry.length > 0) [[likely]] {
            drop(entry.length);
            return entry.difference;
        }
        return nextLong(table);
    }

    /// True when more bits were taken than there are before the marker.
    [[nodiscard]] bool isExhausted() const { return m_invented > m_count || m_isBroken; }

    /// Goes to the restart marker of the given number. False when it is not what comes next.
    [[nodiscard]] bool restart(int number) {
        m_bits = 0;
        m_count = m_invented = 0;
        while (m_position + 1 < m_data.size() && m_data[m_position] == 0xFF && m_data[m_position + 1] == 0xFF)
            ++m_position; // fill bytes
        if (m_position + 2 > m_data.size() || m_data[m_position] != 0xFF || m_data[m_position + 1] != 0xD0 + number)
            return false;
        m_position += 2;
        return true;
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
            const std::uint64_t inverted = ~word;
            if (((inverted - kOnes) & word & (kOnes << 7)) == 0) { // no byte is 0xFF
                m_bits |= __builtin_bswap64(word) >> m_count;
                m_position += static_cast<size_t>((63 - m_count) >> 3);
                m_count |= 56;
                return;
            }
        }
        // The bits below m_count are those of the bytes that follow, or none: what is put in again is the same.
        while (m_count <= 56) {
            std::uint64_t byte = 0;
            if (m_position < m_data.size() && m_data[m_position] != 0xFF) {
                byte = m_data[m_position++];
            } else if (m_position + 1 < m_data.size() && m_data[m_position + 1] == 0) {
                byte = 0xFF;
                m_position += 2;
            } else {
                m_invented += 8;
            }
            m_bits |= byte << (56 - m_count);
            m_count += 8;
        }
    }

    int nextLong(const DifferenceTable& table) {
        const auto word = static_cast<std::int32_t>(m_bits >> 48);
        size_t length = 1;
        while (length <= kLongestCode && word >= table.codeEnd[length])
            ++length;
        if (length > kLongestCode) {
            m_isBroken = true;
            return 0;
        }
        const std::int32_t code = word >> (kLongestCode - length);
        const int category =
            table.categories[static_cast<size_t>(table.firstIndex[length] + code - table.firstCode[length])];
        drop(static_cast<int>(length));
        if (category == 0)
            return 0;
        if (category == kLongestCode)
            return -32768;
        const auto bits = static_cast<unsigned>(m_bits >> (64 - category));
        drop(category);
        return extend(bits, category);
    }

    std::span<const Byte> m_data;
    size_t m_position;
    std::uint64_t m_bits = 0; ///< the next bit on top
    int m_count = 0;
    int m_invented = 0; ///< of m_count: zeros put in behind the data
    bool m_isBroken = false;
};

struct Scan {
    std::vector<DifferenceTable> tables = std::vector<DifferenceTable>(4);
    std::array<int, 3> tableOf{};
    int predictor = 1;
    int pointTransform = 0;
    int linesPerInterval = 0; ///< 0: no restarts
    size_t dataStart = 0;
};

int word(const Byte* p) { return p[0] << 8 | p[1]; }

/// Markers up to the entropy-coded data.
std::optional<Scan> readMarkers(std::span<const Byte> data, const LosslessPicture& expected) {
    Scan scan;
    std::array<int, 3> ids{};
    bool hasFrame = false;
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
        std::span<const Byte> body = data.subspan(position + 4, length - 2);
        position += 2 + length;
        const auto components = static_cast<size_t>(expected.components);
        switch (marker) {
        case 0xC3: // B.2.2
            if (hasFrame || body.size() != 6 + 3 * components || body[0] != expected.precision ||
                word(&body[1]) != expected.rows || word(&body[3]) != expected.columns || body[5] != components)
                return std::nullopt;
            for (size_t c = 0; c < components; ++c) {
                ids[c] = body[6 + 3 * c];
                if (body[7 + 3 * c] != 0x11) // sampled once each way
                    return std::nullopt;
            }
            hasFrame = true;
            break;
        case 0xC4: // B.2.4.2
            while (!body.empty()) {
                if (body[0] > 3)
                    return std::nullopt;
                const size_t used = readTable(body, scan.tables[body[0]]);
                if (used == 0)
                    return std::nullopt;
                body = body.subspan(used);
            }
            break;
        case 0xDD: // B.2.4.4
            if (body.size() != 2 || word(&body[0]) % expected.columns != 0)
                return std::nullopt;
            scan.linesPerInterval = word(&body[0]) / expected.columns;
            break;
        case 0xDA: // B.2.3
            if (!hasFrame || body.size() != 4 + 2 * components || body[0] != components)
                return std::nullopt;
            for (size_t c = 0; c < components; ++c) {
                scan.tableOf[c] = body[2 + 2 * c] >> 4;
                if (body[1 + 2 * c] != ids[c] || scan.tableOf[c] > 3 ||
                    !scan.tables[static_cast<size_t>(scan.tableOf[c])].isDefined)
                    return std::nullopt;
            }
            scan.predictor = body[1 + 2 * components];
            scan.pointTransform = body[3 + 2 * components] & 15;
            if (scan.predictor < 1 || scan.predictor > 7 || scan.pointTransform >= expected.precision)
                return std::nullopt;
            scan.dataStart = position;
            return scan;
        default:
            if ((marker >= 0xC0 && marker <= 0xCF) || marker == 0xD8 || marker == 0xD9)
                return std::nullopt; // another process, or no picture
        }
    }
    return std::nullopt;
}

/// Table H.1. The neighbours are left, above and above left.
template <int kPredictor> int predict(int left, int above, int corner) {
    switch (kPredictor) {
    case 1:
        return left;
    case 2:
        return above;
    case 3:
        return corner;
    case 4:
        return left + above - corner;
    case 5:
        return left + ((above - corner) >> 1);
    case 6:
        return above + ((left - corner) >> 1);
    default:
        return (left + above) >> 1;
    }
}

/// One line of samples modulo 2^16, of which `above` is the one before (null at the start and after a restart).
template <int kComponents, int kPredictor>
void decodeLine(BitReader& bits, const std::array<const DifferenceTable*, 3>& tables, int columns, int start,
                const std::uint16_t* above, std::uint16_t* line) {
    std::array<int, kComponents> left{};
    for (size_t c = 0; c < kComponents; ++c) {
        const int prediction = above ? above[c] : start;
        left[c] = line[c] = static_cast<std::uint16_t>(prediction + bits.next(*tables[c]));
    }
    if (!above) {
        for (int x = 1; x < columns; ++x)
            for (size_t c = 0; c < kComponents; ++c) {
                left[c] = static_cast<std::uint16_t>(left[c] + bits.next(*tables[c]));
                line[static_cast<size_t>(x) * kComponents + c] = static_cast<std::uint16_t>(left[c]);
            }
        return;
    }
    for (int x = 1; x < columns; ++x)
        for (size_t c = 0; c < kComponents; ++c) {
            const size_t at = static_cast<size_t>(x) * kComponents + c;
            const int prediction = predict<kPredictor>(left[c], above[at], above[at - kComponents]);
            left[c] = static_cast<std::uint16_t>(prediction + bits.next(*tables[c]));
            line[at] = static_cast<std::uint16_t>(left[c]);
        }
}

using LineDecoder = void (*)(BitReader&, const std::array<const DifferenceTable*, 3>&, int, int, const std::uint16_t*,
                             std::uint16_t*);

template <int kComponents> LineDecoder lineDecoder(int predictor) {
    constexpr std::array<LineDecoder, 7> kDecoders{
        decodeLine<kComponents, 1>, decodeLine<kComponents, 2>, decodeLine<kComponents, 3>, decodeLine<kComponents, 4>,
        decodeLine<kComponents, 5>, decodeLine<kComponents, 6>, decodeLine<kComponents, 7>};
    return kDecoders[static_cast<size_t>(predictor - 1)];
}

} // namespace

bool decodeLosslessScan(std::span<const std::byte> stream, const LosslessPicture& expected,
                        std::span<std::byte> target) {
    const std::span<const Byte> data(reinterpret_cast<const Byte*>(stream.data()), stream.size());
    const size_t width = static_cast<size_t>(expected.columns) * static_cast<size_t>(expected.components);
    const size_t bytes = expected.precision <= 8 ? 1 : 2;
    if ((expected.components != 1 && expected.components != 3) || expected.precision < 2 || expected.precision > 16 ||
        expected.columns < 1 || expected.rows < 1 ||
        target.size() != width * static_cast<size_t>(expected.rows) * bytes)
        return false;
    const std::optional<Scan> scan = readMarkers(data, expected);
    if (!scan)
        return false;
    std::array<const DifferenceTable*, 3> tables{};
    for (size_t c = 0; c < 3; ++c)
        tables[c] = &scan->tables[static_cast<size_t>(scan->tableOf[c])];
    const LineDecoder decode =
        expected.components == 1 ? lineDecoder<1>(scan->predictor) : lineDecoder<3>(scan->predictor);
    const int start = 1 << (expected.precision - scan->pointTransform - 1);
    BitReader bits(data, scan->dataStart);
    std::vector<std::uint16_t> lines(2 * width);
    std::uint16_t* line = lines.data();
    std::uint16_t* above = line + width;
    for (int y = 0; y < expected.rows; ++y) {
        const bool isRestart = scan->linesPerInterval > 0 && y > 0 && y % scan->linesPerInterval == 0;
        if (isRestart && !bits.restart((y / scan->linesPerInterval - 1) % 8))
            return false;
        decode(bits, tables, expected.columns, start, y == 0 || isRestart ? nullptr : above, line);
        if (bits.isExhausted())
            return false;
        std::byte* to = target.data() + static_cast<size_t>(y) * width * bytes;
        if (bytes == 2 && scan->pointTransform == 0) {
            std::memcpy(to, line, width * 2);
        } else if (bytes == 2) {
            for (size_t i = 0; i < width; ++i) {
                const auto value = static_cast<std::uint16_t>(line[i] << scan->pointTransform);
                std::memcpy(to + 2 * i, &value, 2);
            }
        } else {
            for (size_t i = 0; i < width; ++i)
                to[i] = static_cast<std::byte>(line[i] << scan->pointTransform);
        }
        std::swap(line, above);
    }
    return true;
}

} // namespace yz::dicom
