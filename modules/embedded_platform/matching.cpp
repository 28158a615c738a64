#include "embedded_platform/matching.h"

#include <dcmtk/dcmdata/dcitem.h>

#include <QDateTime>
#include <algorithm>
#include <cmath>
#include <optional>

namespace yz::platform {

namespace {

bool hasWildcard(const QString& key) { return key.contains(u'*') || key.contains(u'?'); }

bool allowsWildcard(DcmEVR vr) {
    switch (vr) {
    case EVR_AE:
    case EVR_CS:
    case EVR_LO:
    case EVR_LT:
    case EVR_PN:
    case EVR_SH:
    case EVR_ST:
    case EVR_UC:
    case EVR_UR:
    case EVR_UT:
        return true;
    default:
        return false;
    }
}

/// Linear backtracking to the last star only.
bool wildcardMatches(QStringView pattern, QStringView text) {
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == u'?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

QString plainName(QString name) {
    while (name.endsWith(u'^') || name.endsWith(u' ') || name.endsWith(u'='))
        name.chop(1);
    return name.toUpper();
}

bool nameMatches(const QString& key, const QString& stored) {
    const QString pattern = plainName(key);
    const QString bare = QString(pattern).remove(u'^');
    QStringList candidates = stored.split(u'=');
    candidates.prepend(stored);
    for (const QString& candidate : std::as_const(candidates)) {
        const QString name = plainName(candidate);
        if (wildcardMatches(pattern, name) || wildcardMatches(bare, QString(name).remove(u'^')))
            return true;
    }
    return false;
}

QString digitsOf(const QString& value) {
    QString digits;
    for (QChar c : value)
        if (c.isDigit())
            digits.append(c);
    return digits;
}

/// DA, TM: as digits only they compare as text. A value of less precision stands for all that begin with it.
bool dateOrTimeMatches(const QString& key, const QString& stored) {
    const QString value = digitsOf(stored);
    if (value.isEmpty())
        return false;
    const qsizetype hyphen = key.indexOf(u'-');
    if (hyphen < 0)
        return value.startsWith(digitsOf(key));
    const QString from = digitsOf(key.left(hyphen));
    const QString to = digitsOf(key.mid(hyphen + 1));
    return (from.isEmpty() || value >= from) && (to.isEmpty() || value.left(to.size()) <= to);
}

/// What a DT stands for, in microseconds of UTC, both included: all of a day where it has no hours.
struct Stretch {
    qint64 first = 0;
    qint64 last = 0;
};

/// "+0800" in seconds.
std::optional<int> offsetOf(const QString& zone) {
    const int hours = zone.mid(1, 2).toInt();
    const int minutes = zone.mid(3, 2).toInt();
    if (zone.size() != 5 || digitsOf(zone).size() != 4 || hours > 14 || minutes > 59)
        return std::nullopt;
    return (hours * 60 + minutes) * (zone.startsWith(u'-') ? -60 : 60);
}

/// PS3.5 6.2: YYYYMMDDHHMMSS.FFFFFF&ZZXX, from the right as little as one likes. Without a zone: ours.
std::optional<Stretch> stretchOf(const QString& text) {
    const QString value = text.trimmed();
    const qsizetype sign = std::max(value.indexOf(u'+'), value.indexOf(u'-'));
    const QString clock = sign < 0 ? value : value.left(sign);
    const QString whole = clock.section(u'.', 0, 0);
    const QString fraction = clock.section(u'.', 1);
    const std::optional<int> offset = sign < 0 ? 0 : offsetOf(value.mid(sign));
    const bool isClock = digitsOf(clock).size() == whole.size() + fraction.size() && whole.size() >= 4 &&
                         whole.size() <= 14 && whole.size() % 2 == 0 && fraction.size() <= 6 &&
                         (fraction.isEmpty() || whole.size() == 14);
    if (!isClock || !offset)
        return std::nullopt;
    const auto part = [&](int from, int least) { return whole.size() > from ? whole.mid(from, 2).toInt() : least; };
    const QDate date(whole.left(4).toInt(), part(4, 1), part(6, 1));
    const QTime time(part(8, 0), part(10, 0), part(12, 0));
    if (!date.isValid() || !time.isValid())
        return std::nullopt;
    const auto inUtc = [&](QDate day, QTime at) {
        return (sign < 0 ? QDateTime(day, at, Qt::LocalTime) : QDateTime(day, at, Qt::OffsetFromUTC, *offset))
                   .toMSecsSinceEpoch() *
               1000;
    };
    const qint64 first = inUtc(date, time) + fraction.leftJustified(6, u'0').toInt();
    constexpr qint64 kSecond = 1'000'000;
    if (!fraction.isEmpty())
        return Stretch{first, first + qint64(std::pow(10, 6 - fraction.size())) - 1};
    switch (whole.size()) {
    case 4:
        return Stretch{first, inUtc(date.addYears(1), time) - 1};
    case 6:
        return Stretch{first, inUtc(date.addMonths(1), time) - 1};
    case 8:
        return Stretch{first, inUtc(date.addDays(1), time) - 1};
    case 10:
        return Stretch{first, first + 3600 * kSecond - 1};
    case 12:
        return Stretch{first, first + 60 * kSecond - 1};
    default:
        return Stretch{first, first + kSecond - 1};
    }
}

/// A hyphen may be the range's or that of a zone ("...-0500"): the range's has a DT, or nothing, on both sides.
bool momentMatches(const QString& key, const QString& stored) {
    const std::optional<Stretch> value = stretchOf(stored);
    if (!value)
        return false;
    if (const std::optional<Stretch> one = stretchOf(key))
        return value->first >= one->first && value->first <= one->last;
    for (qsizetype at = key.indexOf(u'-'); at >= 0; at = key.indexOf(u'-', at + 1)) {
        const QString left = key.left(at).trimmed();
        const QString right = key.mid(at + 1).trimmed();
        const std::optional<Stretch> from = stretchOf(left);
        const std::optional<Stretch> to = stretchOf(right);
        if ((from || left.isEmpty()) && (to || right.isEmpty()) && (from || to))
            return (!from || value->first >= from->first) && (!to || value->first <= to->last);
    }
    return false;
}

bool oneValueMatches(DcmEVR vr, const QString& key, const QString& stored) {
    if (key == u"*")
        return true;
    switch (vr) {
    case EVR_PN:
        return nameMatches(key, stored);
    case EVR_DA:
    case EVR_TM:
        return dateOrTimeMatches(key, stored);
    case EVR_DT:
        return momentMatches(key, stored);
    case EVR_IS:
    case EVR_DS:
        return key.trimmed() == stored.trimmed() || (!stored.isEmpty() && key.toDouble() == stored.toDouble());
    default:
        break;
    }
    if (allowsWildcard(vr) && hasWildcard(key))
        return wildcardMatches(key.trimmed(), stored.trimmed());
    return key.trimmed() == stored.trimmed();
}

} // namespace

bool valueMatches(DcmEVR vr, const QString& key, const QString& stored) {
    if (key.isEmpty())
        return true;
    const bool isText = vr == EVR_LT || vr == EVR_ST || vr == EVR_UT || vr == EVR_UR;
    const QStringList keys = isText ? QStringList{key} : key.split(u'\\', Qt::SkipEmptyParts);
    const QStringList values = isText ? QStringList{stored} : stored.split(u'\\');
    for (const QString& one : keys)
        for (const QString& value : values)
            if (oneValueMatches(vr, one, value))
                return true;
    return keys.isEmpty();
}

bool dataSetMatches(DcmItem& keys, DcmItem& stored) {
    DcmObject* object = nullptr;
    while ((object = keys.nextInContainer(object)) != nullptr) {
        const DcmTagKey tag = object->getTag().getXTag();
        if (tag == DCM_SpecificCharacterSet || tag == DCM_QueryRetrieveLevel || tag == DCM_TimezoneOffsetFromUTC ||
            tag.getElement() == 0)
            continue;
        if (object->ident() == EVR_SQ) {
            auto* sequence = static_cast<DcmSequenceOfItems*>(object);
            DcmItem* wanted = sequence->card() > 0 ? sequence->getItem(0) : nullptr;
            if (wanted == nullptr || wanted->card() == 0)
                continue;
            DcmItem empty;
            const int count = itemCount(stored, tag);
            bool found = count == 0 && dataSetMatches(*wanted, empty);
            for (int i = 0; i < count && !found; ++i)
                found = dataSetMatches(*wanted, *itemOf(stored, tag, i));
            if (!found)
                return false;
            continue;
        }
        const QString key = textOf(keys, tag);
        if (!key.isEmpty() && !valueMatches(object->getTag().getEVR(), key, textOf(stored, tag)))
            return false;
    }
    return true;
}

void copyRequested(DcmItem& keys, DcmItem& stored, DcmItem& answer) {
    DcmObject* object = nullptr;
    while ((object = keys.nextInContainer(object)) != nullptr) {
        const DcmTagKey tag = object->getTag().getXTag();
        if (tag.getElement() == 0 || tag == DCM_SpecificCharacterSet || tag == DCM_QueryRetrieveLevel)
            continue;
        DcmElement* found = nullptr;
        if (stored.findAndGetElement(tag, found).bad() || found == nullptr) {
            answer.insertEmptyElement(object->getTag());
            continue;
        }
        DcmItem* wanted = object->ident() == EVR_SQ ? itemOf(keys, tag) : nullptr;
        if (found->ident() != EVR_SQ || wanted == nullptr || wanted->card() == 0) {
            answer.insert(static_cast<DcmElement*>(found->clone()), OFTrue); // owned by the answer
            continue;
        }
        answer.insertEmptyElement(object->getTag());
        const int count = itemCount(stored, tag);
        for (int i = 0; i < count; ++i)
            copyRequested(*wanted, *itemOf(stored, tag, i), addItem(answer, tag));
    }
}

} // namespace yz::platform
