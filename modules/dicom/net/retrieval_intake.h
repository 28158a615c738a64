#pragma once

#include "core/cancel.h"
#include "domain/ports.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>

namespace yz {

/// Where the associations of one retrieval leave what they receive, and where the caller takes it from. An object is
/// taken in once, however often it comes. Thread-safe.
class RetrievalIntake {
public:
    /// Objects besides these are not wanted; empty: everything is.
    explicit RetrievalIntake(std::set<QString> wanted) : m_wanted(std::move(wanted)) {}

    /// Named or not named, and not here yet.
    [[nodiscard]] bool wants(const QString& instance) const;
    /// Waits while more than 64 MB lie there untaken. False when `stop` was cancelled meanwhile, or another one was
    /// quicker with the same object: not taken in. `bytes`: of its data set.
    bool put(ReceivedObject&& object, qint64 bytes, const CancelToken& stop);
    /// Bytes of an object that is on its way; negative when it is complete or lost.
    void arriving(qint64 bytes);

    /// The next one, with the bytes of its data set; none within `limit`.
    struct Taken {
        ReceivedObject object;
        qint64 bytes = 0;
    };
    [[nodiscard]] std::optional<Taken> take(std::chrono::milliseconds limit);

    [[nodiscard]] bool has(const QString& instance) const;
    [[nodiscard]] size_t count() const;
    [[nodiscard]] qint64 arrivingBytes() const;

private:
    const std::set<QString> m_wanted;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::set<QString> m_received;
    std::deque<Taken> m_inbox;
    qint64 m_inboxBytes = 0;
    qint64 m_arriving = 0;
};

} // namespace yz
