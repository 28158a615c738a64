#pragma once

#include "dicom/data/text_charset.h"
#include "dicom/data/text_detect.h"
#include "domain/text_repair.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace yz::dicom {

/// One value as text.
struct TextReading {
    QString text;
    TextRepair repair; ///< empty: read as declared
};

/// Turns values of one data set into QString by its Specific Character Set (0008,0005), PS3.3 C.12.1.1.2 and PS3.5
/// 6.1.2. Bytes that cannot be what the label says are read as what they are (detectText), and `repair` says so:
///  - no label or ISO_IR 100: UTF-8 and GB 18030 by detectText; else 80 to 9F make it Windows-1252, else Latin-1;
///  - ISO_IR 192: what is not UTF-8 is GB 18030 by detectText, or Latin-1 when no character of it is UTF-8;
///  - GB18030, GBK: UTF-8 when all of it is Han text in UTF-8 (two characters, or no GB 18030); escapes are dropped;
///  - other one byte sets: UTF-8 when that is Han text;
///  - code extensions: bytes without their escape are read in the extension declared, escapes never declared count;
///  - an unknown term: as if none was declared.
/// What stays unreadable is U+FFFD, byte by byte; nothing else is lost. Control characters (NUL among them) become
/// spaces, except for line ends and tabulators. Not thread-safe.
class TextDecoder {
public:
    /// The value of (0008,0005) as it stands, backslashes included.
    explicit TextDecoder(const QByteArray& specificCharacterSet);

    /// Weighs another value of the data set before decoding: where some of them are surely GB 18030 and none is
    /// surely not, values too short to tell (DetectedText::PerhapsGb18030) are read like them.
    void learn(const QByteArray& value, TextKind kind = TextKind::Text);

    /// The whole value, trailing padding removed.
    [[nodiscard]] TextReading read(const QByteArray& value, TextKind kind = TextKind::Text);
    [[nodiscard]] QString decode(const QByteArray& value, TextKind kind = TextKind::Text);
    [[nodiscard]] QStringList decodeList(const QByteArray& value, TextKind kind = TextKind::Text);

    /// Of all values so far: the first repair met.
    [[nodiscard]] const TextRepair& repair() const { return m_repair; }
    [[nodiscard]] bool wasRepaired() const { return !m_repair.isEmpty(); }
    /// The character set declared, normalised; empty for the default repertoire. An item without its own inherits it.
    [[nodiscard]] const QByteArray& characterSet() const { return m_set.name; }

private:
    [[nodiscard]] TextReading readBytes(const QByteArray& bytes, TextKind kind) const;
    [[nodiscard]] TextReading readUtf8(const QByteArray& bytes, TextKind kind) const;
    [[nodiscard]] TextReading readGb18030(const QByteArray& bytes) const;
    [[nodiscard]] TextReading readLatinOrNone(const QByteArray& bytes, TextKind kind) const;
    [[nodiscard]] TextReading readElements(const QByteArray& bytes, TextKind kind) const;
    [[nodiscard]] DetectedText detect(const QByteArray& bytes, TextKind kind) const;
    [[nodiscard]] TextReading repaired(DecodedText text, const char* used) const;
    [[nodiscard]] TextReading asDeclared(DecodedText text) const;

    QByteArray m_declared;
    CharacterSet m_set;
    TextRepair m_repair;
    int m_surelyGb = 0;
    int m_surelyNot = 0;
};

/// GB18030 (and so GBK and GB 2312) to text; null when the bytes are not valid in it.
[[nodiscard]] QString fromGb18030(const QByteArray& bytes);

} // namespace yz::dicom
