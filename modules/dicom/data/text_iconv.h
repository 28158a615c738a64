#pragma once

#include <QByteArrayView>
#include <QString>

namespace yz::dicom {

/// The code tables behind the character sets of PS3.3 C.12.1.1.2, by what the C library calls them.
enum class CodeTable {
    Latin1,
    Latin2,
    Latin3,
    Latin4,
    Latin5,
    Latin9,
    Cyrillic,
    Arabic,
    Greek,
    Hebrew,
    Thai,
    Katakana, ///< JIS X 0201, the upper half
    EucJp,    ///< JIS X 0208 as two bytes from A1, JIS X 0212 behind 8F
    EucJpMs,  ///< the same with the rows vendors added (circled digits, Roman numerals)
    EucKr,    ///< KS X 1001
    Gb18030,  ///< and so GBK and GB 2312
    Windows1252,
    ShiftJis,
    Big5,
};

struct DecodedText {
    QString text;
    int unreadable = 0; ///< bytes that mean nothing there; each stands as U+FFFD

    [[nodiscard]] bool isClean() const { return unreadable == 0; }
};

/// A byte that cannot start a character costs itself only: what follows it is read anew, so that a truncated
/// character never takes the delimiter behind it along. Thread-safe.
[[nodiscard]] DecodedText decodeBytes(CodeTable table, QByteArrayView bytes);

/// Text to the bytes of a table; null when a character is not in it.
[[nodiscard]] QByteArray encodeText(CodeTable table, const QString& text);

/// Loads every table and keeps it loaded: the C library opens them as files on first use, which a locked-down process
/// cannot do.
void loadCodeTables();

} // namespace yz::dicom
