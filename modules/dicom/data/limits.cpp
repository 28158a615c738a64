#include "dicom/data/limits.h"

#include "dicom/codec/transfer_syntax.h"
#include "dicom/data/dictionary_dcmtk.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <utility>
#include <vector>
#include <zlib.h>

namespace yz::dicom {

namespace {

constexpr quint32 kUndefinedLength = 0xFFFFFFFF;
constexpr quint32 kItem = 0xFFFEE000;
constexpr quint32 kItemEnd = 0xFFFEE00D;
constexpr quint32 kSequenceEnd = 0xFFFEE0DD;
constexpr quint32 kCreatorBytes = 256; // LO: 64 characters of at most four bytes
constexpr quint32 kFirstPixelTag = 0x7FE00008;
constexpr quint32 kLastPixelTag = 0x7FE00010;

/// The VRs of PS3.5 6.2 and how their lengths are written, by two letters: looked at for every element.
class VrTable {
public:
    constexpr VrTable() {
        for (const char* vr : {"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO",
                               "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"})
            m_kinds[index(vr)] = Kind::Short;
        for (const char* vr : {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
            m_kinds[index(vr)] = Kind::Long;
    }
    [[nodiscard]] constexpr bool isKnown(const char* vr) const {
        return isUpper(vr[0]) && isUpper(vr[1]) && m_kinds[index(vr)] != Kind::Unknown;
    }
    /// VRs with two reserved bytes and a 4-byte length (PS3.5 7.1.2); capitals that name no VR are read the same way,
    /// other letters as DCMTK will read them.
    [[nodiscard]] bool hasLongLength(const char* vr) const {
        return isUpper(vr[0]) && isUpper(vr[1]) ? m_kinds[index(vr)] != Kind::Short : hasLongLengthForDcmtk(vr);
    }

private:
    enum class Kind : unsigned char { Unknown, Short, Long };
    static constexpr bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
    static constexpr size_t index(const char* vr) {
        return static_cast<size_t>(vr[0] - 'A') * 26 + static_cast<size_t>(vr[1] - 'A');
    }
    std::array<Kind, 676> m_kinds{};
};
constexpr VrTable kVrs;

bool hasLongLength(const char* vr) { return kVrs.hasLongLength(vr); }
bool isKnownVr(const char* vr) { return kVrs.isKnown(vr); }

/// Small reads at rising offsets through one buffer. Most headers fit into the first, shorter one.
class Window {
public:
    explicit Window(const ByteSource& source) : m_source(source), m_head(source.head()) {
        m_buffer = {m_short.data(), kShort};
    }
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// `count` bytes at `offset`, or null when there are not as many.
    [[nodiscard]] const uchar* at(qint64 offset, size_t count) {
        if (offset >= 0 && static_cast<size_t>(offset) <= m_head.size() &&
            count <= m_head.size() - static_cast<size_t>(offset))
            return reinterpret_cast<const uchar*>(m_head.data()) + offset;
        if (offset < m_start || offset + static_cast<qint64>(count) > m_start + static_cast<qint64>(m_filled)) {
            if (m_isUsed && !m_long) {
                m_long = std::make_unique_for_overwrite<uchar[]>(kLong);
                m_buffer = {m_long.get(), kLong};
            }
            const auto got = m_source.read(offset, std::as_writable_bytes(m_buffer));
            m_start = offset;
            m_filled = got ? *got : 0;
            if (m_filled < count)
                return std::exchange(m_isUsed, true) ? nullptr : at(offset, count);
            m_isUsed = true;
        }
        return m_buffer.data() + (offset - m_start);
    }

private:
    static constexpr size_t kShort = 3 * 1024;
    static constexpr size_t kLong = 32 * 1024;
    const ByteSource& m_source;
    std::span<const std::byte> m_head; ///< needs no buffer
    std::array<uchar, kShort> m_short;
    std::unique_ptr<uchar[]> m_long;
    std::span<uchar> m_buffer;
    bool m_isUsed = false; ///< the short one has been filled
    qint64 m_start = 0;
    size_t m_filled = 0;
};

quint16 number16(const uchar* p, bool big) {
    return big ? static_cast<quint16>(p[0] << 8 | p[1]) : static_cast<quint16>(p[1] << 8 | p[0]);
}
quint32 number32(const uchar* p, bool big) {
    return big ? quint32(p[0]) << 24 | quint32(p[1]) << 16 | quint32(p[2]) << 8 | p[3]
               : quint32(p[3]) << 24 | quint32(p[2]) << 16 | quint32(p[1]) << 8 | p[0];
}
quint32 tagAt(const uchar* p, bool big) { return quint32(number16(p, big)) << 16 | number16(p + 2, big); }

struct Element {
    quint32 tag = 0;
    char vr[2] = {0, 0};
    qint64 valueOffset = 0;
    quint32 length = 0;
};

enum class Container { Item, Sequence, Fragments };
struct Level {
    Container kind = Container::Item;
    qint64 end = -1; ///< -1: closed by a delimiter
    Encoding encoding = Encoding::ExplicitLittle;
    bool guessed = false; ///< only looks like a sequence: what does not parse in it is no error
    quint32 lastTag = 0;  ///< of an item: the element before
};

class Walk {
public:
    Walk(const ByteSource& source, const DataSetLimits& limits, bool stopsAtPixels, ElementSink* sink = nullptr)
        : m_size(source.size()), m_limits(limits), m_window(source), m_stopsAtPixels(stopsAtPixels), m_sink(sink) {}

    Result<DataSetOutline> run(qint64 offset, Encoding encoding) {
        m_outline.encoding = encoding;
        m_outline.offset = offset;
        m_pos = offset;
        for (;;) {
            while (!m_levels.empty() && m_levels.back().end >= 0 && m_pos >= m_levels.back().end)
                pop();
            if (m_pos >= m_size || (m_levels.empty() && m_size - m_pos < 8)) {
                if (!m_levels.empty())
                    return fail(ErrorCode::DataSetTruncated, QStringLiteral("the data set ends inside a sequence"));
                m_outline.isRegular = m_outline.isRegular && m_pos == m_size;
                break;
            }
            bool isDone = false;
            const Status step = m_levels.empty() || m_levels.back().kind == Container::Item ? element(isDone) : item();
            if (!step) {
                if (step.error().code == ErrorCode::LimitExceeded || !leaveGuess())
                    return fail(step.error());
                continue;
            }
            if (isDone)
                break;
            if (m_outline.elementCount > m_limits.elementCount)
                return fail(ErrorCode::LimitExceeded,
                            QStringLiteral("more than %1 elements").arg(m_limits.elementCount));
        }
        m_outline.headerEnd = std::min(m_pos, m_size);
        if (m_outline.headerEnd - m_outline.offset > m_limits.headerBytes)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("header larger than the limit"));
        return m_outline;
    }

private:
    void pop() {
        if (m_levels.back().kind != Container::Item)
            --m_depth;
        m_creators.erase(m_creators.lower_bound({m_levels.size(), 0}), m_creators.end());
        m_levels.pop_back();
    }

    /// Remembers who reserved a block of private attributes in the item that is being walked (PS3.5 7.8.1), if DCMTK's
    /// dictionary has sequences of it.
    void noteCreator(const Element& e) {
        const uchar* value = m_window.at(m_pos, e.length);
        if (!value)
            return;
        const auto* text = reinterpret_cast<const char*>(value);
        qsizetype length = e.length;
        while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\0'))
            --length;
        const QByteArray creator(text, length);
        if (length > 0 && ownsDictionarySequences(creator))
            m_creators.insert_or_assign({m_levels.size(), (e.tag & 0xFFFF0000U) | (e.tag & 0xFFU) << 8}, creator);
    }

    [[nodiscard]] bool isSequenceForDcmtk(quint32 tag) const {
        if ((tag >> 16 & 1) == 0)
            return isDictionarySequence(tag);
        const auto creator = m_creators.find({m_levels.size(), tag & 0xFFFFFF00U});
        return creator != m_creators.end() && isDictionarySequence(tag, creator->second);
    }

    [[nodiscard]] qint64 containerEnd() const {
        for (auto level = m_levels.rbegin(); level != m_levels.rend(); ++level)
            if (level->end >= 0)
                return level->end;
        return m_size;
    }

    Status push(Container kind, quint32 length, Encoding encoding, bool guessed) {
        if (kind != Container::Item && ++m_depth > m_limits.sequenceDepth)
            return fail(ErrorCode::LimitExceeded,
                        QStringLiteral("sequences nested deeper than %1").arg(m_limits.sequenceDepth));
        m_outline.sequenceDepth = std::max(m_outline.sequenceDepth, m_depth);
        m_outline.isRegular = m_outline.isRegular && !guessed && kind != Container::Fragments;
        m_levels.push_back({kind, length == kUndefinedLength ? -1 : m_pos + length, encoding, guessed});
        return {};
    }

    /// Gives up on the outermost guessed sequence: its bytes are an opaque value.
    bool leaveGuess() {
        const auto guess = std::find_if(m_levels.begin(), m_levels.end(), [](const Level& l) { return l.guessed; });
        if (guess == m_levels.end())
            return false;
        const qint64 end = guess->end;
        const auto keep = static_cast<size_t>(guess - m_levels.begin());
        while (m_levels.size() > keep)
            pop();
        m_pos = end;
        return true;
    }

    Status header(Element& element, Encoding encoding) {
        const bool big = encoding == Encoding::ExplicitBig;
        const uchar* p = m_window.at(m_pos, 8);
        if (!p)
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("the data set ends inside an element"));
        element.tag = tagAt(p, big);
        element.valueOffset = m_pos + 8;
        if (element.tag >> 16 == 0xFFFE || encoding == Encoding::ImplicitLittle) {
            element.length = number32(p + 4, big);
            return {};
        }
        element.vr[0] = static_cast<char>(p[4]);
        element.vr[1] = static_cast<char>(p[5]);
        if (!hasLongLength(element.vr)) {
            element.length = number16(p + 6, big);
            return {};
        }
        p = m_window.at(m_pos, 12);
        if (!p)
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("the data set ends inside an element"));
        element.length = number32(p + 8, big);
        element.valueOffset = m_pos + 12;
        return {};
    }

