#include "dicom/net/arrival_board.h"

#include <algorithm>

namespace yz {

namespace {

constexpr qint64 kMostWaiting = 64LL * 1024 * 1024;
constexpr std::chrono::seconds kLongestWait{60};
constexpr int kSuccess = 0x0000;
constexpr int kNotAuthorized = 0x0124; // PS3.7 C.5.9
constexpr int kOutOfResources = 0xA700;

} // namespace

ArrivalBoard::Expected::Expected(ArrivalBoard& board, std::set<QString> instances)
    : m_board(board), m_instances(std::move(instances)) {
    const std::lock_guard lock(m_board.m_mutex);
    m_board.m_expected.push_back(this);
}

ArrivalBoard::Expected::~Expected() {
    {
        const std::lock_guard lock(m_board.m_mutex);
        m_board.m_expected.remove(this);
    }
    m_board.m_taken.notify_all();
}

std::optional<ReceivedObject> ArrivalBoard::Expected::take() {
    std::optional<ReceivedObject> object;
    {
        const std::lock_guard lock(m_board.m_mutex);
        if (m_arrived.empty())
            return std::nullopt;
        object = std::move(m_arrived.front());
        m_arrived.pop_front();
        m_bytes -= object->file.size();
    }
    m_board.m_taken.notify_all();
    return object;
}

ArrivalBoard::Expected* ArrivalBoard::whoWants(const QString& instance) const {
    const auto it = std::find_if(m_expected.begin(), m_expected.end(),
                                 [&](const Expected* each) { return each->m_instances.contains(instance); });
    return it == m_expected.end() ? nullptr : *it;
}

int ArrivalBoard::deliver(ReceivedObject&& object) {
    const QString instance = object.instance.value();
    std::unique_lock lock(m_mutex);
    const bool hasRoom = m_taken.wait_for(lock, kLongestWait, [&] { // whoever asked may end meanwhile
        const Expected* expected = whoWants(instance);
        return expected == nullptr || expected->m_bytes == 0 || expected->m_bytes + object.file.size() <= kMostWaiting;
    });
    Expected* expected = whoWants(instance);
    if (expected == nullptr)
        return kNotAuthorized;
    if (!hasRoom)
        return kOutOfResources;
    expected->m_bytes += object.file.size();
    expected->m_arrived.push_back(std::move(object));
    return kSuccess;
}

bool ArrivalBoard::isExpecting() const {
    const std::lock_guard lock(m_mutex);
    return !m_expected.empty();
}

} // namespace yz
