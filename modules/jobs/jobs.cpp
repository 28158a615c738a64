#include "jobs/jobs.h"

#include <QThread>
#include <array>

namespace yz::jobs {

namespace {

struct Pools {
    std::array<QThreadPool, 5> lanes;
    Pools() {
        const int cores = QThread::idealThreadCount();
        const std::array<int, 5> sizes{6, 1, cores, 1, 2};
        for (size_t i = 0; i < lanes.size(); ++i)
            lanes[i].setMaxThreadCount(sizes[i]);
    }
};

Pools& pools() {
    static Pools instance;
    return instance;
}

} // namespace

QThreadPool& pool(Lane lane) { return pools().lanes[static_cast<size_t>(lane)]; }

void waitForAll() {
    for (QThreadPool& lane : pools().lanes)
        lane.waitForDone();
}

} // namespace yz::jobs