    Status element(bool& isDone) {
        const Encoding encoding = m_levels.empty() ? m_outline.encoding : m_levels.back().encoding;
        Element e;
        if (const Status read = header(e, encoding); !read)
            return read;
        ++m_outline.elementCount;
        if (m_stopsAtPixels && m_levels.empty() && e.tag >= kFirstPixelTag && e.tag >> 16 != 0xFFFE) {
            if (e.tag <= kLastPixelTag)
                m_outline.pixels = PixelElement{
                    static_cast<quint16>(e.tag & 0xFFFF),
                    encoding == Encoding::ImplicitLittle ? QByteArray() : QByteArray(e.vr, 2), e.valueOffset,
                    e.length == kUndefinedLength ? std::nullopt : std::optional<qint64>(e.length)};
            isDone = true;
            return {};
        }
        m_pos = e.valueOffset;
        if (e.tag >> 16 == 0xFFFE)
            return delimiter(e);
        const bool isImplicit = encoding == Encoding::ImplicitLittle;
        const bool isUnknown = !isImplicit && e.vr[0] == 'U' && e.vr[1] == 'N';
        noteForm(e, isImplicit, isUnknown);
        if (m_sink && m_levels.empty())
            m_sink->pass(e.tag);
        const bool isSequence = !isImplicit && e.vr[0] == 'S' && e.vr[1] == 'Q';
        if (e.length == kUndefinedLength) {
            if (isImplicit || isUnknown) // CP 246: the content of such a UN is implicit little endian
                return push(Container::Sequence, e.length, Encoding::ImplicitLittle, false);
            return push(isSequence ? Container::Sequence : Container::Fragments, e.length, encoding, false);
        }
        if (e.length > containerEnd() - m_pos)
            return fail(
                ErrorCode::DataSetTruncated,
                QStringLiteral("element %1 declares more bytes than there are").arg(e.tag, 8, 16, QLatin1Char('0')));
        if (isSequence)
            return push(Container::Sequence, e.length, encoding, false);
        // DCMTK will look into it, so what it finds there has to hold.
        if ((isImplicit || isUnknown) && e.length > 0 && isSequenceForDcmtk(e.tag))
            return push(Container::Sequence, e.length, Encoding::ImplicitLittle, false);
        if (e.length > m_limits.elementBytes)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("element larger than the limit"));
        if ((isImplicit || isUnknown) && e.length >= 8) {
            const uchar* p = m_window.at(m_pos, 4);
            if (p && tagAt(p, false) == kItem)
                return push(Container::Sequence, e.length, Encoding::ImplicitLittle, true);
        }
        if ((e.tag >> 16 & 1) != 0 && (e.tag & 0xFFFFU) >= 0x10 && (e.tag & 0xFFFFU) <= 0xFF &&
            e.length <= kCreatorBytes)
            noteCreator(e);
        if (m_sink && m_levels.empty())
            m_sink->take(e.tag, isImplicit ? nullptr : e.vr,
                         e.length <= ElementSink::kLongest ? m_window.at(m_pos, e.length) : nullptr, e.length);
        m_pos += e.length;
        return {};
    }

