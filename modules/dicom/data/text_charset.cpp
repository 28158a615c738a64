#include "dicom/data/text_charset.h"

#include <QByteArrayList>
#include <utility>

namespace yz::dicom {

namespace {

struct Registration {
    int number; ///< ISO-IR
    CodeElements elements;
};

constexpr Registration kRegistrations[] = {
    {6, {}},
    {13, {LowSet::Romaji, HighSet::Single, CodeTable::Katakana}},
    {100, {LowSet::Ascii, HighSet::Single, CodeTable::Latin1}},
    {101, {LowSet::Ascii, HighSet::Single, CodeTable::Latin2}},
    {109, {LowSet::Ascii, HighSet::Single, CodeTable::Latin3}},
    {110, {LowSet::Ascii, HighSet::Single, CodeTable::Latin4}},
    {126, {LowSet::Ascii, HighSet::Single, CodeTable::Greek}},
    {127, {LowSet::Ascii, HighSet::Single, CodeTable::Arabic}},
    {138, {LowSet::Ascii, HighSet::Single, CodeTable::Hebrew}},
    {144, {LowSet::Ascii, HighSet::Single, CodeTable::Cyrillic}},
    {148, {LowSet::Ascii, HighSet::Single, CodeTable::Latin5}},
    {166, {LowSet::Ascii, HighSet::Single, CodeTable::Thai}},
    {203, {LowSet::Ascii, HighSet::Single, CodeTable::Latin9}},
};

const Registration* registrationOf(int number) {
    for (const Registration& entry : kRegistrations)
        if (entry.number == number)
            return &entry;
    return nullptr;
}

/// A term without what senders get wrong: case, and spaces, hyphens, underscores, dots and colons between its parts.
QByteArray bare(const QByteArray& term) {
    QByteArray text;
    for (const char c : term.trimmed().toUpper())
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            text.append(c);
    return text;
}

/// "ISOIR100" -> 100, "ISO2022IR58" -> 58 with `isExtension`; -1 for anything else.
int isoNumber(const QByteArray& text, bool& isExtension) {
    isExtension = text.startsWith("ISO2022IR");
    const QByteArray digits = text.startsWith("ISOIR") ? text.mid(5) : isExtension ? text.mid(9) : QByteArray();
    bool ok = false;
    const int number = digits.toInt(&ok);
    return ok ? number : -1;
}

/// Names of encodings in place of defined terms.
int isoNumberOfName(const QByteArray& text) {
    static constexpr std::pair<const char*, int> kNames[] = {
        {"ASCII", 6},      {"USASCII", 6},    {"ISO646", 6},        {"LATIN1", 100},    {"ISO88591", 100},
        {"ISO88592", 101}, {"ISO88593", 109}, {"ISO88594", 110},    {"ISO88595", 144},  {"ISO88596", 127},
        {"ISO88597", 126}, {"ISO88598", 138}, {"ISO88599", 148},    {"ISO885915", 203}, {"ISO885911", 166},
        {"TIS620", 166},   {"JISX0201", 13},  {"WINDOWS1252", 100}, {"CP1252", 100},
    };
    for (const auto& [name, number] : kNames)
        if (text == name)
            return number;
    return -1;
}

CharacterSet standAlone(CharacterSet::Kind kind, const char* name, CodeTable table = CodeTable::Latin1) {
    CharacterSet set;
    set.kind = kind;
    set.name = name;
    set.table = table;
    return set;
}

/// Sets that stand alone (PS3.3 C.12.1.1.2); with more values beside them the sender still meant them.
std::optional<CharacterSet> standAloneOf(const QByteArrayList& terms) {
    using Kind = CharacterSet::Kind;
    struct Entry {
        const char* bareName;
        Kind kind;
        const char* name;
        CodeTable table;
    };
    static constexpr Entry kEntries[] = {
        {"GB18030", Kind::Gb18030, "GB18030", CodeTable::Gb18030},
        {"GB180302000", Kind::Gb18030, "GB18030", CodeTable::Gb18030},
        {"GB180302005", Kind::Gb18030, "GB18030", CodeTable::Gb18030},
        {"GBK", Kind::Gb18030, "GBK", CodeTable::Gb18030},
        {"CP936", Kind::Gb18030, "GBK", CodeTable::Gb18030},
        {"GB2312", Kind::Gb18030, "GBK", CodeTable::Gb18030},
        {"GB231280", Kind::Gb18030, "GBK", CodeTable::Gb18030},
        {"ISOIR192", Kind::Utf8, "ISO_IR 192", CodeTable::Latin1},
        {"ISO2022IR192", Kind::Utf8, "ISO_IR 192", CodeTable::Latin1},
        {"UTF8", Kind::Utf8, "ISO_IR 192", CodeTable::Latin1},
        {"BIG5", Kind::Whole, "BIG5", CodeTable::Big5},
        {"SHIFTJIS", Kind::Whole, "SHIFT_JIS", CodeTable::ShiftJis},
        {"SJIS", Kind::Whole, "SHIFT_JIS", CodeTable::ShiftJis},
        {"EUCJP", Kind::Whole, "EUC-JP", CodeTable::EucJp},
        {"EUCKR", Kind::Whole, "EUC-KR", CodeTable::EucKr},
    };
    for (const QByteArray& term : terms)
        for (const Entry& entry : kEntries)
            if (term == entry.bareName)
                return standAlone(entry.kind, entry.name, entry.table);
    return std::nullopt;
}

void addTerm(CharacterSet& set, QByteArrayList& names, const QByteArray& term, bool isFirst) {
    bool isExtension = false;
    int number = term.isEmpty() ? 6 : isoNumber(term, isExtension);
    if (number < 0)
        number = isoNumberOfName(term);
    set.hasExtensions = set.hasExtensions || isExtension;
    const bool isMultiByte = number == 58 || number == 87 || number == 149 || number == 159;
    const Registration* registration = registrationOf(number);
    if (!registration && !isMultiByte) {
        set.hasUnknownTerm = true;
        return;
    }
    set.declaresGb2312 = set.declaresGb2312 || number == 58;
    set.declaresKorean = set.declaresKorean || number == 149;
    set.declaresJapanese = set.declaresJapanese || number == 87 || number == 159 || number == 13;
    if (isFirst && registration)
        set.initial = registration->elements;
    if (isFirst && isMultiByte)
        names.append(QByteArray()); // it may not be first; the sender means ASCII and it
    const QByteArray name =
        number == 6 && (isFirst || term.isEmpty())
            ? QByteArray()
            : (isExtension || isMultiByte ? "ISO 2022 IR " : "ISO_IR ") + QByteArray::number(number);
    if (!names.contains(name))
        names.append(name);
}

} // namespace

CharacterSet characterSetOf(const QByteArray& specificCharacterSet) {
    QByteArrayList terms = specificCharacterSet.split('\\');
    for (QByteArray& term : terms)
        term = bare(term);
    if (auto alone = standAloneOf(terms))
        return *alone;
    CharacterSet set;
    QByteArrayList names;
    for (const QByteArray& term : std::as_const(terms))
        addTerm(set, names, term, names.isEmpty());
    set.hasExtensions = set.hasExtensions || names.size() > 1;
    if (names.isEmpty() && set.hasUnknownTerm) {
        set.kind = CharacterSet::Kind::Unknown;
        set.name = specificCharacterSet.trimmed();
        return set;
    }
    set.name = names.join('\\');
    return set;
}

} // namespace yz::dicom
