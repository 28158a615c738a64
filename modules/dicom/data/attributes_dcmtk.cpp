#include "dicom/data/attributes_dcmtk.h"

#include <QTimeZone>
#include <algorithm>
#include <cmath>
#include <limits>

namespace yz::dicom {

namespace {

DcmElement* find(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = elementOf(item, tag);
    return element && element->getLength() > 0 ? element : nullptr;
}

std::optional<double> numberOf(DcmElement& element, unsigned long index) {
    Float64 f64 = 0;
    if (element.getFloat64(f64, index).good())
        return std::isfinite(f64) ? std::optional<double>(f64) : std::nullopt;
    Float32 f32 = 0;
    if (element.getFloat32(f32, index).good())
        return std::isfinite(f32) ? std::optional<double>(f32) : std::nullopt;
    Sint32 s32 = 0;
    if (element.getSint32(s32, index).good())
        return s32;
    Uint32 u32 = 0;
    if (element.getUint32(u32, index).good())
        return u32;
    Sint16 s16 = 0;
    if (element.getSint16(s16, index).good())
        return s16;
    Uint16 u16 = 0;
    if (element.getUint16(u16, index).good())
        return u16;
    return std::nullopt;
}

QTime timeOf(QString text) {
    text.remove(u':');
    const int dot = static_cast<int>(text.indexOf(u'.'));
    const QString whole = dot < 0 ? text : text.left(dot);
    const int milliseconds = dot < 0 ? 0 : text.mid(dot + 1).leftJustified(3, u'0').left(3).toInt();
    return QTime(whole.left(2).toInt(), whole.mid(2, 2).toInt(), std::min(59, whole.mid(4, 2).toInt()), milliseconds);
}

} // namespace

std::optional<double> number(DcmItem& item, const DcmTagKey& tag, unsigned long index) {
    DcmElement* element = find(item, tag);
    return element ? numberOf(*element, index) : std::nullopt;
}

std::vector<double> numbers(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = find(item, tag);
    if (!element)
        return {};
    std::vector<double> values;
    const unsigned long count = element->getVM();
    for (unsigned long i = 0; i < count; ++i) {
        const auto value = numberOf(*element, i);
        if (!value)
            return {};
        values.push_back(*value);
    }
    return values;
}

std::optional<int> integer(DcmItem& item, const DcmTagKey& tag, unsigned long index) {
    const auto value = number(item, tag, index);
    if (!value || std::abs(*value) > std::numeric_limits<int>::max())
        return std::nullopt;
    return static_cast<int>(*value);
}

QString code(DcmItem& item, const DcmTagKey& tag) { return codeOf(rawValue(item, tag)); }

QString codeOf(const QByteArray& value) {
    const qsizetype separator = value.indexOf('\\');
    const QByteArrayView first(value.constData(), separator < 0 ? value.size() : separator);
    const auto isPlain = [](char c) { return c > ' ' && c < '\x7F'; };
    if (first.empty() || (isPlain(first.front()) && isPlain(first.back()) && !first.contains('\0')))
        return QString::fromLatin1(first); // as nearly always: nothing to take off
    return QString::fromLatin1(first).remove(QChar(u'\0')).trimmed();
}

QStringList codes(DcmItem& item, const DcmTagKey& tag) {
    const QString value = QString::fromLatin1(rawValue(item, tag)).remove(QChar(u'\0'));
    if (value.isEmpty())
        return {};
    QStringList list = value.split(u'\\');
    for (QString& entry : list)
        entry = entry.trimmed();
    return list;
}

QDate date(DcmItem& item, const DcmTagKey& tag) { return dateOf(code(item, tag)); }

QDate dateOf(QString date) {
    if (date.isEmpty())
        return {};
    date.remove(u'.'); // ACR-NEMA wrote yyyy.mm.dd
    date.truncate(8);
    int number = 0;
    const auto isDigit = [&number](QChar c) {
        number = number * 10 + (c.unicode() - u'0');
        return c >= u'0' && c <= u'9';
    };
    if (date.size() == 8 && std::all_of(date.begin(), date.end(), isDigit))
        return {number / 10000, number / 100 % 100, number % 100};
    return QDate::fromString(date, QStringLiteral("yyyyMMdd"));
}

QDateTime dateTime(DcmItem& item, const DcmTagKey& dateTag, const DcmTagKey& timeTag) {
    return dateTimeOf(code(item, dateTag), code(item, timeTag), code(item, DCM_TimezoneOffsetFromUTC));
}

QDateTime dateTimeOf(const QString& date, const QString& time, const QString& zone) {
    const QDate day = dateOf(date);
    if (!day.isValid())
        return {};
    const QTime parsed = timeOf(time);
    const QTime clock = parsed.isValid() ? parsed : QTime(0, 0);
    if (zone.size() == 5 && (zone.front() == u'+' || zone.front() == u'-')) { // &HHMM
        const int seconds = (zone.mid(1, 2).toInt() * 60 + zone.mid(3, 2).toInt()) * 60;
        return {day, clock, Qt::OffsetFromUTC, zone.front() == u'-' ? -seconds : seconds};
    }
    return {day, clock};
}

DcmItem* firstItem(DcmItem& item, const DcmTagKey& sequence) {
    DcmItem* child = nullptr;
    return item.findAndGetSequenceItem(sequence, child, 0).good() ? child : nullptr;
}

std::vector<DcmItem*> items(DcmItem& item, const DcmTagKey& tag) {
    std::vector<DcmItem*> result;
    auto* sequence = dynamic_cast<DcmSequenceOfItems*>(elementOf(item, tag));
    if (!sequence)
        return result;
    // Walking the list; access by number would start from its head for every item.
    for (DcmObject* child = sequence->nextInContainer(nullptr); child; child = sequence->nextInContainer(child))
        if (auto* childItem = dynamic_cast<DcmItem*>(child))
            result.push_back(childItem);
    return result;
}

QByteArray rawBytes(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = find(item, tag);
    Uint8* bytes = nullptr;
    Uint16* pairs = nullptr;
    if (!element)
        return {};
    if (element->getUint8Array(bytes).good() && bytes)
        return {reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(element->getLength())};
    if (element->getUint16Array(pairs).good() && pairs)
        return {reinterpret_cast<const char*>(pairs), static_cast<qsizetype>(element->getLength())};
    return {};
}

std::vector<quint16> words(DcmItem& item, const DcmTagKey& tag, size_t limit) {
    DcmElement* element = find(item, tag);
    if (!element)
        return {};
    Uint16* data = nullptr;
    if (element->getUint16Array(data).good() && data)
        return {data, data + std::min<size_t>(element->getLength() / 2, limit)};
    Sint16* signedData = nullptr;
    if (element->getSint16Array(signedData).good() && signedData)
        return {signedData, signedData + std::min<size_t>(element->getLength() / 2, limit)};
    Uint8* bytes = nullptr;
    std::vector<quint16> result;
    if (element->getUint8Array(bytes).good() && bytes)
        for (size_t i = 0; i + 1 < element->getLength() && result.size() < limit; i += 2)
            result.push_back(static_cast<quint16>(bytes[i] | bytes[i + 1] << 8));
    return result;
}

} // namespace yz::dicom
