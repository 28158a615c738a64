#pragma once

#include "dicom/worker/worker_pixel_source.h"
#include "dicom/worker/worker_pool.h"

#include <QFile>
#include <QString>
#include <chrono>
#include <cstdio>
#include <memory>
#include <unistd.h>

namespace yz::test {

inline QString builtProgram(const char* name) {
    return qEnvironmentVariable("YZ_BIN_DIR") + QLatin1Char('/') + QLatin1String(name);
}

inline dicom::WorkerPool::Options poolOptions(int workers = 2) {
    dicom::WorkerPool::Options options;
    options.program = builtProgram("yuanzhen-decoder");
    options.workers = workers;
    return options;
}

/// Resident memory of this process in MB.
inline double residentMb() {
    long pages = 0;
    if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
        long all = 0;
        if (std::fscanf(file, "%ld %ld", &all, &pages) != 2)
            pages = 0;
        std::fclose(file);
    }
    return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

class Stopwatch {
public:
    [[nodiscard]] double ms() const {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace yz::test
