#include "dicom/net/association_keeper.h"

#include "dicom/net/association.h"

#include <algorithm>

namespace yz {

using std::chrono::steady_clock;

AssociationKeeper::~AssociationKeeper() {
    {
        const std::lock_guard lock(m_mutex);
        m_end = steady_clock::now() + kReleaseLimit;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void AssociationKeeper::keep(std::unique_ptr<Association> association) {
    add(std::move(association), steady_clock::now() + kKeepFor);
}

void AssociationKeeper::letGo(std::unique_ptr<Association> association) {
    add(std::move(association), steady_clock::now());
}

void AssociationKeeper::add(std::unique_ptr<Association> association, steady_clock::time_point until) {
    if (!association)
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_kept.push_back({std::move(association), until});
        if (!m_thread.joinable())
            m_thread = std::thread([this] { releaseWhatIsDue(); });
    }
    m_changed.notify_all();
}

std::unique_ptr<Association> AssociationKeeper::take(const CancelToken& token) {
    const std::lock_guard lock(m_mutex);
    while (true) {
        // The latest: its line has had the least time to become cold.
        const auto found = std::find_if(m_kept.rbegin(), m_kept.rend(),
                                        [now = steady_clock::now()](const Kept& kept) { return kept.until > now; });
        if (found == m_kept.rend())
            return nullptr;
        std::unique_ptr<Association> association = std::move(found->association);
        m_kept.erase(std::next(found).base());
        if (association->renew(token))
            return association;
    }
}

void AssociationKeeper::releaseWhatIsDue() {
    std::unique_lock lock(m_mutex);
    while (true) {
        const auto due = std::min_element(m_kept.begin(), m_kept.end(),
                                          [](const Kept& a, const Kept& b) { return a.until < b.until; });
        if (due == m_kept.end()) {
            if (m_end)
                return;
            m_changed.wait(lock);
            continue;
        }
        const steady_clock::time_point until = due->until; // the entry may go while this waits
        if (!m_end && until > steady_clock::now()) {
            m_changed.wait_until(lock, until);
            continue;
        }
        const std::unique_ptr<Association> association = std::move(due->association);
        m_kept.erase(due);
        const auto limit = std::chrono::ceil<std::chrono::milliseconds>(
            std::min(m_end.value_or(steady_clock::time_point::max()), steady_clock::now() + kReleaseLimit) -
            steady_clock::now());
        lock.unlock();
        association->release(limit);
        lock.lock();
    }
}

} // namespace yz