    /// What keeps a data set from being regular, as far as one element shows it.
    void noteForm(const Element& e, bool isImplicit, bool isUnknown) {
        quint32& lastTag = m_levels.empty() ? m_lastTag : m_levels.back().lastTag;
        const bool isUndefined = e.length == kUndefinedLength;
        const bool isGood = e.tag > lastTag && e.tag >> 16 >= 2 && (isUndefined ? !isUnknown : e.length % 2 == 0) &&
                            (isImplicit || isKnownVr(e.vr));
        lastTag = e.tag;
        m_outline.isRegular = m_outline.isRegular && isGood;
    }

    Status delimiter(const Element& e) {
        if (e.tag == kItemEnd && !m_levels.empty() && m_levels.back().end < 0) {
            pop();
            return {};
        }
        m_outline.isRegular = false;
        // A sequence that ends without closing its item, or a delimiter after a counted item: written by old devices.
        if (e.tag == kSequenceEnd && m_levels.size() >= 2 && m_levels.back().end < 0 &&
            m_levels[m_levels.size() - 2].end < 0) {
            pop();
            pop();
            return {};
        }
        if (e.tag == kItem || e.length != 0)
            return fail(ErrorCode::DataSetBroken, QStringLiteral("an item outside a sequence"));
        return {};
    }

