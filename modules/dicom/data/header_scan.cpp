#include "dicom/data/header_scan.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/header_dcmtk.h"
#include "dicom/data/header_values.h"
#include "dicom/data/text_dcmtk.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace yz::dicom {

namespace {

struct Wanted {
    quint32 tag;
    char vr[3]; ///< the one VR it is taken in (PS3.6 6)
};

/// What headerOf() asks for, by tag.
constexpr std::array kWanted{
    Wanted{0x00080005, "CS"}, Wanted{0x00080016, "UI"}, Wanted{0x00080018, "UI"}, Wanted{0x00080020, "DA"},
    Wanted{0x00080021, "DA"}, Wanted{0x00080022, "DA"}, Wanted{0x00080023, "DA"}, Wanted{0x00080030, "TM"},
    Wanted{0x00080031, "TM"}, Wanted{0x00080032, "TM"}, Wanted{0x00080033, "TM"}, Wanted{0x00080050, "SH"},
    Wanted{0x00080060, "CS"}, Wanted{0x00080080, "LO"}, Wanted{0x00080201, "SH"}, Wanted{0x00081030, "LO"},
    Wanted{0x0008103E, "LO"}, Wanted{0x00100010, "PN"}, Wanted{0x00100020, "LO"}, Wanted{0x00100021, "LO"},
    Wanted{0x00100030, "DA"}, Wanted{0x00100040, "CS"}, Wanted{0x00101010, "AS"}, Wanted{0x00180015, "CS"},
    Wanted{0x00185101, "CS"}, Wanted{0x0020000D, "UI"}, Wanted{0x0020000E, "UI"}, Wanted{0x00200011, "IS"},
    Wanted{0x00200013, "IS"}, Wanted{0x00200060, "CS"}, Wanted{0x00200062, "CS"}, Wanted{0x00280008, "IS"},
    Wanted{0x00280010, "US"}, Wanted{0x00280011, "US"}};

bool isVr(const char* vr, const char* name) { return vr[0] == name[0] && vr[1] == name[1]; }

/// The VRs that Specific Character Set applies to (PS3.5 6.1.2.2).
bool isTextVr(const char* vr) {
    return isVr(vr, "LO") || isVr(vr, "SH") || isVr(vr, "PN") || isVr(vr, "ST") || isVr(vr, "LT") || isVr(vr, "UC") ||
           isVr(vr, "UT");
}

TextKind kindOf(const char* vr) {
    if (isVr(vr, "PN"))
        return TextKind::Name;
    return isVr(vr, "ST") || isVr(vr, "LT") || isVr(vr, "UT") ? TextKind::LongText : TextKind::Text;
}

/// Bytes that a character set may have a say in.
bool isForeign(const uchar* value, quint32 length) {
    return std::any_of(value, value + length, [](uchar c) { return c >= 0x7F || c == 0x1B; });
}

class ScannedValues final : public HeaderValues, public ElementSink {
public:
    ScannedValues() {
        constexpr qsizetype kUsual = 1024;
        m_bytes.reserve(kUsual);
        m_values.reserve(kWanted.size());
    }

    void take(quint32 tag, const char* vr, const uchar* value, quint32 length) override {
        while (m_next < kWanted.size() && kWanted[m_next].tag < tag)
            ++m_next;
        if (m_next < kWanted.size() && kWanted[m_next].tag == tag)
            keep(kWanted[m_next], vr, value, length);
        else if (value && isForeign(value, length))
            noteForeign(tag, vr, value, length);
    }

    void pass(quint32 tag) override { m_hasViewCode = m_hasViewCode || tag == kViewCodeSequence; }

    /// Whether the values are those a full parse would give.
    [[nodiscard]] bool isUsable() {
        const bool needsCodedView = m_hasViewCode && raw(kViewPosition).isEmpty(); // in an item of a sequence
        return m_isUsable && !needsCodedView && !(m_isTextForeign && m_hasUnknown);
    }

    /// The decoder that has weighed the texts.
    [[nodiscard]] TextDecoder decoder() {
        TextDecoder decoder(raw(0x00080005));
        if (m_isTextForeign)
            for (const auto& [value, kind] : m_texts)
                decoder.learn(value, kind);
        return decoder;
    }

    [[nodiscard]] QByteArray raw(quint32 tag) override {
        const auto found = std::lower_bound(m_values.begin(), m_values.end(), tag,
                                            [](const Value& value, quint32 wanted) { return value.tag < wanted; });
        if (found == m_values.end() || found->tag != tag)
            return {};
        return QByteArray::fromRawData(m_bytes.constData() + found->offset, found->size);
    }
    [[nodiscard]] std::optional<int> integer(quint32 tag) override {
        bool isNumber = false;
        const QByteArray value = raw(tag);
        if (value.isEmpty())
            return std::nullopt;
        if (tag == 0x00280010 || tag == 0x00280011)
            return static_cast<uchar>(value[0]) | static_cast<uchar>(value[1]) << 8;
        const int number = value.trimmed().toInt(&isNumber);
        return isNumber ? std::optional(number) : std::nullopt;
    }

