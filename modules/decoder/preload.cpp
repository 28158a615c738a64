#include "decoder/preload.h"

#include "dicom/data/prepare.h"

#include <QDateTime>
#include <array>
#include <ctime>
#include <iconv.h>

namespace yz::decoder {

namespace {

// PS3.3 C.12.1.1.2 by the C library's names, and what Chinese and other devices write without saying so.
constexpr std::array kCharacterSets{
    "ISO-8859-1",  "ISO-8859-2",  "ISO-8859-3",    "ISO-8859-4",    "ISO-8859-5", "ISO-8859-6", "ISO-8859-7",
    "ISO-8859-8",  "ISO-8859-9",  "ISO-8859-15",   "TIS-620",       "EUC-JP",     "EUC-KR",     "ISO-2022-JP",
    "ISO-2022-KR", "ISO-2022-CN", "ISO-2022-JP-2", "ISO-2022-JP-1", "EUC-CN",     "GB2312",     "GBK",
    "GB18030",     "BIG5",        "BIG5-HKSCS",    "SHIFT_JIS",     "CP932",      "CP936",      "CP949",
    "CP1251",      "CP1252",      "UTF-16",        "UTF-16LE",      "UTF-16BE",   "UTF-32",     "ASCII",
    "KOI8-R",      "ISO-IR-165",  "EUC-TW",        "JOHAB",
};

/// The C library unloads a conversion that nobody holds, so each stays open for good.
void loadConversions(const char* from, const char* to) {
    const iconv_t conversion = iconv_open(to, from);
    if (conversion == reinterpret_cast<iconv_t>(-1))
        return; // an unknown name stays unknown
    std::array<char, 4> in{'A', 'B', 'C', 'D'};
    std::array<char, 64> out{};
    char* source = in.data();
    char* target = out.data();
    size_t left = in.size();
    size_t room = out.size();
    (void)iconv(conversion, &source, &left, &target, &room);
}

} // namespace

void preload() {
    dicom::prepareDicom();
    for (const char* set : kCharacterSets) {
        loadConversions(set, "UTF-8");
        loadConversions("UTF-8", set);
    }
    ::tzset();
    (void)QDateTime(QDate(2024, 7, 1), QTime(12, 0)).toMSecsSinceEpoch();
    (void)QDateTime::currentDateTime().offsetFromUtc();
}

} // namespace yz::decoder
