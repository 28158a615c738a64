#include "domain/name_query.h"

#include <algorithm>

namespace yz {

namespace {

bool isHan(QChar c) { return c.script() == QChar::Script_Han || c.isSurrogate(); }

/// Typed Chinese that nameKey() puts stars into.
bool isPlainChinese(const QString& typed) {
    const bool hasSyntax =
        std::any_of(typed.begin(), typed.end(), [](QChar c) { return QStringView(u"*?^=\\").contains(c); });
    return !hasSyntax && std::any_of(typed.begin(), typed.end(), isHan);
}

} // namespace

QString nameKey(const QString& typed) {
    if (!isPlainChinese(typed))
        return typed;
    QString key;
    for (const QChar c : typed) {
        if (c.isSpace())
            continue;
        if (!c.isLowSurrogate())
            key += u'*';
        key += c;
    }
    return key + u'*';
}

bool nameFits(const PersonName& name, const QString& typed) {
    if (!isPlainChinese(typed))
        return true;
    const QString wanted = QString(typed).remove(u' ');
    for (const QString* group : {&name.alphabetic, &name.ideographic, &name.phonetic})
        if (QString(*group).remove(u'^').remove(u' ').contains(wanted))
            return true;
    return false;
}

} // namespace yz
