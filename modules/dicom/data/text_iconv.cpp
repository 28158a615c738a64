#include "dicom/data/text_iconv.h"

#include <QtEndian>
#include <array>
#include <cerrno>
#include <iconv.h>
#include <memory>
#include <mutex>

namespace yz::dicom {

namespace {

constexpr const char* kUtf16 = Q_BYTE_ORDER == Q_LITTLE_ENDIAN ? "UTF-16LE" : "UTF-16BE";
constexpr std::array kNames = {"ISO-8859-1",  "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-9",
                               "ISO-8859-15", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8",
                               "TIS-620",     "JIS_X0201",  "EUC-JP",     "EUC-JP-MS",  "EUC-KR",
                               "GB18030",     "CP1252",     "SHIFT_JIS",  "BIG5"};

/// One direction of one table. It stays open for the life of the process, which keeps the table loaded.
class Converter {
public:
    void open(const char* to, const char* from) {
        const std::scoped_lock lock(m_mutex);
        openLocked(to, from);
    }
    /// Calls `use` with the descriptor in its initial state; false when the system lacks the table.
    template <class Use> bool with(const char* to, const char* from, Use&& use) {
        const std::scoped_lock lock(m_mutex);
        if (!openLocked(to, from))
            return false;
        ::iconv(m_handle, nullptr, nullptr, nullptr, nullptr);
        use(m_handle);
        return true;
    }

private:
    bool openLocked(const char* to, const char* from) {
        if (m_handle == failed())
            m_handle = ::iconv_open(to, from);
        return m_handle != failed();
    }
    static iconv_t failed() { return reinterpret_cast<iconv_t>(-1); } // NOLINT: the C library's own value

    std::mutex m_mutex;
    iconv_t m_handle = failed();
};

Converter& decoderOf(CodeTable table) {
    static auto* const all = new std::array<Converter, kNames.size()>; // outlives every thread
    return (*all)[static_cast<size_t>(table)];
}

Converter& encoderOf(CodeTable table) {
    static auto* const all = new std::array<Converter, kNames.size()>;
    return (*all)[static_cast<size_t>(table)];
}

const char* nameOf(CodeTable table) { return kNames[static_cast<size_t>(table)]; }

void decodeWith(iconv_t handle, QByteArrayView bytes, DecodedText& out) {
    std::array<char16_t, 512> room;
    char* in = const_cast<char*>(bytes.data()); // iconv does not write there
    size_t left = static_cast<size_t>(bytes.size());
    while (left > 0) {
        char* to = reinterpret_cast<char*>(room.data());
        size_t space = room.size() * sizeof(char16_t);
        const size_t result = ::iconv(handle, &in, &left, &to, &space);
        const int error = errno;
        out.text.append(reinterpret_cast<const QChar*>(room.data()),
                        static_cast<qsizetype>(room.size() - space / sizeof(char16_t)));
        if (result != static_cast<size_t>(-1) || error == E2BIG)
            continue;
        // Not a character, or the start of one at the end.
        out.text.append(QChar(QChar::ReplacementCharacter));
        ++out.unreadable;
        ++in;
        --left;
        ::iconv(handle, nullptr, nullptr, nullptr, nullptr);
    }
}

/// Debian's C library has no table with the upper half of JIS X 0201: A1 to DF in the order of Unicode.
void decodeKatakana(QByteArrayView bytes, DecodedText& out) {
    for (const char c : bytes) {
        const auto byte = static_cast<uchar>(c);
        const bool isKana = byte >= 0xA1 && byte <= 0xDF;
        out.unreadable += byte >= 0x80 && !isKana ? 1 : 0;
        out.text += byte < 0x80 ? QChar(byte)
                    : isKana    ? QChar(static_cast<char16_t>(0xFF61 + byte - 0xA1))
                                : QChar(QChar::ReplacementCharacter);
    }
}

} // namespace

DecodedText decodeBytes(CodeTable table, QByteArrayView bytes) {
    DecodedText out;
    if (table == CodeTable::Latin1) {
        out.text = QString::fromLatin1(bytes);
        return out;
    }
    if (table == CodeTable::Katakana) {
        decodeKatakana(bytes, out);
        return out;
    }
    const bool isThere =
        decoderOf(table).with(kUtf16, nameOf(table), [&](iconv_t handle) { decodeWith(handle, bytes, out); });
    if (!isThere) {
        out.text = QString(bytes.size(), QChar(QChar::ReplacementCharacter));
        out.unreadable = static_cast<int>(bytes.size());
    }
    return out;
}

QByteArray encodeText(CodeTable table, const QString& text) {
    QByteArray out(text.size() * 4 + 8, Qt::Uninitialized);
    bool isWhole = false;
    encoderOf(table).with(nameOf(table), kUtf16, [&](iconv_t handle) {
        char* in = reinterpret_cast<char*>(const_cast<QChar*>(text.constData()));
        size_t left = static_cast<size_t>(text.size()) * sizeof(QChar);
        char* to = out.data();
        size_t space = static_cast<size_t>(out.size());
        isWhole = ::iconv(handle, &in, &left, &to, &space) != static_cast<size_t>(-1) && left == 0;
        out.truncate(to - out.constData());
    });
    return isWhole ? out : QByteArray();
}

void loadCodeTables() {
    for (size_t i = 0; i < kNames.size(); ++i)
        decoderOf(static_cast<CodeTable>(i)).open(kUtf16, kNames[i]);
    encoderOf(CodeTable::Gb18030).open(nameOf(CodeTable::Gb18030), kUtf16);
}

} // namespace yz::dicom
