#include "dicom/data/text_detect.h"

#include "dicom/data/text_iconv.h"

#include <QStringDecoder>
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace yz::dicom {

namespace {

bool isLatin1Letter(uchar byte) { return byte >= 0xC0 && byte != 0xD7 && byte != 0xF7; }
bool isLetter(uchar byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

/// A run of GB 18030 characters without ASCII between them.
struct Run {
    int characters = 0;
    int gb2312 = 0;           ///< both bytes from A1, in the rows GB 2312 fills
    int consecutive = 0;      ///< most of those in a row
    int impossible = 0;       ///< with a byte of the C1 area, which Latin-1 text does not use
    bool isLevel1 = false;    ///< the only character is of B0 to D7
    bool isSigns = false;     ///< both its bytes are signs in Latin-1
    bool endsAscii = false;   ///< the only character's second byte is ASCII
    bool isAllLetters = true; ///< every byte is a letter in Latin-1
    bool followsLetter = false, precedesLetter = false;

    [[nodiscard]] bool touchesLetter() const { return followsLetter || precedesLetter; }
};

struct GbScan {
    std::vector<Run> runs;
    bool isCutOff = false;
};

/// Length of the GB 18030 character at `at` by its bytes' ranges; 0: none.
qsizetype gbLength(const QByteArray& bytes, qsizetype at) {
    const auto byte = [&](qsizetype i) { return i < bytes.size() ? static_cast<uchar>(bytes[i]) : uchar(0); };
    const auto isLead = [](uchar b) { return b >= 0x81 && b <= 0xFE; };
    const auto isDigit = [](uchar b) { return b >= 0x30 && b <= 0x39; };
    if (!isLead(byte(at)))
        return 0;
    const uchar second = byte(at + 1);
    if (second >= 0x40 && second <= 0xFE && second != 0x7F)
        return 2;
    return isDigit(second) && isLead(byte(at + 2)) && isDigit(byte(at + 3)) ? 4 : 0;
}

void countCharacter(Run& run, int& consecutive, uchar lead, uchar trail) {
    const bool isGb2312 = trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xF7) || (lead >= 0xA1 && lead <= 0xA9));
    ++run.characters;
    run.gb2312 += isGb2312 ? 1 : 0;
    consecutive = isGb2312 ? consecutive + 1 : 0;
    run.consecutive = std::max(run.consecutive, consecutive);
    // 80 to 9F with ASCII behind is how Windows-1252 writes quotes and dashes.
    run.impossible += trail >= 0x80 && (lead <= 0xA0 || trail <= 0xA0) ? 1 : 0;
    run.isLevel1 = isGb2312 && lead >= 0xB0 && lead <= 0xD7;
    run.isSigns = lead <= 0xBF && trail >= 0xA1 && trail <= 0xBF;
    run.endsAscii = trail < 0x80;
    run.isAllLetters = run.isAllLetters && isLatin1Letter(lead) && (trail < 0x80 || isLatin1Letter(trail));
}

std::optional<GbScan> scanGb(const QByteArray& bytes) {
    GbScan scan;
    for (qsizetype i = 0; i < bytes.size();) {
        if (static_cast<uchar>(bytes[i]) < 0x80) {
            ++i;
            continue;
        }
        Run run;
        run.followsLetter = i > 0 && isLetter(static_cast<uchar>(bytes[i - 1]));
        int consecutive = 0;
        while (i < bytes.size() && static_cast<uchar>(bytes[i]) >= 0x80) {
            const qsizetype length = gbLength(bytes, i);
            if (length == 0 && i + 1 == bytes.size()) {
                scan.isCutOff = true;
                ++i;
                break;
            }
            if (length == 0)
                return std::nullopt;
            countCharacter(run, consecutive, static_cast<uchar>(bytes[i]), static_cast<uchar>(bytes[i + 1]));
            i += length;
        }
        run.precedesLetter = i < bytes.size() && isLetter(static_cast<uchar>(bytes[i]));
        if (run.characters > 0)
            scan.runs.push_back(run);
    }
    return scan;
}

bool isSure(const Run& run) {
    if (run.characters < 2)
        return false;
    // Four letters with accents inside a word: "blóðæðra".
    if (run.characters == 2 && run.isAllLetters && run.followsLetter && run.precedesLetter)
        return false;
    if (run.consecutive >= 2)
        return true;
    return !run.touchesLetter() && 2 * (run.gb2312 + run.impossible) >= run.characters;
}

DetectedText detectGb(const QByteArray& bytes, TextKind kind) {
    const auto scan = scanGb(bytes);
    if (!scan)
        return DetectedText::Unknown;
    int sure = 0;
    int accents = 0; // nothing of GB 2312, between letters
    int doubtful = 0;
    int single = 0;
    int level1 = 0;
    for (const Run& run : scan->runs) {
        if (isSure(run))
            sure += run.characters;
        else if (run.touchesLetter() && run.gb2312 == 0 && run.impossible == 0)
            ++accents;
        else if (run.characters == 1 && !run.touchesLetter() && !run.endsAscii &&
                 (kind == TextKind::Name || !run.isSigns)) {
            ++single;
            level1 += run.isLevel1 || run.impossible > 0 ? 1 : 0;
        } else {
            ++doubtful;
        }
    }
    if (accents > 0 && sure <= 2 * accents)
        return DetectedText::Latin;
    const DecodedText text = decodeBytes(CodeTable::Gb18030, bytes);
    if (text.unreadable > (scan->isCutOff ? 1 : 0) || !isHanText(text.text))
        return DetectedText::Unknown;
    if (sure > doubtful || (sure == 0 && doubtful == 0 && level1 > 0 && !scan->isCutOff))
        return DetectedText::Gb18030;
    return single + doubtful > 0 && !scan->isCutOff ? DetectedText::PerhapsGb18030 : DetectedText::Unknown;
}

/// A word of three letters or more in Russian or Greek, small, capital or capitalised, and nothing else but such words.
bool readsAsWords(const QString& text) {
    int longest = 0;
    int length = 0;
    bool hasSmall = false;
    QChar::Script script = QChar::Script_Unknown;
    for (const QChar c : text) {
        if (c.unicode() < 0x80) {
            length = 0;
            hasSmall = false;
            continue;
        }
        const bool isRussian = (c.unicode() >= 0x0410 && c.unicode() <= 0x044F) || c == u'\u0401' || c == u'\u0451';
        const bool isGreek = c.unicode() >= 0x0386 && c.unicode() <= 0x03CE;
        const bool isOtherScript = script != QChar::Script_Unknown && c.script() != script;
        if ((!isRussian && !isGreek) || !c.isLetter() || isOtherScript || (c.isUpper() && hasSmall))
            return false;
        script = c.script();
        hasSmall = c.isLower();
        longest = std::max(longest, ++length);
    }
    return longest >= 3;
}

/// No character of three or four bytes.
bool isTwoByteUtf8(const QByteArray& bytes) {
    return std::none_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<uchar>(c) >= 0xE0; });
}

