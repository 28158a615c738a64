#include "session/site_fault.h"

#include <algorithm>

namespace yz {

void SiteFaults::add(const QString& key, FaultReason reason, const QString& detail) {
    if (of(key) == nullptr)
        m_list.push_back({key, reason, detail});
}

void SiteFaults::add(const SiteFaults& others) {
    for (const SiteFault& fault : others.m_list)
        add(fault.key, fault.reason, fault.detail);
}

const SiteFault* SiteFaults::of(const QString& key) const {
    const auto it =
        std::find_if(m_list.begin(), m_list.end(), [&](const SiteFault& fault) { return fault.key == key; });
    return it == m_list.end() ? nullptr : &*it;
}

int SiteFaults::countBelow(const QString& prefix) const {
    return static_cast<int>(std::count_if(m_list.begin(), m_list.end(),
                                          [&](const SiteFault& fault) { return fault.key.startsWith(prefix); }));
}

void checkAeTitle(const QString& title, const QString& key, bool mayBeEmpty, SiteFaults& faults) {
    constexpr int kMost = 16;
    if (title.trimmed().isEmpty()) {
        if (!mayBeEmpty || !title.isEmpty())
            faults.add(key, FaultReason::Missing);
        return;
    }
    if (title.size() > kMost)
        faults.add(key, FaultReason::TooLong, QString::number(kMost));
    const bool isPlain =
        std::all_of(title.begin(), title.end(), [](QChar c) { return c >= u' ' && c <= u'~' && c != u'\\'; });
    if (!isPlain)
        faults.add(key, FaultReason::NotPlainText);
}

void checkRange(qint64 value, qint64 lowest, qint64 highest, const QString& key, SiteFaults& faults) {
    if (value < lowest || value > highest)
        faults.add(key, FaultReason::OutOfRange, QStringLiteral("%1–%2").arg(lowest).arg(highest));
}

} // namespace yz