    Status item() {
        const Level level = m_levels.back();
        const bool big = level.encoding == Encoding::ExplicitBig;
        const uchar* p = m_window.at(m_pos, 8);
        if (!p)
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("the data set ends inside a sequence"));
        const quint32 tag = tagAt(p, big);
        const quint32 length = number32(p + 4, big);
        m_pos += 8;
        ++m_outline.elementCount;
        if (tag == kSequenceEnd) {
            m_outline.isRegular = m_outline.isRegular && level.end < 0 && length == 0;
            if (level.end < 0)
                pop();
            return {};
        }
        if (tag != kItem)
            return fail(ErrorCode::DataSetBroken, QStringLiteral("a sequence holds something that is no item"));
        if (length != kUndefinedLength && length > containerEnd() - m_pos)
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("an item declares more bytes than there are"));
        if (level.kind == Container::Fragments) {
            if (length == kUndefinedLength)
                return fail(ErrorCode::DataSetBroken, QStringLiteral("a fragment without length"));
            m_pos += length;
            return {};
        }
        return push(Container::Item, length, level.encoding, false);
    }

    qint64 m_size;
    const DataSetLimits& m_limits;
    Window m_window;
    bool m_stopsAtPixels;
    ElementSink* m_sink;
    quint32 m_lastTag = 0;
    DataSetOutline m_outline;
    std::vector<Level> m_levels;
    std::map<std::pair<size_t, quint32>, QByteArray> m_creators; ///< by depth of the item, then group and block
    qint64 m_pos = 0;
    int m_depth = 0;
};

