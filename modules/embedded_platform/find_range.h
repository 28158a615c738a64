#pragma once

#include <QDateTime>
#include <QString>
#include <vector>

namespace yz::platform {

/// A stretch of study dates and times that one C-FIND asks for. Date and time are matched each for itself (PS3.4
/// C.2.2.2.5), so that it is either whole days or times within one day. Local time of the archive.
class FindRange {
public:
    FindRange(QDate first, QDate last);
    FindRange(QDate day, int firstMinute, int lastMinute); ///< of the day, both included

    [[nodiscard]] QString dateKey() const;
    [[nodiscard]] QString timeKey() const; ///< empty: any time, also none
    [[nodiscard]] bool contains(QDate date) const { return date >= m_first && date <= m_last; }
    /// For an archive that does not say everything at once. Empty: a minute is not divided.
    [[nodiscard]] std::vector<FindRange> halves() const;

    bool operator==(const FindRange&) const = default;

private:
    QDate m_first, m_last;
    int m_firstMinute = 0, m_lastMinute = 24 * 60 - 1;
};

/// From a minute to the end of a day, in order; none when `from` is later.
[[nodiscard]] std::vector<FindRange> rangesOf(const QDateTime& from, QDate to);

} // namespace yz::platform