bool touchesLetters(const QByteArray& bytes) {
    for (qsizetype i = 0; i + 1 < bytes.size(); ++i) {
        const auto one = static_cast<uchar>(bytes[i]);
        const auto two = static_cast<uchar>(bytes[i + 1]);
        if ((isLetter(one) && two >= 0x80) || (one >= 0x80 && isLetter(two)))
            return true;
    }
    return false;
}

} // namespace

bool isPlainAscii(const QByteArray& bytes) {
    return std::none_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<uchar>(c) >= 0x80 || c == 0x1B; });
}

int hanCount(const QString& text) {
    return static_cast<int>(std::count_if(
        text.begin(), text.end(), [](QChar c) { return c.script() == QChar::Script_Han || c.isHighSurrogate(); }));
}

bool isHanText(const QString& text) {
    // Signs of GB 2312 rows 1 to 9 that Chinese reports use.
    static constexpr std::pair<char16_t, char16_t> kSigns[] = {
        {0x00A7, 0x00A8}, {0x00B0, 0x00B1}, {0x00B7, 0x00B7}, {0x00D7, 0x00D7}, {0x00F7, 0x00F7},
        {0x0370, 0x03FF}, {0x2000, 0x206F}, {0x2100, 0x22FF}, {0x2460, 0x24FF}, {0x3000, 0x303F},
        {0x3220, 0x33FF}, {0xFF00, 0xFFEF}, {0xFFFD, 0xFFFD}};
    int han = 0;
    for (const QChar c : text) {
        if (c.unicode() < 0x80)
            continue;
        if (c.script() == QChar::Script_Han || c.isSurrogate()) {
            ++han;
            continue;
        }
        const bool isSign = std::any_of(std::begin(kSigns), std::end(kSigns), [&](const auto& range) {
            return c.unicode() >= range.first && c.unicode() <= range.second;
        });
        if (!isSign)
            return false;
    }
    return han > 0;
}

Utf8Fit fitOfUtf8(const QByteArray& bytes) {
    const auto isValid = [](QByteArrayView part) {
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        [[maybe_unused]] const QString text = decoder(part);
        return !decoder.hasError();
    };
    if (isValid(bytes))
        return Utf8Fit::Valid;
    // The start of the last character: a lead byte of three or four that wants more than there is.
    for (qsizetype tail = 1; tail <= 3 && tail < bytes.size(); ++tail) {
        const auto lead = static_cast<uchar>(bytes[bytes.size() - tail]);
        if ((lead & 0xC0) == 0x80)
            continue;
        const qsizetype wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
        const QByteArrayView before = QByteArrayView(bytes).chopped(tail);
        return wanted > tail && isValid(before) && hanCount(QString::fromUtf8(before)) > 0 ? Utf8Fit::CutOff
                                                                                           : Utf8Fit::Invalid;
    }
    return Utf8Fit::Invalid;
}

DetectedText detectText(const QByteArray& bytes, TextKind kind) {
    if (std::none_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<uchar>(c) >= 0x80; }))
        return DetectedText::Ascii;
    const Utf8Fit fit = fitOfUtf8(bytes);
    if (fit == Utf8Fit::CutOff)
        return DetectedText::Utf8;
    if (fit == Utf8Fit::Valid) {
        const bool isEither = isTwoByteUtf8(bytes) && !touchesLetters(bytes) && !readsAsWords(QString::fromUtf8(bytes));
        return isEither && detectGb(bytes, kind) == DetectedText::Gb18030 ? DetectedText::Gb18030 : DetectedText::Utf8;
    }
    return detectGb(bytes, kind);
}

} // namespace yz::dicom
