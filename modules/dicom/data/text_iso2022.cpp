#include "dicom/data/text_iso2022.h"

#include <QByteArrayList>

namespace yz::dicom {

namespace {

constexpr char kEscape = 0x1B;

struct Escape {
    const char* sequence; ///< behind ESC
    int number;           ///< of the defined term; 0: never undeclared
    bool isHigh;
    LowSet low = LowSet::Ascii;
    HighSet high = HighSet::None;
    CodeTable table = CodeTable::Latin1;
};

// Longer ones first where one begins another.
constexpr Escape kEscapes[] = {
    {"(B", 0, false, LowSet::Ascii},
    {"(J", 0, false, LowSet::Romaji},
    {"(I", 13, false, LowSet::Katakana}, // not DICOM's, sent all the same
    {")I", 13, true, LowSet::Ascii, HighSet::Single, CodeTable::Katakana},
    {"-A", 100, true, LowSet::Ascii, HighSet::Single, CodeTable::Latin1},
    {"-B", 101, true, LowSet::Ascii, HighSet::Single, CodeTable::Latin2},
    {"-C", 109, true, LowSet::Ascii, HighSet::Single, CodeTable::Latin3},
    {"-D", 110, true, LowSet::Ascii, HighSet::Single, CodeTable::Latin4},
    {"-F", 126, true, LowSet::Ascii, HighSet::Single, CodeTable::Greek},
    {"-G", 127, true, LowSet::Ascii, HighSet::Single, CodeTable::Arabic},
    {"-H", 138, true, LowSet::Ascii, HighSet::Single, CodeTable::Hebrew},
    {"-L", 144, true, LowSet::Ascii, HighSet::Single, CodeTable::Cyrillic},
    {"-M", 148, true, LowSet::Ascii, HighSet::Single, CodeTable::Latin5},
    {"-T", 166, true, LowSet::Ascii, HighSet::Single, CodeTable::Thai},
    {"-b", 203, true, LowSet::Ascii, HighSet::Single, CodeTable::Latin9},
    {"$)A", 58, true, LowSet::Ascii, HighSet::Gb2312},
    {"$)C", 149, true, LowSet::Ascii, HighSet::Ksx1001},
    {"$(A", 58, false, LowSet::Gb2312},
    {"$(B", 87, false, LowSet::Jisx0208},
    {"$(C", 149, false, LowSet::Ksx1001},
    {"$(D", 159, false, LowSet::Jisx0212},
    {"$A", 58, false, LowSet::Gb2312},
    {"$B", 87, false, LowSet::Jisx0208},
    {"$@", 87, false, LowSet::Jisx0208}, // the edition of 1978
};

const Escape* escapeAt(const QByteArray& bytes, qsizetype at) {
    if (bytes[at] != kEscape)
        return nullptr;
    const QByteArrayView rest = QByteArrayView(bytes).sliced(at + 1);
    for (const Escape& escape : kEscapes)
        if (rest.startsWith(QByteArrayView(escape.sequence)))
            return &escape;
    return nullptr;
}

class Reader {
public:
    Reader(const QByteArray& bytes, const CharacterSet& set, TextKind kind)
        : m_bytes(bytes), m_set(set), m_kind(kind), m_state(set.initial) {}

    Iso2022Text read() {
        while (m_at < m_bytes.size()) {
            const uchar byte = at(m_at);
            if (byte == kEscape)
                readEscape();
            else if (byte < 0x80)
                readLow(byte);
            else
                readHigh(byte);
        }
        return std::move(m_out);
    }

private:
    [[nodiscard]] uchar at(qsizetype i) const { return i < m_bytes.size() ? static_cast<uchar>(m_bytes[i]) : uchar(0); }

    [[nodiscard]] bool isDelimiter(uchar byte) const {
        switch (m_kind) {
        case TextKind::Name:
            return byte == '\\' || byte == '^' || byte == '=';
        case TextKind::Text:
            return byte == '\\';
        case TextKind::LongText:
            break;
        }
        return false;
    }

    void lost() {
        m_out.text += QChar(QChar::ReplacementCharacter);
        ++m_out.unreadable;
    }

    void readEscape() {
        const Escape* escape = escapeAt(m_bytes, m_at);
        if (!escape) {
            lost();
            ++m_at;
            return;
        }
        if (escape->isHigh) {
            m_state.high = escape->high;
            m_state.highTable = escape->table;
        } else {
            m_state.low = escape->low;
        }
        if (escape->number != 0 && !isDeclared(escape->number)) {
            m_out.usesUndeclared = true;
            m_out.assumed = "ISO 2022 IR " + QByteArray::number(escape->number);
        }
        m_at += 1 + static_cast<qsizetype>(qstrlen(escape->sequence));
    }

    [[nodiscard]] bool isDeclared(int number) const {
        const QByteArray text = QByteArray::number(number);
        for (const QByteArray& term : m_set.name.split('\\'))
            if (term.mid(term.lastIndexOf(' ') + 1) == text)
                return true;
        return false;
    }

