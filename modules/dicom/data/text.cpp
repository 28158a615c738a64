#include "dicom/data/text.h"

#include "dicom/data/text_iso2022.h"

#include <QStringDecoder>
#include <algorithm>
#include <utility>

namespace yz::dicom {

namespace {

QByteArray unpadded(const QByteArray& value) {
    qsizetype end = value.size();
    while (end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\0'))
        --end;
    return value.left(end);
}

DecodedText fromUtf8(const QByteArray& bytes) {
    DecodedText out{QString::fromUtf8(bytes), 0};
    // Replacement characters that were sent as such are no damage.
    out.unreadable = static_cast<int>(
        std::max<qsizetype>(0, out.text.count(QChar(QChar::ReplacementCharacter)) - bytes.count("\xEF\xBF\xBD")));
    return out;
}

/// A character of two bytes or more that is valid in UTF-8.
bool hasUtf8Character(const QByteArray& bytes) {
    const auto isTail = [&](qsizetype i) { return i < bytes.size() && (static_cast<uchar>(bytes[i]) & 0xC0) == 0x80; };
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const auto lead = static_cast<uchar>(bytes[i]);
        if (lead >= 0xC2 && lead <= 0xF4 && isTail(i + 1) && (lead < 0xE0 || isTail(i + 2)))
            return true;
    }
    return false;
}

bool hasC1(const QByteArray& bytes) {
    return std::any_of(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<uchar>(c);
        return byte >= 0x80 && byte <= 0x9F;
    });
}

void blankControls(QString& text) {
    const auto isControl = [](QChar c) { return c < u' ' || (c >= u'\x7F' && c <= u'\x9F'); };
    if (std::none_of(text.cbegin(), text.cend(), isControl))
        return;
    for (QChar& c : text)
        if (isControl(c) && c != u'\n' && c != u'\r' && c != u'\f' && c != u'\t')
            c = u' ';
}

} // namespace

TextDecoder::TextDecoder(const QByteArray& specificCharacterSet)
    : m_declared(specificCharacterSet.trimmed()), m_set(characterSetOf(specificCharacterSet)) {}

void TextDecoder::learn(const QByteArray& value, TextKind kind) {
    switch (detectText(unpadded(value), kind)) {
    case DetectedText::Gb18030:
        ++m_surelyGb;
        break;
    case DetectedText::Utf8:
    case DetectedText::Latin:
        ++m_surelyNot;
        break;
    default:
        break;
    }
}

TextReading TextDecoder::read(const QByteArray& value, TextKind kind) {
    TextReading reading = readBytes(unpadded(value), kind);
    blankControls(reading.text);
    if (m_repair.used.isEmpty() && !reading.repair.isEmpty()) {
        const bool hadUnreadable = m_repair.hasUnreadable;
        m_repair = reading.repair;
        m_repair.hasUnreadable = m_repair.hasUnreadable || hadUnreadable;
    }
    return reading;
}

QString TextDecoder::decode(const QByteArray& value, TextKind kind) { return read(value, kind).text; }

QStringList TextDecoder::decodeList(const QByteArray& value, TextKind kind) {
    if (value.isEmpty())
        return {};
    // Decoded as a whole first: a backslash may be half a character.
    QStringList list = decode(value, kind).split(u'\\');
    for (QString& entry : list)
        entry = entry.trimmed();
    return list;
}

TextReading TextDecoder::readBytes(const QByteArray& bytes, TextKind kind) const {
    const bool isRomaji = m_set.kind == CharacterSet::Kind::CodeElements && m_set.initial.low == LowSet::Romaji;
    if (isPlainAscii(bytes) && !isRomaji)
        return {QString::fromLatin1(bytes), {}};
    switch (m_set.kind) {
    case CharacterSet::Kind::Utf8:
        return readUtf8(bytes, kind);
    case CharacterSet::Kind::Gb18030:
        return readGb18030(bytes);
    case CharacterSet::Kind::Whole:
        return asDeclared(decodeBytes(m_set.table, bytes));
    case CharacterSet::Kind::Unknown:
        return readLatinOrNone(bytes, kind);
    case CharacterSet::Kind::CodeElements:
        break;
    }
    if (m_set.isLatinOrNone() && !hasKnownEscape(bytes))
        return readLatinOrNone(bytes, kind);
    return readElements(bytes, kind);
}

