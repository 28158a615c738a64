#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace yz {

/// A few threads, one for each core, that cut up the rows of one picture. Started with the first large picture. A
/// second caller does not wait for the first: its work runs on its own thread.
class RowPool {
public:
    [[nodiscard]] static RowPool& shared();

    /// Calls work(i) for every i in [0, count), in no order, and returns when all are done. `work` must not throw.
    void run(int count, const std::function<void(int)>& work);

    RowPool(const RowPool&) = delete;
    RowPool& operator=(const RowPool&) = delete;
    ~RowPool();

private:
    RowPool();
    void serve();
    void drain();

    std::mutex m_callers; ///< one picture at a time
    std::mutex m_mutex;
    std::condition_variable m_wake, m_done;
    const std::function<void(int)>* m_work = nullptr;
    int m_next = 0, m_count = 0, m_busy = 0;
    bool m_isStopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace yz
