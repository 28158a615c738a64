#include "domain/dicom_time.h"

#include <algorithm>

namespace yz {

// Dates with points and times with colons are those of ACR-NEMA, which old archives still give.

QDate dateFromDicom(const QString& da) {
    return QDate::fromString(QString(da).remove(u'.').left(8), QStringLiteral("yyyyMMdd"));
}

QTime timeFromDicom(const QString& tm) {
    const QString text = tm.trimmed().remove(u':');
    const QString digits = text.section(u'.', 0, 0), fraction = text.section(u'.', 1);
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    if (digits.isEmpty() || digits.size() > 6 || !std::all_of(digits.begin(), digits.end(), isDigit) ||
        !std::all_of(fraction.begin(), fraction.end(), isDigit))
        return {};
    const QString full = digits.leftJustified(6, u'0');
    const int second = full.mid(4, 2).toInt();
    const QTime time(full.mid(0, 2).toInt(), full.mid(2, 2).toInt(), second == 60 ? 59 : second); // a leap second
    return time.isValid() ? time.addMSecs(fraction.left(3).leftJustified(3, u'0').toInt()) : time;
}

QDateTime dateTimeFromDicom(const QString& dt) {
    QString text = dt.trimmed();
    int zone = 0;
    bool hasZone = false;
    const qsizetype sign = std::max(text.lastIndexOf(u'+'), text.lastIndexOf(u'-'));
    if (sign >= 8) {
        const QString offset = text.mid(sign + 1, 4);
        zone = (offset.left(2).toInt() * 60 + offset.mid(2, 2).toInt()) * 60 * (text.at(sign) == u'-' ? -1 : 1);
        hasZone = true;
        text.truncate(sign);
    }
    const QDate date = dateFromDicom(text);
    QTime time = timeFromDicom(text.mid(8));
    if (!date.isValid())
        return {};
    if (!time.isValid())
        time = QTime(0, 0);
    return (hasZone ? QDateTime(date, time, Qt::OffsetFromUTC, zone) : QDateTime(date, time)).toUTC();
}

QString dateTimeToDicom(const QDateTime& time) {
    if (!time.isValid())
        return {};
    return time.toUTC().toString(QStringLiteral("yyyyMMddHHmmss.zzz")) + QStringLiteral("000+0000");
}

} // namespace yz
