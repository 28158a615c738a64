#include "dicom/data/text.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/ofstd/ofchrenc.h>

#include <QStringDecoder>
#include <algorithm>
#include <utility>

namespace yz::dicom {

namespace {

bool isAscii(const QByteArray& bytes) {
    return std::none_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<uchar>(c) >= 0x80 || c == 0x1B; });
}

bool isUtf8(const QByteArray& bytes, QString& text) {
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    text = decoder(bytes);
    return !decoder.hasError();
}

bool isHanText(const QString& text) {
    bool hasHan = false;
    for (const QChar c : text) {
        if (c.unicode() < 0x80)
            continue;
        const bool isHan = c.script() == QChar::Script_Han || c.isHighSurrogate() || c.isLowSurrogate();
        const bool isFullWidth = (c.unicode() >= 0x3000 && c.unicode() <= 0x303F) ||
                                 (c.unicode() >= 0xFF00 && c.unicode() <= 0xFFEF) ||
                                 (c.unicode() >= 0x2000 && c.unicode() <= 0x206F) || c == u'\u00B7';
        if (!isHan && !isFullWidth)
            return false;
        hasHan = hasHan || isHan;
    }
    return hasHan;
}

/// Spellings met in the field for the defined terms of PS3.3 C.12.1.1.2.
QByteArray definedTerm(QByteArray term) {
    term = term.trimmed().toUpper();
    static const std::pair<const char*, const char*> kAliases[] = {{"GB2312", "GBK"},
                                                                   {"GB_2312", "GBK"},
                                                                   {"CP936", "GBK"},
                                                                   {"GB 18030", "GB18030"},
                                                                   {"GB18030-2000", "GB18030"},
                                                                   {"GB-18030", "GB18030"},
                                                                   {"UTF-8", "ISO_IR 192"},
                                                                   {"UTF8", "ISO_IR 192"},
                                                                   {"ISO_IR_192", "ISO_IR 192"},
                                                                   {"ISO-IR 192", "ISO_IR 192"},
                                                                   {"ISO IR 192", "ISO_IR 192"},
                                                                   {"ISO_IR192", "ISO_IR 192"},
                                                                   {"ISO_IR_100", "ISO_IR 100"},
                                                                   {"ISO-IR 100", "ISO_IR 100"},
                                                                   {"ISO IR 100", "ISO_IR 100"},
                                                                   {"ISO_IR 6", ""},
                                                                   {"ISO_IR_6", ""},
                                                                   {"ISO_IR 58", "ISO 2022 IR 58"},
                                                                   {"ISO_2022_IR_58", "ISO 2022 IR 58"},
                                                                   {"ISO_2022_IR_6", "ISO 2022 IR 6"}};
    for (const auto& [alias, defined] : kAliases)
        if (term == alias)
            return defined;
    return term;
}

QByteArray normalisedSet(const QByteArray& value) {
    QByteArrayList terms = value.split('\\');
    for (QByteArray& term : terms)
        term = definedTerm(term);
    // GB18030 and UTF-8 stand alone; with more values beside them the sender meant the Chinese one.
    for (const char* alone : {"GB18030", "GBK", "ISO_IR 192"})
        if (terms.contains(alone))
            return alone;
    if (terms.front() == "ISO 2022 IR 58")
        terms.prepend(QByteArray());
    for (qsizetype i = terms.size() - 1; i > 0; --i) // the default repertoire named twice, or anything else
        if (terms.indexOf(terms[i]) < i || (terms[i] == "ISO 2022 IR 6" && terms.front().isEmpty()))
            terms.removeAt(i);
    return terms.size() == 1 ? terms.front() : terms.join('\\');
}

QByteArray unpadded(const QByteArray& value) {
    qsizetype end = value.size();
    while (end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\0'))
        --end;
    return value.left(end);
}

QString fromEncoding(const char* name, const QByteArray& bytes) {
    OFCharacterEncoding encoding;
    OFString converted;
    if (encoding.selectEncoding(name, "UTF-8").bad() ||
        encoding.convertString(bytes.constData(), static_cast<size_t>(bytes.size()), converted).bad())
        return {};
    const QString text = QString::fromUtf8(converted.c_str(), static_cast<qsizetype>(converted.length()));
    return text.isNull() ? QStringLiteral("") : text;
}

/// ISO 2022 IR 87 and 159, which glibc's iconv knows only inside ISO-2022-JP, with the half-width katakana of IR 13 as
/// single bytes from A1 to DF between them. Null when the bytes are not that.
QString fromJapanese(const QByteArray& bytes) {
    constexpr char16_t kFirstKatakana = 0xFF61;
    QString text;
    QByteArray run;
    const auto flush = [&] {
        const QString part = fromEncoding("ISO-2022-JP-2", run);
        run.clear();
        text += part;
        return !part.isNull();
    };
    for (const char c : bytes) {
        const auto byte = static_cast<uchar>(c);
        if (byte < 0x80) {
            run.append(c);
            continue;
        }
        if (byte < 0xA1 || byte > 0xDF || !flush())
            return {};
        text += QChar(static_cast<char16_t>(kFirstKatakana + byte - 0xA1));
    }
    return flush() ? text : QString();
}

} // namespace

struct TextDecoder::Converter {
    DcmSpecificCharacterSet set;
    bool isReady = false;
    bool isJapanese = false;
};

