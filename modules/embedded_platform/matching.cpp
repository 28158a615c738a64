#include "embedded_platform/matching.h"

#include <dcmtk/dcmdata/dcitem.h>

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

/// DA, TM, DT as digits only, so that they compare as text. A DT's zone is applied by its writer: ours are all UTC.
QString comparable(DcmEVR vr, const QString& value) {
    QString text = value.trimmed();
    if (vr == EVR_DT) {
        const qsizetype zone = text.indexOf(QChar(u'+'));
        if (zone > 0)
            text.truncate(zone);
        if (const qsizetype minus = text.indexOf(QChar(u'-')); minus > 0)
            text.truncate(minus);
    }
    QString digits;
    for (QChar c : std::as_const(text))
        if (c.isDigit())
            digits.append(c);
    return digits;
}

/// Where the range's hyphen is; a DT may end in a negative zone ("...-0500"), which is no range.
qsizetype rangeHyphen(DcmEVR vr, const QString& key) {
    if (vr != EVR_DT)
        return key.indexOf(u'-');
    for (qsizetype at = key.indexOf(u'-'); at >= 0; at = key.indexOf(u'-', at + 1)) {
        const QString rest = key.mid(at + 1);
        const bool isZone = at > 0 && rest.size() == 4;
        if (!isZone)
            return at;
    }
    return -1;
}

bool timeMatches(DcmEVR vr, const QString& key, const QString& stored) {
    const QString value = comparable(vr, stored);
    if (value.isEmpty())
        return false;
    const qsizetype hyphen = rangeHyphen(vr, key);
    if (hyphen < 0) {
        const QString wanted = comparable(vr, key);
        return value.startsWith(wanted);
    }
    const QString from = comparable(vr, key.left(hyphen));
    const QString to = comparable(vr, key.mid(hyphen + 1));
    return (from.isEmpty() || value >= from) && (to.isEmpty() || value.left(to.size()) <= to);
}

bool oneValueMatches(DcmEVR vr, const QString& key, const QString& stored) {
    if (key == u"*")
        return true;
    switch (vr) {
    case EVR_PN:
        return nameMatches(key, stored);
    case EVR_DA:
    case EVR_TM:
    case EVR_DT:
        return timeMatches(vr, key, stored);
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
