#include "core/patience.h"

#include <algorithm>
#include <thread>

namespace yz {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kSlice{20};

class SystemPauser final : public Pauser {
public:
    bool pause(milliseconds time, const CancelToken& token) override {
        const auto end = steady_clock::now() + time;
        while (!token.isCancelled()) {
            const auto left = end - steady_clock::now();
            if (left <= steady_clock::duration::zero())
                return true;
            std::this_thread::sleep_for(std::min<steady_clock::duration>(left, kSlice));
        }
        return false;
    }
};

} // namespace

std::shared_ptr<Pauser> systemPauser() { return std::make_shared<SystemPauser>(); }

std::optional<milliseconds> Patience::afterFailure() {
    if (++m_failed >= std::max(1, m_rules.fruitlessTries))
        return std::nullopt;
    milliseconds pause = m_rules.firstPause;
    for (int i = 1; i < m_failed && pause < m_rules.longestPause; ++i)
        pause *= 2;
    return std::min(pause, m_rules.longestPause);
}

} // namespace yz
