#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <memory>

namespace yz::dicom {

/// How the delimiters of a value are read: they reset ISO 2022 escapes (PS3.5 6.1.2.5.3).
enum class TextKind { Name, Text };

/// Turns values of one data set into QString by its Specific Character Set (0008,0005), PS3.3 C.12.1.1.2. Text met in
/// China is often labelled wrongly (GBK or UTF-8 bytes under ISO_IR 100 or under nothing); bytes that cannot be what
/// the label says and are Chinese in one of these are decoded as that, and `wasRepaired` says so. Not thread-safe.
class TextDecoder {
public:
    /// The value of (0008,0005) as it stands, backslashes included.
    explicit TextDecoder(const QByteArray& specificCharacterSet);
    ~TextDecoder();
    TextDecoder(TextDecoder&&) noexcept;
    TextDecoder& operator=(TextDecoder&&) noexcept;

    /// The whole value, trailing padding removed.
    [[nodiscard]] QString decode(const QByteArray& value, TextKind kind = TextKind::Text);
    [[nodiscard]] QStringList decodeList(const QByteArray& value, TextKind kind = TextKind::Text);
    [[nodiscard]] bool wasRepaired() const { return m_wasRepaired; }
    /// The character set the decoder works with, empty for the default repertoire.
    [[nodiscard]] const QByteArray& characterSet() const { return m_set; }

private:
    struct Converter;
    [[nodiscard]] QString convert(const QByteArray& value, TextKind kind);

    QByteArray m_set;
    bool m_isKnownSet = true;
    bool m_wasRepaired = false;
    std::unique_ptr<Converter> m_converter;
};

enum class DetectedText { Ascii, Utf8, Gb18030, Unknown };
/// What bytes labelled as Latin-1 or not at all are likely to be. Latin-1 text with accents stays Unknown.
[[nodiscard]] DetectedText detectText(const QByteArray& bytes);

/// GB18030 (and so GBK and GB 2312) to text; null when the bytes are not valid in it.
[[nodiscard]] QString fromGb18030(const QByteArray& bytes);

} // namespace yz::dicom
