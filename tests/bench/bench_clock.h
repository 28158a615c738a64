#pragma once

#include <QFile>
#include <QString>
#include <algorithm>
#include <ctime>
#include <sys/resource.h>

namespace yz::bench {

/// Processor time of the calling thread, ms: other programs do not count, only what they do to caches and clocks.
inline double threadMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

inline double wallMs() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// Processor time (user) of the programs that were started and have ended, ms.
inline double childrenMs(bool withSystem = false) {
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    const auto ms = [](const timeval& t) {
        return 1e3 * static_cast<double>(t.tv_sec) + 1e-3 * static_cast<double>(t.tv_usec);
    };
    return ms(usage.ru_utime) + (withSystem ? ms(usage.ru_stime) : 0.0);
}

/// Others at work: the load of the last minute, this program aside.
inline double load() {
    QFile file(QStringLiteral("/proc/loadavg"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(0).toDouble() : 0.0;
}
constexpr double kQuiet = 0.5;

/// Best of `rounds`, ms of this thread for one call.
template <typename Call> double bestOf(int rounds, int calls, Call&& call) {
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const double start = threadMs();
        for (int i = 0; i < calls; ++i)
            call();
        best = std::min(best, (threadMs() - start) / calls);
    }
    return best;
}

} // namespace yz::bench