    [[nodiscard]] QString viewPosition() override { return codeOf(raw(kViewPosition)); }

private:
    static constexpr quint32 kViewCodeSequence = 0x00540220;
    static constexpr quint32 kViewPosition = 0x00185101;

    struct Value {
        quint32 tag;
        qsizetype offset, size; ///< in m_bytes
    };

    void keep(const Wanted& wanted, const char* vr, const uchar* value, quint32 length) {
        if (length == 0)
            return;
        if ((vr && !isVr(vr, wanted.vr)) || !value || !isPlainly(wanted.vr, value, length)) {
            m_isUsable = false;
            return;
        }
        const auto* bytes = reinterpret_cast<const char*>(value);
        auto size = static_cast<qsizetype>(length);
        while (!isVr(wanted.vr, "US") && size > 0 && (bytes[size - 1] == ' ' || bytes[size - 1] == '\0'))
            --size;
        if (isTextVr(wanted.vr) && isForeign(value, length)) {
            m_isTextForeign = true;
            m_texts.push_back({QByteArray(bytes, size), kindOf(wanted.vr)});
        }
        m_values.push_back({wanted.tag, m_bytes.size(), size});
        m_bytes.append(bytes, size);
    }

    /// True for values that leave nothing to interpret.
    static bool isPlainly(const char* vr, const uchar* value, quint32 length) {
        if (isVr(vr, "US"))
            return length == 2;
        if (isVr(vr, "UI")) {
            const quint32 end = value[length - 1] == '\0' ? length - 1 : length;
            return std::all_of(value, value + end, [](uchar c) { return (c >= '0' && c <= '9') || c == '.'; });
        }
        if (isVr(vr, "IS")) {
            const uchar* from = value;
            const uchar* to = value + length;
            while (from < to && *from == ' ')
                ++from;
            while (from < to && to[-1] == ' ')
                --to;
            if (from < to && *from == '-')
                ++from;
            return to - from >= 1 && to - from <= 9 &&
                   std::all_of(from, to, [](uchar c) { return c >= '0' && c <= '9'; });
        }
        if (isTextVr(vr)) // control characters but escapes, and text that ends in NUL
            return std::none_of(value, value + length, [](uchar c) { return c < ' ' && c != 0x1B; });
        return std::none_of(value, value + length, [](uchar c) { return c < ' ' || c >= 0x7F; });
    }

    /// Text of other elements counts when the data set's encoding has to be found out.
    void noteForeign(quint32 tag, const char* vr, const uchar* value, quint32 length) {
        if (!vr || isVr(vr, "UN"))
            m_hasUnknown = true; // text or not: the dictionary knows
        else if (isTextVr(vr))
            m_texts.push_back(
                {QByteArray(reinterpret_cast<const char*>(value), static_cast<qsizetype>(length)), kindOf(vr)});
        (void)tag;
    }

    size_t m_next = 0;
    QByteArray m_bytes;          ///< the values one after the other
    std::vector<Value> m_values; ///< by tag: tags rise where the outline is regular
    std::vector<std::pair<QByteArray, TextKind>> m_texts;
    bool m_isUsable = true;
    bool m_hasViewCode = false;
    bool m_isTextForeign = false;
    bool m_hasUnknown = false;
};

} // namespace

Result<DataSetHeader> scanHeader(ByteSourcePtr source) {
    const ByteSourcePtr head = withHeadInMemory(source);
    const auto meta = readFileMeta(*head);
    if (!meta)
        return fail(meta.error());
    if (!meta->isDeflated && meta->encoding != Encoding::ExplicitBig && head->size() > meta->dataSetOffset) {
        ScannedValues values;
        const Encoding encoding =
            looksExplicit(*head, meta->dataSetOffset) ? Encoding::ExplicitLittle : Encoding::ImplicitLittle;
        const auto outline = outlineDataSet(*head, meta->dataSetOffset, encoding, {}, &values);
        if (!outline)
            return fail(outline.error());
        if (outline->isRegular && values.isUsable()) {
            TextDecoder decoder = values.decoder();
            return headerOf(values, decoder, meta->transferSyntax, outline->pixels.has_value());
        }
    }
    const auto parsed = parseHeader(std::move(source));
    return parsed ? buildHeader(*parsed) : fail(parsed.error());
}

} // namespace yz::dicom
