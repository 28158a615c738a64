#include "uikit/person_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace yz {

namespace {

struct PersonText {
    Q_DECLARE_TR_FUNCTIONS(PersonText)
};

constexpr char16_t kRepairSign = u'※'; // in every Chinese type face

bool isIdeographicFirst() {
    switch (QLocale().language()) {
    case QLocale::Chinese:
    case QLocale::Japanese:
    case QLocale::Korean:
        return true;
    default:
        return false;
    }
}

bool isDirectionOverride(QChar c) {
    return (c.unicode() >= 0x202A && c.unicode() <= 0x202E) || (c.unicode() >= 0x2066 && c.unicode() <= 0x2069);
}

/// A group without its carets; Han components stand without a space between.
QString shownGroup(const QString& group) {
    PersonName only;
    only.alphabetic = group;
    QString text = only.display();
    text.removeIf(isDirectionOverride);
    return text.simplified();
}

/// The groups that are there, in the order of reading, none twice.
QStringList shownGroups(const PersonName& name) {
    const QString alphabetic = shownGroup(name.alphabetic);
    const QString ideographic = shownGroup(name.ideographic);
    QStringList groups =
        isIdeographicFirst() ? QStringList{ideographic, alphabetic} : QStringList{alphabetic, ideographic};
    groups << shownGroup(name.phonetic);
    groups.removeAll(QString());
    groups.removeDuplicates();
    return groups;
}

} // namespace

QString formatPersonName(const PersonName& name) { return shownGroups(name).value(0); }

QString formatPersonName(const QString& value) { return formatPersonName(PersonName::fromDicom(value)); }

QString formatAllPersonNames(const PersonName& name) {
    QStringList groups = shownGroups(name);
    if (groups.size() < 2)
        return groups.value(0);
    const QString first = groups.takeFirst();
    return PersonText::tr("%1 (%2)", "a name and its other spellings").arg(first, groups.join(PersonText::tr(", ")));
}

QString formatTextRepair(const TextRepair& repair) {
    if (repair.isEmpty())
        return {};
    const QString declared = repair.declared.isEmpty() ? PersonText::tr("none declared") : repair.declared;
    if (repair.used.isEmpty())
        return PersonText::tr("Text partly unreadable in its character set (%1)").arg(declared);
    const QString text = PersonText::tr("Character set repaired: %1 → %2").arg(declared, repair.used);
    return repair.hasUnreadable ? PersonText::tr("%1; partly unreadable").arg(text) : text;
}

QString formatMarkedPersonName(const Patient& patient) {
    const QString name = formatPersonName(patient.name);
    return patient.textRepair.isEmpty() ? name : QString(name + u' ' + kRepairSign);
}

QString personNameToolTip(const Patient& patient) {
    QStringList lines = shownGroups(patient.name);
    if (lines.size() < 2 && patient.textRepair.isEmpty())
        return {};
    if (!patient.textRepair.isEmpty())
        lines << kRepairSign + QStringLiteral(" ") + formatTextRepair(patient.textRepair);
    return lines.join(u'\n');
}

} // namespace yz
