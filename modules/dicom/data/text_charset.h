#pragma once

#include "dicom/data/text_iconv.h"

#include <QByteArray>
#include <optional>
#include <vector>

namespace yz::dicom {

/// What the bytes below 80 mean (G0), and the bytes from A0 (G1), PS3.5 6.1.2.4.
enum class LowSet { Ascii, Romaji, Jisx0208, Jisx0212, Gb2312, Ksx1001, Katakana };
enum class HighSet { None, Single, Ksx1001, Gb2312 };

/// A state of the code elements.
struct CodeElements {
    LowSet low = LowSet::Ascii;
    HighSet high = HighSet::None;
    CodeTable highTable = CodeTable::Latin1; ///< of HighSet::Single

    bool operator==(const CodeElements&) const = default;
};

/// (0008,0005) understood: the defined terms of PS3.3 C.12.1.1.2 and the misspellings of them that are met.
struct CharacterSet {
    enum class Kind {
        CodeElements, ///< one byte sets, with or without code extensions (ISO 2022)
        Utf8,
        Gb18030, ///< and GBK
        Whole,   ///< one of the encodings DICOM does not know but senders declare: `table`
        Unknown, ///< no term that is known here
    };
    Kind kind = Kind::CodeElements;
    QByteArray name;             ///< the defined terms, normalised; empty for the default repertoire
    CodeElements initial;        ///< at the start of a value and after each delimiter
    CodeTable table{};           ///< of Kind::Whole
    bool hasExtensions = false;  ///< more than one value, or an "ISO 2022" term
    bool declaresGb2312 = false; ///< ISO 2022 IR 58
    bool declaresKorean = false; ///< ISO 2022 IR 149
    bool declaresJapanese = false;
    bool hasUnknownTerm = false;

    /// Latin-1 or the default repertoire: what a device that was never configured declares.
    [[nodiscard]] bool isLatinOrNone() const {
        return kind == Kind::CodeElements && initial.low == LowSet::Ascii &&
               (initial.high == HighSet::None ||
                (initial.high == HighSet::Single && initial.highTable == CodeTable::Latin1));
    }
};

[[nodiscard]] CharacterSet characterSetOf(const QByteArray& specificCharacterSet);

} // namespace yz::dicom