TextReading TextDecoder::readUtf8(const QByteArray& bytes, TextKind kind) const {
    if (hasKnownEscape(bytes))
        return readElements(bytes, kind);
    const Utf8Fit fit = fitOfUtf8(bytes);
    if (fit != Utf8Fit::Invalid)
        return asDeclared(fromUtf8(bytes));
    if (detect(bytes, kind) == DetectedText::Gb18030)
        return repaired(decodeBytes(CodeTable::Gb18030, bytes), "GB18030");
    if (!hasUtf8Character(bytes) && !hasC1(bytes))
        return repaired(decodeBytes(CodeTable::Latin1, bytes), "ISO_IR 100");
    return asDeclared(fromUtf8(bytes));
}

TextReading TextDecoder::readGb18030(const QByteArray& bytes) const {
    if (hasKnownEscape(bytes))
        return repaired(decodeBytes(CodeTable::Gb18030, withoutEscapes(bytes)), "GB18030");
    DecodedText chinese = decodeBytes(CodeTable::Gb18030, bytes);
    // Pairs of GB 18030 that are Han text in UTF-8 throughout are that: three bytes a character almost never line up.
    if (fitOfUtf8(bytes) != Utf8Fit::Invalid) {
        DecodedText utf8 = fromUtf8(bytes);
        if (isHanText(utf8.text) && (!chinese.isClean() || hanCount(utf8.text) >= 2))
            return repaired(std::move(utf8), "ISO_IR 192");
    }
    return asDeclared(std::move(chinese));
}

TextReading TextDecoder::readLatinOrNone(const QByteArray& bytes, TextKind kind) const {
    switch (detect(bytes, kind)) {
    case DetectedText::Ascii: // and an escape to nowhere
        return readElements(bytes, kind);
    case DetectedText::Utf8:
        return repaired(fromUtf8(bytes), "ISO_IR 192");
    case DetectedText::Gb18030:
        return repaired(decodeBytes(CodeTable::Gb18030, bytes),
                        m_set.declaresGb2312 && decodeBytes(CodeTable::Gb18030, bytes).isClean() ? "ISO 2022 IR 58"
                                                                                                 : "GB18030");
    default:
        break;
    }
    if (m_set.hasExtensions && m_set.initial.high == HighSet::None)
        return readElements(bytes, kind);
    if (hasC1(bytes)) {
        DecodedText windows = decodeBytes(CodeTable::Windows1252, bytes);
        if (windows.isClean())
            return repaired(std::move(windows), "Windows-1252");
    }
    DecodedText latin = decodeBytes(CodeTable::Latin1, bytes);
    const bool isDeclared = m_set.kind == CharacterSet::Kind::CodeElements && m_set.initial.high == HighSet::Single;
    return isDeclared ? asDeclared(std::move(latin)) : repaired(std::move(latin), "ISO_IR 100");
}

TextReading TextDecoder::readElements(const QByteArray& bytes, TextKind kind) const {
    if (fitOfUtf8(bytes) != Utf8Fit::Invalid && !isPlainAscii(bytes) && !hasKnownEscape(bytes)) {
        DecodedText utf8 = fromUtf8(bytes);
        if (isHanText(utf8.text))
            return repaired(std::move(utf8), "ISO_IR 192");
    }
    const Iso2022Text text = decodeIso2022(bytes, m_set, kind);
    TextReading reading{text.text, {}};
    if (!text.isAsDeclared())
        reading.repair = {QString::fromLatin1(m_declared), QString::fromLatin1(text.assumed), text.unreadable > 0};
    return reading;
}

DetectedText TextDecoder::detect(const QByteArray& bytes, TextKind kind) const {
    const DetectedText found = detectText(bytes, kind);
    if (found == DetectedText::PerhapsGb18030 && m_surelyGb > 0 && m_surelyNot == 0)
        return DetectedText::Gb18030;
    return found;
}

TextReading TextDecoder::repaired(DecodedText text, const char* used) const {
    return {std::move(text.text), {QString::fromLatin1(m_declared), QString::fromLatin1(used), text.unreadable > 0}};
}

TextReading TextDecoder::asDeclared(DecodedText text) const {
    TextReading reading{std::move(text.text), {}};
    if (text.unreadable > 0)
        reading.repair = {QString::fromLatin1(m_declared), {}, true};
    return reading;
}

QString fromGb18030(const QByteArray& bytes) {
    const DecodedText decoded = decodeBytes(CodeTable::Gb18030, bytes);
    if (!decoded.isClean())
        return {};
    return decoded.text.isNull() ? QStringLiteral("") : decoded.text;
}

} // namespace yz::dicom
