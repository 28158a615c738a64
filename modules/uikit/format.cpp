#include "uikit/format.h"

#include <QCoreApplication>
#include <QLocale>

namespace yz {

namespace {

struct FormatText {
    Q_DECLARE_TR_FUNCTIONS(FormatText)
};

QString text(const QDateTime& time, const QString& pattern) { return QLocale().toString(time, pattern); }

} // namespace

QString formatDate(QDate date) {
    return date.isValid() ? QLocale().toString(date, QStringLiteral("yyyy-MM-dd")) : QString();
}

QString formatDateTime(const QDateTime& time) {
    return time.isValid() ? text(time.toLocalTime(), QStringLiteral("yyyy-MM-dd HH:mm")) : QString();
}

QString formatShortTime(const QDateTime& time, const QDateTime& now) {
    if (!time.isValid())
        return {};
    const QDateTime local = time.toLocalTime();
    const QDate today = now.toLocalTime().date();
    const QString clock = text(local, QStringLiteral("HH:mm"));
    if (local.date() == today)
        return clock;
    if (local.date() == today.addDays(-1))
        return FormatText::tr("yesterday %1").arg(clock);
    if (local.date().year() == today.year())
        return text(local, QStringLiteral("MM-dd HH:mm"));
    return formatDateTime(time);
}

QString formatAge(const QString& dicomAge) {
    bool isNumber = false;
    const int value = dicomAge.left(dicomAge.size() - 1).toInt(&isNumber);
    if (dicomAge.size() < 2 || !isNumber)
        return dicomAge;
    switch (dicomAge.back().unicode()) {
    case 'Y':
        return FormatText::tr("%1 y", "age in years").arg(value);
    case 'M':
        return FormatText::tr("%1 mo", "age in months").arg(value);
    case 'W':
        return FormatText::tr("%1 wk", "age in weeks").arg(value);
    case 'D':
        return FormatText::tr("%1 d", "age in days").arg(value);
    default:
        return dicomAge;
    }
}

QString formatAge(const Patient& patient, QDate day) { return formatAge(ageOn(patient, day)); }

QString formatSex(Sex sex) {
    switch (sex) {
    case Sex::Male:
        return FormatText::tr("M", "sex: male");
    case Sex::Female:
        return FormatText::tr("F", "sex: female");
    case Sex::Other:
        return FormatText::tr("Other", "sex");
    case Sex::Unknown:
        break;
    }
    return {};
}

QString formatDuration(qint64 seconds) {
    const qint64 minutes = qMax<qint64>(0, seconds) / 60;
    if (minutes < 60)
        return FormatText::tr("%1 min").arg(minutes);
    if (minutes < 24 * 60)
        return minutes % 60 == 0 ? FormatText::tr("%1 h").arg(minutes / 60)
                                 : FormatText::tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
    const qint64 hours = minutes / 60;
    return hours % 24 == 0 ? FormatText::tr("%1 d", "duration in days").arg(hours / 24)
                           : FormatText::tr("%1 d %2 h").arg(hours / 24).arg(hours % 24);
}

QString formatTimeLeft(const QDateTime& due, const QDateTime& now) {
    if (!due.isValid())
        return {};
    const qint64 seconds = now.secsTo(due);
    return seconds >= 0 ? FormatText::tr("%1 left").arg(formatDuration(seconds))
                        : FormatText::tr("%1 over").arg(formatDuration(-seconds));
}

QString formatBytes(qint64 bytes) { return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat); }

} // namespace yz
