#include "imaging/row_pool.h"

#include <algorithm>

namespace yz {

RowPool& RowPool::shared() {
    static RowPool pool;
    return pool;
}

RowPool::RowPool() {
    const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1u, 16u);
    for (unsigned i = 1; i < cores; ++i)
        m_threads.emplace_back([this] { serve(); });
}

RowPool::~RowPool() {
    {
        const std::lock_guard lock(m_mutex);
        m_isStopping = true;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void RowPool::run(int count, const std::function<void(int)>& work) {
    const std::unique_lock caller(m_callers, std::try_to_lock);
    if (!caller.owns_lock() || m_threads.empty()) {
        for (int i = 0; i < count; ++i)
            work(i);
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_work = &work;
        m_next = 0;
        m_count = count;
    }
    m_wake.notify_all();
    drain();
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [this] { return m_busy == 0; });
    m_work = nullptr;
}

void RowPool::serve() {
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_isStopping || (m_work && m_next < m_count); });
            if (m_isStopping)
                return;
        }
        drain();
    }
}

void RowPool::drain() {
    std::unique_lock lock(m_mutex);
    ++m_busy;
    while (m_work && m_next < m_count) {
        const int item = m_next++;
        const std::function<void(int)>& work = *m_work;
        lock.unlock();
        work(item);
        lock.lock();
    }
    if (--m_busy == 0)
        m_done.notify_all();
}

} // namespace yz