TextDecoder::TextDecoder(const QByteArray& specificCharacterSet) : m_set(normalisedSet(specificCharacterSet)) {}
TextDecoder::~TextDecoder() = default;
TextDecoder::TextDecoder(TextDecoder&&) noexcept = default;
TextDecoder& TextDecoder::operator=(TextDecoder&&) noexcept = default;

QString TextDecoder::decode(const QByteArray& value, TextKind kind) {
    const QByteArray bytes = unpadded(value);
    if (isAscii(bytes))
        return QString::fromLatin1(bytes);
    QString utf8;
    const bool validUtf8 = isUtf8(bytes, utf8);
    const bool isChineseSet = m_set == "GB18030" || m_set == "GBK";
    if (m_set == "ISO_IR 192") {
        if (validUtf8)
            return utf8;
        m_wasRepaired = true;
        if (detectText(bytes) == DetectedText::Gb18030)
            return fromGb18030(bytes);
        return utf8; // with replacement characters
    }
    if (isChineseSet) {
        // Two bytes a character almost never line up as three-byte UTF-8 that is Chinese throughout.
        if (validUtf8 && bytes.size() >= 6 && isHanText(utf8)) {
            m_wasRepaired = true;
            return utf8;
        }
        const QString chinese = fromGb18030(bytes);
        if (!chinese.isNull())
            return chinese;
        m_wasRepaired = true;
        return QString::fromLatin1(bytes);
    }
    const bool isLatin =
        m_set.isEmpty() || m_set == "ISO_IR 100" || m_set == "ISO 2022 IR 6" || m_set == "ISO 2022 IR 100";
    if (isLatin && !bytes.contains('\x1B')) {
        switch (detectText(bytes)) {
        case DetectedText::Utf8:
            m_wasRepaired = true;
            return utf8;
        case DetectedText::Gb18030:
            m_wasRepaired = true;
            return fromGb18030(bytes);
        default:
            m_wasRepaired = m_wasRepaired || m_set.isEmpty(); // bytes above 127 without any declared set
            return QString::fromLatin1(bytes);
        }
    }
    return convert(bytes, kind);
}

QString TextDecoder::convert(const QByteArray& value, TextKind kind) {
    if (!m_converter) {
        m_converter = std::make_unique<Converter>();
        m_converter->isJapanese = m_set.contains("IR 87") || m_set.contains("IR 159");
        m_converter->isReady =
            !m_converter->isJapanese && m_converter->set.selectCharacterSet(m_set.constData(), "ISO_IR 192").good();
    }
    if (m_converter->isJapanese)
        if (const QString japanese = fromJapanese(value); !japanese.isNull())
            return japanese;
    OFString converted;
    // Backslash, caret and equals sign reset the code extensions (PS3.5 6.1.2.5.3).
    if (m_converter->isReady && m_converter->set
                                    .convertString(value.constData(), static_cast<size_t>(value.size()), converted,
                                                   kind == TextKind::Name ? "\\^=" : "\\\n\r\f")
                                    .good())
        return QString::fromUtf8(converted.c_str(), static_cast<qsizetype>(converted.length()));
    m_wasRepaired = true;
    QString utf8;
    if (isUtf8(value, utf8))
        return utf8;
    if (detectText(value) == DetectedText::Gb18030)
        return fromGb18030(value);
    return QString::fromLatin1(value);
}

QStringList TextDecoder::decodeList(const QByteArray& value, TextKind kind) {
    if (value.isEmpty())
        return {};
    QStringList list = decode(value, kind).split(u'\\');
    for (QString& entry : list)
        entry = entry.trimmed();
    return list;
}

DetectedText detectText(const QByteArray& bytes) {
    if (isAscii(bytes))
        return DetectedText::Ascii;
    QString text;
    if (isUtf8(bytes, text))
        return DetectedText::Utf8;
    // Pairs of two bytes at or above A1 in the GB 2312 area are strong evidence, a byte of the C1 control area (which
    // no Latin-1 text holds) as well; a high byte before an ASCII letter is what accents look like and counts against.
    int strong = 0;
    int weak = 0;
    int besideLetters = 0;
    const auto at = [&](qsizetype i) { return static_cast<uchar>(bytes[i]); };
    const auto isLower = [&](qsizetype i) { return i >= 0 && i < bytes.size() && at(i) >= 'a' && at(i) <= 'z'; };
    for (qsizetype i = 0; i < bytes.size();) {
        if (at(i) < 0x80) {
            ++i;
            continue;
        }
        if (i + 1 >= bytes.size())
            return DetectedText::Unknown;
        const uchar lead = at(i);
        const uchar trail = at(i + 1);
        const bool isGb2312 = trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xF7) || (lead >= 0xA1 && lead <= 0xA9));
        const bool hasC1 = lead <= 0xA0 || (trail >= 0x80 && trail <= 0xA0);
        if (isGb2312 || hasC1) {
            ++strong;
            if (isLower(i - 1) || isLower(i + 2))
                ++besideLetters;
        } else {
            ++weak;
        }
        i += 2;
    }
    if (strong == 0 || weak > strong || (besideLetters > 0 && strong < 3))
        return DetectedText::Unknown;
    text = fromGb18030(bytes);
    return !text.isNull() && isHanText(text) ? DetectedText::Gb18030 : DetectedText::Unknown;
}

QString fromGb18030(const QByteArray& bytes) { return fromEncoding("GB18030", bytes); }

} // namespace yz::dicom
