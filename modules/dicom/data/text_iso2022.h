#pragma once

#include "dicom/data/text_charset.h"
#include "dicom/data/text_detect.h"

namespace yz::dicom {

struct Iso2022Text {
    QString text;
    int unreadable = 0;          ///< bytes without a meaning, each U+FFFD in the text
    bool usesUndeclared = false; ///< an escape to a set that (0008,0005) does not name
    bool lacksEscape = false;    ///< bytes that only make sense in a declared set nobody switched to
    QByteArray assumed;          ///< the defined term taken for `lacksEscape`

    [[nodiscard]] bool isAsDeclared() const { return !usesUndeclared && !lacksEscape && unreadable == 0; }
};

/// Text of one byte sets with code extensions, PS3.5 6.1.2.4 and 6.1.2.5 (escapes: PS3.3 Tables C.12-3, C.12-4).
/// Delimiters and control characters return to the initial state; a delimiter is never taken as half a character
/// where that is no character. An unknown escape costs the escape byte only.
[[nodiscard]] Iso2022Text decodeIso2022(const QByteArray& bytes, const CharacterSet& set, TextKind kind);

/// True when one of the escapes of ISO 2022 that DICOM uses is in the bytes.
[[nodiscard]] bool hasKnownEscape(const QByteArray& bytes);
/// The bytes without them.
[[nodiscard]] QByteArray withoutEscapes(const QByteArray& bytes);

} // namespace yz::dicom
