#include "domain/person.h"

#include <QStringList>

namespace yz {

namespace {

bool hasHan(const QString& text) {
    for (QChar c : text)
        if (c.script() == QChar::Script_Han)
            return true;
    return false;
}

QString trimmedGroup(QString group) {
    while (group.endsWith(u'^') || group.endsWith(u' '))
        group.chop(1);
    return group;
}

QString ageText(int value, QChar unit) { return QStringLiteral("%1%2").arg(value, 3, 10, QChar(u'0')).arg(unit); }

} // namespace

QString PersonName::display() const {
    const QString& chosen = !ideographic.isEmpty() ? ideographic : !alphabetic.isEmpty() ? alphabetic : phonetic;
    QString text = chosen;
    text.replace(u'^', hasHan(chosen) ? QString() : QStringLiteral(" "));
    return text.simplified();
}

QString PersonName::toDicom() const {
    QString value = alphabetic;
    if (!ideographic.isEmpty() || !phonetic.isEmpty())
        value += u'=' + ideographic;
    if (!phonetic.isEmpty())
        value += u'=' + phonetic;
    return value;
}

PersonName PersonName::fromDicom(const QString& value) {
    const QStringList groups = value.split(u'=');
    PersonName name;
    name.alphabetic = trimmedGroup(groups.value(0));
    name.ideographic = trimmedGroup(groups.value(1));
    name.phonetic = trimmedGroup(groups.value(2));
    return name;
}

PersonName personNameFromText(const QString& text) {
    PersonName name;
    (hasHan(text) ? name.ideographic : name.alphabetic) = text.trimmed();
    return name;
}

QString toDicom(Sex sex) {
    switch (sex) {
    case Sex::Male:
        return QStringLiteral("M");
    case Sex::Female:
        return QStringLiteral("F");
    case Sex::Other:
        return QStringLiteral("O");
    case Sex::Unknown:
        break;
    }
    return {};
}

Sex sexFromDicom(const QString& value) {
    const QString text = value.trimmed().toUpper();
    if (text == u"M")
        return Sex::Male;
    if (text == u"F")
        return Sex::Female;
    if (text == u"O")
        return Sex::Other;
    return Sex::Unknown;
}

QString ageOn(const Patient& patient, QDate day) {
    if (!patient.birthDate.isValid() || !day.isValid() || patient.birthDate > day)
        return patient.age;
    const QDate birth = patient.birthDate;
    int months = (day.year() - birth.year()) * 12 + day.month() - birth.month();
    if (birth.addMonths(months) > day)
        --months;
    if (months >= 36)
        return ageText(months / 12, u'Y');
    if (months >= 2)
        return ageText(months, u'M');
    const int days = static_cast<int>(birth.daysTo(day));
    return days >= 14 ? ageText(days / 7, u'W') : ageText(days, u'D');
}

} // namespace yz
