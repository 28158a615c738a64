#include "domain/dicom_time.h"

#include <algorithm>

namespace yz {

QDate dateFromDicom(const QString& da) { return QDate::fromString(da.left(8), QStringLiteral("yyyyMMdd")); }

QTime timeFromDicom(const QString& tm) {
    const QString digits = tm.section(u'.', 0, 0).leftJustified(6, u'0');
    const QTime time(digits.mid(0, 2).toInt(), digits.mid(2, 2).toInt(), digits.mid(4, 2).toInt());
    if (!time.isValid() || tm.isEmpty())
        return {};
    return time.addMSecs(tm.section(u'.', 1).left(3).leftJustified(3, u'0').toInt());
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