Result<QByteArray> inflateFrom(const ByteSource& source, qint64 offset, int windowBits, const DataSetLimits& limits) {
    z_stream stream{};
    if (inflateInit2(&stream, windowBits) != Z_OK)
        return fail(ErrorCode::Internal, QStringLiteral("zlib"));
    struct End {
        z_stream& stream;
        ~End() { inflateEnd(&stream); }
    } end{stream};
    const qint64 compressed = source.size() - offset;
    const qint64 allowed =
        std::min(limits.inflatedBytes, std::max(limits.inflatedAllowance, compressed * limits.inflatedPerByte));
    SampleBytes input(64 * 1024);
    QByteArray output;
    qint64 written = 0;
    int state = Z_OK;
    while (state != Z_STREAM_END) {
        if (stream.avail_in == 0) {
            const auto got = source.read(offset, input);
            if (!got)
                return fail(got.error());
            if (*got == 0)
                return fail(ErrorCode::DataSetTruncated, QStringLiteral("the deflated data set ends early"));
            offset += static_cast<qint64>(*got);
            stream.next_in = reinterpret_cast<Bytef*>(input.data());
            stream.avail_in = static_cast<uInt>(*got);
        }
        if (written == output.size())
            output.resize(std::min(allowed + 1, std::max<qint64>(256 * 1024, written * 2)));
        stream.next_out = reinterpret_cast<Bytef*>(output.data() + written);
        stream.avail_out = static_cast<uInt>(output.size() - written);
        const uInt before = stream.avail_out;
        state = inflate(&stream, Z_NO_FLUSH);
        written += before - stream.avail_out;
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
            return fail(ErrorCode::DataSetBroken, QStringLiteral("the deflated data set is damaged"));
        if (written > allowed)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("the deflated data set grows beyond the limit"));
    }
    output.resize(written);
    return output;
}

} // namespace

Result<DataSetOutline> outlineDataSet(const ByteSource& source, qint64 offset, Encoding encoding,
                                      const DataSetLimits& limits, ElementSink* sink) {
    return Walk(source, limits, true, sink).run(offset, encoding);
}

Result<QByteArray> inflateDataSet(const ByteSource& source, qint64 offset, const DataSetLimits& limits) {
    Result<QByteArray> raw = inflateFrom(source, offset, -MAX_WBITS, limits);
    if (!raw && raw.error().code == ErrorCode::DataSetBroken) // some writers put a zlib header in front
        if (Result<QByteArray> wrapped = inflateFrom(source, offset, MAX_WBITS, limits))
            return wrapped;
    return raw;
}

bool looksExplicit(const ByteSource& source, qint64 offset) {
    std::array<std::byte, 8> head{};
    const auto got = source.read(offset, head);
    return got && *got == head.size() && isKnownVr(reinterpret_cast<const char*>(head.data()) + 4);
}

Status checkDataSet(const QByteArray& dataSet, const QString& transferSyntax, const DataSetLimits& limits) {
    const TransferSyntax* syntax = findTransferSyntax(transferSyntax);
    ByteSourcePtr source = memorySource(dataSet);
    if (syntax && syntax->isDeflated) {
        Result<QByteArray> inflated = inflateDataSet(*source, 0, limits);
        if (!inflated)
            return fail(inflated.error());
        source = memorySource(std::move(*inflated));
    }
    DataSetLimits whole = limits;
    whole.headerBytes = source->size(); // pixel data and what follows are walked over, too
    const auto outline = Walk(*source, whole, false).run(0, syntax ? syntax->encoding : Encoding::ExplicitLittle);
    return outline ? Status() : Status(fail(outline.error()));
}

} // namespace yz::dicom
