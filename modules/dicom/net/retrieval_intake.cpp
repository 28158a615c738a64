#include "dicom/net/retrieval_intake.h"

namespace yz {

namespace {

constexpr qint64 kMostBytes = 64LL * 1024 * 1024;
constexpr std::chrono::milliseconds kSlice{20};

} // namespace

bool RetrievalIntake::wants(const QString& instance) const {
    const std::lock_guard lock(m_mutex);
    return !m_received.contains(instance) && (m_wanted.empty() || m_wanted.contains(instance));
}

bool RetrievalIntake::put(ReceivedObject&& object, qint64 bytes, const CancelToken& stop) {
    std::unique_lock lock(m_mutex);
    while (m_inboxBytes > kMostBytes && !stop.isCancelled())
        m_changed.wait_for(lock, kSlice);
    if (stop.isCancelled() || !m_received.insert(object.instance.value()).second)
        return false;
    m_inboxBytes += bytes;
    m_inbox.push_back({std::move(object), bytes});
    m_changed.notify_all();
    return true;
}

void RetrievalIntake::arriving(qint64 bytes) {
    const std::lock_guard lock(m_mutex);
    m_arriving += bytes;
}

std::optional<RetrievalIntake::Taken> RetrievalIntake::take(std::chrono::milliseconds limit) {
    std::unique_lock lock(m_mutex);
    if (!m_changed.wait_for(lock, limit, [this] { return !m_inbox.empty(); }))
        return std::nullopt;
    Taken taken = std::move(m_inbox.front());
    m_inbox.pop_front();
    m_inboxBytes -= taken.bytes;
    m_changed.notify_all();
    return taken;
}

bool RetrievalIntake::has(const QString& instance) const {
    const std::lock_guard lock(m_mutex);
    return m_received.contains(instance);
}

size_t RetrievalIntake::count() const {
    const std::lock_guard lock(m_mutex);
    return m_received.size();
}

qint64 RetrievalIntake::arrivingBytes() const {
    const std::lock_guard lock(m_mutex);
    return m_arriving;
}

} // namespace yz
