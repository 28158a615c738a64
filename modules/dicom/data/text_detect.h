#pragma once

#include <QByteArray>
#include <QString>

namespace yz::dicom {

/// What kind of value it is: its delimiters reset ISO 2022 escapes (PS3.5 6.1.2.5.3).
enum class TextKind {
    Name,     ///< PN: backslash, caret, equals sign
    Text,     ///< SH, LO, UC: backslash
    LongText, ///< ST, LT, UT: one value, a backslash is a character; line ends
};

enum class DetectedText {
    Ascii,
    Utf8,
    Gb18030,        ///< cannot reasonably be anything else
    PerhapsGb18030, ///< reads as Chinese, but as something else too: other values of the data set decide
    Latin,          ///< has letters with accents inside words of ASCII letters
    Unknown,
};

/// What bytes labelled as Latin-1 or not at all are. The rule, in this order:
///  1. Valid UTF-8 is UTF-8 (the last character may be cut off). Only text made of two-byte characters alone that
///     is Chinese by rule 2 and is no Russian or Greek (a word of three letters at least) counts as GB 18030.
///  2. GB 18030: everything decodes to Han characters (with the signs of GB 2312), and there is a run of two characters
///     or more of GB 2312 (or, standing apart from ASCII letters, of GBK): Latin-1 text does not have four bytes above
///     A0 in a row (inside a word of ASCII letters it may, in Faroese: there four letters are not enough). Runs of one
///     character are evidence only when all of them stand apart from ASCII letters and one is of level 1 (B0 to D7);
///     outside of names not when both bytes are signs in Latin-1 ("»«", "±½"). One such byte between letters ("Müller",
///     "Jérôme") is what an accent looks like and rules Chinese out.
///  3. What is Chinese but fails 2 ("B超", a surname of level 2 alone) is `PerhapsGb18030`.
[[nodiscard]] DetectedText detectText(const QByteArray& bytes, TextKind kind = TextKind::Text);

/// Valid UTF-8, or valid up to a last character that was cut off.
enum class Utf8Fit { Invalid, CutOff, Valid };
[[nodiscard]] Utf8Fit fitOfUtf8(const QByteArray& bytes);

/// Han characters with the punctuation and signs of Chinese text around them; ASCII may be there too.
[[nodiscard]] bool isHanText(const QString& text);
[[nodiscard]] int hanCount(const QString& text);

/// No byte from 80 and no escape.
[[nodiscard]] bool isPlainAscii(const QByteArray& bytes);

} // namespace yz::dicom