    /// Two bytes of a set, as they stand from A1. False when they are no character there.
    bool readPair(CodeTable table, uchar first, uchar second, bool isJisx0212 = false) {
        QByteArray pair;
        if (isJisx0212)
            pair.append('\x8F');
        pair.append(static_cast<char>(first));
        pair.append(static_cast<char>(second));
        DecodedText text = decodeBytes(table, pair);
        if (!text.isClean() && table == CodeTable::EucJp)
            text = decodeBytes(CodeTable::EucJpMs, pair);
        if (!text.isClean())
            return false;
        m_out.text += text.text;
        m_at += 2;
        return true;
    }

    bool readLowPair(uchar byte) {
        const uchar next = at(m_at + 1);
        if (byte < 0x21 || byte > 0x7E || next < 0x21 || next > 0x7E)
            return false;
        const auto first = static_cast<uchar>(byte | 0x80);
        const auto second = static_cast<uchar>(next | 0x80);
        switch (m_state.low) {
        case LowSet::Jisx0208:
            return readPair(CodeTable::EucJp, first, second);
        case LowSet::Jisx0212:
            return readPair(CodeTable::EucJp, first, second, true);
        case LowSet::Gb2312:
            return readPair(CodeTable::Gb18030, first, second);
        case LowSet::Ksx1001:
            return readPair(CodeTable::EucKr, first, second);
        default:
            return false;
        }
    }

    void readLow(uchar byte) {
        const bool isPairs = m_state.low == LowSet::Jisx0208 || m_state.low == LowSet::Jisx0212 ||
                             m_state.low == LowSet::Gb2312 || m_state.low == LowSet::Ksx1001;
        if (isPairs && readLowPair(byte))
            return;
        if (isPairs && byte > 0x20) {
            // Half a character, or the switch back to one byte is missing: the byte stands for itself.
            m_state.low = m_set.initial.low;
            ++m_out.unreadable;
        }
        ++m_at;
        if (m_state.low == LowSet::Katakana && byte > 0x20 && byte < 0x60)
            m_out.text += QChar(static_cast<char16_t>(0xFF61 + byte - 0x21));
        else if (m_state.low == LowSet::Romaji && byte == 0x7E)
            m_out.text += QChar(u'\u203E');
        else if (m_state.low == LowSet::Romaji && byte == '\\' && m_kind == TextKind::LongText)
            m_out.text += QChar(u'\u00A5');
        else
            m_out.text += QChar(byte);
        if (isDelimiter(byte) || byte == '\n' || byte == '\r' || byte == '\f' || byte == '\t')
            m_state = m_set.initial;
    }

    /// The set high bytes are in when nothing says so.
    [[nodiscard]] CodeElements assumedElements() {
        CodeElements state = m_state;
        m_out.lacksEscape = true;
        if (m_set.declaresGb2312) {
            state.high = HighSet::Gb2312;
            m_out.assumed = "ISO 2022 IR 58";
        } else if (m_set.declaresKorean) {
            state.high = HighSet::Ksx1001;
            m_out.assumed = "ISO 2022 IR 149";
        } else if (m_set.declaresJapanese) {
            state.high = HighSet::Single;
            state.highTable = CodeTable::Katakana;
            m_out.assumed = "ISO 2022 IR 13";
        } else {
            state.high = HighSet::Single;
            state.highTable = CodeTable::Latin1;
            m_out.assumed = "ISO_IR 100";
        }
        return state;
    }

    void readHigh(uchar byte) {
        const CodeElements state = m_state.high == HighSet::None ? assumedElements() : m_state;
        const uchar next = at(m_at + 1);
        bool isRead = false;
        if (state.high == HighSet::Single) {
            const DecodedText text = decodeBytes(state.highTable, QByteArrayView(m_bytes).sliced(m_at, 1));
            isRead = text.isClean() && byte >= 0xA0;
            if (isRead) {
                m_out.text += text.text;
                ++m_at;
            }
        } else if (state.high == HighSet::Ksx1001) {
            isRead = byte >= 0xA1 && next >= 0xA1 && readPair(CodeTable::EucKr, byte, next);
        } else {
            // GBK beyond GB 2312 is sent under IR 58 too; its second byte may be ASCII, but no delimiter here.
            const bool mayBeGbk = next >= 0x40 && next != 0x7F && next != 0xFF && !isDelimiter(next);
            isRead = mayBeGbk && readPair(CodeTable::Gb18030, byte, next);
        }
        if (!isRead) {
            lost();
            ++m_at;
        }
    }

    const QByteArray& m_bytes;
    const CharacterSet& m_set;
    TextKind m_kind;
    CodeElements m_state;
    qsizetype m_at = 0;
    Iso2022Text m_out;
};

} // namespace

Iso2022Text decodeIso2022(const QByteArray& bytes, const CharacterSet& set, TextKind kind) {
    return Reader(bytes, set, kind).read();
}

bool hasKnownEscape(const QByteArray& bytes) {
    for (qsizetype i = bytes.indexOf(kEscape); i >= 0; i = bytes.indexOf(kEscape, i + 1))
        if (escapeAt(bytes, i))
            return true;
    return false;
}

QByteArray withoutEscapes(const QByteArray& bytes) {
    QByteArray out;
    for (qsizetype i = 0; i < bytes.size();) {
        const Escape* escape = escapeAt(bytes, i);
        if (!escape)
            out.append(bytes[i]);
        i += escape ? 1 + static_cast<qsizetype>(qstrlen(escape->sequence)) : 1;
    }
    return out;
}

} // namespace yz::dicom
