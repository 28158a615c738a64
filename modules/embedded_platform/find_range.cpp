#include "embedded_platform/find_range.h"

namespace yz::platform {

namespace {

constexpr int kLastMinute = 24 * 60 - 1;

QString clock(int minute, const char* seconds) {
    return QStringLiteral("%1%2").arg(minute / 60, 2, 10, QChar(u'0')).arg(minute % 60, 2, 10, QChar(u'0')) +
           QLatin1String(seconds);
}

} // namespace

FindRange::FindRange(QDate first, QDate last) : m_first(first), m_last(last) {}

FindRange::FindRange(QDate day, int firstMinute, int lastMinute)
    : m_first(day), m_last(day), m_firstMinute(firstMinute), m_lastMinute(lastMinute) {}

QString FindRange::dateKey() const {
    const QString first = m_first.toString(u"yyyyMMdd");
    return m_first == m_last ? first : QString(first + u'-' + m_last.toString(u"yyyyMMdd"));
}

QString FindRange::timeKey() const {
    if (m_firstMinute == 0 && m_lastMinute == kLastMinute)
        return {};
    // With the fraction, or a study of 11:59:59.7 would be in neither half.
    return clock(m_firstMinute, "00") + u'-' + clock(m_lastMinute, "59.999999");
}

std::vector<FindRange> FindRange::halves() const {
    if (m_first < m_last) {
        const QDate middle = m_first.addDays(m_first.daysTo(m_last) / 2);
        return {FindRange(m_first, middle), FindRange(middle.addDays(1), m_last)};
    }
    if (m_firstMinute >= m_lastMinute)
        return {};
    const int middle = (m_firstMinute + m_lastMinute) / 2;
    return {FindRange(m_first, m_firstMinute, middle), FindRange(m_first, middle + 1, m_lastMinute)};
}

std::vector<FindRange> rangesOf(const QDateTime& from, QDate to) {
    std::vector<FindRange> ranges;
    if (from.date() > to)
        return ranges;
    const int minute = from.time().hour() * 60 + from.time().minute();
    if (minute == 0)
        return {FindRange(from.date(), to)};
    ranges.emplace_back(from.date(), minute, kLastMinute);
    if (from.date() < to)
        ranges.emplace_back(from.date().addDays(1), to);
    return ranges;
}

} // namespace yz::platform
