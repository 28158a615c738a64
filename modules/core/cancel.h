#pragma once

#include <atomic>
#include <memory>

namespace yz {

/// Says that the caller no longer wants the result. Copies share one flag. Thread-safe; blocking work polls it.
class CancelToken {
public:
    CancelToken() : m_cancelled(std::make_shared<std::atomic<bool>>(false)) {}
    void cancel() const { m_cancelled->store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool isCancelled() const { return m_cancelled->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic<bool>> m_cancelled;
};

} // namespace yz
